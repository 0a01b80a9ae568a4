"""What housekeeping has about a room that the night audit looks at."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.core.i18n import N_, _, commas, ngettext
from pms.core.offers import About, Evidence
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.services.rooms.models import Room

from .queries import differences

HOUSEKEEPING = N_("Housekeeping")
CLEAN = {"dirty": N_("dirty"), "clean": N_("clean"), "inspected": N_("inspected")}


@query(Permission.ROOMS_STATUS)
def evidence(session: Session, *, about: About) -> list[Evidence]:
    """Return what was last seen in the room, and whether the desk has something else."""
    if about.room_id is None:
        return []
    r = Room
    clean, seen, at, by = session.execute(
        select(r.clean, r.seen_persons, r.seen_at, r.seen_by).where(r.id == about.room_id)
    ).one()
    if seen is None:
        words = _("not seen")
    elif seen:
        words = ngettext("saw %(n)s person", "saw %(n)s persons", seen) % {"n": seen}
    else:
        words = _("saw it empty")
    odd = any(one.room_id == about.room_id for one in differences(session))
    text = commas((words, _(CLEAN[clean])))
    return [Evidence(HOUSEKEEPING, text, at, by, "bad" if odd else "", place=20)]
