"""Set a hotel up, or take a running one over; all of it or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select

from pms.core import currencies
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.money import Money
from pms.core.office import Clerk
from pms.core.options import Options
from pms.core.permissions import Permission
from pms.db.rows import rights
from pms.db.work import Work, operation
from pms.services.authority import service as authority
from pms.services.channels import known as channels
from pms.services.folios import service as folios
from pms.services.guests.person import Person
from pms.services.property import service as property_
from pms.services.rates import service as rates
from pms.services.rates.models import RatePlan
from pms.services.reservations import service as reservations
from pms.services.reservations.models import BookedRoom, Reservation
from pms.services.reservations.service import Wish
from pms.services.rooms import inventory
from pms.services.rooms import service as rooms
from pms.services.rooms.models import Room
from pms.services.staff import access
from pms.services.staff import service as staff
from pms.services.staff.access import Kind
from pms.services.stays import service as stays

from . import rollback


@dataclass(frozen=True)
class TypePlan:
    """A room type to set up: its rack price in minor units, and the weekend's (Friday and Saturday) when it
    differs."""

    code: str
    name: str
    price: int
    weekend: int | None = None
    beds: int = 1
    overbook: int = 0


@dataclass(frozen=True)
class FloorPlan:
    """Rooms of one type on one floor: numbers ``first`` to ``last``, without those that hold a digit of
    ``skip``."""

    floor: int
    type_code: str
    first: int
    last: int
    skip: str = ""
    features: str = ""


@dataclass(frozen=True)
class Hotel:
    """Everything a new hotel is set up with."""

    name: str
    zone: str
    business_date: date
    types: tuple[TypePlan, ...]
    floors: tuple[FloorPlan, ...]
    owner_login: str
    owner_name: str
    owner_password: str
    currency: str = "CNY"
    options: Options = Options()
    years: int = 10


@dataclass(frozen=True)
class Guest:
    """A guest in house on the day of taking over: since when, until when, at which price, owing what, with
    which deposit held."""

    room: str
    name: str
    departure: date
    price: int
    owed: int = 0
    deposit: int = 0
    phone: str = ""
    adults: int = 1


AMOUNTS = (
    "deposit_per_night",
    "deposit_unit",
    "card_price",
    "odd_amount",
    "over_short_told",
    "float_amount",
)
"""Rules that are amounts: what a hotel starts with is about as much in any currency."""


@operation(Permission.PROPERTY_EDIT)
def accept_lost(work: Work, *, entries: list[list[Any]]) -> None:
    """Write into the trail that a person knows which entries a workstation saw saved and the trail lost."""
    for count, head in entries:
        work.note("anchor", {"lost": count, "head": head, "accepted": True})


@operation(Permission.PROPERTY_EDIT)
def key_shown(work: Work, *, how: str, by: list[str]) -> None:
    """Write down that the hotel's key was put on a sheet or entered here, and by whose word."""
    access.write(work, Kind.EXPORTED, f"{how}: {', '.join(by)}")
    work.note("hotel_key", {"how": how, "by": by})


@operation(Permission.PROPERTY_EDIT)
def moved(work: Work, *, to: str, by: list[str], rows: int) -> None:
    """Write into the trail that the hotel was brought over to a server, and by whose word."""
    work.note("move", {"to": to, "by": by, "rows": rows})


@operation(None)
def restored(work: Work, *, file: str, by: list[str], before: dict[str, Any]) -> None:
    """Write into the trail of a restored backup who restored it and how far the books went that it replaces;
    ``before`` is empty where those did not open."""
    after = rollback.stand(work.session).told()
    work.note("restore", {"file": file, "by": by, "before": before, "after": after})


@operation(None)
def found(work: Work, *, hotel: Hotel) -> None:
    """Set up a hotel: its row, owner, books, types, rooms, inventory and rack prices.

    Prices in China include tax; elsewhere it is added, until the hotel says otherwise.
    """
    money, options = currencies.of(hotel.currency), _rules(hotel)
    property_.create(
        work,
        name=hotel.name,
        zone=hotel.zone,
        currency=money.code,
        business_date=hotel.business_date,
        options=options,
    )
    work.session.flush()
    work.setting = replace(
        work.setting,
        business_date=hotel.business_date,
        options=options,
        zone=hotel.zone,
        currency=money.code,
        digits=money.digits,
    )
    owner = staff.open_register(
        work, login=hotel.owner_login, name=hotel.owner_name, password=hotel.owner_password
    )
    work.clerk = Clerk(owner, hotel.owner_name, "owner", rights())
    authority.open_table(work)
    folios.open_books(work)
    channels.open_register(work)
    types = {
        t.code: rooms.add_type(work, code=t.code, name=t.name, beds=t.beds, overbook=t.overbook)
        for t in hotel.types
    }
    for plan in hotel.floors:
        if plan.type_code not in types:
            raise Refused(
                _("Floor %(floor)s names the room type %(type)s, which is not there.")
                % {"floor": plan.floor, "type": plan.type_code}
            )
        rooms.add_rooms(
            work,
            type_id=types[plan.type_code],
            floor=plan.floor,
            features=plan.features,
            numbers=rooms.numbers_by_pattern(plan.floor, plan.first, plan.last, plan.skip),
        )
    inventory.extend(work, date.fromordinal(hotel.business_date.toordinal() + hotel.options.inventory_days))
    _prices(work, hotel, types)


def _rules(hotel: Hotel) -> Options:
    """Return the hotel's rules with what its currency brings, where they say nothing of their own."""
    rules, money, start = hotel.options, currencies.of(hotel.currency), Options()
    amounts: dict[str, Any] = {
        name: money.worth(getattr(start, name))
        for name in AMOUNTS
        if getattr(rules, name) == getattr(start, name)
    }
    return replace(
        rules,
        **amounts,
        tax_included=rules.tax_included or money.code == "CNY",
        charge_unit=money.step if rules.charge_unit == start.charge_unit else rules.charge_unit,
        denominations=money.pieces if rules.denominations == start.denominations else rules.denominations,
    )


FRIDAY_SATURDAY = 0b0110000


def _prices(work: Work, hotel: Hotel, types: dict[str, int]) -> None:
    rack = rates.add_plan(work, code="RACK", name=_("Rack"), kind="rack")
    end = date(hotel.business_date.year + hotel.years, 12, 31)
    for t in hotel.types:
        rates.set_price(
            work,
            plan_id=rack,
            type_id=types[t.code],
            start=hotel.business_date,
            end=end,
            price=Money(t.price),
        )
        if t.weekend is not None:
            rates.set_price(
                work,
                plan_id=rack,
                type_id=types[t.code],
                start=hotel.business_date,
                end=end,
                price=Money(t.weekend),
                weekdays=FRIDAY_SATURDAY,
            )


@operation(Permission.PROPERTY_EDIT, money=True)
def take_over(work: Work, *, guests: Sequence[Guest]) -> int:
    """Enter the guests of a running hotel with rates, balances and deposits against the opening-balance
    account; returns how many."""
    for guest in guests:
        _take_over(work, guest)
    return len(guests)


def _take_over(work: Work, guest: Guest) -> None:
    room = work.session.scalars(select(Room).where(Room.number == guest.room)).first()
    if room is None:
        raise Refused(_("There is no room %(room)s.") % {"room": guest.room})
    if guest.departure <= work.business_date:
        raise Refused(
            _("%(guest)s in %(room)s leaves today or has left; enter only who stays tonight.")
            % {"guest": guest.name, "room": guest.room}
        )
    nights = inventory.nights(work.business_date, guest.departure)
    plan = work.session.scalars(select(RatePlan.id).order_by(RatePlan.id).limit(1)).first()
    wish = Wish(
        room.type_id,
        work.business_date,
        guest.departure,
        guest.adults,
        plan_id=plan,
        prices=(guest.price,) * len(nights),
        price_reason=_("price as taken over"),
        room_id=room.id,
    )
    number = reservations.book(
        work, guest_name=guest.name, rooms=[wish], phone=guest.phone, source="taken_over", state="guaranteed"
    )
    line_id = work.session.execute(
        select(BookedRoom.id)
        .join(Reservation, Reservation.id == BookedRoom.reservation_id)
        .where(Reservation.number == number)
    ).scalar_one()
    work.confirmed = work.confirmed | {f"dirty:{room.id}"}
    stay_id = stays.check_in(
        work,
        line_id=line_id,
        room_id=room.id,
        guests=[Person(guest.name, phone=guest.phone)],
        print_registration=False,
    )
    folios.opening_balance(work, stay_id=stay_id, amount=Money(guest.owed), deposit_held=Money(guest.deposit))
