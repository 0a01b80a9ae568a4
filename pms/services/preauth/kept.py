"""What is kept of a guest with a pre-authorisation: the card's last figures, by the stay."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.core.i18n import _
from pms.core.offers import Kept, StillNeeded
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.services.folios import holds
from pms.services.folios.models import Preauth
from pms.services.property.queries import setting

from .queries import OPEN


@query(Permission.GUESTS_REVEAL)
def still_needed(session: Session, *, stay_ids: Sequence[int]) -> list[StillNeeded]:
    """Say for whom an amount is held still."""
    p, today = Preauth, setting(session).business_date
    rows = session.execute(
        select(p.stay_id, p.number)
        .where(OPEN, p.valid_until >= today, p.stay_id.in_(stay_ids))
        .order_by(p.number)
    )
    why = _("Pre-authorisation %(number)s is still held. Complete or release it first.")
    return [StillNeeded(stay, why % {"number": holds.shown(number)}) for stay, number in rows]


@query(Permission.GUESTS_EXPORT)
def kept_of(session: Session, *, stay_ids: Sequence[int], line_ids: Sequence[int], phone: str) -> list[Kept]:
    """Return the pre-authorisations of these stays."""
    p = Preauth
    found = session.execute(
        select(p.number, p.last_four, p.code, p.held, p.captured, p.released, p.valid_until, p.taken_on)
        .where(p.stay_id.in_(stay_ids))
        .order_by(p.number)
    )
    rows = [
        {
            _("Number"): holds.shown(row.number),
            _("Last four figures"): row.last_four,
            _("Authorisation code"): row.code,
            _("Amount held"): row.held,
            _("Amount charged"): row.captured,
            _("Amount released"): row.released,
            _("Valid until"): row.valid_until,
            _("Date"): row.taken_on,
        }
        for row in found
    ]
    return [Kept(_("Pre-authorisations"), rows)]
