"""What damages keep of a guest: by the stay alone, without a name of its own."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.core.i18n import _
from pms.core.offers import Kept
from pms.core.permissions import Permission
from pms.core.reading import query

from .models import Damage
from .queries import shown


@query(Permission.GUESTS_EXPORT)
def kept_of(session: Session, *, stay_ids: Sequence[int], line_ids: Sequence[int], phone: str) -> list[Kept]:
    """Return the damages of these stays."""
    d = Damage
    found = session.execute(
        select(d.number, d.room, d.what, d.pieces, d.charged, d.reason, d.business_date)
        .where(d.stay_id.in_(stay_ids))
        .order_by(d.number)
    )
    rows = [
        {
            _("Number"): shown(row.number),
            _("Room"): row.room,
            _("Damaged"): row.what,
            _("Pieces"): row.pieces,
            _("Sum charged"): row.charged,
            _("Reason"): row.reason,
            _("Date"): row.business_date,
        }
        for row in found
    ]
    return [Kept(_("Damages"), rows)]
