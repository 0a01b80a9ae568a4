"""Every page of the index, in every dress that is asked for, and what a page shows only when asked."""

from inspect import signature
from typing import Any, cast

from pms import duties
from pms.core import places
from pms.core.errors import Refused
from pms.core.office import Office
from pms.services.reservations import queries as bookings
from pms.services.stays import queries as stays
from pms.ui.kit.desk import Screen
from pms.ui.main_window import MainWindow
from pms.ui.tour.camera import Camera
from pms.ui.tour.dresses import DAY, Dress

SAMPLED = ("room_board", "housekeeping", "night_audit")
"""The pages that a short tour shows in other dresses too."""
ASKED = (
    ("night_audit", "every_line"),
    ("night_audit", "proof"),
    ("night_audit", "three_ways"),
    ("shifts", "count"),
    ("day_audit", "add"),
    ("lost_found", "found"),
    ("folios", "cards"),
    ("folios", "bill"),
)
"""What a page shows when its action is pressed."""


def begin(camera: Camera, office: Office, login: tuple[str, str], *, at_door: str = "") -> MainWindow:
    """Open the window and sign in; ``at_door`` names the picture of the door."""
    window = MainWindow(camera.dress(DAY), lambda look: None, office.station)
    window.resize(DAY.size)
    window.show()
    window.attach(office, office.changes)
    if at_door:
        camera.shoot(window, at_door)
    window.door.signed_in.emit(cast(Any, office).sign_in(*login))
    return window


def known(office: Office) -> dict[str, Any]:
    """Return a guest in house, an arrival and a room, for the pages that are opened for one."""
    today = office.house().business_date
    inside = [s for s in office.ask(stays.in_house, business_date=today) if s.departure > today]
    guest = inside[len(inside) // 2]
    return {
        "stay_id": guest.stay_id,
        "room_id": guest.room_id,
        "line_id": office.ask(bookings.arrivals, business_date=today)[0].line_id,
    }


def asks_for(window: MainWindow, word: str) -> set[str]:
    """Return what a page is opened for: a stay, an arrival, a room, or nothing."""
    taken = signature(duties.resolve(duties.screens(window.index)[word]).open).parameters
    tabs = {row.word for rows in places.tabs(window.index).values() for row in rows}
    if "stay_id" in taken and word not in tabs:
        return {"stay_id"}
    return {"check_in": {"line_id"}, "room_board": {"room_id"}}.get(word, set())


def opened(camera: Camera, window: MainWindow, word: str, what: dict[str, Any]) -> Screen:
    """Open a page with what it can be opened for; refuses where another one is seen afterwards."""
    window.idle.touched()
    work = window.workplace
    assert work is not None
    wanted = asks_for(window, word)
    work.go(word, {name: fact for name, fact in what.items() if name in wanted})
    camera.settle()
    screen = work.current()
    if screen is None or work.here[0] != word:
        raise Refused(screen.notes.text if screen is not None else word)
    if screen.notes.tone == "bad":
        raise Refused(screen.notes.text)
    return screen


class Pages:
    """All pages, one after the other."""

    def __init__(self, camera: Camera, window: MainWindow, what: dict[str, Any]) -> None:
        self.camera, self.window, self.what = camera, window, what

    def show(self, dresses: tuple[Dress, ...], only: tuple[str, ...]) -> None:
        """Show every page, or ``only`` these, in each dress."""
        for dress in dresses:
            with self.camera.trying("window"):
                self.camera.dress(dress, self.window)
            for word in duties.screens(self.window.index):
                if not only or word in only:
                    self._show(word)
        self.camera.dress(DAY, self.window)

    def _show(self, word: str) -> None:
        with self.camera.trying(word):
            opened(self.camera, self.window, word, self.what)
            self.camera.shoot(self.window, word)

    def show_inner(self, dresses: tuple[Dress, ...]) -> None:
        """Show what a page shows only when asked: the audit's other pages, the count, a stay's cards, the
        fields for guests from abroad."""
        for dress in dresses:
            self.camera.dress(dress, self.window)
            for word, act in ASKED:
                with self.camera.trying(f"{word}-{act}"):
                    screen = opened(self.camera, self.window, word, self.what)
                    screen.acts[act].press()
                    self.camera.shoot(self.window, f"{word}-{act}")
                    screen.step_back()
            for show in (self._shop, self._luggage, self._rental, self._from_abroad):
                with self.camera.trying(show.__name__.strip("_")):
                    show()
        self.camera.dress(DAY, self.window)

    def _shop(self) -> None:
        till = cast(Any, opened(self.camera, self.window, "shop", self.what))
        for view in ("shelf", "sales", "requests"):
            till.tabs.choose(view)
            self.camera.shoot(self.window, f"shop-{view}")

    def _luggage(self) -> None:
        luggage = cast(Any, opened(self.camera, self.window, "luggage", self.what))
        luggage.open(luggage.table.rows.row(0).number)
        self.camera.shoot(self.window, "luggage-tag")
        luggage.acts["hand_back"].press()
        self.camera.shoot(self.window, "luggage-hand-back")
        luggage.step_back()

    def _rental(self) -> None:
        rental = opened(self.camera, self.window, "rental", self.what)
        for form in ("lend", "take_back"):
            rental.acts[form].press()
            self.camera.shoot(self.window, f"rental-{form}")
            rental.step_back()

    def _from_abroad(self) -> None:
        check_in = cast(Any, opened(self.camera, self.window, "check_in", self.what))
        kind = check_in.guests.lines[0].kind.combo
        kind.setCurrentIndex(kind.findData("passport"))
        self.camera.shoot(self.window, "check-in-abroad")
