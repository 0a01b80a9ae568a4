"""The running program: which window is seen, and what happens behind it. The first window is painted before
anything heavy loads."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from pms.core import i18n
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.office import Office
from pms.ui.kit import background, theme
from pms.ui.kit.theme import Look
from pms.ui.kit.topbar import Device

LAMPS_EVERY = 2000
"""Milliseconds between two looks at the devices."""


class Backstage(Protocol):
    """What the window needs of the rest of the program; each call but the first two may take its time."""

    demo: bool

    @property
    def station(self) -> str:
        """Return this workstation's name."""

    @property
    def ready(self) -> bool:
        """Say whether a hotel has been set up here."""

    def save_look(self, language: str, theme: str, scale: int, *, folded: bool = False) -> None:
        """Keep the workstation's look."""

    def open(self, trouble: Callable[[str], None]) -> Office:
        """Open the hotel and begin to watch it and to print; ``trouble`` is told of a lost server, and
        nothing when it is back."""

    def away(self) -> Any:
        """Return the lists for when the server does not answer; None where there is no server."""

    def devices(self) -> Sequence[Device]:
        """Return the lamps of this workstation's devices."""

    def founder(self) -> Any:
        """Return who founds hotels."""

    def use_demo(self) -> None:
        """Work with the demonstration hotel from now on."""

    def close(self) -> None:
        """Stop watching and printing."""


class FirstPaint(QObject):
    """Calls back once, after a widget has been painted for the first time."""

    def __init__(self, widget: QWidget, then: Callable[[], None]) -> None:
        super().__init__(widget)
        self._then = then
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Wait for the paint."""
        if event.type() == QEvent.Type.Paint and self._then is not _nothing:
            then, self._then = self._then, _nothing
            watched.removeEventFilter(self)
            QTimer.singleShot(0, then)
        return False


def _nothing() -> None:
    pass


class Program(QObject):
    """Shows the set-up or the sign-in, then opens the hotel behind it."""

    opened = Signal()
    """The hotel's books are open and everything heavy has been loaded."""
    _trouble = Signal(str)

    def __init__(self, app: QApplication, backstage: Backstage, look: Look) -> None:
        super().__init__()
        self.app, self.backstage, self.look = app, backstage, look
        self.window: QWidget | None = None
        app.aboutToQuit.connect(backstage.close)

    def start(self) -> None:
        """Dress the program and show its first window."""
        i18n.use(self.look.language)
        theme.apply(self.app, self.look)
        if self.backstage.ready:
            self.show_desk()
        else:
            self.show_set_up(making_demo=self.backstage.demo)

    def save_look(self, look: Look) -> None:
        """Keep the workstation's look."""
        self.look = look
        self.backstage.save_look(look.language, look.theme, look.scale, folded=look.folded)

    # -------------------------------------------------------------- the desk
    def show_desk(self) -> None:
        """Show the sign-in and open the hotel's books as soon as it is painted."""
        from pms.ui.main_window import MainWindow

        window = MainWindow(self.look, self.save_look, self.backstage.station)
        self._trouble.connect(window.show_trouble)
        window.lists.away = self.backstage.away

        def begin() -> None:
            background.run(window, lambda: self.backstage.open(self._trouble.emit), opened, failed)

        FirstPaint(window, begin)

        def opened(office: Office) -> None:
            window.attach(office, office.changes)
            self._watch_devices(window)
            self.opened.emit()
            if self.backstage.demo:
                self._enter_demo(window)

        def failed(error: Exception) -> None:
            if not isinstance(error, Refused):
                raise error
            window.opening_failed(error, begin)

        self._put(window)

    def _watch_devices(self, window: Any) -> None:
        """Show the lamps, and again whenever one has changed."""
        shown: list[Device] = []

        def look() -> None:
            found = list(self.backstage.devices())
            if found != shown:
                shown[:] = found
                window.show_devices(found)

        timer = QTimer(window)
        timer.timeout.connect(look)
        timer.start(LAMPS_EVERY)
        look()

    def _enter_demo(self, window: Any) -> None:
        """Nobody should have to look for the demonstration's password."""
        login, password = self.backstage.founder().demo_login()
        window.setWindowTitle(
            _("%(hotel)s – demonstration, everybody's password is %(password)s")
            % {"hotel": window.office.house().name, "password": password}
        )
        window.door.login.set_value(login)
        window.door.password.set_value(password)
        window.door.submit()

    # -------------------------------------------------------------- the set-up
    def show_set_up(self, *, making_demo: bool = False) -> None:
        """Show the first start's choices; what it needs loads behind the first paint."""
        from pms.ui.screens.set_up.screen import SetUp

        window = SetUp(self.look, self.backstage.founder, self.backstage.station)
        window.look_wanted.connect(self._dress_anew)
        window.finished.connect(self.show_desk)
        window.demo_made.connect(self._demo_made)
        FirstPaint(window, window.make_demo if making_demo else window.prepare)
        self._put(window)

    def _dress_anew(self, look: Look) -> None:
        self.save_look(look)
        i18n.use(look.language)
        theme.apply(self.app, look)
        self.show_set_up()

    def _demo_made(self) -> None:
        self.backstage.use_demo()
        self.show_desk()

    def _put(self, window: QWidget) -> None:
        before, self.window = self.window, window
        if before is not None:
            window.resize(before.size())
        window.setWindowState(before.windowState() if before is not None else Qt.WindowState.WindowMaximized)
        window.show()
        if before is not None:
            before.close()
            before.deleteLater()
