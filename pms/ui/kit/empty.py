"""An empty list: a glyph, one line that says it is fine or why it is empty, one useful action."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from pms.ui.kit.parts import Pic, col, label, row


class Empty(QWidget):
    """Stands where the rows would be."""

    def __init__(
        self, icon: str, words: str, button: QPushButton | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.words = label(words, "strong", wrap=True, align=Qt.AlignmentFlag.AlignHCenter)
        below = [row(None, button, None)] if button else []
        self.setLayout(
            col(
                None,
                row(None, Pic(icon, "muted", 24), None),
                self.words,
                *below,
                None,
                gap=8,
                pad=(12, 12, 12, 12),
            )
        )

    def say(self, words: str) -> None:
        """Say something else, after another filter, say."""
        self.words.setText(words)
