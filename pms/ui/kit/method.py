"""How money comes in or goes out: the kinds of payment of the house, with an electronic one's number."""

from collections.abc import Callable, Container, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout

from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.office import Office
from pms.core.payments import NEEDED, SLIP, TRADE, number
from pms.core.permissions import Permission
from pms.services.folios import kinds
from pms.services.folios.kinds import Way
from pms.ui.kit.flow import Pick
from pms.ui.kit.forms import Text


def called(office: Office) -> dict[str, str]:
    """Return how the house calls each kind of payment, by its code; the usual names for who may not ask."""
    if office.clerk.may(Permission.FOLIOS_READ):
        return office.ask(kinds.called)
    return {code: _(words) for code, words in kinds.NAMES.items()}


class Method(Pick):
    """The kinds of payment as chips; below them the number, where the kind bears one. Cash asks nothing more.

    ``but``: kinds that are not offered here; ``more``: what stands behind them (a guest's room); ``out``:
    money goes out, so the number may be left to the program, which knows by which payments it came.
    """

    def __init__(
        self,
        office: Office,
        title: str | None = None,
        *,
        but: Container[str] = (),
        more: Sequence[tuple[str, str]] = (),
        out: bool = False,
    ) -> None:
        self._office, self._but, self._more, self._out = office, but, tuple(more), out
        self.ways: dict[str, Way] = {}
        self._kinds: dict[str, str] = {}
        self.asked: Callable[[], bool] = lambda: True
        """Says whether money is taken at all: without it no number is missing."""
        self.typed = Text(_("Transaction number"), plain=True, longest=64)
        self.typed.hide()
        super().__init__(_("Method") if title is None else title, [], icons={"CASH": "cash"})
        layout = self.layout()
        assert isinstance(layout, QBoxLayout)
        layout.insertWidget(layout.indexOf(self.editor) + 1, self.typed)
        self.typed.setContentsMargins(0, 8, 0, 0)
        self.changed.connect(self._show_number)
        self.look()

    def look(self) -> None:
        """Ask what the house offers now."""
        self.ways = {way.code: way for way in self._office.ask(kinds.offered) if way.code not in self._but}
        self.set_options([*((way.code, way.words) for way in self.ways.values()), *self._more])
        self._show_number()

    def offer_more(self, more: Sequence[tuple[str, str, str]]) -> None:
        """Offer these behind the kinds: value, words, and the kind whose number each bears."""
        self._more = tuple((value, words) for value, words, _kind in more)
        self._kinds = {value: kind for value, _words, kind in more}
        self.look()

    def set_value(self, value: Any) -> None:
        """Choose a kind without telling, with no number yet. What is offered no more is shown where money
        goes back that came by it."""
        if self._out and value in kinds.NAMES and value not in self.chips.chips:
            self.also(value, _(kinds.NAMES[value]))
        super().set_value(value)
        self.typed.set_value("")
        self._show_number()

    def also(self, value: str, words: str) -> None:
        """Offer one more behind the others."""
        shown = [(code, made.words) for code, made in self.chips.chips.items()]
        self.set_options([*shown, (value, words)])

    def reference(self) -> str:
        """Return the number that was typed, empty where the kind bears none."""
        return str(self.typed.value()) if self._way() is not None else ""

    def _way(self) -> Way | None:
        """Return the kind in hand if it bears a number."""
        chosen = self.value()
        way = self.ways.get(self._kinds.get(chosen, chosen))
        return way if way is not None and way.bears else None

    def error(self) -> str:
        """Say what is wrong with the number, as long as it is seen."""
        way = self._way()
        if way is None or not self.isVisibleTo(self.window()):
            return ""
        try:
            found = number(self.reference(), way.shape)
        except Refused as refusal:
            return str(refusal)
        if found or self._out or way.number != NEEDED or not self.asked():
            return ""
        return _("%(field)s is missing.") % {"field": self.typed.title}

    def set_error(self, message: str) -> None:
        """Show a message under the number, or take it away."""
        self.typed.set_error(message)

    def shown_error(self) -> str:
        """Return the message under the number."""
        return self.typed.shown_error()

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """Give the keys to the kinds, or to a number that is wrong."""
        if self.shown_error():
            self.typed.setFocus(reason)
        else:
            super().setFocus(reason)

    def _show_number(self) -> None:
        way = self._way()
        self.typed.setVisible(way is not None)
        self.typed.set_error("")
        if way is None:
            return
        words = {TRADE: _("Transaction number"), SLIP: _("Terminal's reference")}
        self.typed.set_title(words.get(way.shape, _("Number")))
        if self._out:
            hint = _("of the payment or the refund, if at hand")
        else:
            hint = _("scan or type it") if way.number == NEEDED else _("if at hand")
        self.typed.line.setPlaceholderText(hint)
