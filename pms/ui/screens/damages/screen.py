"""Damages by guests: what was charged today, what nobody has seen yet, and the price list."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from PySide6.QtWidgets import QLayout

from pms.core.i18n import N_, _, ngettext
from pms.services.damages import queries, service
from pms.services.damages.queries import DamageRow, ItemRow
from pms.ui.kit import formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.one import One, Step
from pms.ui.kit.parts import col
from pms.ui.kit.register import Register, View
from pms.ui.kit.rows import Column
from pms.ui.kit.verbs import Verb

from .forms import ChargeForm, ItemForm, item_form, seen_form

CHARGE, ITEM = "charge", "item"


class DamagesScreen(Register):
    """What guests damaged, and what it costs."""

    NAME = N_("Damages")
    HEAD = ("add_item", "charge")
    NEW = "charge"
    VIEWS = (
        View("unseen", N_("To be seen"), N_("Every damage was seen by one who leads the desk."), "alert"),
        View("today", N_("Today"), N_("Nothing was damaged today."), "calendar"),
        View("latest", N_("Latest ones"), N_("Nothing was ever damaged."), "clock"),
        View(
            "items", N_("Price list"), N_("The price list is empty. Add what is in the rooms."), "sheet", ITEM
        ),
    )
    CHOOSE = N_("Choose a damage first.")
    TOPICS = frozenset({"damages", "folios", "stays", "business_date", "property"})

    def lists(self) -> Mapping[str, Sequence[Any]]:
        """Ask what is to be seen, today's, the latest, and the price list."""
        return {
            "unseen": self.office.ask(queries.unseen),
            "today": self.office.ask(queries.of_day, business_date=self.today),
            "latest": self.office.ask(queries.latest),
            "items": self.office.ask(queries.items),
        }

    def answer(self) -> str:
        """Say how many are to be seen, else how many there were today."""
        if unseen := len(self.rows["unseen"]):
            return ngettext("%(n)s damage to be seen", "%(n)s damages to be seen", unseen) % {"n": unseen}
        today = len(self.rows["today"])
        return ngettext("%(n)s damage today", "%(n)s damages today", today) % {"n": today}

    def columns(self, name: str) -> Sequence[Column]:
        """Say who damaged what and what it cost; of an item its price."""
        if name == ITEM:
            return (
                Column(N_("Item"), lambda i: i.name, bold=True),
                Column(N_("Price a piece"), lambda i: i.price, "money", width=130),
                Column("", lambda i: "" if i.active else _("Not charged any more"), "badge", width=160),
            )
        return (
            Column(N_("Damage"), lambda r: r.shown, width=84, bold=True, sort=lambda r: r.number),
            Column(N_("Room"), lambda r: r.room, width=64, bold=True),
            Column(N_("Guest"), lambda r: r.guest),
            Column(N_("Damaged"), lambda r: r.told),
            Column(N_("By the list"), lambda r: r.whole, "money", width=96),
            Column(N_("Sum charged"), lambda r: r.charged, "money", width=96, bold=True),
            Column(N_("When"), lambda r: formats.day_time(r.at, self.zone), width=112, sort=lambda r: r.at),
            Column("", self._differs, "badge", width=116, tone=self._tone, icon=self._sign),
        )

    @staticmethod
    def _mark(r: DamageRow) -> str:
        if r.back:
            return _("Taken back")
        return "" if r.seen_at else _("To be seen")

    def _differs(self, r: DamageRow) -> str:
        """Leave out what every row of the view has in common."""
        return self._mark(r) if r.back or self.view != "unseen" else ""

    @staticmethod
    def _tone(r: DamageRow) -> str:
        if r.back:
            return "block"
        return "" if r.seen_at else "warn"

    @staticmethod
    def _sign(r: DamageRow) -> str:
        if r.back:
            return "close"
        return "" if r.seen_at else "alert"

    def facts(self, chosen: ItemRow | DamageRow) -> One:
        """Show a damage with who charged and who saw it, or a line of the price list."""
        if isinstance(chosen, ItemRow):
            return One(chosen.name, ((_("Price a piece"), formats.amount(chosen.price, self.digits)),))
        steps = [Step(chosen.at, _("Damage charged"), chosen.by, chosen.reason)]
        if chosen.seen_at:
            steps.insert(0, Step(chosen.seen_at, _("Seen by a leader"), chosen.seen_by, chosen.remark))
        waived = formats.amount(chosen.waived, self.digits) if chosen.waived else ""
        return One(
            chosen.shown,
            (
                (_("Guest"), f"{chosen.room} {chosen.guest}"),
                (_("Damaged"), chosen.told),
                (_("By the list"), formats.amount(chosen.whole, self.digits)),
                (_("Not charged"), waived),
                (_("Charged to the room"), formats.amount(chosen.charged, self.digits)),
            ),
            figure=True,
            badges=((self._mark(chosen), self._tone(chosen), self._sign(chosen)),),
            steps=steps,
        )

    def foot(self, name: str) -> QLayout:
        """Change a line of the price list; look at the folio, say that a damage is seen."""
        if name == ITEM:
            return col(None, self.button("edit_item"), gap=8)
        return col(None, self.button("folio"), self.button("see"), gap=8)

    def named(self, row: ItemRow | DamageRow) -> dict[str, str]:
        """Call an item by its name, a damage by its number."""
        return {"item": row.name} if isinstance(row, ItemRow) else {"number": row.shown}

    def open(self, number: int | None = None, room: str = "", **_what: Any) -> None:
        """Show a damage, or begin one of a room."""
        self.notes.clear()
        if room:
            self.acts["charge"].press()
            self.charge_form.open(self.rows["items"], room)
        if number is None:
            return
        found = self.office.ask(queries.damage, number=number)
        if found is None:
            self.refuse(_("There is no damage %(number)s.") % {"number": queries.shown(number)})
        else:
            self.take_in_hand("latest" if found.seen_at else "unseen", found)

    # -------------------------------------------------------------- what one can do
    @cached_property
    def charge_form(self) -> ChargeForm:
        """The form for a damage, made when it is first opened."""
        made = ChargeForm(self.office, self.digits, self._charge, self.close_form)
        return self.panel.add_form(CHARGE, made)

    @action(N_("Charge a damage"), key=keys.NEW, operation=service.charge, icon="alert")
    def charge(self) -> None:
        """Open the form for a damage."""
        self.open_form(self.charge_form, CHARGE)
        self.charge_form.open(self.rows["items"])

    def _charge(self) -> None:
        form = self.charge_form
        if missing := form.form.missing():
            self.refuse(missing)
        elif form.guest is None:
            self.refuse(_("Nobody is in %(room)s.") % {"room": form["room"].value()})
        elif made := self.run(
            service.charge.of(stay_id=form.guest.stay_id, **form.fields()), intent=form.intent
        ):
            self.open(number=made.value)
            said = _("%(number)s is charged, the paper is printing.")
            self.notes.good(said % {"number": queries.shown(made.value)})

    @action(N_("Folio"), key=keys.FOLIO, icon="receipt")
    def folio(self) -> None:
        """Look at the guest's folio."""
        self.go("folios", stay_id=self.table.row().stay_id)

    def can_folio(self) -> str:
        """Say why not."""
        return self.in_hand(_(self.CHOOSE), self.listed != ITEM, _(self.CHOOSE))

    def _unseen(self) -> str:
        row = self.table.row() if self.listed != ITEM else None
        open_ = isinstance(row, DamageRow) and row.seen_at is None
        return self.in_hand(_(self.CHOOSE), open_, _("This damage was seen."))

    see = Verb(
        N_("Mark as seen"),
        key=keys.PRIMARY,
        kind="primary",
        icon="check",
        operation=service.see,
        of=lambda damage: {"number": damage.number},
        can=_unseen,
        form=seen_form,
        said=N_("%(number)s is seen."),
    )

    # -------------------------------------------------------------- the price list
    @action(N_("New item"), key="Ctrl+T", operation=service.add_item, icon="plus")
    def add_item(self) -> None:
        """Open the form for a new line of the price list."""
        self.open_form(self.new_item, ITEM)
        self.new_item.begin(None)

    @cached_property
    def new_item(self) -> ItemForm:
        """The form for a new line of the price list."""
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
