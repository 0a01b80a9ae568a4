"""The fields of the booking form, arranged: guest, rooms and origin at the left, what is left and the total
at the right."""

from datetime import date
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QLayout, QWidget

from pms.core.i18n import N_, _
from pms.services.guests import queries as guest_queries
from pms.services.guests.queries import GuestRow
from pms.services.reservations.queries import LineRow
from pms.services.reservations.service import MOST_NIGHTS
from pms.ui.kit import drafts, keys
from pms.ui.kit.amounts import Amount, Day, Number
from pms.ui.kit.customer import CustomerField
from pms.ui.kit.desk import Screen
from pms.ui.kit.finder import Finder
from pms.ui.kit.flow import Pick
from pms.ui.kit.forms import WIDTHS, Choice, Field, Flag, Form, Remark, Text
from pms.ui.kit.left import left_words, short_left
from pms.ui.kit.method import Method
from pms.ui.kit.parts import Button, box, card, col, label, row, scrolling, side_panel
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table
from pms.ui.kit.wrap import Wrap
from pms.ui.screens.reservations.room_line import Offer, RoomLine
from pms.ui.screens.reservations.words import PAYERS, SOURCES

STATES = (
    ("confirmed", N_("Confirmed")),
    ("guaranteed", N_("Guaranteed")),
    ("tentative", N_("Tentative")),
    ("waiting", N_("Wait-listed")),
)
GUESTS = (
    Column(
        "",
        lambda g: g.name,
        sub=lambda g: "  ".join(filter(None, (g.phone, g.document_shown))),
        icon=lambda _g: "user",
        bold=True,
    ),
)
NO_DAY = date(2000, 1, 1)


class BookingFields(Screen):
    """Arranges the booking form; what its fields come to is shown by who derives from it."""

    def build(self) -> QLayout:
        """Put guest, rooms and origin at the left; availability, total and the filled button at the right."""
        self.line: LineRow | None = None
        self.adding = False
        self.intent = self.advance_intent = ""
        self.offer = Offer((), (), (), 2)
        self.lines: list[RoomLine] = []
        self._untouched: dict[str, Any] = {}
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._make_fields()
        self.title, self.about = label("", "page"), label("", "muted")
        self.origin_card = self._origin_card()
        body = col(
            self._guest_card(),
            self._room_card(),
            self.origin_card,
            self.advance_card,
            None,
            gap=12,
            pad=(16, 0, 16, 16),
        )
        left = col(
            row(self.title, self.about, None, gap=12, pad=(16, 12, 16, 0)), (scrolling(box(body)), 1), gap=12
        )
        return row((box(left), 1), self._panel(), gap=0)

    def _guests(self, text: str) -> list[GuestRow]:
        return self.office.ask(guest_queries.find, text=text)

    def _make_fields(self) -> None:
        self.name = Finder(_("Guest"), self._guests, GUESTS, required=True, width=260, longest=80)
        self.phone = Finder(
            _("Phone"), self._guests, GUESTS, least=3, width=WIDTHS["phone"], longest=40, plain=True
        )
        self.company = Text(_("Company"), width=220)
        self.arrival = Day(_("Arrival"), today=NO_DAY, required=True)
        self.nights = Number(_("Nights"), value=1, most=MOST_NIGHTS, required=True)
        self.departure = Day(_("Departure"), today=NO_DAY, required=True)
        self.source = Choice(_("Source"), [(code, _(words)) for code, words in SOURCES.items()], width=160)
        self.channel, self.reference = (
            Text(_("Channel"), width=150),
            Text(_("Reference"), width=150, plain=True),
        )
        self.payer = Choice(_("Who pays"), [(who, _(words)) for who, words in PAYERS.items()], width=112)
        self.hold = Text(_("Hold until"), width=76, check=_clock_fault, plain=True)
        self.state = Pick(_("State"), [(state, _(words)) for state, words in STATES])
        self.secret = Flag(_("Do not disclose: tell nobody that this guest comes"))
        self.remarks = Remark(_("Remarks"), lines=2)
        self.method = Method(self.office, _("Paid by"))
        self.advance = Amount(_("Advance deposit"), check=lambda sum_: "" if sum_ > 0 else _("More than 0."))
        self.method.asked = lambda: not self.advance.blank_quietly()
        self.customer = CustomerField(self.office)
        self.advance_card = card(Wrap(self.advance, self.method))
        self.form = Form(
            name=self.name,
            phone=self.phone,
            company=self.company,
            arrival=self.arrival,
            nights=self.nights,
            departure=self.departure,
            source=self.source,
            channel=self.channel,
            reference=self.reference,
            hold=self.hold,
            advance=self.advance,
            method=self.method,
        )
        for field in (*self.form.fields.values(), self.customer.finder):
            if isinstance(field, Text):
                field.line.returnPressed.connect(self._next)

    def _guest_card(self) -> QFrame:
        self.greeting = label("", "strong", wrap=True)
        self.greeting.hide()
        return card(Wrap(self.name, self.phone, self.company), self.greeting, self.customer, self.secret)

    def _room_card(self) -> QFrame:
        self.rows = col(gap=8)
        self.more = self.button("add_line", kind="quiet", icon="plus")
        self.out = self.button("cancel_room", kind="quiet", icon="close")
        return card(
            row(
                (Wrap(self.arrival, self.nights, self.departure), 1),
                col(None, row(self.out, self.more, gap=8)),
            ),
            self.rows,
        )

    def _origin_card(self) -> QFrame:
        return card(
            Wrap(self.source, self.channel, self.reference, self.payer, self.hold),
            row(self.state, None),
            self.remarks,
        )

    def _panel(self) -> QFrame:
        spare = Column(
            N_("Left"),
            lambda r: short_left(r[1].free, r[1].more, r[1].blocked),
            width=134,
            tone=lambda r: left_words(r[1].free, r[1].more, 1, r[1].blocked)[1],
        )
        columns = (
            Column(N_("Type"), lambda r: r[0].name, sub=lambda r: r[0].code),
            spare,
            Column(N_("Per night"), lambda r: r[2], "money", width=84),
        )
        self.types = Table(columns, key=lambda r: r[0].id)
        self.types.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.total, self.words = label("", "figure"), label("", "muted", wrap=True)
        self.free_head = label("", "title")
        back = Button(_("Back"), keys.BACK)
        back.clicked.connect(self.leave)
        self.book = self.button("save")
        return side_panel(
            self.free_head,
            (self.types, 1),
            self.words,
            row(label(_("Total"), "strong"), None, self.total),
            self.notes,
            row(back, (self.book, 1), gap=8),
            width=372,
        )

    def start(self) -> QWidget:
        """Begin with the guest's name, or with the further room."""
        return self.lines[0].type if self.adding else self.name

    def _written(self) -> dict[str, Any]:
        fields = [*self.form.fields.values(), self.state, self.remarks, self.method.typed]
        return {
            "form": drafts.written(f for f in fields if isinstance(f, Field)),
            "lines": [drafts.written(drafts.fields_of(line)) for line in self.lines],
            "secret": self.secret.value(),
            "customer": self.customer.numbers(),
        }

    def _later(self) -> None:
        self._soon.start(60)

    def _next(self) -> None:
        self.focusNextPrevChild(True)


def _clock_fault(text: str) -> str:
    hours, colon, minutes = text.partition(":")
    fits = (
        colon
        and hours.isdecimal()
        and minutes.isdecimal()
        and len(hours) == len(minutes) == 2
        and int(hours) < 24
        and int(minutes) < 60
    )
    return "" if fits else _("Type a time such as 18:00.")
