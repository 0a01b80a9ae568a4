"""The page of pre-authorisations and the check-out: held, completed and released by keys."""

import pytest
from PySide6.QtCore import Qt

from pms.core.money import Money
from pms.services.folios import service as folios
from pms.services.payments import service as payments
from pms.services.preauth import queries, service
from pms.ui.kit.theme import Look
from pms.ui.screens.preauth.screen import PreauthScreen
from pms.ui.screens.stays.check_out import CheckOutScreen
from tests.rental.test_rental import guest_in, money
from tests.rental.test_screen import type_in
from tests.stays.test_back_screens import page_of
from tests.ui.checks import check_screen, dress, opened

from .test_preauth import owed, sums, take

Key = Qt.Key


@pytest.fixture
def owing(desk):
    """A guest in 301 who owes 300.00."""
    desk.stay = guest_in(desk)
    money(desk, folios.charge, stay_id=desk.stay, code="MINIBAR", amount=Money(30000))
    return desk


def test_an_amount_is_held_by_keys_and_completed(qtbot, owing):
    page = opened(qtbot, owing, PreauthScreen)
    qtbot.keyClick(page, Key.Key_Insert)
    form = page.take_form
    for name, text in (("room", "301"), ("amount", "500"), ("last_four", "1234"), ("code", "a1b2c3")):
        type_in(qtbot, form[name], text)
    assert "Wang Yaqin" in form.who.text()
    page.press_primary()
    assert page.notes.text == "PA-1 is held, the slip is printing."
    page.table.setFocus()
    page.press_primary()
    form = page.forms["capture"]
    assert form["amount"].value() == 30000
    assert form.rest.text() == "200.00 is released."
    page.press_primary()
    assert page.notes.text == "PA-1 is completed, the slip is printing."
    assert sums(owing, 1) == (50000, 30000, 20000, 0)
    page.show_view("ended")
    page.acts["take_back"].press()
    page.forms["take_back"]["reason"].set_value("wrong sum")
    page.press_primary()
    assert page.notes.text == "PA-1 is held again."
    assert sums(owing, 1) == (50000, 0, 0, 50000)


def test_it_is_topped_up_and_released_by_keys(qtbot, owing):
    number = take(owing, owing.stay)
    page = opened(qtbot, owing, PreauthScreen, number=number)
    page.acts["top_up"].press()
    type_in(qtbot, page.forms["top_up"]["amount"], "200")
    page.press_primary()
    assert sums(owing, number) == (70000, 0, 0, 70000)
    page.show_view("held")
    page.acts["release"].press()
    page.press_primary()
    assert sums(owing, number) == (70000, 0, 70000, 0)


def test_what_is_missing_or_too_much_is_said_and_nothing_typed_is_lost(qtbot, owing):
    page = opened(qtbot, owing, PreauthScreen)
    qtbot.keyClick(page, Key.Key_Insert)
    form = page.take_form
    type_in(qtbot, form["room"], "304")
    type_in(qtbot, form["amount"], "500")
    page.press_primary()
    assert page.notes.text
    for name, text in (("last_four", "1234"), ("code", "A1B2C3")):
        type_in(qtbot, form[name], text)
    page.press_primary()
    assert page.notes.text == "Nobody is in 304."
    assert form["code"].value() == "A1B2C3"
    assert owing.ask(queries.held, business_date=owing.house().business_date) == []


def test_another_desk_was_faster(qtbot, owing):
    number = take(owing, owing.stay)
    page = opened(qtbot, owing, PreauthScreen, number=number)
    page.table.setFocus()
    page.press_primary()
    owing.do(service.top_up, number=number, amount=Money(100))
    page.press_primary()
    assert "501.00 is held now" in page.notes.text
    assert sums(owing, number) == (50100, 0, 0, 50100)


def test_a_wallet_is_asked_for_its_order_and_its_transaction_number(qtbot, owing):
    owing.do(payments.change, code="WECHAT", offered=True, position=2, number="needed", holds=True)
    page = opened(qtbot, owing, PreauthScreen)
    qtbot.keyClick(page, Key.Key_Insert)
    form = page.take_form
    form["method"].chips.choose("WECHAT")
    assert form["last_four"].isHidden()
    type_in(qtbot, form["room"], "301")
    type_in(qtbot, form["amount"], "300")
    type_in(qtbot, form["code"], "4200009990202609050000000101")
    page.press_primary()
    page.table.setFocus()
    page.press_primary()
    page.press_primary()
    assert "transaction number is missing" in page.notes.text
    type_in(qtbot, page.forms["capture"]["reference"], "4200009990202609050000000102")
    page.press_primary()
    assert owed(owing, owing.stay) == 0


def test_the_check_out_offers_what_is_held(qtbot, owing):
    number = take(owing, owing.stay)
    page = page_of(qtbot, owing, CheckOutScreen, owing.stay)
    due = page.plan.to_pay
    assert page.method.value() == f"HOLD:{number}"
    assert page.amount.value() == min(due, 50000)
    assert not page.holds.release.isHidden()
    page.press_primary()
    assert page.finished(), page.notes.text
    assert sums(owing, number) == (50000, due, 50000 - due, 0)


def test_the_check_out_pays_the_rest_otherwise(qtbot, owing):
    number = take(owing, owing.stay, 10000)
    page = page_of(qtbot, owing, CheckOutScreen, owing.stay)
    assert page.amount.value() == 10000
    type_in(qtbot, page.amount, "200")
    page.press_primary()
    assert "Only 100.00 is held" in page.notes.text
    type_in(qtbot, page.amount, "100")
    assert not page.rest.isHidden()
    page.press_primary()
    assert page.finished(), page.notes.text
    assert sums(owing, number) == (10000, 10000, 0, 0)


def test_paid_in_cash_what_is_held_goes_free_unless_the_clerk_keeps_it(qtbot, owing):
    number = take(owing, owing.stay)
    page = page_of(qtbot, owing, CheckOutScreen, owing.stay)
    page.method.chips.choose("CASH")
    page.holds.release.set_value(False)
    type_in(qtbot, page.received, "999")
    page.press_primary()
    assert page.finished(), page.notes.text
    assert sums(owing, number) == (50000, 0, 0, 50000)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_page_holds_to_the_rules(qtbot, owing, language):
    take(owing, owing.stay)
    page = opened(qtbot, owing, PreauthScreen, language)
    check_screen(page)
    page.acts["take"].press()
    check_screen(page)
    dress(Look("en", "light", 100))
