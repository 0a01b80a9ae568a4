"""What the window does when the server does not answer: offer the lists of a few minutes ago, print the
evacuation list from them, and go back when the server is there again."""

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from pms.core.errors import Refused
from pms.core.i18n import N_, _, ngettext
from pms.ui.kit import background, safety
from pms.ui.kit.messages import Notes, Remedy

if TYPE_CHECKING:
    from pms.ui.main_window import MainWindow
    from pms.ui.screens.downtime.screen import DowntimePage

LISTS = N_("Lists without the server")
LOOK = 5_000
"""Milliseconds between two looks how old the lists are, and whether somebody is still there."""
PRESSED_TWICE = 3.0


def nothing() -> None:
    """Say that there are no lists: the hotel is a file of this workstation."""
    return


class WithoutServer(QObject):
    """Serves one window; ``away`` returns the lists that are kept, or None."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.away: Callable[[], Any] = nothing
        self.again: Callable[[], None] | None = None
        """Opens the hotel once more, where it did not open."""
        self.page: DowntimePage | None = None
        self._behind: QWidget | None = None
        self._printed_at, self._printing = -PRESSED_TWICE, False
        self._clock = QTimer(self)
        self._clock.setInterval(LOOK)
        self._clock.timeout.connect(self._tick)

    def remedies(self) -> tuple[Remedy, ...]:
        """Return the buttons that show the lists, where there are any, and that open a hotel once more which
        did not open."""
        found: list[Remedy] = [(_(LISTS), self.show)] if self._there_are_lists() else []
        return (*found, (_("Try again"), self.again)) if self.again is not None else tuple(found)

    def _there_are_lists(self) -> bool:
        if (away := self.away()) is None:
            return False
        try:
            away.lists()
        except Refused:
            return False
        return True

    def lost(self) -> bool:
        """Say whether the server was there and does not answer now."""
        away = self.away()
        return away is not None and away.lost_at is not None

    # -------------------------------------------------------------- the page
    def show(self) -> None:
        """Show the lists above whatever was there; names are asked for with a password."""
        if self.page is not None or (away := self.away()) is None:
            return
        from pms.ui.screens.downtime.screen import DowntimePage  # not before it is needed

        try:
            made = DowntimePage(away, away.lists())
        except Refused as none:
            self._notes().refuse(none, *self._more())
            return
        made.left.connect(self.leave)
        made.evacuation_wanted.connect(self.print_evacuation)
        self.page, self._behind = made, self._window.centre.currentWidget()
        self._window.centre.addWidget(made)
        self._window.centre.setCurrentWidget(made)
        made.start()
        safety.opened()
        self._clock.start()

    def leave(self) -> None:
        """Go back to where one was; the names are forgotten."""
        if (page := self.page) is None:
            return
        self._clock.stop()
        self.page = None
        page.close_lists()
        if self._behind is not None:
            self._window.centre.setCurrentWidget(self._behind)
        self._window.centre.removeWidget(page)
        page.deleteLater()
        safety.opened()

    def heard(self) -> None:
        """Take notice on the page that the server is back, or away again."""
        if self.page is not None:
            if self.lost():
                self.page.tell_age()
            else:
                self.page.server_answers()

    def _tick(self) -> None:
        if (page := self.page) is None:
            return
        if page.age.tone != "good":  # told again where it was closed: nobody takes them for what is now
            page.tell_age()
        minutes = page.found.head.lock_minutes
        if self._window.idle.minutes() >= minutes > 0:
            self._window.lock()

    # -------------------------------------------------------------- the evacuation list
    def print_evacuation(self) -> None:
        """Print how many people are in which room from the lists; whoever is at the screen may."""
        if self._printing or monotonic() - self._printed_at < PRESSED_TWICE or (away := self.away()) is None:
            return
        self._printing = True

        def work() -> tuple[int, str]:
            people = away.print_evacuation()
            return people, away.age(away.lists().head)

        background.run(self, work, self._printed, self._not_printed)

    def _printed(self, found: tuple[int, str]) -> None:
        self._printing, self._printed_at = False, monotonic()
        people, age = found
        told = ngettext("%(n)s person", "%(n)s people", people) % {"n": people}
        said = _("The evacuation list is printed: %(people)s in house.") % {"people": told}
        self._notes().good(f"{said} {age}", *self._more())

    def _not_printed(self, error: Exception) -> None:
        self._printing = False
        if not isinstance(error, Refused):
            raise error
        self._notes().refuse(error, *self._more())

    def _more(self) -> tuple[Remedy, ...]:
        """Return the buttons that must stay at the door of a hotel that did not open."""
        return self.remedies() if self.again is not None and self.page is None else ()

    def _notes(self) -> Notes:
        return self._window.keeper.notes()
