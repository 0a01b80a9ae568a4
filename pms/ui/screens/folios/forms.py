"""The forms beside a folio: one question each, one intent each; the same call twice is one posting."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.money import Money, show
from pms.core.office import Office
from pms.core.operation import Call
from pms.services.folios import queries, service, splitting
from pms.services.folios.queries import FolioLine, FolioRow
from pms.services.stays import queries as stay_queries
from pms.services.stays.queries import StayRow
from pms.ui.kit.amounts import Amount, Number
from pms.ui.kit.desk import Outcome
from pms.ui.kit.flow import FormPage
from pms.ui.kit.forms import Choice, Field, Flag, Remark, Text
from pms.ui.kit.parts import Item, row

from .lines import words


@dataclass(frozen=True)
class Facts:
    """What the forms know of the stay: its head, accounts, postings, the line in hand, the deposit slips that
    are out, and the way by which money goes back."""

    stay: StayRow
    accounts: tuple[FolioRow, ...]
    window: str
    line: FolioLine | None
    slips: tuple[str, ...]
    digits: int
    way: str = "CASH"
    called: Mapping[str, str] | None = None
    """How the house calls its kinds of payment."""

    def folios(self) -> list[FolioRow]:
        """Return the stay's folios without its deposit."""
        return [a for a in self.accounts if a.ledger == "guest"]

    def held(self) -> Money:
        """Return the deposit that the house holds."""
        return Money(-sum(a.balance for a in self.accounts if a.ledger == "deposit"))

    def owed(self, window: str) -> int:
        """Return what a folio owes."""
        return next((int(a.own) for a in self.folios() if a.window == window), 0)


R = TypeVar("R")


class FolioDesk(Protocol):
    """What a form needs of the folio's page."""

    office: Office

    def facts(self) -> Facts:
        """Return the stay as it is shown."""

    def run(self, call: Call[R], *, intent: str | None = None, said: str = "") -> Outcome[R]:
        """Run one operation."""

    def refuse(self, why: str | Exception) -> None:
        """Say why not."""

    def close_form(self) -> None:
        """Turn back to the folio."""


class FolioForm(FormPage):
    """A form of the folio's side panel."""

    def __init__(
        self, desk: FolioDesk, title: str, verb: str, *items: Item, icon: str = "", **fields: Field | Flag
    ) -> None:
        self.desk = desk
        super().__init__(title, verb, self.submit, desk.close_form, *items, icon=icon, **fields)

    def open(self) -> None:
        """Begin afresh: a new intent, the fields filled with what is likely."""
        self.intent = self.desk.office.new_intent()
        self.prepare(self.desk.facts())
        self.form.clear_errors()

    def prepare(self, facts: Facts) -> None:
        """Fill the fields."""

    def submit(self) -> None:
        """Do it."""
        raise NotImplementedError

    def complete(self) -> bool:
        """Say whether all fields are right; go to the first that is not."""
        if missing := self.form.missing():
            self.desk.refuse(missing)
        return not missing

    def send(self, call: Call[Any], said: str) -> None:
        """Run the operation and turn back to the folio when it is done."""
        if self.desk.run(call, intent=self.intent, said=said):
            self.desk.close_form()


def windows(facts: Facts) -> list[tuple[str, str]]:
    return [(f.window, f"{f.window} {f.name}") for f in facts.folios()]


def open_windows(facts: Facts) -> list[tuple[str, str]]:
    return [(f.window, f"{f.window} {f.name}") for f in facts.folios() if not f.closed]


def elsewhere(desk: FolioDesk, facts: Facts, line: FolioLine | None) -> list[tuple[tuple[int, str], str]]:
    """Return where a line may go: the stay's other folios, then everybody in house."""
    own = [
        ((facts.stay.stay_id, f.window), f"{facts.stay.room} {f.window} {f.name}")
        for f in facts.folios()
        if not f.closed and (line is None or f.window != line.window)
    ]
    today = desk.office.house().business_date
    others = [
        ((s.stay_id, "A"), f"{s.room} {s.guest}")
        for s in desk.office.ask(stay_queries.in_house, business_date=today)
        if s.stay_id != facts.stay.stay_id
    ]
    return own + others


class ChargeForm(FolioForm):
    """Post a charge to one folio."""

    def __init__(self, desk: FolioDesk, digits: int) -> None:
        self.digits = digits
        self.prices = {c.code: c.price for c in desk.office.ask(queries.codes)}
        codes = [(c.code, _(c.name)) for c in desk.office.ask(queries.codes)]
        code, amount = (
            Choice(_("Item"), codes, required=True),
            Amount(_("Unit price"), digits=digits, required=True),
        )
        quantity, text, window = (
            Number(_("Quantity"), value=1, least=1, most=999),
            Text(_("Remark"), longest=80),
            Choice(_("Folio")),
        )
        self.sum = row()
        super().__init__(
            desk,
            _("Post a charge"),
            _("Post"),
            code,
            row(amount, quantity, None),
            text,
            window,
            self.sum,
            icon="plus",
            code=code,
            amount=amount,
            quantity=quantity,
            text=text,
            window=window,
        )
        code.changed.connect(self._priced)
        for field in (amount, quantity):
            field.changed.connect(self._show_sum)

    def prepare(self, facts: Facts) -> None:
        """Start with the first item at its list price."""
        self["window"].set_options(open_windows(facts))
        self.fill(quantity=1, text="", window=facts.window or "A", amount=None)
        self["window"].setVisible(len(open_windows(facts)) > 1)
        self._priced()

    def _priced(self) -> None:
        self["amount"].set_value(self.prices.get(self["code"].value()) or None)
        self._show_sum()

    def _show_sum(self) -> None:
        try:
            amount, quantity = self["amount"].value() or 0, self["quantity"].value() or 0
        except Refused:
            amount = quantity = 0
        self.say(
            f"{show(amount, self.digits)} × {quantity} = {show(amount * quantity, self.digits)}"
            if amount and quantity > 1
            else ""
        )

    def submit(self) -> None:
        """Post it."""
        if self.complete():
            v = self.form.values()
            total = show(v["amount"] * (v["quantity"] or 1), self.digits)
            self.send(
                service.charge.of(
                    stay_id=self.desk.facts().stay.stay_id, **{**v, "quantity": v["quantity"] or 1}
                ),
                _("%(item)s %(sum)s is posted.") % {"item": words(v["code"], ""), "sum": total},
            )


class VoidForm(FolioForm):
    """Reverse the line in hand: a void today, an adjustment for a closed day."""

    def __init__(self, desk: FolioDesk, digits: int) -> None:
        self.digits, self.line = digits, None
        reason = Remark(_("Reason"), required=True, lines=2)
        super().__init__(desk, _("Void a posting"), _("Void"), reason, reason=reason)

    line: FolioLine | None

    def prepare(self, facts: Facts) -> None:
        """Name the line."""
        self.line = facts.line
        self.fill(reason="")
        if self.line is not None:
            today = self.line.business_date == self.desk.office.house().business_date
            self.title.setText(_("Void a posting") if today else _("Adjust a closed day's line"))
            self.button.say(_("Void") if today else _("Adjust"))
            sum_ = show(self.line.charge or self.line.paid, self.digits)
            rest = "" if today else " " + _("Its day is closed: the reversal is posted today.")
            self.say(
                _("%(item)s %(sum)s is reversed; the line stays, struck.")
                % {"item": words(self.line.code, self.line.text, facts.called), "sum": sum_}
                + rest
            )

    def submit(self) -> None:
        """Reverse it."""
        if self.complete() and self.line is not None:
            today = self.line.business_date == self.desk.office.house().business_date
            reverse = service.void if today else service.adjust
            self.send(
                reverse.of(transfer_id=self.line.id, reason=self["reason"].value()),
                _("The line is reversed."),
            )


class TransferForm(FolioForm):
    """Move the charge in hand, or part of it, to another folio."""

    def __init__(self, desk: FolioDesk, digits: int) -> None:
        self.digits, self.line = digits, None
        to, amount = Choice(_("To folio"), required=True), Amount(_("Amount"), digits=digits, required=True)
        reason = Text(_("Reason"), required=True, longest=80)
        super().__init__(
            desk,
            _("Transfer a posting"),
            _("Transfer"),
            to,
            amount,
            reason,
            to=to,
            amount=amount,
            reason=reason,
        )

    line: FolioLine | None

    def prepare(self, facts: Facts) -> None:
        """Offer the stay's other folios, then everybody in house."""
        self.line = facts.line
        self["to"].set_options(elsewhere(self.desk, facts, self.line))
        self.fill(reason="", amount=None)
        if self.line is not None:
            left = self.desk.office.ask(splitting.left, transfer_id=self.line.id)
            self.fill(amount=left)
            self.say(
                _("%(item)s %(sum)s; both folios show it.")
                % {"item": words(self.line.code, self.line.text), "sum": show(left, self.digits)}
            )

    def submit(self) -> None:
        """Move it."""
        if self.complete() and self.line is not None:
            stay_id, window = self["to"].value()
            self.send(
                service.transfer_line.of(
                    transfer_id=self.line.id,
                    to_stay_id=stay_id,
                    to_window=window,
                    amount=self["amount"].value(),
                    reason=self["reason"].value(),
                ),
                _("%(sum)s is transferred.") % {"sum": show(self["amount"].value(), self.digits)},
            )


class WindowForm(FolioForm):
    """Open a folio for another payer."""

    def __init__(self, desk: FolioDesk) -> None:
        payer = Text(_("Who pays"), required=True, longest=60)
        super().__init__(desk, _("Another folio"), _("Open the folio"), payer, icon="plus", payer=payer)
        self.say(_("Charges can be posted or transferred to it; it is settled at check-out like the first."))

    def prepare(self, facts: Facts) -> None:
        """Start empty, or with the company that booked."""
        self.fill(payer=facts.stay.company)

    def submit(self) -> None:
        """Open it."""
        if self.complete():
            self.send(
                service.open_window.of(stay_id=self.desk.facts().stay.stay_id, payer=self["payer"].value()),
                _("The folio is open."),
            )


def _layouts() -> list[tuple[str, str]]:
    return [("detail", _("Every line")), ("summary", _("Summary"))]


class BillForm(FolioForm):
    """Print a folio's bill; the page beside it shows exactly what prints."""

    def __init__(self, desk: FolioDesk, draw: Callable[[str, str], None]) -> None:
        self._draw = draw
        window, layout = Choice(_("Folio")), Choice(_("Charges"), _layouts())
        super().__init__(
            desk,
            _("Print the bill"),
            _("Print"),
            window,
            layout,
            icon="printer",
            window=window,
            layout=layout,
        )
        for field in (window, layout):
            field.changed.connect(self._show)

    def _show(self) -> None:
        self._draw(self["window"].value(), self["layout"].value())

    def prepare(self, facts: Facts) -> None:
        """Draw the folio in hand."""
        self["window"].set_options(windows(facts))
        self.fill(window=facts.window or "A")
        self["window"].setVisible(len(facts.folios()) > 1)
        self.fill(layout=self.desk.office.ask(queries.usual_layout))
        self.say(_("The bill gets its number when it prints."))
        self._show()

    def submit(self) -> None:
        """Print it."""
        stay_id = self.desk.facts().stay.stay_id
        if self.desk.run(
            service.print_bill.of(
                stay_id=stay_id, window=self["window"].value(), layout=self["layout"].value()
            ),
            said=_("The bill is printing."),
        ):
            self.desk.close_form()
