"""Numbers of closed days. Every sum reads the snapshot or the closed ledger; none reads a stay, a booking or
today."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, literal_column, select, true, union_all
from sqlalchemy.orm import Session, aliased

from pms.core.figures import Figures, written
from pms.core.i18n import _
from pms.core.money import Money
from pms.core.offers import Aim
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.services.folios import kinds
from pms.services.folios import queries as folios
from pms.services.folios.models import LEDGERS, Account, AccountDay, LedgerDay, TransactionCode
from pms.services.folios.queries import LedgerRow
from pms.services.night_audit import shares
from pms.services.night_audit.models import (
    AuditRun,
    NightFigure,
    NightPart,
    NightShare,
    NightStay,
)
from pms.services.night_audit.seals import entry_of
from pms.services.property.queries import setting
from pms.services.rooms.models import RoomType
from pms.services.staff.models import Staff

DAY = timedelta(days=1)
NET = shares.NET
"""What a night brought the house, without the tax and service charge that its price included."""
COUNTS = (
    NightFigure.rooms,
    NightFigure.out_of_order,
    NightFigure.house_use,
    NightFigure.sold,
    NightFigure.complimentary,
    NightFigure.revenue,
    NightFigure.arrivals,
    NightFigure.departures,
    NightFigure.no_shows,
    func.coalesce(NightFigure.halves, 0),
)


@dataclass(frozen=True)
class Share:
    """One line of a breakdown: rooms sold and revenue of a type, a source or a code; ``halves`` are half days
    sold beside the nights."""

    name: str
    number: int
    amount: Money
    halves: int = 0

    @property
    def nights(self) -> str:
        """Write the room nights."""
        return written(2 * self.number + self.halves)


@dataclass(frozen=True)
class Budget:
    """A whole month's budget, and what it means for the days so far of the month and of the year."""

    whole: Aim
    month: Aim
    year: Aim


@dataclass(frozen=True)
class Bridge:
    """What guests, deposits and companies owed before, what came on, what was paid, what they owe now."""

    opening: Money
    consumption: Money
    paid: Money
    closing: Money


@dataclass(frozen=True)
class Run:
    """The record of a closed day's audit."""

    started_at: datetime
    started_by: str
    closed_at: datetime
    closed_by: str
    postings: int
    total: Money
    no_shows: int
    marks: dict[str, Any]
    paper_entry: int | None
    paper_signs: str | None
    paper_right: bool | None
    paper_tries: int
    paper_by: str
    paper_at: datetime | None


@query(Permission.REPORTS_READ)
def closed_days(session: Session, *, limit: int = 400) -> list[date]:
    """Return the business dates that have been closed, the latest first."""
    return list(
        session.scalars(
            select(AuditRun.business_date)
            .where(AuditRun.closed_at.is_not(None))
            .order_by(AuditRun.business_date.desc())
            .limit(limit)
        )
    )


def _between(column: Any, start: date, end: date) -> Any:
    return and_(column >= start, column <= end)


@query(Permission.REPORTS_READ)
def figures(session: Session, *, start: date, end: date) -> Figures:
    """Return the house's figures from ``start`` to ``end``, both in."""
    row = session.execute(
        select(*(func.coalesce(func.sum(c), 0) for c in COUNTS)).where(
            _between(NightFigure.business_date, start, end)
        )
    ).one()
    return _figures(row, _less_broken(session))


def _less_broken(session: Session) -> bool:
    """Say whether the house counts rooms out of order among those it could sell."""
    return setting(session).options.available_less_ooo


def _figures(row: Sequence[Any], less_broken: bool) -> Figures:
    rooms, broken, house_use, sold, free, revenue, came, left, missing, halves = map(int, row)
    return Figures(
        rooms,
        broken,
        house_use,
        sold,
        free,
        Money(revenue),
        came,
        left,
        missing,
        less_broken,
        halves,
    )


@query(Permission.REPORTS_READ)
def days_closed(session: Session, *, start: date, end: date) -> int:
    """Return how many days from ``start`` to ``end``, both in, have been closed."""
    f = NightFigure
    counted = select(func.count(f.business_date.distinct())).where(_between(f.business_date, start, end))
    return int(session.execute(counted).scalar_one())


@query(Permission.REPORTS_READ)
def by_day(session: Session, *, start: date, end: date) -> list[tuple[date, Figures]]:
    """Return the house's figures of each closed day from ``start`` to ``end``, both in."""
    rows = session.execute(
        select(NightFigure.business_date, *(func.sum(c) for c in COUNTS))
        .where(_between(NightFigure.business_date, start, end))
        .group_by(NightFigure.business_date)
        .order_by(NightFigure.business_date)
    )
    less_broken = _less_broken(session)
    return [(row[0], _figures(row[1:], less_broken)) for row in rows]


@query(Permission.REPORTS_READ)
def by_type(session: Session, *, start: date, end: date) -> list[tuple[str, Figures]]:
    """Return the figures of each room type."""
    rows = session.execute(
        select(RoomType.code, *(func.sum(c) for c in COUNTS))
        .join(RoomType, RoomType.id == NightFigure.type_id)
        .where(_between(NightFigure.business_date, start, end))
        .group_by(RoomType.code, RoomType.position, RoomType.id)
        .order_by(RoomType.position, RoomType.id)
    )
    less_broken = _less_broken(session)
    return [(row[0], _figures(row[1:], less_broken)) for row in rows]


@query(Permission.REPORTS_READ)
def by_source(session: Session, *, start: date, end: date) -> list[Share]:
    """Return rooms sold and revenue by where the business came from, the largest first."""
    return _sold_by(session, "source", start, end)


@query(Permission.REPORTS_READ)
def by_segment(session: Session, *, start: date, end: date) -> list[Share]:
    """Return rooms sold and revenue by the kind of price they were sold at, the largest first."""
    return _sold_by(session, "segment", start, end)


def _sold_by(session: Session, name: str, start: date, end: date) -> list[Share]:
    """Return nights and parts of days together, so that a breakdown adds up to the figures: of the days that
    are summed from their sums."""
    n, p, s = NightStay, NightPart, NightShare
    none: Any = literal_column("0")
    summed = shares.last(session)
    rest = start if summed is None else max(start, summed + DAY)
    each = union_all(
        select(
            getattr(s, name).label("word"),
            s.sold.label("sold"),
            s.halves.label("halves"),
            s.revenue.label("brought"),
        ).where(_between(s.business_date, start, end)),
        select(func.coalesce(getattr(n, name), ""), literal_column("1"), none, NET).where(
            _between(n.business_date, rest, end), n.kind == ""
        ),
        select(getattr(p, name), none, p.halves, p.revenue).where(_between(p.business_date, rest, end)),
    ).subquery()
    brought = func.sum(each.c.brought)
    rows = session.execute(
        select(each.c.word, func.sum(each.c.sold), brought, func.sum(each.c.halves))
        .group_by(each.c.word)
        .order_by(brought.desc(), each.c.word)
    )
    return [Share(row[0], int(row[1]), Money(int(row[2])), int(row[3])) for row in rows]


@query(Permission.REPORTS_READ)
def budget(session: Session, *, day: date) -> Budget | None:
    """Return the budget as it stood when a day was closed: the whole month's, and by the days so far of the
    month and the year."""
    r, months = AuditRun, dict[tuple[int, int], tuple[date, int, int]]()
    rows = session.execute(
        select(r.business_date, r.budget_sold, r.budget_revenue)
        .where(_between(r.business_date, day.replace(month=1, day=1), day), r.budget_sold.is_not(None))
        .order_by(r.business_date)
    )
    for row in rows:
        months[row[0].year, row[0].month] = (row[0], int(row[1] or 0), int(row[2] or 0))
    if (day.year, day.month) not in months:
        return None
    _last, sold, revenue = months[day.year, day.month]
    so_far = [_by_days(month, day) for month in months.values()]
    return Budget(
        Aim(sold, Money(revenue)),
        so_far[-1],
        Aim(sum(a.sold for a in so_far), Money(sum(a.revenue for a in so_far))),
    )


def _by_days(month: tuple[date, int, int], day: date) -> Aim:
    """Return a month's budget by its days up to ``day``, rounded half up; all of it when the month is
    over."""
    last, sold, revenue = month
    long = monthrange(last.year, last.month)[1]
    gone = day.day if (last.year, last.month) == (day.year, day.month) else long
    return Aim((sold * gone * 2 + long) // (2 * long), Money((revenue * gone * 2 + long) // (2 * long)))


_OWN = select(Account.id, Account.ledger, Account.code).where(Account.code > "")
"""The house's own accounts are those with a code: a key of its own, however many stays have had theirs."""


def _moved(session: Session, ledgers: tuple[str, ...], start: date, end: date) -> list[tuple[str, int, int]]:
    """Return what each of the house's own accounts moved: each day's row of each is looked up, and nothing
    else of the day is read."""
    d, a, all_days = AccountDay, Account, LedgerDay
    own = {row.id: str(row.code) for row in session.execute(_OWN) if row.ledger in ledgers}
    day = (
        select(all_days.business_date)
        .where(all_days.ledger == ledgers[0], _between(all_days.business_date, start, end))
        .distinct()
        .subquery()
    )
    rows = session.execute(
        select(a.id, func.sum(d.debit), func.sum(d.credit))
        .select_from(a)
        .join(day, true())
        .join(d, and_(d.business_date == day.c.business_date, d.account_id == a.id))
        .where(a.id.in_(own))
        .group_by(a.id)
        .order_by(a.id)
    )
    return [(own[number], int(debit), int(credit)) for number, debit, credit in rows]


@query(Permission.REPORTS_READ)
def by_code(session: Session, *, start: date, end: date) -> list[Share]:
    """Return what each kind of revenue and tax brought, net of what was taken back."""
    return [
        Share(code, 0, Money(credit - debit))
        for code, debit, credit in _moved(session, ("revenue", "tax"), start, end)
    ]


@query(Permission.REPORTS_READ)
def by_method(session: Session, *, start: date, end: date) -> list[Share]:
    """Return what came in by each method of payment, net of what was paid out; the cash of all drawers
    together."""
    found: dict[str, int] = {}
    for code, debit, credit in _moved(session, ("payment",), start, end):
        method = code.partition(":")[0]
        found[method] = found.get(method, 0) + debit - credit
    return [Share(method, 0, Money(amount)) for method, amount in found.items()]


@query(Permission.REPORTS_READ)
def names(session: Session) -> dict[str, str]:
    """Return transaction code → name, of a kind of payment the house's own."""
    known = session.execute(select(TransactionCode.code, TransactionCode.name))
    return {row[0]: _(row[1]) for row in known} | kinds.called(session)


@query(Permission.REPORTS_READ)
def trial_balance(session: Session, *, day: date) -> list[LedgerRow]:
    """Return every ledger's opening, movement and closing of a closed day, in the order of the books."""
    rows = {row.ledger: row for row in folios.trial_balance(session, business_date=day)}
    return [rows[name] for name in LEDGERS if name in rows]


@query(Permission.REPORTS_READ)
def bridge(session: Session, *, start: date, end: date) -> Bridge:
    """Return the line that ties what is owed before to what is owed after: opening + consumption − payment =
    closing.

    The debtors are the guests', deposit, advance, stored value and company ledgers; what moves between them
    cancels out.
    """
    debtors = ("guest", "deposit", "advance", "stored", "city")
    lines = [line for line in trial_balance(session, day=start) if line.ledger in debtors]
    last = [line for line in trial_balance(session, day=end) if line.ledger in debtors]
    opening, closing = sum(x.opening for x in lines), sum(x.closing for x in last)
    paid = sum(share.amount for share in by_method(session, start=start, end=end))
    return Bridge(Money(opening), Money(closing - opening + paid), Money(paid), Money(closing))


@query(Permission.REPORTS_READ)
def seal_of(session: Session, *, day: date) -> tuple[int, str] | None:
    """Return number and digest of the trail's entry that seals a closed day; None for days closed before
    there were seals."""
    return entry_of(session, day)


@query(Permission.REPORTS_READ)
def run(session: Session, *, day: date) -> Run | None:
    """Return the record of a day's audit; None while the day is open."""
    r, first, last, third = AuditRun, aliased(Staff), aliased(Staff), aliased(Staff)
    row = session.execute(
        select(
            r.started_at,
            func.coalesce(first.name, _("the machine")),
            r.closed_at,
            func.coalesce(last.name, _("the machine")),
            r.postings,
            r.total,
            r.no_shows,
            r.marks,
            r.paper_entry,
            r.paper_signs,
            r.paper_right,
            r.paper_tries,
            func.coalesce(third.name, _("the machine")),
            r.paper_at,
        )
        .outerjoin(third, third.id == r.paper_by)
        .outerjoin(first, first.id == r.started_by)
        .outerjoin(last, last.id == r.closed_by)
        .where(r.business_date == day, r.closed_at.is_not(None))
    ).first()
    return Run(*row) if row else None
