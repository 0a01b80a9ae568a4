"""A room that is used by day: it is held from morning to evening though no night of it is sold.

Its hours are not booked, so that a room is promised to one guest by day. Whoever leaves that morning or comes
that evening may have the same room; whoever stays over may not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, func, literal_column, or_, select
from sqlalchemy.orm import Session, aliased

from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.base import table_of
from pms.db.work import Work
from pms.services.rooms import inventory
from pms.services.rooms.models import Inventory, Room, RoomNight, RoomType

from .models import HOLDING, BookedRoom, Reservation, listed_name

DAY = timedelta(days=1)
LONGEST = timedelta(days=366)
"""No stay is longer than a year: older bookings are not looked at."""


def _used(*where: ColumnElement[bool]) -> tuple[ColumnElement[bool], ...]:
    b: Any = BookedRoom
    return b.arrival == b.departure, b.state.in_((*HOLDING, "in_house")), *where


def must_be_free(work: Work, line: BookedRoom, room: Room, nights: Sequence[date]) -> None:
    """Refuse a room that another guest has by day: for use by day, whoever uses it then or stays over; for a
    stay, whoever was promised it by day in the middle of it."""
    who = user(work, line, room, nights)
    if who is not None:
        number, guest, day = who
        raise Refused(
            _("Room %(room)s is in use by day on %(day)s: R-%(number)s %(guest)s. Choose another room.")
            % {"room": room.number, "day": f"{day:%Y-%m-%d}", "number": number, "guest": guest}
        )


def user(work: Work, line: BookedRoom, room: Room, nights: Sequence[date]) -> tuple[int, str, date] | None:
    """Return who has the room, which is held, by day: number, guest and day; None where nobody stands in the
    way."""
    if len(nights) == 1:  # from the evening to the morning
        return None
    if nights:
        return _by_day(work, line, room, nights[1], nights[-1])
    return _by_day(work, line, room, line.arrival) or _staying_over(work, line, room)


def _by_day(
    work: Work, line: BookedRoom, room: Room, first: date, last: date | None = None
) -> tuple[int, str, date] | None:
    b, r = BookedRoom, Reservation
    found = work.session.execute(
        select(r.number, listed_name().label("guest"), b.arrival)
        .join(r, r.id == b.reservation_id)
        .where(
            *_used(b.room_id == room.id, b.arrival >= first, b.arrival <= (last or first), b.id != line.id)
        )
        .order_by(b.arrival)
        .limit(1)
    ).first()
    return (found.number, found.guest, found.arrival) if found is not None else None


def _staying_over(work: Work, line: BookedRoom, room: Room) -> tuple[int, str, date] | None:
    n, before, b, r = RoomNight, aliased(RoomNight), BookedRoom, Reservation
    found = work.session.execute(
        select(r.number, listed_name().label("guest"))
        .select_from(n)
        .join(before, (before.room_id == n.room_id) & (before.line_id == n.line_id))
        .join(b, b.id == n.line_id)
        .join(r, r.id == b.reservation_id)
        .where(n.room_id == room.id, n.night == line.arrival, before.night == line.arrival - DAY)
        .limit(1)
    ).first()
    return (found.number, found.guest, line.arrival) if found is not None else None


def promised(room: Any, first: Any, departure: Any, line: Any) -> ColumnElement[bool]:
    """Return the condition that a room is promised by day to somebody else than this booked room on a day
    from ``first`` on and before the departure, and that guest is still to come."""
    b = aliased(table_of(BookedRoom))
    states = b.c.state.in_([literal_column(f"'{state}'") for state in HOLDING])
    return exists().where(
        b.c.room_id == room,
        b.c.arrival == b.c.departure,
        b.c.arrival >= first,
        or_(b.c.arrival < departure, b.c.arrival == first),
        b.c.id != line,
        states,
    )


def must_stay_free(work: Work, line: BookedRoom, room: Room, first: date, departure: date) -> None:
    """Refuse to put a guest into a room from ``first`` on that is promised to somebody else by day before the
    departure."""
    who = _by_day(work, line, room, first, max(first, departure - DAY))
    if who is not None:
        number, guest, day = who
        raise Refused(
            _(
                "Room %(room)s is promised by day on %(day)s: R-%(number)s %(guest)s. Choose another room, "
                "or give that booking another one first."
            )
            % {"room": room.number, "day": f"{day:%Y-%m-%d}", "number": number, "guest": guest}
        )


def sell(work: Work, line: BookedRoom, type_id: int, nights: list[date], arrival: date | None = None) -> None:
    """Count nights of a booked room as sold, and leave a room to each guest who was promised one by day."""
    for day in inventory.sell(work, type_id, nights, arrival=arrival or line.arrival):
        count = _counted(work.session, type_id, day, besides=line.id)
        if count.over + 1 + count.used > count.rooms:
            raise Refused(_short(count))


def gone_meanwhile(work: Work, line: BookedRoom, room_id: int, nights: list[date]) -> bool:
    """Say whether nights cannot be a guest's again because the room, or the last one of its type, is promised
    by day meanwhile."""
    room = work.session.get_one(Room, room_id)
    if _by_day(work, line, room, nights[0], nights[-1]) is not None:
        return True
    i = Inventory
    days = select(i.night).where(i.type_id == line.counted_type_id, i.night.in_(nights), i.by_day)
    counts = [
        _counted(work.session, line.counted_type_id, day, besides=line.id)
        for day in work.session.scalars(days.with_for_update())
    ]
    return any(c.over + 1 + c.used > c.rooms for c in counts)


def change_type(work: Work, line: BookedRoom, type_id: int, nights: list[date]) -> None:
    """Count a booked room as one of another type from these nights on."""
    if type_id == line.counted_type_id:
        return
    sell(work, line, type_id, nights)
    inventory.sell(work, line.counted_type_id, nights, -1)
    line.counted_type_id = type_id
    if line.arrival == line.departure:
        work.session.flush()
        must_have_room(work, type_id, line.arrival)


def must_have_room(work: Work, type_id: int, day: date) -> None:
    """Refuse one more guest by day than rooms of the type are empty between the morning and the evening; the
    type's count of that night is held meanwhile."""
    inventory.promise_by_day(work, type_id, day)
    count = _counted(work.session, type_id, day)
    if count.over + count.used > count.rooms:
        raise Refused(
            _(
                "%(type)s has no room empty by day on %(day)s: %(over)s stay over, %(used)s are taken by "
                "day, there are %(total)s. Choose another day or another type."
            )
            % {**_figures(count), "used": count.used - 1}
        )


@query(Permission.GUESTS_READ)
def short(session: Session, *, type_id: int, start: date, end: date) -> list[str]:
    """Say in a sentence each on which days more guests are promised a room by day than are empty."""
    i = Inventory
    days = select(i.night).where(i.type_id == type_id, i.night >= start, i.night < end, i.by_day)
    counts = [_counted(session, type_id, day) for day in session.scalars(days.order_by(i.night))]
    return [_short(c) for c in counts if c.used and c.over + c.used > c.rooms]


@dataclass(frozen=True)
class _Count:
    """A type on one day between the morning and the evening: who stays over, who is promised a room by day,
    and the rooms there are, the overbooking allowance included."""

    name: str
    day: date
    over: int
    used: int
    total: int
    overbook: int

    @property
    def rooms(self) -> int:
        return self.total + self.overbook


def _counted(session: Session, type_id: int, day: date, besides: int = 0) -> _Count:
    b, i = BookedRoom, Inventory
    there = or_(b.state.in_((*HOLDING, "in_house")), b.kept_until.is_not(None))
    over = b.arrival < day, b.arrival > day - LONGEST, b.departure > day, there
    over_, used = (
        select(func.count())
        .select_from(b)
        .where(b.counted_type_id == type_id, b.id != besides, *where)
        .scalar_subquery()
        for where in (over, _used(b.arrival == day))
    )
    found = session.execute(
        select(RoomType.name, over_, used, i.total, i.overbook)
        .join(i, i.type_id == RoomType.id)
        .where(RoomType.id == type_id, i.night == day)
    ).one()
    return _Count(found[0], day, *found[1:])


def _figures(c: _Count) -> dict[str, str | int]:
    return {
        "type": c.name,
        "day": f"{c.day:%Y-%m-%d}",
        "over": c.over,
        "used": c.used,
        "total": c.total,
    }


def _short(c: _Count) -> str:
    return _(
        "%(type)s is promised by day on %(day)s to %(used)s guests, %(over)s others stay over and there are "
        "%(total)s rooms. Choose another type, or cancel a booking by day first."
    ) % _figures(c)
