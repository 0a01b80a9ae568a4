"""What is shown of a period: each measure as it is read from figures and from a budget, and as a list."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from PySide6.QtWidgets import QWidget

from pms.core.figures import Figures
from pms.core.i18n import N_, _
from pms.core.money import signed
from pms.core.offers import Aim
from pms.services.reports import lists as papers
from pms.ui.kit import formats
from pms.ui.kit.charts import Bar
from pms.ui.kit.empty import Empty
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table


@dataclass(frozen=True)
class Measure:
    """Something that is shown as a chart: its name, how it is read from figures and from a budget, how it is
    written."""

    title: str
    read: Callable[[Figures], int | None]
    aim: Callable[[Aim, int, int], int | None]
    money: bool


def _meant(aim: Aim, available: int = 0) -> Figures:
    """Return a budget as figures, so that its ratios are worked out as those of the days are."""
    return Figures(rooms=available, sold=aim.sold, revenue=aim.revenue)


MEASURES = {
    "occupancy": Measure(
        N_("Occupancy"),
        lambda f: f.occupancy,
        lambda a, _days, available: _meant(a, available).occupancy,
        money=False,
    ),
    "adr": Measure(
        N_("ADR"),
        lambda f: f.adr,
        lambda a, _days, _available: _meant(a).adr,
        money=True,
    ),
    "revpar": Measure(
        N_("RevPAR"),
        lambda f: f.revpar,
        lambda a, _days, available: _meant(a, available).revpar,
        money=True,
    ),
    "revenue": Measure(
        N_("Room revenue"), lambda f: f.revenue, lambda a, days, _available: a.revenue // days, money=True
    ),
}


class DaysTable(Table):
    """The chart in figures: each day or month beside last year's and the budget."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.measure, self.digits_, self.monthly = MEASURES["occupancy"], 2, False
        super().__init__(
            (
                Column(N_("Day"), lambda b: self.day(b.key), bold=True),
                Column(N_("Figure"), self._of("value"), "number", width=100),
                Column(N_("Last year"), self._of("before"), "number", width=100),
                Column(N_("Difference"), self.difference, "number", width=100),
                Column(N_("Budget"), self._of("target"), "number", width=100),
            ),
            key=lambda b: b.key,
            parent=parent,
        )
        self.setAccessibleName(_("Figures as a list"))
        self.set_empty(Empty("chart", _("There is no figure yet.")))

    def show_bars(self, bars: list[Bar], measure: "Measure", digits: int, *, monthly: bool) -> None:
        """Show what the chart shows."""
        self.measure, self.digits_, self.monthly = measure, digits, monthly
        self.show_rows([])  # the same days, written otherwise
        self.show_rows(bars)

    def day(self, key: date) -> str:
        """Return a day or a month as it is read."""
        return formats.month(key) if self.monthly else formats.long_day(key)

    def _of(self, name: str) -> Callable[[Bar], str]:
        return lambda bar: self.written(getattr(bar, name))

    def written(self, value: int | None) -> str:
        """Write a figure of the measure that is shown."""
        if value is None:
            return ""
        return formats.amount(value, self.digits_) if self.measure.money else f"{value / 100:.2f}%"

    def difference(self, bar: Bar) -> str:
        """Write how much more or less than last year: money, or points of a hundred."""
        if bar.value is None or bar.before is None:
            return ""
        more = bar.value - bar.before
        return signed(more, self.digits_ if self.measure.money else 2)

    def heads(self) -> list[papers.Head]:
        """Return the heads of the list for paper."""
        return [papers.Head(_(c.title), c.width or 120, bool(c.width)) for c in self.rows.columns]

    def entries(self) -> list[list[str]]:
        """Return its lines for paper."""
        columns = range(len(self.rows.columns))
        return [[fact for fact, _sub in self.words_of(row, columns)] for row in self.rows.rows()]
