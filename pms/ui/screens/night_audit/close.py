"""The close of the day as one state: open, announced, posted, written."""

from collections.abc import Callable, Sequence
from datetime import date
from enum import Enum
from functools import partial

from PySide6.QtCore import QObject, QTimer

from pms.core.i18n import _, ngettext
from pms.services.night_audit import queries, service
from pms.ui.kit import background, formats
from pms.ui.kit.desk import Screen

from .lookout import Lookout
from .stage import BACKUP, CLOSE, DAY, REPORT, Night


class State(Enum):
    """Where the close is; there is no second word for it anywhere on the page."""

    OPEN = "open"
    """Nothing is under way."""
    ANNOUNCING = "announcing"
    """It is asked which workstations must be told."""
    WARNED = "warned"
    """They are told, and the seconds run."""
    POSTING = "posting"
    ANSWERED = "answered"
    """The posting has ended; whether it was refused is not yet known."""
    WRITING = "writing"
    """The day is closed; its reports or its backup are written."""


AT_WORK = frozenset({State.POSTING, State.WRITING})
ASKED = frozenset({State.ANNOUNCING, State.POSTING, State.ANSWERED})
"""A refusal in one of these looks again: somebody may have been faster."""


class Close(QObject):
    """Carries the close from the warning to the backup; ``changed`` is called whenever the page must show
    another state, ``proven`` when the closed day's proof is there to be read."""

    def __init__(
        self, page: Screen, lookout: Lookout, changed: Callable[[], None], proven: Callable[[], None]
    ) -> None:
        super().__init__(page)
        self.page, self.office, self.lookout = page, page.office, lookout
        self._changed, self._shown = changed, proven
        self.state, self.doing = State.OPEN, ""
        self._told, self._left, self._seconds = "", 0, QTimer(self)
        self._seconds.timeout.connect(self.tick)

    @property
    def running(self) -> bool:
        """Say whether something is posted or written at this moment."""
        return self.state in AT_WORK

    def why_not(self) -> str:
        """Say why the next step cannot be taken yet; nothing where it can."""
        if self.state is State.WARNED:
            return _("The other workstations are told; it closes in %(n)s s.") % {"n": self._left}
        return _("The audit is at work. One moment.") if self.running else ""

    def _turn(self, state: State, doing: str = "") -> None:
        self.state, self.doing = state, doing
        if state is not State.WARNED:
            self._seconds.stop()
        self._changed()

    def _night(self) -> Night:
        assert self.lookout.night is not None
        return self.lookout.night

    # -------------------------------------------------------------- the warning
    def announce(self) -> None:
        """Tell the other workstations; where there are none, post and close at once."""
        self.state = State.ANNOUNCING
        told = self.page.run(service.warn.of(business_date=self._night().business_date))
        self.state = State.OPEN
        if told and told.value:
            self._count_down(told.value)
        elif told:
            self._post()

    def _count_down(self, stations: Sequence[str]) -> None:
        """Give the other workstations, who are told, the time to finish what they have begun."""
        self._told, self._left = formats.commas(stations), queries.WARNING
        self.page.notes.clear()
        self._seconds.start(1000)
        self._turn(State.WARNED, self._seconds_left())

    def _seconds_left(self) -> str:
        return _("%(stations)s is told. The day closes in %(n)s s.") % {
            "stations": self._told,
            "n": self._left,
        }

    def tick(self) -> None:
        """Count a second of the warning; at its end the day is posted and closed."""
        self._left -= 1
        if self._left > 0:
            self._turn(State.WARNED, self._seconds_left())
        else:
            self._turn(State.OPEN)
            self._post()

    def call_off(self) -> None:
        """Take the warning back; the day stays open."""
        self._turn(State.OPEN)
        self.page.run(
            service.call_off.of(business_date=self._night().business_date),
            said=_("The close is cancelled; the others are told."),
        )

    def drop_warning(self) -> bool:
        """End the countdown without a close; says whether there was one."""
        warned = self.state is State.WARNED
        if warned:
            self._turn(State.OPEN)
        return warned

    def seen(self, night: Night) -> None:
        """End the countdown where somebody was faster, or something must be cleared first."""
        if night.stage != CLOSE:
            self.drop_warning()

    # -------------------------------------------------------------- the close
    def _post(self) -> None:
        night = self._night()
        lines = len(night.charges)
        words = ngettext(
            "Posting %(n)s line and closing %(day)s", "Posting %(n)s lines and closing %(day)s", lines
        )
        self._turn(State.POSTING, words % {"n": lines, "day": formats.long_day(night.business_date)})
        self.page.run_slow(service.close.of(business_date=night.business_date), then=self._closed)

    def answered(self) -> None:
        """Take notice that the close has answered, whatever the answer."""
        if self.state is State.POSTING:
            self._turn(State.ANSWERED)

    def refused(self) -> None:
        """Look again after a refusal of the close."""
        if self.state in ASKED:
            self.state = State.OPEN
            self.lookout.look()

    def _closed(self, postings: int) -> None:
        """Show the proof, and go on to the reports and the backup."""
        self.state = State.OPEN
        self.lookout.look(partial(self._proven, postings))

    def _proven(self, postings: int) -> None:
        self._shown()
        words = ngettext(
            "%(day)s is closed, %(n)s line is posted.", "%(day)s is closed, %(n)s lines are posted.", postings
        )
        day = formats.long_day(self._night().business_date - DAY)
        self.finish([words % {"day": day, "n": postings}])

    # -------------------------------------------------------------- the reports and the backup
    def finish(self, told: Sequence[str] = ()) -> None:
        """Do the step after the close that is due, and the one after it; what fails is named and waits for
        the next press."""
        night, after = self.lookout.night, self.office.after_close
        if night is None or night.before is None or night.stage not in (REPORT, BACKUP) or after is None:
            if told:
                self.page.notes.good(("" if formats.chinese() else " ").join(told))
            return
        self._write(
            {REPORT: after.report, BACKUP: after.backup}[night.stage],
            {REPORT: _("Writing the reports of %(day)s"), BACKUP: _("Writing the backup of %(day)s")}[
                night.stage
            ],
            night.before.business_date,
            told,
        )

    def _write(self, step: Callable[[date], str], words: str, day: date, told: Sequence[str]) -> None:
        self._turn(State.WRITING, words % {"day": formats.long_day(day)})

        def done(said: str) -> None:
            self._turn(State.OPEN)
            self.lookout.look(partial(self.finish, [*told, said]))

        background.run(self.page, partial(step, day), done, self._not_written, self.page.show_busy)

    def _not_written(self, error: Exception) -> None:
        self._turn(State.OPEN)
        self.lookout.failed(error)
        self.lookout.look()
