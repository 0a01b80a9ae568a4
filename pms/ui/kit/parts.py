"""The small parts every screen is put together from: labels, rows, cards, buttons, chips, badges, lamps."""

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QVBoxLayout,
    QWidget,
)

from pms.ui.kit import keys
from pms.ui.kit import theme as th

Al = Qt.AlignmentFlag
Item = None | int | QWidget | QLayout | tuple[QWidget | QLayout | None, int]
"""What a row holds: a stretch, a distance, a widget, a layout, or one of these with its stretch."""
Pad = tuple[int, int, int, int]


# ------------------------------------------------------------------ words and arrangement
def label(
    text: str = "",
    role: str = "body",
    tone: str = "",
    *,
    wrap: bool = False,
    align: Qt.AlignmentFlag | None = None,
) -> QLabel:
    """Make a plain-text label: role is its size, tone its meaning."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("role", role)
    made.setProperty("tone", tone)
    made.setFont(th.font(role if role in th.TYPE else "body"))
    made.setWordWrap(wrap)
    if align is not None:
        made.setAlignment(align)
    return made


def plain(text: str) -> str:
    """Return a text for a tool-tip, which Qt reads as markup when it looks like it: a name never is."""
    if "<" not in text and "&" not in text:
        return text
    return f"<span>{escape(text).replace(chr(10), '<br>')}</span>"


def set_tone(widget: QWidget, tone: str) -> None:
    """Change the meaning a widget is coloured by."""
    if widget.property("tone") != tone:
        widget.setProperty("tone", tone)
        restyle(widget)


def restyle(widget: QWidget) -> None:
    """Have the style sheet look at a widget's properties again."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


class Pic(QLabel):
    """An icon in a colour role."""

    def __init__(self, name: str, role: str = "muted", size: int = 18) -> None:
        super().__init__()
        self._role, self._size = role, size
        self.show_icon(name)

    def show_icon(self, name: str, role: str = "") -> None:
        """Show another icon, in another role if given."""
        self._role = role or self._role
        size = th.px(self._size)
        self.setPixmap(th.pixmap(name, th.now().ink(self._role), size, self.devicePixelRatioF()))
        self.setFixedSize(size, size)


def fill(layout: QHBoxLayout | QVBoxLayout, items: Sequence[Item]) -> None:
    """Put items into a row or column."""
    for item in items:
        thing, stretch = item if isinstance(item, tuple) else (item, 0)
        if thing is None:
            layout.addStretch(stretch or 1)
        elif isinstance(thing, int):
            layout.addSpacing(thing)
        elif isinstance(thing, QWidget):
            layout.addWidget(thing, stretch)
        else:
            layout.addLayout(thing, stretch)


def row(*items: Item, gap: int = 8, pad: Pad = (0, 0, 0, 0)) -> QHBoxLayout:
    """Lay items out from left to right; ``None`` is a stretch, a number a distance."""
    made = QHBoxLayout()
    made.setSpacing(gap)
    made.setContentsMargins(*pad)
    fill(made, items)
    return made


def col(*items: Item, gap: int = 8, pad: Pad = (0, 0, 0, 0)) -> QVBoxLayout:
    """Lay items out from top to bottom; ``None`` is a stretch, a number a distance."""
    made = QVBoxLayout()
    made.setSpacing(gap)
    made.setContentsMargins(*pad)
    fill(made, items)
    return made


def box(layout: QLayout) -> QWidget:
    """Make a bare widget around a layout."""
    made = QWidget()
    made.setLayout(layout)
    return made


def frame(name: str, layout: QLayout, tone: str = "") -> QFrame:
    """Make a frame of the style sheet: ``card``, ``well``, ``panel``, ``footer``, ``float``, ``note``."""
    made = QFrame()
    made.setObjectName(name)
    made.setProperty("tone", tone)
    made.setLayout(layout)
    return made


def card(*items: Item, title: str = "", gap: int = 8, pad: Pad = (16, 12, 16, 12)) -> QFrame:
    """Make a card, with its title."""
    head = [label(title, "title")] if title else []
    return frame("card", col(*head, *items, gap=gap, pad=pad))


def side_panel(*items: Item, width: int = 288, gap: int = 12) -> QFrame:
    """Make the panel at the right: looking at and doing one thing to the selected item."""
    made = frame("panel", col(*items, gap=gap, pad=(16, 16, 16, 16)))
    made.setFixedWidth(th.px(width))
    return made


def rule() -> QFrame:
    """Make a hairline."""
    made = QFrame()
    made.setObjectName("rule")
    return made


def scrolling(inner: QWidget) -> QScrollArea:
    """Let something taller than the window scroll."""
    made = QScrollArea()
    inner.setObjectName(inner.objectName() or "scrolled")
    made.setWidget(inner)
    made.setWidgetResizable(True)
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return made


def pairs(*items: tuple[str, str | QWidget | QLayout], width: int = 76, gap: int = 6) -> QGridLayout:
    """Lay facts out: the word muted at the left, the fact at the right."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(8)
    grid.setVerticalSpacing(gap)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setColumnMinimumWidth(0, th.px(width))
    for line, (word, fact) in enumerate(items):
        grid.addWidget(label(word, "muted"), line, 0, Al.AlignTop)
        if isinstance(fact, QLayout):
            grid.addLayout(fact, line, 1)
        else:
            grid.addWidget(label(fact, wrap=True) if isinstance(fact, str) else fact, line, 1)
    grid.setColumnStretch(1, 1)
    return grid


def heading(title: str, *items: Item) -> QHBoxLayout:
    """Make the head of a page: its name, then counts and buttons."""
    return row(label(title, "page"), *items, gap=12)


class Count(QWidget):
    """A figure with its word: 20 ready to sell."""

    def __init__(self, word: str, tone: str = "") -> None:
        super().__init__()
        self._figure = label("", "page", tone)
        self.setLayout(row(self._figure, label(word, "muted"), gap=4))

    def show_number(self, number: int | str, tone: str | None = None) -> None:
        """Show another number, and where it means something else now, another tone."""
        self._figure.setText(str(number))
        if tone is not None:
            set_tone(self._figure, tone)

    def number(self) -> str:
        """Return what is shown."""
        return self._figure.text()


def empty_out(layout: QLayout) -> None:
    """Remove and delete everything in a layout."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            empty_out(inner)
            inner.deleteLater()


# ------------------------------------------------------------------ painted by hand
def glyph(p: QPainter, name: str, colour: str, x: int, y: int, size: int = 14) -> None:
    """Paint an icon; ``size`` is in real pixels."""
    p.drawPixmap(QPoint(x, y), th.pixmap(name, colour, size, p.device().devicePixelRatio()))


def badge(p: QPainter, r: QRect, text: str, tone: str, sign: str = "", *, solid: bool = False) -> None:
    """Paint a word in a soft box with its glyph."""
    t, fm = th.now(), th.measure("meta", bold=True)
    ink = t.ink(tone)
    p.save()
    p.setRenderHint(QPainter.RenderHint.Antialiasing)
    p.setBrush(QColor(ink if solid else getattr(t, tone + "_soft", t.sunken)))
    p.setPen(QPen(QColor(ink), 1))
    p.drawRoundedRect(QRectF(r).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    front, size = t.surface if solid else ink, th.px(14)
    tight = bool(sign) and fm.horizontalAdvance(text) + size + 16 > r.width()
    x = r.x() + (4 if tight else 8)
    if sign:
        glyph(p, sign, front, x - 2, r.y() + (r.height() - size) // 2, size)
        x += size + 2
    p.setFont(th.font("meta", bold=True))
    p.setPen(QColor(front))
    p.drawText(QRect(x, r.y(), r.right() - x, r.height()), Al.AlignVCenter, text)
    p.restore()


class Badge(QWidget):
    """A fact: word in a soft box with its glyph; never colour alone, never clickable."""

    def __init__(self, text: str, tone: str, icon: str = "", *, solid: bool = False) -> None:
        super().__init__()
        self.text, self.tone, self.sign, self.solid = text, tone, icon, solid
        self.setAccessibleName(text)
        self.setFixedSize(badge_width(text, icon), th.px(22))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the badge."""
        p = QPainter(self)
        badge(p, self.rect(), self.text, self.tone, self.sign, solid=self.solid)


def badge_width(text: str, icon: str = "") -> int:
    """Return the width a badge needs."""
    return th.measure("meta", bold=True).horizontalAdvance(text) + 16 + (th.px(14) + 3 if icon else 0)


class Lamp(QWidget):
    """A device: its icon and a mark by shape: dot works, triangle trouble, ring off. The tool-tip says what
    to check."""

    def __init__(self, icon: str, state: str, tip: str) -> None:
        super().__init__()
        self.sign = icon
        self.setFixedSize(th.px(30), th.px(30))
        self.show_state(state, tip)

    def show_state(self, state: str, tip: str) -> None:
        """Show another state: ``ok``, ``bad`` or ``off``."""
        self.state = state
        self.setToolTip(plain(tip))
        self.setAccessibleName(tip)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint icon and mark."""
        p, t = QPainter(self), th.now()
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.scale(self.width() / 30, self.height() / 30)
        p.drawPixmap(
            QRect(3, 4, 20, 20),
            th.pixmap(
                self.sign, t.muted if self.state == "ok" else t.text, th.px(20), self.devicePixelRatioF()
            ),
        )
        p.setPen(QPen(QColor(t.surface), 2))
        if self.state == "ok":
            p.setBrush(QColor(t.good))
            p.drawEllipse(QRectF(18, 17, 10, 10))
        elif self.state == "off":
            p.setPen(QPen(QColor(t.muted), 2))
            p.setBrush(QColor(t.surface))
            p.drawEllipse(QRectF(19, 18, 8, 8))
        else:
            p.setBrush(QColor(t.bad))
            p.drawPolygon([QPoint(23, 15), QPoint(30, 28), QPoint(16, 28)])


class Button(QPushButton):
    """Icon, words and the key that does the same; ``count`` is a number on a chip or in the navigation."""

    def __init__(
        self,
        text: str,
        key: str = "",
        icon: str = "",
        kind: str = "",
        *,
        name: str = "",
        count: str = "",
        tone: str = "",
    ) -> None:
        super().__init__()
        self.words, self.key, self.sign, self.kind, self.count, self.tone = text, key, icon, kind, count, tone
        self.setProperty("kind", kind)
        if name:
            self.setObjectName(name)
        self.setAccessibleName(text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._slim = False
        if name == "navItem":
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def say(self, words: str = "", *, count: str | None = None, tone: str | None = None) -> None:
        """Change words, count or tone."""
        self.words = words or self.words
        self.count = self.count if count is None else count
        self.tone = self.tone if tone is None else tone
        self.setAccessibleName(f"{self.words} {self.count}".strip())
        self.updateGeometry()
        self.update()

    def be_slim(self, on: bool) -> None:
        """Paint the words alone where there is no room for more; the tooltip tells the key."""
        if on != self._slim:
            self._slim = on
            self.updateGeometry()
            self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Repaint for the hover look."""
        super().enterEvent(event)
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Show the hand only where pressing does something."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange:
            self.setCursor(
                Qt.CursorShape.PointingHandCursor if self.isEnabled() else Qt.CursorShape.ArrowCursor
            )

    def caps(self) -> tuple[str, ...]:
        """Return the keys that press it: its own, and F12 for the filled one."""
        if self._slim:
            return ()
        filled = (keys.PRIMARY,) if self.kind == "primary" and self.key != keys.PRIMARY else ()
        return (*filter(None, (self.key,)), *filled)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Press it with Enter as with Space while it has the keys; a chip leaves Enter to its form."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.isCheckable():
            if not event.isAutoRepeat():
                self.click()
            return
        super().keyPressEvent(event)

    def _chip(self) -> bool:
        return self.objectName() in ("chip", "tab")

    def _nav(self) -> bool:
        return self.objectName() == "navItem"

    def _slot(self) -> int:
        if not self.sign or (self._slim and self.words):
            return 0
        return th.px(18) + (4 if self._chip() else 8) if self.words else th.px(18)

    def _bold(self) -> bool:
        return self.kind == "primary" or (self.isCheckable() and self.isChecked())

    def _used(self, bold: bool) -> int:
        used = th.measure("strong" if bold else "body").horizontalAdvance(self.words) + self._slot()
        used += sum(th.measure("meta").horizontalAdvance(cap) + 20 for cap in self.caps())
        if self.count and not self._nav():
            used += th.measure("strong").horizontalAdvance(self.count) + 8
        return used

    def sizeHint(self) -> QSize:
        """Return the room the words, the icon and the cap need; a chip keeps its width when it turns bold."""
        width = self._used(self._bold() or self._chip()) + (20 if self._chip() else 24)
        return QSize(
            width,
            th.px(th.ROW["primary"] if self.kind == "primary" else 28 if self._chip() else th.ROW["button"]),
        )

    def minimumSizeHint(self) -> QSize:
        """Never let the words be cut."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the style's box, then icon, words, cap and count."""
        p, option = QStylePainter(self), QStyleOptionButton()
        self.initStyleOption(option)
        setattr(option, "text", "")  # noqa: B010  (the stub lacks the attribute's setter type)
        p.drawControl(QStyle.ControlElement.CE_PushButton, option)
        x = self._paint_words(p, self._ink())
        for cap in self.caps():
            x = self._paint_cap(p, x, cap, self._ink())
        if self.count:
            self._paint_count(p, x, self._ink())

    def _ink(self) -> str:
        t = th.now()
        if not self.isEnabled():
            return t.muted
        return {"primary": t.on_accent, "quiet": t.accent, "danger": t.bad}.get(self.kind, t.text)

    def _paint_words(self, p: QPainter, ink: str) -> int:
        t, bold, size = th.now(), self._bold(), th.px(18)
        x = 14 if self._nav() else max(8, (self.width() - self._used(bold)) // 2)
        if self._slot():
            tint = (
                (t.accent if self.isChecked() else t.muted)
                if self._nav()
                else t.ink(self.tone)
                if self.tone
                else ink
            )
            glyph(p, self.sign, tint, x, (self.height() - size) // 2, size)
            x += self._slot()
        p.setFont(th.font("strong" if bold else "body"))
        p.setPen(QColor(ink))
        p.drawText(QRect(x, 0, self.width() - x, self.height()), Al.AlignVCenter, self.words)
        return x + th.measure("strong" if bold else "body").horizontalAdvance(self.words) + 8

    def _paint_cap(self, p: QPainter, x: int, key: str, ink: str) -> int:
        t, fm, high = th.now(), th.measure("meta"), th.px(20)
        cap = QRect(x, (self.height() - high) // 2, fm.horizontalAdvance(key) + 12, high)
        p.setFont(th.font("meta"))
        p.setPen(QPen(QColor(ink if self.kind == "primary" else t.edge)))
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.drawRoundedRect(QRectF(cap).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        p.setPen(QColor(ink if self.kind == "primary" else t.muted))
        p.drawText(cap, Al.AlignCenter, key)
        return cap.right() + 8

    def _paint_count(self, p: QPainter, x: int, ink: str) -> None:
        t, nav = th.now(), self._nav()
        p.setFont(th.font("strong"))
        p.setPen(QColor(t.ink(self.tone) if self.tone else t.muted if nav else ink))
        if nav:
            edge = 12 if self.words else 4  # of a folded rail
            p.drawText(
                QRect(0, 0, self.width() - edge, self.height()), Al.AlignVCenter | Al.AlignRight, self.count
            )
        else:
            p.drawText(QRect(x, 0, self.width() - x, self.height()), Al.AlignVCenter, self.count)


def chip(text: str, number: str = "", icon: str = "", *, on: bool = False, tone: str = "") -> Button:
    """Make a chip: it filters or chooses, and carries its count."""
    made = Button(text, icon=icon, name="chip", count=number, tone=tone)
    made.setCheckable(True)
    made.setChecked(on)
    return made


def keycap(key: str) -> QWidget:
    """Make a small cap that names a key."""
    return Badge(key, "muted")


def hint(key: str, words: str) -> QHBoxLayout:
    """Make a cap with what the key does."""
    return row(keycap(key), label(words, "muted"), gap=4)
