"""The night audit's look at payments in question: none should stand over the close."""

from collections.abc import Iterator

from pms.core.i18n import N_, _
from pms.services.night_audit.checks import Check, Finding, Remedy, Tonight

from . import queries


def _find(tonight: Tonight) -> Iterator[Finding]:
    for r in queries.still_open(tonight.session):
        seen = _("on the statement") if r.proposed else ""
        told = (r.guest, queries.told(r, tonight.house.digits), seen, r.told)
        yield Finding(
            str(r.number),
            _("%(room)s: %(what)s") % {"room": r.room, "what": r.shown},
            _(", ").join(filter(None, told)),
            r.amount,
            Remedy(_("Payments in question"), "attempts", {"number": r.number}),
            r.stay_id,
            about=r.room,
        )


CHECK = Check(
    "attempts",
    N_("Payments in question"),
    N_("Look at the provider's list: note that it has arrived, or that it did not."),
    "alert",
    _find,
    register="money",
)
