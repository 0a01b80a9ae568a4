"""The row of property: what the rest of the program has to know of it."""

from pms.core import places
from pms.core.duty import SETTINGS, Duty, Grant
from pms.core.i18n import N_
from pms.core.permissions import MANAGERS, Permission
from pms.core.places import Spot

DUTY = Duty(
    "property",
    N_("Hotel"),
    found_by=N_("settings, hotel rules, logo, letterhead, times, taxes, currency, deposit rule"),
    at=Spot(places.SETTINGS, 10),
    icon="gear",
    screen="pms.ui.screens.property.screen:PropertyScreen",
    append_only=("logo",),
    reads=(Permission.PROPERTY_EDIT, Permission.REPORTS_READ),
    rights=(
        Grant(
            Permission.PROPERTY_EDIT, N_("Change the hotel's rules"), SETTINGS, MANAGERS | {"administrator"}
        ),
    ),
)
