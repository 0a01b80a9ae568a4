"""Figures: one measure as a chart by day, the period's sums beside last year and the budget, and where the business comes from."""
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from PySide6.QtWidgets import QHBoxLayout, QLayout, QWidget

from pms.core.i18n import N_, _
from pms.core.permissions import Permission
from pms.services.figures import queries, service
from pms.services.figures.queries import Aim
from pms.services.reports import queries as reports
from pms.services.reports.figures import FORMULAS, LOCAL, Figures
from pms.services.reservations.queries import SOURCE_NAMES
from pms.ui.kit import formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.charts import Bar, BarChart, LyingBars
from pms.ui.kit.desk import Screen
from pms.ui.kit.forms import Amount, Form, Number
from pms.ui.kit.parts import Button, box, card, chip, col, empty_out, heading, label, row, rule, side_panel


@dataclass(frozen=True)
class Measure:
    """Something that is shown as a chart: its name, how it is read from figures and from a budget, how it is written."""

    title: str
    read: Callable[[Figures], int | None]
    aim: Callable[[Aim, int, int], int | None]
    money: bool


def _share_of(aim: Aim, available: int) -> int | None:
    return aim.sold * 10000 // available if available else None


MEASURES = {
    "occupancy": Measure(N_("Occupancy"), lambda f: f.occupancy, lambda a, _days, available: _share_of(a, available), money=False),
    "adr": Measure(N_("Average daily rate"), lambda f: f.adr, lambda a, _days, _available: a.revenue // a.sold if a.sold else None, money=True),
    "revpar": Measure(N_("RevPAR"), lambda f: f.revpar, lambda a, _days, available: a.revenue // available if available else None, money=True),
    "revenue": Measure(N_("Room revenue"), lambda f: f.revenue, lambda a, days, _available: a.revenue // days, money=True),
}
COMING_DAYS, FRIDAY = 30, 4


class FiguresScreen(Screen):
    """A month by day; the days to come as pick-up."""

    TOPICS = frozenset({"night_audit", "business_date", "figures", "reservations"})

    def build(self) -> QHBoxLayout:
        """Put chart, sums and shares together."""
        self.digits, self.word = 2, "occupancy"
        self.month = self.office.house().business_date.replace(day=1)
        self.name = label("", "page")
        self.chips = {word: self._measure_chip(word) for word in MEASURES}
        self.chart = BarChart(self._write)
        self.chart.picked.connect(lambda _bar: self.update_actions())
        self.chart.chosen.connect(lambda bar: self.go("reports", day=bar.key, report="manager"))
        self.coming = BarChart(lambda v: "" if v is None else str(v))
        self.sources, self.origins = LyingBars(self._money), LyingBars(lambda v: "" if v is None else str(v))
        head = heading(_("Figures"), None, self.button("earlier", icon=""), self.name, self.button("later", icon=""))
        self.legend = label("", "meta")
        shares = row((card(self.sources, None, title=_("By source")), 5), (card(self.origins, None, title=_("Room nights by origin")), 3),
                     (card((self.coming, 1), label(_("+ booked in the last 7 days"), "meta"), title=_("Booked, next 30 nights")), 6), gap=12)
        chart = card((self.chart, 1), row(self.legend, None))
        left = col(head, row(*self.chips.values(), None, gap=4), (chart, 3), (box(shares), 2), gap=12, pad=(16, 12, 16, 12))
        self.sums = col(gap=8)
        return row((box(left), 1), self._side(), gap=0)

    def _measure_chip(self, word: str) -> Button:
        made = chip(_(MEASURES[word].title), on=word == self.word)
        made.clicked.connect(lambda _on=False: self.show_measure(word))
        return made

    def _side(self) -> QWidget:
        self.sold, self.revenue = Number(_("Room nights"), most=999999, required=True, width=96), Amount(_("Room revenue"), required=True)
        self.form = Form(sold=self.sold, revenue=self.revenue)
        return side_panel(self.sums, None, self.notes, rule(), label(_("Budget of the month"), "title"), row(self.sold, self.revenue, None, gap=12),
                          self.button("keep_budget"), width=300)

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
        house = self.office.house()
        self.digits = house.digits
        start, end = queries.month_of(self.month)
        self.name.setText(f"{start:%Y-%m}")
        aim: Aim | None = self.office.ask(queries.aim, month=start)
        self._days = self.office.ask(queries.days, start=start, end=end)
        self._aim = aim
        self._show_chart()
        now, before = self.office.ask(queries.period, start=start, end=end)
        self._show_sums(now, before, aim)
        self.sources.show_bars([Bar(_(SOURCE_NAMES.get(s.name, s.name)), s.name, s.amount)
                                for s in self.office.ask(reports.by_source, start=start, end=end)[:6]])
        self.origins.show_bars([Bar(s.name or _("unknown"), s.name, s.number)
                                for s in self.office.ask(queries.origins, start=start, end=end, limit=6)])
        self.coming.show_bars([Bar(str(p.night.day), p.night, p.booked, sub=f"+{p.lately}" if p.lately else "")
                               for p in self.office.ask(queries.pick_up, today=house.business_date, nights=COMING_DAYS)])
        self.sold.set_value(aim.sold if aim else None)
        self.revenue.set_value(aim.revenue if aim else None)

    def _show_chart(self) -> None:
        measure, days = MEASURES[self.word], len(self._days)
        available = max((now.available for _day, now, _before in self._days if now), default=0)
        target = measure.aim(self._aim, days, available * days) if self._aim else None
        compared = any(before for _day, _now, before in self._days)
        self.legend.setText(" ".join(words for words, on in ((_("Line: same weekday last year."), compared), (_("Dashed: budget."), target)) if on))
        self.chart.show_bars([Bar(str(day.day), day, measure.read(now) if now else None, measure.read(before) if before else None, target,
                                  formats.weekday(day) if day.weekday() == FRIDAY else "") for day, now, before in self._days], self._write)

    def _show_sums(self, now: Figures, before: Figures, aim: Aim | None) -> None:
        empty_out(self.sums)
        formulas = FORMULAS | (LOCAL if now.local else {})
        for word, measure in MEASURES.items():
            then = self._said(word, measure.read(before) if before.rooms else None)
            self.sums.addLayout(self._sum(_(measure.title), self._said(word, measure.read(now)), then, _(formulas[word]) if word in formulas else ""))
        meant = _("of %(aim)s meant") % {"aim": aim.sold} if aim else ""
        self.sums.addLayout(self._sum(_("Room nights sold"), str(now.sold), str(before.sold) if before.rooms else "", meant))

    def _said(self, word: str, value: int | None) -> str:
        if value is None:
            return ""
        return self._money(value) if MEASURES[word].money else f"{value / 100:.2f}%"

    @staticmethod
    def _sum(title: str, now: str, before: str, how: str) -> QLayout:
        last = label(_("last year %(figure)s") % {"figure": before} if before else "", "meta")
        return col(row(label(title, "strong"), None, label(now or "\u2014", "page")), row(label(how, "meta", wrap=True), None, last), gap=0)

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
        self._turn(self.month - timedelta(days=1))

    @action(N_("Later"), key="PgDown", icon="calendar")
    def later(self) -> None:
        """Show the month after."""
        self._turn(self.month + timedelta(days=31))

    def _turn(self, day: date) -> None:
        self.month = day.replace(day=1)
        self.refresh()

    @action(N_("Next measure"), key="M", icon="sheet")
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
        if bar is None:
            return _("Choose a day first.")
        return "" if bar.value is not None else _("This day has not been closed.")

    @action(N_("Save the budget"), key=keys.PRIMARY, operation=service.set_budget, icon="check", kind="primary")
    def keep_budget(self) -> None:
        """Enter the budget of the month that is shown."""
        if missing := self.form.missing():
            self.refuse(missing)
            return
        self.run(service.set_budget, month=self.month, said=_("The budget of %(month)s is kept.") % {"month": f"{self.month:%Y-%m}"},
                 **self.form.values())
