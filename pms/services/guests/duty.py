"""The row of guests: what the rest of the program has to know of it."""

from pms.core import offers, places
from pms.core.duty import GUESTS, Duty, Grant
from pms.core.i18n import N_
from pms.core.permissions import EVERY_DESK, LEADERS, MANAGERS, OWNERS, Permission
from pms.core.places import Spot

DUTY = Duty(
    "guests",
    N_("Guests"),
    found_by=N_("guest records, profiles, history, VIP, phone book"),
    at=Spot(places.GUESTS, 20),
    icon="user",
    screen="pms.ui.screens.guests.screen:GuestsScreen",
    key="Alt+G",
    reads=(Permission.GUESTS_READ,),
    offers=(offers.search.by("pms.services.guests.queries:search"),),
    rights=(
        Grant(Permission.GUESTS_EDIT, N_("Enter and change guests"), GUESTS, EVERY_DESK),
        Grant(Permission.GUESTS_REVEAL, N_("See full document numbers"), GUESTS, LEADERS | {"auditor"}),
        Grant(Permission.GUESTS_EXPORT, N_("Export a guest's data"), GUESTS, MANAGERS),
        Grant(Permission.GUESTS_ERASE, N_("Erase guests' data"), GUESTS, OWNERS),
        Grant(Permission.GUESTS_READ, N_("See guests, bookings and stays"), GUESTS, EVERY_DESK),
    ),
)
