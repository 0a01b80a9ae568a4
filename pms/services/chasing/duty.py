"""The row of chasing: what the rest of the program has to know of it."""

from pms.core import offers, places
from pms.core.duty import MONEY, SHEETS, SLIPS, Duty, Grant, Paper
from pms.core.i18n import N_
from pms.core.options import Option
from pms.core.permissions import EVERY_DESK, LEADERS, Right
from pms.core.places import Spot

CHASE = Right("chasing:work")
DECIDE = Right("chasing:decide")
FROM = Option(
    "chase_from", 10, N_("Debts are chased from, hour of the day"), N_("Debt chasing"), least=0, most=23
)
MANAGER = Option(
    "chase_manager",
    14,
    N_("What is left goes to the duty manager at, hour of the day"),
    N_("Debt chasing"),
    least=0,
    most=23,
    beside=True,
)

DUTY = Duty(
    "chasing",
    N_("Debt chasing"),
    found_by=N_("debts of guests, deposit runs out, extend and take the deposit, overdue, call, notice"),
    at=Spot(places.CASH, 12),
    icon="clock",
    screen="pms.ui.screens.chasing.screen:ChasingScreen",
    handbook=("F14",),
    reads=(CHASE,),
    offers=(
        offers.waiting.by("pms.services.chasing.told:waiting"),
        offers.waiting.by("pms.services.chasing.told:left_over"),
        offers.search.by("pms.services.chasing.told:search"),
        offers.evidence.by("pms.services.chasing.told:evidence"),
        offers.handover.by("pms.services.chasing.told:handover"),
        offers.kept_of.by("pms.services.chasing.told:kept_of"),
        offers.audit_check.by("pms.services.chasing.checks:CHECK"),
    ),
    rights=(
        Grant(CHASE, N_("Chase debts of guests in house"), MONEY, EVERY_DESK),
        Grant(DECIDE, N_("Allow credit to guests who are chased"), MONEY, LEADERS),
    ),
    papers=(
        Paper("debt_notice", N_("Debt notice"), SHEETS),
        Paper("debt_slip", N_("Debt notice, slip"), SLIPS),
    ),
    options=(FROM, MANAGER),
    append_only=("chase_call",),
)
