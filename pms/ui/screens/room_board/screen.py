"""The room board: the house at a glance, the room in hand beside it, everything one can do to it one key
away."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, QRect, QTimer
from PySide6.QtGui import QHelpEvent, QMouseEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QMenu, QWidget

from pms.core.i18n import N_, _
from pms.core.known import known
from pms.core.permissions import Permission
from pms.services.property import queries as property_queries
from pms.services.room_board import queries
from pms.services.room_board.queries import Tile, Tonight
from pms.services.rooms import service as rooms
from pms.services.stays import queries as stays
from pms.services.stays.queries import StayRow
from pms.ui.kit import formats, keys
from pms.ui.kit import theme as th
from pms.ui.kit.actions import action
from pms.ui.kit.desk import Screen
from pms.ui.kit.parts import Button, Count, box, chip, col, empty_out, heading, label, row, side_panel
from pms.ui.kit.wrap import Wrap

from . import words
from .grid import STRIP_GAP, TILE, BoardView, FloorStrip
from .panel import HoverCard, RoomPanel, TypeCount

HOVER = 450
"""Milliseconds the mouse rests on a tile before its card shows."""
Test = Callable[[Tile], bool]


def _code(*codes: str) -> Test:
    return lambda tile: words.code(tile) in codes


FILTERS: tuple[tuple[str, str, str, str, Test], ...] = (
    ("all", N_("All"), "", "", lambda _t: True),
    ("vacant", N_("VC, VI"), "check", "good", _code("VC", "VI")),
    ("vacant_dirty", N_("VD"), "broom", "warn", _code("VD")),
    ("occupied_clean", N_("OC"), "check", "", _code("OC", "OI")),
    ("occupied_dirty", N_("OD"), "broom", "warn", _code("OD")),
    ("due_in", N_("Due in"), "check-in", "expect", lambda t: bool(t.due_in)),
    ("due_out", N_("Due out"), "check-out", "warn", lambda t: t.due_out),
    ("blocked", N_("Blocked"), "wrench", "", lambda t: bool(t.block)),
    ("odd", "", "alert", "bad", lambda t: bool(t.odd)),
)
"""Word, title, icon, tone and rule of each chip."""


class RoomBoardScreen(Screen):
    """Home of the desk."""

    TOPICS = frozenset(
        {"rooms", "stays", "reservations", "folios", "guests", "business_date", "property", "cards"}
    )

    def build(self) -> QHBoxLayout:
        """Put head, chips, board and panel together."""
        self.tiles: list[Tile] = []
        self.tonight: list[Tonight] = []
        self.less_out_of_order = False
        self.stay: StayRow | None = None
        self.zone, self.digits, self._shown = "UTC", 2, "all"
        self._types_shown: list[words.OnSale] = []
        self.counts = {
            "sell": Count(_("to sell tonight"), "good"),
            "ready": Count(_("of these ready"), "good"),
            "occupied": Count(_("occupied")),
            "roomless": Count(_("arrive without a room"), "warn"),
        }
        self._types = Wrap(gap=16)
        self.by_type = box(self._types)
        self.occupancy = label("", "muted")
        self.view = BoardView()
        self.panel = RoomPanel()
        self.card = HoverCard(self)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(HOVER)
        self._rest.timeout.connect(self._show_card)
        self.view.viewport().installEventFilter(self)
        self.view.picked.connect(self._picked)
        self.view.chosen.connect(lambda _tile: self.press_primary())
        self.view.customContextMenuRequested.connect(self._menu_at)
        chips = self._chips()
        head = heading(_("Room board"), (box(Wrap(*self.counts.values())), 1))
        board = row(FloorStrip(self.view), (self.view, 1), gap=STRIP_GAP)
        types = row(self.types, (self.by_type, 1), self.occupancy)
        left = col(head, chips, types, (box(board), 1), gap=8, pad=(12, 12, 12, 0))
        return row((box(left), 1), self._side(), gap=0)

    def _chips(self) -> QWidget:
        self.chips: dict[str, Button] = {}
        for word, title, icon, tone, _test in FILTERS:
            made = self.chips[word] = chip(_(title) if title else "", "0", icon, on=word == "all", tone=tone)
            made.clicked.connect(lambda _on=False, word=word: self.show_only(word))
        self.chips["odd"].setToolTip(_("Discrepancies"))
        self.chips["odd"].setAccessibleName(_("Discrepancies"))
        self.types = QComboBox()
        self.types.setFixedWidth(th.px(116))
        self.types.view().setMinimumWidth(th.px(180))
        self.types.addItem(_("All types"), 0)
        self.types.setAccessibleName(_("Room type"))
        self.types.currentIndexChanged.connect(lambda _at: self._show())
        return box(Wrap(*self.chips.values(), gap=4))

    def _side(self) -> QWidget:
        self.primaries = [
            self.button(name, kind="primary") for name in ("check_out", "check_in", "release", "folio")
        ]
        self.seconds = {name: self.button(name, icon="") for name in ("folio", "check_out")}
        self.guest_buttons = box(
            col(
                row(*[(made, 1) for made in self.seconds.values()], (self.button("extend", icon=""), 1)),
                row((self.button("change_room", icon=""), 1), (self.button("cards", icon=""), 1)),
                gap=8,
            )
        )
        self.room_buttons = box(
            col(
                row((self.button("mark_clean", icon=""), 1), (self.button("mark_dirty", icon=""), 1)),
                row(
                    (self.button("inspect", icon=""), 1),
                    (self.button("disturb", icon="", words=_("DND")), 1),
                ),
                gap=8,
            )
        )
        wide = self.screen().size().width() >= 1700
        return side_panel(
            self.panel,
            None,
            self.notes,
            self.room_buttons,
            self.guest_buttons,
            *self.primaries,
            width=340 if wide else 280,
        )

    def start(self) -> QWidget:
        """Give the keys to the tiles."""
        return self.view

    def open(self, room_id: int | None = None, **_what: Any) -> None:
        """Take a room in hand that another screen or the search asked for."""
        if room_id is not None:
            self.show_only("all")
            self.view.pick(room_id)

    # -------------------------------------------------------------- showing
    def refresh(self) -> None:
        """Ask for the tiles and show them."""
        house = self.office.house()
        self.zone, self.digits = house.zone, house.digits
        self.view.delegate.digits = house.digits
        whole = self.office.clerk.may(Permission.GUESTS_READ)
        self.tiles = self.office.ask(queries.board if whole else queries.rooms_only)
        self.less_out_of_order = self.office.ask(property_queries.setting).options.available_less_ooo
        self.tonight = self.office.ask(queries.tonight, business_date=house.business_date)
        self._fill_types()
        self._show()
        self._picked(self.view.tile())

    def _fill_types(self) -> None:
        types = dict(sorted({(t.type_id, t.type_name) for t in self.tiles}))
        if [self.types.itemData(i) for i in range(1, self.types.count())] != list(types):
            self.types.blockSignals(True)
            while self.types.count() > 1:
                self.types.removeItem(1)
            for type_id, name in types.items():
                self.types.addItem(name, type_id)
            self.types.blockSignals(False)

    def _show(self) -> None:
        kind = self.types.currentData()
        tiles = [t for t in self.tiles if not kind or t.type_id == kind]
        tonight = [row for row in self.tonight if not kind or row.type_id == kind]
        for word, _title, _icon, _tone, test in FILTERS:
            number = sum(row.coming for row in tonight) if word == "due_in" else sum(map(test, tiles))
            self.chips[word].say(count=str(number))
            self.chips[word].setVisible(word != "odd" or bool(number) or self._shown == "odd")
        self._count(tiles, tonight)
        rule = next(f[4] for f in FILTERS if f[0] == self._shown)
        self.view.show_tiles([t for t in tiles if rule(t)], self.tiles)

    def _count(self, tiles: list[Tile], tonight: list[Tonight]) -> None:
        types = words.on_sale(tiles, tonight)
        free, ready = words.together(types)
        roomless = sum(row.roomless for row in tonight)
        self.counts["sell"].show_number(formats.amount(free, 0), "bad" if free < 0 else "good")
        self.counts["ready"].show_number(ready)
        self.counts["occupied"].show_number(sum(t.occupied for t in tiles))
        self.counts["roomless"].show_number(roomless)
        self.counts["roomless"].setVisible(bool(roomless))
        self._show_types(types)
        points = queries.now(tiles, less_out_of_order=self.less_out_of_order).occupancy
        self.occupancy.setText(
            "" if points is None else _("Occupancy %(share)s") % {"share": f"{points / 100:.1f}%"}
        )

    def _show_types(self, types: list[words.OnSale]) -> None:
        """Write both figures of each type under those of the house; where nothing changed nothing moves."""
        if types == self._types_shown:
            return
        self._types_shown = types
        empty_out(self._types)
        for kind in types:
            self._types.addWidget(TypeCount(kind))

    def show_only(self, word: str) -> None:
        """Show the rooms of one chip."""
        self._shown = word
        for name, made in self.chips.items():
            made.setChecked(name == word)
        self._show()
        self.view.setFocus()

    def _picked(self, tile: Tile | None) -> None:
        self.stay = None
        if tile and tile.stay_id:
            today = self.office.house().business_date
            self.stay = self.office.ask(stays.stay, stay_id=tile.stay_id, business_date=today)
        self.panel.show_room(tile, self.stay, self.zone, self.digits)
        self.guest_buttons.setVisible(bool(tile and tile.occupied))
        self.room_buttons.setVisible(bool(tile and not tile.occupied))
        wanted = self._next_step(tile)
        for made in self.primaries:
            made.setVisible(made.act.spec.name == wanted)
        for name, second in self.seconds.items():
            second.setVisible(name != wanted)
        self.update_actions()

    @staticmethod
    def _next_step(tile: Tile | None) -> str:
        if tile is None:
            return ""
        if tile.occupied:
            return "check_out" if tile.due_out else "folio"
        return "release" if tile.block else "check_in"

    # -------------------------------------------------------------- what one can do
    @action(N_("Check in"), key=keys.CHECK_IN, icon="check-in")
    def check_in(self) -> None:
        """Check in the booking that this room waits for, a walk-in into it, or where it is taken a walk-in
        into another."""
        tile = self.view.tile()
        if tile is None or tile.occupied or tile.block:
            self.go("check_in")
        elif tile.due_in_line:
            self.go("check_in", line_id=tile.due_in_line)
        else:
            self.go("check_in", room_id=tile.room_id)

    @action(N_("New booking"), key=keys.NEW_BOOKING, icon="plus")
    def new_booking(self) -> None:
        """Open the booking form, for the type in hand."""
        tile = self.view.tile()
        self.go("booking", type_id=tile.type_id if tile else None)

    @action(N_("Folio"), key=keys.FOLIO, icon="receipt")
    def folio(self) -> None:
        """Open the guest's folio."""
        self._to("folios")

    @action(N_("Room change"), key=keys.ROOM_CHANGE, icon="room-change")
    def change_room(self) -> None:
        """Give the guest another room."""
        self._to("room_change")

    @action(N_("Extend"), key=keys.EXTEND, icon="calendar")
    def extend(self) -> None:
        """Let the guest stay longer."""
        self._to("extend")

    @action(N_("Cards"), key=keys.CARDS, icon="key-card")
    def cards(self) -> None:
        """Show the room cards of the stay; one more is cut there."""
        self._to("folios", show="cards")

    @action(N_("Check out"), key=keys.CHECK_OUT, icon="check-out")
    def check_out(self) -> None:
        """Settle and let the guest go."""
        self._to("check_out")

    def _to(self, word: str, **what: str) -> None:
        self.go(word, stay_id=self._held().stay_id, **what)

    def _held(self) -> Tile:
        tile = self.view.tile()
        assert tile is not None
        return tile

    def _guest_missing(self) -> str:
        tile = self.view.tile()
        if tile is None:
            return _("Choose a room first.")
        return (
            ""
            if tile.stay_id
            else _("Nobody is in %(room)s. Choose an occupied room.") % {"room": tile.number}
        )

    can_folio = can_change_room = can_extend = can_cards = can_check_out = _guest_missing

    @action(N_("Clean"), key="C", operation=rooms.set_clean, icon="check")
    def mark_clean(self) -> None:
        """Say that the room is clean."""
        self._clean("clean", _("%(room)s is clean."))

    @action(N_("Dirty"), key="D", operation=rooms.set_clean, icon="broom")
    def mark_dirty(self) -> None:
        """Say that the room is dirty."""
        self._clean("dirty", _("%(room)s is dirty."))

    @action(N_("Inspected"), key="I", operation=rooms.set_clean, icon="check-double")
    def inspect(self) -> None:
        """Pass the room as inspected."""
        self._clean("inspected", _("%(room)s is inspected."))

    def _clean(self, state: str, said: str) -> None:
        tile = self._held()
        self.run(rooms.set_clean.of(room_ids=[tile.room_id], clean=state), said=said % {"room": tile.number})

    @action(N_("Do not disturb"), key="N", operation=rooms.set_remarks, icon="dnd")
    def disturb(self) -> None:
        """Note that the guest wants quiet, or no longer."""
        tile = self._held()
        on = "dnd" not in tile.flags
        self.run(
            rooms.set_remarks.of(room_id=tile.room_id, remarks=["dnd"] if on else []),
            said=(_("%(room)s: do not disturb.") if on else _("%(room)s may be serviced."))
            % {"room": tile.number},
        )

    def _nothing_held(self) -> str:
        return "" if self.view.tile() else _("Choose a room first.")

    can_mark_clean = can_mark_dirty = can_inspect = can_disturb = _nothing_held

    @action(N_("Block"), key="B", operation=rooms.block, icon="wrench", kind="danger")
    def block(self) -> None:
        """Take the room out of sale for some days."""
        self.go("rooms", block_room=self._held().room_id)

    def can_block(self) -> str:
        """Say why this room cannot be blocked."""
        tile = self.view.tile()
        if tile is None:
            return _("Choose a room first.")
        return _("%(room)s is blocked already.") % {"room": tile.number} if tile.block else ""

    @action(N_("Back on sale"), key="R", operation=rooms.unblock, icon="check")
    def release(self) -> None:
        """Give a blocked room back to sale."""
        tile = self._held()
        self.run(
            rooms.unblock.of(block_id=known(tile.block_id)),
            said=_("%(room)s is back on sale.") % {"room": tile.number},
        )

    def can_release(self) -> str:
        """Say why there is nothing to release."""
        tile = self.view.tile()
        if tile is None:
            return _("Choose a room first.")
        return "" if tile.block_id else _("%(room)s is not blocked.") % {"room": tile.number}

    @action(N_("Details of this"), key=keys.MORE)
    def more(self) -> None:
        """Open everything one can do to the room in hand."""
        self._menu(self.view.mapToGlobal(self.view.visualRect(self.view.currentIndex()).center()))

    can_more = _nothing_held

    def _menu_at(self, where: QPoint) -> None:
        index = self.view.indexAt(where)
        if index.isValid() and index.data(TILE):
            self.view.setCurrentIndex(index)
            self._menu(self.view.viewport().mapToGlobal(where))

    def _menu(self, where: QPoint) -> None:
        self._hide_card()
        menu = self.menu = QMenu(self)
        for act in self.acts.values():
            if not act.reason and act.spec.name != "more":
                line = menu.addAction(th.icon(act.spec.icon or "chevron-right", "muted", 18), act.text())
                line.setShortcut(act.shortcut())
                line.triggered.connect(act.press)
        menu.popup(where)

    # -------------------------------------------------------------- the hover card
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Show a tile's card when the mouse rests on it, and take it away when it leaves."""
        if event.type() == QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            index = self.view.indexAt(event.position().toPoint())
            if not self.card.isVisible() or index != self._under:
                self._hide_card()
                self._under = QModelIndex(index)
                if index.isValid() and index.data(TILE):
                    self._rest.start()
        elif event.type() in (QEvent.Type.Leave, QEvent.Type.Wheel, QEvent.Type.MouseButtonPress):
            self._hide_card()
        elif event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            return True
        return super().eventFilter(watched, event)

    _under = QModelIndex()

    def _hide_card(self) -> None:
        self._rest.stop()
        self.card.hide()

    def _show_card(self) -> None:
        tile: Tile | None = self._under.data(TILE) if self._under.isValid() else None
        if tile is None or not self.isVisible():
            return
        stay = (
            self.office.ask(stays.stay, stay_id=tile.stay_id, business_date=self.office.house().business_date)
            if tile.stay_id
            else None
        )
        spot = self.view.visualRect(self._under)
        self.card.show_beside(
            tile,
            QRect(self.view.viewport().mapTo(self, spot.topLeft()), spot.size()),
            stay,
            self.zone,
            self.digits,
        )
