"""One order: its text at the left with what was understood, its fields at the right with what is open first,
one key to book it."""

from datetime import date
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLayout, QWidget

from pms.core import money
from pms.core.errors import Refused
from pms.core.i18n import N_, _
from pms.core.limits import seen
from pms.core.money import show
from pms.services.orders import queries, service
from pms.services.orders.queries import OrderRow
from pms.services.orders.reading import booking, layouts, reader
from pms.services.orders.reading import proposal as p
from pms.services.orders.reading.proposal import FIELDS, Open, Proposal
from pms.services.orders.reading.reader import House
from pms.ui.kit import keys
from pms.ui.kit.actions import action
from pms.ui.kit.amounts import Day, Number
from pms.ui.kit.desk import Screen
from pms.ui.kit.forms import Choice, Field, Text
from pms.ui.kit.lines import BESIDE
from pms.ui.kit.parts import Button, box, card, col, label, row, scrolling, set_tone, side_panel
from pms.ui.kit.wrap import Wrap
from pms.ui.screens.orders.marked import MarkedText, legend

PAUSE = 120
NO_DAY = date(2000, 1, 1)
SPLITS = ("departure", "arrival")
LAST = 2
AT = dict.fromkeys(("sell", "settle", "commission", "currency", "hours"), "price")
"""Where something is decided that has no field of its own."""
VERBS = {
    p.NEW: N_("Book the order"),
    p.CHANGE: N_("Change the booking"),
    p.CANCEL: N_("Cancel the booking"),
    p.CANCEL_REQUEST: N_("Note the request"),
}


class OrderPage(Screen):
    """Paste, look, book."""

    TOPICS = frozenset({"orders", "rooms", "property", "business_date"})

    def build(self) -> QLayout:
        """Put the text at the left and the fields at the right."""
        self.read = Proposal()
        self.known: OrderRow | None = None
        self.house: House | None = None
        self.types: dict[int, str] = {}
        self.intent, self.digits = "", 2
        self.from_list, self.decided = False, set[str]()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.look)
        self.text = MarkedText()
        self.text.textChanged.connect(self._typed)
        self._make_fields()
        self.title, self.about = label("", "page"), label("", "muted", wrap=True)
        self.decide, self.rest = col(gap=10), Wrap(gap=10)
        self.sums, self.told = label("", "strong", wrap=True), label("", "muted", wrap=True)
        self.wrong = label("", "strong", wrap=True)
        set_tone(self.wrong, "bad")
        back = Button(_("Back"), keys.BACK)
        back.clicked.connect(self.leave)
        self.book_button = self.button("book")
        fields = col(self.sums, self.wrong, self.told, self.decide, self.rest, None, gap=10)
        panel = side_panel(
            (scrolling(box(fields)), 1),
            self.notes,
            row((self.reason, 1), self.button("turn_down")),
            row(back, (self.book_button, 1), gap=8),
            width=400,
        )
        left = col(
            row(self.title, None, self.button("paste")),
            self.about,
            legend(),
            (card((self.text, 1), pad=(8, 8, 8, 8)), 1),
            gap=10,
            pad=(16, 12, 16, 16),
        )
        return row((box(left), 1), panel, gap=0)

    def _make_fields(self) -> None:
        self.action_of = Choice(_("Kind of order"), [(word, _(name)) for word, name in p.ACTIONS.items()])
        self.reference = Text(_("Channel's order no."), plain=True, longest=40, width=200)
        self.guest = Text(_("Guest"), longest=80)
        self.arrival, self.departure = Day(_("Arrival"), today=NO_DAY), Day(_("Departure"), today=NO_DAY)
        self.rooms = Number(_("Number of rooms"), least=1, most=99)
        self.type = Choice(_("Room type"), [(None, "")])
        pay = [("", ""), *((word, _(name)) for word, name in p.PAYMENTS.items())]
        self.payment = Choice(_("How it is paid"), pay)
        self.price = Text(_("Price per night"), plain=True, longest=400)
        self.reason = Text(_("Reason to refuse"), longest=200)
        self.fields: dict[str, Field] = {
            "action": self.action_of,
            "reference": self.reference,
            "guests": self.guest,
            "arrival": self.arrival,
            "departure": self.departure,
            "rooms": self.rooms,
            "room": self.type,
            "payment": self.payment,
            "price": self.price,
        }
        for name, field in self.fields.items():
            field.changed.connect(lambda name=name: self._decide(name))

    # -------------------------------------------------------------- opening
    def open(self, pasted: str = "", order: Proposal | None = None, **_more: Any) -> None:
        """Read a pasted text, or show an order of a list."""
        self.notes.clear()
        self.intent = self.office.new_intent()
        self.house = self.office.ask(queries.house)
        here = self.office.house()
        self.digits, today = here.digits, here.business_date
        self.arrival.turn(today)
        self.departure.turn(today)
        names = self.office.ask(queries.type_names)
        self.types = names
        self.type.set_options([(None, _("Choose the room type")), *names.items()])
        self.reason.set_value("")
        self.from_list, self.decided = order is not None, set()
        self.text.blockSignals(True)
        self.text.setPlainText(seen(pasted[: self.text.longest + BESIDE]))
        self.text.setReadOnly(self.from_list)
        self.text.blockSignals(False)
        self.read = order or Proposal()
        self.look()

    def start(self) -> QWidget:
        """Begin at what is open first, else in the text."""
        first = next((_home(one) for one in self.order().stops if _home(one) in self.fields), "")
        field = self.fields.get(first)
        return field.focusProxy() or field if field is not None and self._whole() else self.text

    def refresh(self) -> None:
        """Read it once more: the house may have changed; what was decided stays."""
        if self.house is None:
            self.open()
            return
        self.house = self.office.ask(queries.house)
        self._look_again()

    @action(N_("Paste an order"), key="Ctrl+V", icon="sheet")
    def paste(self) -> None:
        """Put what was copied into the place of the text."""
        told = QGuiApplication.clipboard().text()
        if not told.strip():
            self.refuse(_("Nothing was copied. Copy the order on the channel's page first."))
            return
        self.open(pasted=told)

    def _typed(self) -> None:
        self.decided.clear()
        self._soon.start(PAUSE)

    def _decide(self, name: str) -> None:
        self.decided.add(name)
        if name in SPLITS:
            self.decided.update(SPLITS)
        self._show_open()

    # -------------------------------------------------------------- what was understood
    def look(self) -> None:
        """Read the text and show what was understood and what is open."""
        self._soon.stop()
        self._read_text()
        self._fill()
        self._show()

    def _look_again(self) -> None:
        self._read_text()
        self._show()

    def _read_text(self) -> None:
        if self.from_list or self.house is None:
            return
        today = self.office.house().business_date
        told = self._told()
        found = reader.read(told, layouts=layouts.shipped(), house=self.house, received=today)
        self.read = booking.as_usual(found, self.house)
        self.text.mark(self.read.marks)

    def _told(self) -> str:
        """Return the text; signs without a width, of which channels' pages are full, are taken out of it."""
        told = self.text.toPlainText()
        if (clean := seen(told).replace("\0", "")) != told:
            self.text.blockSignals(True)
            self.text.setPlainText(clean)
            self.text.blockSignals(False)
        return clean

    def _fill(self) -> None:
        r = self.read
        prices = booking.per_night(r)
        shown: dict[str, Any] = {
            "action": r.action or p.NEW,
            "reference": r.reference,
            "guests": r.guests[0].name if r.guests else "",
            "arrival": r.arrival,
            "departure": r.departure,
            "rooms": r.rooms,
            "room": r.type_id,
            "payment": r.payment,
            "price": "  ".join(show(price, self.digits) for price in prices or ()),
        }
        for name, value in shown.items():
            self.fields[name].blockSignals(True)
            self.fields[name].set_value(value)
            self.fields[name].blockSignals(False)

    def _whole(self) -> bool:
        return bool(self.from_list or self.text.toPlainText().strip())

    def _show(self) -> None:
        r = self.read
        self.known = (
            self.office.ask(queries.known, channel=r.channel, reference=r.reference) if r.reference else None
        )
        channel = self.house.shown.get(r.channel, r.channel) if self.house is not None else r.channel
        self.title.setText(" ".join(filter(None, (channel, r.reference))) or _("Paste an order"))
        self._show_open()

    def order(self) -> Proposal:
        """Return the order with what was decided here; refuses a field that cannot be read."""
        said = {name: field.value() for name, field in self.fields.items() if name in self.decided}
        if "guests" in said:
            said["guest"] = said.pop("guests")
        if "room" in said:
            said["type_id"] = said.pop("room")
        if "price" in said:
            typed = said.pop("price").split()
            said["prices"] = tuple(int(money.parse(one, self.digits)) for one in typed) if typed else None
        return booking.completed(self.read, **said)

    def _show_open(self) -> None:
        try:
            order = self.order()
        except Refused:
            return
        self._arrange(order.open)
        others = [one for one in order.open if _home(one) not in self.fields]
        for shown, stops in ((self.wrong, True), (self.told, False)):
            told = dict.fromkeys(one.sentence for one in others if one.stops == stops)
            shown.setText("\n".join(told))
            shown.setVisible(bool(told))
        self._show_sums(order)
        self.about.setText(self._about(order))
        self.about.setVisible(bool(self.about.text()))
        set_tone(self.about, "warn" if self.known is not None else "muted")
        self.book_button.say(_(VERBS[order.action or p.NEW]))
        self.update_actions()

    def _show_sums(self, order: Proposal) -> None:
        sums = ((N_("Sell price"), order.sell), (N_("Settle price"), order.settle))
        told = [f"{_(words)} {show(amount, self.digits)}" for words, amount in sums if amount is not None]
        self.sums.setText("   ".join(told))
        self.sums.setVisible(bool(told))

    def _arrange(self, opened: tuple[Open, ...]) -> None:
        """Put first what must be decided, then what is to be looked at, then the rest."""
        of = {name: [one for one in opened if _home(one) == name] for name in self.fields}

        def rank(name: str) -> int:
            return 0 if any(one.stops for one in of[name]) else 1 if of[name] else LAST

        for name in sorted(self.fields, key=rank):
            field = self.fields[name]
            for layout in (self.decide, self.rest):
                layout.removeWidget(field)
            (self.rest if rank(name) == LAST else self.decide).addWidget(field)
            told = "\n".join(dict.fromkeys(one.sentence for one in of[name]))
            if rank(name) == 0 and self._whole():
                field.set_error(told)
            else:
                field.set_error("")
                field.set_note(told)
        self._tab_order()

    def _tab_order(self) -> None:
        items = [each.itemAt(n) for each in (self.decide, self.rest) for n in range(each.count())]
        shown = [field for item in items if item is not None and (field := item.widget()) is not None]
        for before, after in pairwise(shown):
            QWidget.setTabOrder(before, after)

    def _about(self, order: Proposal) -> str:
        """Say that an order is here already, and where a changed one differs from its booking."""
        known = self.known
        if known is None:
            return ""
        told = _("Here already: R-%(number)s, “%(state)s”.") % {
            "number": known.booking or "–",
            "state": known.state_name,
        }
        booked = self.office.ask(queries.booked, number=known.number)
        if booked is None or order.action != p.CHANGE:
            return told
        differences = (
            _("%(field)s: %(before)s → %(after)s")
            % {"field": _(FIELDS[d.field]), "before": d.before, "after": d.after}
            for d in booking.differences(order, booked, self.types)
        )
        return "\n".join((told, *differences))

    # -------------------------------------------------------------- what one can do
    @action(N_("Book the order"), key=keys.PRIMARY, operation=service.take_in, icon="check", kind="primary")
    def book(self) -> None:
        """Book, change or cancel, as the order says; go first to what must be decided."""
        if self._soon.isActive():
            self.look()
        try:
            order = self.order()
        except Refused as wrong:
            self.refuse(str(wrong))
            return
        if (first := next(iter(order.stops), None)) is not None:
            self.refuse(first.sentence)
            if (field := self.fields.get(_home(first))) is not None:
                field.setFocus()
            return
        made = self.run(service.take_in.of(order=order, pasted=self._told()), intent=self.intent)
        if made:
            self.leave_for("orders", number=made.value, done=order.action)

    @action(N_("Refuse the order"), operation=service.refuse, icon="close")
    def turn_down(self) -> None:
        """Keep the order as refused, with the reason."""
        reason = self.reason.value()
        if not reason:
            self.reason.set_error(_("Say why the order is refused."))
            self.reason.setFocus()
            return
        pasted = self._told()
        made = self.run(service.refuse.of(order=self.read, reason=reason, pasted=pasted), intent=self.intent)
        if made:
            self.leave_for("orders", number=made.value, done="refused")


def _home(one: Open) -> str:
    """Return the field at which something is decided."""
    return AT.get(one.field, one.field)
