"""What somebody agreed to by phone and has not signed for."""

from collections.abc import Iterator

from sqlalchemy import bindparam, exists, or_

from pms.core import dates
from pms.core.clock import local
from pms.core.i18n import N_, _
from pms.services.approvals import queries
from pms.services.approvals.models import Agreement

from . import Check, Finding, Remedy, Tonight, people


def _find(tonight: Tonight) -> Iterator[Finding]:
    for given in queries.unsigned(tonight.session):
        when = dates.moment(local(given.at, tonight.house.zone))
        yield Finding(
            str(given.id),
            "; ".join(given.whats),
            _("%(clerk)s says that %(by)s agreed by phone, %(when)s: %(note)s")
            % {"clerk": given.clerk, "by": given.by, "when": when, "note": given.note},
            given.amount,
            Remedy(_("Open the approval"), "approvals", {"approval_id": given.id}),
            by=people(given.clerk_id, given.by_id),
        )


CHECK = Check(
    "by_phone",
    N_("Agreed by phone only"),
    N_("Nobody has signed for this yet. The person named signs with their password on the page Approvals."),
    "shield",
    _find,
    register="prices",
    acts="done",
    did=exists().where(
        *queries.OPEN, or_(Agreement.staff_id == bindparam("clerk"), Agreement.clerk_id == bindparam("clerk"))
    ),
)
