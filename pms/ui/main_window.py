"""The window: mounts what the index of duties lists and knows no duty itself."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow, QStackedWidget, QWidget
from shiboken6 import isValid

from pms.core import i18n, offers
from pms.core.changes import Changes
from pms.core.errors import Refused, StoreTrouble
from pms.core.i18n import LANGUAGES, N_, _
from pms.core.offers import Alarm, Badge, Hit
from pms.core.office import Clerk, Office
from pms.core.permissions import Permission
from pms.ui.doorkeeper import Doorkeeper
from pms.ui.kit import background, keys, safety, theme
from pms.ui.kit.actions import shortcut
from pms.ui.kit.countdown import CountdownBar
from pms.ui.kit.desk import Screen, may_leave
from pms.ui.kit.idle import Idle
from pms.ui.kit.keyhelp import KeyHelp
from pms.ui.kit.messages import Notes
from pms.ui.kit.navigation import Navigation
from pms.ui.kit.own_password import TITLE as OWN
from pms.ui.kit.palette import Entry, Palette
from pms.ui.kit.paper import TITLE as LATER
from pms.ui.kit.paper import LaterBar
from pms.ui.kit.parts import box, col, row
from pms.ui.kit.refresh import ChangeSignal
from pms.ui.kit.theme import Look
from pms.ui.kit.topbar import Device, TopBar, nav_width
from pms.ui.screens.sign_in import screen as sign_in
from pms.ui.typed import TypedWork
from pms.ui.waiting import Waiting
from pms.ui.without_server import WithoutServer

if TYPE_CHECKING:
    from pms.core.duty import Duty

TICK = 5_000
"""Milliseconds between two looks at the clock."""
OWN_WAITS = 3
"""Minutes for which the page of the first own password waits for somebody."""
SMALLEST = QSize(1180, 660)
HOME = "room_board"
Place = tuple[str, dict[str, Any]]


class Workplace(QWidget):
    """Bar, navigation and the pages of one clerk; pages are made when they are first wanted. ``rang`` tells
    the rooms of what is due, for the locked screen."""

    rang = Signal(list)

    def __init__(self, office: Office, signal: ChangeSignal, index: "Sequence[Duty]", width: int) -> None:
        super().__init__()
        self.setObjectName("desk")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.office, self.signal, self.index = office, signal, index
        self.screens: dict[str, Screen] = {}
        self.here: Place = ("", {})
        self._past: list[Place] = []
        self._opened: dict[str, dict[str, Any]] = {}
        """What each page was last opened for."""
        self._held: dict[str, QWidget | None] = {}
        """Who had the keys on a page when it was left."""
        self.bar = TopBar(office.station)
        self.bar.name.setFixedWidth(nav_width(width) - 8)
        self.nav = Navigation([d for d in index if d.screen], nav_width(width))
        self.waiting = Waiting(office)
        self.nav.set_foot(self.waiting)
        self.waiting.wanted.connect(self.go)
        self.waiting.shown.connect(self.nav.share)
        self.pages = QStackedWidget()
        self.trouble, self.alarm = Notes(), Notes()
        self.welcome, self.unfinished = Notes(slim=True), Notes(slim=True)
        self.typing = TypedWork(office, self)
        self.typing.unfinished.connect(self._show_unfinished)
        self.later = LaterBar(office)
        self._rung: list[Alarm] = []
        self._done = 0
        self._welcomed: frozenset[str] = frozenset()
        self.countdown = CountdownBar()
        page = box(
            col(
                self.trouble,
                self.countdown,
                self.later,
                self.alarm,
                self.welcome,
                self.unfinished,
                (self.pages, 1),
                gap=0,
            )
        )
        self.setLayout(col(self.bar, (box(row(self.nav, (page, 1), gap=0)), 1), gap=0))
        self.nav.wanted.connect(lambda word: self.go(word, {}))
        self.bar.search.ask = self._find
        self.bar.search.ask_older = self._find_older
        self.bar.search.found.connect(lambda hit: self.go(hit.word, hit.what))
        self.bar.search.left.connect(self._to_work)
        signal.changed.connect(self._heard)
        self.later.moved.connect(self._look_anew)
        self.show_house()
        self._read_rules()
        self.show_countdown()

    # -------------------------------------------------------------- going about
    def go(self, word: str, what: dict[str, Any]) -> None:
        """Open a page; where one came from is kept for Esc. No word at all goes back there."""
        if not word:
            self.back()
            return
        here = self.current()
        if not self.may_open(word):
            if here is not None:
                here.refuse(_("Your role may not open this page. Ask a person who may."))
            return
        self._keep()
        if here is not None and self.here[0] != word and not here.finished():
            self._past.append(self.here)
            self._held[self.here[0]] = QApplication.focusWidget()
        self._open(word, what)

    def may_open(self, word: str) -> bool:
        """Say whether the person at work may see a page: one of its duty's rights is enough."""
        duty = next((d for d in self.index if word == d.word or word in dict(d.pages)), None)
        return duty is None or not duty.reads or any(map(self.office.clerk.may, duty.reads))

    def back(self) -> None:
        """Leave the page's own form, else return to the page before as it was left, at last to the room
        board."""
        screen = self.current()
        if screen is not None and (not may_leave(screen) or screen.step_back()):
            return
        self._keep()
        while self._past:
            word, what = self._past.pop()
            if word != self.here[0]:
                self._return(word, what)
                return
        if self.here[0] != HOME:
            self._return(HOME, {})

    def _open(self, word: str, what: dict[str, Any]) -> None:
        screen = self.page(word)
        if word != self.here[0]:
            screen.notes.clear()  # what was said here some time ago
        screen.work_done = False
        self._show(word, what)
        screen.open(**what)
        self._opened[word] = what
        self.typing.follow((word, what), screen)
        self.typing.tell()
        safety.opened()
        (screen.start() or screen).setFocus()

    def _return(self, word: str, what: dict[str, Any]) -> None:
        """Show a page with what was typed there, unless it has been opened for something else since."""
        screen = self.page(word)
        if screen.finished() or self._opened.get(word) != what:
            self._open(word, what)
            return
        self._show(word, what)
        self.typing.follow((word, what), screen)
        self.typing.tell()
        screen.notes.clear()
        screen.mark_stale()
        safety.opened()
        held = self._held.get(word)
        if held is None or not isValid(held) or not held.isVisible() or not screen.isAncestorOf(held):
            held = screen.start() or screen
        held.setFocus()

    def _keep(self) -> None:
        """Keep what is typed on the page that is left."""
        if (screen := self.current()) is not None:
            self.typing.look(self.here, screen)

    def _show_unfinished(self, found: tuple[Place, str] | None) -> None:
        """Offer to go on with what was typed and not done."""
        if found is None:
            self.unfinished.clear()
            return
        (word, what), about = found
        self.unfinished.inform(
            _("%(what)s is not done yet. What was typed is kept.") % {"what": about},
            (_("Go on with it"), lambda: self.go(word, what)),
            (_("Discard it"), lambda: self._discard((word, what))),
            icon="clock",
        )

    def _discard(self, place: Place) -> None:
        self._opened.pop(place[0], None)
        self.typing.forget(place)

    def _show(self, word: str, what: dict[str, Any]) -> None:
        self.here = (word, what)
        self.nav.show_current(word)
        self.pages.setCurrentWidget(self.page(word))
        self._place_welcome()

    def _place_welcome(self) -> None:
        """Offer nothing above the very page that does it."""
        self.welcome.setVisible(bool(self.welcome.text) and self.here[0] not in self._welcomed)

    def page(self, word: str) -> Screen:
        """Return a page, made now if it has not been seen yet."""
        if word not in self.screens:
            from pms import duties  # not before the sign-in is painted

            made: Screen = duties.resolve(duties.screens(self.index)[word])(self.office, self.signal)
            made.wanted.connect(self.go)
            self.pages.addWidget(made)
            self.screens[word] = made
        return self.screens[word]

    def current(self) -> Screen | None:
        """Return the page that is seen."""
        return self.screens.get(self.here[0])

    def _to_work(self) -> None:
        if (screen := self.current()) is not None:
            (screen.start() or screen).setFocus()

    def go_home(self) -> None:
        """Begin at the room board, with nothing behind."""
        self._past.clear()
        self._open(HOME, {})

    def _look_anew(self) -> None:
        """Reckon anew what hangs on the time at which it is done."""
        for screen in self.screens.values():
            screen.mark_stale()

    # -------------------------------------------------------------- what the bar and the navigation show
    def _heard(self, topics: frozenset[str]) -> None:
        if topics & {"property", "business_date"}:
            self.show_house()
        if "property" in topics:
            self._read_rules()
        if topics & {"audit_warning", "business_date"}:
            self.show_countdown()
        if self.welcome.text and topics & self._welcomed:
            self.show_welcome()
        if "shifts" in topics:
            self.show_drawer()
        if self.isVisible():
            self.show_counts()
            self._wrote()

    def _wrote(self) -> None:
        """Ask anew what waits, at once only after what was done at this window."""
        done = sum(screen.ran for screen in self.screens.values())
        if done != self._done:
            self._done = done
            self.waiting.ask()

    def show_drawer(self) -> None:
        """Show in the bar whose drawer stands here."""
        background.run(
            self,
            lambda: self.office.gather(offers.drawers, station=self.office.station),
            self._show_drawer,
            lambda _error: None,
        )

    def _show_drawer(self, found: list[offers.Drawer]) -> None:
        drawer = found[0] if found else offers.Drawer(0, "")
        self.bar.show_drawer(drawer.clerk, own=drawer.clerk_id == self.office.clerk.id)

    def _read_rules(self) -> None:
        from pms.services.property import queries as property_queries  # not before the window is painted

        self.lock_minutes = self.office.ask(property_queries.setting).options.lock_minutes

    def rooms_due(self) -> list[str]:
        """Return the rooms of what is due now, for the locked screen: empty where it concerns no room."""
        return [alarm.room for alarm in self._rung]

    def show_countdown(self) -> None:
        """Count down above any page to what another workstation has announced, or stop."""
        background.run(
            self,
            lambda: self.office.gather(offers.countdowns, station=self.office.station, now=self.office.now()),
            lambda found: self.countdown.count(found[0] if found else None),
            lambda _error: None,
        )

    def show_house(self) -> None:
        """Show the hotel's name, date and clock."""
        self.bar.show_house(self.office.house())
        self.bar.show_moment(self.office.now())
        self.waiting.zone, self.waiting.digits = self.bar.house.zone, self.bar.house.digits

    def show_counts(self) -> None:
        """Show at each duty how many open things wait there."""
        background.run(self, self._counted, self._show_counts, lambda _error: None)

    def _counted(self) -> list[Badge]:
        return self.office.gather(offers.badges)

    def _show_counts(self, badges: list[Badge]) -> None:
        for badge in badges:
            self.nav.show_count(badge.word, badge.count, badge.tone)

    def look_at_clock(self) -> None:
        """Show the time, and what has become due."""
        now = self.office.now()
        self.bar.show_moment(now)
        self.waiting.look_at_clock()
        background.run(
            self,
            lambda: self.office.gather(offers.alarms, now=now),
            self._ring,
            lambda _error: None,
        )

    def _ring(self, alarms: list[Alarm]) -> None:
        """Show what has become due until it is dealt with; the same alarms are not shown twice, so that they
        may be closed."""
        if alarms == self._rung:
            return
        self._rung = alarms
        self.rang.emit([alarm.room for alarm in alarms])
        if alarms:
            first = alarms[0]
            self.alarm.warn(
                " ".join(a.text for a in alarms[:3]),
                (_("Open"), lambda: self.go(first.word, first.what)),
                icon="clock",
            )
        else:
            self.alarm.clear()

    def show_welcome(self) -> None:
        """Offer whoever comes in what has to be done before the work can begin."""
        background.run(
            self,
            lambda: self.office.gather(offers.welcomes, station=self.office.station),
            self._show_welcome,
            lambda _error: None,
        )

    def _show_welcome(self, found: list[Alarm]) -> None:
        self._welcomed = frozenset(a.word for a in found)
        if not found:
            self.welcome.clear()
            return
        first = found[0]
        self.welcome.inform(first.text, (_("Open shift"), lambda: self.go(first.word, first.what)))
        self._place_welcome()

    def _find(self, typed: str) -> list[Hit]:
        from pms.services.stays import found  # not before the window is painted
        from pms.ui import room_words

        asked = room_words.parted(typed)
        if asked is None:
            return self.office.gather(offers.search, text=typed)
        room, verb = asked
        lodged = self.office.ask(found.in_room, number=room) if self._sees_guests() else None
        words = tuple(word for word in room_words.fitting(verb) if self.may_open(word.page))
        if lodged is not None and words:
            return room_words.hits(words, *lodged)
        hits = self.office.gather(offers.search, text=typed.strip())
        if not hits and lodged is not None:
            raise room_words.unknown(room, verb)
        if not hits and words and verb:
            raise Refused(_("Nobody is in %(room)s.") % {"room": room})
        return hits

    def _sees_guests(self) -> bool:
        return self.office.clerk.may(Permission.GUESTS_READ)

    def _find_older(self, typed: str) -> list[Hit]:
        return self.office.gather(offers.older, text=typed)

    def show_clerk(self, clerk: Clerk) -> None:
        """Let another person work here; what the one before searched for goes with that one."""
        if self.bar.person.text() != clerk.name:
            self.later.end()
            self.bar.search.clear()
            self.bar.search.close_results()
        self.bar.show_clerk(clerk)
        self.nav.show_only({d.word for d in self.index if self.may_open(d.word)})
        for screen in self.screens.values():
            screen.clerk_changed()
        if self.here[0] and not self.may_open(self.here[0]):
            self.go_home()
        self.show_counts()
        self.waiting.forget()
        self.waiting.ask()
        self.show_drawer()
        self.show_welcome()
        self.typing.begin()

    # -------------------------------------------------------------- commands
    def entries(self) -> list[Entry]:
        """Return what can be done here and where one can go."""
        screen, found = self.current(), []
        for act in screen.acts.values() if screen else ():
            found.append(Entry(act.text(), _("Here"), act.spec.key, act.press, act.reason, act.spec.label))
        titles = [d for d in self.index if d.screen and self.may_open(d.word)]
        return found + [
            Entry(
                _(d.title),
                _(d.group) if d.group else _("Go to"),
                d.key,
                partial(self.go, d.word, {}),
                also=d.title,
            )
            for d in titles
        ]


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
            keys.WAITING: self.show_waiting,
        }
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
            self.workplace = Workplace(self.office, self.signal, self.index, self.width())
            self.workplace.bar.change_user.connect(self.change_user)
            self.workplace.bar.own_wanted.connect(self.keeper.show_own)
            self.workplace.rang.connect(lambda rooms: self.door.show_alarms(rooms))
            self.workplace.bar.show_devices(self._devices)
            self._tell_trouble(self.workplace.trouble)  # what was told at the door lasts
            self._pages.addWidget(self.workplace)
        return self.workplace

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
            Palette(work.entries() + self._own_entries(), self).show_over(self)

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
        found = [Entry(_(words), here, key, do, also=words) for words, key, do in doing]
        found += [
            Entry(_(words), here, "", partial(self.change_look, replace(self.look, theme=name)), also=words)
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
