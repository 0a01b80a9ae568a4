"""Note a payment in question, ask again, and settle it: it arrived, or it did not."""

from sqlalchemy import select

from pms.core import offers
from pms.core.errors import Conflict, Refused
from pms.core.i18n import _
from pms.core.money import Money, show
from pms.core.payments import NONE
from pms.core.payments import number as as_number
from pms.core.permissions import Permission
from pms.db.work import Work, operation
from pms.services.folios import attempts, kinds, ledger, numbers, printouts
from pms.services.folios.attempts import ABSENT, ARRIVED, UNKNOWN, shown
from pms.services.folios.models import PaymentAttempt, PaymentReference
from pms.services.stays.models import Stay


@operation(Permission.FOLIOS_PAY)
def note(
    work: Work,
    *,
    stay_id: int,
    method: str,
    amount: Money,
    window: str = "A",
    told: str = "",
    reference: str = "",
) -> int:
    """Note that a payer calls a payment done that has not been seen, and return its number. Nothing is
    posted; ``told`` are the payer's words, ``reference`` the transaction number if it is known."""
    if method == "CASH":
        raise Refused(_("Cash is counted at once; it is never in question."))
    kind = kinds.known(work, method)
    if amount <= 0:
        raise Refused(_("A payment is more than 0."))
    if work.ask_up(offers.open_stay, stay_id=stay_id) is None:
        raise Refused(_("This guest is not in house. Choose the folio again."))
    ledger.folio(work, stay_id, window)
    number = as_number(reference, kind.shape) if kind.number != NONE else ""
    _is_new(work, method, number)
    attempts.ask_if_open(work, stay_id, [amount])
    made = PaymentAttempt(
        number=work.next_number("payment_attempt"),
        stay_id=stay_id,
        window=window,
        kind=method,
        amount=amount,
        reference=number,
        told=told.strip(),
        state=UNKNOWN,
        at=work.now,
        asked_at=work.now,
        business_date=work.business_date,
        clerk_id=work.clerk.id or None,
        station=work.station,
    )
    work.session.add(made)
    work.session.flush()
    work.touch("attempts", "folios")
    return made.number


def _is_new(work: Work, method: str, number: str) -> None:
    """Refuse a number that is posted already: then the payment has arrived."""
    r = PaymentReference
    if not number:
        return
    found = work.session.scalars(select(r.id).where(r.kind == method, r.number == number)).first()
    if found is not None and numbers.standing(work, found):
        raise Conflict(
            _("%(number)s is posted already: it has arrived. Look at the folio.") % {"number": number}
        )


def _open(work: Work, number: int) -> PaymentAttempt:
    found = work.session.scalars(
        select(PaymentAttempt)
        .where(PaymentAttempt.number == number)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise Refused(_("There is no payment in question %(number)s.") % {"number": shown(number)})
    if found.state != UNKNOWN:
        words = (
            _("%(number)s has arrived already and is posted.")
            if found.state == ARRIVED
            else _("%(number)s is settled already: it did not arrive.")
        )
        raise Conflict(words % {"number": shown(number)})
    return found


@operation(Permission.FOLIOS_PAY)
def ask_again(work: Work, *, number: int) -> None:
    """Note that a payment was looked for and still has not been seen; it is asked again later."""
    _open(work, number).asked_at = work.now
    work.touch("attempts")


@operation(Permission.FOLIOS_PAY, money=True)
def arrived(work: Work, *, number: int, reference: str = "") -> None:
    """Post a payment that has been seen, once: on the folio, or on what a guest who has left still owes. Its
    receipt prints. ``reference`` is its transaction number, where it was not noted before."""
    stay_id = _stay_of(work, number)
    stay = work.session.get_one(Stay, stay_id, with_for_update=True, populate_existing=True)
    ledger.lock(work, stay_id)
    one = _open(work, number)
    account = _account(work, stay, one)
    own = kinds.numbered(work, one.kind, reference or one.reference)
    made = ledger.post(
        work,
        debit=ledger.account(work, one.kind),
        credit=account,
        amount=one.amount,
        code=one.kind,
        text=shown(number),
        stay_id=stay_id,
    )
    numbers.came(work, made, one.kind, one.amount, own)
    one.reference, one.transfer_id = own, made
    _settle(work, one, ARRIVED)
    who = work.ask_up(offers.stay_name, stay_id=stay_id)
    work.print(
        printouts.receipt(
            work,
            payer=who.guest if who else stay.guest_name,
            room=who.room if who else "",
            what=_("Folio %(window)s") % {"window": one.window},
            amount=one.amount,
            method=one.kind,
            number=own,
        ),
        record="transfer",
        record_id=made,
    )


def _stay_of(work: Work, number: int) -> int:
    found = work.session.scalars(
        select(PaymentAttempt.stay_id).where(PaymentAttempt.number == number)
    ).first()
    if found is None:
        raise Refused(_("There is no payment in question %(number)s.") % {"number": shown(number)})
    return found


def _account(work: Work, stay: Stay, one: PaymentAttempt) -> int:
    """Return where a payment goes; of a guest who has left, what was left unsettled, and never more."""
    if stay.state == "in_house":
        return ledger.folio(work, stay.id, one.window)
    account = ledger.receivable(work, stay.id, stay.guest_name)
    owed, digits = ledger.balance(work, account), work.setting.digits
    if one.amount > owed:
        raise Refused(
            _(
                "The guest has left and owes %(owed)s. Send %(sum)s back where it came from and note that it "
                "did not stay, or undo the check-out of today."
            )
            % {"owed": show(owed, digits), "sum": show(one.amount, digits)}
        )
    work.touch("receivables")
    return account


def _settle(work: Work, one: PaymentAttempt, state: str, reason: str = "") -> None:
    one.state, one.reason = state, reason
    one.settled_at, one.settled_on = work.now, work.business_date
    one.settled_by = work.clerk.id or None
    work.session.flush()
    work.touch("attempts", "folios")


@operation(Permission.FOLIOS_PAY)
def did_not_arrive(work: Work, *, number: int, reason: str) -> None:
    """Note that a payment never came, or went back by itself; the payer owes it as before."""
    one = _open(work, number)
    if not reason.strip():
        raise Refused(_("Say how it is known that nothing arrived."))
    _settle(work, one, ABSENT, reason.strip())
