"""The form of the check-in: its four sections beside the free rooms, and what of it is kept as a draft."""

from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QLayout, QSizePolicy, QStackedWidget, QWidget

from pms.core.i18n import N_, _, ngettext
from pms.core.options import Options
from pms.services.cards.service import MOST_CARDS
from pms.services.guests import queries as guest_queries
from pms.services.reservations.queries import LineRow
from pms.services.reservations.service import MOST_NIGHTS
from pms.ui.kit import drafts, formats, safety
from pms.ui.kit import theme as th
from pms.ui.kit.amounts import Amount, Day, Number
from pms.ui.kit.customer import CustomerField
from pms.ui.kit.desk import Screen
from pms.ui.kit.forms import Choice, Field, Flag, Text
from pms.ui.kit.method import Method
from pms.ui.kit.parts import box, col, frame, label, row, scrolling
from pms.ui.kit.preview import Preview

from .checked_in import CheckedIn
from .guest_line import GuestList, Told
from .held_fields import HeldFields
from .room_picker import RoomChooser
from .section import Section
from .welcome import Welcome

KINDS = (("", N_("Paying")), ("comp", N_("Complimentary")), ("house", N_("House use")))
NO_DAY = date(2000, 1, 1)
WIDE = 660
"""As wide as the flow is: what is asked of a guest from abroad takes two lines, and at 1366 four rooms still
stand beside it."""
FLOW, END = 0, 1
Night = tuple[date, int, str]


class CheckInForm(Screen):
    """Arranges the check-in; what the fields come to is shown by who derives from it."""

    def build(self) -> QLayout:
        """Put the free rooms at the left and the flow at the right; the end of the flow takes the place of
        both."""
        self.line: LineRow | None = None
        self.nights: list[Night] = []
        self.intent, self.options, self.digits, self.today, self.zone = "", Options(), 2, NO_DAY, "UTC"
        self._untouched: list[list[Any]] = []
        self.asked, self._no_price, self._begun, self.unfolded = 0, "", False, False
        self._deposit_typed = self._cards_typed = False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self.guests = GuestList(lambda text: self.office.ask(guest_queries.find, text=text))
        self.guests.changed.connect(self._later)
        self.guests.stepped.connect(self._next)
        self.chooser = RoomChooser(self.office)
        self.chooser.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._make_fields()
        self.preview = Preview()
        self.next = self.button("finish")
        self.ended = CheckedIn(self.preview, self.button("again"), self.button("folio"), self.next)
        self.ended.connect_papers(self)
        self.pages = QStackedWidget()
        self.pages.addWidget(box(row((self.chooser, 1), self._flow(), gap=0)))
        self.pages.addWidget(box(row((self.preview, 1), self.ended, gap=0)))
        return col(self.pages, gap=0)

    def _make_fields(self) -> None:
        self.room = Told(_("Room"), required=True, width=64)
        self.leaving = Day(_("Departure"), today=NO_DAY, required=True, width=116)
        self.count = Number(_("Nights"), value=1, most=MOST_NIGHTS, required=True, width=52)
        self.adults = Number(_("Adults"), value=1, most=99, required=True, width=48)
        self.minors = Number(_("Children"), value=0, most=99, width=56)
        self.plan, self.price = Choice(_("Rate plan"), (), width=160), Amount(_("Manual rate"), width=120)
        self.customer = CustomerField(self.office, width=288, below=True)
        self.kind = Choice(_("Kind"), [(kind, _(words)) for kind, words in KINDS], width=136)
        self.method = Method(self.office, "")
        self.deposit = Amount("", check=lambda sum_: "" if sum_ >= 0 else _("Not below 0."))
        self.method.asked = lambda: not self.deposit.blank_quietly()
        self.held = HeldFields(self.office, self.method)
        self.held.changed.connect(self._later)
        self.cards = Number("", value=1, most=MOST_CARDS, required=True, width=52)
        self.paper = Flag(_("Registration card"), value=True)
        short: tuple[tuple[Field, str], ...] = ((self.deposit, _("Taken")), (self.cards, _("Cards")))
        for field, words in short:  # what they are called stands beside them
            field.title = words
            field.editor.setAccessibleName(words)
        self.room_trouble = label("", "meta", "bad", wrap=True)
        for field in (self.plan, self.price, self.adults, self.kind, self.cards):
            field.changed.connect(self._later)
        self.paper.toggled.connect(self._later)
        self.walk_in_fields: tuple[Field, ...] = (
            self.leaving,
            self.count,
            self.adults,
            self.minors,
            self.plan,
            self.price,
        )
        for text in (self.room, *self.walk_in_fields, self.customer.finder, self.deposit, self.cards):
            if isinstance(text, Text):
                text.line.returnPressed.connect(self._next)

    def _flow(self) -> QFrame:
        self.title, self.about = label("", "page"), label("", "muted")
        self._make_sections()
        self.summary, self.lack = label("", "strong", wrap=True), label("", "meta", "warn", wrap=True)
        self.big = self.button("check_in_now")
        self._notes_at = col(self.notes)
        foot = frame(
            "footer",
            col(
                self._notes_at,
                row((col(self.summary, self.lack, gap=2), 1), self.back_button(), self.big, gap=8),
                gap=8,
                pad=(16, 8, 16, 8),
            ),
        )
        self.body = scrolling(box(col(*self.sections, None, gap=8, pad=(16, 0, 16, 8))))
        self.body.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        head = row(self.title, (self.about, 1), gap=8, pad=(16, 8, 16, 8))
        made = frame("panel", col(head, (self.body, 1), foot, gap=0))
        made.setFixedWidth(th.px(WIDE))
        return made

    def _make_sections(self) -> None:
        more = self.button("add_guest", kind="quiet", icon="plus")
        change = self.button("change_booking", kind="quiet")
        self.sum_words, self.receipt = label("", "muted", wrap=True), label("", "muted")
        self.sections = [
            Section("1", _("Guests"), more),
            Section("2", _("Room and price"), change),
            Section("3", _("Deposit"), told=self.sum_words),
            Section("4", _("Cards"), self.cards, 8, self.paper, self.receipt),
        ]
        guests, stay, deposit, _papers = (section.body for section in self.sections)
        guests.addWidget(self.guests)
        self.welcome = Welcome(self.office)
        guests.addWidget(self.welcome)
        self.booked, self.spare = label("", "muted", wrap=True), label("", "strong", wrap=True)
        self.early = label("", "meta", "warn", wrap=True)
        self.folded, self.all_nights = label("", "muted"), label("", "strong")
        self.by_night = self.button("unfold", kind="quiet")
        self.night_rows = col(gap=4)
        self.fold = box(row(self.folded, self.by_night, None, self.all_nights, gap=8))
        self.fold.setMinimumHeight(th.px(34))  # as high as the fields beside which it stands
        self.fold_at = [col(None), col(None)]
        self.first_fields = (self.room, self.leaving, self.count, self.adults, self.minors)
        stay.addLayout(row(row(*self.first_fields, self.kind, gap=8), (self.fold_at[1], 1), gap=8))
        stay.addWidget(self.room_trouble)
        stay.addLayout(row(self.plan, self.price, (self.fold_at[0], 1), gap=8))
        stay.addWidget(self.customer)
        stay.addWidget(self.booked)
        stay.addLayout(self.night_rows)
        for item in (self.early, self.spare):
            stay.addWidget(item)
        self.held.taken.setMinimumHeight(th.px(34))  # beside its field where the ways of paying break
        taken = col(self.held.taken, None, gap=0)
        deposit.addLayout(row((col(3, self.method, gap=0), 1), taken, self.deposit, gap=8))
        deposit.addWidget(self.held)
        self.by_booking = (self.booked, change)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave a window that is too small for both to the flow: the room's number is typed there."""
        super().resizeEvent(event)
        left = event.size().width() - th.px(WIDE)
        self.chooser.setVisible(left >= self.chooser.minimumSizeHint().width())

    def start(self) -> QWidget:
        """Begin with the guest; when all is done, with what comes next."""
        if self.pages.currentIndex() == END:
            return self.next
        if not self.guests.lines:
            return self.chooser.picker
        return self.guests.lines[0].number if self.line is not None else self.guests.lines[0].name

    def _told_fields(self) -> list[Field]:
        return [
            self.room,
            self.leaving,
            self.count,
            self.adults,
            self.minors,
            self.plan,
            self.price,
            self.kind,
            self.deposit,
            self.method,
            self.cards,
            self.method.typed,
            *self.held.fields(),
        ]

    def _guests_typed(self) -> list[list[Any]]:
        return [drafts.written(drafts.fields_of(line)) for line in self.guests.lines]

    def typed(self) -> dict[str, Any] | None:
        """Return the form once something has been typed about a guest."""
        if not self._begun or self.finished() or (guests := self._guests_typed()) == self._untouched:
            return None
        return {
            "guests": guests,
            "form": drafts.written(self._told_fields()),
            "paper": self.paper.value(),
            "customer": self.customer.numbers(),
            "deposit_typed": self._deposit_typed,
            "cards_typed": self._cards_typed,
        }

    def about_typed(self) -> str:
        """Name the guests."""
        names = filter(None, (line.name.value() for line in self.guests.lines))
        return f"{_('Check-in')}: {formats.commas(names)}"

    def _turn(self, page: int) -> None:
        self.pages.setCurrentIndex(page)
        safety.opened()
        (self.ended.notes_at if page == END else self._notes_at).addWidget(self.notes)

    def _show_stay(self, r: LineRow | None) -> None:
        shown: dict[Field | Flag, Any] = {
            self.room: "",
            self.leaving: r.departure if r else self.today + timedelta(days=1),
            self.count: r.nights if r else 1,
            self.price: None,
            self.adults: r.adults if r else 1,
            self.minors: r.children if r else 0,
            self.kind: "",
            self.cards: r.adults if r else 1,
            self.paper: True,
        }
        for field, value in shown.items():
            field.set_value(value)
        for field in self.walk_in_fields:
            field.setVisible(r is None)
        self.customer.setVisible(r is None)
        for widget in self.by_booking:
            widget.setVisible(r is not None)
        self.fold_at[r is not None].addWidget(self.fold)
        if r is not None:
            self.booked.setText(_booking_words(r))

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Go through the form as it is read: the rooms, the guests, then down to the button."""
        guests = [field for line in self.guests.lines for field in line.fields()]
        stay = (*self.first_fields, self.kind, self.plan, self.price, self.customer.finder)
        money = (self.method, self.method.typed, *self.held.fields(), self.deposit, self.cards)
        order: list[QWidget] = [self.chooser.picker, *guests, *stay, *money, self.paper, self.big]
        seen = [w for w in order if w.isVisible() and w.isEnabled()]
        holder = QApplication.focusWidget()
        held = [n for n, w in enumerate(seen) if w is holder or w.isAncestorOf(holder or self)]
        at = held[-1] if held else None  # a number stands within its way to pay
        to = None if at is None else at + (1 if forward else -1)
        if to is None or not 0 <= to < len(seen):
            return super().focusNextPrevChild(forward)
        seen[to].setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
        return True

    def _next(self) -> None:
        self.focusNextPrevChild(True)

    def _later(self) -> None:
        self._soon.start(60)


def _booking_words(r: LineRow) -> str:
    nights = ngettext("%(n)s night", "%(n)s nights", r.nights) % {"n": r.nights}
    dates = _("%(start)s to %(end)s") % {
        "start": formats.long_day(r.arrival),
        "end": formats.long_day(r.departure),
    }
    return formats.commas(
        (
            f"R-{r.number}",
            f"{r.type_name} {r.type_code}",
            dates,
            nights,
            r.plan_name,
            r.payer_words,
            r.remarks,
        )
    )
