"""Lists: frozen rows in a table, each column declared with its title, its fact and how it is set."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from pms.core.collation import order
from pms.core.i18n import _
from pms.ui.kit import formats

Index = QModelIndex | QPersistentModelIndex
Al = Qt.AlignmentFlag
CELL = Qt.ItemDataRole.UserRole
ROW = Qt.ItemDataRole.UserRole + 1
NO_INDEX = QModelIndex()
RIGHT = frozenset({"money", "number"})


def _nothing(_row: Any) -> str:
    return ""


def _ordered(value: Any) -> Any:
    return order(value) if isinstance(value, str) else value


def _never(_row: Any) -> bool:
    return False


@dataclass(frozen=True)
class Column:
    """One column. ``kind``: text, money (minor units), number, day, badge (a word in its tone's box).

    ``sub`` is the second, muted line, which wraps; ``tone``, ``icon``, ``strike`` and ``bold`` are asked per
    row. ``width`` 0 takes what is left. ``sort`` gives what the rows are sorted by where the fact is written
    otherwise than it counts (a time); ``usual`` says of which rows the state needs no mark: it is not painted
    there, only written in a file.
    """

    title: str
    value: Callable[[Any], Any]
    kind: str = "text"
    width: int = 0
    sub: Callable[[Any], str] = _nothing
    tone: Callable[[Any], str] = _nothing
    icon: Callable[[Any], str] = _nothing
    bold: bool | Callable[[Any], bool] = False
    strike: Callable[[Any], bool] = _never
    sort: Callable[[Any], Any] | None = None
    usual: Callable[[Any], bool] = _never


@dataclass(frozen=True)
class Cell:
    """One cell as it is painted."""

    text: str
    sub: str = ""
    tone: str = ""
    icon: str = ""
    bold: bool = False
    strike: bool = False
    right: bool = False
    box: bool = False
    ground: str = ""


class RowsModel(QAbstractTableModel):
    """Shows frozen rows; keeps their places and repaints only what changed when the same rows come again."""

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        key: Callable[[Any], Any] | None = None,
        ground: Callable[[Any], str] = _nothing,
        strike: Callable[[Any], bool] = _never,
        fixed: Callable[[Any], bool] = _never,
        digits: int = 2,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.two_lined = tuple(n for n, c in enumerate(self.columns) if c.sub is not _nothing)
        """The columns that may have a second line; no other makes a row taller."""
        self.key = key or (lambda row: getattr(row, "id", row))
        self.digits = digits
        self._ground, self._strike, self.fixed = ground, strike, fixed
        """Which rows are only read: the head of a group, say, is never in hand."""
        self._rows: list[Any] = []
        self._given: list[Any] = []
        self._cells: dict[tuple[int, int], Cell] = {}
        self._order: tuple[int, Qt.SortOrder] | None = None

    def show(self, rows: Sequence[Any]) -> None:
        """Show other rows; where they are the same ones in the same order, only the changed are repainted."""
        self._given = list(rows)
        new = self._sorted(self._given)
        if new and len(new) == len(self._rows) and self._same(new):
            self._repaint(new)
            return
        self.beginResetModel()
        self._rows = new
        self._cells.clear()
        self.endResetModel()

    def _same(self, new: list[Any]) -> bool:
        return all(
            one is other or self.key(one) == self.key(other)
            for one, other in zip(new, self._rows, strict=True)
        )

    def _repaint(self, new: list[Any]) -> None:
        for line, (old, now) in enumerate(zip(self._rows, new, strict=True)):
            if old is not now and old != now:
                self._rows[line] = now
                for column in range(len(self.columns)):
                    self._cells.pop((line, column), None)
                self.dataChanged.emit(self.index(line, 0), self.index(line, len(self.columns) - 1))

    def rows(self) -> list[Any]:
        """Return the rows in the order they are shown."""
        return list(self._rows)

    def row(self, index: Index | int) -> Any:
        """Return the row at an index, or None."""
        line = index if isinstance(index, int) else index.row() if index.isValid() else -1
        return self._rows[line] if 0 <= line < len(self._rows) else None

    def line_of(self, key: Any) -> int:
        """Return where the row with this key stands, or -1."""
        return next((i for i, r in enumerate(self._rows) if self.key(r) == key), -1)

    def lines_of(self, keys: Sequence[Any]) -> list[int]:
        """Return where the rows with these keys stand, in one walk; those that are gone are left out."""
        wanted = set(keys)
        return [i for i, r in enumerate(self._rows) if self.key(r) in wanted] if wanted else []

    def cell(self, line: int, column: int) -> Cell:
        """Return a cell as it is painted."""
        if (line, column) not in self._cells:
            self._cells[line, column] = self._make(self._rows[line], self.columns[column])
        return self._cells[line, column]

    def _make(self, row: Any, c: Column) -> Cell:
        if c.usual(row):
            return Cell("", ground=self._ground(row))
        sub = c.sub(row)
        for sign in "×=+":  # arithmetic never breaks between its parts
            sub = sub.replace(f" {sign} ", f"\u00a0{sign}\u00a0")
        return Cell(
            self._written(c, c.value(row)),
            sub,
            c.tone(row),
            c.icon(row),
            c.bold(row) if callable(c.bold) else c.bold,
            c.strike(row) or self._strike(row),
            c.kind in RIGHT,
            c.kind == "badge",
            self._ground(row),
        )

    def written(self, row: Any, column: int) -> str:
        """Return a fact as it is written in its column."""
        c = self.columns[column]
        return self._written(c, c.value(row))

    def told(self, row: Any, column: int) -> tuple[str, str]:
        """Return a fact as it is written and its second line, whether the list paints it or not."""
        return self.written(row, column), self.columns[column].sub(row)

    def _written(self, c: Column, value: Any) -> str:
        if value is None or value == "":
            return ""
        if c.kind == "money" and isinstance(value, int):
            return formats.amount(value, self.digits)
        if isinstance(value, date) and c.kind == "day":
            return formats.day(value)
        return str(value)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column, as the clerk asked by its head (-1: as the list comes); the rows keep that order
        when they are shown again."""
        self._order = (column, order) if 0 <= column < len(self.columns) else None
        self.layoutAboutToBeChanged.emit()
        held = [(index, self._rows[index.row()]) for index in self.persistentIndexList()]
        self._rows = self._sorted(self._given)
        lines = {self.key(row): line for line, row in enumerate(self._rows)} if held else {}
        for index, row in held:  # the row in hand stays in hand
            self.changePersistentIndex(index, self.index(lines[self.key(row)], index.column()))
        self._cells.clear()
        self.layoutChanged.emit()

    def _sorted(self, rows: list[Any]) -> list[Any]:
        if self._order is None:
            return rows
        c = self.columns[self._order[0]]
        fact = c.sort or c.value
        facts = [(fact(row), row) for row in rows]
        told = [(_ordered(value), row) for value, row in facts if value not in (None, "")]
        told.sort(key=lambda pair: pair[0], reverse=self._order[1] == Qt.SortOrder.DescendingOrder)
        return [row for _value, row in told] + [row for value, row in facts if value in (None, "")]

    # -------------------------------------------------------------- what Qt asks
    def rowCount(self, parent: Index = NO_INDEX) -> int:
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NO_INDEX) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self.columns)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Leave out of the hand what is only read."""
        row = self.row(index)
        return Qt.ItemFlag.NoItemFlags if row is not None and self.fixed(row) else super().flags(index)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text, the cell or the row behind an index."""
        if not index.isValid():
            return None
        if role == ROW:
            return self._rows[index.row()]
        cell = self.cell(index.row(), index.column())
        if role == CELL:
            return cell
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{cell.text} {cell.sub}".strip()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Al.AlignVCenter | (Al.AlignRight if cell.right else Al.AlignLeft)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a column's head, aligned as its column."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Al.AlignVCenter | (Al.AlignRight if column.kind in RIGHT else Al.AlignLeft)
        return _(column.title) if column.title and role == Qt.ItemDataRole.DisplayRole else None
