"""Book rooms, change and cancel bookings."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import bindparam, select

from pms.core import dates, typed
from pms.core.clock import local
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.permissions import Permission
from pms.db.work import Work, operation
from pms.services.guests.search import search_text
from pms.services.rooms import inventory
from pms.services.rooms.models import Inventory, Room, RoomType, shown_name

from . import by_day, customer, found, proof, secrecy
from .advances import return_advance, take_advance
from .duty import RESERVATIONS_CANCEL, RESERVATIONS_OVERBOOK
from .held import line_and_booking
from .models import HOLDING, BookedRoom, NightRate, Reservation, hidden_name
from .wishes import MOST_NIGHTS, Agreed, Wish, check, must_follow, priced_nights, prices

__all__ = [
    "MOST_NIGHTS",
    "Agreed",
    "Wish",
    "line_and_booking",
    "must_follow",
    "prices",
    "return_advance",
    "take_advance",
]

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
    member_number: int | None = None,
    company_number: int | None = None,
    channel_number: int | None = None,
) -> int:
    """Book one or more rooms and return the booking's number; the schema refuses what would oversell.

    A booking of a guest whose record says so is not disclosed either. Company and channel are words, or known
    by the numbers of their records, whose names are written down then.
    """
    if not guest_name.strip():
        raise Refused(_("Give the guest's name."))
    if not rooms:
        raise Refused(_("Book at least one room."))
    if state not in (*HOLDING, "waiting"):
        raise Refused(_("A new booking is tentative, wait-listed, confirmed or guaranteed."))
    proof.may_agree(rooms, channel_number, reference)
    for wish in rooms:
        check(work, wish)
    whose = customer.Whose(member_number, company_number, channel_number)
    known = {k: customer.named(work, k, n, rooms[0].arrival).name for k, n in whose.given()}
    company, channel = known.get("company", company), known.get("channel", channel)
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
        member_number=member_number,
        company_number=company_number,
        channel_number=channel_number,
        hold_until=typed.clock_time(hold_until) if hold_until else work.setting.options.hold_time,
        remarks=remarks.strip(),
        made_on=work.business_date,
        made_at=work.now,
        made_by=work.clerk.id or None,
        import_key=import_key,
    )
    origin = proof.Origin(hidden_name() if private else guest_name.strip(), channel, reference, whose)
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
    proof.may_agree(rooms, None, "")
    for wish in rooms:
        check(work, wish)
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
    made = _add_rooms(work, booking.id, rooms, state, proof.origin_of(booking))
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
    member_number: int | None = None,
    company_number: int | None = None,
    channel_number: int | None = None,
    more: Sequence[Wish] = (),
) -> None:
    """Change a coming booking: its dates, type, party or price. Nights it gives up go back on sale, new ones
    are taken.

    ``None`` leaves as it is how the booking came in, whose it is and whether it is disclosed; a number of 0
    takes a member, a company or a channel away. ``more`` are rooms that the
    booking takes besides, in the state of this one.
    """
    for wanted_room in (wish, *more):
        check(work, wanted_room)
    line, booking = line_and_booking(work, line_id)
    proof.may_agree((wish, *more), channel_number or booking.channel_number, reference or booking.reference)
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
    sold = (line.plan_id, line.arrival, line.departure)
    line.plan_id, line.arrival, line.departure = wish.plan_id, wish.arrival, wish.departure
    line.room_id = wish.room_id if line.state in HOLDING else None
    line.adults, line.children, line.breakfast = wish.adults, wish.children, wish.breakfast
    if not wanted and line.state in HOLDING:
        work.session.flush()
        by_day.must_have_room(work, wish.type_id, wish.arrival, booking=True)
    if line.room_id is not None:
        _hold_room(work, line, line.room_id, wanted)
    _rename(work, booking, guest_name.strip() or booking.guest_name, phone.strip(), do_not_disclose)
    booking.remarks = remarks.strip()
    booking.hold_until = typed.clock_time(hold_until) if hold_until else booking.hold_until
    numbers = {"member": member_number, "company": company_number, "channel": channel_number}
    whose = customer.changed(booking, numbers, {"company": company, "channel": channel})
    words = {
        "source": source,
        "channel": channel,
        "reference": reference,
        "company": company,
        "payer": payer,
    }
    for name, given in words.items():
        if given is not None:
            setattr(booking, name, given.strip())
    customer.attach(work, booking, whose, wish.arrival)
    origin = proof.origin_of(booking)
    if proof.asks_again(origin, line, sold, whose):
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
