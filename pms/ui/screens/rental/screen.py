"""Item rental: what is out and when it is due, lend and take back without leaving the page."""

from functools import cached_property
from typing import Any

from PySide6.QtWidgets import QLayout, QStackedWidget, QWidget

from pms.core.i18n import N_, _, ngettext
from pms.core.money import Money
from pms.core.operation import Call
from pms.services.rental import queries, service
from pms.services.rental.queries import DAMAGED, GOOD, HOW, ItemRow, RentalRow
from pms.ui.kit import formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.chips import Chips
from pms.ui.kit.empty import Empty
from pms.ui.kit.flow import SidePages, SideScreen
from pms.ui.kit.parts import Badge, box, card, col, empty_out, heading, label, pairs, row
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table

from .forms import BackForm, DueForm, ItemForm, LendForm, due

ONE, LEND, BACK, DUE, ITEM = "one", "lend", "back", "due", "item"
VIEWS = (
    ("out", N_("Out"), N_("Nothing is lent.")),
    ("overdue", N_("Past due"), N_("Nothing is overdue.")),
    ("back", N_("Back today"), N_("Nothing came back today.")),
    ("items", N_("Items"), N_("No items are set up. Add what the house lends.")),
)


class RentalScreen(SideScreen):
    """What is lent to whom."""

    HOME = ONE
    TOPICS = frozenset({"rental", "stays", "business_date", "property"})

    def build(self) -> QLayout | QWidget:
        """Put the lists at the left and the chosen one at the right."""
        house = self.office.house()
        self.zone, self.today, self.digits = house.zone, house.business_date, house.digits
        self.items: list[ItemRow] = []
        self.chips = Chips([(word, _(title)) for word, title, _none in VIEWS], value="out")
        self.chips.chosen.connect(lambda _word: self.refresh())
        self.table = Table(self._columns(), key=lambda r: r.id)
        self.goods = Table(self._item_columns(), key=lambda i: i.id, digits=self.digits)
        self.empties = {}
        for table, name in ((self.table, N_("Item rental")), (self.goods, N_("Items"))):
            table.setAccessibleName(_(name))
            self.empties[table] = Empty("umbrella", "")
            table.set_empty(self.empties[table])
            table.picked.connect(self._picked)
            table.chosen.connect(lambda _row: self.press_primary())
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.goods)
        self.panel = SidePages(self.notes, width=340)
        self.facts = col(gap=12)
        self.for_rental = box(col(self.button("extend"), self.button("take_back"), gap=8))
        self.for_item = self.button("edit_item")
        foot = box(col(None, self.for_item, self.for_rental, gap=8))
        self.panel.add(ONE, box(col(box(self.facts), None)), foot)
        head = heading(_("Item rental"), None, self.button("add_item"), self.button("lend", kind=""))
        lists = card((self.stack, 1), pad=(0, 0, 0, 0))
        left = col(head, row(self.chips, None), (lists, 1), gap=12, pad=(16, 12, 16, 16))
        return row((box(left), 1), self.panel, gap=0)

    @cached_property
    def lend_form(self) -> LendForm:
        """The form for lending, made when it is first opened."""
        made = LendForm(self.office, self.today, self.zone, self.digits, self._lend, self.close_form)
        return self.panel.add_form(LEND, made)

    @cached_property
    def back_form(self) -> BackForm:
        """The form of a return."""
        return self.panel.add_form(BACK, BackForm(self.digits, self._take_back, self.close_form))

    @cached_property
    def due_form(self) -> DueForm:
        """The form for the due time."""
        return self.panel.add_form(DUE, DueForm(self.today, self._extend, self.close_form))

    @cached_property
    def item_form(self) -> ItemForm:
        """The form of an item."""
        return self.panel.add_form(ITEM, ItemForm(self.digits, self._save_item, self.close_form))

    def _columns(self) -> tuple[Column, ...]:
        return (
            Column(N_("Rental"), lambda r: r.shown, width=76, bold=True),
            Column(N_("Room"), lambda r: r.room, width=64, bold=True),
            Column(N_("Guest"), lambda r: r.guest),
            Column(N_("Lent item"), lambda r: r.item),
            Column(N_("Pieces"), self._pieces, "number", width=72),
            Column(
                N_("Due back"), lambda r: formats.day_time(r.due_at, self.zone), width=120, tone=self._tone
            ),
            Column("", self._mark, "badge", width=116, tone=self._tone, icon=self._sign),
        )

    @staticmethod
    def _item_columns() -> tuple[Column, ...]:
        return (
            Column(N_("Lent item"), lambda i: i.name, bold=True),
            Column(N_("Pieces"), lambda i: str(i.pieces), "number", width=72),
            Column(N_("Out"), lambda i: str(i.out) if i.out else "", "number", width=72),
            Column(N_("Deposit"), lambda i: i.deposit, "money", width=110),
            Column(N_("Price if lost"), lambda i: i.price, "money", width=120),
            Column("", lambda i: "" if i.active else _("Not lent"), "badge", width=104),
        )

    @staticmethod
    def _pieces(r: RentalRow) -> str:
        parts = {"out": r.out, "all": r.pieces}
        return str(r.pieces) if r.out in (0, r.pieces) else _("%(out)s of %(all)s") % parts

    def _overdue(self, r: RentalRow) -> bool:
        return r.overdue(self.office.now())

    def _mark(self, r: RentalRow) -> str:
        if not r.out:
            return _("Returned")
        if not r.in_house:
            return _("Guest left")
        return _("Past due") if self._overdue(r) else ""

    def _tone(self, r: RentalRow) -> str:
        if not r.out:
            return "block"
        return "warn" if self._overdue(r) else ""

    def _sign(self, r: RentalRow) -> str:
        if not r.out:
            return "check"
        return "clock" if self._overdue(r) else ""

    # -------------------------------------------------------------- what is shown
    @property
    def listed(self) -> Table:
        """Return the list that is seen."""
        return self.goods if self.chips.value() == "items" else self.table

    def start(self) -> QWidget:
        """Begin in the list."""
        return self.listed

    def open(self, number: int | None = None, stay_id: int | None = None, **_what: Any) -> None:
        """Show a rental, or lend to a guest's room."""
        self.notes.clear()
        if stay_id is not None:
            mine = next((r for r in self.office.ask(queries.out) if r.stay_id == stay_id), None)
            number = mine.number if mine else None
        if number is None:
            return
        found = self.office.ask(queries.rental, number=number)
        if found is None:
            self.refuse(
                _("There is no rental %(number)s. Look at the slip.") % {"number": queries.shown(number)}
            )
            return
        self.chips.set_value("out" if found.out else "back")
        self.refresh()
        if not self.table.pick(found.id):  # closed on an earlier day: in no list, shown all the same
            self.table.show_rows([found])
            self.table.pick(found.id)
        self._show_facts()

    def refresh(self) -> None:
        """Ask for the lists and show that of the chip."""
        house = self.office.house()
        self.zone, self.today = house.zone, house.business_date
        self.items = self.office.ask(queries.items)
        out = self.office.ask(queries.out)
        lists: dict[str, list[Any]] = {
            "out": out,
            "overdue": [r for r in out if self._overdue(r)],
            "back": self.office.ask(queries.returned_on, business_date=self.today),
            "items": self.items,
        }
        self.chips.show_counts({word: len(rows) for word, rows in lists.items()})
        which = self.chips.value() or "out"
        none = {word: words for word, _title, words in VIEWS}[which]
        table = self.listed
        self.stack.setCurrentWidget(table)
        self.for_rental.setVisible(table is self.table)
        self.for_item.setVisible(table is self.goods)
        self.empties[table].say(_(none))
        table.show_rows(lists[which])
        if table.row() is None and lists[which]:
            table.selectRow(0)
        self._show_facts()

    def _picked(self, _row: Any) -> None:
        if self.panel.page != ONE and self.listed.hasFocus():
            self.panel.show_page(ONE)
        self._show_facts()

    def _show_facts(self) -> None:
        empty_out(self.facts)
        chosen = self.listed.row()
        if isinstance(chosen, RentalRow):
            self._show_rental(chosen)
        elif isinstance(chosen, ItemRow):
            self.facts.addWidget(label(chosen.name, "page", wrap=True))
            here = ngettext("%(n)s piece here", "%(n)s pieces here", chosen.free) % {"n": chosen.free}
            self.facts.addWidget(label(here, "good" if chosen.free else "muted"))
        else:
            self.facts.addWidget(label(_("Choose a rental first."), "muted", wrap=True))
        self.update_actions()

    def _show_rental(self, r: RentalRow) -> None:
        mark = self._mark(r)
        sign = [Badge(mark, self._tone(r), self._sign(r))] if mark else []
        self.facts.addLayout(row(label(r.shown, "figure"), None, *sign, gap=8))
        deposit = f"{formats.amount(r.deposit, self.digits)} {r.slip}" if r.deposit else ""
        known = (
            (_("Guest"), f"{r.room} {r.guest}"),
            (_("Lent item"), queries.still(r)),
            (_("Due back"), formats.day_time(r.due_at, self.zone)),
            (_("Deposit"), deposit),
            (_("Price if lost"), formats.amount(r.price, self.digits)),
            (_("Lent"), f"{formats.day_time(r.out_at, self.zone)} {r.by}".strip()),
        )
        self.facts.addLayout(pairs(*((name, value) for name, value in known if value)))
        for back in self.office.ask(queries.returns, rental_id=r.id):
            when = f"{formats.day_time(back.at, self.zone)} {back.by}".strip()
            sums = [
                words % {"sum": formats.amount(amount, self.digits)}
                for words, amount in (
                    (_("%(sum)s charged"), back.charged),
                    (_("%(sum)s deposit back"), back.refunded),
                )
                if amount
            ]
            told = formats.commas((f"{_(HOW[back.how])} × {back.pieces}", *sums, back.remark, when))
            self.facts.addWidget(label(told, "muted", wrap=True))

    # -------------------------------------------------------------- actions
    @action(N_("Lend"), key="Ins", operation=service.lend, icon="umbrella", kind="primary")
    def lend(self) -> None:
        """Open the form for lending."""
        self.open_form(self.lend_form, LEND)
        self.lend_form.open(self.items)

    def can_lend(self) -> str:
        """Say why not."""
        return (
            "" if any(i.active for i in self.items) else _("No items are set up. Add what the house lends.")
        )

    def _lend(self) -> None:
        form = self.lend_form
        if missing := form.form.missing():
            self.refuse(missing)
        elif form.guest is None:
            self.refuse(_("Nobody is in %(room)s.") % {"room": form["room"].value()})
        elif made := self.run(
            service.lend.of(stay_id=form.guest.stay_id, **form.fields()), intent=form.intent
        ):
            self._done(made.value, _("%(number)s is lent, the slip is printing."))

    def _done(self, number: int, said: str) -> None:
        self.close_form()
        self.open(number=number)
        self.notes.good(said % {"number": queries.shown(number)})

    @action(N_("Take back"), key=keys.PRIMARY, operation=service.take_back, icon="check", kind="primary")
    def take_back(self) -> None:
        """Open the form of a return."""
        self.open_form(self.back_form, BACK)
        self.back_form.open(self.table.row(), self.office.new_intent())

    def _take_back(self) -> None:
        form = self.back_form
        if missing := form.form.missing():
            self.refuse(missing)
            return
        assert form.row is not None
        call, number = self._return_of(form), form.row.number
        if self.run(call, intent=form.intent):
            self._done(number, _("%(number)s: the return is noted."))

    @staticmethod
    def _return_of(form: BackForm) -> Call[int]:
        given, rental = form.form.values(), form.row
        assert rental is not None
        number, pieces, seen = rental.number, given["pieces"], rental.out
        if given["how"] == GOOD:
            return service.take_back.of(number=number, pieces=pieces, seen=seen, slip_back=not given["lost"])
        charge, remark = given["charge"] or Money(0), given["remark"]
        asked = service.take_back_damaged if given["how"] == DAMAGED else service.write_off
        return asked.of(number=number, pieces=pieces, seen=seen, charge=charge, remark=remark)

    @action(N_("Due time"), key="Ctrl+T", operation=service.extend, icon="clock")
    def extend(self) -> None:
        """Open the form for the due time."""
        self.open_form(self.due_form, DUE)
        self.due_form.open(self.table.row(), self.zone)

    def _extend(self) -> None:
        rental, form = self.table.row(), self.due_form
        if missing := form.form.missing():
            self.refuse(missing)
            return
        when = due(form["day"].value(), form["time"].value(), self.office, self.zone)
        assert when is not None
        call = service.extend.of(number=rental.number, due_at=when)
        self.save(form, call, _("%(number)s: the due time is changed.") % {"number": rental.shown})

    def _not_out(self) -> str:
        rental = self.table.row() if self.listed is self.table else None
        if rental is None:
            return _("Choose a rental first.")
        return "" if rental.out else _("This rental is closed.")

    can_take_back = can_extend = _not_out

    @action(N_("New item"), key="Ctrl+N", operation=service.add_item, icon="plus")
    def add_item(self) -> None:
        """Open the form for a new item."""
        self.open_form(self.item_form, ITEM)
        self.item_form.open(None)

    @action(N_("Change item"), key="Ctrl+E", operation=service.edit_item)
    def edit_item(self) -> None:
        """Open the form of the item in hand."""
        self.open_form(self.item_form, ITEM)
        self.item_form.open(self.goods.row())

    def can_edit_item(self) -> str:
        """Say why not."""
        chosen = self.goods.row() if self.listed is self.goods else None
        return "" if chosen is not None else _("Choose an item first.")

    def _save_item(self) -> None:
        form = self.item_form
        if missing := form.form.missing():
            self.refuse(missing)
            return
        given = form.form.values()
        if form.item is None:
            given.pop("active")
            call: Call[Any] = service.add_item.of(**given)
        else:
            call = service.edit_item.of(item_id=form.item.id, **given)
        self.chips.set_value("items")
        self.save(form, call, _("%(item)s is saved.") % {"item": given["name"]})
