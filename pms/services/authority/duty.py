"""The row of authority: what the rest of the program has to know of it."""

from pms.core import places
from pms.core.duty import SETTINGS, Duty, Frozen, Grant
from pms.core.i18n import N_
from pms.core.permissions import EVERY_DESK, LEADERS, OWNERS, Permission, Right
from pms.core.places import Spot

AUTHORITY_EDIT = Right("authority:edit")
AUTHORITY_DELEGATE = Right("authority:delegate")

DUTY = Duty(
    "authority",
    N_("Authority"),
    found_by=N_("limits, discounts, delegation, who may approve"),
    at=Spot(places.SETTINGS, 40),
    icon="shield",
    screen="pms.ui.screens.authority.screen:AuthorityScreen",
    handbook=("D01",),
    reads=(Permission.APPROVE, AUTHORITY_EDIT, AUTHORITY_DELEGATE),
    pages=(("delegations", "pms.ui.screens.authority.delegations:DelegationsScreen"),),
    rights=(
        Grant(
            Permission.APPROVE,
            N_("Approve for others"),
            SETTINGS,
            LEADERS | {"auditor", "housekeeping"},
        ),
        Grant(AUTHORITY_EDIT, N_("Change how far each role may go"), SETTINGS, OWNERS),
        Grant(Permission.APPROVE_BY_PHONE, N_("Take an approval by phone"), SETTINGS, EVERY_DESK),
        Grant(
            AUTHORITY_DELEGATE,
            N_("Delegate own authority for a period"),
            SETTINGS,
            LEADERS | {"housekeeping"},
        ),
    ),
    append_only=("authority_use",),
    frozen=(
        Frozen("delegation", "ROW.id IS NOT NULL", ("DELETE",)),
        Frozen("delegation", "ROW.withdrawn_at IS NOT NULL", ("UPDATE",)),
    ),
)
