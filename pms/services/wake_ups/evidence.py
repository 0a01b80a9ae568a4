"""What the calls tell of a guest that the night audit looks at."""

from sqlalchemy.orm import Session

from pms.core import clock, dates
from pms.core.i18n import N_, _
from pms.core.offers import About, Evidence
from pms.core.reading import query

from .duty import WAKE_UPS
from .models import STATES
from .queries import WakeUpRow, of_stay

CALLS = N_("Wake-up calls")


@query(WAKE_UPS)
def evidence(session: Session, *, about: About) -> list[Evidence]:
    """Return the guest's calls that are due, and what became of the others."""
    if about.stay_id is None:
        return []
    return [_told(row, about.zone) for row in of_stay(session, stay_id=about.stay_id)]


def _told(row: WakeUpRow, zone: str) -> Evidence:
    here = clock.local(row.at, zone)
    words = {"when": f"{dates.day(here.date())} {here:%H:%M}", "state": _(STATES[row.state])}
    if row.state == "due":
        return Evidence(CALLS, _("due %(when)s") % words, place=70)
    return Evidence(CALLS, _("%(when)s: %(state)s") % words, row.last_try or row.at, past=True)
