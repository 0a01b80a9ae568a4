"""The wake-up list."""

from collections.abc import Sequence

from pms.core import clock, dates
from pms.core.i18n import _
from pms.db.work import Work
from pms.printing import slip
from pms.printing.slip import Signatures, Slip, Table
from pms.services.folios.printouts import letterhead, stamp

from .models import WAYS
from .queries import WakeUpRow


def wake_up_list(work: Work, *, rows: Sequence[WakeUpRow]) -> Slip:
    """Return the calls by time, each with the guest to be greeted and a place to note who answered."""
    zone = work.setting.zone
    lines = tuple(
        slip.row(
            dates.moment(clock.local(row.at, zone)),
            row.room,
            row.guest,
            "____",
            note=_(", ").join(filter(None, (_(WAYS[row.way]), row.remark))),
        )
        for row in rows
    )
    return Slip(
        "wake_up_list",
        _("Wake-up list"),
        (
            slip.facts(
                (_("Printed"), stamp(work)),
            ),
            Table(
                (
                    slip.left(_("Time"), 3),
                    slip.left(_("Room"), 2),
                    slip.guests(_("Guest"), 4),
                    slip.left(_("Answered"), 2),
                ),
                lines,
            ),
            Signatures((_("Clerk's signature"),)),
        ),
        **letterhead(work),
    )
