"""What a shift leaves open, duty by duty: a group is opened, read and accepted; what is still to come stands
at the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from pms.core.i18n import N_, _
from pms.core.offers import OpenItem
from pms.services.shifts.service import item_key
from pms.ui.kit import formats
from pms.ui.kit.empty import Empty
from pms.ui.kit.parts import col
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table

from .papers import duty_words, listed

NAMED = 8
"""So many numbers are named of a group that is not open."""
Key = tuple[str, bool]


@dataclass(frozen=True)
class Line:
    """One row: a group (``item`` None) or one item of an open group."""

    group: Key
    items: tuple[OpenItem, ...]
    item: OpenItem | None
    open: bool
    accepted: bool

    @property
    def key(self) -> tuple[Key, str]:
        """Return what the row is found by."""
        return self.group, item_key(self.item) if self.item else ""

    @property
    def one(self) -> OpenItem | None:
        """Return the item that the row shows: its own, or the only one of the group."""
        if self.item is not None:
            return self.item
        return self.items[0] if len(self.items) == 1 else None


class OpenItems(QWidget):
    """The list of what is open. Enter opens a group, Space accepts it once it is open; ``changed`` tells that
    more or less is accepted."""

    changed = Signal()

    def __init__(self, zone: str) -> None:
        super().__init__()
        self.zone = zone
        self.items: list[OpenItem] = []
        self.accepted: set[str] = set()
        self._open: set[Key] = set()
        self._groups: dict[Key, tuple[OpenItem, ...]] = {}
        self.list = Table(
            (
                Column("", lambda x: "", width=36, icon=self._mark, tone=lambda x: "good"),
                Column(N_("Duty"), self._duty, width=190, tone=_coming, bold=True),
                Column(N_("What is open"), self._what, sub=lambda x: x.one.text if x.one else ""),
                Column(N_("Since or at"), self._when, width=120, tone=_coming),
            ),
            key=lambda x: x.key,
        )
        self.list.setAccessibleName(_("Open items"))
        self.list.set_empty(Empty("check", _("Nothing is open in the house.")))
        self.list.chosen.connect(lambda line: self.turn(line.group))
        self.list.doubleClicked.disconnect()  # a click does it already
        self.list.clicked.connect(lambda _index: self.accept())
        self.setLayout(col((listed(_("Open items"), self.list), 1)))

    def show_items(self, items: Sequence[OpenItem], now: datetime) -> None:
        """Show what is open now; what was accepted and is still open stays accepted."""
        self.items = list(items)
        self.accepted &= {item_key(i) for i in items}

        def place(item: OpenItem) -> tuple[bool, str]:
            return bool(item.since and item.since > now), item.word

        found = {key: tuple(some) for key, some in groupby(sorted(items, key=place), place)}
        self._groups = {(word, coming): some for (coming, word), some in found.items()}
        self._paint()

    def _paint(self) -> None:
        held = self.list.row()
        lines: list[Line] = []
        for group, items in self._groups.items():
            opened = group in self._open or len(items) == 1
            done = self._done(group)
            lines.append(Line(group, items, None, opened, done))
            if opened and len(items) > 1:
                lines += [Line(group, items, item, True, done) for item in items]
        self.list.show_rows(lines)
        if lines and (held is None or not self.list.pick(held.key)):
            self.list.pick(lines[0].key)

    def _done(self, group: Key) -> bool:
        return all(item_key(i) in self.accepted for i in self._groups[group])

    def left(self) -> int:
        """Return how many items are not accepted yet."""
        return len({item_key(i) for i in self.items} - self.accepted)

    def turn(self, group: Key) -> None:
        """Open a group, or close it again."""
        self._open ^= {group}
        self._paint()

    def accept(self) -> None:
        """Open the group in hand, or where it is open accept it and go to the next; once more takes it
        back."""
        line: Line = self.list.row()
        if not line.open:
            self.turn(line.group)
            return
        keys = {item_key(i) for i in line.items}
        if line.accepted:
            self.accepted -= keys
        else:
            self.accepted |= keys
            self._open.discard(line.group)
        self._paint()
        waiting = [group for group in self._groups if not self._done(group)]
        if line.group not in waiting and waiting:
            groups = list(self._groups)
            after = [g for g in waiting if groups.index(g) > groups.index(line.group)]
            self.list.pick(((after or waiting)[0], ""))
        self.changed.emit()

    # -------------------------------------------------------------- what the columns say
    def _mark(self, line: Line) -> str:
        if line.accepted:
            return "check"
        if line.item is None and len(line.items) > 1:
            return "chevron-down" if line.open else "chevron-right"
        return ""

    @staticmethod
    def _duty(line: Line) -> str:
        if line.item is not None:
            return ""
        words = f"{duty_words(line.group[0])} {len(line.items)}"
        return formats.commas((words, _("coming"))) if line.group[1] else words

    @staticmethod
    def _what(line: Line) -> str:
        if line.one is not None:
            return line.one.number
        if line.open:
            return ""
        more = len(line.items) - NAMED
        named = formats.commas(i.number for i in line.items[:NAMED])
        return named + (_(" and %(n)s more") % {"n": more} if more > 0 else "")

    def _when(self, line: Line) -> str:
        if line.one is not None:
            return formats.day_time(line.one.since, self.zone)
        return formats.day_time(min((i.since for i in line.items if i.since), default=None), self.zone)


def _coming(line: Line) -> str:
    return "expect" if line.group[1] else ""
