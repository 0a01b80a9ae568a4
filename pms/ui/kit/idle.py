"""How long nobody has touched key or mouse, so that the screen can lock itself."""

from time import monotonic

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

TOUCHES = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
    }
)


class Idle(QObject):
    """Listens at the windows themselves, which get each touch once, not at every widget within."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.touched()

    def touched(self) -> None:
        """Begin to count afresh."""
        self._at = monotonic()

    def minutes(self) -> float:
        """Return for how long nobody has touched anything; windows that have come up meanwhile are listened
        to from now on."""
        for window in QApplication.topLevelWindows():
            window.installEventFilter(self)  # a second time moves it to the front, no more
        return (monotonic() - self._at) / 60

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take note of a touch and let it go on."""
        if event.type() in TOUCHES:
            self.touched()
        return False
