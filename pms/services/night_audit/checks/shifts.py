"""Shifts that are open besides the one on duty, which may span the audit."""

from collections.abc import Iterator

from sqlalchemy import bindparam, exists, select

from pms.core import dates
from pms.core.i18n import N_, _
from pms.services.shifts.models import LIVE, Shift
from pms.services.staff.models import Staff

from . import Check, Finding, Remedy, Tonight, people


def _find(tonight: Tonight) -> Iterator[Finding]:
    s = Shift
    rows = tonight.session.execute(
        select(s.id, s.station, s.business_date, s.float_amount, Staff.name, s.clerk_id)
        .join(Staff, Staff.id == s.clerk_id)
        .where(LIVE)
    )
    live = sorted(
        rows, key=lambda row: row.id
    )  # here: asked for in order, all shifts would be walked through
    # The shift on duty is the auditor's own; audited from the back office or by the clock, it is the one
    # opened last.
    duty = next((row.id for row in live if row.station == tonight.station), live[-1].id if live else None)
    for row in live:
        if (
            row.id != duty
            # the money told is the float: what should be in the drawer stays untold, so that the count is
            # blind
        ):
            yield Finding(
                str(row.id),
                _("The shift at %(station)s is still open") % {"station": row.station},
                _("%(clerk)s, since %(day)s") % {"clerk": row.name, "day": dates.day(row.business_date)},
                row.float_amount,
                Remedy(_("Open the shift"), "shifts"),
                by=people(row.clerk_id),
                about=row.station,
            )


CHECK = Check(
    "shifts",
    N_("Other open shifts"),
    N_("Have the drawer counted and closed at its workstation, or query it for the day shift."),
    "handover",
    _find,
    register="cash",
    acts="done",
    did=exists().where(LIVE, Shift.clerk_id == bindparam("clerk")),
)
