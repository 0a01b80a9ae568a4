"""What the orders keep of a guest: the text as it was pasted, which names guests and phones. It goes with the
guest's data, and some time after an order."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from pms.core.i18n import _
from pms.core.offers import Kept
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.work import Work
from pms.services.channels.models import Channel
from pms.services.reservations.models import BookedRoom
from pms.services.stays.models import Stay

from .models import ChannelOrder

AT_ONCE = 200


@query(Permission.GUESTS_EXPORT)
def kept_of(session: Session, *, stay_ids: Sequence[int], line_ids: Sequence[int], phone: str) -> list[Kept]:
    """Return the orders of these booked rooms."""
    o, b = ChannelOrder, BookedRoom
    theirs = select(b.reservation_id).where(b.id.in_(line_ids))
    rows = session.execute(
        select(Channel.name, o.reference, o.taken_on, o.text)
        .outerjoin(Channel, Channel.number == o.channel_number)
        .where(o.reservation_id.in_(theirs))
        .order_by(o.number)
    )
    told = [
        {_("Channel"): name, _("Order number"): number, _("Date"): day, _("Order text"): text}
        for name, number, day, text in rows
    ]
    return [Kept(_("Channel orders"), told)]


def erase_with(work: Work, *, stay_ids: Sequence[int]) -> list[int]:
    """Erase the texts of the orders of these stays."""
    b = BookedRoom
    lines = select(b.reservation_id).join(Stay, Stay.line_id == b.id).where(Stay.id.in_(stay_ids))
    return _erase(work, select(ChannelOrder).where(ChannelOrder.reservation_id.in_(lines)))


def erase_old(work: Work, *, before: date) -> list[int]:
    """Erase the texts of orders that were taken in, and of which the guest was to leave, before a day."""
    o = ChannelOrder
    over = o.text != "", o.taken_on < before, or_(o.departure.is_(None), o.departure < before)
    return _erase(work, select(o).where(*over).order_by(o.id).limit(AT_ONCE))


def _erase(work: Work, wanted: Select[ChannelOrder]) -> list[int]:
    found = []
    for order in work.session.scalars(wanted.with_for_update()).all():
        order.text = ""
        found.append(order.id)
    return found
