"""The row of shifts: what the rest of the program has to know of it."""

from pms.core import offers, places
from pms.core.duty import MONEY, SHEETS, SLIPS, Duty, Frozen, Grant, Paper
from pms.core.i18n import N_
from pms.core.permissions import EVERY_DESK, LEADERS, Right
from pms.core.places import Spot

SHIFTS_WORK = Right("shifts:work")
SHIFTS_PAY_OUT = Right("shifts:pay_out")
SHIFTS_CORRECT_FLOAT = Right("shifts:correct_float")

DUTY = Duty(
    "shifts",
    N_("Shift"),
    found_by=N_("cash drawer, float, cash count, handover, drop, paid out"),
    at=Spot(places.CASH, 10),
    icon="handover",
    screen="pms.ui.screens.shifts.screen:ShiftScreen",
    handbook=("F12", "F14", "F20"),
    reads=(SHIFTS_WORK,),
    offers=(
        offers.first_steps.by("pms.services.shifts.first_steps:first_steps"),
        offers.waiting.by("pms.services.shifts.told:waiting"),
        offers.shift_at.by("pms.services.shifts.queries:shift_at"),
        offers.welcomes.by("pms.services.shifts.queries:to_open"),
        offers.drawers.by("pms.services.shifts.queries:drawers"),
        offers.search.by("pms.services.shifts.told:search"),
        offers.badges.by("pms.services.shifts.told:badges"),
        offers.tallies.by("pms.services.shifts.told:tallies"),
    ),
    rights=(
        Grant(SHIFTS_WORK, N_("Run a cash drawer"), MONEY, EVERY_DESK),
        Grant(SHIFTS_PAY_OUT, N_("Make paid-outs from the drawer"), MONEY, LEADERS),
        Grant(SHIFTS_CORRECT_FLOAT, N_("Correct a float"), MONEY, LEADERS),
    ),
    papers=(
        Paper("cash_slip", N_("Cash slip"), SLIPS),
        Paper("drawer_opened", N_("Drawer opened without a sale"), SLIPS),
        Paper("handover_sheet", N_("Shift handover"), SHEETS),
    ),
    append_only=("drawer_opening", "shift_count", "shelf_count", "handover"),
    frozen=(Frozen("shift", "ROW.state = 'closed'"),),
)
