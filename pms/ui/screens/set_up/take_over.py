"""Taking over a running hotel: who is in house, at which price, owing what, with which deposit; then the
first trial balance."""

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from pms.core.i18n import N_, _
from pms.core.office import Office
from pms.ui.kit import formats
from pms.ui.kit.amounts import Amount, Day
from pms.ui.kit.forms import Field, Text
from pms.ui.kit.parts import Badge, box, card, empty_out, label, row, scrolling
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table
from pms.ui.screens.set_up.draft import Draft
from pms.ui.screens.set_up.page import Lines, Page

LEDGERS = {
    "guest": N_("Guests"),
    "deposit": N_("Deposits"),
    "advance": N_("Advance deposits"),
    "stored": N_("Stored value"),
    "city": N_("City ledger"),
    "payment": N_("Payments"),
    "revenue": N_("Revenue"),
    "tax": N_("Tax"),
    "equity": N_("Opening balance"),
}
COLUMNS = (
    Column(N_("Ledger"), lambda r: _(LEDGERS.get(r.ledger, r.ledger))),
    Column(N_("Debit"), lambda r: r.closing if r.closing > 0 else None, "money", width=94),
    Column(N_("Credit"), lambda r: -r.closing if r.closing < 0 else None, "money", width=94),
)


class TakeOverPage(Page):
    """The guests in house on the day the program takes over."""

    title = N_("Guests in house")
    says = N_(
        "An existing hotel enters who stays tonight; balances and deposits are set against the opening "
        "balance. A new hotel continues without."
    )
    edited = Signal()

    def __init__(self, draft: Draft) -> None:
        self.day, self.digits = date.min, 2
        self.intent, self.closes = "", False
        super().__init__(draft)

    def build(self) -> QWidget:
        """Put the page together."""
        heads = (
            (_("Room"), 64),
            (_("Guest"), 132),
            (_("Departure"), 112),
            (_("Price"), 112),
            (_("Owes"), 112),
            (_("Deposit held"), 112),
        )
        self.lines = Lines(heads, self._line, _("One more guest"))
        self.lines.changed.connect(self.edited)
        self.balance = Table(COLUMNS, key=lambda r: r.ledger)
        self.proof = row(gap=8)
        self.card = card((self.balance, 1), self.proof, title=_("First trial balance"))
        self.card.setVisible(False)
        return box(row(scrolling(box(row(self.lines, None))), (self.card, 1), gap=16))

    def _line(self) -> dict[str, Field]:
        return {
            "room": Text(longest=8, plain=True),
            "name": Text(required=True, longest=60),
            "departure": Day(today=self.day, required=True),
            "price": Amount(digits=self.digits, required=True),
            "owed": Amount(digits=self.digits),
            "deposit": Amount(digits=self.digits),
        }

    def begin(self, office: Office) -> None:
        """Take the hotel that has just been founded."""
        self.day, self.digits = office.house().business_date, office.house().digits
        self.balance.rows.digits = self.digits
        self.intent = office.new_intent()
        if not self.lines.lines:
            self.lines.add()

    def first(self) -> QWidget:
        """Begin at the first room."""
        return self.lines.lines[0]["room"] if self.lines.lines else self.lines.more

    def guests(self) -> list[Any]:
        """Return who was entered."""
        from pms.services.opening.service import Guest

        return [
            Guest(v["room"], v["name"], v["departure"], v["price"], v["owed"] or 0, v["deposit"] or 0)
            for v in self.lines.values()
        ]

    def leave(self) -> str:
        """Check what was entered."""
        return self.lines.wrong()

    def show_balance(self, ask: Callable[..., Any]) -> None:
        """Show the trial balance of the hotel as it begins."""
        from pms.services.night_audit import proof

        rows = [r for r in ask(proof.standing) if r.debit or r.credit]
        self.balance.show_rows(rows)
        empty_out(self.proof)
        debit, credit = (sum(max(sign * r.closing, 0) for r in rows) for sign in (1, -1))
        self.closes = debit == credit
        self.proof.addWidget(
            Badge(_("Closes"), "good", "check") if self.closes else Badge(_("Does not close"), "bad", "alert")
        )
        sign = "=" if self.closes else "≠"
        self.proof.addWidget(
            label(
                f"{formats.amount(debit, self.digits)} {sign} {formats.amount(credit, self.digits)}", "strong"
            ),
            1,
        )
        self.lines.setEnabled(False)
        self.card.setVisible(True)
