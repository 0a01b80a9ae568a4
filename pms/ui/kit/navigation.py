"""The list at the left: the duties in their groups, each with its count of open things."""

from collections.abc import Collection, Sequence
from typing import Protocol

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QLabel, QWidget

from pms.core.i18n import _
from pms.ui.kit import theme as th
from pms.ui.kit.parts import Button, box, col, label, plain, scrolling

LOOSE, TIGHT = 34, 23
"""Heights of an entry where there is room, and at least."""
HEAD, GAP = 20, 6
"""Heights of a group's name at least, and of the gap that stands for it where there is no room for names."""


class Entry(Protocol):
    """What the navigation needs of a row of the index."""

    @property
    def word(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def group(self) -> str: ...
    @property
    def icon(self) -> str: ...
    @property
    def key(self) -> str: ...


class Foot(Protocol):
    """What stands under the entries and takes the height that they leave."""

    def fit(self, height: int) -> None: ...
    def height(self) -> int: ...


class Navigation(QFrame):
    """Duties with a group stand under it; those without stand at the bottom. A low window moves them closer,
    then leaves the groups' names out, before it scrolls."""

    wanted = Signal(str)

    def __init__(self, duties: Sequence[Entry], width: int) -> None:
        super().__init__()
        self.setObjectName("nav")
        self.setFixedWidth(width)
        self.items: dict[str, Button] = {}
        self._group = QButtonGroup(self)
        self._heads: dict[QLabel, str] = {}
        self._groups: dict[QLabel, list[str]] = {}
        lines = col(gap=0, pad=(0, 4, 0, 4))
        for group in dict.fromkeys(d.group for d in duties if d.group):
            head = label(_(group), "meta")
            head.setContentsMargins(16, 4, 0, 0)
            self._heads[head] = _(group)
            self._groups[head] = [d.word for d in duties if d.group == group]
            lines.addWidget(head)
            for duty in (d for d in duties if d.group == group):
                lines.addWidget(self._item(duty))
        lines.addStretch(1)
        for duty in (d for d in duties if not d.group):
            lines.addWidget(self._item(duty))
        self._foot: Foot | None = None
        self._column = col((scrolling(box(lines)), 1), gap=0)
        self.setLayout(self._column)

    def _item(self, duty: Entry) -> Button:
        made = Button(_(duty.title), icon=duty.icon, name="navItem")
        made.setCheckable(True)
        made.setToolTip(plain(f"{_(duty.title)}  {duty.key}".strip()))
        made.clicked.connect(lambda _on=False, word=duty.word: self.wanted.emit(word))
        self.items[duty.word] = made
        self._group.addButton(made)
        return made

    def set_foot(self, foot: QWidget) -> None:
        """Put something under the entries; it has a ``fit``, and its height is asked for each time."""
        self._foot = foot  # type: ignore[assignment]
        self._column.addWidget(foot)

    def share(self) -> None:
        """Share the height out anew, for what stands under the entries has changed."""
        self._share()

    def show_only(self, words: Collection[str]) -> None:
        """Show the duties that the person at work may open, and the groups that have any."""
        for word, item in self.items.items():
            item.setVisible(word in words)
        for head, group in self._groups.items():
            head.setVisible(any(word in words for word in group))
        self._share()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the height out among the entries."""
        super().resizeEvent(event)
        self._share()

    def _share(self) -> None:
        seen = sum(not item.isHidden() for item in self.items.values())
        heads, room = max(sum(not head.isHidden() for head in self._heads), 1), self.height() - 8
        if self._foot is not None:
            self._foot.fit(room - seen * th.px(TIGHT) - heads * th.px(GAP))
            room -= self._foot.height()
        named = room - heads * th.px(HEAD) >= seen * th.px(TIGHT)
        low = th.px(HEAD if named else GAP)
        high = (room - heads * low) // max(seen, 1)
        for item in self.items.values():
            item.setFixedHeight(min(max(high, th.px(TIGHT)), th.px(LOOSE)))
        left = room - sum(item.height() for item in self.items.values() if not item.isHidden())
        for head, words in self._heads.items():
            head.setText(words if named else "")
            head.setFixedHeight(min(max(left // heads, low), th.px(30)))

    def show_current(self, word: str) -> None:
        """Mark where one is."""
        if word in self.items:
            self.items[word].setChecked(True)
        elif (held := self._group.checkedButton()) is not None:
            self._group.setExclusive(False)
            held.setChecked(False)
            self._group.setExclusive(True)

    def show_count(self, word: str, count: int, tone: str = "") -> None:
        """Show how many open things a duty has; none is not shown."""
        if word in self.items:
            self.items[word].say(count=str(count) if count else "", tone=tone)
