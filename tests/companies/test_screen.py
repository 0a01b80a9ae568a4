"""The page of companies, by keys and by the rules."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from pms.core.money import Money
from pms.services.companies import queries, service
from pms.ui.kit import files
from pms.ui.kit.picture import Picture
from pms.ui.kit.theme import Look
from pms.ui.screens.companies.screen import COMPANY, END, CompaniesScreen
from tests.builders import TODAY
from tests.pictures import drawn
from tests.ui.checks import check_screen, dress, opened

Key = Qt.Key


def type_in(qtbot, field, text):
    field.line.setFocus()
    field.line.selectAll()
    qtbot.keyClicks(field.line, text)


@pytest.fixture
def known(desk):
    """Three companies: one in force, one whose agreement ended, one suspended."""
    desk.do(service.add, name="杭州华安科技", code="HA", contact="Ms Qian", phone="0571 8888 1234", plan_id=1)
    desk.do(service.add_signer, number=1, name="He Ping", phone="13800138009", specimen="folder 3")
    desk.do(service.add, name="Old Ltd", code="OLD", valid_until=TODAY - timedelta(days=1))
    desk.do(service.add, name="Late Ltd", code="LATE", credit_limit=Money(500000))
    desk.do(service.suspend, number=3, reason="owes since May")
    return desk


def test_a_company_is_entered_by_keys(qtbot, desk):
    page = opened(qtbot, desk, CompaniesScreen)
    qtbot.keyClick(page, Key.Key_Insert)
    assert page.panel.page == COMPANY
    form = page.new_form
    type_in(qtbot, form["name"], "Moon Travel")
    type_in(qtbot, form["code"], "moon")
    type_in(qtbot, form["free_until"], "14")
    type_in(qtbot, form["credit_limit"], "3000")
    page.press_primary()
    assert page.notes.text == "Moon Travel is saved."
    [row] = desk.ask(queries.companies)
    assert (row.code, row.free_until, row.credit_limit) == ("MOON", "14:00", 300000)
    assert (page.panel.page, page.table.row().number) == (page.HOME, row.number)


def test_a_wrong_tax_number_is_said_at_its_field(qtbot, desk):
    page = opened(qtbot, desk, CompaniesScreen)
    page.acts["add"].press()
    type_in(qtbot, page.new_form["name"], "Moon")
    type_in(qtbot, page.new_form["tax_number"], "913301")
    page.press_primary()
    assert "this one has 6" in page.new_form["tax_number"].shown_error()
    assert desk.ask(queries.companies) == []


def test_a_company_is_changed_suspended_and_resumed(qtbot, known):
    page = opened(qtbot, known, CompaniesScreen, number=1)
    page.acts["edit"].press()
    type_in(qtbot, page.forms["edit"]["days_to_pay"], "45")
    page.press_primary()
    assert page.notes.text == "杭州华安科技 is saved."
    assert known.ask(queries.company, number=1).days_to_pay == 45
    assert "Days to pay: 30 → 45" in page.pages[""].history.rows.cell(0, 1).text
    page.acts["suspend"].press()
    type_in(qtbot, page.forms["suspend"]["reason"], "audit")
    page.press_primary()
    assert known.ask(queries.company, number=1).suspended == "audit"
    page.open(number=1)
    assert page.view == "other"
    page.acts["resume"].press()
    assert known.ask(queries.company, number=1).suspended == ""


def test_a_signer_is_added_and_taken_off(qtbot, known):
    page = opened(qtbot, known, CompaniesScreen, number=1)
    page.acts["add_signer"].press()
    type_in(qtbot, page.forms["add_signer"]["name"], "Xu Li")
    page.press_primary()
    assert [s.name for s in known.ask(queries.signers, number=1)] == ["He Ping", "Xu Li"]
    page.acts["end_signer"].press()
    assert page.panel.page == END
    page.press_primary()
    assert [(s.name, s.removed_on) for s in known.ask(queries.signers, number=1)] == [
        ("Xu Li", None),
        ("He Ping", TODAY),
    ]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_page_holds_to_the_rules(qtbot, known, language):
    page = opened(qtbot, known, CompaniesScreen, language)
    check_screen(page)
    page.show_view("other")
    check_screen(page)
    page.acts["add"].press()
    check_screen(page)
    dress(Look("en", "light", 100))


def test_a_signature_is_chosen_as_a_picture_and_stands_beside_its_name(qtbot, known, monkeypatch, tmp_path):
    page = opened(qtbot, known, CompaniesScreen)
    page.open(number=1)
    page.acts["picture"].press()
    chosen = tmp_path / "he_ping.png"
    chosen.write_bytes(b"no picture")
    monkeypatch.setattr(files, "which", lambda *_what: chosen)
    page.press_primary()
    assert page.notes.text
    chosen.write_bytes(drawn())
    page.press_primary()
    assert "shown at check-out" in page.notes.text
    qtbot.waitUntil(lambda: any(p.isVisible() for p in page.findChildren(Picture)))
    [picture] = [p for p in page.findChildren(Picture) if p.isVisible()]
    assert picture.accessibleName() == "Signature of He Ping"
    check_screen(page)
