"""The row of margin: what the rest of the program has to know of it."""

from pms.core import places
from pms.core.duty import MONEY, SHEETS, Duty, Grant, Paper
from pms.core.i18n import N_
from pms.core.permissions import MANAGERS, Right
from pms.core.places import Spot

SEE = Right("margin:see")

DUTY = Duty(
    "margin",
    N_("Shop margin"),
    found_by=N_("profit, cost price, gross margin, goods sold"),
    at=Spot(places.SHOP, 20),
    icon="chart",
    screen="pms.ui.screens.margin.screen:MarginScreen",
    reads=(SEE,),
    rights=(Grant(SEE, N_("See what goods cost and earn"), MONEY, MANAGERS | {"auditor"}),),
    papers=(Paper("shop_margin", N_("Shop margin"), SHEETS),),
)
