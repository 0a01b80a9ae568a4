"""A whole audit in the window by keys alone, as at two in the morning: begin, clear, decide, close."""

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from pms.services.night_audit import queries, service
from pms.services.stays import queries as stay_queries
from pms.ui.kit.theme import Look
from tests.authority.people import person
from tests.builders import TODAY
from tests.e2e.hands import Keyboard
from tests.night_audit.test_screen import DAY, Files, check_in
from tests.ui.checks import at_work

Key, Mod = Qt.Key, Qt.KeyboardModifier
TONIGHT = TODAY + DAY


@pytest.fixture
def hand(qtbot, desk):
    """One guest overstays, two are over credit, three have not come; an auditor who did none of it."""
    check_in(desk, "303", nights=1, name="Overdue", deposit=90000)
    check_in(desk, "301", nights=4, name="Short", deposit=100)
    check_in(desk, "302", nights=4, name="Shorter", deposit=100)
    desk.next_day()
    for step in ("report", "backup"):
        desk.do(service.step_done, business_date=TODAY, step=step)
    for n in range(3):
        desk.book(f"Late {n}", "TWN", nights=3)
    desk.after_close = Files(desk)
    desk.clerk = person(desk, "auditor")
    desk.clock.set(TODAY + 2 * DAY, 2)
    window = at_work(qtbot, desk, Look("en", "light", 100))
    window.resize(1366, 768)
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    return Keyboard(qtbot, window)


def says(hand):
    return hand.page.side.big.words


def settled(hand):
    hand.until(lambda: not hand.page.looking)


def next_of(hand, kind):
    """Go on by F12 until a finding of a kind is in hand."""
    for _step in range(20):
        if [i.finding.kind for i in hand.page.chosen()] == [kind]:
            return
        assert says(hand).startswith("Next: ")
        hand.primary()
    raise AssertionError(kind)


def marks(desk):
    found = desk.ask(queries.marks, business_date=TONIGHT)
    return sorted((key.partition(":")[0], m["state"], m["remark"]) for key, m in found.items())


def test_an_audit_by_keys_alone(qtbot, desk, hand):
    hand.reach("night_audit")  # where the auditor comes in
    assert says(hand) == "Begin the audit of 21 Nov"
    hand.primary()
    settled(hand)

    for _step in range(3):  # what must be cleared comes first
        if says(hand) == "Check out: 303":
            break
        hand.primary()
    hand.press(Key.Key_F6)
    hand.reach("extend")
    hand.primary()
    hand.until(lambda: _departure(desk, "303") > TONIGHT)
    hand.press(Key.Key_9, Mod.AltModifier)
    hand.reach("night_audit")
    settled(hand)

    next_of(hand, "arrivals")
    hand.press(Key.Key_A, Mod.ControlModifier)
    assert len(hand.page.chosen()) == 3
    hand.press(Key.Key_A)
    for letter in "called":
        hand.press(getattr(Key, f"Key_{letter.upper()}"))
    hand.press(Key.Key_A, Mod.ControlModifier)  # in the remark it chooses the words
    assert hand.page.finding.remark.line.selectedText() == "called"
    assert len(hand.page.chosen()) == 3
    hand.press(Key.Key_Return)
    hand.until(lambda: marks(desk) == [("arrivals", "approved", "called")] * 3)
    settled(hand)

    next_of(hand, "credit")
    hand.press(Key.Key_Down, Mod.ShiftModifier)
    queried = [i.finding.about for i in hand.page.chosen()]
    assert sorted(queried) == ["301", "302"]
    hand.press(Key.Key_Q)
    for letter in "why":
        hand.press(getattr(Key, f"Key_{letter.upper()}"))
    hand.press(Key.Key_Return)
    hand.until(lambda: ("credit", "queried", "why") in marks(desk))
    settled(hand)

    for _finding in hand.page.night.unmarked():
        if not says(hand).startswith("Next: "):
            break
        hand.primary()
    assert says(hand) == "Post and close 21 Nov"
    asked = []

    def agree():
        asked.append(QApplication.activeModalWidget())
        hand.press(Key.Key_Return)

    QTimer.singleShot(400, agree)
    hand.primary()
    hand.until(lambda: desk.house().business_date == TONIGHT + DAY)
    hand.until(lambda: not (hand.page.running or hand.page.looking))
    assert len(asked) == 1
    assert desk.after_close.wrote == [("report", TONIGHT), ("backup", TONIGHT)]
    assert says(hand) == "Reports of 21 Nov"


def _departure(desk, room):
    rows = desk.look(stay_queries.in_house, business_date=desk.house().business_date)
    return next(s.departure for s in rows if s.room == room)


def test_a_remark_asked_for_one_finding_marks_no_other(qtbot, desk, hand):
    QTest.keyClick(hand.window, Key.Key_F35, Mod.ControlModifier)  # the hand is still on Ctrl
    hand.reach("night_audit")
    hand.primary()
    settled(hand)
    next_of_kind = [i.finding.key for i in hand.page.list.items() if i.finding.kind == "arrivals"]
    hand.page.list.pick(next_of_kind[0])
    hand.page.list.setFocus()
    assert hand.page.can_approve() == "", "the audit is begun"
    hand.press(Key.Key_A)  # asks for the remark
    assert hand.page.finding.asked == "approved", QApplication.focusWidget()
    hand.until(lambda: hand.page.finding.remark.line.hasFocus())
    hand.page.list.pick(next_of_kind[1])  # another one, with the mouse
    hand.page.finding.remark.line.setFocus()
    hand.press(Key.Key_X)
    hand.press(Key.Key_Return)
    settled(hand)
    assert marks(desk) == []
