"""The row of payments in question: what the rest of the program has to know of it."""

from pms.core import offers, places
from pms.core.duty import Duty
from pms.core.i18n import N_
from pms.core.options import Option
from pms.core.permissions import Permission
from pms.core.places import Spot

AGAIN = Option(
    "attempt_minutes",
    10,
    N_("A payment in question is asked again after, minutes"),
    N_("Papers"),
    least=1,
    most=240,
)

DUTY = Duty(
    "attempts",
    N_("Payments in question"),
    found_by=N_("unknown payment, not arrived, phone said paid, missing payment"),
    at=Spot(places.CASH, 17),
    icon="alert",
    screen="pms.ui.screens.attempts.screen:AttemptsScreen",
    reads=(Permission.FOLIOS_PAY,),
    offers=(
        offers.waiting.by("pms.services.attempts.queries:waiting"),
        offers.leaving.by("pms.services.attempts.queries:leaving"),
        offers.handover.by("pms.services.attempts.queries:handover"),
        offers.search.by("pms.services.attempts.queries:search"),
        offers.audit_check.by("pms.services.attempts.checks:CHECK"),
        offers.kept_of.by("pms.services.attempts.kept:kept_of"),
    ),
    options=(AGAIN,),
)
