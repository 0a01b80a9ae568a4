"""The luggage room by keyboard: from anywhere to a printed tag, a scanned tag to its claim."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from pms import duties
from pms.services.luggage import queries, service
from pms.services.print_jobs import queries as print_queries
from pms.services.stays import service as stays
from pms.ui.kit.refresh import ChangeSignal
from pms.ui.kit.register import ONE
from pms.ui.kit.theme import Look
from pms.ui.main_window import MainWindow
from pms.ui.screens.luggage.screen import CLAIM, STORE, LuggageScreen
from tests.ui.checks import check_screen, dress

Key = Qt.Key


@pytest.fixture
def guests(desk):
    """Guests in 301 and 302."""
    for room, name in (("301", "Chen Zhiyuan"), ("302", "王雅琴")):
        desk.do(stays.check_in, line_id=desk.book(name), room_id=desk.room_id(room), intent=desk.new_intent())
    return desk


@pytest.fixture
def page(qtbot, guests):
    """The luggage page as it is opened."""
    dress(Look("en", "light", 100))
    made = LuggageScreen(guests, ChangeSignal(guests.changes))
    qtbot.addWidget(made)
    made.resize(1206, 716)
    made.show()
    assert QTest.qWaitForWindowExposed(made)
    made.open()
    made.start().setFocus()
    return made


def store(desk, room="301", **fields):
    return desk.do(service.store, stay_id=desk.ask(queries.owner_of_room, room=room).stay_id, **fields)


def type_in(qtbot, field, text):
    assert isinstance(field.line, QLineEdit)
    field.line.setFocus()
    field.line.selectAll()
    qtbot.keyClicks(field.line, text)


def tags(desk):
    return [job for job in desk.ask(print_queries.waiting, station=desk.station) if job.kind == "luggage_tag"]


def test_a_bag_is_stored_from_anywhere_within_eight_keys(qtbot, guests):
    dress(Look("en", "light", 100))
    window = MainWindow(Look("en", "light", 100), lambda look: None, "FD-1")
    qtbot.addWidget(window)
    window.attach(guests, guests.changes, duties.DUTIES)
    window.show()
    assert QTest.qWaitForWindowExposed(window)
    window._came_in(guests.clerk)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    pressed = 0

    def press(key, modifier=Qt.KeyboardModifier.NoModifier):
        nonlocal pressed
        pressed += 1 if modifier == Qt.KeyboardModifier.NoModifier else 2
        qtbot.keyClick(QApplication.focusWidget(), key, modifier)

    assert window.workplace.here[0] == "room_board"
    press(Key.Key_L, Qt.KeyboardModifier.AltModifier)
    for key in (Key.Key_3, Key.Key_0, Key.Key_1, Key.Key_Tab, Key.Key_2):
        press(key)
    press(Key.Key_F12)
    [row] = guests.ask(queries.stored)
    assert (row.guest, row.room, row.pieces) == ("Chen Zhiyuan", "301", 2)
    assert len(tags(guests)) == 1
    assert pressed <= 8


def test_the_room_tells_the_guest_before_anything_is_stored(qtbot, page):
    type_in(qtbot, page.store_form["who"], "302")
    qtbot.keyClick(page.store_form["who"].line, Key.Key_Tab)
    assert "王雅琴" in page.store_form.told.text()
    type_in(qtbot, page.store_form["who"], "304")
    qtbot.keyClick(page.store_form["who"].line, Key.Key_Tab)
    assert "Nobody is in 304" in page.store_form.told.text()
    page.press_primary()
    assert "guests only" in page.notes.text
    assert page.store_form["who"].value() == "304"  # nothing typed is lost


def test_a_scanned_tag_opens_its_claim_and_enter_hands_back(qtbot, page, guests):
    number = store(guests, pieces=2)
    type_in(qtbot, page.store_form["who"], f"T-{number}")
    qtbot.keyClick(page.store_form["who"].line, Key.Key_Return)
    assert page.panel.page == CLAIM
    assert page.claim_form["pieces"].value() == 2
    page.press_primary()
    assert guests.ask(queries.stored) == []
    assert (page.panel.page, page.notes.tone) == (STORE, "good")


def test_a_tag_claimed_already_says_when_and_one_unknown_says_so(qtbot, page, guests):
    number = store(guests)
    guests.do(service.claim, number=number)
    for text, said in ((f"T-{number}", "was collected already"), ("T-999", "There is no tag T-999")):
        page.step_back()
        type_in(qtbot, page.store_form["who"], text)
        qtbot.keyClick(page.store_form["who"].line, Key.Key_Return)
        assert said in page.notes.text


def test_letters_in_a_count_are_said_at_the_field(qtbot, page):
    type_in(qtbot, page.store_form["who"], "301")
    type_in(qtbot, page.store_form["pieces"], "two")
    page.press_primary()
    assert page.store_form["pieces"].shown_error() == "Type a whole number."


def test_without_the_tag_the_form_asks_for_the_document(qtbot, page, guests):
    store(guests)
    page.table.selectRow(0)
    page.acts["hand_back"].press()
    page.claim_form["proof"].chips.choose("identity")
    page.press_primary()
    assert page.claim_form["document"].shown_error()
    for name, value in (("document_type", "passport"), ("document", "E12345678"), ("reason", "tag lost")):
        page.claim_form[name].set_value(value)
    page.press_primary()
    assert guests.ask(queries.stored) == []


def test_a_part_is_handed_back_and_the_list_says_how_many_are_left(qtbot, page, guests):
    store(guests, pieces=3)
    page.table.selectRow(0)
    page.acts["hand_back"].press()
    type_in(qtbot, page.claim_form["pieces"], "1")
    page.press_primary()
    assert page.notes.text == "T-1: 2 pieces stay here."
    assert page.table.rows.cell(0, 3).text == "2 of 3"


def test_place_and_day_are_changed(qtbot, page, guests):
    store(guests, place="A1")
    page.table.selectRow(0)
    page.acts["amend"].press()
    assert page.panel.page == "amend"
    type_in(qtbot, page.forms["amend"]["place"], "B7")
    page.press_primary()
    assert (guests.ask(queries.tag, number=1).place, page.panel.page) == ("B7", ONE)


def test_the_search_opens_a_tag_even_of_long_ago(page, guests):
    number = store(guests)
    guests.do(service.claim, number=number)
    guests.next_day()
    page.open(number=number)
    assert (page.panel.page, page.table.row().number) == (ONE, number)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_holds_to_the_rules(qtbot, guests, language, theme):
    dress(Look(language, theme, 100))
    store(
        guests, pieces=2, marks="two black cases with a long remark that does not fit on one line of the list"
    )
    made = LuggageScreen(guests, ChangeSignal(guests.changes))
    qtbot.addWidget(made)
    made.resize(1206, 716)
    made.show()
    for show in (
        made.open,
        lambda: made.open(number=1),
        made.acts["hand_back"].press,
        made.acts["amend"].press,
    ):
        show()
        qtbot.wait(20)
        check_screen(made)
    dress(Look("en", "light", 100))
