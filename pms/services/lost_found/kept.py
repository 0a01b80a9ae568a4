"""What lost and found keeps of a guest."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.core.i18n import _
from pms.core.offers import Kept
from pms.core.permissions import Permission
from pms.core.reading import query

from .models import FoundItem, LossReport
from .queries import number_shown


@query(Permission.GUESTS_EXPORT)
def kept_of(session: Session, *, stay_ids: Sequence[int], line_ids: Sequence[int], phone: str) -> list[Kept]:
    """Return the found things and the reports of losses of these stays."""
    i, r = FoundItem, LossReport
    items = session.scalars(select(i).where(i.stay_id.in_(stay_ids)).order_by(i.number)).all()
    reports = session.scalars(select(r).where(r.stay_id.in_(stay_ids)).order_by(r.number)).all()
    rows = [
        {
            _("Number"): number_shown(item.number),
            _("Item"): item.what,
            _("Date"): item.found_on,
            _("Guest"): item.guest_name,
            _("Phone"): item.phone,
            _("Address"): item.sent_to,
        }
        for item in items
    ]
    rows += [
        {
            _("Number"): number_shown(missed.number, report=True),
            _("Item"): missed.what,
            _("Date"): missed.lost_on,
            _("Guest"): missed.name,
            _("Phone"): missed.phone,
        }
        for missed in reports
    ]
    return [Kept(_("Lost & found"), rows)]
