"""Invoices, their red letters, and how much of each stay is invoiced."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from pms.core.i18n import N_
from pms.core.money import Money
from pms.db.base import Table
from pms.db.clashes import clash

_OPEN = text("state = 'wanted'")


class Invoice(Table):
    """An invoice of a stay; ``serial`` are the twenty figures that the tax platform gave it, ``red`` how much
    of it red letters have taken back."""

    __tablename__ = "invoice"
    number: Mapped[int] = mapped_column(unique=True)
    stay_id: Mapped[int] = mapped_column(ForeignKey("stay.id"), index=True)
    special: Mapped[bool] = mapped_column(default=False)
    individual: Mapped[bool] = mapped_column(default=False)
    buyer: Mapped[str]
    tax_number: Mapped[str] = mapped_column(String(20), default="")
    address_phone: Mapped[str] = mapped_column(default="")
    bank: Mapped[str] = mapped_column(default="")
    remark: Mapped[str] = mapped_column(default="")
    amount: Mapped[Money]
    red: Mapped[Money] = mapped_column(default=Money(0))
    state: Mapped[str] = mapped_column(String(8), default="wanted")
    wanted_at: Mapped[datetime]
    wanted_by: Mapped[int | None]
    serial: Mapped[str | None] = mapped_column(String(20), unique=True)
    issued_on: Mapped[date | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None]
    reason: Mapped[str] = mapped_column(default="")
    exported_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("red >= 0 AND red <= amount", name="red"),
        CheckConstraint("(state = 'issued') = (serial IS NOT NULL)", name="serial"),
        Index("ix_invoice_wanted", "number", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )


class RedLetter(Table):
    """What took an invoice back, in part or in whole: its own twenty figures and those of its confirmation;
    append-only in the database itself."""

    __tablename__ = "red_letter"
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), index=True)
    serial: Mapped[str] = mapped_column(String(20), unique=True)
    confirmation: Mapped[str] = mapped_column(String(20), default="")
    amount: Mapped[Money]
    reason: Mapped[str] = mapped_column(String(8))
    issued_on: Mapped[date]
    at: Mapped[datetime]
    clerk_id: Mapped[int | None]
    __table_args__ = (CheckConstraint("amount > 0", name="amount"),)


class IssuedList(Table):
    """A list of issued invoices that was read in: its days, its seller, how many it has, how many of them
    were noted by it; append-only in the database itself."""

    __tablename__ = "issued_list"
    file: Mapped[str]
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    seller: Mapped[str] = mapped_column(String(20))
    first: Mapped[date]
    last: Mapped[date]
    lines: Mapped[int]
    noted: Mapped[int]
    at: Mapped[datetime]
    business_date: Mapped[date]
    clerk_id: Mapped[int | None]


class IssuedLine(Table):
    """An invoice of a list as the platform tells it; of a red letter ``amount`` is negative. Append-only: of
    one that stands in several lists the latest counts."""

    __tablename__ = "issued_line"
    list_id: Mapped[int] = mapped_column(ForeignKey("issued_list.id"), index=True)
    serial: Mapped[str] = mapped_column(String(20), index=True)
    issued_on: Mapped[date]
    buyer: Mapped[str]
    tax_number: Mapped[str]
    amount: Mapped[Money]
    state: Mapped[str]
    red_of: Mapped[str] = mapped_column(String(20), default="")
    times: Mapped[int] = mapped_column(default=1)


class InvoicedStay(Table):
    """How much of a stay is invoiced, and how much might be when that was last reckoned."""

    __tablename__ = "invoiced_stay"
    stay_id: Mapped[int] = mapped_column(ForeignKey("stay.id"), unique=True)
    invoiced: Mapped[Money] = mapped_column(default=Money(0))
    payable: Mapped[Money] = mapped_column(default=Money(0))
    __table_args__ = (CheckConstraint("invoiced >= 0 AND invoiced <= payable", name="never_more"),)


_TWICE = N_("This invoice number is here already. Look it up before you enter it again.")
for _mark in ("invoice.serial", "uq_invoice_serial", "red_letter.serial", "uq_red_letter_serial"):
    clash(_mark, _TWICE)
clash("ck_invoiced_stay_never_more", N_("More than was paid cannot be invoiced. Look at the folio again."))
clash("never_more", N_("More than was paid cannot be invoiced. Look at the folio again."))
clash("issued_list.digest", N_("This list was read in already."))
clash("uq_issued_list_digest", N_("This list was read in already."))
