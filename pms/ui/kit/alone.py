"""What the program takes in hand in a list, it takes alone."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPersistentModelIndex
from PySide6.QtWidgets import QAbstractItemView

_FLAG = QItemSelectionModel.SelectionFlag
if TYPE_CHECKING:
    _View = QAbstractItemView
else:  # two of Qt's own classes have no child
    _View = object


class Alone(_View):
    """Mixed into a view, before its own kind: a row that the program takes in hand, by no key and no click,
    is chosen alone. Qt goes by the keys that are held down at that moment: with a finger still on Ctrl, the
    next row would be added to the one before."""

    _taking = False

    def setCurrentIndex(self, index: QModelIndex | QPersistentModelIndex) -> None:
        """Take an index in hand."""
        before, self._taking = self._taking, True
        try:
            super().setCurrentIndex(index)
        finally:
            self._taking = before

    def selectRow(self, row: int) -> None:
        """Take a row in hand."""
        before, self._taking = self._taking, True
        try:
            super().selectRow(row)  # type: ignore[misc]
        finally:
            self._taking = before

    def selectionCommand(
        self, index: QModelIndex | QPersistentModelIndex, event: QEvent | None = None
    ) -> QItemSelectionModel.SelectionFlag:
        """Return how an index is chosen."""
        if not self._taking:
            return super().selectionCommand(index, event)
        rows = self.selectionBehavior() == QAbstractItemView.SelectionBehavior.SelectRows
        return _FLAG.ClearAndSelect | _FLAG.Rows if rows else _FLAG.ClearAndSelect
