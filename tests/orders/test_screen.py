"""The page of channel orders: two keys from a copied order to its booking; lists by ticks; both languages."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from pms.services.orders import queries
from pms.services.reservations import queries as bookings
from pms.ui.kit.theme import Look
from pms.ui.screens.orders.order import OrderPage
from pms.ui.screens.orders.screen import READ, OrdersScreen
from tests.ui.checks import check_screen, dress, opened

from .test_lists import HEAD, csv_of
from .test_orders import day, sold, take, text

Key, Ctrl = Qt.Key, Qt.KeyboardModifier.ControlModifier


def copied(told: str) -> None:
    QGuiApplication.clipboard().setText(told)


def follow(page, qtbot, desk) -> list:
    """Return where a page wants to go, as the window is told."""
    gone: list = []
    page.wanted.connect(lambda word, what: gone.append((word, what)))
    return gone


def order_page(qtbot, desk, told: str = "", language: str = "en", **what):
    return opened(qtbot, desk, OrderPage, language, pasted=told, **what)


def test_a_copied_order_is_booked_with_two_keys(qtbot, desk):
    page = opened(qtbot, desk, OrdersScreen)
    gone = follow(page, qtbot, desk)
    copied(text())
    qtbot.keyClick(page.table, Key.Key_V, Ctrl)
    ((word, what),) = gone
    assert word == "order"
    order = opened(qtbot, desk, OrderPage, **what)
    then = follow(order, qtbot, desk)
    qtbot.keyClick(order, Key.Key_F12)
    ((word, what),) = then
    assert word == "orders"
    page.open(**what)
    assert page.notes.text == "1128360000417625 is booked as R-1."
    assert (page.view, page.table.row().booking) == ("booked", 1)


def test_what_was_understood_is_marked_and_what_is_open_stands_first(qtbot, desk):
    page = order_page(qtbot, desk, text().replace("Queen", "标间"))
    marked = {s.cursor.selectedText() for s in page.text.extraSelections()}
    assert {"1128360000417625", "林佳音", "RMB 482.40"} <= marked
    assert page.decide.itemAt(0).widget() is page.type
    assert "标间" in page.type.shown_error()
    before = sold(desk)
    page.press_primary()
    assert "标间" in page.notes.text
    assert sold(desk) == before
    page.type.set_value(desk.type_id("TWN"))
    page.type.changed.emit()
    gone = follow(page, qtbot, desk)
    page.press_primary()
    assert [word for word, _what in gone] == ["orders"]
    again = order_page(qtbot, desk, text("1128360000417600").replace("Queen", "标间"))
    assert again.type.value() == desk.type_id("TWN")
    assert not again.type.shown_error()


def test_a_text_that_is_corrected_is_read_again(qtbot, desk):
    page = order_page(qtbot, desk, text().replace("482.40", "500.00"))
    assert page.price.shown_error()
    page.text.setPlainText(text())
    page.look()
    assert not page.price.shown_error()
    page.text.setPlainText("something else")
    page.press_primary()
    assert "No known channel" in page.notes.text
    assert not desk.ask(queries.orders)


def test_what_a_page_hides_between_the_letters_is_taken_out(qtbot, desk):
    told = text().replace("：", "：\u200b").replace(" ", "\xa0").replace("林佳音", "林\ufeff佳音")
    page = order_page(qtbot, desk, told)
    assert page.guest.value() == "林佳音"
    page.text.insertPlainText("\u200b")
    page.press_primary()
    assert [o.guest for o in desk.ask(queries.orders)] == ["林佳音"]


def test_prices_typed_by_hand_are_booked(qtbot, desk):
    page = order_page(qtbot, desk, text().replace("482.40", "500.00"))
    page.price.set_value("250 oops")
    page.price.changed.emit()
    page.press_primary()
    assert "oops" in page.notes.text
    page.price.set_value("250  250")
    page.price.changed.emit()
    page.press_primary()
    (order,) = desk.ask(queries.orders)
    assert [n.price for n in desk.ask(bookings.nights, line_id=order.line_id)] == [25000, 25000]


def test_a_doubled_order_says_so_before_and_when_it_is_pressed(qtbot, desk):
    take(desk, text())
    page = order_page(qtbot, desk, text())
    assert page.about.text() == "Here already: R-1, “Booked”."
    page.press_primary()
    assert "same order" in page.notes.text


def test_a_changed_order_shows_where_it_differs_and_changes_the_booking(qtbot, desk):
    take(desk, text())
    page = order_page(qtbot, desk, text(kind="修改", first=4, nights=3))
    assert "482.40 → 723.60" in page.about.text()
    assert page.book_button.words == "Change the booking"
    page.press_primary()
    assert [o.state for o in desk.ask(queries.orders)] == ["changed"]


def test_an_order_is_refused_with_a_reason(qtbot, desk):
    page = order_page(qtbot, desk, "an order of nobody knows whom")
    page.acts["turn_down"].press()
    assert page.reason.shown_error()
    page.reason.set_value("unknown layout")
    page.acts["turn_down"].press()
    (order,) = desk.ask(queries.orders)
    assert (order.state, order.reason) == ("refused", "unknown layout")
    made = opened(qtbot, desk, OrdersScreen, number=order.number, done="refused")
    assert (made.view, made.notes.text) == ("ended", "#1 is refused.")


@pytest.fixture
def listed(tmp_path):
    """A list of three orders: two whole ones, one of a room that is not known."""
    rows = [
        (
            f"41277001293004562{n}8",
            "",
            "已接单",
            room,
            "许星野",
            f"{day(3)}",
            f"{day(5)}",
            "1",
            "RMB",
            "482.40",
            "536.00",
        )
        for n, room in enumerate(("Queen", "Queen", "标间"))
    ]
    made = tmp_path / "orders.csv"
    made.write_bytes(csv_of((*HEAD, "支付"), *rows, encoding="gbk"))
    return made


def test_a_list_is_read_ticked_and_booked(qtbot, desk, listed, monkeypatch):
    page = opened(qtbot, desk, OrdersScreen)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a: (str(listed), ""))
    qtbot.keyClick(page, Key.Key_O, Ctrl)
    assert (page.view, len(page.rows[READ])) == (READ, 3)
    assert [r.ticked for r in page.rows[READ]] == [True, True, False]
    assert page.notes.text == "orders.csv: 3 orders, 2 can be booked."
    page.table.selectRow(2)
    qtbot.keyClick(page.table, Key.Key_Space)
    assert "标间" in page.notes.text
    page.table.selectRow(0)
    qtbot.keyClick(page.table, Key.Key_Space)
    assert [r.ticked for r in page.rows[READ]] == [False, True, False]
    qtbot.keyClick(page.table, Key.Key_Space)
    page.press_primary()
    assert page.notes.text == "2 orders are booked."
    assert [o.payment for o in desk.ask(queries.orders)] == ["prepaid", "prepaid"]
    assert "Here already" in page.rows[READ][0].why
    gone = follow(page, qtbot, desk)
    page.table.selectRow(2)
    page.acts["complete"].press()
    ((_word, what),) = gone
    order = opened(qtbot, desk, OrderPage, **what)
    order.type.set_value(desk.type_id("TWN"))
    order.type.changed.emit()
    order.press_primary()
    assert len(desk.ask(queries.orders)) == 3
    page.take(listed)
    assert "0 can be booked" in page.notes.text


def test_one_order_of_a_list_that_cannot_be_had_is_named_and_the_others_are_booked(qtbot, desk, listed):
    page = opened(qtbot, desk, OrdersScreen)
    page.take(listed)
    first = page.rows[READ][0].order.reference
    take(desk, text().replace("1128360000417625", "1128360000417000"))
    page.rows[READ][0].order = replace(page.rows[READ][0].order, rooms=90, sell=90 * 53600, settle=90 * 48240)
    page.press_primary()
    assert page.notes.text.startswith("1 order is booked")
    assert first in page.notes.text


def test_a_file_that_was_copied_is_read_and_one_that_is_none_is_told(qtbot, desk, listed, tmp_path):
    page = opened(qtbot, desk, OrdersScreen)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(listed))])
    QGuiApplication.clipboard().setMimeData(data)
    qtbot.keyClick(page.table, Key.Key_V, Ctrl)
    assert page.view == READ
    photo = tmp_path / "photo.xlsx"
    photo.write_bytes(b"\x00\x01")
    page.take(photo)
    assert "no table" in page.notes.text
    copied("")
    page.acts["paste"].press()
    assert "Nothing was copied" in page.notes.text


def test_a_clipboard_that_holds_nothing_at_all_is_told(qtbot, desk):
    """So it is on a workstation just started: Qt gives no data, not empty data."""
    page = opened(qtbot, desk, OrdersScreen)
    QGuiApplication.clipboard().clear()
    page.acts["paste"].press()
    assert "Nothing was copied" in page.notes.text
    form = opened(qtbot, desk, OrderPage)
    form.acts["paste"].press()
    assert "Nothing was copied" in form.notes.text


def test_what_channels_call_the_rooms_is_changed_and_forgotten_by_hand(qtbot, desk):
    take(desk, text().replace("Queen", "标间"), type_id=desk.type_id("TWN"))
    page = opened(qtbot, desk, OrdersScreen)
    page.show_view("meant")
    page.table.setFocus()
    page.table.selectRow(0)
    page.acts["mean"].press()
    page.forms["mean"]["type_id"].set_value(desk.type_id("BIG"))
    page.press_primary()
    assert [m.type_id for m in desk.ask(queries.meant)] == [desk.type_id("BIG")]
    page.acts["forget"].press()
    assert page.notes.text == "“标间” is asked for again."
    assert not desk.ask(queries.meant)


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("zh_CN", "dark")])
def test_the_pages_keep_the_rules_of_every_page(qtbot, desk, listed, language, theme):
    take(desk, text())
    made = opened(qtbot, desk, OrdersScreen, language)
    dress(Look(language, theme, 100))
    for show in (
        made.refresh,
        lambda: made.take(listed),
        lambda: made.show_view("ended"),
        lambda: made.show_view("meant"),
    ):
        show()
        qtbot.wait(20)
        check_screen(made)
    for told in (text("1128360000417600").replace("Queen", "标间"), text(kind="修改", nights=4), ""):
        page = order_page(qtbot, desk, told, language)
        qtbot.wait(20)
        check_screen(page)
    dress(Look("en", "light", 100))
