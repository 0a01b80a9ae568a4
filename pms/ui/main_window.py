"""The window: mounts what the index of duties lists and knows no duty itself."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow, QStackedWidget

from pms.core import i18n, places
from pms.core.changes import Changes
from pms.core.errors import Refused, StoreTrouble
from pms.core.i18n import LANGUAGES, N_, _
from pms.core.office import Clerk, Office
from pms.ui import habits
from pms.ui.doorkeeper import Doorkeeper
from pms.ui.kit import background, keys, safety, theme
from pms.ui.kit.actions import shortcut
from pms.ui.kit.idle import Idle
from pms.ui.kit.keyhelp import KeyHelp
from pms.ui.kit.messages import Notes
from pms.ui.kit.own_password import TITLE as OWN
from pms.ui.kit.palette import Entry, Palette, in_every_language
from pms.ui.kit.paper import TITLE as LATER
from pms.ui.kit.refresh import ChangeSignal
from pms.ui.kit.theme import Look
from pms.ui.kit.topbar import Device
from pms.ui.screens.sign_in import screen as sign_in
from pms.ui.without_server import WithoutServer
from pms.ui.workplace import Workplace

if TYPE_CHECKING:
    from pms.core.duty import Duty

TICK = 5_000
"""Milliseconds between two looks at the clock."""
OWN_WAITS = 3
"""Minutes for which the page of the first own password waits for somebody."""
SMALLEST = QSize(1024, 660)


class MainWindow(QMainWindow):
    """Sign-in, workplace and the locked screen; ``save_look`` keeps the workstation's language, theme and
    size."""

    TITLE = N_("Front desk")

    def __init__(self, look: Look, save_look: Callable[[Look], None], station: str) -> None:
        super().__init__()
        theme.wear(self)
        self.look, self._save_look, self.station = look, save_look, station
        self.office: Office | None = None
        self.signal: ChangeSignal | None = None
        self.index: Sequence[Duty] = ()
        self.workplace: Workplace | None = None
        self._devices: Sequence[Device] = ()
        self._trouble = ""
        self._pages = self.centre = QStackedWidget()
        self.setCentralWidget(self._pages)
        self.setMinimumSize(SMALLEST)
        self.resize(1366, 768)
        safety.guard().serve(self)
        self.keeper, self.lists = Doorkeeper(self), WithoutServer(self)
        self._make_keys()
        self._make_door()
        self.idle = Idle(self)
        self._clock = QTimer(self)
        self._clock.setInterval(TICK)
        self._clock.timeout.connect(self._tick)

    def _make_keys(self) -> None:
        doing = {
            keys.HELP: self.show_keys,
            keys.SEARCH: self.search,
            keys.PALETTE: self.show_palette,
            keys.BACK: self.back,
            keys.CHANGE_USER: self.change_user,
            keys.LOCK: self.lock,
            keys.EVACUATE: self.keeper.evacuate,
            keys.NEXT_TAB: self.next_tab,
            keys.WAITING: self.show_waiting,
        }
        doing |= {place.key: partial(self.go_to_place, place.word) for place in places.PLACES}
        for key, do in doing.items():
            shortcut(key, self, do)

    def _make_duty_keys(self) -> None:
        for duty in self.index:
            if duty.key:
                shortcut(duty.key, self, partial(self.go_to, duty.word))

    def go_to(self, word: str) -> None:
        """Open a duty's page by its key."""
        if work := self._at_work():
            work.go(word, {})

    def go_to_place(self, word: str) -> None:
        """Open a place by its key, or its next tab."""
        if work := self._at_work():
            work.go_to_place(word)

    def next_tab(self) -> None:
        """Open the next tab of the place."""
        if work := self._at_work():
            work.next_tab()

    # -------------------------------------------------------------- the door
    def _make_door(self) -> None:
        self.setWindowTitle(_(self.TITLE))
        self.door = sign_in.SignInScreen(self.look, self.office)
        self.door.signed_in.connect(self._came_in)
        self.door.look_wanted.connect(self.change_look)
        self.door.evacuation_wanted.connect(self.keeper.evacuate)
        self.door.remedies, self.door.server_away = self.lists.remedies, self.lists.lost()
        self._pages.addWidget(self.door)
        self._pages.setCurrentWidget(self.door)

    def attach(self, office: Office, changes: Changes, index: "Sequence[Duty]" = ()) -> None:
        """Take the office once its database is open, with all duties where no ``index`` is given; whoever has
        typed a password already goes through now."""
        from pms import duties  # not before the sign-in is painted

        self.office, self.index, self.lists.again = office, index or duties.DUTIES, None
        self._make_duty_keys()
        self.signal = ChangeSignal(changes, self)
        self.signal.changed.connect(self.keeper.heard)
        self.door.attach(office)
        self.setWindowTitle(office.house().name)
        self._clock.start()

    def opening_failed(self, error: Refused, again: Callable[[], None]) -> None:
        """Say at the door why the hotel's books could not be opened."""

        def once_more() -> None:
            self.door.notes.inform(_("The hotel's books are being opened."), icon="clock")
            again()

        self.lists.again = once_more if isinstance(error, StoreTrouble) else None
        self.door.notes.refuse(error, *(self.lists.remedies() if self.lists.again else ()))

    def _note(self, kind: str) -> None:
        """Write into the access log off the window's thread."""
        from pms.services.staff import access  # not before the window is painted

        assert self.office is not None
        noted, office = access.note.of(kind=access.Kind(kind), what=""), self.office
        background.run(self, lambda: office.do(noted), lambda _done: None, lambda _error: None)

    def _came_in(self, clerk: Clerk) -> None:
        first = self.workplace is None
        work = self._work()
        self.idle.touched()
        if not first:
            self._note("unlocked")
        work.show_clerk(clerk)
        self._pages.setCurrentWidget(work)
        if first:
            work.go_home()
        else:
            self._show_work()

    def _work(self) -> Workplace:
        if self.workplace is None:
            assert self.office is not None
            assert self.signal is not None
            self.workplace = Workplace(
                self.office, self.signal, self.index, self.width(), folded=self.look.folded
            )
            self.workplace.nav.folding.connect(self._keep_fold)
            self.workplace.bar.change_user.connect(self.change_user)
            self.workplace.bar.own_wanted.connect(self.keeper.show_own)
            self.workplace.rang.connect(lambda rooms: self.door.show_alarms(rooms))
            self.workplace.bar.show_devices(self._devices)
            self._tell_trouble(self.workplace.trouble)  # what was told at the door lasts
            self._pages.addWidget(self.workplace)
        return self.workplace

    def _keep_fold(self, folded: bool) -> None:
        self.look = replace(self.look, folded=folded)
        self._save_look(self.look)

    def _show_work(self) -> None:
        if self.workplace is not None:
            self._pages.setCurrentWidget(self.workplace)
            safety.opened()
            self.workplace._to_work()

    def change_user(self) -> None:
        """Let another person take over; what is typed on the page stays, and nobody goes on without a
        password."""
        self._ask_who(sign_in.CHANGE)

    def lock(self) -> None:
        """Lock the screen until a password is typed."""
        self.lists.leave()
        self._ask_who(sign_in.LOCKED)

    def shut(self) -> None:
        """Go to the locked screen because the session is over."""
        self.lists.leave()
        self._ask_who(sign_in.LOCKED, noted=False)

    def _ask_who(self, mode: str, *, noted: bool = True) -> None:
        if self.workplace is not None and self._pages.currentWidget() is self.workplace:
            while isinstance(asked := QApplication.activeModalWidget(), QDialog):
                asked.reject()  # what was asked is not answered by whoever comes next
                if QApplication.activeModalWidget() is asked:
                    break
            if noted:
                self._note("locked")
            self.door.show_mode(mode)
            self._tell_trouble(self.door.notes)
            self.door.show_alarms(self.workplace.rooms_due())
            self._pages.setCurrentWidget(self.door)
            safety.opened()

    # -------------------------------------------------------------- keys of the window
    def _at_work(self) -> Workplace | None:
        return (
            self.workplace
            if self.workplace is not None and self._pages.currentWidget() is self.workplace
            else None
        )

    def search(self) -> None:
        """Go to the search line."""
        if work := self._at_work():
            work.bar.search.setFocus()
            work.bar.search.selectAll()

    def back(self) -> None:
        """Go back one page; a locked screen stays locked."""
        if self.lists.page is not None:
            self.lists.leave()
        elif work := self._at_work():
            work.back()
        else:
            self.door.give_up()

    def show_keys(self) -> None:
        """Show which keys do what here."""
        if (work := self._at_work()) and (screen := work.current()):
            KeyHelp(list(screen.acts.values()), self).show_over(self)

    def show_palette(self) -> None:
        """Show everything that can be done now."""
        if work := self._at_work():
            entries = work.entries() + self._own_entries()
            count = partial(habits.count, work.office)
            Palette(entries, self, habits.chosen(work.office), count).show_over(self)

    def show_waiting(self) -> None:
        """Go to what waits to be done."""
        if work := self._at_work():
            work.waiting.enter()

    def _type_later(self) -> None:
        if (work := self._at_work()) and (page := work.current()):
            try:
                work.later.ask(self)
            except Refused as away:
                page.refuse(away)

    def _own_entries(self) -> list[Entry]:
        here = _("Window")
        doing = (
            (keys.MEANING[keys.CHANGE_USER], keys.CHANGE_USER, self.change_user),
            (keys.MEANING[keys.LOCK], keys.LOCK, self.lock),
            (keys.MEANING[keys.EVACUATE], keys.EVACUATE, self.keeper.evacuate),
            (keys.MEANING[keys.WAITING], keys.WAITING, self.show_waiting),
            (OWN, "", self.keeper.show_own),
            (LATER, "", self._type_later),
        )
        found = [Entry(_(words), here, key, do, also=in_every_language(words)) for words, key, do in doing]
        found += [
            Entry(
                _(words),
                here,
                "",
                partial(self.change_look, replace(self.look, theme=name)),
                also=in_every_language(words),
            )
            for name, words in theme.NAMES.items()
            if name != self.look.theme
        ]
        found += [
            Entry(words, here, "", partial(self.change_look, replace(self.look, language=code)))
            for code, words in LANGUAGES.items()
            if code != self.look.language
        ]
        return found + [
            Entry(
                _("Size %(percent)s%%") % {"percent": scale},
                here,
                "",
                partial(self.change_look, replace(self.look, scale=scale)),
            )
            for scale in theme.SCALES
            if scale != self.look.scale
        ]

    # -------------------------------------------------------------- look, devices, trouble
    def change_look(self, look: Look) -> None:
        """Dress everything anew: pages hold nothing that the database does not, so they are made again."""
        self.lists.leave()
        here = self.workplace.here if self.workplace else None
        left = self.workplace.current() if self.workplace else None
        unfinished = left.typed() if left else None
        signed_in = self._at_work() is not None
        self.door.give_up()  # a first password is typed anew
        mode, typed, title = self.door.mode, self.door.login.value(), self.windowTitle()
        self.look = look
        self._save_look(look)
        i18n.use(look.language)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme.apply(app, look)
        for page in (self.door, self.workplace):
            if page is not None:
                self._pages.removeWidget(page)
                page.deleteLater()
        had_work, self.workplace = self.workplace is not None, None
        self._make_door()
        if self.office is not None:
            self.setWindowTitle(title)
        if had_work and self.office is not None and here is not None and self.office.clerk.id:
            work = self._work()
            work.show_clerk(self.office.clerk)
            work._open(*here)
            if unfinished is not None and (anew := work.current()) is not None:
                anew.retype(unfinished)
            if signed_in:
                self._pages.setCurrentWidget(work)
            else:
                self.door.show_mode(mode)
        elif self.office is not None:
            self.door.show_mode(mode)
        self.door.login.set_value(typed)

    def show_devices(self, devices: Sequence[Device]) -> None:
        """Show a lamp for each device of this workstation."""
        self._devices = devices
        if self.workplace is not None:
            self.workplace.bar.show_devices(devices)

    def show_trouble(self, message: str) -> None:
        """Name a lasting trouble above the page, the lost server say; an empty message ends it. What is typed
        stays."""
        self._trouble = message
        for notes in (self.workplace.trouble if self.workplace is not None else None, self.door.notes):
            if notes is not None and not self._tell_trouble(notes):
                notes.clear()
        self.door.server_away = self.lists.lost()
        if not message:
            self.door.show_mode_again()
        self.lists.heard()

    def _tell_trouble(self, notes: Notes) -> bool:
        """Name the lasting trouble there; says whether there is one."""
        if self._trouble:
            notes.warn(self._trouble, *(self.lists.remedies() if self.lists.lost() else ()))
        return bool(self._trouble)

    def _tick(self) -> None:
        if self.door.mode == sign_in.OWN and self.idle.minutes() >= OWN_WAITS:
            self.door.give_up()  # whoever passes by sets nobody's password
        if self.workplace is None:
            return
        self.keeper.tick()
        self.workplace.look_at_clock()
        minutes = self.workplace.lock_minutes
        if self.idle.minutes() >= minutes > 0 and self._at_work() is not None:
            self.lock()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop listening before the pages go."""
        safety.guard().leave(self)
        self._clock.stop()
        if self.signal is not None:
            self.signal.stop()
        super().closeEvent(event)
