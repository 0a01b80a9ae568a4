"""Delegations by keyboard: hand over, see, take back, and the window that learns of it."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from pms import duties
from pms.services.authority import delegation
from pms.services.authority.delegation import give
from pms.services.print_jobs import queries as print_jobs
from pms.ui.kit.theme import Look
from pms.ui.main_window import MainWindow
from pms.ui.screens.approvals.screen import COUNTS, ApprovalsScreen
from pms.ui.screens.authority.delegations import DelegationsScreen
from tests.builders import BOSS
from tests.ui.checks import check_screen, dress, look_around, opened

from .people import person

Key = Qt.Key
HOUR = timedelta(hours=1)


@pytest.fixture
def people(desk):
    return {role: person(desk, role) for role in ("manager", "clerk")}


def held(desk):
    return desk.ask(delegation.delegations, now=desk.now())


def lend(desk, people, **what):
    desk.clerk = people["manager"]
    fields = {"rights": ["stays:undo"], "kinds": ["rebate"], "reason": "On leave"} | what
    made = desk.do(
        give,
        taker_id=people["clerk"].id,
        start=desk.now(),
        until=desk.now() + 8 * HOUR,
        **fields,
    )
    desk.clerk = BOSS
    return made


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_page_keeps_the_rules_of_every_page(qtbot, desk, people, language):
    lend(desk, people)
    page = opened(qtbot, desk, DelegationsScreen, language)
    check_screen(page)
    page.acts["hand_over"].press()
    qtbot.wait(20)
    check_screen(page)


def test_what_one_has_is_handed_over_and_taken_back(qtbot, desk, people):
    desk.clerk = people["manager"]
    page = opened(qtbot, desk, DelegationsScreen)
    look_around()
    qtbot.keyClick(page, Key.Key_F12)
    form = page.giving
    assert page.rights["staff:edit"].isHidden()
    assert page.kinds["free"].isHidden()  # the manager gives no room away
    assert not page.kinds["rebate"].isHidden()
    form["taker"].set_value(str(people["clerk"].id))
    page.kinds["rebate"].setChecked(True)
    page.rights["stays:undo"].setChecked(True)
    qtbot.keyClick(page, Key.Key_F12)
    assert "Reason" in page.notes.text
    qtbot.keyClicks(form["reason"].line, "On leave until Monday")
    qtbot.keyClick(page, Key.Key_F12)
    [row] = held(desk)
    assert (row.taker, row.rights, row.kinds, row.state) == ("Clerk", ("stays:undo",), ("rebate",), "holds")
    assert row.until - row.start == 12 * HOUR
    look_around()
    qtbot.keyClick(page.table, Key.Key_Delete)
    assert held(desk)[0].state == "withdrawn"
    assert page.acts["withdraw"].reason


def test_the_keys_twice_hand_over_once(qtbot, desk, people):
    desk.clerk = people["manager"]
    page = opened(qtbot, desk, DelegationsScreen)
    look_around()
    qtbot.keyClick(page, Key.Key_F12)
    page.giving["taker"].set_value(str(people["clerk"].id))
    page.kinds["rebate"].setChecked(True)
    qtbot.keyClicks(page.giving["reason"].line, "On leave")
    for _ in range(3):
        qtbot.keyClick(page, Key.Key_F12)
    assert len(held(desk)) == 1


def test_the_use_by_person_and_kind_prints(qtbot, desk, people):
    lend(desk, people)
    page = opened(qtbot, desk, ApprovalsScreen)
    assert "By person" in page.acts["print_uses"].reason
    page.show_view(COUNTS)
    check_screen(page)
    qtbot.keyClick(page, Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert "prints" in page.notes.text
    assert [job.kind for job in desk.ask(print_jobs.jobs)] == ["authority_use"]


def test_the_window_learns_what_was_lent_and_that_it_is_over(qtbot, desk, people):
    dress(Look("en", "light", 100))
    desk.offers = duties.offered()
    desk.clerk = people["clerk"]
    window = MainWindow(Look("en", "light", 100), lambda look: None, "FD-1")
    qtbot.addWidget(window)
    window.attach(desk, desk.changes)
    window.show()
    window._came_in(desk.clerk)
    assert not window.workplace.may_open("reports")
    other = type(desk)(**{**vars_of(desk), "clerk": people["manager"]})
    other.do(
        give,
        taker_id=people["clerk"].id,
        start=desk.now(),
        until=desk.now() + HOUR,
        rights=["reports:read"],
        kinds=[],
        reason="On leave",
    )
    qtbot.waitUntil(lambda: window.workplace.may_open("reports"), timeout=5000)
    desk.clock.now += 2 * HOUR
    for _ in range(window.keeper.EACH):
        window.keeper.tick()
    qtbot.waitUntil(lambda: not window.workplace.may_open("reports"), timeout=5000)


def vars_of(house):
    """Return what another desk of the same program is made of: it announces to the same screens."""
    names = ("engine", "secret", "context", "clock", "offers", "changes", "door")
    return {name: getattr(house, name) for name in names}
