"""The row of house accounts: what the rest of the program has to know of it."""

from pms.core import offers, places
from pms.core.duty import MONEY, Duty, Grant
from pms.core.i18n import N_
from pms.core.options import Option
from pms.core.permissions import EVERY_DESK, LEADERS, Permission, Right
from pms.core.places import Spot

WORK = Right("house_accounts:work")
OPEN = Right("house_accounts:open")
DAYS = Option(
    "house_account_days", 30, N_("A house account is settled within, days"), N_("Papers"), least=1, most=400
)

DUTY = Duty(
    "house_accounts",
    N_("House accounts"),
    found_by=N_("HA, house account, PM account, meeting, staff meals, entertainment"),
    at=Spot(places.CASH, 22),
    icon="party",
    screen="pms.ui.screens.house_accounts.screen:HouseAccountsScreen",
    reads=(Permission.FOLIOS_READ,),
    offers=(
        offers.waiting.by("pms.services.house_accounts.queries:waiting"),
        offers.search.by("pms.services.house_accounts.queries:search"),
        offers.handover.by("pms.services.house_accounts.queries:handover"),
        offers.audit_check.by("pms.services.house_accounts.checks:CHECK"),
    ),
    rights=(
        Grant(WORK, N_("Charge house accounts, settle and close them"), MONEY, EVERY_DESK),
        Grant(OPEN, N_("Open house accounts, let them go beyond their limit"), MONEY, LEADERS),
    ),
    options=(DAYS,),
    append_only=("house_account_event",),
)
