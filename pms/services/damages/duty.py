"""The row of damages: what the rest of the program has to know of it."""

from pms.core import offers, places
from pms.core.duty import SERVICES, SLIPS, Duty, Frozen, Grant, Paper
from pms.core.i18n import N_
from pms.core.permissions import EVERY_DESK, LEADERS, Right
from pms.core.places import Spot

CHARGE = Right("damages:charge")
SEE = Right("damages:see")
EDIT = Right("damages:edit")

DUTY = Duty(
    "damages",
    N_("Damages"),
    found_by=N_("damage, broken, stain, compensation, price list"),
    at=Spot(places.SERVICES, 60),
    icon="alert",
    screen="pms.ui.screens.damages.screen:DamagesScreen",
    handbook=("F11",),
    reads=(CHARGE,),
    offers=(
        offers.waiting.by("pms.services.damages.queries:waiting"),
        offers.badges.by("pms.services.damages.queries:badges"),
        offers.search.by("pms.services.damages.queries:search"),
        offers.handover.by("pms.services.damages.queries:handover"),
        offers.kept_of.by("pms.services.damages.kept:kept_of"),
    ),
    rights=(
        Grant(CHARGE, N_("Charge damages"), SERVICES, EVERY_DESK),
        Grant(SEE, N_("See damages as a leader of the desk"), SERVICES, LEADERS),
        Grant(EDIT, N_("Change the price list of damages"), SERVICES, LEADERS),
    ),
    papers=(Paper("damage", N_("Damage compensation"), SLIPS),),
    frozen=(
        Frozen("damage", "ROW.id IS NOT NULL", ("DELETE",)),
        Frozen("damage", "ROW.seen_at IS NOT NULL", ("UPDATE",)),
    ),
)
