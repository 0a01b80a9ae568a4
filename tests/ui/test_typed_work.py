"""Typed work is never lost: the way back shows a form as it was left, a finished page is not come back to,
and what was said goes when it is no longer true."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt, QThreadPool
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from pms import duties
from pms.core.money import Money
from pms.services.guests.person import Person
from pms.services.property import service as property_service
from pms.services.shifts import service as shifts
from pms.services.staff import service as staff
from pms.services.stays import queries as stay_queries
from pms.services.stays import service as stays
from pms.ui.kit.parts import Button
from pms.ui.kit.theme import Look
from pms.ui.main_window import MainWindow
from tests import builders
from tests.builders import TODAY

from .checks import dress, look_around, takes_keys

Key = Qt.Key
LOOK = Look("en", "light", 100)
DAY = timedelta(days=1)


@pytest.fixture
def window(qtbot, desk):
    """The window at its board, cash needs a shift."""
    dress(LOOK)
    desk.offers = duties.offered()
    desk.do(property_service.edit, name="Yunqi", options=replace(desk.context_options(), shifts=True))
    made = MainWindow(LOOK, lambda look: None, "desk-1")
    qtbot.addWidget(made)
    made.attach(desk, desk.changes)
    made.resize(1366, 768)
    made.show()
    made.activateWindow()
    assert QTest.qWaitForWindowActive(made)
    made._came_in(desk.clerk)
    yield made
    QThreadPool.globalInstance().waitForDone()


def press(window, key):
    look_around()
    QTest.keyClick(takes_keys(window), key)


def page(window):
    return window.workplace.current()


def test_a_check_in_is_as_it_was_after_its_remedy(qtbot, window, desk):
    work = window.workplace
    work.go("check_in", {"room_id": desk.room_id("301")})
    form = page(window)
    QTest.keyClicks(form.guests.lines[0].name.line, "Wang Yaqin")
    form.acts["add_guest"].press()
    QTest.keyClicks(form.guests.lines[1].name.line, "Chen Zhiyuan")
    QTest.keyClicks(form.guests.lines[1].number.line, "11010519491231002X")
    qtbot.wait(100)
    press(window, Key.Key_F12)
    assert "No shift is open" in form.notes.text
    next(b for b in form.notes.findChildren(Button) if b.words).click()
    assert work.here[0] == "shifts"
    QTest.keyClicks(page(window).opening["float_amount"].line, "")
    press(window, Key.Key_F12)
    qtbot.waitUntil(lambda: "open" in page(window).notes.text, timeout=5000)
    press(window, Key.Key_Escape)
    assert page(window) is form
    assert [(g.name.value(), g.number.value()) for g in form.guests.lines] == [
        ("Wang Yaqin", ""),
        ("Chen Zhiyuan", "11010519491231002X"),
    ]
    assert form.room.value() == "301"
    assert form.notes.text == ""
    press(window, Key.Key_F12)
    qtbot.waitUntil(lambda: len(desk.ask(stay_queries.in_house, business_date=TODAY)) == 1, timeout=5000)


def test_escape_never_comes_back_to_a_finished_page(window, desk):
    stay = desk.do(
        stays.check_in,
        line_id=desk.book(nights=1),
        room_id=desk.room_id("301"),
        guests=[Person("Wang Yaqin")],
        intent=desk.new_intent(),
    )
    work = window.workplace
    work.go("folios", {"stay_id": stay})
    work.go("extend", {"stay_id": stay})
    press(window, Key.Key_F12)
    assert desk.ask(stay_queries.stay, stay_id=stay, business_date=TODAY).nights == 2
    assert work.here[0] == "folios"
    press(window, Key.Key_Escape)
    assert work.here[0] == "room_board"


def test_a_refusal_goes_when_its_field_is_right(window, desk):
    window.workplace.go("check_in", {"line_id": desk.book(room_id=desk.room_id("301"))})
    form, number = page(window), page(window).guests.lines[0].number
    QTest.keyClicks(number.line, "1")
    press(window, Key.Key_F12)
    assert "17 missing" in form.notes.text
    QTest.keyClicks(number.line, "1010519491231002X")
    assert (number.shown_error(), form.notes.text) == ("", "")


def test_an_old_message_does_not_stand_on_another_page(window, desk):
    desk.do(shifts.open_shift, float_amount=Money(100000), intent=desk.new_intent())
    work = window.workplace
    work.go("shifts", {})
    shift = page(window)
    shift.notes.good("The shift is open.")
    shift.pages.show_page("count")
    assert shift.notes.text == "The shift is open."  # said just now
    shift.notes._at -= 6 * 60
    shift.pages.show_page("work")
    assert shift.notes.text == ""
    shift.notes.good("Old.")
    work.go("luggage", {})
    work.go("shifts", {})
    assert shift.notes.text == ""


def test_the_sign_in_offers_to_open_a_shift_until_one_is_open(qtbot, window, desk):
    work = window.workplace
    qtbot.waitUntil(lambda: "No shift is open at desk-1" in work.welcome.text, timeout=5000)
    next(b for b in work.welcome.findChildren(Button) if b.words == "Open shift").click()
    assert work.here[0] == "shifts"
    desk.do(shifts.open_shift, float_amount=Money(100000), intent=desk.new_intent())
    qtbot.waitUntil(lambda: work.welcome.text == "", timeout=5000)


def test_who_takes_over_types_the_sign_in_name(qtbot, window, desk):
    for login, name in (("mei", "Wang Mei"), ("hk", "Sun Ye"), ("hao", "Zhou Hao")):
        desk.do(staff.take_on, login=login, name=name, role="clerk", password=builders.PASSWORD)
    QTest.keyClick(takes_keys(window), Key.Key_F11)
    door = window.door
    qtbot.waitUntil(lambda: QApplication.focusWidget() is door.names, timeout=3000)
    for typed, login in (("hk", "hk"), ("ha", "hao"), ("wang", "mei")):
        QTest.keyClicks(door.names, typed)
        assert door.login.value() == login
        door.names._last -= 10
