"""Findings about what the auditor did: they do not stop the night, the auditor does not approve them, and the
day audit gets them as they are."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from pms.core.errors import Refused
from pms.core.i18n import _
from pms.db.work import Work

from .checks import Check, Finding, Tonight, listed


def found(work: Work, business_date: date, key: str) -> Finding:
    """Return a finding as its check finds it now; refuses one that is not there."""
    check = _check(work, key)
    tonight = Tonight(work.session, business_date, work.station)
    it = next((one for one in check(tonight) if one.key == key), None) if check else None
    if it is None:
        raise Refused(_("This is not found tonight, or not any more. Look at the findings again."))
    return it


def own(name: str) -> str:
    """Say why somebody cannot approve a finding."""
    return _(
        "This is what %(name)s did. Another auditor approves it; without, it goes to the day audit as it is."
    ) % {"name": name}


def mark_of(work: Work, finding: Finding, state: str, remark: str) -> dict[str, Any]:
    """Return what is stored of a mark."""
    check = _check(work, finding.key)
    return {
        "state": state,
        "title": finding.title,
        "remark": remark,
        "by": work.clerk.name,
        "by_id": work.clerk.id,
        "at": work.now.isoformat(),
        "amount": int(finding.amount),
        "register": check.register if check else "other",
    }


def passed_on(work: Work, business_date: date, marks: Mapping[str, Any]) -> dict[str, Any]:
    """Return the marks at the close, with what the auditor did and nobody else has approved as queried."""
    remark = _("Not approved: it is what %(name)s did, who closed the day.") % {"name": work.clerk.name}
    mine = {
        finding.key: mark_of(work, finding, "queried", remark) | {"about": work.clerk.id}
        for finding in _mine(work, business_date)
        if (mark := marks.get(finding.key)) is None
        or (mark["state"] == "approved" and mark.get("by_id") in finding.by)
    }
    return {**marks, **mine}


def _mine(work: Work, business_date: date) -> Iterator[Finding]:
    tonight = Tonight(work.session, business_date, work.station)
    for check in listed(work.offers):
        if check.acts:
            yield from (one for one in check(tonight) if work.clerk.id in one.by and not one.blocking)


def _check(work: Work, key: str) -> Check | None:
    kind = key.partition(":")[0]
    return next((check for check in listed(work.offers) if check.kind == kind), None)
