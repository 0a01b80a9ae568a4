"""Check in, extend, change room, check out, and take a mistake back on the same business date."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import bindparam, select

from pms.core.authority import Kind
from pms.core.clock import at, local
from pms.core.errors import Conflict, Refused
from pms.core.i18n import _
from pms.core.money import Money, show
from pms.core.names import same_name
from pms.core.permissions import Permission
from pms.db.work import Work, operation
from pms.services.authority import service as authority
from pms.services.cards import service as cards
from pms.services.folios import corrections, ledger, ways
from pms.services.folios import service as folios
from pms.services.folios.models import FIRST, Account, Transfer
from pms.services.folios.odd import ask_if_odd
from pms.services.guests.models import Guest
from pms.services.guests.person import Person
from pms.services.rates.pricing import NightPrice
from pms.services.reservations import by_day, found, secrecy
from pms.services.reservations import queries as reservation_queries
from pms.services.reservations import service as reservations
from pms.services.reservations.models import (
    HOLDING,
    BookedRoom,
    NightRate,
    Reservation,
)
from pms.services.reservations.service import Wish
from pms.services.rooms import inventory
from pms.services.rooms.models import Room, RoomType

from . import changes, charges, clashes, departing, printouts, queries  # noqa: F401 - clashes says who is in a wanted room
from . import people as registration
from .models import Segment, Stay

KINDS = ("", "house", "comp")

_HOLD_LINE = select(BookedRoom.id).where(BookedRoom.id == bindparam("line")).with_for_update()
_HOLD_ROOM = select(Room.id).where(Room.id == bindparam("room")).with_for_update(key_share=True)
_ARRIVING = (
    select(
        BookedRoom,
        Reservation,
        Room,
        RoomType.code,
        RoomType.name,
        RoomType.beds,
        Account.id,
        by_day.promised(Room.id, bindparam("today"), BookedRoom.departure, BookedRoom.id),
    )
    .join(Reservation, Reservation.id == BookedRoom.reservation_id)
    .join(Room, Room.id == bindparam("room"))
    .join(RoomType, RoomType.id == Room.type_id)
    .outerjoin(Account, Account.line_id == BookedRoom.id)
    .where(BookedRoom.id == bindparam("line"))
)
_HOLD_STAY = select(Stay.id).where(Stay.id == bindparam("stay")).with_for_update()
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
_NIGHTS = (
    select(NightRate.night, NightRate.price, NightRate.rule)
    .where(NightRate.line_id == bindparam("line"))
    .order_by(NightRate.night)
)
_LAST_PRICE = (
    select(NightRate.price, NightRate.rule)
    .where(NightRate.line_id == bindparam("line"), NightRate.night <= bindparam("night"))
    .order_by(NightRate.night.desc())
    .limit(1)
)
_SEGMENT = select(Segment).where(Segment.stay_id == bindparam("stay")).order_by(Segment.id.desc()).limit(1)


@dataclass(frozen=True)
class Paid:
    """Money at the desk: by which method, how much, for which folio window."""

    method: str
    amount: Money
    window: str = "A"


@operation(Permission.STAYS_CHECK_IN, money=True, paper=True)
def check_in(
    work: Work,
    *,
    line_id: int,
    room_id: int,
    guests: Sequence[Person] = (),
    deposit: Paid | None = None,
    cards_wanted: int = 0,
    kind: str = "",
    print_registration: bool = True,
) -> int:
    """Check a booked guest in and return the stay's number in the database; deposit, cards and registration
    card in the same step.

    A guaranteed guest who comes after the close of the day of arrival is let in all the same: that night is
    charged, in place of the no-show and of an early arrival.
    """
    if deposit is not None:
        work.must_hold(Permission.FOLIOS_PAY)
    work.lock(_HOLD_LINE, line=line_id)
    work.lock(_HOLD_ROOM, room=room_id)
    given = {"line": line_id, "room": room_id, "today": work.business_date}
    found = work.session.execute(_ARRIVING, given).first()
    if found is None:
        raise Refused(_("This booking or room is not there any more."))
    line, booking, room, type_code, type_name, beds, advance, promised = found
    _may_arrive(work, line, room, kind)
    registration.must_sleep(work, room.number, beds, max(line.adults, len(guests)))
    if promised:
        by_day.must_stay_free(work, line, room, work.business_date, line.departure)
    stay, party = _open_stay(work, line, booking, room, guests, kind)
    nights = [
        NightPrice(*row)
        for row in work.session.execute(_NIGHTS, {"line": line.id})
        if stay.arrival <= row.night < stay.departure  # the price of a use by day is no night's
    ]
    if kind:
        _may_be_free(work, stay, room, booking.listed, [n.price for n in nights])
    folio = ledger.open_folio(work, stay.id, booking.guest_name)
    if stay.let_in_on is None:
        _early(work, stay, folio, nights[0].price if nights else 0, kind)
    else:
        _night_closed(work, stay, folio, room, advance, nights[0])
    _use_advance(work, advance, stay)
    if deposit is not None:
        wanted = charges.deposit_wanted(work.setting.options, sum(n.price for n in nights), len(nights))
        ask_if_odd(work, deposit.amount, wanted)
        folios.deposit(work, stay.id, deposit.method, deposit.amount)
    until = at(line.departure, work.setting.options.check_out_time, work.setting.zone)
    cards.issue(
        work,
        stay_id=stay.id,
        room_id=room.id,
        count=cards_wanted,
        valid_from=work.now,
        valid_to=max(until, work.now),
    )
    if print_registration:
        work.print(
            printouts.registration_card(
                work,
                stay=stay,
                guests=party,
                phone=booking.phone,
                room=room.number,
                type_name=f"{type_name} {type_code}",
                nights=nights,
                deposit=deposit.amount if deposit else Money(0),
            ),
            record="stay",
            record_id=stay.id,
        )
    work.touch("stays", "reservations", "rooms")
    return stay.id


def _must_be_to_come(line: BookedRoom) -> None:
    """Refuse a booked room whose guest is here, was here, or is not expected, each by its name."""
    if line.state in HOLDING:
        return
    day = line.state_at.date() if line.state_at else line.departure
    raise Refused(
        {
            "in_house": _("This booking is checked in already. Look for its guest in house."),
            "departed": _(
                "The guest of this booking was here and left on %(day)s. Take the check-out back, or make a "
                "new booking."
            ),
            "waiting": _("This booking is on the wait-list and holds no room. Confirm it first."),
            "cancelled": _("This booking was cancelled on %(day)s. Reinstate it first."),
            "no_show": _("This booking became a no-show on %(day)s. Reinstate it first."),
        }.get(line.state, _("This booking is over. Make a new one."))
        % {"day": f"{day:%Y-%m-%d}"}
    )


def _may_arrive(work: Work, line: BookedRoom, room: Room, kind: str) -> None:
    if kind not in KINDS:
        raise Refused(_("A stay is paid, complimentary or house use."))
    late = _may_be_let_in(work, line)
    if not late:
        _must_be_to_come(line)
    if line.arrival > work.business_date:
        raise Refused(
            _("This booking arrives on %(day)s, and today is %(today)s. Change its dates first.")
            % {"day": f"{line.arrival:%Y-%m-%d}", "today": f"{work.business_date:%Y-%m-%d}"}
        )
    over = line.departure < work.business_date or line.departure == work.business_date != line.arrival
    if over and not late:
        raise Refused(_("This booking's dates are over. Change its dates first."))
    inventory.must_be_open(
        work, room, inventory.nights(max(line.arrival, work.business_date), line.departure)
    )
    if room.clean == "dirty":
        work.confirm(
            f"dirty:{room.id}", _("Room %(room)s is dirty. Check in all the same?") % {"room": room.number}
        )
    _must_be_inspected(work, room)


def _must_be_inspected(work: Work, room: Room) -> None:
    """Ask before a room is given out that nobody has inspected, where the house wants that."""
    if work.setting.options.inspection and room.clean == "clean":
        work.confirm(
            f"inspected:{room.id}",
            _("Room %(room)s is clean, but nobody has inspected it. Give it out all the same?")
            % {"room": room.number},
        )


def _may_be_free(work: Work, stay: Stay, room: Room, guest: str, prices: Sequence[int]) -> None:
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


def _may_be_let_in(work: Work, line: BookedRoom) -> bool:
    """Say whether the guest is a guaranteed one of last night who is still awaited; refuses after the
    check-out time, by when that night is over."""
    if line.state != "no_show" or line.kept_until is None:
        return False
    if work.done_at >= line.kept_until:
        raise Refused(
            _("This guest was awaited until %(time)s. Reinstate the booking for the nights that are left.")
            % {"time": f"{local(line.kept_until, work.setting.zone):%H:%M}"}
        )
    return True


def _night_closed(
    work: Work, stay: Stay, folio: int, room: Room, advance: int | None, night: NightPrice
) -> None:
    """Charge the night of a guest who came after its close; what was kept for not coming is given back to
    the advance deposit first."""
    kept = ledger.kept_for_no_show(work, advance) if advance is not None else 0
    if advance is not None and kept > 0:
        ledger.post(
            work,
            debit=ledger.account(work, "NOSHOW"),
            credit=advance,
            amount=kept,
            code="NOSHOW",
            text=_("Came after all"),
            stay_id=stay.id,
        )
    if stay.kind or not night.price:
        return
    words = {
        "clock": f"{local(work.done_at, work.setting.zone):%H:%M}",
        "day": f"{local(work.done_at, work.setting.zone):%Y-%m-%d}",
        "night": f"{night.night:%Y-%m-%d}",
        "rule": night.rule,
    }
    folios.charge_by_clock(
        work,
        stay_id=stay.id,
        folio=folio,
        code="ROOM",
        amount=night.price,
        text=room.number,
        rule=_("came %(clock)s on %(day)s after the close, the night of %(night)s: %(rule)s") % words,
        night=night.night,
    )


def _open_stay(
    work: Work, line: BookedRoom, booking: Reservation, room: Room, people: Sequence[Person], kind: str
) -> tuple[Stay, list[Guest]]:
    """Write the stay, its room and its nights, and return it with its guests; the schema refuses a room that
    somebody else has."""
    let_in = line.state == "no_show"
    start = line.arrival if let_in else max(line.arrival, work.business_date)
    wanted = inventory.nights(max(line.arrival, work.business_date), line.departure)
    assigned = line.room_id
    if start > line.arrival:  # came late: the nights before were kept for them, and are given back unsold
        work.note("stay", {"late": str(start)}, line.id)
    by_day.change_type(work, line, room.type_id, wanted)
    if line.room_id != room.id:
        if line.room_id is not None:
            inventory.release(work, line_id=line.id, start=max(start, work.business_date))
        inventory.hold(work, room.id, wanted, line_id=line.id)
        line.room_id = room.id
    line.kept_until = None
    room.seen_persons = None  # what was seen before is no longer so: the next sheet compares anew
    line.go("in_house", work.now, work.clerk.id or None)
    party = registration.admit(work, people or [Person(booking.guest_name, phone=booking.phone)])
    secrecy.carry(work, booking, party)
    if not any(same_name(guest.name, booking.guest_name) for guest in party):
        found.keep(work, booking)
    stay = Stay(
        number=work.next_number("stay"),
        line_id=line.id,
        room_id=room.id,
        guest_id=party[0].id,
        guest_name=party[0].name,
        kind=kind,
        payer=booking.payer,
        arrival=start,
        departure=line.departure,
        arrived_at=work.done_at,
        adults=max(line.adults, len(party) - line.children),
        children=line.children,
        pending=sum(guest.identity == "pending" for guest in party),
        assigned_id=assigned,
        let_in_on=work.business_date if let_in else None,
    )
    work.session.add(stay)
    work.session.flush()
    work.insert_one(
        Segment, stay_id=stay.id, room_id=room.id, type_id=room.type_id, start=start, end=line.departure
    )
    registration.registered(work, stay, party, first=True)
    return stay, party


def _early(work: Work, stay: Stay, folio: int, price: int, kind: str) -> None:
    house = work.setting
    extra = (
        charges.arriving(house.options, house.zone, work.done_at, work.business_date, price, house.digits)
        if not kind
        else None
    )
    if extra is not None:
        folios.charge_by_clock(
            work, stay_id=stay.id, folio=folio, code=extra.code, amount=extra.amount, rule=extra.rule
        )


def _use_advance(work: Work, advance: int | None, stay: Stay) -> None:
    """An advance deposit becomes the stay's deposit."""
    held = -ledger.balance(work, advance) if advance is not None else 0
    if advance is not None and held > 0:
        ledger.post(
            work,
            debit=advance,
            credit=ledger.deposit_account(work, stay.id, _("Deposit")),
            amount=held,
            code="DEPOSIT",
            text=_("Advance deposit"),
            stay_id=stay.id,
        )


@operation(Permission.STAYS_CHECK_IN, money=True, paper=True)
def walk_in(
    work: Work,
    *,
    room_id: int,
    departure: date,
    guests: Sequence[Person],
    adults: int = 1,
    children: int = 0,
    plan_id: int | None = None,
    prices: tuple[int, ...] | None = None,
    price_reason: str = "",
    deposit: Paid | None = None,
    cards_wanted: int = 0,
    kind: str = "",
    print_registration: bool = True,
) -> int:
    """Check in a guest without a booking and return the stay's number in the database; the booking is made in
    the same step."""
    if not guests or not guests[0].name.strip():
        raise Refused(_("Give the guest's name."))
    room = work.hold(Room, room_id)
    today = work.business_date
    wish = Wish(room.type_id, today, departure, adults, children, plan_id, prices, price_reason, room_id)
    number = reservations.book(
        work, guest_name=guests[0].name, rooms=[wish], phone=guests[0].phone, source="walk_in"
    )
    [line_id] = reservation_queries.lines_of(work.session, number=number)
    return check_in(
        work,
        line_id=line_id,
        room_id=room_id,
        guests=guests,
        deposit=deposit,
        cards_wanted=cards_wanted,
        kind=kind,
        print_registration=print_registration,
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
            % {"today": f"{work.business_date:%Y-%m-%d}"}
        )
    if departure <= stay.arrival:
        raise Refused(
            _(
                "%(day)s is the day of arrival: check the guest out today, and the use of the room by "
                "day is charged."
            )
            % {"day": f"{departure:%Y-%m-%d}"}
        )
    reservations.must_follow(stay.arrival, departure)
    changes.remember(work, stay, line, room, changes.DAYS, reason=price_reason, new_departure=departure)
    if departure > stay.departure:
        _more_nights(work, stay, line, room, departure, prices, price_reason)
    else:
        _give_nights_back(work, stay, line, departure)
        work.delete_many(NightRate, [NightRate.line_id == line.id, NightRate.night >= departure])
    current_segment(work, stay).end = departure
    stay.departure = line.departure = departure
    cards.prolong(
        work, stay.id, max(at(departure, work.setting.options.check_out_time, work.setting.zone), work.now)
    )
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
    folios.deposit(work, stay_id, deposit.method, deposit.amount)


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
            raise Refused(_("Choose a rate plan or give a price."))
        wish = replace(wish, prices=(last.price,) * len(wanted), price_reason=last.rule)
    made = reservations.prices(work, wish, wanted, line.id)
    if stay.kind:
        guest = work.session.get_one(Guest, stay.guest_id)
        _may_be_free(work, stay, room, guest.name, [n.price for n in made])
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


def _give_nights_back(work: Work, stay: Stay, line: BookedRoom, start: date) -> None:
    inventory.sell(work, line.counted_type_id, inventory.nights(start, stay.departure), -1)
    inventory.release(work, line_id=line.id, start=start)


def _take_nights_again(work: Work, stay: Stay, line: BookedRoom, planned: date) -> bool:
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
    new = work.hold(Room, room_id)
    if not reason.strip():
        raise Refused(_("Say why the guest moves; it stands on the slip."))
    left = inventory.nights(work.business_date, stay.departure)
    inventory.must_be_open(work, new, left)
    if new.clean == "dirty":
        work.confirm(
            f"dirty:{new.id}",
            _("Room %(room)s is dirty. Move the guest there all the same?") % {"room": new.number},
        )
    _must_be_inspected(work, new)
    registration.must_sleep(work, new.number, work.session.get_one(RoomType, new.type_id).beds, stay.adults)
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
    until = max(at(stay.departure, work.setting.options.check_out_time, work.setting.zone), work.now)
    cards.issue(
        work, stay_id=stay.id, room_id=new.id, count=cards_wanted, valid_from=work.now, valid_to=until
    )
    work.session.flush()
    after = queries.nights_to_come(work.session, stay_id=stay.id, business_date=work.business_date)
    print_room_change(work, stay, old, new, before, after, reason.strip())
    work.touch("stays", "rooms", "reservations")


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
    folios.deposit(work, stay_id, deposit.method, deposit.amount)


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
            before=before,
            after=after,
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


@operation(Permission.STAYS_CHECK_OUT, money=True, paper=True)
def check_out(
    work: Work,
    *,
    stay_id: int,
    payments: Sequence[Paid] = (),
    refund: Paid | None = None,
    slip_back: bool = True,
    unsettled: bool = False,
    waive_late: str = "",
    cards_back: int | None = None,
    waive_cards: str = "",
    print_bill: bool = True,
) -> None:
    """Settle and check out: the clock's charge, the deposit used, money taken or given back, nights left back
    on sale, room dirty.

    On the day of arrival the clock's charge is the use by day, later the late departure; who leaves after
    midnight and before the close has had the night, and it is posted.
    Of the cards ``cards_back`` lie on the desk; the others are charged, or waived with a reason.
    ``payments`` and ``refund`` must bring every folio to 0 (``unsettled`` sends the rest to the city ledger);
    at most the deposit held and the folio's own credit are given back.
    """
    stay, line, room = open_stay(work, stay_id)
    if work.on_paper is not None and work.on_paper < stay.arrived_at:
        raise Refused(
            _("This guest came at %(time)s and cannot have left before.")
            % {"time": f"{local(stay.arrived_at, work.setting.zone):%Y-%m-%d %H:%M}"}
        )
    used = _charge_by_clock(work, stay, line, room, waive_late)
    _end_nights(work, stay, line, work.business_date + charges.DAY if used else work.business_date)
    cards.charge_missing(work, stay.id, cards_back, waive_cards)
    _settle(work, stay, payments, refund, slip_back, unsettled)
    stay.state, stay.departed_at, stay.departed_on, stay.settled_by = (
        "departed",
        work.done_at,
        work.business_date,
        work.key,
    )
    line.go("departed", work.now, work.clerk.id or None)
    room.clean, room.seen_persons = "dirty", None
    cards.end_all(work, stay.id, cards_back or 0)
    if print_bill:
        work.session.flush()
        folios.print_bill(work, stay_id=stay_id)
    work.touch("stays", "rooms", "reservations", "folios")


def _charge_by_clock(work: Work, stay: Stay, line: BookedRoom, room: Room, waive: str) -> bool:
    """Post what the clock asks of one who leaves now and say whether the business date's night was used.

    Waived with authority, the guest counts as gone before midnight.
    """
    house = work.setting
    used = charges.had_night(house.zone, work.done_at, work.business_date)
    facts = departing.House(house.options, house.zone, work.done_at, work.business_date, house.digits)
    guest = departing.Guest(stay.id, line.id, line.plan_id, room.type_id, stay.arrival, stay.kind)
    extra = departing.due(work.session, facts, guest)
    if extra is not None and waive.strip():
        _may_waive(work, stay, extra)
        work.note("waived", {"code": extra.code, "amount": extra.amount, "reason": waive.strip()}, stay.id)
        return False
    if used:
        _price_of_night_used(work, stay, line, guest)
    if extra is not None:
        folios.charge_by_clock(
            work,
            stay_id=stay.id,
            folio=ledger.folio(work, stay.id),
            code=extra.code,
            amount=extra.amount,
            rule=extra.rule,
            quantity=extra.quantity,
            text=room.number if extra.code == "ROOM" else "",
        )
    return used


def _price_of_night_used(work: Work, stay: Stay, line: BookedRoom, guest: departing.Guest) -> None:
    """Write down the price of a night that was not booked: the close counts the night and what it brought."""
    if stay.departure > work.business_date or stay.kind:
        return
    price = departing.tonight(work.session, guest, work.business_date)
    work.delete_many(NightRate, [NightRate.line_id == line.id, NightRate.night >= work.business_date])
    row = {"line_id": line.id, "night": price.night, "price": price.price, "rule": price.rule}
    work.insert_many(NightRate, [row])


def _end_nights(work: Work, stay: Stay, line: BookedRoom, end: date) -> None:
    """End a stay on ``end``; its nights from the business date on go back on sale, because the room is free
    again, and ``planned`` keeps the departure for a check-out that is taken back."""
    if stay.departure > work.business_date:
        _give_nights_back(work, stay, line, work.business_date)
    if stay.departure > work.business_date or stay.departure != end:
        stay.planned = stay.departure
        current_segment(work, stay).end = stay.departure = line.departure = end


def _may_waive(work: Work, stay: Stay, extra: charges.Extra) -> None:
    if extra.code == "ROOM":
        words = _("%(room)s: %(sum)s for the night that was used is not charged")
    elif stay.arrival == work.business_date:
        words = _("%(room)s: %(sum)s for the use by day is not charged")
    else:
        words = _("%(room)s: %(sum)s for the late departure is not charged")
    room = work.session.get_one(Room, stay.room_id).number
    authority.authorise(
        work,
        Kind.WAIVER,
        words % {"room": room, "sum": show(extra.amount, work.setting.digits)},
        percent=50 if extra.code == "HALF" else 100,
        amount=extra.amount,
        line_id=stay.line_id,
        stay_id=stay.id,
    )


def _settle(
    work: Work, stay: Stay, payments: Sequence[Paid], refund: Paid | None, slip_back: bool, unsettled: bool
) -> None:
    if refund is not None and (refund.method not in ledger.METHODS or refund.amount <= 0):
        raise Refused(_("A refund has a way to pay and an amount above 0."))
    ledger.lock(work, stay.id)
    accounts = ledger.accounts_of(work, stay.id)
    folio = {a.window: a for a in accounts if a.ledger == "guest"}
    owed = {w: int(a.balance) for w, a in folio.items()}
    deposit = next((a for a in accounts if a.ledger == "deposit"), None)
    held = -deposit.balance if deposit else 0
    for window in sorted(owed):
        used = min(held, max(owed[window], 0))
        if used and deposit:
            ledger.post(
                work,
                debit=deposit.account_id,
                credit=folio[window].account_id,
                amount=used,
                code="APPLY",
                stay_id=stay.id,
            )
            held, owed[window] = held - used, owed[window] - used
    if payments:
        work.must_hold(Permission.FOLIOS_PAY)
    for paid in payments:
        if paid.window not in owed or paid.method not in ledger.METHODS or paid.amount <= 0:
            raise Refused(_("A payment has a way to pay, an amount above 0 and a folio of this stay."))
        ledger.post(
            work,
            debit=ledger.account(work, paid.method),
            credit=folio[paid.window].account_id,
            amount=paid.amount,
            code=paid.method,
            stay_id=stay.id,
        )
        owed[paid.window] -= paid.amount
    if refund is not None:
        held = _give_back(work, stay, refund, held, owed, folio, slip_back)
    _must_be_even(work, stay, owed, held, folio, unsettled)
    ledger.close_accounts(work, stay.id, True)


def _give_back(
    work: Work,
    stay: Stay,
    refund: Paid,
    held: int,
    owed: dict[str, int],
    folio: dict[str, ledger.Owed],
    slip_back: bool,
) -> int:
    """Give back deposit first, then what a folio stands in credit (a rebate, an overpayment)."""
    work.must_hold(Permission.FOLIOS_REFUND)
    of_deposit = min(refund.amount, held)
    if of_deposit > 0:
        folios.refund(work, stay.id, refund.method, Money(of_deposit), slip_back)
    rest = refund.amount - of_deposit
    for window, balance in sorted(owed.items()):
        part = min(rest, max(-balance, 0))
        if part:
            ways.may_go_back(work, refund.method, part, stay_id=stay.id)
            ledger.post(
                work,
                debit=folio[window].account_id,
                credit=ledger.account(work, refund.method),
                amount=part,
                code=refund.method,
                text=_("Paid out"),
                stay_id=stay.id,
            )
            owed[window], rest = owed[window] + part, rest - part
    if rest:
        raise Refused(
            _("Only %(most)s can be given back: the deposit held and what the folio has in credit.")
            % {"most": show(refund.amount - rest, work.setting.digits)}
        )
    return held - of_deposit


def _must_be_even(
    work: Work, stay: Stay, owed: dict[str, int], held: int, folio: dict[str, ledger.Owed], unsettled: bool
) -> None:
    if held:
        raise Refused(
            _("%(sum)s of the deposit is still held. Give it back in the same step.")
            % {"sum": show(held, work.setting.digits)}
        )
    for window, balance in sorted(owed.items()):
        if balance and not unsettled:
            sentence = (
                _("Folio %(window)s is short by %(sum)s.")
                if balance > 0
                else _("Folio %(window)s has %(sum)s in credit to give back.")
            )
            raise Refused(sentence % {"window": window, "sum": show(abs(balance), work.setting.digits)})
        if balance:
            room = work.session.get_one(Room, stay.room_id).number
            what = _("Checking out with folio %(window)s not settled, room %(room)s, %(guest)s")
            about = {"window": window, "room": room, "guest": stay.guest_name}
            work.require(Permission.FOLIOS_ADJUST, what % about, balance)
            ledger.post(
                work,
                debit=ledger.receivable(work, stay.id, folio[window].name),
                credit=folio[window].account_id,
                amount=balance,
                code="CITY",
                stay_id=stay.id,
            )
            stay.unsettled = True


@operation(Permission.STAYS_UNDO, money=True)
def undo_check_in(work: Work, *, stay_id: int, reason: str) -> None:
    """Take a mistaken check-in back on the same business date: its postings are reversed, the booking stands
    as before."""
    stay, line, room = open_stay(work, stay_id)
    if not reason.strip():
        raise Refused(_("Say why the check-in is taken back."))
    if not _same_day(work, stay.id):
        raise Refused(_("This check-in belongs to a closed day. Check the guest out instead."))
    ledger.lock(work, stay.id)
    if goods := corrections.goods_on(work, stay.id):
        raise Refused(
            _(
                "Goods from the shop for %(sum)s stand on this folio. Take them back in the shop first, so "
                "that the stock is right; then take the check-in back."
            )
            % {"sum": show(goods, work.setting.digits)}
        )
    _reverse_all(work, stay.id, reason)
    if any(a.balance for a in ledger.accounts_of(work, stay.id)):
        raise Refused(_("This stay has postings of other days or folios. Check the guest out instead."))
    stay.state, stay.departed_at, stay.departed_on, stay.remark = (
        "undone",
        work.now,
        work.business_date,
        reason.strip(),
    )
    _back_to_booking(work, stay, line)
    ledger.close_accounts(work, stay.id, True)
    cards.end_all(work, stay.id)
    room.clean, room.seen_persons = "dirty", None
    work.touch("stays", "rooms", "reservations", "folios")


def _same_day(work: Work, stay_id: int) -> bool:
    """Say whether a stay began on this business date: no night audit has counted it then."""
    return _came_on(work.session.get_one(Stay, stay_id)) == work.business_date


def _came_on(stay: Stay) -> date:
    return stay.let_in_on or stay.arrival


def _back_to_booking(work: Work, stay: Stay, line: BookedRoom) -> None:
    """Let the booking stand as the check-in found it, with its room where that is free; one that a walk-in
    made in the same step is cancelled, so that nobody waits for it."""
    nights = inventory.nights(max(stay.arrival, work.business_date), stay.departure)
    inventory.release(work, line_id=line.id, start=work.business_date)
    by_day.change_type(work, line, line.type_id, nights)
    line.room_id = None
    if stay.let_in_on is not None:
        options, zone = work.setting.options, work.setting.zone
        line.kept_until = at(work.business_date, options.check_out_time, zone)
        _stand_again(work, stay, line, "no_show")
    elif _made_at_the_desk(work, stay, line):
        inventory.sell(work, line.counted_type_id, nights, -1)
        line.put_back("cancelled", work.now, work.clerk.id or None, stay.remark)
    else:
        _stand_again(work, stay, line, line.before if line.before in HOLDING else "confirmed")


def _stand_again(work: Work, stay: Stay, line: BookedRoom, state: str) -> None:
    line.put_back(state, work.now, work.clerk.id or None, stay.remark)
    reservations.take_room_again(work, line, stay.assigned_id)


def _made_at_the_desk(work: Work, stay: Stay, line: BookedRoom) -> bool:
    """Say whether the booking was made in the same step as the check-in."""
    booking = work.session.get_one(Reservation, line.reservation_id)
    return booking.source == "walk_in" and booking.made_at == stay.arrived_at


def _reverse_all(work: Work, stay_id: int, reason: str, key: str = "") -> None:
    """Reverse what was posted today on a stay, or only what one action (``key``) posted; never behind another
    stay's settled folio."""
    reversed_already = select(Transfer.reverses).where(
        Transfer.stay_id == stay_id, Transfer.reverses.is_not(None)
    )
    question = (
        select(Transfer)
        .where(
            Transfer.stay_id == stay_id,
            Transfer.business_date == work.business_date,
            FIRST,
            Transfer.id.not_in(reversed_already),
        )
        .order_by(Transfer.id.desc())
    )
    lines = work.session.scalars(
        question.where(Transfer.key.startswith(f"{key}:", autoescape=True)) if key else question
    ).all()
    moved = {account for line in lines for account in (line.debit_id, line.credit_id)}
    if (
        work.session.scalars(
            select(Account.id).where(Account.id.in_(moved), Account.closed, Account.stay_id != stay_id)
        ).first()
        is not None
    ):
        raise Refused(_("This stay has postings of other days or folios. Check the guest out instead."))
    for line in lines:
        ledger.reverse(work, line, reason)


@operation(Permission.STAYS_UNDO, money=True)
def undo_check_out(work: Work, *, stay_id: int, reason: str) -> bool:
    """Take a mistaken check-out back on the same business date: the guest is in house again, the settlement
    is reversed.

    Returns False when nights that were given up have been sold in the meantime: the guest's departure is
    today then.
    """
    stay = work.session.get(Stay, stay_id, with_for_update=True)
    if stay is None or stay.state != "departed":
        raise Refused(_("This guest has not left."))
    if stay.departed_on != work.business_date or stay.departed_at is None:
        raise Refused(_("This check-out belongs to a closed day. Check the guest in anew."))
    if not reason.strip():
        raise Refused(_("Say why the check-out is taken back."))
    line = work.hold(BookedRoom, stay.line_id)
    room = work.hold(Room, stay.room_id)
    ledger.lock(work, stay.id)
    _reverse_all(work, stay.id, reason, key=stay.settled_by)
    if any(a.balance for a in ledger.accounts_of(work, stay.id) if a.ledger == "city"):
        raise Refused(_("Money was taken on what this stay left unsettled. Void that payment first."))
    ledger.close_accounts(work, stay.id, False)
    line.go("in_house", work.now, work.clerk.id or None, reason.strip())
    planned, stay.planned = stay.planned, None
    stay.state, stay.departed_at, stay.departed_on, stay.unsettled = "in_house", None, None, False
    work.session.flush()
    by_day.must_stay_free(work, line, room, work.business_date, work.business_date)
    if line.arrival == line.departure:
        by_day.must_have_room(work, line.counted_type_id, line.arrival)
    whole = planned is None or _take_nights_again(work, stay, line, planned)
    work.touch("stays", "rooms", "reservations", "folios")
    return whole


def persons(*names: str) -> tuple[Person, ...]:
    """Return people known by name only, for the desk's quick entry."""
    return tuple(replace(Person(), name=name) for name in names)
