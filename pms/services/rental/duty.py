"""The row of rental: what the rest of the program has to know of it."""

from pms.core import offers, places
from pms.core.duty import SERVICES, SLIPS, Duty, Grant, Paper
from pms.core.i18n import N_
from pms.core.options import Option
from pms.core.permissions import EVERY_DESK, LEADERS, Right
from pms.core.places import Spot

LEND = Right("rental:lend")
EDIT = Right("rental:edit")
HOURS = Option(
    "rental_hours",
    24,
    N_("Items on loan are due after, hours, by check-out at the latest"),
    N_("Item rental"),
    least=1,
    most=720,
)

DUTY = Duty(
    "rental",
    N_("Item rental"),
    found_by=N_("loan, lend, umbrella, charger, wheelchair"),
    at=Spot(places.SERVICES, 50),
    icon="umbrella",
    screen="pms.ui.screens.rental.screen:RentalScreen",
    handbook=("C10",),
    reads=(LEND,),
    offers=(
        offers.waiting.by("pms.services.rental.queries:waiting"),
        offers.search.by("pms.services.rental.queries:search"),
        offers.leaving.by("pms.services.rental.queries:leaving"),
        offers.still_needed.by("pms.services.rental.kept:still_needed"),
        offers.kept_of.by("pms.services.rental.kept:kept_of"),
        offers.handover.by("pms.services.rental.queries:handover"),
        offers.audit_check.by("pms.services.rental.checks:CHECK"),
    ),
    rights=(
        Grant(LEND, N_("Lend items and take them back"), SERVICES, EVERY_DESK),
        Grant(EDIT, N_("Change items for rent and their prices"), SERVICES, LEADERS),
    ),
    papers=(
        Paper("rental_slip", N_("Rental slip"), SLIPS),
        Paper("rental_charge", N_("Rental compensation"), SLIPS),
    ),
    options=(HOURS,),
    append_only=("rental_return",),
)
