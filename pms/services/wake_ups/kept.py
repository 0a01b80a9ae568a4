"""What the wake-up calls keep of a guest."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.core.i18n import _
from pms.core.offers import Kept
from pms.core.permissions import Permission
from pms.core.reading import query

from .models import STATES, WakeUp


@query(Permission.GUESTS_EXPORT)
def kept_of(session: Session, *, stay_ids: Sequence[int], line_ids: Sequence[int], phone: str) -> list[Kept]:
    """Return the calls of these stays."""
    w = WakeUp
    rows = [
        {_("Time"): call.at, _("State"): _(STATES[call.state]), _("Remark"): call.remark}
        for call in session.scalars(select(w).where(w.stay_id.in_(stay_ids)).order_by(w.id))
    ]
    return [Kept(_("Wake-up calls"), rows)]
