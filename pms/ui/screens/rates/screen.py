"""Rate plans at the left, the plan's price list and what every night comes to in the middle, the forms at the
right."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from PySide6.QtCore import QSignalBlocker
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QLayout, QStackedWidget, QWidget

from pms.core.errors import Refused
from pms.core.i18n import N_, _
from pms.core.money import Money
from pms.services.rates import queries, service
from pms.services.rates.queries import PlanRow, PriceRow
from pms.services.rooms import queries as room_queries
from pms.services.rooms.queries import TypeRow
from pms.ui.kit import formats, keys
from pms.ui.kit import theme as th
from pms.ui.kit.actions import action
from pms.ui.kit.amounts import Amount, Day, Number
from pms.ui.kit.chips import Chips
from pms.ui.kit.empty import Empty
from pms.ui.kit.flow import FormPage, SidePages, SideScreen
from pms.ui.kit.forms import Choice, Flag, Text
from pms.ui.kit.parts import Button, box, card, col, empty_out, label, row
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table
from pms.ui.kit.wrap import Wrap

from .week_page import WeekPage, period_words
from .weekdays import EVERY, Weekdays, weekday_words

WEEK, LIST, NIGHTS = "week", "list", "nights"
SIDE, SIDE_LEAST, ROOMY = 340, 296, 1000
"""How wide the panel is, what it takes in a small window, and from where on the plans have a list of their
own."""
SHOWN = 28
KINDS = (
    ("rack", N_("Rack")),
    ("member", N_("Member")),
    ("agreement", N_("Agreement")),
    ("promotion", N_("Promotion")),
    ("channel", N_("Channel")),
)
DAY = timedelta(days=1)
WEEKEND = 1 << 4 | 1 << 5


@dataclass(frozen=True)
class Listed:
    """A listed price with the name of its type; ``over`` once its dates are past."""

    price: PriceRow
    type_name: str
    over: bool


@dataclass(frozen=True)
class Night:
    """What one night costs in each type, None where the plan has no price."""

    night: date
    prices: tuple[Money | None, ...]


def _nth(at: int, night: Night) -> Money | None:
    return night.prices[at]


class RatesScreen(SideScreen):
    """Plans and prices; bookings keep the prices they were made with."""

    TOPICS = frozenset({"rates", "rooms", "business_date"})

    def build(self) -> QLayout | QWidget:
        """Put the page together."""
        house = self.office.house()
        self.digits, self.today, self.types = house.digits, house.business_date, list[TypeRow]()
        self.plans = Table(
            (
                Column(
                    N_("Plan"),
                    lambda p: p.name,
                    sub=self._plan_words,
                    bold=True,
                    strike=lambda p: not p.active,
                ),
                Column(N_("Plan code"), lambda p: p.code, width=84, tone=lambda p: "muted"),
            ),
            key=lambda p: p.id,
        )
        self.plans.set_empty(Empty("cash", _("There is no rate plan yet.")))
        self.plans.picked.connect(lambda _plan: self._show_plan())
        self.prices = Table(
            (
                Column(N_("Type"), lambda x: x.type_name, bold=True),
                Column(N_("From"), lambda x: formats.day(x.price.start, year=True), width=100),
                Column(N_("To"), lambda x: formats.day(x.price.end, year=True), width=100),
                Column(
                    N_("Weekdays"),
                    lambda x: weekday_words(x.price.weekdays),
                    width=116,
                    tone=lambda x: "muted",
                ),
                Column(N_("Price"), lambda x: x.price.price, "money", width=92, bold=True),
            ),
            key=lambda x: x.price.id,
            digits=self.digits,
            ground=lambda x: "sunken" if x.over else "",
        )
        self.prices.set_empty(Empty("cash", _("This plan has no price of its own.")))
        self.prices.chosen.connect(lambda _row: self.acts["price"].press())
        views = [(WEEK, _("Week")), (LIST, _("Price list")), (NIGHTS, _("By night"))]
        self.chips = Chips(views, value=WEEK)
        self.chips.chosen.connect(lambda _page: self._turn())
        self.pages, self.nights = QStackedWidget(), col(gap=0)
        self.week = WeekPage(self.today, self.digits)
        self.week.changed.connect(self._typed)
        self.week.period_changed.connect(self._show_plan)
        self.week.grid.refused.connect(self.refuse)
        self.pages.addWidget(self.week)
        self.pages.addWidget(card((self.prices, 1), gap=0, pad=(1, 1, 1, 1)))
        self.night_box = card(box(self.nights), gap=0, pad=(1, 1, 1, 1))
        self.pages.addWidget(self.night_box)
        self.panel = SidePages(self.notes, width=SIDE)
        self.title, self.told = label("", "title", wrap=True), label("", "muted", wrap=True)
        self.price_button = self.button("price")
        self.week_button = Button(_("Save the prices"), keys.PRIMARY, "check", "primary")
        self.week_button.clicked.connect(lambda _on=False: self._press_save())
        foot = col(
            None,
            Wrap(self.button("add_plan"), self.button("change_plan")),
            self.price_button,
            self.week_button,
            gap=8,
        )
        self.panel.add(self.HOME, box(col(self.title, self.told, None, gap=12)), box(foot))
        self._make_forms()
        self.left = card((self.plans, 1), gap=0, pad=(1, 1, 1, 1))
        self.left.setMinimumWidth(220)
        self.plan = Choice(_("Plan"), width=240)
        self.plan.changed.connect(lambda: self.plans.pick(self.plan.value()))
        main = col(
            row(label(_("Prices"), "page"), (self.chips, 1), gap=12),
            self.plan,
            (box(row((self.left, 2), (self.pages, 5), gap=12)), 1),
            gap=12,
            pad=(16, 12, 16, 12),
        )
        return row((box(main), 1), self.panel, gap=0)

    def _make_forms(self) -> None:
        back = self.close_form
        self.pricing = self.panel.add_form(
            "price",
            FormPage(
                _("Set a price"),
                _("Set the price"),
                self._set_price,
                back,
                type_id=Choice(_("Type"), required=True),
                start=Day(_("From"), today=self.today, required=True, width=160),
                end=Day(_("To, this night too"), today=self.today, required=True, width=160),
                weekdays=Weekdays(_("Weekdays")),
                price=Amount(_("Price per night"), digits=self.digits, required=True),
            ),
        )
        self.pricing.say(_("The price set last applies to the nights it covers."))
        base = Choice(_("Derived from"))
        self.new_plan = self.panel.add_form(
            "new_plan",
            FormPage(
                _("Add a rate plan"),
                _("Add"),
                self._add_plan,
                back,
                icon="plus",
                code=Text(_("Plan code"), required=True, width=112, longest=12, plain=True),
                name=Text(_("Plan name"), required=True, longest=40),
                kind=Choice(_("Kind"), [(k, _(w)) for k, w in KINDS]),
                base_id=base,
                percent=Number(_("Per cent of its price"), value=100, least=1, most=300),
                conditions=Text(_("Conditions, read out to the guest")),
            ),
        )
        base.changed.connect(lambda: self.new_plan["percent"].setVisible(base.value() is not None))
        self.old_plan = self.panel.add_form(
            "old_plan",
            FormPage(
                _("Rate plan"),
                _("Save"),
                self._save_plan,
                back,
                name=Text(_("Plan name"), required=True, longest=40),
                percent=Number(_("Per cent of its price"), least=1, most=300),
                conditions=Text(_("Conditions, read out to the guest")),
                active=Flag(_("Offered")),
            ),
        )

    def start(self) -> QWidget | None:
        """Begin at the prices of the week, else at the plans."""
        if self.chips.value() == WEEK:
            return self.week.grid
        return self.plans if self.plans.isVisible() else self.prices

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the plan from a line where the window is small for the size of the letters."""
        super().resizeEvent(event)
        roomy = self.width() >= th.px(ROOMY)
        self.left.setVisible(roomy)
        self.plan.setVisible(not roomy)
        self.panel.setFixedWidth(th.px(SIDE if roomy else SIDE_LEAST))

    # -------------------------------------------------------------- what is shown
    def refresh(self) -> None:
        """Read plans, types and prices anew."""
        self.today = self.office.house().business_date
        self.types = [t for t in self.office.ask(room_queries.types) if t.active]
        self.all_plans: list[PlanRow] = self.office.ask(queries.plans)
        self.plans.show_rows(self.all_plans)
        self.pricing["type_id"].set_options([(t.id, f"{_(t.name)} {t.code}") for t in self.types])
        self.new_plan["base_id"].set_options(
            [(None, _("prices of its own")), *((p.id, p.name) for p in self.all_plans if p.base_id is None)]
        )
        if self.plans.row() is None and self.all_plans:
            self.plans.selectRow(0)
        with QSignalBlocker(self.plan):
            self.plan.set_options([(p.id, p.name) for p in self.all_plans])
        self.week.turn(self.today)
        self._show_plan()

    def _plan_words(self, plan: PlanRow) -> str:
        if plan.base_id is None:
            return plan.conditions
        base = next((p.name for p in self.all_plans if p.id == plan.base_id), "")
        return _("%(percent)s %% of %(plan)s") % {"percent": f"{plan.basis_points / 100:g}", "plan": base}

    def _show_plan(self) -> None:
        plan: PlanRow | None = self.plans.row()
        if plan is None:
            return
        names = {t.id: f"{_(t.name)} {t.code}" for t in self.types}
        listed = self.office.ask(queries.prices, plan_id=plan.id)
        self.prices.show_rows([Listed(p, names.get(p.type_id, ""), p.end < self.today) for p in listed])
        self.title.setText(plan.name)
        with QSignalBlocker(self.plan):
            self.plan.set_value(plan.id)
        if self.chips.value() == NIGHTS:
            self._show_nights(plan)
        elif self.chips.value() == WEEK:
            self._show_week(plan)
        self._typed()

    def _typed(self) -> None:
        """Say beside the prices what they are for, and what is typed and not saved."""
        plan: PlanRow | None = self.plans.row()
        if plan is None:
            return
        words = [self._plan_words(plan), _("Bookings keep the prices they were made with.")]
        on_week = self.chips.value() == WEEK
        if on_week and (typed := self.week.changes()):
            words += ["", _("Not saved yet:"), *typed]
        self.told.setText("\n".join(words[0:1] * bool(words[0]) + words[1:]))
        self.week_button.setVisible(on_week)
        self.price_button.setVisible(not on_week)
        self.update_actions()

    def _turn(self) -> None:
        focused = QApplication.focusWidget()
        inside = focused is not None and self.pages.isAncestorOf(focused)
        self.pages.setCurrentIndex([WEEK, LIST, NIGHTS].index(self.chips.value()))
        if inside and (first := self.start()) is not None:  # the keys do not go to whatever is left
            first.setFocus()
        self._show_plan()

    def _show_week(self, plan: PlanRow) -> None:
        """Show what the types cost by weekday in the period, and what is typed over it."""
        period = self.week.period()
        if period is None:
            return
        start, end = period
        numbers = [t.id for t in self.types]
        try:
            cells = self.office.ask(queries.week, plan_id=plan.id, type_ids=numbers, start=start, end=end)
        except Refused as why:
            self.refuse(why)
            return
        self.week.show_plan(plan.id, self.types, cells, self._follows(plan))

    @staticmethod
    def _follows(plan: PlanRow) -> str:
        """Say why a plan has no prices of its own."""
        if plan.base_id is None:
            return ""
        return _("%(plan)s follows another plan; set the price there.") % {"plan": plan.name}

    def _show_nights(self, plan: PlanRow) -> None:
        """Show what each of the coming nights costs in each type: the price that wins, with the plan's part
        of it."""
        empty_out(self.nights)
        columns = [
            Column(
                N_("Night"),
                lambda n: formats.long_day(n.night),
                bold=True,
                tone=lambda n: "expect" if WEEKEND >> n.night.weekday() & 1 else "",
            )
        ]
        columns += [Column(t.code, partial(_nth, at), "money", width=96) for at, t in enumerate(self.types)]
        table = Table(columns, key=lambda n: n.night, digits=self.digits)
        quotes = [self._quoted(plan, t.id) for t in self.types]
        days = [self.today + DAY * n for n in range(SHOWN)]
        table.show_rows([Night(day, tuple(q.get(day) for q in quotes)) for day in days])
        table.setAccessibleName(_("Prices by night"))
        self.nights.addWidget(table)

    def _quoted(self, plan: PlanRow, type_id: int) -> dict[date, Money]:
        """Return the price of each shown night; nights without one are missing."""
        try:
            made = self.office.ask(
                queries.quote,
                plan_id=plan.id,
                type_id=type_id,
                start=self.today,
                end=self.today + DAY * SHOWN,
            )
        except Refused:
            made = [n for day in range(SHOWN) for n in self._one(plan, type_id, self.today + DAY * day)]
        return {n.night: n.price for n in made}

    def _one(self, plan: PlanRow, type_id: int, day: date) -> list[Any]:
        try:
            made: list[Any] = self.office.ask(
                queries.quote, plan_id=plan.id, type_id=type_id, start=day, end=day + DAY
            )
        except Refused:
            return []
        return made

    # -------------------------------------------------------------- actions
    @action(N_("Set a price"), key=keys.PRIMARY, operation=service.set_price, icon="cash", kind="primary")
    def price(self) -> None:
        """Open the form for a price, filled from the listed one in hand."""
        held: Listed | None = self.prices.row() if self.prices.hasFocus() else None
        if held is not None:
            p = held.price
            self.pricing.fill(
                type_id=p.type_id,
                start=max(p.start, self.today),
                end=max(p.end, self.today),
                weekdays=p.weekdays,
                price=p.price,
            )
        else:
            self.pricing.fill(start=self.today, end=self.today + DAY * 364, weekdays=EVERY, price=None)
        self.open_form(self.pricing, "price")

    def can_price(self) -> str:
        """Say why not."""
        plan: PlanRow | None = self.plans.row()
        if plan is None:
            return _("Choose a rate plan first.")
        if not self.types:
            return _("Add a room type first.")
        return self._follows(plan)

    @action(N_("Save the prices"), operation=service.set_week, icon="check")
    def save_week(self) -> None:
        """Save what is typed into the week for the whole period, in one act."""
        period = self.week.period()
        if period is None:
            self.refuse(_("Type from which day to which the prices hold."))
            return
        plan: PlanRow = self.plans.row()
        start, end = period
        call = service.set_week.of(plan_id=plan.id, start=start, end=end, prices=self.week.prices())
        said = _("The prices are saved for %(period)s.") % {"period": period_words(start, end)}
        if self.run(call, said=said):
            self.week.saved()
            self._show_plan()

    def _press_save(self) -> None:
        """Take the price that is being typed, and save; what is no price is told first."""
        if self.week.grid.finish():
            self.acts["save_week"].press()

    def step_back(self) -> bool:
        """Give up the price that is being typed, or leave the form that is open."""
        return self.week.grid.give_up() or super().step_back()

    def can_save_week(self) -> str:
        """Say why not."""
        if why := self.can_price():
            return why
        if self.week.prices():
            return ""
        return _("No price was changed. Type one into the list of the week.")

    @action(N_("Undo"), key=keys.TAKE_BACK)
    def take_back(self) -> None:
        """Take back what was typed last into the week."""
        self.week.grid.week.take_back()

    def can_take_back(self) -> str:
        """Say that nothing is typed."""
        return "" if self.week.changes() else _("Nothing has been typed here that could be taken back.")

    def _set_price(self) -> None:
        form = self.pricing.form
        if missing := form.missing():
            self.refuse(missing)
            return
        self.save(
            self.pricing,
            service.set_price.of(plan_id=self.plans.row().id, **form.values()),
            _("The price is set."),
        )

    @action(N_("Add a plan"), key=keys.NEW, operation=service.add_plan, icon="plus")
    def add_plan(self) -> None:
        """Open the form for a new plan."""
        self.new_plan.fill(code="", name="", kind="rack", base_id=None, percent="100", conditions="")
        self.new_plan["percent"].setVisible(False)
        self.open_form(self.new_plan, "new_plan")

    def _add_plan(self) -> None:
        if missing := self.new_plan.form.missing():
            self.refuse(missing)
            return
        values = self.new_plan.form.values()
        percent = values.pop("percent") or 100
        self.save(
            self.new_plan, service.add_plan.of(basis_points=percent * 100, **values), _("The plan is added.")
        )

    @action(N_("Change"), key=keys.CHANGE, operation=service.edit_plan)
    def change_plan(self) -> None:
        """Open the form for the plan in hand."""
        plan: PlanRow = self.plans.row()
        self.old_plan.title.setText(f"{plan.name} {plan.code}")
        self.old_plan.fill(
            name=plan.name,
            percent=str(round(plan.basis_points / 100)),
            conditions=plan.conditions,
            active=plan.active,
        )
        self.old_plan["percent"].setVisible(plan.base_id is not None)
        self.open_form(self.old_plan, "old_plan")

    def can_change_plan(self) -> str:
        """Say why not."""
        return "" if self.plans.row() is not None else _("Choose a rate plan first.")

    def _save_plan(self) -> None:
        if missing := self.old_plan.form.missing():
            self.refuse(missing)
            return
        values = self.old_plan.form.values()
        percent = values.pop("percent") or 100
        plan: PlanRow = self.plans.row()
        points = percent * 100 if plan.base_id is not None else plan.basis_points
        self.save(
            self.old_plan,
            service.edit_plan.of(plan_id=plan.id, basis_points=points, **values),
            _("The plan is changed."),
        )
