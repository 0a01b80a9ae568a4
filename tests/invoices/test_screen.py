"""The page of invoices, by keys and by the rules."""

from base64 import b64encode
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from pms.core import tables
from pms.core.money import Money
from pms.services.folios import service as folios
from pms.services.invoices import compared, queries, service
from pms.services.stays import service as stays
from pms.ui.kit import files
from pms.ui.kit.theme import Look
from pms.ui.screens.invoices.screen import InvoicesScreen
from tests.builders import TODAY
from tests.invoices.sample import issued_list, template_file
from tests.invoices.test_invoices import BLUE, BUYER, DATA, OTHER, given_data
from tests.ui.checks import check_screen, dress, opened

TITLE = "虚构贸易有限公司</>91330199MAXXXXX15F</>虚构路1号|057100000000</>|</>0000"
CODE = f"$01{b64encode(TITLE.encode()).decode()}$"
"""As a scanner types it; its check is wrong."""


@pytest.fixture
def paid(desk):
    stay = desk.do(
        stays.check_in, line_id=desk.book("Guo Na"), room_id=desk.room_id("301"), intent=desk.new_intent()
    )
    desk.do(folios.charge, stay_id=stay, code="MINIBAR", amount=Money(59400), intent=desk.new_intent())
    desk.do(folios.pay, stay_id=stay, method="CASH", amount=Money(59400), intent=desk.new_intent())
    return stay


def test_a_buyers_code_and_the_room_are_all_that_is_typed(qtbot, desk, paid):
    page = opened(qtbot, desk, InvoicesScreen)
    qtbot.keyClick(page.table, Qt.Key.Key_Insert)
    form = page.wish_form
    qtbot.keyClicks(form["stay"].line, "301")
    assert form.who.text() == "301 Guo Na: 594.00 of 594.00 paid can be invoiced"
    qtbot.keyClicks(form["buyer"].line, CODE)
    assert (form["buyer"].value(), form["tax_number"].value()) == tuple(BUYER.values())
    assert "check is wrong" in form["buyer"].shown_note()
    page.press_primary()
    [row] = desk.ask(queries.wanted)
    assert (row.amount, row.buyer, row.address_phone) == (59400, BUYER["buyer"], "虚构路1号 057100000000")
    assert page.table.row().number == row.number
    assert "1 invoice wanted" in page.title.text()


def test_its_number_is_noted_and_a_red_letter_entered_by_keys(qtbot, desk, paid):
    number = desk.do(service.want, stay_id=paid, amount=Money(59400), **BUYER)
    page = opened(qtbot, desk, InvoicesScreen)
    page.press_primary()
    form = page.forms["issue"]
    qtbot.keyClicks(form["serial"].line, BLUE[:19])
    page.press_primary()
    assert "20 figures" in page.notes.text
    qtbot.keyClicks(form["serial"].line, BLUE[19:])
    page.press_primary()
    assert desk.ask(queries.invoice, number=number).state == "issued"
    page.show_view("issued")
    page.acts["take_back"].press()
    qtbot.keyClicks(page.forms["take_back"]["serial"].line, OTHER)
    page.press_primary()
    assert desk.ask(queries.invoice, number=number).red == 59400
    assert page.acts["take_back"].reason == "All of it is taken back."


def test_what_cannot_be_done_says_why(qtbot, desk, paid):
    page = opened(qtbot, desk, InvoicesScreen)
    assert page.acts["issue"].reason == "Choose an invoice first."
    qtbot.keyClick(page.table, Qt.Key.Key_Insert)
    qtbot.keyClicks(page.wish_form["stay"].line, "999")
    assert page.wish_form.who.text() == "No guest is found by 999."
    page.open(number=99)
    assert "There is no invoice I-99" in page.notes.text


@given_data
def test_the_platforms_file_is_read_in(qtbot, desk, paid, monkeypatch):
    desk.do(service.want, stay_id=paid, amount=Money(59400), **BUYER)
    page = opened(qtbot, desk, InvoicesScreen)
    chosen = [DATA / f"dzfp_{BLUE}.xml", Path("/nowhere/a.xml"), None]
    monkeypatch.setattr(files, "which", lambda *_what: chosen.pop(0))
    page.acts["read_in"].press()
    assert page.table.row().serial == BLUE
    page.acts["read_in"].press()
    assert "could not be read" in page.notes.text
    page.acts["read_in"].press()  # called off: nothing is said or done
    assert desk.ask(queries.closed, state="issued")[0].serial == BLUE


def test_the_template_is_filled_and_saved(qtbot, desk, paid, monkeypatch, tmp_path):
    page = opened(qtbot, desk, InvoicesScreen)
    assert page.acts["export"].reason == "Nobody waits for an invoice."
    desk.do(service.want, stay_id=paid, amount=Money(59400), **BUYER)
    page.refresh()
    template, target = tmp_path / "template.xlsx", tmp_path / "out.xlsx"
    template.write_bytes(template_file())
    monkeypatch.setattr(files, "which", lambda *_what: template)
    monkeypatch.setattr(files, "where", lambda *_what: None)
    page.acts["export"].press()  # called off: nothing is said or noted
    assert desk.ask(queries.wanted)[0].exported_at is None
    monkeypatch.setattr(files, "where", lambda *_what: tmp_path / "gone" / "out.xlsx")
    page.acts["export"].press()
    assert "could not be saved" in page.notes.text
    assert desk.ask(queries.wanted)[0].exported_at  # written down before it leaves; it is filled again
    monkeypatch.setattr(files, "where", lambda *_what: target)
    page.acts["export"].press()
    assert "1 invoice, 594.00, is in out.xlsx" in page.notes.text
    assert tables.sheets(target.read_bytes())["1-发票基本信息"].rows[3][0] == "I00000000001"
    assert desk.ask(queries.wanted)[0].exported_at
    template.write_bytes(issued_list())
    page.acts["export"].press()
    assert "not the platform's template" in page.notes.text


def test_a_list_is_read_in_and_what_it_tells_is_taken_over(qtbot, desk, paid, monkeypatch, tmp_path):
    desk.do(service.want, stay_id=paid, amount=Money(100), **BUYER)
    page = opened(qtbot, desk, InvoicesScreen)
    chosen = tmp_path / "list.xlsx"
    chosen.write_bytes(issued_list((BLUE, TODAY, "1.00", "正常"), (OTHER, TODAY, "2.00", "正常")))
    monkeypatch.setattr(files, "which", lambda *_what: chosen)
    page.acts["read_in"].press()
    qtbot.waitUntil(lambda: "2 invoices in the list, 1 of them noted now; findings: 1" in page.notes.text)
    assert (page.listed, page.table.row().serial) == ("told", OTHER)
    assert page.acts["show_here"].reason == "Nothing of it stands here."
    page.press_primary()
    form = page.forms["adopt"]
    qtbot.keyClicks(form["stay"].line, "999")
    page.press_primary()
    assert page.notes.text
    form["stay"].set_value("")
    qtbot.keyClicks(form["stay"].line, "301")
    assert "593.00 of 594.00 paid" in form.who.text()
    page.press_primary()
    assert page.rows["told"] == []
    assert {row.serial for row in desk.ask(queries.closed, state="issued")} == {BLUE, OTHER}
    page.open(told=OTHER)
    assert page.listed == "told"


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("view", ["wanted", "issued", "told"])
def test_the_page_holds_to_the_rules(qtbot, desk, paid, language, view):
    first = desk.do(service.want, stay_id=paid, amount=Money(100), **BUYER, special=True, remark="长" * 100)
    desk.do(service.want, stay_id=paid, amount=Money(200), buyer="很长的名字" * 20, individual=True)
    desk.do(service.issue, number=first, serial=BLUE, issued_on=TODAY)
    told = issued_list((BLUE, TODAY, "1.50", "正常"), (OTHER, TODAY, "2.00", "正常"))
    desk.do(compared.read_list, file="list.xlsx", content=told)
    page = opened(qtbot, desk, InvoicesScreen, language)
    page.show_view(view)
    check_screen(page)
    page.acts["want"].press()
    check_screen(page)
    dress(Look("en", "light", 100))
