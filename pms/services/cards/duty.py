"""The row of cards: what the rest of the program has to know of it."""

from pms.core import offers
from pms.core.duty import ROOM_RIGHTS, SHEETS, Duty, Grant, Paper
from pms.core.i18n import N_
from pms.core.permissions import EVERY_DESK, Right

CARDS_ISSUE = Right("cards:issue")

DUTY = Duty(
    "cards",
    N_("Room cards"),
    icon="key-card",
    reads=(CARDS_ISSUE,),
    offers=(
        offers.evidence.by("pms.services.cards.evidence:evidence"),
        offers.handover.by("pms.services.cards.queries:open_items"),
        offers.kept_of.by("pms.services.cards.kept:kept_of"),
    ),
    rights=(Grant(CARDS_ISSUE, N_("Issue and collect room cards"), ROOM_RIGHTS, EVERY_DESK),),
    papers=(Paper("loss_declaration", N_("Loss declaration"), SHEETS),),
)
