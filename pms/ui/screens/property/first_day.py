"""The first day of a hotel: what is to be there, read from the books, each line a step to its page."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLayout, QWidget

from pms.core import offers
from pms.core.i18n import N_, _, ngettext
from pms.core.offers import FirstStep
from pms.services.property import queries, service
from pms.ui.kit import keys
from pms.ui.kit import theme as th
from pms.ui.kit.actions import action
from pms.ui.kit.desk import Screen
from pms.ui.kit.parts import (
    Button,
    Pic,
    box,
    card,
    col,
    frame,
    heading,
    label,
    row,
    scrolling,
    set_tone,
)

WIDE = 860


class Line(QWidget):
    """One line: done or to do, what it is and how it stands, and the button that opens its page."""

    def __init__(self) -> None:
        super().__init__()
        self.door = Button(_("Open"), icon="chevron-right", kind="quiet")
        self.state, self.words = label("", "strong"), label("", "strong")
        self.how = label("", "muted", wrap=True)
        self.marks = {True: Pic("check", "good", 18), False: Pic("clock", "warn", 18)}
        self.state.setFixedWidth(th.px(64))
        told = col(self.words, self.how, gap=0)
        self.setLayout(row(*self.marks.values(), self.state, (told, 1), self.door, gap=12, pad=(12, 4, 8, 4)))

    def show_step(self, step: FirstStep) -> None:
        """Show how a step stands."""
        for done, mark in self.marks.items():
            mark.setVisible(done is step.done)
        self.state.setText(_("Done") if step.done else _("To do"))
        set_tone(self.state, "good" if step.done else "warn")
        self.words.setText(step.text)
        self.how.setText(step.how)
        self.door.setAccessibleName(f"{_('Open')}: {step.text}")
        self.setVisible(True)


class FirstDayScreen(Screen):
    """The lines in the order in which a hotel does them; F12 opens the first that is open."""

    TOPICS = frozenset({"property", "rooms", "rates", "staff", "printers", "print_jobs", "shifts", "stays"})

    def build(self) -> QLayout | QWidget:
        """Put the page together."""
        self.steps: Sequence[FirstStep] = ()
        self.shown: list[Line] = []
        self.count, self.about = label("", "page"), label("", "muted", wrap=True)
        self.lines = col(gap=0)
        self.list = card(box(self.lines), gap=0, pad=(1, 1, 1, 1))
        self.list.setMaximumWidth(th.px(WIDE))
        self.big = self.button("next_step")
        foot = frame(
            "footer", row(self.notes, None, self.button("put_away"), self.big, gap=8, pad=(16, 8, 16, 8))
        )
        head = heading(_("First day"), self.count, None)
        body = scrolling(box(col(row((self.list, 100), None), None)))
        return col(col(head, self.about, (body, 1), gap=12, pad=(16, 12, 16, 12)), foot, gap=0)

    def open(self, **_what: object) -> None:
        """Show how everything stands; a list on which nothing is open goes away by itself."""
        self.refresh()
        if self.steps and self._next() is None and not self.can_put_away():
            self.run(service.end_first_day.of(), said=_("All is done. The list is put away."))

    def start(self) -> QWidget | None:
        """Begin at the first line that is open."""
        return next((d for d, s in zip(self.doors, self.steps, strict=True) if not s.done), self.big)

    def refresh(self) -> None:
        """Read anew how everything stands."""
        self.steps = sorted(self.office.gather(offers.first_steps), key=lambda step: step.place)
        while len(self.shown) < len(self.steps):
            self._add_line(len(self.shown))
        for line in self.shown[len(self.steps) :]:
            line.hide()
        for line, step in zip(self.shown, self.steps, strict=False):
            line.show_step(step)
        self._show_count()
        self.update_actions()

    def _add_line(self, at: int) -> None:
        made = Line()
        made.door.clicked.connect(partial(self._go_in, at))
        self.shown.append(made)
        self.lines.addWidget(made)

    def _go_in(self, at: int) -> None:
        self.go(self.steps[at].word, **self.steps[at].what)

    @property
    def doors(self) -> list[Button]:
        """Return the buttons of the lines that are seen."""
        return [line.door for line in self.shown[: len(self.steps)]]

    def _show_count(self) -> None:
        done = sum(step.done for step in self.steps)
        words = ngettext("%(done)s of %(n)s done", "%(done)s of %(n)s done", len(self.steps))
        self.count.setText(words % {"done": done, "n": len(self.steps)})
        self.about.setText(
            _("All is done.")
            if done == len(self.steps)
            else _("What a hotel needs before its first night, as the books say it now.")
        )
        following = self._next()
        self.big.say(_("Next: %(what)s") % {"what": following.text} if following else _("Put the list away"))

    def _next(self) -> FirstStep | None:
        return next((step for step in self.steps if not step.done), None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move among the lines with the arrows."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        at = next((n for n, door in enumerate(self.doors) if door.hasFocus()), None)
        if not step or at is None:
            super().keyPressEvent(event)
            return
        self.doors[max(min(at + step, len(self.doors) - 1), 0)].setFocus()

    # -------------------------------------------------------------- actions
    @action(N_("Next"), key=keys.PRIMARY, kind="primary")
    def next_step(self) -> None:
        """Open the first line that is open; where none is, put the list away."""
        if following := self._next():
            self.go(following.word, **following.what)
        else:
            self.acts["put_away"].press()

    @action(N_("Put the list away"), operation=service.end_first_day)
    def put_away(self) -> None:
        """Show the list no more under what waits."""
        if self.run(service.end_first_day.of()):
            self.leave()

    def can_put_away(self) -> str:
        """Only once."""
        shown = self.office.ask(queries.setting).options.first_day
        return "" if shown else _("The list is put away already.")
