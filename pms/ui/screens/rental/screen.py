"""Item rental: what is out and when it is due, lend and take back without leaving the page."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from PySide6.QtWidgets import QLayout

from pms.core.i18n import N_, _, ngettext
from pms.core.money import Money
from pms.core.operation import Call
from pms.services.rental import queries, service
from pms.services.rental.queries import DAMAGED, GOOD, HOW, ItemRow, RentalRow, ReturnRow
from pms.ui.kit import formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.one import One, Step
from pms.ui.kit.parts import col
from pms.ui.kit.register import Register, View
from pms.ui.kit.rows import Column
from pms.ui.kit.verbs import Verb

from .forms import BackForm, DueForm, LendForm, due, item_form

LEND, BACK, DUE, ITEM = "lend", "back", "due", "item"


class RentalScreen(Register):
    """What is lent to whom."""

    NAME = N_("Item rental")
    HEAD = ("add_item", "lend")
    NEW = "lend"
    VIEWS = (
        View("out", N_("Out"), N_("Nothing is on loan."), "umbrella"),
        View("overdue", N_("Past due"), N_("Nothing is overdue."), "clock"),
        View("back", N_("Back today"), N_("Nothing came back today."), "check"),
        View("items", N_("Items"), N_("No items are set up. Add what the house lends."), "umbrella", ITEM),
    )
    CHOOSE = N_("Choose a rental first.")
    TOPICS = frozenset({"rental", "stays", "business_date", "property"})

    def lists(self) -> Mapping[str, Sequence[Any]]:
        """Ask what is out, past due, back today, and what the house lends."""
        out = self.office.ask(queries.out)
        return {
            "out": out,
            "overdue": [r for r in out if self._overdue(r)],
            "back": self.office.ask(queries.returned_on, business_date=self.today),
            "items": self.office.ask(queries.items),
        }

    def answer(self) -> str:
        """Say how much is past due, else how much is out."""
        late, out = len(self.rows["overdue"]), len(self.rows["out"])
        if late:
            return ngettext("%(n)s rental past due", "%(n)s rentals past due", late) % {"n": late}
        return ngettext("%(n)s rental out", "%(n)s rentals out", out) % {"n": out}

    def columns(self, name: str) -> Sequence[Column]:
        """Say who has what until when; of an item how many there are and what it costs."""
        if name == ITEM:
            return (
                Column(N_("Item on loan"), lambda i: i.name, bold=True),
                Column(N_("Pieces"), lambda i: str(i.pieces), "number", width=72, sort=lambda i: i.pieces),
                Column(N_("Out"), lambda i: str(i.out or ""), "number", width=72, sort=lambda i: i.out),
                Column(N_("Deposit"), lambda i: i.deposit, "money", width=110),
                Column(N_("Price if lost"), lambda i: i.price, "money", width=120),
                Column("", lambda i: "" if i.active else _("Not for loan"), "badge", width=104),
            )
        return (
            Column(N_("Rental"), lambda r: r.shown, width=76, bold=True, sort=lambda r: r.number),
            Column(N_("Room"), lambda r: r.room, width=64, bold=True),
            Column(N_("Guest"), lambda r: r.guest),
            Column(N_("Item on loan"), lambda r: r.item),
            Column(N_("Pieces"), self._pieces, "number", width=72, sort=lambda r: r.out),
            Column(
                N_("Due back"),
                lambda r: formats.day_time(r.due_at, self.zone),
                width=120,
                tone=self._tone,
                sort=lambda r: r.due_at,
            ),
            Column("", self._mark, "badge", width=116, tone=self._tone, icon=self._sign),
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

    def facts(self, chosen: ItemRow | RentalRow) -> One:
        """Show a rental with what came back of it, or an item."""
        if isinstance(chosen, ItemRow):
            here = ngettext("%(n)s piece here", "%(n)s pieces here", chosen.free) % {"n": chosen.free}
            return One(chosen.name, about=here)
        deposit = f"{formats.amount(chosen.deposit, self.digits)} {chosen.slip}" if chosen.deposit else ""
        return One(
            chosen.shown,
            (
                (_("Guest"), f"{chosen.room} {chosen.guest}"),
                (_("Item on loan"), queries.still(chosen)),
                (_("Due back"), formats.day_time(chosen.due_at, self.zone)),
                (_("Deposit"), deposit),
                (_("Price if lost"), formats.amount(chosen.price, self.digits)),
            ),
            figure=True,
            badges=((self._mark(chosen), self._tone(chosen), self._sign(chosen)),),
            steps=[
                *map(self._step, self.office.ask(queries.returns, rental_id=chosen.id)),
                Step(chosen.out_at, _("Lent"), chosen.by),
            ],
        )

    def _step(self, back: ReturnRow) -> Step:
        sums = [
            words % {"sum": formats.amount(amount, self.digits)}
            for words, amount in (
                (_("%(sum)s charged"), back.charged),
                (_("%(sum)s deposit back"), back.refunded),
            )
            if amount
        ]
        return Step(
            back.at, f"{_(HOW[back.how])} × {back.pieces}", back.by, formats.commas((*sums, back.remark))
        )

    def foot(self, name: str) -> QLayout:
        """Change an item; change the due time of a rental, or take it back."""
        if name == ITEM:
            return col(None, self.button("edit_item"), gap=8)
        return col(None, self.button("extend"), self.button("take_back"), gap=8)

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

    def open(self, number: int | None = None, stay_id: int | None = None, **_what: Any) -> None:
        """Show a rental, or the first one of a guest."""
        self.notes.clear()
        if stay_id is not None:
            number = next((r.number for r in self.rows["out"] if r.stay_id == stay_id), None)
        if number is None:
            return
        found = self.office.ask(queries.rental, number=number)
        if found is None:
            missing = _("There is no rental %(number)s. Look at the slip.")
            self.refuse(missing % {"number": queries.shown(number)})
        else:
            self.take_in_hand("out" if found.out else "back", found)

    # -------------------------------------------------------------- what one can do
    @action(N_("Lend"), key=keys.NEW, operation=service.lend, icon="umbrella")
    def lend(self) -> None:
        """Open the form for lending."""
        self.open_form(self.lend_form, LEND)
        self.lend_form.open(self.rows["items"])

    def can_lend(self) -> str:
        """Say why not."""
        items = self.rows.get("items", ())
        return "" if any(i.active for i in items) else _("No items are set up. Add what the house lends.")

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
        self.open(number=number)
        self.notes.good(said % {"number": queries.shown(number)})

    @action(N_("Return it"), key=keys.PRIMARY, operation=service.take_back, icon="check", kind="primary")
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

    @action(N_("Due time"), operation=service.extend, icon="clock")
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
        rental = self.table.row() if self.listed != ITEM else None
        return self.in_hand(
            _(self.CHOOSE), isinstance(rental, RentalRow) and rental.out > 0, _("This rental is closed.")
        )

    can_take_back = can_extend = _not_out

    @action(N_("New item"), key="Ctrl+T", operation=service.add_item, icon="plus")
    def add_item(self) -> None:
        """Open the form for a new item."""
        page = self.new_item
        self.open_form(page, ITEM)
        page.begin(None)

    @cached_property
    def new_item(self) -> Any:
        """The form for a new item."""
        return self.panel.add_form(ITEM, item_form(self, self._add_item, self.close_form))

    def _add_item(self) -> None:
        if missing := self.new_item.form.missing():
            self.refuse(missing)
            return
        given = self.new_item.form.values()
        given.pop("active")
        self.save(
            self.new_item, service.add_item.of(**given), _("%(item)s is saved.") % {"item": given["name"]}
        )
        self.show_view("items")

    def named(self, row: ItemRow | RentalRow) -> dict[str, str]:
        """Call an item by its name, a rental by its number."""
        return {"item": row.name} if isinstance(row, ItemRow) else {"number": row.shown}

    def _no_item(self) -> str:
        return self.in_hand(_("Choose an item first."), self.listed == ITEM, _("Choose an item first."))

    edit_item = Verb(
        N_("Change item"),
        key=keys.CHANGE,
        operation=service.edit_item,
        of=lambda item: {"item_id": item.id},
        can=_no_item,
        form=item_form,
        said=N_("%(item)s is saved."),
    )
