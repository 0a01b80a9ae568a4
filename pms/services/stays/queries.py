"""Who is in house, who leaves, what a stay owes. No cost here grows with the hotel's history."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Select,
    and_,
    bindparam,
    case,
    func,
    select,
)
from sqlalchemy.orm import Session

from pms.core.i18n import _
from pms.core.money import Money
from pms.core.offers import Reminder
from pms.core.options import Options
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.books import ask
from pms.services.folios import channel_pays, routing, tax
from pms.services.guests.models import Guest
from pms.services.property.queries import setting
from pms.services.rates.pricing import NightPrice
from pms.services.reservations.models import NightRate, payer_words
from pms.services.rooms.models import Room, RoomType

from . import charges, departing
from .asked import stays_asked
from .charges import Extra
from .models import IN_HOUSE, Segment, Sharer, Stay


@dataclass(frozen=True)
class StayRow:
    """A stay in a list or at the head of its page."""

    stay_id: int
    number: int
    line_id: int
    booking: int
    room_id: int
    room: str
    type_id: int
    type_code: str
    type_name: str
    guest_id: int
    guest: str
    phone: str
    pending: int
    private: bool
    vip: bool
    state: str
    kind: str
    arrival: date
    departure: date
    arrived_at: datetime
    adults: int
    children: int
    company: str
    plan_name: str
    rate: Money
    balance: Money
    deposit: Money
    departed_at: datetime | None = None
    departed_on: date | None = None
    plan_id: int | None = None
    payer: str = "guest"
    channel: str = ""
    free_until: str = ""
    company_number: int | None = None
    guarantee: Money = Money(0)
    """What is held on cards for the stay and has not run out: it backs what is owed, and is no money."""
    channel_tonight: bool = False
    """The channel pays the business date's night; ``balance`` is without what it pays."""
    joined_to: int | None = None
    """The leading stay of the rooms that this one is joined with."""

    @property
    def tonight(self) -> Money:
        """Return what the guest pays for the business date's night."""
        return Money(0) if self.channel_tonight else self.rate

    def of_channel(self, code: str) -> bool:
        """Say whether the channel pays what the clock charges now: the night, or the use by day that it
        sold."""
        return self.channel_tonight and (code == "ROOM" or self.nights == 0)

    @property
    def payer_words(self) -> str:
        """Say who pays."""
        return payer_words(self.payer, self.channel, self.company)

    @property
    def nights(self) -> int:
        """Return the number of nights."""
        return (self.departure - self.arrival).days

    @property
    def identity(self) -> str:
        """Say whether everybody of the party has shown a document: ``checked`` or ``pending``."""
        return "pending" if self.pending else "checked"

    @property
    def listed(self) -> str:
        """Return the guest's name as a list shows it: not of one who is not to be disclosed."""
        return _("Do not disclose") if self.private else self.guest

    @property
    def listed_phone(self) -> str:
        """Return the guest's phone likewise."""
        return "" if self.private else self.phone

    def short(self, options: Options, away: int = 0) -> int:
        """Return by how much this night's price goes beyond the deposit, what cards guarantee and the
        house's credit; ``away`` is what of it a routing rule gives to somebody else."""
        return self.balance + self.tonight - away - self.deposit - self.guarantee - options.credit_limit


@dataclass(frozen=True)
class SegmentRow:
    """The nights a stay has in one room."""

    room: str
    type_code: str
    start: date
    end: date
    reason: str


@dataclass(frozen=True)
class Leaving:
    """What a check-out now would settle; ``had_night``: the business date's night was used, by the clock."""

    charge_code: str
    charge: Money
    rule: str
    owed: Money
    deposit: Money
    to_pay: Money
    to_refund: Money
    had_night: bool = False
    parts: Mapping[str, Money] = field(default_factory=dict)
    """What of the clock's charge stands on which folio of the stay by its routing rules; what another stay
    or the channel pays is not among it."""

    @property
    def pays_night(self) -> bool:
        """Say whether the charge is the night that was used, not a late departure or the use by day."""
        return self.charge_code == "ROOM"


@dataclass(frozen=True)
class Cover:
    """What a stay owes now, the price of its nights to come, how many nights it has in all, and what is
    held: its deposit, and what is held on a card."""

    owed: Money
    to_come: Money
    nights: int
    held: Money
    free: bool = False

    def missing(self, options: Options, more: int = 0, nights: int = 0) -> Money:
        """Return the deposit to be asked for when ``nights`` for ``more`` are added."""
        if self.free:
            return Money(0)
        return charges.deposit_missing(
            options, self.owed + self.to_come + more, self.nights + nights, self.held
        )


_IN_HOUSE = stays_asked().where(IN_HOUSE).order_by(Room.floor, Room.number)


_DEPARTURES = (
    stays_asked().where(IN_HOUSE, Stay.departure <= bindparam("today")).order_by(Stay.departure, Room.number)
)


_DEPARTED = (
    stays_asked()
    .where(Stay.state == "departed", Stay.departed_on == bindparam("today"))
    .order_by(Stay.departed_at.desc())
)


_STAY = stays_asked().where(Stay.id == bindparam("stay"))


@query(Permission.GUESTS_READ)
def in_house(session: Session, *, business_date: date) -> list[StayRow]:
    """Return everybody in house by room."""
    return [StayRow(*row) for row in ask(session, _IN_HOUSE, today=business_date)]


@query(Permission.GUESTS_READ)
def departures(session: Session, *, business_date: date) -> list[StayRow]:
    """Return who leaves today or should have left, by room."""
    return [StayRow(*row) for row in ask(session, _DEPARTURES, today=business_date)]


@query(Permission.GUESTS_READ)
def departed(session: Session, *, business_date: date) -> list[StayRow]:
    """Return who has left on this business date, the latest first."""
    return [StayRow(*row) for row in session.execute(_DEPARTED, {"today": business_date})]


@query(Permission.GUESTS_READ)
def stay(session: Session, *, stay_id: int, business_date: date) -> StayRow:
    """Return one stay."""
    return StayRow(*session.execute(_STAY, {"stay": stay_id, "today": business_date}).one())


@dataclass(frozen=True)
class Guesting:
    """A guest of a stay as registered; ``left_on`` where one has left before the others."""

    guest_id: int
    name: str
    sex: str
    birth: date | None
    nationality: str
    ethnic: str
    document_type: str
    document_shown: str
    identity: str
    first: bool
    left_on: date | None
    vip: bool
    private: bool


_SHARERS: Select[*tuple[Any, ...]] = (
    select(
        Sharer.guest_id,
        Sharer.name,
        Sharer.sex,
        Sharer.birth,
        Sharer.nationality,
        Sharer.ethnic,
        Sharer.document_type,
        Sharer.document_shown,
        Sharer.identity,
        Sharer.first,
        Sharer.left_on,
        Guest.vip,
        Guest.do_not_disclose,
    )
    .join(Guest, Guest.id == Sharer.guest_id)
    .where(Sharer.stay_id == bindparam("stay"))
    .order_by(Sharer.first.desc(), Sharer.id)
)


@query(Permission.GUESTS_READ)
def sharers(session: Session, *, stay_id: int) -> list[Guesting]:
    """Return every guest of a stay as registered, the stay's own first."""
    return [Guesting(*row) for row in session.execute(_SHARERS, {"stay": stay_id})]


@dataclass(frozen=True)
class PastStay:
    """A stay in a guest's record, as registered then; ``room`` is empty where it must not be told."""

    stay_id: int
    number: int
    room: str
    arrival: date
    departure: date
    name: str
    document_shown: str
    state: str

    @property
    def open(self) -> bool:
        """Say whether the guest is in house."""
        return self.state == "in_house"

    @property
    def nights(self) -> int:
        """Return the number of nights."""
        return (self.departure - self.arrival).days


_HISTORY: Select[*tuple[Any, ...]] = (
    select(
        Stay.id,
        Stay.number,
        case((and_(Guest.do_not_disclose, IN_HOUSE), ""), else_=Room.number),
        Stay.arrival,
        func.coalesce(Sharer.left_on, Stay.departed_on, Stay.departure),
        Sharer.name,
        Sharer.document_shown,
        case((Sharer.left_on.is_not(None), "left"), else_=Stay.state),
    )
    .join(Sharer, Sharer.stay_id == Stay.id)
    .join(Guest, Guest.id == Sharer.guest_id)
    .join(Room, Room.id == Stay.room_id)
    .where(Sharer.guest_id == bindparam("guest"), Stay.state != "undone")
    .order_by(Stay.arrival.desc(), Stay.id.desc())
    .limit(bindparam("most"))
)


@query(Permission.GUESTS_READ)
def history(session: Session, *, guest_id: int, limit: int = 200) -> list[PastStay]:
    """Return every stay of a guest, the latest first."""
    rows = session.execute(_HISTORY, {"guest": guest_id, "most": limit})
    return [PastStay(*row) for row in rows]


@query(Permission.GUESTS_READ)
def segments(session: Session, *, stay_id: int) -> list[SegmentRow]:
    """Return the rooms a stay has had, in order."""
    rows = session.execute(
        select(Room.number, RoomType.code, Segment.start, Segment.end, Segment.reason)
        .join(Room, Room.id == Segment.room_id)
        .join(RoomType, RoomType.id == Segment.type_id)
        .where(Segment.stay_id == stay_id)
        .order_by(Segment.id)
    )
    return [SegmentRow(*row) for row in rows]


@query(Permission.GUESTS_READ)
def registration_missing(session: Session, *, stay_id: int) -> list[Reminder]:
    """Name the guests of a stay whose document has not been entered, as a reminder before they leave."""
    names = [
        s.name for s in sharers(session, stay_id=stay_id) if s.identity == "pending" and s.left_on is None
    ]
    words = _("No document has been entered: %(names)s.")
    return [Reminder(words % {"names": ", ".join(names)}, "folios", {"stay_id": stay_id})] if names else []


@query(Permission.GUESTS_READ)
def cover(session: Session, *, stay_id: int, business_date: date) -> Cover:
    """Return what a stay owes now and will owe for the nights to come, against its deposit."""
    row = stay(session, stay_id=stay_id, business_date=business_date)
    n = NightRate
    coming = select(n.night, n.price).where(
        n.line_id == row.line_id,
        n.night >= business_date,
        n.night < row.departure,
        ~channel_pays.pays(stay_id, n.night),
    )
    ahead = [] if row.kind else [(night, int(price)) for night, price in session.execute(coming)]
    away = routing.away(session, nights={stay_id: sorted(ahead)}).get(stay_id, 0)
    backed = Money(row.deposit + row.guarantee)
    to_come = Money(sum(price for _night, price in ahead) - away)
    return Cover(row.balance, to_come, row.nights, backed, bool(row.kind))


@query(Permission.GUESTS_READ)
def nights_to_come(session: Session, *, stay_id: int, business_date: date) -> list[NightPrice]:
    """Return the nights of a stay that no audit has posted yet, with their prices."""
    n = NightRate
    rows = session.execute(
        select(n.night, n.price, n.rule)
        .join(Stay, Stay.line_id == n.line_id)
        .where(Stay.id == stay_id, n.night >= business_date, n.night < Stay.departure)
        .order_by(n.night)
    )
    return [NightPrice(*row) for row in rows]


@query(Permission.GUESTS_READ)
def leaving(
    session: Session, *, stay_id: int, business_date: date, now: datetime, zone: str, options: Options
) -> Leaving:
    """Return what a check-out now would charge by the clock, owe, and give back."""
    row = stay(session, stay_id=stay_id, business_date=business_date)
    house = departing.House(options, zone, now, business_date, setting(session).digits)
    guest = departing.Guest(
        row.stay_id, row.line_id, row.plan_id, row.type_id, row.arrival, row.kind, row.free_until
    )
    extra = departing.due(session, house, guest)
    charge = Money(extra.amount + tax.on_top(options, extra.code, extra.amount)) if extra else Money(0)
    parts = dict[str, Money]()
    if extra is not None and not row.of_channel(extra.code):
        found = routing.where(
            session, stay_id=stay_id, code=extra.code, amount=extra.amount, day=business_date
        )
        parts = _with_tax(options, extra, found)
    due = row.balance + sum(parts.values()) - row.deposit
    return Leaving(
        extra.code if extra else "",
        charge,
        extra.rule if extra else "",
        row.balance,
        row.deposit,
        to_pay=Money(max(due, 0)),
        to_refund=Money(max(-due, 0)),
        had_night=charges.had_night(zone, now, business_date),
        parts=parts,
    )


def _with_tax(options: Options, extra: Extra, found: Mapping[str | None, int]) -> dict[str, Money]:
    """Return the parts of a charge on the folios of its stay, each with its part of the tax on top: together
    that of the whole. What is over a rule's sum is moved to the guest's own with its part."""
    over = found.get(routing.OWN, 0) if len(found) > 1 else 0
    beside = Counter[str]()
    for one in tax.of(options, extra.code, extra.amount):
        if one.on_top:
            beside[one.code] += int(one.amount)
    going = sum(tax.portion(amount, extra.amount, over) for amount in beside.values())
    whole = sum(beside.values())
    made = dict[str, Money]()
    for window, amount in found.items():
        if window is not None:
            with_it = going if over and window == routing.OWN else whole - going
            made[window] = Money(amount + with_it)
    return made
