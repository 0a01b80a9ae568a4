"""The row of companies: what the rest of the program has to know of it."""

from pms.core import offers, places
from pms.core.duty import GUESTS, Duty, Grant
from pms.core.i18n import N_
from pms.core.permissions import MANAGERS, Permission, Right
from pms.core.places import Spot

EDIT = Right("companies:edit")

DUTY = Duty(
    "companies",
    N_("Companies"),
    found_by=N_("agreement, corporate rate, signer, contract, credit"),
    at=Spot(places.GUESTS, 40),
    icon="users",
    screen="pms.ui.screens.companies.screen:CompaniesScreen",
    reads=(Permission.GUESTS_READ,),
    offers=(
        offers.search.by("pms.services.companies.queries:search"),
        offers.customers.by("pms.services.companies.queries:customers"),
        offers.customer_of.by("pms.services.companies.queries:customer_of"),
        offers.kept_of.by("pms.services.companies.kept:kept_of"),
        offers.erase_old.by("pms.services.companies.kept:erase_old"),
    ),
    rights=(Grant(EDIT, N_("Change agreement companies and their signers"), GUESTS, MANAGERS),),
)
