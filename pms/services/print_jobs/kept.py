"""Which stored papers are about a guest."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.core.i18n import _
from pms.core.offers import Kept
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.base import PrintJob


@query(Permission.GUESTS_EXPORT)
def kept_of(session: Session, *, stay_ids: Sequence[int], line_ids: Sequence[int], phone: str) -> list[Kept]:
    """Return which papers these stays have; what stands on one may be another guest's."""
    j = PrintJob
    rows = session.execute(
        select(j.at, j.title, j.number).where(j.record == "stay", j.record_id.in_(stay_ids)).order_by(j.id)
    )
    told = [{_("Time"): at, _("Paper"): title, _("Number"): number} for at, title, number in rows]
    return [Kept(_("Print-outs"), told)]
