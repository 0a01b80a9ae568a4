"""Python's memory is swept on the window's thread, between two keys.

Left to itself the collector runs wherever it falls due: in the middle of a query (a quarter of a large
board's time), under a key, or in a worker thread that then takes apart a window's objects, which Qt allows on
the window's thread only.
"""

import gc

from PySide6.QtCore import QObject, QTimer

EVERY = 1000
"""Milliseconds between two looks at what has come up."""
DUE = (5000, 10, 10)
"""Objects made since the last sweep of the youngest, and younger sweeps since the last one of each older
generation."""


class Sweeper(QObject):
    """Stands in for the automatic collector until it is stopped."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.sweep)

    def start(self) -> None:
        """Take over."""
        gc.disable()
        self._timer.start(EVERY)

    def stop(self) -> None:
        """Hand back."""
        self._timer.stop()
        gc.enable()

    def settle(self) -> None:
        """Leave what stands by now out of every later sweep: what is loaded once stays to the end."""
        gc.freeze()

    def sweep(self) -> None:
        """Sweep the oldest generation that is due."""
        counts = gc.get_count()
        due = [generation for generation in range(3) if counts[generation] > DUE[generation]]
        if due:
            gc.collect(due[-1])
