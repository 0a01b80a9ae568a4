"""The row of what goes on without the server: what the rest of the program has to know of it."""

from pms.core.duty import MONEY, SHEETS, Duty, Grant, Paper
from pms.core.i18n import N_
from pms.core.permissions import LEADERS, Permission

DUTY = Duty(
    "downtime",
    N_("Without the server"),
    icon="alert",
    rights=(
        Grant(
            Permission.TYPE_LATER,
            N_("Type afterwards what was done on paper"),
            MONEY,
            LEADERS | {"auditor"},
        ),
    ),
    papers=(Paper("in_house_list", N_("In-house list"), SHEETS),),
)
