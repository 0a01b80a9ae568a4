"""Lines of today that were voided today, and by whom."""

from collections.abc import Iterator

from pms.core.i18n import N_, _

from . import Check, Finding, Tonight
from .lines import POSTED, Line, reversals, where


def _find(tonight: Tonight) -> Iterator[Finding]:
    return (told(line) for line in reversals(tonight) if line.reversed_day == tonight.business_date)


def told(line: Line) -> Finding:
    """Return a finding about a line that was taken back."""
    return Finding(
        str(line.id),
        _("%(where)s: %(item)s was taken back") % {"where": line.place, "item": line.item},
        _("%(clerk)s: %(reason)s") % {"clerk": line.clerk, "reason": line.reason},
        line.amount,
        where(line),
        line.stay_id,
        by=line.by,
        about=line.room,
    )


CHECK = Check(
    "voids",
    N_("Voids"),
    N_("Compare with the paper. Approve what is signed and has its reason; query the rest."),
    "close",
    _find,
    register="corrections",
    acts="done",
    did=POSTED,
)
