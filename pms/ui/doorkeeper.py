"""What the window does at its door beside letting people in: end a session that is over, print the evacuation
list for whoever stands there, and let each person change the own password and PIN."""

from time import monotonic
from typing import TYPE_CHECKING, Protocol, cast

from PySide6.QtCore import QObject

from pms.core.errors import Refused, StoreTrouble
from pms.core.i18n import _, ngettext
from pms.core.office import Clerk, Office
from pms.ui.kit import background
from pms.ui.kit.messages import Notes
from pms.ui.kit.own_password import OwnPasswordDialog

if TYPE_CHECKING:
    from pms.ui.main_window import MainWindow

PRESSED_TWICE = 3.0
"""Seconds within which a second press of the evacuation key means the first."""


class Sessions(Protocol):
    """What this needs of the office."""

    def ended(self, clerk: Clerk) -> str:
        """Say why a person's session is over."""

    def renewed(self, clerk: Clerk) -> Clerk:
        """Return a person with the rights as they are now."""

    def rooms_due(self) -> list[str]:
        """Return the rooms of what is due now."""

    def sign_out(self) -> None:
        """Let nobody be signed in."""


class Doorkeeper(QObject):
    """Serves one window."""

    EACH = 12
    """Ticks of the window between two looks whether a right has begun or ended by the clock."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._printed_at, self._printing = -PRESSED_TWICE, False
        self._ticks = 0

    @property
    def _office(self) -> Office:
        assert self._window.office is not None
        return self._window.office

    # -------------------------------------------------------------- the end of a session
    def heard(self, topics: frozenset[str]) -> None:
        """Look whether the person here may go on, and with which rights, when anything changes among the
        staff."""
        if topics & {"staff", "authority"} and self._office.clerk.id:
            clerk, sessions = self._office.clerk, cast(Sessions, self._office)

            def told(found: tuple[str, Clerk]) -> None:
                if self._office.clerk is clerk:
                    self._learn(*found)

            background.run(
                self, lambda: (sessions.ended(clerk), sessions.renewed(clerk)), told, lambda _error: None
            )

    def tick(self) -> None:
        """Look once a minute, too: what is lent begins and ends by the clock. Where a session is over, ring
        for what is due."""
        if not self._office.clerk.id:
            sessions = cast(Sessions, self._office)
            background.run(self, sessions.rooms_due, self._window.door.show_alarms, lambda _error: None)
        self._ticks += 1
        if self._ticks % self.EACH == 0:
            self.heard(frozenset({"staff"}))

    def _learn(self, why: str, now: Clerk) -> None:
        if why:
            self._end(why)
        elif now != self._office.clerk:
            changed = now.permissions != self._office.clerk.permissions
            self._office.clerk = now
            if changed and (work := self._window.workplace) is not None:
                work.show_clerk(now)

    def _end(self, why: str) -> None:
        """Go to the sign-in and say why; what is typed waits for the same person."""
        self._window.shut()
        cast(Sessions, self._office).sign_out()
        self._window.door.ended(why)

    # -------------------------------------------------------------- the evacuation list
    def evacuate(self) -> None:
        """Print how many people are in which room; whoever is at the screen may."""
        lists = self._window.lists
        if self._window.office is None or lists.lost():  # in a fire nobody waits for a server that is away
            lists.print_evacuation()
            return
        if self._printing or monotonic() - self._printed_at < PRESSED_TWICE:
            return
        from pms.services.stays import evacuation  # not before the window is painted

        self._printing = True
        office, call = self._office, evacuation.print_list.of()
        key = office.new_intent()
        background.run(self, lambda: office.do(call, intent=key), self._printed, self._not_printed)

    def _printed(self, people: int) -> None:
        self._printing, self._printed_at = False, monotonic()
        told = ngettext("%(n)s person", "%(n)s people", people) % {"n": people}
        self.notes().good(_("The evacuation list prints: %(people)s in house.") % {"people": told})

    def _not_printed(self, error: Exception) -> None:
        self._printing = False
        if not isinstance(error, Refused):
            raise error
        if isinstance(error, StoreTrouble) and self._window.lists.away() is not None:
            self._window.lists.print_evacuation()
            return
        self.notes().refuse(error)

    def notes(self) -> Notes:
        """Return where the window speaks now: on the page, or at the door."""
        if self._window.lists.page is not None:
            return self._window.lists.page.notes
        work = self._window._at_work()
        page = work.current() if work else None
        return page.notes if page else self._window.door.notes

    # -------------------------------------------------------------- one's own password and PIN
    def show_own(self) -> None:
        """Let the person at work change the own password and PIN."""
        if (work := self._window._at_work()) is not None and (page := work.current()) is not None:
            done = OwnPasswordDialog(self._office, self._window).ask()
            if done:
                page.notes.good(done)
