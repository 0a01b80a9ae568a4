"""What a hotel does of its guests on its first day."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pms.core.i18n import _, ngettext
from pms.core.offers import FirstStep
from pms.core.permissions import Permission
from pms.core.reading import query

from .models import Stay


@query(Permission.PROPERTY_EDIT)
def first_steps(session: Session) -> list[FirstStep]:
    """Say whether a guest has come in."""
    guests = session.scalar(select(func.count()).select_from(Stay)) or 0
    how = ngettext("%(n)s guest has come in", "%(n)s guests have come in", guests) % {"n": guests}
    told = how if guests else _("A walk-in or an arrival, or one who was taken over.")
    return [FirstStep(90, _("First guest"), guests > 0, told, "check_in")]
