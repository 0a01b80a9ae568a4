"""What a hotel does of its staff on its first day."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pms.core.i18n import _, ngettext
from pms.core.offers import FirstStep
from pms.core.permissions import Permission
from pms.core.reading import query

from .models import Staff


@query(Permission.PROPERTY_EDIT)
def first_steps(session: Session) -> list[FirstStep]:
    """Say whether others than the owner may sign in."""
    people = session.scalar(select(func.count()).select_from(Staff).where(Staff.active)) or 0
    how = ngettext("%(n)s person may sign in", "%(n)s people may sign in", people) % {"n": people}
    alone = _("Everybody signs in under their own name, with the rights of their role.")
    return [FirstStep(40, _("Staff and their rights"), people > 1, how if people > 1 else alone, "staff")]
