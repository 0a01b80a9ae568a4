"""What one clerk works at: bar, rail, tabs and pages. It mounts what the index of duties lists and knows no
duty itself."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from pms.core import offers, places
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.offers import Alarm, Badge, Hit
from pms.core.office import Clerk, Office
from pms.core.permissions import Permission
from pms.ui.kit import background, safety
from pms.ui.kit import theme as th
from pms.ui.kit.countdown import CountdownBar
from pms.ui.kit.desk import Screen, may_leave
from pms.ui.kit.messages import Notes
from pms.ui.kit.navigation import Navigation, PlaceTabs
from pms.ui.kit.pages import Pages
from pms.ui.kit.palette import Entry, in_every_language
from pms.ui.kit.paper import LaterBar
from pms.ui.kit.parts import box, col, row
from pms.ui.kit.refresh import ChangeSignal
from pms.ui.kit.topbar import TopBar, nav_width
from pms.ui.typed import TypedWork
from pms.ui.waiting import Waiting

if TYPE_CHECKING:
    from pms.core.duty import Duty

NARROW = 1180
"""Width below which the rail folds by itself."""
Place = tuple[str, dict[str, Any]]


class Workplace(QWidget):
    """Bar, navigation and the pages of one clerk; pages are made when they are first wanted. ``rang`` tells
    the rooms of what is due, for the locked screen."""

    rang = Signal(list)

    def __init__(
        self,
        office: Office,
        signal: ChangeSignal,
        index: "Sequence[Duty]",
        width: int,
        *,
        folded: bool = False,
    ) -> None:
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
        self.nav = Navigation(places.PLACES, nav_width(width), folded=folded)
        self.waiting = Waiting(office)
        self.nav.set_foot(self.waiting)
        self.waiting.wanted.connect(self.go)
        self.waiting.shown.connect(self.nav.share)
        self.waiting.counted.connect(self._show_counts)
        self.tabs, self._open_things = PlaceTabs(), dict[str, tuple[int, str]]()
        self.pages = Pages()
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
                self.tabs,
                (self.pages.area, 1),
                gap=0,
            )
        )
        self.setLayout(col(self.bar, (box(row(self.nav, (page, 1), gap=0)), 1), gap=0))
        self.nav.wanted.connect(self.open_place)
        self.tabs.wanted.connect(self.turn_to)
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
        if not self.may_open(word):
            self._refuse_page()
            return
        self._leave_for(word)
        self._open(word, what)

    def turn_to(self, word: str) -> None:
        """Open a tab as it was left, with what was typed there."""
        self._leave_for(word)
        screen = self.screens.get(word)
        left = self._opened.get(word, {}) if screen is not None and not screen.finished() else {}
        self._return(word, left)

    def _leave_for(self, word: str) -> None:
        """Keep what is typed here, and where one has been for Esc."""
        here = self.current()
        self._keep()
        if here is not None and self.here[0] != word and not here.finished():
            self._past.append(self.here)
            self._held[self.here[0]] = QApplication.focusWidget()

    def _refuse_page(self) -> None:
        if (here := self.current()) is not None:
            here.refuse(_("Your role may not open this page. Ask a person who may."))

    def may_open(self, word: str) -> bool:
        """Say whether the person at work may see a page: one of its duty's rights is enough."""
        duty = next((d for d in self.index if word == d.word or word in dict(d.pages)), None)
        return duty is None or not duty.reads or any(map(self.office.clerk.may, duty.reads))

    def back(self) -> None:
        """Leave the page's own form, else return to the page before as it was left, at last to where the
        role begins."""
        screen = self.current()
        if screen is not None and (not may_leave(screen) or screen.step_back()):
            return
        self._keep()
        while self._past:
            word, what = self._past.pop()
            if word != self.here[0]:
                self._return(word, what)
                return
        if self.here[0] != (home := self.home()):
            self._return(home, {})

    def _open(self, word: str, what: dict[str, Any]) -> None:
        screen = self.page(word)
        if word != self.here[0]:
            screen.notes.clear()  # what was said here some time ago
        screen.work_done = False
        kept = {name: fact for name, fact in what.items() if name != "said"}  # what was done is said once
        self._show(word, kept)
        screen.open(**what)
        self._opened[word], what = kept, kept
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
            (_("Resume"), lambda: self.go(word, what)),
            (_("Discard"), lambda: self._discard((word, what))),
            icon="clock",
        )

    def _discard(self, place: Place) -> None:
        self._opened.pop(place[0], None)
        self.typing.forget(place)

    def _show(self, word: str, what: dict[str, Any]) -> None:
        self.here = (word, what)
        self._show_tabs()
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
        """Begin where the role begins, with nothing behind."""
        self._past.clear()
        self._open(self.home(), {})

    # -------------------------------------------------------------- places and their tabs
    def home(self) -> str:
        """Return the page at which the person at work begins."""
        return places.home(self.index, self.office.clerk.role, self.may_open)

    def _there(self) -> "dict[str, list[Duty]]":
        """Return the tabs that the person at work may open, by place."""
        found = places.tabs(self.index)
        return {word: [row for row in rows if self.may_open(row.word)] for word, rows in found.items()}

    def _show_places(self) -> None:
        """Show the places in the role's order; one with a single tab takes that tab's name."""
        there, titles = self._there(), {}
        for place in places.in_order(self.office.clerk.role):
            if rows := there[place.word]:
                titles[place.word] = _(rows[0].title if len(rows) == 1 else place.title)
        self.nav.show_places(titles)
        self._show_tabs()

    def _show_tabs(self) -> None:
        """Mark the place one is in, and show its tabs."""
        place = places.place_of(self.index, self.here[0])
        self.nav.show_current(place.word if place else "")
        self.tabs.show_tabs(self._there()[place.word] if place else [], self.here[0], self._open_things)

    def go_to_place(self, word: str) -> None:
        """Open a place by its key: at its first tab, from one of its tabs at the next."""
        rows = [row.word for row in self._there()[word]]
        if self.here[0] not in rows:
            self.open_place(word)
            return
        following = rows[(rows.index(self.here[0]) + 1) % len(rows)]
        if following != self.here[0]:
            self.turn_to(following)

    def open_place(self, word: str) -> None:
        """Open a place at its first tab."""
        if rows := self._there()[word]:
            self.go(rows[0].word, {})
        else:
            self._refuse_page()

    def next_tab(self) -> None:
        """Go on to the next tab of the place one is in."""
        if place := places.place_of(self.index, self.here[0]):
            self.go_to_place(place.word)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the rail where the window is narrow."""
        super().resizeEvent(event)
        narrow = self.width() < th.px(NARROW)
        self.nav.show_narrow(narrow)
        self.bar.show_narrow(narrow)

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
        if self.isVisible() and not self._wrote():
            self.show_counts()

    def _wrote(self) -> bool:
        """Ask anew what waits and how much, at once only after what was done at this window; says whether it
        was."""
        done = sum(screen.ran for screen in self.screens.values())
        if done == self._done:
            return False
        self._done = done
        self.waiting.ask()
        return True

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
        self._open_things |= {badge.word: (badge.count, badge.tone) for badge in badges}
        for word, rows in self._there().items():
            waiting = [self._open_things.get(row.word, (0, "")) for row in rows]
            tones = {tone for count, tone in waiting if count}
            worst = next((tone for tone in ("bad", "warn") if tone in tones), "")
            self.nav.show_count(word, sum(count for count, _tone in waiting), worst)
        self._show_tabs()

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
        self._show_places()
        for screen in self.screens.values():
            screen.clerk_changed()
        if self.here[0] and not self.may_open(self.here[0]):
            self.go_home()
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
            also = in_every_language(act.spec.label)
            found.append(Entry(act.text(), _("Here"), act.spec.key, act.press, act.reason, also))
        there = self._there()
        for place in places.in_order(self.office.clerk.role):
            for at, duty in enumerate(there[place.word]):
                go = partial(self.go, duty.word, {})
                key = duty.key or ("" if at else place.key)
                also = in_every_language(duty.title, duty.found_by)
                found.append(Entry(_(duty.title), _(place.title), key, go, also=also, word=duty.word))
        return found
