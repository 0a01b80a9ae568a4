"""What is typed survives Esc and the end of the program, sealed, and goes when the work is done."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt, QThreadPool
from PySide6.QtTest import QTest
from sqlalchemy import text

from pms import duties
from pms.db.base import AuditEntry
from pms.services.drafts import service
from pms.services.drafts.models import Draft
from pms.services.stays import queries as stay_queries
from pms.ui.kit.parts import Button
from pms.ui.kit.theme import Look
from pms.ui.main_window import MainWindow
from tests.builders import TODAY
from tests.ui.checks import dress, look_around, takes_keys

Key = Qt.Key
LOOK = Look("en", "light", 100)
NUMBER = "11010519491231002X"
TYPED = {"guests": [["Wang Yaqin", "id", NUMBER, ""]]}


def keep(house, **what):
    house.do(service.keep, word="check_in", what=what, about="Check-in: Wang Yaqin", typed=TYPED)


def test_a_draft_comes_back_as_it_was_and_stands_nowhere_in_the_open(house):
    keep(house, line_id=7)
    [kept] = house.do(service.take_up)
    assert (kept.word, kept.what, kept.typed, kept.clerk) == ("check_in", {"line_id": 7}, TYPED, "Zhang Li")
    rows = house.ask(lambda s: [str(tuple(row)) for row in s.execute(text("SELECT * FROM draft"))])
    trail = house.ask(lambda s: [str(e.changes) for e in s.query(AuditEntry)])
    assert not [x for x in (*rows, *trail) if "Yaqin" in x or NUMBER in x]


def test_one_draft_stands_for_a_page_and_what_it_was_opened_for(house):
    for _time in range(3):
        keep(house, line_id=7)
    keep(house, line_id=8)
    assert [k.what for k in house.do(service.take_up)].count({"line_id": 7}) == 1
    house.do(service.drop, word="check_in", what={"line_id": 7})
    assert [k.what for k in house.do(service.take_up)] == [{"line_id": 8}]


def test_another_workstation_does_not_see_it_and_an_old_one_is_forgotten(house):
    keep(house, line_id=7)
    here, house.station = house.station, "FD-9"
    assert house.do(service.take_up) == []
    house.station = here
    house.clock.now += service.KEPT + timedelta(minutes=1)
    assert house.do(service.take_up) == []
    assert house.ask(lambda s: s.query(Draft).count()) == 0


# ------------------------------------------------------------------ at the desk
@pytest.fixture
def start(qtbot, desk):
    """Start the program's window, as often as wanted."""
    dress(LOOK)
    desk.offers = duties.offered()

    def started():
        made = MainWindow(LOOK, lambda look: None, "desk-1")
        qtbot.addWidget(made)
        made.attach(desk, desk.changes)
        made.resize(1366, 768)
        made.show()
        made.activateWindow()
        assert QTest.qWaitForWindowActive(made)
        made._came_in(desk.clerk)
        return made

    yield started
    QThreadPool.globalInstance().waitForDone()


def press(window, key):
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    look_around()
    QTest.keyClick(takes_keys(window), key)


def type_two_guests(window, desk):
    window.workplace.go("check_in", {"room_id": desk.room_id("301")})
    page = window.workplace.current()
    QTest.keyClicks(page.guests.lines[0].name.line, "Wang Yaqin")
    page.acts["add_guest"].press()
    QTest.keyClicks(page.guests.lines[1].name.line, "Chen Zhiyuan")
    QTest.keyClicks(page.guests.lines[1].number.line, NUMBER)
    return page


def guests(page):
    return [(line.name.value(), line.number.value()) for line in page.guests.lines]


def stored(desk):
    return desk.ask(lambda s: s.query(Draft).count())


def button(window, words):
    return next(b for b in window.workplace.unfinished.findChildren(Button) if b.words == words)


def test_a_killed_program_brings_two_typed_guests_back(qtbot, start, desk):
    window = start()
    type_two_guests(window, desk)
    window.workplace.typing._tick()
    qtbot.waitUntil(lambda: stored(desk) == 1, timeout=5000)
    window.workplace.typing._timer.stop()  # killed: nothing is said any more
    again = start()
    qtbot.waitUntil(lambda: "Wang Yaqin, Chen Zhiyuan" in again.workplace.unfinished.text, timeout=5000)
    button(again, "Resume").click()
    page = again.workplace.current()
    assert guests(page) == [("Wang Yaqin", ""), ("Chen Zhiyuan", NUMBER)]
    assert page.room.value() == "301"
    press(again, Key.Key_F12)
    qtbot.waitUntil(lambda: len(desk.ask(stay_queries.in_house, business_date=TODAY)) == 1, timeout=5000)
    again.workplace.typing._tick()
    qtbot.waitUntil(lambda: stored(desk) == 0, timeout=5000)
    assert again.workplace.unfinished.text == ""


def test_escape_keeps_what_is_typed_until_it_is_discarded(qtbot, start, desk):
    window = start()
    work = window.workplace
    type_two_guests(window, desk)
    press(window, Key.Key_Escape)
    assert work.here[0] == "room_board"
    assert "Check-in: Wang Yaqin, Chen Zhiyuan is not done yet" in work.unfinished.text
    work.go("check_in", {"room_id": desk.room_id("302")})  # another guest is served first
    assert guests(work.current()) == [("", "")]
    press(window, Key.Key_Escape)
    work.go("check_in", {"room_id": desk.room_id("301")})
    assert guests(work.current()) == [("Wang Yaqin", ""), ("Chen Zhiyuan", NUMBER)]
    press(window, Key.Key_Escape)
    button(window, "Discard").click()
    assert work.unfinished.text == ""
    qtbot.waitUntil(lambda: stored(desk) == 0, timeout=5000)
    work.go("check_in", {"room_id": desk.room_id("301")})
    assert guests(work.current()) == [("", "")]


def test_a_booking_is_typed_again_after_a_change_of_look(qtbot, start, desk):
    window = start()
    window.workplace.go("booking", {})
    form = window.workplace.current()
    QTest.keyClicks(form.name.line, "Lin Daiyu")
    form.acts["add_line"].press()
    window.change_look(Look("en", "dark", 100))
    again = window.workplace.current()
    assert again is not form
    assert (again.name.value(), len(again.lines)) == ("Lin Daiyu", 2)
    dress(LOOK)
