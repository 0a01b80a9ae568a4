"""The row of lost_found: what the rest of the program has to know of it."""

from pms.core import offers, places
from pms.core.duty import SERVICES, SLIPS, Duty, Grant, Paper
from pms.core.i18n import N_
from pms.core.options import Option
from pms.core.permissions import EVERY_DESK, LEADERS, Right
from pms.core.places import Spot

REGISTER = Right("lost_found:register")
GIVE_BACK = Right("lost_found:give_back")
DISPOSE = Right("lost_found:dispose")
MONTHS = Option(
    "lost_months",
    3,
    N_("Keep found items, months"),
    N_("Luggage, lost & found"),
    least=1,
    most=60,
    beside=True,
)

DUTY = Duty(
    "lost_found",
    N_("Lost & found"),
    found_by=N_("lost property, left behind, find, loss"),
    at=Spot(places.SERVICES, 20),
    icon="lost-found",
    screen="pms.ui.screens.lost_found.screen:LostFoundScreen",
    handbook=("F08",),
    key="Alt+F",
    reads=(REGISTER,),
    offers=(
        offers.waiting.by("pms.services.lost_found.pressing:waiting"),
        offers.search.by("pms.services.lost_found.queries:search"),
        offers.leaving.by("pms.services.lost_found.answers:leaving"),
        offers.still_needed.by("pms.services.lost_found.erasing:still_needed"),
        offers.kept_of.by("pms.services.lost_found.kept:kept_of"),
        offers.erase_with.by("pms.services.lost_found.erasing:erase_with"),
        offers.erase_old.by("pms.services.lost_found.erasing:erase_old"),
        offers.handover.by("pms.services.lost_found.answers:handover"),
        offers.tallies.by("pms.services.lost_found.answers:tallies"),
    ),
    rights=(
        Grant(REGISTER, N_("Register lost property"), SERVICES, EVERY_DESK | {"attendant", "housekeeping"}),
        Grant(GIVE_BACK, N_("Give lost property back"), SERVICES, EVERY_DESK),
        Grant(DISPOSE, N_("Dispose of lost property"), SERVICES, LEADERS),
    ),
    papers=(
        Paper("lost_found_slip", N_("Lost-and-found slip"), SLIPS),
        Paper("lost_found_out", N_("Item release slip"), SLIPS),
    ),
    options=(MONTHS,),
    append_only=("found_contact", "found_outcome"),
)
