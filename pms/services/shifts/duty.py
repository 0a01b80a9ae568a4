"""The row of shifts: what the rest of the program has to know of it."""

from pms.core import offers, places
from pms.core.duty import MONEY, Duty, Frozen, Grant, Paper
from pms.core.i18n import N_
from pms.core.permissions import EVERY_DESK, LEADERS, Permission
from pms.core.places import Spot

DUTY = Duty(
    "shifts",
    N_("Shift"),
    found_by=N_("cash drawer, float, cash count, handover, drop, paid out"),
    at=Spot(places.CASH, 10),
    icon="handover",
    screen="pms.ui.screens.shifts.screen:ShiftScreen",
    handbook=("F12", "F20"),
    reads=(Permission.SHIFTS_WORK,),
    offers=(
        offers.waiting.by("pms.services.shifts.queries:waiting"),
        offers.shift_at.by("pms.services.shifts.queries:shift_at"),
        offers.welcomes.by("pms.services.shifts.queries:to_open"),
        offers.drawers.by("pms.services.shifts.queries:drawers"),
        offers.search.by("pms.services.shifts.queries:search"),
        offers.badges.by("pms.services.shifts.queries:badges"),
        offers.tallies.by("pms.services.shifts.queries:tallies"),
    ),
    rights=(
        Grant(Permission.SHIFTS_WORK, N_("Run a cash drawer"), MONEY, EVERY_DESK),
        Grant(Permission.SHIFTS_PAY_OUT, N_("Make paid-outs from the drawer"), MONEY, LEADERS),
        Grant(Permission.SHIFTS_CORRECT_FLOAT, N_("Correct a float"), MONEY, LEADERS),
    ),
    papers=(
        Paper("cash_slip", N_("Cash slip")),
        Paper("drawer_opened", N_("Drawer opened without a sale")),
        Paper("handover_sheet", N_("Shift handover")),
    ),
    append_only=("drawer_opening", "shift_count", "shelf_count", "handover"),
    frozen=(Frozen("shift", "ROW.state = 'closed'"),),
)
