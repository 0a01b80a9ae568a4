"""F3: one line that finds rooms, guests, bookings and whatever else the duties offer."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.offers import Hit
from pms.core.typed import half_width, printable
from pms.ui.kit import background
from pms.ui.kit import theme as th
from pms.ui.kit.empty import Empty
from pms.ui.kit.palette import STEPS
from pms.ui.kit.parts import col
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table

PAUSE = 180


COLUMNS = (Column("", lambda h: h.title, sub=lambda h: h.sub, icon=lambda h: h.icon),)


class Results(QFrame):
    """The found things under the line."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("float")
        self.list = Table(COLUMNS, key=lambda h: (h.word, h.title, h.sub), parent=self)
        self.list.horizontalHeader().hide()
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.empty = Empty("search", "")
        self.list.set_empty(self.empty)
        self.setLayout(col(self.list, gap=0, pad=(1, 4, 1, 4)))
        self.hide()

    def show_under(self, line: QWidget, hits: Sequence[Hit], typed: str) -> None:
        """Show these under the line, as many as fit."""
        self.empty.say(_("Nothing found for %(typed)s.") % {"typed": typed})
        self.list.show_rows(hits)
        self.list.selectRow(0)
        window = self.parentWidget()
        assert window is not None
        self.resize(max(line.width(), th.px(420)), th.px(44) * min(max(len(hits), 2), 8) + 10)
        self.move(line.mapTo(window, QPoint(0, line.height() + 4)))
        self.show()
        self.raise_()


class SearchBox(QLineEdit):
    """The line; ``ask`` finds, ``found`` tells which hit was chosen, ``left`` that one is done with it."""

    found = Signal(object)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.ask: Callable[[str], Sequence[Hit]] = lambda _typed: ()
        self._results: Results | None = None
        self._asked = 0
        self.setPlaceholderText(_("Find room, guest, phone, number"))
        self.setAccessibleName(_("Search"))
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setMinimumWidth(th.px(300))
        self.setMaximumWidth(th.px(400))
        self.addAction(th.icon("search", "muted", 18), QLineEdit.ActionPosition.LeadingPosition)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE)
        self._timer.timeout.connect(self._look)
        self.textEdited.connect(self._timer.start)

    def results(self) -> Results:
        """Return the list under the line, made when it is first needed."""
        if self._results is None:
            self._results = Results(self.window())
            self._results.list.clicked.connect(lambda index: self._take(self._results_row(index.row())))
        return self._results

    def _results_row(self, line: int) -> Any:
        return self.results().list.rows.row(line)

    def _look(self) -> None:
        typed = half_width(printable(self.text()))
        if not typed:
            self.close_results()
            return
        self._asked += 1
        turn = self._asked
        background.run(
            self, lambda: self.ask(typed), lambda hits: self._show(turn, typed, hits), self._failed
        )

    def _show(self, turn: int, typed: str, hits: Sequence[Hit]) -> None:
        if turn == self._asked and self.hasFocus():  # an older answer must not replace a newer one
            self.results().show_under(self, hits, typed)

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, Refused):
            raise error
        self.results().show_under(self, (), str(error))

    def close_results(self) -> None:
        """Take the list away."""
        self._asked += 1
        if self._results is not None:
            self._results.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move in the list, take with Enter, leave with Esc."""
        shown = self._results is not None and self._results.isVisible()
        if event.key() in STEPS and shown:
            self.results().list.keyPressEvent(event)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if shown:
                self._take(self.results().list.row())
            else:
                self._look()
        elif event.key() == Qt.Key.Key_Escape:
            self._leave()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Keep Esc for this line while it has the keys."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()
            return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the list away when the keys go elsewhere."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.close_results()

    def _take(self, hit: Any) -> None:
        if hit is not None:
            self._leave()
            self.found.emit(hit)

    def _leave(self) -> None:
        self.clear()
        self.close_results()
        self.left.emit()
