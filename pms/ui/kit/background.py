"""Work that takes longer than a blink: off the window's thread, its answer back on it."""

import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from typing import Any, TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, Qt, QThreadPool, QTimer, Signal
from shiboken6 import isValid

R = TypeVar("R")
Done = Callable[[Any], None]
Failed = Callable[[Exception], None]
BUSY_AFTER = 300
"""Milliseconds after which a busy mark is due."""
PATIENCE = 0.1
"""Seconds for which the window may stand still while it waits for a press to be carried out."""
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


# ------------------------------------------------------------------ waiting without standing still
_HANDS = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.KeyRelease,
        QEvent.Type.ShortcutOverride,
        QEvent.Type.Shortcut,
        QEvent.Type.InputMethod,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseButtonRelease,
        QEvent.Type.MouseButtonDblClick,
        QEvent.Type.Wheel,
        QEvent.Type.ContextMenu,
        QEvent.Type.TouchBegin,
        QEvent.Type.Close,
    }
)
"""What hands do to a window; while it is busy none of it counts, so that no press is taken twice."""


class _Deaf(QObject):
    """Takes keys and clicks away from the whole program while it waits."""

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Swallow what hands do."""
        if event.type() in _HANDS:
            event.ignore()
            return True
        return False


class _Bell(QObject):
    """Rings on the window's thread when work in another thread is done."""

    rung = Signal()


class Waiter:
    """Carries a press out in a thread of its own and waits for it; the window paints on if it takes long."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="press")
        self._waiting = False

    def result(self, work: Callable[[], R], busy: Callable[[bool], None]) -> R:
        """Return what ``work`` returns, or raise what it raises.

        After ``PATIENCE`` seconds ``busy(True)`` is called and the window goes on painting, deaf to keys and
        clicks; ``busy(False)`` follows. Called meanwhile by a timer, it works where it is called.
        """
        if self._waiting or QCoreApplication.instance() is None:
            return work()
        self._waiting = True
        try:
            sys.setswitchinterval(GIVE_WAY)
            future = self._thread.submit(work)
            try:
                return future.result(PATIENCE)
            except NotYet:
                if not future.done():
                    _paint_until(future, busy)
                return future.result()
        finally:
            self._waiting = False


def _paint_until(future: "Future[Any]", busy: Callable[[bool], None]) -> None:
    app, loop, bell, deaf = QCoreApplication.instance(), QEventLoop(), _Bell(), _Deaf()
    assert app is not None
    bell.rung.connect(loop.quit, Qt.ConnectionType.QueuedConnection)  # it may ring before the loop runs
    app.installEventFilter(deaf)
    busy(True)
    try:
        future.add_done_callback(lambda _done: bell.rung.emit())
        loop.exec()
    finally:
        busy(False)
        app.removeEventFilter(deaf)


waiter = Waiter()
"""The program has one window and one pair of hands: one press is carried out at a time."""
