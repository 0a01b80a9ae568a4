"""The door of the window by keyboard: the first own password, the PIN, the end of a session, the evacuation
list, and one's own password from the palette."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from sqlalchemy import func, select

from pms import duties
from pms.db.base import PrintJob
from pms.services.staff import service as staff
from pms.services.stays import service as stays
from pms.services.wake_ups import service as wake_ups
from pms.ui.kit.own_password import OwnPasswordDialog
from pms.ui.kit.palette import Palette
from pms.ui.kit.theme import Look
from pms.ui.main_window import MainWindow
from tests import builders
from tests.builders import PASSWORD

from .checks import cut_texts, dress, look_around

Key, Mod = Qt.Key, Qt.KeyboardModifier
OWN = "a word of my own"


@pytest.fixture
def window(qtbot, desk):
    """The window at its door; Ann has just been taken on, and the owner has a PIN."""
    dress(Look("en", "light", 100))
    desk.offers = duties.offered()
    desk.do(staff.take_on, login="ann", name="Ann", password="a first password", role="clerk")
    desk.sign_in("boss", PASSWORD)
    desk.set_pin(PASSWORD, "4071")
    desk.sign_out()
    made = MainWindow(Look("en", "light", 100), lambda look: None, "FD-1")
    qtbot.addWidget(made)
    made.attach(desk, desk.changes)
    made.show()
    assert QTest.qWaitForWindowExposed(made)
    yield made
    dress(Look("en", "light", 100))


def type_in(qtbot, window, password, login="boss"):
    if window.door.mode == "sign_in":
        window.door.login.set_value("")
        qtbot.keyClicks(window.door.login.line, login)
    qtbot.keyClicks(window.door.password.line, password)
    look_around()
    qtbot.keyClick(window.door.password.line, Key.Key_Return)


def at_work(qtbot, window):
    type_in(qtbot, window, PASSWORD)
    qtbot.waitUntil(lambda: window._at_work() is not None, timeout=5000)
    return window.workplace


def said(qtbot, window):
    qtbot.waitUntil(lambda: window.door.notes.text != "", timeout=5000)
    return window.door.notes.text


def papers(window):
    return window.office.ask(
        lambda s: s.scalar(select(func.count()).where(PrintJob.kind == "evacuation").select_from(PrintJob))
    )


# -------------------------------------------------------------- the first own password
def at_own(qtbot, window):
    type_in(qtbot, window, "a first password", "ann")
    qtbot.waitUntil(lambda: window.door.mode == "own", timeout=5000)
    return window.door


def test_who_was_given_a_password_sets_an_own_one_and_is_in(qtbot, window):
    door = at_own(qtbot, window)
    assert window._at_work() is None
    assert not door.password.isVisible()
    qtbot.keyClicks(door.new.line, OWN)
    qtbot.keyClicks(door.again.line, "something else")
    look_around()
    qtbot.keyClick(door.again.line, Key.Key_Return)
    assert "differ" in door.again.shown_error()
    door.again.set_value("")
    qtbot.keyClicks(door.again.line, OWN)
    qtbot.keyClick(door.again.line, Key.Key_Return)
    qtbot.waitUntil(lambda: window._at_work() is not None, timeout=5000)
    assert window.office.clerk.name == "Ann"
    assert not window.office.clerk.must_change
    assert door.new.value() == door.again.value() == door.password.value() == ""


def test_a_first_own_password_that_will_not_do_is_refused_in_place(qtbot, window):
    door = at_own(qtbot, window)
    for field in (door.new, door.again):
        qtbot.keyClicks(field.line, "12345678")
    look_around()
    qtbot.keyClick(door.again.line, Key.Key_Return)
    assert "easy to guess" in said(qtbot, window)
    assert window._at_work() is None


def test_escape_and_a_long_pause_leave_nobody_signed_in(qtbot, window, monkeypatch):
    at_own(qtbot, window)
    qtbot.keyClick(window, Key.Key_Escape)
    assert window.door.mode == "sign_in"
    assert window.office.clerk.id == 0
    at_own(qtbot, window)
    monkeypatch.setattr(window.idle, "minutes", lambda: 3.1)
    window._tick()
    assert window.door.mode == "sign_in"
    assert window.office.clerk.id == 0
    assert window.door._first_word == ""


# -------------------------------------------------------------- the lock and the PIN
def test_a_pin_opens_the_lock_and_the_same_page_comes_back(qtbot, window):
    work = at_work(qtbot, window)
    work.go("guests", {})
    window.lock()
    assert window.door.password.title == "PIN or password"
    type_in(qtbot, window, "4071")
    qtbot.waitUntil(lambda: window._at_work() is work, timeout=5000)
    assert work.here[0] == "guests"
    assert window.office.clerk.name == "Zhang Li"


def test_after_three_wrong_pins_the_field_asks_for_the_password(qtbot, window):
    at_work(qtbot, window)
    window.lock()
    for _ in range(3):
        window.door.notes.clear()
        type_in(qtbot, window, "9152")
        assert "PIN is wrong" in said(qtbot, window)
        qtbot.waitUntil(lambda: not window.door._busy)
    assert window.door.password.title == "Password"
    window.door.notes.clear()
    type_in(qtbot, window, "4071")
    assert "Name or password is wrong" in said(qtbot, window)
    type_in(qtbot, window, PASSWORD)
    qtbot.waitUntil(lambda: window._at_work() is not None, timeout=5000)


def test_a_pin_is_no_password_of_another_person_at_the_lock(qtbot, window):
    at_work(qtbot, window)
    window.lock()
    door = window.door
    door.names.setCurrentIndex(door._model.index(door.names.logins.index("ann")))
    assert door.password.title == "Password"
    type_in(qtbot, window, "4071")
    assert "Name or password is wrong" in said(qtbot, window)


def test_changing_the_user_takes_no_pin(qtbot, window):
    at_work(qtbot, window)
    window.change_user()
    door = window.door
    door.names.setCurrentIndex(door._model.index(door.names.logins.index("boss")))
    assert door.password.title == "Password"


# -------------------------------------------------------------- the end of a session
def test_a_password_changed_elsewhere_ends_the_session_and_the_page_waits(qtbot, window):
    work = at_work(qtbot, window)
    work.go("guests", {})
    other = builders.office(window.office.engine, found=False)
    other.changes, other.clock = window.office.changes, window.office.clock
    other.sign_in("boss", PASSWORD)
    other.change_password(PASSWORD, OWN)
    assert "password of Zhang Li has been changed" in said(qtbot, window)
    assert window._at_work() is None
    assert window.office.clerk.id == 0
    assert window.door.password.title == "Password"
    assert cut_texts(window) == []
    type_in(qtbot, window, OWN)
    qtbot.waitUntil(lambda: window._at_work() is work, timeout=5000)
    assert work.here[0] == "guests"


def test_a_session_that_ends_while_the_screen_is_locked_opens_to_no_pin(qtbot, window):
    at_work(qtbot, window)
    window.lock()
    other = builders.office(window.office.engine, found=False)
    other.changes, other.clock = window.office.changes, window.office.clock
    other.sign_in("boss", PASSWORD)
    other.change_password(PASSWORD, OWN)
    assert "has been changed" in said(qtbot, window)
    window.door.notes.clear()
    type_in(qtbot, window, "4071")
    assert "wrong" in said(qtbot, window)
    assert window._at_work() is None


def test_what_others_change_among_the_staff_disturbs_nobody(qtbot, window):
    at_work(qtbot, window)
    other = builders.office(window.office.engine, found=False)
    other.changes = window.office.changes
    other.do(staff.edit, staff_id=2, name="Anna", role="clerk", active=True)
    qtbot.wait(200)
    assert window._at_work() is not None


def test_what_is_due_rings_where_a_session_has_ended(qtbot, window):
    at_work(qtbot, window)
    office = window.office
    stay = office.do(
        stays.check_in, line_id=office.book("Wang Yaqin"), room_id=office.room_id("303"), intent="in"
    )
    office.do(wake_ups.take, stay_id=stay, time="15:00", intent="wake")
    window.keeper._end("Over.")
    assert office.clerk.id == 0
    office.clock.now += timedelta(minutes=31)
    window._tick()
    qtbot.waitUntil(lambda: "303" in window.door.alarm.text, timeout=5000)
    assert "Wang" not in window.door.alarm.text


# -------------------------------------------------------------- the evacuation list
def test_the_evacuation_list_prints_from_a_locked_screen_once(qtbot, window):
    at_work(qtbot, window)
    window.lock()
    for _ in range(3):
        qtbot.keyClick(window, Key.Key_E, Mod.ControlModifier | Mod.ShiftModifier)
    assert "evacuation list prints: 0 people" in said(qtbot, window)
    qtbot.keyClick(window, Key.Key_E, Mod.ControlModifier | Mod.ShiftModifier)
    qtbot.wait(100)
    assert papers(window) == 1
    assert window._at_work() is None


def test_the_evacuation_list_prints_at_the_sign_in_and_at_work(qtbot, window):
    window.door.evacuation.click()
    qtbot.waitUntil(lambda: papers(window) == 1, timeout=5000)
    said(qtbot, window)
    work = at_work(qtbot, window)
    window.keeper._printed_at = -10.0
    window.keeper.evacuate()
    qtbot.waitUntil(lambda: "evacuation" in work.current().notes.text, timeout=5000)


# -------------------------------------------------------------- one's own password
def test_everybody_finds_the_own_password_in_the_palette(qtbot, window):
    door = at_own(qtbot, window)
    for field in (door.new, door.again):
        qtbot.keyClicks(field.line, OWN)
    look_around()
    qtbot.keyClick(door.again.line, Key.Key_Return)
    qtbot.waitUntil(lambda: window._at_work() is not None, timeout=5000)
    qtbot.keyClick(window, Key.Key_K, Mod.ControlModifier)
    palette = next(w for w in QApplication.topLevelWidgets() if isinstance(w, Palette) and w.isVisible())
    assert "My password and PIN" in {entry.words for entry in palette.entries}
    palette.reject()


@pytest.fixture
def own(qtbot, window):
    at_work(qtbot, window)
    made = OwnPasswordDialog(window.office, window)
    qtbot.addWidget(made)
    made.show()
    look_around()
    return made


def answered(qtbot, dialog):
    qtbot.waitUntil(lambda: dialog.yes.isEnabled() or not dialog.isVisible(), timeout=5000)
    return dialog.notes.text


def test_password_and_pin_are_changed_together(qtbot, window, own):
    for field, typed in (
        (own.old, PASSWORD),
        (own.new, OWN),
        (own.again, OWN),
        (own.pin, "7302"),
        (own.pin_again, "7302"),
    ):
        qtbot.keyClicks(field.line, typed)
    own.yes.click()
    qtbot.waitUntil(lambda: not own.isVisible(), timeout=5000)
    assert own.done_words == ["Your PIN is set.", "Your password is changed."]
    assert window._at_work() is not None
    window.office.unlock("7302")
    window.office.sign_in("boss", OWN)


def test_a_wrong_old_password_and_words_that_differ_change_nothing(qtbot, window, own):
    own.yes.click()
    assert "missing" in own.old.shown_error()
    qtbot.keyClicks(own.old.line, "guess")
    own.yes.click()
    assert "Type a new password" in own.notes.text
    qtbot.keyClicks(own.new.line, OWN)
    own.yes.click()
    assert "differs" in own.again.shown_error()
    qtbot.keyClicks(own.again.line, OWN)
    own.yes.click()
    assert "wrong" in answered(qtbot, own)
    window.office.sign_in("boss", PASSWORD)


def test_a_pin_is_dropped(qtbot, window, own):
    assert own.no_pin.isVisible()
    own.no_pin.setChecked(True)
    qtbot.keyClicks(own.old.line, PASSWORD)
    own.yes.click()
    qtbot.waitUntil(lambda: not own.isVisible(), timeout=5000)
    assert not window.office.pin_opens()


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_nothing_is_cut_at_the_door_and_in_the_dialog(qtbot, window, language):
    window.resize(1366, 768)
    window.change_look(Look(language, "light", 100))
    at_own(qtbot, window)
    assert cut_texts(window) == []
    qtbot.keyClick(window, Key.Key_Escape)
    at_work(qtbot, window)
    window.lock()
    assert cut_texts(window) == []
    dialog = OwnPasswordDialog(window.office, window)
    qtbot.addWidget(dialog)
    dialog.show()
    assert cut_texts(dialog) == []
