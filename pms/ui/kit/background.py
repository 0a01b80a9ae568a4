"""Work that takes longer than a blink: off the window's thread, its answer back on it."""

import sys
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QThreadPool, QTimer, Signal
from shiboken6 import isValid

Done = Callable[[Any], None]
Failed = Callable[[Exception], None]
BUSY_AFTER = 300
"""Milliseconds after which a busy mark is due."""
GIVE_WAY = 0.001
"""Seconds after which work in another thread lets the window have its turn: Python's own 5 ms, several times
a key, would be seen."""


class Job(QObject):
    """One piece of work; keeps itself alive until its answer has been delivered."""

    _answered = Signal(object, object)
    _running: set["Job"] = set()

    def __init__(
        self,
        owner: QObject,
        work: Callable[[], Any],
        done: Done,
        failed: Failed,
        busy: Callable[[bool], None] | None,
    ) -> None:
        super().__init__()
        self._owner, self._work, self._done, self._failed, self._busy = owner, work, done, failed, busy
        self._answered.connect(self._deliver)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._show_busy)

    def start(self) -> None:
        """Begin in the thread pool."""
        sys.setswitchinterval(GIVE_WAY)
        Job._running.add(self)
        self._timer.start(BUSY_AFTER)
        QThreadPool.globalInstance().start(self._in_thread)

    def _in_thread(self) -> None:
        try:
            result, error = self._work(), None
        except Exception as caught:
            result, error = None, caught
        self._answered.emit(result, error)

    def _show_busy(self) -> None:
        if self._busy and isValid(self._owner):
            self._busy(True)

    def _deliver(self, result: Any, error: Exception | None) -> None:
        self._timer.stop()
        Job._running.discard(self)
        if not isValid(self._owner):
            return
        if self._busy:
            self._busy(False)
        if error is None:
            self._done(result)
        else:
            self._failed(error)


def run(
    owner: QObject,
    work: Callable[[], Any],
    done: Done,
    failed: Failed | None = None,
    busy: Callable[[bool], None] | None = None,
) -> None:
    """Do ``work`` in another thread, then call ``done`` or ``failed`` on this one, unless ``owner`` is gone
    by then.

    ``busy(True)`` is called when it takes longer than 0.3 s. Without ``failed`` an error is raised where Qt
    delivers the answer, which is the crash handler's business.
    """
    Job(owner, work, done, failed or _raise, busy).start()


def _raise(error: Exception) -> None:
    raise error
