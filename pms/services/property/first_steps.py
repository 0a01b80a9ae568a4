"""What a hotel does of its own data on its first day, and that the day is not over."""

from datetime import datetime

from sqlalchemy.orm import Session

from pms.core.i18n import _
from pms.core.offers import Due, FirstStep
from pms.core.permissions import Permission
from pms.core.reading import query

from .queries import setting


@query(Permission.PROPERTY_EDIT)
def first_steps(session: Session) -> list[FirstStep]:
    """Say whether papers can name the hotel's address and phone, and whether the night makes a backup."""
    options = setting(session).options
    lacks = [
        word for word, value in ((_("address"), options.address), (_("phone"), options.phone)) if not value
    ]
    told = (
        _("Still missing: %(what)s") % {"what": _(", ").join(lacks)}
        if lacks
        else _("Address and phone are there.")
    )
    kept = _("Each night makes one. On another disk too: installer/run backup --also FOLDER")
    return [
        FirstStep(10, _("Hotel's data for papers"), not lacks, told, "property"),
        FirstStep(
            60,
            _("Backups"),
            options.backups,
            kept if options.backups else _("The night makes none."),
            "property",
        ),
    ]


@query(Permission.PROPERTY_EDIT)
def waiting(session: Session, *, now: datetime) -> list[Due]:
    """Return the first day's list until it is put away."""
    if not setting(session).options.first_day:
        return []
    return [Due(_("First day: the list"), "first_day", now, 2)]
