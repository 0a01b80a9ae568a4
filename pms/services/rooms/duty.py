"""The row of rooms: what the rest of the program has to know of it."""

from pms.core import offers, places
from pms.core.duty import ROOM_RIGHTS, SETTINGS, Duty, Grant
from pms.core.i18n import N_
from pms.core.permissions import EVERY_DESK, LEADERS, MANAGERS, Permission, Right
from pms.core.places import Spot

ROOMS_BLOCK = Right("rooms:block")

DUTY = Duty(
    "rooms",
    N_("Rooms"),
    found_by=N_("room types, out of order, out of service, block, floors"),
    at=Spot(places.ROOMS, 60),
    icon="bed",
    screen="pms.ui.screens.rooms.screen:RoomsScreen",
    reads=(Permission.ROOMS_STATUS, Permission.ROOMS_EDIT),
    offers=(
        offers.search.by("pms.services.rooms.queries:search"),
        offers.evidence.by("pms.services.rooms.evidence:evidence"),
        offers.first_steps.by("pms.services.rooms.first_steps:first_steps"),
    ),
    rights=(
        Grant(
            Permission.ROOMS_STATUS,
            N_("Set rooms clean and dirty"),
            ROOM_RIGHTS,
            EVERY_DESK | {"attendant", "housekeeping"},
        ),
        Grant(
            Permission.ROOMS_INSPECT, N_("Pass rooms as inspected"), ROOM_RIGHTS, LEADERS | {"housekeeping"}
        ),
        Grant(ROOMS_BLOCK, N_("Take rooms out of sale"), ROOM_RIGHTS, LEADERS | {"housekeeping"}),
        Grant(Permission.ROOMS_EDIT, N_("Change rooms and types"), SETTINGS, MANAGERS | {"administrator"}),
    ),
)
