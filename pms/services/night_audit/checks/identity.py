"""Guests in house whose document has not been entered."""

from collections.abc import Iterator

from pms.core.i18n import N_, _, ngettext
from pms.core.money import Money

from . import Check, Finding, Remedy, Tonight, who


def _find(tonight: Tonight) -> Iterator[Finding]:
    pending = [s for s in tonight.in_house if s.pending]
    who_did = who.did(tonight, "stay", [s.stay_id for s in pending], who.REGISTERED)
    for s in pending:
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
            by=who.of(who_did, s.stay_id),
            about=s.room,
        )


CHECK = Check(
    "identity",
    N_("Document missing"),
    N_("Enter the document, or query it for the day shift."),
    "shield",
    _find,
    register="registration",
    acts="trail",
)
