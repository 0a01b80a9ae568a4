"""A room that is used by day: it is held from morning to evening though no night of it is sold.

Its hours are not booked, so that a room is promised to one guest by day. Whoever leaves that morning or comes
that evening may have the same room; whoever stays over may not.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from pms.core.errors import Refused
from pms.core.i18n import _
from pms.db.work import Work
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
    """Return who has the room by day: number, guest and day; None where nobody stands in the way."""
    if len(nights) == 1:  # from the evening to the morning
        return None
    _hold_still(work, room)
    if nights:
        return _by_day(work, line, room, nights[1], nights[-1])
    return _by_day(work, line, room, line.arrival) or _staying_over(work, line, room)


def _hold_still(work: Work, room: Room) -> None:
    """Let two desks promise a room one after the other: each sees what the other has promised."""
    work.session.execute(select(Room.id).where(Room.id == room.id).with_for_update(key_share=True))


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


def must_have_room(work: Work, type_id: int, day: date) -> None:
    """Refuse one more guest by day than rooms of the type are empty between the morning and the evening; the
    type's count of that night is held meanwhile."""
    i, b = Inventory, BookedRoom
    there = work.session.execute(
        select(i.total, i.overbook).where(i.type_id == type_id, i.night == day).with_for_update()
    ).first()
    if there is None:
        return
    over = b.arrival < day, b.arrival > day - LONGEST, b.departure > day, b.state.in_((*HOLDING, "in_house"))
    taken = [
        int(
            work.session.execute(
                select(func.count()).select_from(b).where(b.counted_type_id == type_id, *where)
            ).scalar_one()
        )
        for where in (over, _used(b.arrival == day))
    ]
    if sum(taken) > there.total + there.overbook:
        name = work.session.get_one(RoomType, type_id).name
        raise Refused(
            _(
                "%(type)s has no room empty by day on %(day)s: %(over)s stay over, %(used)s are taken by "
                "day, there are %(total)s. Choose another day or another type."
            )
            % {
                "type": name,
                "day": f"{day:%Y-%m-%d}",
                "over": taken[0],
                "used": taken[1] - 1,
                "total": there.total,
            }
        )
