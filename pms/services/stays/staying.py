"""Extend a stay, and move it to another room."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import bindparam, select

from pms.core import dates
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.permissions import Permission
from pms.db.work import Work, operation
from pms.services.cards import service as cards
from pms.services.folios import service as folios
from pms.services.guests.models import Guest
from pms.services.rates.pricing import NightPrice
from pms.services.reservations import by_day
from pms.services.reservations import service as reservations
from pms.services.reservations.models import (
    BookedRoom,
    NightRate,
)
from pms.services.reservations.service import Wish
from pms.services.rooms import inventory
from pms.services.rooms.models import Room, RoomType

from . import changes, printouts, queries
from . import people as registration
from .held import (
    Paid,
    cards_end,
    current_segment,
    give_nights_back,
    may_be_free,
    must_be_inspected,
    open_stay,
)
from .models import Segment, Stay
from .sleeves import print_sleeve

_LAST_PRICE = (
    select(NightRate.price, NightRate.rule)
    .where(NightRate.line_id == bindparam("line"), NightRate.night <= bindparam("night"))
    .order_by(NightRate.night.desc())
    .limit(1)
)


@operation(Permission.STAYS_CHANGE)
def extend(
    work: Work,
    *,
    stay_id: int,
    departure: date,
    prices: tuple[int, ...] | None = None,
    price_reason: str = "",
) -> None:
    """Change the day of departure: new nights are priced by the same plan, or as the last night when there is
    none; nights given up go back on sale."""
    stay, line, room = open_stay(work, stay_id)
    if departure < work.business_date or departure == stay.departure:
        raise Refused(
            _("Choose another day of departure, not before %(today)s.")
            % {"today": dates.day(work.business_date, year=True)}
        )
    if departure <= stay.arrival:
        raise Refused(
            _(
                "%(day)s is the day of arrival: check the guest out today, and the use of the room by "
                "day is charged."
            )
            % {"day": dates.day(departure, year=True)}
        )
    reservations.must_follow(stay.arrival, departure)
    changes.remember(work, stay, line, room, changes.DAYS, reason=price_reason, new_departure=departure)
    if departure > stay.departure:
        _more_nights(work, stay, line, room, departure, prices, price_reason)
    else:
        give_nights_back(work, stay, line, departure)
        work.delete_many(NightRate, [NightRate.line_id == line.id, NightRate.night >= departure])
    current_segment(work, stay).end = departure
    stay.departure = line.departure = departure
    cards.prolong(work, stay.id, max(cards_end(work, stay, departure), work.now))
    work.touch("stays", "rooms", "reservations")


@operation(Permission.STAYS_CHANGE, money=True)
def extend_and_take(
    work: Work,
    *,
    stay_id: int,
    departure: date,
    deposit: Paid,
    prices: tuple[int, ...] | None = None,
    price_reason: str = "",
) -> None:
    """Extend a stay and take the deposit that its nights lack, in the same step."""
    if Permission.FOLIOS_PAY not in work.clerk.permissions:
        raise Refused(_("Your role may not take money."))
    extend(work, stay_id=stay_id, departure=departure, prices=prices, price_reason=price_reason)
    folios.deposit(work, stay_id, deposit.method, deposit.amount, deposit.reference)


def _more_nights(
    work: Work,
    stay: Stay,
    line: BookedRoom,
    room: Room,
    departure: date,
    prices: tuple[int, ...] | None,
    reason: str,
) -> None:
    wanted = inventory.nights(stay.departure, departure)
    wish = Wish(
        room.type_id, stay.departure, departure, plan_id=line.plan_id, prices=prices, price_reason=reason
    )
    if prices is None and line.plan_id is None:
        last = work.session.execute(_LAST_PRICE, {"line": line.id, "night": stay.departure}).first()
        if last is None:
            raise Refused(_("Choose a rate plan or give a manual rate."))
        wish = replace(wish, prices=(last.price,) * len(wanted), price_reason=last.rule)
    made = reservations.prices(work, wish, wanted, line.id)
    if stay.kind:
        guest = work.session.get_one(Guest, stay.guest_id)
        may_be_free(work, stay, room, guest.name, [n.price for n in made])
    by_day.sell(work, line, line.counted_type_id, wanted)
    by_day.must_stay_free(work, line, room, stay.departure, departure)
    inventory.hold(work, room.id, wanted, line_id=line.id)
    if (
        stay.departure == stay.arrival
    ):  # the price that the use by day was reckoned from gives way to the night's own
        work.delete_many(NightRate, [NightRate.line_id == line.id, NightRate.night >= stay.departure])
    work.insert_many(
        NightRate, [{"line_id": line.id, "night": p.night, "price": p.price, "rule": p.rule} for p in made]
    )


@operation(Permission.STAYS_CHANGE)
def change_room(
    work: Work,
    *,
    stay_id: int,
    room_id: int,
    reason: str,
    prices: tuple[int, ...] | None = None,
    price_reason: str = "",
    cards_wanted: int = 1,
) -> None:
    """Move a guest to another room from tonight on; the price stays unless new ones are given for the nights
    left."""
    stay, line, old = open_stay(work, stay_id)
    if room_id == old.id:
        raise Refused(_("The guest is in %(room)s already.") % {"room": old.number})
    if not reason.strip():
        raise Refused(_("Say why the guest moves; it is printed on the slip."))
    left = inventory.nights(work.business_date, stay.departure)
    new = _room_to_move_to(work, room_id, left, stay.adults)
    before = queries.nights_to_come(work.session, stay_id=stay.id, business_date=work.business_date)
    changes.remember(work, stay, line, old, changes.ROOM, reason=reason, new_room_id=new.id)
    by_day.change_type(work, line, new.type_id, left)
    by_day.must_stay_free(work, line, new, work.business_date, stay.departure)
    inventory.release(work, line_id=line.id, start=work.business_date)
    inventory.hold(work, new.id, left, line_id=line.id)
    _new_segment(work, stay, new, reason)
    if prices is not None:
        _reprice(work, line, left, prices, price_reason)
    stay.room_id = line.room_id = new.id
    old.clean = "dirty"
    old.seen_persons = new.seen_persons = None
    cards.end_all(work, stay.id)
    until = max(cards_end(work, stay, stay.departure), work.now)
    cards.issue(
        work, stay_id=stay.id, room_id=new.id, count=cards_wanted, valid_from=work.now, valid_to=until
    )
    work.session.flush()
    after = queries.nights_to_come(work.session, stay_id=stay.id, business_date=work.business_date)
    print_room_change(work, stay, old, new, before, after, reason.strip())
    print_sleeve(work, stay, new.number, cards_wanted)
    work.touch("stays", "rooms", "reservations")


def _room_to_move_to(work: Work, room_id: int, nights: list[date], adults: int) -> Room:
    """Return a room that a guest may move to for these nights, held; a dirty one by the clerk's word."""
    room = work.hold(Room, room_id)
    inventory.must_be_open(work, room, nights)
    if room.clean == "dirty":
        work.confirm(
            f"dirty:{room.id}",
            _("Room %(room)s is dirty. Move the guest there all the same?") % {"room": room.number},
        )
    must_be_inspected(work, room)
    registration.must_sleep(work, room.number, work.session.get_one(RoomType, room.type_id).beds, adults)
    return room


@operation(Permission.STAYS_CHANGE, money=True)
def change_room_and_take(
    work: Work,
    *,
    stay_id: int,
    room_id: int,
    reason: str,
    deposit: Paid,
    prices: tuple[int, ...] | None = None,
    price_reason: str = "",
    cards_wanted: int = 1,
) -> None:
    """Move a guest and take the deposit that a dearer room lacks, in the same step."""
    if Permission.FOLIOS_PAY not in work.clerk.permissions:
        raise Refused(_("Your role may not take money."))
    change_room(
        work,
        stay_id=stay_id,
        room_id=room_id,
        reason=reason,
        prices=prices,
        price_reason=price_reason,
        cards_wanted=cards_wanted,
    )
    folios.deposit(work, stay_id, deposit.method, deposit.amount, deposit.reference)


def print_room_change(
    work: Work,
    stay: Stay,
    old: Room,
    new: Room,
    before: Sequence[NightPrice],
    after: Sequence[NightPrice],
    reason: str,
) -> None:
    """Print the slip of a move, for the guest to sign and for housekeeping."""
    work.print(
        printouts.room_change_slip(
            work,
            number=f"C-{work.next_number('room_change')}",
            guest=stay.guest_name,
            old=_place(work, old),
            new=_place(work, new),
            until=stay.departure,
            before=before if stay.payer != "channel" else (),  # its price is not the guest's to know
            after=after if stay.payer != "channel" else (),
            reason=reason,
        ),
        record="stay",
        record_id=stay.id,
    )


def _place(work: Work, room: Room) -> printouts.Place:
    return printouts.Place(room.number, work.session.get_one(RoomType, room.type_id).name)


def _new_segment(work: Work, stay: Stay, room: Room, reason: str) -> None:
    current = current_segment(work, stay)
    current.end = max(work.business_date, current.start)
    work.session.add(
        Segment(
            stay_id=stay.id,
            room_id=room.id,
            type_id=room.type_id,
            start=current.end,
            end=stay.departure,
            reason=reason.strip(),
        )
    )


def _reprice(work: Work, line: BookedRoom, left: list[date], prices: tuple[int, ...], reason: str) -> None:
    wish = Wish(
        line.counted_type_id,
        line.arrival,
        line.departure,
        plan_id=line.plan_id,
        prices=prices,
        price_reason=reason,
    )
    made = reservations.prices(work, wish, left, line.id)
    work.delete_many(NightRate, [NightRate.line_id == line.id, NightRate.night >= work.business_date])
    work.insert_many(
        NightRate, [{"line_id": line.id, "night": p.night, "price": p.price, "rule": p.rule} for p in made]
    )
