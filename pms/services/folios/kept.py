"""What the folios keep of a guest."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from pms.core.i18n import _
from pms.core.offers import Kept
from pms.core.permissions import Permission
from pms.core.reading import query

from .queries import folio_lines


@query(Permission.GUESTS_EXPORT)
def kept_of(session: Session, *, stay_ids: Sequence[int], line_ids: Sequence[int], phone: str) -> list[Kept]:
    """Return every posting of these stays, in the currency's smallest unit."""
    rows = [
        {
            _("Date"): line.business_date,
            _("Item"): line.code,
            _("Text"): line.text,
            _("Charge"): int(line.charge),
            _("Payment"): int(line.paid),
            _("Number"): line.slip,
        }
        for stay_id in stay_ids
        for line in folio_lines(session, stay_id=stay_id)
    ]
    return [Kept(_("Folio"), rows)]
