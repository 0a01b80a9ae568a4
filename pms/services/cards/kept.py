"""What the room cards keep of a guest."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.core.i18n import _
from pms.core.offers import Kept
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.services.rooms.models import Room

from .models import Card


@query(Permission.GUESTS_EXPORT)
def kept_of(session: Session, *, stay_ids: Sequence[int], line_ids: Sequence[int], phone: str) -> list[Kept]:
    """Return the cards that were made for these stays."""
    rows = session.execute(
        select(Room.number, Card.valid_from, Card.valid_to)
        .join(Room, Room.id == Card.room_id)
        .where(Card.stay_id.in_(stay_ids))
        .order_by(Card.id)
    )
    told = [{_("Room"): room, _("From"): start, _("Until"): end} for room, start, end in rows]
    return [Kept(_("Room cards"), told)]
