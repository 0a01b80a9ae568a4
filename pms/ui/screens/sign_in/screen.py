"""Sign in, change user, and the locked screen: three moments of the same page."""

from dataclasses import replace
from time import monotonic
from typing import Protocol, cast

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListView, QWidget

from pms.core.errors import Refused
from pms.core.i18n import LANGUAGES, _
from pms.core.office import Clerk, Office
from pms.ui.kit import background, formats, keys
from pms.ui.kit import theme as th
from pms.ui.kit.actions import shortcut
from pms.ui.kit.forms import Secret, Text
from pms.ui.kit.messages import Notes
from pms.ui.kit.parts import Button, Pic, box, chip, col, frame, label, row
from pms.ui.kit.theme import Look

PAUSE = 1.5
"""Seconds after which a letter begins another name."""
SIGN_IN, CHANGE, LOCKED = "sign_in", "change", "locked"


class Door(Protocol):
    """What this page needs of the office."""

    def sign_in(self, login: str, password: str) -> Clerk:
        """Check name and password; takes its time on purpose."""

    def staff_names(self) -> list[tuple[str, str]]:
        """Return login and name of those who may sign in."""


class Names(QListView):
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
    """``signed_in`` tells who came, ``look_wanted`` another language, theme or size."""

    signed_in = Signal(object)
    look_wanted = Signal(object)

    def __init__(self, look: Look, office: Office | None = None) -> None:
        super().__init__()
        self.setObjectName("desk")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.look, self.mode, self._office, self._waiting, self._busy = look, SIGN_IN, office, False, False
        self.notes, self.alarm = Notes(), Notes(slim=True)
        self.hotel, self.date = label("", "figure"), label("", "muted")
        self.title = label("", "page")
        self.sub = label("", "muted", wrap=True)
        self.login, self.password = Text(_("Sign-in name"), required=True, longest=60), Secret(_("Password"))
        self.names = Names()
        self.enter = Button(_("Sign in"), "Enter", "user", "primary")
        self._arrange()
        self.enter.clicked.connect(self.submit)
        self.login.line.returnPressed.connect(self._next)
        self.password.line.returnPressed.connect(self.submit)
        shortcut(keys.PRIMARY, self, self.enter.click)
        self.show_mode(SIGN_IN)

    # -------------------------------------------------------------- arrangement
    def _arrange(self) -> None:
        self._people = self._list()
        form = col(self.title, self.sub, self.login, self.password, self.notes, None, self._buttons(), gap=12)
        card = frame("card", row(self._people, (form, 1), gap=24, pad=(24, 24, 24, 24)))
        self._card = card
        head = col(self.hotel, self.date, self.alarm, gap=0)
        self.setLayout(
            col(
                row(None, self._languages(), 24, self._sizes(), pad=(16, 16, 16, 0)),
                None,
                row(None, box(col(head, card, gap=16)), None),
                (None, 1),
                row(None, self._themes(), None, pad=(16, 0, 16, 24)),
                gap=0,
            )
        )

    def _buttons(self) -> QHBoxLayout:
        return row((self.enter, 1), gap=8)

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
        """Be the sign-in, the change of user or the locked screen."""
        self.mode = mode
        clerk = self._office.clerk if self._office else None
        who = clerk.name if clerk else ""
        titles = {SIGN_IN: _("Sign in"), CHANGE: _("Change user"), LOCKED: _("Locked")}
        self.title.setText(titles[mode])
        subs = {
            SIGN_IN: "",
            CHANGE: _("%(name)s is signed in now; each goes on with the own password.") % {"name": who},
            LOCKED: _("%(name)s goes on with the password; another person may take over.") % {"name": who},
        }
        self.sub.setText(subs[mode])
        self.sub.setVisible(bool(subs[mode]))
        self._people.setVisible(mode != SIGN_IN)
        self.login.setVisible(mode == SIGN_IN)
        self.notes.clear()
        self.password.set_value("")
        self._card.setFixedSize(
            th.px(400 if mode == SIGN_IN else 640), th.px(336 if mode == SIGN_IN else 380)
        )
        self._fill()

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
        if self._office is None:
            return
        house = self._office.house()
        self.hotel.setText(house.name)
        self.date.setText(
            _("Business date %(date)s, workstation %(station)s")
            % {"date": formats.long_day(house.business_date), "station": self._office.station}
        )
        if self.mode == SIGN_IN:
            return
        names = cast(Door, self._office).staff_names()
        self.names.logins = [login for login, _name in names]
        self._model.setStringList([f"{name}  {login}" for login, name in names])
        mine = next((i for i, (_login, name) in enumerate(names) if name == self._office.clerk.name), 0)
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
        if self.mode == SIGN_IN:
            return self.login if not self.login.value() else self.password
        return self.password if self.mode == LOCKED else self.names

    # -------------------------------------------------------------- going in
    def _named(self) -> None:
        line = self.names.currentIndex().row()
        if 0 <= line < len(self.names.logins):
            self.login.set_value(self.names.logins[line])

    def _next(self) -> None:
        if self.login.validate():
            self.password.setFocus()

    def submit(self) -> None:
        """Check name and password off the window's thread."""
        if self._busy:
            return
        for field in (self.login, self.password):
            if not field.validate():
                field.setFocus()
                return
        if self._office is None:
            self._waiting = True
            self.notes.inform(_("The hotel's books are being opened. It goes on by itself."), icon="clock")
            return
        self._hold(True)
        self.notes.clear()
        login, password, door = str(self.login.value()), self.password.value(), cast(Door, self._office)
        background.run(
            self, lambda: door.sign_in(login, password), self._came_in, self._kept_out, self._show_busy
        )

    def _came_in(self, clerk: Clerk) -> None:
        self._hold(False)
        self.password.set_value("")
        self.login.set_value("")
        self.signed_in.emit(clerk)

    def _kept_out(self, error: Exception) -> None:
        self._hold(False)
        if not isinstance(error, Refused):
            raise error
        self.notes.refuse(error)
        self.password.set_value("")
        self.password.setFocus()

    def _show_busy(self, busy: bool) -> None:
        self.enter.say(_("One moment") if busy else _("Sign in"))

    def _hold(self, on: bool) -> None:
        self._busy = on
        self.login.line.setReadOnly(on)
        self.password.line.setReadOnly(on)
