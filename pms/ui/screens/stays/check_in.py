"""Check-in: room, guests, price, deposit, cards and papers in one flow that ends with one key."""

from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QLayout, QStackedWidget, QWidget

from pms.core.errors import Refused
from pms.core.i18n import N_, _, ngettext
from pms.core.money import Money
from pms.core.options import Options
from pms.devices.identity import Identity
from pms.services.cards import service as cards
from pms.services.folios import queries as folio_queries
from pms.services.guests import queries as guest_queries
from pms.services.property import queries as property_queries
from pms.services.rates import queries as rate_queries
from pms.services.reservations import queries as reservation_queries
from pms.services.reservations import service as reservations
from pms.services.reservations.queries import LineRow
from pms.services.reservations.service import MOST_NIGHTS
from pms.services.rooms import queries as room_queries
from pms.services.stays import charges, service, vacancy
from pms.services.stays.duty import SLEEVE
from pms.services.stays.service import Paid
from pms.services.stays.vacancy import FreeRoom, Obstacle
from pms.ui.kit import background, drafts, formats, keys, safety
from pms.ui.kit import theme as th
from pms.ui.kit.actions import action
from pms.ui.kit.desk import Screen
from pms.ui.kit.flow import Pick
from pms.ui.kit.forms import Amount, Choice, Day, Field, Flag, Number, Text
from pms.ui.kit.parts import Button, Item, Pic, box, col, empty_out, frame, label, row, scrolling, set_tone
from pms.ui.kit.preview import Preview

from .checked_in import CheckedIn
from .guest_line import GuestLine, GuestList, Told
from .room_picker import ALL, RoomChooser
from .spare import none_left

KINDS = (("", N_("Paying")), ("comp", N_("Complimentary")), ("house", N_("House use")))
OBSTACLES = {
    "occupied": N_("%(room)s: %(who)s is in it until %(day)s."),
    "blocked": N_("%(room)s is out of sale until %(day)s: %(who)s."),
    "held": N_("%(room)s is held for %(who)s until %(day)s."),
}
NIGHTS_SHOWN = 4
NO_DAY = date(2000, 1, 1)
FLOW, END = 0, 1
Night = tuple[date, int, str]


class Section(QFrame):
    """One numbered part of the flow, with how far it is at its right."""

    def __init__(self, number: str, title: str, *beside: Item) -> None:
        super().__init__()
        self.setObjectName("card")
        self.tone = ""
        self._state, self._sign = label("", "strong"), Pic("check", "good", 16)
        self.body = col(gap=6)
        head = row(
            label(number, "title", "accent"),
            label(title, "strong"),
            *beside,
            None,
            self._sign,
            self._state,
            gap=8,
        )
        self.setLayout(col(head, self.body, gap=6, pad=(12, 8, 12, 10)))

    def say(self, words: str, tone: str) -> None:
        """Show how far this part is: ``good``, ``warn`` or ``bad``, and plain for what the button will do."""
        self.tone = tone
        self._state.setText(words)
        set_tone(self._state, tone)
        signs = {"good": "check", "warn": "chevron-right", "bad": "alert", "": "chevron-right"}
        self._sign.show_icon(signs[tone], tone or "muted")

    def said(self) -> str:
        """Return what stands at the right."""
        return self._state.text()


class CheckInScreen(Screen):
    """Opened for a booked room (``line_id``), a free room (``room_id``) or, with nothing, for a walk-in."""

    TOPICS = frozenset(
        {"rooms", "stays", "reservations", "rates", "cards", "print_jobs", "business_date", "property"}
    )

    # -------------------------------------------------------------- arrangement
    def build(self) -> QLayout:
        """Put the free rooms at the left and the flow at the right; the end of the flow takes the place of
        both."""
        self.line: LineRow | None = None
        self.nights: list[Night] = []
        self.intent, self.options, self.digits, self.today, self.zone = "", Options(), 2, NO_DAY, "UTC"
        self._untouched: list[list[Any]] = []
        self.asked, self._no_price, self._deposit_typed, self._begun = 0, "", False, False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.look)
        self.guests = GuestList(lambda text: self.office.ask(guest_queries.find, text=text))
        self.guests.changed.connect(self._later)
        self.guests.stepped.connect(self._next)
        self.chooser = RoomChooser(self.office)
        self.chooser.picked.connect(self._picked)
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
        self.room = Told(_("Room"), required=True, width=64, check=self._room_fault)
        self.leaving = Day(_("Departure"), today=NO_DAY, required=True, check=self._leave_fault, width=104)
        self.count = Number(_("Nights"), value=1, most=MOST_NIGHTS, required=True, width=52)
        self.adults, self.minors = (
            Number(_("Adults"), value=1, most=99, required=True, width=48),
            Number(_("Children"), value=0, most=99, width=56),
        )
        self.plan, self.price = Choice(_("Rate plan"), (), width=160), Amount(_("Manual rate"), width=120)
        self.kind = Choice(_("Kind"), [(kind, _(words)) for kind, words in KINDS], width=136)
        self.method, self.deposit = (
            Pick("", []),
            Amount(_("Taken"), check=lambda sum_: "" if sum_ >= 0 else _("Not below 0.")),
        )
        self.cards, self.paper = (
            Number(_("Cards"), value=1, most=cards.MOST_CARDS, required=True, width=52),
            Flag(_("Registration card"), value=True),
        )
        self.room_trouble = label("", "meta", "bad", wrap=True)
        self.room.told.connect(self._tell_room)
        self.room.line.textEdited.connect(self._room_typed)
        self.leaving.changed.connect(self._leave_changed)
        self.count.changed.connect(self._count_changed)
        for field in (self.plan, self.price, self.adults, self.kind, self.cards):
            field.changed.connect(self._later)
        self.deposit.line.textEdited.connect(self._typed_deposit)
        self.paper.toggled.connect(self._later)
        texts: tuple[Text, ...] = (
            self.room,
            self.leaving,
            self.count,
            self.price,
            self.adults,
            self.minors,
            self.deposit,
            self.cards,
        )
        for text in texts:
            text.line.returnPressed.connect(self._next)

    def _flow(self) -> QFrame:
        self.title, self.about = label("", "page"), label("", "muted")
        self._make_sections()
        self.summary, self.lack = label("", "strong", wrap=True), label("", "meta", "bad", wrap=True)
        back = Button(_("Back"), keys.BACK)
        back.clicked.connect(self.leave)
        self._notes_at = col(self.notes)
        foot = frame(
            "footer",
            col(
                self._notes_at,
                row((col(self.summary, self.lack, gap=2), 1), back, self.button("check_in_now"), gap=8),
                gap=8,
                pad=(16, 10, 16, 10),
            ),
        )
        body = scrolling(box(col(*self.sections, None, gap=8, pad=(16, 0, 16, 8))))
        body.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made = frame(
            "panel", col(row(self.title, (self.about, 1), gap=8, pad=(16, 12, 16, 8)), (body, 1), foot, gap=0)
        )
        made.setFixedWidth(th.px(600))
        return made

    def _make_sections(self) -> None:
        more = self.button("add_guest", kind="quiet", icon="plus")
        change = self.button("change_booking", kind="quiet")
        self.sections = [
            Section("1", _("Guests"), more),
            Section("2", _("Room and price"), change),
            Section("3", _("Deposit")),
            Section("4", _("Cards and papers")),
        ]
        guests, stay, deposit, papers = (section.body for section in self.sections)
        guests.addWidget(self.guests)
        self.booked, self.spare = label("", "muted", wrap=True), label("", "strong", wrap=True)
        self.night_rows, self.early, self.sum_words = (
            col(gap=4),
            label("", "meta", "warn", wrap=True),
            label("", "muted", wrap=True),
        )
        self.walk_in_fields: tuple[Field, ...] = (
            self.leaving,
            self.count,
            self.adults,
            self.minors,
            self.plan,
            self.price,
        )
        stay.addLayout(
            row(self.room, self.leaving, self.count, self.adults, self.minors, self.kind, None, gap=8)
        )
        stay.addWidget(self.room_trouble)
        stay.addLayout(row(self.plan, self.price, None, gap=8))
        for item in (self.booked, self.early, self.spare):
            stay.addWidget(item)
        stay.insertLayout(stay.count() - 2, self.night_rows)
        deposit.addLayout(row((self.sum_words, 1), self.deposit, gap=8))
        deposit.addLayout(row(self.method, None))
        papers.addLayout(row(self.cards, 8, col(None, self.paper), None, gap=8))
        self.by_booking = (self.booked, change)

    def start(self) -> QWidget:
        """Begin with the guest; when all is done, with what comes next."""
        if self.pages.currentIndex() == END:
            return self.next
        if not self.guests.lines:
            return self.chooser.picker
        return self.guests.lines[0].number if self.line is not None else self.guests.lines[0].name

    # -------------------------------------------------------------- opening
    def open(
        self,
        line_id: int | None = None,
        room_id: int | None = None,
        guest: str = "",
        phone: str = "",
        guest_id: int | None = None,
        **_more: Any,
    ) -> None:
        """Begin with a booked room, a free room, a guest who is known, or none of them."""
        self._stale, self._begun, self._deposit_typed = False, True, False
        self._turn(FLOW)
        self.notes.clear()
        self.intent = self.office.new_intent()
        self.line = (
            self.office.ask(reservation_queries.line, line_id=line_id) if line_id is not None else None
        )
        self._load()
        self.guests.today = self.today
        self.guests.begin(
            self.line.guest_name if self.line else guest, self.line.phone if self.line else phone
        )
        if guest_id is not None:
            self.guests.lines[0].take(self.office.ask(guest_queries.one, guest_id=guest_id))
        self._show_stay(self.line)
        self._ask_rooms()
        self._first_room(room_id)
        self.look()
        self._untouched = self._guests_typed()
        if (
            self.line is not None
            and not self.line.awaited
            and (not self.line.open or self.line.state == "waiting")
        ):
            self.refuse(_("%(state)s: this booking cannot be checked in.") % {"state": self.line.state_name})

    # -------------------------------------------------------------- what is typed and not done
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
            "deposit_typed": self._deposit_typed,
        }

    def retype(self, typed: dict[str, Any]) -> None:
        """Type the guests and the form again."""
        while len(self.guests.lines) < len(typed["guests"]):
            self.guests.add()
        for line, facts in zip(self.guests.lines, typed["guests"], strict=False):
            drafts.write(drafts.fields_of(line), facts)
            line.abroad.setVisible(line.foreign())
            line.say()
        drafts.write(self._told_fields(), typed["form"])
        self.paper.set_value(typed["paper"])
        self._deposit_typed = typed["deposit_typed"]
        self._ask_rooms()
        self._set_room(self.room.value())
        self.look()

    def about_typed(self) -> str:
        """Name the guests."""
        names = filter(None, (line.name.value() for line in self.guests.lines))
        return f"{_('Check-in')}: {formats.commas(names)}"

    def _turn(self, page: int) -> None:
        self.pages.setCurrentIndex(page)
        safety.opened()
        (self.ended.notes_at if page == END else self._notes_at).addWidget(self.notes)

    def _load(self) -> None:
        setting = self.office.ask(property_queries.setting)
        self.options, self.digits, self.today, self.zone = (
            setting.options,
            setting.digits,
            setting.business_date,
            setting.zone,
        )
        self.price.digits = self.deposit.digits = self.digits
        self.leaving.today = self.today
        self.plan.set_options([(p.id, p.name) for p in self.office.ask(rate_queries.plans) if p.active])
        self.method.set_options(
            [(c.code, _(c.name)) for c in self.office.ask(folio_queries.codes, kind="payment")]
        )
        types = [(t.id, t.name) for t in self.office.ask(room_queries.types) if t.active]
        r = self.line
        self.chooser.begin(
            types, r.type_id if r else ALL, r.plan_id if r else self.plan.value(), self.today, self.digits
        )

    def _show_stay(self, r: LineRow | None) -> None:
        shown: dict[Field | Flag, Any] = {
            self.room: "",
            self.leaving: r.departure if r else self.today + timedelta(days=1),
            self.count: r.nights if r else 1,
            self.price: None,
            self.adults: r.adults if r else 1,
            self.minors: r.children if r else 0,
            self.kind: "",
            self.cards: 1,
            self.paper: True,
        }
        for field, value in shown.items():
            field.set_value(value)
        for field in self.walk_in_fields:
            field.setVisible(r is None)
        for widget in self.by_booking:
            widget.setVisible(r is not None)
        if r is not None:
            self.booked.setText(_booking_words(r))

    def _first_room(self, room_id: int | None) -> None:
        """Take the room that was asked for or is booked, else the first clean one of the booked type."""
        wanted = room_id or (self.line.room_id if self.line else None)
        if wanted is not None:
            found = next((r for r in self.office.ask(room_queries.rooms) if r.id == wanted), None)
            self._set_room(found.number if found else "")
        elif self.line is not None:
            clean = self.chooser.first_clean(self.line.type_id)
            self._set_room(clean.number if clean else "")
        else:
            self._set_room("")

    # -------------------------------------------------------------- rooms
    def _dates(self) -> tuple[date, date] | None:
        """Return the first night and the day of departure, None while the departure cannot be read."""
        if self.line is not None:
            return max(self.line.arrival, self.today), self.line.departure
        with suppress(Refused):
            leaving = self.leaving.value()
            if leaving is not None and 0 <= (leaving - self.today).days <= MOST_NIGHTS:
                return self.today, leaving
        return None

    def _line_id(self) -> int | None:
        return self.line.line_id if self.line else None

    def _ask_rooms(self) -> None:
        if (dates := self._dates()) is not None:
            self.chooser.show_rooms(
                self.office.ask(vacancy.free_rooms, start=dates[0], end=dates[1], line_id=self._line_id())
            )

    def _room(self) -> FreeRoom | None:
        """Return the free room whose number stands in the field."""
        return self.chooser.of_number(self.room.value())

    def _set_room(self, number: str) -> None:
        self.room.set_value(number)
        if number:
            self.room.validate()
        self.chooser.hold(self._room())

    def _picked(self, room: FreeRoom) -> None:
        self.room.set_value(room.number)
        self.look()

    def _room_typed(self, _text: str) -> None:
        self.chooser.hold(self._room())
        self._later()

    def _tell_room(self, message: str) -> None:
        self.room_trouble.setText(message)
        self.room_trouble.setVisible(bool(message))

    def _room_fault(self, number: str) -> str:
        """Say why a room cannot be taken."""
        if (dates := self._dates()) is None or self._room() is not None:
            return ""
        known = next((r for r in self.office.ask(room_queries.rooms) if r.number == number), None)
        if known is None:
            return _("There is no room %(room)s.") % {"room": number}
        if not known.active:
            return _("Room %(room)s is retired.") % {"room": number}
        why: Obstacle | None = self.office.ask(
            vacancy.obstacle, room_id=known.id, start=dates[0], end=dates[1], line_id=self._line_id()
        )
        return (
            _(OBSTACLES[why.kind]) % {"room": number, "who": why.who, "day": formats.day(why.until)}
            if why
            else ""
        )

    # -------------------------------------------------------------- fields that depend on each other
    def _leave_fault(self, day: date) -> str:
        return _("Not before %(today)s.") % {"today": formats.day(self.today)} if day < self.today else ""

    def _leave_changed(self) -> None:
        with suppress(Refused):
            leaving = self.leaving.value()
            if leaving is not None and leaving >= self.today:
                self.count.set_value((leaving - self.today).days)
        self._dates_changed()

    def _count_changed(self) -> None:
        nights = _read(self.count)
        if nights is not None and 0 <= nights <= MOST_NIGHTS:
            self.leaving.set_value(self.today + timedelta(days=nights))
        self._dates_changed()

    def _dates_changed(self) -> None:
        self._ask_rooms()
        if self.room.value():
            self.room.validate()
        self._later()

    def _typed_deposit(self, _text: str) -> None:
        self._deposit_typed = True
        self._later()

    def _next(self) -> None:
        self.focusNextPrevChild(True)

    def _later(self) -> None:
        self._soon.start(60)

    # -------------------------------------------------------------- what is shown
    def refresh(self) -> None:
        """Look again at the rooms, or at what has become of cards and papers; what is typed stays."""
        if self.pages.currentIndex() == END:
            self.ended.look(self.office)
        elif not self._begun:
            self.open()
        elif self.today != self.office.house().business_date and self.typed() is None:
            room = self._room()  # the day has been closed meanwhile
            self.open(
                line_id=self._line_id(),
                room_id=room.room_id if room is not None and self.line is None else None,
            )
        else:
            self._dates_changed()

    def look(self) -> None:
        """Show prices, deposit and what is still missing, as the form stands."""
        if self.pages.currentIndex() == END or not self._begun:
            return
        dates = self._dates()
        self.guests.leave_on(dates[1] if dates else None)
        self._price_nights()
        self._show_nights()
        self._show_deposit()
        self._show_states()
        self.update_actions()

    def _price_nights(self) -> None:
        dates, room = self._dates(), self._room()
        self.nights, self._no_price = [], ""
        if dates is None:
            return
        if self.line is not None:
            booked = self.office.ask(reservation_queries.nights, line_id=self.line.line_id)
            first = self.line.arrival if self.line.awaited else dates[0]
            self.nights = [(n.night, n.price, n.rule) for n in booked if n.night >= first]
        elif (price := _read(self.price)) is not None:
            rule = _("manual rate by %(who)s") % {"who": self.office.clerk.name}
            self.nights = [
                (dates[0] + timedelta(days=n), price, rule) for n in range((dates[1] - dates[0]).days)
            ]
        elif room is not None and self.plan.value() is not None:
            try:
                listed = self.office.ask(
                    rate_queries.quote,
                    plan_id=self.plan.value(),
                    type_id=room.type_id,
                    start=dates[0],
                    end=dates[1],
                )
                self.nights = [(n.night, n.price, n.rule) for n in listed]
            except Refused as refusal:
                self._no_price = str(refusal)

    def _show_nights(self) -> None:
        empty_out(self.night_rows)
        for night, price, rule in self.nights[:NIGHTS_SHOWN]:
            when = label(formats.short_day(night))
            when.setFixedWidth(th.px(92))
            self.night_rows.addLayout(
                row(when, (label(rule, "muted", wrap=True), 1), label(self._show(price), "strong"), gap=8)
            )
        if rest := self.nights[NIGHTS_SHOWN:]:
            words = ngettext("%(n)s more night", "%(n)s more nights", len(rest)) % {"n": len(rest)}
            self.night_rows.addLayout(
                row(label(words, "muted"), None, label(self._show(sum(n[1] for n in rest)), "strong"))
            )
        extra = self._early()
        self.early.setText(self._about_clock(extra))
        self.early.setVisible(bool(self.early.text()))
        self._show_left()

    def _show_left(self) -> None:
        """Say where a room stands empty that is not left to sell."""
        dates, room, line = self._dates(), self._room(), self.line
        words = tone = ""
        if dates is not None and room is not None and (line is None or line.type_id != room.type_id):
            words, tone = none_left(
                self.office,
                room.type_id,
                room.type_name,
                arrival=line.arrival if line is not None else dates[0],
                departure=dates[1],
                first=dates[0],
                line_id=self._line_id() or 0,
            )
        self.spare.setText(words)
        set_tone(self.spare, tone)
        self.spare.setVisible(bool(words))

    def _about_clock(self, extra: charges.Extra | None) -> str:
        if extra:
            words = {"rule": extra.rule, "sum": self._show(extra.amount)}
            return _("Early arrival %(rule)s = %(sum)s, charged now.") % words
        if self.line is not None and self.line.awaited and self.nights:
            night = {"night": formats.short_day(self.nights[0][0]), "sum": self._show(self.nights[0][1])}
            return _("The night of %(night)s, %(sum)s, is charged now in place of the no-show.") % night
        return self._no_price

    def _show(self, sum_: int) -> str:
        return formats.amount(sum_, self.digits)

    def _early(self) -> charges.Extra | None:
        awaited = self.line is not None and self.line.awaited
        if self.kind.value() or not self.nights or awaited:
            return None
        return charges.arriving(
            self.options, self.zone, self.done_at(), self.today, self.nights[0][1], self.digits
        )

    def _show_deposit(self) -> None:
        total, nights = sum(n[1] for n in self.nights), max(len(self.nights), 1)
        held = (
            self.office.ask(reservation_queries.advance_held, line_id=self.line.line_id) if self.line else 0
        )
        free = bool(self.kind.value())
        asked = 0 if free or not self.nights else charges.deposit_wanted(self.options, total, nights)
        self.asked = max(asked - held, 0)
        if not self._deposit_typed:
            self.deposit.set_value(self.asked or None)
        if free:
            self.sum_words.setText(_("No deposit is asked for this kind of stay."))
        elif not self.nights:
            self.sum_words.setText(_("The deposit follows from the price of the room."))
        else:
            each = self.options.deposit_per_night
            words = _("Room %(room)s + %(each)s × %(n)s = %(sum)s, rounded up to %(asked)s") % {
                "room": self._show(total),
                "each": self._show(each),
                "n": nights,
                "sum": self._show(total + each * nights),
                "asked": self._show(asked),
            }
            self.sum_words.setText(
                words + (_("; less %(held)s held in advance") % {"held": self._show(held)} if held else "")
            )

    def _taken(self) -> int:
        return _read(self.deposit) or 0

    def _show_states(self) -> None:
        guests, stay, deposit, papers = self.sections
        guests.say(*self.guests.state())
        room, taken, count = self._room(), self._taken(), _read(self.cards) or 0
        if room is None:
            stay.say(_("Choose a room"), "bad")
        elif room.clean == "dirty":
            stay.say(_("Room %(room)s is dirty") % {"room": room.number}, "warn")
        else:
            stay.say(f"{room.number} {room.type_name}", "good")
        if taken < self.asked:
            deposit.say(_("%(sum)s short") % {"sum": self._show(self.asked - taken)}, "warn")
        elif not (self.nights or taken or self.kind.value()):
            deposit.say(_("The room first"), "warn")
        else:
            deposit.say(
                _("%(sum)s to take") % {"sum": self._show(taken)} if taken else _("Nothing to take"),
                "warn" if taken else "",
            )
        papers.say(ngettext("%(n)s card to cut", "%(n)s cards to cut", count) % {"n": count}, "")
        self._show_foot(room, taken, count)

    def _show_foot(self, room: FreeRoom | None, taken: int, count: int) -> None:
        dates = self._dates()
        nights = (dates[1] - dates[0]).days if dates else 0
        words = ngettext("%(n)s night", "%(n)s nights", nights) % {"n": nights}
        self.title.setText(_("Check-in") if self.line else _("Walk-in check-in"))
        self.about.setText(
            formats.commas((self.guests.lines[0].name.value(), room.number if room else "", words))
        )
        papers = int(self.paper.value()) + bool(taken) + (self.options[SLEEVE] and count > 0)
        doing = [_("take %(sum)s") % {"sum": self._show(taken)}] if taken else []
        doing += [ngettext("cut %(n)s card", "cut %(n)s cards", count) % {"n": count}] if count else []
        doing += (
            [ngettext("print %(n)s paper", "print %(n)s papers", papers) % {"n": papers}] if papers else []
        )
        summary = formats.commas(doing)
        self.summary.setText(summary[:1].upper() + summary[1:])
        self.lack.setText(self._lack(room))
        self.lack.setVisible(bool(self.lack.text()))

    def _lack(self, room: FreeRoom | None) -> str:
        """Name the first thing that is missing."""
        if not self.guests.lines[0].name.value():
            return _("The guest's name is missing.")
        if self.guests.state()[1] == "bad":
            return _("A guest's data are to be corrected.")
        return _("The room is missing.") if room is None else ""

    # -------------------------------------------------------------- actions of the flow
    @action(N_("Check in"), key=keys.PRIMARY, operation=service.check_in, icon="check-in", kind="primary")
    def check_in_now(self) -> None:
        """Check in, with deposit, cards and registration card in the same step."""
        missing, room = self._missing(), self._room()
        if missing or room is None:
            self.refuse(missing)
            return
        taken = self._taken()
        given = {
            "room_id": room.room_id,
            "guests": [line.person() for line in self.guests.lines],
            "cards_wanted": self.cards.value(),
            "kind": self.kind.value(),
            "deposit": Paid(self.method.value(), Money(taken)) if taken else None,
            "print_registration": self.paper.value(),
        }
        if self.line is not None:
            made = self.run(service.check_in.of(line_id=self.line.line_id, **given), intent=self.intent)
        else:
            made = self.run(service.walk_in.of(**given, **self._walk_in()), intent=self.intent)
        if made:
            self._turn(END)
            self.ended.show_stay(self.office, int(made.value))
            self.update_actions()
            self.next.setFocus()

    def can_check_in_now(self) -> str:
        """Not after the end."""
        return self._only_in_flow()

    def _walk_in(self) -> dict[str, Any]:
        price, dates = self.price.value(), self._dates()
        nights = (dates[1] - dates[0]).days if dates else 0
        return {
            "departure": self.leaving.value(),
            "adults": self.adults.value() or 0,
            "children": self.minors.value() or 0,
            "plan_id": self.plan.value(),
            "prices": None if price is None else (int(price),) * max(nights, 1),
        }

    def _missing(self) -> str:
        """Check everything, go to the first that is wrong and return what is wrong with it."""
        if missing := self.guests.missing():
            return missing
        for field in (
            self.room,
            *(self.walk_in_fields if self.line is None else ()),
            self.deposit,
            self.cards,
        ):
            if not field.validate():
                field.setFocus(Qt.FocusReason.OtherFocusReason)
                return field.shown_error()
        return ""

    @action(N_("Read document"), key="Ctrl+U", icon="user")
    def read_document(self) -> None:
        """Fill the guest from the identity reader; typing goes on meanwhile, and a reader that fails only
        says so."""
        reader = self.office.devices["identity"]
        line = next((x for x in self.guests.lines if x.pending()), self.guests.lines[0])
        self.notes.inform(_("Lay the document on the reader."), icon="user")
        background.run(self, reader.read, lambda found: self._document(line, found), self._failed)

    def _document(self, line: GuestLine, found: Identity) -> None:
        if line not in self.guests.lines:
            return
        try:
            differs = line.read(found)
        except Refused as misread:
            self.refuse(misread)
            return
        if differs:
            self.notes.warn(differs)
        else:
            self.notes.good(_("%(name)s is read from the document.") % {"name": line.name.value()})

    def can_read_document(self) -> str:
        """Only in the flow and with a reader."""
        return self._only_in_flow() or (
            ""
            if "identity" in self.office.devices
            else _("No identity reader is set up here. One that types like a keyboard needs no key.")
        )

    @action(N_("Another guest"), key="Ctrl+G")
    def add_guest(self) -> None:
        """Add a sharer."""
        self.guests.add().name.setFocus()
        if self.line is None and (_read(self.adults) or 0) < len(self.guests.lines):
            self.adults.set_value(len(self.guests.lines))
        self.look()

    def can_add_guest(self) -> str:
        """Not after the end."""
        return self._only_in_flow()

    @action(N_("Change the booking"), key=keys.CHANGE, operation=reservations.amend)
    def change_booking(self) -> None:
        """Go to the booking's form."""
        if self.line is not None:
            self.go("booking", line_id=self.line.line_id)

    def can_change_booking(self) -> str:
        """Only where there is one."""
        return self._only_in_flow() or ("" if self.line else _("This check-in is without a booking."))

    def _only_in_flow(self) -> str:
        return (
            _("This guest is checked in. Go to the next arrival.") if self.pages.currentIndex() == END else ""
        )

    # -------------------------------------------------------------- actions of the end
    @action(N_("Cut again"), key="Ctrl+R", operation=cards.again, icon="key-card")
    def again(self) -> None:
        """Have the cards that failed cut once more; the check-in stands whatever the encoder does."""
        self.run(cards.again.of(stay_id=self.ended.stay_id), said=_("The cards wait for the encoder again."))

    def can_again(self) -> str:
        """Only after the end, and where a card has failed."""
        return self._only_at_end() or ("" if self.ended.failed() else _("No card has failed."))

    @action(N_("Folio"), key=keys.FOLIO, icon="receipt")
    def folio(self) -> None:
        """Go to the folio of the stay just opened."""
        self.go("folios", stay_id=self.ended.stay_id)

    def can_folio(self) -> str:
        """Only after the end."""
        return self._only_at_end()

    @action(N_("Back to arrivals"), icon="check-in", kind="primary")
    def finish(self) -> None:
        """Go to who is still to come."""
        self._begun = False
        self._turn(FLOW)
        self.mark_stale()
        self.leave_for("stays", which="arrivals")

    def finished(self) -> bool:
        """Say whether the guest is in."""
        return self.work_done or self.pages.currentIndex() == END

    def can_finish(self) -> str:
        """Only after the end."""
        return self._only_at_end()

    def _only_at_end(self) -> str:
        return "" if self.pages.currentIndex() == END else _("The guest is not checked in yet.")


def _booking_words(r: LineRow) -> str:
    nights = ngettext("%(n)s night", "%(n)s nights", r.nights) % {"n": r.nights}
    dates = _("%(start)s to %(end)s") % {
        "start": formats.short_day(r.arrival),
        "end": formats.short_day(r.departure),
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


def _read(field: Number | Amount) -> int | None:
    with suppress(Refused):
        value: int | None = field.value()
        return value
    return None
