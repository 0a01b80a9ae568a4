"""Enter and change companies, suspend them, and say who may sign for them."""

import re
from base64 import b64encode
from datetime import date

from sqlalchemy import select

from pms.core import dates, tax_numbers, typed
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.money import Money
from pms.db.work import Work, operation
from pms.printing import logos
from pms.services.guests.search import search_text
from pms.services.rates.models import RatePlan

from .duty import EDIT
from .held import held
from .models import Company, CompanySigner, SignerSpecimen

MOST_DAYS = 365
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)


@operation(EDIT)
def add(
    work: Work,
    *,
    name: str,
    code: str = "",
    tax_number: str = "",
    contact: str = "",
    phone: str = "",
    address: str = "",
    plan_id: int | None = None,
    valid_from: date | None = None,
    valid_until: date | None = None,
    free_until: str = "",
    credit_limit: Money = Money(0),
    days_to_pay: int = 30,
) -> int:
    """Enter a company with its agreement and return its number."""
    made = Company(number=work.next_number("company"), made_at=work.now, made_by=work.clerk.id or None)
    work.session.add(made)
    made.code, made.tax_number = _code(code), tax_numbers.read(tax_number)
    _tell(work, made, name, contact, phone, address)
    _agree(work, made, plan_id, valid_from, valid_until, free_until)
    _credit(made, credit_limit, days_to_pay)
    work.session.flush()
    work.touch("companies")
    return made.number


@operation(EDIT)
def edit(
    work: Work,
    *,
    number: int,
    name: str,
    code: str = "",
    tax_number: str = "",
    contact: str = "",
    phone: str = "",
    address: str = "",
    plan_id: int | None = None,
    valid_from: date | None = None,
    valid_until: date | None = None,
    free_until: str = "",
    credit_limit: Money = Money(0),
    days_to_pay: int = 30,
) -> None:
    """Change a company and its agreement; bookings that stand keep their prices."""
    found = held(work, number)
    found.code, found.tax_number = _code(code), tax_numbers.read(tax_number)
    _tell(work, found, name, contact, phone, address)
    _agree(work, found, plan_id, valid_from, valid_until, free_until)
    _credit(found, credit_limit, days_to_pay)
    work.session.flush()
    work.touch("companies")


def _code(code: str) -> str | None:
    return typed.code(code) or None


def _tell(work: Work, company: Company, name: str, contact: str, phone: str, address: str) -> None:
    if not name.strip():
        raise Refused(_("Give the company's name."))
    company.name, company.contact = " ".join(name.split()), contact.strip()
    company.phone, company.address = phone.strip(), address.strip()
    told = f"{company.name} {company.code or ''} {company.contact}"
    company.search = search_text(work.session, told, company.phone)


def _agree(
    work: Work,
    company: Company,
    plan_id: int | None,
    valid_from: date | None,
    valid_until: date | None,
    free_until: str,
) -> None:
    if plan_id is not None:
        work.session.get_one(RatePlan, plan_id)
    if valid_from is not None and valid_until is not None and valid_until < valid_from:
        raise Refused(
            _("The agreement would end on %(end)s, before it begins on %(start)s. Change one of them.")
            % {"start": dates.day(valid_from, year=True), "end": dates.day(valid_until, year=True)}
        )
    if free_until.strip() and not _CLOCK.fullmatch(free_until.strip()):
        raise Refused(_("Type a time such as 14:00."))
    company.plan_id, company.free_until = plan_id, free_until.strip()
    company.valid_from, company.valid_until = valid_from, valid_until


def _credit(company: Company, limit: Money, days: int) -> None:
    if limit < 0:
        raise Refused(_("A credit limit is not below 0."))
    if not 0 <= days <= MOST_DAYS:
        raise Refused(_("Days to pay are from 0 to %(most)s.") % {"most": MOST_DAYS})
    company.credit_limit, company.days_to_pay = limit, days


@operation(EDIT)
def suspend(work: Work, *, number: int, reason: str) -> None:
    """Let a company's agreement not count until it is resumed."""
    if not reason.strip():
        raise Refused(_("Say why the company is suspended; the desk reads it."))
    found = held(work, number)
    if found.suspended:
        raise Refused(_("%(company)s is suspended already.") % {"company": found.name})
    found.suspended = reason.strip()
    work.touch("companies")


@operation(EDIT)
def resume(work: Work, *, number: int) -> None:
    """Let a suspended company's agreement count again."""
    found = held(work, number)
    if not found.suspended:
        raise Refused(_("%(company)s is not suspended.") % {"company": found.name})
    found.suspended = ""
    work.touch("companies")


@operation(EDIT)
def add_signer(
    work: Work,
    *,
    number: int,
    name: str,
    phone: str = "",
    specimen: str = "",
    valid_until: date | None = None,
) -> int:
    """Note who may sign for a company, and return that person's number in the database."""
    if not name.strip():
        raise Refused(_("Give the signer's name."))
    if valid_until is not None and valid_until < work.business_date:
        raise Refused(
            _("%(day)s is over. A signer signs until today or later.")
            % {"day": dates.day(valid_until, year=True)}
        )
    company = held(work, number)
    s = CompanySigner
    same = select(s.id).where(s.company_id == company.id, s.name == name.strip(), s.removed_on.is_(None))
    if work.session.scalars(same).first() is not None:
        raise Refused(_("%(name)s may sign already.") % {"name": name.strip()})
    made = CompanySigner(
        company_id=company.id,
        name=name.strip(),
        search=search_text(work.session, name, phone),
        phone=phone.strip(),
        specimen=specimen.strip(),
        valid_until=valid_until,
        added_on=work.business_date,
        added_by=work.clerk.id or None,
    )
    work.session.add(made)
    work.session.flush()
    work.touch("companies")
    return made.id


@operation(EDIT)
def set_specimen(work: Work, *, signer_id: int, picture: bytes) -> None:
    """Keep how a person signs: a PNG or JPEG file, made small once, in place of the one before; refuses what
    is none, is too large or blank."""
    found = work.hold(CompanySigner, signer_id)
    if found.removed_on is not None:
        raise Refused(_("%(name)s may not sign any more already.") % {"name": found.name})
    png = b64encode(logos.made(picture).png).decode()
    s = SignerSpecimen
    before = work.session.scalars(select(s).where(s.signer_id == found.id).with_for_update()).first()
    made = before if before is not None else s(signer_id=found.id)
    made.png, made.at, made.clerk_id = png, work.now, work.clerk.id or None
    work.session.add(made)
    work.touch("companies")


@operation(EDIT)
def end_signer(work: Work, *, signer_id: int) -> None:
    """Take the right to sign away from a person, from today on."""
    found = work.hold(CompanySigner, signer_id)
    if found.removed_on is not None:
        raise Refused(_("%(name)s may not sign any more already.") % {"name": found.name})
    found.removed_on, found.removed_by = work.business_date, work.clerk.id or None
    work.touch("companies")
