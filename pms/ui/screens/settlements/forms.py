"""The forms of channel accounts: a payment either way, a write-off, a sum without a stay, what is taken back,
which month, and what a line is cleared with."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from pms.core.i18n import _
from pms.core.money import show
from pms.services.debts.book import KINDS, ReceiptRow
from pms.services.settlements.queries import AccountRow, BillRow
from pms.ui.kit import formats
from pms.ui.kit.amounts import Amount
from pms.ui.kit.forms import Choice, Remark, Text
from pms.ui.kit.method import Method
from pms.ui.kit.parts import row
from pms.ui.kit.verbs import Do, RowForm

MONTHS = 12
OWES, TAKES = "owes", "takes"


class MoneyForm(RowForm):
    """How much comes in or goes out, and how: of the row in hand all that is open on its side."""

    out = False

    def begin(self, row: Any) -> None:
        """Propose what is open."""
        self.say(_about(row))
        if isinstance(row, BillRow):
            open_ = abs(row.left)
        elif isinstance(row, AccountRow):
            open_ = row.owing if self.out else row.owed
        else:
            open_ = row.payable.amount
        self.fill(amount=open_ or None, method="WIRE")

    def given(self) -> dict[str, Any]:
        """Return the sum with its number."""
        method = self["method"]
        assert isinstance(method, Method)
        return {**self.form.values(), "reference": method.reference()}


def _about(chosen: Any) -> str:
    if isinstance(chosen, BillRow):
        return formats.commas((chosen.channel_name, chosen.reference, chosen.guest))
    if isinstance(chosen, AccountRow):
        return chosen.shown
    return formats.commas((chosen.file.name, chosen.file.file))


def receive_form(page: Any, do: Do, back: Do) -> MoneyForm:
    """Make the form of what a channel pays."""
    return _money(page, _("Payment received"), _("Take the payment"), do, back)


def pay_form(page: Any, do: Do, back: Do) -> MoneyForm:
    """Make the form of what a channel is paid."""
    made = _money(page, _("Pay the commission"), _("Pay"), do, back, out=True)
    made.out = True
    return made


def _money(page: Any, title: str, words: str, do: Do, back: Do, *, out: bool = False) -> MoneyForm:
    amount = Amount(_("Amount"), digits=page.digits, required=True)
    method = Method(page.office, _("Paid by"), out=out)
    return MoneyForm(title, words, do, back, row(amount, None), method, amount=amount, method=method)


class GivenUpForm(RowForm):
    """How much of a bill is given up, and why."""

    def begin(self, row: BillRow) -> None:
        """Propose all that is open."""
        self.say(_about(row))
        self.fill(amount=abs(row.left), reason="")


def given_up_form(page: Any, do: Do, back: Do) -> GivenUpForm:
    """Make the form of a write-off."""
    amount = Amount(_("Amount"), digits=page.digits, required=True)
    reason = Text(_("Reason"), required=True, longest=120)
    words = _("Write the debt off")
    return GivenUpForm(words, words, do, back, row(amount, None), reason, amount=amount, reason=reason)


class PutOnForm(RowForm):
    """A sum without a stay: who owes it, how much, what for."""

    def begin(self, row: AccountRow) -> None:
        """Begin with what the channel owes."""
        self.say(_about(row))
        self.fill(who=OWES, amount=None, reason="", reference="")

    def given(self) -> dict[str, Any]:
        """Return the sum, below 0 where the channel takes it."""
        told = self.form.values()
        who, amount = told.pop("who"), told.pop("amount") or 0
        return {**told, "amount": -amount if who == TAKES else amount}


def put_on_form(page: Any, do: Do, back: Do) -> PutOnForm:
    """Make the form of a fee or a fine."""
    who = Choice(_("Kind"), options=[(OWES, _("The channel owes it")), (TAKES, _("The channel takes it"))])
    amount = Amount(_("Amount"), digits=page.digits, required=True)
    reason = Text(_("Reason"), required=True, longest=120)
    reference = Text(_("Order no."), plain=True, longest=40)
    return PutOnForm(
        _("A sum without a stay"),
        _("Put on the account"),
        do,
        back,
        who,
        row(amount, None),
        reason,
        reference,
        who=who,
        amount=amount,
        reason=reason,
        reference=reference,
    )


class TakenBackForm(RowForm):
    """Which entry of today is taken back, and why."""

    def offer(self, entries: Sequence[ReceiptRow], digits: int) -> bool:
        """Offer what was entered today and stands; says whether there is any."""
        left = [r for r in entries if r.kind != "back" and not r.taken_back]
        one = _("%(what)s, %(sum)s")
        field = self["receipt"]
        assert isinstance(field, Choice)
        field.set_options(
            [(r.number, one % {"what": _(KINDS[r.kind]), "sum": show(r.amount, digits)}) for r in left]
        )
        self.fill(receipt=left[0].number if left else None, reason="")
        return bool(left)

    def begin(self, row: AccountRow) -> None:
        """Say whose account it is."""
        self.say(_about(row))


def taken_back_form(_page: Any, do: Do, back: Do) -> TakenBackForm:
    """Make the form by which an entry is taken back."""
    receipt = Choice(_("Entered today"), required=True)
    reason = Text(_("Reason"), required=True, longest=120)
    return TakenBackForm(
        _("Take a payment back"),
        _("Take it back"),
        do,
        back,
        receipt,
        reason,
        receipt=receipt,
        reason=reason,
    )


class MonthForm(RowForm):
    """Which month's account."""

    def begin(self, row: AccountRow) -> None:
        """Offer the last twelve months, the latest first."""
        self.say(_about(row))
        months = [self.today.replace(day=1)]
        while len(months) < MONTHS:
            months.append((months[-1] - timedelta(days=1)).replace(day=1))
        field = self["start"]
        assert isinstance(field, Choice)
        field.set_options([(m, formats.month(m)) for m in months])
        self.fill(start=months[0])

    today: Any = None


def month_form(page: Any, do: Do, back: Do) -> MonthForm:
    """Make the form of a month's account, with the buttons that save it as a file."""
    start = Choice(_("Month"), width=180)
    saved = row(page.button("save_pdf"), page.button("save_sheet"), None, gap=8)
    made = MonthForm(_("Channel account"), _("Print"), do, back, start, saved, icon="printer", start=start)
    made.today = page.today
    return made


def cleared_form(_page: Any, do: Do, back: Do) -> RowForm:
    """Make the form of the reason why a line is left as it is."""
    reason = Remark(_("Reason"), required=True, lines=3)
    made = RowForm(_("Clear the line"), _("Clear"), do, back, icon="check", reason=reason)
    made.say(_("The line and the books stay as they are; the line is open no more."))
    return made
