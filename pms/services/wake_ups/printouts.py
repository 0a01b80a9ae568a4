"""The wake-up list."""

from collections.abc import Sequence

from pms.core import clock
from pms.core.i18n import _
from pms.db.work import Work
from pms.printing import slip
from pms.printing.slip import Signatures, Slip, Table
from pms.services.folios.printouts import letterhead, stamp

from .models import WAYS
from .queries import WakeUpRow


def wake_up_list(work: Work, *, rows: Sequence[WakeUpRow]) -> Slip:
    """Return the calls by time, with a place to note who answered."""
    zone = work.setting.zone
    lines = tuple(
        slip.row(
            f"{clock.local(row.at, zone):%m-%d %H:%M}",
            row.room,
            _(WAYS[row.way]),
            "____",
            note=" ".join(filter(None, (row.guest, row.remark))),
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
                    slip.left(_("Way"), 2),
                    slip.left(_("Answered"), 2),
                ),
                lines,
            ),
            Signatures((_("Clerk's signature"),)),
        ),
        **letterhead(work),
    )
