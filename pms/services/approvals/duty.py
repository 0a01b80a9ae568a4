"""The row of approvals: what the rest of the program has to know of it."""

from pms.core import offers, places
from pms.core.duty import SHEETS, Duty, Frozen, Paper
from pms.core.i18n import N_
from pms.core.permissions import Permission
from pms.core.places import Spot

DUTY = Duty(
    "approvals",
    N_("Approvals"),
    found_by=N_("countersign, by phone, concessions, use of authority"),
    at=Spot(places.SETTINGS, 50),
    icon="shield",
    screen="pms.ui.screens.approvals.screen:ApprovalsScreen",
    handbook=("D01",),
    reads=(Permission.APPROVE,),
    offers=(
        offers.waiting.by("pms.services.approvals.queries:waiting"),
        offers.badges.by("pms.services.approvals.queries:badges"),
    ),
    papers=(Paper("authority_use", N_("Use of authority"), SHEETS),),
    frozen=(
        Frozen(
            "approval",
            "ROW.used_at IS NOT NULL AND (ROW.how <> 'phone' OR ROW.seen_at IS NOT NULL)",
            ("UPDATE",),
        ),
        Frozen("approval", "ROW.used_at IS NOT NULL", ("DELETE",)),
    ),
)
