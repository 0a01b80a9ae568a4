"""Rooms that are complimentary or in house use tonight."""

from collections.abc import Iterator

from pms.core.i18n import N_, _

from . import Check, Finding, Remedy, Tonight

KINDS = {"comp": N_("Complimentary"), "house": N_("House use")}


def _find(tonight: Tonight) -> Iterator[Finding]:
    for s in tonight.staying:
        if s.kind:
            yield Finding(
                str(s.stay_id),
                _("%(room)s earns nothing: %(kind)s")
                % {"room": s.room, "kind": _(KINDS.get(s.kind, s.kind))},
                s.listed,
                tonight.rack(s.type_id),
                Remedy(_("Open the stay"), "stays", {"stay_id": s.stay_id}),
                s.stay_id,
                by=tonight.gave(s),
                about=s.room,
            )


CHECK = Check(
    "given_away",
    N_("Complimentary and house use"),
    N_("It must be signed by somebody who may give rooms away. Approve it with the paper, or query it."),
    "free",
    _find,
    register="prices",
    acts="given",
)
