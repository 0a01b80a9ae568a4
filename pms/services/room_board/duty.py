"""The row of room_board: what the rest of the program has to know of it."""

from pms.core.duty import FRONT_DESK, Duty
from pms.core.i18n import N_
from pms.core.permissions import Permission

DUTY = Duty(
    "room_board",
    N_("Room board"),
    group=FRONT_DESK,
    icon="board",
    screen="pms.ui.screens.room_board.screen:RoomBoardScreen",
    reads=(Permission.ROOMS_STATUS, Permission.ROOMS_EDIT),
)
