"""What the register of companies keeps of a person: a contact's or a signer's name and phone. Both go when
the agreement, or the right to sign, is long over."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import false, or_, select
from sqlalchemy.orm import Session

from pms.core.i18n import _
from pms.core.names import phone_figures
from pms.core.offers import Kept
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.sealed import LAST
from pms.db.work import Work
from pms.services.guests.search import fits, search_text

from .models import Company, CompanySigner

AT_ONCE = 200


@query(Permission.GUESTS_EXPORT)
def kept_of(session: Session, *, stay_ids: Sequence[int], line_ids: Sequence[int], phone: str) -> list[Kept]:
    """Return whom this phone reaches at a company: as its contact, or as one who signs for it."""
    whole = len(phone_figures(phone)) > LAST
    c, s = Company, CompanySigner
    contacts = session.execute(
        select(c.name, c.contact, c.phone, c.address).where(
            fits(session, c.search, phone) if whole else false()
        )
    )
    signing = session.execute(
        select(c.name, s.name, s.phone)
        .join(c, c.id == s.company_id)
        .where(fits(session, s.search, phone) if whole else false())
    )
    rows = [
        {_("Company"): name, _("Contact"): contact, _("Phone"): number, _("Address"): address}
        for name, contact, number, address in contacts
    ]
    rows += [{_("Company"): name, _("Signer"): who, _("Phone"): number} for name, who, number in signing]
    return [Kept(_("Companies"), rows)]


def erase_old(work: Work, *, before: date) -> list[int]:
    """Erase phone and address of companies whose agreement ended, and phones of signers who sign no more."""
    c, s = Company, CompanySigner
    ended = (
        select(c)
        .where(or_(c.phone != "", c.address != ""), c.valid_until < before)
        .order_by(c.id)
        .limit(AT_ONCE)
        .with_for_update()
    )
    erased = []
    for company in work.session.scalars(ended).all():
        company.phone = company.address = ""
        told = f"{company.name} {company.code or ''} {company.contact}"
        company.search = search_text(work.session, told)
        erased.append(company.id)
    over = (
        select(s)
        .join(c, c.id == s.company_id)
        .where(s.phone != "", or_(s.removed_on < before, s.valid_until < before, c.valid_until < before))
        .order_by(s.id)
        .limit(AT_ONCE)
        .with_for_update(of=s)
    )
    for signer in work.session.scalars(over).all():
        signer.phone, signer.search = "", search_text(work.session, signer.name)
        erased.append(signer.id)
    return erased
