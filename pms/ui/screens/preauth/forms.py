"""The forms of pre-authorisations: hold an amount, top it up, complete it, release it, undo a completion."""

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtWidgets import QLabel

from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.money import show
from pms.core.office import Office
from pms.core.payments import NEEDED, SLIP, number
from pms.services.folios.kinds import Way
from pms.services.preauth import queries
from pms.services.preauth.queries import Lodger, PreauthRow
from pms.ui.kit import formats
from pms.ui.kit.amounts import Amount, Day
from pms.ui.kit.flow import FormPage, Pick
from pms.ui.kit.forms import Choice, Code, Remark, Text
from pms.ui.kit.parts import col, label, row, set_tone
from pms.ui.kit.register import Register
from pms.ui.kit.verbs import RowForm

Do = Callable[[], object]
CODE = 64
"""Signs of a wallet's order at most; an authorisation code is much shorter."""


class TakeForm(FormPage):
    """For which room, of which card, how much, and what the terminal's slip says."""

    def __init__(self, office: Office, today: date, digits: int, do: Do, back: Do) -> None:
        self.office = office
        self.guest: Lodger | None = None
        self.ways: dict[str, Way] = {}
        room, method = Code(_("Room"), width=80, required=True, longest=8), Pick(_("Card"), [])
        amount = Amount(_("Amount held"), digits=digits, required=True)
        last_four = Code(_("Last four figures"), width=110, longest=4)
        code = Code(_("Authorisation code"), width=160, required=True, longest=CODE)
        trace = Text(_("Terminal, batch, trace"), longest=60)
        valid_until = Day(_("Valid until"), today=today, required=True)
        self.who = label("", "muted", wrap=True)
        super().__init__(
            _("Hold an amount"),
            _("Hold, print slip"),
            do,
            back,
            col(room, self.who, gap=4),
            method,
            row(amount, last_four, None),
            code,
            trace,
            row(valid_until, None),
            icon="lock",
            room=room,
            method=method,
            amount=amount,
            last_four=last_four,
            code=code,
            trace=trace,
            valid_until=valid_until,
        )
        room.changed.connect(self._look)
        method.changed.connect(self._turn)

    def open(self, room: str = "") -> None:
        """Begin afresh: a new intent, the first kind that is held, valid by the house's rule."""
        self.intent = self.office.new_intent()
        self.ways = {way.code: way for way in self.office.ask(queries.held_kinds)}
        self["method"].set_options([(way.code, way.words) for way in self.ways.values()])
        self["method"].setVisible(len(self.ways) > 1)
        self.fill(
            room=room,
            amount=None,
            last_four="",
            code="",
            trace="",
            valid_until=self.office.ask(queries.usual_end),
        )
        self._turn()
        self._look()

    def _look(self) -> None:
        typed = self["room"].value()
        self.guest = self.office.ask(queries.lodger, room=typed) if typed else None
        if self.guest:
            until = _("%(guest)s, until %(day)s")
            told = until % {"guest": self.guest.guest, "day": formats.day(self.guest.departure)}
        else:
            told = _("Nobody is in %(room)s.") % {"room": typed} if typed else ""
        self.who.setText(told)
        set_tone(self.who, "good" if self.guest else "warn")

    def _turn(self) -> None:
        """Ask for a card's figures, or for a wallet's order."""
        way = self.ways.get(self["method"].value())
        card = way is None or way.shape == SLIP
        self["last_four"].setVisible(card)
        self["last_four"].required = card
        self["code"].set_title(_("Authorisation code") if card else _("Order number"))

    def fields(self) -> dict[str, Any]:
        """Return what is to be held."""
        given = self.form.values()
        given.pop("room")
        return given


class OfRow(RowForm):
    """A form about a pre-authorisation, which says what is held of which guest's card."""

    digits = 2

    def tell(self, r: PreauthRow) -> None:
        """Say what the form is about."""
        words = _("%(number)s: %(sum)s held, %(card)s, %(room)s %(guest)s")
        self.say(
            words
            % {
                "number": r.shown,
                "sum": show(r.open, self.digits),
                "card": r.card,
                "room": r.room,
                "guest": r.guest,
            }
        )


class TopUpForm(OfRow):
    """How much more is held, and until when."""

    def begin(self, row: PreauthRow) -> None:
        """Begin with the day that holds already."""
        self.tell(row)
        self.fill(amount=None, code="", valid_until=row.valid_until)


def top_up_form(page: Register, do: Do, back: Do) -> TopUpForm:
    """Make the form of a top-up."""
    amount = Amount(_("Held in addition"), digits=page.digits, required=True)
    code = Code(_("New authorisation code, if there is one"), width=200, longest=CODE)
    day = Day(_("Valid until"), today=page.today, required=True)
    made = TopUpForm(
        _("Top up"),
        _("Top up, print slip"),
        do,
        back,
        row(amount, None),
        code,
        row(day, None),
        icon="plus",
        amount=amount,
        code=code,
        valid_until=day,
    )
    made.digits = page.digits
    return made


class CaptureForm(OfRow):
    """How much of it becomes a payment, on which folio, under which number."""

    page: Any
    rest: QLabel
    ways: dict[str, Way]
    windows: dict[str, int]

    def begin(self, row: PreauthRow) -> None:
        """Propose what the folio owes, at most what is held."""
        self.row = row
        self.tell(row)
        folios = self.page.owing(row)
        self.windows = dict(folios)
        self["window"].set_options([(w, w) for w, _owed in folios] or [("A", "A")])
        self["window"].setVisible(len(folios) > 1)
        self.ways = {way.code: way for way in self.page.office.ask(queries.held_kinds)}
        self.fill(window=next((w for w, owed in folios if owed > 0), "A"), reference="")
        self.propose()

    def propose(self) -> None:
        """Propose what is owed on the chosen folio, and say what goes free."""
        if self.row is None:
            return
        owed = self.windows.get(self["window"].value(), 0)
        self["amount"].set_value(max(min(owed, self.row.open), 0) or None)
        self.reckon()

    def reckon(self) -> None:
        """Say what is released."""
        if self.row is None:
            return
        try:
            taken = int(self["amount"].value() or 0)
        except Refused:
            taken = 0
        rest = self.row.open - taken
        self.rest.setText(
            _("%(sum)s is released.") % {"sum": show(rest, self.digits)}
            if rest >= 0
            else _("Only %(sum)s is held.") % {"sum": show(self.row.open, self.digits)}
        )
        set_tone(self.rest, "" if rest >= 0 else "bad")

    def lacking(self) -> str:
        """Say what is wrong with the transaction number."""
        way = self.ways.get(self.row.kind)
        if way is None:
            return ""
        try:
            found = number(self["reference"].value(), way.shape)
        except Refused as refusal:
            return str(refusal)
        return "" if found or way.number != NEEDED else _("The transaction number is missing.")

    def given(self) -> dict[str, Any]:
        """Return what is taken, of how much."""
        return {**self.form.values(), "seen": int(self.row.open)}


def capture_form(page: Any, do: Do, back: Do) -> CaptureForm:
    """Make the form of a completion."""
    amount = Amount(_("Amount charged"), digits=page.digits, required=True)
    window = Choice(_("Folio"), width=80)
    reference = Text(_("Transaction number"), plain=True, longest=64, hint=_("if at hand"))
    rest = label("", "muted", wrap=True)
    made = CaptureForm(
        _("Complete it"),
        _("Charge, release the rest"),
        do,
        back,
        row(amount, window, None),
        rest,
        reference,
        icon="cash",
        amount=amount,
        window=window,
        reference=reference,
    )
    made.page, made.rest, made.digits = page, rest, page.digits
    window.changed.connect(made.propose)
    amount.changed.connect(made.reckon)
    reference.check = lambda _typed: made.lacking()
    return made


class ReasonForm(OfRow):
    """Why it is released, or its completion undone."""

    def begin(self, row: PreauthRow) -> None:
        """Ask why."""
        self.row = row
        self.tell(row)
        self.fill(reason="")


class ReleaseForm(ReasonForm):
    """Why all of it is released."""

    def given(self) -> dict[str, Any]:
        """Return why, and how much the clerk saw held."""
        return {**self.form.values(), "seen": int(self.row.open)}


def release_form(page: Register, do: Do, back: Do) -> ReleaseForm:
    """Make the form of a release."""
    reason = Remark(_("Reason"), lines=2)
    made = ReleaseForm(_("Release it"), _("Release"), do, back, reason, icon="check", reason=reason)
    made.digits = page.digits
    return made


def undo_form(page: Register, do: Do, back: Do) -> ReasonForm:
    """Make the form that undoes a completion."""
    reason = Remark(_("Reason"), required=True, lines=2)
    hint = label(
        _("Undo it on the terminal first. The payment is reversed, and the amount is held again."),
        "muted",
        wrap=True,
    )
    made = ReasonForm(_("Undo the completion"), _("Undo"), do, back, hint, reason, reason=reason)
    made.digits = page.digits
    return made
