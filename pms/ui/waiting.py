"""Waiting: under the navigation, what is to be done now or soon, the worst first, each line a step to its
row."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from time import monotonic

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QStyle, QStyleOptionButton, QStylePainter

from pms.core import offers
from pms.core.i18n import N_, _
from pms.core.offers import MOST_DUE, Badge, Due
from pms.core.office import Office
from pms.core.pressing import worst
from pms.ui.kit import background, formats, keys
from pms.ui.kit import theme as th
from pms.ui.kit.parts import Button, col, plain

TITLE = N_("Waiting now")
EVERY = 60.0
"""Seconds for which an answer is good, if nothing is written here meanwhile."""
HEAD, LINE = 24, 24
Al = Qt.AlignmentFlag


class DueLine(Button):
    """One thing to do: its words, cut where they are too long, and its time or sum at the right."""

    def __init__(self) -> None:
        super().__init__("", name="navItem")
        self.setFixedHeight(th.px(LINE))
        self.due: Due | None = None
        self.late = False

    def show_due(self, due: Due, told: str, *, late: bool) -> None:
        """Show a thing, in warning tone when its time is past."""
        self.due, self.late = due, late
        self.say(due.text, count=told)
        self.setAccessibleName(formats.commas((due.text, told)))
        self.setToolTip(plain(f"{due.text}  {told}"))
        self.setVisible(True)

    def sizeHint(self) -> QSize:
        """Ask for no width of its own."""
        return QSize(0, th.px(LINE))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the words and the time or sum."""
        p, option, t = QStylePainter(self), QStyleOptionButton(), th.now()
        self.initStyleOption(option)
        setattr(option, "text", "")  # noqa: B010  (the stub lacks the attribute's setter type)
        p.drawControl(QStyle.ControlElement.CE_PushButton, option)
        told, words = th.measure("meta"), th.measure("meta")
        right = told.horizontalAdvance(self.count)
        room = QRect(14, 0, self.width() - 14 - 10, self.height())
        p.setFont(th.font("meta"))
        p.setPen(QColor(t.ink("warn") if self.late else t.muted))
        p.drawText(room, Al.AlignVCenter | Al.AlignRight, self.count)
        p.setPen(QColor(t.text))
        room.setRight(room.right() - right - 6)
        p.drawText(
            room, Al.AlignVCenter, words.elidedText(self.words, Qt.TextElideMode.ElideRight, room.width())
        )


class Waiting(QFrame):
    """At most six lines; ``wanted`` names the page and the row that one of them opens, ``shown`` tells that
    there are others, ``counted`` brings what waits at each duty.

    It asks by itself when it is shown to somebody, after own writes, and at most once a minute otherwise.
    """

    wanted = Signal(str, object)
    shown = Signal()
    counted = Signal(object)

    def __init__(self, office: Office) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.office = office
        self.found: Sequence[Due] = ()
        self.zone, self.digits = "UTC", 2
        self._turn, self._asked, self._room, self._head = 0, -EVERY, MOST_DUE, True
        self.head = Button(_(TITLE), name="navItem")
        self.head.setFixedHeight(th.px(HEAD))
        self.head.setToolTip(plain(f"{_(TITLE)}  {keys.WAITING}"))
        self.head.clicked.connect(self.enter)
        self.lines = [DueLine() for _n in range(MOST_DUE)]
        for line in self.lines:
            line.clicked.connect(partial(self._open, line))
        self.setLayout(col(self.head, *self.lines, gap=0))
        self._lay_out()

    # -------------------------------------------------------------- asking
    def ask(self) -> None:
        """Ask every duty anew, off the window's thread, and for the navigation's counts in the same round; an
        older answer never replaces a newer one."""
        self._turn += 1
        self._asked = monotonic()
        turn, now = self._turn, self.office.now()
        background.run(
            self,
            lambda: self.office.gather_both(offers.waiting.of(now=now), offers.badges.of()),
            lambda found: self._answered(turn, found[0], found[1], now),
            lambda _error: None,
        )

    def look_at_clock(self) -> None:
        """Ask again where the last answer is a minute old."""
        if monotonic() - self._asked >= EVERY:
            self.ask()

    def forget(self) -> None:
        """Show nothing of what another person might see."""
        self._turn += 1
        self._show((), self.office.now())

    def _answered(self, turn: int, found: list[Due], badges: list[Badge], now: datetime) -> None:
        if turn == self._turn:
            self._show(worst(found, now), now)
            self.counted.emit(badges)

    def _show(self, found: Sequence[Due], now: datetime) -> None:
        self.found = found
        for line, due in zip(self.lines, found, strict=False):
            line.show_due(due, self._told(due, now), late=due.at <= now)
        self._lay_out()
        self.shown.emit()

    def _told(self, due: Due, now: datetime) -> str:
        if due.amount is not None:
            return formats.amount(due.amount, self.digits)
        days = abs((due.at - now).days + (due.at < now))
        return formats.time(due.at, self.zone) if not days else formats.day_time(due.at, self.zone)[:-6]

    # -------------------------------------------------------------- room
    def fit(self, height: int) -> None:
        """Show as many lines as this height holds, and nothing where not even the head has room."""
        self._room = max(min((height - th.px(HEAD)) // th.px(LINE), MOST_DUE), 0)
        self._head = height >= th.px(HEAD)
        self._lay_out()

    def _lay_out(self) -> None:
        seen = min(len(self.found), self._room)
        for at, line in enumerate(self.lines):
            line.setVisible(at < seen)
        headed = self._head and bool(self.found)
        self.head.setVisible(headed)
        self.head.say(count=str(len(self.found)) if self.found else "")
        self.setFixedHeight((th.px(HEAD) + seen * th.px(LINE)) if headed else 0)

    # -------------------------------------------------------------- going there
    def enter(self) -> None:
        """Go to the first line; where none has room, open the worst at once."""
        if self.found and not self._room:
            self._open_due(self.found[0])
        elif self.found:
            self.lines[0].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move among the lines with the arrows."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        at = next((n for n, line in enumerate(self.lines) if line.hasFocus()), None)
        if not step or at is None:
            super().keyPressEvent(event)
            return
        last = min(len(self.found), self._room) - 1
        self.lines[max(min(at + step, last), 0)].setFocus()

    def _open(self, line: DueLine) -> None:
        if line.due is not None:
            self._open_due(line.due)

    def _open_due(self, due: Due) -> None:
        self.wanted.emit(due.word, due.what)
