"""What is kept of a guest among the invoices."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.core.i18n import _
from pms.core.money import show
from pms.core.offers import Kept
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.services.property.queries import setting

from .models import Invoice
from .queries import STATES, shown


@query(Permission.GUESTS_EXPORT)
def kept_of(session: Session, *, stay_ids: Sequence[int], line_ids: Sequence[int], phone: str) -> list[Kept]:
    """Return the invoices of these stays; the tax law wants them kept when the guest's data are erased."""
    del line_ids, phone
    digits = setting(session).digits
    found = session.scalars(select(Invoice).where(Invoice.stay_id.in_(stay_ids)).order_by(Invoice.number))
    rows = [
        {
            _("Number"): shown(i.number),
            _("State"): _(STATES[i.state]),
            _("Buyer"): i.buyer,
            _("Tax number"): i.tax_number,
            _("Address and phone"): i.address_phone,
            _("Bank and account"): i.bank,
            _("Amount"): show(i.amount, digits),
            _("Invoice number"): i.serial or "",
            _("Remark"): i.remark,
        }
        for i in found
    ]
    return [Kept(_("Invoices"), rows)]
