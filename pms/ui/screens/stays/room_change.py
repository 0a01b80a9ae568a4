"""Room change: which rooms are free for the nights left, what each would cost, and the slip and the card that
go with the move."""

from typing import Any

from PySide6.QtWidgets import QLayout, QWidget

from pms.core.i18n import N_, _, ngettext
from pms.core.money import show, signed
from pms.services.property import queries as property_queries
from pms.services.rates.pricing import NightPrice
from pms.services.stays import queries, service, vacancy
from pms.services.stays.queries import StayRow
from pms.services.stays.vacancy import Move
from pms.ui.kit import formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.amounts import Number
from pms.ui.kit.chips import Chips
from pms.ui.kit.desk import Screen
from pms.ui.kit.empty import Empty
from pms.ui.kit.flow import Pick
from pms.ui.kit.forms import Form, Text
from pms.ui.kit.messages import note
from pms.ui.kit.parts import box, col, empty_out, label, row
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table

from .by_night import by_night
from .cover import DepositBox
from .spare import none_left
from .stay_head import change_panel, sheet

ALL = 0
KEEP, LIST = "keep", "list"
CLEAN = {
    "clean": (N_("Vacant clean"), "good", "check"),
    "inspected": (N_("Inspected"), "good", "check-double"),
    "dirty": (N_("Vacant dirty"), "warn", "broom"),
}
COLUMNS = (
    Column(N_("Room"), lambda m: m.room.number, width=76, bold=True),
    Column(
        N_("Type"),
        lambda m: f"{_(m.room.type_name)} {m.room.type_code}",
        sub=lambda m: m.room.features,
    ),
    Column(
        N_("Status"),
        lambda m: _(CLEAN[m.room.clean][0]),
        "badge",
        width=150,
        tone=lambda m: CLEAN[m.room.clean][1],
        icon=lambda m: CLEAN[m.room.clean][2],
    ),
    Column(N_("List price"), lambda m: m.nights[0].price if m.nights else None, "money", width=104),
    Column(N_("Difference"), lambda m: m.difference, "money", width=112, bold=True),
)
"""A room that the guest can move to."""


class RoomChangeScreen(Screen):
    """Opened for one stay: ``go("room_change", stay_id=7)``."""

    TOPICS = frozenset({"stays", "rooms", "rates", "reservations", "business_date"})

    def build(self) -> QLayout | QWidget:
        """Put the page together."""
        self.digits, self.stay_id, self.intent = self.office.house().digits, 0, ""
        self.stay: StayRow | None = None
        self.moves: list[Move] = []
        self.nights: list[NightPrice] = []
        self.table = Table(
            COLUMNS,
            key=lambda m: m.room.room_id,
            digits=self.digits,
        )
        self.table.set_empty(
            Empty(
                "bed",
                _("No room is free for all the nights left. Shorten the stay or clear another booking."),
            )
        )
        self.table.picked.connect(self._picked)
        self.table.chosen.connect(lambda _row: self.reason.setFocus())
        self.title = label("", "page")
        self.types = Chips([(ALL, _("All types"))], value=ALL)
        self.types.chosen.connect(lambda _type: self._show_rooms())
        self._make_panel()
        main = col(
            row(self.title, None),
            row(self.types, None),
            (sheet(self.table), 1),
            gap=12,
            pad=(16, 12, 16, 12),
        )
        panel = change_panel(
            self,
            self.button("move_guest"),
            self.what,
            self.about,
            self.reason,
            row(self.price, None, self.cards, gap=8),
            self.price_reason,
            box(self.box),
            self.deposit,
            width=360,
        )
        return row((box(main), 1), panel, gap=0)

    def _make_panel(self) -> None:
        self.what, self.about = label("", "title", wrap=True), label("", "muted", wrap=True)
        self.reason = Text(_("Reason, printed on the slip"), required=True, longest=80)
        self.price = Pick(
            _("Price of the nights left"), [(KEEP, _("Stays as it is")), (LIST, _("List price"))]
        )
        self.price_reason = Text(_("Reason for the price"), longest=80)
        self.cards = Number(_("New cards"), value=1, least=0, most=9)
        self.deposit = DepositBox(self.office, self.digits)
        self.form = Form(
            reason=self.reason, cards=self.cards, deposit=self.deposit.amount, method=self.deposit.method
        )
        self.box = col(gap=12)
        self.price.changed.connect(self._show_move)
        self.reason.line.returnPressed.connect(self.press_primary)

    def start(self) -> QWidget | None:
        """Begin at the rooms."""
        return self.table

    def open(self, stay_id: int = 0, room_id: int = 0, **_what: Any) -> None:
        """Show a stay; ``room_id`` takes a room in hand."""
        self.stay_id = stay_id or self.stay_id
        self.notes.clear()
        self.reason.set_value("")
        self.price.set_value(KEEP)
        self.cards.set_value("1")
        self.deposit.clear()
        self.intent = self.office.new_intent()
        self.types.set_value(ALL)
        self.form.clear_errors()
        self.mark_stale()
        self._choose(room_id)

    def _choose(self, room_id: int) -> None:
        """Take the wanted room in hand, else the first one of the guest's own type."""
        own = [
            m.room.room_id
            for m in self.moves
            if self.stay is not None and m.room.type_id == self.stay.type_id
        ]
        for wanted in (room_id, *own[:1], *(m.room.room_id for m in self.moves[:1])):
            if wanted and self.table.pick(wanted):
                return

    def refresh(self) -> None:
        """Read the stay and the free rooms anew."""
        if not self.stay_id:
            return
        today = self.office.house().business_date
        self.stay = s = self.office.ask(queries.stay, stay_id=self.stay_id, business_date=today)
        self.moves = self.office.ask(vacancy.moves, stay_id=self.stay_id, business_date=today)
        self.nights = self.office.ask(queries.nights_to_come, stay_id=self.stay_id, business_date=today)
        self.cover = self.office.ask(queries.cover, stay_id=self.stay_id, business_date=today)
        self.options = self.office.ask(property_queries.setting).options
        left = (s.departure - today).days
        nights = ngettext("%(n)s night left", "%(n)s nights left", left) % {"n": left}
        self.title.setText(_("Room change: %(room)s %(guest)s") % {"room": s.room, "guest": s.guest})
        self.about.setText(
            _("%(nights)s, until %(day)s, tonight %(price)s")
            % {"nights": nights, "day": formats.long_day(s.departure), "price": show(s.rate, self.digits)}
        )
        kinds = {m.room.type_id: _(m.room.type_name) for m in self.moves}
        self.types.set_options([(ALL, _("All types")), *kinds.items()])
        if self.types.value() is None:
            self.types.set_value(ALL)
        self.types.show_counts(
            {ALL: len(self.moves)} | {t: sum(m.room.type_id == t for m in self.moves) for t in kinds}
        )
        self._show_rooms()

    def _show_rooms(self) -> None:
        wanted = self.types.value() or ALL
        self.table.show_rows([m for m in self.moves if wanted in (ALL, m.room.type_id)])
        self._show_move()

    def _picked(self, _row: Move | None) -> None:
        self._show_move()

    def _show_move(self) -> None:
        """Say from where to where, at which price."""
        move: Move | None = self.table.row()
        s = self.stay
        empty_out(self.box)
        if s is None:
            return
        self.what.setText(f"{s.room} \u2192 {move.room.number}" if move else _("Choose a room"))
        listed = self.price.value() == LIST
        self.price.setEnabled(bool(move and move.nights))
        self.price_reason.setVisible(listed)
        more = int(move.difference or 0) if move is not None and listed else 0
        nights = move.nights if move is not None and move.nights and listed else self.nights
        if move is not None and nights:
            self.box.addWidget(by_night(self.nights, nights, self.digits))
        words, tone = self._none_left(move) if move is not None else ("", "")
        if words:
            self.box.addWidget(note(tone, words, _("Somebody who is booked needs this room then.")))
        self.deposit.show_missing(self.cover, self.options, more, 0)
        self.update_actions()

    def _none_left(self, move: Move) -> tuple[str, str]:
        s, today = self.stay, self.office.house().business_date
        if s is None or move.room.type_id == s.type_id or s.departure <= today:
            return "", ""
        return none_left(
            self.office,
            move.room.type_id,
            move.room.type_name,
            arrival=s.arrival,
            departure=s.departure,
            first=today,
            line_id=s.line_id,
        )

    @action(
        N_("Move the guest"),
        key=keys.PRIMARY,
        operation=service.change_room,
        icon="room-change",
        kind="primary",
    )
    def move_guest(self) -> None:
        """Move; the slip prints and the new card is cut."""
        if missing := self.form.missing():
            self.refuse(missing)
            return
        wanted: Move = self.table.row()
        listed = self.price.value() == LIST and bool(wanted.nights)
        prices = tuple(n.price for n in wanted.nights or ()) if listed else None
        why, cards = self.price_reason.value() if listed else "", self.cards.value() or 0
        paid, said = self.deposit.paid(), self._said(wanted, listed, cards)
        if paid is not None:
            move = service.change_room_and_take.of(
                stay_id=self.stay_id,
                room_id=wanted.room.room_id,
                reason=self.reason.value(),
                deposit=paid,
                prices=prices,
                price_reason=why,
                cards_wanted=cards,
            )
            done = self.run(move, intent=self.intent)
        else:
            done = self.run(
                service.change_room.of(
                    stay_id=self.stay_id,
                    room_id=wanted.room.room_id,
                    reason=self.reason.value(),
                    prices=prices,
                    price_reason=why,
                    cards_wanted=cards,
                )
            )
        if done:
            self.leave_for("folios", stay_id=self.stay_id, said=self.deposit.said(said, paid))

    def _said(self, wanted: Move, listed: bool, cards: int) -> str:
        """Return what is done, to be said on the folio."""
        assert self.stay is not None
        facts = {"guest": self.stay.guest, "old": self.stay.room, "new": wanted.room.number}
        moved = _("%(guest)s has moved from %(old)s to %(new)s") % facts
        more = _("%(sum)s in all") % {"sum": signed(wanted.difference or 0, self.digits)} if listed else ""
        cut = ngettext("%(n)s card to cut", "%(n)s cards to cut", cards) % {"n": cards} if cards else ""
        return _("%(what)s.") % {"what": formats.commas((moved, more, cut, _("the slip prints")))}

    def can_move_guest(self) -> str:
        """Say why not."""
        if self.stay is None:
            return _("No guest is selected.")
        if self.stay.state != "in_house":
            return _("%(guest)s has left already.") % {"guest": self.stay.guest}
        return "" if self.table.row() is not None else _("Choose a room first.")

    @action(N_("Folio"), key=keys.FOLIO)
    def folio(self) -> None:
        """Go to the stay's folio."""
        self.go("folios", stay_id=self.stay_id)
