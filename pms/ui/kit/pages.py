"""Pages one behind the other in the room the window leaves; one that needs more scrolls, no other does."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QScrollArea, QSizePolicy, QStackedWidget, QWidget


class Pages(QStackedWidget):
    """The pages; ``area`` is what stands in the window. A stack asks as much room as its widest page, seen or
    not, so one wide page would keep the window from being made smaller for all of them."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("scrolled")
        self.area = QScrollArea()
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidgetResizable(True)
        self.area.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.area.setWidget(self)
        self.currentChanged.connect(lambda _at: self.updateGeometry())
        if isinstance(app := QApplication.instance(), QApplication):
            app.focusChanged.connect(self._follow)

    def minimumSizeHint(self) -> QSize:
        """Ask the room of the page that is seen."""
        here = self.currentWidget()
        return here.minimumSizeHint() if here is not None else QSize(0, 0)

    def _follow(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Scroll to what takes the keys, wherever the page puts them."""
        bars = self.area.horizontalScrollBar(), self.area.verticalScrollBar()
        if now is not None and any(bar.maximum() for bar in bars) and self.isAncestorOf(now):
            self.area.ensureWidgetVisible(now)
