"""What is kept of a guest with a payment in question: the payer's words, by the stay."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.core.i18n import _
from pms.core.offers import Kept
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.services.folios.attempts import shown
from pms.services.folios.models import PaymentAttempt

from .queries import STATES


@query(Permission.GUESTS_EXPORT)
def kept_of(session: Session, *, stay_ids: Sequence[int], line_ids: Sequence[int], phone: str) -> list[Kept]:
    """Return the payments in question of these stays."""
    p = PaymentAttempt
    found = session.execute(
        select(p.number, p.amount, p.reference, p.told, p.state, p.reason, p.business_date)
        .where(p.stay_id.in_(stay_ids))
        .order_by(p.number)
    )
    rows = [
        {
            _("Number"): shown(row.number),
            _("Amount"): row.amount,
            _("Transaction number"): row.reference,
            _("What the payer said"): row.told,
            _("State"): _(STATES[row.state]),
            _("Reason"): row.reason,
            _("Date"): row.business_date,
        }
        for row in found
    ]
    return [Kept(_("Payments in question"), rows)]
