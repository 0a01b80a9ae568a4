"""The window by keyboard: sign in, go about, search, change user, lock, change the look."""

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from pms import duties
from pms.core.offers import Alarm
from pms.services.staff import log
from pms.ui.kit import idle
from pms.ui.kit.dialogs import ConfirmDialog
from pms.ui.kit.palette import Entry, Palette, ranked
from pms.ui.kit.theme import Look
from pms.ui.main_window import MainWindow
from tests import builders
from tests.authority.people import person
from tests.shifts.test_shifts import clerk, opened, with_shifts

from .checks import cut_texts, dress

Key = Qt.Key


@pytest.fixture
def window(qtbot, desk):
    """The window at its door, the small hotel behind it."""
    dress(Look("en", "light", 100))
    desk.offers = duties.offered()
    desk.sign_out()
    kept = []
    made = MainWindow(Look("en", "light", 100), kept.append, "FD-1")
    made.kept = kept
    qtbot.addWidget(made)
    made.attach(desk, desk.changes)
    made.show()
    assert QTest.qWaitForWindowExposed(made)
    yield made
    dress(Look("en", "light", 100))


def sign_in(qtbot, window, password=builders.PASSWORD):
    qtbot.keyClicks(window.door.login.line, "boss")
    qtbot.keyClick(window.door.login.line, Key.Key_Return)
    qtbot.keyClicks(window.door.password.line, password)
    qtbot.keyClick(window.door.password.line, Key.Key_Return)


def at_work(qtbot, window):
    sign_in(qtbot, window)
    qtbot.waitUntil(lambda: window._at_work() is not None, timeout=5000)
    return window.workplace


def test_the_right_password_opens_the_room_board(qtbot, window):
    work = at_work(qtbot, window)
    assert work.here[0] == "room_board"
    assert work.current().isVisible()
    assert len(work.current().tiles) == 8


def test_a_wrong_password_is_refused_in_place_and_the_field_emptied(qtbot, window):
    sign_in(qtbot, window, "wrong")
    qtbot.waitUntil(lambda: window.door.notes.text != "", timeout=5000)
    assert window.door.notes.tone == "bad"
    assert window.door.password.value() == ""
    assert window._at_work() is None


def test_a_password_typed_before_the_books_are_open_goes_through_by_itself(qtbot, desk):
    desk.sign_out()
    window = MainWindow(Look("en", "light", 100), lambda look: None, "FD-1")
    qtbot.addWidget(window)
    window.show()
    sign_in(qtbot, window)
    assert window.door.notes.tone == "info"
    window.attach(desk, desk.changes)
    qtbot.waitUntil(lambda: window._at_work() is not None, timeout=5000)


def test_escape_goes_back_the_way_one_came(qtbot, window):
    work = at_work(qtbot, window)
    work.go("reservations", {})
    assert work.here[0] == "reservations"
    qtbot.keyClick(window, Key.Key_Escape)
    assert work.here[0] == "room_board"


def test_search_finds_a_room_and_takes_it_in_hand(qtbot, window):
    work = at_work(qtbot, window)
    qtbot.keyClick(window, Key.Key_F3)
    line = work.bar.search
    qtbot.waitUntil(line.hasFocus)
    qtbot.keyClicks(line, "303")
    qtbot.waitUntil(lambda: line.results().isVisible(), timeout=3000)
    qtbot.keyClick(line, Key.Key_Return)
    assert work.current().view.tile().number == "303"


def test_another_person_takes_over_without_losing_the_page(qtbot, window):
    work = at_work(qtbot, window)
    work.current().view.pick(work.current().tiles[3].room_id)
    qtbot.keyClick(window, Key.Key_F11)
    assert window.door.isVisible()
    assert window.door.mode == "change"
    qtbot.keyClick(window.door, Key.Key_Escape)
    assert window._at_work() is None  # nobody goes on without a password
    window.door.signed_in.emit(window.office.clerk)
    assert window._at_work() is work
    assert work.current().view.tile().room_id == work.current().tiles[3].room_id


def test_a_locked_screen_does_not_open_with_escape(qtbot, window):
    at_work(qtbot, window)
    qtbot.keyClick(window, Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert window.door.mode == "locked"
    qtbot.keyClick(window.door, Key.Key_Escape)
    assert window._at_work() is None


def test_a_screen_that_nobody_touches_locks_itself(qtbot, window, monkeypatch):
    work = at_work(qtbot, window)
    assert work.lock_minutes == 3
    now = [1000.0]
    monkeypatch.setattr(idle, "monotonic", lambda: now[0])
    window.idle.touched()
    now[0] += 179
    window._tick()
    assert window._at_work() is work
    QTest.keyClick(window.windowHandle(), Key.Key_Shift)  # a touch is enough
    now[0] += 179
    window._tick()
    assert window._at_work() is work
    now[0] += 2
    window._tick()
    assert window.door.mode == "locked"
    qtbot.waitUntil(lambda: log_of(window) == ["locked"], timeout=5000)
    window.door.signed_in.emit(window.office.clerk)
    assert window._at_work() is work
    qtbot.waitUntil(lambda: log_of(window) == ["unlocked", "locked"], timeout=5000)


def log_of(window):
    today = window.office.house().business_date
    kinds = [row.kind for row in window.office.ask(log.entries, start=today, end=today)]
    return [kind for kind in kinds if kind in ("locked", "unlocked")]


def test_a_question_is_not_answered_by_who_comes_to_a_locked_screen(qtbot, window):
    at_work(qtbot, window)
    asked = ConfirmDialog("Go on?", window)
    asked.open()
    window.lock()
    assert not asked.isVisible()
    assert asked.result() == ConfirmDialog.DialogCode.Rejected
    assert window.door.mode == "locked"


def test_what_is_due_rings_on_a_locked_screen_with_the_room_alone(qtbot, window):
    work = at_work(qtbot, window)
    window.lock()
    work._ring([Alarm("Wake 303 Wang Yaqin now.", "wake_ups", {}, "303")])
    assert "303" in window.door.alarm.text
    assert "Wang" not in window.door.alarm.text
    work._ring([])
    assert window.door.alarm.text == ""


def test_each_person_sees_the_pages_of_their_role(qtbot, window):
    work = at_work(qtbot, window)
    assert all(not item.isHidden() for item in work.nav.items.values())
    work.go("figures", {})
    window.office.clerk = person(window.office, "attendant")
    work.show_clerk(window.office.clerk)
    assert work.here[0] == "room_board"  # the page of the one before is not for this one
    seen = {word for word, item in work.nav.items.items() if not item.isHidden()}
    assert seen == {"board", "services", "rooms"}
    work.go("folios", {"stay_id": 1})
    assert work.here[0] == "room_board"
    assert "may not open" in work.current().notes.text
    assert {tile.guest for tile in work.current().tiles} == {""}


def test_the_palette_lists_actions_with_the_reason_why_not(qtbot, window):
    at_work(qtbot, window)
    window.workplace.current().view.pick(window.workplace.current().tiles[0].room_id)
    qtbot.keyClick(window, Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = next(w for w in QApplication.topLevelWidgets() if isinstance(w, Palette) and w.isVisible())
    found = {e.words: e for e in palette.entries}
    assert "Nobody is in" in found["Check out"].reason
    assert found["Check in"].reason == ""
    assert found["Night audit"].place == "Audit"
    palette.reject()


def test_the_palette_finds_chinese_words_by_pinyin_and_initials():
    entries = [
        Entry("续住", "本页", "", print, also=("Extend",)),
        Entry("寄存", "服务", "", print, also=("Luggage",)),
    ]
    for typed in ("xz", "xuzhu", "xuz", "续", "ext"):
        assert [e.also[0] for e in ranked(entries, typed)] == ["Extend"]
    assert ranked(entries, "zx") == []


def test_what_is_called_just_that_stands_first_in_any_language():
    entries = [
        Entry("关账日报表", "本页", "", print, also=("Reports of the closed day",)),
        Entry("周报", "资金", "", print, also=("Weekly reports",)),
        Entry("报表", "资金", "", print, also=("Reports",)),
    ]
    assert [e.also[0] for e in ranked(entries, "reports")] == [
        "Reports",
        "Reports of the closed day",
        "Weekly reports",
    ]


def test_the_look_changes_where_one_stands_and_is_kept(qtbot, window):
    at_work(qtbot, window)
    window.change_look(Look("zh_CN", "dark", 115))
    assert window.kept == [Look("zh_CN", "dark", 115)]
    assert window._at_work() is window.workplace
    assert window.workplace.current().isVisible()
    assert window.workplace.current().counts["ready"].number() == "8"


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080)])
def test_nothing_is_cut_on_the_door_and_the_board(qtbot, window, language, size):
    window.resize(*size)
    window.change_look(Look(language, "light", 100))
    assert cut_texts(window) == []
    work = at_work(qtbot, window)
    work.current().view.pick(work.current().tiles[0].room_id)
    qtbot.wait(20)
    assert cut_texts(window) == []


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_boards_counts_keep_to_one_line_on_the_smallest_screen(qtbot, window, language):
    window.resize(1366, 768)
    window.change_look(Look(language, "light", 100))
    board = at_work(qtbot, window).current()
    for count in board.counts.values():
        count.show_number(88)
        count.show()
    board.occupancy.setText(board.occupancy.text() or "Occupancy 88.8%")
    qtbot.wait(50)
    assert len({count.y() for count in board.counts.values()}) == 1


def test_the_bar_says_whose_drawer_stands_here_and_warns_whoever_else_works_at_it(qtbot, window, desk):
    work = at_work(qtbot, window)
    assert not work.bar.whose.isVisible()
    with_shifts(desk)
    opened(desk)
    qtbot.waitUntil(work.bar.whose.isVisible, timeout=3000)
    assert (work.bar.drawer.text(), work.bar.drawer.property("tone")) == ("Zhang Li", "")
    desk.clerk = clerk(desk)
    work.show_clerk(desk.clerk)
    qtbot.waitUntil(lambda: work.bar.drawer.property("tone") == "warn", timeout=3000)
    assert work.bar.drawer.text() == "Zhang Li"


def test_a_change_from_another_thread_reaches_the_counts(qtbot, window, desk):
    work = at_work(qtbot, window)
    assert work.nav.items["bookings"].count != "1"
    other = threading.Thread(target=desk.book, args=("Wang Yaqin",))
    other.start()
    other.join()
    qtbot.waitUntil(lambda: work.nav.items["bookings"].count == "1", timeout=3000)


def test_a_lasting_trouble_is_named_and_what_is_typed_stays(qtbot, window):
    work = at_work(qtbot, window)
    window.show_trouble("The server 10.0.0.5 does not answer. It is tried again every 2 seconds.")
    assert work.trouble.isVisible()
    window.show_trouble("")
    assert not work.trouble.isVisible()


def test_a_trouble_that_was_told_at_the_door_is_told_at_work_too(qtbot, window):
    window.show_trouble("One copy only: the standby server has not followed. Work goes on.")
    assert "One copy only" in window.door.notes.text
    work = at_work(qtbot, window)
    assert work.trouble.isVisible()
    assert "One copy only" in work.trouble.text
    window.show_trouble("")
    assert not work.trouble.isVisible()
