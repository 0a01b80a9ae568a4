"""What stands behind one closed day: each balance, each price that was not the list's, each correction, slip,
loss and discrepancy. Read from the snapshot and the closed ledger alone."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from pms.core.money import Money
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.services.folios.models import Account, AccountDay, Transfer
from pms.services.housekeeping.models import Clearing, StatusRow, StatusSheet
from pms.services.night_audit.models import (
    NightFigure,
    NightLoss,
    NightStay,
)
from pms.services.reservations.models import kept_name as lost_name
from pms.services.rooms.models import Room, RoomType
from pms.services.staff.models import Staff
from pms.services.stays.models import Segment, Stay, kept_name

DAY = timedelta(days=1)


@dataclass(frozen=True)
class StayBalance:
    """What a stay owed at the close, and the deposit the house held."""

    room: str
    guest: str
    arrival: date
    departure: date
    price: Money
    owed: Money
    deposit: Money


@dataclass(frozen=True)
class RateLine:
    """A night sold at another price than the rack rate, or for nothing."""

    room: str
    guest: str
    type_code: str
    kind: str
    price: Money
    rack: Money | None


@dataclass(frozen=True)
class Correction:
    """A line taken back or corrected, by whom and why."""

    at: datetime
    room: str
    code: str
    text: str
    amount: Money
    reason: str
    clerk: str


@dataclass(frozen=True)
class Taking:
    """What one person took and gave back by one method."""

    clerk: str
    method: str
    number: int
    taken: Money
    given: Money


@dataclass(frozen=True)
class Lost:
    """A booking that did not become a stay."""

    number: int
    guest: str
    type_code: str
    arrival: date
    departure: date
    state: str
    reason: str


@dataclass(frozen=True)
class Discrepancy:
    """A room that housekeeping saw otherwise than the desk had it (persons, None: vacant or nobody), or what
    explained one."""

    part: str
    room: str
    kind: str
    desk: int | None
    seen: int
    clerk: str
    reason: str = ""


@query(Permission.REPORTS_READ)
def in_house(session: Session, *, day: date) -> list[StayBalance]:
    """Return what everybody in house owed at the close of a day, by room."""
    n, a, d, later = NightStay, Account, AccountDay, aliased(AccountDay)
    last = (
        select(func.max(later.business_date))
        .where(later.account_id == a.id, later.business_date <= day)
        .correlate(a)
        .scalar_subquery()
    )
    at_close = dict[tuple[int | None, str], int]()
    for stay_id, ledger, closing in session.execute(
        select(a.stay_id, a.ledger, d.closing)
        .join(d, and_(d.account_id == a.id, d.business_date == last))
        .where(a.stay_id.in_(select(n.stay_id).where(n.business_date == day)))
    ):
        at_close[stay_id, ledger] = at_close.get((stay_id, ledger), 0) + closing
    rows = session.execute(
        select(
            n.stay_id,
            func.coalesce(n.room, Room.number),
            kept_name(func.coalesce(n.guest, Stay.guest_name), n.stay_id),
            Stay.arrival,
            func.coalesce(n.departure, Stay.departure),
            n.price,
        )
        .join(Room, Room.id == n.room_id)
        .join(Stay, Stay.id == n.stay_id)
        .where(n.business_date == day)
        .order_by(Room.floor, Room.number)
    )
    return [
        StayBalance(
            number,
            guest,
            arrival,
            departure,
            price,
            Money(at_close.get((stay, "guest"), 0)),
            Money(-at_close.get((stay, "deposit"), 0)),
        )
        for stay, number, guest, arrival, departure, price in rows
    ]


@query(Permission.REPORTS_READ)
def variances(session: Session, *, day: date) -> list[RateLine]:
    """Return the nights sold for another price than the rack rate of their type, and those given away, by
    room."""
    n, f = NightStay, NightFigure
    rows = session.execute(
        select(
            func.coalesce(n.room, Room.number),
            kept_name(func.coalesce(n.guest, Stay.guest_name), n.stay_id),
            RoomType.code,
            n.kind,
            n.price,
            f.rack,
        )
        .join(Room, Room.id == n.room_id)
        .join(RoomType, RoomType.id == n.type_id)
        .join(Stay, Stay.id == n.stay_id)
        .outerjoin(f, and_(f.business_date == n.business_date, f.type_id == n.type_id))
        .where(n.business_date == day)
        .order_by(Room.floor, Room.number)
    )
    found = [
        RateLine(number, guest, code, kind, price, rack or None)
        for number, guest, code, kind, price, rack in rows
    ]
    return [line for line in found if line.kind or line.price != line.rack]


@query(Permission.REPORTS_READ)
def corrections(session: Session, *, day: date) -> list[Correction]:
    """Return the lines that were taken back, by whom and why, in the order it was done; the room is the one
    the stay had that day."""
    t, g, later, tonight, before = Transfer, Segment, aliased(Segment), aliased(NightStay), aliased(NightStay)
    last = (
        select(func.max(later.id))
        .where(later.stay_id == t.stay_id, later.start <= day)
        .correlate(t)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            t.at,
            func.coalesce(tonight.room, before.room, Room.number, ""),
            t.code,
            t.text,
            t.amount,
            t.rule,
            func.coalesce(Staff.name, ""),
        )
        .select_from(t)
        .outerjoin(tonight, and_(tonight.stay_id == t.stay_id, tonight.business_date == day))
        .outerjoin(before, and_(before.stay_id == t.stay_id, before.business_date == day - DAY))
        .outerjoin(g, g.id == last)
        .outerjoin(Room, Room.id == g.room_id)
        .outerjoin(Staff, Staff.id == t.clerk_id)
        .where(t.business_date == day, or_(t.reverses.is_not(None), t.code == "ADJUST"))
        .order_by(t.id)
    )
    return [Correction(*row) for row in rows]


@query(Permission.REPORTS_READ)
def takings(session: Session, *, day: date) -> list[Taking]:
    """Return what each person took and gave back by each method, for the cashier's count."""
    t, into, out = Transfer, aliased(Account), aliased(Account)
    method = case((into.ledger == "payment", into.code), else_=out.code)
    taken = func.sum(case((into.ledger == "payment", t.amount), else_=0))
    given = func.sum(case((out.ledger == "payment", t.amount), else_=0))
    rows = session.execute(
        select(func.coalesce(Staff.name, ""), method, func.count(), taken, given)
        .select_from(t)
        .join(into, into.id == t.debit_id)
        .join(out, out.id == t.credit_id)
        .outerjoin(Staff, Staff.id == t.clerk_id)
        .where(t.business_date == day, or_(into.ledger == "payment", out.ledger == "payment"))
        .group_by(Staff.name, method)
        .order_by(Staff.name, method)
    )
    return [
        Taking(clerk, code, number, Money(int(into_)), Money(int(out_)))
        for clerk, code, number, into_, out_ in rows
    ]


@query(Permission.REPORTS_READ)
def lost(session: Session, *, day: date) -> list[Lost]:
    """Return the bookings for a day that were cancelled or did not come, as they were at the close."""
    n = NightLoss
    rows = session.execute(
        select(
            n.number, lost_name(n.guest, n.line_id), n.type_code, n.arrival, n.departure, n.state, n.reason
        )
        .where(n.business_date == day)
        .order_by(n.state, n.number)
    )
    return [Lost(*row) for row in rows]


@query(Permission.REPORTS_READ)
def discrepancies(session: Session, *, day: date) -> list[Discrepancy]:
    """Return what the day's status sheets saw otherwise than the desk, then what was cleared with its
    reason."""
    r, s, c = StatusRow, StatusSheet, Clearing
    seen = session.execute(
        select(s.part, r.number, r.odd, r.desk_persons, r.persons, func.coalesce(Staff.name, ""))
        .join(s, s.id == r.sheet_id)
        .outerjoin(Staff, Staff.id == r.by)
        .where(s.business_date == day, r.odd != "")
        .order_by(s.part, r.floor, r.number)
    )
    cleared = session.execute(
        select(Room.number, c.kind, c.desk_persons, c.seen_persons, func.coalesce(Staff.name, ""), c.reason)
        .join(Room, Room.id == c.room_id)
        .outerjoin(Staff, Staff.id == c.by)
        .where(c.business_date == day)
        .order_by(c.id)
    )
    return [Discrepancy(*row) for row in seen] + [Discrepancy("", *row) for row in cleared]
