"""The page of house accounts, by keys and by the rules."""

import pytest
from PySide6.QtCore import Qt

from pms.core.money import Money
from pms.services.folios import service as folios
from pms.services.house_accounts import queries, service
from pms.ui.kit.theme import Look
from pms.ui.screens.house_accounts.screen import HouseAccountsScreen
from tests.rental.test_rental import guest_in, money
from tests.rental.test_screen import type_in
from tests.ui.checks import check_screen, dress, opened

from .test_house_accounts import MEETING

Key = Qt.Key


def test_one_is_opened_charged_paid_and_closed_by_keys(qtbot, desk):
    page = opened(qtbot, desk, HouseAccountsScreen)
    qtbot.keyClick(page, Key.Key_Insert)
    form = page.new_form
    for name, text in (("name", "Board meeting"), ("responsible", "He Ping"), ("limit", "1000")):
        type_in(qtbot, form[name], text)
    page.press_primary()
    assert "Reason" in page.notes.text
    form["reason"].set_value("hall and tea")
    page.press_primary()
    assert page.notes.text == "HA-1 is open."
    qtbot.keyClick(page.table, Key.Key_F5)
    type_in(qtbot, page.forms["charge"]["amount"], "300")
    page.press_primary()
    assert page.notes.text == "HA-1 is charged."
    assert "300.00 stands on HA-1" in page.acts["close_one"].reason
    qtbot.keyClick(page.table, Key.Key_F10)
    assert page.forms["pay"]["amount"].value() == 30_000
    page.press_primary()
    assert desk.ask(queries.still_open)[0].balance == 0
    page.press_primary()
    assert page.notes.text == "HA-1 is closed, the bill is printing."
    page.show_view("closed")
    page.acts["reopen"].press()
    type_in(qtbot, page.forms["reopen"]["reason"], "one more")
    page.press_primary()
    assert page.notes.text == "HA-1 is open and can be charged."


def test_a_line_comes_from_a_room_and_goes_back_and_is_taken_back(qtbot, desk):
    stay = guest_in(desk)
    money(desk, folios.charge, stay_id=stay, code="MINIBAR", amount=Money(3_000))
    desk.do(service.open_account, **MEETING)
    page = opened(qtbot, desk, HouseAccountsScreen, number=1)
    page.acts["take_over"].press()
    form = page.forms["take_over"]
    type_in(qtbot, form["room"], "304")
    page.press_primary()
    assert page.notes.text == "Nobody is in 304."
    type_in(qtbot, form["room"], "301")
    assert form.who.text() == "Wang Yaqin"
    type_in(qtbot, form["reason"], "host")
    page.press_primary()
    assert desk.ask(queries.account, number=1).balance == 3_000
    page.acts["hand_over"].press()
    form = page.forms["hand_over"]
    type_in(qtbot, form["room"], "301")
    type_in(qtbot, form["amount"], "10")
    type_in(qtbot, form["reason"], "his own")
    page.press_primary()
    assert desk.ask(queries.account, number=1).balance == 2_000
    page.table.setFocus()
    qtbot.keyClick(page.table, Key.Key_Delete)
    type_in(qtbot, page.forms["void"]["reason"], "no")
    page.press_primary()
    assert desk.ask(queries.account, number=1).balance == 3_000


def test_a_number_that_is_none_is_said(qtbot, desk):
    page = opened(qtbot, desk, HouseAccountsScreen, number=9)
    assert page.notes.text == "There is no house account HA-9."


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_page_holds_to_the_rules(qtbot, desk, language):
    desk.do(service.open_account, **MEETING)
    money(desk, service.charge, number=1, code="MISC", amount=Money(30_000))
    check_screen(opened(qtbot, desk, HouseAccountsScreen, language))
    dress(Look("en", "light", 100))
