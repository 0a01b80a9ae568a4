"""Which companies have an agreement, who signs for them, and what changed. No cost here grows with
the years."""

from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from pms.core import dates, typed
from pms.core.i18n import N_, _
from pms.core.money import Money
from pms.core.names import folded
from pms.core.offers import Customer, Hit
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.services.guests.search import fits
from pms.services.property.queries import setting
from pms.services.rates.models import RatePlan
from pms.services.staff import told as trail
from pms.services.staff.told import Told

from .models import Company, CompanySigner, SignerSpecimen

KIND = "company"
MOST = 8
CODE = 20
"""A code has no more signs."""


@dataclass(frozen=True)
class CompanyRow:
    """A company as lists show it."""

    id: int
    number: int
    name: str
    code: str
    tax_number: str
    contact: str
    phone: str
    address: str
    plan_id: int | None
    plan_name: str
    valid_from: date | None
    valid_until: date | None
    free_until: str
    credit_limit: Money
    days_to_pay: int
    suspended: str
    made_at: datetime

    def why_not(self, on: date) -> str:
        """Say why the agreement does not count on a day; nothing where it does."""
        if self.suspended:
            return _("Suspended: %(reason)s") % {"reason": self.suspended}
        if self.valid_from is not None and on < self.valid_from:
            return _("The agreement begins on %(day)s.") % {"day": dates.day(self.valid_from, year=True)}
        if self.valid_until is not None and on > self.valid_until:
            return _("The agreement ended on %(day)s.") % {"day": dates.day(self.valid_until, year=True)}
        return ""

    def as_customer(self, on: date) -> Customer:
        """Return the company as a booking knows it."""
        return Customer(
            KIND,
            self.number,
            self.name,
            " ".join(filter(None, (self.code, self.contact))),
            self.plan_id,
            self.free_until,
            self.why_not(on),
        )


@dataclass(frozen=True)
class SignerRow:
    """Who may sign for a company, or might."""

    id: int
    company: int
    name: str
    phone: str
    specimen: str
    valid_until: date | None
    added_on: date
    removed_on: date | None

    def may_sign(self, on: date) -> bool:
        """Say whether the signature counts on a day."""
        return self.removed_on is None and (self.valid_until is None or on <= self.valid_until)


FIELDS = {
    "name": N_("Company name"),
    "code": N_("Short code"),
    "tax_number": N_("Tax number"),
    "contact": N_("Contact"),
    "phone": N_("Phone"),
    "address": N_("Company address"),
    "plan_id": N_("Rate plan"),
    "valid_from": N_("Valid from"),
    "valid_until": N_("Valid until"),
    "free_until": N_("Free departure until"),
    "credit_limit": N_("Credit limit"),
    "days_to_pay": N_("Days to pay"),
    "suspended": N_("Suspended"),
}
"""What is told of a company's changes, and how it is called."""


def _companies() -> Select[*tuple[Any, ...]]:
    c = Company
    return select(
        c.id,
        c.number,
        c.name,
        func.coalesce(c.code, ""),
        c.tax_number,
        c.contact,
        c.phone,
        c.address,
        c.plan_id,
        func.coalesce(RatePlan.name, ""),
        c.valid_from,
        c.valid_until,
        c.free_until,
        c.credit_limit,
        c.days_to_pay,
        c.suspended,
        c.made_at,
    ).outerjoin(RatePlan, RatePlan.id == c.plan_id)


@query(Permission.GUESTS_READ)
def companies(session: Session) -> list[CompanyRow]:
    """Return every company by name."""
    return [CompanyRow(*row) for row in session.execute(_companies().order_by(Company.name))]


@query(Permission.GUESTS_READ)
def company(session: Session, *, number: int) -> CompanyRow | None:
    """Return a company by its number, None when there is none."""
    row = session.execute(_companies().where(Company.number == number)).first()
    return CompanyRow(*row) if row else None


@query(Permission.GUESTS_READ)
def signers(session: Session, *, number: int) -> list[SignerRow]:
    """Return who signs for a company and who did, those who may first."""
    s = CompanySigner
    rows = session.execute(
        select(s.id, Company.number, s.name, s.phone, s.specimen, s.valid_until, s.added_on, s.removed_on)
        .join(Company, Company.id == s.company_id)
        .where(Company.number == number)
        .order_by(s.removed_on.is_not(None), s.name, s.id)
    )
    return [SignerRow(*row) for row in rows]


@query(Permission.GUESTS_READ)
def specimens(session: Session, *, signer_ids: Sequence[int]) -> dict[int, bytes]:
    """Return how these people sign, as PNG files, of those whose picture is kept."""
    s = SignerSpecimen
    asked = select(s.signer_id, s.png).where(s.signer_id.in_(signer_ids))
    rows = session.execute(asked) if signer_ids else ()
    return {signer_id: b64decode(png) for signer_id, png in rows}


@query(Permission.GUESTS_READ)
def history(session: Session, *, number: int) -> list[Told]:
    """Return what was changed of a company and its signers, the latest first."""
    found = session.scalars(select(Company.id).where(Company.number == number)).all()
    signing = session.scalars(select(CompanySigner.id).where(CompanySigner.company_id.in_(found))).all()
    return trail.told(session, records={"company": found, "company_signer": signing})


def _found(session: Session, text: str, most: int) -> list[CompanyRow]:
    """Return the companies that fit what was typed, the best first: by code, by the beginning of the name."""
    if not text.strip():
        return []
    c, code, name = Company, typed.code(text), folded(text)
    signing = select(CompanySigner.company_id).where(
        CompanySigner.removed_on.is_(None), fits(session, CompanySigner.search, text)
    )
    fitting = or_(fits(session, c.search, text), c.code == code[:CODE], c.id.in_(signing))
    rows = [
        CompanyRow(*row) for row in session.execute(_companies().where(fitting).order_by(c.name).limit(200))
    ]
    best = sorted(rows, key=lambda r: (r.code != code, not folded(r.name).startswith(name)))
    return best[:most]


@query(Permission.GUESTS_READ)
def customers(session: Session, *, text: str, on: date) -> list[Customer]:
    """Find companies by name, pinyin, code, or the phone of a contact or signer."""
    return [row.as_customer(on) for row in _found(session, text, MOST)]


@query(Permission.GUESTS_READ)
def customer_of(session: Session, *, kind: str, number: int, on: date) -> Sequence[Customer]:
    """Return a company as a booking knows it."""
    found = company(session, number=number) if kind == KIND else None
    return [found.as_customer(on)] if found else []


@query(Permission.GUESTS_READ)
def search(session: Session, *, text: str) -> list[Hit]:
    """Find companies likewise, for Ctrl+K."""
    today = setting(session).business_date
    return [
        Hit(
            " ".join(filter(None, (row.name, row.code))),
            " ".join(filter(None, (_("Company"), row.contact, row.why_not(today)))),
            "users",
            "companies",
            {"number": row.number},
        )
        for row in _found(session, text, 6)
    ]
