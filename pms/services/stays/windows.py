"""Settle one folio of a guest in house while the others stay open, and open it again the same day."""

from sqlalchemy import func, or_, select

from pms.core.errors import Conflict, Refused
from pms.core.i18n import _
from pms.core.money import Money, show
from pms.core.permissions import Permission
from pms.db.work import Work, operation
from pms.services.debts import billing
from pms.services.debts.billing import OnAccount
from pms.services.folios import kinds, ledger, numbers, ways
from pms.services.folios import service as folios
from pms.services.folios.models import FIRST, Account, Transfer
from pms.services.settlements import billing as settlements

from .billed import to_company
from .duty import STAYS_UNDO
from .models import Stay

FIRST_WINDOW = "A"
"""The guest's own folio: the nights are posted on it, so it stays open until the check-out."""


@operation(Permission.FOLIOS_PAY, money=True)
def settle_window(
    work: Work,
    *,
    stay_id: int,
    window: str,
    amount: Money,
    method: str = "CASH",
    reference: str = "",
    on_account: OnAccount | None = None,
) -> None:
    """Bring one folio to 0, close it and print its bill; the guest stays in house and the other folios open.

    ``amount`` is what it owes by the desk's knowledge, below 0 what is given back; ``on_account`` sends it to
    a company in place of ``method``. Folio A is paid and billed, but stays open for the nights to come.
    """
    stay = _in_house(work, stay_id)
    account = ledger.folio(work, stay_id, window)
    theirs = settlements.rest_of(work, stay_id) if window == FIRST_WINDOW else Money(0)
    owed = Money(ledger.balance(work, account) + theirs)
    digits = work.setting.digits
    if theirs > 0 and owed > amount:
        raise Refused(
            _("%(sum)s of this folio is what the channel has paid. It goes back there, never to the guest.")
            % {"sum": show(theirs, digits)}
        )
    if owed != amount:
        raise Conflict(
            _("Folio %(window)s owes %(sum)s now. Look at it again.")
            % {"window": window, "sum": show(owed, digits)}
        )
    if owed and on_account is not None:
        _bill(work, stay, on_account, window)
    elif owed > 0:
        _pay(work, stay, account, owed, method, reference)
    elif owed < 0:
        _pay_out(work, stay, account, Money(-owed), method, reference)
    if window != FIRST_WINDOW:
        ledger.close_folio(work, account, closed=True)
    work.session.flush()
    folios.print_bill(work, stay_id=stay_id, window=window)
    work.touch("folios")


def _in_house(work: Work, stay_id: int) -> Stay:
    stay = work.hold(Stay, stay_id)
    if stay.state != "in_house":
        raise Conflict(_("This guest has left already."))
    return stay


def _bill(work: Work, stay: Stay, told: OnAccount, window: str) -> None:
    accounts = {a.window: a for a in ledger.accounts_of(work, stay.id) if a.ledger == "guest"}
    if accounts[window].balance < 0:
        raise Refused(_("Folio %(window)s owes nothing a company could take over.") % {"window": window})
    to_company(work, stay, told, {window: int(accounts[window].balance)}, accounts)


def _pay(work: Work, stay: Stay, account: int, owed: Money, method: str, reference: str) -> None:
    if method not in ledger.METHODS:
        raise Refused(_("“%(method)s” is no payment method here.") % {"method": method})
    number = kinds.taken(work, method, reference)
    purse = ledger.account(work, method)
    made = ledger.post(work, debit=purse, credit=account, amount=owed, code=method, stay_id=stay.id)
    numbers.came(work, made, method, owed, number)


def _pay_out(work: Work, stay: Stay, account: int, credit: Money, method: str, reference: str) -> None:
    work.must_hold(Permission.FOLIOS_REFUND)
    if method not in ledger.METHODS:
        raise Refused(_("“%(method)s” is no payment method here.") % {"method": method})
    number = ways.may_go_back(work, method, credit, reference=reference, stay_id=stay.id)
    made = ledger.post(
        work,
        debit=account,
        credit=ledger.account(work, method),
        amount=credit,
        code=method,
        text=_("Paid out"),
        stay_id=stay.id,
    )
    ways.went_back(work, made, method, credit, number, stay_id=stay.id)


@operation(STAYS_UNDO, money=True)
def reopen_window(work: Work, *, stay_id: int, window: str, reason: str) -> None:
    """Open a folio again that was settled alone today, with its reason; what went to a company comes back,
    money that was taken stays until it is voided."""
    _in_house(work, stay_id)
    if not reason.strip():
        raise Refused(_("Say why the folio is opened again."))
    a, t = Account, Transfer
    found = work.session.scalars(
        select(a).where(a.stay_id == stay_id, a.ledger == "guest", a.window == window).with_for_update()
    ).first()
    if found is None or not found.closed:
        raise Refused(_("Folio %(window)s is not settled.") % {"window": window})
    moved = or_(t.debit_id == found.id, t.credit_id == found.id)
    last = work.session.execute(select(func.max(t.business_date)).where(moved)).scalar()
    if last is not None and last != work.business_date:
        raise Refused(_("This folio was settled on a closed day. Open another folio for what comes."))
    work.note("account", {"reopened": reason.strip()}, found.id)
    ledger.close_folio(work, found.id, closed=False)
    undone = select(t.reverses).where(t.reverses.is_not(None))
    asked = select(t).where(t.credit_id == found.id, t.code == "COMPANY", FIRST, t.id.not_in(undone))
    lines = work.session.scalars(asked).all()
    if lines:
        billing.take_back(work, stay_id, lines)
    for line in lines:
        ledger.reverse(work, line, reason)
    work.touch("folios")
