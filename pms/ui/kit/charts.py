"""Charts a manager can read and click through: bars by day with last year's outline and the budget's line,
and bars lying down."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Any

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from pms.ui.kit import theme as th

Al = Qt.AlignmentFlag
TICKS = 4
LEFT, TOP, BOTTOM, ONE_LINE = 64, 12, 40, 24


@dataclass(frozen=True)
class Bar:
    """One bar: its label, what it stands for, its value, and what it is compared with (None where nothing is
    known); ``shaded`` has a ground of its own, as a weekend."""

    label: str
    key: Any
    value: int | None
    before: int | None = None
    target: int | None = None
    sub: str = ""
    shaded: bool = False


def nice_top(largest: int) -> int:
    """Return a round number not below the largest value, so that the lines across stand at readable
    figures."""
    if largest <= 0:
        return TICKS
    step = largest / TICKS
    power = 10 ** floor(log10(step)) if step >= 1 else 1
    return next(
        TICKS * ceil(power * factor) for factor in (1, 2, 2.5, 5, 10) if TICKS * power * factor >= largest
    )


class BarChart(QWidget):
    """Standing bars. ``picked`` tells the bar in hand, ``chosen`` the one opened with Enter or a double
    click."""

    picked = Signal(object)
    chosen = Signal(object)

    def __init__(self, write: Callable[[int | None], str]) -> None:
        super().__init__()
        self.write = write
        self.bars: list[Bar] = []
        self.at, self._least_top = -1, 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def minimumSizeHint(self) -> QSize:
        """Ask for no more than a few bars need."""
        return QSize(th.px(120), th.px(80))

    def sizeHint(self) -> QSize:
        """Return a size at which a month's bars can be told apart."""
        return QSize(th.px(640), th.px(260))

    def show_bars(
        self, bars: Sequence[Bar], write: Callable[[int | None], str] | None = None, least_top: int = 0
    ) -> None:
        """Show these bars; the one in hand stays in hand where it is still there. The scale reaches to
        ``least_top`` at the least."""
        self._least_top = least_top
        held = bar.key if (bar := self.bar()) else None
        self.bars = list(bars)
        self.write = write or self.write
        self.at = next((i for i, b in enumerate(self.bars) if b.key == held), -1)
        self.setAccessibleDescription("; ".join(f"{b.label} {self.write(b.value)}" for b in self.bars))
        self.update()

    def bar(self) -> Bar | None:
        """Return the bar in hand."""
        return self.bars[self.at] if 0 <= self.at < len(self.bars) else None

    def _plot(self) -> QRect:
        below = th.px(BOTTOM if any(b.sub for b in self.bars) else ONE_LINE)
        return QRect(
            th.px(LEFT),
            th.px(TOP),
            max(self.width() - th.px(LEFT) - 8, 1),
            max(self.height() - th.px(TOP) - below, 1),
        )

    def _top(self) -> int:
        seen = (v for b in self.bars for v in (b.value, b.before, b.target) if v is not None)
        return nice_top(max(max(seen, default=0), self._least_top))

    def place(self, at: int) -> QRectF:
        """Return where a bar's column stands."""
        plot = self._plot()
        wide = plot.width() / max(len(self.bars), 1)
        return QRectF(plot.x() + at * wide, plot.y(), wide, plot.height())

    # -------------------------------------------------------------- painting
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint lines across, bars, what they are compared with, and their labels."""
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        t, top, plot = th.now(), self._top(), self._plot()
        shade = t.bg if t.bg != t.surface else t.block_soft  # the contrast theme has one ground for all
        for at, bar in enumerate(self.bars):
            if bar.shaded or at == self.at:
                p.fillRect(self.place(at), QColor(t.accent_soft if at == self.at else shade))
        self._grid(p, plot, top)
        for at, bar in enumerate(self.bars):
            self._bar(p, at, bar, top)
        self._targets(p, top)
        self._labels(p)

    def _y(self, value: int, top: int) -> float:
        plot = self._plot()
        return plot.bottom() - max(value, 0) * plot.height() / top

    def _grid(self, p: QPainter, plot: QRect, top: int) -> None:
        t = th.now()
        p.setFont(th.font("meta"))
        close = plot.height() < TICKS * th.px(18)  # figures that would stand on one another
        for tick in range(0, TICKS + 1, TICKS if close else 1):
            y = round(self._y(top * tick // TICKS, top))
            p.setPen(QPen(QColor(t.edge if tick == 0 else t.line)))
            p.drawLine(plot.left(), y, plot.right(), y)
            p.setPen(QColor(t.muted))
            p.drawText(
                QRect(0, y - 10, th.px(LEFT) - 8, 20),
                Al.AlignRight | Al.AlignVCenter,
                self.write(top * tick // TICKS),
            )

    def _bar(self, p: QPainter, at: int, bar: Bar, top: int) -> None:
        t, column = th.now(), self.place(at)
        gap = min(4.0, column.width() / 6)
        if bar.value is not None:
            y = self._y(bar.value, top)
            p.fillRect(
                QRectF(column.x() + gap, y, column.width() - 2 * gap, self._plot().bottom() - y),
                QColor(t.accent),
            )
        if bar.before is not None:
            y = self._y(bar.before, top)
            p.setPen(QPen(QColor(t.text), 2))
            p.drawLine(QPointF(column.x() + gap / 2, y), QPointF(column.right() - gap / 2, y))

    def _targets(self, p: QPainter, top: int) -> None:
        pen = QPen(QColor(th.now().expect), 2, Qt.PenStyle.DashLine)
        for at, bar in enumerate(self.bars):
            if bar.target is not None:
                p.setPen(pen)
                column, y = self.place(at), self._y(bar.target, top)
                p.drawLine(QPointF(column.x(), y), QPointF(column.right(), y))

    def _labels(self, p: QPainter) -> None:
        t, fm = th.now(), th.measure("meta")
        widest = (
            max((fm.horizontalAdvance(words) for b in self.bars for words in (b.label, b.sub)), default=0) + 8
        )
        every = max(1, ceil(widest / max(self.place(0).width(), 1))) if self.bars else 1
        for at, bar in enumerate(self.bars):
            if at % every == 0 or at == self.at:
                column = self.place(at)
                box = QRectF(column.center().x() - 40, self._plot().bottom() + 4, 80, th.px(18))
                p.setFont(th.font("meta", bold=at == self.at))
                p.setPen(QColor(t.text if at == self.at else t.muted))
                p.drawText(box, Al.AlignHCenter | Al.AlignTop, bar.label)
                p.drawText(box.translated(0, th.px(16)), Al.AlignHCenter | Al.AlignTop, bar.sub)

    # -------------------------------------------------------------- in hand
    def pick(self, at: int) -> None:
        """Take a bar in hand."""
        if 0 <= at < len(self.bars) and at != self.at:
            self.at = at
            self.update()
            self.picked.emit(self.bars[at])

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Take the last bar in hand where none is."""
        super().focusInEvent(event)
        if self.at < 0:
            self.pick(
                max((i for i, b in enumerate(self.bars) if b.value is not None), default=len(self.bars) - 1)
            )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step with the arrows, open with Enter."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is not None:
            self.pick(self.at + step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.bar():
            self.chosen.emit(self.bar())
        else:
            super().keyPressEvent(event)

    def _under(self, event: QMouseEvent) -> int:
        return next((i for i in range(len(self.bars)) if self.place(i).contains(event.position())), -1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the bar under the mouse in hand."""
        super().mousePressEvent(event)
        self.pick(self._under(event))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the bar under the mouse."""
        if (at := self._under(event)) >= 0:
            self.chosen.emit(self.bars[at])


class LyingBars(QWidget):
    """A few named shares, the largest first, each with its figure; Enter or a click opens what is behind
    one."""

    chosen = Signal(object)

    def __init__(self, write: Callable[[int | None], str]) -> None:
        super().__init__()
        self.write = write
        self.bars: list[Bar] = []
        self.at = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_bars(self, bars: Sequence[Bar]) -> None:
        """Show these shares."""
        self.bars = list(bars)
        self.at = min(self.at, max(len(self.bars) - 1, 0))
        self.setMinimumHeight(th.px(24) * max(len(self.bars), 1))
        self.setAccessibleDescription("; ".join(f"{b.label} {self.write(b.value)}" for b in self.bars))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint name, bar and figure of each."""
        p, t = QPainter(self), th.now()
        fm, high = th.measure("meta"), th.px(24)
        figures = max((fm.horizontalAdvance(self.write(b.value)) for b in self.bars), default=0) + 8
        names = min(
            max((fm.horizontalAdvance(b.label) for b in self.bars), default=0) + 12,
            self.width() - figures - th.px(24),
        )
        room, most = self.width() - names - figures, max((b.value or 0 for b in self.bars), default=0)
        p.setFont(th.font("meta"))
        for at, bar in enumerate(self.bars):
            y = at * high
            if at == self.at and self.hasFocus():
                p.fillRect(QRect(0, y, self.width(), high), QColor(t.accent_soft))
            p.setPen(QColor(t.text))
            p.drawText(
                QRect(0, y, names - 8, high),
                Al.AlignVCenter,
                fm.elidedText(bar.label, Qt.TextElideMode.ElideRight, names - 8),
            )
            wide = round(room * max(bar.value or 0, 0) / most) if most > 0 else 0
            p.fillRect(QRect(names, y + 6, max(wide, 1), high - 12), QColor(t.accent))
            p.drawText(
                QRect(names + wide, y, figures, high), Al.AlignVCenter | Al.AlignRight, self.write(bar.value)
            )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step with the arrows, open with Enter."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is not None and self.bars:
            self.at = max(0, min(self.at + step, len(self.bars) - 1))
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.bars:
            self.chosen.emit(self.bars[self.at])
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Open the share under the mouse."""
        super().mousePressEvent(event)
        at = int(event.position().y()) // th.px(24)
        if 0 <= at < len(self.bars):
            self.at = at
            self.update()
            self.chosen.emit(self.bars[at])
