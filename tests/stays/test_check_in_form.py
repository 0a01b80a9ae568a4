"""The check-in's form: whole on the smallest screen, driven by keys alone, and it says what is still
missing."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from pms.services.cards import queries as card_queries
from pms.services.reservations import queries as booking_queries
from pms.services.reservations import service as reservations
from pms.services.reservations.service import Wish
from pms.services.rooms import service as rooms
from pms.services.stays import queries
from pms.ui.kit import theme
from pms.ui.kit.theme import Look
from pms.ui.screens.stays.check_in import CheckInScreen
from tests.builders import TODAY
from tests.stays.test_front_screens import GOOD, shown
from tests.ui.checks import at_work, check_screen, dress, look_around, seen

Key, Ctrl = Qt.Key, Qt.KeyboardModifier.ControlModifier


@pytest.fixture(autouse=True)
def plain():
    """Leave the look as other tests expect it."""
    yield
    dress(Look("en", "light", 100))


def passport(page):
    combo = page.guests.lines[0].kind.combo
    combo.setCurrentIndex(combo.findData("passport"))
    page.guests.lines[0].number.line.setText("E12345678")


def for_two(desk):
    wish = Wish(desk.type_id("BIG"), TODAY, TODAY + timedelta(days=2), adults=2, plan_id=1)
    number = desk.do(reservations.book, guest_name="Wang Yaqin", rooms=[wish])
    return desk.ask(booking_queries.lines_of, number=number)[0]


def identity_card(page):
    page.guests.lines[0].number.line.setText(GOOD)


def reckoned(page):
    """Have the form shown as it stands, without waiting for the pause after typing."""
    page.look()
    QTest.qWait(30)
    return page


def fits(page) -> bool:
    """Say whether every section stands whole in sight."""
    view = page.body.viewport()
    assert page.body.widget().minimumSizeHint().width() <= view.width()
    lowest = max(
        s.mapTo(page.body.widget(), s.rect().bottomLeft()).y() for s in seen(page, type(page.sections[0]))
    )
    return page.body.verticalScrollBar().maximum() == 0 and lowest < view.height()


# ------------------------------------------------------------------ the smallest screen
@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("document", [identity_card, passport])
@pytest.mark.parametrize("booked", [True, False])
def test_the_whole_check_in_is_in_sight_at_1366_by_768(qtbot, desk, language, document, booked):
    desk.clock.set(TODAY, 8)  # an early arrival has a line of its own
    what = {"line_id": desk.book("Wang Yaqin", nights=6)} if booked else {"room_id": desk.room_id("301")}
    window = at_work(qtbot, desk, Look(language, "light", 100))
    window.resize(1366, 768)
    window.workplace.go("check_in", what)
    page = window.workplace.current()
    document(page)
    if not booked:
        page.count.line.setText("6")
    reckoned(page)
    assert page.early.isVisible()
    assert page.folded.isVisible()
    assert fits(page)
    check_screen(page)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_a_large_type_scrolls_upright_only(qtbot, desk, language):
    window = at_work(qtbot, desk, Look(language, "light", 130))
    window.resize(1366, 768)
    window.workplace.go("check_in", {"line_id": desk.book("Wang Yaqin", nights=6)})
    page = window.workplace.current()
    passport(page)
    reckoned(page)
    assert page.body.widget().minimumSizeHint().width() <= page.body.viewport().width()
    assert page.chooser.picker._columns >= 2
    check_screen(page)
    assert theme.px(10) == 13


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("scale", [100, 130])
def test_on_the_smallest_window_the_flow_is_whole(qtbot, desk, language, scale):
    window = at_work(qtbot, desk, Look(language, "light", scale))
    window.resize(window.minimumSize())
    window.workplace.go("check_in", {"line_id": desk.book("Wang Yaqin", nights=2)})
    page = reckoned(window.workplace.current())
    assert window.size() == window.minimumSize()
    assert page.chooser.isVisible() == (scale == 100)
    page.room.line.setText("302")
    assert reckoned(page).sections[1].said() == {"en": "302 Queen", "zh_CN": "302 大床房"}[language]
    assert page.body.widget().minimumSizeHint().width() <= page.body.viewport().width()
    check_screen(page)


def test_the_nights_are_one_line_until_f2_unfolds_them(qtbot, desk):
    page = shown(qtbot, desk, CheckInScreen, line_id=desk.book("Wang Yaqin", nights=3))
    reckoned(page)
    total = sum(n[1] for n in page.nights)
    assert (page.folded.text(), page.all_nights.text()) == ("3 nights", f"{total / 100:,.2f}")
    assert page.night_rows.count() == 0
    qtbot.keyClick(page, Key.Key_F2)
    assert page.night_rows.count() == 3
    qtbot.keyClick(page, Key.Key_F2)
    assert page.night_rows.count() == 0


def test_one_night_says_its_rule_and_has_nothing_to_unfold(qtbot, desk):
    page = shown(qtbot, desk, CheckInScreen, line_id=desk.book("Wang Yaqin", nights=1))
    assert page.folded.text() == "1 night, Rack 298.00"
    assert not page.by_night.isVisible()
    qtbot.keyClick(page, Key.Key_F2)
    assert "no more than one night" in page.notes.text


# ------------------------------------------------------------------ what is missing
def test_the_footer_names_what_is_missing_and_what_stays_open(qtbot, desk):
    page = shown(qtbot, desk, CheckInScreen)
    assert page.lack.text() == "Guest's name missing, room missing, identity pending"
    assert page.lack.property("tone") == "bad"
    qtbot.keyClicks(page.guests.lines[0].name.line, "Zhao Min")
    desk.do(rooms.set_clean, room_ids=[desk.room_id("302")], clean="dirty")
    page.room.line.setText("302")
    page.deposit.line.setText("100")
    page._typed_deposit("100")
    reckoned(page)
    assert page.lack.text() == "Identity pending, room 302 dirty, deposit 300.00 short"
    assert page.lack.property("tone") == "warn"
    page.room.line.setText("301")
    page._deposit_typed = False
    identity_card(page)
    reckoned(page)
    assert not page.lack.isVisible()
    assert page.summary.text() == "Take 400.00, cut 1 card, print 2 papers"


def test_money_to_take_and_cards_to_cut_are_not_ticked(qtbot, desk):
    page = shown(qtbot, desk, CheckInScreen, line_id=desk.book("Wang Yaqin"))
    identity_card(page)
    reckoned(page)
    assert [(s.said(), s.tone) for s in page.sections] == [
        ("1 guest", "good"),
        ("301 Queen", "good"),
        ("800.00 to take", "warn"),
        ("1 card to cut", ""),
    ]


# ------------------------------------------------------------------ cards
def test_a_card_is_proposed_for_each_adult_until_a_number_is_typed(qtbot, desk):
    page = shown(qtbot, desk, CheckInScreen, line_id=for_two(desk))
    assert page.cards.value() == 2
    qtbot.keyClick(page, Key.Key_F12)
    assert len(desk.ask(card_queries.of_stay, stay_id=page.ended.stay_id)) == 2
    page.open(room_id=desk.room_id("302"))
    assert page.cards.value() == 1
    page.adults.line.setText("3")
    assert reckoned(page).cards.value() == 3
    page.cards.setFocus()
    page.cards.line.selectAll()
    qtbot.keyClicks(page.cards.line, "1")
    page.adults.line.setText("2")
    assert reckoned(page).cards.value() == 1


def test_somebody_who_shares_gets_a_card_too(qtbot, desk):
    page = shown(qtbot, desk, CheckInScreen, line_id=desk.book("Wang Yaqin"))
    qtbot.keyClick(page, Key.Key_T, Ctrl)
    assert page.cards.value() == 2


def test_a_draft_keeps_the_number_of_cards_that_was_typed(qtbot, desk):
    line = for_two(desk)
    page = shown(qtbot, desk, CheckInScreen, line_id=line)
    identity_card(page)
    page.cards.setFocus()
    page.cards.line.selectAll()
    qtbot.keyClicks(page.cards.line, "3")
    draft = page.typed()
    page.open(line_id=line)
    assert page.cards.value() == 2
    page.retype(draft)
    assert reckoned(page).cards.value() == 3


# ------------------------------------------------------------------ by keys alone
def test_a_walk_in_is_typed_from_the_first_field_to_the_last_by_keys(qtbot, desk):
    page = shown(qtbot, desk, CheckInScreen, room_id=desk.room_id("301"))
    qtbot.wait(50)  # the guest's line comes into sight

    def typed(words="", key=Key.Key_Return):
        at = QApplication.focusWidget()
        QTest.keyClicks(at, words)
        QTest.keyClick(at, key)

    typed("Zhao Min")
    typed(key=Key.Key_Tab)  # the kind of document
    typed(GOOD)
    typed("13800138000")
    assert page.room.line.hasFocus()
    for _field in range(2):
        typed()
    QApplication.focusWidget().selectAll()
    typed("2")
    assert page.leaving.value() == TODAY + timedelta(days=2)
    assert page.adults.line.hasFocus()
    QApplication.focusWidget().selectAll()
    typed("2")
    reckoned(page)
    look_around()
    qtbot.keyClick(QApplication.focusWidget(), Key.Key_F12)
    [stay] = desk.ask(queries.in_house, business_date=TODAY)
    assert (stay.room, stay.guest, stay.nights, stay.identity) == ("301", "Zhao Min", 2, "checked")
    assert len(desk.ask(card_queries.of_stay, stay_id=stay.stay_id)) == 2


def test_tab_goes_down_the_form_to_the_button_and_back(qtbot, desk):
    page = shown(qtbot, desk, CheckInScreen, line_id=desk.book("Wang Yaqin"))
    qtbot.wait(50)
    visited = [page.guests.lines[0].number.line]
    for _step in range(7):
        qtbot.keyClick(QApplication.focusWidget(), Key.Key_Tab)
        visited.append(QApplication.focusWidget())
    cash = page.method.chips.chips["CASH"]
    phone = page.guests.lines[0].phone.line
    form = [phone, page.room.line, page.kind.combo, cash, page.deposit.line, page.cards.line, page.paper]
    assert visited[1:] == form
    qtbot.keyClick(QApplication.focusWidget(), Key.Key_Tab)
    assert page.big.hasFocus()
    for before in (page.paper, page.cards.line, page.deposit.line):
        qtbot.keyClick(QApplication.focusWidget(), Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
        assert before.hasFocus()
