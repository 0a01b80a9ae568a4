"""The editor of one line of text, which says whether an input method may work in it; and of several."""

from typing import Any

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit


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


BESIDE = 200
"""Signs beyond the longest text that are let in, so that what was left out can be told."""


class TextArea(QPlainTextEdit):
    """The editor of several lines. Of what is pasted no more is let in than it may hold: a line of a million
    signs, copied by mistake, stands still for minutes while it is broken into lines."""

    def __init__(self, text: str, longest: int) -> None:
        super().__init__(text)
        self.longest = longest

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste."""
        if len(text := source.text()) > self.longest + BESIDE:
            source = QMimeData()
            source.setText(text[: self.longest + BESIDE])
        super().insertFromMimeData(source)
