"""The row of housekeeping: what the rest of the program has to know of it."""

from pms.core import offers, places
from pms.core.duty import ROOM_RIGHTS, SHEETS, Duty, Frozen, Grant, Paper
from pms.core.i18n import N_
from pms.core.options import Option
from pms.core.permissions import LEADERS, Permission, Right
from pms.core.places import Spot

HOUSEKEEPING_SHEET = Right("housekeeping:sheet")
HOUSEKEEPING_SIGN = Right("housekeeping:sign")
HOUSEKEEPING_CLEAR = Right("housekeeping:clear")

SEEN_FIRST = Option(
    "sheet_seen_first",
    False,
    N_("What was seen is entered before the desk's state is shown"),
    N_("Status sheet"),
)
"""Otherwise one key takes a room over as the desk has it; the signature says how many were taken so."""

DUTY = Duty(
    "housekeeping",
    N_("Status sheet"),
    found_by=N_("room status sheet, discrepancies, sleep, skip, morning, evening"),
    at=Spot(places.ROOMS, 10),
    icon="sheet",
    screen="pms.ui.screens.housekeeping.screen:HousekeepingScreen",
    handbook=("H03",),
    reads=(Permission.ROOMS_STATUS,),
    offers=(
        offers.evidence.by("pms.services.housekeeping.evidence:evidence"),
        offers.waiting.by("pms.services.housekeeping.queries:waiting"),
        offers.badges.by("pms.services.housekeeping.queries:badges"),
        offers.handover.by("pms.services.housekeeping.queries:open_items"),
    ),
    rights=(
        Grant(
            HOUSEKEEPING_SHEET,
            N_("Enter the status sheet"),
            ROOM_RIGHTS,
            LEADERS | {"housekeeping"},
        ),
        Grant(HOUSEKEEPING_SIGN, N_("Sign the status sheet"), ROOM_RIGHTS, LEADERS | {"housekeeping"}),
        Grant(
            HOUSEKEEPING_CLEAR,
            N_("Clear discrepancies"),
            ROOM_RIGHTS,
            LEADERS | {"auditor", "housekeeping"},
        ),
    ),
    papers=(Paper("status_sheet", N_("Room status sheet"), SHEETS),),
    options=(SEEN_FIRST,),
    append_only=("clearing",),
    frozen=(
        Frozen(
            "status_row",
            "(SELECT signed_at FROM status_sheet WHERE id = ROW.sheet_id) IS NOT NULL",
            ("INSERT", "UPDATE", "DELETE"),
        ),
        Frozen("status_sheet", "ROW.signed_at IS NOT NULL"),
    ),
)
