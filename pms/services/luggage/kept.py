"""What luggage keeps of a guest."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.core.i18n import _
from pms.core.offers import Kept
from pms.core.permissions import Permission
from pms.core.reading import query

from .models import LuggageTag
from .queries import shown


@query(Permission.GUESTS_EXPORT)
def kept_of(session: Session, *, stay_ids: Sequence[int], line_ids: Sequence[int], phone: str) -> list[Kept]:
    """Return the tags of these stays."""
    t = LuggageTag
    rows = [
        {
            _("Number"): shown(tag.number),
            _("Guest"): tag.guest_name,
            _("Phone"): tag.phone,
            _("Pieces"): tag.pieces,
            _("Date"): tag.stored_on,
            _("Marks"): tag.marks,
        }
        for tag in session.scalars(select(t).where(t.stay_id.in_(stay_ids)).order_by(t.number))
    ]
    return [Kept(_("Luggage"), rows)]
