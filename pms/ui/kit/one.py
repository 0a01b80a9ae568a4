"""The chosen row in the panel: its head, what is known of it, and what happened to it as a table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QWidget

from pms.core.i18n import N_, _
from pms.ui.kit import formats
from pms.ui.kit import theme as th
from pms.ui.kit.parts import Badge, box, col, empty_out, label, pairs, row
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table


@dataclass(frozen=True)
class Step:
    """One thing that happened to the chosen row: when, what, by whom, and the words to it."""

    at: datetime | None
    what: str
    by: str = ""
    more: str = ""


@dataclass(frozen=True)
class One:
    """What the panel shows of a row; ``figure``: its head is a number and the largest thing there.

    ``badges`` are a word, its tone and its icon each, ``parts`` what stands between the head and the facts
    (a warning, say), ``more`` what stands under them (sums).
    """

    head: str
    facts: Sequence[tuple[str, str]] = ()
    figure: bool = False
    about: str = ""
    badges: Sequence[tuple[str, str, str]] = ()
    parts: Sequence[QWidget | QLayout] = ()
    more: Sequence[QWidget | QLayout] = ()
    steps: Sequence[Step] = ()


class History(Table):
    """What happened, the latest first; as high as its rows, for the panel scrolls as a whole."""

    def __init__(self) -> None:
        self.zone = "UTC"
        super().__init__(
            (
                Column(N_("When"), lambda s: formats.day_time(s.at, self.zone), width=108),
                Column(N_("What happened"), lambda s: s.what, sub=lambda s: formats.commas((s.by, s.more))),
            ),
            key=lambda s: s,
        )
        self.setAccessibleName(_("What happened"))
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.hide()

    def _measure(self, lines: Iterable[int]) -> None:
        super()._measure(lines)
        rows = sum(self.rowHeight(line) for line in range(self.rows.rowCount()))
        self.setFixedHeight(rows + th.px(th.ROW["dense"]) + 4)


class OnePage(QWidget):
    """The panel's first page; ``fill`` takes the room under what is told, a picture of a paper say."""

    def __init__(self, choose: str, fill: QWidget | None = None) -> None:
        super().__init__()
        self._choose = choose
        self.told, self.history = col(gap=12), History()
        rest = [(fill, 1000)] if fill is not None else []
        self.setLayout(col(box(self.told), self.history, *rest, None, gap=12))

    def show_one(self, one: One | None, zone: str) -> None:
        """Show a row, or how to choose one."""
        empty_out(self.told)
        self.history.zone = zone
        self.show_steps(one.steps if one else ())
        if one is None:
            self.told.addWidget(label(self._choose, "muted", wrap=True))
            return
        for made in self._head(one):
            self._add(made)

    def show_steps(self, steps: Sequence[Step]) -> None:
        """Show what happened to the row that is shown."""
        self.history.show_rows(steps)
        self.history.setVisible(bool(steps))

    def _head(self, one: One) -> Iterable[QWidget | QLayout]:
        name = label(one.head, "figure" if one.figure else "page", wrap=not one.figure)
        badges = [Badge(*badge) for badge in one.badges if badge[0]]
        if one.figure:
            yield row(name, *badges, None)
        else:
            yield col(name, *([row(*badges, None, gap=4)] if badges else []), gap=4)
        if one.about:
            yield label(one.about, "title", wrap=True)
        yield from one.parts
        if facts := [fact for fact in one.facts if fact[1]]:
            yield pairs(*facts)
        yield from one.more

    def _add(self, made: QWidget | QLayout) -> None:
        if isinstance(made, QWidget):
            self.told.addWidget(made)
        else:
            self.told.addLayout(made)
