"""Bills of companies, what came in, and which bill it went to."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, literal_column, text
from sqlalchemy.orm import Mapped, mapped_column

from pms.core.i18n import N_
from pms.core.money import Money
from pms.db.base import Table
from pms.db.clashes import clash
from pms.services.companies.models import Company

from .book import Book

_OPEN = text('"left" > 0')


class CompanyBill(Table):
    """What one folio of a stay left to its company; ``left`` is still owed, ``signer`` signed for it.

    ``transfer_id`` is the posting; ``voided_on`` the day on which the check-out was taken back.
    """

    __tablename__ = "company_bill"
    number: Mapped[int] = mapped_column(unique=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    stay_id: Mapped[int] = mapped_column(index=True)
    stay_number: Mapped[int]
    guest: Mapped[str]
    room: Mapped[str]
    arrival: Mapped[date]
    departure: Mapped[date]
    signer: Mapped[str] = mapped_column(default="")
    amount: Mapped[Money]
    left: Mapped[Money]
    billed_on: Mapped[date]
    due_on: Mapped[date]
    transfer_id: Mapped[int] = mapped_column(ForeignKey("transfer.id"), unique=True)
    voided_on: Mapped[date | None]
    __table_args__ = (
        CheckConstraint('amount > 0 AND "left" >= 0 AND "left" <= amount', name="left"),
        Index("ix_company_bill_billed", "company_id", "billed_on"),
        Index(
            "ix_company_bill_open",
            "company_id",
            "billed_on",
            "due_on",
            "left",
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )


class CompanyReceipt(Table):
    """What came in from a company (``method``), what was written off, or what takes one of them back
    (``reverses``, below 0); append-only in the database itself."""

    __tablename__ = "company_receipt"
    number: Mapped[int] = mapped_column(unique=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    kind: Mapped[str] = mapped_column(String(10))
    amount: Mapped[Money]
    method: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str]
    transfer_id: Mapped[int] = mapped_column(ForeignKey("transfer.id"), unique=True)
    reverses: Mapped[int | None] = mapped_column(ForeignKey("company_receipt.id"), unique=True)
    business_date: Mapped[date]
    at: Mapped[datetime]
    clerk_id: Mapped[int | None]
    station: Mapped[str]
    __table_args__ = (
        CheckConstraint("amount <> 0", name="some"),
        Index("ix_company_receipt_on", "company_id", "business_date"),
    )


class CompanyAllocation(Table):
    """How much of a receipt went to a bill; below 0 where it was taken back; append-only in the database
    itself."""

    __tablename__ = "company_allocation"
    receipt_id: Mapped[int] = mapped_column(ForeignKey("company_receipt.id"), index=True)
    bill_id: Mapped[int] = mapped_column(ForeignKey("company_bill.id"), index=True)
    amount: Mapped[Money]
    __table_args__ = (CheckConstraint("amount <> 0", name="some"),)


OPEN = CompanyBill.left > literal_column("0")
"""Bills that are owed. The value is written out, so that the index of open bills serves."""

BOOK = Book(
    CompanyBill,
    CompanyReceipt,
    CompanyAllocation,
    Company,
    "company_id",
    "company_receipt",
    "debts",
    OPEN,
    (CompanyBill.due_on, CompanyBill.number),
)

for _mark in ("uq_company_receipt_reverses", "company_receipt.reverses"):
    clash(_mark, N_("This receipt was taken back already. Look at the account again."))
clash("ck_company_bill_left", N_("This bill was paid meanwhile. Look at the account again."))
