"""The first start's pages as somebody fills them, to the founded hotel."""

from collections.abc import Callable
from typing import Any, cast

from pms.core.i18n import _
from pms.ui.screens.set_up.pages import SheetPage
from pms.ui.screens.set_up.screen import SetUp
from pms.ui.tour.camera import Camera
from pms.ui.tour.dresses import Dress

SHEET = 6
"""The page that asks for the sheet in hand; what stands behind it is there once the hotel is founded."""


class SettingUp:
    """One set-up, filled in as it goes."""

    def __init__(self, camera: Camera, founder: Any) -> None:
        self.camera, self.founder = camera, founder
        self.secret = founder.demo_login()[1]
        self.login = ""

    def show(self, dress: Dress) -> SetUp:
        """Show every page in a dress, and return the window at the last one before the hotel stands."""
        today = self.founder.now("Asia/Shanghai").date()
        window = SetUp(self.camera.dress(dress), lambda: self.founder, "desk-1", today=today)
        window.resize(dress.size)
        window.show()
        self.camera.shoot(window, "set-up-welcome")
        window.choose("own")
        for n, page in enumerate(window.pages[: SHEET + 1]):
            if n == 0:
                self._refused(window)
            self._fill(n, page)
            self.camera.shoot(window, f"set-up-{n + 1}")
            if n < SHEET:
                window.go_on()
        return window

    def _refused(self, window: SetUp) -> None:
        window.go_on()
        self.camera.shoot(window, "set-up-refused")
        window.notes.clear()

    def _fill(self, n: int, page: Any) -> None:
        typed: dict[int, dict[str, str]] = {
            0: {"name": _("Cloud Rest Hotel")},
            3: {"name": _("Wang Yaqin"), "password": self.secret, "again": self.secret},
        }
        form = getattr(page, "form", None) or getattr(page, "owner", None)
        for field, value in typed.get(n, {}).items():
            cast(Any, form)[field].set_value(value)

    def found(self, window: SetUp) -> Any:
        """Put the sheet away, found the hotel, show the guests that it takes over, and return its office."""
        page = cast(SheetPage, window.pages[SHEET])
        page.put_out()
        page.group.set_value(page._answer)
        page.sure.set_value(True)
        self.camera.shoot(window, "set-up-sheet-put-out")
        self.login = window.draft.owner["login"]
        window.go_on()
        self._await(lambda: window.office is not None or bool(window.notes.text))
        self.camera.shoot(window, "set-up-take-over")
        return window.office

    def _await(self, done: Callable[[], bool]) -> None:
        for _round in range(100):
            self.camera.settle()
            if done():
                return
