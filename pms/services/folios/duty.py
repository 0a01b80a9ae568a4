"""The row of folios: what the rest of the program has to know of it."""

from pms.core import offers, places
from pms.core.duty import MONEY, SHEETS, SLIPS, Duty, Grant, Paper, Summed
from pms.core.i18n import N_
from pms.core.options import Option
from pms.core.permissions import EVERY_DESK, LEADERS, Permission, Right
from pms.core.places import Spot

FOLIOS_CHARGE = Right("folios:charge")
FOLIOS_VOID = Right("folios:void")
FOLIOS_TRANSFER = Right("folios:transfer")
BILL_BY_KIND = Option(
    "bill_by_kind", False, N_("Bills print a summary by charge, not every posting"), N_("Papers")
)

DUTY = Duty(
    "folios",
    N_("Folios"),
    found_by=N_("account, guest account, charges, bill, deposit, payment"),
    at=Spot(places.GUESTS),
    icon="receipt",
    reads=(Permission.FOLIOS_READ,),
    pages=(("folios", "pms.ui.screens.folios.screen:FolioScreen"),),
    offers=(
        offers.evidence.by("pms.services.folios.evidence:evidence"),
        offers.handover.by("pms.services.folios.queries:open_items"),
        offers.kept_of.by("pms.services.folios.kept:kept_of"),
    ),
    rights=(
        Grant(FOLIOS_CHARGE, N_("Post charges"), MONEY, EVERY_DESK),
        Grant(Permission.FOLIOS_PAY, N_("Take payments and deposits"), MONEY, EVERY_DESK),
        Grant(Permission.FOLIOS_REFUND, N_("Refund deposits"), MONEY, EVERY_DESK),
        Grant(FOLIOS_VOID, N_("Void one's own postings of today"), MONEY, EVERY_DESK),
        Grant(
            Permission.FOLIOS_ADJUST,
            N_("Reverse other clerks' and closed days' postings"),
            MONEY,
            LEADERS | {"auditor"},
        ),
        Grant(FOLIOS_TRANSFER, N_("Transfer between folios"), MONEY, EVERY_DESK),
        Grant(Permission.FOLIOS_READ, N_("See folios"), MONEY, EVERY_DESK),
    ),
    papers=(
        Paper("deposit_receipt", N_("Deposit receipt"), SLIPS),
        Paper("bill", N_("Bill"), SHEETS),
        Paper("receipt", N_("Receipt"), SLIPS),
        Paper("rebate_slip", N_("Rebate"), SLIPS),
        Paper("transfer_slip", N_("Transfer slip"), SLIPS),
    ),
    options=(BILL_BY_KIND,),
    summed=(
        Summed(
            "payment_share",
            "reference_id",
            "amount",
            "(SELECT back FROM payment_reference WHERE id = NEW.reference_id)",
        ),
    ),
    append_only=("transfer", "payment_reference", "payment_share", "preauth_move", "routed_charge"),
)
