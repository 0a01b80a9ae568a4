"""The row of reservations: what the rest of the program has to know of it."""

from pms.core import offers, places
from pms.core.duty import BOOKINGS, SLIPS, Duty, Grant, Paper
from pms.core.i18n import N_
from pms.core.permissions import EVERY_DESK, LEADERS, MANAGERS, Permission, Right
from pms.core.places import Spot

RESERVATIONS_CANCEL = Right("reservations:cancel")
RESERVATIONS_OVERBOOK = Right("reservations:overbook")
RESERVATIONS_IMPORT = Right("reservations:import")

DUTY = Duty(
    "reservations",
    N_("Bookings"),
    found_by=N_("reservations, arrivals to come, no-show, cancel, block"),
    at=Spot(places.BOOKINGS, 10),
    icon="calendar",
    screen="pms.ui.screens.reservations.screen:BookingsScreen",
    reads=(Permission.GUESTS_READ,),
    pages=(("booking", "pms.ui.screens.reservations.form:BookingForm"),),
    offers=(
        offers.evidence.by("pms.services.reservations.evidence:evidence"),
        offers.waiting.by("pms.services.reservations.queries:waiting"),
        offers.room_users.by("pms.services.reservations.queries:room_users"),
        offers.short_by_day.by("pms.services.reservations.by_day:short"),
        offers.search.by("pms.services.reservations.found:search"),
        offers.older.by("pms.services.reservations.found:older"),
        offers.badges.by("pms.services.reservations.queries:badges"),
        offers.alarms.by("pms.services.reservations.queries:alarms"),
        offers.kept_of.by("pms.services.reservations.kept:kept_of"),
        offers.erase_old.by("pms.services.reservations.erasing:erase_old"),
    ),
    rights=(
        Grant(Permission.RESERVATIONS_BOOK, N_("Book and change bookings"), BOOKINGS, EVERY_DESK),
        Grant(RESERVATIONS_CANCEL, N_("Cancel bookings"), BOOKINGS, EVERY_DESK),
        Grant(RESERVATIONS_OVERBOOK, N_("Overbook"), BOOKINGS, LEADERS),
        Grant(RESERVATIONS_IMPORT, N_("Import bookings"), BOOKINGS, MANAGERS | {"administrator"}),
    ),
    papers=(
        Paper("advance_returned", N_("Advance refunded"), SLIPS),
        Paper("advance_kept", N_("Advance forfeited"), SLIPS),
    ),
)
