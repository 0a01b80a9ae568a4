"""A pre-authorisation is taken as the guest checks in, in place of a deposit, and from the folio by a key."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from pms.core.errors import Refused
from pms.core.money import Money
from pms.services.folios.holding import Hold
from pms.services.preauth import queries
from pms.services.stays import queries as stay_queries
from pms.services.stays import service as stays
from pms.ui.screens.folios.screen import FolioScreen
from pms.ui.screens.stays.check_in import CheckInScreen
from tests.builders import TODAY
from tests.ui.checks import check_screen, opened, takes_keys

Key = Qt.Key
CtrlShift = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def held(house):
    return [(r.card, int(r.open), r.code) for r in house.ask(queries.held, business_date=TODAY)]


def test_a_guest_checks_in_with_an_amount_on_hold_and_no_deposit(house):
    line = house.book("Chen Li", nights=1)
    hold = Hold("BANK", Money(80000), "a1b2 c3", "1234")
    stay = house.do(
        stays.check_in, line_id=line, room_id=house.room_id("301"), hold=hold, confirmed=ANY, intent="in"
    )
    row = house.ask(stay_queries.stay, stay_id=stay, business_date=TODAY)
    assert (int(row.guarantee), int(row.deposit)) == (80000, 0)
    assert held(house) == [("Bank card *1234", 80000, "A1B2C3")]


ANY = frozenset({"odd_amount:80000"})


@pytest.mark.parametrize(
    ("hold", "why"),
    [
        (Hold("BANK", Money(0), "A1B2", "1234"), "more than 0"),
        (Hold("BANK", Money(100), "", "1234"), "code is missing"),
        (Hold("BANK", Money(100), "A1B2", "12"), "last four figures"),
        (Hold("CASH", Money(100), "A1B2", "1234"), "No amount is held by Cash"),
    ],
)
def test_what_is_no_hold_lets_nobody_in(house, hold, why):
    line = house.book("Chen Li", nights=1)
    with pytest.raises(Refused, match=why):
        house.do(stays.check_in, line_id=line, room_id=house.room_id("301"), hold=hold, intent="in")
    assert house.ask(stay_queries.in_house, business_date=TODAY) == []


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_check_in_holds_instead_of_taking_with_one_key(qtbot, desk, language):
    line = desk.book("Chen Li", nights=1, room_id=desk.room_id("301"))
    page = opened(qtbot, desk, CheckInScreen, language, line_id=line)
    assert not page.held.isVisible()
    page.method.set_value("HOLD:BANK")
    page.method.changed.emit()
    page.look()
    qtbot.wait(50)
    check_screen(page)
    QTest.keyClick(takes_keys(page), Key.Key_F12)
    assert page.held.last_four.shown_error()
    page.held.last_four.set_value("1234")
    page.held.code.set_value("a1b2c3")
    QTest.keyClick(takes_keys(page), Key.Key_F12)
    assert page.finished()
    qtbot.wait(200)  # the paper beside it is drawn
    assert [found[1:] for found in held(desk)] == [(40000, "A1B2C3")]


def test_the_folio_holds_by_one_key(qtbot, desk):
    line = desk.book("Chen Li", nights=1)
    stay = desk.do(stays.check_in, line_id=line, room_id=desk.room_id("301"), intent="in")
    page = opened(qtbot, desk, FolioScreen, stay_id=stay)
    QTest.keyClick(takes_keys(page), Key.Key_C, CtrlShift)
    form = page.forms["hold"]
    qtbot.wait(50)
    check_screen(page)
    form["amount"].set_value(30000)
    form["last_four"].set_value("4321")
    form["code"].set_value("b2c3")
    QTest.keyClick(takes_keys(page), Key.Key_F12)
    QTest.keyClick(takes_keys(page), Key.Key_F12)  # the second press is on the folio again: the check-out
    assert held(desk) == [("Bank card *4321", 30000, "B2C3")]
