"""Check a booking or a walk-in in."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import aliased

from pms.core import dates
from pms.core.clock import at, local
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.money import Money
from pms.core.names import same_name
from pms.core.permissions import Permission
from pms.db.work import Work, operation
from pms.services.cards import service as cards
from pms.services.folios import holding, ledger
from pms.services.folios import service as folios
from pms.services.folios.holding import Hold
from pms.services.folios.models import Account
from pms.services.folios.odd import ask_if_odd
from pms.services.guests.models import Guest
from pms.services.guests.person import Person
from pms.services.members import arrivals
from pms.services.rates.pricing import NightPrice
from pms.services.reservations import by_day, customer, found, secrecy
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
from pms.services.rooms.models import Room, RoomType, shown_name

from . import by_channel, charges, joining, printouts
from . import people as registration
from .duty import JOIN_BOOKED, STAYS_CHECK_IN
from .held import Paid, may_be_free, must_be_inspected
from .models import Segment, Stay
from .sleeves import print_sleeve

KINDS = ("", "house", "comp")


_HOLD_LINE = select(BookedRoom.id).where(BookedRoom.id == bindparam("line")).with_for_update()


_HOLD_ROOM = select(Room.id).where(Room.id == bindparam("room")).with_for_update(key_share=True)


_OTHER = aliased(BookedRoom, name="other")
_ARRIVING = (
    select(
        BookedRoom,
        Reservation,
        Room,
        RoomType.code,
        shown_name(),
        RoomType.beds,
        Account.id,
        by_day.promised(Room.id, bindparam("today"), BookedRoom.departure, BookedRoom.id),
        arrivals.IN_CLUB,
        exists().where(_OTHER.reservation_id == BookedRoom.reservation_id, _OTHER.id != BookedRoom.id),
    )
    .join(Reservation, Reservation.id == BookedRoom.reservation_id)
    .join(Room, Room.id == bindparam("room"))
    .join(RoomType, RoomType.id == Room.type_id)
    .outerjoin(Account, Account.line_id == BookedRoom.id)
    .where(BookedRoom.id == bindparam("line"))
)


_NIGHTS = (
    select(NightRate.night, NightRate.price, NightRate.rule)
    .where(NightRate.line_id == bindparam("line"))
    .order_by(NightRate.night)
)


@operation(STAYS_CHECK_IN, money=True, paper=True)
def check_in(
    work: Work,
    *,
    line_id: int,
    room_id: int,
    guests: Sequence[Person] = (),
    deposit: Paid | None = None,
    hold: Hold | None = None,
    cards_wanted: int = 0,
    kind: str = "",
    print_registration: bool = True,
) -> int:
    """Check a booked guest in and return the stay's number in the database; deposit, cards and registration
    card in the same step.

    A guaranteed guest who comes after the close of the day of arrival is let in all the same: that night is
    charged, in place of the no-show and of an early arrival. ``hold``: an amount that the terminal has put
    on hold, in place of a deposit or beside it.
    """
    if deposit is not None:
        work.must_hold(Permission.FOLIOS_PAY)
    work.lock(_HOLD_LINE, line=line_id)
    work.lock(_HOLD_ROOM, room=room_id)
    given = {"line": line_id, "room": room_id, "today": work.business_date}
    found = work.session.execute(_ARRIVING, given).first()
    if found is None:
        raise Refused(_("This booking or room is not there any more."))
    line, booking, room, type_code, type_name, beds, advance, promised, club, several = found
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
    if several and work.setting.options[JOIN_BOOKED]:
        joining.join_booked(work, stay, booking.id)
    if kind:
        may_be_free(work, stay, room, booking.listed, [n.price for n in nights])
    folio = ledger.open_folio(work, stay.id, booking.guest_name)
    if stay.let_in_on is None:
        _early(work, stay, folio, nights[0].price if nights else 0, kind)
    else:
        _night_closed(work, stay, folio, room, advance, nights[0])
    _use_advance(work, advance, stay)
    by_channel.arrived(work, stay, line, booking, room.number, folio)
    if deposit is not None:
        wanted = charges.deposit_wanted(
            work.setting.options, 0 if stay.payer == "channel" else sum(n.price for n in nights), len(nights)
        )
        ask_if_odd(work, deposit.amount, wanted)
        folios.deposit(work, stay.id, deposit.method, deposit.amount, deposit.reference)
    if hold is not None:
        wanted = charges.deposit_wanted(work.setting.options, sum(n.price for n in nights), len(nights))
        if hold.amount > 0:
            ask_if_odd(work, hold.amount, wanted)
        holding.take(work, stay.id, hold)
    free = arrivals.arrived(work, stay.id, party, booking.member_number or 0) if club else ""
    ends = charges.leaves_by(work.setting.options, max(stay.free_until, free))
    until = at(line.departure, ends, work.setting.zone)
    cards.issue(
        work,
        stay_id=stay.id,
        room_id=room.id,
        count=cards_wanted,
        valid_from=work.now,
        valid_to=max(until, work.now),
    )
    print_sleeve(work, stay, room.number, cards_wanted)
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
                method=deposit.method if deposit else "",
                company=booking.company,
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
        % {"day": dates.day(day, year=True)}
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
            % {"day": dates.day(line.arrival, year=True), "today": dates.day(work.business_date, year=True)}
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
    must_be_inspected(work, room)


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
        "day": dates.day(local(work.done_at, work.setting.zone), year=True),
        "night": dates.day(night.night, year=True),
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
        free_until=customer.free_until(work, booking, work.business_date),
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


@operation(STAYS_CHECK_IN, money=True, paper=True)
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
    hold: Hold | None = None,
    cards_wanted: int = 0,
    kind: str = "",
    print_registration: bool = True,
    company: str = "",
    channel: str = "",
    reference: str = "",
    payer: str = "guest",
    member_number: int | None = None,
    company_number: int | None = None,
    channel_number: int | None = None,
) -> int:
    """Check in a guest without a booking and return the stay's number in the database; the booking is made in
    the same step, for a member, a company or a channel where one is named."""
    if not guests or not guests[0].name.strip():
        raise Refused(_("Give the guest's name."))
    room = work.hold(Room, room_id)
    today = work.business_date
    wish = Wish(room.type_id, today, departure, adults, children, plan_id, prices, price_reason, room_id)
    number = reservations.book(
        work,
        guest_name=guests[0].name,
        rooms=[wish],
        phone=guests[0].phone,
        source="walk_in",
        company=company,
        channel=channel,
        reference=reference,
        payer=payer,
        member_number=member_number,
        company_number=company_number,
        channel_number=channel_number,
    )
    [line_id] = reservation_queries.lines_of(work.session, number=number)
    return check_in(
        work,
        line_id=line_id,
        room_id=room_id,
        guests=guests,
        deposit=deposit,
        hold=hold,
        cards_wanted=cards_wanted,
        kind=kind,
        print_registration=print_registration,
    )


def persons(*names: str) -> tuple[Person, ...]:
    """Return people known by name only, for the desk's quick entry."""
    return tuple(replace(Person(), name=name) for name in names)
