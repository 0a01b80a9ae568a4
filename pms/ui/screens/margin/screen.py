"""The shop's margin: by article, by day, by month."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QLayout, QWidget

from pms.core import dates
from pms.core.i18n import N_, _
from pms.services.margin import queries, service
from pms.services.margin.queries import ByGood, Margin
from pms.ui.kit import formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.one import One, Step
from pms.ui.kit.period import Span
from pms.ui.kit.register import Register, View
from pms.ui.kit.rows import Column

GOODS, DAYS, MONTHS = "goods", "days", "months"


class MarginScreen(Register):
    """What the goods sold brought beyond what they cost."""

    NAME, HEAD = N_("Shop margin"), ("print_sheet",)
    VIEWS = (
        View(GOODS, N_("By article"), N_("Nothing was sold on these days."), "shop-bag", GOODS),
        View(DAYS, N_("By day"), N_("Nothing was sold on these days."), "calendar", DAYS),
        View(MONTHS, N_("By month"), N_("Nothing was sold on these days."), "chart", MONTHS),
    )
    TOPICS = frozenset({"shop", "business_date"})

    def above(self) -> QWidget:
        """Put the days above the list: this month so far."""
        self.span = Span(self.today, self.button("show_days", icon=""))
        return self.span

    def lists(self) -> Mapping[str, Sequence[Any]]:
        """Ask what the days brought."""
        first, last = self.span.days()
        days = self.office.ask(queries.by_day, first=first, last=last)
        return {
            GOODS: self.office.ask(queries.by_good, first=first, last=last),
            DAYS: days,
            MONTHS: queries.by_month(days),
        }

    def answer(self) -> str:
        """Say what is left of what came in."""
        whole = queries.total(self.rows[DAYS])
        told = {"sum": formats.amount(whole.margin, self.digits), "share": whole.percent}
        if not whole.revenue:
            return _("Shop margin")
        return _("Margin %(sum)s, %(share)s") % told

    def columns(self, name: str) -> Sequence[Column]:
        """Say what was sold, what it brought and cost, what is left and what was lost."""
        first: tuple[Column, ...] = (
            Column(N_("Day"), lambda d: formats.day(d.id, year=True), bold=True, sort=lambda d: d.id),
        )
        if name == GOODS:
            first = (Column(N_("Article"), lambda g: g.name, bold=True),)
        elif name == MONTHS:
            first = (Column(N_("Month"), lambda d: dates.month(d.id), bold=True, sort=lambda d: d.id),)
        return (
            *first,
            Column(N_("Pieces"), lambda m: str(m.pieces), "number", width=72, sort=lambda m: m.pieces),
            Column(N_("Revenue"), lambda m: m.revenue, "money", width=104),
            Column(N_("Cost"), lambda m: m.cost, "money", width=104),
            Column(N_("Margin"), lambda m: m.margin, "money", width=104),
            Column(N_("Margin rate"), lambda m: m.percent, "number", width=96, sort=lambda m: m.share or 0),
            Column(N_("Lost at cost"), lambda m: m.lost or None, "money", width=112),
        )

    def facts(self, row: Any) -> One:
        """Show the margin of an article with what it cost since when, or that of a day."""
        steps = self._costs(row) if isinstance(row, ByGood) else []
        head = row.name if isinstance(row, ByGood) else formats.day(row.id, year=True)
        return One(head, (*self._prices(row), *self._sums(row)), steps=steps)

    def _prices(self, row: Any) -> tuple[tuple[str, str], ...]:
        if not isinstance(row, ByGood):
            return ()
        return (
            (_("Unit price"), formats.amount(row.price, self.digits)),
            (_("Cost for one"), formats.amount(row.now, self.digits)),
            (_("Costs that since"), formats.day(row.since, year=True) if row.since else ""),
        )

    def _sums(self, row: Margin) -> tuple[tuple[str, str], ...]:
        return (
            (_("Pieces"), str(row.pieces)),
            (_("Revenue"), formats.amount(row.revenue, self.digits)),
            (_("Cost"), formats.amount(row.cost, self.digits)),
            (_("Margin"), formats.commas((formats.amount(row.margin, self.digits), row.percent))),
            (_("Lost at cost"), formats.amount(row.lost, self.digits) if row.lost else ""),
        )

    def _costs(self, good: ByGood) -> list[Step]:
        return [
            Step(
                c.at,
                _("Cost %(sum)s") % {"sum": formats.amount(c.cost, self.digits)},
                c.by,
                c.reference,
            )
            for c in self.office.ask(queries.costs, good_id=good.id)
        ]

    def foot(self, _name: str) -> QLayout | None:
        """Nothing is done with a row."""
        return None

    @action(N_("Show"), key="Ctrl+G")
    def show_days(self) -> None:
        """Show the days that were typed."""
        self.refresh()

    @action(N_("Print"), key=keys.PRINT, operation=service.print_margin, icon="printer")
    def print_sheet(self) -> None:
        """Print the margin of these days."""
        first, last = self.span.days()
        self.run(service.print_margin.of(first=first, last=last), said=_("The sheet is printing."))
