"""The row of night_audit: what the rest of the program has to know of it."""

from pms.core import offers, places
from pms.core.duty import MONEY, SHEETS, Duty, Grant, Paper
from pms.core.i18n import N_
from pms.core.permissions import LEADERS, Permission
from pms.core.places import Spot

DUTY = Duty(
    "night_audit",
    N_("Night audit"),
    found_by=N_("close the day, end of day, day end, post room charges, rehearsal"),
    at=Spot(places.AUDIT, 10),
    icon="moon",
    handbook=("F19",),
    screen="pms.ui.screens.night_audit.screen:NightAuditScreen",
    reads=(Permission.AUDIT_RUN,),
    offers=(
        offers.waiting.by("pms.services.night_audit.hours:waiting"),
        offers.countdowns.by("pms.services.night_audit.queries:countdowns"),
        offers.last_close.by("pms.services.night_audit.queries:last_close"),
        *(
            offers.audit_check.by(f"pms.services.night_audit.checks.{name}:CHECK")
            for name in (
                "departures",
                "balance",
                "proofs",
                "company_debts",
                "arrivals",
                "credit",
                "identity",
                "discrepancies",
                "cards",
                "voids",
                "adjustments",
                "rates",
                "upgrades",
                "given_away",
                "zero_charge",
                "transfers",
                "nights",
                "shifts",
                "gaps",
                "authority",
                "plans",
                "extended",
                "other_way",
                "advances",
                "over_short",
                "odd_amounts",
                "cards_out",
                "stored_value",
                "channel_accounts",
                "same_document",
                "by_phone",
                "on_paper",
            )
        ),
    ),
    rights=(Grant(Permission.AUDIT_RUN, N_("Run the night audit"), MONEY, LEADERS | {"auditor"}),),
    papers=(Paper("audit_rehearsal", N_("Rehearsal of the night audit"), SHEETS),),
    append_only=("night_stay", "night_figure", "night_loss", "night_part", "night_share"),
    topics=("night_audit", "audit_warning"),
)
