"""The shift at a workstation, what it moved, and the handovers there were."""

from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import Session

from pms.core.i18n import _
from pms.core.money import Money
from pms.core.offers import Alarm, Drawer, OwnShift
from pms.core.options import Options
from pms.core.reading import query
from pms.db.types import summed
from pms.services.folios import kinds, numbers
from pms.services.folios.ledger import ROOM_CODES
from pms.services.folios.models import Account, Transfer
from pms.services.property.queries import setting
from pms.services.shop import shelf
from pms.services.shop.queries import GoodRow
from pms.services.shop.shelf import ShelfLine
from pms.services.staff.models import Staff

from .duty import SHIFTS_WORK
from .models import LIVE, DrawerOpening, Handover, ShelfCount, Shift, ShiftCount

DRAWER_CODES = ("FLOAT", "DROP", "PAYOUT", "OVERSHORT")


@dataclass(frozen=True)
class ShiftRow:
    """A shift as its page shows it; ``handed_over`` says whether the next person has taken it."""

    id: int
    number: int
    station: str
    clerk_id: int
    clerk: str
    state: str
    business_date: date
    opened_at: datetime
    float_amount: Money
    expected: Money | None
    counted: Money | None
    over_short: Money
    reason: str
    left: Money
    closed_at: datetime | None
    handed_over: bool


@dataclass(frozen=True)
class MoveRow:
    """Cash that went between the drawer and the safe, or was paid out of it."""

    id: int
    at: datetime
    code: str
    amount: Money
    text: str
    reason: str
    reverses: int | None = None


@dataclass(frozen=True)
class MethodRow:
    """What a shift took in and gave out by one way to pay."""

    method: str
    received: Money
    given: Money
    slips: int = 0


@dataclass(frozen=True)
class Taking:
    """How many slips a running shift has of one way to pay, and what they come to; None for cash, which is
    told after the count."""

    method: str
    slips: int
    net: Money | None


@dataclass(frozen=True)
class Electronic:
    """One electronic payment of a shift, below 0 where money went back, under its transaction number."""

    id: int
    method: str
    number: str
    amount: Money
    at: datetime

    def plain(self) -> dict[str, str]:
        """Return plain data for the handover's row."""
        return {
            "method": self.method,
            "number": self.number,
            "amount": str(int(self.amount)),
            "at": self.at.isoformat(),
        }


@dataclass(frozen=True)
class Figures:
    """The money of a shift: ``expected`` is float + in − out − drops − payouts; ``over_short`` is counted
    less expected.

    ``shop`` is the count of the shelf, empty where the house asks for none; ``openings`` are those of the
    drawer without a sale, ``numbers`` the electronic payments one by one.
    """

    float_amount: int
    methods: list[MethodRow]
    drops: int
    payouts: int
    expected: int
    counted: int | None = None
    over_short: int = 0
    reason: str = ""
    left: int = 0
    handed_in: int = 0
    counts: int = 0
    pieces: dict[str, int] = field(default_factory=dict)
    shop: list[ShelfLine] = field(default_factory=list)
    shop_counts: int = 0
    openings: list[dict[str, str]] = field(default_factory=list)
    numbers: list[dict[str, str]] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        """Return plain data for the handover's row."""
        return asdict(self)

    @classmethod
    def read(cls, stored: dict[str, Any]) -> "Figures":
        """Return the figures as they were stored."""
        return cls(
            **{
                **stored,
                "methods": [MethodRow(**m) for m in stored["methods"]],
                "shop": [ShelfLine(**x) for x in stored.get("shop", ())],
            }
        )


@dataclass(frozen=True)
class HandoverRow:
    """A handover in the list."""

    id: int
    number: int
    at: datetime
    station: str
    given_by: str
    taken_by: str
    over_short: Money
    items: int


@dataclass(frozen=True)
class HandoverSheet:
    """A handover as it was accepted."""

    number: int
    at: datetime
    given_by: str
    taken_by: str
    figures: Figures
    items: list[dict[str, str]]


@query(SHIFTS_WORK)
def shift_at(session: Session, *, station: str) -> OwnShift | None:
    """Return the shift that holds a workstation's drawer, held against being counted meanwhile; the ledger
    asks for it."""
    row = session.execute(_AT, {"station": station}).first()
    return OwnShift(row.id, row.state, row.name or "") if row else None


_AT = (
    select(Shift.id, Shift.state, Staff.name)
    .join(Staff, Staff.id == Shift.clerk_id)
    .where(Shift.station == bindparam("station"), Shift.state != "closed")
    .with_for_update(read=True, of=Shift)
)


def _shifts() -> Select[*tuple[Any, ...]]:
    s = Shift
    taken = exists().where(Handover.shift_id == s.id)
    return select(
        s.id,
        s.number,
        s.station,
        s.clerk_id,
        Staff.name,
        s.state,
        s.business_date,
        s.opened_at,
        s.float_amount,
        s.expected,
        s.counted,
        s.over_short,
        s.reason,
        s.left,
        s.closed_at,
        taken,
    ).join(Staff, Staff.id == s.clerk_id)


@query(SHIFTS_WORK)
def to_open(session: Session, *, station: str) -> list[Alarm]:
    """Say at the sign-in that no shift is open where money needs one: the first cash is not the moment."""
    if not setting(session).options.shifts or session.execute(_ANY, {"station": station}).first():
        return []
    told = _("No shift is open at %(station)s. Money is taken once it is.") % {"station": station}
    return [Alarm(told, "shifts")]


_ANY = select(Shift.id).where(Shift.station == bindparam("station"), Shift.state != "closed")


@query(SHIFTS_WORK)
def drawers(session: Session, *, station: str) -> list[Drawer]:
    """Return whose shift is live at a workstation, for whoever works at it."""
    found = session.execute(_WHOSE, {"station": station})
    return [Drawer(clerk_id, name) for clerk_id, name in found]


_WHOSE = (
    select(Shift.clerk_id, Staff.name)
    .join(Staff, Staff.id == Shift.clerk_id)
    .where(Shift.station == bindparam("station"), LIVE)
)


@query(SHIFTS_WORK)
def current(session: Session, *, station: str) -> ShiftRow | None:
    """Return a workstation's latest shift: the live one, or the last that was closed."""
    row = session.execute(
        _shifts().where(Shift.station == station).order_by(Shift.number.desc()).limit(1)
    ).first()
    return ShiftRow(*row) if row else None


@query(SHIFTS_WORK)
def shift(session: Session, *, shift_id: int) -> ShiftRow:
    """Return one shift."""
    return ShiftRow(*session.execute(_shifts().where(Shift.id == shift_id)).one())


@query(SHIFTS_WORK)
def moves(session: Session, *, shift_id: int) -> list[MoveRow]:
    """Return a shift's drops, payouts and float, oldest first; not what guests paid, so that the count stays
    blind."""
    t = Transfer
    rows = session.execute(
        select(t.id, t.at, t.code, t.amount, t.text, t.rule, t.reverses)
        .where(t.shift_id == shift_id, t.code.in_(("FLOAT", "DROP", "PAYOUT")))
        .order_by(t.id)
    )
    return [MoveRow(*row) for row in rows]


@query(SHIFTS_WORK)
def expected(session: Session, *, shift_id: int) -> Money:
    """Return what the drawer should hold: float + in − out − drops, counted from the shift's own postings."""
    t = Transfer
    signed = case((t.debit_id == Shift.account_id, t.amount), else_=-t.amount)
    moved = session.execute(
        select(summed(signed))
        .join(Shift, Shift.id == t.shift_id)
        .where(
            Shift.id == shift_id,
            t.code.not_in(("FLOAT", "OVERSHORT")),
            or_(t.debit_id == Shift.account_id, t.credit_id == Shift.account_id),
        )
    ).scalar_one()
    return Money(
        session.execute(select(Shift.float_amount).where(Shift.id == shift_id)).scalar_one() + int(moved)
    )


@query(SHIFTS_WORK)
def methods(session: Session, *, shift_id: int) -> list[MethodRow]:
    """Return what a shift received and gave by way to pay; drops, payouts and the float are not among it."""
    a, t = Account, Transfer
    rows = session.execute(
        select(
            a.code,
            summed(case((t.debit_id == a.id, t.amount), else_=0)),
            summed(case((t.credit_id == a.id, t.amount), else_=0)),
            func.count(),
        )
        .join(t, and_(t.shift_id == shift_id, or_(t.debit_id == a.id, t.credit_id == a.id)))
        .where(a.ledger == "payment", a.code != "SAFE", t.code.not_in(DRAWER_CODES))
        .group_by(a.code)
        .order_by(a.code)
    )
    return [
        MethodRow((code or "").split(":")[0], Money(int(got)), Money(int(gave)), slips)
        for code, got, gave, slips in rows
    ]


@query(SHIFTS_WORK)
def takings(session: Session, *, shift_id: int) -> list[Taking]:
    """Return what a running shift took by way to pay, blind for the cash."""
    return [
        Taking(m.method, m.slips, None if m.method == "CASH" else Money(m.received - m.given))
        for m in methods(session, shift_id=shift_id)
    ]


@query(SHIFTS_WORK)
def electronic(session: Session, *, shift_id: int) -> list[Electronic]:
    """Return the electronic payments of a shift one by one, the latest first; what was reversed is left
    out."""
    methods = [code for code in kinds.NAMES if code != "CASH"]
    found = numbers.moved_in(session, methods=methods, shift_id=shift_id)
    return [Electronic(m.transfer_id, m.kind, m.number or m.of, m.amount, m.at) for m in reversed(found)]


@query(SHIFTS_WORK)
def figures(session: Session, *, shift_id: int) -> Figures:
    """Return the money of a shift that has been counted."""
    row = shift(session, shift_id=shift_id)
    found = moves(session, shift_id=shift_id)
    sums = {code: sum(m.amount for m in found if m.code == code) for code in ("DROP", "PAYOUT")}
    handed_in = (row.counted or 0) - row.left if row.state == "closed" else 0
    c = ShiftCount
    counts = session.execute(
        select(c.pieces, c.total, c.expected).where(c.shift_id == shift_id).order_by(c.id)
    ).all()
    last = counts[-1] if counts else None
    should = last.expected if last else expected(session, shift_id=shift_id)
    return Figures(
        row.float_amount,
        methods(session, shift_id=shift_id),
        sums["DROP"] - handed_in,
        sums["PAYOUT"],
        should,
        last.total if last else None,
        last.total - last.expected if last else 0,
        row.reason,
        row.left,
        handed_in,
        len(counts),
        {k: int(v) for k, v in last.pieces.items()} if last else {},
        *_shop(session, shift_id),
        openings(session, shift_id=shift_id),
        [one.plain() for one in electronic(session, shift_id=shift_id)],
    )


@query(SHIFTS_WORK)
def openings(session: Session, *, shift_id: int) -> list[dict[str, str]]:
    """Return when a shift's drawer was opened without a sale, by whom and why, oldest first, as plain
    data."""
    o = DrawerOpening
    rows = session.execute(
        select(o.at, Staff.name, o.reason)
        .outerjoin(Staff, Staff.id == o.by)
        .where(o.shift_id == shift_id)
        .order_by(o.id)
    )
    return [{"at": at.isoformat(), "by": name or "", "reason": reason} for at, name, reason in rows]


def _shop(session: Session, shift_id: int) -> tuple[list[ShelfLine], int]:
    """Return a shift's count of the shelf, explained once it is closed, and how often it was counted."""
    c = ShelfCount
    counts = session.execute(select(c.lines, c.last_move).where(c.shift_id == shift_id).order_by(c.id)).all()
    station, closed, kept = session.execute(
        select(Shift.station, Shift.state == "closed", Shift.shop).where(Shift.id == shift_id)
    ).one()
    if closed:
        return [ShelfLine(**x) for x in kept or ()], len(counts) if kept else 0
    if not counts or shelf.stale(session, since=counts[-1].last_move, station=station):
        return [], 0
    return [ShelfLine(**x) for x in counts[-1].lines], len(counts)


@query(SHIFTS_WORK)
def shop_to_count(session: Session, *, shift_id: int, options: Options) -> list[GoodRow]:
    """Return the goods that are to be counted before a shift is closed; none where the house asks for no
    count, sells nothing or has counted."""
    if not options.shop_count or _shop(session, shift_id)[0]:
        return []
    return shelf.on_sale(session)


@query(SHIFTS_WORK)
def proposed_left(session: Session, *, shift_id: int, options: Options) -> Money:
    """Return what stays in the drawer by the house's habit: a fixed float, all but the room revenue, or all
    but the settled bills."""
    row = shift(session, shift_id=shift_id)
    c = ShiftCount
    last = select(c.total).where(c.shift_id == shift_id).order_by(c.id.desc()).limit(1)
    counted = session.execute(last).scalar() or 0
    if options.hand_in == "float":
        return Money(min(counted, options.float_amount))
    handed = (
        _room_revenue(session, row.business_date)
        if options.hand_in == "revenue"
        else _settled_cash(session, shift_id)
    )
    return Money(counted - min(max(handed, 0), counted))


def _room_revenue(session: Session, day: date) -> int:
    t = Transfer
    signed = case((Account.ledger == "revenue", t.amount), else_=-t.amount)
    return int(
        session.execute(
            select(summed(signed))
            .join(Account, Account.id == t.credit_id)
            .where(t.business_date == day, t.code.in_(ROOM_CODES))
        ).scalar_one()
    )


def _settled_cash(session: Session, shift_id: int) -> int:
    """Return the cash of the shift that is not deposit."""
    t = Transfer
    signed = case((t.debit_id == Shift.account_id, t.amount), else_=-t.amount)
    return int(
        session.execute(
            select(summed(signed))
            .join(Shift, Shift.id == t.shift_id)
            .where(
                Shift.id == shift_id,
                t.code.not_in((*DRAWER_CODES, "DEPOSIT")),
                or_(t.debit_id == Shift.account_id, t.credit_id == Shift.account_id),
            )
        ).scalar_one()
    )


@query(SHIFTS_WORK)
def handovers(session: Session, *, limit: int = 50) -> list[HandoverRow]:
    """Return the latest handovers, newest first."""
    h = Handover
    rows = session.execute(
        select(h.id, h.number, h.at, Shift.station, h.given_by, h.taken_by, Shift.over_short, h.items)
        .join(Shift, Shift.id == h.shift_id)
        .order_by(h.number.desc())
        .limit(limit)
    )
    return [
        HandoverRow(h_id, number, at, station, given, taken, over_short, len(items))
        for h_id, number, at, station, given, taken, over_short, items in rows
    ]


@query(SHIFTS_WORK)
def handover(session: Session, *, number: int) -> HandoverSheet | None:
    """Return a handover as it was accepted, None when there is none of this number."""
    h = session.execute(select(Handover).where(Handover.number == number)).scalars().first()
    return (
        HandoverSheet(h.number, h.at, h.given_by, h.taken_by, Figures.read(h.figures), list(h.items))
        if h
        else None
    )
