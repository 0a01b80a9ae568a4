"""What desk, housekeeping, cards, folio, calls and book say of the finding in hand, and what happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame

from pms.core import offers
from pms.core.errors import Refused
from pms.core.i18n import N_, _
from pms.core.office import Office
from pms.services.night_audit import evidence
from pms.services.night_audit.checks import Finding
from pms.ui.kit import background, formats
from pms.ui.kit import theme as th
from pms.ui.kit.cells import SIDE
from pms.ui.kit.desk import Screen
from pms.ui.kit.parts import box, card, col, label, scrolling
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table

REST = 80
"""Milliseconds that a finding is in hand before it is asked about: who runs through the list asks nothing."""
TIME, WHO = 112, 96
LEAST = 120
"""The least pixels in which a sentence is broken into lines."""


@dataclass(frozen=True)
class Told:
    """One line: the source's name, what it says, when, who, and how it is toned."""

    place: int
    source: str
    text: str
    at: datetime | None
    who: str
    tone: str


def look(office: Office, finding: Finding) -> tuple[list[Told], list[Told]]:
    """Return how things stand, in the order to be compared, and what happened, the latest first."""
    about = office.ask(evidence.about, finding=finding)
    if not about.anybody:
        return [], []
    found = office.gather(offers.evidence, about=about)
    numbers = sorted({one.by for one in found if one.by is not None})
    names = office.ask(evidence.names, numbers=numbers) if numbers else {}
    stands = [_told(one, names) for one in found if not one.past]
    past = [_told(one, names) for one in found if one.past and one.at is not None]
    stands.sort(key=lambda one: one.place)
    past.sort(key=lambda one: one.at.timestamp() if one.at else 0)
    return stands, past[::-1]


def _told(one: offers.Evidence, names: dict[int, str]) -> Told:
    return Told(one.place, _(one.source), one.text, one.at, names.get(one.by or 0, ""), one.tone)


class EvidencePane:
    """Two lists to be read, asked for beside the window once a finding has been in hand for a moment."""

    def __init__(self, page: Screen, zone: str) -> None:
        self.page, self._count = page, 0
        self._finding: Finding | None = None
        time = Column(N_("Time"), lambda e: formats.day_time(e.at, zone), width=TIME, tone=lambda _e: "muted")
        source = Column(
            N_("Evidence"),
            lambda e: e.source,
            width=TIME,
            tone=lambda _e: "muted",
            sub=lambda e: formats.day_time(e.at, zone),
        )
        who = Column(N_("By"), lambda e: e.who, width=WHO, tone=lambda _e: "muted")
        self.stands = self._read_only((source, self._says(TIME)), _("Evidence"))
        self.past = self._read_only((time, self._says(TIME + WHO), who), _("What happened"))
        self.past.give_way(2)
        self._stands = card(self.stands, pad=(1, 1, 1, 1))
        self._past = box(col(label(_("What happened"), "title"), card(self.past, pad=(1, 1, 1, 1)), gap=4))
        self.widget = scrolling(box(col(self._stands, self._past, None, gap=8)))
        self.widget.setFrameShape(QFrame.Shape.NoFrame)
        self.widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # read further with the arrows
        self._rest = QTimer(page, singleShot=True, interval=REST)
        self._rest.timeout.connect(self._ask)

    def _says(self, beside: int) -> Column:
        """A sentence in one line, or in two where it is too long for what the columns beside it leave; what
        speaks against something has a sign."""

        def long(told: Told) -> bool:
            role, sign = ("strong", th.px(16) + 6) if told.tone == "bad" else ("body", 0)
            free = self.widget.viewport().width() - th.px(beside) - 2 * SIDE - 4
            return th.measure(role).horizontalAdvance(told.text) + sign > max(free, LEAST)

        return Column(
            N_("Says"),
            lambda e: "" if long(e) else e.text,
            sub=lambda e: e.text if long(e) else "",
            tone=lambda e: e.tone,
            bold=lambda e: e.tone == "bad",
            icon=lambda e: "alert" if e.tone == "bad" else "",
        )

    @staticmethod
    def _read_only(columns: Sequence[Column], name: str) -> Table:
        made = Table(columns, key=lambda e: (e.source, e.text, e.at), fixed=lambda _e: True)
        made.verticalHeader().setDefaultSectionSize(th.px(th.ROW["dense"]))
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made.setAccessibleName(name)
        return made

    def show(self, finding: Finding | None) -> None:
        """Ask about a finding that is in hand now, or is looked at anew; None empties the lists."""
        if finding is None or self._finding is None or finding.key != self._finding.key:
            self._fill(([], []))
        self._finding = finding
        self._count += 1
        self.widget.setVisible(finding is not None)
        if finding is not None:
            self._rest.start()

    def _ask(self) -> None:
        if self._finding is not None:
            done = partial(self._answered, self._count)
            background.run(self.page, partial(look, self.page.office, self._finding), done, self._not_told)

    def _answered(self, count: int, told: tuple[list[Told], list[Told]]) -> None:
        if count == self._count:  # else another finding is in hand by now
            self._fill(told)

    def _not_told(self, error: Exception) -> None:
        if not isinstance(error, Refused):
            raise error
        self._fill(([], []))  # the page says itself when the books are away

    def _fill(self, told: tuple[list[Told], list[Told]]) -> None:
        stands, past = told
        self.stands.show_rows(stands)
        self.past.show_rows(past)
        self._stands.setVisible(bool(stands))
        self._past.setVisible(bool(past))
        for table, lines in ((self.stands, len(stands)), (self.past, len(past))):
            high = sum(table.rowHeight(line) for line in range(lines))
            table.setFixedHeight(table.horizontalHeader().height() + high + 2)
