"""The table widget: paints the cells of a ``RowsModel`` and keeps the selection on its row when the rows
change."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QKeyCombination,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from pms.ui.kit import theme as th
from pms.ui.kit.alone import Alone
from pms.ui.kit.cells import SIDE, CellDelegate, wrapped
from pms.ui.kit.parts import badge_width
from pms.ui.kit.rows import RIGHT, Column, RowsModel

Index = QModelIndex | QPersistentModelIndex
LONG = 1000
"""Of a list with more rows only those in sight are measured: opening it must not take longer."""
FREE = 88
"""The least a column that takes what is left may have."""


COPY_CELL = QKeyCombination(
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier, Qt.Key.Key_C
)


AT_ONCE = 60
"""So many rows get their height in one turn of the window: more than are seen."""


def runs(lines: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield first and last of each run of neighbouring lines, given in their order."""
    for _gap, run in groupby(enumerate(lines), key=lambda pair: pair[1] - pair[0]):
        found = [line for _at, line in run]
        yield found[0], found[-1]


class Table(Alone, QTableView):
    """A list of rows. ``picked`` tells the row in hand (or None), ``chosen`` the one opened with Enter or a
    double click, ``asked`` where a menu was asked for and of which column (-1: by a key). Ctrl+C copies the
    rows in hand, Ctrl+Shift+C the cell."""

    picked = Signal(object)
    chosen = Signal(object)
    asked = Signal(QPoint, int)

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        key: Callable[[Any], Any] | None = None,
        ground: Callable[[Any], str] | None = None,
        strike: Callable[[Any], bool] | None = None,
        fixed: Callable[[Any], bool] | None = None,
        digits: int = 2,
        many: bool = False,
        sortable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        given = {"ground": ground, "strike": strike, "fixed": fixed}
        extra = {k: v for k, v in given.items() if v is not None}
        self.rows = RowsModel(columns, key=key, digits=digits, parent=self, **extra)  # type: ignore[arg-type]
        self._empty: QWidget | None = None
        self._away = frozenset[int]()
        self._giving_way: tuple[int, ...] = ()
        self._least, self._tight = FREE * sum(not c.width for c in columns), False
        self._dress(many)
        self.setModel(self.rows)
        self._set_widths()
        if sortable:
            self.setSortingEnabled(True)
            self.horizontalHeader().setSectionsClickable(True)
            self.horizontalHeader().setSortIndicatorClearable(True)
            self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.doubleClicked.connect(self._choose)
        self.rows.modelReset.connect(self._fit)
        self.rows.layoutChanged.connect(self._fit)
        self.rows.dataChanged.connect(self._changed)
        self._narrowed = QTimer(self, singleShot=True, interval=0)
        self._narrowed.timeout.connect(self._heights)
        self._settled = 0
        self._rest = QTimer(self, singleShot=True, interval=0)
        self._rest.timeout.connect(self._measure_on)
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

    def put_away(self, columns: Iterable[int]) -> None:
        """Leave these columns out, as the clerk chose; the others are shown."""
        before, self._away = self._away, frozenset(columns)
        for at in before | self._away:
            self.setColumnHidden(at, at in self._away)
        self._fit()

    def sort_by(self, column: int) -> None:
        """Sort by a column, the other way round when it is sorted by it already; -1 as the list comes."""
        header, order = self.horizontalHeader(), Qt.SortOrder.AscendingOrder
        if column == header.sortIndicatorSection() and header.sortIndicatorOrder() == order:
            order = Qt.SortOrder.DescendingOrder
        self.sortByColumn(column, order)

    def kept(self) -> list[int]:
        """Return the columns that the clerk wants to see, whether there is room for them now or not."""
        return [at for at in range(len(self.rows.columns)) if at not in self._away]

    def _make_way(self) -> None:
        widths = [0 if at in self._away else self._width(at) for at in range(len(self.rows.columns))]
        for at, width in enumerate(widths):
            if self.rows.columns[at].kind in RIGHT and width > self.columnWidth(at):
                self.horizontalHeader().resizeSection(at, width)
        over = sum(widths) + th.px(self._least) - self.viewport().width()
        for column in self._giving_way:
            self.setColumnHidden(column, over > 0 or column in self._away)
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
        longest = max((self.rows.written(row, at) for row in self._measured()), key=len, default="")
        role = "strong" if column.bold else "body"
        return max(th.px(column.width), th.measure(role).horizontalAdvance(longest) + 2 * SIDE + 2)

    def _measured(self) -> Sequence[Any]:
        """Return the rows whose figures must fit: of a long list those in sight, again as one scrolls."""
        return [self.rows.row(line) for line in self._in_sight()]

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
        picked, last = QItemSelection(), len(self.rows.columns) - 1
        for first, end in runs(self.rows.lines_of(kept)):  # row by row it takes the square of their number
            picked.select(self.rows.index(first, 0), self.rows.index(end, last))
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
        lines: set[int] = set()
        areas = self.selectionModel().selection()  # asked row by row it is slow where many are in hand
        for area in (areas.at(n) for n in range(areas.count())):
            lines.update(range(area.top(), area.bottom() + 1))
        rows = (self.rows.row(line) for line in sorted(lines))
        return [row for row in rows if not self.rows.fixed(row)]

    def pick(self, key: Any) -> bool:
        """Take the row with this key in hand; says whether it is there."""
        line = self.rows.line_of(key)
        if line >= 0:
            self.selectRow(line)
            self.scrollTo(self.rows.index(line, 0))
        return line >= 0

    def pick_all(self, keys: Sequence[Any]) -> None:
        """Take the rows with these keys in hand; the one that was stays the one at hand if it is among
        them."""
        held = self.row()
        current = (
            self.rows.key(held)
            if held is not None and self.rows.key(held) in keys
            else next(iter(keys), None)
        )
        self._select(list(keys), current)

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Tell which row is in hand."""
        super().currentChanged(current, previous)
        if current.row() != previous.row():
            self.viewport().update()
            self.picked.emit(self.rows.row(current))

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Go over the rows that are only read to the nearest that can be in hand."""
        index, last = super().moveCursor(action, modifiers), self.rows.rowCount() - 1
        if (index.isValid() and self.rows.flags(index)) or last < 0:
            return index
        held = max(self.currentIndex().row(), 0)
        page = max(self.viewport().height() // th.px(th.ROW["table"]), 1)
        cursor = QAbstractItemView.CursorAction
        if action not in (cursor.MovePageUp, cursor.MovePageDown):
            return index
        goal = held + (page if action == cursor.MovePageDown else -page)
        ways = sorted(range(last + 1), key=lambda line: abs(line - goal))
        line = next((line for line in ways if not self.rows.fixed(self.rows.row(line))), held)
        return self.rows.index(line, 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the row in hand with Enter."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.row() is not None:
            if not event.isAutoRepeat():
                self.chosen.emit(self.row())
            return
        if event.keyCombination() == COPY_CELL:
            self.copy_cell()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_rows()
        else:
            super().keyPressEvent(event)

    # -------------------------------------------------------------- out of the list
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Tell where a menu was asked for: with the pointer on a cell, or by the key of the row in hand."""
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            corner = self.visualRect(self.currentIndex()).bottomLeft()
            self.asked.emit(self.viewport().mapToGlobal(corner), -1)
            return
        index = self.indexAt(self.viewport().mapFromGlobal(event.globalPos()))
        if index.isValid():
            self.setCurrentIndex(index)
        self.asked.emit(event.globalPos(), index.column())

    def words_of(self, row: Any, columns: Iterable[int]) -> list[tuple[str, str]]:
        """Return what a row says in these columns, in full."""
        return [self.rows.told(row, at) for at in columns]

    def copy_rows(self) -> None:
        """Put the rows in hand on the clipboard, a line each, their cells parted by tabs."""
        lines = [
            "\t".join(" ".join(filter(None, pair)) for pair in self.words_of(row, self.kept()))
            for row in self.selected() or filter(None, [self.row()])
        ]
        QGuiApplication.clipboard().setText("\n".join(lines))

    def copy_cell(self) -> None:
        """Put what the cell in hand says on the clipboard."""
        if self.row() is not None:
            words = self.rows.told(self.row(), max(self.currentIndex().column(), 0))
            QGuiApplication.clipboard().setText(words[0] or words[1])

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

    def _scrolled(self) -> None:
        """Measure what has come into sight of a long list; at its end one stays at its end."""
        if self.rows.rowCount() <= LONG:
            return
        bar = self.verticalScrollBar()
        at_end = bar.value() == bar.maximum()
        self._fit()
        if at_end:
            self.updateGeometries()
            bar.setValue(bar.maximum())

    def _in_sight(self) -> Iterable[int]:
        """Return the rows that are seen."""
        first = max(self.rowAt(0), 0)
        most = self.viewport().height() // th.px(th.ROW["table"]) + 2
        return range(first, min(first + most, self.rows.rowCount()))

    def _heights(self) -> None:
        """Measure a list; of a very long one what is seen, the others when they come into sight."""
        self._settled = 0
        if self.rows.rowCount() > LONG:
            self._measure(self._in_sight())
        else:
            self._measure_on()

    def _changed(self, first: QModelIndex, last: QModelIndex) -> None:
        long = self.rows.rowCount() > LONG
        self._measure(self._in_sight() if long else range(first.row(), last.row() + 1))

    def _measure_on(self) -> None:
        """Measure the rows at the top at once and the others turn by turn, so that no list, however long,
        holds the window up; the row in hand stays in sight."""
        start, end = self._settled, min(self._settled + AT_ONCE, self.rows.rowCount())
        current = self.currentIndex()
        seen = start > 0 and self.viewport().rect().intersects(self.visualRect(current))
        self._measure(range(start, end))
        self._settled = end
        if seen:
            self.updateGeometries()  # else the bar goes no further than it did with the heights of before
            self.scrollTo(current)
        if end < self.rows.rowCount():
            self._rest.start()

    def _measure(self, lines: Iterable[int]) -> None:
        low = self.verticalHeader().defaultSectionSize()
        if not self.rows.two_lined:
            return
        for line in lines:
            high = max((self._height(line, c) for c in self.rows.two_lined), default=low)
            if self.rowHeight(line) != high:
                self.setRowHeight(line, high)

    def _height(self, line: int, column: int) -> int:
        cell = self.rows.cell(line, column)
        if not cell.sub:
            return self.verticalHeader().defaultSectionSize()
        room = self.columnWidth(column) - 2 * SIDE - (th.px(16) + 6 if cell.icon else 0)
        high = wrapped(
            "meta" if cell.text else "strong" if cell.bold else "body", cell.sub, max(room, 40), th.px(1000)
        )
        return max(th.px(th.ROW["list"]), (th.px(22) if cell.text else 4) + high + 4)

    def _place_empty(self) -> None:
        if self._empty is not None:
            self._empty.setGeometry(self.viewport().rect())
