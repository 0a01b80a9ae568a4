"""What the bookings have about a guest that the night audit looks at."""

from sqlalchemy.orm import Session

from pms.core import dates
from pms.core.i18n import N_, _, commas
from pms.core.money import show
from pms.core.offers import About, Evidence
from pms.core.permissions import Permission
from pms.core.reading import query

from .past import BOOKING, past
from .queries import LineRow, advance_held, line

PHONE, ADVANCE = N_("Phone"), N_("Advance deposit")


@query(Permission.GUESTS_READ)
def evidence(session: Session, *, about: About) -> list[Evidence]:
    """Return what is booked for who has not come, how to call them, what they paid ahead, and each change."""
    if about.line_id is None:
        return []
    before = past(session, about.line_id)
    if about.stay_id is not None:
        return before
    row = line(session, line_id=about.line_id)
    found = [*before, Evidence(BOOKING, _stands(row))]
    if row.channel or row.reference:
        found.append(Evidence(BOOKING, " ".join(filter(None, (row.channel, row.reference)))))
    if row.listed_phone:
        found.append(Evidence(PHONE, row.listed_phone, place=60))
    held = advance_held(session, line_id=about.line_id)
    if held:
        found.append(Evidence(ADVANCE, show(held, about.digits), place=50))
    if row.remarks:
        found.append(Evidence(BOOKING, row.remarks, place=10))
    return found


def _stands(row: LineRow) -> str:
    told = [
        f"R-{row.number}",
        row.state_name,
        _("%(from)s to %(to)s") % {"from": dates.day(row.arrival), "to": dates.day(row.departure)},
        row.room or row.type_name,
        _("held until %(time)s") % {"time": row.hold_until} if row.hold_until else "",
    ]
    return commas(told)
