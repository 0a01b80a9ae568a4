"""What happened to the row in hand where every duty has a part of it: asked for beside the window."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QTimer

from pms.core import offers
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.offers import About
from pms.core.office import Office
from pms.services.staff import queries as staff
from pms.ui.kit import background
from pms.ui.kit.desk import Screen
from pms.ui.kit.one import Step

REST = 80
"""Milliseconds that a row is in hand before it is asked about: who runs through the list asks nothing."""
MOST = 30
"""How much is told, the latest."""


def told(office: Office, about: About) -> list[Step]:
    """Return what happened, the latest first."""
    found = [one for one in office.gather(offers.evidence, about=about) if one.past and one.at is not None]
    names = {one.id: one.name for one in office.ask(staff.colleagues)} if found else {}
    found.sort(key=lambda one: one.at.timestamp() if one.at else 0, reverse=True)
    many = len({one.source for one in found}) > 1  # what one duty tells alone needs no name
    return [
        Step(one.at, one.text, names.get(one.by or 0, ""), _(one.source) if many else "")
        for one in found[:MOST]
    ]


class Past:
    """Asks for one row at a time and hands its steps to ``shown``; what was told of the row in hand stays
    until the next answer."""

    def __init__(self, page: Screen, shown: Callable[[Sequence[Step]], None]) -> None:
        self.page, self._shown = page, shown
        self._about: About | None = None
        self._steps: Sequence[Step] = ()
        self._count = 0
        self._rest = QTimer(page, singleShot=True, interval=REST)
        self._rest.timeout.connect(self._ask)

    def of(self, about: About | None) -> Sequence[Step]:
        """Return what is known of a row already, and ask anew."""
        if about != self._about:
            self._about, self._steps = about, ()
        self._count += 1
        if about is None:
            self._rest.stop()
        else:
            self._rest.start()
        return self._steps

    def _ask(self) -> None:
        if self._about is None or not self.page.isVisible():
            return
        done = partial(self._answered, self._count)
        background.run(self.page, partial(told, self.page.office, self._about), done, self._not_told)

    def _answered(self, count: int, steps: list[Step]) -> None:
        if count == self._count:  # else another row is in hand by now
            self._steps = steps
            self._shown(steps)

    def _not_told(self, error: Exception) -> None:
        if not isinstance(error, Refused):
            raise error  # the page says itself when the books are away
