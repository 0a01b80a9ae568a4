"""The row of stays: what the rest of the program has to know of it."""

from pms.core import offers, places
from pms.core.duty import BOOKINGS, SHEETS, SLIPS, Duty, Grant, Paper
from pms.core.i18n import N_
from pms.core.options import Option
from pms.core.permissions import EVERY_DESK, LEADERS, Permission, Right
from pms.core.places import Spot

STAYS_CHECK_IN = Right("stays:check_in")
STAYS_CHECK_OUT = Right("stays:check_out")
STAYS_UNDO = Right("stays:undo")

SLEEVE = Option("card_sleeve", False, N_("New room cards come with a sleeve"), N_("Papers"))
BREAKFAST = Option("breakfast_told", "", N_("Breakfast, on the sleeve"), N_("Papers"), most=80)
JOIN_BOOKED = Option(
    "join_booked", True, N_("Rooms of one booking are joined at check-in"), N_("Joined rooms")
)

DUTY = Duty(
    "stays",
    N_("In house"),
    found_by=N_("guests of the day, arrivals, departures, due out, walk-in, sharers"),
    at=Spot(places.GUESTS, 10),
    icon="users",
    handbook=("F06",),
    screen="pms.ui.screens.stays.screen:InHouseScreen",
    reads=(Permission.GUESTS_READ,),
    pages=(
        ("check_in", "pms.ui.screens.stays.check_in:CheckInScreen"),
        ("joined", "pms.ui.screens.stays.joined:JoinedScreen"),
        ("party", "pms.ui.screens.stays.party:PartyScreen"),
        ("extend", "pms.ui.screens.stays.extend:ExtendScreen"),
        ("room_change", "pms.ui.screens.stays.room_change:RoomChangeScreen"),
        ("price_change", "pms.ui.screens.stays.price_change:PriceChangeScreen"),
        ("check_out", "pms.ui.screens.stays.check_out:CheckOutScreen"),
    ),
    offers=(
        offers.first_steps.by("pms.services.stays.first_steps:first_steps"),
        offers.evidence.by("pms.services.stays.evidence:evidence"),
        offers.waiting.by("pms.services.stays.answers:waiting"),
        offers.room_users.by("pms.services.stays.answers:room_users"),
        offers.stay_name.by("pms.services.stays.answers:stay_name"),
        offers.open_stay.by("pms.services.stays.answers:open_stay"),
        offers.search.by("pms.services.stays.found:search"),
        offers.older.by("pms.services.stays.found:older"),
        offers.badges.by("pms.services.stays.answers:badges"),
        offers.leaving.by("pms.services.stays.queries:registration_missing"),
        offers.leaving.by("pms.services.stays.joined:leaving"),
        offers.handover.by("pms.services.stays.answers:open_items"),
    ),
    rights=(
        Grant(STAYS_CHECK_IN, N_("Check guests in"), BOOKINGS, EVERY_DESK),
        Grant(Permission.STAYS_CHANGE, N_("Extend stays and change rooms"), BOOKINGS, EVERY_DESK),
        Grant(STAYS_CHECK_OUT, N_("Check guests out"), BOOKINGS, EVERY_DESK),
        Grant(STAYS_UNDO, N_("Undo a check-in or check-out"), BOOKINGS, LEADERS),
    ),
    papers=(
        Paper("registration_card", N_("Registration card"), SHEETS),
        Paper("room_change_slip", N_("Room change slip"), SLIPS),
        Paper("price_change_slip", N_("Price change slip"), SLIPS),
        Paper("evacuation", N_("Evacuation list"), SHEETS),
        Paper("card_sleeve", N_("Card sleeve"), SLIPS),
    ),
    options=(SLEEVE, BREAKFAST, JOIN_BOOKED),
)
