"""The row of debts: what the rest of the program has to know of it."""

from pms.core import places
from pms.core.duty import MONEY, SHEETS, SLIPS, Duty, Grant, Paper
from pms.core.i18n import N_
from pms.core.permissions import EVERY_DESK, MANAGERS, Permission, Right
from pms.core.places import Spot

BILL = Right("debts:bill")
EXCEED = Right("debts:exceed")

DUTY = Duty(
    "debts",
    N_("Company accounts"),
    found_by=N_("AR, city ledger, receivables, statement, ageing, credit limit, write-off"),
    at=Spot(places.CASH, 25),
    icon="receipt",
    screen="pms.ui.screens.debts.screen:DebtsScreen",
    reads=(Permission.FOLIOS_READ,),
    rights=(
        Grant(BILL, N_("Charge to a company's account"), MONEY, EVERY_DESK),
        Grant(EXCEED, N_("Let a company pass its limit, write its debts off"), MONEY, MANAGERS),
    ),
    papers=(
        Paper("company_statement", N_("Company statement"), SHEETS),
        Paper("debt_given_up", N_("Debt written off"), SLIPS),
    ),
    append_only=("company_receipt", "company_allocation"),
)
