"""Figures: one measure as a chart by day, the period's sums beside last year and the budget, and where the
business comes from."""

from datetime import date, timedelta

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QStackedWidget, QWidget

from pms.core import countries
from pms.core.figures import FORMULAS, LOCAL, Figures, written
from pms.core.i18n import N_, _
from pms.core.money import signed
from pms.core.offers import Aim
from pms.core.permissions import Permission
from pms.services.figures import queries, service
from pms.services.figures.queries import OTHERS
from pms.services.reports import lists as papers
from pms.services.reports.bridges import RoomBridge
from pms.services.reservations.queries import SOURCE_NAMES
from pms.ui.kit import formats, keys
from pms.ui.kit import theme as th
from pms.ui.kit.actions import action
from pms.ui.kit.amounts import Amount, Day, Number
from pms.ui.kit.charts import Bar, BarChart, LyingBars
from pms.ui.kit.chips import Chips
from pms.ui.kit.flow import FormPage, SidePages, SideScreen
from pms.ui.kit.parts import Button, box, card, chip, col, empty_out, label, row
from pms.ui.kit.wrap import Wrap

from .behind import Behind
from .measures import MEASURES, DaysTable

COMING_DAYS, MOST_DAYS, MOST_SHARES = 30, 62, 6
WEEKEND = frozenset({4, 5})
CHART, TABLE = "chart", "table"
SIDE, SIDE_LEAST, ROOMY = 300, 240, 1000
"""How wide the panel is, what it takes in a small window, and from where on a window is not small."""
PAD = (16, 12, 16, 12)
OWN = N_("the hotel's own definition")


def _named(bars: LyingBars) -> tuple[str, ...]:
    """Return what a short list names, so that the others can be told from it."""
    return tuple(bar.key for bar in bars.bars if bar.key != OTHERS)


class FiguresScreen(SideScreen):
    """A month by day; the days to come as pick-up."""

    TOPICS = frozenset({"night_audit", "business_date", "figures", "reservations"})

    def build(self) -> QHBoxLayout:
        """Put chart, sums and shares together."""
        house = self.office.house()
        self.digits, self.word, today = house.digits, "occupancy", house.business_date
        self.since, self.until = queries.month_of(today)
        self.name, self.part = label("", "page"), label("", "muted", wrap=True)
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
        self.legend = label("", "meta", wrap=True)
        self.table = DaysTable()
        self.table.chosen.connect(self._opened)
        self.table.picked.connect(lambda _bar: self.update_actions())
        self.behind = Behind(self.digits, self.button("to_chart", icon=""))
        self.behind.booked.chosen.connect(lambda b: self.go("reservations", line_id=b.line_id))
        self.stack = QStackedWidget()
        self.stack.addWidget(self.chart)
        self.table.setMaximumWidth(th.px(760))  # a figure stands near its day, however wide the window
        self.stack.addWidget(box(row((self.table, 100), (None, 1), gap=0)))
        self.front = QStackedWidget()
        self.front.addWidget(card((self.stack, 1), self.legend))
        self.front.addWidget(self.behind)
        left = col(self._head(), self._choice(), (self.front, 3), (box(self._shares()), 2), gap=12, pad=PAD)
        return row((box(left), 1), self._side(), gap=0)

    def _head(self) -> QLayout:
        turn = row(self.button("earlier", icon=""), self.name, self.button("later", icon=""), gap=6)
        self.shapes = Chips([(CHART, _("Chart")), (TABLE, _("List"))], value=CHART)
        self.shapes.chosen.connect(self.show_shape)
        return row(label(_("Figures"), "page"), (col(None, self.shapes, None), 1), turn, gap=12)

    def _choice(self) -> QWidget:
        """Make the line of measures and of the period; it breaks where it must."""
        today = self.office.house().business_date
        self.first = Day(today=today, value=self.since, width=136)
        self.last = Day(today=today, value=self.until, width=136)
        self.first.line.setAccessibleName(_("From"))
        self.last.line.setAccessibleName(_("To"))
        period = (
            box(row(8, label(_("From"), "muted"), self.first, gap=6)),
            box(row(label(_("To"), "muted"), self.last, gap=6)),
            self.button("show_period", icon=""),
        )
        return box(Wrap(*self.chips.values(), *period, gap=4))

    def _shares(self) -> QLayout:
        sources = label(_("By source"), "title", wrap=True)
        origins = label(_("Room nights by origin"), "title", wrap=True)
        coming = label(_("Booked, next 30 nights"), "title", wrap=True)
        lately = label(_("+ booked in the last 7 days"), "meta", wrap=True)
        return row(
            (card(sources, self.sources, None), 5),
            (card(origins, self.origins, None), 4),
            (card(coming, (self.coming, 1), lately), 6),
            gap=12,
        )

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
        self.front.setCurrentIndex(1)
        self.behind.show_rows(f"{name}: {self.name.text()}", self.behind.nights, found)

    def _show_coming(self, night: date) -> None:
        found = self.office.ask(queries.booked_for, night=night)
        title = _("Booked for %(night)s") % {"night": formats.long_day(night)}
        self.front.setCurrentIndex(1)
        self.behind.show_rows(title, self.behind.booked, found)

    def _opened(self, bar: Bar) -> None:
        """Open a day's reports, or a month's days."""
        if self._monthly():
            self._show_span(*queries.month_of(bar.key))
        else:
            self.go("reports", day=bar.key, report="manager")

    def _monthly(self) -> bool:
        return (self.until - self.since).days >= MOST_DAYS

    def step_back(self) -> bool:
        """Leave the form, or turn from the rows behind a figure back to it."""
        if super().step_back():
            return True
        away = self.front.currentIndex() != 0
        self.front.setCurrentIndex(0)
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
        self.sums = col(gap=8)
        self.panel = SidePages(self.notes, width=SIDE)
        foot = col(self.button("budget"), self.button("print_days"), gap=8)
        self.panel.add(self.HOME, box(col(self.part, self.sums, None, gap=8)), box(foot))
        self.aim = self.panel.add_form(
            "budget",
            FormPage(
                "",
                _("Save"),
                self._keep_budget,
                self.close_form,
                sold=Number(_("Room nights"), most=999999, required=True, width=96),
                revenue=Amount(_("Room revenue"), digits=self.digits, required=True),
            ),
        )
        return self.panel

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the chart the room that it needs where the window is small for the size of the letters."""
        super().resizeEvent(event)
        self.panel.setFixedWidth(th.px(SIDE if self.width() >= th.px(ROOMY) else SIDE_LEAST))

    def start(self) -> QWidget:
        """Give the keys to the chart, or to its list."""
        return self.chart if self.shapes.value() == CHART else self.table

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
            formats.month(start)
            if whole
            else f"{formats.day(start, year=True)} \u2013 {formats.day(end, year=True)}"
        )
        page: queries.Page = self.office.ask(
            queries.page, start=start, end=end, ahead=COMING_DAYS, most=MOST_SHARES
        )
        self._aim, self._aims, self._days = page.aim, page.aims, page.days
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
        self._entered = page.entered

    def _show_chart(self) -> None:
        measure, bars = MEASURES[self.word], self._bars()
        self.legend.setText(self._told(bars))
        whole = 0 if measure.money else 10000  # a share of the house stands under the whole house
        self.chart.show_bars(bars, self._write, whole)
        self.table.show_bars(bars, measure, self.digits, monthly=self._monthly())

    def _bars(self) -> list[Bar]:
        measure, days = MEASURES[self.word], len(self._days)
        read = measure.read
        available = max((now.available for _day, now, _before in self._days if now), default=0)
        if self._monthly():
            return [
                Bar(
                    f"{first:%m}",
                    first,
                    read(now) if now else None,
                    read(before) if before else None,
                    self._month_target(first, available),
                    f"{first:%Y}" if first.month == 1 else "",
                )
                for first, now, before in queries.by_month(self._days)
            ]
        target = measure.aim(self._aim, days, available * days) if self._aim else None
        return [
            Bar(
                str(day.day),
                day,
                read(now) if now else None,
                read(before) if before else None,
                target,
                shaded=day.weekday() in WEEKEND,
            )
            for day, now, before in self._days
        ]

    def _month_target(self, first: date, available: int) -> int | None:
        """Return what a month of the period is meant to reach, with so many rooms to sell a day."""
        days = sum((day.year, day.month) == (first.year, first.month) for day, _now, _before in self._days)
        aim = self._aims.get(first)
        return MEASURES[self.word].aim(aim, 1, available * days) if aim else None

    def _told(self, bars: list[Bar]) -> str:
        """Say what the marks of the chart are, and what there is nothing of."""
        compared, aimed = any(b.before is not None for b in bars), any(b.target is not None for b in bars)
        words = [
            _("Line: same weekday last year.") if compared else _("No figures of last year."),
            _("Dashed: budget.") if aimed else _("No budget entered."),
            "" if self._monthly() else _("Shaded: Friday and Saturday nights."),
        ]
        return " ".join(filter(None, words))

    def _show_part(self) -> None:
        """Say of a period that is not over, or older than the figures, how much of it there is."""
        there, whole = sum(now is not None for _day, now, _before in self._days), len(self._days)
        words = _("part of the period: %(n)s of %(whole)s days") % {"n": there, "whole": whole}
        self.part.setText(words if 0 < there < whole else "")
        self.part.setVisible(bool(self.part.text()))

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
        self.start().setFocus()

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
        self.front.setCurrentIndex(0)
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
        self.start().setFocus()

    @action(N_("Next measure"), key="Ctrl+Shift+M", icon="sheet")
    def next_measure(self) -> None:
        """Show the next of the measures."""
        words = list(MEASURES)
        self.show_measure(words[(words.index(self.word) + 1) % len(words)])

    @action(N_("The day's reports"), key=keys.MORE, permission=Permission.REPORTS_READ, icon="sheet")
    def day_reports(self) -> None:
        """Open the reports of the day in hand."""
        bar = self._bar()
        assert bar is not None
        self.go("reports", day=bar.key, report="manager")

    def _bar(self) -> Bar | None:
        """Return the day or month in hand, in the chart or in its list."""
        if self.shapes.value() == CHART:
            return self.chart.bar()
        found: Bar | None = self.table.row()
        return found

    def can_day_reports(self) -> str:
        """Say why there is no report to open."""
        bar = self._bar()
        if bar is None or self._monthly():
            return _("Choose a day first.")
        return "" if bar.value is not None else _("This day has not been closed.")

    @action(N_("Change the budget"), key=keys.CHANGE, operation=service.set_budget)
    def budget(self) -> None:
        """Open the form for the budget of the month in which the period begins."""
        self.aim.title.setText(_("Budget of %(month)s") % {"month": formats.month(self.month)})
        entered = self._entered
        self.aim.fill(
            sold=str(entered.sold) if entered else None, revenue=entered.revenue if entered else None
        )
        self.open_form(self.aim, "budget")

    def _keep_budget(self) -> None:
        if missing := self.aim.form.missing():
            self.refuse(missing)
            return
        self.save(
            self.aim,
            service.set_budget.of(month=self.month, **self.aim.form.values()),
            _("The budget of %(month)s is saved.") % {"month": formats.month(self.month)},
        )

    @action(N_("Print"), key=keys.PRIMARY, operation=papers.print_list, icon="printer", kind="primary")
    def print_days(self) -> None:
        """Print the list of days or months of the measure that is shown."""
        title = f"{_(MEASURES[self.word].title)} {self.name.text()}"
        call = papers.print_list.of(title=title, heads=self.table.heads(), entries=self.table.entries())
        self.run(call, said=_("The list is printing."))

    @action(N_("Chart or list"), key="Ctrl+Shift+G", icon="sheet")
    def other_shape(self) -> None:
        """Turn from the chart to its figures as a list, and back."""
        shape = TABLE if self.shapes.value() == CHART else CHART
        self.shapes.set_value(shape)
        self.show_shape(shape)

    def show_shape(self, shape: str) -> None:
        """Show the chart or the list of its figures."""
        self.front.setCurrentIndex(0)
        self.stack.setCurrentIndex(0 if shape == CHART else 1)
        self.legend.setVisible(shape == CHART)
        self.start().setFocus()
        self.update_actions()
