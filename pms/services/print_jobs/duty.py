"""The row of print_jobs: what the rest of the program has to know of it."""

from pms.core import offers, places
from pms.core.duty import GUESTS, Duty, Grant
from pms.core.i18n import N_
from pms.core.permissions import EVERY_DESK, Permission
from pms.core.places import Spot

DUTY = Duty(
    "print_jobs",
    N_("Print-outs"),
    found_by=N_("printers, reprint, duplicate, papers, queue"),
    at=Spot(places.REPORTS, 50),
    icon="printer",
    screen="pms.ui.screens.print_jobs.screen:PrintJobsScreen",
    reads=(Permission.PRINT_AGAIN, Permission.PROPERTY_EDIT),
    offers=(
        offers.first_steps.by("pms.services.print_jobs.first_steps:first_steps"),
        offers.waiting.by("pms.services.print_jobs.queries:need_somebody"),
        offers.badges.by("pms.services.print_jobs.queries:badges"),
        offers.search.by("pms.services.print_jobs.queries:search"),
        offers.kept_of.by("pms.services.print_jobs.kept:kept_of"),
    ),
    rights=(Grant(Permission.PRINT_AGAIN, N_("Reprint documents"), GUESTS, EVERY_DESK),),
    topics=("print_jobs", "printers"),
)
