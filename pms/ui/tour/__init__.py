"""Play the demonstration day through the real widgets, without a display, and keep a picture of every screen
and paper."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication

from pms import duties
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.office import Office
from pms.ui.kit.desk import Desk
from pms.ui.tour import papers
from pms.ui.tour.camera import Camera
from pms.ui.tour.cases import Cases, first_day
from pms.ui.tour.day import Day
from pms.ui.tour.dresses import DAY, SAMPLE, SHORT, Dress, chosen
from pms.ui.tour.pages import SAMPLED, Pages, begin, known
from pms.ui.tour.set_up import SettingUp

SET_UP = "set_up"
"""The word of the first start's pages, which stand in no index."""


@dataclass(frozen=True)
class Wanted:
    """What a tour shows: every page in these ``dresses``, or ``only`` some pages and nothing else;
    ``sample``: a few pages in others too; ``first_start``: the set-up and the lists of a first day."""

    dresses: tuple[Dress, ...] = SHORT
    only: tuple[str, ...] = ()
    sample: bool = True
    first_start: bool = True


@dataclass(frozen=True)
class Shown:
    """What a tour has kept, and what it could not show."""

    pictures: int
    papers: int
    missed: tuple[str, ...]


def wanted(dresses: list[str], pages: list[str]) -> Wanted:
    """Return what the command line asks for; refuses a dress or a page that is none."""
    known_words = {SET_UP, *duties.screens()}
    only = tuple(page.replace("-", "_") for page in pages)
    if strange := [page for page in only if page not in known_words]:
        raise Refused(
            _("“%(word)s” is no page. The pages are: %(known)s.")
            % {"word": strange[0], "known": ", ".join(sorted(known_words))}
        )
    return Wanted(chosen(dresses), only, sample=not dresses)


def play(
    app: QApplication,
    folder: Path,
    language: str,
    office: Office,
    founder: Any,
    login: tuple[str, str],
    pass_time: Callable[[timedelta], None],
    say: Callable[[str], None],
    want: Wanted = Wanted(),
) -> Shown:
    """Play one language's tour; ``pass_time`` moves the office's clock on."""
    before, camera, kinds = Desk.asker, Camera(app, folder, language, say), 0
    try:
        if want.first_start and (not want.only or SET_UP in want.only):
            with camera.trying("set-up"):
                _first_start(camera, founder, want)
        if want.only != (SET_UP,):
            with camera.trying("pages"):
                _pages(camera, office, login, want)
        if not want.only:
            with camera.trying("day"):
                Day(camera, (*want.dresses, *(SAMPLE if want.sample else ()))).play(office, login, pass_time)
            house = office.house()
            kinds = papers.show(camera, office, [founder.sheet(founder.new_key(), house.name, house.zone)])
    finally:
        Desk.asker = before
    return Shown(camera.count, kinds, tuple(camera.missed))


def _first_start(camera: Camera, founder: Any, want: Wanted) -> None:
    """Show the set-up in every dress that is asked for, and the hotel that it founds."""
    setting_up = SettingUp(camera, founder)
    for dress in () if want.sample else want.dresses:
        if dress != DAY:
            setting_up.show(dress).close()
    window = setting_up.show(DAY)
    office = setting_up.found(window)
    window.close()
    try:
        first_day(camera, office, (setting_up.login, setting_up.secret), ())
    finally:
        office.engine.dispose()


def _pages(camera: Camera, office: Office, login: tuple[str, str], want: Wanted) -> None:
    window = begin(camera, office, login, at_door="sign-in")
    what = known(office)
    pages = Pages(camera, window, what)
    pages.show(want.dresses, want.only)
    if want.sample and not want.only:
        pages.show(SAMPLE, SAMPLED)
    if not want.only:
        inner = (DAY,) if want.sample else want.dresses
        pages.show_inner(inner)
        Cases(camera, window, what).show(inner)
        window.change_user()
        camera.shoot(window, "change-user")
    window.close()
