"""Arrivals that have not come: the close makes them no-shows."""

from collections.abc import Iterator

from pms.core.i18n import N_, _
from pms.core.money import Money
from pms.services.reservations import queries as reservations

from . import Check, Finding, Remedy, Tonight


def _find(tonight: Tonight) -> Iterator[Finding]:
    for a in reservations.arrivals(tonight.session, business_date=tonight.business_date):
        yield Finding(
            str(a.line_id),
            _("%(guest)s has not come") % {"guest": a.listed},
            _("R-%(number)s %(type)s, becomes a no-show") % {"number": a.number, "type": a.type_name},
            tonight.due_in.get(a.line_id, Money(0)),
            Remedy(_("Check in"), "check_in", {"line_id": a.line_id}),
            about=a.listed,
        )


CHECK = Check(
    "arrivals",
    N_("Arrivals not in"),
    N_(
        "Check the guest in when here. Otherwise the close makes the booking a no-show; it can be reinstated."
    ),
    "check-in",
    _find,
    register="registration",
)
