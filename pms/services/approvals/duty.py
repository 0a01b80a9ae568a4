"""The row of approvals: what the rest of the program has to know of it."""

from pms.core import offers
from pms.core.duty import MONEY, Duty, Frozen, Paper
from pms.core.i18n import N_
from pms.core.permissions import Permission

DUTY = Duty(
    "approvals",
    N_("Approvals"),
    group=MONEY,
    icon="shield",
    screen="pms.ui.screens.approvals.screen:ApprovalsScreen",
    handbook=("D01",),
    reads=(Permission.APPROVE,),
    offers=(
        offers.waiting.by("pms.services.approvals.queries:waiting"),
        offers.badges.by("pms.services.approvals.queries:badges"),
    ),
    papers=(Paper("authority_use", N_("Use of authority")),),
    frozen=(
        Frozen(
            "approval",
            "ROW.used_at IS NOT NULL AND (ROW.how <> 'phone' OR ROW.seen_at IS NOT NULL)",
            ("UPDATE",),
        ),
        Frozen("approval", "ROW.used_at IS NOT NULL", ("DELETE",)),
    ),
)
