"""The row of property: what the rest of the program has to know of it."""

from pms.core import offers, places
from pms.core.duty import SETTINGS, Duty, Grant
from pms.core.i18n import N_
from pms.core.permissions import MANAGERS, Permission
from pms.core.places import Spot

DUTY = Duty(
    "property",
    N_("Hotel"),
    found_by=N_(
        "settings, hotel rules, logo, letterhead, first day, check-list, times, taxes, currency, deposit rule"
    ),
    at=Spot(places.SETTINGS, 10),
    icon="gear",
    screen="pms.ui.screens.property.screen:PropertyScreen",
    offers=(
        offers.first_steps.by("pms.services.property.first_steps:first_steps"),
        offers.waiting.by("pms.services.property.first_steps:waiting"),
    ),
    pages=(("first_day", "pms.ui.screens.property.first_day:FirstDayScreen"),),
    append_only=("logo",),
    reads=(Permission.PROPERTY_EDIT, Permission.REPORTS_READ),
    rights=(
        Grant(
            Permission.PROPERTY_EDIT, N_("Change the hotel's rules"), SETTINGS, MANAGERS | {"administrator"}
        ),
    ),
)
