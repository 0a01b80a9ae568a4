"""Type afterwards what was done on paper: the time is set, and the next act that may be typed so takes it."""

from datetime import datetime
from functools import lru_cache
from typing import TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLayout, QWidget

from pms.core import clock
from pms.core.i18n import N_, _
from pms.core.known import known
from pms.core.office import Office
from pms.core.operation import Call
from pms.ui.kit import formats
from pms.ui.kit.amounts import Day
from pms.ui.kit.dialogs import Ask
from pms.ui.kit.messages import Notes
from pms.ui.kit.parts import row
from pms.ui.kit.times import Time

R = TypeVar("R")
TITLE = N_("Type what was done on paper")


class PaperTime(QObject):
    """The time at which the next act was done; None where it is done now. ``changed`` tells that it was set,
    used up or given up."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.moment: datetime | None = None

    def set_moment(self, moment: datetime | None) -> None:
        """Set the time, or end it."""
        if moment != self.moment:
            self.moment = moment
            self.changed.emit()

    def stamped(self, call: Call[R]) -> Call[R]:
        """Return a call with the time, where one is set and the call may bear one."""
        if self.moment is None or not call.operation.paper:
            return call
        return call.done_at(self.moment)

    def used(self, call: Call[R]) -> None:
        """Take notice that a call is done: the next act has a time of its own."""
        if call.on_paper is not None:
            self.set_moment(None)


@lru_cache(maxsize=1)
def paper_time() -> PaperTime:
    """Return the one of this window."""
    return PaperTime()


class PaperDialog(Ask):
    """Asks when it was done, by the hotel's clock."""

    def __init__(self, now: datetime, zone: str, parent: QWidget | None = None) -> None:
        self._zone, here = zone, clock.local(now, zone)
        self.day = Day(_("Day"), today=here.date(), value=here.date(), required=True)
        self.time = Time(_("Time"))
        text = _(
            "The next payment, charge, check-in or check-out is written with this time and marked as done on "
            "paper. A person with the right to do so agrees where the role lacks it."
        )
        super().__init__(_(TITLE), text, "clock", _("Continue"), parent)
        self.time.setFocus()

    def extra(self) -> list[QLayout | QWidget]:
        """Show day and time."""
        return [row(self.day, self.time, None, gap=8)]

    def pressed(self) -> None:
        """Go on with a day and a time that can be read."""
        for field in (self.day, self.time):
            if not field.validate():
                field.setFocus()
                return
        self.accept()

    def ask(self) -> datetime | None:
        """Show the dialog and return the moment, None where it was given up."""
        if self.exec() != self.DialogCode.Accepted:
            return None
        return clock.at(known(self.day.value()), self.time.value(), self._zone)


class LaterBar(Notes):
    """The line above the page that says with which time the next act is written; ``moved`` tells that another
    time holds now."""

    moved = Signal()

    def __init__(self, office: Office) -> None:
        super().__init__(slim=True)
        self._office = office
        self._zone = ""
        paper_time().changed.connect(self._show)
        self._show()

    def ask(self, window: QWidget) -> None:
        """Ask for the time at which the next act was done."""
        self._zone = self._office.house().zone
        found = PaperDialog(self._office.now(), self._zone, window).ask()
        if found is not None:
            paper_time().set_moment(found)

    def end(self) -> None:
        """Write what follows with the time of now."""
        paper_time().set_moment(None)

    def _show(self) -> None:
        # Only the window that asked says so: one that is closed but still stands asks no hotel any more.
        if (moment := paper_time().moment) is None or not self._zone:
            self.clear()
        else:
            when = formats.day_time(moment, self._zone)
            told = _("Typed from paper: the next payment, charge, check-in or check-out is of %(time)s.")
            self.warn(told % {"time": when}, (_("Do not type from paper"), self.end), icon="clock")
        self.moved.emit()
