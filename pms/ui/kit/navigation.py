"""The rail at the left, the places in the role's order, and the tabs of a place above its pages."""

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QWidget

from pms.core.i18n import N_, _
from pms.core.places import Place
from pms.ui.kit import theme as th
from pms.ui.kit.parts import Button, Pad, box, col, plain, row, scrolling
from pms.ui.kit.tabs import Tabs

LOOSE, TIGHT = 36, 26
"""Heights of an entry where there is room, and at least."""
FOLDED = 56
"""Width of the rail that shows icons alone."""
FOLD, UNFOLD = N_("Fold the navigation"), N_("Unfold the navigation")


class Foot(Protocol):
    """What stands under the entries and takes the height that they leave."""

    def fit(self, height: int) -> None: ...
    def height(self) -> int: ...


class Tab(Protocol):
    """What the tabs need of a duty's row."""

    @property
    def word(self) -> str: ...
    @property
    def title(self) -> str: ...


class Navigation(QFrame):
    """The entries by place; ``set_foot`` takes what stands under them. ``folding`` tells that the person at
    work has folded or unfolded the rail."""

    wanted = Signal(str)
    folding = Signal(bool)

    def __init__(self, places: Sequence[Place], width: int, *, folded: bool = False) -> None:
        super().__init__()
        self.setObjectName("nav")
        self.items: dict[str, Button] = {}
        self._wide, self._folded, self._narrow = width, folded, False
        self._titles: dict[str, str] = {}
        self._keys = {place.word: place.key for place in places}
        self._group = QButtonGroup(self)
        self._lines = col(gap=0)
        for place in places:
            self._lines.addWidget(self._item(place))
        self._foot: Foot | None = None
        self.toggle = Button("", name="navItem")
        self.toggle.clicked.connect(self._toggle)
        inner = box(col(self._lines, None, gap=0, pad=(0, 4, 0, 4)))
        self._column = col((scrolling(inner), 1), self.toggle, gap=0)
        self.setLayout(self._column)
        self._dress()

    def _item(self, place: Place) -> Button:
        made = Button(_(place.title), icon=place.icon, name="navItem")
        made.setCheckable(True)
        made.clicked.connect(lambda _on=False, word=place.word: self.wanted.emit(word))
        self.items[place.word] = made
        self._titles[place.word] = _(place.title)
        self._group.addButton(made)
        return made

    # -------------------------------------------------------------- which entries, in which order
    def show_places(self, titles: dict[str, str]) -> None:
        """Show these places in this order, under these names; the others are hidden."""
        for word, item in self.items.items():
            item.setVisible(word in titles)
        for at, (word, title) in enumerate(titles.items()):
            self._titles[word] = title
            self._lines.removeWidget(self.items[word])
            self._lines.insertWidget(at, self.items[word])
        for before, after in zip(list(titles), list(titles)[1:], strict=False):
            QWidget.setTabOrder(self.items[before], self.items[after])
        self._dress()

    def set_foot(self, foot: QWidget) -> None:
        """Put something under the entries; it has a ``fit``, and its height is asked for each time."""
        self._foot = foot  # type: ignore[assignment]
        self._column.insertWidget(1, foot)

    def share(self) -> None:
        """Share the height out anew, for what stands under the entries has changed."""
        self._share()

    def show_current(self, word: str) -> None:
        """Mark the place one is in."""
        if word in self.items:
            self.items[word].setChecked(True)
        elif (held := self._group.checkedButton()) is not None:
            self._group.setExclusive(False)
            held.setChecked(False)
            self._group.setExclusive(True)

    def show_count(self, word: str, count: int, tone: str = "") -> None:
        """Show how many open things wait in a place; none is not shown."""
        if word in self.items:
            self.items[word].say(count=str(count) if count else "", tone=tone)
            self._name(word)

    def _name(self, word: str) -> None:
        """Name an entry for whoever hears it, and for whoever sees the icon alone."""
        item, title = self.items[word], self._titles[word]
        item.setAccessibleName(f"{title} {item.count}".strip())
        item.setToolTip(plain(f"{title}  {self._keys[word]}"))

    # -------------------------------------------------------------- folded to its icons
    @property
    def folded(self) -> bool:
        """Say whether only the icons are seen."""
        return self._folded or self._narrow

    def show_narrow(self, narrow: bool) -> None:
        """Fold by itself in a narrow window, whatever the person at work has chosen for a wide one."""
        if narrow != self._narrow:
            self._narrow = narrow
            self._dress()

    def _toggle(self) -> None:
        self._folded = not self._folded
        self._dress()
        self.folding.emit(self._folded)

    def _dress(self) -> None:
        self.setFixedWidth(th.px(FOLDED) if self.folded else self._wide)
        for word, item in self.items.items():
            item.words = "" if self.folded else self._titles[word]
            self._name(word)
            item.update()
        words = _(UNFOLD if self.folded else FOLD)
        self.toggle.sign = "unfold" if self.folded else "fold"
        self.toggle.setAccessibleName(words)
        self.toggle.setToolTip(plain(words))
        self.toggle.setVisible(not self._narrow)
        self._share()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the height out among the entries."""
        super().resizeEvent(event)
        self._share()

    def _share(self) -> None:
        seen = max(sum(not item.isHidden() for item in self.items.values()), 1)
        room = self.height() - 8 - (0 if self._narrow else th.px(TIGHT))
        if self._foot is not None:
            self._foot.fit(0 if self.folded else room - seen * th.px(TIGHT))
            room -= self._foot.height()
        high = min(max(room // seen, th.px(TIGHT)), th.px(LOOSE))
        for item in self.items.values():
            item.setFixedHeight(high)
        self.toggle.setFixedHeight(th.px(TIGHT))


TABS: Pad = (16, 4, 16, 0)


class PlaceTabs(QFrame):
    """The tabs of the place one is in; a place with one tab shows none, and neither does a page that is
    reached from another one only."""

    wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("placeTabs")
        self.tabs = Tabs()
        self.tabs.chosen.connect(self.wanted)
        self.setLayout(row((self.tabs, 1), pad=TABS))
        self.hide()

    def show_tabs(self, rows: Sequence[Tab], here: str, counts: dict[str, tuple[int, str]]) -> None:
        """Show the tabs of a place with what waits in each."""
        words = [row.word for row in rows]
        self.tabs.set_options([(row.word, _(row.title)) for row in rows])
        self.tabs.set_value(here)
        for word, made in self.tabs.chips.items():
            count, tone = counts.get(word, (0, ""))
            made.say(count=str(count) if count else "", tone=tone)
        self.setVisible(len(rows) > 1 and here in words)
