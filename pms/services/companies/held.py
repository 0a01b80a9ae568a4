"""A company that is read and then decided on."""

from sqlalchemy import select

from pms.core.errors import Refused
from pms.core.i18n import _
from pms.db.work import Work

from .models import Company


def held(work: Work, number: int) -> Company:
    """Return a company, held: what is decided on its agreement or limit stays true."""
    found = work.session.scalars(
        select(Company)
        .where(Company.number == number)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise Refused(_("There is no company %(number)s.") % {"number": number})
    return found
