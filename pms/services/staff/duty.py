"""The row of staff: what the rest of the program has to know of it."""

from pms.core import offers, places
from pms.core.duty import SETTINGS, Duty, Grant
from pms.core.i18n import N_
from pms.core.permissions import EVERY_DESK, LEADERS, Permission, Right
from pms.core.places import Spot

STAFF_READ = Right("staff:read")
ACCESS_READ = Right("access:read")

DUTY = Duty(
    "staff",
    N_("Staff"),
    found_by=N_("people, users, roles, rights, passwords, accounts"),
    at=Spot(places.SETTINGS, 30),
    icon="users",
    screen="pms.ui.screens.staff.screen:StaffScreen",
    reads=(STAFF_READ,),
    pages=(("access", "pms.ui.screens.staff.access:AccessScreen"),),
    offers=(
        offers.first_steps.by("pms.services.staff.first_steps:first_steps"),
        offers.badges.by("pms.services.staff.log:badges"),
    ),
    rights=(
        Grant(
            Permission.STAFF_OWN,
            N_("Change own password"),
            SETTINGS,
            EVERY_DESK | {"administrator", "attendant", "housekeeping"},
        ),
        Grant(ACCESS_READ, N_("Read the access log"), SETTINGS, LEADERS),
        Grant(Permission.STAFF_EDIT, N_("Change staff and rights"), SETTINGS, frozenset({"administrator"})),
        Grant(
            STAFF_READ,
            N_("See the staff and their roles"),
            SETTINGS,
            LEADERS | {"administrator", "auditor"},
        ),
    ),
    append_only=("access",),
    topics=("staff", "access"),
)
