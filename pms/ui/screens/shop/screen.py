"""The shop: scan, take the money, next; behind it the shelf, the day's receipts and what should be bought."""
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLayout, QStackedWidget, QWidget

from pms.core.i18n import N_, _, ngettext
from pms.core.money import Money, show
from pms.services.folios.printouts import METHOD_NAMES
from pms.services.print_jobs import queries as print_queries
from pms.services.print_jobs import service as print_jobs
from pms.services.property import queries as property_queries
from pms.services.shop import queries, service
from pms.services.shop.queries import GoodRow, MoveRow, Payer, RequestRow, SaleRow
from pms.services.shop.service import Counted, Delivered
from pms.ui.kit import formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.chips import Chips
from pms.ui.kit.desk import Screen
from pms.ui.kit.empty import Empty
from pms.ui.kit.finder import Finder
from pms.ui.kit.flow import Pick, SidePages
from pms.ui.kit.forms import Amount, Text
from pms.ui.kit.parts import Badge, box, card, col, empty_out, heading, label, pairs, row, set_tone
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table

from . import forms
from .basket import Basket, Line
from .forms import ArrivalForm, GoodForm, MoveForm, ReturnForm, StocktakeForm

TILL, SHELF, SALES, REQUESTS = "till", "shelf", "sales", "requests"
VIEWS = ((TILL, N_("Till")), (SHELF, N_("Goods")), (SALES, N_("Receipts today")), (REQUESTS, N_("Purchase requests")))
SUGGESTED = (Column("", lambda g: g.name, sub=lambda g: g.barcode), Column("", lambda g: g.price, "money", width=90))
STEPS = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Minus: -1}


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
        self.basket, self.intent = Basket(), self.office.new_intent()
        self.payer: Payer | None = None
        self.views = Chips([(view, _(words)) for view, words in VIEWS], value=TILL)
        self.views.chosen.connect(self._turn)
        self.stack, self.panel = QStackedWidget(), SidePages(self.notes, width=340)
        self.tables = {TILL: self._till(), SHELF: self._shelf(), SALES: self._sales(), REQUESTS: self._requests()}
        self._make_panel()
        head = heading(_("Shop"), None, self.button("new_good"), self.button("sheet"))
        left = col(head, row(self.views, None), (self.stack, 1), gap=12, pad=(16, 12, 16, 16))
        return row((box(left), 1), self.panel, gap=0)

    # -------------------------------------------------------------- the four views
    def _till(self) -> Table:
        self.scan = Finder(_("Barcode or name"), self._suggest, SUGGESTED, hint=_("scan, or 3*barcode for three"))
        self.scan.found.connect(self._found)
        self.scan.line.returnPressed.connect(self._scanned)
        table = Table((Column(N_("Article"), lambda x: x.good.name, bold=True, sub=lambda x: x.good.barcode),
                       Column(N_("Unit price"), lambda x: x.good.price, "money", width=110),
                       Column(N_("Quantity"), lambda x: x.quantity, "number", width=88),
                       Column(N_("Unit"), lambda x: x.good.unit, width=72), Column(N_("Amount"), lambda x: x.amount, "money", width=120)),
                      key=lambda x: x.good.id, digits=self.digits)
        table.setAccessibleName(_("Till"))
        table.set_empty(Empty("shop-bag", _("Scan a good, or type its name.")))
        table.installEventFilter(self)
        self.scan.line.installEventFilter(self)
        self._add_view(box(col(self.scan, (card((table, 1), pad=(0, 0, 0, 0)), 1), gap=12)))
        return table

    def _add_view(self, view: QWidget) -> None:
        self.stack.addWidget(view)

    def _shelf(self) -> Table:
        table = Table((Column(N_("Article"), lambda g: g.name, bold=True, sub=lambda g: g.barcode), Column(N_("Unit"), lambda g: g.unit, width=72),
                       Column(N_("Unit price"), lambda g: g.price, "money", width=96), Column(N_("Stock"), lambda g: g.stock, "number", width=72),
                       Column(N_("Par level"), lambda g: g.par, "number", width=88),
                       Column("", self._good_mark, "badge", width=112, tone=lambda g: "warn" if g.low else "block",
                              icon=lambda g: "alert" if g.low else "")), digits=self.digits, strike=lambda g: not g.active)
        return self._listed(table, _("Goods"), _("The shop has no goods yet."))

    @staticmethod
    def _good_mark(good: GoodRow) -> str:
        return _("Low stock") if good.low else "" if good.active else _("Not on sale")

    def _sales(self) -> Table:
        table = Table((Column(N_("Number"), lambda s: s.shown, width=88, bold=True),
                       Column(N_("Time"), lambda s: formats.time(s.at, self.zone), width=64, tone=lambda _s: "muted"),
                       Column(N_("Paid by"), lambda s: method_words(s.method, s.room), sub=lambda s: " ".join(filter(None, (s.guest, s.reason)))),
                       Column("", lambda s: _("Return") if s.kind == "return" else "", "badge", width=96,
                              icon=lambda s: "room-change" if s.kind == "return" else ""),
                       Column(N_("By"), lambda s: s.by, width=124, tone=lambda _s: "muted"),
                       Column(N_("Amount"), lambda s: s.total, "money", width=110)), digits=self.digits)
        table.chosen.connect(lambda _sale: self.acts["take_back"].press())
        return self._listed(table, _("Receipts today"), _("Nothing was sold today."))

    def _requests(self) -> Table:
        table = Table((Column(N_("Number"), lambda r: f"PR-{r.number}", width=88, bold=True),
                       Column(N_("Article"), lambda r: _(", ").join(f"{name} {n} {unit}".strip() for _g, name, unit, _s, n in r.lines),
                              sub=lambda r: r.remark),
                       Column(N_("Asked for"), lambda r: formats.day_time(r.asked_at, self.zone), width=120, tone=lambda _r: "muted"),
                       Column(N_("By"), lambda r: r.by, width=124, tone=lambda _r: "muted")))
        return self._listed(table, _("Purchase requests"), _("No request is open."))

    def _listed(self, table: Table, name: str, none: str) -> Table:
        table.setAccessibleName(name)
        table.set_empty(Empty("shop-bag", none))
        table.picked.connect(lambda _row: self._show_facts())
        self._add_view(card((table, 1), pad=(0, 0, 0, 0)))
        return table

    # -------------------------------------------------------------- the panel
    def _make_panel(self) -> None:
        self.total, self.count = label("", "figure"), label("", "muted")
        self.method = Pick(_("Paid by"), [(code, _(words)) for code, words in forms.WAYS])
        self.room, self.told = Text(_("Room"), width=72, longest=10), label("", "muted", wrap=True)
        self.tendered, self.change = Amount(_("Cash received"), digits=self.digits), label("", "strong")
        self.room_box = box(col(self.room, self.told, gap=4))
        self.cash_box = box(row(self.tendered, col(None, self.change, 6), None, gap=12))
        self.method.changed.connect(self._method_chosen)
        self.room.left.connect(self._ask_room)
        self.room.changed.connect(self._forget_room)
        self.tendered.changed.connect(self._show_sum)
        for line in (self.room.line, self.tendered.line):
            line.returnPressed.connect(self.press_primary)
        till = col(label(_("To pay"), "title"), row(self.total, None, self.count), self.method, self.cash_box, self.room_box, None, gap=12)
        self.panel.add(TILL, box(till), box(col(None, self.button("sell"))))
        self.facts = {view: col(gap=12) for view in (SHELF, SALES, REQUESTS)}
        feet = {SHELF: col(None, row((self.button("edit_good"), 1), (self.button("count_good"), 1), gap=8), self.button("issue"),
                           self.button("stocktake"), self.button("receive"), gap=8),
                SALES: col(None, self.button("receipt_again"), self.button("take_back"), gap=8),
                REQUESTS: col(None, self.button("arrive"), self.button("drop"), self.button("ask_more"), gap=8)}
        for view, foot in feet.items():
            self.panel.add(view, box(col(box(self.facts[view]), None)), box(foot))
        self.good_form = GoodForm(self.digits, self._save_good, self.step_back)
        self.return_form = ReturnForm(self._take_back, self.step_back)
        self.arrival_form = ArrivalForm(self._arrive, self.step_back)
        self.stocktake_form = StocktakeForm(self._stocktake, self.step_back)
        self.moves: dict[str, MoveForm] = {"receive": forms.receive_form(self.digits, self._receive, self.step_back),
                                           "issue": forms.issue_form(self._issue, self.step_back),
                                           "count": forms.count_form(self._count, self.step_back)}
        for name, page in {"good": self.good_form, "return": self.return_form, "arrival": self.arrival_form,
                           "stocktake": self.stocktake_form, **self.moves}.items():
            self.panel.add_form(name, page)

    def start(self) -> QWidget:
        """Begin at the scanner."""
        return self.scan if self.view == TILL else self.tables[self.view]

    @property
    def view(self) -> str:
        """Return the view that is seen."""
        return str(self.views.value() or TILL)

    def open(self, good_id: int | None = None, sale: int | None = None, stocktake: bool = False, **_what: Any) -> None:
        """Open the till, a good, a receipt, or the count of all goods."""
        self.notes.clear()
        self._turn(SHELF if good_id is not None else SALES if sale is not None else TILL)
        if good_id is not None:
            self.tables[SHELF].pick(good_id)
        found = self.office.ask(queries.sale, number=sale) if sale is not None else None
        if found is not None and not self.tables[SALES].pick(found.id):      # of another day
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
        self.refresh()
        self.start().setFocus()

    # -------------------------------------------------------------- what is shown
    def refresh(self) -> None:
        """Ask for what the views show."""
        house = self.office.house()
        self.zone, self.today = house.zone, house.business_date
        goods, sales = self.office.ask(queries.goods), self.office.ask(queries.sales, business_date=self.today)
        asked = self.office.ask(queries.requests)
        self.views.show_counts({SHELF: len(goods), SALES: len(sales), REQUESTS: len(asked)})
        for view, rows in ((SHELF, goods), (SALES, sales), (REQUESTS, asked)):
            self.tables[view].show_rows(rows)
            if self.tables[view].row() is None and rows:
                self.tables[view].selectRow(0)
        self.basis_points = self.office.ask(property_queries.setting).options.tax_basis_points
        self._method_chosen()
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
                layout.addLayout(pairs(*[(name, f"{n} {unit}") for _id, name, unit, _stock, n in chosen.lines], width=140))
        self.update_actions()

    def _show_good(self, layout: Any, good: GoodRow) -> None:
        layout.addWidget(label(good.name, "page", wrap=True))
        if mark := self._good_mark(good):
            layout.addLayout(row(Badge(mark, "warn" if good.low else "block", "alert" if good.low else ""), None))
        layout.addLayout(pairs((_("Stock"), f"{good.stock} {good.unit}"), (_("Par level"), str(good.par)),
                               (_("Unit price"), show(good.price, self.digits)), (_("Cost"), show(good.cost, self.digits)),
                               (_("Barcode"), good.barcode)))
        for move in self.office.ask(queries.moves, good_id=good.id, limit=8):
            layout.addWidget(label(self._moved(move), "muted", wrap=True))

    def _moved(self, move: MoveRow) -> str:
        number = queries.number_shown(move.sale) if move.sale else ""
        return " ".join(filter(None, (formats.day_time(move.at, self.zone), _(queries.MOVES[move.kind]), formats.signed(move.quantity),
                                      number, move.reference, move.reason, move.by)))

    def _show_sale(self, layout: Any, sale: SaleRow) -> None:
        layout.addWidget(label(sale.shown, "figure"))
        facts = ((_("Paid by"), method_words(sale.method, sale.room)), (_("Guest"), sale.guest), (_("By"), sale.by),
                 (_("Time"), formats.day_time(sale.at, self.zone)), (_("Return of"), queries.number_shown(sale.of) if sale.of else ""),
                 (_("Reason"), sale.reason))
        layout.addLayout(pairs(*[(name, value) for name, value in facts if value]))
        for line in self.office.ask(queries.sold, sale_id=sale.id):
            words = f"{line.name}  {show(line.price, self.digits)} × {line.quantity}"
            layout.addLayout(row((label(words, wrap=True), 1), label(show(line.price * line.quantity, self.digits))))
            if line.returned:
                layout.addWidget(label(_("%(n)s came back") % {"n": line.returned}, "meta", "warn"))
        words = _("To pay") if sale.kind == "sale" else _("To give back")
        layout.addLayout(row(label(words, "strong"), None, label(show(abs(sale.total), self.digits), "page")))

    # -------------------------------------------------------------- the till
    def _suggest(self, text: str) -> list[GoodRow]:
        found: list[GoodRow] = self.office.ask(queries.find, text=text.rpartition("*")[2])
        return found

    def _scanned(self) -> None:
        """Add what was scanned: a barcode, else the one good of that name."""
        many, _star, code = self.scan.value().rpartition("*")
        if not code:
            return
        self.scan.close_list()
        if many and not many.strip().isdecimal():
            self.refuse(_("“%(text)s” is no quantity. Type figures before the star, for example 3*.") % {"text": many})
            return
        good = self.office.ask(queries.by_barcode, code=code)
        if good is None:
            found = self.office.ask(queries.find, text=code)
            good = found[0] if len(found) == 1 else None
        if good is None:
            self.refuse(_("No good has the barcode %(code)s. Type its name, or add it to the goods.") % {"code": code})
            return
        self._add(good, int(many or 1))

    def _found(self, good: GoodRow) -> None:
        many = self.scan.value().rpartition("*")[0]
        self._add(good, int(many) if many.strip().isdecimal() else 1)

    def _add(self, good: GoodRow, quantity: int) -> None:
        self.notes.clear()
        self.basket.add(good, quantity)
        self.scan.set_value("")
        self._show_basket()
        self.tables[TILL].pick(good.id)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Change the quantity with plus and minus, take a line away with Del, walk into the lines with the arrows."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        typing = watched is self.scan.line and bool(self.scan.value())
        return not typing and self._line_key(Qt.Key(event.key()))

    def _line_key(self, key: Qt.Key) -> bool:
        line: Line | None = self.tables[TILL].row()
        if line is None or (key not in STEPS and key != Qt.Key.Key_Delete):
            return False
        if key in STEPS:
            self.basket.add(line.good, STEPS[key])
        else:
            self.basket.drop(line.good.id)
        self._show_basket()
        return True

    def _show_basket(self) -> None:
        self.tables[TILL].show_rows(self.basket.lines)
        if self.tables[TILL].row() is None and self.basket.lines:
            self.tables[TILL].selectRow(len(self.basket.lines) - 1)
        self._show_sum()

    def _to_pay(self) -> Money:
        """Return the sum with the tax that the house adds, line by line as it is posted."""
        taxes = sum((line.amount * self.basis_points + 5000) // 10000 for line in self.basket.lines)
        return Money(self.basket.total + taxes)

    def _show_sum(self) -> None:
        total, given = self._to_pay(), forms.amount_or_none(self.tendered)
        self.total.setText(show(total, self.digits))
        pieces = sum(line.quantity for line in self.basket.lines)
        self.count.setText(ngettext("%(n)s piece", "%(n)s pieces", pieces) % {"n": pieces} if pieces else "")
        self.change.setText("" if given is None else (_("Change %(sum)s") if given >= total else _("%(sum)s is missing."))
                            % {"sum": show(abs(given - total), self.digits)})
        set_tone(self.change, "" if given is None or given >= total else "bad")

    def _method_chosen(self) -> None:
        self.cash_box.setVisible(self.method.value() == "CASH")
        self.room_box.setVisible(self.method.value() == queries.ROOM)
        self._show_sum()
        if self.method.value() == queries.ROOM and self.method.isVisible() and self.method.chips.hasFocus():
            self.room.setFocus()

    def _forget_room(self) -> None:
        self.payer = None
        self.told.setText("")

    def _ask_room(self) -> None:
        self.payer = self.office.ask(queries.payer, room=self.room.value()) if self.room.value() else None
        if self.room.value():
            self.told.setText(f"{self.payer.room} {self.payer.guest}" if self.payer else
                              _("Nobody is in %(room)s. Choose an occupied room.") % {"room": self.room.value()})
            set_tone(self.told, "good" if self.payer else "warn")

    @action(N_("Sell"), key=keys.PRIMARY, operation=service.sell, icon="cash", kind="primary")
    def sell(self) -> None:
        """Take the money, or charge the room."""
        to_room, given = self.method.value() == queries.ROOM, None
        if to_room:
            self._ask_room()
            if self.payer is None:
                self.refuse(self.told.text() or _("Type the number of the guest's room."))
                self.room.setFocus()
                return
        elif self.method.value() == "CASH":
            if wrong := self.tendered.error():
                self.refuse(wrong)
                return
            given = self.tendered.value()
        done = self.run(service.sell, intent=self.intent, lines=self.basket.items(), method=self.method.value(),
                        stay_id=self.payer.stay_id if self.payer and to_room else None, tendered=given)
        if done:
            change = show(given - self._to_pay(), self.digits) if given is not None else ""
            self._new_sale()
            self.notes.good(" ".join(filter(None, (_("%(number)s is sold, the receipt is printing.") % {"number": queries.number_shown(done.value)},
                                                   _("Change %(sum)s") % {"sum": change} if change else ""))))

    def can_sell(self) -> str:
        """Say why nothing can be sold."""
        return "" if self.basket.lines else _("Nothing is on the receipt yet. Scan or choose a good.")

    def _new_sale(self) -> None:
        self.basket.clear()
        self.intent = self.office.new_intent()
        self.method.set_value("CASH")
        for field in (self.tendered, self.room):
            field.set_value(None)
        self._forget_room()
        self._method_chosen()
        self._show_basket()
        self.update_actions()
        self.scan.setFocus()

    # -------------------------------------------------------------- goods
    def _good(self) -> str:
        return "" if self.view == SHELF and self.tables[SHELF].row() else _("Choose a good first.")

    @action(N_("New good"), key="Ctrl+G", operation=service.set_good, icon="plus")
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
        done = self.run(service.set_good, good_id=form.good_id, said=_("%(good)s is saved.") % {"good": values["name"]},
                        **{**values, "cost": values["cost"] or Money(0)})
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

    def _moved_now(self, name: str, operation: Any, said: str, **fields: Any) -> None:
        good = self.moves[name].good
        assert good is not None
        if self.run(operation, intent=self.moves[name].intent, said=said % {"good": good.name}, **fields):
            self.panel.show_page(SHELF)
            self.tables[SHELF].setFocus()

    @action(N_("Receive"), key="Ctrl+R", operation=service.receive, icon="plus", kind="primary")
    def receive(self) -> None:
        """Take a delivery in."""
        self._open_move("receive")

    def _receive(self) -> None:
        if (values := self._move("receive")) is not None:
            line = Delivered(values["good_id"], values["quantity"], values["cost"])
            self._moved_now("receive", service.receive, _("%(good)s is received."), lines=[line], reference=values["reference"])

    @action(N_("Loss, gift, own use"), key="Ctrl+O", operation=service.issue)
    def issue(self) -> None:
        """Write goods off."""
        self._open_move("issue")

    def _issue(self) -> None:
        if (values := self._move("issue")) is not None:
            self._moved_now("issue", service.issue, _("%(good)s is written off."), **values)

    @action(N_("Count it"), key="Ctrl+T", operation=service.count)
    def count_good(self) -> None:
        """Count the good in hand."""
        self._open_move("count")

    def _count(self) -> None:
        if (values := self._move("count")) is not None:
            line = Counted(values["good_id"], values["counted"], values["reason"])
            self._moved_now("count", service.count, _("The count of %(good)s is booked."), counted=[line])

    @action(N_("Count everything"), key="Ctrl+J", operation=service.count, icon="sheet")
    def stocktake(self) -> None:
        """Count all goods; the stock is out of sight meanwhile."""
        self._turn(TILL)
        self.stocktake_form.open([g for g in self.office.ask(queries.goods) if g.active], self.office.new_intent())
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
            self.refuse(ngettext("%(n)s good differs. Count it again, or say why.", "%(n)s goods differ. Count them again, or say why.", len(gaps))
                        % {"n": len(gaps)})
            return
        lines = [Counted(good_id, n, form.reasons[good_id].value()) for good_id, n in counted.items()]
        if self.run(service.count, intent=form.intent, counted=lines):
            self.views.choose(SHELF)
            self.notes.good(_("The count is booked."))

    can_edit_good = can_receive = can_issue = can_count_good = _good

    @action(N_("Count sheet"), key=keys.PRINT, operation=service.print_count_sheet, icon="printer")
    def sheet(self) -> None:
        """Print the sheet for a blind count."""
        self.run(service.print_count_sheet, said=_("The count sheet is printing."))

    # -------------------------------------------------------------- receipts and requests
    @action(N_("Take back"), key="Ctrl+B", operation=service.take_back, icon="room-change", kind="primary")
    def take_back(self) -> None:
        """Take goods of the receipt in hand back."""
        sale: SaleRow = self.tables[SALES].row()
        self.notes.clear()
        self.return_form.open(sale.number, self.office.ask(queries.sold, sale_id=sale.id), sale.method, self.office.new_intent(), self.digits)
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
        done = self.run(service.take_back, intent=form.intent, number=form.number, lines=form.back(), **form.form.values())
        if done:
            self.panel.show_page(SALES)
            self.notes.good(_("%(number)s is taken back, the receipt is printing.") % {"number": queries.number_shown(done.value)})

    @action(N_("Receipt again"), operation=print_jobs.reprint, icon="printer")
    def receipt_again(self) -> None:
        """Print the receipt once more, marked as a duplicate."""
        first = self.office.ask(print_queries.of_record, record="shop_sale", record_id=self.tables[SALES].row().id)[0]
        self.run(print_jobs.reprint, job_id=first.id, said=_("The receipt is printing again, marked as a duplicate."))

    def can_receipt_again(self) -> str:
        """Say why there is no receipt to print."""
        return "" if self.view == SALES and self.tables[SALES].row() else _("Choose a receipt first.")

    @action(N_("Ask for what is low"), key="Ctrl+U", operation=service.request, icon="sheet", kind="primary")
    def ask_more(self) -> None:
        """Ask for everything below its par level."""
        if done := self.run(service.request):
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
        if self.run(service.receive, intent=form.intent, lines=lines, request_number=asked.number,
                    said=_("PR-%(number)s is received.") % {"number": asked.number}, **form.form.values()):
            self.panel.show_page(REQUESTS)

    @action(N_("Give the request up"), key="Ctrl+D", operation=service.drop_request, kind="danger")
    def drop(self) -> None:
        """Give up the request in hand."""
        asked: RequestRow = self.tables[REQUESTS].row()
        self.run(service.drop_request, number=asked.number, said=_("PR-%(number)s is given up.") % {"number": asked.number})

    def _no_request(self) -> str:
        return "" if self.view == REQUESTS and self.tables[REQUESTS].row() else _("Choose a request first.")

    can_drop = can_arrive = _no_request
