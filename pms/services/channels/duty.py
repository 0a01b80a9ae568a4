"""The row of channels: what the rest of the program has to know of it."""

from pms.core import offers, places
from pms.core.duty import BOOKINGS, Duty, Grant
from pms.core.i18n import N_
from pms.core.permissions import MANAGERS, Permission, Right
from pms.core.places import Spot

EDIT = Right("channels:edit")

DUTY = Duty(
    "channels",
    N_("Channels"),
    found_by=N_("OTA, travel agent, commission, prepaid, Ctrip, Meituan"),
    at=Spot(places.GUESTS, 50),
    icon="language",
    screen="pms.ui.screens.channels.screen:ChannelsScreen",
    reads=(Permission.GUESTS_READ,),
    offers=(
        offers.search.by("pms.services.channels.queries:search"),
        offers.customers.by("pms.services.channels.queries:customers"),
        offers.customer_of.by("pms.services.channels.queries:customer_of"),
        offers.kept_of.by("pms.services.channels.kept:kept_of"),
        offers.erase_old.by("pms.services.channels.kept:erase_old"),
    ),
    rights=(Grant(EDIT, N_("Change channels and how they settle"), BOOKINGS, MANAGERS),),
)
