"""What the register of channels keeps of a person: a contact's name and phone. The phone goes when nothing
has been sold through the channel for long."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import false, select
from sqlalchemy.orm import Session

from pms.core.i18n import _
from pms.core.names import phone_figures
from pms.core.offers import Kept
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.sealed import LAST
from pms.db.work import Work
from pms.services.guests.search import fits, search_text

from .known import told
from .models import Channel

AT_ONCE = 200


@query(Permission.GUESTS_EXPORT)
def kept_of(session: Session, *, stay_ids: Sequence[int], line_ids: Sequence[int], phone: str) -> list[Kept]:
    """Return whom this phone reaches at a channel."""
    c, whole = Channel, len(phone_figures(phone)) > LAST
    found = session.execute(
        select(c.name, c.contact, c.phone).where(fits(session, c.search, phone) if whole else false())
    )
    rows = [{_("Channel"): name, _("Contact"): who, _("Phone"): number} for name, who, number in found]
    return [Kept(_("Channels"), rows)]


def erase_old(work: Work, *, before: date) -> list[int]:
    """Erase the phones of channels that ended before a day."""
    c = Channel
    ended = (
        select(c).where(c.phone != "", c.ended_on < before).order_by(c.id).limit(AT_ONCE).with_for_update()
    )
    erased = []
    for channel in work.session.scalars(ended).all():
        channel.phone, channel.search = "", search_text(work.session, told(channel))
        erased.append(channel.id)
    return erased
