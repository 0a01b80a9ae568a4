"""The page of item rental: lent and taken back by keys, and the rules of every page."""

import pytest
from PySide6.QtCore import Qt

from pms.core.clock import local
from pms.core.money import Money
from pms.services.rental import queries, service
from pms.ui.kit.theme import Look
from pms.ui.screens.rental.screen import BACK, DUE, ITEM, RentalScreen
from tests.ui.checks import check_screen, dress, opened

from .test_rental import CHARGER, WHEELCHAIR, guest_in, lend, lines

Key = Qt.Key


def type_in(qtbot, field, text):
    field.line.setFocus()
    field.line.selectAll()
    qtbot.keyClicks(field.line, text)


@pytest.fixture
def lender(desk):
    """A house that lends wheelchairs and chargers, with a guest in 301."""
    for item in (WHEELCHAIR, CHARGER):
        desk.do(service.add_item, **item)
    desk.stay = guest_in(desk)
    return desk


def test_an_item_is_lent_by_keys_and_taken_back(qtbot, lender):
    page = opened(qtbot, lender, RentalScreen)
    qtbot.keyClick(page, Key.Key_Insert)
    form = page.lend_form
    type_in(qtbot, form["room"], "301")
    assert "Wang Yaqin" in form.who.text()
    assert form.sum.text() == "No deposit."
    form["item"].set_value(next(i.id for i in lender.ask(queries.items) if i.name == "Wheelchair"))
    form["item"].changed.emit()
    assert form.sum.text() == "Deposit: 500.00"
    page.press_primary()
    assert page.notes.text == "L-1 is lent, the slip is printing."
    assert (page.panel.page, page.table.row().shown) == (page.HOME, "L-1")
    page.table.setFocus()
    page.press_primary()
    assert page.panel.page == BACK
    page.press_primary()
    assert page.notes.text == "L-1: the return is noted."
    assert lender.ask(queries.out) == []
    assert page.view == "back"


def test_an_empty_room_is_said_and_nothing_typed_is_lost(qtbot, lender):
    page = opened(qtbot, lender, RentalScreen)
    page.acts["lend"].press()
    type_in(qtbot, page.lend_form["room"], "304")
    page.press_primary()
    assert page.notes.text == "Nobody is in 304."
    assert page.lend_form["room"].value() == "304"


def test_what_is_lost_is_charged_at_its_price(qtbot, lender):
    lend(lender, stay=lender.stay, pieces=2)
    page = opened(qtbot, lender, RentalScreen, number=1)
    page.acts["take_back"].press()
    page.back_form["how"].chips.choose("lost")
    type_in(qtbot, page.back_form["pieces"], "1")
    assert page.back_form["charge"].value() == 80000
    page.press_primary()
    assert ("DAMAGE", 80000) in lines(lender, lender.stay)
    assert page.table.rows.cell(0, 4).text == "1 of 2"


def test_a_damage_wants_its_reason_and_its_price(qtbot, lender):
    lend(lender, stay=lender.stay)
    page = opened(qtbot, lender, RentalScreen, number=1)
    page.acts["take_back"].press()
    page.back_form["how"].chips.choose("damaged")
    page.press_primary()
    assert page.back_form["charge"].shown_error()
    page.back_form["charge"].set_value(Money(5000))
    page.press_primary()
    assert page.notes.text == "Say what is damaged."
    page.back_form["remark"].set_value("wheel bent")
    page.press_primary()
    assert lender.ask(queries.out) == []


def test_the_due_time_is_changed(qtbot, lender):
    lend(lender, stay=lender.stay)
    page = opened(qtbot, lender, RentalScreen, number=1)
    page.acts["extend"].press()
    assert page.panel.page == DUE
    page.due_form["time"].set_value("20:30")
    page.press_primary()
    due = local(lender.ask(queries.rental, number=1).due_at, "Asia/Shanghai")
    assert (f"{due:%m-%d %H:%M}", page.panel.page) == ("11-21 20:30", page.HOME)


def test_items_are_added_and_changed(qtbot, lender):
    page = opened(qtbot, lender, RentalScreen)
    page.acts["add_item"].press()
    assert page.panel.page == ITEM
    for name, value in (("name", "Umbrella"), ("deposit", Money(5000)), ("price", Money(3000))):
        page.new_item[name].set_value(value)
    page.press_primary()
    assert [i.name for i in lender.ask(queries.items)] == ["Charger", "Umbrella", "Wheelchair"]
    assert page.view == "items"
    page.table.pick(next(i.id for i in lender.ask(queries.items) if i.name == "Umbrella"))
    page.acts["edit_item"].press()
    page.forms["edit_item"]["active"].set_value(False)
    page.press_primary()
    assert [i.active for i in lender.ask(queries.items) if i.name == "Umbrella"] == [False]


def test_the_search_shows_a_rental_of_long_ago_and_one_that_is_not_there(qtbot, lender):
    number = lend(lender, stay=lender.stay)
    lender.do(service.take_back, number=number, intent=lender.new_intent())
    lender.next_day()
    page = opened(qtbot, lender, RentalScreen, number=number)
    assert page.table.row().number == number
    assert page.acts["take_back"].reason == "This rental is closed."
    page.open(number=77)
    assert "no rental L-77" in page.notes.text


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_holds_to_the_rules(qtbot, lender, language, theme):
    lend(lender, stay=lender.stay, pieces=2)
    lend(lender, CHARGER, lender.stay)
    page = opened(qtbot, lender, RentalScreen, language)
    dress(Look(language, theme, 100))
    shown = [page.refresh, page.acts["lend"].press, page.acts["take_back"].press, page.acts["extend"].press]
    for show in (*shown, page.acts["add_item"].press, lambda: page.show_view("items")):
        show()
        qtbot.wait(20)
        check_screen(page)
        page.step_back()
    dress(Look("en", "light", 100))
