"""Take the wish for an invoice, note what the tax platform issued, take it back by red letters."""

import re
from datetime import date

from sqlalchemy import select

from pms.core import dates, tax_numbers
from pms.core.clock import local
from pms.core.errors import Conflict, Refused
from pms.core.i18n import _
from pms.core.money import Money, show
from pms.db.work import Work, operation
from pms.services.folios.payable import payable
from pms.services.stays.models import Stay

from . import files
from .duty import OWN_NUMBER, RED, WORK
from .models import Invoice, InvoicedStay, RedLetter
from .queries import DROPPED, ISSUED, REASONS, SERIAL, WANTED, shown

_SERIAL = re.compile(rf"\d{{{SERIAL}}}", re.ASCII)
LONGEST = 100
"""Signs of a buyer's name: the platform takes no more."""


@operation(WORK)
def want(
    work: Work,
    *,
    stay_id: int,
    buyer: str,
    amount: Money,
    tax_number: str = "",
    individual: bool = False,
    special: bool = False,
    address_phone: str = "",
    bank: str = "",
    remark: str = "",
) -> int:
    """Keep that an invoice is wanted of a stay and return its number.

    ``individual``: the buyer is a person and has no tax number; ``special``: the buyer deducts the tax of the
    invoice, which needs one. Refuses more than what was charged and paid and is not invoiced yet.
    """
    name, number = " ".join(buyer.split()), tax_numbers.read(tax_number)
    _check_buyer(name, number, individual, special)
    if individual and (address_phone.strip() or bank.strip()):
        raise Refused(_("A person's invoice says neither address nor bank."))
    work.hold(Stay, stay_id)
    _invoice_more(work, stay_id, amount)
    made = Invoice(
        number=work.next_number("invoice"),
        stay_id=stay_id,
        special=special,
        individual=individual,
        buyer=name,
        tax_number=number,
        address_phone=address_phone.strip(),
        bank=bank.strip(),
        remark=remark.strip(),
        amount=amount,
        wanted_at=work.now,
        wanted_by=work.clerk.id or None,
    )
    work.session.add(made)
    work.touch("invoices")
    return made.number


def _check_buyer(name: str, number: str, individual: bool, special: bool) -> None:
    if not name:
        raise Refused(_("Say who the invoice is for."))
    if len(name) > LONGEST:
        raise Refused(_("A buyer's name has at most %(n)s characters.") % {"n": LONGEST})
    if individual and (number or special):
        raise Refused(_("A person has no tax number and gets an ordinary invoice."))
    if not individual and not number:
        raise Refused(_("A company's invoice needs its tax number."))


def _invoice_more(work: Work, stay_id: int, amount: Money) -> None:
    """Reckon what may be invoiced now and add to what is; the row is held, so that two desks add in turn."""
    if amount <= 0:
        raise Refused(_("Enter an amount above zero."))
    kept = _kept(work, stay_id)
    may = payable(work.session, stay_id=stay_id)
    if kept.invoiced + amount > may:
        raise Refused(
            _(
                "%(left)s of this stay can be invoiced: it was charged and paid %(paid)s, %(done)s is "
                "invoiced."
            )
            % {
                "left": show(max(may - kept.invoiced, 0), work.setting.digits),
                "paid": show(may, work.setting.digits),
                "done": show(kept.invoiced, work.setting.digits),
            }
        )
    kept.payable = may
    kept.invoiced = Money(kept.invoiced + amount)


def _kept(work: Work, stay_id: int) -> InvoicedStay:
    """Return a stay's sums, held; the stay is held before, so that two desks do not begin them at once."""
    asked = select(InvoicedStay).where(InvoicedStay.stay_id == stay_id).with_for_update()
    found = work.session.scalars(asked).first()
    if found is None:
        found = InvoicedStay(stay_id=stay_id, invoiced=Money(0), payable=Money(0))
        work.session.add(found)
    return found


def _held(work: Work, number: int, state: str) -> Invoice:
    """Return an invoice with its stay held, in the order in which every act holds them."""
    stay = work.session.scalar(select(Invoice.stay_id).where(Invoice.number == number))
    if stay is None:
        raise Refused(_("There is no invoice %(number)s.") % {"number": shown(number)})
    work.hold(Stay, stay)
    asked = select(Invoice).where(Invoice.number == number).with_for_update()
    found = work.session.scalars(asked.execution_options(populate_existing=True)).one()
    if found.state != state:
        words = {
            WANTED: _("%(number)s waits for its number."),
            ISSUED: _("%(number)s is issued already."),
            DROPPED: _("%(number)s was called off: nobody waits for it."),
        }
        raise Refused(words[found.state] % {"number": shown(number)})
    return found


@operation(WORK)
def drop(work: Work, *, number: int, reason: str) -> None:
    """Call off an invoice that is not issued yet."""
    if not reason.strip():
        raise Refused(_("Give the reason."))
    found = _held(work, number, WANTED)
    kept = _kept(work, found.stay_id)
    kept.invoiced = Money(kept.invoiced - found.amount)
    found.state, found.reason = DROPPED, reason.strip()
    _close(work, found)


@operation(WORK)
def issue(work: Work, *, number: int, serial: str, issued_on: date) -> None:
    """Note the twenty figures under which the tax platform issued an invoice, and the day."""
    found = _held(work, number, WANTED)
    _check_day(work, issued_on)
    found.state, found.serial, found.issued_on = ISSUED, _new_serial(work, serial), issued_on
    _close(work, found)


def _close(work: Work, found: Invoice) -> None:
    found.closed_at, found.closed_by = work.now, work.clerk.id or None
    work.touch("invoices")


def read_serial(text: str) -> str:
    """Return the twenty figures of an invoice as they are typed or read; refuses anything else."""
    serial = "".join(text.split())
    if not _SERIAL.fullmatch(serial):
        raise Refused(_("An invoice number has 20 figures; this one has %(n)s.") % {"n": len(serial)})
    return serial


def _new_serial(work: Work, text: str) -> str:
    """Return the same, refused where it is here already: the platform numbers invoices and red letters in
    one."""
    serial = read_serial(text)
    for column in (Invoice.serial, RedLetter.serial):
        if work.session.scalar(select(column).where(column == serial)) is not None:
            raise Conflict(_("This invoice number is here already. Look it up before you enter it again."))
    return serial


def _check_day(work: Work, day: date) -> None:
    if day > local(work.now, work.setting.zone).date():
        raise Refused(_("%(day)s is still to come.") % {"day": dates.day(day, year=True)})


@operation(RED)
def take_back(
    work: Work,
    *,
    number: int,
    serial: str,
    amount: Money,
    reason: str,
    issued_on: date,
    confirmation: str = "",
) -> None:
    """Enter a red letter that takes an issued invoice back, in part or in whole; refuses more than is left of
    it."""
    if reason not in REASONS:
        raise Refused(_("Give the reason."))
    found = _held(work, number, ISSUED)
    _check_day(work, issued_on)
    if not 0 < amount <= found.amount - found.red:
        left = show(found.amount - found.red, work.setting.digits)
        raise Refused(_("%(left)s of %(number)s is left.") % {"left": left, "number": shown(number)})
    kept = _kept(work, found.stay_id)
    kept.invoiced = Money(kept.invoiced - amount)
    found.red = Money(found.red + amount)
    work.session.add(
        RedLetter(
            invoice_id=found.id,
            serial=_new_serial(work, serial),
            confirmation=read_serial(confirmation) if confirmation.strip() else "",
            amount=amount,
            reason=reason,
            issued_on=issued_on,
            at=work.now,
            clerk_id=work.clerk.id or None,
        )
    )
    work.touch("invoices")


# ------------------------------------------------------------------ the platform's file
@operation(WORK)
def read_in(work: Work, *, content: bytes) -> int:
    """Note what an invoice's file says, issued or taken back, and return the house's number.

    An issued one is the oldest wanted with this buyer and this sum; refuses what nobody wanted and what
    another hotel issued.
    """
    told = files.read(content)
    own = work.setting.options[OWN_NUMBER]
    if own and told.seller_number != own:
        raise Refused(
            _("The invoice %(number)s was issued by another seller (%(seller)s).")
            % {"number": told.serial, "seller": told.seller_number}
        )
    amount = Money(int(abs(told.total).scaleb(work.setting.digits)))
    if told.red_of:
        return _read_red(work, told, amount)
    asked = select(Invoice.number).where(Invoice.state == WANTED, Invoice.amount == amount)
    its = Invoice.tax_number == told.tax_number if told.tax_number else Invoice.buyer == told.buyer
    number = work.session.scalar(asked.where(its).order_by(Invoice.number).limit(1))
    if number is None:
        raise Refused(
            _(
                "Nobody wants an invoice for %(buyer)s over %(sum)s. Take the request first, then read "
                "the file."
            )
            % {"buyer": told.buyer, "sum": show(amount, work.setting.digits)}
        )
    issue(work, number=number, serial=told.serial, issued_on=told.issued_on)
    return number


def _read_red(work: Work, told: files.Told, amount: Money) -> int:
    number = work.session.scalar(select(Invoice.number).where(Invoice.serial == told.red_of))
    if number is None:
        raise Refused(_("The invoice %(number)s that it takes back is not here.") % {"number": told.red_of})
    take_back(
        work,
        number=number,
        serial=told.serial,
        amount=amount,
        reason="file",
        issued_on=told.issued_on,
        confirmation=told.confirmation,
    )
    return number
