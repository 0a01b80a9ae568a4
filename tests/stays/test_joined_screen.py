"""The page of joined rooms by keyboard: join, look at all, pay for all, hand the rest over, part."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from pms.core.money import Money
from pms.services.folios import service
from pms.services.stays import joined, joining
from pms.ui.screens.stays.joined import JoinedScreen
from tests.builders import TODAY
from tests.stays.test_joined import owed, room_of
from tests.ui.checks import check_screen, opened, takes_keys

Key = Qt.Key


@pytest.fixture
def rooms(desk):
    """Two joined rooms that owe 15.00 and 25.00, and one beside them."""
    made = [room_of(desk, number) for number in ("301", "302", "303")]
    desk.do(joining.join, stay_id=made[0], with_stay_id=made[1], intent="j")
    for stay, amount in zip(made, (1500, 2500, 700), strict=True):
        desk.do(service.charge, stay_id=stay, code="MINIBAR", amount=Money(amount), intent=f"c{stay}")
    return made


def press(page, key, *more):
    QTest.keyClick(takes_keys(page), key, *more)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_rooms_and_all_their_charges_are_looked_at_together(qtbot, desk, rooms, language):
    page = opened(qtbot, desk, JoinedScreen, language, stay_id=rooms[0])
    assert [r.room for r in page.rows["rooms"]] == ["301", "302"]
    assert "40.00" in page.title.text()
    assert [(x.room, int(x.line.charge)) for x in page.rows["lines"]] == [("301", 1500), ("302", 2500)]
    check_screen(page)
    page.show_view("lines")
    check_screen(page)


def test_one_pays_for_all_and_part_of_it_pays_the_room_in_hand_first(qtbot, desk, rooms):
    page = opened(qtbot, desk, JoinedScreen, stay_id=rooms[1])
    press(page, Key.Key_F10)
    assert page.pay_form["amount"].value() == 4000
    page.pay_form["amount"].set_value(3000)
    press(page, Key.Key_F12)
    assert (owed(desk, rooms[0]), owed(desk, rooms[1])) == (1000, 0)
    press(page, Key.Key_F10)
    page.pay_form["amount"].set_value(1001)
    press(page, Key.Key_F12)
    assert "owe 10.00" in page.pay_form["amount"].shown_error()
    assert owed(desk, rooms[0]) == 1000


def test_a_room_that_is_joined_with_none_gets_the_form(qtbot, desk, rooms):
    page = opened(qtbot, desk, JoinedScreen, stay_id=rooms[2])
    form = page.join_form
    assert form["room"].value() == rooms[2]
    form["other"].set_value(rooms[0])
    press(page, Key.Key_F12)
    assert desk.ask(joined.beside, stay_id=rooms[2]) == ["301", "302"]
    assert [r.room for r in page.rows["rooms"]] == ["301", "302", "303"]


def test_who_leaves_first_hands_over_and_is_parted(qtbot, desk, rooms):
    page = opened(qtbot, desk, JoinedScreen, stay_id=rooms[0])
    page.acts["hand_over"].press()
    press(page, Key.Key_F12)
    assert (owed(desk, rooms[0]), owed(desk, rooms[1])) == (0, 4000)
    assert page.can_hand_over() == "This guest owes nothing to hand over."
    press(page, Key.Key_F9)
    assert page.gone[-1] == ("check_out", {"stay_id": rooms[0]})
    page.acts["part"].press()
    assert desk.ask(joined.joined_here, business_date=TODAY) == []
