"""What the handover book keeps of a guest."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.core.i18n import _
from pms.core.offers import Kept
from pms.core.permissions import Permission
from pms.core.reading import query

from .models import Message


@query(Permission.GUESTS_EXPORT)
def kept_of(session: Session, *, stay_ids: Sequence[int], line_ids: Sequence[int], phone: str) -> list[Kept]:
    """Return the entries about these stays."""
    m = Message
    rows = [
        {_("Time"): entry.written_at, _("Text"): entry.text, _("Answer"): entry.answer}
        for entry in session.scalars(select(m).where(m.stay_id.in_(stay_ids)).order_by(m.id))
    ]
    return [Kept(_("Handover book"), rows)]
