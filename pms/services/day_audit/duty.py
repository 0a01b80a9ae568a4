"""The row of day_audit: what the rest of the program has to know of it."""

from pms.core import offers, places
from pms.core.duty import MONEY, SHEETS, Duty, Frozen, Grant, Paper
from pms.core.i18n import N_
from pms.core.permissions import LEADERS, Right
from pms.core.places import Spot

DAY_AUDIT_NOTE = Right("day_audit:note")
DAY_AUDIT_WORK = Right("day_audit:work")

DUTY = Duty(
    "day_audit",
    N_("Day audit"),
    found_by=N_("findings, income audit, training, register"),
    at=Spot(places.AUDIT, 20),
    icon="shield",
    screen="pms.ui.screens.day_audit.screen:DayAuditScreen",
    handbook=("D06",),
    reads=(DAY_AUDIT_NOTE, DAY_AUDIT_WORK),
    offers=(
        offers.badges.by("pms.services.day_audit.queries:badges"),
        offers.search.by("pms.services.day_audit.queries:search"),
        offers.tallies.by("pms.services.day_audit.queries:tallies"),
    ),
    rights=(
        Grant(DAY_AUDIT_NOTE, N_("Add day audit findings"), MONEY, LEADERS | {"auditor"}),
        Grant(DAY_AUDIT_WORK, N_("Look into and close day audit findings"), MONEY, LEADERS),
    ),
    papers=(Paper("day_audit_register", N_("Day audit register"), SHEETS),),
    frozen=(Frozen("day_finding", "ROW.state = 'closed'"),),
)
