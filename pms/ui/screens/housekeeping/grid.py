"""The sheet's grid: one room a line, one key a fact; a key changes what is seen at once and tells the page to
save it."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from pms.core.i18n import N_, _
from pms.services.housekeeping.queries import Line, guides
from pms.services.room_board.queries import odd
from pms.ui.kit import formats
from pms.ui.kit import theme as th
from pms.ui.kit.cells import CellDelegate
from pms.ui.kit.rows import CELL, Cell

from . import words
from .facts import FACTS, as_desk

Index = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()
MARK, DESK, SEEN, CLEAN, HEADS, REMARK, ODD, TIME = 0, 3, 4, 5, 6, 7, 8, 9
KEPT, KEPT_ROWS = 4000, 150
"""Cells and their pictures that are kept, and pictures of rows."""
HEADS_TITLES = (
    "",
    N_("Room"),
    N_("Type"),
    N_("Desk"),
    N_("Vac./occ."),
    N_("Clean"),
    N_("Heads"),
    N_("Remark"),
    N_("Differs"),
    N_("Time"),
)
WIDTHS = (32, 64, 60, 116, 84, 100, 60, 0, 110, 70)
NARROW = (24, 56, -1, 104, 72, 84, 52, 0, 100, -1)
"""The widths where the window is too small for the size of the letters: type and time are not shown."""
SLIM = (24, 52, -1, 92, 76, 84, 52, 0, 28, -1)
"""Narrower still: what differs is a sign, its word stands in the panel."""
REMARK_ROOM, REMARK_LEAST = 140, 84
LINE = 27
Key = Qt.Key


class SheetModel(QAbstractTableModel):
    """The rooms in rack order; ``unsaved`` are those typed but not yet in the database.

    ``done`` counts the recorded rooms and ``floors`` has [recorded, all] of each floor; a key changes them
    without a look at every room.
    """

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[Line] = []
        self.unsaved: set[int] = set()
        self.here, self.zone, self.slim = 0, "UTC", False
        self.guides: frozenset[int] = frozenset()
        self.done = 0
        self.floors: dict[int, list[int]] = {}
        self._places: dict[int, int] = {}

    def show(self, lines: Sequence[Line]) -> None:
        """Show these rooms; where they are the same ones, only what changed is repainted, and never what is
        being typed."""
        if [x.room_id for x in lines] == [x.room_id for x in self.lines]:
            for at, (old, new) in enumerate(zip(self.lines, lines, strict=True)):
                if old != new and new.room_id not in self.unsaved:
                    self._put(at, new)
            return
        self.beginResetModel()
        self.lines = list(lines)
        self._places = {x.room_id: at for at, x in enumerate(self.lines)}
        self.guides = guides([x.floor for x in self.lines])
        self.done, self.floors = sum(x.recorded for x in self.lines), {}
        for x in self.lines:
            of_floor = self.floors.setdefault(x.floor, [0, 0])
            of_floor[0] += x.recorded
            of_floor[1] += 1
        self.endResetModel()

    def _put(self, at: int, line: Line) -> None:
        step = line.recorded - self.lines[at].recorded
        self.done += step
        self.floors[line.floor][0] += step
        self.lines[at] = line
        self.repaint(at)

    def repaint(self, at: int) -> None:
        """Paint one line anew."""
        self.dataChanged.emit(self.index(at, 0), self.index(at, len(WIDTHS) - 1))

    def place(self, room_id: int) -> int:
        """Return the line of a room, -1 if it is not there."""
        return self._places.get(room_id, -1)

    def line(self, room_id: int) -> Line | None:
        """Return a room as it is shown."""
        at = self.place(room_id)
        return self.lines[at] if at >= 0 else None

    def type(self, line: Line) -> None:
        """Show a room as it was typed just now, marked as not saved yet."""
        found = odd(line.persons, line.desk_persons) if line.recorded and not line.hidden else ""
        self.unsaved.add(line.room_id)
        self._put(self.place(line.room_id), replace(line, odd=found))

    def saved(self, line: Line, *, more: bool) -> None:
        """Show that a room is saved, or that it was typed again meanwhile; what is half typed stays."""
        if not (more or line.begun):
            self.unsaved.discard(line.room_id)
        if (at := self.place(line.room_id)) >= 0:
            self._put(at, line)

    def forget(self) -> None:
        """Drop what is half typed: another sheet is shown."""
        for at, line in enumerate(self.lines):
            if line.begun:
                self.unsaved.discard(line.room_id)
                self._put(at, replace(line, persons=None, clean="", remarks=()))

    # -------------------------------------------------------------- what Qt asks
    def rowCount(self, parent: Index = NO_INDEX) -> int:
        """Return the number of rooms."""
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = NO_INDEX) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(WIDTHS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell, or its words for who listens to the page."""
        if not index.isValid() or role not in (
            CELL,
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.AccessibleTextRole,
        ):
            return None
        cell = self.cell(index.row(), index.column())
        return cell if role == CELL else cell.text

    def cell(self, at: int, column: int) -> Cell:
        """Return a cell of a line."""
        line = self.lines[at]
        cell = _cell(line, column, at == self.here, line.room_id in self.unsaved, self.zone)
        return replace(cell, text="", box=False) if self.slim and column == ODD else cell

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a column's head."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section == HEADS else Qt.AlignmentFlag.AlignLeft
            return Qt.AlignmentFlag.AlignVCenter | side
        if role != Qt.ItemDataRole.DisplayRole or (self.slim and section == ODD):
            return None
        return _(HEADS_TITLES[section]) if HEADS_TITLES[section] else None


@lru_cache(maxsize=KEPT)
def _cell(x: Line, column: int, here: bool, unsaved: bool, zone: str) -> Cell:
    made = (
        _desk_cell(x, column, unsaved)
        if column <= DESK
        else _seen_cell(x, column, zone)
        if x.recorded
        else _begun_cell(x, column)
    )
    return replace(made, ground="accent_soft" if here else "bad_soft" if x.odd else "")


def _desk_cell(x: Line, column: int, unsaved: bool) -> Cell:
    if column == MARK:
        return Cell(
            "", icon="clock" if unsaved else "check" if x.recorded else "", tone="warn" if unsaved else "good"
        )
    return (Cell(x.number, bold=True), Cell(x.type_code, tone="muted"), Cell(words.desk(x), tone="muted"))[
        column - 1
    ]


def _begun_cell(x: Line, column: int) -> Cell:
    """Return a cell of a room that is not recorded: what has been typed of it, and a mark at what lacks."""
    if not x.begun:
        return Cell("")
    lacks = x.persons is None if column in (SEEN, HEADS) else not x.clean
    if column in (SEEN, CLEAN, HEADS) and lacks:
        return Cell("?", tone="warn", bold=True, right=column == HEADS)
    return Cell("") if column in (ODD, TIME) else _seen_cell(x, column, "UTC")


def _seen_cell(x: Line, column: int, zone: str) -> Cell:
    if column == SEEN:
        differs = x.odd in ("skip", "sleep")
        return Cell(_("occ.") if x.persons else _("vac."), bold=differs, tone="bad" if differs else "")
    if column == CLEAN:
        word, icon, tone = words.CLEAN[x.clean]
        return Cell(_(word), icon=icon, tone=tone)
    if column == HEADS:
        return Cell(str(x.persons), bold=bool(x.odd), tone="bad" if x.odd else "", right=True)
    if column == ODD:
        return Cell(_(words.ODD[x.odd]), tone="bad", icon="alert", box=True) if x.odd else Cell("")
    return Cell(words.remarks(x)) if column == REMARK else Cell(formats.time(x.at, zone), tone="muted")


class SheetDelegate(CellDelegate):
    """Draws cells as pictures. A page has few different cells: each is drawn once and its picture kept."""

    def __init__(self, parent: "SheetView") -> None:
        super().__init__(parent)
        self._pictures: dict[tuple[object, ...], QPixmap] = {}

    def picture(self, cell: Cell, size: QSize, ratio: float) -> QPixmap:
        """Return the picture of a cell with its ground."""
        key = (cell, size.width(), size.height(), ratio)
        if key not in self._pictures:
            if len(self._pictures) > KEPT:
                self._pictures.clear()
            made = self._pictures[key] = QPixmap(size * ratio)
            made.setDevicePixelRatio(ratio)
            made.fill(QColor(th.now().ink(cell.ground) if cell.ground else th.now().surface))
            p = QPainter(made)
            self.paint_words(p, QRect(QPoint(0, 0), size), cell)
            p.end()
        return self._pictures[key]


class SheetView(QTableView):
    """The grid. ``typed`` tells a room as it was before and as it was just typed; ``moved`` the room in
    hand."""

    typed = Signal(object, object)
    moved = Signal(object)
    refused = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.model_ = SheetModel()
        _cell.cache_clear()  # the words may be in another language than when the page was last made
        self.locked = ""
        self._rows: dict[int, tuple[tuple[object, ...], QPixmap]] = {}
        self._delegate = SheetDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setModel(self.model_)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(16)
        self.verticalHeader().setDefaultSectionSize(th.px(LINE))
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._dress_head()
        self.clicked.connect(self._clicked)

    def _dress_head(self) -> None:
        head = self.horizontalHeader()
        head.setFixedHeight(th.px(th.ROW["dense"]))
        head.setHighlightSections(False)
        head.setSectionsClickable(False)
        head.setMinimumSectionSize(20)
        head.setSectionResizeMode(WIDTHS.index(0), QHeaderView.ResizeMode.Stretch)
        self._set_widths()

    def _set_widths(self) -> None:
        head, room = self.horizontalHeader(), self.viewport().width()
        widths = WIDTHS if room >= th.px(sum(WIDTHS) + REMARK_ROOM) else NARROW
        if widths is NARROW and room < th.px(sum(map(abs, NARROW)) + REMARK_LEAST):
            widths = SLIM
        self.model_.slim = widths is SLIM
        for at, width in enumerate(widths):
            self.setColumnHidden(at, width < 0)
            if width > 0:
                head.resizeSection(at, th.px(width))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what is least needed where the window is too small for the size of the letters."""
        super().resizeEvent(event)
        self._set_widths()

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show these rooms; the room in hand stays in hand."""
        held = self.line()
        self.model_.show(lines)
        if held is None or self.model_.place(held.room_id) != self.model_.here:
            self.go(max(self.model_.place(held.room_id), 0) if held else 0)

    def line(self) -> Line | None:
        """Return the room in hand."""
        return self.model_.lines[self.model_.here] if 0 <= self.model_.here < len(self.model_.lines) else None

    def go(self, at: int) -> None:
        """Take the room of a line in hand."""
        if not 0 <= at < self.model_.rowCount():
            return
        before, self.model_.here = self.model_.here, at
        index = self.model_.index(at, SEEN)
        self.setCurrentIndex(index)
        self.scrollTo(index)
        for changed in {before, at}:
            if changed < self.model_.rowCount():
                self.model_.repaint(changed)
        self.moved.emit(self.line())

    def next_missing(self) -> Line | None:
        """Return the next room after the one in hand that is not recorded, from the top again at the end."""
        lines, here = self.model_.lines, self.model_.here
        if self.model_.done == len(lines):
            return None
        return next(
            x
            for at in (range(here, len(lines)), range(here))
            for x in map(lines.__getitem__, at)
            if not x.recorded
        )

    # -------------------------------------------------------------- painting
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint whole rows from their pictures: scrolling by a row then costs one new picture, not a page of
        cells."""
        p, area = QPainter(self.viewport()), event.region()
        first, last = self.rowAt(area.boundingRect().top()), self.rowAt(area.boundingRect().bottom())
        if first < 0:
            return
        for at in range(first, (last if last >= 0 else self.model_.rowCount() - 1) + 1):
            place = QRect(0, self.rowViewportPosition(at), self.viewport().width(), self.rowHeight(at))
            if area.intersects(place):
                p.drawPixmap(place.topLeft(), self._row_picture(at, place.size()))
                if at == self.model_.here:
                    self._ring(
                        p,
                        QRect(
                            self.columnViewportPosition(SEEN),
                            place.y(),
                            self.columnWidth(SEEN),
                            place.height(),
                        ),
                    )

    def _ring(self, p: QPainter, rect: QRect) -> None:
        """Paint where the next key goes."""
        p.setPen(QPen(QColor(th.now().ink("accent" if self.hasFocus() else "edge")), 2))
        p.drawRect(rect.adjusted(1, 1, -2, -2))

    def _row_picture(self, at: int, size: QSize) -> QPixmap:
        line, model, ratio = self.model_.lines[at], self.model_, self.devicePixelRatioF()
        key = (
            line,
            at == model.here,
            line.room_id in model.unsaved,
            model.zone,
            model.slim,
            at in model.guides,
            size.width(),
            size.height(),
            ratio,
        )
        kept = self._rows.get(line.room_id)
        if kept is None or kept[0] != key:
            if len(self._rows) > KEPT_ROWS:
                self._rows.clear()
            kept = self._rows[line.room_id] = (key, self._paint_row(at, size, ratio))
        return kept[1]

    def _paint_row(self, at: int, size: QSize, ratio: float) -> QPixmap:
        made = QPixmap(size * ratio)
        made.setDevicePixelRatio(ratio)
        made.fill(QColor(th.now().surface))
        p, x = QPainter(made), 0
        for column in range(len(WIDTHS)):
            if not (wide := self.columnWidth(column)):
                continue
            cell = self.model_.cell(at, column)
            p.drawPixmap(x, 0, self._delegate.picture(cell, QSize(wide, size.height()), ratio))
            x += wide
        self._guide(p, size, strong=at in self.model_.guides)
        p.end()
        return made

    def _guide(self, p: QPainter, size: QSize, *, strong: bool) -> None:
        """Draw the lines that lead the eye: under each row, stronger after five and after a floor, and one
        between the desk's facts and what was seen."""
        theme = th.now()
        hair, firm = (
            QPen(QColor(theme.line), 1),
            QPen(QColor(theme.edge), 1 if theme.line != theme.edge else 3),
        )
        p.setPen(hair)
        seen = self.columnViewportPosition(SEEN) - 4
        p.drawLine(seen, 0, seen, size.height())
        p.setPen(firm if strong else hair)
        p.drawLine(0, size.height() - 1, size.width(), size.height() - 1)

    def press(self, key: int) -> bool:
        """Do what a key means for the room in hand; says whether it means anything."""
        enter = key in (Key.Key_Return, Key.Key_Enter)
        line = self.line()
        if line is None or not (enter or key in FACTS):
            return False
        if self.locked:
            self.refused.emit(self.locked)
        elif not enter:
            self._type(line, FACTS[key](line))
        else:
            self._enter(line)
        return True

    def _enter(self, line: Line) -> None:
        """Take the room as the desk has it, where that is shown, and go on to the next."""
        if line.hidden and not line.recorded:
            self.refused.emit(
                _("%(room)s: type how many are in it and whether it is clean. The desk's state follows.")
                % {"room": line.number}
            )
            return
        if not line.recorded:
            self._type(line, replace(as_desk(line), taken=True))
        self.go(self.model_.here + 1)

    def _type(self, before: Line, now: Line) -> None:
        if now != before:
            self.model_.type(now)
            self.typed.emit(before, now)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Record a fact, walk up and down, and let no letter search."""
        plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
            Qt.KeyboardModifier.ShiftModifier,
        )
        page = max(self.viewport().height() // th.px(LINE) - 1, 1)
        step = {
            Key.Key_Up: -1,
            Key.Key_Down: 1,
            Key.Key_PageUp: -page,
            Key.Key_PageDown: page,
            Key.Key_Home: -self.model_.rowCount(),
            Key.Key_End: self.model_.rowCount(),
        }.get(Key(event.key()))
        if plain and step is not None:
            self.go(min(max(self.model_.here + step, 0), self.model_.rowCount() - 1))
        elif not (plain and (event.isAutoRepeat() or self.press(event.key()))):
            event.ignore()  # held down, a key states one fact and no more

    def _clicked(self, index: QModelIndex) -> None:
        self.go(index.row())
        line = self.line()
        if index.column() == MARK and line is not None and not line.recorded:
            self.press(Key.Key_Return)

    def take_at(self, where: QPoint) -> Line | None:
        """Take the room under the mouse in hand and return it."""
        index = self.indexAt(where)
        if index.isValid():
            self.go(index.row())
        return self.line() if index.isValid() else None
