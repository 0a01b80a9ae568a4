"""The tour works a whole day through the real widgets; a small house is enough to see that it arrives at the
next morning."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from pms import duties
from pms.core import i18n
from pms.core.errors import Refused
from pms.core.settings import Home, Settings, load
from pms.duties import offered
from pms.services.opening import founding, store
from pms.ui import tour
from pms.ui.kit import idle, theme
from pms.ui.kit.desk import Asker, Desk
from pms.ui.main_window import MainWindow
from pms.ui.tour import camera
from pms.ui.tour.dresses import FULL, SHORT, Dress

CASES = (
    *(
        "booking-refused",
        "check-in-refused",
        "check-out-refused",
        "room-change-refused",
        "palette",
        "palette-search",
    ),
    *("search", "search-verb", "search-nothing", "keys", "clock-past-midnight"),
)
MOMENT = datetime(2026, 11, 20, 6, 20, tzinfo=UTC)


@pytest.mark.parametrize("language", ["zh_CN"])
def test_a_day_is_played_and_every_screen_and_paper_kept(qtbot, tmp_path, monkeypatch, language):
    monkeypatch.setattr(camera, "QUIET", 70)
    locked, real = [], time.monotonic
    monkeypatch.setattr(idle, "monotonic", lambda: real() * 10)  # a slow machine
    monkeypatch.setattr(MainWindow, "lock", lambda _window: locked.append(1))
    i18n.use(language)
    now = [MOMENT]
    place = Home(tmp_path / "home", tmp_path / "home")
    settings = Settings(station="desk-1", language=language)
    founding.make_demo(
        place.demo,
        settings,
        offered(),
        lambda: now[0],
        lambda _done, _days: None,
        past=2,
        ahead=6,
        floors=5,
    )
    office = store.open_office(place.demo, load(place.demo), offered(), clock=lambda: now[0])
    founder = founding.Founder(place, replace(settings), offered(), lambda: now[0])
    before, told = office.house().business_date, []

    def sleep(how_long: timedelta) -> None:
        now[0] += how_long

    shown = tour.play(
        QApplication.instance(),
        tmp_path / "out",
        language,
        office,
        founder,
        founder.demo_login(),
        sleep,
        told.append,
        tour.Wanted((Dress("dark"),), sample=False, first_start=False),
    )
    assert shown.missed == (), "nothing is left out silently, and here nothing is left out"
    pictures = sorted((tmp_path / "out").glob("zh-[0-9]*.png"))
    assert len(pictures) == shown.pictures
    assert len(list((tmp_path / "out").glob("zh-paper-*.pdf"))) == shown.papers
    assert locked == [], "a tour that takes long is not locked out"
    assert all(not QImage(str(p)).isNull() for p in pictures)
    names = " ".join(p.name for p in pictures)
    assert all(f"-{word.replace('_', '-')}-dark-100-1366x768" in names for word in duties.screens())
    assert all(f"-{case}-dark-100-1366x768" in names for case in CASES)
    papers = {p.stem for p in (tmp_path / "out").glob("zh-paper-*.pdf")}
    wanted = ("bill", "deposit-receipt", "registration-card", "room-change-slip", "recovery-sheet")
    assert {f"zh-paper-{kind}" for kind in wanted} <= papers
    assert office.house().business_date == before + timedelta(days=1)
    assert type(Desk.asker) is Asker
    office.engine.dispose()


def test_a_dress_is_asked_for_by_its_words_and_what_they_leave_open_is_shown_in_every_way():
    assert tour.wanted([], []).dresses == SHORT
    assert set(tour.wanted(["all"], []).dresses) == set(FULL)
    assert len(FULL) == len(theme.NAMES) * 2 * 3
    assert tour.wanted(["dark-130-1024"], []).dresses == (Dress("dark", 130, QSize(1024, 700)),)
    assert len(tour.wanted(["contrast"], []).dresses) == 6
    assert len(tour.wanted(["contrast", "contrast-100"], []).dresses) == 6, "none is shown twice"
    assert tour.wanted([], ["room-board", "set_up"]).only == ("room_board", "set_up")


@pytest.mark.parametrize(("dresses", "pages"), [(["pink"], []), (["dark-131"], []), ([], ["cellar"])])
def test_a_dress_or_a_page_that_is_none_is_refused_by_its_name(dresses, pages):
    with pytest.raises(Refused, match=(dresses or pages)[0].split("-")[-1]):
        tour.wanted(dresses, pages)


def test_a_page_that_cannot_be_shown_is_named_and_does_not_hide_the_next(qtbot, tmp_path, monkeypatch):
    taken = camera.Camera(QApplication.instance(), tmp_path, "en", lambda _file: None)
    with taken.trying("night_audit"):
        raise Refused("The books are shut.")
    with taken.trying("folios"):
        raise KeyError("balance")
    assert taken.missed == [
        "en night-audit (light-100-1366x768): The books are shut.",
        "en folios (light-100-1366x768): KeyError: 'balance'",
    ]


def test_the_set_up_is_filled_in_to_its_end_and_the_lists_of_a_first_day_are_shown(
    qtbot, tmp_path, monkeypatch
):
    monkeypatch.setattr(camera, "QUIET", 70)
    place = Home(tmp_path / "home", tmp_path / "home")
    founder = founding.Founder(place, Settings(station="desk-1"), offered(), lambda: MOMENT)
    nothing = cast(Any, None)
    shown = tour.play(
        QApplication.instance(),
        tmp_path / "out",
        "en",
        nothing,
        founder,
        ("", ""),
        nothing,
        lambda _file: None,
        tour.Wanted(only=(tour.SET_UP,)),
    )
    assert shown.missed == ()
    names = " ".join(p.name for p in (tmp_path / "out").glob("en-[0-9]*.png"))
    wanted = ("set-up-refused", "set-up-take-over", "first-day-room-board", "first-day-first-day")
    assert all(f"-{page}-light-100-1366x768" in names for page in wanted)
