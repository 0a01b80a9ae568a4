"""The forms of company accounts: a payment, a write-off, what is taken back, and which month's statement."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from pms.core.i18n import _
from pms.core.money import Money, show
from pms.core.office import Office
from pms.services.debts.queries import KINDS, BillRow, ReceiptRow
from pms.ui.kit import formats
from pms.ui.kit.amounts import Amount
from pms.ui.kit.flow import FormPage
from pms.ui.kit.forms import Choice, Text
from pms.ui.kit.method import Method
from pms.ui.kit.parts import Item, row

Do = Callable[[], object]
MONTHS = 12


class PaymentForm(FormPage):
    """How much came, how, and on which bill; without one on those that are due first."""

    def open(self, bills: Sequence[BillRow], chosen: BillRow | None, digits: int) -> None:
        """Offer all that is open, or the bill in hand."""
        one = _("%(bill)s, %(guest)s, %(sum)s")
        offered = [
            (b.number, one % {"bill": b.shown, "guest": b.guest, "sum": show(b.left, digits)}) for b in bills
        ]
        self["bill"].set_options([(None, _("Those due first")), *offered])
        open_ = chosen.left if chosen else Money(sum(b.left for b in bills))
        self.say(bills[0].company_name if bills else "")
        self.fill(amount=open_, method="WIRE", bill=chosen.number if chosen else None)


def payment_form(office: Office, digits: int, do: Do, back: Do) -> PaymentForm:
    """Make the form of a payment."""
    amount, method = Amount(_("Amount"), digits=digits, required=True), Method(office, _("Paid by"))
    bill = Choice(_("Bill"))
    return PaymentForm(
        _("Payment received"),
        _("Take the payment"),
        do,
        back,
        row(amount, None),
        method,
        bill,
        amount=amount,
        method=method,
        bill=bill,
    )


class WriteOffForm(FormPage):
    """Which bill is given up, how much of it, and why."""

    def open(self, bills: Sequence[BillRow], chosen: BillRow | None, digits: int) -> None:
        """Begin with the bill in hand, or the one that is due first."""
        self.bills = {b.number: b for b in bills}
        one = _("%(bill)s, %(guest)s, %(sum)s")
        self["bill"].set_options(
            [
                (b.number, one % {"bill": b.shown, "guest": b.guest, "sum": show(b.left, digits)})
                for b in bills
            ]
        )
        first = chosen or bills[0]
        self.say(first.company_name)
        self.fill(bill=first.number, amount=first.left, reason="")


def write_off_form(digits: int, do: Do, back: Do) -> WriteOffForm:
    """Make the form of a write-off."""
    bill, amount = Choice(_("Bill")), Amount(_("Amount"), digits=digits, required=True)
    reason = Text(_("Reason"), required=True, longest=120)
    made = WriteOffForm(
        _("Write the debt off"),
        _("Write the debt off"),
        do,
        back,
        bill,
        row(amount, None),
        reason,
        bill=bill,
        amount=amount,
        reason=reason,
    )
    bill.changed.connect(lambda: amount.set_value(made.bills[bill.value()].left))
    return made


class BackForm(FormPage):
    """Which payment or write-off of today is taken back, and why."""

    def open(self, company: str, receipts: Sequence[ReceiptRow], digits: int) -> None:
        """Offer what can be taken back."""
        self.say(company)
        one = _("%(what)s, %(sum)s")
        self["receipt"].set_options(
            [(r.number, one % {"what": _(KINDS[r.kind]), "sum": show(r.amount, digits)}) for r in receipts]
        )
        self.fill(reason="")


def back_form(do: Do, back: Do) -> BackForm:
    """Make the form by which a payment is taken back."""
    receipt = Choice(_("Payment received"), required=True)
    reason = Text(_("Reason"), required=True, longest=120)
    return BackForm(
        _("Take a payment back"),
        _("Take it back"),
        do,
        back,
        receipt,
        reason,
        receipt=receipt,
        reason=reason,
    )


class StatementForm(FormPage):
    """Which month's statement."""

    def open(self, company: str, today: date) -> None:
        """Offer the last twelve months, the latest first; begin with the one before this."""
        self.say(company)
        months = [today.replace(day=1)]
        while len(months) < MONTHS:
            months.append((months[-1] - timedelta(days=1)).replace(day=1))
        self["start"].set_options([(m, formats.month(m)) for m in months])
        self.fill(start=months[0])


def statement_form(do: Do, back: Do, *more: Any) -> StatementForm:
    """Make the form of a statement; ``more`` are the buttons that save it as a file."""
    start = Choice(_("Month"), width=180)
    files: Item = row(*more, None, gap=8)
    return StatementForm(
        _("Company statement"), _("Print"), do, back, start, files, icon="printer", start=start
    )
