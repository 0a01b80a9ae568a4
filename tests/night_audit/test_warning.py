"""Before the close the other workstations are told, count down, and are left in peace however it ends; on
both engines."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import select, text

from pms.core.changes import Changes
from pms.core.errors import Conflict, Refused
from pms.core.offers import Countdown
from pms.core.office import Clerk
from pms.db.base import Workplace
from pms.db.engine import reading
from pms.db.presence import Presence, others
from pms.db.topics import Watcher
from pms.duties import ALL
from pms.services.night_audit import queries, service
from pms.ui.kit.countdown import CountdownBar
from pms.ui.kit.theme import Look
from pms.ui.main_window import MainWindow
from pms.ui.screens.night_audit.close import State
from tests import builders
from tests.builders import TODAY
from tests.night_audit.test_screen import look_through, night, page_of
from tests.ui.checks import cut_texts, dress

DAY = timedelta(days=1)
Key = Qt.Key
__all__ = ["night"]


def beside(house, station="desk-2"):
    """Return the office of another workstation on the same database, which learns of changes by the counters
    only."""
    other = builders.office(house.engine, found=False)
    other.station, other.clock, other.changes, other.ids = (
        station,
        house.clock,
        Changes(),
        lambda: f"{station}-key",
    )
    return other


def at_work(office):
    presence = Presence(office.engine, office.station, office.clock)
    presence.say()
    presence._let_go()  # its line to the server would outlive the test
    return presence


def told(office):
    return office.ask(queries.countdowns, station=office.station, now=office.now())


def test_alone_nobody_is_told_and_nothing_is_awaited(house):
    at_work(house)
    house.at_night()
    house.do(service.begin, business_date=TODAY)
    assert house.do(service.warn, business_date=TODAY) == []
    assert told(beside(house)) == []


def test_the_others_count_down_and_are_left_in_peace_after_the_close(house):
    other = beside(house)
    house.clock.set(TODAY + DAY, 2)
    at_work(house), at_work(other)
    house.do(service.begin, business_date=TODAY)
    assert house.do(service.warn, business_date=TODAY) == ["desk-2"]
    [countdown] = told(other)
    assert 28 <= countdown.seconds <= 30
    assert "20 Nov starts in 9 s" in countdown.before % {"n": 9}
    assert told(house) == []  # who gives the warning needs none
    with pytest.raises(Conflict, match="desk-1 has announced"):
        other.do(service.warn, business_date=TODAY)
    house.do(service.close, business_date=TODAY)
    assert told(other) == []


def test_a_warning_is_called_off(house):
    other = beside(house)
    house.at_night()
    at_work(other)
    house.do(service.begin, business_date=TODAY)
    house.do(service.warn, business_date=TODAY)
    house.do(service.call_off, business_date=TODAY)
    house.do(service.call_off, business_date=TODAY)
    assert told(other) == []
    assert other.do(service.warn, business_date=TODAY) == []  # desk-1 has never said that it is at work


def test_a_warning_ends_by_itself_when_its_program_dies(house):
    other = beside(house)
    house.at_night()
    at_work(house), at_work(other)
    house.do(service.begin, business_date=TODAY)
    house.do(service.warn, business_date=TODAY)
    age(house, "audit_run", "warned_at", 91)
    assert told(other) == []
    assert other.do(service.warn, business_date=TODAY) == ["desk-1"]  # another auditor takes it up
    assert [c.seconds > 25 for c in told(house)] == [True]


def age(house, table, column, seconds):
    """Make a moment older, whichever clock wrote it."""
    later = (
        f"datetime({column}, '-{seconds} seconds')"
        if house.engine.dialect.name == "sqlite"
        else f"{column} - interval '{seconds} seconds'"
    )
    with house.engine.begin() as connection:
        connection.execute(text(f"UPDATE {table} SET {column} = {later}"))


def test_a_program_that_died_is_not_waited_for_and_one_that_ended_says_so(house):
    other = beside(house)
    presence = at_work(other)
    presence.say()
    assert house.ask(lambda s: others(s, "desk-1", house.now())) == ["desk-2"]
    age(house, "workplace", "seen_at", 200)
    assert house.ask(lambda s: others(s, "desk-1", house.now())) == []
    presence.start()
    presence.stop()
    assert house.ask(lambda s: s.scalars(select(Workplace.station)).all()) == []


def test_only_an_open_day_is_announced(house):
    house.at_night()
    house.do(service.begin, business_date=TODAY)
    house.next_day()
    with pytest.raises(Refused, match="business date is"):
        house.do(service.warn, business_date=TODAY)


# ------------------------------------------------------------------ on screen
def test_the_close_waits_for_the_others_and_may_be_called_off(qtbot, night):
    other = beside(night)
    at_work(other)
    page = page_of(qtbot, night)
    qtbot.keyClick(page, Key.Key_F12)
    look_through(qtbot, page)
    qtbot.keyClick(page, Key.Key_F12)
    assert "desk-2 is told. The day closes in 30 s." in page.side.doing.text()
    qtbot.wait(20)  # the new words get their places
    assert cut_texts(page) == []
    assert night.house().business_date == TODAY
    qtbot.keyClick(page, Key.Key_F12)  # pressed again it does not begin at once
    assert "it closes in" in page.can_go_on()
    page.acts["call_off"].press()
    assert told(other) == []
    assert not page.side.busy.isVisible()
    qtbot.keyClick(page, Key.Key_F12)
    for _second in range(queries.WARNING):
        page.closing.tick()
    qtbot.waitUntil(lambda: not page.running, timeout=10000)
    assert night.house().business_date == TODAY + DAY
    assert not page.side.stop.isVisible()


def test_another_clerk_at_the_screen_ends_the_countdown(qtbot, night):
    at_work(beside(night))
    page = page_of(qtbot, night)
    qtbot.keyClick(page, Key.Key_F12)
    look_through(qtbot, page)
    qtbot.keyClick(page, Key.Key_F12)
    page.clerk_changed()
    assert page.closing.state is State.OPEN
    assert "Another person" in page.notes.text


def test_the_other_window_counts_down_above_any_page_within_three_seconds(qtbot, night):
    other = beside(night)
    at_work(other)
    dress(Look("en", "light", 100))
    window = MainWindow(Look("en", "light", 100), lambda look: None, "desk-2")
    qtbot.addWidget(window)
    window.show()
    window.attach(other, other.changes)
    other.clerk = Clerk(1, "Zhang Li", "owner", ALL)
    window._came_in(other.clerk)
    watcher = Watcher(reading(other.engine), other.changes, seconds=2.0)
    watcher.look()
    watcher.start()
    try:
        bar = window.workplace.countdown
        assert not bar.isVisible()
        night.do(service.begin, business_date=TODAY)
        night.do(service.warn, business_date=TODAY)
        qtbot.waitUntil(bar.isVisible, timeout=3000)
        assert "desk-1 closes the day" in bar.text()
        window.workplace.go("figures", {})
        assert bar.isVisible()
        night.do(service.close, business_date=TODAY)
        qtbot.waitUntil(lambda: not bar.isVisible(), timeout=3000)
    finally:
        watcher.stop()


def test_a_countdown_ends_by_itself(qtbot):
    bar = CountdownBar()
    qtbot.addWidget(bar)
    bar.count(Countdown("In %(n)s s. Finish.", "Now. Wait.", 5, 60))
    assert bar.text() == "In 5 s Finish."
    bar.count(Countdown("In %(n)s s. Finish.", "Now. Wait.", 0, 60))
    assert bar.text() == "Now Wait."
    bar.count(Countdown("In %(n)s s.", "Now.", -61, 60))
    assert not bar.isVisible()
    assert bar.text() == ""
