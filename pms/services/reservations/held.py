"""A booked room that is read and then decided on."""

from sqlalchemy import bindparam, select

from pms.core.errors import Refused
from pms.core.i18n import _
from pms.db.work import Work

from .models import BookedRoom, Reservation

_LINE = (
    select(BookedRoom, Reservation)
    .join(Reservation, Reservation.id == BookedRoom.reservation_id)
    .where(BookedRoom.id == bindparam("line"))
    .with_for_update(of=BookedRoom)
)


def line_and_booking(work: Work, line_id: int) -> tuple[BookedRoom, Reservation]:
    """Return a booked room, locked, and its booking."""
    found = work.session.execute(_LINE, {"line": line_id}).first()
    if found is None:
        raise Refused(_("This booking is not there any more."))
    return found[0], found[1]
