"""The page of channel accounts by keys and by the rules."""

import pytest

from pms.services.settlements import queries
from pms.services.stays import by_channel
from pms.services.stays import service as stays
from pms.ui.kit.theme import Look
from pms.ui.screens.settlements.screen import SettlementsScreen
from pms.ui.screens.stays.check_in import CheckInScreen
from pms.ui.screens.stays.check_out import CheckOutScreen
from tests.orders.samples import SAMPLES, needs_samples
from tests.stays.test_back_screens import page_of
from tests.stays.test_front_screens import press, shown
from tests.ui.checks import check_screen, dress, opened

from .made import PRICE, guest_in, leave, number_of, owed, row, told
from .test_statements import expected, kept, rename


@pytest.fixture
def owing(desk):
    """Two guests of one channel, of whom one has left, and the owner at the desk."""
    desk.first = guest_in(desk)
    desk.second = guest_in(desk, "302", reference="2", name="Li Na")
    desk.next_day()
    leave(desk, desk.first)
    return desk


def type_in(qtbot, field, text):
    field.line.setFocus()
    field.line.selectAll()
    qtbot.keyClicks(field.line, text)


def test_a_payment_is_taken_and_taken_back_by_keys(qtbot, owing):
    page = opened(qtbot, owing, SettlementsScreen)
    assert page.title.text() == "723.60 owed"
    page.table.setFocus()
    page.press_primary()
    assert page.panel.page == "receive"
    form = page.forms["receive"]
    assert form["amount"].value() == 3 * PRICE
    type_in(qtbot, form["amount"], "241.20")
    page.press_primary()
    assert "is taken" in page.notes.text
    assert owed(owing) == 2 * PRICE
    page.acts["take_back"].press()
    type_in(qtbot, page.forms["take_back"]["reason"], "another's")
    page.press_primary()
    assert owed(owing) == 3 * PRICE
    page.acts["take_back"].press()
    assert "Nothing was entered today" in page.notes.text


def test_a_bill_is_paid_and_written_off(qtbot, owing):
    page = opened(qtbot, owing, SettlementsScreen, bill=1)
    assert (page.view, page.table.row().number) == ("bills", 1)
    page.acts["write_off"].press()
    type_in(qtbot, page.forms["write_off"]["amount"], "41.20")
    type_in(qtbot, page.forms["write_off"]["reason"], "their fee")
    page.press_primary()
    assert "is written off" in page.notes.text
    page.press_primary()
    page.press_primary()
    assert [b.number for b in owing.ask(queries.open_bills)] == [2]


def test_a_fine_is_put_on_the_account(qtbot, owing):
    page = opened(qtbot, owing, SettlementsScreen)
    page.acts["put_on"].press()
    form = page.forms["put_on"]
    form["who"].set_value("takes")
    type_in(qtbot, form["amount"], "50")
    type_in(qtbot, form["reason"], "a fine")
    page.press_primary()
    assert owed(owing) == 3 * PRICE - 5_000
    assert page.title.text() == "723.60 owed, 50.00 to pay"


def test_the_check_out_leaves_the_channels_money_alone(qtbot, owing):
    page = page_of(qtbot, owing, CheckOutScreen, owing.second)
    assert (page.plan.to_pay, page.plan.back) == (0, 0)


def test_a_prepaid_guest_is_asked_a_deposit_for_the_nights_alone(qtbot, desk):
    line = desk.book("Lin Jiayin", prices=(PRICE, PRICE), **told(desk))
    screen = shown(qtbot, desk, CheckInScreen, line_id=line)
    assert screen.asked == 20_000
    press(qtbot, screen)
    assert owed(desk) == 2 * PRICE


@needs_samples
def test_a_statement_is_read_in_and_what_agrees_is_booked(qtbot, desk):
    name = "s2_ctrip_prepaid_week.xlsx"
    rename(desk)
    kept(desk, name, expected(name))
    page = opened(qtbot, desk, SettlementsScreen)
    page.acts["read_in"].press()
    page.take(SAMPLES / name, number_of(desk))
    qtbot.waitUntil(lambda: page.view == "lines" and len(page.rows["lines"]) == 7)
    assert page.rows["lines"][0].state == "here"
    page.take_in_hand("lines", page.rows["lines"][0])
    page.acts["clear"].press()
    page.forms["clear"]["reason"].set_value("agreed")
    page.press_primary()
    assert "is cleared" in page.notes.text
    page.show_view("files")
    page.table.setFocus()
    page.acts["book"].press()
    assert page.forms["receive"]["amount"].value() == 117_000
    page.press_primary()
    assert "is taken" in page.notes.text
    page.acts["book"].press()
    assert "Nothing that agrees" in page.notes.text


def test_an_order_is_credited_late(qtbot, desk):
    line = desk.book("Old", prices=(PRICE,), nights=1, channel="Ctrip", payer="channel")
    stay = desk.do(stays.check_in, line_id=line, room_id=desk.room_id("301"), intent="in")
    page = opened(qtbot, desk, SettlementsScreen)
    page.show_view("waiting")
    assert [w.room for w in page.rows["waiting"]] == ["301"]
    assert desk.ask(by_channel.not_credited)[0].price == PRICE
    assert row(desk, stay).balance == 0


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_page_holds_to_the_rules(qtbot, owing, language):
    page = opened(qtbot, owing, SettlementsScreen, language)
    for view in ("accounts", "bills", "waiting", "lines", "files"):
        page.show_view(view)
        check_screen(page)
    page.show_view("accounts")
    for act in ("receive", "put_on", "month"):
        page.acts[act].press()
        check_screen(page)
    page.acts["read_in"].press()
    check_screen(page)
    dress(Look("en", "light", 100))
