"""One line of the booking form: so many rooms of a type, for whom, at which price, with what is left and what
it comes to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.office import Office
from pms.services.rates import queries as rate_queries
from pms.services.rates.pricing import NightPrice
from pms.services.rates.queries import PlanRow
from pms.services.reservations.left import Left
from pms.services.reservations.service import Wish
from pms.services.rooms.queries import RoomRow, TypeRow
from pms.ui.kit import formats
from pms.ui.kit.amounts import Amount, Number
from pms.ui.kit.forms import Choice, Field, Text
from pms.ui.kit.left import left_words
from pms.ui.kit.parts import Button, col, label, row, set_tone
from pms.ui.kit.wrap import Wrap


@dataclass(frozen=True)
class Offer:
    """What the form offers to choose from: types, plans and rooms as they stand, and the currency's
    decimals."""

    types: Sequence[TypeRow]
    plans: Sequence[PlanRow]
    rooms: Sequence[RoomRow]
    digits: int


class RoomLine(QWidget):
    """``changed`` tells that availability and total are to be looked at again, ``unwanted`` that the line may
    go."""

    changed = Signal()
    unwanted = Signal()

    def __init__(self, offer: Offer, *, first: bool, single: bool = False) -> None:
        super().__init__()
        self.offer, self.total = offer, 0
        titles = [
            _("Type"),
            _("How many"),
            _("Adults"),
            _("Children"),
            _("Rate plan"),
            _("Manual rate"),
            _("Room"),
        ]
        type_, rooms, adults, children, plan, price, room = (t if first else "" for t in titles)
        self.type = Choice(type_, [(t.id, f"{t.name} {t.code}") for t in offer.types if t.active], width=150)
        self.rooms = Number(rooms, value=1, least=1, most=99, required=True, width=64)
        self.adults, self.minors = (
            Number(adults, value=1, most=99, width=48),
            Number(children, value=0, most=99, width=52),
        )
        self.plan = Choice(plan, [(p.id, p.name) for p in offer.plans if p.active], width=128)
        self.price = Amount(price, digits=offer.digits, width=104)
        self.room = Text(room, width=64, check=self._room_fault, plain=True)
        for field, title in zip(self.fields(), titles, strict=True):
            field.title = title
            field.editor.setAccessibleName(title)
            field.changed.connect(self.changed)
        self.left, self.sum, self.rule = label("", "strong"), label("", "title"), label("", "meta", wrap=True)
        close = Button("", icon="close", kind="quiet")
        close.setAccessibleName(_("Remove this line"))
        close.setToolTip(_("Remove this line"))
        close.clicked.connect(lambda _on=False: self.unwanted.emit())
        below = row(self.left, 8, (self.rule, 1), self.sum, gap=8)
        self.setLayout(col(row((Wrap(*self.fields()), 1), close, gap=8), below, gap=2))
        self.rooms.setHidden(single)  # only now: a widget without a parent would be shown as a window
        close.setHidden(first)

    def fields(self) -> list[Field]:
        """Return the fields from left to right."""
        return [self.type, self.rooms, self.adults, self.minors, self.plan, self.price, self.room]

    def show_as_one(self) -> None:
        """Show that the line is one room, so that the lines below stand under the same heads."""
        self.rooms.set_read_only()
        self.rooms.setVisible(True)

    def missing(self) -> str:
        """Check the fields, go to the first that is wrong and return what is wrong with it."""
        for field in self.fields():
            if field.isVisibleTo(self) and not field.validate():
                field.setFocus(Qt.FocusReason.OtherFocusReason)
                return field.shown_error()
        return ""

    def count(self) -> int:
        """Return how many rooms are wanted, 0 while that cannot be read."""
        return int(_read(self.rooms) or 0)

    def _room_fault(self, number: str) -> str:
        found = self._room_row(number)
        if found is None:
            return _("There is no room %(room)s.") % {"room": number}
        if found.type_id != self.type.value():
            return _("%(room)s is %(type)s.") % {"room": number, "type": found.type_code}
        return "" if self.count() == 1 else _("One room only.")

    def _room_row(self, number: str) -> RoomRow | None:
        return next((r for r in self.offer.rooms if r.number == number and r.active), None)

    def wishes(self, arrival: date, departure: date) -> list[Wish]:
        """Return what the line asks for, one wish a room; call ``missing`` first."""
        price, nights = self.price.value(), (departure - arrival).days
        room = self._room_row(self.room.value())
        wish = Wish(
            self.type.value(),
            arrival,
            departure,
            self.adults.value() or 0,
            self.minors.value() or 0,
            self.plan.value(),
            None if price is None else (int(price),) * max(nights, 1),
            "",
            room.id if room else None,
        )
        return [wish] * self.count()

    # -------------------------------------------------------------- what it comes to
    def look(self, office: Office, arrival: date, departure: date, taken: int, left: Left | None) -> None:
        """Show what is left beside the ``taken`` rooms of other lines, and what the line comes to."""
        words, tone = (
            left_words(left.free, left.more, taken + self.count(), left.blocked) if left else ("", "muted")
        )
        self.left.setText(words)
        set_tone(self.left, tone)
        self._show_sum(office, arrival, departure)

    def _show_sum(self, office: Office, arrival: date, departure: date) -> None:
        self.rule.setText("")
        set_tone(self.rule, "muted")
        price, nights = _read(self.price), (departure - arrival).days
        self.total = 0
        try:
            listed = office.ask(
                rate_queries.quote,
                plan_id=self.plan.value(),
                type_id=self.type.value(),
                start=arrival,
                end=departure,
            )
            per_room = sum(n.price for n in listed) if price is None else int(price) * nights
            self.rule.setText(_summary(listed, self.offer.digits) if price is None else "")
            self.total = per_room * self.count()
        except Refused as refusal:
            if price is None:
                set_tone(self.rule, "bad")
                self.rule.setText(str(refusal))
            else:
                self.total = int(price) * nights * self.count()
        self.sum.setText(formats.amount(self.total, self.offer.digits))


def _summary(listed: Sequence[NightPrice], digits: int) -> str:
    """Write the nights of one room as runs of the same price: ``268.00 × 2 + 298.00``."""
    runs: list[tuple[int, int]] = []
    for night in listed:
        if runs and runs[-1][0] == night.price:
            runs[-1] = (night.price, runs[-1][1] + 1)
        else:
            runs.append((night.price, 1))
    return " + ".join(formats.amount(p, digits) + (f" × {n}" if n > 1 else "") for p, n in runs[:6]) + (
        " …" if len(runs) > 6 else ""
    )


def _read(field: Number | Amount) -> int | None:
    try:
        return field.value()
    except Refused:
        return None


def nights_between(arrival: date | None, departure: date | None) -> int | None:
    """Return the number of nights, None while a date is missing or they are the wrong way round."""
    return (departure - arrival).days if arrival and departure and departure >= arrival else None


def later(arrival: date, nights: int) -> date:
    """Return the day of departure."""
    return arrival + timedelta(days=nights)
