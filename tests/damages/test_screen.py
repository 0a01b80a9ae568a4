"""The page of damages, by keys and by the rules."""

import pytest
from PySide6.QtCore import Qt

from pms.core.money import Money
from pms.services.damages import queries, service
from pms.ui.kit.theme import Look
from pms.ui.screens.damages.screen import ITEM, DamagesScreen
from tests.authority.people import person
from tests.rental.test_rental import guest_in, lines, money
from tests.ui.checks import check_screen, dress, opened

from .test_damages import TOWEL, priced

Key = Qt.Key


def type_in(qtbot, field, text):
    field.line.setFocus()
    field.line.selectAll()
    qtbot.keyClicks(field.line, text)


@pytest.fixture
def broken(desk):
    """A house with a price list and a guest in 301."""
    for item in ({}, {"name": "Kettle", "price": Money(8000)}):
        priced(desk, **item)
    desk.stay = guest_in(desk)
    return desk


def test_a_damage_is_charged_by_keys(qtbot, broken):
    page = opened(qtbot, broken, DamagesScreen)
    qtbot.keyClick(page, Key.Key_Insert)
    form = page.charge_form
    type_in(qtbot, form["room"], "301")
    assert form.who.text() == "Wang Yaqin"
    type_in(qtbot, form["pieces"], "2")
    assert (form.sum.text(), form["charged"].value()) == ("Price: 120.00", 12000)
    page.press_primary()
    assert page.notes.text == "DM-1 is charged, the paper is printing."
    assert lines(broken, broken.stay) == [("DAMAGE", 12000)]
    assert (page.panel.page, page.table.row().shown) == (page.HOME, "DM-1")


def test_what_is_not_on_the_list_asks_for_words_and_price(qtbot, broken):
    page = opened(qtbot, broken, DamagesScreen, room="301")
    form = page.charge_form
    assert not form["what"].isVisible()
    form["item"].set_value(0)
    form["item"].changed.emit()
    assert form["what"].isVisible()
    assert form["price"].isVisible()
    type_in(qtbot, form["what"], "Painting")
    type_in(qtbot, form["price"], "300")
    page.press_primary()
    assert lines(broken, broken.stay) == [("DAMAGE", 30000)]


def test_an_empty_room_is_said_and_nothing_typed_is_lost(qtbot, broken):
    page = opened(qtbot, broken, DamagesScreen, room="304")
    page.press_primary()
    assert page.notes.text == "Nobody is in 304."
    assert page.charge_form["room"].value() == "304"
    assert broken.ask(queries.unseen) == []


def test_a_leader_sees_it_with_a_remark(qtbot, broken):
    item = broken.ask(queries.items)[0].id
    number = money(broken, service.charge, stay_id=broken.stay, item_id=item)
    page = opened(qtbot, broken, DamagesScreen, number=number)
    page.press_primary()
    page.forms["see"]["remark"].set_value("kept")
    page.press_primary()
    assert page.notes.text == "You charged this damage: another leader of the desk looks at it."
    page.step_back()
    broken.clerk = person(broken, "manager")
    page.clerk_changed()
    page.table.pick(broken.ask(queries.unseen)[0].id)
    page.press_primary()
    page.forms["see"]["remark"].set_value("kept")
    page.press_primary()
    assert page.notes.text == "DM-1 is seen."
    assert broken.ask(queries.damage, number=number).remark == "kept"


def test_the_price_list_is_kept_on_the_page(qtbot, broken):
    page = opened(qtbot, broken, DamagesScreen)
    page.acts["add_item"].press()
    assert page.panel.page == ITEM
    page.new_item["name"].set_value("Cup")
    page.new_item["price"].set_value(Money(1500))
    page.press_primary()
    assert (page.view, [i.name for i in broken.ask(queries.items)]) == (
        "items",
        ["Bath towel", "Cup", "Kettle"],
    )
    page.table.pick(next(i.id for i in broken.ask(queries.items) if i.name == "Cup"))
    page.acts["edit_item"].press()
    page.forms["edit_item"]["active"].set_value(False)
    page.press_primary()
    assert [i.active for i in broken.ask(queries.items) if i.name == "Cup"] == [False]
    page.table.pick(next(i.id for i in broken.ask(queries.items) if i.name == TOWEL["name"]))
    assert page.acts["see"].reason == "This damage was seen."


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_holds_to_the_rules(qtbot, broken, language, theme):
    item = broken.ask(queries.items)[0].id
    money(broken, service.charge, stay_id=broken.stay, item_id=item, pieces=2)
    money(broken, service.charge, stay_id=broken.stay, what="W" * 60, price=Money(99900))
    page = opened(qtbot, broken, DamagesScreen, language)
    dress(Look(language, theme, 100))
    shown = [page.refresh, page.acts["charge"].press, page.acts["see"].press]
    for show in (*shown, page.acts["add_item"].press, lambda: page.show_view("items")):
        show()
        qtbot.wait(20)
        check_screen(page)
        page.step_back()
    dress(Look("en", "light", 100))
