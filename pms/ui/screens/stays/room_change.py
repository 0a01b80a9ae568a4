"""Room change: which rooms are free for the nights left, what each would cost, and the slip and the card that
go with the move."""

from typing import Any

from PySide6.QtWidgets import QLayout, QWidget

from pms.core.i18n import N_, _, ngettext
from pms.core.money import show
from pms.services.stays import queries, service
from pms.services.stays.queries import Move, StayRow
from pms.ui.kit import formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.chips import Chips
from pms.ui.kit.desk import Screen
from pms.ui.kit.empty import Empty
from pms.ui.kit.flow import Pick, sums
from pms.ui.kit.forms import Form, Number, Text
from pms.ui.kit.parts import box, card, col, empty_out, label, row, side_panel
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table

ALL = 0
KEEP, LIST = "keep", "list"
CLEAN = {
    "clean": (N_("Vacant clean"), "good", "check"),
    "inspected": (N_("Inspected"), "good", "check-double"),
    "dirty": (N_("Vacant dirty"), "warn", "broom"),
}


class RoomChangeScreen(Screen):
    """Opened for one stay: ``go("room_change", stay_id=7)``."""

    TOPICS = frozenset({"stays", "rooms", "rates", "reservations", "business_date"})

    def build(self) -> QLayout | QWidget:
        """Put the page together."""
        self.digits, self.stay_id = self.office.house().digits, 0
        self.stay: StayRow | None = None
        self.moves: list[Move] = []
        self.table = Table(
            (
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
                Column(
                    N_("List price"), lambda m: m.nights[0].price if m.nights else None, "money", width=104
                ),
                Column(N_("Difference"), lambda m: m.difference, "money", width=112, bold=True),
            ),
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
            (card((self.table, 1), gap=0, pad=(1, 1, 1, 1)), 1),
            gap=12,
            pad=(16, 12, 16, 12),
        )
        panel = side_panel(
            self.what,
            self.about,
            self.reason,
            self.price,
            self.price_reason,
            self.cards,
            box(self.box),
            None,
            self.notes,
            self.button("move_guest"),
            width=360,
        )
        return row((box(main), 1), panel, gap=0)

    def _make_panel(self) -> None:
        self.what, self.about = label("", "title", wrap=True), label("", "muted", wrap=True)
        self.reason = Text(_("Reason, stands on the slip"), required=True, longest=80)
        self.price = Pick(
            _("Price of the nights left"), [(KEEP, _("Stays as it is")), (LIST, _("List price"))]
        )
        self.price_reason = Text(_("Reason for the price"), longest=80)
        self.cards = Number(_("New cards"), value=1, least=0, most=9)
        self.form = Form(reason=self.reason, cards=self.cards)
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
        self.moves = self.office.ask(queries.moves, stay_id=self.stay_id, business_date=today)
        left = (s.departure - today).days
        nights = ngettext("%(n)s night left", "%(n)s nights left", left) % {"n": left}
        self.title.setText(_("Room change: %(room)s %(guest)s") % {"room": s.room, "guest": s.guest})
        self.about.setText(
            _("%(nights)s, until %(day)s, now %(price)s a night")
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
        if move is not None and move.nights:
            lines = [
                (formats.long_day(n.night), show(n.price if listed else s.rate, self.digits))
                for n in move.nights[:5]
            ]
            differs = show(move.difference or 0, self.digits) if listed else show(0, self.digits)
            self.box.addWidget(sums(_("Price by night"), lines, (_("Difference in all"), differs, "")))
        self.update_actions()

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
        listed = self.price.value() == LIST and wanted.nights
        prices = tuple(n.price for n in wanted.nights) if listed and wanted.nights else None
        if self.run(
            service.change_room.of(
                stay_id=self.stay_id,
                room_id=wanted.room.room_id,
                reason=self.reason.value(),
                prices=prices,
                price_reason=self.price_reason.value() if listed else "",
                cards_wanted=self.cards.value() or 0,
            )
        ):
            self.leave_for("folios", stay_id=self.stay_id)

    def can_move_guest(self) -> str:
        """Say why not."""
        if self.stay is None:
            return _("No stay is open here.")
        if self.stay.state != "in_house":
            return _("%(guest)s has left already.") % {"guest": self.stay.guest}
        return "" if self.table.row() is not None else _("Choose a room first.")

    @action(N_("Folio"), key=keys.FOLIO)
    def folio(self) -> None:
        """Go to the stay's folio."""
        self.go("folios", stay_id=self.stay_id)
