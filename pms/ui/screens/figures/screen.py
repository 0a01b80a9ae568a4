"""Figures: one measure as a chart by day, the period's sums beside last year and the budget, and where the
business comes from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QLayout, QStackedWidget, QWidget

from pms.core import countries
from pms.core.figures import FORMULAS, LOCAL, Figures, written
from pms.core.i18n import N_, _
from pms.core.money import signed
from pms.core.offers import Aim
from pms.core.permissions import Permission
from pms.services.figures import queries, service
from pms.services.figures.queries import OTHERS
from pms.services.reports.bridges import RoomBridge
from pms.services.reservations.queries import SOURCE_NAMES
from pms.ui.kit import formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.charts import Bar, BarChart, LyingBars
from pms.ui.kit.desk import Screen
from pms.ui.kit.empty import Empty
from pms.ui.kit.forms import Amount, Day, Form, Number
from pms.ui.kit.parts import Button, box, card, chip, col, empty_out, heading, label, row, rule, side_panel
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
COMING_DAYS, FRIDAY, MOST_DAYS, MOST_SHARES = 30, 4, 62, 6
OWN = N_("the hotel's own definition")


def _named(bars: LyingBars) -> tuple[str, ...]:
    """Return what a short list names, so that the others can be told from it."""
    return tuple(bar.key for bar in bars.bars if bar.key != OTHERS)


class FiguresScreen(Screen):
    """A month by day; the days to come as pick-up."""

    TOPICS = frozenset({"night_audit", "business_date", "figures", "reservations"})

    def build(self) -> QHBoxLayout:
        """Put chart, sums and shares together."""
        house = self.office.house()
        self.digits, self.word, today = house.digits, "occupancy", house.business_date
        self.since, self.until = queries.month_of(today)
        self.name, self.part = label("", "page"), label("", "muted")
        self.chips = {word: self._measure_chip(word) for word in MEASURES}
        self.chart = BarChart(self._write)
        self.chart.picked.connect(lambda _bar: self.update_actions())
        self.chart.chosen.connect(self._opened)
        self.coming = BarChart(lambda v: "" if v is None else str(v))
        self.coming.chosen.connect(lambda bar: self._show_coming(bar.key))
        self.sources = LyingBars(self._money)
        self.origins = LyingBars(lambda v: "" if v is None else written(v))
        self.sources.chosen.connect(
            lambda bar: self._show_nights(bar.label, source=bar.key, besides=_named(self.sources))
        )
        self.origins.chosen.connect(
            lambda bar: self._show_nights(bar.label, nationality=bar.key, besides=_named(self.origins))
        )
        self.coming.setAccessibleName(_("Booked, next 30 nights"))
        self.sources.setAccessibleName(_("By source"))
        self.origins.setAccessibleName(_("Room nights by origin"))
        head = heading(
            _("Figures"),
            self.part,
            None,
            self.button("earlier", icon=""),
            self.name,
            self.button("later", icon=""),
        )
        self.legend = label("", "meta")
        shares = row(
            (card(self.sources, None, title=_("By source")), 5),
            (card(self.origins, None, title=_("Room nights by origin")), 3),
            (
                card(
                    (self.coming, 1),
                    label(_("+ booked in the last 7 days"), "meta"),
                    title=_("Booked, next 30 nights"),
                ),
                6,
            ),
            gap=12,
        )
        self.stack = QStackedWidget()
        self.stack.addWidget(card((self.chart, 1), row(self.legend, None)))
        self.stack.addWidget(self._rows_page())
        self.first, self.last = (
            Day(today=today, value=self.since, width=136),
            Day(today=today, value=self.until, width=136),
        )
        self.first.line.setAccessibleName(_("From"))
        self.last.line.setAccessibleName(_("To"))
        between = row(
            label(_("From"), "muted"),
            self.first,
            label(_("To"), "muted"),
            self.last,
            self.button("show_period", icon=""),
            gap=6,
        )
        left = col(
            head,
            row(*self.chips.values(), None, between, gap=4),
            (self.stack, 3),
            (box(shares), 2),
            gap=12,
            pad=(16, 12, 16, 12),
        )
        self.sums = col(gap=8)
        return row((box(left), 1), self._side(), gap=0)

    def _rows_page(self) -> QWidget:
        self.rows_title = label("", "title")
        self.nights = Table(
            (
                Column(N_("Night"), lambda n: formats.short_day(n.day), width=120),
                Column(N_("Room"), lambda n: n.room, width=72, bold=True),
                Column(N_("Guest"), lambda n: n.guest),
                Column(N_("Source"), lambda n: _(SOURCE_NAMES.get(n.source, n.source)), width=140),
                Column(N_("Price"), lambda n: n.price, "money", width=104),
            ),
            key=lambda n: (n.day, n.room),
            digits=self.digits,
        )
        self.booked = Table(
            (
                Column(N_("Booking"), lambda b: f"R-{b.number}", width=88, bold=True),
                Column(N_("Guest"), lambda b: b.guest),
                Column(N_("Type"), lambda b: b.type_code, width=72),
                Column(
                    N_("Nights"),
                    lambda b: f"{formats.day(b.arrival)} \u2013 {formats.day(b.departure)}",
                    width=150,
                ),
                Column(N_("Booked on"), lambda b: formats.day(b.made_on), width=88),
                Column(N_("Price"), lambda b: b.price, "money", width=104),
            ),
            key=lambda b: b.line_id,
            digits=self.digits,
        )
        self.booked.chosen.connect(lambda b: self.go("reservations", line_id=b.line_id))
        self.behind = QStackedWidget()
        for table in (self.nights, self.booked):
            table.setAccessibleName(_("Details of the figure"))
            table.set_empty(Empty("chart", _("This figure has no details.")))
            self.behind.addWidget(table)
        return card(row(self.rows_title, None, self.button("to_chart", icon="")), (self.behind, 1), gap=8)

    def _show_rows(self, title: str, table: Table, rows: Sequence[Any]) -> None:
        self.rows_title.setText(title)
        table.show_rows(rows)
        self.behind.setCurrentWidget(table)
        self.stack.setCurrentIndex(1)
        table.setFocus()

    def _show_nights(
        self,
        name: str,
        *,
        source: str | None = None,
        nationality: str | None = None,
        besides: tuple[str, ...] = (),
    ) -> None:
        found = self.office.ask(
            queries.nights_sold,
            start=self.since,
            end=self.until,
            source=source,
            nationality=nationality,
            besides=besides,
        )
        self._show_rows(f"{name}: {self.name.text()}", self.nights, found)

    def _show_coming(self, night: date) -> None:
        self._show_rows(
            _("Booked for %(night)s") % {"night": formats.long_day(night)},
            self.booked,
            self.office.ask(queries.booked_for, night=night),
        )

    def _opened(self, bar: Bar) -> None:
        """Open a day's reports, or a month's days."""
        if self._monthly():
            self._show_span(*queries.month_of(bar.key))
        else:
            self.go("reports", day=bar.key, report="manager")

    def _monthly(self) -> bool:
        return (self.until - self.since).days >= MOST_DAYS

    def step_back(self) -> bool:
        """Turn from the rows back to the chart."""
        away = self.stack.currentIndex() != 0
        self.stack.setCurrentIndex(0)
        return away

    @property
    def month(self) -> date:
        """Return the first day of the month whose budget is entered: the one the period begins in."""
        return self.since.replace(day=1)

    def _measure_chip(self, word: str) -> Button:
        made = chip(_(MEASURES[word].title), on=word == self.word)
        made.clicked.connect(lambda _on=False: self.show_measure(word))
        return made

    def _side(self) -> QWidget:
        self.sold, self.revenue = (
            Number(_("Room nights"), most=999999, required=True, width=96),
            Amount(_("Room revenue"), digits=self.digits, required=True),
        )
        self.budget_of = label("", "title")
        self.form = Form(sold=self.sold, revenue=self.revenue)
        return side_panel(
            self.sums,
            None,
            self.notes,
            rule(),
            self.budget_of,
            row(self.sold, self.revenue, None, gap=12),
            self.button("keep_budget"),
            width=300,
        )

    def start(self) -> QWidget:
        """Give the keys to the chart."""
        return self.chart

    def _write(self, value: int | None) -> str:
        if value is None:
            return ""
        return self._money(value) if MEASURES[self.word].money else f"{value / 100:.0f}%"

    def _money(self, value: int | None) -> str:
        return formats.amount(value, self.digits)

    # -------------------------------------------------------------- showing
    def refresh(self) -> None:
        """Ask for the month and show it."""
        start, end = self.since, self.until
        whole = (start, end) == queries.month_of(start)
        self.name.setText(
            f"{start:%Y-%m}"
            if whole
            else f"{formats.day(start, year=True)} \u2013 {formats.day(end, year=True)}"
        )
        self.budget_of.setText(_("Budget of %(month)s") % {"month": f"{self.month:%Y-%m}"})
        page: queries.Page = self.office.ask(
            queries.page, start=start, end=end, ahead=COMING_DAYS, most=MOST_SHARES
        )
        self._aim, self._days = page.aim, page.days
        self._show_chart()
        self._show_part()
        self._show_sums(page.now, page.before, page.aim, page.bridge)
        self.sources.show_bars(
            [
                Bar(
                    _(SOURCE_NAMES.get(s.name, s.name)) if s.name != OTHERS else _("others"), s.name, s.amount
                )
                for s in page.sources
            ]
        )
        self.origins.show_bars(
            [
                Bar(
                    _("others") if s.name == OTHERS else countries.name(s.name) or _("unknown"),
                    s.name,
                    2 * s.number + s.halves,
                )
                for s in page.origins
            ]
        )
        self.coming.show_bars(
            [
                Bar(str(p.night.day), p.night, p.booked, sub=f"+{p.lately}" if p.lately else "")
                for p in page.coming
            ]
        )
        entered = page.entered
        self.sold.set_value(entered.sold if entered else None)
        self.revenue.set_value(entered.revenue if entered else None)

    def _show_chart(self) -> None:
        measure, days = MEASURES[self.word], len(self._days)
        available = max((now.available for _day, now, _before in self._days if now), default=0)
        target = measure.aim(self._aim, days, available * days) if self._aim and not self._monthly() else None
        compared = any(before for _day, _now, before in self._days)
        self.legend.setText(
            " ".join(
                words
                for words, on in (
                    (_("Line: same weekday last year."), compared),
                    (_("Dashed: budget."), target),
                )
                if on
            )
        )
        if self._monthly():
            self.chart.show_bars(
                [
                    Bar(
                        f"{first:%m}",
                        first,
                        measure.read(now) if now else None,
                        measure.read(before) if before else None,
                        None,
                        f"{first:%Y}" if first.month == 1 else "",
                    )
                    for first, now, before in queries.by_month(self._days)
                ],
                self._write,
            )
            return
        self.chart.show_bars(
            [
                Bar(
                    str(day.day),
                    day,
                    measure.read(now) if now else None,
                    measure.read(before) if before else None,
                    target,
                    formats.weekday(day) if day.weekday() == FRIDAY else "",
                )
                for day, now, before in self._days
            ],
            self._write,
        )

    def _show_part(self) -> None:
        """Say of a period that is not over, or older than the figures, how much of it there is."""
        there, whole = sum(now is not None for _day, now, _before in self._days), len(self._days)
        words = _("part of the period: %(n)s of %(whole)s days") % {"n": there, "whole": whole}
        self.part.setText(words if 0 < there < whole else "")

    def _show_sums(self, now: Figures, before: Figures, aim: Aim | None, books: RoomBridge) -> None:
        empty_out(self.sums)
        formulas = FORMULAS | (LOCAL if now.local else {})
        for word, measure in MEASURES.items():
            then = self._said(word, measure.read(before) if before.rooms else None)
            self.sums.addLayout(
                self._sum(
                    _(measure.title),
                    self._said(word, measure.read(now)),
                    then,
                    _(formulas[word]) if word in formulas else self._books(books),
                )
            )
        meant = _("budget %(aim)s") % {"aim": aim.sold} if aim else ""
        self.sums.addLayout(
            self._sum(_("Room nights sold"), now.nights, before.nights if before.rooms else "", meant)
        )
        self.sums.addLayout(
            self._sum(
                _("Available"),
                str(now.available) if now.rooms else "",
                str(before.available) if before.rooms else "",
                f"{_(formulas['available'])} ({_(OWN) if now.local else 'USALI'})",
            )
        )

    def _books(self, bridge: RoomBridge) -> str:
        """Say what was given back or voided after its day was closed: the books hold so much less."""
        if bridge.books == bridge.sold:
            return ""
        return _("corrections of closed days %(sum)s, in the books %(books)s") % {
            "sum": signed(bridge.books - bridge.sold, self.digits),
            "books": self._money(bridge.books),
        }

    def _said(self, word: str, value: int | None) -> str:
        if value is None:
            return ""
        return self._money(value) if MEASURES[word].money else f"{value / 100:.2f}%"

    @staticmethod
    def _sum(title: str, now: str, before: str, how: str) -> QLayout:
        last = label(_("last year %(figure)s") % {"figure": before} if before else "", "meta")
        return col(
            row(label(title, "strong"), None, label(now or "\u2014", "page")),
            row(label(how, "meta", wrap=True), None, last),
            gap=0,
        )

    def show_measure(self, word: str) -> None:
        """Show another measure."""
        self.word = word
        for name, made in self.chips.items():
            made.setChecked(name == word)
        self._show_chart()
        self.chart.setFocus()

    # -------------------------------------------------------------- what one can do
    @action(N_("Earlier"), key="PgUp", icon="calendar")
    def earlier(self) -> None:
        """Show the month before."""
        self._turn(self.since - timedelta(days=1))

    @action(N_("Later"), key="PgDown", icon="calendar")
    def later(self) -> None:
        """Show the month after."""
        self._turn(self.month + timedelta(days=31))

    def _turn(self, day: date) -> None:
        self._show_span(*queries.month_of(day))

    def _show_span(self, start: date, end: date) -> None:
        self.since, self.until = start, end
        self.first.set_value(start)
        self.last.set_value(end)
        self.stack.setCurrentIndex(0)
        self.refresh()
        self.update_actions()

    @action(N_("Show"), key="Ctrl+G", icon="calendar")
    def show_period(self) -> None:
        """Show any period, by day or, when it is long, by month."""
        if not (self.first.validate() and self.last.validate()):
            return
        start, end = self.first.value(), self.last.value()
        if start is None or end is None or start > end:
            self.refuse(_("Type the first and the last day of the period, the first one first."))
            self.first.setFocus()
            return
        self.notes.clear()
        self._show_span(start, end)

    @action(N_("Back to the chart"), key="Ctrl+B")
    def to_chart(self) -> None:
        """Turn from the rows back to the chart."""
        self.step_back()
        self.chart.setFocus()

    @action(N_("Next measure"), key="Ctrl+M", icon="sheet")
    def next_measure(self) -> None:
        """Show the next of the measures."""
        words = list(MEASURES)
        self.show_measure(words[(words.index(self.word) + 1) % len(words)])

    @action(N_("The day's reports"), key=keys.MORE, permission=Permission.REPORTS_READ, icon="sheet")
    def day_reports(self) -> None:
        """Open the reports of the day in hand."""
        bar = self.chart.bar()
        assert bar is not None
        self.go("reports", day=bar.key, report="manager")

    def can_day_reports(self) -> str:
        """Say why there is no report to open."""
        bar = self.chart.bar()
        if bar is None or self._monthly():
            return _("Choose a day first.")
        return "" if bar.value is not None else _("This day has not been closed.")

    @action(
        N_("Save the budget"), key=keys.PRIMARY, operation=service.set_budget, icon="check", kind="primary"
    )
    def keep_budget(self) -> None:
        """Enter the budget of the month that is shown."""
        if missing := self.form.missing():
            self.refuse(missing)
            return
        self.run(
            service.set_budget.of(month=self.month, **self.form.values()),
            said=_("The budget of %(month)s is saved.") % {"month": f"{self.month:%Y-%m}"},
        )
