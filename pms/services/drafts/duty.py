"""The row of drafts: what the rest of the program has to know of it."""

from pms.core.duty import Duty
from pms.core.i18n import N_

DUTY = Duty(
    "drafts",
    N_("Drafts"),
    icon="clock",
)
