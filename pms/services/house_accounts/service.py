"""Open a house account, charge it, take money on it, move lines to it and from it, close it with its bill."""

from sqlalchemy import select

from pms.core.errors import Conflict, Refused
from pms.core.i18n import _
from pms.core.money import Money, show
from pms.core.permissions import Permission
from pms.db.work import Work, operation
from pms.services.folios import corrections, kinds, ledger, numbers, slips
from pms.services.folios import printouts as folio_papers
from pms.services.folios.duty import FOLIOS_TRANSFER, FOLIOS_VOID
from pms.services.folios.models import Account, TransactionCode, Transfer
from pms.services.folios.odd import ask_if_odd
from pms.services.folios.routing import Payer

from . import printouts, queries
from .duty import OPEN, WORK
from .models import HouseAccount, HouseAccountEvent
from .queries import CLOSED, LIMIT, OPENED, REOPENED, shown


# ------------------------------------------------------------------ opened, its limit, closed
@operation(WORK)
def open_account(work: Work, *, name: str, responsible: str, reason: str, limit: Money) -> int:
    """Open a house account with its limit and return its number; by who has the right, or with their word."""
    called = " ".join(name.split())
    if not called:
        raise Refused(_("Give the account a name; it stands on its bill."))
    if not responsible.strip():
        raise Refused(_("Say who is responsible for the account."))
    _must_say_why(reason)
    _must_be_a_limit(limit)
    what = _("Opening the house account %(name)s for %(who)s, up to %(limit)s: %(reason)s")
    told = {"name": called, "who": responsible.strip(), "reason": reason.strip()}
    work.require(OPEN, what % {**told, "limit": show(limit, work.setting.digits)}, limit)
    number = work.next_number("house_account")
    made = HouseAccount(
        number=number,
        account_id=ledger.house_account(work, number, called),
        name=called,
        reason=reason.strip(),
        responsible=responsible.strip(),
        credit_limit=limit,
        opened_at=work.now,
        opened_on=work.business_date,
        opened_by=work.clerk.id or None,
    )
    work.session.add(made)
    work.session.flush()
    _note(work, made, OPENED, limit, reason)
    return number


@operation(WORK)
def set_limit(work: Work, *, number: int, limit: Money, reason: str) -> None:
    """Change how much an account may owe, by who has the right, or with their word."""
    house = _open(work, number)
    _must_say_why(reason)
    _must_be_a_limit(limit)
    what = _("Limit of %(number)s %(name)s from %(old)s to %(new)s: %(reason)s")
    digits = work.setting.digits
    sums = {"old": show(house.credit_limit, digits), "new": show(limit, digits)}
    work.require(OPEN, what % {**_named(house), **sums, "reason": reason.strip()}, limit)
    house.credit_limit = limit
    _note(work, house, LIMIT, limit, reason)


@operation(WORK)
def close(work: Work, *, number: int, layout: str = "") -> None:
    """Close an account on which nothing is owed any more, and print its bill."""
    house = _open(work, number)
    owed = _balance(work, house)
    if owed:
        raise Refused(
            _("%(sum)s stands on %(number)s %(name)s. Settle it first: take a payment, or move the lines.")
            % {**_named(house), "sum": show(owed, work.setting.digits)}
        )
    house.closed_at, house.closed_on = work.now, work.business_date
    ledger.close_folio(work, house.account_id, closed=True)
    _note(work, house, CLOSED, Money(0), "")
    _print_bill(work, house, layout)


@operation(WORK)
def reopen(work: Work, *, number: int, reason: str) -> None:
    """Open an account again on the day it was closed, by who has the right, or with their word."""
    house = _held(work, number)
    _must_say_why(reason)
    if house.closed_on is None:
        raise Conflict(_("%(number)s %(name)s is open.") % _named(house))
    if house.closed_on != work.business_date:
        raise Refused(_("%(number)s %(name)s was closed on another day. Open a new account.") % _named(house))
    what = _("Opening %(number)s %(name)s again: %(reason)s")
    work.require(OPEN, what % {**_named(house), "reason": reason.strip()}, None)
    house.closed_at, house.closed_on = None, None
    ledger.close_folio(work, house.account_id, closed=False)
    _note(work, house, REOPENED, Money(0), reason)


@operation(Permission.PRINT_AGAIN)
def print_bill(work: Work, *, number: int, layout: str = "") -> None:
    """Print an account's bill as it stands, every line or one line a kind."""
    _print_bill(work, _held(work, number), layout)


def _print_bill(work: Work, house: HouseAccount, layout: str) -> None:
    paper = printouts.bill_of(work, house, f"B-{work.next_number('bill')}", layout)
    work.print(paper, record="house_account", record_id=house.id)


# ------------------------------------------------------------------ charged and paid
@operation(WORK, money=True)
def charge(work: Work, *, number: int, code: str, amount: Money, quantity: int = 1, text: str = "") -> int:
    """Charge ``quantity × amount`` with its tax and return the posting's number; beyond the limit with the
    word of who has the right."""
    kind = work.session.get(TransactionCode, code)
    if kind is None or kind.kind != "charge" or not kind.by_hand:
        raise Refused(_("“%(code)s” is not charged by hand.") % {"code": code})
    if amount <= 0 or quantity < 1:
        raise Refused(_("A charge is more than 0. To take one back, choose the line and Void."))
    house = _open(work, number)
    ask_if_odd(work, amount * quantity)
    made = Payer(work, house.account_id).charge(
        code=code,
        credit=kind.account_id,
        amount=amount * quantity,
        text=text.strip(),
        rule=f"{show(amount, work.setting.digits)} × {quantity}" if quantity > 1 else "",
        quantity=quantity,
    )
    _must_be_within(work, house, amount * quantity)
    return made


@operation(Permission.FOLIOS_PAY, money=True)
def pay(work: Work, *, number: int, method: str, amount: Money, text: str = "", reference: str = "") -> int:
    """Take a payment, at most what is owed, print its receipt and return the posting's number; ``reference``
    is the number of an electronic payment."""
    came_by = kinds.taken(work, method, reference)
    if amount <= 0:
        raise Refused(_("A payment is more than 0."))
    house = _open(work, number)
    owed = _balance(work, house)
    if amount > owed:
        raise Refused(
            _("%(sum)s is owed on %(number)s %(name)s. Take at most that.")
            % {**_named(house), "sum": show(owed, work.setting.digits)}
        )
    ask_if_odd(work, amount, owed)
    made = ledger.post(
        work,
        debit=ledger.account(work, method),
        credit=house.account_id,
        amount=amount,
        code=method,
        text=text.strip(),
    )
    numbers.came(work, made, method, amount, came_by)
    paper = folio_papers.receipt(
        work,
        payer=house.responsible,
        what=text.strip() or f"{shown(house.number)} {house.name}",
        amount=amount,
        method=method,
        rest=owed - amount,
        number=came_by,
    )
    work.print(paper, record="transfer", record_id=made)
    return made


# ------------------------------------------------------------------ moved, taken back
@operation(FOLIOS_TRANSFER, money=True)
def take_over(
    work: Work, *, number: int, transfer_id: int, amount: Money | None = None, reason: str = ""
) -> int:
    """Move a charge, or part of it, from a stay's folio to an account and print the slip; beyond the limit
    with the word of who has the right. Returns the posting's number."""
    line = corrections.reversible(work, transfer_id, reason or _("Transfer"))
    corrections.must_bear(work, line)
    corrections.must_be_the_payers(work, line)
    _must_be_movable(work, line)
    if work.session.get_one(Account, line.debit_id).stay_id is None:
        raise Refused(_("Only a charge on a guest's folio is taken over."))
    house = _open(work, number)
    part = _part(work, line, amount)
    made = corrections.move(work, line, house.account_id, part, None, reason)
    slips.of_transfer(work, made, reason)
    _must_be_within(work, house, part)
    return made


@operation(FOLIOS_TRANSFER, money=True)
def hand_over(
    work: Work,
    *,
    number: int,
    transfer_id: int,
    stay_id: int,
    window: str = "A",
    amount: Money | None = None,
    reason: str = "",
) -> int:
    """Move a charge, or part of it, from an account to a stay's folio and print the slip; returns the
    posting's number."""
    folio = ledger.folio(work, stay_id, window)
    house = _open(work, number)
    line = corrections.reversible(work, transfer_id, reason or _("Transfer"), of_house=True)
    if line.debit_id != house.account_id:
        raise Refused(_("This line is no charge on %(number)s %(name)s.") % _named(house))
    _must_be_movable(work, line)
    made = corrections.move(work, line, folio, _part(work, line, amount), stay_id, reason)
    slips.of_transfer(work, made, reason)
    _must_not_be_below(work, house)
    return made


@operation(FOLIOS_VOID, money=True)
def void(work: Work, *, number: int, transfer_id: int, reason: str) -> int:
    """Take a line of today back, once: by the one who posted it or somebody who may adjust; one that lifts
    the account beyond its limit with the word of who has the right."""
    posted = work.session.get(Transfer, transfer_id)
    if posted is not None:
        corrections.own_accounts(
            work, posted
        )  # a stay's folio before the account: in one order at every desk
    house = _open(work, number)
    line = corrections.reversible(work, transfer_id, reason, of_house=True)
    if house.account_id not in (line.debit_id, line.credit_id):
        raise Refused(_("This line is not on %(number)s %(name)s.") % _named(house))
    if line.business_date != work.business_date:
        raise Refused(_("This line belongs to a closed day. Move it to the folio that pays it instead."))
    if line.clerk_id != work.clerk.id:
        what = _("Voiding %(item)s of another clerk, %(number)s %(name)s: %(reason)s")
        told = {"item": folio_papers.code_name(line.code), "reason": reason.strip()}
        work.require(Permission.FOLIOS_ADJUST, what % {**_named(house), **told}, line.amount)
    made = corrections.reverse_whole(work, line, reason)
    if line.debit_id == house.account_id:
        _must_not_be_below(work, house)
    else:
        _must_be_within(work, house, line.amount)
    return made


def _must_be_movable(work: Work, line: Transfer) -> None:
    if line.id not in corrections.may_move(work, [line]):
        raise Refused(_("Only a charge is moved; money stays where it was taken."))


def _part(work: Work, line: Transfer, amount: Money | None) -> Money:
    left = corrections.left_of(work, line)
    part = left if amount is None else amount
    if not 0 < part <= left:
        raise Refused(
            _("Of this line %(left)s is left to transfer.") % {"left": show(left, work.setting.digits)}
        )
    return part


# ------------------------------------------------------------------ what is looked at
def _held(work: Work, number: int) -> HouseAccount:
    """Return an account, its record and its row in the ledger held."""
    asked = select(HouseAccount.id).where(HouseAccount.number == number)
    found = work.session.scalar(asked)
    if found is None:
        raise Refused(_("There is no house account %(number)s.") % {"number": shown(number)})
    house = work.hold(HouseAccount, found)
    ledger.hold_folios(work, [house.account_id])
    return house


def _open(work: Work, number: int) -> HouseAccount:
    house = _held(work, number)
    if house.closed_on is not None:
        raise Refused(
            _("%(number)s %(name)s is closed. Open it again on the day it was closed, or open a new one.")
            % _named(house)
        )
    return house


def _balance(work: Work, house: HouseAccount) -> Money:
    found = queries.account(work.session, number=house.number)
    return found.balance if found is not None else Money(0)


def _must_be_within(work: Work, house: HouseAccount, amount: int) -> None:
    """Go on when what was just put on an account leaves it within its limit, or somebody has agreed."""
    owed = _balance(work, house)
    if owed > house.credit_limit:
        what = _("%(sum)s on %(number)s %(name)s: it owes %(owed)s then, its limit is %(limit)s")
        digits = work.setting.digits
        sums = {"sum": amount, "owed": owed, "limit": house.credit_limit}
        told = {word: show(sum_, digits) for word, sum_ in sums.items()}
        work.require(OPEN, what % {**_named(house), **told}, amount)


def _must_not_be_below(work: Work, house: HouseAccount) -> None:
    if _balance(work, house) < 0:
        raise Refused(
            _("More was paid on %(number)s %(name)s than would be left. Void the payment first.")
            % _named(house)
        )


def _must_say_why(reason: str) -> None:
    if not reason.strip():
        raise Refused(_("Say why; it stands with the account."))


def _must_be_a_limit(limit: Money) -> None:
    if not 0 < limit <= ledger.MOST:
        raise Refused(_("The limit is more than 0."))


def _named(house: HouseAccount) -> dict[str, str]:
    return {"number": shown(house.number), "name": house.name}


def _note(work: Work, house: HouseAccount, what: str, amount: Money, reason: str) -> None:
    work.insert_one(
        HouseAccountEvent,
        house_id=house.id,
        what=what,
        amount=amount,
        reason=reason.strip(),
        at=work.now,
        business_date=work.business_date,
        clerk_id=work.clerk.id or None,
        station=work.station,
    )
    work.touch("house_accounts", "folios")
