"""From and to: the days that a list looks back on."""

from datetime import date

from PySide6.QtWidgets import QWidget

from pms.core.i18n import _
from pms.ui.kit.amounts import Day
from pms.ui.kit.parts import Item, col, row


class Span(QWidget):
    """Two days, by default from the first of the month to today, and what stands beside them."""

    def __init__(self, today: date, *beside: Item) -> None:
        super().__init__()
        self._today = today
        self.since = Day(_("From"), today=today, value=today.replace(day=1), width=136)
        self.until = Day(_("To"), today=today, value=today, width=136)
        self.setLayout(row(self.since, self.until, col(None, *beside, pad=(0, 0, 0, 2)), None, gap=8))

    def days(self) -> tuple[date, date]:
        """Return the first and the last day; what cannot be read is said in its field and not used."""
        self.since.validate(), self.until.validate()
        start = self.since.value() or self._today.replace(day=1)
        end = self.until.value() or self._today
        return min(start, end), max(start, end)
