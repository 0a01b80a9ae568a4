"""The page of company accounts, and the check-out to one, by keys and by the rules."""

import pytest
from PySide6.QtCore import Qt

from pms.core.money import Money
from pms.services.companies import service as companies
from pms.services.debts import queries
from pms.services.folios import service as folios
from pms.services.stays import service as stays
from pms.ui.kit.theme import Look
from pms.ui.screens.debts.screen import BACK, OFF, PAY, STATEMENT, DebtsScreen
from pms.ui.screens.stays.check_out import CheckOutScreen
from tests.builders import TODAY
from tests.pictures import drawn
from tests.stays.test_back_screens import page_of
from tests.ui.checks import check_screen, dress, opened

from .test_debts import leave, lodge

Key = Qt.Key


@pytest.fixture
def owing(desk):
    """A company with two open bills, another that owes nothing, and the owner at the desk."""
    desk.firm = desk.do(companies.add, name="杭州华安科技", code="HA", credit_limit=Money(40_000))
    desk.signer = desk.do(companies.add_signer, number=desk.firm, name="He Ping")
    desk.do(companies.set_specimen, signer_id=desk.signer, picture=drawn())
    desk.do(companies.add, name="Quiet Ltd")
    leave(desk, lodge(desk))
    leave(desk, lodge(desk, "302", 20_000, "Li Na"))
    return desk


def type_in(qtbot, field, text):
    field.line.setFocus()
    field.line.selectAll()
    qtbot.keyClicks(field.line, text)


def test_a_payment_is_taken_by_keys(qtbot, owing):
    page = opened(qtbot, owing, DebtsScreen)
    assert page.title.text() == "500.00 owed"
    page.table.setFocus()
    page.press_primary()
    assert page.panel.page == PAY
    assert page.payment["amount"].value() == 50_000
    type_in(qtbot, page.payment["amount"], "350")
    page.press_primary()
    assert page.notes.text == "350.00 is taken, the receipt is printing."
    assert [(b.number, b.left) for b in owing.ask(queries.open_bills)] == [(2, 15_000)]


def test_a_bill_is_paid_written_off_and_a_payment_taken_back(qtbot, owing):
    page = opened(qtbot, owing, DebtsScreen, bill=2)
    assert (page.view, page.table.row().number) == ("bills", 2)
    page.press_primary()
    assert (page.payment["amount"].value(), page.payment["bill"].value()) == (20_000, 2)
    page.press_primary()
    assert [b.number for b in owing.ask(queries.open_bills)] == [1]
    page.show_view("debtors")
    page.acts["take_back"].press()
    assert page.panel.page == BACK
    type_in(qtbot, page.taking_back["reason"], "another's")
    page.press_primary()
    assert page.notes.text == "The payment is taken back."
    assert owing.look(queries.owed, number=owing.firm) == 50_000
    page.acts["take_back"].press()
    assert "Nothing came in today" in page.notes.text
    page.acts["write_off"].press()
    assert page.panel.page == OFF
    type_in(qtbot, page.giving_up["amount"], "100")
    type_in(qtbot, page.giving_up["reason"], "bankrupt")
    page.press_primary()
    assert owing.look(queries.owed, number=owing.firm) == 40_000


def test_the_statement_is_printed_and_saved(qtbot, owing, monkeypatch, tmp_path):
    page = opened(qtbot, owing, DebtsScreen)
    page.acts["statement"].press()
    assert page.panel.page == STATEMENT
    saved = []
    monkeypatch.setattr("pms.ui.screens.debts.screen.files.where", lambda *_a: tmp_path / "x")
    monkeypatch.setattr("pms.ui.screens.debts.screen.files.save", lambda _p, _to, data: saved.append(data))
    page.acts["save_pdf"].press()
    page.acts["save_sheet"].press()
    assert [data[:4] for data in saved] == [b"%PDF", b"PK\x03\x04"]
    page.press_primary()
    assert page.notes.text == "The statement is printing."


def test_a_guest_leaves_to_the_companys_account_in_one_press(qtbot, owing):
    owing.do(companies.edit, number=owing.firm, name="杭州华安科技", credit_limit=Money(10**7))
    stay = owing.do(
        stays.walk_in,
        room_id=owing.room_id("303"),
        departure=TODAY,
        guests=stays.persons("Zhao"),
        plan_id=1,
        company_number=owing.firm,
        payer="company",
        intent="in",
    )
    owing.do(folios.charge, stay_id=stay, code="MISC", amount=Money(12_300), intent="c")
    page = page_of(qtbot, owing, CheckOutScreen, stay)
    assert page.to_account.value()
    assert page.rest_words.text() == "123.00 goes to the company's account."
    assert page.specimen.isVisible()
    check_screen(page)
    page.press_primary()
    assert page.finished(), page.notes.text
    [bill] = [b for b in owing.ask(queries.open_bills) if b.guest == "Zhao"]
    assert (bill.left, bill.signer) == (12_300, "He Ping")


def test_who_pays_himself_is_not_billed_unasked(qtbot, owing):
    stay = lodge(owing, "304", 5_000)
    page = page_of(qtbot, owing, CheckOutScreen, stay)
    assert not page.to_account.value()
    assert page.account_box.isVisible()
    qtbot.keyClick(page.to_account, Key.Key_Space)
    assert "company's account" in page.rest_words.text()
    qtbot.keyClick(page.to_account, Key.Key_Space)
    assert "is left" in page.rest_words.text()


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_page_holds_to_the_rules(qtbot, owing, language):
    page = opened(qtbot, owing, DebtsScreen, language)
    check_screen(page)
    page.show_view("bills")
    check_screen(page)
    for act in ("receive", "write_off"):
        page.acts[act].press()
        check_screen(page)
    dress(Look("en", "light", 100))
