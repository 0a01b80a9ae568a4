"""What no page shows of itself: acts that are refused, the palette, found things, keys, the empty lists of a
hotel's first day."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from pms import duties
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.office import Office
from pms.ui.kit.desk import Screen
from pms.ui.kit.keyhelp import KeyHelp
from pms.ui.kit.palette import Palette
from pms.ui.main_window import MainWindow
from pms.ui.tour.camera import Camera
from pms.ui.tour.dresses import DAY, Dress
from pms.ui.tour.pages import asks_for, begin, opened


def typed(line: QWidget, words: str) -> None:
    """Type words into a line as a keyboard does."""
    line.setFocus()
    for sign in words:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(line, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, sign))


def _guest(screen: Any) -> Any:
    return screen.guests.lines[0].name


def _none(_screen: Any) -> Any:
    return None


REFUSED: tuple[tuple[str, str, Callable[[Any], Any]], ...] = (
    ("booking", "save", _none),
    ("check_in", "check_in_now", _guest),
    ("check_out", "check_out", _none),
    ("room_change", "move_guest", _none),
)
"""Page, act, and the field that is emptied for it, where not all is missing anyway: each is refused in
place."""


class Cases:
    """Refusals, palette, search and keys, in each dress."""

    def __init__(self, camera: Camera, window: MainWindow, what: dict[str, Any]) -> None:
        self.camera, self.window, self.what = camera, window, what

    def show(self, dresses: tuple[Dress, ...]) -> None:
        """Show all of them."""
        for dress in dresses:
            self.camera.dress(dress, self.window)
            for word, act, emptied in REFUSED:
                with self.camera.trying(f"{word}-refused"):
                    self._refused(word, act, emptied)
            for show in (self._palette, self._search, self._keys):
                with self.camera.trying(show.__name__.strip("_")):
                    show()
        self.camera.dress(DAY, self.window)

    def _refused(self, word: str, act: str, emptied: Callable[[Any], Any]) -> None:
        screen = opened(self.camera, self.window, word, self.what)
        if (field := emptied(screen)) is not None:
            kept = field.value()
            field.set_value("")
        screen.acts[act].press()
        self.camera.settle()
        self.camera.shoot(self.window, f"{word}-refused")
        if not _told(screen):
            raise Refused(f"{act} is not refused")
        if field is not None:
            field.set_value(kept)  # the day's work begins with it
        screen.step_back()

    def _palette(self) -> None:
        opened(self.camera, self.window, "room_board", {})
        self.window.show_palette()
        palette = self.window.findChildren(Palette)[-1]
        self.camera.shoot(self.window, "palette", palette)
        typed(palette.line, _("Room"))
        self.camera.shoot(self.window, "palette-search", palette)
        palette.reject()
        palette.deleteLater()

    def _search(self) -> None:
        opened(self.camera, self.window, "room_board", {})
        self.window.activateWindow()
        work = self.window.workplace
        assert work is not None
        line = work.bar.search
        for name, words in (("search", "7"), ("search-verb", f"{self._room()} "), ("search-nothing", "zzqq")):
            self.window.search()
            line.clear()
            typed(line, words)
            self._await_results(line)
            self.camera.shoot(self.window, name)
        line.clear()
        line.close_results()

    def _room(self) -> str:
        from pms.services.stays import queries as stays

        assert self.window.office is not None
        today = self.window.office.house().business_date
        inside = self.window.office.ask(stays.in_house, business_date=today)
        return next(s.room for s in inside if s.stay_id == self.what["stay_id"])

    def _await_results(self, line: Any) -> None:
        for _round in range(20):
            self.camera.settle()
            if line.results().isVisible():
                return
        raise Refused("no results")

    def _keys(self) -> None:
        opened(self.camera, self.window, "folios", self.what)
        self.window.show_keys()
        shown = self.window.findChildren(KeyHelp)[-1]
        self.camera.shoot(self.window, "keys", shown)
        shown.close()
        shown.deleteLater()


def _told(screen: Screen) -> bool:
    """Say whether the page tells in place what it refuses."""
    return bool(screen.notes.text) and screen.notes.tone in ("bad", "warn")


def first_day(camera: Camera, office: Office, login: tuple[str, str], only: tuple[str, ...]) -> None:
    """Show every list of a hotel that was founded a moment ago."""
    window = begin(camera, office, login)
    for word in duties.screens(window.index):
        if (only and word not in only) or asks_for(window, word) - {"room_id"}:
            continue
        with camera.trying(f"first-day-{word}"):
            opened(camera, window, word, {})
            camera.shoot(window, f"first-day-{word}")
    window.close()
