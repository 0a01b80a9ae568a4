"""What the desk has about a guest that the night audit looks at."""

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from pms.core import dates
from pms.core.i18n import N_, _, ngettext
from pms.core.offers import About, Evidence
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.services.rooms.models import Room

from . import changes
from .models import StayChange
from .queries import StayRow, stay

DESK, PHONE = N_("Desk"), N_("Phone")
LATEST = 12
"""Changes of a stay that the time line shows at most."""


@query(Permission.GUESTS_READ)
def evidence(session: Session, *, about: About) -> list[Evidence]:
    """Return who is in the room and until when, how to call them, and what was changed."""
    if about.stay_id is None:
        empty = about.room_id is not None and about.line_id is None
        return [Evidence(DESK, _("nobody in house"))] if empty else []
    today = about.business_date
    row = stay(session, stay_id=about.stay_id, business_date=today)
    late = row.state == "in_house" and row.departure <= today
    found = [Evidence(DESK, _stands(row), row.departed_at or row.arrived_at, tone="bad" if late else "")]
    if row.listed_phone:
        found.append(Evidence(PHONE, row.listed_phone, place=60))
    came = _("Checked in, %(room)s") % {"room": _first_room(session, row)}
    return [
        *found,
        Evidence(DESK, came, row.arrived_at, past=True),
        *_changed(session, about.stay_id),
        *_left(row),
    ]


def _stands(row: StayRow) -> str:
    heads = row.adults + row.children
    persons = ngettext("%(n)s person", "%(n)s persons", heads) % {"n": heads}
    if row.departed_on is not None:
        return _("left on %(day)s, %(persons)s") % {"day": dates.day(row.departed_on), "persons": persons}
    return _("in house until %(day)s, %(persons)s") % {"day": dates.day(row.departure), "persons": persons}


def _first_room(session: Session, row: StayRow) -> str:
    moved = (
        select(Room.number)
        .join(StayChange, StayChange.room_id == Room.id)
        .where(StayChange.stay_id == row.stay_id, StayChange.kind == changes.ROOM)
        .order_by(StayChange.id)
        .limit(1)
    )
    return session.scalar(moved) or row.room


def _changed(session: Session, stay_id: int) -> list[Evidence]:
    """Return the latest changes with what was taken back of them."""
    c, old, new = StayChange, aliased(Room), aliased(Room)
    rows = session.execute(
        select(c, old.number, new.number)
        .join(old, old.id == c.room_id)
        .outerjoin(new, new.id == c.new_room_id)
        .where(c.stay_id == stay_id)
        .order_by(c.id.desc())
        .limit(LATEST)
    ).all()
    found = []
    for change, room, new_room in rows:
        words = changes.words(change, room, new_room or "")
        found.append(Evidence(DESK, words, change.at, change.clerk_id, past=True))
        if change.undone_at is not None:
            undone = _("Taken back: %(what)s") % {"what": words}
            found.append(Evidence(DESK, undone, change.undone_at, change.undone_by, past=True))
    return found


def _left(row: StayRow) -> list[Evidence]:
    return [Evidence(DESK, _("Checked out"), row.departed_at, past=True)] if row.departed_at else []
