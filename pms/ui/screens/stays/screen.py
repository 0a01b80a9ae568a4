"""Who comes, who is in and who goes today: three lists of the same day, each with the actions that fit."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLayout, QStackedWidget, QVBoxLayout, QWidget

from pms.core.i18n import N_, _, ngettext
from pms.core.names import found_in, search_text
from pms.services.guests.person import Person
from pms.services.reservations import queries as reservation_queries
from pms.services.reservations import service as reservations
from pms.services.reservations.queries import LineRow
from pms.services.stays import people, prices, queries, service
from pms.services.stays.printouts import DOCUMENTS
from pms.services.stays.queries import StayRow
from pms.ui.kit import formats, keys
from pms.ui.kit import theme as th
from pms.ui.kit.actions import action
from pms.ui.kit.chips import Chips
from pms.ui.kit.desk import Screen
from pms.ui.kit.empty import Empty
from pms.ui.kit.flow import FormPage, SidePages
from pms.ui.kit.forms import Choice, Text
from pms.ui.kit.messages import note
from pms.ui.kit.parts import Badge, box, card, col, empty_out, heading, label, pairs, row
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table

ARRIVALS, IN_HOUSE, DEPARTURES, LEFT = "arrivals", "in_house", "departures", "left"
CHIPS = (
    (ARRIVALS, N_("Arrivals")),
    (IN_HOUSE, N_("In house")),
    (DEPARTURES, N_("Departures")),
    (LEFT, N_("Left today")),
)
ICONS = {ARRIVALS: "check-in", IN_HOUSE: "bed", DEPARTURES: "check-out", LEFT: "check"}
NOBODY = {
    ARRIVALS: N_("Nobody else is expected today."),
    IN_HOUSE: N_("Nobody is in house."),
    DEPARTURES: N_("Nobody else is due out today."),
    LEFT: N_("Nobody has left today."),
}
IDENTITY = "identity"
GIVING_WAY = {ARRIVALS: (2, 5, 4), IN_HOUSE: (2, 4, 3, 6), DEPARTURES: (2, 5), LEFT: (2,)}
"""The columns that give way, in this order, where a list is narrow; the panel shows what they hold."""
Row = LineRow | StayRow


class InHouseScreen(Screen):
    """Opened with ``which`` for one of the lists, and with ``stay_id`` or ``line_id`` for a row of it."""

    TOPICS = frozenset({"stays", "reservations", "rooms", "folios", "guests", "business_date", "property"})

    # -------------------------------------------------------------- arrangement
    def build(self) -> QLayout:
        """Put chips and lists at the left, the guest in hand at the right."""
        self.today, self.clock = date.min, ""
        self.rows: dict[str, Sequence[Row]] = {which: () for which, _words in CHIPS}
        self.chips = Chips([(which, _(words)) for which, words in CHIPS], value=ARRIVALS, icons=ICONS)
        self.chips.chosen.connect(self._turned)
        self.finder = Text(hint=_("Find room, name or phone"))
        self.finder.setMaximumWidth(th.px(240))
        self.finder.line.setAccessibleName(_("Find in this list"))
        self.finder.line.setClearButtonEnabled(True)
        self.finder.changed.connect(self._show)
        self.finder.line.installEventFilter(self)
        self.empties = {which: Empty(ICONS[which], _(NOBODY[which])) for which, _words in CHIPS}
        self.tables = {which: self._table(which) for which, _words in CHIPS}
        self.lists = QStackedWidget()
        for table in self.tables.values():
            self.lists.addWidget(table)
        head = heading(_("Guests of the day"), None, (self.finder, 3), self.button("walk_in"))
        left = col(
            head, row(self.chips, None), (card(self.lists, pad=(0, 0, 0, 0)), 1), gap=12, pad=(16, 12, 16, 16)
        )
        return row((box(left), 1), self._panel(), gap=0)

    def _table(self, which: str) -> Table:
        columns = {
            ARRIVALS: self._arrival_columns,
            IN_HOUSE: self._stay_columns,
            DEPARTURES: self._departure_columns,
            LEFT: self._left_columns,
        }[which]()
        key: Callable[[Any], int] = (lambda r: r.line_id) if which == ARRIVALS else (lambda r: r.stay_id)
        made = Table(columns, key=key)
        made.set_empty(self.empties[which])
        made.give_way(*GIVING_WAY[which])
        made.setAccessibleName(_(dict(CHIPS)[which]))
        made.picked.connect(self._picked)
        made.chosen.connect(lambda _row: self.press_primary())
        made.installEventFilter(self)
        return made

    def _arrival_columns(self) -> tuple[Column, ...]:
        return (
            Column(
                N_("Room"),
                lambda r: r.room or _("none"),
                width=64,
                bold=True,
                tone=lambda r: "" if r.room else "warn",
            ),
            Column(
                N_("Guest"),
                lambda r: r.listed,
                bold=True,
                sub=lambda r: formats.commas((self._late(r), r.remarks)),
            ),
            Column(N_("Phone"), lambda r: r.listed_phone, width=120),
            Column(N_("Type"), lambda r: r.type_code, width=60),
            Column(N_("Nights"), lambda r: r.nights, "number", width=58),
            Column(N_("Departure"), lambda r: r.departure, "day", width=86),
            Column(
                N_("Hold"),
                self._hold,
                width=124,
                icon=lambda r: "check-double" if r.state == "guaranteed" else "",
                tone=lambda r: "good" if r.state == "guaranteed" else "warn" if self._late(r) else "",
            ),
            Column(N_("Total"), lambda r: r.total, "money", width=92),
        )

    def _stay_columns(self) -> tuple[Column, ...]:
        return (
            *self._who(),
            Column(N_("Type"), lambda r: r.type_code, width=60),
            Column(N_("Arrival"), lambda r: r.arrival, "day", width=76),
            self._departs(),
            Column(N_("Price"), lambda r: r.rate, "money", width=84),
            Column(N_("Deposit"), lambda r: r.deposit, "money", width=92),
            self._balance(),
        )

    def _departure_columns(self) -> tuple[Column, ...]:
        return (
            *self._who(),
            self._departs(),
            self._balance(),
            Column(N_("Deposit"), lambda r: r.deposit, "money", width=92),
            Column(
                N_("To pay"), lambda r: max(r.balance - r.deposit, 0) or None, "money", width=92, bold=True
            ),
            Column(N_("To refund"), lambda r: max(r.deposit - r.balance, 0) or None, "money", width=92),
        )

    def _left_columns(self) -> tuple[Column, ...]:
        return (
            *self._who(),
            Column(N_("Type"), lambda r: r.type_code, width=60),
            Column(N_("Arrival"), lambda r: r.arrival, "day", width=76),
            self._balance(),
        )

    def _who(self) -> tuple[Column, ...]:
        return (
            Column(N_("Room"), lambda r: r.room, width=64, bold=True),
            Column(
                N_("Guest"),
                lambda r: r.listed,
                bold=True,
                icon=lambda r: "lock" if r.private else "shield" if r.pending else "star" if r.vip else "",
                tone=lambda r: "warn" if r.pending else "",
            ),
            Column(N_("Phone"), lambda r: r.listed_phone, width=120),
        )

    def _departs(self) -> Column:
        return Column(
            N_("Departure"),
            self._departure,
            width=104,
            tone=lambda r: "bad" if r.departure < self.today else "warn" if r.departure == self.today else "",
            icon=lambda r: "check-out" if r.departure <= self.today else "",
        )

    def _balance(self) -> Column:
        return Column(N_("Balance"), lambda r: r.balance, "money", width=92)

    def _panel(self) -> SidePages:
        self.panel = SidePages(self.notes, width=312)
        self.facts: dict[str, QVBoxLayout] = {which: col(gap=12) for which, _words in CHIPS}
        feet: dict[str, tuple[list[tuple[str, ...]], str]] = {
            ARRIVALS: ([("booking",)], "check_in"),
            IN_HOUSE: (
                [
                    ("extend", "room_change"),
                    ("cards", "check_out"),
                    ("identity",),
                    ("price", "party"),
                    ("guest",),
                ],
                "folio",
            ),
            DEPARTURES: ([("folio", "extend"), ("cards", "room_change")], "check_out"),
            LEFT: ([("guest",)], "folio"),
        }
        for which, (lines, filled) in feet.items():
            buttons = [row(*((self.button(name, icon=""), 1) for name in line), gap=8) for line in lines]
            self.panel.add(
                which,
                box(self.facts[which]),
                box(col(None, *buttons, self.button(filled, kind="primary"), gap=8)),
            )
        kinds = [(code, _(words)) for code, words in DOCUMENTS.items()]
        self.identity_form = self.panel.add_form(
            IDENTITY,
            FormPage(
                _("Enter a document"),
                _("Enter"),
                self._identify_now,
                self.step_back,
                who=Choice(_("Guest"), ()),
                kind=Choice(_("Document type"), kinds),
                number=Text(_("Document"), required=True, longest=40),
            ),
        )
        return self.panel

    @property
    def which(self) -> str:
        """Return the list that is seen."""
        return str(self.chips.value() or ARRIVALS)

    @property
    def table(self) -> Table:
        """Return the table that is seen."""
        return self.tables[self.which]

    def start(self) -> QWidget:
        """Begin in the list."""
        return self.table

    def open(
        self, which: str = "", stay_id: int | None = None, line_id: int | None = None, **_more: Any
    ) -> None:
        """Turn to a list and take a row in hand."""
        self.notes.clear()
        if stay_id is not None and not which:
            gone = any(isinstance(r, StayRow) and r.stay_id == stay_id for r in self.rows[LEFT])
            here = any(isinstance(r, StayRow) and r.stay_id == stay_id for r in self.rows[IN_HOUSE])
            which = LEFT if gone and not here else IN_HOUSE
        if which:
            self.finder.set_value("")
            self.chips.set_value(which)
            self._turned(which)
        if (key := stay_id if stay_id is not None else line_id) is not None:
            self.table.pick(key)

    def step_back(self) -> bool:
        """Leave the document form, then the find line."""
        if self.panel.page == IDENTITY:
            self.panel.show_page(self.which)
        elif self.finder.value():
            self.finder.line.clear()
        else:
            return False
        self.table.setFocus()
        return True

    # -------------------------------------------------------------- what is shown
    def refresh(self) -> None:
        """Ask for all four lists, so that every chip carries its count."""
        house = self.office.house()
        self.today, self.clock = house.business_date, formats.time(self.office.now(), house.zone)
        ask = self.office.ask
        self.rows = {
            ARRIVALS: [
                *ask(reservation_queries.awaited),
                *ask(reservation_queries.arrivals, business_date=self.today),
            ],
            IN_HOUSE: ask(queries.in_house, business_date=self.today),
            DEPARTURES: ask(queries.departures, business_date=self.today),
            LEFT: ask(queries.departed, business_date=self.today),
        }
        for table in self.tables.values():
            table.rows.digits = house.digits
        self.chips.show_counts({which: len(rows) for which, rows in self.rows.items()})
        self._show()

    def _show(self) -> None:
        text, which = self.finder.value().casefold(), self.which
        rows = [r for r in self.rows[which] if not text or self._fits(r, text)]
        self.empties[which].say(
            _("Nothing found for %(typed)s.") % {"typed": text} if text else _(NOBODY[which])
        )
        self.table.show_rows(rows)
        if self.table.row() is None and rows:
            self.table.selectRow(0)
        self._show_facts()

    @staticmethod
    def _fits(r: Row, text: str) -> bool:
        if isinstance(
            r, LineRow
        ):  # who stands at the desk gives a name: the list finds it and does not show it
            name, phone = r.guest_name, r.phone
        else:
            name, phone = r.listed, r.listed_phone
        return r.room.startswith(text) or found_in(search_text(name, phone), text)

    def _turned(self, which: str) -> None:
        self.notes.clear()
        self.lists.setCurrentWidget(self.tables[which])
        self.panel.show_page(which)
        self._show()
        self.table.setFocus()

    def _picked(self, _row: object) -> None:
        self.notes.clear()
        if self.panel.page == IDENTITY:
            self.panel.show_page(self.which)
        self._show_facts()

    def _late(self, r: LineRow) -> str:
        if r.awaited:
            return _("Did not come last night: check in as booked")
        late = r.arrival < self.today or (r.state != "guaranteed" and r.hold_until <= self.clock)
        return (
            _("Held until %(time)s only") % {"time": r.hold_until} if late and r.state != "guaranteed" else ""
        )

    def _hold(self, r: LineRow) -> str:
        if r.kept_until is not None:
            return formats.time(r.kept_until, self.office.house().zone)
        return _("Guaranteed") if r.state == "guaranteed" else r.hold_until

    def _departure(self, r: StayRow) -> str:
        return _("today") if r.departure == self.today else formats.day(r.departure)

    # -------------------------------------------------------------- the guest in hand
    def _show_facts(self) -> None:
        layout, r = self.facts[self.which], self.table.row()
        empty_out(layout)
        if r is None:
            layout.addWidget(label(_("Nobody in hand."), "muted"))
        elif isinstance(r, LineRow):
            self._arrival_facts(layout, r)
        else:
            self._stay_facts(layout, r)
        layout.addStretch(1)
        self.update_actions()

    def _arrival_facts(self, layout: QVBoxLayout, r: LineRow) -> None:
        secret = [Badge(_("Do not disclose"), "bad", "lock")] if r.private else []
        state = row(
            Badge(_("Due in"), "expect", "check-in"), *secret, label(f"R-{r.number}", "muted"), None, gap=4
        )
        layout.addLayout(col(label(r.guest_name, "page", wrap=True), state, gap=4))
        warnings = [
            w for w in (self._late(r), "" if r.room else _("No room given yet; check-in gives one.")) if w
        ]
        if warnings:
            layout.addWidget(note("warn", warnings[0], " ".join(warnings[1:])))
        layout.addLayout(
            self._pairs(
                (_("Phone"), r.phone),
                (_("Stay"), self._dates(r)),
                (_("Type"), f"{r.type_name} {r.type_code}"),
                (_("Room"), r.room),
                (_("Guests"), str(r.adults + r.children)),
                (_("Who pays"), r.payer_words),
                (_("Company"), r.company),
                (_("Rate plan"), r.plan_name),
                (_("Total"), self._sum(r.total)),
                (_("Remarks"), r.remarks),
            )
        )

    def _stay_facts(self, layout: QVBoxLayout, r: StayRow) -> None:
        badges = (
            [Badge(_("In house"), "accent", "bed")]
            if r.state == "in_house"
            else [Badge(_("Checked out"), "block", "check-out")]
        )
        if r.state == "in_house" and r.departure <= self.today:
            due = r.departure == self.today
            badges.append(Badge(_("Due out") if due else _("Overdue"), "warn" if due else "bad", "check-out"))
        if r.private:
            badges.append(Badge(_("Do not disclose"), "bad", "lock"))
        if r.vip:
            badges.append(Badge(_("VIP"), "accent", "star"))
        head = row(label(r.room, "figure"), (label(r.guest, "page", wrap=True), 1), gap=12)
        layout.addLayout(col(head, row(*badges, None, gap=4), gap=4))
        guests = self.office.ask(queries.sharers, stay_id=r.stay_id)
        pending = [g.name for g in guests if g.identity == "pending" and g.left_on is None]
        if pending:
            layout.addWidget(
                note(
                    "warn",
                    _("Identity pending: %(names)s") % {"names": formats.commas(pending)},
                    icon="shield",
                )
            )
        sharers = formats.commas(g.name for g in guests[1:] if g.left_on is None)
        layout.addLayout(
            self._pairs(
                (_("Phone"), r.phone),
                (_("Stay"), self._dates(r)),
                (_("Type"), f"{r.type_name} {r.type_code}"),
                (_("Guests"), str(r.adults + r.children)),
                (_("Sharers"), sharers),
                (_("Who pays"), r.payer_words),
                (_("Company"), r.company),
                (_("Rate plan"), r.plan_name),
                (_("Price"), self._sum(r.rate)),
            )
        )
        layout.addWidget(self._money(r))

    def _money(self, r: StayRow) -> QWidget:
        due = r.balance - r.deposit
        words = _("To pay") if due > 0 else _("To refund") if due < 0 else _("Even")
        return card(
            row(label(_("Balance"), "muted"), None, label(self._sum(r.balance))),
            row(label(_("Deposit"), "muted"), None, label(self._sum(-r.deposit))),
            row(label(words, "strong"), None, label(self._sum(abs(due)), "title")),
            gap=4,
            pad=(12, 8, 12, 8),
        )

    def _sum(self, amount: int) -> str:
        return formats.amount(amount, self.table.rows.digits)

    @staticmethod
    def _dates(r: Row) -> str:
        return ngettext(
            "%(start)s to %(end)s, %(n)s night", "%(start)s to %(end)s, %(n)s nights", r.nights
        ) % {"start": formats.short_day(r.arrival), "end": formats.short_day(r.departure), "n": r.nights}

    @staticmethod
    def _pairs(*facts: tuple[str, str]) -> QLayout:
        return pairs(*(fact for fact in facts if fact[1]), width=64)

    # -------------------------------------------------------------- typing finds
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let letters and figures typed in a list go to the find line, and Down go from there to the list."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            plain = not event.modifiers() & (
                Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
            )
            if isinstance(watched, Table) and plain and event.text().strip() and event.text().isprintable():
                self.finder.line.setFocus()
                self.finder.line.insert(event.text())
                return True
            if watched is self.finder.line and event.key() in (
                Qt.Key.Key_Down,
                Qt.Key.Key_Return,
                Qt.Key.Key_Enter,
            ):
                self.table.setFocus()
                return True
        return super().eventFilter(watched, event)

    # -------------------------------------------------------------- actions of an arrival
    def _held(self, of: str = "") -> Any:
        """Return the row in hand; with ``of`` only in that list."""
        return self.table.row() if not of or self.which == of else None

    @action(N_("Check in"), key=keys.CHECK_IN, operation=service.check_in, icon="check-in")
    def check_in(self) -> None:
        """Go to the check-in of the arrival in hand."""
        self.go("check_in", line_id=self._held().line_id)

    def can_check_in(self) -> str:
        """Only an arrival can be checked in."""
        return "" if self._held(ARRIVALS) else _("Choose an arrival first.")

    @action(N_("Walk-in"), key="Ctrl+W", operation=service.walk_in, icon="plus")
    def walk_in(self) -> None:
        """Go to the check-in of somebody without a booking."""
        self.go("check_in")

    @action(N_("Open the booking"), key="Ctrl+E", operation=reservations.amend)
    def booking(self) -> None:
        """Go to the booking of the arrival in hand."""
        self.go("booking", line_id=self._held().line_id)

    def can_booking(self) -> str:
        """Only an arrival has a booking that can still be changed."""
        return "" if self._held(ARRIVALS) else _("Choose an arrival first.")

    # -------------------------------------------------------------- who is in the room
    @action(N_("Sharers"), key="Ctrl+G", operation=people.add_sharer, icon="users")
    def party(self) -> None:
        """Go to the guests of the room: another one, one who leaves."""
        self.go("party", stay_id=self._held().stay_id)

    def can_party(self) -> str:
        """Only a guest in house."""
        return self._inside()

    @action(N_("Guest record"), key=keys.MORE, icon="user")
    def guest(self) -> None:
        """Go to the record of the stay's guest: correct it, every stay, do not disclose."""
        self.go("guests", guest_id=self._held().guest_id)

    def can_guest(self) -> str:
        """Whoever is in or has left today has a record."""
        return "" if isinstance(self._held(), StayRow) else _("The record is opened by the check-in.")

    # -------------------------------------------------------------- actions of a stay
    def _inside(self) -> str:
        """Say why nothing can be done with the row in hand as a guest in house."""
        r = self._held()
        return "" if isinstance(r, StayRow) and r.state == "in_house" else _("Choose a guest in house first.")

    @action(N_("Folio"), key=keys.FOLIO, icon="receipt")
    def folio(self) -> None:
        """Go to the stay's folio."""
        self.go("folios", stay_id=self._held().stay_id)

    def can_folio(self) -> str:
        """Whoever is in or has left today has a folio."""
        return "" if isinstance(self._held(), StayRow) else _("The folio is opened by the check-in.")

    @action(N_("Extend"), key=keys.EXTEND, operation=service.extend)
    def extend(self) -> None:
        """Go to another day of departure."""
        self.go("extend", stay_id=self._held().stay_id)

    def can_extend(self) -> str:
        """Only a guest in house."""
        return self._inside()

    @action(N_("Room change"), key=keys.ROOM_CHANGE, operation=service.change_room, icon="room-change")
    def room_change(self) -> None:
        """Go to the room change."""
        self.go("room_change", stay_id=self._held().stay_id)

    def can_room_change(self) -> str:
        """Only a guest in house."""
        return self._inside()

    @action(N_("Price"), key="Ctrl+Y", operation=prices.change_price, icon="tape")
    def price(self) -> None:
        """Go to another price for the nights to come."""
        self.go("price_change", stay_id=self._held().stay_id)

    def can_price(self) -> str:
        """Only a guest in house."""
        return self._inside()

    @action(N_("Cards"), key=keys.CARDS, icon="key-card")
    def cards(self) -> None:
        """Go to the stay's room cards."""
        self.go("folios", stay_id=self._held().stay_id, show="cards")

    def can_cards(self) -> str:
        """Only a guest in house."""
        return self._inside()

    @action(N_("Check out"), key=keys.CHECK_OUT, operation=service.check_out, icon="check-out")
    def check_out(self) -> None:
        """Go to the check-out."""
        self.go("check_out", stay_id=self._held().stay_id)

    def can_check_out(self) -> str:
        """Only a guest in house."""
        return self._inside()

    @action(N_("Enter a document"), key="Ctrl+D", operation=people.identify, icon="shield")
    def identity(self) -> None:
        """Open the form for guests whose identity is pending."""
        self.notes.clear()
        self.identity_form["who"].set_options(self._pending())
        self.identity_form.fill(number="", kind="id_card")
        self.panel.show_page(IDENTITY)
        self.identity_form["number"].setFocus()

    def can_identity(self) -> str:
        """Only where a guest's identity is pending."""
        return self._inside() or ("" if self._pending() else _("Every guest of this room is identified."))

    def _pending(self) -> list[tuple[int, str]]:
        return [
            (g.guest_id, g.name)
            for g in self.office.ask(queries.sharers, stay_id=self._held().stay_id)
            if g.identity == "pending" and g.left_on is None
        ]

    def _identify_now(self) -> None:
        if missing := self.identity_form.form.missing():
            self.refuse(missing)
            return
        form, r = self.identity_form, self._held()
        if self.run(
            people.identify.of(
                stay_id=r.stay_id,
                guest_id=form["who"].value(),
                person=Person(document_type=form["kind"].value(), document=form["number"].value()),
            ),
            said=_("The document is entered."),
        ):
            self.panel.show_page(self.which)
            self.table.setFocus()
