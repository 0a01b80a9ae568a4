"""The board's picture: tiles in rows and columns, the floors beside them, the keys that walk over them."""

from collections.abc import Sequence
from itertools import chain
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from pms.core.i18n import _
from pms.services.room_board.queries import Tile
from pms.ui.kit import theme as th
from pms.ui.kit.alone import Alone

from . import words
from .plan import COMPACT, LOW, Plan, plan_for
from .tile import picture

Al = Qt.AlignmentFlag
Index = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()
TILE = Qt.ItemDataRole.UserRole
Cell = Tile | None
STRIP, STRIP_GAP = 34, 2
KEPT = 4000
"""Pictures of tiles that are kept; more than the largest house has rooms."""


def _room(cell: Cell) -> int | None:
    return cell.room_id if cell is not None else None


class TileModel(QAbstractListModel):
    """Tiles in the places the plan of the whole house gives them; rows without any are left out."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.columns = 1
        self.cells: list[Cell] = []
        self.floors: list[tuple[int, int, int]] = []
        self.tiles: list[Tile] = []

    def show(self, tiles: Sequence[Tile], plan: Plan) -> None:
        """Show these tiles; where every room keeps its place, only the changed ones are repainted."""
        cells, floors = self._laid(tiles, plan)
        same = plan.columns == self.columns and list(map(_room, cells)) == list(map(_room, self.cells))
        self.tiles, self.columns = list(tiles), plan.columns
        if same:
            for at, (old, new) in enumerate(zip(self.cells, cells, strict=True)):
                if old != new:
                    self.cells[at] = new
                    self.dataChanged.emit(self.index(at), self.index(at))
            return
        self.beginResetModel()
        self.cells, self.floors = cells, floors
        self.endResetModel()

    @staticmethod
    def _laid(tiles: Sequence[Tile], plan: Plan) -> tuple[list[Cell], list[tuple[int, int, int]]]:
        columns = plan.columns
        rows: dict[int, list[Cell]] = {}
        for tile in tiles:
            row, at = divmod(plan.spots[tile.room_id], columns)
            rows.setdefault(row, [None] * columns)[at] = tile
        cells: list[Cell] = []
        floors = []
        for floor, first, count in plan.floors:
            used = [rows[row] for row in range(first, first + count) if row in rows]
            if used:
                floors.append((floor, len(cells) // columns, len(used)))
                cells += chain.from_iterable(used)
        return cells, floors

    def place(self, room_id: int | None) -> int:
        """Return the cell of a room, or -1."""
        return next((i for i, c in enumerate(self.cells) if isinstance(c, Tile) and c.room_id == room_id), -1)

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        """Return the number of cells."""
        return 0 if parent.isValid() else len(self.cells)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell's tile, or its room number for those who type it."""
        tile = self.cells[index.row()]
        if not isinstance(tile, Tile):
            return None
        if role == TILE:
            return tile
        if role == Qt.ItemDataRole.DisplayRole:
            return tile.number
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{tile.number} {words.status(tile)} {tile.guest or tile.due_in}".strip()
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let empty cells be passed over."""
        if not index.isValid() or not isinstance(self.cells[index.row()], Tile):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren


class TileDelegate(QStyledItemDelegate):
    """Paints tiles. Fill says whether somebody is in, the band at the left how clean it is, the word says
    both again."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.size = QSize(COMPACT, LOW)
        self.digits = 2
        self._pictures: dict[tuple[Tile, QSize, float], QPixmap] = {}

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Return the pitch of the grid."""
        return self.size

    def paint(self, p: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a tile from its kept picture, then where one is."""
        tile: Tile | None = index.data(TILE)
        if tile is None:
            return
        p.drawPixmap(
            option.rect.topLeft(), self._picture(tile, option.rect.size(), p.device().devicePixelRatioF())
        )
        state, flag = option.state, QStyle.StateFlag
        if state & flag.State_Selected:
            self._outline(p, QRectF(option.rect).adjusted(1.5, 1.5, -1.5, -1.5), 3, 5)
        elif state & flag.State_MouseOver:
            self._outline(p, QRectF(option.rect).adjusted(3, 3, -3, -3), 2, 4)

    @staticmethod
    def _outline(p: QPainter, rect: QRectF, wide: int, radius: int) -> None:
        p.save()
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.setBrush(Qt.BrushStyle.NoBrush)
        p.setPen(QPen(QColor(th.now().accent), wide))
        p.drawRoundedRect(rect, radius, radius)
        p.restore()

    def _picture(self, tile: Tile, size: QSize, ratio: float) -> QPixmap:
        key = (tile, QSize(size), ratio)
        if (kept := self._pictures.get(key)) is None:
            if len(self._pictures) > KEPT:
                self._pictures.clear()
            kept = self._pictures[key] = picture(tile, size, ratio, self.digits)
        return kept


class FloorStrip(QWidget):
    """The floors' numbers beside their lines; follows the board as it scrolls."""

    def __init__(self, board: "BoardView") -> None:
        super().__init__()
        self.board = board
        self.setFixedWidth(th.px(STRIP))
        board.verticalScrollBar().valueChanged.connect(lambda _value: self.update())
        board.laid.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint number and bracket of each floor."""
        p, t, pitch = QPainter(self), th.now(), self.board.delegate.size.height()
        above = self.board.verticalScrollBar().value()
        for floor, first, lines in self.board.tiles.floors:
            y = first * pitch - above
            p.setPen(QColor(t.muted))
            p.setFont(th.font("strong"))
            where = QRect(0, y + 2, self.width() - 6, th.px(24))
            p.drawText(where, Al.AlignCenter, _("%(floor)sF") % {"floor": floor})
            p.setPen(QPen(QColor(t.edge), 2))
            p.drawLine(self.width() - 4, y + 3, self.width() - 4, y + lines * pitch - 4)


class BoardView(Alone, QListView):
    """The tiles. ``picked`` tells the tile in hand (or None), ``chosen`` the one opened with Enter or a
    double click."""

    picked = Signal(object)
    chosen = Signal(object)
    laid = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("boardView")
        self._house: Sequence[Tile] = ()
        self._planned: tuple[object, Plan] = (None, plan_for((), 0, 0))
        self._laying = False
        self.tiles = TileModel(self)
        self.delegate = TileDelegate(self)
        self._dress()
        self.setModel(self.tiles)
        self.setItemDelegate(self.delegate)
        self.doubleClicked.connect(lambda index: self.chosen.emit(index.data(TILE)))

    def _dress(self) -> None:
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setSpacing(0)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setStyleSheet("#boardView { background: transparent; border: 0; }")
        self.viewport().setAutoFillBackground(False)
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setAccessibleName(_("Rooms"))

    def show_tiles(self, tiles: Sequence[Tile], house: Sequence[Tile] | None = None) -> None:
        """Show these rooms, each where it stands in the whole house; the room in hand stays in hand."""
        held = self.tile()
        self._house = tiles if house is None else house
        self._laying = True
        try:
            self._lay(tiles)
        finally:
            self._laying = False
        place = self.tiles.place(held.room_id) if held else -1
        if place >= 0:
            self.setCurrentIndex(self.tiles.index(place))
        if self.tile() != held:
            self.picked.emit(self.tile())

    def _lay(self, tiles: Sequence[Tile]) -> None:
        whole, height = self.width() - 2, self.height() - 2
        plan = self._plan(whole, height)
        if not plan.fits(height):
            bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent, None, self)
            plan = self._plan(whole - bar, height)
        policy = Qt.ScrollBarPolicy
        over = not plan.fits(height)
        self.setVerticalScrollBarPolicy(policy.ScrollBarAlwaysOn if over else policy.ScrollBarAlwaysOff)
        margin = self.width() - self.viewport().width() + 2
        size = QSize((self.width() - margin) // plan.columns, plan.pitch)
        if size != self.delegate.size:
            self.delegate.size = size
            self.setGridSize(size)
        self.tiles.show(tiles, plan)
        self.laid.emit()

    def _plan(self, width: int, height: int) -> Plan:
        """Return the plan of the whole house; a thousand rooms are placed anew only where one of them or the
        space is another."""
        key = (width, height, [t[:3] for t in self._house])
        if self._planned[0] != key:
            self._planned = (key, plan_for(self._house, width, height))
        return self._planned[1]

    def tile(self) -> Tile | None:
        """Return the tile in hand."""
        tile: Tile | None = self.currentIndex().data(TILE)
        return tile

    def pick(self, room_id: int) -> bool:
        """Take a room in hand; says whether it is shown."""
        place = self.tiles.place(room_id)
        if place >= 0:
            self.setCurrentIndex(self.tiles.index(place))
        return place >= 0

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Tell which tile is in hand."""
        super().currentChanged(current, previous)
        self.picked.emit(self.tile())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the tiles anew for the new size, the room in hand kept; a scroll bar that comes or goes
        meanwhile is reckoned with already."""
        super().resizeEvent(event)
        if self.tiles.tiles and not self._laying:
            self.show_tiles(self.tiles.tiles, self._house)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Take the first room in hand where none is, so that the arrows have somewhere to start."""
        super().focusInEvent(event)
        if self.tile() is None:
            first = next((i for i, c in enumerate(self.tiles.cells) if isinstance(c, Tile)), -1)
            self.setCurrentIndex(self.tiles.index(first) if first >= 0 else QModelIndex())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the tile in hand with Enter; arrows step over empty cells."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.tile():
            if not event.isAutoRepeat():
                self.chosen.emit(self.tile())
            return
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -self.tiles.columns,
            Qt.Key.Key_Down: self.tiles.columns,
        }
        if (step := steps.get(Qt.Key(event.key()))) is not None and self.currentIndex().isValid():
            self._step(step)
            return
        super().keyPressEvent(event)

    def _step(self, step: int) -> None:
        cells, at = self.tiles.cells, self.currentIndex().row() + step
        while 0 <= at < len(cells) and not isinstance(cells[at], Tile):
            at += 1 if step > 0 and abs(step) == 1 else -1
        if 0 <= at < len(cells):
            self.setCurrentIndex(self.tiles.index(at))
