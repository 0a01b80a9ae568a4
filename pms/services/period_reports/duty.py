"""The row of period_reports: what the rest of the program has to know of it."""

from pms.core import places
from pms.core.duty import GUESTS, SHEETS, Duty, Frozen, Grant, Paper
from pms.core.i18n import N_
from pms.core.permissions import LEADERS, Permission, Right
from pms.core.places import Spot

REPORTS_SIGN = Right("period_reports:sign")

DUTY = Duty(
    "period_reports",
    N_("Weekly reports"),
    found_by=N_("monthly report, week, month, sign"),
    at=Spot(places.REPORTS, 30),
    icon="calendar",
    screen="pms.ui.screens.period_reports.screen:PeriodReportsScreen",
    reads=(Permission.REPORTS_READ,),
    rights=(Grant(REPORTS_SIGN, N_("Sign weekly and monthly reports"), GUESTS, LEADERS),),
    papers=(
        Paper("period_report_week", N_("Weekly report"), SHEETS),
        Paper("period_report_month", N_("Monthly report"), SHEETS),
    ),
    frozen=(Frozen("period_report", "ROW.signed_at IS NOT NULL"),),
)
