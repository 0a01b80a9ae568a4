"""The wake-up desk by keyboard."""

import pytest
from PySide6.QtCore import Qt

from pms.services.stays import service as stays
from pms.ui.kit.refresh import ChangeSignal
from pms.ui.kit.theme import Look
from pms.ui.screens.wake_ups.screen import WakeUpsScreen
from tests.ui.checks import check_screen, dress

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
    assert screen.due.count == "1"
    screen.table.pick(1)
    qtbot.keyClick(screen.table, Key.Key_X)
    assert screen.table.row().tries == 1
    qtbot.keyClick(screen.table, Key.Key_A)
    assert (screen.due.count, screen.done.count) == ("0", "1")


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
