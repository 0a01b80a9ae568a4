"""What companies owe and since when, and what a statement says. The cost is that of the open bills, and of
what happened since the statement's first day: no account grows dearer with the years."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, case, select
from sqlalchemy.orm import Session

from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.money import Money
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.types import summed
from pms.services.companies.models import Company
from pms.services.property.queries import setting

from . import book
from .book import AGES, KINDS, ReceiptRow, month_of
from .models import BOOK, OPEN, CompanyBill

__all__ = ["AGES", "KINDS", "ReceiptRow", "month_of"]


@dataclass(frozen=True)
class BillRow:
    """A bill as lists show it; ``left`` of ``amount`` is owed."""

    id: int
    number: int
    company: int
    company_name: str
    stay_id: int
    stay_number: int
    guest: str
    room: str
    arrival: date
    departure: date
    signer: str
    amount: Money
    left: Money
    billed_on: date
    due_on: date
    voided_on: date | None

    @property
    def shown(self) -> str:
        """Return the number as it stands on papers."""
        return f"CB-{self.number}"

    def overdue(self, today: date) -> int:
        """Return for how many days it should have been paid."""
        return max((today - self.due_on).days, 0) if self.left else 0


@dataclass(frozen=True)
class DebtorRow:
    """What a company owes by the age of its bills: up to 30 days, 60, 90 and beyond."""

    id: int
    number: int
    name: str
    limit: Money
    bills: int
    oldest: date
    overdue: Money
    ages: tuple[Money, ...]

    @property
    def owed(self) -> Money:
        """Return all it owes."""
        return Money(sum(self.ages))


@dataclass(frozen=True)
class Statement:
    """A company's month: what was owed before, what was billed and came in, what is owed at its end."""

    company: str
    number: int
    tax_number: str
    contact: str
    start: date
    end: date
    opening: Money
    bills: tuple[BillRow, ...]
    receipts: tuple[ReceiptRow, ...]
    closing: Money


def _bills() -> Select[*tuple[Any, ...]]:
    b = CompanyBill
    return select(
        b.id,
        b.number,
        Company.number,
        Company.name,
        b.stay_id,
        b.stay_number,
        b.guest,
        b.room,
        b.arrival,
        b.departure,
        b.signer,
        b.amount,
        b.left,
        b.billed_on,
        b.due_on,
        b.voided_on,
    ).join(Company, Company.id == b.company_id)


@query(Permission.FOLIOS_READ)
def open_bills(session: Session) -> list[BillRow]:
    """Return every open bill, what is due first before the others."""
    b = CompanyBill
    asked = _bills().where(OPEN).order_by(b.due_on, b.number)
    return [BillRow(*row) for row in session.execute(asked)]


@query(Permission.FOLIOS_READ)
def debtors(session: Session) -> list[DebtorRow]:
    """Return the companies that owe, by age of what they owe, the largest debt first."""
    b, c, today = CompanyBill, Company, setting(session).business_date
    overdue = summed(case((b.due_on < today, b.left), else_=0)).label("overdue")
    standing = book.aged(BOOK, today, overdue).where(OPEN).subquery()
    rows = session.execute(
        select(c.number, c.name, c.credit_limit, standing).join(standing, standing.c.company_id == c.id)
    )
    found = [
        DebtorRow(
            row.company_id,
            row.number,
            row.name,
            row.credit_limit,
            row.bills,
            row.oldest,
            Money(int(row.overdue)),
            book.ages_of(row),
        )
        for row in rows
    ]
    return sorted(found, key=lambda row: (-row.owed, row.name))


@query(Permission.FOLIOS_READ)
def owed(session: Session, *, number: int) -> Money:
    """Return what a company owes."""
    return book.open_sum(session, BOOK, number)


@query(Permission.FOLIOS_READ)
def receipts(session: Session, *, number: int, start: date) -> list[ReceiptRow]:
    """Return what came in from a company since a day, the latest first."""
    return book.receipts(session, BOOK, number, start)


@query(Permission.FOLIOS_READ)
def statement(session: Session, *, number: int, start: date) -> Statement:
    """Return a company's month; what happened since its first day is taken off what is owed now."""
    company = session.scalars(select(Company).where(Company.number == number)).first()
    if company is None:
        raise Refused(_("There is no company %(number)s.") % {"number": number})
    first, end = month_of(start)
    b = CompanyBill
    since = [
        BillRow(*row)
        for row in session.execute(
            _bills()
            .where(b.company_id == company.id, b.billed_on >= first, b.voided_on.is_(None))
            .order_by(b.billed_on, b.number)
        )
    ]
    came = receipts(session, number=number, start=first)[::-1]
    sums = book.in_month(owed(session, number=number), since, came, end)
    return Statement(company.name, number, company.tax_number, company.contact, first, end, *sums)


@query(Permission.FOLIOS_READ)
def faults(session: Session) -> list[str]:
    """Say of which bills the rest is not what its receipts leave of it."""
    return [f"CB-{number}" for number in book.differing(session, BOOK)]
