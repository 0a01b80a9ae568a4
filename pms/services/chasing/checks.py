"""The night audit's look at promises: a guest said when to pay or leave, and did neither."""

from collections.abc import Iterator

from pms.core import clock
from pms.core.i18n import N_, _
from pms.services.night_audit.checks import Check, Finding, Remedy, Tonight

from . import queries
from .words import stands


def _find(tonight: Tonight) -> Iterator[Finding]:
    house = tonight.house
    ends = clock.at(tonight.business_date, "23:59", house.zone)
    for one in queries.listed(tonight.session, now=ends):
        if not (one.broken(ends) or one.refuses):
            continue
        yield Finding(
            str(one.id),
            _("%(room)s: promised and not paid") % {"room": one.stay.room},
            _(", ").join((one.stay.listed, stands(one, house.zone, house.digits))),
            one.missing,
            Remedy(_("Debt chasing"), "chasing", {"stay_id": one.id}),
            one.id,
            about=one.stay.room,
        )


CHECK = Check(
    "promises",
    N_("Promised and not paid"),
    N_("Take the deposit, or let the duty manager allow the credit with a reason."),
    "clock",
    _find,
    register="money",
)
