"""The row of members: what the rest of the program has to know of it."""

from pms.core import offers, places
from pms.core.duty import GUESTS, SHEETS, SLIPS, Duty, Grant, Paper
from pms.core.i18n import N_
from pms.core.options import Option
from pms.core.permissions import EVERY_DESK, LEADERS, Right
from pms.core.places import Spot

WORK = Right("members:work")
EDIT = Right("members:edit")
STORED = Option(
    "stored_value", False, N_("Members may charge up stored value and pay with it"), N_("Members")
)
GIFT_FROM = Option(
    "stored_gift_from",
    100000,
    N_("Gift on stored value from a charge of"),
    N_("Members"),
    money=True,
)
GIFT_PERCENT = Option(
    "stored_gift_percent",
    0,
    N_("Gift, per cent of what is paid"),
    N_("Members"),
    most=100,
    hint=N_("0: no gift. More than the rule needs authority."),
    beside=True,
)
POINTS = Option("member_points", False, N_("Members earn points and spend them"), N_("Members"))
EARNED = Option(
    "points_per_unit",
    1,
    N_("Points for each whole unit of currency of room revenue"),
    N_("Members"),
    most=100,
)
WORTH = Option(
    "points_worth",
    100,
    N_("Points that are worth one unit of currency"),
    N_("Members"),
    least=1,
    most=10_000,
    beside=True,
)
LAST = Option(
    "points_months",
    24,
    N_("Points expire after, months"),
    N_("Members"),
    most=120,
    hint=N_("0: never."),
)

DUTY = Duty(
    "members",
    N_("Members"),
    found_by=N_("membership, club, loyalty, member card, level, points, stored value"),
    at=Spot(places.GUESTS, 30),
    icon="star",
    handbook=("F04",),
    screen="pms.ui.screens.members.screen:MembersScreen",
    reads=(WORK,),
    offers=(
        offers.search.by("pms.services.members.queries:search"),
        offers.customers.by("pms.services.members.queries:customers"),
        offers.customer_of.by("pms.services.members.queries:customer_of"),
        offers.leaving.by("pms.services.members.stored:leaving"),
        offers.kept_of.by("pms.services.members.kept:kept_of"),
        offers.erase_with.by("pms.services.members.erasing:erase_with"),
        offers.erase_old.by("pms.services.members.erasing:erase_old"),
    ),
    rights=(
        Grant(WORK, N_("Register members and sell their cards"), GUESTS, EVERY_DESK),
        Grant(EDIT, N_("Change member levels, suspend members"), GUESTS, LEADERS),
    ),
    papers=(
        Paper("member_card", N_("Member card receipt"), SLIPS),
        Paper("stored_receipt", N_("Stored value receipt"), SLIPS),
        Paper("stored_slip", N_("Stored value statement, slip"), SLIPS),
        Paper("stored_sheet", N_("Stored value statement, sheet"), SHEETS),
    ),
    options=(STORED, GIFT_FROM, GIFT_PERCENT, POINTS, EARNED, WORTH, LAST),
    append_only=("member_event", "member_purse_row", "member_points_row"),
)
