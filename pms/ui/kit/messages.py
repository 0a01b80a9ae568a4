"""What the program says, in place and never in the way: refusals, trouble, good news."""

import re
from collections.abc import Callable
from time import monotonic

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from pms.core.errors import Conflict, DeviceTrouble
from pms.core.i18n import _
from pms.ui.kit import theme as th
from pms.ui.kit.parts import Button, Item, Pic, box, col, empty_out, fill, frame, label, row

ICONS = {"bad": "alert", "warn": "alert", "good": "check", "info": "chevron-right"}
FRESH = 1.0
"""Seconds in which what was said belongs to the page that follows."""
Remedy = tuple[str, Callable[[], object]]
"""The words of a button and what it does."""


def split(text: str) -> tuple[str, str]:
    """Return a message as its first sentence and the rest."""
    first, rest = [*re.split(r"(?<=[。！？])|(?<=[.!?])\s+", text.strip(), maxsplit=1), ""][:2]
    return (first.rstrip("。.") if rest else first), rest.strip()


def note(
    tone: str,
    title: str,
    text: str = "",
    *more: Item,
    icon: str = "",
    beside: tuple[Item, ...] = (),
    door: QWidget | None = None,
) -> QFrame:
    """Make a coloured note: a bold line with what stands beside it, an explanation, what to do; ``door``
    stands at its right."""
    body = col(
        row(label(title, "strong"), *beside, gap=8) if beside else label(title, "strong", wrap=True), gap=2
    )
    if text:
        body.addWidget(label(text, wrap=True))
    fill(body, more)
    ink = "accent" if tone == "info" else tone
    holder, sign = box(body), Pic(icon or ICONS[tone], ink)
    # beside a button the words stand in the middle, and the sign with them
    placed = col(None, sign, None) if door is not None else col(sign, None, pad=(0, 2, 0, 0))
    return frame(
        "note",
        row(
            placed,
            (holder, 1),
            *([door] if door is not None else []),
            gap=8,
            pad=(10, 8, 8, 8),
        ),
        tone,
    )


class Notes(QWidget):
    """The place of a screen where it speaks; holds one note at a time and takes no room when silent."""

    said = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, slim: bool = False) -> None:
        """``slim`` is one line, its buttons at its right: above a page every line is taken from the page."""
        super().__init__(parent)
        self._slim = slim
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self.text, self.tone, self.why, self._at = "", "", "", 0.0
        self.hide()

    def refuse(self, why: str | Exception, *remedies: Remedy) -> None:
        """Say that it cannot be done: what, why, what to do, and the button that does it."""
        tone, icon = _manner(why)
        self._say(tone, *split(str(why)), remedies=remedies, icon=icon)
        self.why = str(why)

    def warn(self, text: str, *remedies: Remedy, icon: str = "alert") -> None:
        """Say what needs attention though the work is kept."""
        self._say("warn", *split(text), remedies=remedies, icon=icon)

    def good(self, text: str, *remedies: Remedy) -> None:
        """Say in one green line that it is done."""
        self._say("good", text, remedies=remedies)

    def inform(self, text: str, *remedies: Remedy, icon: str = "") -> None:
        """Say something worth knowing."""
        self._say("info", *split(text), remedies=remedies, icon=icon)

    def clear(self) -> None:
        """Fall silent."""
        self.text = self.tone = self.why = ""
        empty_out(self._layout)
        self.hide()

    def turn(self) -> None:
        """Fall silent on another page, but for what has been said just now."""
        if self.text and monotonic() - self._at > FRESH:
            self.clear()

    def _say(
        self, tone: str, title: str, text: str = "", *, remedies: tuple[Remedy, ...] = (), icon: str = ""
    ) -> None:
        self.clear()
        self.text, self.tone, self._at = f"{title} {text}".strip(), tone, monotonic()
        buttons = [self._remedy(*remedy) for remedy in remedies]
        if self._slim:
            made = note(tone, title, icon=icon, beside=(*([label(text)] if text else []), None, *buttons))
        else:
            below = [row(*buttons, None, gap=8, pad=(0, 4, 0, 0))] if buttons else []
            made = note(tone, title, text, *below, icon=icon)
        layout = made.layout()
        assert layout is not None
        close = Button("", icon="close", kind="quiet")
        close.setAccessibleName(_("Close the message"))
        close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        close.setFixedSize(th.px(24), th.px(24))
        close.setStyleSheet("QPushButton { min-height: 20px; padding: 0; }")
        close.clicked.connect(self.clear)
        layout.addWidget(close)
        layout.setAlignment(close, Qt.AlignmentFlag.AlignTop)
        self._layout.addWidget(made)
        self.show()
        self.said.emit(self.text)

    def _remedy(self, words: str, action: Callable[[], object]) -> Button:
        made = Button(words)
        made.clicked.connect(lambda _on=False: action())
        return made


def _manner(why: str | Exception) -> tuple[str, str]:
    if isinstance(why, DeviceTrouble):
        return "warn", "printer"
    if isinstance(why, Conflict):
        return "warn", "users"
    return "bad", "alert"
