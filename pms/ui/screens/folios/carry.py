"""Carry a line to another folio with the mouse: pressed in the list, let go on the folio's chip."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from pms.ui.kit.chips import Chips
from pms.ui.kit.table import Table


class Carry(QObject):
    """Watches a list; ``move`` is told the value of the chip on which a row was let go."""

    def __init__(self, table: Table, chips: Chips, move: Callable[[str], None]) -> None:
        super().__init__(table)
        self.table = table
        self.chips = chips
        self.move = move
        self._from: QPoint | None = None
        self._on = False
        table.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the mouse from a row to a chip; a short slip of the hand is none."""
        if isinstance(event, QMouseEvent):
            here = event.position().toPoint()
            if event.type() == QEvent.Type.MouseButtonPress:
                on_row = event.button() == Qt.MouseButton.LeftButton and self.table.indexAt(here).isValid()
                self._from = here if on_row else None
            elif event.type() == QEvent.Type.MouseMove and self._from is not None:
                self._moved(here)
                return self._on  # the list does not choose other rows meanwhile
            elif event.type() == QEvent.Type.MouseButtonRelease and self._from is not None:
                self._let_go(event.globalPosition().toPoint())
        return super().eventFilter(watched, event)

    def _moved(self, here: QPoint) -> None:
        assert self._from is not None
        far = (here - self._from).manhattanLength() >= QApplication.startDragDistance()
        if far and not self._on:
            self._on = True
            self.table.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)

    def _let_go(self, there: QPoint) -> None:
        carried = self._on
        self._from = None
        self._on = False
        self.table.viewport().unsetCursor()
        if not carried:
            return
        for value, chip in self.chips.chips.items():
            if value and chip.isVisible() and chip.rect().contains(chip.mapFromGlobal(there)):
                self.move(value)
                return
