"""Keeps what is typed on the pages and is not done: through Esc, a change of look, the end of the program."""

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from pms.core.office import Office
from pms.ui.kit import background
from pms.ui.kit.desk import Screen

if TYPE_CHECKING:
    from pms.services.drafts.service import Kept

EVERY = 2000
"""Milliseconds between two looks at what has been typed: no more than that is lost with the program."""
Place = tuple[str, dict[str, Any]]


class TypedWork(QObject):
    """Looks at the page in hand and has its typed work kept by the hotel, sealed; ``unfinished`` tells what
    somebody may go on with, or None."""

    unfinished = Signal(object)

    def __init__(self, office: Office, parent: QObject) -> None:
        super().__init__(parent)
        self._office = office
        self._kept: dict[str, tuple[Place, dict[str, Any], str]] = {}
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)
        self._now: tuple[Place, Screen] | None = None

    def follow(self, place: Place, screen: Screen) -> None:
        """Look at this page from now on; what was kept of it is typed again."""
        self._now = (place, screen)
        found = self._kept.get(_key(place))
        if found is not None and screen.typed() is None:
            screen.retype(found[1])
        self._timer.start(EVERY)

    def begin(self) -> None:
        """Ask for what this workstation left unfinished."""
        from pms.services.drafts import service

        background.run(self, lambda: self._office.do(service.take_up.of()), self._taken_up, _never_mind)

    def _taken_up(self, drafts: "list[Kept]") -> None:
        for draft in reversed(drafts):
            place = (draft.word, draft.what)
            self._kept.setdefault(_key(place), (place, draft.typed, draft.about))
        self.tell()

    def tell(self) -> None:
        """Tell what is unfinished elsewhere, the latest."""
        here = _key(self._now[0]) if self._now else ""
        others = [found for key, found in self._kept.items() if key != here]
        self.unfinished.emit((others[-1][0], others[-1][2]) if others else None)

    def _tick(self) -> None:
        if self._now is not None:
            self.look(*self._now)

    def look(self, place: Place, screen: Screen) -> None:
        """Keep what is typed on a page now, or forget it where nothing is typed or the work is done."""
        from pms.services.drafts import service

        typed, found = screen.typed(), self._kept.get(_key(place))
        word, what = place
        if typed is None:
            if found is not None:
                self.forget(place)
        elif found is None or found[1] != typed:
            about = screen.about_typed()
            self._kept.pop(_key(place), None)  # the latest stands last
            self._kept[_key(place)] = (place, typed, about)
            call = service.keep.of(word=word, what=what, about=about, typed=typed)
            background.run(self, lambda: self._office.do(call), _done, partial(self._unkept, place))

    def _unkept(self, place: Place, _error: Exception) -> None:
        """Try again at the next look: the books were away."""
        if found := self._kept.get(_key(place)):
            self._kept[_key(place)] = (place, {}, found[2])

    def forget(self, place: Place) -> None:
        """Forget what was typed on a page: it is done, or given up."""
        from pms.services.drafts import service

        self._kept.pop(_key(place), None)
        call = service.drop.of(word=place[0], what=place[1])
        background.run(self, lambda: self._office.do(call), _done, _never_mind)
        self.tell()


def _key(place: Place) -> str:
    return f"{place[0]} {sorted(place[1].items())}"


def _done(_result: Any) -> None:
    pass


def _never_mind(_error: Exception) -> None:
    pass
