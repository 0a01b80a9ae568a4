"""The row of channel accounts: what the rest of the program has to know of it."""

from pms.core import places
from pms.core.duty import MONEY, SHEETS, SLIPS, Duty, Grant, Paper
from pms.core.i18n import N_
from pms.core.permissions import MANAGERS, Permission, Right
from pms.core.places import Spot

SETTLE = Right("settlements:settle")

DUTY = Duty(
    "settlements",
    N_("Channel accounts"),
    found_by=N_("CA, OTA account, settlement, commission owed, prepaid orders, channel statement"),
    at=Spot(places.CASH, 26),
    icon="language",
    screen="pms.ui.screens.settlements.screen:SettlementsScreen",
    reads=(Permission.FOLIOS_READ,),
    rights=(
        Grant(
            SETTLE,
            N_("Pay channels, write off what they owe, match their statements"),
            MONEY,
            MANAGERS | {"auditor"},
        ),
    ),
    papers=(
        Paper("channel_account", N_("Channel account"), SHEETS),
        Paper("channel_given_up", N_("Channel's debt written off"), SLIPS),
    ),
    append_only=("channel_receipt", "channel_allocation"),
)
