"""The shop: the till with its payment; behind it the shelf, the day's receipts and what should be bought."""

from functools import cached_property
from typing import Any

from PySide6.QtWidgets import QLayout, QStackedWidget, QWidget

from pms.core.i18n import N_, _, ngettext
from pms.core.money import Money, show
from pms.core.operation import Call
from pms.services.folios.printouts import METHOD_NAMES
from pms.services.print_jobs import queries as print_queries
from pms.services.print_jobs import service as print_jobs
from pms.services.property import queries as property_queries
from pms.services.shop import queries, service
from pms.services.shop.queries import GoodRow, MoveRow, RequestRow, SaleRow
from pms.services.shop.service import Counted, Delivered
from pms.ui.kit import formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.chips import Chips
from pms.ui.kit.desk import Screen
from pms.ui.kit.empty import Empty
from pms.ui.kit.flow import Forms, SidePages
from pms.ui.kit.parts import Badge, box, card, col, empty_out, heading, label, pairs, row
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table

from . import forms
from .forms import ArrivalForm, GoodForm, MoveForm, ReturnForm, StocktakeForm
from .till import Payment, Till

TILL, SHELF, SALES, REQUESTS = "till", "shelf", "sales", "requests"
VIEWS = (
    (TILL, N_("Till")),
    (SHELF, N_("Goods")),
    (SALES, N_("Receipts today")),
    (REQUESTS, N_("Purchase requests")),
)


def method_words(method: str, room: str = "") -> str:
    """Name a way to pay, or the room."""
    return _("Room %(room)s") % {"room": room} if method == queries.ROOM else _(METHOD_NAMES[method])


class ShopScreen(Screen):
    """The till and what stands behind it."""

    TOPICS = frozenset({"shop", "stays", "business_date", "property"})

    def build(self) -> QLayout | QWidget:
        """Put the views at the left and their panel at the right."""
        house = self.office.house()
        self.zone, self.digits, self.today = house.zone, house.digits, house.business_date
        self.intent = self.office.new_intent()
        self.views = Chips([(view, _(words)) for view, words in VIEWS], value=TILL)
        self.views.chosen.connect(self._turn)
        self.stack, self.panel = QStackedWidget(), SidePages(self.notes, width=340)
        self.till = Till(self.office, self.notes, self.digits)
        self.payment = Payment(self.office, self.till.basket, self.digits, self.press_primary)
        self.till.changed.connect(self.payment.show_sum)
        self.stack.addWidget(self.till)
        self.tables = {
            TILL: self.till.table,
            SHELF: self._shelf(),
            SALES: self._sales(),
            REQUESTS: self._requests(),
        }
        self._make_panel()
        head = heading(_("Shop"), None, self.button("new_good"), self.button("sheet"))
        left = col(head, row(self.views, None), (self.stack, 1), gap=12, pad=(16, 12, 16, 16))
        return row((box(left), 1), self.panel, gap=0)

    # -------------------------------------------------------------- the views behind the till
    def _shelf(self) -> Table:
        table = Table(
            (
                Column(N_("Article"), lambda g: g.name, bold=True, sub=lambda g: g.barcode),
                Column(N_("Unit"), lambda g: g.unit, width=72),
                Column(N_("Unit price"), lambda g: g.price, "money", width=96),
                Column(N_("Stock"), lambda g: g.stock, "number", width=72),
                Column(N_("Par level"), lambda g: g.par, "number", width=88),
                Column(
                    "",
                    self._good_mark,
                    "badge",
                    width=112,
                    tone=lambda g: "warn" if g.low else "block",
                    icon=lambda g: "alert" if g.low else "",
                ),
            ),
            digits=self.digits,
            strike=lambda g: not g.active,
        )
        return self._listed(table, _("Goods"), _("The shop has no goods yet."))

    @staticmethod
    def _good_mark(good: GoodRow) -> str:
        return _("Low stock") if good.low else "" if good.active else _("Not on sale")

    def _sales(self) -> Table:
        table = Table(
            (
                Column(N_("Number"), lambda s: s.shown, width=88, bold=True),
                Column(
                    N_("Time"), lambda s: formats.time(s.at, self.zone), width=64, tone=lambda _s: "muted"
                ),
                Column(
                    N_("Paid by"),
                    lambda s: method_words(s.method, s.room),
                    sub=lambda s: " ".join(filter(None, (s.guest, s.reason))),
                ),
                Column(
                    "",
                    lambda s: _("Return") if s.kind == "return" else "",
                    "badge",
                    width=96,
                    icon=lambda s: "room-change" if s.kind == "return" else "",
                ),
                Column(N_("By"), lambda s: s.by, width=124, tone=lambda _s: "muted"),
                Column(N_("Amount"), lambda s: s.total, "money", width=110),
            ),
            digits=self.digits,
        )
        table.chosen.connect(lambda _sale: self.acts["take_back"].press())
        return self._listed(table, _("Receipts today"), _("Nothing was sold today."))

    def _requests(self) -> Table:
        table = Table(
            (
                Column(N_("Number"), lambda r: f"PR-{r.number}", width=88, bold=True),
                Column(
                    N_("Article"),
                    lambda r: _(", ").join(f"{name} {n} {unit}".strip() for _g, name, unit, _s, n in r.lines),
                    sub=lambda r: r.remark,
                ),
                Column(
                    N_("Asked for"),
                    lambda r: formats.day_time(r.asked_at, self.zone),
                    width=120,
                    tone=lambda _r: "muted",
                ),
                Column(N_("By"), lambda r: r.by, width=124, tone=lambda _r: "muted"),
            )
        )
        return self._listed(table, _("Purchase requests"), _("No request is open."))

    def _listed(self, table: Table, name: str, none: str) -> Table:
        table.setAccessibleName(name)
        table.set_empty(Empty("shop-bag", none))
        table.picked.connect(lambda _row: self._show_facts())
        self.stack.addWidget(card((table, 1), pad=(0, 0, 0, 0)))
        return table

    # -------------------------------------------------------------- the panel
    def _make_panel(self) -> None:
        self.panel.add(TILL, self.payment, box(col(None, self.button("sell"))))
        self.facts = {view: col(gap=12) for view in (SHELF, SALES, REQUESTS)}
        feet = {
            SHELF: col(
                None,
                row((self.button("edit_good"), 1), (self.button("count_good"), 1), gap=8),
                self.button("issue"),
                self.button("stocktake"),
                self.button("receive"),
                gap=8,
            ),
            SALES: col(None, self.button("receipt_again"), self.button("take_back"), gap=8),
            REQUESTS: col(None, self.button("arrive"), self.button("drop"), self.button("ask_more"), gap=8),
        }
        for view, foot in feet.items():
            self.panel.add(view, box(col(box(self.facts[view]), None)), box(foot))
        back = self.step_back
        self.moves: Forms[MoveForm] = Forms(
            self.panel,
            {
                "receive": lambda: forms.receive_form(self.digits, self._receive, back),
                "issue": lambda: forms.issue_form(self._issue, back),
                "count": lambda: forms.count_form(self._count, back),
            },
        )

    @cached_property
    def good_form(self) -> GoodForm:
        """The form of a good; like the others made when it is first opened."""
        return self.panel.add_form("good", GoodForm(self.digits, self._save_good, self.step_back))

    @cached_property
    def return_form(self) -> ReturnForm:
        """The form for goods that come back."""
        return self.panel.add_form("return", ReturnForm(self._take_back, self.step_back))

    @cached_property
    def arrival_form(self) -> ArrivalForm:
        """The form for goods that were asked for and have come."""
        return self.panel.add_form("arrival", ArrivalForm(self._arrive, self.step_back))

    @cached_property
    def stocktake_form(self) -> StocktakeForm:
        """The form in which all goods are counted."""
        return self.panel.add_form("stocktake", StocktakeForm(self._stocktake, self.step_back))

    def start(self) -> QWidget:
        """Begin at the scanner."""
        return self.till.scan if self.view == TILL else self.tables[self.view]

    @property
    def view(self) -> str:
        """Return the view that is seen."""
        return str(self.views.value() or TILL)

    def open(
        self, good_id: int | None = None, sale: int | None = None, stocktake: bool = False, **_what: Any
    ) -> None:
        """Open the till, a good, a receipt, or the count of all goods."""
        self.notes.clear()
        self._turn(SHELF if good_id is not None else SALES if sale is not None else TILL)
        if good_id is not None:
            self.tables[SHELF].pick(good_id)
        found = self.office.ask(queries.sale, number=sale) if sale is not None else None
        if found is not None and not self.tables[SALES].pick(found.id):  # of another day
            self.tables[SALES].show_rows([found])
            self.tables[SALES].pick(found.id)
        if stocktake:
            self.acts["stocktake"].press()

    def step_back(self) -> bool:
        """Leave a form, else return to the till."""
        if self.panel.page != self.view:
            self.notes.clear()
            self.panel.show_page(self.view)
            self.tables[self.view].setFocus()
            return True
        if self.view != TILL:
            self._turn(TILL)
            return True
        return False

    def _turn(self, view: str) -> None:
        self.notes.clear()
        self.views.set_value(view)
        self.stack.setCurrentIndex([name for name, _words in VIEWS].index(view))
        self.panel.show_page(view)
        self._show_facts()
        self.start().setFocus()

    # -------------------------------------------------------------- what is shown
    def refresh(self) -> None:
        """Ask for what the views show."""
        house = self.office.house()
        self.zone, self.today = house.zone, house.business_date
        goods, sales = (
            self.office.ask(queries.goods),
            self.office.ask(queries.sales, business_date=self.today),
        )
        asked = self.office.ask(queries.requests)
        self.views.show_counts({SHELF: len(goods), SALES: len(sales), REQUESTS: len(asked)})
        for view, rows in ((SHELF, goods), (SALES, sales), (REQUESTS, asked)):
            self.tables[view].show_rows(rows)
            if self.tables[view].row() is None and rows:
                self.tables[view].selectRow(0)
        self.payment.options = self.office.ask(property_queries.setting).options
        self.payment.show_method()
        self._show_facts()

    def _show_facts(self) -> None:
        if self.view in self.facts:
            layout, chosen = self.facts[self.view], self.tables[self.view].row()
            empty_out(layout)
            if isinstance(chosen, GoodRow):
                self._show_good(layout, chosen)
            elif isinstance(chosen, SaleRow):
                self._show_sale(layout, chosen)
            elif isinstance(chosen, RequestRow):
                layout.addWidget(label(f"PR-{chosen.number}", "figure"))
                layout.addLayout(
                    pairs(*[(name, f"{n} {unit}") for _id, name, unit, _stock, n in chosen.lines], width=140)
                )
        self.update_actions()

    def _show_good(self, layout: Any, good: GoodRow) -> None:
        layout.addWidget(label(good.name, "page", wrap=True))
        if mark := self._good_mark(good):
            layout.addLayout(
                row(Badge(mark, "warn" if good.low else "block", "alert" if good.low else ""), None)
            )
        layout.addLayout(
            pairs(
                (_("Stock"), f"{good.stock} {good.unit}"),
                (_("Par level"), str(good.par)),
                (_("Unit price"), show(good.price, self.digits)),
                (_("Cost"), show(good.cost, self.digits)),
                (_("Barcode"), good.barcode),
            )
        )
        for move in self.office.ask(queries.moves, good_id=good.id, limit=8):
            layout.addWidget(label(self._moved(move), "muted", wrap=True))

    def _moved(self, move: MoveRow) -> str:
        number = queries.number_shown(move.sale) if move.sale else ""
        return " ".join(
            filter(
                None,
                (
                    formats.day_time(move.at, self.zone),
                    _(queries.MOVES[move.kind]),
                    formats.signed(move.quantity),
                    number,
                    move.reference,
                    move.reason,
                    move.by,
                ),
            )
        )

    def _show_sale(self, layout: Any, sale: SaleRow) -> None:
        layout.addWidget(label(sale.shown, "figure"))
        facts = (
            (_("Paid by"), method_words(sale.method, sale.room)),
            (_("Guest"), sale.guest),
            (_("By"), sale.by),
            (_("Time"), formats.day_time(sale.at, self.zone)),
            (_("Return of"), queries.number_shown(sale.of) if sale.of else ""),
            (_("Reason"), sale.reason),
        )
        layout.addLayout(pairs(*[(name, value) for name, value in facts if value]))
        for line in self.office.ask(queries.sold, sale_id=sale.id):
            words = f"{line.name}  {show(line.price, self.digits)} × {line.quantity}"
            layout.addLayout(
                row((label(words, wrap=True), 1), label(show(line.price * line.quantity, self.digits)))
            )
            if line.returned:
                layout.addWidget(label(_("%(n)s came back") % {"n": line.returned}, "meta", "warn"))
        words = _("Total") if sale.kind == "sale" else _("To give back")
        layout.addLayout(row(label(words, "strong"), None, label(show(abs(sale.total), self.digits), "page")))

    # -------------------------------------------------------------- the till
    @action(N_("Sell"), key=keys.PRIMARY, operation=service.sell, icon="cash", kind="primary")
    def sell(self) -> None:
        """Take the money, or charge the room."""
        pay = self.payment
        if wrong := pay.wrong():
            self.refuse(wrong)
            return
        given = pay.given()
        done = self.run(
            service.sell.of(
                lines=self.till.basket.items(),
                method=pay.method.value(),
                stay_id=pay.payer.stay_id if pay.payer and pay.to_room else None,
                tendered=given,
            ),
            intent=self.intent,
        )
        if done:
            change = pay.change_of(given)
            self._new_sale()
            self.notes.good(
                " ".join(
                    filter(
                        None,
                        (
                            _("%(number)s is sold, the receipt is printing.")
                            % {"number": queries.number_shown(done.value)},
                            change,
                        ),
                    )
                )
            )

    def can_sell(self) -> str:
        """Say why nothing can be sold."""
        return (
            "" if self.till.basket.lines else _("Nothing is on the receipt yet. Scan or choose an article.")
        )

    def _new_sale(self) -> None:
        self.intent = self.office.new_intent()
        self.payment.clear()
        self.till.clear()
        self.update_actions()
        self.till.scan.setFocus()

    # -------------------------------------------------------------- goods
    def _good(self) -> str:
        return "" if self.view == SHELF and self.tables[SHELF].row() else _("Choose an article first.")

    @action(N_("New article"), key="Ctrl+G", operation=service.set_good, icon="plus")
    def new_good(self) -> None:
        """Add a good."""
        self._turn(SHELF)
        self.good_form.open(None)
        self.panel.show_page("good")

    @action(N_("Change"), key="Ctrl+E", operation=service.set_good)
    def edit_good(self) -> None:
        """Change the good in hand."""
        self.good_form.open(self.tables[SHELF].row())
        self.panel.show_page("good")

    def _save_good(self) -> None:
        form = self.good_form
        if missing := form.form.missing():
            self.refuse(missing)
            return
        values = form.form.values()
        done = self.run(
            service.set_good.of(good_id=form.good_id, **{**values, "cost": values["cost"] or Money(0)}),
            said=_("%(good)s is saved.") % {"good": values["name"]},
        )
        if done:
            self.panel.show_page(SHELF)
            self.tables[SHELF].pick(done.value)

    def _open_move(self, name: str) -> None:
        self.notes.clear()
        self.moves[name].open(self.tables[SHELF].row(), self.office.new_intent())
        self.panel.show_page(name)

    def _move(self, name: str) -> dict[str, Any] | None:
        form = self.moves[name]
        if missing := form.form.missing():
            self.refuse(missing)
            return None
        assert form.good is not None
        return {**form.form.values(), "good_id": form.good.id}

    def _moved_now(self, name: str, call: Call[Any], said: str) -> None:
        good = self.moves[name].good
        assert good is not None
        if self.run(call, intent=self.moves[name].intent, said=said % {"good": good.name}):
            self.panel.show_page(SHELF)
            self.tables[SHELF].setFocus()

    @action(N_("Receive"), key="Ctrl+R", operation=service.receive, icon="plus", kind="primary")
    def receive(self) -> None:
        """Take a delivery in."""
        self._open_move("receive")

    def _receive(self) -> None:
        if (values := self._move("receive")) is not None:
            line = Delivered(values["good_id"], values["quantity"], values["cost"])
            self._moved_now(
                "receive",
                service.receive.of(lines=[line], reference=values["reference"]),
                _("%(good)s is received."),
            )

    @action(N_("Loss, gift, own use"), key="Ctrl+O", operation=service.issue)
    def issue(self) -> None:
        """Write goods off."""
        self._open_move("issue")

    def _issue(self) -> None:
        if (values := self._move("issue")) is not None:
            self._moved_now("issue", service.issue.of(**values), _("%(good)s is written off."))

    @action(N_("Count it"), key="Ctrl+T", operation=service.count)
    def count_good(self) -> None:
        """Count the good in hand."""
        self._open_move("count")

    def _count(self) -> None:
        if (values := self._move("count")) is not None:
            line = Counted(values["good_id"], values["counted"], values["reason"])
            self._moved_now("count", service.count.of(counted=[line]), _("The count of %(good)s is booked."))

    @action(N_("Count everything"), key="Ctrl+J", operation=service.count, icon="sheet")
    def stocktake(self) -> None:
        """Count all goods; the stock is out of sight meanwhile."""
        self._turn(TILL)
        self.stocktake_form.open(
            [g for g in self.office.ask(queries.goods) if g.active], self.office.new_intent()
        )
        self.panel.show_page("stocktake")
        if first := next(iter(self.stocktake_form.counts.values()), None):
            first.setFocus()

    def can_stocktake(self) -> str:
        """Say why there is nothing to count."""
        return "" if self.tables[SHELF].rows.rowCount() else _("The shop has no goods yet.")

    def _stocktake(self) -> None:
        form = self.stocktake_form
        if wrong := form.wrong():
            self.refuse(wrong)
            return
        counted = form.counted()
        gaps = self.office.ask(queries.differences, counted=counted)
        if not form.explain(gaps):
            self.refuse(
                ngettext(
                    "%(n)s article differs. Count it again, or say why.",
                    "%(n)s articles differ. Count them again, or say why.",
                    len(gaps),
                )
                % {"n": len(gaps)}
            )
            return
        lines = [Counted(good_id, n, form.reasons[good_id].value()) for good_id, n in counted.items()]
        if self.run(service.count.of(counted=lines), intent=form.intent):
            self.views.choose(SHELF)
            self.notes.good(_("The count is booked."))

    can_edit_good = can_receive = can_issue = can_count_good = _good

    @action(N_("Count sheet"), key=keys.PRINT, operation=service.print_count_sheet, icon="printer")
    def sheet(self) -> None:
        """Print the sheet for a blind count."""
        self.run(service.print_count_sheet.of(), said=_("The count sheet is printing."))

    # -------------------------------------------------------------- receipts and requests
    @action(N_("Take back"), key="Ctrl+B", operation=service.take_back, icon="room-change", kind="primary")
    def take_back(self) -> None:
        """Take goods of the receipt in hand back."""
        sale: SaleRow = self.tables[SALES].row()
        self.notes.clear()
        self.return_form.open(
            sale.number,
            self.office.ask(queries.sold, sale_id=sale.id),
            sale.method,
            self.office.new_intent(),
            self.digits,
        )
        self.panel.show_page("return")
        if first := next(iter(self.return_form.counts.values()), None):
            first.setFocus()

    def can_take_back(self) -> str:
        """Say why nothing can come back."""
        sale = self.tables[SALES].row() if self.view == SALES else None
        if sale is None:
            return _("Choose a receipt first.")
        return "" if sale.kind == "sale" else _("%(number)s is a return itself.") % {"number": sale.shown}

    def _take_back(self) -> None:
        form = self.return_form
        if wrong := form.wrong():
            self.refuse(wrong)
            return
        done = self.run(
            service.take_back.of(number=form.number, lines=form.back(), **form.form.values()),
            intent=form.intent,
        )
        if done:
            self.panel.show_page(SALES)
            self.notes.good(
                _("%(number)s is taken back, the receipt is printing.")
                % {"number": queries.number_shown(done.value)}
            )

    @action(N_("Receipt again"), operation=print_jobs.reprint, icon="printer")
    def receipt_again(self) -> None:
        """Print the receipt once more, marked as a duplicate."""
        first = self.office.ask(
            print_queries.of_record, record="shop_sale", record_id=self.tables[SALES].row().id
        )[0]
        self.run(
            print_jobs.reprint.of(job_id=first.id),
            said=_("The receipt is printing again, marked as a duplicate."),
        )

    def can_receipt_again(self) -> str:
        """Say why there is no receipt to print."""
        return "" if self.view == SALES and self.tables[SALES].row() else _("Choose a receipt first.")

    @action(N_("Ask for what is low"), key="Ctrl+U", operation=service.request, icon="sheet", kind="primary")
    def ask_more(self) -> None:
        """Ask for everything below its par level."""
        if done := self.run(service.request.of()):
            self.notes.good(_("Request PR-%(number)s is printing.") % {"number": done.value})

    @action(N_("Goods have come"), key="Ctrl+H", operation=service.receive, icon="check")
    def arrive(self) -> None:
        """Take in everything that the request in hand asked for."""
        self.notes.clear()
        self.arrival_form.open(self.tables[REQUESTS].row(), self.office.new_intent())
        self.panel.show_page("arrival")

    def _arrive(self) -> None:
        form, asked = self.arrival_form, self.arrival_form.request
        if missing := form.form.missing():
            self.refuse(missing)
            return
        assert asked is not None
        lines = [Delivered(good_id, n) for good_id, _name, _unit, _stock, n in asked.lines]
        if self.run(
            service.receive.of(lines=lines, request_number=asked.number, **form.form.values()),
            intent=form.intent,
            said=_("PR-%(number)s is received.") % {"number": asked.number},
        ):
            self.panel.show_page(REQUESTS)

    @action(N_("Give the request up"), key="Ctrl+D", operation=service.drop_request, kind="danger")
    def drop(self) -> None:
        """Give up the request in hand."""
        asked: RequestRow = self.tables[REQUESTS].row()
        self.run(
            service.drop_request.of(number=asked.number),
            said=_("PR-%(number)s is given up.") % {"number": asked.number},
        )

    def _no_request(self) -> str:
        return "" if self.view == REQUESTS and self.tables[REQUESTS].row() else _("Choose a request first.")

    can_drop = can_arrive = _no_request
