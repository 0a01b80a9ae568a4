"""What a hotel does of its drawer on its first day."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pms.core.i18n import _
from pms.core.offers import FirstStep
from pms.core.permissions import Permission
from pms.core.reading import query

from .models import DrawerOpening, Shift


@query(Permission.PROPERTY_EDIT)
def first_steps(session: Session) -> list[FirstStep]:
    """Say whether a shift has been opened, and whether the drawer has."""
    shifts, openings = session.execute(
        select(
            select(func.count()).select_from(Shift).scalar_subquery(),
            select(func.count()).select_from(DrawerOpening).scalar_subquery(),
        )
    ).one()
    counted = _("Its float is counted.") if shifts else _("Count the float into the drawer.")
    tried = _("It has opened.") if openings else _("Open it once, so that it is known to work.")
    return [
        FirstStep(70, _("First shift"), shifts > 0, counted, "shifts"),
        FirstStep(80, _("Cash drawer"), openings > 0, tried, "shifts"),
    ]
