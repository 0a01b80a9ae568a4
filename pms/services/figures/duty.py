"""The row of figures: what the rest of the program has to know of it."""

from pms.core import offers
from pms.core.duty import MONEY, Duty
from pms.core.i18n import N_
from pms.core.permissions import Permission

DUTY = Duty(
    "figures",
    N_("Figures"),
    group=MONEY,
    icon="chart",
    screen="pms.ui.screens.figures.screen:FiguresScreen",
    reads=(Permission.REPORTS_READ,),
    offers=(offers.budget.by("pms.services.figures.queries:aim"),),
)
