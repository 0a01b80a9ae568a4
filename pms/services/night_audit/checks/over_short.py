"""Drawers that were over or short today by more than the house lets pass."""

from collections.abc import Iterator

from pms.core.i18n import N_, _
from pms.services.folios.models import FIRST, Transfer

from . import Check, Finding, Remedy, Tonight
from .lines import POSTED, lines


def _find(tonight: Tonight) -> Iterator[Finding]:
    for line in lines(tonight, Transfer.code == "OVERSHORT", FIRST):
        if line.amount <= tonight.options.over_short_told:
            continue
        yield Finding(
            str(line.id),
            _("A drawer was over or short by %(sum)s") % {"sum": tonight.show(line.amount)},
            _("%(clerk)s: %(reason)s") % {"clerk": line.clerk, "reason": line.reason},
            line.amount,
            Remedy(_("Open the shift"), "shifts"),
            by=line.by,
        )


CHECK = Check(
    "over_short",
    N_("Over and short"),
    N_("Count again and look for the paper that is missing. Approve what is signed; query the rest."),
    "cash",
    _find,
    register="cash",
    acts="done",
    did=POSTED,
)
