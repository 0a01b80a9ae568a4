"""A field that shows what is known already while one types: names, companies, phones."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QWidget

from pms.core.errors import Refused
from pms.ui.kit import background
from pms.ui.kit import theme as th
from pms.ui.kit.forms import Text
from pms.ui.kit.parts import col
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table

PAUSE = 150
MOST = 6
DOWN, UP, TAKE = Qt.Key.Key_Down, Qt.Key.Key_Up, (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Suggestions(QFrame):
    """The known things under the field; none is in hand until one goes down to it."""

    def __init__(self, columns: Sequence[Column], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("float")
        self.list = Table(columns, parent=self)
        self.list.horizontalHeader().hide()
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setLayout(col(self.list, gap=0, pad=(1, 4, 1, 4)))
        self.hide()

    def show_under(self, line: QWidget, rows: Sequence[Any]) -> None:
        """Show these under a line, as many as fit."""
        window = line.window()
        self.list.clearSelection()
        self.list.setCurrentIndex(self.list.rows.index(-1, -1))
        self.list.show_rows(rows[:MOST])
        self.resize(max(line.width(), th.px(340)), th.px(46) * min(len(rows), MOST) + 12)
        at = line.mapTo(window, QPoint(0, line.height() + 2))
        at.setX(max(min(at.x(), window.width() - self.width() - 8), 0))
        self.move(at)
        self.show()
        self.raise_()


class Finder(Text):
    """A line of text that suggests; ``found`` tells which known thing was taken. Down goes to the list, Enter
    takes, Esc closes.

    ``ask(text)`` finds rows, away from the window's thread; ``columns`` say how the list shows them.
    """

    found = Signal(object)
    _shown: Suggestions | None = None

    def __init__(
        self,
        title: str,
        ask: Callable[[str], Sequence[Any]],
        columns: Sequence[Column],
        *,
        least: int = 1,
        **extra: Any,
    ) -> None:
        super().__init__(title, **extra)
        self._ask, self._columns, self._least = ask, columns, least
        self._turn = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE)
        self._timer.timeout.connect(self._look)
        self.line.textEdited.connect(self._timer.start)

    def suggestions(self) -> Suggestions:
        """Return the list under the field, made when it is first needed."""
        if self._shown is None:
            self._shown = Suggestions(self._columns, self.window())
            self._shown.list.clicked.connect(lambda _index: self._take())
        return self._shown

    def suggesting(self) -> bool:
        """Say whether the list is to be seen."""
        return self._shown is not None and self._shown.isVisible()

    def close_list(self) -> None:
        """Take the list away and forget what was asked."""
        self._turn += 1
        self._timer.stop()
        if self._shown is not None:
            self._shown.hide()

    def _look(self) -> None:
        text = self.value()
        if len(text) < self._least:
            self.close_list()
            return
        self._turn += 1
        turn = self._turn
        background.run(self, lambda: self._ask(text), lambda rows: self._show(turn, rows), self._failed)

    def _show(self, turn: int, rows: Sequence[Any]) -> None:
        if turn != self._turn or not self.line.hasFocus():  # an older answer must not come up late
            return
        if rows:
            self.suggestions().show_under(self.line, rows)
        else:
            self.close_list()

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, Refused):
            raise error
        self.set_error(str(error))

    def _take(self) -> None:
        row = self.suggestions().list.row()
        self.close_list()
        if row is not None:
            self.found.emit(row)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move in the list and take from it while the line keeps the keys."""
        if watched is self.line and self.suggesting():
            if (
                event.type() == QEvent.Type.ShortcutOverride
                and isinstance(event, QKeyEvent)
                and event.key() == Qt.Key.Key_Escape
            ):
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._key(event):
                return True
            if event.type() in (QEvent.Type.FocusOut, QEvent.Type.Hide):
                self.close_list()
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        table, key = self.suggestions().list, event.key()
        if key in (DOWN, UP):
            step = 1 if key == DOWN else -1
            table.selectRow(max(min(table.currentIndex().row() + step, table.rows.rowCount() - 1), 0))
        elif key in TAKE and table.row() is not None:
            self._take()
        elif key == Qt.Key.Key_Escape:
            self.close_list()
        else:
            return False
        return True
