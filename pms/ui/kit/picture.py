"""A small picture that a page shows, such as a signature beside a name; hidden where there is none."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel, QSizePolicy

WIDE, HIGH = 240, 80


class Picture(QLabel):
    """``words`` say what it shows to who cannot see it."""

    def __init__(self, words: str, png: bytes = b"") -> None:
        super().__init__()
        self.setAccessibleName(words)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_png(png)

    def show_png(self, png: bytes) -> None:
        """Show another picture, no larger than its place; nothing where there is none."""
        drawn = QPixmap()
        there = bool(png) and drawn.loadFromData(png)
        if there:
            ratio = self.devicePixelRatioF()
            keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            small = drawn.scaled(round(WIDE * ratio), round(HIGH * ratio), keep, smooth)
            small.setDevicePixelRatio(ratio)
            drawn = small
        self.setPixmap(drawn)
        if self.parentWidget() is not None or not there:  # without a parent it would be a window
            self.setVisible(there)
