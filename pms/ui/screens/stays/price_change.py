"""Another price for nights to come: each night as it is and as it will be, why, and what the deposit lacks
then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from PySide6.QtWidgets import QLayout, QWidget

from pms.core.errors import Refused
from pms.core.i18n import N_, _, ngettext
from pms.core.money import Money, show, signed
from pms.services.property import queries as property_queries
from pms.services.rates.pricing import NightPrice
from pms.services.stays import prices, queries
from pms.services.stays.queries import StayRow
from pms.ui.kit import formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.amounts import Amount
from pms.ui.kit.desk import Screen
from pms.ui.kit.empty import Empty
from pms.ui.kit.flow import Pick, sums
from pms.ui.kit.forms import Form, Text
from pms.ui.kit.parts import box, col, empty_out, label, row
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table
from pms.ui.screens.stays.stay_head import StayHead, change_panel, sheet

from .cover import DepositBox

ALL, ONE = "all", "one"


@dataclass(frozen=True)
class Night:
    """A night to come, and the price that it will have."""

    was: NightPrice
    then: Money

    @property
    def changes(self) -> bool:
        """Say whether the price is another."""
        return self.then != self.was.price


class PriceChangeScreen(Screen):
    """Opened for one stay: ``go("price_change", stay_id=7)``."""

    TOPICS = frozenset({"stays", "rates", "reservations", "folios", "business_date"})

    def build(self) -> QLayout | QWidget:
        """Put the page together."""
        self.digits, self.stay_id, self.intent = self.office.house().digits, 0, ""
        self.stay: StayRow | None = None
        self.nights: Sequence[NightPrice] = ()
        self.given: dict[date, Money] = {}
        self.table = Table(
            (
                Column(N_("Night"), lambda n: formats.long_day(n.was.night), width=160, bold=True),
                Column(N_("Rule"), lambda n: n.was.rule, tone=lambda n: "muted"),
                Column(N_("Now"), lambda n: n.was.price, "money", width=104, strike=lambda n: n.changes),
                Column(N_("New price"), lambda n: n.then, "money", width=112, bold=True),
                Column(N_("Difference"), lambda n: n.then - n.was.price or None, "money", width=112),
            ),
            key=lambda n: n.was.night,
            digits=self.digits,
        )
        self.table.set_empty(Empty("calendar", _("No night is to come: the guest leaves today.")))
        self.table.picked.connect(lambda _row: self._show_scope())
        self.head = StayHead()
        self._make_fields()
        told = _("Nights that are posted stay as they are; a part is given back by Rebate on the folio.")
        self.posted = label(told, "muted", wrap=True)
        main = col(self.head.layout, (sheet(self.table), 1), self.posted, gap=12, pad=(16, 12, 16, 12))
        panel = change_panel(
            self,
            self.button("change"),
            label(_("Change the price"), "title"),
            self.scope,
            self.price,
            self.reason,
            box(self.box),
            self.deposit,
            width=360,
        )
        return row((box(main), 1), panel, gap=0)

    def _make_fields(self) -> None:
        self.scope = Pick(_("For which nights"), [(ALL, _("All to come")), (ONE, _("The one chosen"))])
        self.price = Amount(_("New price a night"), digits=self.digits)
        self.reason = Text(_("Reason, printed on folio and slip"), required=True, longest=80)
        self.deposit = DepositBox(self.office, self.digits)
        self.form = Form(
            price=self.price, reason=self.reason, deposit=self.deposit.amount, method=self.deposit.method
        )
        self.box = col(gap=12)
        self.price.changed.connect(self._typed)
        self.scope.changed.connect(self._show_scope)
        self.reason.line.returnPressed.connect(self.press_primary)

    def start(self) -> QWidget | None:
        """Begin at the price."""
        return self.price

    def open(self, stay_id: int = 0, **_what: Any) -> None:
        """Show a stay with every night as it is."""
        self.stay_id, self.intent = stay_id or self.stay_id, self.office.new_intent()
        self.notes.clear()
        self.given = {}
        self.scope.set_value(ALL)
        self.price.set_value(None)
        self.reason.set_value("")
        self.deposit.clear()
        self.form.clear_errors()
        self.mark_stale()

    def refresh(self) -> None:
        """Read the stay and its nights anew."""
        if not self.stay_id:
            return
        today = self.office.house().business_date
        self.stay = s = self.office.ask(queries.stay, stay_id=self.stay_id, business_date=today)
        self.nights = self.office.ask(queries.nights_to_come, stay_id=self.stay_id, business_date=today)
        self.cover = self.office.ask(queries.cover, stay_id=self.stay_id, business_date=today)
        self.options = self.office.ask(property_queries.setting).options
        known = {n.night for n in self.nights}
        self.given = {night: price for night, price in self.given.items() if night in known}
        self.head.show_stay(s)
        self._show()

    def _rows(self) -> list[Night]:
        return [Night(n, self.given.get(n.night, n.price)) for n in self.nights]

    def _in_scope(self) -> list[date]:
        if self.scope.value() == ALL:
            return [n.night for n in self.nights]
        chosen: Night | None = self.table.row()
        return [chosen.was.night] if chosen else []

    def _typed(self) -> None:
        """Give the price to the nights it is for; an empty field gives them back what they had."""
        try:
            price = self.price.value()
        except Refused:
            return
        for night in self._in_scope():
            if price is None:
                self.given.pop(night, None)
            else:
                self.given[night] = Money(price)
        self._show()

    def _show_scope(self) -> None:
        """Show the price that the nights in hand have been given so far."""
        given = {self.given.get(night) for night in self._in_scope()}
        wanted = given.pop() if len(given) == 1 else None
        try:
            typed = self.price.value()
        except Refused:
            typed = None
        if typed != wanted:  # else it is just being typed
            self.price.set_value(wanted)
        self.update_actions()

    def _show(self) -> None:
        rows = self._rows()
        self.table.show_rows(rows)
        if self.table.row() is None and self.nights:
            self.table.pick(self.nights[0].night)
        empty_out(self.box)
        before = sum(n.price for n in self.nights)
        after = sum(n.then for n in rows)
        if self.nights:
            count = ngettext("%(n)s night", "%(n)s nights", len(self.nights)) % {"n": len(self.nights)}
            lines = [
                (_("Until now"), show(before, self.digits)),
                (_("New total"), show(after, self.digits)),
            ]
            self.box.addWidget(
                sums(count, lines, (_("Change in all"), signed(after - before, self.digits), ""))
            )
        self.posted.setVisible(
            self.stay is not None and self.stay.arrival < self.office.house().business_date
        )
        self.deposit.show_missing(self.cover, self.options, after - before, 0)
        self.update_actions()

    @action(
        N_("Change the price"),
        key=keys.PRIMARY,
        operation=prices.change_price,
        icon="tape",
        kind="primary",
    )
    def change(self) -> None:
        """Give the nights their new prices; the slip prints."""
        if missing := self.form.missing():
            self.refuse(missing)
            return
        changed = tuple((n.was.night, int(n.then)) for n in self._rows() if n.changes)
        call = prices.change_price.of(
            stay_id=self.stay_id, prices=changed, reason=self.reason.value(), deposit=self.deposit.paid()
        )
        more = sum(n.then - n.was.price for n in self._rows())
        done = _("The price is changed by %(sum)s.") % {"sum": signed(more, self.digits)}
        said = self.deposit.said(done, self.deposit.paid())
        if self.run(call, intent=self.intent):
            self.leave_for("folios", stay_id=self.stay_id, said=said)

    def can_change(self) -> str:
        """Say why not."""
        if self.stay is None:
            return _("No guest is selected.")
        if self.stay.state != "in_house":
            return _("%(guest)s has left already.") % {"guest": self.stay.guest}
        if self.stay.kind:
            return _("No night of this stay is charged.")
        return "" if self.nights else _("No night is to come: the guest leaves today.")

    @action(N_("Folio"), key=keys.FOLIO)
    def folio(self) -> None:
        """Go to the stay's folio."""
        self.go("folios", stay_id=self.stay_id)
