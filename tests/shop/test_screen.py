"""The till by keyboard and scanner, the shelf, the day's receipts, the requests."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from pms import duties
from pms.core.money import Money
from pms.services.print_jobs import queries as print_queries
from pms.services.shop import queries, service
from pms.services.shop.service import Delivered, Item
from pms.services.stays import service as stays
from pms.ui.kit.refresh import ChangeSignal
from pms.ui.kit.theme import Look
from pms.ui.main_window import MainWindow
from pms.ui.screens.shop.screen import REQUESTS, SALES, SHELF, TILL, ShopScreen
from tests.builders import TODAY
from tests.ui.checks import check_screen, dress

Key = Qt.Key
COLA, WATER = "6901234567892", "6909876543210"


@pytest.fixture
def shop(desk):
    """Two goods on the shelf and a guest in 301."""
    for name, price, code in (("Cola", 800, COLA), ("Water", 300, WATER)):
        good = desk.do(service.set_good, name=name, price=Money(price), unit="can", barcode=code, par=6)
        desk.do(service.receive, lines=[Delivered(good, 5)], reference="DN-1")
    desk.do(
        stays.check_in,
        line_id=desk.book("Chen Zhiyuan"),
        room_id=desk.room_id("301"),
        intent=desk.new_intent(),
    )
    return desk


@pytest.fixture
def page(qtbot, shop):
    """The shop as it is opened."""
    dress(Look("en", "light", 100))
    made = ShopScreen(shop, ChangeSignal(shop.changes))
    qtbot.addWidget(made)
    made.resize(1206, 716)
    made.show()
    assert QTest.qWaitForWindowExposed(made)
    made.open()
    return made


def scan(qtbot, page, code):
    """What a scanner does: it types the code and Enter."""
    page.till.scan.line.setFocus()
    if code.isascii():
        qtbot.keyClicks(page.till.scan.line, code)
    else:
        page.till.scan.line.insert(code)  # as an input method commits it
    qtbot.keyClick(page.till.scan.line, Key.Key_Return)


def stock(desk, name):
    return next(g.stock for g in desk.ask(queries.goods) if g.name == name)


def sold(desk, n=2):
    return desk.do(service.sell, lines=[Item(1, n)], method="CASH", intent=desk.new_intent())


@pytest.mark.parametrize("typed", ["kekou", "kkkl", "KEKOUKELE", "ｋｅｋｏｕ"])
def test_no_input_method_eats_a_scan_and_a_chinese_name_is_found_by_its_pinyin(qtbot, shop, page, typed):
    assert page.till.scan.line.plain
    shop.do(service.set_good, name="可口可乐", price=Money(600), barcode="A201")
    scan(qtbot, page, typed)
    assert [x.good.name for x in page.till.basket.lines] == ["可口可乐"]
    scan(qtbot, page, "ａ２０１")
    assert [x.quantity for x in page.till.basket.lines] == [2]


@pytest.mark.parametrize("typed", ["6", "690123", "69012345", "550", "2", "49098765", "６９０１２３"])
def test_a_code_of_figures_matches_whole_or_not_at_all(qtbot, shop, page, typed):
    shop.do(service.set_good, name="Water 550ml", price=Money(200), barcode="6901234500000")
    shop.do(service.set_good, name="7-Up", price=Money(400), barcode="2012345678900")
    scan(qtbot, page, typed)
    assert page.till.basket.lines == []
    assert "No article has the barcode" in page.notes.text
    scan(qtbot, page, COLA)  # what was not found is replaced by the next scan
    assert [x.good.name for x in page.till.basket.lines] == ["Cola"]


@pytest.mark.parametrize(
    "typed", ["６９０１２３４５６７８９２", f"]E0{COLA}", "cola", "ＣＯＬＡ", f"2*{COLA}"]
)
def test_an_article_is_found_in_any_width_with_a_scanners_prefix_and_by_name(qtbot, page, typed):
    scan(qtbot, page, typed)
    assert [x.good.name for x in page.till.basket.lines] == ["Cola"]


@pytest.mark.parametrize("scanned", ["012345678905", "0012345678905", "12345678905"])
def test_upc_a_and_ean_13_are_one_article(qtbot, shop, page, scanned):
    shop.do(service.set_good, name="Imported", price=Money(900), barcode="012345678905")
    scan(qtbot, page, scanned)
    assert [x.good.name for x in page.till.basket.lines] == ["Imported"]


def test_a_barcode_scanned_into_the_cash_received_sells_nothing(qtbot, shop, page):
    scan(qtbot, page, COLA)
    page.payment.tendered.line.setFocus()
    qtbot.keyClicks(page.payment.tendered.line, "4909876543210")
    qtbot.keyClick(page.payment.tendered.line, Key.Key_Return)
    assert shop.ask(queries.sales, business_date=TODAY) == []
    assert "looks like a barcode" in page.notes.text + page.payment.tendered.shown_error()


def test_two_goods_are_sold_for_cash_within_six_keys_beside_the_scans(qtbot, shop):
    dress(Look("en", "light", 100))
    window = MainWindow(Look("en", "light", 100), lambda look: None, "FD-1")
    qtbot.addWidget(window)
    window.attach(shop, shop.changes, duties.DUTIES)
    window.show()
    assert QTest.qWaitForWindowExposed(window)
    window._came_in(shop.clerk)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    qtbot.keyClick(QApplication.focusWidget(), Key.Key_S, Qt.KeyboardModifier.AltModifier)
    for code in (COLA, WATER):  # the scanner's own keys
        qtbot.keyClicks(QApplication.focusWidget(), code)
        qtbot.keyClick(QApplication.focusWidget(), Key.Key_Return)
    qtbot.keyClick(QApplication.focusWidget(), Key.Key_F12)
    keys_of_the_clerk = 3  # Alt, S, F12
    [sale] = shop.ask(queries.sales, business_date=shop.house().business_date)
    assert (sale.total, sale.method) == (1100, "CASH")
    [job] = [j for j in shop.ask(print_queries.waiting, station=shop.station) if j.kind == "shop_receipt"]
    assert job.slip["drawer"]
    assert keys_of_the_clerk <= 6


def test_scanning_adds_up_and_a_star_multiplies(qtbot, page):
    for code in (COLA, COLA, f"3*{WATER}"):
        scan(qtbot, page, code)
    assert [(line.good.name, line.quantity) for line in page.till.basket.lines] == [("Cola", 2), ("Water", 3)]
    assert page.payment.total.text() == "25.00"
    qtbot.keyClick(page.till.scan.line, Key.Key_Minus)
    assert page.till.basket.lines[1].quantity == 2
    page.till.table.setFocus()
    qtbot.keyClick(page.till.table, Key.Key_Delete)
    assert [line.good.name for line in page.till.basket.lines] == ["Cola"]


@pytest.mark.parametrize(
    ("typed", "said"), [("4711", "No article has the barcode 4711"), (f"two*{COLA}", "is no quantity")]
)
def test_what_cannot_be_scanned_is_said_and_nothing_is_lost(qtbot, page, typed, said):
    scan(qtbot, page, COLA)
    scan(qtbot, page, typed)
    assert said in page.notes.text
    assert [line.good.name for line in page.till.basket.lines] == ["Cola"]


def test_the_change_is_told_and_too_little_is_refused(qtbot, page, shop):
    scan(qtbot, page, COLA)
    page.payment.tendered.line.setText("5")
    assert "3.00 is missing" in page.payment.change.text()
    page.press_primary()
    assert "3.00 is missing" in page.notes.text
    page.payment.tendered.line.setText("ten")
    page.press_primary()
    assert "is not an amount" in page.notes.text
    page.payment.tendered.line.setText("10")
    page.press_primary()
    assert "Change 2.00" in page.notes.text
    assert (stock(shop, "Cola"), page.till.basket.lines, page.payment.tendered.value()) == (4, [], None)


def test_a_sale_goes_to_a_room_where_somebody_is(qtbot, page, shop):
    scan(qtbot, page, COLA)
    page.payment.method.chips.choose("ROOM")
    page.press_primary()
    assert "number of the guest's room" in page.notes.text
    page.payment.room.line.setText("302")
    page.press_primary()
    assert "Nobody is in 302" in page.notes.text
    page.payment.room.line.setText("301")
    page.press_primary()
    [sale] = shop.ask(queries.sales, business_date=shop.house().business_date)
    assert (sale.method, sale.room, sale.guest) == ("ROOM", "301", "Chen Zhiyuan")


def test_an_empty_sale_says_what_is_missing(page):
    page.press_primary()
    assert "Nothing is on the receipt yet" in page.notes.text


def test_part_of_a_sale_is_taken_back_and_not_more_than_was_sold(page, shop):
    number = sold(shop)
    page.open(sale=number)
    page.acts["take_back"].press()
    [field] = page.return_form.counts.values()
    field.line.setText("3")
    page.press_primary()
    assert page.notes.text == "From 0 to 2."
    field.line.setText("1")
    page.return_form["reason"].set_value("warm")
    page.press_primary()
    assert "is returned" in page.notes.text
    assert stock(shop, "Cola") == 4


def test_goods_are_added_received_counted_and_written_off_from_the_shelf(page, shop):
    page.acts["new_good"].press()
    for name, value in {"name": "Tea", "price": 500, "par": 2}.items():
        page.good_form[name].set_value(value)
    page.press_primary()
    assert page.tables[SHELF].row().name == "Tea"
    for name, fields, left in (
        ("receive", {"quantity": 6, "reference": "DN-9"}, 6),
        ("issue", {"quantity": 1, "reason": "broken"}, 5),
        ("count_good", {"counted": 4, "reason": "one missing"}, 4),
    ):
        page.acts[name].press()
        form = page.moves[name.split("_")[0]]
        page.press_primary()
        assert page.notes.tone == "bad"
        for field, value in fields.items():
            form[field].set_value(value)
        page.press_primary()
        assert stock(shop, "Tea") == left


def test_letters_in_a_count_are_said_at_the_field(page):
    page.open(good_id=1)
    page.acts["count_good"].press()
    page.moves["count"]["counted"].line.setText("four")
    page.press_primary()
    assert page.moves["count"]["counted"].shown_error() == "Type a whole number."


def test_what_is_low_is_asked_for_and_can_be_given_up(page, shop):
    page.tabs.choose(REQUESTS)
    page.acts["ask_more"].press()
    assert [(n, wanted) for _g, n, _u, _s, wanted in shop.ask(queries.requests)[0].lines] == [
        ("Cola", 1),
        ("Water", 1),
    ]
    page.acts["ask_more"].press()
    assert page.notes.tone == "bad"
    page.acts["drop"].press()
    assert shop.ask(queries.requests) == []


def test_the_search_opens_a_good_and_a_receipt_of_another_day(page, shop):
    number = sold(shop)
    page.open(good_id=2)
    assert (page.view, page.tables[SHELF].row().name) == (SHELF, "Water")
    shop.next_day()
    page.open(sale=number)
    assert (page.view, page.tables[SALES].row().number) == (SALES, number)


def test_everything_is_counted_blind_and_the_differences_explained_line_by_line(page, shop):
    page.open(good_id=1)
    page.acts["stocktake"].press()
    assert page.view == TILL  # the stock is out of sight
    form = page.stocktake_form
    page.press_primary()
    assert "Cola: " in page.notes.text  # nothing counted yet
    for good_id, n in ((1, "4"), (2, "five")):
        form.counts[good_id].line.setText(n)
    page.press_primary()
    assert page.notes.text.startswith("Water: Type a whole number")
    form.counts[2].line.setText("5")
    assert form.reasons[1].isHidden()
    page.press_primary()
    assert "1 article differs" in page.notes.text
    assert (form.reasons[1].isHidden(), form.reasons[2].isHidden()) == (False, True)
    assert stock(shop, "Cola") == 5
    form.reasons[1].set_value("broken")
    page.press_primary()
    assert (stock(shop, "Cola"), stock(shop, "Water"), page.notes.tone) == (4, 5, "good")


def test_what_was_asked_for_is_received_in_one_step(page, shop):
    page.tabs.choose(REQUESTS)
    page.acts["ask_more"].press()
    page.acts["arrive"].press()
    page.press_primary()
    assert page.notes.text == "Delivery note is missing."
    page.arrival_form["reference"].set_value("DN-8")
    page.press_primary()
    assert (stock(shop, "Cola"), stock(shop, "Water"), shop.ask(queries.requests)) == (6, 6, [])


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_holds_to_the_rules(qtbot, shop, language, theme):
    dress(Look(language, theme, 100))
    number = sold(shop)
    made = ShopScreen(shop, ChangeSignal(shop.changes))
    qtbot.addWidget(made)
    made.resize(1206, 716)
    made.show()
    steps = [
        made.open,
        lambda: made.payment.method.chips.choose("ROOM"),
        lambda: made.open(good_id=1),
        *(made.acts[name].press for name in ("edit_good", "receive", "issue", "count_good")),
        lambda: made.open(sale=number),
        made.acts["take_back"].press,
        made.acts["stocktake"].press,
        lambda: made.tabs.choose(REQUESTS),
    ]
    for step in steps:
        step()
        qtbot.wait(20)
        check_screen(made)
    dress(Look("en", "light", 100))
