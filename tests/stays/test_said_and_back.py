"""Extend, room change, price change and check-out: each night's own price, a way back, what was done is said,
and what was received and given as change."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from sqlalchemy import select

from pms.core.money import Money
from pms.db.base import PrintJob
from pms.printing.slip import Facts, Slip, Table
from pms.services.folios import queries as folio_queries
from pms.services.folios import service as folios
from pms.services.stays import queries, service
from pms.services.stays.prices import change_price
from pms.services.stays.service import Paid
from pms.ui.kit.parts import Button
from pms.ui.kit.theme import Look
from pms.ui.screens.stays.by_night import by_night
from tests.builders import TODAY
from tests.ui.checks import at_work, check_screen, dress, look_around, takes_keys

Key = Qt.Key
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def plain():
    """Leave the look as other tests expect it."""
    yield
    if QApplication.instance() is not None:
        dress(Look("en", "light", 100))


@pytest.fixture
def window(qtbot, desk):
    made = at_work(qtbot, desk, Look("en", "light", 100))
    made.resize(1366, 768)
    made.activateWindow()
    assert QTest.qWaitForWindowActive(made)
    return made


def check_in(desk, number="301", deposit=0, **fields):
    paid = Paid("CASH", Money(deposit)) if deposit else None
    line = desk.book(**fields)
    return desk.do(
        service.check_in,
        line_id=line,
        room_id=desk.room_id(number),
        deposit=paid,
        cards_wanted=1,
        intent=desk.new_intent(),
    )


def page(window):
    return window.workplace.current()


def press(window, key):
    look_around()
    QTest.keyClick(takes_keys(window), key)


def shown(widget):
    """Return the texts that are to be read, from top to bottom."""
    return [x.text() for x in widget.findChildren(QLabel) if x.isVisibleTo(widget) and x.text()]


# ------------------------------------------------------------------ each night's own price
def test_a_room_change_shows_each_night_now_and_then(qtbot, desk, window):
    stay = check_in(desk, nights=3)  # Friday and Saturday 298.00, Sunday 268.00
    window.workplace.go("room_change", {"stay_id": stay})
    page(window).table.pick(desk.room_id("202"))
    qtbot.wait(20)
    assert shown(page(window).box.itemAt(0).widget())[4:] == [
        *("Fri 20 Nov", "298.00", "298.00", "\u2014"),
        *("Sat 21 Nov", "298.00", "298.00", "\u2014"),
        *("Sun 22 Nov", "268.00", "268.00", "\u2014"),
        *("Difference in all", "0.00"),
    ]
    page(window).price.chips.choose("list")
    qtbot.wait(20)
    assert shown(page(window).box.itemAt(0).widget())[4:] == [
        *("Fri 20 Nov", "298.00", "298.00", "\u2014"),
        *("Sat 21 Nov", "298.00", "298.00", "\u2014"),
        *("Sun 22 Nov", "268.00", "258.00", "\u221210.00"),
        *("Difference in all", "\u221210.00"),
    ]
    check_screen(page(window))


def test_the_slip_tells_each_night_before_and_from_now_on_and_until_when(house):
    stay = check_in(house, nights=3)
    room = house.room_id("202")
    prices = (29800, 29800, 25800)
    house.do(
        service.change_room, stay_id=stay, room_id=room, reason="noise", prices=prices, price_reason="twin"
    )
    asked = select(PrintJob.slip).where(PrintJob.kind == "room_change_slip")
    slip = Slip.from_dict(house.look(lambda session: session.scalars(asked).one()))
    nights = next(b for b in slip.blocks if isinstance(b, Table) and b.totals)
    assert [row.cells for row in nights.rows] == [
        ("Fri 20 Nov \u2013 Sat 21 Nov", "298.00", "298.00"),
        ("Sun 22 Nov", "268.00", "258.00"),
    ]
    assert [(t.label, t.value) for t in nights.totals] == [("Change in all", "\u221210.00")]
    facts = dict(pair for b in slip.blocks if isinstance(b, Facts) for pair in b.pairs)
    assert facts["Departure"] == "Mon 23 Nov 2026"


def test_the_nights_of_a_long_stay_add_up(qapp, desk):
    stay = check_in(desk, nights=20)
    nights = desk.ask(queries.nights_to_come, stay_id=stay, business_date=TODAY)
    made = by_night(nights, nights, 2)
    texts = shown(made)
    assert texts[4 + 7 * 4] == "13 more nights"
    rest = sum(n.price for n in nights[7:])
    assert texts[4 + 7 * 4 + 1] == f"{rest / 100:,.2f}"


# ------------------------------------------------------------------ the way back
@pytest.mark.parametrize("word", ["extend", "room_change", "price_change", "check_out"])
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_pages_have_a_way_back_that_does_nothing(qtbot, desk, word, language):
    stay = check_in(desk, nights=2)
    window = at_work(qtbot, desk, Look(language, "light", 100))
    window.resize(1366, 768)
    window.workplace.go("folios", {"stay_id": stay})
    window.workplace.go(word, {"stay_id": stay})
    qtbot.wait(30)
    check_screen(page(window))
    back = next(b for b in page(window).findChildren(Button) if b.key == "Esc" and b.isVisible())
    back.click()
    assert window.workplace.here == ("folios", {"stay_id": stay})
    row = desk.ask(queries.stay, stay_id=stay, business_date=TODAY)
    assert (row.room, row.nights, row.state) == ("301", 2, "in_house")


@pytest.mark.parametrize("word", ["extend", "room_change", "price_change"])
def test_a_refusal_leaves_the_window_as_high_as_it_is_in_large_type(qtbot, desk, word):
    stay = check_in(desk, nights=1)
    window = at_work(qtbot, desk, Look("en", "light", 130))
    window.resize(1366, 768)
    window.workplace.go(word, {"stay_id": stay})
    page(window).refuse("A sentence that says which room, which night and who, and what to do. " * 3)
    qtbot.wait(50)
    assert window.height() == 768
    check_screen(page(window))


# ------------------------------------------------------------------ what was done is said, once
def test_an_extended_stay_is_told_on_its_folio_by_keys_alone(qtbot, desk, window):
    stay = check_in(desk, nights=1, deposit=100000)
    window.workplace.go("folios", {"stay_id": stay})
    press(window, Key.Key_F6)
    press(window, Key.Key_F12)
    assert window.workplace.here == ("folios", {"stay_id": stay})
    assert page(window).notes.text == "301 is extended to Sun 22 Nov: 1 night, 298.00."
    window.workplace.go("room_board", {})
    press(window, Key.Key_Escape)
    assert window.workplace.here[0] == "folios"
    assert page(window).notes.text == ""


def test_a_shortened_stay_and_a_deposit_are_told(qtbot, desk, window):
    stay = check_in(desk, nights=3)
    window.workplace.go("extend", {"stay_id": stay})
    QTest.keyClicks(QApplication.focusWidget(), "+1")
    press(window, Key.Key_F12)
    assert page(window).notes.text == "301 is shortened to Sat 21 Nov."
    window.workplace.go("extend", {"stay_id": stay})
    page(window).deposit.amount.line.setText("500")
    press(window, Key.Key_F12)
    assert page(window).notes.text == "301 is extended to Sun 22 Nov: 1 night, 298.00. Deposit taken: 500.00."


def test_a_move_is_told_on_the_folio_by_keys_alone(qtbot, desk, window):
    stay = check_in(desk, nights=3)
    window.workplace.go("folios", {"stay_id": stay})
    press(window, Key.Key_F7)
    press(window, Key.Key_F12)  # names what is missing and goes there
    QTest.keyClicks(QApplication.focusWidget(), "noise")
    QTest.keyClick(QApplication.focusWidget(), Key.Key_Return)
    assert window.workplace.here == ("folios", {"stay_id": stay})
    assert page(window).notes.text == "Wang Yaqin has moved from 301 to 302, 1 card to cut, the slip prints."


def test_a_changed_price_is_told_on_the_folio(qtbot, desk, window):
    stay = check_in(desk, nights=2)
    window.workplace.go("price_change", {"stay_id": stay})
    QTest.keyClicks(page(window).price.line, "250")
    QTest.keyClicks(page(window).reason.line, "noise")
    press(window, Key.Key_F12)
    assert page(window).notes.text == "The price is changed by \u221296.00."
    assert change_price.action == "stays:change_price"


# ------------------------------------------------------------------ received and change
@pytest.fixture
def owing(desk):
    """A guest in 301 who owes 832.00 of extras."""
    stay = check_in(desk, nights=2)
    desk.do(folios.charge, stay_id=stay, code="MINIBAR", amount=Money(83200), intent="bar")
    return stay


def test_cash_received_and_change_stand_there_after_the_guest_has_left(qtbot, desk, window, owing):
    window.workplace.go("folios", {"stay_id": owing})
    press(window, Key.Key_F9)
    QTest.keyClicks(QApplication.focusWidget(), "1000")
    assert page(window).change.text() == "Change 168.00"
    press(window, Key.Key_F12)
    assert shown(page(window).settled_at.itemAt(0).widget()) == [
        *("Taken, Cash", "832.00"),
        *("Cash received", "1,000.00"),
        *("Change given", "168.00"),
    ]
    assert page(window).gone.text().startswith("Wang Yaqin left 301 at")
    assert page(window).notes.text == ""  # said once
    assert not page(window).before.isVisible()
    window.workplace.go("room_board", {})
    window.workplace.go("check_out", {"stay_id": owing})
    assert "168.00" in shown(page(window).settled_at.itemAt(0).widget())
    check_screen(page(window))


def test_an_undone_check_out_forgets_the_change(qtbot, desk, window, owing):
    window.workplace.go("check_out", {"stay_id": owing})
    QTest.keyClicks(QApplication.focusWidget(), "1000")
    press(window, Key.Key_F12)
    page(window).acts["undo"].press()
    page(window).undoing["reason"].set_value("wrong room")
    page(window).undoing.button.click()
    assert page(window).settled_at.count() == 0
    assert page(window).panel.page == "settle"


def test_what_was_given_back_stands_there(qtbot, desk, window):
    stay = check_in(desk, nights=1, deposit=50000)
    desk.next_day()
    window.workplace.go("check_out", {"stay_id": stay})
    QTest.keyClicks(page(window).slip.line, "D-1")
    press(window, Key.Key_F12)
    assert shown(page(window).settled_at.itemAt(0).widget()) == ["Given back, Cash", "202.00"]


def test_two_ways_and_what_is_left_open_are_told(qtbot, desk, window, owing):
    window.workplace.go("check_out", {"stay_id": owing})
    page(window).method.chips.choose("BANK")
    page(window).amount.line.setText("800")
    page(window).unsettled.setChecked(True)
    page(window).why_unsettled.set_value("pays the rest tomorrow")
    press(window, Key.Key_F12)
    assert shown(page(window).settled_at.itemAt(0).widget()) == [
        *("Taken, Bank card", "800.00"),
        *("City ledger", "32.00"),
        *("Taken in all", "800.00"),
    ]


@pytest.mark.parametrize("key", [Key.Key_F9, Key.Key_F12])
def test_a_key_pressed_twice_pays_once(qtbot, desk, window, owing, key):
    window.workplace.go("folios", {"stay_id": owing})
    press(window, Key.Key_F9)
    QTest.keyClicks(QApplication.focusWidget(), "1000")
    QTest.keyClick(takes_keys(window), key)
    QTest.keyClick(takes_keys(window), key)
    press(window, Key.Key_F12)  # whatever it was, the guest leaves now
    paid = [x.paid for x in desk.ask(folio_queries.folio_lines, stay_id=owing) if x.code == "CASH"]
    assert paid == [83200]
