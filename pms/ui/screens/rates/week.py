"""The list of the week: what each room type costs on each weekday of a period, typed into the cells and saved
in one act."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QStyle,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.money import Money, parse
from pms.services.rates.queries import WeekCell
from pms.services.rates.service import WeekPrice
from pms.services.rooms.queries import TypeRow
from pms.ui.kit import formats
from pms.ui.kit import theme as th
from pms.ui.kit.alone import Alone
from pms.ui.kit.cells import CellDelegate
from pms.ui.kit.lines import LineEdit
from pms.ui.kit.rows import CELL, Cell

Index = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()
Al = Qt.AlignmentFlag
Key = Qt.Key
TYPE = 118
COPY = "="
"""The key that takes the price of the cell at the left."""
WEEKEND = frozenset({4, 5})


class WeekModel(QAbstractTableModel):
    """Types down, weekdays across. ``typed`` are the prices that are not saved yet, by type and weekday."""

    refused = Signal(str)
    changed = Signal()

    def __init__(self, digits: int) -> None:
        super().__init__()
        self.digits, self.locked = digits, ""
        self.types: list[TypeRow] = []
        self.cells: dict[tuple[int, int], WeekCell] = {}
        self.typed: dict[tuple[int, int], Money] = {}
        self._past: list[tuple[tuple[int, int], Money | None]] = []

    def show(
        self, types: Sequence[TypeRow], cells: Iterable[WeekCell], typed: dict[tuple[int, int], Money]
    ) -> None:
        """Show what is listed, and what is typed over it."""
        if typed is not self.typed:
            self._past.clear()
        same = list(types) == self.types
        if not same:
            self.beginResetModel()
        self.types, self.typed = list(types), typed
        self.cells = {(x.type_id, x.weekday): x for x in cells}
        if same:  # a price that is being typed goes on
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.types) - 1, 7))
        else:
            self.endResetModel()

    def place(self, index: Index) -> tuple[int, int]:
        """Return type and weekday of a cell."""
        return self.types[index.row()].id, index.column() - 1

    def price(self, index: Index) -> Money | None:
        """Return the one price of a cell, typed or listed."""
        place = self.place(index)
        if place in self.typed:
            return self.typed[place]
        cell = self.cells.get(place)
        return cell.prices[0] if cell is not None and len(cell.prices) == 1 and not cell.lacks else None

    def put(self, index: Index, price: Money | None) -> None:
        """Type a price into a cell, None takes the typing back; one that is listed already is no change."""
        place = self.place(index)
        before = self.typed.get(place)
        self.typed.pop(place, None)
        if price is not None and price != self.price(index):
            self.typed[place] = price
        if before != self.typed.get(place):
            self._past.append((place, before))
        self.dataChanged.emit(index, index)
        self.changed.emit()

    def take_back(self) -> bool:
        """Take the last typing back; says whether there was one."""
        if not self._past:
            return False
        (type_id, weekday), before = self._past.pop()
        if before is None:
            self.typed.pop((type_id, weekday), None)
        else:
            self.typed[(type_id, weekday)] = before
        row = next((at for at, t in enumerate(self.types) if t.id == type_id), 0)
        index = self.index(row, weekday + 1)
        self.dataChanged.emit(index, index)
        self.changed.emit()
        return True

    def forget(self) -> None:
        """Drop what is typed."""
        self.typed.clear()
        self._past.clear()

    def prices(self) -> list[WeekPrice]:
        """Return what is to be saved: weekdays of a type that cost the same are one price."""
        bits: dict[tuple[int, Money], int] = {}
        for (type_id, weekday), price in sorted(self.typed.items()):
            bits[(type_id, price)] = bits.get((type_id, price), 0) | 1 << weekday
        return [WeekPrice(type_id, weekdays, price) for (type_id, price), weekdays in bits.items()]

    def told(self, index: Index) -> str:
        """Say what the cell in hand stands for."""
        if not index.isValid() or index.column() == 0:
            return ""
        place = self.place(index)
        kind = self.types[index.row()]
        facts = {
            "type": f"{_(kind.name)} {kind.code}",
            "day": _(formats.WEEKDAYS[place[1]]),
            "listed": self._listed(self.cells.get(place)),
        }
        if place in self.typed:
            facts["price"] = formats.amount(self.typed[place], self.digits)
            return _("%(type)s, %(day)s: %(listed)s, to be %(price)s.") % facts
        return _("%(type)s, %(day)s: %(listed)s.") % facts

    def _listed(self, cell: WeekCell | None) -> str:
        if cell is None:
            return _("no such day in this period")
        shown = [formats.amount(price, self.digits) for price in cell.prices]
        if not shown:
            return _("no price yet")
        words = (
            shown[0]
            if len(shown) == 1
            else _("%(low)s to %(high)s by date") % {"low": shown[0], "high": shown[-1]}
        )
        return _("%(prices)s, some nights without a price") % {"prices": words} if cell.lacks else words

    # -------------------------------------------------------------- what Qt asks
    def rowCount(self, parent: Index = NO_INDEX) -> int:
        """Return the number of types."""
        return 0 if parent.isValid() else len(self.types)

    def columnCount(self, parent: Index = NO_INDEX) -> int:
        """Return the type's column and the weekdays'."""
        return 0 if parent.isValid() else 8

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let a price be typed where the weekday comes and the plan has prices of its own."""
        plain = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.column() == 0:
            return Qt.ItemFlag.ItemIsEnabled
        free = not self.locked and self.place(index) in self.cells
        return plain | Qt.ItemFlag.ItemIsEditable if free else plain

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell, its words, or what its editor starts with."""
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.EditRole:
            price = self.price(index) if index.column() else None
            return "" if price is None else formats.amount(price, self.digits)
        if role == CELL:
            return self._cell(index)
        if role == Qt.ItemDataRole.AccessibleTextRole and index.column():
            return self.told(index)
        return self._cell(index).text if role == Qt.ItemDataRole.DisplayRole else None

    def _cell(self, index: Index) -> Cell:
        kind = self.types[index.row()]
        if index.column() == 0:
            return Cell(kind.code, sub=_(kind.name), bold=True)
        place = self.place(index)
        if place in self.typed:
            text = formats.amount(self.typed[place], self.digits)
            return Cell(text, bold=True, tone="accent", right=True, ground="accent_soft")
        cell = self.cells.get(place)
        ground = "sunken" if place[1] in WEEKEND or cell is None else ""
        if cell is None or not cell.prices:
            return Cell("" if cell is None else "—", tone="warn", right=True, ground=ground)
        text = formats.amount(cell.prices[0], self.digits)
        made = Cell(text, right=True, ground=ground)
        if len(cell.prices) > 1:  # the whole span is said below the list
            return replace(made, text=f"{text} …", tone="muted")
        return replace(made, tone="warn" if cell.lacks else "")

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Take what was typed; what is no price is refused in words and leaves the cell as it was."""
        text = str(value).strip()
        try:
            price = parse(text, self.digits) if text else None
            if price is not None and price < 0:
                raise Refused(_("A list price is not negative."))
        except Refused as why:
            self.refused.emit(str(why))
            return False
        self.put(index, price)
        return True

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the weekdays."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Al.AlignVCenter | (Al.AlignRight if section else Al.AlignLeft)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return _(formats.WEEKDAYS[section - 1]) if section else _("Type")


class PriceDelegate(CellDelegate):
    """Paints a cell and edits it in place, right-aligned and without a frame."""

    def paint(self, p: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the cell, with a ring where the next key goes."""
        super().paint(p, option, index)
        state, view = option.state, self.parent()
        if state & QStyle.StateFlag.State_Selected and isinstance(view, QWidget) and view.hasFocus():
            p.setPen(QPen(QColor(th.now().accent), 2))
            p.drawRect(option.rect.adjusted(1, 1, -2, -2))

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """Make the line in which a price is typed."""
        line = LineEdit(plain=True)
        line.setParent(parent)
        line.setAlignment(Al.AlignRight | Al.AlignVCenter)
        line.setMaxLength(16)
        line.setAccessibleName(index.data(Qt.ItemDataRole.AccessibleTextRole))
        line.setProperty("role", "cell")
        return line

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Begin with the price that stands there, selected whole."""
        assert isinstance(editor, QLineEdit)
        editor.setText(index.data(Qt.ItemDataRole.EditRole))
        editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Take what was typed."""
        assert isinstance(editor, QLineEdit)
        model.setData(index, editor.text(), Qt.ItemDataRole.EditRole)


class WeekGrid(Alone, QTableView):
    """The cells by keyboard: figures type, Enter goes down, Tab to the right, ``=`` copies from the left, Del
    takes back what was typed. ``moved`` tells that another cell is in hand, ``refused`` why not."""

    moved = Signal()
    refused = Signal(str)

    def __init__(self, digits: int) -> None:
        super().__init__()
        self.week = WeekModel(digits)
        self.week.refused.connect(self.refused)
        self.week.changed.connect(self.moved)
        self.setItemDelegate(PriceDelegate(self))
        self.setModel(self.week)
        self.setAccessibleName(_("Prices by weekday"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        edit = QAbstractItemView.EditTrigger
        self.setEditTriggers(edit.AnyKeyPressed | edit.DoubleClicked | edit.EditKeyPressed)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(True)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(th.px(th.ROW["list"]))
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head = self.horizontalHeader()
        head.setFixedHeight(th.px(th.ROW["dense"]))
        head.setHighlightSections(False)
        head.setSectionsClickable(False)
        head.setMinimumSectionSize(20)

    def inputMethodQuery(self, query: Qt.InputMethodQuery) -> Any:
        """Keep the input method off: figures are typed here. A table lets it in wherever a cell can be
        typed into, whatever its attribute says."""
        return False if query == Qt.InputMethodQuery.ImEnabled else super().inputMethodQuery(query)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the weekdays what the type leaves."""
        super().resizeEvent(event)
        room = self.viewport().width()
        each = (room - min(th.px(TYPE), room // 5)) // 7
        for at in range(1, 8):
            self.setColumnWidth(at, each)
        self.setColumnWidth(0, room - 7 * each)

    def show_week(
        self, types: Sequence[TypeRow], cells: Iterable[WeekCell], typed: dict[tuple[int, int], Money]
    ) -> None:
        """Show prices; the cell in hand stays in hand."""
        held = self.currentIndex()
        row, column = max(held.row(), 0), max(held.column(), 1)
        self.week.show(types, cells, typed)
        if self.week.rowCount():
            self.setCurrentIndex(self.week.index(min(row, self.week.rowCount() - 1), column))
        self.moved.emit()

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Keep off the types and tell the cell in hand."""
        super().currentChanged(current, previous)
        if current.isValid() and current.column() == 0:
            self.setCurrentIndex(self.week.index(current.row(), 1))
        self.moved.emit()

    def _typing(self) -> QLineEdit | None:
        """Return the line in which a price is being typed."""
        if self.state() != QAbstractItemView.State.EditingState:
            return None
        return next((line for line in self.findChildren(QLineEdit) if line.isVisible()), None)

    def typing(self) -> bool:
        """Say whether a price is being typed."""
        return self._typing() is not None

    def finish(self) -> bool:
        """Take what stands in the line that is being typed; says whether it is a price."""
        if (line := self._typing()) is None:
            return True
        taken = self.week.setData(self.currentIndex(), line.text())
        if taken:
            super().closeEditor(line, QAbstractItemDelegate.EndEditHint.NoHint)
            self.setFocus()
        return taken

    def give_up(self) -> bool:
        """Close the line that is being typed without taking it; says whether there was one."""
        if (line := self._typing()) is None:
            return False
        super().closeEditor(line, QAbstractItemDelegate.EndEditHint.RevertModelCache)
        self.setFocus()
        return True

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """Go down after Enter."""
        super().closeEditor(editor, hint)
        if hint == QAbstractItemDelegate.EndEditHint.SubmitModelCache:
            self._down()

    def _down(self) -> None:
        here = self.currentIndex()
        if here.row() + 1 < self.week.rowCount():
            self.setCurrentIndex(self.week.index(here.row() + 1, here.column()))
        elif here.column() < 7:
            self.setCurrentIndex(self.week.index(0, here.column() + 1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk, copy, take back, or begin to type."""
        here = self.currentIndex()
        if self.state() == QAbstractItemView.State.EditingState:
            super().keyPressEvent(event)  # what the line that is typed in leaves over
        elif event.key() in (Key.Key_Return, Key.Key_Enter):
            self._down()
        elif event.text() == COPY or event.key() in (Key.Key_Delete, Key.Key_Backspace):
            self._strike(here, copy=event.text() == COPY)
        elif self.week.locked and event.text().strip():
            self.refused.emit(self.week.locked)
        elif event.text().isalpha():
            event.ignore()  # no letter begins a price
        else:
            super().keyPressEvent(event)

    def _strike(self, here: QModelIndex, *, copy: bool) -> None:
        if not here.isValid() or not self.week.flags(here) & Qt.ItemFlag.ItemIsEditable:
            if self.week.locked:
                self.refused.emit(self.week.locked)
            return
        if not copy:
            self.week.put(here, None)
        elif (
            here.column() > 1
            and (price := self.week.price(self.week.index(here.row(), here.column() - 1))) is not None
        ):
            self.week.put(here, price)
            self.setCurrentIndex(self.week.index(here.row(), min(here.column() + 1, 7)))
