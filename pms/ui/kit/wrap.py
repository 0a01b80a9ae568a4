"""A row that breaks into lines where the window is too narrow for it: chips, and the fields of a form at 130
%."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class Wrap(QLayout):
    """Lays widgets out from left to right and goes on in the next line; each keeps the size it asks for."""

    def __init__(self, *widgets: QWidget, gap: int = 8) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(gap)
        for widget in widgets:
            self.addWidget(widget)

    def addItem(self, item: QLayoutItem) -> None:
        """Take an item at the end."""
        self._items.append(item)

    def count(self) -> int:
        """Return the number of items."""
        return len(self._items)

    def itemAt(self, at: int) -> QLayoutItem | None:
        """Return an item, None beyond the last."""
        return self._items[at] if 0 <= at < len(self._items) else None

    def takeAt(self, at: int) -> QLayoutItem | None:
        """Remove an item and return it."""
        return self._items.pop(at) if 0 <= at < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Ask for no more room than the widgets need."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Say that the height follows from the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of the lines at a width."""
        return self._lay(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        """Place the widgets."""
        super().setGeometry(rect)
        self._lay(rect, move=True)

    def sizeHint(self) -> QSize:
        """Return the room that one line needs."""
        sizes = [item.sizeHint() for item in self._seen()]
        return QSize(
            sum(s.width() for s in sizes) + self.spacing() * max(len(sizes) - 1, 0),
            max((s.height() for s in sizes), default=0),
        )

    def minimumSize(self) -> QSize:
        """Return the room of the widest widget."""
        sizes = [item.sizeHint() for item in self._seen()]
        return QSize(max((s.width() for s in sizes), default=0), max((s.height() for s in sizes), default=0))

    def _seen(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _lay(self, rect: QRect, *, move: bool) -> int:
        """Go through the lines and return how high they are together."""
        x, y, high = rect.x(), rect.y(), 0
        for item in self._seen():
            size = item.sizeHint()
            if x > rect.x() and x + size.width() > rect.right() + 1:
                x, y, high = rect.x(), y + high + self.spacing(), 0
            if move:
                item.setGeometry(QRect(QPoint(x, y), size))
            x, high = x + size.width() + self.spacing(), max(high, size.height())
        return y + high - rect.y()


class Head(QLayout):
    """Lays tabs out with what stands at their right. The second widget gives way down to ``least``; where the
    tabs would still break, the line that takes less height is chosen: beside them, or under them."""

    def __init__(self, tabs: QWidget, finder: QWidget, tools: QWidget, *, least: int, most: int) -> None:
        super().__init__()
        self._least, self._most = least, most
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(8)
        for widget in (tabs, finder, tools):
            self.addWidget(widget)

    def addItem(self, item: QLayoutItem) -> None:
        """Take an item at the end."""
        self._items.append(item)

    def count(self) -> int:
        """Return the number of items."""
        return len(self._items)

    def itemAt(self, at: int) -> QLayoutItem | None:
        """Return an item, None beyond the last."""
        return self._items[at] if 0 <= at < len(self._items) else None

    def takeAt(self, at: int) -> QLayoutItem | None:
        """Remove an item and return it."""
        return self._items.pop(at) if 0 <= at < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Take the width that is there."""
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:
        """Say that the height follows from the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height at a width."""
        return self._lay(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        """Place the three."""
        super().setGeometry(rect)
        self._lay(rect, move=True)

    def sizeHint(self) -> QSize:
        """Return the room of one line."""
        tabs, right = self._tabs(), self._right(self._most)
        return QSize(tabs.width() + self.spacing() + right, max(tabs.height(), self._high()))

    def minimumSize(self) -> QSize:
        """Return the room of the widest part."""
        tabs = self._items[0].minimumSize() if self._shown() else QSize(0, 0)
        return QSize(max(tabs.width(), self._right(self._least)), self._high())

    def _shown(self) -> bool:
        return not self._items[0].isEmpty()

    def _tabs(self) -> QSize:
        return self._items[0].sizeHint() if self._shown() else QSize(0, 0)

    def _right(self, finder: int) -> int:
        return finder + self.spacing() + self._items[2].sizeHint().width()

    def _high(self) -> int:
        return max(item.sizeHint().height() for item in self._items[1:])

    def _tabs_high(self, width: int) -> int:
        return self._items[0].heightForWidth(width) if self._shown() else 0

    def _lay(self, rect: QRect, *, move: bool) -> int:
        """Choose, place and return the height."""
        gap, high = self.spacing(), self._high()
        left = rect.width() - self._tabs().width() - 2 * gap - self._items[2].sizeHint().width()
        finder = max(min(left, self._most), self._least)
        beside = rect.width() - self._right(finder) - gap
        broken = left < self._least
        under = self._tabs_high(rect.width()) + gap + high
        stacked = broken and self._tabs_high(beside) > under
        tabs = self._tabs_high(rect.width() if stacked else beside)
        if move:
            top = rect.y() + (tabs + gap if stacked else 0)
            self._items[0].setGeometry(
                QRect(rect.x(), rect.y(), rect.width() if stacked else beside, max(tabs, 0))
            )
            self._place(rect, top, high, min(self._most, rect.width()) if stacked else finder)
        return tabs + gap + high if stacked else max(tabs, high)

    def _place(self, rect: QRect, top: int, high: int, finder: int) -> None:
        tools = self._items[2].sizeHint()
        x = rect.right() + 1 - tools.width()
        self._items[2].setGeometry(QRect(QPoint(x, top), QSize(tools.width(), high)))
        width = min(finder, x - self.spacing() - rect.x())
        self._items[1].setGeometry(QRect(x - self.spacing() - width, top, width, high))
