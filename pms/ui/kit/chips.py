"""Chips of which one is on: filters with their counts, ways to pay, kinds of a thing."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QWidget

from pms.ui.kit.parts import Button, chip
from pms.ui.kit.wrap import Wrap


class Chips(QWidget):
    """A row of chips by value, which breaks into lines where it must; ``chosen`` tells which one the clerk
    has pressed."""

    chosen = Signal(object)

    def __init__(
        self,
        options: Sequence[tuple[Any, str]] = (),
        *,
        value: Any = None,
        icons: dict[Any, str] | None = None,
    ) -> None:
        super().__init__()
        self.chips: dict[Any, Button] = {}
        self._icons = icons or {}
        self._group = QButtonGroup(self)
        self._row = Wrap()
        self.setLayout(self._row)
        self.set_options(options)
        self.set_value(value)

    def set_options(self, options: Sequence[tuple[Any, str]]) -> None:
        """Offer these; what was on stays on if it is still there. The same ones again change nothing."""
        if [(v, made.words) for v, made in self.chips.items()] == list(options):
            return
        held = self.value()
        for made in self.chips.values():
            self._group.removeButton(made)
            self._row.removeWidget(made)
            made.hide()
            made.deleteLater()
        self.chips = {value: self._chip(value, words) for value, words in options}
        self.set_value(held)

    def make(self, value: Any, words: str) -> Button:
        """Make the button of one value."""
        return chip(words, icon=self._icons.get(value, ""))

    def _chip(self, value: Any, words: str) -> Button:
        made = self.make(value, words)
        made.clicked.connect(lambda _on=False: self.chosen.emit(value))
        self._group.addButton(made)
        self._row.addWidget(made)
        return made

    def value(self) -> Any:
        """Return the value of the chip that is on, or None."""
        return next((value for value, made in self.chips.items() if made.isChecked()), None)

    def set_value(self, value: Any) -> None:
        """Turn one chip on without telling; a value that is not offered turns all off."""
        self._group.setExclusive(False)
        for offered, made in self.chips.items():
            made.setChecked(offered == value)
            made.updateGeometry()
        self._group.setExclusive(True)

    def choose(self, value: Any) -> None:
        """Turn one chip on as if it had been pressed."""
        self.chips[value].click()

    def show_counts(self, counts: dict[Any, int]) -> None:
        """Show how many there are of each."""
        for value, made in self.chips.items():
            made.say(count=str(counts.get(value, "")))

    def counts(self) -> dict[Any, str]:
        """Return what is shown of each."""
        return {value: made.count for value, made in self.chips.items()}
