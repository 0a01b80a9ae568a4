"""The night audit's look at lent items: overdue, or with guests who have left."""

from collections.abc import Iterator

from pms.core import clock, dates
from pms.core.i18n import N_, _
from pms.core.money import Money
from pms.services.night_audit.checks import Check, Finding, Remedy, Tonight

from . import queries


def _find(tonight: Tonight) -> Iterator[Finding]:
    ends = clock.at(tonight.business_date, "23:59", tonight.house.zone)
    for r in queries.out(tonight.session):
        if not r.overdue(ends):
            continue
        gone = _("the guest has left") if not r.in_house else ""
        due = _("due %(when)s") % {"when": dates.moment(clock.local(r.due_at, tonight.house.zone))}
        yield Finding(
            str(r.id),
            _("%(room)s: %(what)s") % {"room": r.room, "what": queries.still(r)},
            _(", ").join(filter(None, (r.guest, due, gone))),
            Money(r.price * r.out),
            Remedy(_("Rental"), "rental", {"number": r.number}),
            r.stay_id,
            about=r.room,
        )


CHECK = Check(
    "rentals",
    N_("Items on loan overdue"),
    N_("Ask for the item, let the guest keep it longer, or charge it as lost."),
    "umbrella",
    _find,
    register="service",
)
