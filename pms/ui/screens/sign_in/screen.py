"""Sign in, change user, the locked screen, and the first own password: four moments of the same page."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from time import monotonic
from typing import Protocol, cast

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListView, QWidget

from pms.core.errors import Refused, StoreTrouble
from pms.core.i18n import LANGUAGES, _
from pms.core.office import Clerk, Office
from pms.ui.kit import background, formats, keys, safety
from pms.ui.kit import theme as th
from pms.ui.kit.actions import shortcut
from pms.ui.kit.alone import Alone
from pms.ui.kit.forms import Secret, Text
from pms.ui.kit.messages import Notes, Remedy
from pms.ui.kit.parts import Button, Pic, box, chip, col, frame, label, row
from pms.ui.kit.theme import Look

PAUSE = 1.5
"""Seconds after which a letter begins another name."""
SIGN_IN, CHANGE, LOCKED, OWN = "sign_in", "change", "locked", "own"
CARDS = {SIGN_IN: (400, 336), CHANGE: (640, 380), LOCKED: (640, 380), OWN: (440, 380)}
"""Width and height of the card in each moment."""
LONGEST_PIN = 8


class Door(Protocol):
    """What this page needs of the office."""

    def sign_in(self, login: str, password: str) -> Clerk:
        """Check name and password; takes its time on purpose."""

    def sign_out(self) -> None:
        """Let nobody be signed in."""

    def pin_opens(self) -> bool:
        """Say whether a PIN opens the lock."""

    def unlock(self, pin: str) -> Clerk:
        """Go on by PIN."""

    def change_password(self, old: str, new: str) -> Clerk:
        """Change the password of who has just come in."""

    def staff_names(self) -> list[tuple[str, str]]:
        """Return login and name of those who may sign in."""


class Names(Alone, QListView):
    """Who may take over; a person is found by typing the sign-in name or the name."""

    def __init__(self) -> None:
        super().__init__()
        self.logins: list[str] = []
        self._typed, self._last = "", 0.0

    def keyboardSearch(self, search: str) -> None:
        """Take the first person whose sign-in name or name begins with what is typed."""
        now = monotonic()
        self._typed = (self._typed if now - self._last < PAUSE else "") + search.casefold()
        self._last = now
        model = self.model()
        for line, login in enumerate(self.logins):
            name = str(model.index(line, 0).data()).casefold()
            if login.casefold().startswith(self._typed) or name.startswith(self._typed):
                self.setCurrentIndex(model.index(line, 0))
                return


class SignInScreen(QWidget):
    """``signed_in`` tells who came, ``look_wanted`` another language, theme or size, ``evacuation_wanted``
    that the list is to be printed."""

    signed_in = Signal(object)
    look_wanted = Signal(object)
    evacuation_wanted = Signal()

    def __init__(self, look: Look, office: Office | None = None) -> None:
        super().__init__()
        self.setObjectName("desk")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.look, self.mode, self._office, self._waiting, self._busy = look, SIGN_IN, office, False, False
        self.notes, self.alarm = Notes(), Notes(slim=True)
        self.remedies: Callable[[], tuple[Remedy, ...]] = tuple
        """What can be done here while the server is away."""
        self.server_away = False
        """Whether nothing is to be asked of it: each question would hold the window up."""
        self.hotel, self.date = label("", "figure"), label("", "muted")
        self.title = label("", "page")
        self.sub = label("", "muted", wrap=True)
        self.login, self.password = Text(_("Sign-in name"), required=True, longest=60), Secret(_("Password"))
        self.new, self.again = Secret(_("New password")), Secret(_("Password again"))
        self._first_word, self._pin_opens = "", False
        self.names = Names()
        self.enter = Button(_("Sign in"), "Enter", "user", "primary")
        self.back = Button(_("Back"), "Esc")
        self.back.clicked.connect(self.give_up)
        self.evacuation = Button(_(keys.MEANING[keys.EVACUATE]), keys.EVACUATE, "users", "quiet")
        self.evacuation.clicked.connect(self.evacuation_wanted)
        self._arrange()
        self.notes.said.connect(lambda _text: self._fit())
        self.enter.clicked.connect(self.submit)
        self.login.line.returnPressed.connect(self._next)
        self.password.line.returnPressed.connect(self.submit)
        self.new.line.returnPressed.connect(self.again.setFocus)
        self.again.line.returnPressed.connect(self.submit)
        shortcut(keys.PRIMARY, self, self.enter.click)
        self.show_mode(SIGN_IN)

    # -------------------------------------------------------------- arrangement
    def _arrange(self) -> None:
        self._known: list[str] = []
        self._people = self._list()
        fields = (self.login, self.password, self.new, self.again)
        form = col(self.title, self.sub, *fields, self.notes, None, self._buttons(), gap=12)
        card = frame("card", row(self._people, (form, 1), gap=24, pad=(24, 24, 24, 24)))
        self._card = card
        head = col(self.hotel, self.date, self.alarm, gap=0)
        self.setLayout(
            col(
                row(self.evacuation, None, self._languages(), 24, self._sizes(), pad=(16, 16, 16, 0)),
                None,
                row(None, box(col(head, card, gap=16)), None),
                (None, 1),
                row(None, self._themes(), None, pad=(16, 0, 16, 24)),
                gap=0,
            )
        )

    def _buttons(self) -> QHBoxLayout:
        return row(self.back, (self.enter, 1), gap=8)

    def _list(self) -> QFrame:
        self._model = QStringListModel(self)
        self.names.setModel(self._model)
        self.names.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.names.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.names.setUniformItemSizes(True)
        self.names.setAccessibleName(_("Who takes over"))
        self.names.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.names.setStyleSheet(f"QListView::item {{ height: {th.px(34)}px; padding-left: 8px; }}")
        self.names.selectionModel().currentChanged.connect(self._named)
        self.names.activated.connect(lambda _index: self.password.setFocus())
        self.names.clicked.connect(lambda _index: self.password.setFocus())
        made = frame("well", col(self.names, gap=0, pad=(1, 1, 1, 1)))
        made.setFixedWidth(th.px(220))
        return made

    def _languages(self) -> QHBoxLayout:
        chips = [chip(words, on=code == self.look.language) for code, words in LANGUAGES.items()]
        for made, code in zip(chips, LANGUAGES, strict=True):
            made.clicked.connect(
                lambda _on=False, code=code: self.look_wanted.emit(replace(self.look, language=code))
            )
        return row(Pic("language"), *chips, gap=8)

    def _themes(self) -> QHBoxLayout:
        icons = {"light": "sun", "dark": "moon", "contrast": "contrast"}
        chips = [
            chip(_(words), icon=icons[name], on=name == self.look.theme) for name, words in th.NAMES.items()
        ]
        for made, name in zip(chips, th.NAMES, strict=True):
            made.clicked.connect(
                lambda _on=False, name=name: self.look_wanted.emit(replace(self.look, theme=name))
            )
        return row(*chips, gap=8)

    def _sizes(self) -> QHBoxLayout:
        chips = [chip(f"{scale}%", on=scale == self.look.scale) for scale in th.SCALES]
        for made, scale in zip(chips, th.SCALES, strict=True):
            made.clicked.connect(
                lambda _on=False, scale=scale: self.look_wanted.emit(replace(self.look, scale=scale))
            )
        return row(*chips, gap=8)

    # -------------------------------------------------------------- which moment
    def show_mode(self, mode: str) -> None:
        """Be the sign-in, the change of user, the locked screen or the page of the first own password."""
        self.mode = mode
        self._pin_opens = mode == LOCKED and self._ask_pin()
        clerk = self._office.clerk if self._office else None
        who = clerk.name if clerk else ""
        titles = {
            SIGN_IN: _("Sign in"),
            CHANGE: _("Change user"),
            LOCKED: _("Locked"),
            OWN: _("A password of your own"),
        }
        self.title.setText(titles[mode])
        subs = {
            SIGN_IN: "",
            CHANGE: _("%(name)s is signed in now; each person continues with their own password.")
            % {"name": who},
            LOCKED: self._locked_words(who),
            OWN: _("Whoever set the first one knows it. %(name)s chooses another now.") % {"name": who},
        }
        if not who and mode != SIGN_IN:
            subs[mode] = _("Nobody is signed in now.")
        self.sub.setText(subs[mode])
        self.sub.setVisible(bool(subs[mode]))
        self._show_fields(mode)
        self.notes.clear()
        self._fit()
        self._fill()

    def _fit(self) -> None:
        """Let the card be as high as its moment wants, or as what is said there needs."""
        width, height = map(th.px, CARDS[self.mode])
        needed, layout = height, self._card.layout()
        if layout is not None:
            layout.activate()
            needed = layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else height
        self._card.setFixedSize(width, max(height, needed))

    def _ask_pin(self) -> bool:
        """Say whether a PIN opens the lock; none does while the server does not answer."""
        if self._office is None or self.server_away:
            return False
        try:
            return cast(Door, self._office).pin_opens()
        except StoreTrouble:
            return False

    def _locked_words(self, who: str) -> str:
        if self._pin_opens:
            return _("%(name)s continues with PIN or password; another person may take over.") % {"name": who}
        return _("%(name)s continues with the password; another person may take over.") % {"name": who}

    def _show_fields(self, mode: str) -> None:
        self._people.setVisible(mode in (CHANGE, LOCKED))
        self.login.setVisible(mode == SIGN_IN)
        self.password.setVisible(mode != OWN)
        for field in (self.new, self.again, self.back):
            field.setVisible(mode == OWN)
        for secret in (self.password, self.new, self.again):
            secret.set_value("")
        if mode != OWN:
            self._first_word = ""
        self.enter.say(self._verb())
        self._name_password()

    def _verb(self) -> str:
        return _("Set the password") if self.mode == OWN else _("Sign in")

    def _name_password(self) -> None:
        """Ask for PIN or password where the person in hand may use either."""
        self.password.set_title(_("PIN or password") if self._takes_pin() else _("Password"))

    def _takes_pin(self) -> bool:
        """Say whether the person in hand is the one whose session is locked, and has a PIN."""
        mine = self._office is not None and self._in_hand() == self._office.clerk.name
        return self._pin_opens and self.mode == LOCKED and mine

    def _in_hand(self) -> str:
        line = self.names.currentIndex().row()
        return self._known[line] if 0 <= line < len(self._known) else ""

    def show_alarms(self, rooms: list[str]) -> None:
        """Ring for what is due, with the rooms alone: who passes by learns no name."""
        known = ", ".join(sorted(filter(None, rooms)))
        if not rooms or self.mode == SIGN_IN:
            self.alarm.clear()
        elif known:
            self.alarm.warn(_("Due now: room %(rooms)s. Sign in.") % {"rooms": known}, icon="clock")
        else:
            self.alarm.warn(_("Something is due now. Sign in."), icon="clock")

    def _fill(self) -> None:
        """Show the hotel, and who may sign in; what was shown before stays where the server is away."""
        if self.mode in (CHANGE, LOCKED):
            self._people.setVisible(bool(self._known) or not self.server_away)
        if self._office is not None and not self.server_away:
            with suppress(StoreTrouble):
                self._fill_from(self._office)

    def _fill_from(self, office: Office) -> None:
        house = office.house()
        self.hotel.setText(house.name)
        self.date.setText(
            _("Business date %(date)s, workstation %(station)s")
            % {"date": formats.long_day(house.business_date), "station": office.station}
        )
        if self.mode in (SIGN_IN, OWN):
            return
        names = cast(Door, office).staff_names()
        self.names.logins = [login for login, _name in names]
        self._known = [name for _login, name in names]
        self._model.setStringList([f"{name}  {login}" for login, name in names])
        mine = next((i for i, (_login, name) in enumerate(names) if name == office.clerk.name), 0)
        self.names.setCurrentIndex(
            self._model.index(mine if self.mode == LOCKED else (mine + 1) % max(len(names), 1))
        )

    def attach(self, office: Office) -> None:
        """Take the office that has now been opened; who pressed the button before that goes through now."""
        self._office = office
        self.show_mode_again()
        if self._waiting:
            self._waiting = False
            self.submit()

    def show_mode_again(self) -> None:
        """Fill in what the office knows without losing what has been typed."""
        self._fill()

    def showEvent(self, event: QShowEvent) -> None:
        """Put the cursor where one begins."""
        super().showEvent(event)
        self._first().setFocus()

    def _first(self) -> QWidget:
        if self.mode == OWN:
            return self.new
        if self.mode == SIGN_IN:
            return self.login if not self.login.value() else self.password
        return self.password if self.mode == LOCKED else self.names

    # -------------------------------------------------------------- going in
    def _named(self) -> None:
        line = self.names.currentIndex().row()
        if 0 <= line < len(self.names.logins):
            self.login.set_value(self.names.logins[line])
        self._name_password()

    def _next(self) -> None:
        if self.login.validate():
            self.password.setFocus()

    def submit(self) -> None:
        """Check name and password off the window's thread."""
        if self._busy:
            return
        for field in (self.new, self.again) if self.mode == OWN else (self.login, self.password):
            if not field.validate():
                field.setFocus()
                return
        if self._office is None:
            self._waiting = True
            self.notes.inform(_("The hotel's books are being opened. It continues by itself."), icon="clock")
            return
        if self.mode == OWN and self.new.value() != self.again.value():
            self.again.set_error(_("The two passwords differ."))
            self.again.setFocus()
            return
        self._hold(True)
        self.notes.clear()
        background.run(self, self._asked(), self._came_in, self._kept_out, self._show_busy)

    def _asked(self) -> Callable[[], Clerk]:
        """Return what is asked of the door now."""
        door, password = cast(Door, self._office), self.password.value()
        if self.mode == OWN:
            return partial(door.change_password, self._first_word, self.new.value())
        if self._takes_pin() and password.isascii() and password.isdigit() and len(password) <= LONGEST_PIN:
            return partial(door.unlock, password)
        return partial(door.sign_in, str(self.login.value()), password)

    def _came_in(self, clerk: Clerk) -> None:
        self._hold(False)
        if clerk.must_change:
            word = self.password.value()
            self.show_mode(OWN)
            self._first_word = word
            self.new.setFocus()
            safety.opened()
            return
        self._first_word = ""
        for field in (self.password, self.login, self.new, self.again):
            field.set_value("")
        self.signed_in.emit(clerk)

    def ended(self, why: str) -> None:
        """Say that the session here is over, and why; a PIN opens nothing then."""
        self._pin_opens = False
        self.sub.setText(_("Nobody is signed in now."))
        self._name_password()
        self.notes.refuse(why)

    def give_up(self) -> None:
        """Leave the page of the first own password: nobody is signed in then."""
        if self.mode != OWN or self._busy:
            return
        cast(Door, self._office).sign_out()
        self.show_mode(SIGN_IN)
        self.login.setFocus()

    def _kept_out(self, error: Exception) -> None:
        self._hold(False)
        if not isinstance(error, Refused):
            raise error
        if self.mode == OWN:
            self.notes.refuse(error)
            self.again.set_value("")
            self.new.setFocus()
            return
        if self._takes_pin():
            self._pin_opens = self._ask_pin()
            self.sub.setText(self._locked_words(cast(Office, self._office).clerk.name))
        self._name_password()
        self.notes.refuse(error, *(self.remedies() if isinstance(error, StoreTrouble) else ()))
        self.password.set_value("")
        self.password.setFocus()

    def _show_busy(self, busy: bool) -> None:
        self.enter.say(_("One moment") if busy else self._verb())

    def _hold(self, on: bool) -> None:
        self._busy = on
        self.login.line.setReadOnly(on)
        for secret in (self.password, self.new, self.again):
            secret.line.setReadOnly(on)
