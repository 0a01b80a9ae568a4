"""The list of the week with its period: prices are typed for these dates and saved in one act."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from PySide6.QtCore import Signal

from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.money import Money
from pms.services.rates.queries import WeekCell
from pms.services.rates.service import WeekPrice
from pms.services.rooms.queries import TypeRow
from pms.ui.kit import formats
from pms.ui.kit.amounts import Day
from pms.ui.kit.parts import box, card, col, hint, label, row
from pms.ui.kit.unsaved import Typed
from pms.ui.kit.wrap import Wrap

from .week import COPY, WeekGrid
from .weekdays import weekday_words

YEAR = timedelta(days=364)


class WeekPage(Typed):
    """Types by weekday. What is typed is kept for each plan until it is saved; ``changed`` tells that it is
    another, ``period_changed`` that other dates are meant."""

    changed = Signal()
    period_changed = Signal()

    def __init__(self, today: date, digits: int) -> None:
        self.digits, self._today = digits, today
        self.since = Day(_("From"), today=today, value=today, required=True, width=160)
        self.until = Day(_("To, this night too"), today=today, value=today + YEAR, required=True, width=160)
        self.grid = WeekGrid(digits)
        self.told = label("", "muted", wrap=True)
        self._typed: dict[int, dict[tuple[int, int], Money]] = {}
        hints = (
            box(hint("0–9", _("price"))),
            box(hint("Enter", _("next type"))),
            box(hint(COPY, _("as the day before"))),
            box(hint("Del", _("as listed"))),
            box(hint("Ctrl+Z", _("undo"))),
        )
        super().__init__(
            col(
                row(self.since, self.until, None, gap=12),
                (card((self.grid, 1), gap=0, pad=(1, 1, 1, 1)), 1),
                self.told,
                box(Wrap(*hints, gap=12)),
                gap=8,
            ),
            (),
        )
        self.layout().setContentsMargins(0, 0, 0, 0)  # type: ignore[union-attr]
        self.since.changed.connect(self.period_changed)
        self.until.changed.connect(self.period_changed)
        self.grid.moved.connect(self._moved)

    def turn(self, today: date) -> None:
        """Count days from another business date; a year that was proposed begins with it, dates that were
        typed stay."""
        proposed = self.until.shows(self._today + YEAR) and not self.until.line.isModified()
        self.since.turn(today)
        self.until.turn(today)
        if proposed:
            self.until.set_value(today + YEAR)
        self._today = today

    def period(self) -> tuple[date, date] | None:
        """Return the first and the last night, None where they cannot be read."""
        try:
            start, end = self.since.value(), self.until.value()
        except Refused:
            return None
        return None if start is None or end is None or end < start else (start, end)

    def show_plan(
        self, plan_id: int, types: Sequence[TypeRow], cells: Iterable[WeekCell], locked: str
    ) -> None:
        """Show a plan's prices, ``locked`` where none may be typed."""
        self.grid.week.locked = locked
        self.grid.show_week(types, cells, self._typed.setdefault(plan_id, {}))

    def prices(self) -> list[WeekPrice]:
        """Return what is typed for the plan that is shown."""
        return self.grid.week.prices()

    def changes(self) -> list[str]:
        """Return it in words: one line for each type and price."""
        names = {t.id: f"{_(t.name)} {t.code}" for t in self.grid.week.types}
        return [
            _("%(type)s, %(days)s: %(price)s")
            % {
                "type": names.get(p.type_id, ""),
                "days": weekday_words(p.weekdays),
                "price": formats.amount(p.price, self.digits),
            }
            for p in self.prices()
        ]

    def saved(self) -> None:
        """Forget what was typed: it is listed now."""
        self.grid.week.forget()

    def unsaved(self) -> bool:
        """Say whether prices that are typed would be lost."""
        return self.isVisible() and (any(self._typed.values()) or self.grid.typing())

    def _moved(self) -> None:
        self.told.setText(self.grid.week.told(self.grid.currentIndex()))
        self.changed.emit()


def period_words(start: date, end: date) -> str:
    """Return a period as it is read."""
    return f"{formats.day(start, year=True)} – {formats.day(end, year=True)}"
