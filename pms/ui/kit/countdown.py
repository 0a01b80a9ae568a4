"""A calm line above the page that counts down to what another workstation is about to do."""

from PySide6.QtCore import QElapsedTimer, QTimer
from PySide6.QtWidgets import QWidget

from pms.core.offers import Countdown
from pms.ui.kit.messages import split
from pms.ui.kit.parts import Pic, box, col, frame, label, row

TICK = 250


class CountdownBar(QWidget):
    """Shows one countdown, then its second sentence, and goes by itself; takes no room when there is nothing
    to tell."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shown: Countdown | None = None
        self.title, self.more = label("", "strong"), label("", wrap=True)
        holder = box(col(self.title, self.more, gap=2))
        line = row(col(Pic("moon", "accent"), None, pad=(0, 2, 0, 0)), (holder, 1), gap=8, pad=(10, 8, 8, 8))
        self.setLayout(col(frame("note", line, "info"), gap=0))
        self._gone = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(TICK)
        self._timer.timeout.connect(self.tick)
        self.hide()

    def count(self, found: Countdown | None) -> None:
        """Show a countdown from the seconds it has left; None takes it away."""
        self.shown = found
        if found is None:
            self._timer.stop()
            self.hide()
            return
        self._gone.start()
        self._timer.start()
        self.show()
        self.tick()

    def left(self) -> float:
        """Return the seconds still to go, below 0 once it has begun."""
        assert self.shown is not None
        return self.shown.seconds - self._gone.elapsed() / 1000

    def text(self) -> str:
        """Return what is told now."""
        return f"{self.title.text()} {self.more.text()}".strip() if self.shown else ""

    def tick(self) -> None:
        """Tell the seconds that are left, or what comes after them."""
        if self.shown is None:
            return
        left = self.left()
        if left < -self.shown.stays:
            self.count(None)
            return
        words = self.shown.before % {"n": max(1, round(left))} if left > 0 else self.shown.after
        title, more = split(words)
        if (title, more) != (self.title.text(), self.more.text()):
            self.title.setText(title)
            self.more.setText(more)
