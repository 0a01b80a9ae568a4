"""The wake-up desk by keyboard."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from pms.services.stays import service as stays
from pms.services.wake_ups import queries
from pms.ui.kit.refresh import ChangeSignal
from pms.ui.kit.theme import Look
from pms.ui.screens.wake_ups.screen import WakeUpsScreen
from tests.builders import TODAY
from tests.ui.checks import check_screen, dress

DAY = timedelta(days=1)
Key = Qt.Key


def page(qtbot, desk):
    made = WakeUpsScreen(desk, ChangeSignal(desk.changes))
    qtbot.addWidget(made)
    made.resize(1206, 716)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


@pytest.fixture
def guest(desk):
    """A guest in 301."""
    return desk.do(stays.check_in, line_id=desk.book(), room_id=desk.room_id("301"), intent=desk.new_intent())


def test_a_call_is_taken_and_answered_by_keys_alone(qtbot, desk, guest):
    dress(Look("en", "light", 100))
    screen = page(qtbot, desk)
    assert screen.start() is screen.room
    qtbot.keyClicks(screen.room.line, "301")
    qtbot.keyClicks(screen.time.line, "630")
    qtbot.keyClick(screen, Key.Key_F12)
    assert screen.notes.tone == "good"
    assert screen.tabs.counts() == {"due": "1", "done": "0"}
    screen.table.pick(1)
    qtbot.keyClick(screen.table, Key.Key_X)
    assert screen.table.row().tries == 1
    qtbot.keyClick(screen.table, Key.Key_A)
    assert screen.tabs.counts() == {"due": "0", "done": "1"}


def test_an_empty_room_is_named_at_its_field(qtbot, desk):
    dress(Look("en", "light", 100))
    screen = page(qtbot, desk)
    screen.room.set_value("302")
    screen.time.set_value("7:00")
    screen.press_primary()
    assert screen.room.shown_error() == "Nobody is in 302."


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_page_holds_to_the_rules(qtbot, desk, guest, language):
    dress(Look(language, "light", 100))
    screen = page(qtbot, desk)
    screen.open(stay_id=guest)
    assert screen.room.value() == "301"
    check_screen(screen)
    dress(Look("en", "light", 100))


# ------------------------------------------------------------------ the next such time
@pytest.mark.parametrize(
    ("day", "hour", "time", "meant"),
    [
        (1, 1, "630", "Sat 21 Nov 06:30, in 5 h 30 min"),
        (1, 3, "7:00", "Sat 21 Nov 07:00, in 4 h 0 min"),
        (1, 7, "7:00", "Sun 22 Nov 07:00, in 24 h 0 min"),
        (0, 22, "6", "Sat 21 Nov 06:00, in 8 h 0 min"),
        (0, 22, "23:15", "Fri 20 Nov 23:15, in 1 h 15 min"),
    ],
)
def test_a_time_without_a_day_is_the_next_one_by_the_clock_and_is_written_out(
    qtbot, desk, guest, day, hour, time, meant
):
    dress(Look("en", "light", 100))
    screen = page(qtbot, desk)
    if day:
        desk.next_day()  # closed at two: the business date is the clock's day or the one before
    desk.clock.set(TODAY + day * DAY, hour)
    qtbot.keyClicks(screen.room.line, "301")
    qtbot.keyClicks(screen.time.line, time)
    assert screen.meant.text() == f"301 Wang Yaqin, {meant}"
    qtbot.keyClick(screen, Key.Key_F12)
    assert screen.notes.text == f"301 Wang Yaqin, {meant}: on the list."
    [call] = desk.ask(queries.due)
    assert f"in {int((call.at - desk.now()).total_seconds()) // 3600} h" in meant
    assert (screen.room.value(), screen.day.value(), screen.meant.text()) == ("", None, "")


def test_before_the_audit_the_next_morning_is_the_clocks_and_not_the_business_dates(qtbot, desk, guest):
    dress(Look("en", "light", 100))
    desk.clock.set(TODAY + DAY, 1)  # still the business date of yesterday
    screen = page(qtbot, desk)
    screen.open(stay_id=guest)
    qtbot.keyClicks(screen.time.line, "6:30")
    assert "Sat 21 Nov 06:30, in 5 h 30 min" in screen.meant.text()
    qtbot.keyClicks(screen.day.line, "+3")
    assert "Mon 23 Nov 06:30" in screen.meant.text()
    screen.days.set_value(2)
    screen.days.changed.emit()
    assert "each day until Tue 24 Nov" in screen.meant.text()
