"""Check-in and the guests of the day, by keys, on a real office."""

from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel

from pms.core.money import Money
from pms.core.office import Clerk
from pms.duties import ROLES
from pms.services.cards import queries as card_queries
from pms.services.cards import service as cards
from pms.services.folios import queries as folio_queries
from pms.services.guests import queries as guest_queries
from pms.services.guests import service as guests
from pms.services.guests.person import Person
from pms.services.print_jobs import queries as print_queries
from pms.services.reservations import queries as reservation_queries
from pms.services.reservations import service as reservations
from pms.services.room_board.queries import board
from pms.services.rooms import service as rooms
from pms.services.stays import queries, service
from pms.services.stays.service import Paid
from pms.ui.kit.desk import Asker, Desk
from pms.ui.kit.refresh import ChangeSignal
from pms.ui.kit.theme import Look
from pms.ui.screens.stays.check_in import END, FLOW, CheckInScreen
from pms.ui.screens.stays.screen import InHouseScreen
from tests.builders import TODAY
from tests.ui.checks import check_screen, dress

Key, Ctrl = Qt.Key, Qt.KeyboardModifier.ControlModifier
CtrlShift = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
DAY = timedelta(days=1)
GOOD, OTHER = "11010519491231002X", "440524198001010013"
"""Numbers of the standard's own text; they belong to nobody."""


class Answering(Asker):
    """Answers every question alike and keeps it."""

    def __init__(self, yes=True):
        self.yes, self.asked = yes, []

    def confirm(self, parent, message):
        self.asked.append(message)
        return self.yes


@pytest.fixture
def asker(monkeypatch):
    made = Answering()
    monkeypatch.setattr(Desk, "asker", made)
    return made


def shown(qtbot, desk, kind, **what):
    """Show a screen as the window does, and keep where it wants to go."""
    dress(Look("en", "light", 100))
    made = kind(desk, ChangeSignal(desk.changes))
    made.gone = []
    made.wanted.connect(lambda word, fields: made.gone.append((word, fields)))
    qtbot.addWidget(made)
    made.resize(1206, 716)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.open(**what)
    (made.start() or made).setFocus()
    assert [w for w in QApplication.topLevelWidgets() if w.isVisible()] == [made]
    return made


def in_house(desk):
    return desk.ask(queries.in_house, business_date=desk.house().business_date)


def check_in(desk, number="301", name="Chen Zhiyuan", **fields):
    line = desk.book(name, **{k: fields.pop(k) for k in ("nights", "type_code") if k in fields})
    return desk.do(
        service.check_in, line_id=line, room_id=desk.room_id(number), intent=desk.new_intent(), **fields
    )


def press(qtbot, screen):
    screen.look()
    qtbot.keyClick(screen, Key.Key_F12)


def words(widget):
    """Return what the visible labels say."""
    return [x.text() for x in widget.findChildren(QLabel) if x.isVisible()]


def deposit(desk, stay_id):
    return -sum(f.balance for f in desk.ask(folio_queries.folios, stay_id=stay_id) if f.ledger == "deposit")


# ------------------------------------------------------------------ check-in from a booking
def test_a_booked_guest_is_in_with_one_key(qtbot, desk):
    line = desk.book("Wang Yaqin", phone="13800138000", nights=2)
    screen = shown(qtbot, desk, CheckInScreen, line_id=line)
    assert screen.guests.lines[0].number.line.hasFocus()
    assert screen.room.value() == "301"  # the first clean room of the type
    press(qtbot, screen)
    [stay] = in_house(desk)
    assert (stay.room, stay.guest, stay.nights, stay.identity) == ("301", "Wang Yaqin", 2, "pending")
    assert deposit(desk, stay.stay_id) == 800 * 100  # 298 + 298 + 2 × 100 = 796, rounded up to 800
    assert [c.state for c in desk.ask(card_queries.of_stay, stay_id=stay.stay_id)] == ["pending"]


def test_the_end_shows_what_was_done_and_the_paper_and_goes_on_by_f12(qtbot, desk):
    screen = shown(qtbot, desk, CheckInScreen, line_id=desk.book("Wang Yaqin"))
    press(qtbot, screen)
    assert screen.pages.currentIndex() == END
    assert screen.ended.headline.text() == "Wang Yaqin is checked in to 301"
    assert [(j.kind, j.state) for j in screen.ended.papers.rows.rows()] == [
        ("registration_card", "queued"),
        ("deposit_receipt", "queued"),
    ]
    qtbot.waitUntil(lambda: len(screen.preview.sheets.pages) > 0, timeout=8000)
    assert screen.next.hasFocus()
    qtbot.keyClick(screen, Key.Key_F4)
    qtbot.keyClick(screen, Key.Key_F12)
    assert screen.gone == [("folios", {"stay_id": screen.ended.stay_id}), ("stays", {"which": "arrivals"})]
    assert len(in_house(desk)) == 1


def test_a_failing_encoder_never_loses_the_check_in(qtbot, desk):
    screen = shown(qtbot, desk, CheckInScreen, line_id=desk.book("Wang Yaqin"))
    screen.cards.line.setText("2")
    press(qtbot, screen)
    first, _second = desk.ask(card_queries.of_stay, stay_id=screen.ended.stay_id)
    assert not screen.ended.again.isVisible()
    desk.do(cards.failed, card_id=first.id, trouble="No card on the encoder")
    assert [c.state for c in screen.ended.failed()] == ["failed"]
    assert screen.ended.again.isVisible()
    qtbot.waitUntil(lambda: "The guest is checked in, the card is not cut" in words(screen.ended))
    qtbot.keyClick(screen, Key.Key_K, CtrlShift)
    assert {c.state for c in desk.ask(card_queries.of_stay, stay_id=screen.ended.stay_id)} == {"pending"}
    assert len(in_house(desk)) == 1
    desk.do(cards.encoded, card_id=first.id, uid="04A1")
    assert screen.ended.cards.rows.rows()[0].state == "valid"


def test_sharers_and_documents_are_entered_in_the_same_step(qtbot, desk):
    screen = shown(qtbot, desk, CheckInScreen, line_id=desk.book("Wang Yaqin"))
    qtbot.keyClicks(screen.guests.lines[0].number.line, GOOD)
    assert "female" in screen.guests.lines[0].about.text().lower()
    qtbot.keyClick(screen, Key.Key_T, Ctrl)
    assert screen.guests.lines[1].name.line.hasFocus()
    qtbot.keyClicks(screen.guests.lines[1].name.line, "Chen Zhiyuan")
    press(qtbot, screen)
    [stay] = in_house(desk)
    assert [(g.name, g.identity) for g in desk.ask(queries.sharers, stay_id=stay.stay_id)] == [
        ("Wang Yaqin", "checked"),
        ("Chen Zhiyuan", "pending"),
    ]
    qtbot.waitUntil(lambda: "1 identity is pending" in words(screen.ended))


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("11010519491231", "18 characters, 4 missing"),
        (GOOD + "1", "1 too many"),
        ("110105194912310021", "one digit is wrong"),
        ("11010519491331002X", "no real date of birth"),
    ],
)
def test_a_wrong_identity_number_is_refused_in_its_place(qtbot, desk, number, why):
    screen = shown(qtbot, desk, CheckInScreen, line_id=desk.book("Wang Yaqin"))
    screen.guests.lines[0].number.line.setText(number)
    screen.room.setFocus()
    press(qtbot, screen)
    assert why in screen.guests.lines[0].about.text()
    assert why in screen.notes.text
    assert screen.guests.lines[0].number.line.hasFocus()
    assert screen.sections[0].said() == "1 to complete"
    assert in_house(desk) == []


def test_a_passport_is_not_held_to_the_chinese_rule(qtbot, desk):
    screen = shown(qtbot, desk, CheckInScreen, line_id=desk.book("Maria Schneider"))
    screen.guests.lines[0].kind.set_value("passport")
    screen.guests.lines[0].number.line.setText("C01X00T47")
    press(qtbot, screen)
    assert in_house(desk)[0].identity == "checked"


def test_a_known_guest_is_taken_and_keeps_the_document(qtbot, desk):
    known = desk.do(
        guests.register, name="Chen Zhiyuan", phone="13800138001", document_type="id_card", document=OTHER
    )
    screen = shown(qtbot, desk, CheckInScreen, line_id=desk.book("Chen"))
    line = screen.guests.lines[0]
    line.name.setFocus()
    line.name.line.selectAll()
    qtbot.keyClicks(line.name.line, "chen zh")
    qtbot.waitUntil(line.name.suggesting, timeout=3000)
    qtbot.keyClick(line.name.line, Key.Key_Down)
    qtbot.keyClick(line.name.line, Key.Key_Return)
    assert "Known: ID card ****************13" in line.about.text()
    press(qtbot, screen)
    [stay] = in_house(desk)
    assert (stay.guest_id, stay.identity) == (known, "checked")


def test_a_pending_guest_gets_the_document_without_a_second_entry(qtbot, desk):
    known = desk.do(guests.register, name="Chen Zhiyuan", phone="13800138001")
    screen = shown(qtbot, desk, CheckInScreen, line_id=desk.book("Chen Zhiyuan"))
    screen.guests.lines[0].take(desk.ask(guest_queries.one, guest_id=known))
    screen.guests.lines[0].number.line.setText(GOOD)
    press(qtbot, screen)
    assert in_house(desk)[0].guest_id == known
    assert desk.ask(guest_queries.one, guest_id=known).identity == "checked"


# ------------------------------------------------------------------ rooms
def test_the_booked_room_is_taken_even_when_dirty_but_asked_about(qtbot, desk, asker):
    line = desk.book("Wang Yaqin", room_id=desk.room_id("303"))
    desk.do(rooms.set_clean, room_ids=[desk.room_id("303")], clean="dirty")
    screen = shown(qtbot, desk, CheckInScreen, line_id=line)
    assert screen.room.value() == "303"
    assert screen.sections[1].said() == "Room 303 is dirty"
    asker.yes = False
    press(qtbot, screen)
    assert in_house(desk) == []
    asker.yes = True
    press(qtbot, screen)
    assert "303 is dirty" in asker.asked[1]
    assert in_house(desk)[0].room == "303"


def test_clean_rooms_of_the_booked_type_are_offered_first(qtbot, desk):
    desk.do(rooms.set_clean, room_ids=[desk.room_id("301")], clean="dirty")
    screen = shown(qtbot, desk, CheckInScreen, line_id=desk.book("Wang Yaqin"))
    assert [r.number for r in screen.chooser.picker.rooms] == ["302", "303", "304"]
    assert screen.room.value() == "302"
    screen.chooser.dirty.choose(True)
    assert [r.number for r in screen.chooser.picker.rooms] == ["301", "302", "303", "304"]
    screen.chooser.types.choose(0)
    assert len(screen.chooser.picker.rooms) == 8


def test_a_room_is_taken_by_arrow_keys_and_by_the_mouse(qtbot, desk):
    screen = shown(qtbot, desk, CheckInScreen, line_id=desk.book("Wang Yaqin"))
    picker = screen.chooser.picker
    picker.setFocus()
    qtbot.keyClick(picker, Key.Key_Right)
    assert screen.room.value() == "302"
    screen.chooser.types.choose(0)
    qtbot.keyClick(picker, Key.Key_Up)
    assert screen.room.value() == "202"
    qtbot.mouseClick(picker, Qt.MouseButton.LeftButton, pos=picker._places[0].center() + QPoint(1, 1))
    assert screen.room.value() == "201"


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("301", "301: Liu Yang is in it until 22 Nov"),
        ("302", "302 is out of sale until 23 Nov: leak"),
        ("303", "303 is held for Zhang Wei until 22 Nov"),
        ("999", "There is no room 999"),
    ],
)
def test_why_a_room_cannot_be_taken_is_said(qtbot, desk, number, why):
    check_in(desk, "301", "Liu Yang")
    desk.do(
        rooms.block, room_id=desk.room_id("302"), kind="OOO", reason="leak", start=TODAY, end=TODAY + 3 * DAY
    )
    desk.book("Zhang Wei", room_id=desk.room_id("303"))
    screen = shown(qtbot, desk, CheckInScreen, line_id=desk.book("Wang Yaqin"))
    screen.room.line.setText(number)
    press(qtbot, screen)
    assert why in screen.room_trouble.text()
    assert why.split(":")[0] in screen.notes.text
    assert len(in_house(desk)) == 1
    screen.room.line.setText("304")
    press(qtbot, screen)
    assert {s.room for s in in_house(desk)} == {"301", "304"}


def test_a_room_taken_elsewhere_meanwhile_is_refused_and_the_form_kept(qtbot, desk):
    screen = shown(qtbot, desk, CheckInScreen, line_id=desk.book("Wang Yaqin"))
    check_in(desk, "301", "Somebody Else")
    assert screen.room.value() == "301"
    assert "Somebody Else" in screen.room_trouble.text()
    qtbot.waitUntil(lambda: screen.sections[1].said() == "Choose a room")
    press(qtbot, screen)
    assert len(in_house(desk)) == 1
    assert screen.guests.lines[0].name.value() == "Wang Yaqin"


# ------------------------------------------------------------------ money
def test_pressing_twice_takes_the_deposit_once(qtbot, desk):
    line = desk.book("Wang Yaqin", nights=1)
    screen = shown(qtbot, desk, CheckInScreen, line_id=line)
    screen.deposit.line.setText("500")
    screen._typed_deposit("500")
    intent = screen.intent
    press(qtbot, screen)
    again = desk.do(
        service.check_in,
        intent=intent,
        line_id=line,
        room_id=desk.room_id("301"),
        guests=[screen.guests.lines[0].person()],
        cards_wanted=1,
        kind="",
        deposit=Paid("CASH", Money(50000)),
        print_registration=True,
    )
    assert again == screen.ended.stay_id
    assert deposit(desk, again) == 50000
    screen.open()
    assert screen.intent != intent


def test_a_typed_deposit_is_not_overwritten_and_a_short_one_is_marked(qtbot, desk):
    screen = shown(qtbot, desk, CheckInScreen, line_id=desk.book("Wang Yaqin", nights=1))
    assert screen.deposit.value() == 40000
    assert screen.sum_words.text() == "Room 298.00 + 100.00 × 1 = 398.00, rounded up to 400.00"
    screen.deposit.setFocus()
    screen.deposit.line.selectAll()
    qtbot.keyClicks(screen.deposit.line, "100")
    qtbot.waitUntil(lambda: screen.sections[2].said() == "300.00 short")
    screen.guests.lines[0].phone.line.setText("13800138000")
    screen.look()
    assert screen.deposit.value() == 10000


def test_an_advance_deposit_is_taken_off_what_is_asked(qtbot, desk):
    line = desk.book("Wang Yaqin", nights=1)
    desk.do(reservations.take_advance, line_id=line, method="BANK", amount=Money(20000), intent="advance")
    screen = shown(qtbot, desk, CheckInScreen, line_id=line)
    assert screen.deposit.value() == 20000
    assert "less 200.00 held in advance" in screen.sum_words.text()
    press(qtbot, screen)
    assert deposit(desk, screen.ended.stay_id) == 40000


def test_an_unreadable_amount_is_refused_before_anything_is_done(qtbot, desk):
    screen = shown(qtbot, desk, CheckInScreen, line_id=desk.book("Wang Yaqin"))
    screen.deposit.setFocus()
    screen.deposit.line.selectAll()
    qtbot.keyClicks(screen.deposit.line, "five")
    press(qtbot, screen)
    assert "is not an amount" in screen.notes.text
    assert screen.deposit.line.hasFocus()
    assert in_house(desk) == []


def test_house_use_asks_for_no_deposit(qtbot, desk):
    screen = shown(qtbot, desk, CheckInScreen, line_id=desk.book("Zhang Li"))
    screen.kind.set_value("house")
    screen.look()
    assert screen.deposit.value() is None
    press(qtbot, screen)
    assert (in_house(desk)[0].kind, deposit(desk, screen.ended.stay_id)) == ("house", 0)


def test_an_early_arrival_is_shown_with_its_rule_before_it_is_charged(qtbot, desk):
    desk.clock.set(TODAY, 8)
    screen = shown(qtbot, desk, CheckInScreen, line_id=desk.book("Wang Yaqin"))
    assert "0.5 × 298.00 = 149.00" in screen.early.text()
    press(qtbot, screen)
    assert in_house(desk)[0].balance == 14900


# ------------------------------------------------------------------ walk-in
def test_a_walk_in_from_a_free_room(qtbot, desk):
    screen = shown(qtbot, desk, CheckInScreen, room_id=desk.room_id("204"))
    assert screen.room.value() == "204"
    assert screen.guests.lines[0].name.line.hasFocus()
    qtbot.keyClicks(screen.guests.lines[0].name.line, "Zhao Min")
    screen.count.line.setText("2")
    assert screen.leaving.value() == TODAY + 2 * DAY
    press(qtbot, screen)
    [stay] = in_house(desk)
    assert (stay.room, stay.guest, stay.departure, stay.plan_name) == (
        "204",
        "Zhao Min",
        TODAY + 2 * DAY,
        "Rack",
    )
    assert desk.ask(reservation_queries.line, line_id=stay.line_id).source == "walk_in"


def test_a_walk_in_names_what_is_missing_one_after_another(qtbot, desk):
    screen = shown(qtbot, desk, CheckInScreen)
    press(qtbot, screen)
    assert "Guest is missing" in screen.notes.text
    qtbot.keyClicks(screen.guests.lines[0].name.line, "Zhao Min")
    press(qtbot, screen)
    assert "Room is missing" in screen.notes.text
    assert screen.room.line.hasFocus()
    qtbot.keyClicks(screen.room.line, "201")
    press(qtbot, screen)
    assert len(in_house(desk)) == 1


def test_a_walk_in_at_a_price_by_hand_and_longer_nights_need_a_free_room(qtbot, desk):
    desk.book("Zhang Wei", "TWN", start=TODAY + DAY, room_id=desk.room_id("201"))
    screen = shown(qtbot, desk, CheckInScreen, room_id=desk.room_id("201"), guest="Zhao Min")
    assert screen.sections[1].said() == "201 Twin"
    screen.count.line.setText("3")
    screen.look()
    assert "201 is held for Zhang Wei" in screen.room_trouble.text()
    screen.room.line.setText("202")
    screen.price.line.setText("200")
    press(qtbot, screen)
    [stay] = in_house(desk)
    assert (stay.room, stay.rate) == ("202", 20000)


def test_a_walk_in_is_told_that_the_empty_room_is_needed_for_somebody_booked(qtbot, desk):
    for n in range(3):
        desk.book(f"Over {n}", nights=2)
    desk.book("By day", nights=0, start=TODAY + DAY)
    screen = shown(qtbot, desk, CheckInScreen, room_id=desk.room_id("304"), guest="Zhao Min")
    assert not screen.spare.isVisible()
    screen.count.line.setText("2")
    screen.look()
    assert (screen.spare.text(), screen.spare.isVisible()) == ("Queen: Sold out", True)
    press(qtbot, screen)
    assert "is promised by day on" in screen.notes.text
    screen.room.line.setText("201")
    screen.look()
    assert not screen.spare.isVisible()


def test_a_booked_guest_is_told_that_another_type_is_sold_out(qtbot, desk):
    for n in range(4):
        desk.book(f"Over {n}")
    screen = shown(qtbot, desk, CheckInScreen, line_id=desk.book("Zhao Min", "TWN"))
    assert not screen.spare.isVisible()
    screen.room.line.setText("304")
    screen.look()
    assert screen.spare.text() == "Queen: Sold out"
    press(qtbot, screen)
    assert "is sold out in the night of" in screen.notes.text


def test_a_role_without_the_right_is_told_at_the_button(qtbot, desk):
    desk.clerk = Clerk(1, "Mei", "attendant", ROLES["attendant"][1])
    screen = shown(qtbot, desk, CheckInScreen, room_id=desk.room_id("204"), guest="Zhao Min")
    press(qtbot, screen)
    assert "your role may not do this" in screen.notes.text
    assert in_house(desk) == []


def test_a_guest_who_is_in_already_is_not_checked_in_again(qtbot, desk):
    stay = check_in(desk)
    line = next(s.line_id for s in in_house(desk) if s.stay_id == stay)
    screen = shown(qtbot, desk, CheckInScreen, line_id=line)
    assert "Checked in: this booking cannot be checked in" in screen.notes.text
    screen.room.line.setText("303")
    press(qtbot, screen)
    assert screen.notes.tone == "bad"
    assert [s.room for s in in_house(desk)] == ["301"]


def test_after_the_end_the_next_guest_finds_an_empty_form(qtbot, desk):
    screen = shown(qtbot, desk, CheckInScreen, line_id=desk.book("Wang Yaqin"))
    screen.add_guest()
    screen.guests.lines[1].name.line.setText("Chen Zhiyuan")
    press(qtbot, screen)
    screen.open()
    assert screen.pages.currentIndex() == FLOW
    assert [line.name.value() for line in screen.guests.lines] == [""]
    assert screen.room.value() == ""


# ------------------------------------------------------------------ guests of the day
@pytest.fixture
def day(qtbot, desk):
    """One arrival, one guest who leaves today and one who stays."""
    check_in(desk, "301", "Liu Yang", nights=1, deposit=Paid("CASH", Money(50000)))
    check_in(desk, "302", "Zhao Min", nights=3, guests=[Person("Zhao Min"), Person("Chen Zhiyuan")])
    desk.next_day()
    desk.book("Wang Yaqin", "TWN", phone="13800138000")
    return shown(qtbot, desk, InHouseScreen)


def guests_shown(screen):
    return [getattr(r, "guest", getattr(r, "guest_name", "")) for r in screen.table.rows.rows()]


def test_three_lists_with_their_counts(day):
    assert {which: made.count for which, made in day.tabs.chips.items()} == {
        "arrivals": "1",
        "in_house": "2",
        "departures": "1",
        "left": "0",
    }
    assert guests_shown(day) == ["Wang Yaqin"]
    day.tabs.choose("in_house")
    assert guests_shown(day) == ["Liu Yang", "Zhao Min"]
    day.tabs.choose("departures")
    [row] = day.table.rows.rows()
    assert (row.guest, row.balance, row.deposit) == ("Liu Yang", 29800, 50000)
    shown_cells = [day.table.rows.cell(0, n).text for n in range(day.table.rows.columnCount())]
    assert shown_cells[-2:] == ["", "202.00"]


def test_f_keys_go_where_they_say(qtbot, day):
    day.tabs.choose("in_house")
    day.table.selectRow(1)
    stay = day.table.row().stay_id
    for key in (Key.Key_F4, Key.Key_F6, Key.Key_F7, Key.Key_F8, Key.Key_F9):
        qtbot.keyClick(day.table, key)
    assert day.gone == [
        ("folios", {"stay_id": stay}),
        ("extend", {"stay_id": stay}),
        ("room_change", {"stay_id": stay}),
        ("folios", {"stay_id": stay, "show": "cards"}),
        ("check_out", {"stay_id": stay}),
    ]


def test_the_filled_button_fits_the_list(qtbot, day):
    line = day.table.row().line_id
    qtbot.keyClick(day.table, Key.Key_F12)
    day.tabs.choose("departures")
    qtbot.keyClick(day.table, Key.Key_F12)
    qtbot.keyClick(day.table, Key.Key_Return)
    assert (
        day.gone
        == [("check_in", {"line_id": line})] + [("check_out", {"stay_id": day.table.row().stay_id})] * 2
    )


def test_what_does_not_fit_the_row_in_hand_says_why(qtbot, day):
    for key, why in ((Key.Key_F9, "guest in house first"), (Key.Key_F4, "opened by the check-in")):
        qtbot.keyClick(day.table, key)
        assert why in day.notes.text
    day.tabs.choose("in_house")
    qtbot.keyClick(day.table, Key.Key_I, Ctrl)
    assert "arrival first" in day.notes.text
    assert day.gone == []


def test_typing_finds_in_the_list(qtbot, day):
    day.tabs.choose("in_house")
    qtbot.keyClicks(day.table, "302")
    assert guests_shown(day) == ["Zhao Min"]
    day.finder.line.setText("liu")
    assert guests_shown(day) == ["Liu Yang"]
    assert day.step_back()
    assert len(guests_shown(day)) == 2


def test_a_pending_document_is_entered_later(qtbot, day, desk):
    day.tabs.choose("in_house")
    day.table.selectRow(1)
    qtbot.keyClick(day.table, Key.Key_D, CtrlShift)
    assert [words for _id, words in day._pending()] == ["Zhao Min", "Chen Zhiyuan"]
    number = day.identity_form["number"].line
    qtbot.keyClicks(number, "123")
    qtbot.keyClick(number, Key.Key_Return)
    assert "18 characters" in day.notes.text
    number.setText(GOOD)
    qtbot.keyClick(number, Key.Key_Return)
    assert [words for _id, words in day._pending()] == ["Chen Zhiyuan"]
    assert "The document is entered" in day.notes.text


def test_a_document_of_a_guest_known_already_joins_the_two(qtbot, day, desk):
    known = desk.do(guests.register, name="Zhao Min", document_type="id_card", document=GOOD)
    day.open(which="in_house")
    day.table.selectRow(1)
    stay = day.table.row().stay_id
    day.acts["identity"].press()
    day.identity_form["number"].line.setText(GOOD)
    qtbot.keyClick(day, Key.Key_F12)
    assert desk.ask(queries.stay, stay_id=stay, business_date=desk.house().business_date).guest_id == known


def test_a_departure_elsewhere_moves_the_guest_to_left_today(day, desk):
    day.tabs.choose("departures")
    stay = day.table.row().stay_id
    left = desk.ask(
        queries.leaving,
        stay_id=stay,
        business_date=desk.house().business_date,
        now=desk.now(),
        zone="Asia/Shanghai",
        options=desk.context_options(),
    )
    slips = [x.slip for x in desk.ask(folio_queries.folio_lines, stay_id=stay) if x.slip]
    desk.do(
        service.check_out, stay_id=stay, refund=Paid("CASH", left.to_refund), intent="out", **back_with(slips)
    )
    assert day.tabs.chips["departures"].count == "0"
    day.open(stay_id=stay)
    assert day.view == "left"
    assert day.table.row().guest == "Liu Yang"


def back_with(slips):
    """Return how the check-out is told that the deposit's slips came back."""
    from inspect import signature

    known = signature(service.check_out).parameters
    return {"slips_back": slips} if "slips_back" in known else {"slip_back": True}


def test_the_room_board_and_the_lists_agree(day, desk):
    assert {t.number for t in desk.ask(board) if t.occupied} == {r.room for r in in_house(desk)}


def test_every_paper_of_a_check_in_is_kept_as_a_job(qtbot, desk):
    screen = shown(qtbot, desk, CheckInScreen, line_id=desk.book("Wang Yaqin"))
    screen.paper.set_value(False)
    screen.deposit.line.setText("")
    screen._typed_deposit("")
    press(qtbot, screen)
    assert desk.ask(print_queries.jobs) == []
    assert not screen.ended.papers.rows.rowCount()


# ------------------------------------------------------------------ looks
@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("theme", ["light", "contrast"])
def test_pages_hold_to_the_rules_in_every_dress(qtbot, desk, language, theme):
    line = desk.book("Wang Yaqin", phone="13800138000", nights=2)
    check_in(desk, "302", "Zhao Min", guests=[Person("Zhao Min"), Person("Chen Zhiyuan")])
    dress(Look(language, theme, 100))
    page = CheckInScreen(desk, ChangeSignal(desk.changes))
    qtbot.addWidget(page)
    page.resize(1206, 716)
    page.show()
    for what in ({"line_id": line}, {}, {"room_id": desk.room_id("302")}):
        page.open(**what)
        page.add_guest()
        qtbot.wait(10)
        check_screen(page)
    page.open(line_id=line)
    page.check_in_now()
    qtbot.wait(10)
    check_screen(page)
    lists = InHouseScreen(desk, ChangeSignal(desk.changes))
    qtbot.addWidget(lists)
    lists.resize(1206, 716)
    lists.show()
    for which in ("arrivals", "in_house", "departures", "left"):
        lists.open(which=which)
        qtbot.wait(10)
        check_screen(lists)
    dress(Look("en", "light", 100))
