"""Departures that are not out: the day does not close with them."""

from collections.abc import Iterator

from pms.core import dates
from pms.core.i18n import N_, _

from . import Check, Finding, Remedy, Tonight


def _find(tonight: Tonight) -> Iterator[Finding]:
    for s in tonight.in_house:
        if s.departure <= tonight.business_date:
            yield Finding(
                str(s.stay_id),
                _("%(room)s is due out") % {"room": s.room},
                f"{s.listed} {dates.day(s.departure)}",
                s.rate,
                Remedy(_("Check out"), "check_out", {"stay_id": s.stay_id}),
                s.stay_id,
                about=s.room,
            )


CHECK = Check(
    "departures",
    N_("Departures not out"),
    N_(
        "The guest was to leave and is still in house. Check out, or extend the stay. The day cannot "
        "close before."
    ),
    "check-out",
    _find,
    blocking=True,
    register="registration",
)
