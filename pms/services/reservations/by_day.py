"""A room that is used by day: it is held from morning to evening though no night of it is sold.

Its hours are not booked, so that a room is promised to one guest by day. Whoever leaves that morning or comes
that evening may have the same room; whoever stays over may not.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, exists, func, literal_column, or_, select
from sqlalchemy.orm import Session, aliased

from pms.core import dates
from pms.core.errors import Refused
from pms.core.i18n import _, ngettext
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.base import table_of
from pms.db.work import Work
from pms.services.rooms import inventory
from pms.services.rooms.models import Block, Inventory, Room, RoomNight, RoomType, shown_name

from .duty import RESERVATIONS_OVERBOOK
from .models import COMING, HOLDING, BookedRoom, Reservation, listed_name

DAY = timedelta(days=1)


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
            % {"room": room.number, "day": dates.day(day, year=True), "number": number, "guest": guest}
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
            % {"room": room.number, "day": dates.day(day, year=True), "number": number, "guest": guest}
        )


def sell(
    work: Work,
    line: BookedRoom,
    type_id: int,
    nights: list[date],
    arrival: date | None = None,
    *,
    booking: bool = False,
) -> None:
    """Count nights of a booked room as sold, and leave a room to each guest who was promised one by day.

    ``booking``: more than there are rooms only with authority, within the type's allowance.
    """
    for day in inventory.sell(work, type_id, nights, arrival=arrival or line.arrival):
        count = counted(work.session, [type_id], [day], besides=line.id)[type_id, day]
        if count.more < 1:
            raise Refused(_short(count))
        if booking and count.free < 1:
            _overbook(work, count)


def gone_meanwhile(work: Work, line: BookedRoom, room_id: int, nights: list[date]) -> bool:
    """Say whether nights cannot be a guest's again because the room, or the last one of its type, is promised
    by day meanwhile."""
    room = work.session.get_one(Room, room_id)
    if _by_day(work, line, room, nights[0], nights[-1]) is not None:
        return True
    i = Inventory
    days = select(i.night).where(i.type_id == line.counted_type_id, i.night.in_(nights), i.by_day)
    watched = list(work.session.scalars(days.with_for_update()))
    counts = counted(work.session, [line.counted_type_id], watched, besides=line.id)
    return any(c.more < 1 for c in counts.values())


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


def must_have_room(work: Work, type_id: int, day: date, *, booking: bool = False) -> None:
    """Refuse one more guest by day than rooms of the type are empty between the morning and the evening; the
    type's count of that night is held meanwhile.

    ``booking``: more than there are rooms only with authority, and one that is out of service only when the
    clerk has read that it is.
    """
    inventory.promise_by_day(work, type_id, day)
    count = counted(work.session, [type_id], [day])[type_id, day]
    if count.more < 0:
        raise Refused(
            _(
                "%(type)s has no room empty by day on %(day)s: %(over)s stay over, %(used)s are taken by "
                "day, there are %(total)s. Choose another day or another type."
            )
            % {**_figures(count), "used": count.used - 1}
            + _on_hold(count)
        )
    if booking and count.free < 0:
        _overbook(work, count)
    if booking and count.out_of_service and count.free < count.out_of_service:
        work.confirm(
            f"out_of_service:{type_id}:{day}",
            _("The only %(type)s that is left by day on %(day)s is out of service. Promise it all the same?")
            % _figures(count),
        )


def _overbook(work: Work, count: "Count") -> None:
    """Promise more rooms by day than there are only with authority."""
    work.require(
        RESERVATIONS_OVERBOOK,
        _("%(type)s has no room left by day on %(day)s. Booking it all the same is overbooking")
        % _figures(count),
    )


@query(Permission.GUESTS_READ)
def short(
    session: Session, *, type_id: int, start: date, end: date, out_of_service: bool = False
) -> list[str]:
    """Say in a sentence each on which days more guests are promised a room by day than are empty;
    ``out_of_service``: not counting the rooms that are out of service."""
    i = Inventory
    days = select(i.night).where(i.type_id == type_id, i.night >= start, i.night < end, i.by_day)
    counts = counted(session, [type_id], list(session.scalars(days)))
    return [
        _short(c)
        for _key, c in sorted(counts.items())
        if c.used and (c.free < c.out_of_service if out_of_service else c.more < 0)
    ]


@dataclass(frozen=True)
class Count:
    """A type on one day between the morning and the evening: who stays over, who is promised a room by day,
    the rooms there are, and how many of these are on hold or out of service. A room on hold is nobody
    else's; one that is out of service may be promised."""

    name: str
    day: date
    over: int
    used: int
    total: int
    overbook: int
    on_hold: int
    out_of_service: int

    @property
    def free(self) -> int:
        """Return the rooms left without overbooking; negative when more are promised."""
        return self.total - self.on_hold - self.over - self.used

    @property
    def more(self) -> int:
        """Return the rooms left with the overbooking allowance."""
        return self.free + self.overbook


def _statement() -> Any:
    """The bookings behind a day are those to come, those in house and those still awaited, each found in its
    own small index: what it costs does not grow with history."""
    i, b, n, r, k = Inventory, BookedRoom, RoomNight, Room, Block
    mine = (b.counted_type_id == i.type_id, b.id != bindparam("besides"))
    before = func.coalesce(b.arrival, i.night) < i.night  # written so that no planner reads all arrivals
    number = func.count()
    stays_over = (
        exists()
        .where(n.room_id == r.id, n.night == i.night, n.line_id == b.id, b.state == "in_house", before, *mine)
        .correlate(r, i)
    )
    parts = (
        select(number).select_from(b).where(COMING, *mine, b.arrival < i.night, b.departure > i.night),
        select(number).select_from(b).where(b.kept_until.is_not(None), *mine, before, b.departure > i.night),
        select(number).select_from(r).where(stays_over),
        select(number).select_from(b).where(*mine, *_used(b.arrival == i.night)),
        *(
            select(number)
            .select_from(k)
            .join(r, r.id == k.room_id)
            .where(
                r.type_id == i.type_id,
                k.kind == kind,
                k.lifted_at.is_(None),
                k.end > i.night,
                k.start <= i.night,
            )
            for kind in ("HOLD", "OOS")
        ),
    )
    coming, kept, here, used, on_hold, out = (p.correlate(i).scalar_subquery() for p in parts)
    return (
        select(
            i.type_id, i.night, shown_name(), coming + kept + here, used, i.total, i.overbook, on_hold, out
        )
        .join(RoomType, RoomType.id == i.type_id)
        .where(
            i.type_id.in_(bindparam("types", expanding=True)), i.night.in_(bindparam("days", expanding=True))
        )
    )


_COUNTED = _statement()


def counted(
    session: Session, type_ids: Collection[int], days: Collection[date], besides: int = 0
) -> dict[tuple[int, date], Count]:
    """Count types on some days, without the booked room ``besides``; a night that is not opened yet is
    missing."""
    if not days:
        return {}
    found = session.execute(_COUNTED, {"types": list(type_ids), "days": list(days), "besides": besides})
    return {(row[0], row[1]): Count(row[2], row[1], *row[3:]) for row in found}


def _figures(c: Count) -> dict[str, str | int]:
    return {
        "type": c.name,
        "day": dates.day(c.day, year=True),
        "over": c.over,
        "used": c.used,
        "total": c.total - c.on_hold,
    }


def _on_hold(c: Count) -> str:
    words = ngettext(" %(n)s more is on hold.", " %(n)s more are on hold.", c.on_hold) % {"n": c.on_hold}
    return words if c.on_hold else ""


def _short(c: Count) -> str:
    return _(
        "%(type)s is promised by day on %(day)s to %(used)s guests, %(over)s others stay over and there "
        "are %(total)s rooms. Choose another type, or cancel a booking by day first."
    ) % _figures(c) + _on_hold(c)
