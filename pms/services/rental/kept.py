"""What rental keeps of a guest: by the stay alone, without a name of its own."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.core.i18n import _
from pms.core.offers import Kept, StillNeeded
from pms.core.permissions import Permission
from pms.core.reading import query

from .models import Rental, RentalItem
from .queries import OUT, shown


@query(Permission.GUESTS_REVEAL)
def still_needed(session: Session, *, stay_ids: Sequence[int]) -> list[StillNeeded]:
    """Say who still has an item."""
    r = Rental
    rows = session.execute(select(r.stay_id, r.number).where(OUT, r.stay_id.in_(stay_ids)).order_by(r.number))
    why = _("The item of rental %(number)s is still out. Take it back or charge it as lost first.")
    return [StillNeeded(stay, why % {"number": shown(number)}) for stay, number in rows]


@query(Permission.GUESTS_EXPORT)
def kept_of(session: Session, *, stay_ids: Sequence[int], line_ids: Sequence[int], phone: str) -> list[Kept]:
    """Return the rentals of these stays."""
    r = Rental
    found = session.execute(
        select(r.number, RentalItem.name, r.pieces, r.pieces_out, r.deposit, r.out_on)
        .join(RentalItem, RentalItem.id == r.item_id)
        .where(r.stay_id.in_(stay_ids))
        .order_by(r.number)
    )
    rows = [
        {
            _("Number"): shown(row.number),
            _("Item on loan"): row.name,
            _("Pieces"): row.pieces,
            _("Out"): row.pieces_out,
            _("Deposit"): row.deposit,
            _("Date"): row.out_on,
        }
        for row in found
    ]
    return [Kept(_("Item rental"), rows)]
