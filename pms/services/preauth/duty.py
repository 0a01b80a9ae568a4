"""The row of pre-authorisations: what the rest of the program has to know of it."""

from pms.core import offers, places
from pms.core.duty import MONEY, SLIPS, Duty, Grant, Paper
from pms.core.i18n import N_
from pms.core.options import PREAUTH_DAYS, Option
from pms.core.permissions import EVERY_DESK, Permission
from pms.core.places import Spot

WARN = Option(
    "preauth_warn",
    3,
    N_("Told before it runs out, days"),
    N_("Pre-authorisations"),
    most=30,
    beside=True,
)

DUTY = Duty(
    "preauth",
    N_("Pre-authorisations"),
    found_by=N_("pre-authorisation, card hold, guarantee, credit card, capture, release"),
    at=Spot(places.CASH, 15),
    icon="lock",
    screen="pms.ui.screens.preauth.screen:PreauthScreen",
    reads=(Permission.PREAUTH,),
    offers=(
        offers.waiting.by("pms.services.preauth.queries:waiting"),
        offers.search.by("pms.services.preauth.queries:search"),
        offers.leaving.by("pms.services.preauth.queries:leaving"),
        offers.handover.by("pms.services.preauth.queries:handover"),
        offers.still_needed.by("pms.services.preauth.kept:still_needed"),
        offers.kept_of.by("pms.services.preauth.kept:kept_of"),
        offers.audit_check.by("pms.services.preauth.checks:CHECK"),
    ),
    rights=(
        Grant(Permission.PREAUTH, N_("Hold amounts on cards, take and release them"), MONEY, EVERY_DESK),
    ),
    papers=(
        Paper("preauth_slip", N_("Pre-authorisation"), SLIPS),
        Paper("preauth_end", N_("Pre-authorisation completed or released"), SLIPS),
    ),
    options=(PREAUTH_DAYS, WARN),
)
