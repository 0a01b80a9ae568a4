"""The row of figures: what the rest of the program has to know of it."""

from pms.core import offers, places
from pms.core.duty import Duty
from pms.core.i18n import N_
from pms.core.permissions import Permission
from pms.core.places import Spot

DUTY = Duty(
    "figures",
    N_("Figures"),
    found_by=N_("statistics, occupancy, ADR, RevPAR, budget, forecast"),
    at=Spot(places.REPORTS, 40),
    icon="chart",
    screen="pms.ui.screens.figures.screen:FiguresScreen",
    reads=(Permission.REPORTS_READ,),
    offers=(offers.budget.by("pms.services.figures.queries:aim"),),
)
