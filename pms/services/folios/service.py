"""Charge, take money, give it back, and put mistakes right without rubbing anything out."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from pms.core import dates, offers
from pms.core.authority import Kind, percent_off
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.money import Money, show
from pms.core.offers import StayName
from pms.core.permissions import Permission
from pms.db import wire
from pms.db.work import Work, operation
from pms.printing.slip import Slip
from pms.services.authority import service as authority

from . import attempts, channel_pays, corrections, kinds, ledger, numbers, printouts, routing, slips, ways
from .duty import FOLIOS_CHARGE, FOLIOS_TRANSFER, FOLIOS_VOID
from .models import Account, TransactionCode, Transfer
from .odd import ask_if_odd
from .queries import FolioLine

_PAYER = select(Account.name).where(
    Account.stay_id == bindparam("stay"), Account.window == bindparam("window"), Account.ledger == "guest"
)


@operation(None)
def open_books(work: Work) -> None:
    """Write the chart of accounts of a new hotel; refuses a second time."""
    if work.session.scalars(select(Account.id).limit(1)).first() is not None:
        raise Refused(_("The books are open already."))
    ledger.open_books(work)


@operation(FOLIOS_CHARGE, money=True, paper=True)
def charge(
    work: Work,
    *,
    stay_id: int,
    code: str,
    amount: Money,
    quantity: int = 1,
    text: str = "",
    window: str = "A",
    routed: bool = True,
) -> int:
    """Charge ``quantity × amount`` to a stay's folio and return the posting's number; what is charged to the
    guest's own goes by the stay's routing rules, unless ``routed`` is off."""
    kind = work.session.get(TransactionCode, code)
    if kind is None or kind.kind != "charge" or not kind.by_hand:
        raise Refused(_("“%(code)s” is not charged by hand.") % {"code": code})
    if amount <= 0 or quantity < 1:
        raise Refused(_("A charge is more than 0. To give money back, choose the line and Rebate."))
    payer = routing.payer(work, stay_id, window)
    ask_if_odd(work, amount * quantity)
    return (payer if routed else routing.Payer(work, payer.folio)).charge(
        code=code,
        credit=kind.account_id,
        amount=amount * quantity,
        text=text.strip(),
        rule=f"{show(amount, work.setting.digits)} × {quantity}" if quantity > 1 else "",
        quantity=quantity,
        stay_id=stay_id,
    )


def charge_by_clock(
    work: Work,
    *,
    stay_id: int,
    code: str,
    amount: Money,
    rule: str,
    quantity: int = 1,
    text: str = "",
    night: date | None = None,
    folio: int | None = None,
) -> None:
    """Post what the clock asks of an arrival or a departure, with its tax, within an operation, by the stay's
    routing rules; ``folio`` of one who has just come, for whom none is agreed yet."""
    payer = routing.payer(work, stay_id) if folio is None else routing.Payer(work, folio)
    payer.charge(
        code=code,
        credit=ledger.account(work, code),
        amount=amount,
        text=text,
        rule=rule,
        quantity=quantity,
        stay_id=stay_id,
        night=night,
    )


@operation(Permission.FOLIOS_PAY, money=True, paper=True)
def pay(
    work: Work,
    *,
    stay_id: int,
    method: str,
    amount: Money,
    window: str = "A",
    text: str = "",
    reference: str = "",
) -> int:
    """Take a payment on a folio, print its receipt and return the posting's number; ``reference`` is the
    number of an electronic payment."""
    number = kinds.taken(work, method, reference)
    if amount <= 0:
        raise Refused(_("A payment is more than 0."))
    folio = ledger.folio(work, stay_id, window)
    who, room = _whose_and_asked(work, stay_id, amount)
    if amount > work.setting.options.odd_amount:
        ask_if_odd(work, amount, ledger.balance(work, folio))
    made = ledger.post(
        work,
        debit=ledger.account(work, method),
        credit=folio,
        amount=amount,
        code=method,
        text=text.strip(),
        stay_id=stay_id,
    )
    numbers.came(work, made, method, amount, number)
    what = text.strip() or _("Folio %(window)s") % {"window": window}
    work.print(
        printouts.receipt(work, payer=who, room=room, what=what, amount=amount, method=method, number=number),
        record="transfer",
        record_id=made,
    )
    return made


@operation(Permission.FOLIOS_PAY, money=True, paper=True)
def take_deposit(work: Work, *, stay_id: int, method: str, amount: Money, reference: str = "") -> str:
    """Take a deposit, print its slip and return the slip's number."""
    ledger.folio(work, stay_id)
    attempts.ask_if_open(work, stay_id, [amount])
    ask_if_odd(work, amount)
    return deposit(work, stay_id, method, amount, reference)


def deposit(work: Work, stay_id: int, method: str, amount: Money, reference: str = "") -> str:
    """Book a deposit within an operation (check-in does): money in, liability up, slip out."""
    work.must_hold(Permission.FOLIOS_PAY)
    number = kinds.taken(work, method, reference)
    if amount <= 0:
        raise Refused(_("A deposit is more than 0."))
    slip = f"D-{work.next_number('deposit')}"
    made = ledger.post(
        work,
        debit=ledger.account(work, method),
        credit=ledger.deposit_account(work, stay_id, _("Deposit")),
        amount=amount,
        code="DEPOSIT",
        text=method,
        slip=slip,
        stay_id=stay_id,
    )
    numbers.came(work, made, method, amount, number)
    who, room = _whose(work, stay_id)
    work.print(
        printouts.deposit_receipt(
            work, number=slip, guest=who, room=room, amount=amount, method=method, reference=number
        ),
        record="transfer",
        record_id=made,
    )
    return slip


def _whose(work: Work, stay_id: int) -> tuple[str, str]:
    found = work.ask_up(offers.stay_name, stay_id=stay_id)
    return (found.guest, found.room) if found else ("", "")


def _whose_and_asked(work: Work, stay_id: int, amount: int) -> tuple[str, str]:
    """Return who a stay's guest is and the room, once the clerk knows of a payment in question; in one round,
    for a desk waits for its server."""

    def of_guest(session: Session) -> StayName | None:
        return work.offers.ask_up(offers.stay_name, session, stay_id=stay_id)

    questions: list[Callable[[Any], Any]] = [of_guest, partial(attempts.open_of, stay_id=stay_id)]
    found, in_question = wire.ask_all(work.session, questions)
    attempts.ask(work, in_question, [amount])
    return (found.guest, found.room) if found else ("", "")


def deposit_held(work: Work, stay_id: int) -> Money:
    """Return how much deposit the house holds for a stay."""
    return Money(-sum(a.balance for a in ledger.accounts_of(work, stay_id) if a.ledger == "deposit"))


@operation(Permission.FOLIOS_REFUND, money=True, paper=True)
def refund_deposit(
    work: Work,
    *,
    stay_id: int,
    method: str,
    amount: Money,
    slip_back: bool,
    reason: str = "",
    reference: str = "",
) -> int:
    """Give deposit back, at most what is held, against its slip or a printed loss declaration; ``reference``
    is the number of the payment it goes back on, or the refund's own."""
    ledger.lock(work, stay_id)
    held = deposit_held(work, stay_id)
    if amount <= 0 or amount > held:
        raise corrections.more_than_held(work, held)
    return refund(work, stay_id, method, amount, slip_back, reason, reference)


def refund(
    work: Work,
    stay_id: int,
    method: str,
    amount: Money,
    slip_back: bool,
    reason: str = "",
    reference: str = "",
) -> int:
    """Book a deposit's return within an operation (check-out does); without the slip a loss declaration is
    printed."""
    work.must_hold(Permission.FOLIOS_REFUND)
    number = ways.may_go_back(work, method, amount, reference=reference, stay_id=stay_id)
    made = ledger.post(
        work,
        debit=ledger.deposit_account(work, stay_id, _("Deposit")),
        credit=ledger.account(work, method),
        amount=amount,
        code="DEPOSIT",
        text=method,
        rule=reason,
        stay_id=stay_id,
    )
    ways.went_back(work, made, method, amount, number, stay_id=stay_id)
    if not slip_back:
        _declare_lost(work, stay_id, amount, method, made)
    return made


def _declare_lost(work: Work, stay_id: int, amount: Money, method: str, made: int) -> None:
    """Print what the guest signs who gets a deposit back without its slip, naming those that are out."""
    from . import queries

    who, room = _whose(work, stay_id)
    slips = queries.slips_out(queries.folio_lines(work.session, stay_id=stay_id))
    work.print(
        printouts.loss_declaration(work, guest=who, room=room, amount=amount, method=method, slips=slips),
        record="transfer",
        record_id=made,
    )


@operation(FOLIOS_VOID, money=True)
def void(work: Work, *, transfer_id: int, reason: str) -> int:
    """Reverse a posting of the same business date, once; by the one who posted it or somebody who may
    adjust."""
    line = corrections.reversible(work, transfer_id, reason)
    if line.business_date != work.business_date:
        raise Refused(_("This line belongs to a closed day. Post an adjustment instead."))
    if line.clerk_id != work.clerk.id:
        work.require(
            Permission.FOLIOS_ADJUST,
            lambda: _named(work, line, _("Voiding %(item)s of another clerk, %(where)s: %(reason)s"), reason),
            line.amount,
        )
    return corrections.reverse_whole(work, line, reason)


@operation(FOLIOS_VOID, money=True)
def adjust(work: Work, *, transfer_id: int, reason: str) -> int:
    """Reverse a posting of a closed day on today's date, with reason and authority."""
    line = corrections.reversible(work, transfer_id, reason)
    work.require(
        Permission.FOLIOS_ADJUST,
        lambda: _named(work, line, _("Adjusting %(item)s of a closed day, %(where)s: %(reason)s"), reason),
        line.amount,
    )
    return corrections.reverse_whole(work, line, reason)


def _named(work: Work, line: Transfer, sentence: str, reason: str) -> str:
    """Name a line as the person reads it who agrees to its reversal."""
    who, room = _whose(work, line.stay_id) if line.stay_id is not None else ("", "")
    return sentence % {
        "item": printouts.code_name(line.code),
        "where": f"{room} {who}".strip() or dates.day(line.business_date, year=True),
        "reason": reason.strip(),
    }


@operation(FOLIOS_CHARGE, money=True)
def rebate(work: Work, *, transfer_id: int, amount: Money, reason: str) -> int:
    """Give a part of a charge back on its folio, out of its revenue; with authority, reason and slip."""
    line = corrections.reversible(work, transfer_id, reason)
    if amount <= 0:
        raise Refused(_("A rebate is more than 0."))
    corrections.must_bear(work, line)
    corrections.must_be_the_payers(work, line)
    left, digits = corrections.left_of(work, line), work.setting.digits
    if amount > left:
        raise Refused(_("Of this line %(left)s is left.") % {"left": show(left, digits)})
    who, room = _whose(work, line.stay_id) if line.stay_id is not None else ("", "")
    what = _("Rebate of %(sum)s on %(item)s, room %(room)s")
    item = printouts.code_name(corrections.root(work, line).code)
    authority.authorise(
        work,
        Kind.REBATE,
        what % {"sum": show(amount, digits), "item": item, "room": room},
        percent=percent_off(amount, line.amount),
        amount=amount,
        stay_id=line.stay_id,
    )
    made = corrections.rebate(work, line, amount, reason)
    work.print(
        printouts.rebate_slip(
            work,
            number=f"A-{work.next_number('rebate')}",
            guest=who,
            room=room,
            item=item,
            day=line.business_date,
            charged=line.amount,
            amount=amount,
            reason=reason.strip(),
        ),
        record="transfer",
        record_id=made,
    )
    return made


@operation(FOLIOS_TRANSFER, money=True)
def transfer_line(
    work: Work,
    *,
    transfer_id: int,
    to_stay_id: int,
    to_window: str = "A",
    amount: Money | None = None,
    reason: str = "",
) -> int:
    """Move a charge, or part of it, to another folio and print the slip; both folios show where it came from
    and went to."""
    line = corrections.reversible(work, transfer_id, reason or _("Transfer"))
    corrections.must_bear(work, line)
    corrections.must_be_the_payers(work, line)
    folio, left = ledger.folio(work, to_stay_id, to_window), corrections.left_of(work, line)
    if folio == line.debit_id:
        raise Refused(_("The line is on this folio already."))
    part = left if amount is None else amount
    if not 0 < part <= left:
        raise Refused(
            _("Of this line %(left)s is left to transfer.") % {"left": show(left, work.setting.digits)}
        )
    made = corrections.move(work, line, folio, part, to_stay_id, reason)
    slips.of_transfer(work, made, reason)
    return made


@operation(FOLIOS_CHARGE)
def open_window(work: Work, *, stay_id: int, payer: str) -> str:
    """Open another folio of a stay for another payer and return its letter; eight at most."""
    ledger.folio(work, stay_id)  # refuses a stay that is settled
    used = {a.window for a in ledger.accounts_of(work, stay_id) if a.ledger == "guest"}
    free = [w for w in ledger.FOLIO_WINDOWS if w not in used]
    if not free:
        raise Refused(_("A stay has at most eight folios."))
    if not payer.strip():
        raise Refused(_("Say who pays this folio."))
    ledger.open_folio(work, stay_id, payer.strip(), free[0])
    work.touch("folios")
    return free[0]


@operation(Permission.PRINT_AGAIN)
def print_bill(work: Work, *, stay_id: int, window: str = "A", layout: str = "") -> None:
    """Print a folio's bill as it stands, every line or one line a kind."""
    number = f"B-{work.next_number('bill')}"
    work.print(_bill(work, stay_id, window, number, layout), record="stay", record_id=stay_id)


@operation(Permission.PRINT_AGAIN)
def preview_bill(work: Work, *, stay_id: int, window: str = "A", layout: str = "") -> dict[str, Any]:
    """Return a folio's bill as it would print now, as plain data, without printing it or using up a
    number."""
    return _bill(work, stay_id, window, _("preview"), layout).to_dict()


def _bill(work: Work, stay_id: int, window: str, number: str, layout: str) -> Slip:
    from . import bill, queries

    def of_folio(session: Session) -> tuple[list[FolioLine], dict[str, Money]]:
        lines = [x for x in queries.folio_lines(session, stay_id=stay_id) if x.window == window]
        return lines, queries.taxes_within(session, lines=lines)

    def of_guest(session: Session) -> StayName | None:
        return work.offers.ask_up(offers.stay_name, session, stay_id=stay_id)

    def of_payer(session: Session) -> str:
        return session.scalar(_PAYER, {"stay": stay_id, "window": window}) or ""

    questions: list[Callable[[Any], Any]] = [of_guest, of_folio, of_payer, kinds.called]
    found, (lines, within), payer, called = wire.ask_all(work.session, questions)
    paid: Sequence[FolioLine] = ()
    if found is not None and found.channel_pays:
        own, paid, beyond = _of_channel(work, stay_id, window, lines)
        within = queries.taxes_within(work.session, lines=own)
        lines = sorted([*own, *beyond], key=lambda line: line.id)
    return bill.bill(
        work,
        number=number,
        whose=found,
        payer=payer,
        lines=lines,
        within=within,
        layout=bill.layout_of(layout, work.setting.options),
        called=called,
        by_channel=paid,
    )


def _of_channel(
    work: Work, stay_id: int, window: str, lines: list[FolioLine]
) -> tuple[list[FolioLine], list[FolioLine], list[FolioLine]]:
    """Part the lines of a folio into the guest's and those that the channel pays; the third are of the guest
    again: what the room was charged beyond the channel's price. Its tax would tell that price, and is not
    told."""
    from . import bill

    of_stay = channel_pays.of_stay(work.session, stay_id=stay_id)
    room = next((one for one in of_stay if one.what == channel_pays.ROOM), None)
    if room is None:
        return bill.without_room(lines), [], []
    if window != routing.OWN:
        return lines, [], []
    theirs = channel_pays.paid_lines(room, lines)
    own = [x for x in lines if x.id not in theirs and x.code != "CHANNEL"]
    paid = [x for x in lines if x.id in theirs and x.code not in ("TAX", "SERVICE")]
    standing = [x for x in paid if not x.reversed and x.reverses is None]
    if not room.excess or not standing:
        return own, paid, []
    words = _("beyond the channel's order")
    return own, paid, [replace(standing[-1], charge=room.excess, quantity=1, text=words, rule="")]


@operation(Permission.PROPERTY_EDIT, money=True)
def opening_balance(work: Work, *, stay_id: int, amount: Money, deposit_held: Money) -> None:
    """Take over what a guest owes and the deposit the house holds from the books before, against the
    opening-balance account."""
    equity = ledger.account(work, "OPENING")
    if amount:
        ledger.post(
            work,
            debit=ledger.folio(work, stay_id),
            credit=equity,
            amount=amount,
            code="OPENING",
            text=_("Opening balance"),
            stay_id=stay_id,
        )
    if deposit_held < 0:
        raise Refused(_("A deposit is more than 0."))
    if deposit_held:
        ledger.post(
            work,
            debit=equity,
            credit=ledger.deposit_account(work, stay_id, _("Deposit")),
            amount=deposit_held,
            code="DEPOSIT",
            text=_("Opening balance"),
            stay_id=stay_id,
            slip=f"D-{work.next_number('deposit')}",
        )
