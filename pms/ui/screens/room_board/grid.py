"""The board's picture: which tile stands where, and how a tile is painted."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFocusEvent,
    QFontMetrics,
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
from pms.ui.kit import formats
from pms.ui.kit import theme as th
from pms.ui.kit.parts import badge, glyph

from . import words

Al = Qt.AlignmentFlag
Index = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()
TILE = Qt.ItemDataRole.UserRole
FLOOR = Qt.ItemDataRole.UserRole + 1
Cell = Tile | int | None
LEAST, TALL, MOST = 44, 72, 92
NARROW, WIDE = 84, 124
BAND, STRIP, STRIP_GAP = 18, 40, 2
FIRST_CHINESE = "\u2e80"
KEPT = 4000
"""Pictures of tiles that are kept; more than the largest house has rooms."""


@dataclass(frozen=True)
class Layout:
    """Columns, the height of a line, and whether floors follow one another on the same line."""

    columns: int
    pitch: int
    packed: bool = False

    def lines(self, floors: Sequence[int]) -> int:
        """Return how many lines the floors' rooms take."""
        if self.packed:
            return ceil((sum(floors) + len(floors)) / self.columns)
        return sum(ceil(n / self.columns) for n in floors)


def layout_for(floors: Sequence[int], width: int, height: int, strip: int = 0) -> Layout:
    """Return the layout with which the floors' rooms fill the space best; ``strip`` is what packed floors
    gain in width.

    The whole house without scrolling comes first, a line of its own for each floor second, tall tiles third,
    wide ones fourth.
    """
    best, rank = Layout(max(1, width // th.px(NARROW)), th.px(LEAST)), (False, False, False, 0)
    for packed in (False, True):
        room = width + strip if packed else width
        most = max(1, room // th.px(NARROW))
        for columns in range(min(4, most), most + 1):
            found = Layout(
                columns, min(height // max(Layout(columns, 1, packed).lines(floors), 1), th.px(MOST)), packed
            )
            tall = found.pitch >= th.px(TALL) and room // columns >= th.px(WIDE)
            now = (found.pitch >= th.px(LEAST), not packed, tall, -columns)
            if now[0] and now > rank:
                best, rank = found, now
    return best


def _room(cell: Cell) -> int | None:
    return cell.room_id if isinstance(cell, Tile) else cell


class TileModel(QAbstractListModel):
    """Tiles by floor, each floor beginning on a line of its own; empty cells fill its last line.

    Where that takes more lines than there is room for, the floors follow one another, each behind a cell with
    its number.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.layout = Layout(10, LEAST)
        self.cells: list[Cell] = []
        self.floors: list[tuple[int, int, int]] = []
        self.tiles: list[Tile] = []

    def show(self, tiles: Sequence[Tile], layout: Layout) -> None:
        """Show these tiles; where every room keeps its place, only the changed ones are repainted."""
        cells, floors = self._laid(tiles, layout)
        same = layout.columns == self.layout.columns and list(map(_room, cells)) == list(
            map(_room, self.cells)
        )
        self.tiles = list(tiles)
        self.layout = layout
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
    def _laid(tiles: Sequence[Tile], layout: Layout) -> tuple[list[Cell], list[tuple[int, int, int]]]:
        cells: list[Cell] = []
        floors, columns = [], layout.columns
        for floor, rooms in groupby(tiles, lambda t: t.floor):
            first, found = len(cells) // columns, list(rooms)
            if layout.packed:
                cells += [floor, *found]
                continue
            cells += found
            cells += [None] * (-len(found) % columns)
            floors.append((floor, first, len(cells) // columns - first))
        return cells, floors

    def place(self, room_id: int | None) -> int:
        """Return the cell of a room, or -1."""
        return next((i for i, c in enumerate(self.cells) if isinstance(c, Tile) and c.room_id == room_id), -1)

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        """Return the number of cells."""
        return 0 if parent.isValid() else len(self.cells)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell's tile, or its room number for those who type it; a floor's number in the cell before
        its rooms."""
        tile = self.cells[index.row()]
        if not isinstance(tile, Tile):
            return tile if role == FLOOR else None
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
        self.size = QSize(NARROW, LEAST)
        self.digits = 2
        self._pictures: dict[tuple[Tile, QSize, float], QPixmap] = {}

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Return the pitch of the grid."""
        return self.size

    def paint(self, p: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a tile from its kept picture, then where one is."""
        tile: Tile | None = index.data(TILE)
        if tile is None:
            self._floor(p, option.rect, index.data(FLOOR))
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
    def _floor(p: QPainter, rect: QRect, floor: int | None) -> None:
        if floor is not None:
            p.setFont(th.font("title"))
            p.setPen(QColor(th.now().muted))
            p.drawText(
                rect.adjusted(0, 0, -10, 0),
                Al.AlignVCenter | Al.AlignRight,
                _("%(floor)sF") % {"floor": floor},
            )

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
            kept = self._pictures[key] = self._painted(tile, size, ratio)
        return kept

    def _painted(self, tile: Tile, size: QSize, ratio: float) -> QPixmap:
        made = QPixmap(size * ratio)
        made.setDevicePixelRatio(ratio)
        made.fill(Qt.GlobalColor.transparent)
        p = QPainter(made)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        TilePainter(p, tile, QRect(QPoint(2, 2), size - QSize(4, 4)), self.digits).paint()
        p.end()
        return made


class TilePainter:
    """Paints one tile once."""

    def __init__(self, p: QPainter, tile: Tile, rect: QRect, digits: int) -> None:
        self.p, self.tile, self.rect, self.digits = p, tile, rect, digits
        self.t = th.now()
        self.tall = rect.height() >= th.px(TALL) - 6
        self.blocked = bool(tile.block and not tile.occupied)

    def paint(self) -> None:
        """Paint box, band and words."""
        t, tile = self.t, self.tile
        edge, wide = (t.bad, 2) if tile.odd else (t.occupied_line if tile.occupied else t.edge, 1)
        self.body = QRectF(self.rect).adjusted(wide / 2, wide / 2, -wide / 2, -wide / 2)
        self.p.setPen(QPen(QColor(edge), wide))
        self.p.setBrush(QColor(t.occupied if tile.occupied else t.block_soft if self.blocked else t.surface))
        self.p.drawRoundedRect(self.body, 4, 4)
        self._band()
        self._words()

    def _band(self) -> None:
        p, t, c = self.p, self.t, self.rect
        sign, tone = words.sign(self.tile)
        band, passed = th.px(BAND), not self.blocked and self.tile.clean == "inspected"
        p.save()
        p.setClipRect(QRectF(c.x(), c.y(), band, c.height()))
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(QColor(t.good if passed else t.ink(tone + "_soft")))
        p.drawRoundedRect(self.body.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        if self.blocked:
            p.setBrush(QBrush(QColor(t.edge), Qt.BrushStyle.BDiagPattern))
            p.drawRoundedRect(self.body.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            p.setBrush(QColor(t.block_soft))
            p.drawRect(QRectF(c.x() + 2, c.center().y() - band / 2 + 1, band - 4, band - 1))
        p.restore()
        size = th.px(15)
        glyph(
            p,
            sign,
            t.surface if passed else t.ink(tone),
            c.x() + (band - size) // 2,
            c.center().y() - size // 2,
            size,
        )
        p.setPen(QPen(QColor(t.ink(tone)), 1))
        p.drawLine(c.x() + band, c.y() + 3, c.x() + band, c.bottom() - 3)

    def _words(self) -> None:
        p, t, c, tile = self.p, self.t, self.rect, self.tile
        x, right = c.x() + th.px(BAND) + 4, c.right() - 4
        high, top = th.px(26 if self.tall else 21), c.y() + (4 if self.tall else 2)
        number, short = th.font("title" if self.tall else "strong"), th.font("meta", bold=True)
        state = _(words.SHORT[words.code(tile)])
        needed = (
            QFontMetrics(number).horizontalAdvance(tile.number)
            + QFontMetrics(short).horizontalAdvance(state)
            + 4
        )
        if needed > right - x:  # a long number beside a long code: both are drawn narrower, neither is cut
            for font in (number, short):
                font.setStretch(max(100 * (right - x) // needed, 70))
        p.setFont(number)
        p.setPen(QColor(t.text))
        p.drawText(QRect(x, top, right - x, high), Al.AlignVCenter, tile.number)
        p.setFont(short)
        p.setPen(QColor(t.ink(words.sign(tile)[1])))
        p.drawText(QRect(x, top, right - x + 1, high), Al.AlignVCenter | Al.AlignRight, state)
        line = QRect(x, top + high - 1, right - x, th.px(19))
        if tile.odd:
            badge(
                p,
                QRect(x - 2, line.y() + 1, right - x + 4, th.px(18)),
                _(words.ODD[tile.odd]),
                "bad",
                "alert",
                solid=True,
            )
            line.translate(0, th.px(20))
            if not self.tall:
                return
        self._second(line, [] if self.tall else self._signs())
        if self.tall and not tile.odd:
            self._third(line.translated(0, th.px(20)))

    def _signs(self) -> list[tuple[str, str]]:
        out = [("check-out", "warn")] if self.tile.due_out else []
        return out + [(flag, words.FLAG_TONES.get(flag, "muted")) for flag in self.tile.flags]

    def _second(self, line: QRect, signs: list[tuple[str, str]]) -> None:
        """Write the name; as many signs as still fit beside it, the urgent ones first."""
        p, fm, x = self.p, th.measure("meta"), line.x()
        text, ink = self._name()
        if self.tile.due_in and not self.tile.occupied and not self.tall:
            glyph(p, "check-in", self.t.expect, x - 1, line.y() + 2, th.px(14))
            x += th.px(15)
        room = line.right() - x - min(fm.horizontalAdvance(text), th.px(38))
        end = self._tail(line, signs[: max(room // th.px(15), 1 if self.tile.due_out else 0)])
        p.setFont(th.font("meta"))
        p.setPen(QColor(self.t.ink(ink)))
        box = QRect(x, line.y(), end - x, line.height())
        p.drawText(box, Al.AlignVCenter, fm.elidedText(text, Qt.TextElideMode.ElideRight, box.width()))

    def _name(self) -> tuple[str, str]:
        tile = self.tile
        if tile.occupied:
            return self._short(tile.guest), "text"
        if self.blocked:
            return tile.block_reason, "block"
        if tile.due_in:
            return self._short(tile.due_in), "expect"
        return (f"{tile.type_name}", "muted") if self.tall and not tile.odd else ("", "muted")

    def _short(self, name: str) -> str:
        """A small tile has room for the surname, which stands last in Western names and is written alone in
        Chinese."""
        western = name[:1] < FIRST_CHINESE
        return name.split()[-1] if not self.tall and western and " " in name else name

    def _third(self, line: QRect) -> None:
        p, tile, fm = self.p, self.tile, th.measure("meta")
        end = self._tail(line, self._signs())
        due_in = bool(tile.due_in and not tile.occupied)
        if due_in:
            glyph(p, "check-in", self.t.expect, line.x() - 1, line.y() + 2, th.px(14))
            line.setLeft(line.x() + th.px(16))
        p.setFont(th.font("meta"))
        p.setPen(QColor(self.t.ink("warn" if tile.due_out else "expect" if due_in else "muted")))
        room = end - line.x()
        text = next((f for f in self._facts() if fm.horizontalAdvance(f) <= room), self._facts()[-1])
        p.drawText(
            QRect(line.x(), line.y(), room, line.height()),
            Al.AlignVCenter,
            fm.elidedText(text, Qt.TextElideMode.ElideRight, room),
        )

    def _facts(self) -> list[str]:
        """Return what stands on the third line, the longer wording first."""
        tile = self.tile
        if tile.occupied:
            until = _("out today") if tile.due_out else _("to %(day)s") % {"day": formats.day(tile.departure)}
            return [_("%(heads)sp %(until)s") % {"heads": tile.heads, "until": until}, until]
        if self.blocked:
            return [tile.type_code]
        if tile.due_in:
            return [f"{tile.type_code} {tile.eta}".strip(), tile.eta or tile.type_code]
        return [formats.amount(tile.rate, self.digits)] if tile.rate is not None else [tile.features]

    def _tail(self, line: QRect, signs: list[tuple[str, str]]) -> int:
        """Paint signs from the right and return where they begin."""
        x = line.right() + 1
        for name, tone in reversed(signs[:4]):
            x -= th.px(15)
            glyph(self.p, name, self.t.ink(tone), x, line.y() + 2, th.px(14))
        return x


class FloorStrip(QWidget):
    """The floors' numbers beside their lines; follows the board as it scrolls."""

    def __init__(self, board: "BoardView") -> None:
        super().__init__()
        self.board = board
        self.setFixedWidth(th.px(STRIP))
        board.verticalScrollBar().valueChanged.connect(lambda _value: self.update())
        board.laid.connect(self._laid)

    def _laid(self) -> None:
        self.setFixedWidth(self.board.strip)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint number and bracket of each floor."""
        p, t, pitch = QPainter(self), th.now(), self.board.delegate.size.height()
        above = self.board.verticalScrollBar().value()
        for floor, first, lines in self.board.tiles.floors:
            y = first * pitch - above
            p.setPen(QColor(t.muted))
            p.setFont(th.font("title"))
            p.drawText(
                QRect(0, y + 2, th.px(STRIP) - 8, th.px(24)),
                Al.AlignCenter,
                _("%(floor)sF") % {"floor": floor},
            )
            p.setPen(QPen(QColor(t.edge), 2))
            p.drawLine(self.width() - 4, y + 3, self.width() - 4, y + lines * pitch - 4)


class BoardView(QListView):
    """The tiles. ``picked`` tells the tile in hand (or None), ``chosen`` the one opened with Enter or a
    double click."""

    picked = Signal(object)
    chosen = Signal(object)
    laid = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("boardView")
        self.strip = th.px(STRIP)
        """The width left to the floors' numbers; packed floors carry them among the tiles."""
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

    def show_tiles(self, tiles: Sequence[Tile]) -> None:
        """Show these rooms; the room in hand stays in hand."""
        held = self.tile()
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
        floors = [len(list(rooms)) for _floor, rooms in groupby(tiles, lambda t: t.floor)]
        holder = self.parentWidget()  # its width stays the same when the strip goes or comes
        whole = holder.width() - STRIP_GAP if holder is not None else self.width() + self.strip
        layout = layout_for(floors, whole - th.px(STRIP) - 4, self.height() - 2, th.px(STRIP))
        self.strip = 0 if layout.packed else th.px(STRIP)
        policy = Qt.ScrollBarPolicy
        over = layout.lines(floors) * layout.pitch > self.height()
        self.setVerticalScrollBarPolicy(policy.ScrollBarAlwaysOn if over else policy.ScrollBarAlwaysOff)
        margin = self.width() - self.viewport().width() + 2
        size = QSize((whole - self.strip - margin) // layout.columns, layout.pitch)
        if size != self.delegate.size:
            self.delegate.size = size
            self.setGridSize(size)
        self.tiles.show(tiles, layout)
        self.laid.emit()

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
            self.show_tiles(self.tiles.tiles)

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
            Qt.Key.Key_Up: -self.tiles.layout.columns,
            Qt.Key.Key_Down: self.tiles.layout.columns,
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
