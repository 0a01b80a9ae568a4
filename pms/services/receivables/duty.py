"""The row of receivables: what the rest of the program has to know of it."""

from pms.core import offers
from pms.core.duty import MONEY, Duty
from pms.core.i18n import N_
from pms.core.permissions import Permission

DUTY = Duty(
    "receivables",
    N_("Open money"),
    group=MONEY,
    icon="receipt",
    screen="pms.ui.screens.receivables.screen:ReceivablesScreen",
    reads=(Permission.FOLIOS_READ,),
    offers=(offers.handover.by("pms.services.receivables.queries:open_items"),),
)
