"""The page of serial numbers, by keys and by the rules."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import text

from pms.core.money import Money
from pms.services.folios import service as folios
from pms.services.stays import service as stays
from pms.services.vouchers import queries, service
from pms.ui.kit.theme import Look
from pms.ui.screens.vouchers.screen import VouchersScreen
from tests.authority.people import person
from tests.builders import TODAY
from tests.ui.checks import check_screen, dress, opened


@pytest.fixture
def gap(desk):
    stay = desk.do(
        stays.check_in, line_id=desk.book("Guo Na"), room_id=desk.room_id("301"), intent=desk.new_intent()
    )
    for _n in range(3):
        given = {"stay_id": stay, "method": "CASH", "amount": Money(10000)}
        desk.do(folios.take_deposit, **given, intent=desk.new_intent())
    with desk.engine.begin() as books:
        books.execute(text("DELETE FROM print_job WHERE number = 'D-2'"))


def test_a_book_goes_its_way_by_keys(qtbot, desk):
    page = opened(qtbot, desk, VouchersScreen)
    assert page.title.text() == "No number is missing."
    qtbot.keyClick(page.table, Qt.Key.Key_Insert)
    for name, typed in (("form", "Receipt"), ("first", "A0101"), ("last", "A0150")):
        qtbot.keyClicks(page.receive_form[name].line, typed)
    page.press_primary()
    assert page.table.row().shown == "FB-1"
    assert page.acts["count"].reason == "Only a book that is handed out is counted and taken back."
    page.press_primary()
    form = page.forms["hand_out"]
    assert form["holder"].value() == desk.clerk.name
    page.press_primary()
    assert desk.ask(queries.book, number=1).state == "out"
    page.acts["count"].press()
    form = page.forms["count"]
    qtbot.keyClicks(form["following"].line, "A0111")
    form.fill(stubs=8, spoilt=1)
    page.press_primary()
    assert "1 form missing" in page.title.text()
    page.acts["explain"].press()
    page.forms["explain"].fill(reason="torn out")
    page.press_primary()
    page.acts["take_back"].press()
    form = page.forms["take_back"]
    qtbot.keyClicks(form["following"].line, "A0151")
    form.fill(stubs=40)
    page.press_primary()
    assert page.rows["books"] == []
    page.open(number=1)
    assert (page.table.row().number, page.table.row().left) == (1, 0)


def test_missing_numbers_are_shown_and_printed(qtbot, desk, gap):
    page = opened(qtbot, desk, VouchersScreen, fault="D-2")
    assert page.title.text() == "1 number missing or twice"
    assert (page.listed, page.table.row().number) == ("faults", "D-2")
    page.acts["print_sheet"].press()
    assert "printing" in page.notes.text
    page.show_view("series")
    assert page.table.row() is not None
    page.span.since.set_value(TODAY - timedelta(days=90))
    page.acts["show_days"].press()
    assert "at most 62 days" in page.notes.text
    page.open(number=77)
    assert "no book FB-77" in page.notes.text


def test_a_clerk_counts_books_and_sees_no_numbers(qtbot, desk, gap):
    desk.clerk = person(desk, "clerk")
    page = opened(qtbot, desk, VouchersScreen)
    assert page.rows["series"] == ()
    assert page.acts["receive"].reason
    assert page.acts["print_sheet"].reason


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("view", ["books", "series", "faults", "used"])
def test_the_page_holds_to_the_rules(qtbot, desk, gap, language, view):
    for first, last in (("A000000000101", "A000000000150"), ("B01", "B09"), ("C01", "C02")):
        desk.do(service.receive, form="很长的名字" * 8, first=first, last=last)
    desk.do(service.hand_out, number=1, holder="名" * 60)
    desk.do(service.count, number=1, following="A000000000111", stubs=2, spoilt=3, remark="长" * 100)
    desk.do(service.hand_out, number=3, holder="Li")
    desk.do(service.take_back, number=3, following="C03", stubs=2)
    page = opened(qtbot, desk, VouchersScreen, language)
    page.show_view(view)
    check_screen(page)
    if view == "books":
        page.open(number=1)
        page.acts["take_back"].press()
        check_screen(page)
        page.close_form()
        page.acts["receive"].press()
        check_screen(page)
    dress(Look("en", "light", 100))
