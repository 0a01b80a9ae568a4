"""The row of receivables: what the rest of the program has to know of it."""

from pms.core import offers, places
from pms.core.duty import Duty
from pms.core.i18n import N_
from pms.core.permissions import Permission
from pms.core.places import Spot

DUTY = Duty(
    "receivables",
    N_("Outstanding balances"),
    found_by=N_("city ledger, debts, owed, advance, deposits kept"),
    at=Spot(places.CASH, 20),
    icon="receipt",
    screen="pms.ui.screens.receivables.screen:ReceivablesScreen",
    reads=(Permission.FOLIOS_READ,),
    offers=(offers.handover.by("pms.services.receivables.queries:open_items"),),
)
