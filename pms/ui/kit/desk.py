"""The one way from a click to a service and back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, ClassVar, Generic, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from pms.core.errors import KeyUsed, NeedsApproval, NeedsConfirmation, Refused
from pms.core.i18n import _
from pms.core.office import Approval, Office
from pms.core.operation import Call
from pms.ui.kit import actions, background, keys, safety
from pms.ui.kit.actions import Act, ActButton
from pms.ui.kit.amounts import Day
from pms.ui.kit.forms import Field
from pms.ui.kit.messages import Notes, Remedy
from pms.ui.kit.paper import paper_time
from pms.ui.kit.parts import Button
from pms.ui.kit.refresh import ChangeSignal
from pms.ui.kit.unsaved import Typed

R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)


class Outcome(Generic[R_co]):
    """What became of an operation: true when it was done, with its result as ``value``."""

    def __init__(self, *done: R_co, signer: str = "") -> None:
        """``signer`` is the name of who signed or agreed, empty where nobody was asked."""
        self._done, self.signer = done, signer

    def __bool__(self) -> bool:
        return bool(self._done)

    @property
    def value(self) -> R_co:
        """Return the operation's result; only when it was done."""
        return self._done[0]


@dataclass
class Wish(Generic[R]):
    """A call that is being made, with what the clerk has confirmed and who has approved it so far."""

    call: Call[R]
    intent: str | None = None
    approval: Approval | None = None
    confirmed: frozenset[str] = frozenset()
    asked: str = ""

    def on(self, office: Office) -> R:
        """Make the call."""
        return office.do(self.call, intent=self.intent, confirmed=self.confirmed, approval=self.approval)

    def held(self, office: Office) -> tuple[R, set[str]]:
        """Make the call from another thread and return what it touched too, still to be announced."""
        with office.changes.held() as touched:
            value = self.on(office)
        return value, touched


class Asker:
    """The one place that asks for a confirmation or for a second person; tests put their own in its place."""

    def confirm(self, parent: QWidget, message: str) -> bool:
        """Ask whether to go on after reading ``message``."""
        from pms.ui.kit.dialogs import ConfirmDialog

        return ConfirmDialog(message, parent).ask()

    def approve(self, parent: QWidget, office: Office, wish: NeedsApproval) -> Approval | None:
        """Ask a second person for name and password."""
        from pms.ui.kit.dialogs import ApprovalDialog

        return ApprovalDialog(office, wish, parent).ask()

    def sign(self, parent: QWidget, office: Office, wish: NeedsApproval) -> Approval | None:
        """Ask for the name and password of who signs."""
        from pms.ui.kit.dialogs import SignatureDialog

        return SignatureDialog(office, wish, parent).ask()


class Desk(QWidget):
    """Anything that runs operations and has actions: a screen, or a panel of its own within one."""

    TOPICS: ClassVar[frozenset[str]] = frozenset()
    asker: ClassVar[Asker] = Asker()
    wanted = Signal(str, object)
    """Another screen is wanted: its word and what to open there. Use ``go``."""

    def __init__(self, office: Office, signal: ChangeSignal, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.office, self.signal = office, signal
        self.notes, self.ran, self._intents = Notes(self), 0, dict[str, str]()
        self.acts: dict[str, Act] = actions.build(self)
        self._stale = True
        signal.changed.connect(self._changed)
        built = self.build()
        if isinstance(built, QWidget):
            layout = QVBoxLayout(self)
            layout.setContentsMargins(0, 0, 0, 0)
            layout.addWidget(built)
        else:
            self.setLayout(built)
        self.update_actions()

    # -------------------------------------------------------------- what a screen fills in
    def build(self) -> QLayout | QWidget:
        """Put the page together; called once. Place ``self.notes`` where refusals belong."""
        raise NotImplementedError

    def refresh(self) -> None:
        """Ask the queries and show their rows; called when the screen is seen and its topics have changed."""

    # -------------------------------------------------------------- down: operations
    def run(self, call: Call[R], *, intent: str | None = None, said: str = "") -> Outcome[R]:
        """Run one operation; show a refusal in place, ask what has to be asked; defects reach the crash
        handler.

        ``said`` is the green line when it is done. Each call has an intent key until it is done, so that
        trying again never does it twice: a form that moves money takes ``self.office.new_intent()`` once when
        it opens (``intent``), for any other the page keeps one. When it takes longer than a tenth of a second
        the page shows that it is busy, goes on painting and takes no press until the answer is there.
        """
        wish = Wish(paper_time().stamped(call), intent or self._intent_of(call))
        while True:
            try:
                value, touched = background.waiter.result(partial(wish.held, self.office), self.show_busy)
            except (NeedsConfirmation, NeedsApproval, Refused) as answer:
                if not self._settle(wish, answer):
                    return Outcome()
            else:
                self.ran += 1
                self.office.changes.announce(touched)
                self._intents.pop(call.operation.action, None)
                paper_time().used(wish.call)
                self._finished(said)
                return Outcome(value, signer=wish.approval.name if wish.approval else "")

    def _intent_of(self, call: Call[Any]) -> str | None:
        """Return the key of what is tried here until it is done; None where no result can be kept with it."""
        if not call.operation.keeps_result:
            return None
        return self._intents.setdefault(call.operation.action, self.office.new_intent())

    def run_slow(
        self,
        call: Call[R],
        *,
        then: Callable[[R], None] | None = None,
        intent: str | None = None,
        said: str = "",
    ) -> None:
        """Run an operation off the window's thread; ``then`` gets its result when it is done."""
        self._run_slow(Wish(paper_time().stamped(call), intent or self._intent_of(call)), then, said)

    def ask_slow(self, question: Callable[[Any], R], *, then: Callable[[R], object]) -> None:
        """Ask a long question off the window's thread; ``then`` gets its rows.

        ``question`` is a query with its fields: ``partial(queries.sheets, job_id=7)``.
        """
        background.run(self, partial(self.office.ask, question), then, self._failed, self.show_busy)

    def _run_slow(self, wish: Wish[R], then: Callable[[R], None] | None, said: str) -> None:
        def done(value: R) -> None:
            self._intents.pop(wish.call.operation.action, None)
            paper_time().used(wish.call)
            self._finished(said)
            if then:
                then(value)

        def failed(error: Exception) -> None:
            if not isinstance(error, NeedsConfirmation | NeedsApproval | Refused):
                raise error
            if self._settle(wish, error):
                self._run_slow(wish, then, said)

        work = self.watched(partial(wish.on, self.office))
        background.run(self, work, done, failed, self.show_busy)

    def _settle(self, wish: Wish[Any], answer: Exception) -> bool:
        """Deal with what an operation answered; true when the same call is to be made again."""
        if isinstance(answer, NeedsConfirmation):
            if not self.asker.confirm(self, str(answer)):
                return False
            wish.confirmed |= {answer.token}
            return True
        if isinstance(answer, NeedsApproval):
            if wish.approval is not None and str(answer) == wish.asked:
                self.refuse(_("This was not agreed to by somebody who may, or too late. Try again."))
                return False
            wish.asked = str(answer)
            ask = self.asker.sign if answer.own else self.asker.approve
            wish.approval = ask(self, self.office, answer)
            return wish.approval is not None
        if isinstance(answer, KeyUsed):
            self._intents.pop(wish.call.operation.action, None)
        self.refuse(answer)
        return False

    def _finished(self, said: str) -> None:
        for body in self.findChildren(Typed):
            body.by_hand = False
        if said:
            self.notes.good(said)
        else:
            self.notes.clear()
        self.update_actions()

    def done_at(self) -> datetime:
        """Return the moment at which what is typed here is done: now, or on paper before."""
        return paper_time().moment or self.office.now()

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, Refused):
            raise error
        self.refuse(error)

    def refuse(self, why: str | Exception, *remedies: Remedy) -> None:
        """Say in place why something cannot be done; a refusal that names the screen where it is put right
        gets a button that goes there."""
        if isinstance(why, Refused) and why.word and not remedies:
            remedies = ((why.verb, partial(self.go, why.word)),)
        self.notes.refuse(why, *remedies)
        for field in self.findChildren(Field):
            if field.shown_error() == str(why):  # said of a field: it goes when the field is right
                field.righted.connect(partial(self._unsay, str(why)), Qt.ConnectionType.SingleShotConnection)

    def _unsay(self, why: str) -> None:
        if self.notes.why == why:
            self.notes.clear()

    def watched(self, work: Callable[[], R]) -> Callable[[], R]:
        """Return long work as it is carried out; a page with a bar lets it hear how far it is."""
        return work

    def show_busy(self, busy: bool) -> None:
        """Show or take away the mark of work that takes longer than 0.3 s."""
        if busy:
            self.setCursor(Qt.CursorShape.BusyCursor)
        else:
            self.unsetCursor()

    # -------------------------------------------------------------- up: refresh
    def update_actions(self) -> None:
        """Judge every action afresh; call it when the selection changes."""
        for act in self.acts.values():
            act.judge()

    def mark_stale(self) -> None:
        """Have the screen refreshed now if it is seen, else when it is next shown."""
        self._stale = True
        self._refresh_if_seen()

    def turn_day(self, today: date) -> None:
        """Take notice that the business date has moved: no field counts from yesterday any more."""
        for field in self.findChildren(Day):
            field.turn(today)

    def _changed(self, topics: frozenset[str]) -> None:
        if "business_date" in topics and (fields := self.findChildren(Day)):
            today = self.office.house().business_date
            if any(field.today != today for field in fields):
                self.turn_day(today)
        if topics & self.TOPICS:
            self.mark_stale()

    def showEvent(self, event: QShowEvent) -> None:
        """Refresh what has become stale while it was hidden."""
        super().showEvent(event)
        self._refresh_if_seen()

    def _refresh_if_seen(self) -> None:
        if self._stale and self.isVisible():
            self._stale = False
            try:
                self.refresh()
            except Refused as trouble:
                self.refuse(trouble)
            self.update_actions()

    # -------------------------------------------------------------- to others
    def go(self, word: str, **what: Any) -> None:
        """Open another duty's screen: ``self.go("folios", stay_id=7)``."""
        self.wanted.emit(word, what)

    def leave(self) -> None:
        """Go back to where one came from, as Esc does."""
        self.wanted.emit("", {})

    def back_button(self) -> Button:
        """Make the button that does what Esc does; it stands left of the filled one."""
        made = Button(_("Back"), keys.BACK)
        made.clicked.connect(lambda _on=False: self.leave())
        return made

    def button(
        self, name: str, *, kind: str | None = None, icon: str | None = None, words: str = ""
    ) -> ActButton:
        """Make a button of the action with this method name."""
        return ActButton(self.acts[name], kind=kind, icon=icon, words=words)


def may_leave(root: QWidget) -> bool:
    """Ask before what is typed in a form that is seen is given up; says whether it may be left."""
    if not any(body.unsaved() for body in root.findChildren(Typed)):
        return True
    return Desk.asker.confirm(root, _("What is typed here is not saved yet. Go on without it?"))


class Screen(Desk):
    """A duty's page. See ``pms.ui.kit`` for how to write one."""

    work_done = False
    """Whether what the page was opened for is done: Esc does not come back to it."""

    def __init__(self, office: Office, signal: ChangeSignal, parent: QWidget | None = None) -> None:
        super().__init__(office, signal, parent)
        actions.shortcut(keys.PRIMARY, self, self.press_primary)

    def open(self, **what: Any) -> None:
        """Show what another screen or the search asked for; called after the screen has been shown."""

    def start(self) -> QWidget | None:
        """Return the widget that gets the keys first; focus starts on the work."""
        return None

    def step_back(self) -> bool:
        """Leave a form of the page's own; says whether there was one. If there was none, Esc leaves the
        page."""
        return False

    # -------------------------------------------------------------- typed work, kept by the window
    def typed(self) -> dict[str, Any] | None:
        """Return what has been typed here and is not done, as plain facts; None where it is worth nothing."""
        return None

    def retype(self, typed: dict[str, Any]) -> None:
        """Type it again, after the page has been opened for the same thing."""

    def about_typed(self) -> str:
        """Name in a few words what is being typed."""
        return ""

    def finished(self) -> bool:
        """Say whether what the page was opened for is done."""
        return self.work_done

    def leave_for(self, word: str, **what: Any) -> None:
        """Go on to another page from one whose work is done."""
        self.work_done = True
        self.go(word, **what)

    def press_primary(self) -> None:
        """Press the filled button that is seen; one that has taken its place is looked at first."""
        if (button := self.filled_button()) is None:
            return
        before = (button, button.words)
        with safety.guard().pressing(keys.PRIMARY):
            button.click()
        if isValid(self) and (now := self.filled_button()) is not None and (now, now.words) != before:
            safety.opened()

    def filled_button(self) -> Button | None:
        """Return the filled button that is seen and can be pressed."""
        return next(
            (b for b in self.findChildren(Button) if b.kind == "primary" and b.isVisible() and b.isEnabled()),
            None,
        )

    def clerk_changed(self) -> None:
        """Take notice that another person works here now."""
        self.notes.clear()
        self.update_actions()
        self.mark_stale()
