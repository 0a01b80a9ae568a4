"""Charges that were moved between folios today."""

from collections.abc import Iterator

from pms.core.i18n import N_, _
from pms.services.folios.models import FIRST, Transfer

from . import Check, Finding, Tonight
from .lines import POSTED, lines, where


def _find(tonight: Tonight) -> Iterator[Finding]:
    for line in lines(tonight, Transfer.code == "TRANSFER", FIRST):
        yield Finding(
            str(line.id),
            _("%(where)s took over %(item)s") % {"where": line.place, "item": line.text},
            _("%(clerk)s: %(reason)s") % {"clerk": line.clerk, "reason": line.reason},
            line.amount,
            where(line),
            line.stay_id,
            by=line.by,
            about=line.room,
        )


CHECK = Check(
    "transfers",
    N_("Transfers"),
    N_("Ask whether the guest who pays now has agreed. Approve it with the paper, or query it."),
    "room-change",
    _find,
    register="money",
    acts="done",
    did=POSTED,
)
