"""The tour works a whole day through the real widgets; a small house is enough to see that it arrives at the
next morning."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from pms import duties
from pms.core import i18n
from pms.core.settings import Home, Settings, load
from pms.duties import offered
from pms.services.opening import founding, store
from pms.ui import tour
from pms.ui.kit import idle
from pms.ui.kit.desk import Asker, Desk
from pms.ui.main_window import MainWindow

MOMENT = datetime(2026, 11, 20, 6, 20, tzinfo=UTC)


@pytest.mark.parametrize("language", ["zh_CN"])
def test_a_day_is_played_and_every_screen_and_paper_kept(qtbot, tmp_path, monkeypatch, language):
    monkeypatch.setattr(tour, "LOOKS", (("dark", tour.SIZE),))
    monkeypatch.setattr(tour, "QUIET", 70)
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

    count = tour.play(
        QApplication.instance(),
        tmp_path / "out",
        language,
        office,
        founder,
        founder.demo_login(),
        sleep,
        told.append,
    )
    pictures = sorted((tmp_path / "out").glob("zh-[0-9]*.png"))
    assert len(pictures) == count
    assert locked == [], "a tour that takes long is not locked out"
    assert all(not QImage(str(p)).isNull() for p in pictures)
    names = " ".join(p.name for p in pictures)
    assert all(word.replace("_", "-") in names for word in duties.screens())
    papers = {p.stem for p in (tmp_path / "out").glob("zh-paper-*.pdf")}
    wanted = ("bill", "deposit-receipt", "registration-card", "room-change-slip", "recovery-sheet")
    assert {f"zh-paper-{kind}" for kind in wanted} <= papers
    assert office.house().business_date == before + timedelta(days=1)
    assert type(Desk.asker) is Asker
    office.engine.dispose()
