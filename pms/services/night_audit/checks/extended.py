"""Guests who were extended and left on the same day: the way around a late departure."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select

from pms.core import dates
from pms.core.i18n import N_, _
from pms.db.base import AuditEntry
from pms.services.staff.models import Staff

from . import Check, Finding, Tonight, folio


def _find(tonight: Tonight) -> Iterator[Finding]:
    left = {s.stay_id: s for s in tonight.left}
    a = AuditEntry
    rows = (
        tonight.session.execute(
            select(a.record_id, a.changes, Staff.name)
            .outerjoin(Staff, Staff.id == a.clerk_id)
            .where(
                a.record == "stay",
                a.record_id.in_(left),
                a.business_date == tonight.business_date,
                a.action == "stays:extend",
            )
            .order_by(a.id)
        ).all()
        if left
        else []
    )
    first: dict[int, tuple[str, str, str | None]] = {}
    for stay_id, changes, clerk in rows:
        was, becomes = changes.get("departure", ("", ""))
        if becomes > was:
            first.setdefault(stay_id, (was, becomes, clerk))
    for stay_id, (was, becomes, clerk) in first.items():
        s = left[stay_id]
        yield Finding(
            str(stay_id),
            _("%(room)s was extended and left today") % {"room": s.room},
            _("%(clerk)s extended from %(was)s to %(becomes)s")
            % {"clerk": clerk or "", "was": _day(was), "becomes": _day(becomes)},
            s.rate or tonight.rack(s.type_id),
            folio(stay_id),
            stay_id,
        )


def _day(text: str) -> str:
    return dates.day(date.fromisoformat(text))


CHECK = Check(
    "extended",
    N_("Extended and left the same day"),
    N_("See whether the use of today is charged on the folio. Post what is missing, or query who extended."),
    "clock",
    _find,
    register="money",
)
