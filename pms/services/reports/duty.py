"""The row of reports: what the rest of the program has to know of it."""

from pms.core import places
from pms.core.duty import GUESTS, SHEETS, Duty, Grant, Paper
from pms.core.i18n import N_
from pms.core.permissions import LEADERS, MANAGERS, Permission
from pms.core.places import Spot

DUTY = Duty(
    "reports",
    N_("Reports"),
    found_by=N_("daily revenue, manager's report, trial balance, cashier summary, audit record"),
    at=Spot(places.REPORTS, 20),
    icon="sheet",
    screen="pms.ui.screens.reports.screen:ReportsScreen",
    handbook=("F14",),
    reads=(Permission.REPORTS_READ,),
    rights=(
        Grant(Permission.REPORTS_READ, N_("Read reports and figures"), GUESTS, LEADERS | {"auditor"}),
        Grant(Permission.TAKE_OUT, N_("Save reports of a day as files"), GUESTS, LEADERS | {"auditor"}),
        Grant(Permission.TAKE_OUT_BULK, N_("Save reports of more days or guests as files"), GUESTS, MANAGERS),
    ),
    papers=(
        Paper("list", N_("List"), SHEETS),
        Paper("report_audit_record", N_("Audit record"), SHEETS),
        Paper("report_revenue", N_("Daily revenue"), SHEETS),
        Paper("report_manager", N_("Manager's report"), SHEETS),
        Paper("report_trial_balance", N_("Trial balance"), SHEETS),
        Paper("report_balances", N_("In-house balances"), SHEETS),
        Paper("report_variances", N_("Room-rate variance"), SHEETS),
        Paper("report_corrections", N_("Voids and adjustments"), SHEETS),
        Paper("report_given_away", N_("Complimentary and house use"), SHEETS),
        Paper("report_losses", N_("No-shows and cancellations"), SHEETS),
        Paper("report_cashier", N_("Cashier summary"), SHEETS),
        Paper("report_discrepancies", N_("Discrepancies"), SHEETS),
    ),
)
