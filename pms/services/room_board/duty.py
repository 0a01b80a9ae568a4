"""The row of room_board: what the rest of the program has to know of it."""

from pms.core import places
from pms.core.duty import Duty
from pms.core.i18n import N_
from pms.core.permissions import Permission
from pms.core.places import Spot

DUTY = Duty(
    "room_board",
    N_("Room board"),
    found_by=N_("status, tiles, vacant, ready, walk round"),
    at=Spot(places.BOARD, 10),
    icon="board",
    screen="pms.ui.screens.room_board.screen:RoomBoardScreen",
    reads=(Permission.ROOMS_STATUS, Permission.ROOMS_EDIT),
)
