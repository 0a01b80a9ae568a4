"""Extend, room change and check-out by keyboard, on a real hotel."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from sqlalchemy import select

from pms.core import i18n, offers
from pms.core.money import Money
from pms.core.offers import Offers, Reminder
from pms.core.options import Options
from pms.core.reading import query
from pms.db.base import PrintJob
from pms.services.cards import queries as card_queries
from pms.services.folios import queries as folio_queries
from pms.services.folios import service as folios
from pms.services.folios.queries import FolioRow
from pms.services.property import service as property_service
from pms.services.reservations import queries as booking_queries
from pms.services.room_board.queries import board
from pms.services.rooms import service as rooms
from pms.services.stays import queries, service, vacancy
from pms.services.stays.service import Paid
from pms.ui.kit.desk import Asker, Desk
from pms.ui.kit.refresh import ChangeSignal
from pms.ui.kit.theme import Look
from pms.ui.screens.folios.screen import FolioScreen
from pms.ui.screens.stays.check_out import CheckOutScreen
from pms.ui.screens.stays.extend import ExtendScreen
from pms.ui.screens.stays.room_change import RoomChangeScreen
from pms.ui.screens.stays.settlement import payments, plan
from tests.builders import TODAY
from tests.ui.checks import check_screen, dress

Key, Ctrl = Qt.Key, Qt.KeyboardModifier.ControlModifier
CtrlShift = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def back_to_english():
    yield
    i18n.use("en")


def check_in(desk, number="301", deposit=50000, **fields):
    line = desk.book(**fields)
    return desk.do(
        service.check_in,
        line_id=line,
        room_id=desk.room_id(number),
        deposit=Paid("CASH", Money(deposit)) if deposit else None,
        cards_wanted=2,
        intent=desk.new_intent(),
    )


def page_of(qtbot, desk, kind, stay_id, language="en"):
    dress(Look(language, "light", 100))
    made = kind(desk, ChangeSignal(desk.changes))
    made.went = []
    made.wanted.connect(lambda word, what: made.went.append((word, what)))
    qtbot.addWidget(made)
    made.resize(1206, 716)
    made.show()
    assert QTest.qWaitForWindowActive(made)
    made.open(stay_id=stay_id)
    (made.start() or made).setFocus()
    qtbot.wait(20)
    return made


def stay_row(desk, stay):
    return desk.ask(queries.stay, stay_id=stay, business_date=desk.house().business_date)


def standing(desk, stay):
    return {f"{a.ledger}{a.window}": a.balance for a in desk.ask(folio_queries.folios, stay_id=stay)}


def papers(desk):
    return desk.ask(lambda session: list(session.scalars(select(PrintJob.kind).order_by(PrintJob.id))))


def type_over(qtbot, field, text):
    field.line.selectAll()
    qtbot.keyClicks(field.line, text)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("kind", [ExtendScreen, RoomChangeScreen, CheckOutScreen])
def test_the_pages_keep_the_rules_of_every_page(qtbot, desk, kind, language):
    stay = check_in(desk, nights=1)
    desk.next_day()
    desk.clock.set(TODAY + DAY, 14)
    check_screen(page_of(qtbot, desk, kind, stay, language))


def told(page):
    return " ".join(x.text() for x in page.box.parentWidget().findChildren(QLabel) if x.isVisibleTo(page))


def test_extending_and_moving_say_before_that_no_room_of_the_type_is_left(qtbot, desk):
    stay = check_in(desk, nights=1)
    for n in range(3):
        desk.book(f"Over {n}", nights=2)
    desk.book("By day", nights=0, start=TODAY + timedelta(days=1))
    page = page_of(qtbot, desk, ExtendScreen, stay)
    page.nights.line.setText("1")
    assert "Queen: Sold out" in told(page)
    page.extend()
    assert "is promised by day on" in page.notes.text
    other = desk.do(
        service.check_in,
        line_id=desk.book("Twin", type_code="TWN", nights=2),
        room_id=desk.room_id("201"),
        intent="twin",
    )
    move = page_of(qtbot, desk, RoomChangeScreen, other)
    assert "Sold out" not in told(move)
    assert move.table.pick(desk.room_id("304"))
    qtbot.wait(20)
    assert "Queen: Sold out" in told(move)


# ------------------------------------------------------------------ extend
def test_one_more_night_is_proposed_and_taken_by_key(qtbot, desk):
    stay = check_in(desk, nights=2)
    page = page_of(qtbot, desk, ExtendScreen, stay)
    assert [state for _night, state in page.table.rows.rows()] == ["kept", "kept", "new"]
    assert "23 Nov" in page.big.words
    qtbot.keyClick(page, Key.Key_F12)
    assert stay_row(desk, stay).departure == TODAY + 3 * DAY
    said = "301 is extended to Mon 23 Nov: 1 night, 268.00."
    assert page.went == [("folios", {"stay_id": stay, "said": said})]


def test_the_day_and_the_number_of_nights_follow_each_other(qtbot, desk):
    page = page_of(qtbot, desk, ExtendScreen, check_in(desk, nights=1))
    type_over(qtbot, page.nights, "3")
    assert page.departure.value() == TODAY + 4 * DAY
    type_over(qtbot, page.departure, "+2")
    assert page.nights.value() == 1
    assert len(page.added) == 1


def test_a_price_by_hand_holds_for_the_new_nights_only(qtbot, desk):
    stay = check_in(desk, nights=1)
    page = page_of(qtbot, desk, ExtendScreen, stay)
    qtbot.keyClicks(page.price.line, "200")
    qtbot.keyClicks(page.reason.line, "long stay")
    qtbot.keyClick(page, Key.Key_F12)
    nights = desk.ask(booking_queries.nights, line_id=stay_row(desk, stay).line_id)
    assert [(n.price, n.rule) for n in nights] == [(29800, "Rack 298.00"), (20000, "long stay")]


def test_a_room_that_is_held_for_somebody_is_named_before_and_refused_after(qtbot, desk):
    stay = check_in(desk, nights=1)
    desk.book("Next Guest", start=TODAY + DAY, room_id=desk.room_id("301"))
    page = page_of(qtbot, desk, ExtendScreen, stay)
    assert [who for _night, who in desk.ask(vacancy.in_the_way, stay_id=stay, departure=TODAY + 2 * DAY)] == [
        "R-2 Next Guest"
    ]
    qtbot.keyClick(page, Key.Key_F12)
    assert page.notes.tone in ("bad", "warn")
    assert stay_row(desk, stay).departure == TODAY + DAY
    qtbot.keyClick(page, Key.Key_F7)
    assert page.went == [("room_change", {"stay_id": stay})]


def test_shortening_shows_what_is_given_up(qtbot, desk):
    stay = check_in(desk, nights=3)
    page = page_of(qtbot, desk, ExtendScreen, stay)
    type_over(qtbot, page.departure, "+1")
    assert [state for _night, state in page.table.rows.rows()] == ["kept", "gone", "gone"]
    qtbot.keyClick(page, Key.Key_F12)
    assert stay_row(desk, stay).departure == TODAY + DAY


def test_a_day_before_today_is_refused_in_the_field(qtbot, desk):
    stay = check_in(desk, nights=1)
    page = page_of(qtbot, desk, ExtendScreen, stay)
    type_over(qtbot, page.departure, "-1")
    qtbot.keyClick(page, Key.Key_F12)
    assert "Not before today" in page.notes.text
    assert stay_row(desk, stay).departure == TODAY + DAY


# ------------------------------------------------------------------ room change
def test_the_guest_moves_by_keys_at_the_same_price_and_the_slip_prints(qtbot, desk):
    stay = check_in(desk, nights=2)
    page = page_of(qtbot, desk, RoomChangeScreen, stay)
    assert page.table.row().room.type_code == "BIG"  # the guest's own type is proposed
    qtbot.keyClick(page, Key.Key_F12)
    assert "Reason" in page.notes.text
    qtbot.keyClicks(page.reason.line, "noise")
    number = page.table.row().room.number
    qtbot.keyClick(page.reason.line, Key.Key_Return)
    assert (stay_row(desk, stay).room, stay_row(desk, stay).rate) == (number, 29800)
    assert papers(desk)[-1] == "room_change_slip"
    said = f"Wang Yaqin has moved from 301 to {number}, 1 card to cut, the slip prints."
    assert page.went == [("folios", {"stay_id": stay, "said": said})]


def test_the_list_price_of_another_type_can_be_taken(qtbot, desk):
    stay = check_in(desk, nights=3)
    page = page_of(qtbot, desk, RoomChangeScreen, stay)
    page.types.choose(desk.type_id("TWN"))
    assert {m.room.type_code for m in page.table.rows.rows()} == {"TWN"}
    assert {m.difference for m in page.table.rows.rows()} == {
        25800 - 26800
    }  # Friday and Saturday cost the same
    page.table.pick(desk.room_id("202"))
    page.price.chips.choose("list")
    qtbot.keyClicks(page.reason.line, "wants twin beds")
    qtbot.keyClick(page, Key.Key_F12)
    line = stay_row(desk, stay).line_id
    assert [n.price for n in desk.ask(booking_queries.nights, line_id=line)] == [29800, 29800, 25800]
    assert stay_row(desk, stay).room == "202"


def test_a_dirty_room_is_asked_about(qtbot, desk, monkeypatch):
    asked = []

    class No(Asker):
        def confirm(self, parent, message):
            asked.append(message)
            return False

    monkeypatch.setattr(Desk, "asker", No())
    stay = check_in(desk)
    desk.do(rooms.set_clean, room_ids=[desk.room_id("304")], clean="dirty")
    page = page_of(qtbot, desk, RoomChangeScreen, stay)
    page.table.pick(desk.room_id("304"))
    qtbot.keyClicks(page.reason.line, "noise")
    qtbot.keyClick(page, Key.Key_F12)
    assert "304" in asked[0]
    assert stay_row(desk, stay).room == "301"


def test_rooms_that_others_hold_are_not_offered(qtbot, desk):
    stay = check_in(desk, nights=2)
    check_in(desk, "302", name="Li", deposit=0)
    desk.book("Chen", room_id=desk.room_id("303"), start=TODAY + DAY, nights=1)
    page = page_of(qtbot, desk, RoomChangeScreen, stay)
    assert {m.room.number for m in page.moves} == {"201", "202", "203", "204", "304"}


# ------------------------------------------------------------------ settlement
def accounts(deposit=0, **folios_):
    made = [
        FolioRow(n, "guest", window, "x", Money(balance), False)
        for n, (window, balance) in enumerate(folios_.items())
    ]
    return [*made, FolioRow(99, "deposit", "", "x", Money(-deposit), False)]


def test_the_deposit_covers_folios_in_order_and_the_rest_is_due():
    wanted = plan(accounts(10000, A=8000, B=5000), 500)
    assert (wanted.due, wanted.back, wanted.of_deposit) == ((("B", 3500),), 0, 0)
    over = plan(accounts(10000, A=-300, B=5000), 0)
    assert (over.due, over.back, over.of_deposit) == ((), 5300, 5000)


def test_what_is_taken_is_spread_over_the_folios_that_owe():
    wanted = plan(accounts(0, A=8000, B=5000), 0)
    assert payments(wanted, [("CASH", 10000, ""), ("BANK", 3000, "112233")]) == [
        Paid("CASH", Money(8000), "A"),
        Paid("CASH", Money(2000), "B"),
        Paid("BANK", Money(3000), "B", "112233"),
    ]
    assert payments(wanted, [("CASH", 500, "")]) == [Paid("CASH", Money(500), "A")]


# ------------------------------------------------------------------ check-out
@pytest.fixture
def leaving(desk):
    """A guest in 301, two nights posted, 500 of deposit, at 11 on the day of departure."""
    stay = check_in(desk, nights=2)
    desk.next_day()
    desk.next_day()
    desk.clock.set(TODAY + 2 * DAY, 11)
    return stay


def test_what_is_owed_is_taken_and_the_room_is_dirty(qtbot, desk, leaving):
    page = page_of(qtbot, desk, CheckOutScreen, leaving)
    assert page.figure.text() == "96.00"
    assert "96.00" in page.big.words
    assert page.received.value() is None  # nobody has counted it yet
    qtbot.keyClick(page, Key.Key_F12)
    assert "Cash received is missing" in page.notes.text
    assert stay_row(desk, leaving).state == "in_house"
    qtbot.keyClicks(page.received.line, "100")
    assert page.change.text() == "Change 4.00"
    qtbot.keyClick(page.received.line, Key.Key_Return)
    assert [
        (x.code, x.paid) for x in desk.ask(folio_queries.folio_lines, stay_id=leaving) if x.code == "CASH"
    ] == [("CASH", 9600)]
    assert stay_row(desk, leaving).state == "departed"
    assert set(standing(desk, leaving).values()) == {0}
    assert papers(desk)[-1] == "bill"
    assert next(t.clean for t in desk.ask(board) if t.number == "301") == "dirty"
    assert {c.state for c in desk.ask(card_queries.of_stay, stay_id=leaving)} == {"returned"}
    assert page.panel.page == "left"
    qtbot.keyClick(page, Key.Key_F12)
    assert page.went == [("room_board", {})]


def test_two_ways_of_paying_share_the_sum(qtbot, desk, leaving):
    page = page_of(qtbot, desk, CheckOutScreen, leaving)
    type_over(qtbot, page.received, "50")
    assert page.change.text() == ""
    assert page.rest.isVisible()
    page.rest.chips.choose("BANK")
    qtbot.keyClick(page, Key.Key_F12)
    lines = {x.code: x.paid for x in desk.ask(folio_queries.folio_lines, stay_id=leaving)}
    assert (lines["CASH"], lines["BANK"]) == (5000, 4600)


def test_more_than_is_owed_is_not_taken(qtbot, desk, leaving):
    page = page_of(qtbot, desk, CheckOutScreen, leaving)
    page.method.chips.choose("BANK")
    assert page.amount.value() == 9600  # not cash: the sum that is owed is the sum that is paid
    type_over(qtbot, page.amount, "500")
    qtbot.keyClick(page, Key.Key_F12)
    assert "96.00" in page.notes.text
    assert stay_row(desk, leaving).state == "in_house"


def test_the_deposit_goes_back_against_its_slip(qtbot, desk):
    stay = check_in(desk, nights=1)
    desk.next_day()
    page = page_of(qtbot, desk, CheckOutScreen, stay)
    assert page.figure.text() == "202.00"
    qtbot.keyClick(page, Key.Key_F12)
    assert "Deposit slip number" in page.notes.text
    qtbot.keyClicks(page.slip.line, "D-1")
    qtbot.keyClick(page.slip.line, Key.Key_Return)
    assert stay_row(desk, stay).state == "departed"
    assert "loss_declaration" not in papers(desk)


def test_a_lost_slip_prints_its_declaration(qtbot, desk):
    stay = check_in(desk, nights=1)
    desk.next_day()
    page = page_of(qtbot, desk, CheckOutScreen, stay)
    page.lost.setChecked(True)
    qtbot.keyClick(page, Key.Key_F12)
    assert stay_row(desk, stay).state == "departed"
    assert "loss_declaration" in papers(desk)


def test_leaving_early_is_said_and_the_nights_go_back_on_sale(qtbot, desk):
    stay = check_in(desk, nights=3, deposit=0)
    desk.next_day()
    page = page_of(qtbot, desk, CheckOutScreen, stay)
    texts = [w.text() for w in page.findChildren(type(page.figure)) if w.isVisible()]
    assert any("goes back" in t or "go back" in t for t in texts)
    qtbot.keyClicks(page.received.line, "298")
    qtbot.keyClick(page, Key.Key_F12)
    assert stay_row(desk, stay).departure == TODAY + DAY


def test_a_late_departure_is_charged_or_waived_with_a_reason(qtbot, desk):
    stay = check_in(desk, nights=1, deposit=0)
    desk.next_day()
    desk.clock.set(TODAY + DAY, 14.34)
    page = page_of(qtbot, desk, CheckOutScreen, stay)
    assert page.figure.text() == "447.00"
    qtbot.keyClicks(page.waive.line, "lift was broken")
    assert page.figure.text() == "298.00"
    qtbot.keyClicks(page.received.line, "300")
    qtbot.keyClick(page, Key.Key_F12)
    assert stay_row(desk, stay).state == "departed"
    assert "HALF" not in [x.code for x in desk.ask(folio_queries.folio_lines, stay_id=stay)]


def test_who_leaves_on_the_day_of_arrival_pays_the_use_by_day_or_the_mistake_is_undone(qtbot, desk):
    desk.do(
        property_service.edit,
        name="Yunqi",
        options=replace(desk.context_options(), day_use_bands=Options().day_use_bands),
    )
    stay = check_in(desk, nights=2, deposit=0)
    page = page_of(qtbot, desk, CheckOutScreen, stay)
    assert page.figure.text() == "149.00"
    texts = [w.text() for w in page.findChildren(type(page.figure)) if w.isVisible()]
    assert "Use by day: 149.00" in texts
    assert any("0.5 × 298.00" in t for t in texts)
    qtbot.keyClick(page, Key.Key_Z, CtrlShift)
    assert page.went == [("folios", {"stay_id": stay, "show": "undo"})]
    folio = page_of(qtbot, desk, FolioScreen, stay)
    folio.open(stay_id=stay, show="undo")
    assert folio.panel.page == "undo"
    folio.close()
    qtbot.keyClicks(page.received.line, "149")
    page.acts["check_out"].press()
    assert stay_row(desk, stay).state == "departed"
    page.acts["undo"].press()
    page.undoing["reason"].set_value("wrong room")
    page.undoing.button.click()
    assert (stay_row(desk, stay).state, stay_row(desk, stay).departure) == ("in_house", TODAY + 2 * DAY)


def test_what_is_left_goes_to_the_city_ledger(qtbot, desk, leaving):
    page = page_of(qtbot, desk, CheckOutScreen, leaving)
    page.unsettled.setChecked(True)
    qtbot.keyClick(page, Key.Key_F12)
    assert "Why it is left unsettled" in page.notes.text
    assert stay_row(desk, leaving).state == "in_house"
    page.why_unsettled.set_value("the company transfers it")
    qtbot.keyClick(page, Key.Key_F12)
    lines = {x.code: x for x in desk.ask(folio_queries.folio_lines, stay_id=leaving)}
    assert (lines["CITY"].charge, lines["CITY"].text) == (-9600, "the company transfers it")
    assert stay_row(desk, leaving).state == "departed"


def test_no_reason_is_asked_for_when_nothing_is_left_unsettled_any_more(qtbot, desk, leaving):
    page = page_of(qtbot, desk, CheckOutScreen, leaving)
    page.unsettled.setChecked(True)
    assert page.why_unsettled.isVisible()
    desk.do(folios.pay, stay_id=leaving, method="BANK", amount=Money(9600), intent="there")  # at another desk
    page.refresh()
    assert page.figure.text() == "0.00"
    qtbot.keyClick(page, Key.Key_F12)
    assert stay_row(desk, leaving).state == "departed", page.notes.text


def test_a_card_that_did_not_come_back_is_charged_and_said(qtbot, desk, leaving):
    page = page_of(qtbot, desk, CheckOutScreen, leaving)
    assert not page.card_words.isVisible()
    type_over(qtbot, page.cards_back, "1")
    assert page.card_words.text() == "1 card is not back: 20.00."
    assert page.figure.text() == "116.00"
    qtbot.keyClicks(page.received.line, "116")
    qtbot.keyClick(page, Key.Key_F12)
    assert sorted(c.state for c in desk.ask(card_queries.of_stay, stay_id=leaving)) == ["ended", "returned"]


def test_missing_cards_are_not_charged_for_a_reason(qtbot, desk, leaving):
    page = page_of(qtbot, desk, CheckOutScreen, leaving)
    type_over(qtbot, page.cards_back, "0")
    assert page.figure.text() == "136.00"
    qtbot.keyClicks(page.waive_cards.line, "broken")
    assert (page.figure.text(), page.card_words.text()) == ("96.00", "2 cards are not back and not charged.")


def test_the_night_that_was_used_is_said_with_the_real_clock(qtbot, desk, leaving):
    page = page_of(qtbot, desk, CheckOutScreen, leaving)
    desk.clock.set(desk.house().business_date + timedelta(days=1), 1.5)
    page.open(stay_id=leaving)
    words = " ".join(x.text() for x in page.findChildren(QLabel))
    assert "Night of 22 Nov: 268.00" in words
    assert "left 01:30 on 23 Nov 2026" in words
    assert "23:59" not in words


def test_reminders_of_other_duties_are_shown(qtbot, desk, leaving):
    def bags(session, *, stay_id):
        return [Reminder(f"A bag of stay {stay_id} is stored.", "luggage", {"number": 3})]

    desk.offers = Offers({offers.leaving: (query()(bags),)})
    page = page_of(qtbot, desk, CheckOutScreen, leaving)
    assert any(f"A bag of stay {leaving}" in w.text() for w in page.findChildren(type(page.figure)))
    gone = []
    page.wanted.connect(lambda word, what: gone.append((word, what)))
    (door,) = (b for b in page.findChildren(QPushButton) if "A bag of stay" in b.accessibleName())
    door.click()
    assert gone == [("luggage", {"number": 3})]


def test_a_check_out_is_undone_the_same_day(qtbot, desk, leaving):
    page = page_of(qtbot, desk, CheckOutScreen, leaving)
    qtbot.keyClicks(page.received.line, "96")
    qtbot.keyClick(page, Key.Key_F12)
    qtbot.keyClick(page, Key.Key_Z, Ctrl)
    qtbot.keyClick(page, Key.Key_F12)
    assert "Reason" in page.notes.text
    page.undoing["reason"].set_value("wrong room")
    qtbot.keyClick(page, Key.Key_F12)
    assert stay_row(desk, leaving).state == "in_house"
    assert standing(desk, leaving) == {"guestA": 59600, "deposit": -50000}
    assert page.panel.page == "settle"
    qtbot.keyClicks(page.received.line, "96")
    qtbot.keyClick(page, Key.Key_F12)  # a fresh intent: it can be settled again
    assert stay_row(desk, leaving).state == "departed"


def test_a_posting_from_elsewhere_changes_the_sum_at_once(qtbot, desk, leaving):
    page = page_of(qtbot, desk, CheckOutScreen, leaving)
    desk.do(folios.charge, stay_id=leaving, code="MINIBAR", amount=Money(400), intent="there")
    assert page.figure.text() == "100.00"
    page.method.chips.choose("BANK")
    assert page.amount.value() == 10000
