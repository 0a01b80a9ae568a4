"""Charge to a company's account what a guest leaves, and take it back with the check-out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from pms.core import dates
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.money import Money, show
from pms.db.types import summed
from pms.db.work import Work
from pms.services.companies import queries as companies
from pms.services.companies.held import held
from pms.services.companies.models import Company, CompanySigner
from pms.services.folios import ledger
from pms.services.folios.models import Transfer

from .duty import BILL, EXCEED
from .models import OPEN, CompanyBill


@dataclass(frozen=True)
class OnAccount:
    """Who pays later: a company by its number, and who of it signs."""

    company: int
    signer: int


@dataclass(frozen=True)
class Lodged:
    """Whose stay a bill is for: guest, room and nights as they stand on the company's statement."""

    stay_id: int
    number: int
    guest: str
    room: str
    arrival: date
    departure: date


def owes(work: Work, company_id: int) -> Money:
    """Return what a company owes now: the sum of its open bills."""
    b = CompanyBill
    asked = select(summed(b.left)).where(b.company_id == company_id, OPEN)
    return Money(int(work.session.execute(asked).scalar_one()))


def may_owe(work: Work, told: OnAccount, amount: int, whose: Lodged) -> tuple[Company, str]:
    """Return the company, held, and who signs; refuses a signer who may not sign, and asks for authority
    where the company does not count or would pass its limit."""
    work.must_hold(BILL)
    company = held(work, told.company)
    signer = work.session.get(CompanySigner, told.signer)
    if signer is None or signer.company_id != company.id:
        raise Refused(_("Choose who signs for %(company)s.") % {"company": company.name})
    if signer.removed_on is not None:
        raise Refused(_("%(name)s may not sign any more. Choose another signer.") % {"name": signer.name})
    if signer.valid_until is not None and signer.valid_until < work.business_date:
        raise Refused(
            _("%(name)s signs until %(day)s only. Choose another signer.")
            % {"name": signer.name, "day": dates.day(signer.valid_until, year=True)}
        )
    about = {"company": company.name, "guest": whose.guest, "room": whose.room}
    row = companies.company(work.session, number=company.number)
    if row is not None and (why := row.why_not(work.business_date)):
        what = _("%(room)s %(guest)s to the account of %(company)s, which does not count: %(why)s")
        work.require(EXCEED, what % {**about, "why": why.rstrip(".")}, amount)
    owed, digits = owes(work, company.id), work.setting.digits
    if owed + amount > company.credit_limit:
        what = _("%(room)s %(guest)s to the account of %(company)s: %(owed)s owed with it, limit %(limit)s")
        sums = {"owed": show(owed + amount, digits), "limit": show(company.credit_limit, digits)}
        work.require(EXCEED, what % {**about, **sums}, amount)
    return company, signer.name


def bill(work: Work, company: Company, signer: str, whose: Lodged, folio: int, amount: int) -> int:
    """Move what a folio owes to the company's account and return the bill's number."""
    posted = ledger.post(
        work,
        debit=ledger.company_account(work, company.number, company.name),
        credit=folio,
        amount=amount,
        code="COMPANY",
        text=company.name,
        stay_id=whose.stay_id,
    )
    number = work.next_number("company_bill")
    work.session.add(
        CompanyBill(
            number=number,
            company_id=company.id,
            stay_id=whose.stay_id,
            stay_number=whose.number,
            guest=whose.guest,
            room=whose.room,
            arrival=whose.arrival,
            departure=whose.departure,
            signer=signer,
            amount=Money(amount),
            left=Money(amount),
            billed_on=work.business_date,
            due_on=work.business_date + timedelta(days=company.days_to_pay),
            transfer_id=posted,
        )
    )
    work.touch("debts")
    return number


def take_back(work: Work, stay_id: int, lines: Sequence[Transfer]) -> None:
    """Void the bills of a stay that these postings made and that are taken back with them. Refuses where
    money came in on one already."""
    b = CompanyBill
    these = (b.stay_id == stay_id, b.voided_on.is_(None), b.transfer_id.in_([line.id for line in lines]))
    for company_id in sorted(set(work.session.scalars(select(b.company_id).where(*these)))):
        work.hold(Company, company_id)
    found = select(b).where(*these).with_for_update()
    for one in work.session.scalars(found.execution_options(populate_existing=True)).all():
        if one.left != one.amount:
            raise Refused(
                _("Money came in on bill %(number)s of the company. Take that receipt back first.")
                % {"number": one.number}
            )
        one.left, one.voided_on = Money(0), work.business_date
        work.touch("debts")
