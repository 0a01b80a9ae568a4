"""The shop: the till with its payment; behind it the shelf, the day's receipts and what should be bought."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from PySide6.QtWidgets import QLayout, QWidget

from pms.core.i18n import N_, _, ngettext
from pms.core.money import Money, show
from pms.core.operation import Call
from pms.services.print_jobs import queries as print_queries
from pms.services.print_jobs import service as print_jobs
from pms.services.property import queries as property_queries
from pms.services.shop import queries, service, stock
from pms.services.shop.queries import GoodRow, MoveRow, RequestRow, SaleRow
from pms.services.shop.stock import Counted, Delivered
from pms.ui.kit import formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.flow import Forms
from pms.ui.kit.method import called
from pms.ui.kit.one import One, Step
from pms.ui.kit.parts import col, label, row
from pms.ui.kit.register import Register, View
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table

from . import forms
from .forms import ArrivalForm, GoodForm, MoveForm, ReturnForm, StocktakeForm
from .lists import good_mark, method_words, of_goods, of_requests, of_sales, sees_cost
from .till import Payment, Till

TILL, SHELF, SALES, REQUESTS = "till", "shelf", "sales", "requests"


class ShopScreen(Register):
    """The till and what stands behind it."""

    NAME, HEAD, NEW = N_("Shop"), ("new_good", "sheet"), "new_good"
    VIEWS = (
        View(TILL, N_("Till"), "", "cash", TILL),
        View(SHELF, N_("Goods"), N_("The shop has no goods yet."), "shop-bag", SHELF),
        View(SALES, N_("Receipts today"), N_("Nothing was sold today."), "receipt", SALES),
        View(REQUESTS, N_("Purchase requests"), N_("No request is open."), "sheet", REQUESTS),
    )
    TOPICS = frozenset({"shop", "stays", "business_date", "property"})

    def lists(self) -> Mapping[str, Sequence[Any]]:
        """Ask for what the views show."""
        self.payment.options = self.office.ask(property_queries.setting).options
        self.payment.show_method()
        return {
            SHELF: self.office.ask(queries.goods),
            SALES: self.office.ask(queries.sales, business_date=self.today),
            REQUESTS: self.office.ask(queries.requests),
        }

    def answer(self) -> str:
        """Say what is running out; at the till that is no question."""
        low = sum(good.low for good in self.rows[SHELF])
        if self.view == TILL or not low:
            return ""
        return ngettext("%(n)s article low in stock", "%(n)s articles low in stock", low) % {"n": low}

    # -------------------------------------------------------------- arrangement
    def list_page(self, name: str) -> QWidget:
        """Show the till, or one of the lists behind it."""
        if name != TILL:
            return super().list_page(name)
        self.intent = self.office.new_intent()
        self.till = Till(self.office, self.notes, self.digits)
        self.payment = Payment(self.office, self.till.basket, self.digits, self.press_primary)
        self.till.changed.connect(self.payment.show_sum)
        return self.till

    def fill(self, name: str) -> QWidget | None:
        """Take the money beside the till."""
        return self.payment if name == TILL else None

    def make_table(self, name: str) -> Table:
        """Strike goods through that are no longer sold."""
        if name != SHELF:
            return super().make_table(name)
        return Table(
            self.columns(name), digits=self.digits, strike=lambda good: not good.active, sortable=True
        )

    def columns(self, name: str) -> Sequence[Column]:
        """Say what a good, a receipt or a request is."""
        if name == SHELF:
            return of_goods()
        return of_sales(self.zone, called(self.office)) if name == SALES else of_requests(self.zone)

    def foot(self, name: str) -> QLayout:
        """Sell; move goods; take back; buy."""
        if name == TILL:
            return col(None, self.button("sell"))
        if name == SALES:
            return col(None, self.button("receipt_again"), self.button("take_back"), gap=8)
        if name == REQUESTS:
            return col(None, self.button("arrive"), self.button("drop"), self.button("ask_more"), gap=8)
        two = row((self.button("edit_good"), 1), (self.button("count_good"), 1), gap=8)
        more = (self.button("issue"), self.button("stocktake"), self.button("receive"))
        return col(None, two, *more, gap=8)

    def make_forms(self) -> None:
        """Let each form be made when it is first opened."""
        back = self.close_form
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
        return self.panel.add_form("good", GoodForm(self.digits, self._save_good, self.close_form))

    @cached_property
    def return_form(self) -> ReturnForm:
        """The form for goods that come back."""
        return self.panel.add_form("return", ReturnForm(self.office, self._take_back, self.close_form))

    @cached_property
    def arrival_form(self) -> ArrivalForm:
        """The form for goods that were asked for and have come."""
        return self.panel.add_form("arrival", ArrivalForm(self._arrive, self.close_form))

    @cached_property
    def stocktake_form(self) -> StocktakeForm:
        """The form in which all goods are counted."""
        return self.panel.add_form("stocktake", StocktakeForm(self._stocktake, self.close_form))

    def start(self) -> QWidget | None:
        """Begin at the scanner."""
        return self.till.scan if self.view == TILL else super().start()

    def open(
        self, good_id: int | None = None, sale: int | None = None, stocktake: bool = False, **_what: Any
    ) -> None:
        """Open the till, a good, a receipt, or the count of all goods."""
        self.notes.clear()
        found = self.office.ask(queries.sale, number=sale) if sale is not None else None
        if found is not None:  # of another day, perhaps
            self.take_in_hand(SALES, found)
        else:
            self._turned(SHELF if good_id is not None else TILL)
        if good_id is not None:
            self.table.pick(good_id)
        if stocktake:
            self.acts["stocktake"].press()

    def step_back(self) -> bool:
        """Leave a form and what was looked for, else return to the till."""
        if super().step_back():
            return True
        if self.view == TILL:
            return False
        self._turned(TILL)
        return True

    def close_form(self) -> None:
        """Leave the form that is open; the stocktake leaves the keys to the scanner."""
        super().close_form()
        if self.view == TILL:
            self.till.scan.setFocus()

    def chosen(self, _row: Any) -> None:
        """Take goods of a receipt back."""
        if self.view == SALES:
            self.acts["take_back"].press()

    # -------------------------------------------------------------- what is shown
    def facts(self, row: GoodRow | SaleRow | RequestRow) -> One:
        """Show a good with its moves, a receipt with its lines, or a request."""
        if isinstance(row, GoodRow):
            return self._good_facts(row)
        if isinstance(row, SaleRow):
            return self._sale_facts(row)
        asked = [(name, f"{n} {unit}") for _id, name, unit, _stock, n in row.lines]
        steps = [Step(row.asked_at, _("Requested"), row.by, row.remark)]
        return One(f"PR-{row.number}", asked, figure=True, steps=steps)

    def _good_facts(self, good: GoodRow) -> One:
        tone, icon = ("warn", "alert") if good.low else ("block", "")
        return One(
            good.name,
            (
                (_("Stock"), f"{good.stock} {good.unit}"),
                (_("Par level"), str(good.par)),
                (_("Unit price"), show(good.price, self.digits)),
                (_("Cost"), show(good.cost, self.digits) if sees_cost(self.office.clerk) else ""),
                (_("Barcode"), good.barcode),
            ),
            badges=((good_mark(good), tone, icon),),
            steps=[self._moved(move) for move in self.office.ask(queries.moves, good_id=good.id, limit=8)],
        )

    @staticmethod
    def _moved(move: MoveRow) -> Step:
        number = queries.number_shown(move.sale) if move.sale else ""
        what = f"{_(queries.MOVES[move.kind])} {formats.signed(move.quantity)}"
        return Step(move.at, what, move.by, " ".join(filter(None, (number, move.reference, move.reason))))

    def _sale_facts(self, sale: SaleRow) -> One:
        return One(
            sale.shown,
            (
                (_("Paid by"), method_words(called(self.office), sale.method, sale.room)),
                (_("Guest"), sale.guest),
                (_("By"), sale.by),
                (_("Time"), formats.day_time(sale.at, self.zone)),
                (_("Return of"), queries.number_shown(sale.of) if sale.of else ""),
                (_("Reason"), sale.reason),
            ),
            figure=True,
            more=self._sold(sale),
        )

    def _sold(self, sale: SaleRow) -> list[QWidget | QLayout]:
        made: list[QWidget | QLayout] = []
        for line in self.office.ask(queries.sold, sale_id=sale.id):
            words = f"{line.name}  {show(line.price, self.digits)} × {line.quantity}"
            sum_ = label(show(line.price * line.quantity, self.digits))
            made.append(row((label(words, wrap=True), 1), sum_))
            if line.returned:
                made.append(label(_("%(n)s returned") % {"n": line.returned}, "meta", "warn"))
        words = _("Total") if sale.kind == "sale" else _("Refund due")
        total = label(show(abs(sale.total), self.digits), "page")
        return [*made, row(label(words, "strong"), None, total)]

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
                reference=pay.method.reference(),
                stay_id=pay.payer.stay_id if pay.payer and pay.to_room else None,
                tendered=given,
            ),
            intent=self.intent,
        )
        if done:
            change = pay.change_of(given)
            self._new_sale()
            sold = _("%(number)s is sold, the receipt is printing.")
            told = (sold % {"number": queries.number_shown(done.value)}, change)
            self.notes.good(" ".join(filter(None, told)))

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

    @action(N_("New article"), key=keys.NEW, operation=service.set_good, icon="plus")
    def new_good(self) -> None:
        """Add a good."""
        self._turned(SHELF)
        self.good_form.open(None)
        self.panel.show_page("good")

    @action(N_("Change"), key=keys.CHANGE, operation=service.set_good)
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
            self.show_row()
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
            self.show_row()

    @action(N_("Receive"), operation=stock.receive, icon="plus", kind="primary")
    def receive(self) -> None:
        """Take a delivery in."""
        self._open_move("receive")

    def _receive(self) -> None:
        if (values := self._move("receive")) is not None:
            line = Delivered(values["good_id"], values["quantity"], values["cost"])
            self._moved_now(
                "receive",
                stock.receive.of(lines=[line], reference=values["reference"]),
                _("%(good)s is received."),
            )

    @action(N_("Loss, gift, own use"), key="Ctrl+O", operation=stock.issue)
    def issue(self) -> None:
        """Write goods off."""
        self._open_move("issue")

    def _issue(self) -> None:
        if (values := self._move("issue")) is not None:
            self._moved_now("issue", stock.issue.of(**values), _("%(good)s is written off."))

    @action(N_("Count article"), operation=stock.count)
    def count_good(self) -> None:
        """Count the good in hand."""
        self._open_move("count")

    def _count(self) -> None:
        if (values := self._move("count")) is not None:
            line = Counted(values["good_id"], values["counted"], values["reason"])
            self._moved_now("count", stock.count.of(counted=[line]), _("The count of %(good)s is booked."))

    @action(N_("Count everything"), key="Ctrl+Shift+J", operation=stock.count, icon="sheet")
    def stocktake(self) -> None:
        """Count all goods; the stock is out of sight meanwhile."""
        self._turned(TILL)
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
        if self.run(stock.count.of(counted=lines), intent=form.intent):
            self._turned(SHELF)
            self.notes.good(_("The count is booked."))

    can_edit_good = can_receive = can_issue = can_count_good = _good

    @action(N_("Count sheet"), key=keys.PRINT, operation=stock.print_count_sheet, icon="printer")
    def sheet(self) -> None:
        """Print the sheet for a blind count."""
        self.run(stock.print_count_sheet.of(), said=_("The count sheet is printing."))

    # -------------------------------------------------------------- receipts and requests
    @action(N_("Return"), key="Ctrl+B", operation=service.take_back, icon="room-change")
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
            self.show_row()
            self.notes.good(
                _("%(number)s is returned, the receipt is printing.")
                % {"number": queries.number_shown(done.value)}
            )

    @action(N_("Reprint receipt"), operation=print_jobs.reprint, icon="printer")
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

    @action(N_("Request low stock"), operation=stock.request, icon="sheet", kind="primary")
    def ask_more(self) -> None:
        """Ask for everything below its par level."""
        if done := self.run(stock.request.of()):
            self.notes.good(_("Request PR-%(number)s is printing.") % {"number": done.value})

    @action(N_("Goods received"), key="Ctrl+Shift+I", operation=stock.receive, icon="check")
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
            stock.receive.of(lines=lines, request_number=asked.number, **form.form.values()),
            intent=form.intent,
            said=_("PR-%(number)s is received.") % {"number": asked.number},
        ):
            self.show_row()

    @action(N_("Cancel request"), key="Ctrl+Del", operation=stock.drop_request, kind="danger")
    def drop(self) -> None:
        """Give up the request in hand."""
        asked: RequestRow = self.tables[REQUESTS].row()
        self.run(
            stock.drop_request.of(number=asked.number),
            said=_("PR-%(number)s is cancelled.") % {"number": asked.number},
        )

    def _no_request(self) -> str:
        return "" if self.view == REQUESTS and self.tables[REQUESTS].row() else _("Choose a request first.")

    can_drop = can_arrive = _no_request
