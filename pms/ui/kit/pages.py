"""Pages one behind the other in the room the window leaves; one that is too wide scrolls, no other does."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QSizePolicy, QStackedWidget, QWidget


class Pages(QStackedWidget):
    """The pages; ``area`` is what stands in the window."""

    def __init__(self) -> None:
        super().__init__()
        self._room = _Room(self)
        self.area = QScrollArea()
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidgetResizable(True)
        self.area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.area.setWidget(self._room)
        self.currentChanged.connect(lambda _at: self._room.updateGeometry())
        if isinstance(app := QApplication.instance(), QApplication):
            app.focusChanged.connect(self._follow)

    def _follow(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Scroll to what takes the keys, wherever the page puts them."""
        if now is not None and self.area.horizontalScrollBar().maximum() and self.isAncestorOf(now):
            self.area.ensureWidgetVisible(now)


class _Room(QWidget):
    """Asks for the width of the page that is seen. The stack would ask for its widest page, seen or not, and
    for the height that the pages would like; a page fits its height by what scrolls within it."""

    def __init__(self, pages: QStackedWidget) -> None:
        super().__init__()
        self.setObjectName("scrolled")
        self._pages = pages
        pages.setParent(self)

    def minimumSizeHint(self) -> QSize:
        """Return the width that the page needs."""
        here = self._pages.currentWidget()
        return QSize(here.minimumSizeHint().width() if here is not None else 0, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the pages all the room."""
        super().resizeEvent(event)
        self._pages.setGeometry(self.rect())
