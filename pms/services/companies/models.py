"""Companies with an agreement, and who may sign for them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from pms.core.i18n import N_
from pms.core.money import Money
from pms.db.base import PRIVATE, Table
from pms.db.clashes import clash
from pms.db.sealed import Sealed


class Company(Table):
    """A company that the house has an agreement with; ``suspended`` is the reason why it does not count.

    ``credit_limit`` is what it may owe at most, 0 for nothing; ``free_until`` (HH:MM) the hour until which
    its guests leave free of charge, empty for the house's own.
    """

    __tablename__ = "company"
    number: Mapped[int] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(unique=True)
    code: Mapped[str | None] = mapped_column(String(20), unique=True)
    search: Mapped[str] = mapped_column(default="", info=PRIVATE)
    tax_number: Mapped[str] = mapped_column(String(20), default="")
    contact: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(Sealed("number"), default="", info=PRIVATE)
    address: Mapped[str] = mapped_column(Sealed("number"), default="", info=PRIVATE)
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("rate_plan.id"))
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    free_until: Mapped[str] = mapped_column(String(5), default="")
    credit_limit: Mapped[Money] = mapped_column(default=Money(0))
    days_to_pay: Mapped[int] = mapped_column(default=30)
    suspended: Mapped[str] = mapped_column(default="")
    made_at: Mapped[datetime]
    made_by: Mapped[int | None]
    __table_args__ = (
        CheckConstraint("valid_from <= valid_until", name="period"),
        CheckConstraint("credit_limit >= 0 AND days_to_pay >= 0", name="credit"),
    )


class CompanySigner(Table):
    """Who may sign for a company, until a day; ``specimen`` says where the paper with the signature lies."""

    __tablename__ = "company_signer"
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"), index=True)
    name: Mapped[str]
    search: Mapped[str] = mapped_column(default="", info=PRIVATE)
    phone: Mapped[str] = mapped_column(Sealed(), default="", info=PRIVATE)
    specimen: Mapped[str] = mapped_column(default="")
    valid_until: Mapped[date | None]
    added_on: Mapped[date]
    added_by: Mapped[int | None]
    removed_on: Mapped[date | None]
    removed_by: Mapped[int | None]


class SignerSpecimen(Table):
    """How a signer signs: a small picture as a PNG file in base 64, told in no trail."""

    __tablename__ = "signer_specimen"
    signer_id: Mapped[int] = mapped_column(ForeignKey("company_signer.id"), unique=True)
    png: Mapped[str] = mapped_column(info=PRIVATE)
    at: Mapped[datetime]
    clerk_id: Mapped[int | None]


for _mark in ("uq_company_name", "company.name"):
    clash(_mark, N_("There is a company of this name already. Look for it in the list."))
for _mark in ("uq_company_code", "company.code"):
    clash(_mark, N_("Another company has this code already. Choose another code."))
clash("ck_company_period", N_("The agreement ends before it begins. Change one of the dates."))
