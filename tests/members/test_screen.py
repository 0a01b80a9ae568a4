"""The page of members: registered with a card by keys, found by what is typed, the rules of every page."""

import pytest
from PySide6.QtCore import Qt

from pms.core.money import Money
from pms.services.folios import service as folios
from pms.services.guests.person import Person
from pms.services.members import arrivals, queries, service, stored
from pms.ui.kit.theme import Look
from pms.ui.screens.folios.screen import FolioScreen
from pms.ui.screens.members.screen import JOIN, LEVEL, MembersScreen
from pms.ui.screens.stays.check_in import CheckInScreen
from pms.ui.screens.stays.screen import InHouseScreen
from tests.property.test_settings import set_options
from tests.ui.checks import check_screen, dress, opened

from .test_members import GOLD, PHONE, SILVER, codes, guest_in, join, level, money, row

Key = Qt.Key


def type_in(qtbot, field, text):
    field.line.setFocus()
    field.line.selectAll()
    qtbot.keyClicks(field.line, text)


@pytest.fixture
def club(desk):
    """A house with two levels."""
    for of in (SILVER, GOLD):
        level(desk, of)
    return desk


def test_a_guest_becomes_a_member_with_a_card_on_the_room_by_keys(qtbot, club):
    stay = guest_in(club)
    page = opened(qtbot, club, MembersScreen)
    qtbot.keyClick(page, Key.Key_Insert)
    form = page.join_form
    assert page.panel.page == JOIN
    type_in(qtbot, form["name"], "Wang Yaqin")
    type_in(qtbot, form["phone"], PHONE)
    form["level"].set_value(level(club))
    form["level"].changed.emit()
    assert form.gives.text() == "departure free until 14:00, points × 1.5"
    assert not form["way"].isVisibleTo(form.body)
    type_in(qtbot, form["card"], "88001234")
    assert form["charge"].value() == 9800
    form["way"].chips.choose("ROOM")
    page.press_primary()
    assert page.notes.text == "Type the room's number."
    type_in(qtbot, form["room"], "301")
    assert form["room"].who.text() == "Wang Yaqin"
    page.press_primary()
    assert page.notes.text == "M-1 is registered."
    assert (page.panel.page, page.table.row().card) == (page.HOME, "88001234")
    assert ("MEMBERCARD", 9800) in codes(club, stay)
    assert club.ask(arrivals.of_stay, stay_id=stay).number == 1


def test_a_lost_card_is_reported_and_replaced_by_keys_for_a_waived_price(qtbot, club):
    number = join(club, card="88001234", method="CASH")
    page = opened(qtbot, club, MembersScreen, number=number)
    qtbot.keyClick(page.table, Key.Key_L)
    assert page.notes.text == "The card of M-1 Wang Yaqin is blocked."
    assert page.acts["sell_card"].reason == "The member has a card."
    page.acts["replace_card"].press()
    form = page.forms["replace_card"]
    type_in(qtbot, form["card"], "88005678")
    form["charge"].set_value(Money(0))
    form["charge"].changed.emit()
    assert form["reason"].isVisibleTo(form.body)
    assert not form["way"].isVisibleTo(form.body)
    type_in(qtbot, form["reason"], "did not work")
    page.press_primary()
    assert page.notes.text == "M-1 Wang Yaqin has a new card, the receipt is printing."
    assert row(club, number).card == "88005678"


def test_the_find_line_finds_among_all_members(qtbot, club, monkeypatch):
    for n in range(3):
        join(club, f"Zhao Wei {n}", f"1390000123{n}")
    monkeypatch.setattr(MembersScreen, "lists", lambda self: {**_lists(self), "members": []})
    page = opened(qtbot, club, MembersScreen)
    assert page.table.rows.rowCount() == 0
    page.finder.set_value("1231")
    page._show()
    assert [page.table.rows.cell(n, 1).text for n in range(page.table.rows.rowCount())] == ["Zhao Wei 1"]


_lists = MembersScreen.lists


def test_a_stay_is_counted_and_a_member_suspended_and_lifted(qtbot, club):
    stay, number = guest_in(club), join(club)
    page = opened(qtbot, club, MembersScreen, number=number)
    page.acts["count_stay"].press()
    form = page.forms["count_stay"]
    page.press_primary()
    assert page.notes.text == "Type the room's number."
    type_in(qtbot, form["room"], "304")
    page.press_primary()
    assert page.notes.text == "Nobody is in 304."
    type_in(qtbot, form["room"], "301")
    page.press_primary()
    assert club.ask(arrivals.of_stay, stay_id=stay).number == number
    page.acts["suspend"].press()
    page.forms["suspend"]["reason"].set_value("owes a bill")
    page.press_primary()
    assert row(club, number).suspended == "owes a bill"
    page.acts["lift"].press()
    assert row(club, number).suspended == ""


def test_a_level_is_added_and_changed_on_its_tab(qtbot, desk):
    page = opened(qtbot, desk, MembersScreen)
    assert page.acts["join"].reason.startswith("There is no level yet")
    page.acts["add_level"].press()
    form = page.new_level
    assert page.panel.page == LEVEL
    form.fill(name="Gold", name_zh="金卡", free_until="14:00", card_price=Money(9800))
    page.press_primary()
    assert page.notes.text == "The level Gold is saved."
    assert page.view == "levels"
    page.acts["edit_level"].press()
    form = page.forms["edit_level"]
    form["multiple"].set_value(200)
    page.press_primary()
    [made] = desk.ask(queries.levels)
    assert (made.name_zh, made.free_until, made.multiple) == ("金卡", "14:00", 200)


def test_a_member_is_welcomed_at_check_in_and_named_in_house(qtbot, club):
    number = join(club)
    page = opened(qtbot, club, CheckInScreen, line_id=club.book())
    assert page.welcome.words.text() == "Wang Yaqin may be M-1, Gold: ask for the phone or the card."
    type_in(qtbot, page.guests.lines[0].phone, PHONE)
    page.look()
    said = "Gold Wang Yaqin, M-1, departure free until 14:00, points × 1.5"
    assert page.welcome.words.text() == said
    page.guests.lines[0].name.set_value("Zhao Wei")
    page.look()
    assert page.welcome.isHidden()
    stay = guest_in(club, Person("Wang Yaqin", phone=PHONE), "302")
    front = opened(qtbot, club, InHouseScreen, stay_id=stay)
    facts = dict(front.facts(front.table.row()).facts)
    assert facts["Member"] == "Gold, M-1, departure free until 14:00, points × 1.5"
    club.do(service.suspend, number=number, reason="owes a bill")
    page = opened(qtbot, club, CheckInScreen, guest="Wang Yaqin", phone=PHONE)
    assert page.welcome.words.text() == "M-1 is suspended: owes a bill"


def test_a_card_scanned_at_check_in_puts_its_member_there_and_the_folio_and_bill_name_the_member(qtbot, club):
    join(club, card="88001234", method="CASH")
    page = opened(qtbot, club, CheckInScreen, line_id=club.book("A Friend"))
    line = page.guests.lines[0]
    for typed in ("8800123", "88009999"):
        line.name.set_value(typed)
        page.look()
        assert line.name.value() == typed
    line.name.set_value("8800 1234".replace(" ", ""))
    page.look()
    assert (line.name.value(), line.phone.value()) == ("Wang Yaqin", PHONE)
    assert page.welcome.words.text().startswith("Gold Wang Yaqin, M-1")
    stay = guest_in(club, Person("Wang Yaqin", phone=PHONE), "302")
    folio = opened(qtbot, club, FolioScreen, stay_id=stay)
    badges = [folio.badges.itemAt(n).widget().text for n in range(folio.badges.count())]
    assert "Gold M-1" in badges
    bill = str(club.do(folios.preview_bill, stay_id=stay))
    assert "Gold Wang Yaqin M-1" in bill
    other = guest_in(club, Person("Zhao Wei"), "303")
    assert "M-1" not in str(club.do(folios.preview_bill, stay_id=other))


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_page_keeps_the_rules_of_every_page(qtbot, club, language):
    join(club, card="88001234", method="CASH")
    gone = join(club, "Li Na", "13900139000")
    club.do(service.suspend, number=gone, reason="owes a bill")
    page = opened(qtbot, club, MembersScreen, language)
    check_screen(page)
    page.join()
    check_screen(page)
    page.close_form()
    for name in ("change", "set_level", "count_stay", "suspend"):
        page.acts[name].press()
        check_screen(page)
        page.close_form()
    page.show_view("levels")
    check_screen(page)
    page.acts["edit_level"].press()
    check_screen(page)
    dress(Look("en", "light", 100))


def test_stored_value_is_charged_used_and_refunded_by_keys(qtbot, club):
    set_options(club, stored_value=True, stored_gift_from=50000, stored_gift_percent=10)
    number = join(club)
    stay = guest_in(club)
    money(club, folios.charge, stay_id=stay, code="MINIBAR", amount=Money(30000))
    page = opened(qtbot, club, MembersScreen, number=number)
    page.acts["charge_up"].press()
    form = page.forms["charge_up"]
    type_in(qtbot, form["amount"], "1000")
    assert form["gift"].value() == 10000
    assert not form["reason"].isVisibleTo(form.body)
    page.press_primary()
    assert page.notes.text == "The stored value of M-1 Wang Yaqin is charged up, the receipt is printing."
    qtbot.keyClick(page.table, Key.Key_F10)
    form = page.forms["pay"]
    type_in(qtbot, form["room"], "301")
    assert form.sum.text() == "The folio owes 300.00."
    assert form["amount"].value() == 30000
    page.press_primary()
    assert (purse(club, number).paid, purse(club, number).gift) == (70000, 10000)
    check_screen(page)
    page.acts["take_back"].press()
    page.forms["take_back"]["reason"].set_value("wrong room")
    page.press_primary()
    page.acts["refund"].press()
    form = page.forms["refund"]
    assert (form["amount"].value(), form["method"].value()) == (100000, "CASH")
    form["reason"].set_value("moves away")
    page.press_primary()
    assert purse(club, number).total == 0
    assert [s.what for s in page.facts(page.table.row()).steps][:4] == [
        "Stored value given back",
        "Payment taken back",
        "Paid with stored value",
        "Stored value charged up",
    ]
    for name in ("charge_up", "pay", "refund", "take_back"):
        page.acts[name].press()
        check_screen(page)
        page.close_form()


def purse(house, number):
    return house.ask(stored.purse, member_id=row(house, number).id)


def test_from_the_check_out_the_form_opens_with_the_room_and_what_it_owes(qtbot, club):
    set_options(club, stored_value=True)
    number = join(club)
    stay = guest_in(club)
    money(club, folios.charge, stay_id=stay, code="MINIBAR", amount=Money(30000))
    money(club, service.charge_up, number=number, amount=Money(20000), method="CASH")
    page = opened(qtbot, club, MembersScreen, number=number, pays_for=stay)
    assert (page.panel.page, page.forms["pay"]["room"].value()) == ("pay", "301")
    assert page.forms["pay"]["amount"].value() == 20000
    page.press_primary()
    assert purse(club, number).total == 0
