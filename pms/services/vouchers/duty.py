"""The row of vouchers: what the rest of the program has to know of it."""

from pms.core import offers, places
from pms.core.duty import MONEY, SHEETS, Duty, Grant, Paper
from pms.core.i18n import N_
from pms.core.permissions import EVERY_DESK, LEADERS, Right
from pms.core.places import Spot

LOOK = Right("vouchers:look")
WORK = Right("vouchers:work")
STOCK = Right("vouchers:stock")

DUTY = Duty(
    "vouchers",
    N_("Serial numbers"),
    found_by=N_("blank forms, receipt books, missing numbers, doubled numbers, gaps"),
    at=Spot(places.CASH, 70),
    icon="sheet",
    screen="pms.ui.screens.vouchers.screen:VouchersScreen",
    reads=(WORK, LOOK),
    offers=(
        offers.search.by("pms.services.vouchers.queries:search"),
        offers.handover.by("pms.services.vouchers.queries:handover"),
        offers.audit_check.by("pms.services.vouchers.checks:CHECK"),
    ),
    rights=(
        Grant(LOOK, N_("See which numbers the papers were given"), MONEY, LEADERS | {"auditor"}),
        Grant(WORK, N_("Hand out blank forms and count them"), MONEY, EVERY_DESK),
        Grant(STOCK, N_("Receive blank forms and explain gaps"), MONEY, LEADERS),
    ),
    papers=(Paper("serial_numbers", N_("Serial numbers"), SHEETS),),
    append_only=("form_event",),
)
