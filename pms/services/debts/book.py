"""What every account of bills does, whoever owes: money that comes in is spread over the open bills and kept
with where it went, and what was entered today is taken back. Companies and channels have one book each."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol, TypeVar

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from pms.core.errors import Refused
from pms.core.i18n import N_, _
from pms.core.money import Money
from pms.db.types import summed
from pms.db.work import Work
from pms.services.folios import ledger
from pms.services.folios.models import Transfer
from pms.services.staff.models import Staff

RECEIPT, WRITTEN_OFF, BACK, PAID = "receipt", "write_off", "back", "paid"
KINDS = {
    RECEIPT: N_("Payment received"),
    WRITTEN_OFF: N_("Written off"),
    BACK: N_("Taken back"),
    PAID: N_("Paid to the channel"),
}
AGES = (30, 60, 90)
"""Days after the bill at which a debt is older."""


class Billed(Protocol):
    """A bill as every kind of debtor's list shows it."""

    @property
    def amount(self) -> Money:
        """Return what was billed."""

    @property
    def billed_on(self) -> date:
        """Return when."""


B = TypeVar("B", bound=Billed)


@dataclass(frozen=True)
class Book:
    """The tables of one kind of debtor: ``owner`` is the column that says whose a bill is, ``series`` numbers
    its receipts, ``due`` is what is paid first."""

    bill: Any
    receipt: Any
    allocation: Any
    debtor: Any
    owner: str
    series: str
    topic: str
    open: ColumnElement[bool]
    due: tuple[Any, ...]

    def of(self, table: Any, owner_id: int) -> ColumnElement[bool]:
        """Return the condition under which a bill or receipt is this debtor's."""
        found: ColumnElement[bool] = getattr(table, self.owner) == owner_id
        return found


@dataclass(frozen=True)
class ReceiptRow:
    """What came in, was written off, paid or taken back."""

    number: int
    kind: str
    amount: Money
    method: str
    reason: str
    business_date: date
    at: datetime
    by: str
    taken_back: bool


def open_bills(work: Work, book: Book, owner_id: int, numbers: Sequence[int] = ()) -> Sequence[Any]:
    """Return the open bills of a debtor who is held, or these of them, what is due first before the
    others."""
    b = book.bill
    wanted = select(b).where(book.of(b, owner_id), book.open).order_by(*book.due)
    if numbers:
        wanted = wanted.where(b.number.in_(numbers))
    return work.session.scalars(wanted.with_for_update().execution_options(populate_existing=True)).all()


def spread(bills: Iterable[Any], amount: int) -> Iterator[tuple[Any, int]]:
    """Yield which bill takes how much of an amount, in order. What the debtor is owed on one of them is set
    off first; an amount below 0 goes to those alone."""
    some, rest = list(bills), amount
    for one in some:
        part = max(rest, one.left) if amount < 0 else one.left
        if one.left < 0 and part:
            rest -= part
            yield one, part
    for one in some:
        part = min(rest, one.left)
        if part > 0:
            rest -= part
            yield one, part


def allocate(
    work: Work,
    book: Book,
    owner_id: int,
    bills: Sequence[Any],
    kind: str,
    amount: int,
    posted: int,
    *,
    method: str = "",
    reason: str = "",
) -> Any:
    """Write down what came in or was given up, on which bills, and return it."""
    made = write(work, book, owner_id, kind, Money(amount), posted, method=method, reason=reason)
    for one, part in list(spread(bills, amount)):
        one.left = Money(one.left - part)
        work.session.add(book.allocation(receipt_id=made.id, bill_id=one.id, amount=Money(part)))
    work.session.flush()
    return made


def write(
    work: Work,
    book: Book,
    owner_id: int,
    kind: str,
    amount: Money,
    posted: int,
    *,
    method: str,
    reason: str,
    reverses: int | None = None,
) -> Any:
    """Write a receipt, or what takes one back, under the next number."""
    made = book.receipt(
        number=work.next_number(book.series),
        kind=kind,
        amount=amount,
        method=method,
        reason=reason,
        transfer_id=posted,
        reverses=reverses,
        business_date=work.business_date,
        at=work.now,
        clerk_id=work.clerk.id or None,
        station=work.station,
        **{book.owner: owner_id},
    )
    work.session.add(made)
    work.session.flush()
    work.touch(book.topic)
    return made


def take_back(work: Work, book: Book, receipt: int, reason: str) -> int:
    """Take what was entered today back: its bills are open again; returns the number of what takes it
    back."""
    if not reason.strip():
        raise Refused(_("Say why it is taken back."))
    r = book.receipt
    found = work.session.scalars(select(r).where(r.number == receipt)).first()
    if found is None or found.kind == BACK:
        raise Refused(_("There is no receipt %(number)s.") % {"number": receipt})
    if found.business_date != work.business_date:
        raise Refused(_("This receipt belongs to a closed day. Enter what is right as a new one."))
    owner_id = getattr(found, book.owner)
    work.hold(book.debtor, owner_id)
    if work.session.scalars(select(r.id).where(r.reverses == found.id)).first() is not None:
        raise Refused(_("This receipt was taken back already. Look at the account again."))
    posted = ledger.reverse(work, work.session.get_one(Transfer, found.transfer_id), reason)
    amount, told = Money(-found.amount), reason.strip()
    made = write(
        work, book, owner_id, BACK, amount, posted, method=found.method, reason=told, reverses=found.id
    )
    a = book.allocation
    for part in work.session.scalars(select(a).where(a.receipt_id == found.id)).all():
        one = work.hold(book.bill, part.bill_id)
        one.left = Money(one.left + part.amount)
        work.session.add(a(receipt_id=made.id, bill_id=one.id, amount=Money(-part.amount)))
    return int(made.number)


# ------------------------------------------------------------------ how an account stands
def aged(
    book: Book, today: date, *more: ColumnElement[Any], of: ColumnElement[Any] | None = None
) -> Select[*tuple[Any, ...]]:
    """Return what each debtor owes: how many bills, the oldest, ``more``, and the sum of each age; ``of`` is
    what counts of a bill where that is not all that is open."""
    b = book.bill
    left = b.left if of is None else of
    older = [today - timedelta(days=days) for days in AGES]
    ages = case(*((b.billed_on >= day, at) for at, day in enumerate(older)), else_=len(AGES))
    sums = (summed(case((ages == n, left), else_=0)).label(f"age_{n}") for n in range(len(AGES) + 1))
    counted = (func.count().label("bills"), func.min(b.billed_on).label("oldest"))
    return select(getattr(b, book.owner), *counted, *more, *sums).group_by(getattr(b, book.owner))


def ages_of(row: Any) -> tuple[Money, ...]:
    """Return the sums by age that stand at the end of such a row."""
    return tuple(Money(int(sum_)) for sum_ in row[-len(AGES) - 1 :])


def receipts(session: Session, book: Book, number: int, start: date) -> list[ReceiptRow]:
    """Return what came in from a debtor since a day, the latest first."""
    r, back, d = book.receipt, book.receipt.__table__.alias(), book.debtor
    rows = session.execute(
        select(
            r.number,
            r.kind,
            r.amount,
            r.method,
            r.reason,
            r.business_date,
            r.at,
            func.coalesce(Staff.name, ""),
            back.c.id.is_not(None),
        )
        .join(d, d.id == getattr(r, book.owner))
        .outerjoin(Staff, Staff.id == r.clerk_id)
        .outerjoin(back, back.c.reverses == r.id)
        .where(d.number == number, r.business_date >= start)
        .order_by(r.id.desc())
    )
    return [ReceiptRow(*row) for row in rows]


def open_sum(session: Session, book: Book, number: int) -> Money:
    """Return what a debtor owes now: the sum of the open bills."""
    b, d = book.bill, book.debtor
    asked = select(summed(b.left)).join(d, d.id == getattr(b, book.owner))
    return Money(int(session.execute(asked.where(d.number == number, book.open)).scalar_one()))


def month_of(start: date) -> tuple[date, date]:
    """Return the first day of a month and of the next."""
    first = start.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1)


def in_month(
    now: int, since: Sequence[B], came: Sequence[ReceiptRow], end: date
) -> tuple[Money, tuple[B, ...], tuple[ReceiptRow, ...], Money]:
    """Return what was owed before a month, its bills and receipts, and what was owed at its end: of what is
    owed ``now`` all is taken off that happened ``since`` its first day and ``came`` in."""
    opening = now - sum(x.amount for x in since) + sum(x.amount for x in came)
    bills = tuple(x for x in since if x.billed_on < end)
    paid = tuple(x for x in came if x.business_date < end)
    closing = opening + sum(x.amount for x in bills) - sum(x.amount for x in paid)
    return Money(opening), bills, paid, Money(closing)


def differing(session: Session, book: Book) -> list[int]:
    """Return the number of each bill whose rest is not what its receipts leave of it."""
    a, b = book.allocation, book.bill
    paid = select(summed(a.amount)).where(a.bill_id == b.id).correlate(b).scalar_subquery()
    rows = session.execute(select(b.number, b.amount, b.left, paid).where(b.voided_on.is_(None)))
    return [n for n, amount, left, taken in rows if amount - left != taken]
