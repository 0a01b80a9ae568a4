"""A bar that tells how far work in another thread has come; it shows only where that takes long."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QProgressBar

from pms.core import progress
from pms.core.i18n import _

R = TypeVar("R")
LOOK = 40
"""Milliseconds between two looks how far it is."""
WIDTH = 220


class ProgressBar(QProgressBar):
    """Hears what work tells; the other thread writes a number down, the window's own reads it."""

    def __init__(self) -> None:
        super().__init__()
        self._share = [0]
        self.setRange(0, progress.WHOLE)
        self.setFixedWidth(WIDTH)
        self.setAccessibleName(_("Progress"))
        self.hide()
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK)
        self._timer.timeout.connect(self._look)

    def watching(self, work: Callable[[], R]) -> Callable[[], R]:
        """Return work that is carried out in another thread so that this bar hears how far it is."""
        self._share[0] = 0
        return partial(_heard, work, self._share)

    def show_busy(self, busy: bool) -> None:
        """Show the bar while the page is busy, and take it away after."""
        if busy:
            self._look()
            self._timer.start()
        else:
            self._timer.stop()
        self.setVisible(busy)

    def _look(self) -> None:
        self.setValue(self._share[0])


def _heard(work: Callable[[], R], share: list[int]) -> R:
    def listen(told: int) -> None:
        share[0] = told

    with progress.heard_by(listen):
        return work()
