"""The editor of one line of text, which says whether an input method may work in it."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit


class LineEdit(QLineEdit):
    """A line's editor. A plain one keeps the input method off: what is struck there is figures, a code or a
    time, and comes as it is struck."""

    def __init__(self, *, plain: bool = False) -> None:
        super().__init__()
        self.plain = plain

    def set_plain(self, on: bool) -> None:
        """Keep the input method off from now on, or let it in."""
        self.plain = on
        QGuiApplication.inputMethod().update(Qt.InputMethodQuery.ImEnabled)

    def inputMethodQuery(self, query: Qt.InputMethodQuery, *argument: Any) -> Any:
        """Tell the platform whether an input method may work here; a line's attribute alone does not."""
        if self.plain and query == Qt.InputMethodQuery.ImEnabled:
            return False
        return super().inputMethodQuery(query, *argument)
