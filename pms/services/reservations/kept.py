"""What the bookings keep of a guest."""

from collections.abc import Sequence

from sqlalchemy import false, or_, select
from sqlalchemy.orm import Session

from pms.core.i18n import _
from pms.core.names import phone_figures
from pms.core.offers import Kept
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.sealed import LAST
from pms.services.guests.search import fits

from .found import known_by
from .models import OPEN, STATE_NAMES, BookedRoom, Reservation


@query(Permission.GUESTS_EXPORT)
def kept_of(session: Session, *, stay_ids: Sequence[int], line_ids: Sequence[int], phone: str) -> list[Kept]:
    """Return the bookings of these rooms, and those with this phone that are to come or came to nothing."""
    b, r = BookedRoom, Reservation
    whole = len(phone_figures(phone)) > LAST
    known = known_by(session, phone) if whole else []
    coming = OPEN & (fits(session, r.search, phone) if whole else false())
    rows = session.execute(
        select(r, b)
        .join(r, r.id == b.reservation_id)
        .where(or_(b.id.in_(line_ids), r.id.in_(known), coming))
        .order_by(b.id)
    )
    return [
        Kept(
            _("Bookings"),
            [
                {
                    _("Number"): f"R-{booking.number}",
                    _("Guest"): booking.guest_name,
                    _("Phone"): booking.phone,
                    _("Arrival"): line.arrival,
                    _("Departure"): line.departure,
                    _("State"): _(STATE_NAMES.get(line.state, line.state)),
                    _("Reference"): booking.reference,
                    _("Company"): booking.company,
                    _("Remarks"): booking.remarks,
                }
                for booking, line in rows
            ],
        )
    ]
