"""A key that opens a page never fires it: what commits waits until the page has been looked at."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from weakref import WeakSet

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QCursor, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from shiboken6 import isValid

PAUSE = 600
"""Milliseconds after which a new page takes F12 and Enter without another act before."""
COMMIT = frozenset({Qt.Key.Key_F12, Qt.Key.Key_Return, Qt.Key.Key_Enter})
MODIFIERS = frozenset(
    {Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta}
)
KEYS = frozenset({QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride})


class Safety(QObject):
    """Holds F12, Enter and the key that opened a page back, until another key, a moved pointer, a click or a
    pause says that somebody has seen it. It listens only while a page is new."""

    def __init__(self) -> None:
        super().__init__()
        self._users: WeakSet[QObject] = WeakSet()
        self._since, self._pointer = 0.0, QPoint()
        self._key = self._opener = ""
        self._holding = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._let_go)

    # -------------------------------------------------------------- told by the windows
    def serve(self, window: QObject) -> None:
        """Be on duty as long as this window works."""
        self._users.add(window)

    def leave(self, window: QObject) -> None:
        """Be off duty once the last window is closed."""
        self._users.discard(window)
        if not self._on_duty():
            self._let_go()

    def _on_duty(self) -> bool:
        return any(map(isValid, self._users))

    @contextmanager
    def pressing(self, key: str) -> Iterator[None]:
        """Know which key is being answered: a page that opens meanwhile was opened by it."""
        before, self._key = self._key, key
        try:
            yield
        finally:
            self._key = before

    def opened(self) -> None:
        """A page, a form or a question has just come up."""
        app = QApplication.instance()
        if not self._on_duty() or app is None:
            return
        self._opener = self._key or (self._opener if self._holding else "")
        self._pointer = QCursor.pos()
        self._wait()
        if not self._holding:
            self._holding = True
            app.installEventFilter(self)

    def _wait(self) -> None:
        self._since = monotonic()
        self._timer.start(PAUSE)

    def armed(self) -> bool:
        """Say whether what is seen may be fired."""
        if self._holding and (monotonic() - self._since >= PAUSE / 1000 or QCursor.pos() != self._pointer):
            self._let_go()
        return not self._holding

    def _let_go(self) -> None:
        self._timer.stop()
        if self._holding:
            self._holding = False
            if (app := QApplication.instance()) is not None:
                app.removeEventFilter(self)

    # -------------------------------------------------------------- while a page is new
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Swallow what would fire; let go at the first other act."""
        kind = event.type()
        if kind in KEYS and isinstance(event, QKeyEvent):
            return self._key_event(watched, event)
        if kind == QEvent.Type.MouseButtonPress and isinstance(watched, QWidget):
            self._let_go()
        elif kind == QEvent.Type.MouseButtonDblClick and isinstance(watched, QAbstractButton):
            return not self.armed()  # the second half of the click that opened the page
        return False

    def _key_event(self, watched: QObject, event: QKeyEvent) -> bool:
        if event.key() in MODIFIERS:
            return False
        if self._fires(watched, event):
            if event.isAutoRepeat():
                self._wait()  # a key that is held down does not wait itself through
            if self.armed():
                return False
            event.accept()  # of an override: no shortcut; of a press: nobody else
            return True
        if not event.isAutoRepeat():
            self._let_go()
        return False

    def _fires(self, watched: QObject, event: QKeyEvent) -> bool:
        if event.key() in COMMIT:
            return True
        if event.key() == Qt.Key.Key_Space:
            button = watched if isinstance(watched, QWidget) else QApplication.focusWidget()
            return isinstance(button, QAbstractButton) and not button.isCheckable()
        return bool(self._opener) and QKeySequence(event.keyCombination()) == QKeySequence(self._opener)


_made: Safety | None = None


def guard() -> Safety:
    """Return the one there is."""
    global _made
    if _made is None:
        _made = Safety()
    return _made


def opened() -> None:
    """Say that a page, a form or a question has just come up."""
    guard().opened()
