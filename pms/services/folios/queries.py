"""What a folio shows and how the books stand."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from pms.core.i18n import ngettext
from pms.core.money import Money, show
from pms.core.offers import OpenItem
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.types import summed
from pms.services.property.queries import setting

from . import channel_pays, corrections, rates, tax
from .duty import BILL_BY_KIND
from .models import (
    FIRST,
    Account,
    LedgerDay,
    PaymentReference,
    PaymentShare,
    TransactionCode,
    Transfer,
    on_slips,
)


@dataclass(frozen=True)
class FolioLine:
    """One posting as its folio shows it: ``charge`` and ``paid`` are 0 where they do not apply."""

    id: int
    business_date: date
    at: datetime
    window: str
    code: str
    text: str
    rule: str
    quantity: int
    charge: Money
    paid: Money
    slip: str
    by: int | None
    reversed: bool
    reverses: int | None
    number: str = ""
    """The transaction number of an electronic payment, or that on which money went back."""
    night: date | None = None

    @property
    def day(self) -> date:
        """Return the night that is charged, else the business date."""
        return self.night or self.business_date


@dataclass(frozen=True)
class FolioRow:
    """An account of a stay: folio (window A–H) or deposit, and what it stands at (debits less credits)."""

    account_id: int
    ledger: str
    window: str
    name: str
    balance: Money
    closed: bool
    of_channel: Money = Money(0)
    """What of it is the channel's: above 0 it goes back there, below 0 the channel takes it over."""

    @property
    def own(self) -> Money:
        """Return what the payer owes: the balance without what is the channel's."""
        return Money(self.balance + self.of_channel)


@dataclass(frozen=True)
class CodeRow:
    """A transaction code that a clerk may choose."""

    code: str
    name: str
    kind: str
    price: Money


@dataclass(frozen=True)
class LedgerRow:
    """One ledger's line of a trial balance."""

    ledger: str
    opening: Money
    debit: Money
    credit: Money
    closing: Money


def _folio_lines(whose: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    t, a, undone = Transfer, Account, aliased(Transfer)
    return (
        select(
            t.id,
            t.business_date,
            t.at,
            a.window,
            a.ledger,
            t.code,
            t.text,
            t.rule,
            t.quantity,
            t.amount,
            t.slip,
            t.clerk_id,
            t.reverses,
            (t.debit_id == a.id).label("debited"),
            undone.id.label("undone"),
            TransactionCode.kind,
            _number().label("number"),
            t.night,
            a.stay_id.label("owner"),
        )
        .join(a, or_(a.id == t.debit_id, a.id == t.credit_id))
        .outerjoin(undone, undone.reverses == t.id)
        .join(TransactionCode, TransactionCode.code == t.code)
        .where(whose, t.code != "APPLY")
        .order_by(t.id, a.ledger, a.stay_id, a.window)
    )


def _number() -> ScalarSelect[str]:
    """Return the number of a posting's payment, that of a refund's own first."""
    r, s = PaymentReference, PaymentShare
    return (
        select(r.number)
        .join(s, s.reference_id == r.id)
        .where(s.transfer_id == Transfer.id)
        .order_by(r.back.desc(), r.id)
        .limit(1)
        .correlate(Transfer)
        .scalar_subquery()
    )


_FOLIOS = Account.ledger.in_(("guest", "deposit"))
_LINES = _folio_lines(and_(Account.stay_id == bindparam("stay"), _FOLIOS))
_OF_ACCOUNT = _folio_lines(Account.id == bindparam("account"))


@query(Permission.FOLIOS_READ)
def folio_lines(session: Session, *, stay_id: int) -> list[FolioLine]:
    """Return every posting on a stay's folios and deposit, oldest first."""
    return [_line(row) for row in session.execute(_LINES, {"stay": stay_id})]


@query(Permission.FOLIOS_READ)
def lines_of(session: Session, *, stay_ids: Sequence[int]) -> list[tuple[int, FolioLine]]:
    """Return every posting on the folios and deposits of several stays with the stay it stands on, oldest
    first."""
    asked = _folio_lines(and_(Account.stay_id.in_(bindparam("stays", expanding=True)), _FOLIOS))
    rows = session.execute(asked, {"stays": list(stay_ids)})
    return [(int(row.owner), _line(row)) for row in rows]


@query(Permission.FOLIOS_READ)
def account_lines(session: Session, *, account_id: int) -> list[FolioLine]:
    """Return every posting on one account that is no stay's, oldest first."""
    return [_line(row) for row in session.execute(_OF_ACCOUNT, {"account": account_id})]


def _line(r: Row[Any]) -> FolioLine:
    signed = r.amount if r.debited else -r.amount
    as_charge = r.kind in ("charge", "transfer", "opening", "city")
    return FolioLine(
        r.id,
        r.business_date,
        r.at,
        r.window or "A",
        r.code,
        r.text,
        r.rule,
        r.quantity,
        Money(signed if as_charge else 0),
        Money(0 if as_charge else -signed),
        r.slip,
        r.clerk_id,
        r.undone is not None,
        r.reverses,
        r.number or "",
        r.night,
    )


@query(Permission.FOLIOS_READ)
def tax_within(session: Session, *, lines: Sequence[FolioLine]) -> Money:
    """Return the tax that the charges standing on a folio include, those that were moved here with their
    part of it."""
    return Money(sum(taxes_within(session, lines=lines).values()))


@query(Permission.FOLIOS_READ)
def taxes_within(session: Session, *, lines: Sequence[FolioLine]) -> dict[str, Money]:
    """Return the same by the rate that each posting told."""
    standing = [x for x in lines if x.charge and not x.reversed and x.reverses is None]
    found = {x.id: (abs(int(x.charge)), int(x.slip[1:]) if x.code == "TRANSFER" else 0) for x in standing}
    numbers = found.keys() | {source for _amount, source in found.values() if source}
    while numbers - found.keys():  # a moved line holds what the charge it was once holds
        found |= _taxed(session, numbers - found.keys())
        numbers |= {source for _amount, source in found.values() if source}
    taxes = _taxes_within(session, numbers, {x.id for x in standing if x.code in CORRECTIONS})
    before = _before(session, {source for _amount, source in found.values() if source})
    totals = Counter[str]()
    for line in standing:
        for rate, amount in _held(line.id, found, taxes, before).items():
            totals[rate] += amount if line.charge > 0 else -amount
    return rates.by_rate(totals)


def _before(session: Session, sources: Collection[int]) -> dict[int, int]:
    """Return for each part that was moved of these lines how much of its line had gone before it."""
    found, gone = dict[int, int](), Counter[str]()
    for part in corrections.standing(session, corrections.TRANSFER, sources) if sources else ():
        found[part.id] = gone[part.slip]
        gone[part.slip] += part.amount
    return found


def _held(
    number: int,
    found: Mapping[int, tuple[int, int]],
    taxes: Mapping[int, Counter[str]],
    before: Mapping[int, int],
) -> Mapping[str, int]:
    """Return the tax that a posting holds, by rate: of a part, what its line holds less the other parts', to
    the last coin."""
    amount, source = found[number]
    if not source:
        return taxes.get(number, {})
    whole, start = found[source][0], before.get(number, 0)
    return {
        rate: tax.portion(held, whole, start + amount) - tax.portion(held, whole, start)
        for rate, held in _held(source, found, taxes, before).items()
    }


@query(Permission.FOLIOS_READ)
def usual_layout(session: Session) -> str:
    """Return how the hotel's bills tell their charges: ``detail`` or ``summary``."""
    return "summary" if setting(session).options[BILL_BY_KIND] else "detail"


CORRECTIONS = ("ADJUST", "TRANSFER")
"""Codes of postings whose tax bears the clerk's reason in place of its rate."""


def _taxed(session: Session, numbers: Collection[int]) -> dict[int, tuple[int, int]]:
    """Return the amount of each posting, and the number of the one it was moved from (0 where it was not)."""
    t = Transfer
    rows = session.execute(select(t.id, t.amount, t.code, t.slip).where(t.id.in_(list(numbers))))
    return {n: (int(amount), int(slip[1:]) if code == "TRANSFER" else 0) for n, amount, code, slip in rows}


def _taxes_within(
    session: Session, numbers: Collection[int], corrections: Collection[int]
) -> dict[int, Counter[str]]:
    t, into, out = Transfer, aliased(Account), aliased(Account)
    rows = session.execute(
        select(t.slip, t.amount, t.rule)
        .join(into, into.id == t.debit_id)
        .join(out, out.id == t.credit_id)
        .where(
            on_slips(f"X{n}" for n in numbers),
            t.code == "TAX",
            or_(into.ledger == "revenue", out.ledger == "revenue"),
            FIRST,
        )
    )
    found: dict[int, Counter[str]] = {}
    for slip, amount, rule in rows:
        found.setdefault(int(slip[1:]), Counter())[rates.of_line(rule, slip, corrections)] += amount
    return found


def slips_out(lines: Sequence[FolioLine]) -> list[str]:
    """Return the numbers of the deposit slips that guests hold, given a stay's postings."""
    return [
        x.slip
        for x in lines
        if x.code == "DEPOSIT" and x.paid > 0 and x.slip and not x.reversed and x.reverses is None
    ]


@query(Permission.FOLIOS_READ)
def folios(session: Session, *, stay_id: int) -> list[FolioRow]:
    """Return a stay's folios and deposit with their balances, folios first."""
    a, t = Account.__table__.c, Transfer.__table__.c
    total = (
        select(summed(case((t.debit_id == a.id, t.amount), else_=-t.amount)))
        .where(or_(t.debit_id == a.id, t.credit_id == a.id))
        .correlate(Account.__table__)
        .scalar_subquery()
    )
    own = case((a.window == "A", func.coalesce(channel_pays.rest(a.stay_id), 0)), else_=0)
    rows = session.execute(
        select(a.id, a.ledger, a.window, a.name, total, a.closed, own)
        .where(a.stay_id == stay_id)
        .order_by(a.ledger.desc(), a.window)
    )
    return [FolioRow(*row) for row in rows]


@query(Permission.FOLIOS_READ, Permission.PROPERTY_EDIT)
def codes(session: Session, *, kind: str = "charge") -> list[CodeRow]:
    """Return the transaction codes that are offered by hand."""
    c = TransactionCode
    return [
        CodeRow(*row)
        for row in session.execute(
            select(c.code, c.name, c.kind, c.price).where(c.kind == kind, c.by_hand).order_by(c.position)
        )
    ]


@query(Permission.FOLIOS_READ, Permission.PROPERTY_EDIT)
def taxable(session: Session) -> list[CodeRow]:
    """Return the transaction codes that may bear a tax or a service charge of their own."""
    c = TransactionCode
    return [
        CodeRow(*row)
        for row in session.execute(
            select(c.code, c.name, c.kind, c.price)
            .where(c.kind == "charge", c.code.not_in(("TAX", "NOSHOW", "ADJUST")))
            .order_by(c.position)
        )
    ]


@query(Permission.AUDIT_RUN, Permission.REPORTS_READ)
def trial_balance(session: Session, *, business_date: date) -> list[LedgerRow]:
    """Return the closed day's trial balance, one line per ledger."""
    d = LedgerDay
    return [
        LedgerRow(*row)
        for row in session.execute(
            select(d.ledger, d.opening, d.debit, d.credit, d.closing)
            .where(d.business_date == business_date)
            .order_by(d.ledger)
        )
    ]


@query(Permission.FOLIOS_READ)
def open_items(session: Session) -> list[OpenItem]:
    """Return for the handover how much the house holds of guests' deposits, with how many guests."""
    a, t = Account.__table__.c, Transfer.__table__.c
    held = (
        select(a.id, summed(case((t.credit_id == a.id, t.amount), else_=-t.amount)).label("held"))
        .join(Transfer.__table__, or_(t.debit_id == a.id, t.credit_id == a.id))
        .where(a.ledger == literal_column("'deposit'"), ~a.closed)  # written out, for the index of open ones
        .group_by(a.id)
        .subquery()
    )
    guests, total = session.execute(select(func.count(), summed(held.c.held)).where(held.c.held > 0)).one()
    if not guests:
        return []
    told = ngettext(
        "The deposit of %(n)s guest is held: %(sum)s.",
        "The deposits of %(n)s guests are held: %(sum)s.",
        guests,
    )
    return [
        OpenItem(
            "folios",
            str(guests),
            told % {"n": guests, "sum": show(int(total), setting(session).digits)},
            None,
        )
    ]
