"""The kinds of payment as Settings shows them."""

from sqlalchemy.orm import Session

from pms.core.permissions import Permission
from pms.core.reading import query
from pms.services.folios import kinds
from pms.services.folios.kinds import Way


@query(Permission.PROPERTY_EDIT)
def listed(session: Session) -> list[Way]:
    """Return every kind of payment, those that are offered first, in the house's order."""
    return kinds.ways(session)
