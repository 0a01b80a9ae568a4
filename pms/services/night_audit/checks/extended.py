"""Guests who were extended and left on the same day: the way around a late departure."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import bindparam, exists, select

from pms.core import dates
from pms.core.i18n import N_, _
from pms.services.staff.models import Staff
from pms.services.stays.models import StayChange

from . import Check, Finding, Tonight, folio, people


def _find(tonight: Tonight) -> Iterator[Finding]:
    left = {s.stay_id: s for s in tonight.left}
    if not left:
        return
    c = StayChange
    rows = tonight.session.execute(
        select(c.stay_id, c.departure, c.new_departure, Staff.name, c.clerk_id)
        .outerjoin(Staff, Staff.id == c.clerk_id)
        .where(
            c.stay_id.in_(left),
            c.business_date == tonight.business_date,
            c.new_departure > c.departure,
            c.undone_at.is_(None),
        )
        .order_by(c.id)
    )
    first: dict[int, Any] = {}
    for stay_id, *told in rows:
        first.setdefault(stay_id, tuple(told))
    for stay_id, (was, becomes, clerk, clerk_id) in first.items():
        s = left[stay_id]
        yield Finding(
            str(stay_id),
            _("%(room)s was extended and left today") % {"room": s.room},
            _("%(clerk)s extended from %(was)s to %(becomes)s")
            % {"clerk": clerk or "", "was": dates.day(was), "becomes": dates.day(becomes)},
            s.rate or tonight.rack(s.type_id),
            folio(stay_id),
            stay_id,
            by=people(clerk_id),
            about=s.room,
        )


CHECK = Check(
    "extended",
    N_("Extended and left the same day"),
    N_("See whether the use of today is charged on the folio. Post what is missing, or query who extended."),
    "clock",
    _find,
    register="money",
    acts="done",
    did=exists().where(
        StayChange.business_date == bindparam("today"), StayChange.clerk_id == bindparam("clerk")
    ),
)
