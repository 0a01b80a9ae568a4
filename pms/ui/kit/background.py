"""Work that takes longer than a blink: off the window's thread, its answer back on it."""

import functools
import itertools
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from contextlib import suppress
from functools import partial
from typing import Any, ClassVar, Generic, TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, Qt, QThreadPool, QTimer, Signal
from shiboken6 import isValid

R = TypeVar("R")
Done = Callable[[Any], object]
Failed = Callable[[Exception], None]
BUSY_AFTER = 300
"""Milliseconds after which a busy mark is due."""
PATIENCE = 0.1
"""Seconds for which the window may stand still while it waits for a press to be carried out."""
LOOK = 3
"""Milliseconds between two looks whether a long press is done."""
GIVE_WAY = 0.001
"""Seconds after which work in another thread lets the window have its turn: Python's own 5 ms, several times
a key, would be seen."""


class _Bell(QObject):
    """Rings on the window's thread when a job in another thread is done."""

    rung = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.rung.connect(self._hear, Qt.ConnectionType.QueuedConnection)

    def _hear(self, number: int) -> None:
        Job.running.pop(number).deliver()


@functools.cache
def _bell() -> _Bell:
    return _Bell()


class Job:
    """One piece of work, kept until its answer has been delivered.

    The window's thread alone holds it, and whatever of a page it knows: the other thread borrows it by number
    and gives it back before the bell rings. What went last in there would be taken apart in there, a page's
    widgets too, and Qt answers that with a crash now and then.
    """

    running: ClassVar[dict[int, "Job"]] = {}
    _numbers = itertools.count()

    def __init__(
        self,
        owner: QObject,
        work: Callable[[], Any],
        done: Done,
        failed: Failed,
        busy: Callable[[bool], None] | None,
    ) -> None:
        self._owner, self._work, self._done, self._failed, self._busy = owner, work, done, failed, busy
        self._answer: tuple[Any, Exception | None] = (None, None)
        self._timer = QTimer()
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._show_busy)

    def start(self) -> None:
        """Begin in the thread pool."""
        sys.setswitchinterval(GIVE_WAY)
        _bell()  # made on this thread
        number = next(Job._numbers)
        Job.running[number] = self
        self._timer.start(BUSY_AFTER)
        QThreadPool.globalInstance().start(partial(_carry_out, number))

    def carry_out(self) -> None:
        """Do the work and keep its answer."""
        try:
            self._answer = (self._work(), None)
        except Exception as caught:
            self._answer = (None, caught)

    def _show_busy(self) -> None:
        if self._busy and isValid(self._owner):
            self._busy(True)

    def deliver(self) -> None:
        """Give the answer to who asked, unless they are gone."""
        self._timer.stop()
        (result, error), self._answer = (
            self._answer,
            (None, None),
        )  # the error knows this job: no ring of both
        if not isValid(self._owner):
            return
        if self._busy:
            self._busy(False)
        if error is None:
            self._done(result)
        else:
            self._failed(error)


def _carry_out(number: int) -> None:
    Job.running[number].carry_out()
    _bell().rung.emit(number)


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


class _Press(Generic[R]):
    """What is lent to the other thread, which gives it back; the answer is taken away from it."""

    def __init__(self, work: Callable[[], R]) -> None:
        self._lent, self._kept = [work], list[R | BaseException]()

    def carry_out(self) -> None:
        """Do the work and keep its answer."""
        try:
            self._kept.append(self._lent.pop()())
        except BaseException as caught:
            self._kept.append(caught)

    def answer(self) -> R:
        """Return what the work returned, or raise what it raised."""
        kept = self._kept.pop()
        if isinstance(kept, BaseException):
            try:
                raise kept
            finally:
                del kept
        return kept


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
            press = _Press(work)
            future = self._thread.submit(press.carry_out)
            with suppress(NotYet):
                future.result(PATIENCE)
            if not future.done():
                _paint_until(future, busy)
            return press.answer()
        finally:
            self._waiting = False


def _paint_until(future: "Future[Any]", busy: Callable[[bool], None]) -> None:
    app, loop, deaf, look = QCoreApplication.instance(), QEventLoop(), _Deaf(), QTimer()
    assert app is not None
    look.timeout.connect(
        lambda: loop.quit() if future.done() else None
    )  # the other thread touches no bell of ours
    app.installEventFilter(deaf)
    busy(True)
    try:
        look.start(LOOK)
        loop.exec()
    finally:
        busy(False)
        app.removeEventFilter(deaf)


waiter = Waiter()
"""The program has one window and one pair of hands: one press is carried out at a time."""
