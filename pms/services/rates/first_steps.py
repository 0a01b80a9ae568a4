"""What a hotel does of its prices on its first day."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.core.i18n import _, ngettext
from pms.core.offers import FirstStep
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.services.rooms import queries as rooms

from .models import RatePrice


@query(Permission.PROPERTY_EDIT)
def first_steps(session: Session) -> list[FirstStep]:
    """Say whether every type that is sold has a price."""
    sold = {kind.id for kind in rooms.types(session) if kind.active}
    priced = sold & set(session.scalars(select(RatePrice.type_id).distinct()))
    how = ngettext("%(done)s of %(n)s type has a price", "%(done)s of %(n)s types have a price", len(sold))
    told = how % {"done": len(priced), "n": len(sold)}
    return [FirstStep(30, _("Prices"), bool(sold) and priced == sold, told, "rates")]
