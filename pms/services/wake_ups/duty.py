"""The row of wake_ups: what the rest of the program has to know of it."""

from pms.core import offers, places
from pms.core.duty import SERVICES, SLIPS, Duty, Grant, Paper
from pms.core.i18n import N_
from pms.core.permissions import EVERY_DESK, Right
from pms.core.places import Spot

WAKE_UPS = Right("wake_ups:work")

DUTY = Duty(
    "wake_ups",
    N_("Wake-up calls"),
    found_by=N_("morning call, alarm, wake up"),
    at=Spot(places.SERVICES, 30),
    icon="clock",
    screen="pms.ui.screens.wake_ups.screen:WakeUpsScreen",
    reads=(WAKE_UPS,),
    offers=(
        offers.evidence.by("pms.services.wake_ups.evidence:evidence"),
        offers.waiting.by("pms.services.wake_ups.queries:waiting"),
        offers.badges.by("pms.services.wake_ups.queries:badges"),
        offers.alarms.by("pms.services.wake_ups.queries:alarms"),
        offers.kept_of.by("pms.services.wake_ups.kept:kept_of"),
        offers.handover.by("pms.services.wake_ups.queries:handover"),
    ),
    rights=(Grant(WAKE_UPS, N_("Make wake-up calls"), SERVICES, EVERY_DESK),),
    papers=(Paper("wake_up_list", N_("Wake-up list"), SLIPS),),
)
