"""The row of opening: what the rest of the program has to know of it."""

from pms.core.duty import Duty
from pms.core.i18n import N_

DUTY = Duty(
    "opening",
    N_("Set-up"),
    icon="gear",
)
