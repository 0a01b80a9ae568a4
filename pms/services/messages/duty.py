"""The row of messages: what the rest of the program has to know of it."""

from pms.core import offers, places
from pms.core.duty import SERVICES, Duty, Grant
from pms.core.i18n import N_
from pms.core.permissions import EVERY_DESK, Permission
from pms.core.places import Spot

DUTY = Duty(
    "messages",
    N_("Handover book"),
    found_by=N_("log book, notes, messages, next shift"),
    at=Spot(places.HANDOVER, 10),
    icon="handover",
    screen="pms.ui.screens.messages.screen:MessagesScreen",
    handbook=("F20",),
    reads=(Permission.MESSAGES,),
    offers=(
        offers.evidence.by("pms.services.messages.evidence:evidence"),
        offers.kept_of.by("pms.services.messages.kept:kept_of"),
        offers.search.by("pms.services.messages.queries:search"),
        offers.handover.by("pms.services.messages.queries:handover"),
    ),
    rights=(
        Grant(
            Permission.MESSAGES,
            N_("Make entries in the handover book"),
            SERVICES,
            EVERY_DESK | {"housekeeping"},
        ),
    ),
)
