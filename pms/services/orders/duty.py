"""The row of orders: what the rest of the program has to know of it."""

from pms.core import offers, places
from pms.core.duty import BOOKINGS, Duty, Grant
from pms.core.i18n import N_
from pms.core.options import Option
from pms.core.permissions import EVERY_DESK, Right
from pms.core.places import Spot

WORK = Right("orders:work")
NAMES = Option(
    "order_names",
    "",
    N_("Other names of the hotel on channels' orders, parted by commas"),
    N_("Channel orders"),
)

DUTY = Duty(
    "orders",
    N_("Channel orders"),
    found_by=N_("paste, OTA order, import orders, Ctrip, Meituan, Fliggy, Booking.com, Agoda, Airbnb"),
    at=Spot(places.BOOKINGS, 40),
    icon="receipt",
    screen="pms.ui.screens.orders.screen:OrdersScreen",
    reads=(WORK,),
    pages=(("order", "pms.ui.screens.orders.order:OrderPage"),),
    offers=(
        offers.search.by("pms.services.orders.queries:search"),
        offers.handover.by("pms.services.orders.queries:handover"),
        offers.kept_of.by("pms.services.orders.kept:kept_of"),
        offers.erase_with.by("pms.services.orders.kept:erase_with"),
        offers.erase_old.by("pms.services.orders.kept:erase_old"),
    ),
    rights=(Grant(WORK, N_("Book, change and refuse channels' orders"), BOOKINGS, EVERY_DESK),),
    options=(NAMES,),
)
