"""The shift's page by keyboard: float, drop, payout, the blind count, the close, the handover."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from pms.core.money import Money
from pms.services.folios import service as folios
from pms.services.messages import service as messages
from pms.services.payments import service as payments
from pms.services.print_jobs import queries as print_queries
from pms.services.rooms import service as rooms
from pms.services.shifts import queries, service
from pms.services.shop import queries as shop_queries
from pms.services.wake_ups import service as wake_ups
from pms.ui.kit.desk import Asker
from pms.ui.kit.parts import Button
from pms.ui.kit.refresh import ChangeSignal
from pms.ui.kit.theme import Look
from pms.ui.screens.shifts.screen import ShiftScreen
from pms.ui.screens.shifts.stages import CLOSE, COUNT, NONE, PAPER, SHOP, TAKE, WORK
from tests.shifts.test_shifts import FLOAT, clerk, money, opened, pay, pieces, stay_in, with_shifts
from tests.shifts.test_shop_count import stocked
from tests.ui.checks import check_screen, dress

Key = Qt.Key
CtrlShift = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class Signs(Asker):
    """Signs as the person it was told to."""

    who = None

    def sign(self, parent, office, wish):
        return office.word(self.who, wish) if self.who else None


def shown(qtbot, desk):
    made = ShiftScreen(desk, ChangeSignal(desk.changes))
    made.asker = Signs()
    qtbot.addWidget(made)
    made.resize(1206, 716)
    made.show()
    assert QTest.qWaitForWindowExposed(made)
    made.open()
    (made.start() or made).setFocus()
    return made


@pytest.fixture
def page(qtbot, desk):
    dress(Look("en", "light", 100))
    return shown(qtbot, with_shifts(desk))


def type_count(qtbot, page, total):
    """Type the pieces of a sum from the largest note to the smallest coin, and leave the last field with
    Enter."""
    for kind, number in pieces(total).items():
        line = page.grid.fields[int(kind)].line
        if number:
            qtbot.keyClicks(line, str(number))
        qtbot.keyClick(line, Key.Key_Return)


def click(qtbot, page, said):
    """Click the button with these words."""
    [button] = [b for b in page.findChildren(Button) if b.isVisible() and b.words == said]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def words(page):
    """Return everything that is written on the page."""
    QApplication.processEvents()
    return " ".join(x.text() for x in page.findChildren(QLabel) if x.isVisible())


def test_a_shift_is_opened_with_the_houses_float_by_one_key(qtbot, page, desk):
    assert page.stage == NONE
    page.press_primary()
    assert page.stage == WORK
    assert desk.ask(queries.current, station=desk.station).float_amount == FLOAT
    assert "2,000.00" in words(page)


def test_the_page_tells_nothing_of_the_cash_before_the_count(qtbot, page, desk):
    opened(desk)
    pay(desk, stay_in(desk), 12300)
    assert page.stage == WORK
    assert "123.00" not in words(page)
    assert "2,123.00" not in words(page)
    page.press_primary()
    assert page.stage == COUNT
    assert "2,123.00" not in words(page)
    type_count(qtbot, page, FLOAT + 12300)
    assert page.stage == CLOSE
    assert "2,123.00" in words(page)
    assert "balances exactly" in words(page)


def test_drops_and_payouts_are_forms_that_are_booked_once(qtbot, page, desk):
    shift = opened(desk)
    qtbot.keyClick(page, Key.Key_S, CtrlShift)
    page.dropping.fill(amount=50000, text="bag 3")
    page.press_primary()
    assert page.stage == WORK
    page.acts["pay_out"].press()
    page.press_primary()
    assert "missing" in page.notes.text
    page.paying.fill(amount=3000, reason="flowers")
    page.press_primary()
    assert [(m.code, m.amount) for m in desk.ask(queries.moves, shift_id=shift)] == [
        ("FLOAT", FLOAT),
        ("DROP", 50000),
        ("PAYOUT", 3000),
    ]
    assert page.drawer.moves.rows.rowCount() == 3


def test_letters_in_a_count_are_refused_in_their_field(qtbot, page, desk):
    opened(desk)
    page.press_primary()
    page.press_primary()
    assert "0 for none" in page.notes.text
    page.grid.fields[10000].set_value("1o")
    page.press_primary()
    assert "whole number" in page.notes.text
    assert page.stage == COUNT
    assert desk.ask(queries.current, station=desk.station).state == "open"


@pytest.fixture
def goods(desk):
    """Two goods on the shelf: ten cans of cola and five bottles of water."""
    return [stocked(desk, "Cola", 10), stocked(desk, "Water", 5, 500)]


def test_the_shop_is_counted_blind_in_the_same_step_and_explained_line_by_line_by_keys(
    qtbot, page, desk, goods
):
    shift = opened(desk)
    page.press_primary()
    assert page.stage == COUNT
    type_count(qtbot, page, FLOAT)
    assert page.stage == SHOP
    assert page.start().hasFocus()
    assert "2,000.00" not in words(page)  # nothing is told of the drawer either before the shop is counted
    assert not any(f" {n} " in f" {words(page)} " for n in ("10", "5"))
    qtbot.keyClicks(page.shelf.fields[goods[0]].line, "8")
    qtbot.keyClick(page.shelf.fields[goods[0]].line, Key.Key_Return)
    assert page.shelf.fields[goods[1]].line.hasFocus()
    qtbot.keyClick(page.shelf.fields[goods[1]].line, Key.Key_Return)
    assert "Water is not counted yet" in page.notes.text
    assert page.stage == SHOP
    qtbot.keyClicks(page.shelf.fields[goods[1]].line, "5")
    qtbot.keyClick(page.shelf.fields[goods[1]].line, Key.Key_Return)
    assert page.stage == CLOSE
    assert "Cola: counted 8, should be 10" in words(page)
    assert "balances exactly" in words(page)
    page.press_primary()
    assert "Cola \u22122: say why" in page.notes.text
    reason = page.closing.shop_reasons[goods[0]]
    assert reason.line.hasFocus()
    qtbot.keyClicks(reason.line, "two broken")
    desk.do(
        rooms.report_seen, room_id=desk.room_id("303"), persons=1
    )  # the house goes on: what is being typed stays
    assert page.closing.shop_reasons[goods[0]].value() == "two broken"
    qtbot.keyClick(page.closing.shop_reasons[goods[0]].line, Key.Key_Return)
    assert page.stage == TAKE
    assert [(x.name, x.gap, x.reason) for x in desk.ask(queries.figures, shift_id=shift).shop] == [
        ("Cola", -2, "two broken"),
        ("Water", 0, ""),
    ]
    assert desk.ask(shop_queries.good, good_id=goods[0]).stock == 8


def test_the_shop_is_counted_by_mouse_and_again(qtbot, page, desk, goods):
    shift = opened(desk)
    click(qtbot, page, "Count the drawer")
    qtbot.mouseClick(page.grid.fields[10000].line, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(page.grid.fields[10000].line, "20")
    click(qtbot, page, "Take count")
    for good, n in zip(goods, ("9", "5"), strict=True):
        qtbot.mouseClick(page.shelf.fields[good].line, Qt.MouseButton.LeftButton)
        qtbot.keyClicks(page.shelf.fields[good].line, n)
    click(qtbot, page, "Take count")
    assert page.stage == CLOSE
    click(qtbot, page, "Count the shop again")
    assert page.stage == SHOP
    assert not page.shelf.touched()
    for good, n in zip(goods, ("10", "5"), strict=True):
        qtbot.keyClicks(page.shelf.fields[good].line, n)
    click(qtbot, page, "Take count")
    assert "All articles agree with the books" in words(page)
    click(qtbot, page, "Close shift")
    assert page.stage == TAKE
    assert desk.ask(queries.figures, shift_id=shift).shop_counts == 2


def test_letters_in_the_shops_count_are_refused_in_their_field(qtbot, page, desk, goods):
    opened(desk)
    page.press_primary()
    type_count(qtbot, page, FLOAT)
    qtbot.keyClicks(page.shelf.fields[goods[0]].line, "1o")
    page.press_primary()
    assert "Cola" in page.notes.text
    assert "whole number" in page.notes.text
    assert (page.stage, page.shelf.fields[goods[0]].line.text()) == (SHOP, "1o")


def test_from_the_shops_count_one_can_print_the_sheet_and_leave(qtbot, page, desk, goods):
    opened(desk)
    page.press_primary()
    type_count(qtbot, page, FLOAT)
    page.acts["shelf_sheet"].press()
    assert [j.kind for j in desk.ask(print_queries.jobs)] == ["stocktake"]
    assert not page.step_back()  # Esc leaves the page; the count waits where it was
    page.open()
    assert page.stage == SHOP


def test_what_is_typed_for_the_close_stays_when_something_changes_in_the_house(qtbot, page, desk):
    opened(desk)
    page.press_primary()
    type_count(qtbot, page, FLOAT - 100)
    page.closing.fill(left=150000, reason="wrong change")
    desk.do(rooms.report_seen, room_id=desk.room_id("303"), persons=1)
    assert page.closing.form.values() == {"left": 150000, "reason": "wrong change"}


def test_a_short_drawer_needs_a_reason_and_can_be_counted_again(qtbot, page, desk):
    shift = opened(desk)
    page.press_primary()
    type_count(qtbot, page, FLOAT - 500)
    assert "short by 5.00" in words(page)
    page.press_primary()
    assert "Reason is missing" in page.notes.text
    page.acts["recount"].press()
    type_count(qtbot, page, FLOAT - 100)
    assert "short by 1.00" in words(page)
    page.closing.fill(reason="wrong change", left=150000)
    page.closing.show_hand_in()
    assert "499.00 goes into the safe" in words(page)
    page.press_primary()
    assert page.stage == TAKE
    row = desk.ask(queries.shift, shift_id=shift)
    assert (row.over_short, row.left, row.reason) == (-100, 150000, "wrong change")


def test_a_counted_shift_can_go_on(qtbot, page, desk):
    opened(desk)
    page.press_primary()
    type_count(qtbot, page, FLOAT)
    page.acts["go_on"].press()
    assert "why the shift is resumed" in page.notes.text
    page.closing.fill(reason="late guest")
    page.acts["go_on"].press()
    assert page.stage == WORK


def test_the_next_person_accepts_each_item_and_takes_over(qtbot, page, desk):
    li = clerk(desk, "li", "Li Na")
    desk.do(rooms.report_seen, room_id=desk.room_id("303"), persons=1)
    shift, stay = opened(desk), stay_in(desk)
    money(desk, folios.take_deposit, stay_id=stay, method="CASH", amount=Money(30000))
    desk.do(service.count, shift_id=shift, pieces=pieces(FLOAT + 30000))
    money(desk, service.close, shift_id=shift, left=Money(FLOAT))
    assert page.stage == TAKE
    assert page.open_items.list.rows.rowCount() == 2
    page.press_primary()
    assert "Not accepted yet" in page.notes.text
    page.open_items.list.setFocus()
    for _group in range(2):
        qtbot.keyClick(page.open_items.list, Key.Key_Space)
    assert "Every open item is accepted" in words(page)
    page.press_primary()  # nobody has typed a password
    assert page.stage == TAKE
    page.asker.who = li
    page.press_primary()
    assert page.stage == WORK
    assert "Li Na has the shift now" in page.notes.text
    assert desk.ask(queries.current, station=desk.station).clerk == "Li Na"
    page._open_paper(desk.ask(queries.handovers)[0].number)
    assert page.stage == PAPER
    assert page.paper.items.rows.rowCount() == 2
    assert page.step_back()
    assert page.stage == WORK


def test_a_group_is_accepted_after_it_was_opened(qtbot, page, desk):
    for number in ("301", "302", "303"):
        desk.do(rooms.report_seen, room_id=desk.room_id(number), persons=1)
    desk.do(messages.write, text="The lift is slow")
    shift = opened(desk)
    desk.do(service.count, shift_id=shift, pieces=pieces(FLOAT))
    money(desk, service.close, shift_id=shift, left=Money(FLOAT))
    items, space = page.open_items, lambda: qtbot.keyClick(page.open_items.list, Key.Key_Space)
    items.list.setFocus()
    rows = [items.list.rows.row(n) for n in range(items.list.rows.rowCount())]
    assert sorted(len(r.items) for r in rows) == [1, 3]
    items.list.pick(next(r.key for r in rows if len(r.items) == 3))
    space()
    assert items.left() == 4, "Space opens what has not been read"
    assert items.list.rows.rowCount() == 5
    space()
    assert items.left() == 1
    assert items.list.rows.rowCount() == 2
    space()
    assert items.left() == 0
    space()
    assert items.left() == 1, "once more takes it back"


def test_what_is_still_to_come_stands_at_the_end_as_coming(qtbot, page, desk):
    shift, stay = opened(desk), stay_in(desk)
    desk.do(wake_ups.take, stay_id=stay, time="23:30")
    desk.do(messages.write, text="The lift is slow")
    desk.do(service.count, shift_id=shift, pieces=pieces(FLOAT))
    money(desk, service.close, shift_id=shift, left=Money(FLOAT))
    rows = page.open_items.list.rows
    found = [rows.row(n) for n in range(rows.rowCount())]
    assert [(r.group[0], r.group[1]) for r in found if r.group[1]] == [("wake_ups", True)]
    assert found[-1].group == ("wake_ups", True)
    assert page.open_items._duty(found[-1]) == "Wake-up calls 1, coming"


def test_a_float_typed_wrong_is_corrected_on_the_page(qtbot, page, desk):
    shift = opened(desk, 500)
    page.acts["correct_float"].press()
    assert "5.00 is booked as float" in words(page)
    page.press_primary()
    assert "missing" in page.notes.text
    page.correcting.fill(float_amount=50000, reason="two 0 missed")
    page.press_primary()
    assert page.stage == WORK
    assert "corrected" in page.notes.text
    assert desk.ask(queries.shift, shift_id=shift).float_amount == 50000
    rows = page.drawer.moves.rows
    assert [rows.data(rows.index(n, 3)) for n in range(3)] == ["5.00", "\u22125.00", "500.00"]
    assert page.step_back() is False


def test_the_drawer_is_opened_without_a_sale_on_the_page(qtbot, page, desk):
    shift = opened(desk, 500)
    page.acts["open_drawer"].press()
    page.press_primary()
    assert "missing" in page.notes.text
    qtbot.keyClicks(page.without_sale["reason"].line, "change for a guest")
    page.press_primary()
    assert page.stage == WORK
    assert "drawer opens" in page.notes.text
    assert "Drawer opened without a sale" in words(page)
    desk.do(service.count, shift_id=shift, pieces=pieces(500))
    page.refresh()
    assert "change for a guest" in words(page)


def test_takings_tell_slips_and_sums_but_not_the_cash(qtbot, page, desk):
    opened(desk)
    stay = stay_in(desk)
    pay(desk, stay, 12300)
    pay(desk, stay, 700)
    pay(desk, stay, 4500, "BANK")
    rows = page.drawer.takings.rows
    table = [[rows.data(rows.index(n, c)) for c in range(3)] for n in range(rows.rowCount())]
    assert [line[1:] for line in sorted(table, key=lambda line: line[2])] == [["2", ""], ["1", "45.00"]]
    assert "130.00" not in words(page)


def test_electronic_payments_are_listed_by_the_houses_name_and_their_number(qtbot, page, desk):
    desk.do(payments.change, code="WECHAT", name="Weixin", offered=True, position=2, number="needed")
    opened(desk)
    stay, number = stay_in(desk), "4200009990202609050000000101"
    money(desk, folios.pay, stay_id=stay, method="WECHAT", amount=Money(5000), reference=number)
    page.refresh()
    cell = page.drawer.numbers.rows.cell(0, 0)
    assert (cell.text.split()[-1], cell.sub) == ("Weixin", number)
    assert page.drawer.takings.rows.cell(0, 0).text == "Weixin"


def test_whose_drawer_it_is_is_said_in_warning_tone_to_another(qtbot, page, desk):
    opened(desk)
    assert page.about.text().startswith("Drawer of Zhang Li since")
    assert (page.about.property("tone"), "Signed in:" in page.about.text()) == ("", False)
    desk.clerk = clerk(desk)
    page.mark_stale()
    assert page.about.text().endswith("Signed in: Wang Yaqin.")
    assert page.about.property("tone") == "warn"


def test_the_three_steps_tell_which_is_due(qtbot, page, desk):
    opened(desk)
    seen = [page.steps.at]
    page.press_primary()
    seen.append(page.steps.at)
    type_count(qtbot, page, FLOAT)
    seen.append(page.steps.at)
    page.press_primary()
    seen.append(page.steps.at)
    assert seen == [0, 1, 2, 3]


def test_one_person_alone_opens_the_next_shift(qtbot, page, desk):
    shift = opened(desk)
    desk.do(service.count, shift_id=shift, pieces=pieces(FLOAT))
    money(desk, service.close, shift_id=shift, left=Money(0))
    page.acts["alone"].press()
    assert page.stage == NONE
    page.press_primary()
    assert page.stage == WORK
    assert desk.ask(queries.current, station=desk.station).id != shift


def test_a_house_without_shifts_says_so(qtbot, desk):
    dress(Look("en", "light", 100))
    made = shown(qtbot, desk)
    assert "without shifts" in words(made)
    assert not made.opening.button.isVisible()


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_the_page_holds_to_the_rules_in_every_dress(qtbot, desk, language, theme, goods):
    with_shifts(desk)
    desk.do(rooms.report_seen, room_id=desk.room_id("303"), persons=1)
    dress(Look(language, theme, 100))
    made = shown(qtbot, desk)
    for step in (
        lambda: None,
        made.press_primary,
        made.acts["drop"].press,
        made.step_back,
        made.acts["pay_out"].press,
        made.step_back,
        made.press_primary,
        lambda: type_count(qtbot, made, FLOAT + 100),
        lambda: _count_short(made, goods),
        made.press_primary,
        lambda: (made.closing.fill(reason="x"), made.closing.shop_reasons[goods[0]].set_value("x")),
        made.press_primary,
    ):
        step()
        made.notes.clear()
        qtbot.wait(20)
        check_screen(made)
    assert made.stage == TAKE
    dress(Look("en", "light", 100))


def _count_short(page, goods):
    """Count a can too few."""
    for good, n in zip(goods, ("9", "5"), strict=True):
        page.shelf.fields[good].set_value(n)
