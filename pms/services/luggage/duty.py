"""The row of luggage: what the rest of the program has to know of it."""

from pms.core import offers, places
from pms.core.duty import SERVICES, SHEETS, SLIPS, Duty, Grant, Paper
from pms.core.i18n import N_
from pms.core.options import Option
from pms.core.permissions import EVERY_DESK, Right
from pms.core.places import Spot

STORE = Right("luggage:store")
CLAIM = Right("luggage:claim")
_CARD = N_("Luggage, lost & found")
OUTSIDE = Option("luggage_outside", False, N_("Luggage of non-guests is stored"), _CARD)
PLACES = Option(
    "luggage_places", "", N_("Luggage places, proposed in this order"), _CARD, most=400, hint="A1 A2 B1"
)
DAYS = Option("luggage_days", 3, N_("Luggage is overdue after, days"), _CARD, least=1, most=365)

DUTY = Duty(
    "luggage",
    N_("Luggage"),
    found_by=N_("bags, left luggage, tag, cloakroom"),
    at=Spot(places.SERVICES, 10),
    icon="suitcase",
    screen="pms.ui.screens.luggage.screen:LuggageScreen",
    key="Alt+L",
    reads=(STORE, CLAIM),
    offers=(
        offers.waiting.by("pms.services.luggage.queries:waiting"),
        offers.search.by("pms.services.luggage.queries:search"),
        offers.leaving.by("pms.services.luggage.queries:leaving"),
        offers.still_needed.by("pms.services.luggage.erasing:still_needed"),
        offers.kept_of.by("pms.services.luggage.kept:kept_of"),
        offers.erase_with.by("pms.services.luggage.erasing:erase_with"),
        offers.erase_old.by("pms.services.luggage.erasing:erase_old"),
        offers.handover.by("pms.services.luggage.queries:handover"),
    ),
    rights=(
        Grant(STORE, N_("Store luggage"), SERVICES, EVERY_DESK),
        Grant(CLAIM, N_("Release luggage"), SERVICES, EVERY_DESK),
    ),
    papers=(
        Paper("luggage_tag", N_("Luggage tag"), SLIPS),
        Paper("luggage_claim", N_("Luggage released without tag"), SLIPS),
        Paper("luggage_list", N_("Luggage in store"), SHEETS),
    ),
    options=(OUTSIDE, PLACES, DAYS),
    append_only=("luggage_claim",),
)
