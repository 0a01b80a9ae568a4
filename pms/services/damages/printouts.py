"""The paper on which a guest signs for what was damaged."""

from pms.core.i18n import _
from pms.core.money import show
from pms.db.work import Work
from pms.printing import slip
from pms.printing.slip import Big, Signatures, Slip
from pms.services.folios.printouts import letterhead, stamp

from .queries import DamageRow


def paper_of(work: Work, row: DamageRow) -> Slip:
    """Return the damage compensation in its four parts: item, pieces, price, what is charged and why."""
    digits = work.setting.digits
    facts = [
        (_("Guest"), row.guest),
        (_("Room"), row.room),
        (_("Damaged"), row.what),
        (_("Pieces"), str(row.pieces)),
        (_("By the list"), show(row.whole, digits)),
        *([(_("Not charged"), show(row.waived, digits))] if row.waived else []),
        (_("Charged to the room"), show(row.charged, digits)),
        *([(_("Reason"), row.reason)] if row.reason else []),
        (_("Date"), stamp(work)),
        (_("Charged by"), work.clerk.name),
    ]
    return Slip(
        "damage",
        _("Damage compensation"),
        (
            Big(show(row.charged, digits)),
            slip.facts(*facts),
            Signatures((_("Guest's signature"), _("Clerk's signature"))),
        ),
        number=row.shown,
        copies=(_("Stub"), _("Finance copy"), _("Guest copy"), _("Housekeeping copy")),
        **letterhead(work),
    )
