"""Money that is taken for a booking before its guest comes, and given back."""

from pms.core import dates
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.money import Money, show
from pms.core.permissions import Permission
from pms.db.work import Work, operation
from pms.services.folios import kinds, ledger, numbers, ways
from pms.services.folios import printouts as folio_papers
from pms.services.folios.odd import ask_if_odd

from .held import line_and_booking
from .models import HOLDING


@operation(Permission.FOLIOS_PAY, money=True)
def take_advance(work: Work, *, line_id: int, method: str, amount: Money, reference: str = "") -> int:
    """Take an advance deposit for a coming booking; it becomes the folio's deposit at check-in and is never
    lost by cancelling."""
    if amount <= 0 or method not in ledger.METHODS:
        raise Refused(_("Give a payment method and an amount above 0."))
    paid_by = kinds.taken(work, method, reference)
    line, booking = line_and_booking(work, line_id)
    if line.state not in HOLDING:
        raise Refused(_("Only a booking that is still to come takes an advance deposit."))
    ask_if_odd(work, amount)
    account = ledger.advance_account(work, line_id, booking.guest_name)
    made = ledger.post(
        work, debit=ledger.account(work, method), credit=account, amount=amount, code="DEPOSIT", text=method
    )
    numbers.came(work, made, method, amount, paid_by)
    what = _("Advance, booking %(number)s, arrival %(day)s") % {
        "number": booking.number,
        "day": dates.day(line.arrival, year=True),
    }
    work.print(
        folio_papers.receipt(
            work, payer=booking.guest_name, what=what, amount=amount, method=method, number=paid_by
        ),
        record="transfer",
        record_id=made,
    )
    return made


@operation(Permission.FOLIOS_REFUND, money=True)
def return_advance(work: Work, *, line_id: int, method: str, amount: Money, reference: str = "") -> int:
    """Give an advance deposit back, at most what is held."""
    line, booking = line_and_booking(work, line_id)
    account = ledger.advance_account(work, line.id, booking.guest_name)
    held = -ledger.balance(work, account)
    if not 0 < amount <= held or method not in ledger.METHODS:
        raise Refused(
            _("The house holds %(held)s in advance for this booking.")
            % {"held": show(held, work.setting.digits)}
        )
    number = ways.may_go_back(work, method, amount, reference=reference, line_id=line.id)
    made = ledger.post(
        work, debit=account, credit=ledger.account(work, method), amount=amount, code="DEPOSIT", text=method
    )
    ways.went_back(work, made, method, amount, number, line_id=line.id)
    work.print(
        folio_papers.advance_returned(
            work,
            booking=booking.number,
            guest=booking.guest_name,
            amount=amount,
            method=method,
            rest=held - amount,
        ),
        record="transfer",
        record_id=made,
    )
    return made
