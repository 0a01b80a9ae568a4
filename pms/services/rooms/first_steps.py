"""What a hotel does of its rooms on its first day."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pms.core.i18n import _, ngettext
from pms.core.offers import FirstStep
from pms.core.permissions import Permission
from pms.core.reading import query

from .models import Room


@query(Permission.PROPERTY_EDIT)
def first_steps(session: Session) -> list[FirstStep]:
    """Say whether there are rooms, and of how many types."""
    rooms, types = session.execute(
        select(func.count(), func.count(Room.type_id.distinct())).where(Room.active)
    ).one()
    how = ngettext("%(n)s room", "%(n)s rooms", rooms) % {"n": rooms}
    of = ngettext("%(n)s type", "%(n)s types", types) % {"n": types}
    return [
        FirstStep(
            20,
            _("Rooms and room types"),
            rooms > 0,
            _("%(rooms)s, %(types)s") % {"rooms": how, "types": of},
            "rooms",
        )
    ]
