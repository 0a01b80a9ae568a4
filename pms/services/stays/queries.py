"""Who is in house, who leaves, which rooms are ready, what a stay owes. No cost here grows with the hotel's
history."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import Session

from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.money import Money
from pms.core.offers import Badge, OpenItem, OpenStay, StayName
from pms.core.options import Options
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.types import summed
from pms.services.folios import tax
from pms.services.folios.models import Account, Transfer
from pms.services.guests.models import Guest
from pms.services.property.queries import setting
from pms.services.rates import pricing
from pms.services.rates.models import RatePlan
from pms.services.rates.pricing import NightPrice
from pms.services.reservations import by_day
from pms.services.reservations.models import BookedRoom, NightRate, Reservation, payer_words
from pms.services.reservations.models import listed_name as booked_name
from pms.services.rooms.models import Block, Room, RoomNight, RoomType

from . import charges, departing
from .models import IN_HOUSE, Segment, Sharer, Stay, listed_name


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


@dataclass(frozen=True)
class FreeRoom:
    """A room that a guest can be given for some nights."""

    room_id: int
    number: str
    floor: int
    type_id: int
    type_code: str
    type_name: str
    clean: str
    features: str


@dataclass(frozen=True)
class Move:
    """A room that a guest in house can move to: the prices of its type for the nights left, and how much more
    that is in all."""

    room: FreeRoom
    nights: tuple[NightPrice, ...] | None
    difference: Money | None


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

    @property
    def pays_night(self) -> bool:
        """Say whether the charge is the night that was used, not a late departure or the use by day."""
        return self.charge_code == "ROOM"


@dataclass(frozen=True)
class Cover:
    """What a stay owes now, the price of its nights to come, how many nights it has in all, and the deposit
    held."""

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


@dataclass(frozen=True)
class Obstacle:
    """Why a room cannot be given for some nights: ``occupied``, ``blocked`` or ``held``; by whom or why, and
    until when."""

    kind: str
    who: str
    until: date


def _stays() -> Select[*tuple[Any, ...]]:
    s, b, r = Stay, BookedRoom, Reservation

    def standing(ledger: str) -> ColumnElement[int]:
        a, t = Account, Transfer
        return (
            select(summed(case((t.debit_id == a.id, t.amount), else_=-t.amount)))
            .select_from(a)
            .join(t, or_(t.debit_id == a.id, t.credit_id == a.id))
            .where(a.stay_id == s.id, a.ledger == ledger)
            .correlate(s)
            .scalar_subquery()
        )

    rate = (
        select(NightRate.price)
        .where(NightRate.line_id == s.line_id, NightRate.night <= bindparam("today"))
        .order_by(NightRate.night.desc())
        .limit(1)
        .correlate(s)
        .scalar_subquery()
    )
    return (
        select(
            s.id,
            s.number,
            s.line_id,
            r.number,
            s.room_id,
            Room.number,
            Room.type_id,
            RoomType.code,
            RoomType.name,
            s.guest_id,
            s.guest_name,
            Guest.phone,
            s.pending,
            Guest.do_not_disclose,
            Guest.vip,
            s.state,
            s.kind,
            s.arrival,
            s.departure,
            s.arrived_at,
            s.adults,
            s.children,
            r.company,
            func.coalesce(RatePlan.name, ""),
            func.coalesce(rate, 0),
            standing("guest"),
            -standing("deposit"),
            s.departed_at,
            s.departed_on,
            b.plan_id,
            s.payer,
            r.channel,
        )
        .join(b, b.id == s.line_id)
        .join(r, r.id == b.reservation_id)
        .join(Room, Room.id == s.room_id)
        .join(RoomType, RoomType.id == Room.type_id)
        .join(Guest, Guest.id == s.guest_id)
        .outerjoin(RatePlan, RatePlan.id == b.plan_id)
    )


_IN_HOUSE = _stays().where(IN_HOUSE).order_by(Room.floor, Room.number)
_DEPARTURES = (
    _stays().where(IN_HOUSE, Stay.departure <= bindparam("today")).order_by(Stay.departure, Room.number)
)
_DEPARTED = (
    _stays()
    .where(Stay.state == "departed", Stay.departed_on == bindparam("today"))
    .order_by(Stay.departed_at.desc())
)
_STAY = _stays().where(Stay.id == bindparam("stay"))


@query(Permission.GUESTS_READ)
def in_house(session: Session, *, business_date: date) -> list[StayRow]:
    """Return everybody in house by room."""
    return [StayRow(*row) for row in session.execute(_IN_HOUSE, {"today": business_date})]


@query(Permission.GUESTS_READ)
def departures(session: Session, *, business_date: date) -> list[StayRow]:
    """Return who leaves today or should have left, by room."""
    return [StayRow(*row) for row in session.execute(_DEPARTURES, {"today": business_date})]


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


def _free_rooms() -> Select[*tuple[Any, ...]]:
    r, n = Room, RoomNight
    start: BindParameter[date] = bindparam("start")
    held = exists().where(
        n.room_id == r.id,
        n.night >= start,
        n.night < bindparam("end"),
        or_(n.line_id.is_(None), n.line_id != bindparam("line")),
    )
    blocked = exists().where(n.room_id == r.id, n.night == start, n.block_id.is_not(None))
    occupied = exists().where(Stay.room_id == r.id, IN_HOUSE)
    promised = by_day.promised(r.id, start, bindparam("end"), bindparam("line"))
    return (
        select(r.id, r.number, r.floor, r.type_id, RoomType.code, RoomType.name, r.clean, r.features)
        .join(RoomType, RoomType.id == r.type_id)
        .where(r.active, ~r.house_use, ~held, ~blocked, ~occupied, ~promised)
        .order_by(case((r.clean == "dirty", 1), else_=0), r.floor, r.number)
    )


_FREE = _free_rooms()
_FREE_OF_TYPE = _FREE.where(Room.type_id == bindparam("type"))


@query(Permission.GUESTS_READ)
def free_rooms(
    session: Session, *, start: date, end: date, type_id: int | None = None, line_id: int | None = None
) -> list[FreeRoom]:
    """Return rooms that nobody is in and nobody holds in these nights (``line_id``: may hold it), the clean
    ones first, by number."""
    nights = {"start": start, "end": end, "line": line_id or 0}
    if type_id is None:
        return [FreeRoom(*row) for row in session.execute(_FREE, nights)]
    return [FreeRoom(*row) for row in session.execute(_FREE_OF_TYPE, {**nights, "type": type_id})]


@query(Permission.GUESTS_READ)
def obstacle(
    session: Session, *, room_id: int, start: date, end: date, line_id: int | None = None
) -> Obstacle | None:
    """Return what keeps a room from being given in these nights, None when it can be taken."""
    inside = session.execute(
        select(listed_name().label("name"), Stay.departure)
        .join(Guest, Guest.id == Stay.guest_id)
        .where(Stay.room_id == room_id, IN_HOUSE)
    ).first()
    if inside is not None:
        return Obstacle("occupied", inside.name, inside.departure)
    n = RoomNight
    taken = session.execute(
        select(n.line_id, Block.reason, Block.end, booked_name().label("guest"), BookedRoom.departure)
        .outerjoin(Block, Block.id == n.block_id)
        .outerjoin(BookedRoom, BookedRoom.id == n.line_id)
        .outerjoin(Reservation, Reservation.id == BookedRoom.reservation_id)
        .where(
            n.room_id == room_id,
            n.night >= start,
            n.night < max(end, start + timedelta(days=1)),
            or_(n.line_id.is_(None), n.line_id != (line_id or 0)),
        )
        .order_by(n.night)
        .limit(1)
    ).first()
    if taken is None:
        return None
    return (
        Obstacle("blocked", taken.reason, taken.end)
        if taken.line_id is None
        else Obstacle("held", taken.guest, taken.departure)
    )


@query(Permission.GUESTS_READ)
def more_nights(session: Session, *, stay_id: int, departure: date) -> list[NightPrice]:
    """Return the nights that staying until ``departure`` would add, each with its price: by the plan, else as
    the last night."""
    row = session.execute(
        select(Stay.departure, Stay.line_id, BookedRoom.plan_id, Room.type_id)
        .join(BookedRoom, BookedRoom.id == Stay.line_id)
        .join(Room, Room.id == Stay.room_id)
        .where(Stay.id == stay_id)
    ).one()
    wanted = _nights(row.departure, departure)
    if row.plan_id is not None:
        return pricing.quote(session, plan_id=row.plan_id, type_id=row.type_id, nights=wanted)
    n = NightRate
    last = session.execute(
        select(n.price, n.rule).where(n.line_id == row.line_id).order_by(n.night.desc()).limit(1)
    ).first()
    return [NightPrice(night, last.price, last.rule) for night in wanted] if last else []


def _nights(start: date, end: date) -> list[date]:
    return [start + timedelta(days=n) for n in range((end - start).days)]


@query(Permission.GUESTS_READ)
def in_the_way(session: Session, *, stay_id: int, departure: date) -> list[tuple[date, str]]:
    """Return who holds the stay's room in the nights that staying until ``departure`` would add: each night
    with the booking or block."""
    n, b, r = RoomNight, BookedRoom, Reservation
    rows = session.execute(
        select(n.night, r.number, booked_name().label("guest"), Block.kind, Block.reason)
        .select_from(Stay)
        .join(n, n.room_id == Stay.room_id)
        .outerjoin(b, b.id == n.line_id)
        .outerjoin(r, r.id == b.reservation_id)
        .outerjoin(Block, Block.id == n.block_id)
        .where(Stay.id == stay_id, n.night >= Stay.departure, n.night < departure)
        .order_by(n.night)
    )
    return [
        (row.night, f"R-{row.number} {row.guest}" if row.number else f"{row.kind} {row.reason}")
        for row in rows
    ]


@query(Permission.GUESTS_READ)
def moves(session: Session, *, stay_id: int, business_date: date) -> list[Move]:
    """Return the rooms a guest can move to for the nights left, with what each would cost by the guest's rate
    plan."""
    row = session.execute(
        select(Stay.departure, Stay.line_id, BookedRoom.plan_id)
        .join(BookedRoom, BookedRoom.id == Stay.line_id)
        .where(Stay.id == stay_id)
    ).one()
    wanted = _nights(business_date, row.departure)
    now = session.execute(
        select(summed(NightRate.price)).where(
            NightRate.line_id == row.line_id, NightRate.night >= business_date
        )
    ).scalar_one()
    rooms = free_rooms(session, start=business_date, end=row.departure, line_id=row.line_id)
    listed = {
        type_id: _listed(session, row.plan_id, type_id, wanted) for type_id in {r.type_id for r in rooms}
    }
    return [_move(room, listed[room.type_id], int(now)) for room in rooms]


def _listed(
    session: Session, plan_id: int | None, type_id: int, nights: list[date]
) -> tuple[NightPrice, ...] | None:
    if plan_id is None:
        return None
    try:
        return tuple(pricing.quote(session, plan_id=plan_id, type_id=type_id, nights=nights))
    except Refused:  # the plan has no price for this type: the guest's price can only stay
        return None


def _move(room: FreeRoom, nights: tuple[NightPrice, ...] | None, now: int) -> Move:
    return Move(room, nights, None if nights is None else Money(sum(n.price for n in nights) - now))


@query(Permission.GUESTS_READ)
def registration_missing(session: Session, *, stay_id: int) -> list[str]:
    """Name the guests of a stay whose document has not been entered, as a reminder before they leave."""
    names = [
        s.name for s in sharers(session, stay_id=stay_id) if s.identity == "pending" and s.left_on is None
    ]
    return [_("No document has been entered: %(names)s.") % {"names": ", ".join(names)}] if names else []


@query(Permission.GUESTS_READ)
def cover(session: Session, *, stay_id: int, business_date: date) -> Cover:
    """Return what a stay owes now and will owe for the nights to come, against its deposit."""
    row = stay(session, stay_id=stay_id, business_date=business_date)
    n = NightRate
    coming = select(summed(n.price)).where(
        n.line_id == row.line_id, n.night >= business_date, n.night < row.departure
    )
    ahead = 0 if row.kind else int(session.execute(coming).scalar_one())
    return Cover(row.balance, Money(ahead), row.nights, row.deposit, bool(row.kind))


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
    guest = departing.Guest(row.stay_id, row.line_id, row.plan_id, row.type_id, row.arrival, row.kind)
    extra = departing.due(session, house, guest)
    charge = Money(extra.amount + tax.on_top(options, extra.code, extra.amount)) if extra else Money(0)
    due = row.balance + charge - row.deposit
    return Leaving(
        extra.code if extra else "",
        charge,
        extra.rule if extra else "",
        row.balance,
        row.deposit,
        to_pay=Money(max(due, 0)),
        to_refund=Money(max(-due, 0)),
        had_night=charges.had_night(zone, now, business_date),
    )


_NAMES = (
    select(Stay.guest_name, Room.number, Stay.arrival, Stay.departure)
    .select_from(Stay)
    .join(Guest, Guest.id == Stay.guest_id)
    .join(Room, Room.id == Stay.room_id)
    .where(Stay.id == bindparam("stay"))
)


_LISTED = _NAMES.with_only_columns(Room.number, listed_name().label("name"))


@query(Permission.GUESTS_READ)
def stay_name(session: Session, *, stay_id: int) -> StayName | None:
    """Return a stay's guest, room, arrival and departure, for the papers of other duties."""
    row = session.execute(_NAMES, {"stay": stay_id}).first()
    return StayName(*row) if row else None


@query(Permission.GUESTS_READ)
def open_stay(session: Session, *, stay_id: int) -> OpenStay | None:
    """Return an open stay's room and the moment its cards end, for the card desk; within an operation, that
    the guest does not leave meanwhile."""
    from pms.core.clock import at
    from pms.services.property.queries import setting

    held = select(Stay.room_id, Stay.departure).where(Stay.id == stay_id, IN_HOUSE)
    row = session.execute(held.with_for_update(key_share=True)).first()
    if row is None:
        return None
    house = setting(session)
    return OpenStay(row.room_id, at(row.departure, house.options.check_out_time, house.zone))


@query(Permission.GUESTS_READ)
def room_users(session: Session, *, room_id: int, start: date, end: date) -> list[str]:
    """Name the guest who is in a room in these nights, for whoever wants to block it; one overdue is in it
    today."""
    today = setting(session).business_date
    in_it = or_(Stay.departure > start, literal(start <= today))
    rows = session.execute(
        select(listed_name().label("name"), Stay.departure)
        .join(Guest, Guest.id == Stay.guest_id)
        .where(Stay.room_id == room_id, IN_HOUSE, in_it)
    )
    return [f"{row.name} – {row.departure:%m-%d}" for row in rows]


@query(Permission.GUESTS_READ)
def open_items(session: Session) -> list[OpenItem]:
    """Return for the handover who should have left, and who left today with a balance unsettled."""
    today, r, s = setting(session).business_date, Room, Stay
    late = session.execute(
        select(r.number, listed_name(), s.departure)
        .select_from(s)
        .join(r, r.id == s.room_id)
        .join(Guest, Guest.id == s.guest_id)
        .where(IN_HOUSE, s.departure <= today)
        .order_by(r.number)
    )
    unsettled = session.execute(
        select(s.number, r.number, listed_name(), s.departed_at)
        .select_from(s)
        .join(r, r.id == s.room_id)
        .join(Guest, Guest.id == s.guest_id)
        .where(s.departed_on == today, s.unsettled)
        .order_by(s.number)
    )
    return [
        *(
            OpenItem("stays", room, _("%(guest)s leaves today and is not out.") % {"guest": name}, None)
            for room, name, _day in late
        ),
        *(
            OpenItem(
                "stays",
                f"S-{number}",
                _("%(guest)s left %(room)s unsettled.") % {"guest": name, "room": room},
                at,
            )
            for number, room, name, at in unsettled
        ),
    ]


@query(Permission.GUESTS_READ)
def badges(session: Session) -> list[Badge]:
    """Return how many guests leave today or should have left."""
    today = setting(session).business_date
    due = session.execute(
        select(func.count()).select_from(Stay).where(IN_HOUSE, Stay.departure <= today)
    ).scalar_one()
    return [Badge("stays", due, "warn" if due else "")]
