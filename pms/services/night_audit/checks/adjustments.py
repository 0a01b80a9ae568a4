"""Lines of closed days that were adjusted today, and by whom."""

from collections.abc import Iterator

from pms.core.i18n import N_

from . import Check, Finding, Tonight
from .lines import POSTED, reversals
from .voids import told


def _find(tonight: Tonight) -> Iterator[Finding]:
    return (
        told(line)
        for line in reversals(tonight)
        if line.reversed_day is None or line.reversed_day < tonight.business_date
    )


CHECK = Check(
    "adjustments",
    N_("Adjustments"),
    N_("Money of a closed day was given back. Approve it with its paper, or query it."),
    "receipt",
    _find,
    register="corrections",
    acts="done",
    did=POSTED,
)
