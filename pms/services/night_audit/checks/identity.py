"""Guests in house whose document has not been entered."""

from collections.abc import Iterator

from pms.core.i18n import N_, _, ngettext
from pms.core.money import Money

from . import Check, Finding, Remedy, Tonight


def _find(tonight: Tonight) -> Iterator[Finding]:
    for s in tonight.in_house:
        if s.pending:
            yield Finding(
                str(s.stay_id),
                ngettext(
                    "%(room)s: %(n)s guest without a document",
                    "%(room)s: %(n)s guests without a document",
                    s.pending,
                )
                % {"room": s.room, "n": s.pending},
                s.listed,
                Money(0),
                Remedy(_("Open the stay"), "stays", {"stay_id": s.stay_id}),
                s.stay_id,
            )


CHECK = Check(
    "identity",
    N_("Document missing"),
    N_("Enter the document, or query it for the day shift."),
    "shield",
    _find,
    register="registration",
)
