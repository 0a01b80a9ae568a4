"""Change what the desk offers."""

from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.payments import ASKED, NEEDED, NONE, NOT_BACK, SAME_WAY
from pms.core.permissions import Permission
from pms.db.work import Work, operation
from pms.services.folios import kinds
from pms.services.folios.models import PaymentKind

MOST = 99


@operation(Permission.PROPERTY_EDIT)
def change(
    work: Work,
    *,
    code: str,
    name: str = "",
    name_zh: str = "",
    offered: bool = True,
    position: int = 0,
    number: str = NONE,
    drawer: bool = False,
    refunds: str = SAME_WAY,
    holds: bool = False,
) -> None:
    """Change a kind of payment: its names (empty: the usual one), whether and where the desk offers it,
    whether it bears a number, how its money goes back, and whether an amount may be held of it."""
    kind = work.hold(PaymentKind, code)
    if number not in (NONE, ASKED, NEEDED) or refunds not in kinds.BACK_WORDS:
        raise Refused(_("Choose from the list whether it bears a number and how it goes back."))
    if not 0 <= position <= MOST:
        raise Refused(_("The order is a number from 0 to %(n)s.") % {"n": MOST})
    if code == "CASH" and not (offered and drawer and number == NONE and refunds == SAME_WAY):
        raise Refused(_("Cash is always taken, opens the drawer, bears no number and goes back as cash."))
    if code == kinds.OF_BEFORE and offered:
        raise Refused(_("Mobile payments are told apart now: offer WeChat Pay, Alipay or UnionPay code."))
    if refunds == NOT_BACK and drawer:
        raise Refused(_("What is not given back opens no drawer."))
    if holds and code in kinds.NEVER_HELD:
        raise Refused(_("An amount is held on a card or in a wallet only."))
    _names_differ(work, code, name.strip(), name_zh.strip())
    kind.name, kind.name_zh = name.strip(), name_zh.strip()
    kind.offered, kind.position = offered, position
    kind.number, kind.drawer, kind.back = number, drawer, refunds
    kind.holds = holds
    work.touch("payments", "folios")


def _names_differ(work: Work, code: str, name: str, name_zh: str) -> None:
    """Refuse a name that another kind bears: on a receipt nobody could tell them apart."""
    for other in kinds.ways(work.session):
        if other.code == code:
            continue
        for given, known in (
            (name, other.name),
            (name_zh, other.name_zh),
            (name, other.words),
            (name_zh, other.words),
        ):
            if given and given.casefold() == known.casefold():
                raise Refused(_("Another kind of payment is called %(name)s.") % {"name": given})
