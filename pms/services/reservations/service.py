"""Book rooms, change and cancel bookings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, select

from pms.core import dates
from pms.core.authority import Kind, percent_off
from pms.core.clock import local
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.money import Money, show
from pms.core.permissions import Permission
from pms.db.work import Work, operation
from pms.services.authority import service as authority
from pms.services.folios import ledger, ways
from pms.services.folios import printouts as folio_papers
from pms.services.folios.odd import ask_if_odd
from pms.services.guests.search import search_text
from pms.services.rates import pricing
from pms.services.rooms import inventory
from pms.services.rooms.models import Inventory, Room, RoomType, shown_name

from . import by_day, found, proof, secrecy
from .duty import RESERVATIONS_CANCEL, RESERVATIONS_OVERBOOK
from .models import HOLDING, BookedRoom, NightRate, Reservation, hidden_name

MOST_NIGHTS = 366
_LINE = (
    select(BookedRoom, Reservation)
    .join(Reservation, Reservation.id == BookedRoom.reservation_id)
    .where(BookedRoom.id == bindparam("line"))
    .with_for_update(of=BookedRoom)
)
_OVERBOOKED = (
    select(shown_name(), Inventory.night)
    .join(RoomType, RoomType.id == Inventory.type_id)
    .where(
        Inventory.type_id == bindparam("type"),
        Inventory.night >= bindparam("start"),
        Inventory.night < bindparam("end"),
        Inventory.sold > Inventory.total,
    )
    .order_by(Inventory.night)
    .limit(1)
)


@dataclass(frozen=True)
class Wish:
    """One room to book. Give a rate plan, or a price per night by hand (``prices``, which needs authority),
    or both."""

    type_id: int
    arrival: date
    departure: date
    adults: int = 1
    children: int = 0
    plan_id: int | None = None
    prices: tuple[int, ...] | None = None
    price_reason: str = ""
    room_id: int | None = None
    breakfast: int = 0


@operation(Permission.RESERVATIONS_BOOK)
def book(
    work: Work,
    *,
    guest_name: str,
    rooms: Sequence[Wish],
    state: str = "confirmed",
    phone: str = "",
    source: str = "phone",
    channel: str = "",
    reference: str = "",
    company: str = "",
    payer: str = "guest",
    hold_until: str | None = None,
    remarks: str = "",
    do_not_disclose: bool = False,
    import_key: str | None = None,
) -> int:
    """Book one or more rooms and return the booking's number; the schema refuses what would oversell.

    A booking of a guest whose record says so is not disclosed either.
    """
    if not guest_name.strip():
        raise Refused(_("Give the guest's name."))
    if not rooms:
        raise Refused(_("Book at least one room."))
    if state not in (*HOLDING, "waiting"):
        raise Refused(_("A new booking is tentative, wait-listed, confirmed or guaranteed."))
    for wish in rooms:
        _check(work, wish)
    private = do_not_disclose or secrecy.wanted(work, guest_name, phone)
    number = work.next_number("reservation")
    booking_id = work.insert_one(
        Reservation,
        number=number,
        guest_name=guest_name.strip(),
        search=search_text(work.session, guest_name, phone),
        phone=phone.strip(),
        do_not_disclose=private,
        source=source,
        channel=channel,
        reference=reference,
        company=company,
        payer=proof.may_pay(payer, channel, company),
        hold_until=hold_until or work.setting.options.hold_time,
        remarks=remarks.strip(),
        made_on=work.business_date,
        made_at=work.now,
        made_by=work.clerk.id or None,
        import_key=import_key,
    )
    origin = proof.Origin(hidden_name() if private else guest_name.strip(), channel, reference)
    _add_rooms(work, booking_id, rooms, state, origin)
    work.touch("reservations")
    return number


def _add_rooms(
    work: Work, reservation_id: int, rooms: Sequence[Wish], state: str, origin: proof.Origin
) -> list[int]:
    made = [
        add_room(work, reservation_id, wish, state)
        for wish in sorted(rooms, key=lambda w: (w.type_id, w.arrival))
    ]
    if state != "waiting":
        _may_overbook(work, rooms)
    proof.may_sell(work, origin, made)
    return [line.id for line in made]


@operation(Permission.RESERVATIONS_BOOK)
def add_rooms(work: Work, *, number: int, rooms: Sequence[Wish], state: str = "confirmed") -> list[int]:
    """Add rooms to a booking that is not over, and return their lines; the schema refuses what would
    oversell.

    The booking's guest, phone and remarks hold for them; one of its rooms is still to come or in house.
    """
    if not rooms:
        raise Refused(_("Book at least one room."))
    if state not in (*HOLDING, "waiting"):
        raise Refused(_("A new booking is tentative, wait-listed, confirmed or guaranteed."))
    for wish in rooms:
        _check(work, wish)
    booking = work.session.scalars(
        select(Reservation).where(Reservation.number == number).with_for_update()
    ).first()
    if booking is None:
        raise Refused(_("This booking is not there any more."))
    alive = select(BookedRoom.id).where(
        BookedRoom.reservation_id == booking.id, BookedRoom.state.in_((*HOLDING, "waiting", "in_house"))
    )
    if work.session.scalars(alive.limit(1)).first() is None:
        raise Refused(
            _("R-%(number)s is over: no room of it is still to come or in house. Make a new booking.")
            % {"number": number}
        )
    origin = proof.Origin(booking.listed, booking.channel, booking.reference)
    made = _add_rooms(work, booking.id, rooms, state, origin)
    work.touch("reservations")
    return made


def _may_overbook(work: Work, wishes: Sequence[Wish]) -> None:
    """Let more be sold than there are rooms, within the type's allowance, only with authority."""
    if work.may(RESERVATIONS_OVERBOOK):
        return
    for wish in wishes:
        over = work.session.execute(
            _OVERBOOKED, {"type": wish.type_id, "start": wish.arrival, "end": wish.departure}
        ).first()
        if over is not None:
            work.require(
                RESERVATIONS_OVERBOOK,
                _("%(type)s is sold out on %(night)s. Booking it all the same is overbooking.")
                % {"type": over.name, "night": dates.day(over.night, year=True)},
            )


def must_follow(arrival: date, departure: date) -> None:
    """Refuse a departure before the arrival, or a stay of more than a year, by its dates."""
    days = {"arrival": dates.day(arrival, year=True), "departure": dates.day(departure, year=True)}
    if departure < arrival:
        raise Refused(
            _("The departure %(departure)s is before the arrival %(arrival)s. Change one of them.") % days
        )
    if (departure - arrival).days > MOST_NIGHTS:
        raise Refused(
            _(
                "From %(arrival)s to %(departure)s are %(n)s nights. A stay lasts at most %(most)s: book the "
                "rest separately."
            )
            % {**days, "n": (departure - arrival).days, "most": MOST_NIGHTS}
        )


def _check(work: Work, wish: Wish) -> None:
    must_follow(wish.arrival, wish.departure)
    if wish.arrival < work.business_date:
        raise Refused(
            _("%(day)s is over. A booking arrives on %(today)s or later.")
            % {"day": dates.day(wish.arrival, year=True), "today": dates.day(work.business_date, year=True)}
        )
    if wish.arrival > work.business_date + inventory.AHEAD:
        raise Refused(_("Nothing is sold more than five years ahead. Check the dates."))
    if wish.adults < 0 or wish.children < 0:
        raise Refused(_("The number of guests is not negative."))


def add_room(work: Work, reservation_id: int, wish: Wish, state: str) -> BookedRoom:
    """Add one room to a booking: its nights are counted, its room held, its prices written down."""
    wanted = inventory.nights(wish.arrival, wish.departure)
    room_id = wish.room_id if state != "waiting" else None
    line = BookedRoom(
        reservation_id=reservation_id,
        type_id=wish.type_id,
        counted_type_id=wish.type_id,
        room_id=room_id,
        plan_id=wish.plan_id,
        arrival=wish.arrival,
        departure=wish.departure,
        adults=wish.adults,
        children=wish.children,
        breakfast=wish.breakfast,
        state=state,
        state_at=work.now,
        state_by=work.clerk.id or None,
    )
    work.session.add(line)
    work.session.flush()
    work.insert_many(
        NightRate,
        [
            {"line_id": line.id, "night": p.night, "price": p.price, "rule": p.rule}
            for p in prices(work, wish, priced_nights(wish), line.id)
        ],
    )
    if state != "waiting":
        by_day.sell(work, line, wish.type_id, wanted, booking=True)
        if not wanted:
            by_day.must_have_room(work, wish.type_id, wish.arrival, booking=True)
        if room_id is not None:
            _hold_room(work, line, room_id, wanted)
    return line


def _hold_room(work: Work, line: BookedRoom, room_id: int, wanted: list[date]) -> None:
    room = work.hold(Room, room_id)
    if room.type_id != line.counted_type_id:
        raise Refused(
            _("Room %(room)s is of another type. Book that type or choose another room.")
            % {"room": room.number}
        )
    inventory.must_be_open(work, room, wanted, line.arrival)
    by_day.must_be_free(work, line, room, wanted)
    inventory.hold(work, room_id, wanted, line_id=line.id)


def priced_nights(wish: Wish) -> list[date]:
    """Return the nights that a booked room has a price for; one for use by day has its day's, of which the
    use is a part, unless neither a plan nor a price was agreed."""
    if wish.arrival == wish.departure and (wish.prices or (wish.prices is None and wish.plan_id is not None)):
        return [wish.arrival]
    return inventory.nights(wish.arrival, wish.departure)


def prices(
    work: Work, wish: Wish, wanted: list[date], line_id: int | None = None
) -> list[pricing.NightPrice]:
    """Return the price of each night: the plan's, or the one given by hand within the clerk's authority."""
    listed = (
        pricing.quote(work.session, plan_id=wish.plan_id, type_id=wish.type_id, nights=wanted)
        if wish.plan_id is not None and wanted
        else []
    )
    if wish.prices is None:
        if wish.plan_id is None and wanted:
            raise Refused(_("Choose a rate plan or give a manual rate."))
        return listed
    if len(wish.prices) != len(wanted):
        raise Refused(_("Give one price for each night."))
    _authorise(work, wish.type_id, listed, wish.prices, wanted, line_id)
    rule = wish.price_reason or _("manual rate by %(who)s") % {"who": work.clerk.name}
    return [pricing.NightPrice(n, Money(p), rule) for n, p in zip(wanted, wish.prices, strict=True)]


def _authorise(
    work: Work,
    type_id: int,
    listed: list[pricing.NightPrice],
    given: Sequence[int],
    wanted: list[date],
    line_id: int | None,
) -> None:
    """Ask for authority where a night goes below its list: the night that gives most away is judged by its
    per cent, all nights by what they give away together."""
    listed = listed or pricing.rack(work.session, type_id=type_id, nights=wanted)
    if not listed:
        asked = _("A price of %(sum)s where none is listed")
        work.require(
            Permission.RATES_MANUAL, asked % {"sum": show(sum(given), work.setting.digits)}, sum(given)
        )
        return
    cut = [
        (percent_off(n.price - p, n.price), n, p) for n, p in zip(listed, given, strict=True) if p < n.price
    ]
    if not cut:
        return
    percent, night, price = max(cut, key=lambda c: c[0])
    off = sum(n.price - p for _percent, n, p in cut)
    digits = work.setting.digits
    what = _("%(night)s at %(price)s instead of %(listed)s, %(sum)s below list price in all") % {
        "night": dates.day(night.night, year=True),
        "price": show(price, digits),
        "listed": show(night.price, digits),
        "sum": show(off, digits),
    }
    authority.authorise(work, Kind.PRICE, what, percent=percent, amount=off, line_id=line_id)


def line_and_booking(work: Work, line_id: int) -> tuple[BookedRoom, Reservation]:
    """Return a booked room, locked, and its booking."""
    found = work.session.execute(_LINE, {"line": line_id}).first()
    if found is None:
        raise Refused(_("This booking is not there any more."))
    return found[0], found[1]


@operation(RESERVATIONS_CANCEL)
def cancel(work: Work, *, line_id: int, reason: str) -> None:
    """Cancel one booked room; its nights go back on sale, an advance deposit stays in its account."""
    if not reason.strip():
        raise Refused(_("Say why the booking is cancelled."))
    line, _booking = line_and_booking(work, line_id)
    give_up(work, line, "cancelled", reason.strip())


def give_up(
    work: Work, line: BookedRoom, state: str, reason: str, *, kept_until: datetime | None = None
) -> None:
    """Take a booked room out of the inventory: cancelled or no-show. Until ``kept_until`` the nights after
    the business date are held all the same."""
    held = line.state in HOLDING
    line.go(state, work.now, work.clerk.id or None, reason)
    found.keep(work, work.session.get_one(Reservation, line.reservation_id))
    line.kept_until = kept_until
    if held:
        start = max(line.arrival, work.business_date)
        end = (
            line.departure if kept_until is None else min(work.business_date + inventory.DAY, line.departure)
        )
        inventory.sell(work, line.counted_type_id, inventory.nights(start, end), -1)
        if line.room_id is not None and kept_until is None:
            inventory.release(work, line_id=line.id, start=start)
    work.touch("reservations")


def let_go(work: Work, line: BookedRoom) -> None:
    """Give the nights back that are held for a guaranteed guest who did not come."""
    inventory.sell(work, line.counted_type_id, _nights_to_come(work, line), -1)
    if line.room_id is not None:
        inventory.release(work, line_id=line.id, start=work.business_date)
    line.kept_until = None
    work.touch("reservations", "rooms")


@operation(RESERVATIONS_CANCEL)
def release(work: Work, *, line_id: int) -> None:
    """Give the nights of a guaranteed guest who did not come back on sale; the booking stays a no-show."""
    line, booking = line_and_booking(work, line_id)
    if line.kept_until is None:
        raise Refused(_("R-%(number)s holds no night any more.") % {"number": booking.number})
    if work.now < line.kept_until:
        work.confirm(
            f"kept:{line.id}",
            _("R-%(number)s of %(guest)s is guaranteed and held until %(time)s. Release it all the same?")
            % {
                "number": booking.number,
                "guest": booking.listed,
                "time": f"{local(line.kept_until, work.setting.zone):%H:%M}",
            },
        )
    let_go(work, line)


@operation(RESERVATIONS_CANCEL)
def mark_no_show(work: Work, *, line_id: int, reason: str = "") -> None:
    """Mark an arrival of today or before as a no-show."""
    line, _booking = line_and_booking(work, line_id)
    if line.arrival > work.business_date:
        raise Refused(_("This booking arrives on %(day)s.") % {"day": dates.day(line.arrival, year=True)})
    give_up(work, line, "no_show", reason)


@operation(Permission.RESERVATIONS_BOOK)
def reinstate(work: Work, *, line_id: int, reason: str = "") -> bool:
    """Bring a cancelled or no-show room back as it was while rooms last, with its room; returns False when
    that room has been given away."""
    line, booking = line_and_booking(work, line_id)
    if line.state not in ("cancelled", "no_show"):
        raise Refused(_("Only a cancelled booking or a no-show can be reinstated."))
    kept, room_id = line.kept_until is not None, line.room_id
    line.go(_as_before(line), work.now, work.clerk.id or None, reason)
    line.kept_until = None
    if not kept or not _nights_to_come(work, line):
        line.room_id = None
        _take_nights(work, line, booking)
        take_room_again(work, line, room_id)
    work.touch("reservations", "rooms")
    return line.room_id == room_id


def _as_before(line: BookedRoom) -> str:
    return line.before if line.before in HOLDING else "confirmed"


def take_room_again(work: Work, line: BookedRoom, room_id: int | None) -> None:
    """Give a booking that stands again the room it had, where nobody holds it now."""
    wanted = _nights_to_come(work, line)
    held = wanted or [max(line.arrival, work.business_date)]
    if (
        room_id is not None
        and inventory.free_for(work, room := work.hold(Room, room_id), line.counted_type_id, held)
        and by_day.user(work, line, room, wanted) is None
    ):
        inventory.hold(work, room_id, wanted, line_id=line.id)
        line.room_id = room_id


def _nights_to_come(work: Work, line: BookedRoom) -> list[date]:
    """Return the nights that a booked room still holds: those of closed days were given back when it did not
    come."""
    return inventory.nights(max(line.arrival, work.business_date), line.departure)


def _take_nights(work: Work, line: BookedRoom, booking: Reservation) -> None:
    """Count the nights of a room that held none as sold again."""
    wanted = _nights_to_come(work, line)
    if line.departure < work.business_date or (not wanted and line.arrival < line.departure):
        raise Refused(
            _("The last night of R-%(number)s was %(night)s and is closed. Make a new booking.")
            % {"number": booking.number, "night": dates.day(line.departure - inventory.DAY, year=True)}
        )
    by_day.sell(work, line, line.counted_type_id, wanted, booking=True)
    if not wanted:
        work.session.flush()
        by_day.must_have_room(work, line.counted_type_id, line.arrival, booking=True)
    _may_overbook(work, [Wish(line.counted_type_id, max(line.arrival, work.business_date), line.departure)])


@operation(Permission.RESERVATIONS_BOOK)
def set_state(work: Work, *, line_id: int, state: str, reason: str = "") -> None:
    """Make a booking tentative, confirmed or guaranteed; a wait-listed one takes its nights now."""
    if state not in HOLDING:
        raise Refused(_("Choose tentative, confirmed or guaranteed."))
    line, booking = line_and_booking(work, line_id)
    waiting = line.state == "waiting"
    if line.state not in (*HOLDING, "waiting"):
        raise Refused(_("Only a booking that is still to come can be confirmed."))
    line.go(state, work.now, work.clerk.id or None, reason)
    if waiting:
        _take_nights(work, line, booking)
    work.touch("reservations")


@operation(Permission.RESERVATIONS_BOOK)
def assign_room(work: Work, *, line_id: int, room_id: int | None) -> None:
    """Give a coming booking a room of its type, or take it away (None)."""
    line, _booking = line_and_booking(work, line_id)
    if line.state not in HOLDING:
        raise Refused(_("Only a booking that is still to come can be assigned a room."))
    if line.room_id is not None:
        inventory.release(work, line_id=line.id, start=line.arrival)
    line.room_id = room_id
    if room_id is not None:
        _hold_room(work, line, room_id, _nights_to_come(work, line))
    work.touch("reservations", "rooms")


@operation(Permission.RESERVATIONS_BOOK)
def amend(
    work: Work,
    *,
    line_id: int,
    wish: Wish,
    guest_name: str,
    phone: str = "",
    remarks: str = "",
    hold_until: str | None = None,
    source: str | None = None,
    channel: str | None = None,
    reference: str | None = None,
    company: str | None = None,
    payer: str | None = None,
    do_not_disclose: bool | None = None,
    more: Sequence[Wish] = (),
) -> None:
    """Change a coming booking: its dates, type, party or price. Nights it gives up go back on sale, new ones
    are taken.

    ``None`` leaves as it is how the booking came in and whether it is disclosed. ``more`` are rooms that the
    booking takes besides, in the state of this one.
    """
    for wanted_room in (wish, *more):
        _check(work, wanted_room)
    line, booking = line_and_booking(work, line_id)
    if line.state not in (*HOLDING, "waiting"):
        raise Refused(_("Only a booking that is still to come can be changed."))
    booking = work.hold(Reservation, booking.id)
    wanted = inventory.nights(wish.arrival, wish.departure)
    if line.state in HOLDING:
        inventory.sell(work, line.counted_type_id, _nights_to_come(work, line), -1)
        if line.room_id is not None:
            inventory.release(work, line_id=line.id, start=line.arrival)
        by_day.sell(work, line, wish.type_id, wanted, wish.arrival, booking=True)
        _may_overbook(work, [wish])
    made = prices(work, wish, priced_nights(wish), line.id)
    work.delete_many(NightRate, [NightRate.line_id == line.id])
    work.insert_many(
        NightRate, [{"line_id": line.id, "night": p.night, "price": p.price, "rule": p.rule} for p in made]
    )
    line.type_id = line.counted_type_id = wish.type_id
    held_plan = line.plan_id
    line.plan_id, line.arrival, line.departure = wish.plan_id, wish.arrival, wish.departure
    line.room_id = wish.room_id if line.state in HOLDING else None
    line.adults, line.children, line.breakfast = wish.adults, wish.children, wish.breakfast
    if not wanted and line.state in HOLDING:
        work.session.flush()
        by_day.must_have_room(work, wish.type_id, wish.arrival, booking=True)
    if line.room_id is not None:
        _hold_room(work, line, line.room_id, wanted)
    _rename(work, booking, guest_name.strip() or booking.guest_name, phone.strip(), do_not_disclose)
    booking.remarks, booking.hold_until = remarks.strip(), hold_until or booking.hold_until
    for name, given in {
        "source": source,
        "channel": channel,
        "reference": reference,
        "company": company,
        "payer": payer,
    }.items():
        if given is not None:
            setattr(booking, name, given.strip())
    origin = proof.Origin(booking.listed, booking.channel, booking.reference)
    if wish.plan_id != held_plan:
        proof.may_sell(work, origin, [line])
    proof.may_pay(booking.payer, booking.channel, booking.company)
    if more:
        work.session.flush()
        _add_rooms(work, booking.id, more, line.state, origin)
    work.touch("reservations")


def _rename(work: Work, booking: Reservation, name: str, phone: str, private: bool | None) -> None:
    """Write name and phone of a booking; under another one it is not disclosed where that guest is not."""
    if (name, phone) != (booking.guest_name, booking.phone):
        booking.guest_name, booking.phone = name, phone
        booking.search = search_text(work.session, name, phone)
        if private is not True and secrecy.wanted(work, name, phone):
            private = True
    booking.do_not_disclose = booking.do_not_disclose if private is None else private


@operation(Permission.FOLIOS_PAY, money=True)
def take_advance(work: Work, *, line_id: int, method: str, amount: Money) -> int:
    """Take an advance deposit for a coming booking; it becomes the folio's deposit at check-in and is never
    lost by cancelling."""
    if amount <= 0 or method not in ledger.METHODS:
        raise Refused(_("Give a payment method and an amount above 0."))
    line, booking = line_and_booking(work, line_id)
    if line.state not in HOLDING:
        raise Refused(_("Only a booking that is still to come takes an advance deposit."))
    ask_if_odd(work, amount)
    account = ledger.advance_account(work, line_id, booking.guest_name)
    made = ledger.post(
        work, debit=ledger.account(work, method), credit=account, amount=amount, code="DEPOSIT", text=method
    )
    what = _("Advance, booking %(number)s, arrival %(day)s") % {
        "number": booking.number,
        "day": dates.day(line.arrival, year=True),
    }
    work.print(
        folio_papers.receipt(work, payer=booking.guest_name, what=what, amount=amount, method=method),
        record="transfer",
        record_id=made,
    )
    return made


@operation(Permission.FOLIOS_REFUND, money=True)
def return_advance(work: Work, *, line_id: int, method: str, amount: Money) -> int:
    """Give an advance deposit back, at most what is held."""
    line, booking = line_and_booking(work, line_id)
    account = ledger.advance_account(work, line.id, booking.guest_name)
    held = -ledger.balance(work, account)
    if not 0 < amount <= held or method not in ledger.METHODS:
        raise Refused(
            _("The house holds %(held)s in advance for this booking.")
            % {"held": show(held, work.setting.digits)}
        )
    ways.may_go_back(work, method, amount, line_id=line.id)
    made = ledger.post(
        work, debit=account, credit=ledger.account(work, method), amount=amount, code="DEPOSIT", text=method
    )
    work.print(
        folio_papers.advance_returned(
            work,
            booking=booking.number,
            guest=booking.guest_name,
            amount=amount,
            method=method,
            rest=held - amount,
        ),
        record="transfer",
        record_id=made,
    )
    return made
