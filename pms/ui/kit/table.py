"""The table widget: paints the cells of a ``RowsModel`` and keeps the selection on its row when the rows
change."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QWidget,
)

from pms.ui.kit import theme as th
from pms.ui.kit.parts import badge, badge_width, glyph, plain
from pms.ui.kit.rows import CELL, RIGHT, Cell, Column, RowsModel

Al = Qt.AlignmentFlag
Index = QModelIndex | QPersistentModelIndex
SIDE = 8
FREE = 88
"""The least a column that takes what is left may have."""


class CellDelegate(QStyledItemDelegate):
    """Paints one cell: words, their second line, icon, badge, strike-through, ground."""

    def paint(self, p: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the cell."""
        cell: Cell = index.data(CELL)
        state, rect = option.state, option.rect
        p.save()
        self._ground(p, rect, cell, bool(state & QStyle.StateFlag.State_Selected), index)
        self.paint_words(p, rect, cell)
        p.restore()

    def paint_words(self, p: QPainter, rect: QRect, cell: Cell) -> None:
        """Paint what a cell says, on whatever ground is there."""
        inner = rect.adjusted(SIDE, 0, -SIDE, 0)
        if cell.box and cell.text:
            self._box(p, inner, cell)
        else:
            self._words(p, inner, cell)

    def _ground(self, p: QPainter, rect: QRect, cell: Cell, chosen: bool, index: Index) -> None:
        t = th.now()
        if cell.ground:
            p.fillRect(rect, QColor(t.ink(cell.ground)))
        if chosen:
            p.fillRect(rect, QColor(t.accent_soft))
            view = self.parent()
            if index.column() == 0 and isinstance(view, QWidget) and view.hasFocus():
                p.fillRect(rect.x(), rect.y(), 4, rect.height(), QColor(t.accent))

    def _box(self, p: QPainter, r: QRect, cell: Cell) -> None:
        high = th.px(22)
        wide = min(badge_width(cell.text, cell.icon), r.width())
        badge(
            p,
            QRect(r.x(), r.center().y() - high // 2 + 1, wide, high),
            cell.text,
            cell.tone or "block",
            cell.icon,
        )

    def _words(self, p: QPainter, r: QRect, cell: Cell) -> None:
        t, side = th.now(), Al.AlignRight if cell.right else Al.AlignLeft
        if cell.icon:
            size = th.px(16)
            glyph(
                p,
                cell.icon,
                t.ink(cell.tone or "muted"),
                r.x(),
                (r.y() + th.px(6)) if cell.sub else r.center().y() - size // 2 + 1,
                size,
            )
            r.setLeft(r.x() + size + 6)
        font = th.font("strong" if cell.bold else "body", strike=cell.strike)
        p.setFont(font)
        p.setPen(QColor(t.ink("muted" if cell.strike else cell.tone)))
        fm = th.measure("strong" if cell.bold else "body")
        text = cell.text if cell.right else fm.elidedText(cell.text, Qt.TextElideMode.ElideRight, r.width())
        if cell.right and (wide := fm.horizontalAdvance(text)) > r.width() > 0:  # narrower, never cut
            font.setStretch(max(100 * r.width() // wide, 50))
            p.setFont(font)
        if not cell.sub:
            p.drawText(r, side | Al.AlignVCenter, text)
            return
        if (
            not cell.text
        ):  # nothing stands above it: the second line is the cell's own text, in a size to read
            p.drawText(r, int(side | Al.AlignVCenter | Qt.TextFlag.TextWordWrap), cell.sub)
            return
        p.drawText(QRect(r.x(), r.y() + th.px(3), r.width(), th.px(20)), side | Al.AlignVCenter, text)
        p.setFont(th.font("meta"))
        p.setPen(QColor(t.muted))
        low = QRect(r.x(), r.y() + th.px(22), r.width(), r.height() - th.px(23))
        p.drawText(low, int(side | Al.AlignTop | Qt.TextFlag.TextWordWrap), cell.sub)

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        """Show the whole text where the column is too narrow for it."""
        cell: Cell | None = index.data(CELL)
        room = option.rect.width() - 2 * SIDE
        if cell and th.measure("strong" if cell.bold else "body").horizontalAdvance(cell.text) > room:
            QToolTip.showText(event.globalPos(), plain(cell.text), view)
            return True
        return super().helpEvent(event, view, option, index)


@lru_cache(4096)
def _wrapped(role: str, words: str, room: int, _letters: int) -> int:
    """Return the height of words that wrap; kept, since breaking lines is most of what a list costs and its
    rows are shown again and again."""
    return (
        th.measure(role)
        .boundingRect(QRect(0, 0, room, 1000), int(Al.AlignLeft | Qt.TextFlag.TextWordWrap), words)
        .height()
    )


class Table(QTableView):
    """A list of rows. ``picked`` tells the row in hand (or None), ``chosen`` the one opened with Enter or a
    double click."""

    picked = Signal(object)
    chosen = Signal(object)

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        key: Callable[[Any], Any] | None = None,
        ground: Callable[[Any], str] | None = None,
        strike: Callable[[Any], bool] | None = None,
        digits: int = 2,
        many: bool = False,
        sortable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        extra = {k: v for k, v in {"ground": ground, "strike": strike}.items() if v is not None}
        self.rows = RowsModel(columns, key=key, digits=digits, parent=self, **extra)  # type: ignore[arg-type]
        self._empty: QWidget | None = None
        self._giving_way: tuple[int, ...] = ()
        self._least, self._tight = FREE * sum(not c.width for c in columns), False
        self._dress(many)
        self.setModel(self.rows)
        self._set_widths()
        if sortable:
            self.setSortingEnabled(True)
            self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.doubleClicked.connect(self._choose)
        self.rows.modelReset.connect(self._fit)
        self.rows.layoutChanged.connect(self._fit)
        self.rows.dataChanged.connect(lambda first, last: self._heights(range(first.row(), last.row() + 1)))
        self._narrowed = QTimer(self, singleShot=True, interval=0)
        self._narrowed.timeout.connect(self._heights)
        if any(c.kind in RIGHT and c.width for c in columns):
            self._grown = QTimer(self, singleShot=True, interval=0)
            self._grown.timeout.connect(self._make_way)
            self.rows.dataChanged.connect(self._grown.start)
        self.horizontalHeader().sectionResized.connect(self._section_resized)

    def _dress(self, many: bool) -> None:
        self.setItemDelegate(CellDelegate(self))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(th.px(th.ROW["table"]))
        self.verticalHeader().setMinimumSectionSize(16)
        self.setShowGrid(False)
        self.horizontalHeader().setFixedHeight(th.px(th.ROW["dense"]))
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setMinimumSectionSize(20)
        self.horizontalHeader().setSectionsClickable(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        mode = QAbstractItemView.SelectionMode
        self.setSelectionMode(mode.ExtendedSelection if many else mode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setWordWrap(True)

    def _set_widths(self) -> None:
        header = self.horizontalHeader()
        for at, column in enumerate(self.rows.columns):
            if column.width:
                header.resizeSection(at, th.px(column.width))
            else:
                header.setSectionResizeMode(at, QHeaderView.ResizeMode.Stretch)

    def give_way(self, *columns: int, least: int = 150) -> None:
        """Hide these columns, in this order, where the one that takes what is left would become narrower than
        ``least``."""
        self._giving_way, self._least = columns, least
        self._make_way()

    def _make_way(self) -> None:
        widths = [self._width(at) for at in range(len(self.rows.columns))]
        for at, width in enumerate(widths):
            if self.rows.columns[at].kind in RIGHT and width > self.columnWidth(at):
                self.horizontalHeader().resizeSection(at, width)
        over = sum(widths) + th.px(self._least) - self.viewport().width()
        for column in self._giving_way:
            self.setColumnHidden(column, over > 0)
            over -= widths[column] if over > 0 else 0
        self._tighten(over > 0)

    def _tighten(self, tight: bool) -> None:
        """Where the window is too small for the size of the letters, give a column no more than its words
        need; the last resort is to scroll."""
        if not (tight or self._tight):
            return
        self._tight = tight
        header, columns = self.horizontalHeader(), self.rows.columns
        fixed = [
            (at, min(self._width(at), self._need(at)) if tight else self._width(at))
            for at, c in enumerate(columns)
            if c.width
        ]
        for at, width in fixed:
            header.resizeSection(at, width)
        free = [(at, max(th.px(FREE), self._head(at))) for at, c in enumerate(columns) if not c.width]
        crushed = (
            sum(w for at, w in fixed if not self.isColumnHidden(at)) + sum(w for _at, w in free)
            > self.viewport().width()
        )
        self.setHorizontalScrollBarPolicy(
            Qt.ScrollBarPolicy.ScrollBarAsNeeded if crushed else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        )
        for at, width in free:
            header.setSectionResizeMode(
                at, QHeaderView.ResizeMode.Fixed if crushed else QHeaderView.ResizeMode.Stretch
            )
            if crushed:
                header.resizeSection(at, width)

    def _width(self, at: int) -> int:
        """Return the width of a column: an amount is never cut, however large it has become."""
        column = self.rows.columns[at]
        if not column.width or column.kind not in RIGHT:
            return th.px(column.width)
        longest = max((self.rows.written(row, at) for row in self.rows.rows()), key=len, default="")
        role = "strong" if column.bold else "body"
        return max(th.px(column.width), th.measure(role).horizontalAdvance(longest) + 2 * SIDE + 2)

    def _need(self, at: int) -> int:
        """Return the width a column's head and cells need; of a long list the beginning speaks for the
        rest."""
        most, meta = 0, th.measure("meta")
        for line in range(min(self.rows.rowCount(), 100)):
            cell = self.rows.cell(line, at)
            words = (
                badge_width(cell.text, cell.icon)
                if cell.box
                else th.measure("strong" if cell.bold else "body").horizontalAdvance(cell.text)
                + (th.px(16) + 6 if cell.icon else 0)
            )
            most = max(most, words, *(meta.horizontalAdvance(word) for word in cell.sub.split() or [""]))
        return max(self._head(at), most + 2 * SIDE + 2)

    def _head(self, at: int) -> int:
        title = self.rows.headerData(at, Qt.Orientation.Horizontal) or ""
        return th.measure("meta", bold=True).horizontalAdvance(title) + 2 * SIDE + 2

    def show_rows(self, rows: Sequence[Any]) -> None:
        """Show these rows; the row in hand stays in hand, wherever it stands now."""
        held, kept = self.row(), [self.rows.key(r) for r in self.selected()]
        self.rows.show(rows)
        if self._tight:
            self._make_way()
        if held is not None:
            self._select(kept, self.rows.key(held))
        if self.row() != held:
            self.picked.emit(self.row())
        if self._empty is not None:
            self._empty.setVisible(not rows)

    def _select(self, kept: list[Any], current: Any) -> None:
        model, flag = self.selectionModel(), QItemSelectionModel.SelectionFlag
        picked = QItemSelection()
        for line in filter(lambda n: n >= 0, map(self.rows.line_of, kept)):
            picked.select(self.rows.index(line, 0), self.rows.index(line, len(self.rows.columns) - 1))
        model.select(picked, flag.ClearAndSelect)
        if (line := self.rows.line_of(current)) >= 0:
            model.setCurrentIndex(self.rows.index(line, 0), flag.NoUpdate)

    def set_empty(self, widget: QWidget) -> None:
        """Show this widget where the rows would be when there are none."""
        if self._empty is not None and self._empty is not widget:
            self._empty.hide()
            self._empty.deleteLater()
        self._empty = widget
        widget.setParent(self.viewport())
        widget.setVisible(not self.rows.rowCount())
        self._place_empty()

    def row(self) -> Any:
        """Return the row in hand, or None."""
        return self.rows.row(self.currentIndex())

    def selected(self) -> list[Any]:
        """Return the selected rows from top to bottom."""
        lines = sorted(i.row() for i in self.selectionModel().selectedRows())
        return [self.rows.row(line) for line in lines]

    def pick(self, key: Any) -> bool:
        """Take the row with this key in hand; says whether it is there."""
        line = self.rows.line_of(key)
        if line >= 0:
            self.selectRow(line)
            self.scrollTo(self.rows.index(line, 0))
        return line >= 0

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Tell which row is in hand."""
        super().currentChanged(current, previous)
        if current.row() != previous.row():
            self.viewport().update()
            self.picked.emit(self.rows.row(current))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the row in hand with Enter."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.row() is not None:
            if not event.isAutoRepeat():
                self.chosen.emit(self.row())
            return
        super().keyPressEvent(event)

    def _choose(self, index: QModelIndex) -> None:
        self.chosen.emit(self.rows.row(index))

    # -------------------------------------------------------------- heights
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give rows the height their wrapped second line needs at the new width."""
        super().resizeEvent(event)
        self._fit()
        self._place_empty()

    def _section_resized(self, column: int) -> None:
        """Measure once more where words wrap: a header shares its width out after the list's own event, and a
        scroll bar takes some again."""
        if column in self.rows.two_lined:
            self._narrowed.start()

    def event(self, event: QEvent) -> bool:
        """Repaint the focus mark when the focus comes or goes."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.viewport().update()
        return super().event(event)

    def _fit(self) -> None:
        self._make_way()
        self._heights()

    def _heights(self, lines: Iterable[int] | None = None) -> None:
        low = th.px(th.ROW["table"])
        for line in range(self.rows.rowCount()) if lines is None else lines:
            high = max((self._height(line, c) for c in self.rows.two_lined), default=low)
            if self.rowHeight(line) != high:
                self.setRowHeight(line, high)

    def _height(self, line: int, column: int) -> int:
        cell = self.rows.cell(line, column)
        if not cell.sub:
            return th.px(th.ROW["table"])
        room = self.columnWidth(column) - 2 * SIDE - (th.px(16) + 6 if cell.icon else 0)
        wrapped = _wrapped(
            "meta" if cell.text else "strong" if cell.bold else "body", cell.sub, max(room, 40), th.px(1000)
        )
        return max(th.px(th.ROW["list"]), (th.px(22) if cell.text else 4) + wrapped + 4)

    def _place_empty(self) -> None:
        if self._empty is not None:
            self._empty.setGeometry(self.viewport().rect())
