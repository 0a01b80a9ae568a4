"""Take what a guest who has left still owes; give back or keep the advance of one who will not come."""

from sqlalchemy import case, or_, select

from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.money import Money, show
from pms.core.permissions import Permission
from pms.db.types import summed
from pms.db.work import Work, operation
from pms.services.folios import kinds, ledger, numbers, printouts
from pms.services.folios.models import Account, Transfer
from pms.services.reservations import service as reservations
from pms.services.reservations.models import BookedRoom, Reservation
from pms.services.stays.models import Stay

from . import queries


@operation(Permission.FOLIOS_PAY, money=True)
def receive(work: Work, *, stay_id: int, method: str, amount: Money, reference: str = "") -> int:
    """Take a payment on what a stay left unsettled, at most what is owed, and print its receipt."""
    if method not in ledger.METHODS or amount <= 0:
        raise Refused(_("A payment needs a method and an amount above 0."))
    number = kinds.taken(work, method, reference)
    stay = work.session.get(Stay, stay_id, with_for_update=True)
    if stay is None:
        raise Refused(_("This stay is not there."))
    guest = stay.guest_name
    account = ledger.receivable(work, stay_id, guest)
    _take_over(work, stay_id, account)
    owed, digits = ledger.balance(work, account), work.setting.digits
    if amount > owed:
        raise Refused(_("Stay %(number)s owes %(sum)s.") % {"number": stay.number, "sum": show(owed, digits)})
    made = ledger.post(
        work,
        debit=ledger.account(work, method),
        credit=account,
        amount=amount,
        code=method,
        text=_("Left unsettled"),
        stay_id=stay_id,
    )
    numbers.came(work, made, method, amount, number)
    work.print(
        printouts.receipt(
            work,
            payer=guest,
            what=_("Stay %(number)s, left unsettled") % {"number": stay.number},
            amount=amount,
            method=method,
            rest=owed - amount,
            number=number,
        ),
        record="transfer",
        record_id=made,
    )
    work.touch("receivables")
    return made


def _take_over(work: Work, stay_id: int, account: int) -> None:
    """Bring what a stay left unsettled on the one account of former times onto its own."""
    common, t = ledger.account(work, "CITY"), Transfer
    owed = work.session.execute(
        select(summed(case((t.debit_id == common, t.amount), else_=-t.amount))).where(
            or_(t.debit_id == common, t.credit_id == common), t.stay_id == stay_id
        )
    ).scalar_one()
    if owed:
        ledger.post(work, debit=account, credit=common, amount=int(owed), code="CITY", stay_id=stay_id)


def _gone(work: Work, line_id: int) -> tuple[BookedRoom, Reservation, int]:
    """Return a booking that will not come and the account that holds its advance, locked."""
    line, booking = reservations.line_and_booking(work, line_id)
    if line.state not in queries.GONE:
        raise Refused(_("This booking is still to come: its advance becomes the deposit at check-in."))
    found = work.session.execute(
        select(Account.id).where(Account.line_id == line_id).with_for_update()
    ).scalar()
    if found is None or -ledger.balance(work, found) <= 0:
        raise Refused(_("The house holds no advance for this booking."))
    return line, booking, int(found)


@operation(Permission.FOLIOS_REFUND, money=True)
def give_back(work: Work, *, line_id: int, method: str, amount: Money, reference: str = "") -> int:
    """Give the advance of a booking that will not come back, at most what is held, and print its paper."""
    _gone(work, line_id)
    made: int = reservations.return_advance(
        work, line_id=line_id, method=method, amount=amount, reference=reference
    )
    work.touch("receivables")
    return made


@operation(Permission.FOLIOS_REFUND, money=True)
def keep(work: Work, *, line_id: int, amount: Money, reason: str) -> int:
    """Keep the advance of a booking that will not come as income, with reason, by a person who may adjust."""
    _line, booking, account = _gone(work, line_id)
    held, digits = -ledger.balance(work, account), work.setting.digits
    if not reason.strip():
        raise Refused(_("Say why the advance is forfeited; it is printed on the paper."))
    if not 0 < amount <= held:
        raise Refused(
            _("The house holds %(held)s in advance for this booking.") % {"held": show(held, digits)}
        )
    work.require(
        Permission.FOLIOS_ADJUST,
        _("Forfeiting the advance of R-%(number)s, %(name)s: %(reason)s")
        % {"number": booking.number, "name": booking.guest_name, "reason": reason.strip()},
        amount,
    )
    made = ledger.post(
        work,
        debit=account,
        credit=ledger.account(work, "NOSHOW"),
        amount=amount,
        code="NOSHOW",
        text=_("Booking %(number)s") % {"number": booking.number},
        rule=reason.strip(),
    )
    work.print(
        printouts.advance_kept(
            work,
            booking=booking.number,
            guest=booking.guest_name,
            amount=amount,
            rest=held - amount,
            reason=reason.strip(),
        ),
        record="transfer",
        record_id=made,
    )
    work.touch("receivables")
    return made
