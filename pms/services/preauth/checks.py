"""The night audit's look at pre-authorisations: about to run out, run out, or held for guests who have
left."""

from collections.abc import Iterator
from datetime import timedelta

from pms.core import dates
from pms.core.i18n import N_, _
from pms.services.night_audit.checks import Check, Finding, Remedy, Tonight

from . import queries
from .duty import WARN
from .queries import PreauthRow


def _find(tonight: Tonight) -> Iterator[Finding]:
    today = tonight.business_date
    last = today + timedelta(days=tonight.options[WARN])
    backed = {s.stay_id for s in tonight.in_house}
    ran_out = [r for r in queries.run_out(tonight.session, business_date=today) if r.stay_id in backed]
    for r in (*ran_out, *queries.held(tonight.session, business_date=today)):
        why = _why(r, tonight, r.valid_until <= last)
        if why:
            yield Finding(
                str(r.number),
                _("%(room)s: %(what)s") % {"room": r.room, "what": r.shown},
                _(", ").join((r.guest, r.card, why)),
                r.open,
                Remedy(_("Pre-authorisations"), "preauth", {"number": r.number}),
                r.stay_id,
                about=r.room,
            )


def _why(r: PreauthRow, tonight: Tonight, soon: bool) -> str:
    day = {"day": dates.day(r.valid_until)}
    if r.ran_out(tonight.business_date):
        return _("ran out on %(day)s") % day
    if not r.in_house:
        return _("the guest has left")
    return _("runs out on %(day)s") % day if soon else ""


CHECK = Check(
    "preauths",
    N_("Pre-authorisations to be seen to"),
    N_("Complete or release it; ask a guest who stays on for a new one before it runs out."),
    "lock",
    _find,
    register="money",
)
