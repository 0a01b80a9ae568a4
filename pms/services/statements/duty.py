"""The row of statements: what the rest of the program has to know of it."""

from pms.core import offers, places
from pms.core.duty import MONEY, SHEETS, Duty, Grant, Paper
from pms.core.i18n import N_
from pms.core.options import Option
from pms.core.permissions import MANAGERS, Right
from pms.core.places import Spot

MATCH = Right("statements:match")
MERCHANTS = Option(
    "statement_merchants",
    "",
    N_("Merchant and account numbers of this hotel, parted by blanks (empty: those read in first)"),
    N_("Statements"),
)

DUTY = Duty(
    "statements",
    N_("Statements"),
    found_by=N_("matching, reconcile, WeChat bill, Alipay bill, UnionPay file, acquirer, bank statement"),
    at=Spot(places.CASH, 60),
    icon="check-double",
    screen="pms.ui.screens.statements.screen:StatementsScreen",
    reads=(MATCH,),
    offers=(offers.audit_check.by("pms.services.statements.checks:CHECK"),),
    rights=(Grant(MATCH, N_("Match statements with the books"), MONEY, MANAGERS | {"auditor"}),),
    papers=(Paper("statement_match", N_("Statements matched"), SHEETS),),
    options=(MERCHANTS,),
    append_only=(
        *("statement", "statement_line", "statement_clearing"),
        *("channel_statement", "channel_statement_line", "channel_clearing"),
    ),
)
