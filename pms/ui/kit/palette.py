"""Ctrl+K: everything the program can do now, found by a few letters."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from pms.core.i18n import LANGUAGES, N_, _, translated
from pms.core.names import search_text
from pms.ui.kit import theme as th
from pms.ui.kit.empty import Empty
from pms.ui.kit.parts import Pic, col, frame, row
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table

NEVER: Mapping[str, int] = MappingProxyType({})
STEPS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


@dataclass(frozen=True)
class Entry:
    """One line of the palette; ``reason`` says why it cannot be done now, ``word`` under which is counted how
    often it was chosen."""

    words: str
    place: str
    key: str
    do: Callable[[], object]
    reason: str = ""
    also: tuple[str, ...] = ()
    """Other words it is found by."""
    word: str = ""

    def names(self) -> tuple[str, ...]:
        """Return everything it is called, and the pinyin of what is Chinese."""
        said = (self.words, *self.also)
        return tuple(
            name.casefold() for name in (*said, *(part for name in said for part in spelled(name).split()))
        )


def in_every_language(*words: str) -> tuple[str, ...]:
    """Return words in English and in every other language; several in one text are parted by commas."""
    told = [said for text in words for said in (text, *(translated(text, code) for code in LANGUAGES))]
    return tuple(dict.fromkeys(part.strip() for text in told for part in re.split("[,\uff0c]", text) if part))


def matches(entry: Entry, typed: str) -> bool:
    """Say whether every typed word is part of what the entry is called or of its place, or begins the
    pinyin or the initials of it."""
    text = f"{entry.words} {entry.place} {' '.join(entry.also)}".casefold()
    spelt = "".join(spelled(name) for name in (entry.words, *entry.also))
    return all(word in text or f" {word}" in spelt for word in typed.casefold().split())


@cache
def spelled(words: str) -> str:
    """Return the pinyin and the initials of Chinese words, nothing for others."""
    return search_text(words) if any(sign >= "\u3400" for sign in words) else ""


def ranked(entries: Sequence[Entry], typed: str, chosen: Mapping[str, int] = NEVER) -> list[Entry]:
    """Return the entries that match: first what is called just that, then what begins with what was typed, in
    any language. Among them stands first what the clerk has ``chosen`` most, then what begins so by its
    title, then the given order: the role's own places come first."""
    start = typed.strip().casefold()

    def rank(entry: Entry) -> tuple[bool, bool, int, bool]:
        names = entry.names()
        begun = [name.startswith(start) for name in names]
        return start not in names, not any(begun), -chosen.get(entry.word, 0), not begun[0]

    return sorted((e for e in entries if matches(e, typed)), key=rank)


COLUMNS = (
    Column("", lambda e: e.words, sub=lambda e: e.reason, tone=lambda e: "muted" if e.reason else ""),
    Column("", lambda e: e.place, width=120, tone=lambda _e: "muted"),
    Column("", lambda e: e.key, "badge", width=112, tone=lambda _e: "muted"),
)


class Palette(QDialog):
    """Type, choose, Enter."""

    TITLE = N_("Find anything")

    def __init__(
        self,
        entries: Sequence[Entry],
        parent: QWidget,
        chosen: Mapping[str, int] = NEVER,
        count: Callable[[str], object] | None = None,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setWindowTitle(_(self.TITLE))
        self.entries, self.chosen, self.count = list(entries), chosen, count
        self.line = QLineEdit()
        self.line.setPlaceholderText(_("What do you want to do?"))
        self.line.setAccessibleName(_("What do you want to do?"))
        self.list = Table(COLUMNS, key=lambda e: (e.place, e.words))
        self.list.horizontalHeader().hide()
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.set_empty(Empty("search", _("Nothing of that name.")))
        inner = col(
            row(Pic("command"), (self.line, 1), gap=8, pad=(12, 12, 12, 8)),
            (self.list, 1),
            gap=0,
            pad=(1, 1, 1, 8),
        )
        self.setLayout(col(frame("float", inner), gap=0))
        self.line.textChanged.connect(self._filter)
        self.line.installEventFilter(self)
        self.list.chosen.connect(self._do)
        self.list.clicked.connect(lambda index: self._do(self.list.rows.row(index)))
        self.resize(th.px(560), th.px(420))
        self._filter("")

    def show_over(self, window: QWidget) -> None:
        """Open in the upper middle of the window."""
        corner = window.mapToGlobal(QPoint((window.width() - self.width()) // 2, th.px(72)))
        self.move(corner)
        self.show()
        self.line.setFocus()

    def _filter(self, typed: str) -> None:
        self.list.show_rows(ranked(self.entries, typed, self.chosen))
        self.list.selectRow(0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move in the list and choose while the cursor stays in the line."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in STEPS:
                self.list.keyPressEvent(event)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._do(self.list.row())
                return True
        return super().eventFilter(watched, event)

    def _do(self, entry: Entry | None) -> None:
        if entry is not None:
            self.accept()
            entry.do()
            if self.count and entry.word:
                self.count(entry.word)
