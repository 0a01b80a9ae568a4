"""Who is in house, who leaves, which rooms are ready, what a stay owes. No cost here grows with the hotel's history."""
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import case, exists, func, or_, select
from sqlalchemy.orm import Session

from pms.core.money import Money
from pms.core.options import Options
from pms.db.types import summed
from pms.services.folios.models import Account, Transfer
from pms.services.guests.models import Guest
from pms.services.rates.models import RatePlan
from pms.services.reservations.models import BookedRoom, NightRate, Reservation
from pms.services.rooms.models import Room, RoomNight, RoomType

from . import charges
from .models import Segment, Sharer, Stay


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
    identity: str
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

    @property
    def nights(self) -> int:
        """Return the number of nights."""
        return (self.departure - self.arrival).days


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
class SegmentRow:
    """The nights a stay has in one room."""

    room: str
    type_code: str
    start: date
    end: date
    reason: str


@dataclass(frozen=True)
class Leaving:
    """What a check-out now would settle."""

    charge_code: str
    charge: Money
    rule: str
    owed: Money
    deposit: Money
    to_pay: Money
    to_refund: Money


def _stays(business_date: date) -> object:
    s, b, r = Stay, BookedRoom, Reservation

    def standing(ledger: str) -> object:
        a, t = Account, Transfer
        return (select(summed(case((t.debit_id == a.id, t.amount), else_=-t.amount)))
                .select_from(a).join(t, or_(t.debit_id == a.id, t.credit_id == a.id))
                .where(a.stay_id == s.id, a.ledger == ledger).correlate(s).scalar_subquery())

    rate = (select(NightRate.price).where(NightRate.line_id == s.line_id, NightRate.night <= business_date).order_by(NightRate.night.desc())
            .limit(1).correlate(s).scalar_subquery())
    return (select(s.id, s.number, s.line_id, r.number, s.room_id, Room.number, Room.type_id, RoomType.code, RoomType.name, s.guest_id, Guest.name,
                   Guest.phone, Guest.identity, s.state, s.kind, s.arrival, s.departure, s.arrived_at, s.adults, s.children, r.company,
                   func.coalesce(RatePlan.name, ""), func.coalesce(rate, 0), standing("guest"), -standing("deposit"))  # type: ignore[operator]
            .join(b, b.id == s.line_id).join(r, r.id == b.reservation_id).join(Room, Room.id == s.room_id)
            .join(RoomType, RoomType.id == Room.type_id).join(Guest, Guest.id == s.guest_id).outerjoin(RatePlan, RatePlan.id == b.plan_id))


def _rows(session: Session, question: object) -> list[StayRow]:
    return [StayRow(*row) for row in session.execute(question)]  # type: ignore[call-overload]


def in_house(session: Session, *, business_date: date) -> list[StayRow]:
    """Return everybody in house by room."""
    return _rows(session, _stays(business_date).where(Stay.state == "in_house").order_by(Room.floor, Room.number))  # type: ignore[attr-defined]


def departures(session: Session, *, business_date: date) -> list[StayRow]:
    """Return who leaves today or should have left, by room."""
    return _rows(session, _stays(business_date).where(Stay.state == "in_house", Stay.departure <= business_date)  # type: ignore[attr-defined]
                 .order_by(Stay.departure, Room.number))


def departed(session: Session, *, business_date: date) -> list[StayRow]:
    """Return who has left on this business date, the latest first."""
    return _rows(session, _stays(business_date).where(Stay.state == "departed", Stay.departed_on == business_date)  # type: ignore[attr-defined]
                 .order_by(Stay.departed_at.desc()))


def stay(session: Session, *, stay_id: int, business_date: date) -> StayRow:
    """Return one stay."""
    return StayRow(*session.execute(_stays(business_date).where(Stay.id == stay_id)).one())  # type: ignore[attr-defined]


def sharers(session: Session, *, stay_id: int) -> list[tuple[int, str, str, str]]:
    """Return every guest of a stay: number, name, masked document, identity; the first is the one checked in first."""
    g = Guest
    first = session.execute(select(g.id, g.name, g.document_shown, g.identity).join(Stay, Stay.guest_id == g.id).where(Stay.id == stay_id)).all()
    others = session.execute(select(g.id, g.name, g.document_shown, g.identity).join(Sharer, Sharer.guest_id == g.id)
                             .where(Sharer.stay_id == stay_id).order_by(Sharer.id)).all()
    return [(row[0], row[1], row[2], row[3]) for row in (*first, *others)]


def segments(session: Session, *, stay_id: int) -> list[SegmentRow]:
    """Return the rooms a stay has had, in order."""
    rows = session.execute(select(Room.number, RoomType.code, Segment.start, Segment.end, Segment.reason).join(Room, Room.id == Segment.room_id)
                           .join(RoomType, RoomType.id == Segment.type_id).where(Segment.stay_id == stay_id).order_by(Segment.id))
    return [SegmentRow(*row) for row in rows]


def free_rooms(session: Session, *, start: date, end: date, type_id: int | None = None, line_id: int | None = None) -> list[FreeRoom]:
    """Return rooms that nobody is in and nobody holds in these nights (``line_id``: may hold it), the clean ones first, by number."""
    r, n = Room, RoomNight
    mine = or_(n.line_id.is_(None), n.line_id != line_id) if line_id is not None else True
    held = exists().where(n.room_id == r.id, n.night >= start, n.night < max(end, start), mine)
    blocked = exists().where(n.room_id == r.id, n.night == start, n.block_id.is_not(None))
    occupied = exists().where(Stay.room_id == r.id, Stay.state == "in_house")
    question = (select(r.id, r.number, r.floor, r.type_id, RoomType.code, RoomType.name, r.clean, r.features)
                .join(RoomType, RoomType.id == r.type_id).where(r.active, ~held, ~blocked, ~occupied)
                .order_by(case((r.clean == "dirty", 1), else_=0), r.floor, r.number))
    if type_id is not None:
        question = question.where(r.type_id == type_id)
    return [FreeRoom(*row) for row in session.execute(question)]


def leaving(session: Session, *, stay_id: int, business_date: date, now: datetime, zone: str, options: Options) -> Leaving:
    """Return what a check-out now would charge by the clock, owe, and give back."""
    row = stay(session, stay_id=stay_id, business_date=business_date)
    extra = None if row.kind else charges.leaving(options, zone, now, business_date, row.departure, row.rate)
    charge = extra.amount if extra else Money(0)
    due = row.balance + charge - row.deposit
    return Leaving(extra.code if extra else "", charge, extra.rule if extra else "", row.balance, row.deposit, Money(max(due, 0)), Money(max(-due, 0)))


def stay_names(session: Session, *, stay_id: int) -> list[tuple[str, str]]:
    """Return a stay's guest and room, for the papers of other duties."""
    row = session.execute(select(Guest.name, Room.number).select_from(Stay).join(Guest, Guest.id == Stay.guest_id)
                          .join(Room, Room.id == Stay.room_id).where(Stay.id == stay_id)).first()
    return [(row[0], row[1])] if row else []


def open_stay(session: Session, *, stay_id: int) -> list[tuple[int, datetime]]:
    """Return an open stay's room and the moment its cards end, for the card desk."""
    from pms.core.clock import at
    from pms.services.property.queries import setting

    row = session.execute(select(Stay.room_id, Stay.departure).where(Stay.id == stay_id, Stay.state == "in_house")).first()
    if row is None:
        return []
    house = setting(session)
    return [(row.room_id, at(row.departure, house.options.check_out_time, house.zone))]


def room_users(session: Session, *, room_id: int, start: date, end: date) -> list[str]:
    """Name the guest who is in a room now, for whoever wants to block it."""
    rows = session.execute(select(Guest.name, Stay.departure).join(Guest, Guest.id == Stay.guest_id)
                           .where(Stay.room_id == room_id, Stay.state == "in_house"))
    return [f"{row.name} – {row.departure:%m-%d}" for row in rows]


