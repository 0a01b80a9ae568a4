"""The forms of invoices: the wish, its number, a red letter, calling off."""

from collections.abc import Callable
from datetime import date
from typing import Any

from pms.core import tax_numbers
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.office import Office
from pms.services.invoices import queries, titles
from pms.services.invoices.queries import REASONS, Billed, InvoiceRow
from pms.ui.kit import formats
from pms.ui.kit.amounts import Amount, Day
from pms.ui.kit.flow import FormPage
from pms.ui.kit.forms import Choice, Flag, Text
from pms.ui.kit.parts import col, label, row, set_tone
from pms.ui.kit.register import Register
from pms.ui.kit.verbs import RowForm

Do = Callable[[], object]


def _fault(number: str) -> str:
    try:
        tax_numbers.read(number)
    except Refused as refusal:
        return str(refusal)
    return ""


class WishForm(FormPage):
    """Of which stay, for whom, how much. A buyer's code is scanned into the name and fills the rest."""

    def __init__(self, office: Office, digits: int, do: Do, back: Do) -> None:
        self.office, self.digits = office, digits
        self.whose: Billed | None = None
        stay = Text(_("Room or stay number"), width=112, required=True, longest=12, plain=True)
        buyer = Text(_("Buyer, or scan the buyer's code"), required=True, longest=2000)
        number = Text(_("Tax number"), longest=24, plain=True, check=_fault)
        individual, special = Flag(_("A person, no company")), Flag(_("Special invoice (tax is deducted)"))
        amount = Amount(_("Amount"), digits=digits, required=True)
        address, bank = Text(_("Address and phone"), longest=100), Text(_("Bank and account"), longest=100)
        remark = Text(_("Remark"), longest=120)
        self.who = label("", "muted", wrap=True)
        super().__init__(
            _("An invoice is wanted"),
            _("Save the request"),
            do,
            back,
            col(stay, self.who, gap=4),
            buyer,
            number,
            individual,
            special,
            row(amount, None),
            address,
            bank,
            remark,
            icon="receipt",
            stay=stay,
            buyer=buyer,
            tax_number=number,
            individual=individual,
            special=special,
            amount=amount,
            address_phone=address,
            bank=bank,
            remark=remark,
        )
        stay.changed.connect(self._look)
        buyer.changed.connect(self._read)

    def open(self, stay_id: int = 0) -> None:
        """Begin afresh, for a stay or for one that is typed."""
        self.intent = self.office.new_intent()
        empty = dict.fromkeys(("stay", "buyer", "tax_number", "address_phone", "bank", "remark"), "")
        self.fill(**empty, individual=False, special=False, amount=None)
        if stay_id and (found := self.office.ask(queries.whose, text="", stay_id=stay_id)):
            self.fill(stay=f"S-{found.number}")
        self._look()

    def _look(self) -> None:
        typed = self["stay"].value()
        found = self.whose = self.office.ask(queries.whose, text=typed) if typed else None
        if found is not None:
            self["amount"].set_value(found.left or None)
        told, tone = whose_words(found, typed, self.digits)
        self.who.setText(told)
        set_tone(self.who, tone)

    def _read(self) -> None:
        typed = self["buyer"].value()
        if not titles.is_code(typed) or not typed.rstrip().endswith(titles.END):
            return
        try:
            title = titles.read(typed)
        except Refused as refusal:
            self["buyer"].set_error(str(refusal))
            return
        self.fill(
            buyer=title.name,
            tax_number=title.tax_number,
            address_phone=title.address,
            bank=title.bank,
            individual=False,
        )
        if not title.whole:
            self["buyer"].set_note(_("The code's check is wrong. Compare name and number with the buyer."))


class NumberForm(RowForm):
    """The twenty figures and the day of an issued invoice."""

    def __init__(self, screen: Register, do: Do, back: Do) -> None:
        self.today = screen.today
        super().__init__(
            _("The invoice is issued"),
            _("Note the number"),
            do,
            back,
            icon="check",
            serial=Text(_("Invoice number, 20 figures"), required=True, longest=30, plain=True),
            issued_on=Day(_("Issued on"), today=screen.today, required=True),
        )

    def begin(self, row: InvoiceRow) -> None:
        """Ask for the number; the day is today's."""
        self.say(f"{row.shown} {row.buyer}")
        self.fill(serial="", issued_on=self.today)


class RedForm(RowForm):
    """A red letter: how much it takes back and why."""

    def __init__(self, screen: Register, do: Do, back: Do) -> None:
        self.today: date = screen.today
        super().__init__(
            _("Red letter"),
            _("Enter the red letter"),
            do,
            back,
            serial=Text(_("Red letter's number, 20 figures"), required=True, longest=30, plain=True),
            confirmation=Text(_("Confirmation number, 20 figures"), longest=30, plain=True),
            amount=Amount(_("Amount taken back"), digits=screen.digits, required=True),
            reason=Choice(_("Reason"), [(word, _(told)) for word, told in REASONS.items() if word != "file"]),
            issued_on=Day(_("Issued on"), today=screen.today, required=True),
        )

    def begin(self, row: InvoiceRow) -> None:
        """Take back all that is left, today, because it was wrong."""
        self.say(f"{row.shown} {row.buyer} {row.serial}")
        self.fill(serial="", confirmation="", amount=row.left, reason="error", issued_on=self.today)


class DropForm(RowForm):
    """Why nobody wants it any more."""

    def __init__(self, _screen: Register, do: Do, back: Do) -> None:
        super().__init__(
            _("Call off"), _("Call off"), do, back, reason=Text(_("Reason"), required=True, longest=120)
        )


class AdoptForm(RowForm):
    """Of which stay an invoice is that the platform issued and nobody had wanted here."""

    def __init__(self, screen: Register, do: Do, back: Do) -> None:
        self.office, self.digits = screen.office, screen.digits
        stay = Text(_("Room or stay number"), width=112, required=True, longest=12, plain=True)
        self.who = label("", "muted", wrap=True)
        super().__init__(
            _("Take the invoice over"),
            _("Take it over"),
            do,
            back,
            col(stay, self.who, gap=4),
            icon="check",
            stay=stay,
        )
        stay.changed.connect(self._look)

    def begin(self, row: Any) -> None:
        """Say which invoice it is and ask for the stay."""
        self.say(f"{row.serial} {row.buyer}")
        super().begin(row)
        self._look()

    def _look(self) -> None:
        typed = self["stay"].value()
        found = self.office.ask(queries.whose, text=typed) if typed else None
        self.stay_id = found.stay_id if found is not None else 0
        told, tone = whose_words(found, typed, self.digits)
        self.who.setText(told)
        set_tone(self.who, tone)

    def given(self) -> dict[str, Any]:
        """Name the stay; a room in which nobody is has none."""
        return {"stay_id": self.stay_id}


def whose_words(found: Billed | None, typed: str, digits: int) -> tuple[str, str]:
    """Return in words whose stay is typed and what of it can be invoiced, and the words' tone."""
    if found is None:
        return (_("No guest is found by %(typed)s.") % {"typed": typed} if typed else ""), "warn"
    told = _("%(room)s %(guest)s: %(left)s of %(paid)s paid can be invoiced") % {
        "room": found.room,
        "guest": found.guest,
        "left": formats.amount(found.left, digits),
        "paid": formats.amount(found.payable, digits),
    }
    return told, "good" if found.left else "warn"
