"""Rooms where housekeeping saw something else than the desk has."""

from collections.abc import Iterator

from pms.core.i18n import N_, _
from pms.core.money import Money
from pms.services.housekeeping import queries as housekeeping
from pms.services.rooms.queries import rooms

from . import Check, Finding, Remedy, Tonight, people, who


def _find(tonight: Tonight) -> Iterator[Finding]:
    found = housekeeping.differences(tonight.session)
    types = {r.id: r.type_id for r in rooms(tonight.session)} if found else {}
    who_did = who.did(tonight, "stay", [d.stay_id for d in found if d.stay_id], who.MOVED)
    paid = {s.room_id: s.rate for s in tonight.in_house}
    for d in found:
        # A room slept in without a stay loses a night at the list's price; an empty one with a stay may be a
        # guest who ran.
        risk = (
            tonight.rack(types[d.room_id])
            if d.kind == "sleep"
            else paid.get(d.room_id, Money(0))
            if d.kind == "skip"
            else Money(0)
        )
        yield Finding(
            str(d.room_id),
            _("%(room)s differs from the status sheet") % {"room": d.number},
            housekeeping.told(d),
            risk,
            Remedy(_("Open the status sheet"), "housekeeping", {"room_id": d.room_id}),
            d.stay_id,
            by=who.of(who_did, d.stay_id) | people(d.seen_by_id),
            about=d.number,
        )


CHECK = Check(
    "discrepancies",
    N_("Status sheet differs"),
    N_(
        "Look at the room. Check the guest in or out, change the room, or clear the difference on the "
        "sheet with its reason."
    ),
    "sheet",
    _find,
    register="rooms",
    acts="trail",
)
