"""What was done on paper while the server was away, and is typed afterwards with its true time."""

from datetime import datetime

from pms.core import dates, offers
from pms.core.clock import at, local
from pms.core.errors import Refused
from pms.core.i18n import N_, _
from pms.core.permissions import Permission
from pms.db.work import Work

ACTS = {
    "folios:charge": N_("a charge"),
    "folios:pay": N_("a payment"),
    "folios:take_deposit": N_("a deposit"),
    "folios:refund_deposit": N_("a deposit refund"),
    "stays:check_in": N_("a check-in"),
    "stays:walk_in": N_("a check-in"),
    "stays:check_out": N_("a check-out"),
}
"""What may be typed afterwards, as the second person reads it."""


def on_paper(work: Work, done_at: datetime, action: str) -> None:
    """Let the act that begins here be one that was done on paper at a moment: since the last close and not to
    come; with the right, and in the trail."""
    when = _words(work, done_at)
    if done_at > work.now:
        raise Refused(_("%(time)s is still to come. Give the time at which it was done.") % {"time": when})
    since = work.ask_up(offers.last_close) or at(work.business_date, "00:00", work.setting.zone)
    if done_at < since:
        raise Refused(
            _(
                "The day before was closed at %(close)s, and %(time)s belongs to it. Type it without a time, "
                "and write the time into the text."
            )
            % {"close": _words(work, since), "time": when}
        )
    work.require(
        Permission.TYPE_LATER,
        _("Typing %(act)s afterwards that was done on paper at %(time)s")
        % {"act": _(ACTS[action]), "time": when},
    )
    work.on_paper = done_at
    work.note("on_paper", {"done_at": done_at.isoformat(timespec="minutes")})


def _words(work: Work, moment: datetime) -> str:
    return dates.moment(local(moment, work.setting.zone), year=True)
