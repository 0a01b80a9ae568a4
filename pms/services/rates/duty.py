"""The row of rates: what the rest of the program has to know of it."""

from pms.core import offers, places
from pms.core.duty import MONEY, SETTINGS, Duty, Grant
from pms.core.i18n import N_
from pms.core.permissions import LEADERS, MANAGERS, Permission, Right
from pms.core.places import Spot

RATES_EDIT = Right("rates:edit")

DUTY = Duty(
    "rates",
    N_("Prices"),
    found_by=N_("rates, rate plans, price list, seasons, weekend"),
    at=Spot(places.SETTINGS, 20),
    icon="cash",
    screen="pms.ui.screens.rates.screen:RatesScreen",
    offers=(offers.first_steps.by("pms.services.rates.first_steps:first_steps"),),
    reads=(Permission.RESERVATIONS_BOOK, RATES_EDIT),
    rights=(
        Grant(Permission.RATES_MANUAL, N_("Set a rate where none is listed"), MONEY, LEADERS),
        Grant(RATES_EDIT, N_("Change prices"), SETTINGS, MANAGERS),
    ),
)
