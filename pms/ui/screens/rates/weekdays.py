"""Weekdays as bits (bit 0 for Monday): chosen in a form, and in words."""

from typing import Any

from pms.core.i18n import _
from pms.ui.kit import formats
from pms.ui.kit.forms import Field
from pms.ui.kit.parts import box, chip, col, row

EVERY = 127


class Weekdays(Field):
    """Seven chips, all on at first; the value has bit 0 for Monday."""

    def __init__(self, title: str) -> None:
        self.chips = [chip(_(name), on=True) for name in formats.WEEKDAYS]
        for made in self.chips:
            made.setMinimumWidth(1)
        lines = col(row(*self.chips[:4], None, gap=4), row(*self.chips[4:], None, gap=4), gap=4)
        super().__init__(title, box(lines))
        self.setFocusProxy(self.chips[0])

    def value(self) -> int:
        """Return the chosen weekdays as bits."""
        return sum(1 << n for n, made in enumerate(self.chips) if made.isChecked())

    def set_value(self, value: Any) -> None:
        """Choose weekdays by their bits."""
        for n, made in enumerate(self.chips):
            made.setChecked(bool(value >> n & 1))

    def error(self) -> str:
        """Ask for at least one."""
        return "" if self.value() else _("Choose at least one weekday.")


def weekday_words(bits: int) -> str:
    """Name weekdays: every day, Fri Sat."""
    if bits == EVERY:
        return _("every day")
    return " ".join(_(name) for n, name in enumerate(formats.WEEKDAYS) if bits >> n & 1)
