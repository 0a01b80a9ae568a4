"""What every change of a stay begins with: the stay, its booked room and its room, held until the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, select

from pms.core.authority import Kind
from pms.core.clock import at
from pms.core.errors import Conflict, Refused
from pms.core.i18n import _
from pms.core.money import Money, show
from pms.db.work import Work
from pms.services.authority import service as authority
from pms.services.members import arrivals
from pms.services.reservations import by_day
from pms.services.reservations.models import (
    BookedRoom,
    NightRate,
)
from pms.services.rooms import inventory
from pms.services.rooms.models import Room

from . import charges
from .models import Segment, Stay

_HOLD_STAY = select(Stay.id).where(Stay.id == bindparam("stay")).with_for_update()


_FREE = select(arrivals.free_hour(bindparam("stay")))


_HOLD_ITS_LINE = (
    select(BookedRoom.id)
    .where(BookedRoom.id == select(Stay.line_id).where(Stay.id == bindparam("stay")).scalar_subquery())
    .with_for_update()
)


_HOLD_ITS_ROOM = (
    select(Room.id)
    .where(Room.id == select(Stay.room_id).where(Stay.id == bindparam("stay")).scalar_subquery())
    .with_for_update(key_share=True)
)


_OPEN = (
    select(Stay, BookedRoom, Room)
    .join(BookedRoom, BookedRoom.id == Stay.line_id)
    .join(Room, Room.id == Stay.room_id)
    .where(Stay.id == bindparam("stay"))
)


_SEGMENT = select(Segment).where(Segment.stay_id == bindparam("stay")).order_by(Segment.id.desc()).limit(1)


@dataclass(frozen=True)
class Paid:
    """Money at the desk: by which method, how much, for which folio window, under which transaction
    number; ``hold``: taken of the pre-authorisation of this number."""

    method: str
    amount: Money
    window: str = "A"
    reference: str = ""
    hold: int = 0


def must_be_inspected(work: Work, room: Room) -> None:
    """Ask before a room is given out that nobody has inspected, where the house wants that."""
    if work.setting.options.inspection and room.clean == "clean":
        work.confirm(
            f"inspected:{room.id}",
            _("Room %(room)s is clean, but not inspected. Check in all the same?") % {"room": room.number},
        )


def may_be_free(work: Work, stay: Stay, room: Room, guest: str, prices: Sequence[int]) -> None:
    """Ask for authority to give a room away, for what its nights would have brought."""
    worth = sum(prices)
    words = (
        _("%(room)s free, nights: %(n)s, worth %(sum)s: %(guest)s")
        if stay.kind == "comp"
        else _("%(room)s for the house, nights: %(n)s, worth %(sum)s: %(guest)s")
    )
    authority.authorise(
        work,
        Kind.FREE,
        words
        % {"room": room.number, "n": len(prices), "sum": show(worth, work.setting.digits), "guest": guest},
        amount=worth,
        line_id=stay.line_id,
        stay_id=stay.id,
    )


def open_stay(work: Work, stay_id: int) -> tuple[Stay, BookedRoom, Room]:
    """Return an open stay with its booked room and room, held; refuses one that is over."""
    work.lock(_HOLD_STAY, stay=stay_id)  # first alone: what hangs on it may be another by then
    work.lock(_HOLD_ITS_LINE, stay=stay_id)
    work.lock(_HOLD_ITS_ROOM, stay=stay_id)
    found = work.session.execute(_OPEN, {"stay": stay_id}).first()
    if found is None:
        raise Refused(_("This stay is not there."))
    if found[0].state != "in_house":
        raise Conflict(_("This guest has left already."))
    return found[0], found[1], found[2]


def give_nights_back(work: Work, stay: Stay, line: BookedRoom, start: date) -> None:
    inventory.sell(work, line.counted_type_id, inventory.nights(start, stay.departure), -1)
    inventory.release(work, line_id=line.id, start=start)


def take_nights_again(work: Work, stay: Stay, line: BookedRoom, planned: date) -> bool:
    """Take the nights of one who did not leave after all, at their prices, unless somebody has bought them in
    the meantime."""
    wanted = inventory.nights(work.business_date, planned)
    sold = bool(wanted) and (
        bool(inventory.holders(work, stay.room_id, wanted))
        or inventory.sold_out(work, line.counted_type_id, wanted)
        or by_day.gone_meanwhile(work, line, stay.room_id, wanted)
    )
    end = work.business_date if sold else planned
    work.delete_many(
        NightRate,
        [NightRate.line_id == line.id, NightRate.night >= end, NightRate.night > stay.arrival],
    )
    if not sold:
        by_day.sell(work, line, line.counted_type_id, wanted)
        inventory.hold(work, stay.room_id, wanted, line_id=line.id)
    current_segment(work, stay).end = stay.departure = line.departure = end
    return not sold


def current_segment(work: Work, stay: Stay) -> Segment:
    """Return the part of a stay that is in its room of now."""
    return work.session.scalars(_SEGMENT, {"stay": stay.id}).one()


def cards_end(work: Work, stay: Stay, departure: date) -> datetime:
    """Return the moment at which the cards of a stay end: the house's hour, or the later one of an agreement
    or of a member's level."""
    hour = work.session.execute(_FREE, {"stay": stay.id}).scalar_one()
    ends = charges.leaves_by(work.setting.options, max(hour, stay.free_until))
    return at(departure, ends, work.setting.zone)
