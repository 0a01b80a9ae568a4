"""Who comes, who is in and who goes today: three lists of the same day, each with the actions that fit."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QLayout

from pms.core.i18n import N_, _, ngettext
from pms.core.names import found_in, search_text
from pms.services.guests.person import Person
from pms.services.members import arrivals
from pms.services.reservations import queries as reservation_queries
from pms.services.reservations import service as reservations
from pms.services.reservations.queries import LineRow
from pms.services.stays import joined, joining, people, prices, queries, service
from pms.services.stays.printouts import DOCUMENTS
from pms.services.stays.queries import StayRow
from pms.ui.kit import formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.flow import FormPage
from pms.ui.kit.forms import Choice, Text
from pms.ui.kit.messages import note
from pms.ui.kit.one import One
from pms.ui.kit.parts import col, row
from pms.ui.kit.register import Register, View
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table

from .stay_facts import badges, money

ARRIVALS, IN_HOUSE, DEPARTURES, LEFT = "arrivals", "in_house", "departures", "left"
IDENTITY = "identity"
GIVING_WAY = {ARRIVALS: (2, 5, 4), IN_HOUSE: (2, 4, 3, 6), DEPARTURES: (2, 5), LEFT: (2,)}
"""The columns that give way, in this order, where a list is narrow; the panel shows what they hold."""
BUTTONS: dict[str, tuple[tuple[tuple[str, ...], ...], str]] = {
    ARRIVALS: ((("booking",),), "check_in"),
    IN_HOUSE: (
        (
            ("extend", "room_change"),
            ("cards", "check_out"),
            ("identity",),
            ("price", "party"),
            ("joined", "guest"),
        ),
        "folio",
    ),
    DEPARTURES: ((("folio", "extend"), ("cards", "room_change")), "check_out"),
    LEFT: ((("guest",),), "folio"),
}
"""The buttons of each list, and the filled one."""
Row = LineRow | StayRow


class InHouseScreen(Register):
    """Opened with ``which`` for one of the lists, and with ``stay_id`` or ``line_id`` for a row of it."""

    NAME, HEAD, NEW = N_("Guests of the day"), ("walk_in",), "walk_in"
    VIEWS = (
        View(ARRIVALS, N_("Arrivals"), N_("Nobody else is expected today."), "check-in", ARRIVALS),
        View(IN_HOUSE, N_("In house"), N_("Nobody is in house."), "bed", IN_HOUSE),
        View(DEPARTURES, N_("Departures"), N_("Nobody else is due out today."), "check-out", DEPARTURES),
        View(LEFT, N_("Left today"), N_("Nobody has left today."), "check", LEFT),
    )
    CHOOSE = N_("No guest selected.")
    FIND = N_("Find room, name or phone")
    TYPING = True
    PANEL = 312
    TOPICS = frozenset(
        {"stays", "reservations", "rooms", "folios", "guests", "members", "business_date", "property"}
    )

    def lists(self) -> Mapping[str, Sequence[Row]]:
        """Ask for all four lists, so that every tab carries its count."""
        self.clock = formats.time(self.office.now(), self.zone)
        ask = self.office.ask
        return {
            ARRIVALS: [
                *ask(reservation_queries.awaited),
                *ask(reservation_queries.arrivals, business_date=self.today),
            ],
            IN_HOUSE: ask(queries.in_house, business_date=self.today),
            DEPARTURES: ask(queries.departures, business_date=self.today),
            LEFT: ask(queries.departed, business_date=self.today),
        }

    def answer(self) -> str:
        """Say how many are meant, and of those who come how many have no room."""
        n, view = len(self.rows[self.view]), self.view
        if view == ARRIVALS:
            told = ngettext("%(n)s to arrive", "%(n)s to arrive", n) % {"n": n}
            roomless = sum(not r.room for r in self.rows[ARRIVALS])
            return _("%(told)s, %(n)s without a room") % {"told": told, "n": roomless} if roomless else told
        if view == IN_HOUSE:
            return ngettext("%(n)s stay in house", "%(n)s stays in house", n) % {"n": n}
        if view == DEPARTURES:
            return ngettext("%(n)s due out", "%(n)s due out", n) % {"n": n}
        return ngettext("%(n)s has left today", "%(n)s have left today", n) % {"n": n}

    def key(self, r: Row) -> int:
        """Know an arrival by its booked room, all others by their stay."""
        return r.line_id if isinstance(r, LineRow) else r.stay_id

    def fitting(self, rows: Sequence[Row], text: str) -> Sequence[Row]:
        """Find by room, name, pinyin or phone."""
        return [r for r in rows if self._fits(r, text.casefold())]

    def make_table(self, name: str) -> Table:
        """Let what the panel shows give way in a narrow list."""
        table = super().make_table(name)
        table.give_way(*GIVING_WAY[name])
        return table

    def columns(self, name: str) -> Sequence[Column]:
        """Say who it is, which room, until when, and the money."""
        if name == ARRIVALS:
            return self._arrival_columns()
        if name == IN_HOUSE:
            return self._stay_columns()
        return self._departure_columns() if name == DEPARTURES else self._left_columns()

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
            Column(
                N_("Room"),
                lambda r: r.room,
                width=80,
                bold=True,
                icon=lambda r: "party" if r.joined_to else "",
            ),
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
            sort=lambda r: r.departure,
            tone=lambda r: "bad" if r.departure < self.today else "warn" if r.departure == self.today else "",
            icon=lambda r: "check-out" if r.departure <= self.today else "",
        )

    def _balance(self) -> Column:
        return Column(N_("Balance"), lambda r: r.balance, "money", width=92)

    def foot(self, name: str) -> QLayout:
        """Offer what fits the list."""
        lines, filled = BUTTONS[name]
        made = [row(*((self.button(one, icon=""), 1) for one in line), gap=8) for line in lines]
        return col(None, *made, self.button(filled, kind="primary"), gap=8)

    def make_forms(self) -> None:
        """Add the form for a document that was not there at check-in."""
        kinds = [(code, _(words)) for code, words in DOCUMENTS.items()]
        self.identity_form = self.panel.add_form(
            IDENTITY,
            FormPage(
                _("Enter a document"),
                _("Enter"),
                self._identify_now,
                self.close_form,
                who=Choice(_("Guest"), ()),
                kind=Choice(_("Document type"), kinds),
                number=Text(_("Document"), required=True, longest=40),
            ),
        )

    def open(
        self, which: str = "", stay_id: int | None = None, line_id: int | None = None, **_more: Any
    ) -> None:
        """Turn to a list and take a row in hand."""
        self.notes.clear()
        if stay_id is not None and not which:
            gone, here = (
                any(self.key(r) == stay_id for r in self.rows.get(name, ())) for name in (LEFT, IN_HOUSE)
            )
            which = LEFT if gone and not here else IN_HOUSE
        if which:
            self._turned(which)
        if (key := stay_id if stay_id is not None else line_id) is not None:
            self.table.pick(key)

    @staticmethod
    def _fits(r: Row, text: str) -> bool:
        if isinstance(
            r, LineRow
        ):  # who stands at the desk gives a name: the list finds it and does not show it
            name, phone = r.guest_name, r.phone
        else:
            name, phone = r.listed, r.listed_phone
        return r.room.startswith(text) or found_in(search_text(name, phone), text)

    def _late(self, r: LineRow) -> str:
        if r.awaited:
            return _("Did not come last night: check in as booked")
        late = r.arrival < self.today or (r.state != "guaranteed" and r.hold_until <= self.clock)
        return (
            _("Held until %(time)s only") % {"time": r.hold_until} if late and r.state != "guaranteed" else ""
        )

    def _hold(self, r: LineRow) -> str:
        if r.kept_until is not None:
            return formats.time(r.kept_until, self.zone)
        return _("Guaranteed") if r.state == "guaranteed" else r.hold_until

    def _departure(self, r: StayRow) -> str:
        return _("today") if r.departure == self.today else formats.day(r.departure)

    # -------------------------------------------------------------- the guest in hand
    def facts(self, r: Row) -> One:
        """Show an arrival, or a stay with its money."""
        return self._arrival_facts(r) if isinstance(r, LineRow) else self._stay_facts(r)

    def whose(self, r: Row) -> Mapping[str, int]:
        """Let every duty tell what happened to a booked room, or to the guest in house."""
        if isinstance(r, LineRow):
            return {"line_id": r.line_id}
        return {"stay_id": r.stay_id, "room_id": r.room_id, "line_id": r.line_id}

    def _arrival_facts(self, r: LineRow) -> One:
        secret = [(_("Do not disclose"), "bad", "lock")] if r.private else []
        roomless = "" if r.room else _("No room assigned; check-in assigns one.")
        warnings = [w for w in (self._late(r), roomless) if w]
        return One(
            r.guest_name,
            (
                (_("Number"), f"R-{r.number}"),
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
            ),
            badges=[(_("Due in"), "expect", "check-in"), *secret],
            parts=[note("warn", warnings[0], " ".join(warnings[1:]))] if warnings else [],
        )

    def _stay_facts(self, r: StayRow) -> One:
        guests = self.office.ask(queries.sharers, stay_id=r.stay_id)
        member = self.office.ask(arrivals.of_stay, stay_id=r.stay_id)
        told = formats.commas((member.level, member.shown, member.gives)) if member else ""
        pending = [g.name for g in guests if g.identity == "pending" and g.left_on is None]
        names = _("Identity pending: %(names)s") % {"names": formats.commas(pending)}
        return One(
            f"{r.room} {r.guest}",
            (
                (_("Phone"), r.phone),
                (_("Stay"), self._dates(r)),
                (_("Type"), f"{r.type_name} {r.type_code}"),
                (_("Guests"), str(r.adults + r.children)),
                (_("Sharers"), formats.commas(g.name for g in guests[1:] if g.left_on is None)),
                (_("Joined with"), self._beside(r)),
                (_("Who pays"), r.payer_words),
                (_("Company"), r.company),
                (_("Member"), told),
                (_("Rate plan"), r.plan_name),
                (_("Price"), self._sum(r.rate)),
            ),
            badges=badges(r, self.today),
            parts=[note("warn", names, icon="shield")] if pending else [],
            more=[money(r, self.digits)],
        )

    def _beside(self, r: StayRow) -> str:
        """Name the rooms that a room is joined with."""
        return formats.commas(self.office.ask(joined.beside, stay_id=r.stay_id)) if r.joined_to else ""

    def _sum(self, amount: int) -> str:
        return formats.amount(amount, self.digits)

    @staticmethod
    def _dates(r: Row) -> str:
        return ngettext(
            "%(start)s to %(end)s, %(n)s night", "%(start)s to %(end)s, %(n)s nights", r.nights
        ) % {"start": formats.long_day(r.arrival), "end": formats.long_day(r.departure), "n": r.nights}

    # -------------------------------------------------------------- actions of an arrival
    def _held(self, of: str = "") -> Any:
        """Return the row in hand; with ``of`` only in that list."""
        return self.table.row() if not of or self.view == of else None

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

    @action(N_("Open the booking"), key=keys.CHANGE, operation=reservations.amend)
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

    @action(N_("Joined rooms"), operation=joining.join, icon="party")
    def joined(self) -> None:
        """Go to the rooms that this one is joined with, or join it with another."""
        self.go("joined", stay_id=self._held().stay_id)

    def can_joined(self) -> str:
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

    @action(N_("Enter a document"), key="Ctrl+Shift+D", operation=people.identify, icon="shield")
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
            self.show_row()
