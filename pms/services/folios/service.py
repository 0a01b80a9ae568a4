"""Charge, take money, give it back, and put mistakes right without rubbing anything out."""
from decimal import Decimal

from sqlalchemy import select

from pms.core.errors import Conflict, Refused
from pms.core.i18n import _
from pms.core.money import Money, scaled, show
from pms.core.permissions import Permission
from pms.db.types import summed
from pms.db.work import Work, operation

from . import ledger, printouts
from .models import Account, TransactionCode, Transfer


@operation(None)
def open_books(work: Work) -> None:
    """Write the chart of accounts of a new hotel; refuses a second time."""
    if work.session.scalars(select(Account.id).limit(1)).first() is not None:
        raise Refused(_("The books are open already."))
    ledger.open_books(work)


@operation(Permission.FOLIOS_CHARGE, money=True)
def charge(work: Work, *, stay_id: int, code: str, amount: Money, quantity: int = 1, text: str = "", window: str = "A") -> int:
    """Charge ``quantity × amount`` to a stay's folio and return the posting's number."""
    kind = work.session.get(TransactionCode, code)
    if kind is None or kind.kind != "charge" or not kind.by_hand:
        raise Refused(_("“%(code)s” is not charged by hand.") % {"code": code})
    if amount <= 0 or quantity < 1:
        raise Refused(_("A charge is more than 0. To give money back, use an adjustment."))
    folio = ledger.folio(work, stay_id, window)
    rule = f"{show(amount, work.setting.digits)} × {quantity}" if quantity > 1 else ""
    made = ledger.post(work, debit=folio, credit=kind.account_id, amount=amount * quantity, code=code, text=text.strip(), rule=rule,
                       quantity=quantity, stay_id=stay_id)
    _tax(work, kind, folio, amount * quantity, stay_id)
    return made


def _tax(work: Work, kind: TransactionCode, folio: int, amount: int, stay_id: int) -> None:
    points = work.setting.options.tax_basis_points
    if points and kind.taxed and (tax := scaled(amount, Decimal(points) / 10000)):
        ledger.post(work, debit=folio, credit=ledger.account(work, "TAX"), amount=tax, code="TAX",
                    rule=f"{show(amount)} × {Decimal(points) / 100} %", stay_id=stay_id)


@operation(Permission.FOLIOS_PAY, money=True)
def pay(work: Work, *, stay_id: int, method: str, amount: Money, window: str = "A", text: str = "") -> int:
    """Take a payment on a folio and return the posting's number."""
    if method not in ledger.METHODS:
        raise Refused(_("“%(method)s” is no way to pay here.") % {"method": method})
    if amount <= 0:
        raise Refused(_("A payment is more than 0."))
    return ledger.post(work, debit=ledger.account(work, method), credit=ledger.folio(work, stay_id, window), amount=amount, code=method,
                       text=text.strip(), stay_id=stay_id)


@operation(Permission.FOLIOS_PAY, money=True)
def take_deposit(work: Work, *, stay_id: int, method: str, amount: Money) -> str:
    """Take a deposit, print its slip and return the slip's number."""
    ledger.folio(work, stay_id)
    return deposit(work, stay_id, method, amount)


def deposit(work: Work, stay_id: int, method: str, amount: Money) -> str:
    """Book a deposit within an operation (check-in does): money in, liability up, slip out."""
    if method not in ledger.METHODS:
        raise Refused(_("“%(method)s” is no way to pay here.") % {"method": method})
    if amount <= 0:
        raise Refused(_("A deposit is more than 0."))
    slip = f"D-{work.next_number('deposit')}"
    made = ledger.post(work, debit=ledger.account(work, method), credit=ledger.deposit_account(work, stay_id, _("Deposit")), amount=amount,
                       code="DEPOSIT", text=method, slip=slip, stay_id=stay_id)
    who, room = _whose(work, stay_id)
    work.print(printouts.deposit_receipt(work, number=slip, guest=who, room=room, amount=amount, method=method),
               record="transfer", record_id=made)
    return slip


def _whose(work: Work, stay_id: int) -> tuple[str, str]:
    for found in work.collect("stay_names", stay_id=stay_id):
        return str(found[0]), str(found[1])
    return "", ""


def deposit_held(work: Work, stay_id: int) -> Money:
    """Return how much deposit the house holds for a stay."""
    return Money(-sum(a.balance for a in ledger.accounts_of(work, stay_id) if a.ledger == "deposit"))


@operation(Permission.FOLIOS_REFUND, money=True)
def refund_deposit(work: Work, *, stay_id: int, method: str, amount: Money, slip_back: bool, reason: str = "") -> int:
    """Give deposit back, at most what is held, against its slip or a printed loss declaration."""
    held = deposit_held(work, stay_id)
    if amount <= 0 or amount > held:
        raise Refused(_("The house holds %(held)s of this guest's deposit; no more can be given back.") % {"held": show(held)})
    return refund(work, stay_id, method, amount, slip_back, reason)


def refund(work: Work, stay_id: int, method: str, amount: Money, slip_back: bool, reason: str = "") -> int:
    """Book a deposit's return within an operation (check-out does); without the slip a loss declaration is printed."""
    if method not in ledger.METHODS:
        raise Refused(_("“%(method)s” is no way to pay here.") % {"method": method})
    made = ledger.post(work, debit=ledger.deposit_account(work, stay_id, _("Deposit")), credit=ledger.account(work, method), amount=amount,
                       code="DEPOSIT", text=method, rule=reason, stay_id=stay_id)
    if not slip_back:
        who, room = _whose(work, stay_id)
        work.print(printouts.loss_declaration(work, guest=who, room=room, amount=amount), record="transfer", record_id=made)
    return made


@operation(Permission.FOLIOS_VOID, money=True)
def void(work: Work, *, transfer_id: int, reason: str) -> int:
    """Reverse a posting of the same business date, once; by the one who posted it or somebody who may adjust."""
    line = _reversible(work, transfer_id, reason)
    if line.business_date != work.business_date:
        raise Refused(_("This line belongs to a closed day. Post an adjustment instead."))
    if line.clerk_id != work.clerk.id:
        work.require(Permission.FOLIOS_ADJUST, _("Voiding another clerk's posting"), line.amount)
    return _reverse(work, line, reason)


@operation(Permission.FOLIOS_VOID, money=True)
def adjust(work: Work, *, transfer_id: int, reason: str) -> int:
    """Reverse a posting of a closed day on today's date, with reason and authority."""
    line = _reversible(work, transfer_id, reason)
    work.require(Permission.FOLIOS_ADJUST, _("Adjusting a closed day's posting"), line.amount)
    return _reverse(work, line, reason)


def _reversible(work: Work, transfer_id: int, reason: str) -> Transfer:
    line = work.session.get(Transfer, transfer_id)
    if line is None:
        raise Refused(_("This line is not in the books."))
    if not reason.strip():
        raise Refused(_("Say why the line is reversed."))
    if line.reverses is not None:
        raise Refused(_("A reversal is not reversed again; post the charge anew."))
    if work.session.scalars(select(Transfer.id).where(Transfer.reverses == transfer_id)).first() is not None:
        raise Conflict(_("This line was reversed already. Look at the folio again."))
    closed = work.session.scalars(select(Account.id).where(Account.id.in_((line.debit_id, line.credit_id)), Account.closed)).first()
    if closed is not None:
        raise Refused(_("This folio is settled. Undo the check-out today, or post an adjustment."))
    return line


def _reverse(work: Work, line: Transfer, reason: str) -> int:
    return ledger.post(work, debit=line.credit_id, credit=line.debit_id, amount=line.amount, code=line.code, text=line.text,
                       rule=reason.strip(), quantity=line.quantity, stay_id=line.stay_id, reverses=line.id)


@operation(Permission.FOLIOS_TRANSFER, money=True)
def transfer_line(work: Work, *, transfer_id: int, to_stay_id: int, to_window: str = "A", amount: Money | None = None, reason: str = "") -> int:
    """Move a charge, or part of it, to another folio; both folios show where it came from and went to."""
    line = _reversible(work, transfer_id, reason or _("Transfer"))
    source = work.session.get_one(Account, line.debit_id)
    if source.ledger != "guest":
        raise Refused(_("Only a charge on a folio can be transferred."))
    part = line.amount if amount is None else amount
    moved = work.session.execute(select(summed(Transfer.amount)).where(
        Transfer.credit_id == source.id, Transfer.code == "TRANSFER", Transfer.slip == f"T{line.id}")).scalar_one()
    if not 0 < part <= line.amount - int(moved):
        raise Refused(_("Of this line %(left)s is left to transfer.") % {"left": show(line.amount - int(moved))})
    return ledger.post(work, debit=ledger.folio(work, to_stay_id, to_window), credit=source.id, amount=part, code="TRANSFER",
                       text=line.text or line.code, rule=reason.strip(), stay_id=to_stay_id, slip=f"T{line.id}")


@operation(Permission.FOLIOS_CHARGE)
def open_window(work: Work, *, stay_id: int, payer: str) -> str:
    """Open another folio of a stay for another payer and return its letter; eight at most."""
    used = {a.window for a in ledger.accounts_of(work, stay_id) if a.ledger == "guest"}
    free = [w for w in ledger.FOLIO_WINDOWS if w not in used]
    if not used or not free:
        raise Refused(_("A stay has at most eight folios."))
    if not payer.strip():
        raise Refused(_("Say who pays this folio."))
    ledger.open_folio(work, stay_id, payer.strip(), free[0])
    work.touch("folios")
    return free[0]


@operation(Permission.PRINT_AGAIN)
def print_bill(work: Work, *, stay_id: int, window: str = "A") -> None:
    """Print a folio's bill as it stands."""
    from . import queries

    who, room = _whose(work, stay_id)
    lines = [x for x in queries.folio_lines(work.session, stay_id=stay_id) if x.window == window]
    work.print(printouts.bill(work, number=f"B-{work.next_number('bill')}", guest=who, room=room, lines=lines), record="stay", record_id=stay_id)


@operation(Permission.PROPERTY_EDIT, money=True)
def opening_balance(work: Work, *, stay_id: int, amount: Money, deposit_held: Money) -> None:
    """Take over what a guest owes and the deposit the house holds from the books before, against the opening-balance account."""
    equity = ledger.account(work, "OPENING")
    if amount:
        ledger.post(work, debit=ledger.folio(work, stay_id), credit=equity, amount=amount, code="OPENING", text=_("Opening balance"), stay_id=stay_id)
    if deposit_held < 0:
        raise Refused(_("A deposit is more than 0."))
    if deposit_held:
        ledger.post(work, debit=equity, credit=ledger.deposit_account(work, stay_id, _("Deposit")), amount=deposit_held, code="DEPOSIT",
                    text=_("Opening balance"), stay_id=stay_id, slip=f"D-{work.next_number('deposit')}")
