"""Take a room change, another departure or another price back on the same business date."""

from datetime import date

from sqlalchemy import or_, select

from pms.core import dates
from pms.core.clock import local
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.db.work import Work, operation
from pms.services.cards import service as cards
from pms.services.guests.models import Guest
from pms.services.rates.pricing import NightPrice
from pms.services.reservations import by_day
from pms.services.reservations.models import BookedRoom, NightRate, Reservation
from pms.services.reservations.models import listed_name as booked_name
from pms.services.rooms import inventory
from pms.services.rooms.models import Block, Room, RoomNight

from . import changes, prices, queries
from .changes import DAYS, PRICE, ROOM
from .duty import STAYS_UNDO
from .held import cards_end
from .models import IN_HOUSE, Stay, StayChange, listed_name
from .service import current_segment, open_stay, print_room_change
from .sleeves import print_sleeve


@operation(STAYS_UNDO)
def undo_change(work: Work, *, stay_id: int, change_id: int, reason: str) -> None:
    """Take the latest change of a stay back on the same business date: room, departure, nights and prices are
    as before it.

    The old room or the nights given up come back only where nobody has them by now.
    """
    stay, line, room = open_stay(work, stay_id)
    change = _latest(work, stay, change_id)
    if not reason.strip():
        raise Refused(_("Say why the change is taken back."))
    before = queries.nights_to_come(work.session, stay_id=stay.id, business_date=work.business_date)
    old = room if change.room_id == room.id else work.hold(Room, change.room_id)
    _take_place(work, stay, line, old, change)
    if change.kind == ROOM:
        _leave_again(work, stay, room, old, change)
    segment = current_segment(work, stay)
    segment.end = stay.departure = line.departure = change.departure
    stay.room_id = line.room_id = old.id
    work.delete_many(NightRate, [NightRate.line_id == line.id, NightRate.night >= work.business_date])
    rows = [
        {"line_id": line.id, "night": n.night, "price": n.price, "rule": n.rule}
        for n in changes.nights_before(change)
    ]
    work.insert_many(NightRate, rows)
    _cards(work, stay, old, change)
    change.undone_at, change.undone_by, change.undone_reason = work.now, work.clerk.id or None, reason.strip()
    work.session.flush()
    _print(work, stay, room, old, change, before)
    work.touch("stays", "rooms", "reservations", "folios")


def _latest(work: Work, stay: Stay, change_id: int) -> StayChange:
    """Return the change that is to be taken back; refuses one of a closed day and one that is not the
    latest."""
    change = changes.latest(work.session, stay.id)
    if change is None or change.business_date != work.business_date:
        raise Refused(_("Nothing was changed today that could be taken back. Make a new change."))
    if change.id != change_id:
        raise Refused(
            _("This stay was changed again at %(time)s. Take that change back first.")
            % {"time": f"{local(change.at, work.setting.zone):%H:%M}"}
        )
    return change


def _take_place(work: Work, stay: Stay, line: BookedRoom, old: Room, change: StayChange) -> None:
    """Hold the room and the nights that the stay had; what it has too much goes back on sale."""
    now = inventory.nights(work.business_date, stay.departure)
    then = inventory.nights(work.business_date, change.departure)
    if old.id != stay.room_id:
        inventory.must_be_open(work, old, then)
        _must_be_empty(work, old)
    _must_be_free(work, stay, old, then)
    by_day.must_stay_free(work, line, old, work.business_date, change.departure)
    if change.type_id != line.counted_type_id:
        by_day.sell(work, line, change.type_id, then)
        inventory.sell(work, line.counted_type_id, now, -1)
        line.counted_type_id = change.type_id
    else:
        by_day.sell(work, line, line.counted_type_id, [n for n in then if n not in now])
        inventory.sell(work, line.counted_type_id, [n for n in now if n not in then], -1)
    inventory.release(work, line_id=line.id, start=work.business_date)
    inventory.hold(work, old.id, then, line_id=line.id)


def _must_be_empty(work: Work, room: Room) -> None:
    """Refuse, naming who is in the room."""
    inside = work.session.execute(
        select(listed_name())
        .select_from(Stay)
        .join(Guest, Guest.id == Stay.guest_id)
        .where(Stay.room_id == room.id, IN_HOUSE)
    ).scalar()
    if inside is not None:
        raise Refused(
            _("%(guest)s is in %(room)s by now. Leave the change as it is, or move the guest again.")
            % {"room": room.number, "guest": inside}
        )


def _must_be_free(work: Work, stay: Stay, room: Room, wanted: list[date]) -> None:
    """Refuse, naming the night and who holds it."""
    n = RoomNight
    taken = work.session.execute(
        select(n.night, Reservation.number, booked_name().label("guest"), Block.reason)
        .outerjoin(Block, Block.id == n.block_id)
        .outerjoin(BookedRoom, BookedRoom.id == n.line_id)
        .outerjoin(Reservation, Reservation.id == BookedRoom.reservation_id)
        .where(
            n.room_id == room.id,
            n.night.in_(wanted),
            or_(n.line_id.is_(None), n.line_id != stay.line_id),
        )
        .order_by(n.night)
        .limit(1)
    ).first()
    if taken is None:
        return
    who = taken.reason if taken.number is None else f"R-{taken.number} {taken.guest}"
    raise Refused(
        _(
            "%(room)s is not free any more in the night of %(night)s: %(who)s. Leave the change as it is, or "
            "clear that night first."
        )
        % {"room": room.number, "night": dates.day(taken.night, year=True), "who": who}
    )


def _leave_again(work: Work, stay: Stay, room: Room, old: Room, change: StayChange) -> None:
    """Take the stay's part in the other room away: the guest was never to be there."""
    work.session.delete(current_segment(work, stay))
    work.session.flush()
    if old.clean == "dirty":  # nobody has cleaned it since: it stands as the guest left it
        old.clean = change.clean
    room.clean = "dirty"
    old.seen_persons = room.seen_persons = None


def _cards(work: Work, stay: Stay, room: Room, change: StayChange) -> None:
    """Cut as many cards for the old room as the guest had, or give those that are out the old time."""
    until = cards_end(work, stay, stay.departure)
    if change.kind == ROOM:
        cards.end_all(work, stay.id)
        cards.issue(
            work,
            stay_id=stay.id,
            room_id=room.id,
            count=change.cards,
            valid_from=work.now,
            valid_to=max(until, work.now),
        )
    elif change.kind == DAYS:
        cards.prolong(work, stay.id, max(until, work.now))


def _print(
    work: Work, stay: Stay, room: Room, old: Room, change: StayChange, before: list[NightPrice]
) -> None:
    """Print the slip that takes the first one back."""
    reason = _("Taken back: %(reason)s") % {"reason": change.undone_reason}
    after = queries.nights_to_come(work.session, stay_id=stay.id, business_date=work.business_date)
    if change.kind == ROOM:
        print_room_change(work, stay, room, old, before, after, reason)
        print_sleeve(work, stay, old.number, change.cards)
    elif change.kind == PRICE:
        prices.print_slip(work, stay, old, before, after, reason)
