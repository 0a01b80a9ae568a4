"""The row of invoices: what the rest of the program has to know of it."""

from pms.core import offers, places
from pms.core.duty import MONEY, Duty, Grant
from pms.core.i18n import N_
from pms.core.options import Option
from pms.core.permissions import EVERY_DESK, LEADERS, Right
from pms.core.places import Spot

WORK = Right("invoices:work")
RED = Right("invoices:red")

OWN_NUMBER = Option(
    "own_tax_number", "", N_("The hotel's own tax number, on its invoices"), N_("Papers"), most=20
)

ITEMS = Option(
    "invoice_items",
    "* 住宿费 3070402000000000000 0.06; BREAKFAST 餐费 3070401000000000000 0.06",
    N_("Invoice items: charge code, name, code of 19 figures, rate; * is all the rest"),
    N_("Papers"),
    most=2000,
    hint=N_(
        "Parted by semicolons. A rate of the hotel's own tax rules goes before the one that stands here."
    ),
)

DUTY = Duty(
    "invoices",
    N_("Invoices"),
    found_by=N_("tax invoice, fapiao, buyer, tax number, red letter"),
    at=Spot(places.CASH, 30),
    icon="receipt",
    handbook=("F19",),
    screen="pms.ui.screens.invoices.screen:InvoicesScreen",
    reads=(WORK,),
    offers=(
        offers.search.by("pms.services.invoices.queries:search"),
        offers.leaving.by("pms.services.invoices.queries:leaving"),
        offers.kept_of.by("pms.services.invoices.kept:kept_of"),
        offers.handover.by("pms.services.invoices.queries:handover"),
        offers.audit_check.by("pms.services.invoices.checks:CHECK"),
    ),
    rights=(
        Grant(WORK, N_("Take invoice requests and note what was issued"), MONEY, EVERY_DESK),
        Grant(RED, N_("Enter red letters"), MONEY, LEADERS),
    ),
    options=(OWN_NUMBER, ITEMS),
    append_only=("red_letter", "issued_list", "issued_line"),
)
