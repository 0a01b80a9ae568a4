"""The row of business_day: what the rest of the program has to know of it."""

from pms.core.duty import Duty
from pms.core.i18n import N_

DUTY = Duty(
    "business_day",
    N_("Business date"),
    icon="calendar",
    topics=("business_date",),
)
