"""The page of the kinds of payment, and the number in the forms by which money comes and goes back: by keys
alone, and cash asks nothing more."""

import pytest
from PySide6.QtCore import Qt

from pms.core.money import Money
from pms.services.folios import kinds
from pms.services.folios import service as folios
from pms.ui.kit.theme import Look
from pms.ui.screens.folios.screen import FolioScreen
from pms.ui.screens.payments.screen import PaymentsScreen
from tests.rental.test_rental import guest_in
from tests.ui.checks import check_screen, dress, opened

from .test_payments import PAID, shares

Key = Qt.Key


def type_in(qtbot, field, text):
    field.line.setFocus()
    field.line.selectAll()
    qtbot.keyClicks(field.line, text)


@pytest.fixture
def page(qtbot, desk):
    """A guest's folio with the form of a payment open."""
    desk.stay = guest_in(desk)
    made = opened(qtbot, desk, FolioScreen, stay_id=desk.stay)
    made.acts["payment"].press()
    return made


def test_a_kind_is_changed_by_keys(qtbot, desk):
    page = opened(qtbot, desk, PaymentsScreen)
    page.table.pick("UNIONPAY")
    qtbot.keyClick(page, Key.Key_E, Qt.KeyboardModifier.AltModifier)
    form = page.forms["change"]
    assert form["offered"].value()
    form["offered"].set_value(False)
    type_in(qtbot, form["name"], "Cloud pay")
    page.press_primary()
    assert page.notes.text == "UnionPay code is changed."
    assert "UNIONPAY" not in [way.code for way in desk.ask(kinds.offered)]
    assert [row.words for row in page.rows["off"]] == ["Cloud pay", "Voucher", "Mobile payment"]


def test_cash_is_what_it_was_and_a_wallet_asks_for_its_number(qtbot, page):
    form = page.forms["payment"]
    assert form["method"].value() == "CASH"
    assert form["method"].typed.isHidden()
    form["method"].chips.choose("WECHAT")
    assert not form["method"].typed.isHidden()
    type_in(qtbot, form["amount"], "268")
    page.press_primary()
    assert page.notes.text == "Transaction number is missing."
    assert form["method"].typed.line.hasFocus()
    type_in(qtbot, form["method"].typed, "134567890123456789")
    page.press_primary()
    assert "code on the payer's phone" in page.notes.text
    type_in(qtbot, form["method"].typed, PAID)
    qtbot.keyClick(form["method"].typed.line, Key.Key_Return)
    assert page.notes.text == "268.00 is taken."
    assert shares(page.office) == [("WECHAT", PAID, 26800)]
    assert [line.rule for line in page.lines] == [PAID]


def test_a_refund_finds_its_payment_by_itself(qtbot, page):
    desk = page.office
    desk.do(
        folios.take_deposit,
        stay_id=desk.stay,
        method="ALIPAY",
        amount=Money(20000),
        reference=PAID,
        intent=desk.new_intent(),
    )
    page.close_form()
    page.refresh()
    page.acts["refund"].press()
    form = page.forms["refund"]
    assert form["method"].value() == "ALIPAY"
    form["lost"].set_value(True)
    page.press_primary()
    assert shares(desk) == [("ALIPAY", PAID, 0)]


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("zh_CN", "dark")])
def test_the_page_keeps_the_rules_of_every_page(qtbot, desk, language, theme):
    page = opened(qtbot, desk, PaymentsScreen, language)
    dress(Look(language, theme, 100))
    for show in (page.refresh, page.acts["change"].press, lambda: page.show_view("off")):
        show()
        qtbot.wait(20)
        check_screen(page)
        page.step_back()
    dress(Look("en", "light", 100))
