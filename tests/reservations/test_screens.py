"""The booking desk and its form, by keys, on a real office."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from pms.core.office import Clerk
from pms.duties import ROLES
from pms.services.guests import service as guests
from pms.services.reservations import queries, service
from pms.services.rooms import queries as room_queries
from pms.services.rooms import service as rooms
from pms.ui.kit.actions import BOUNCE_MS
from pms.ui.kit.desk import Asker, Desk
from pms.ui.kit.left import left_words, short_left
from pms.ui.kit.parts import Button
from pms.ui.kit.refresh import ChangeSignal
from pms.ui.kit.theme import Look
from pms.ui.screens.reservations.form import BookingForm
from pms.ui.screens.reservations.screen import BookingsScreen
from tests.authority.people import person
from tests.builders import BOSS, TODAY
from tests.ui.checks import check_screen, dress

Key, Ctrl = Qt.Key, Qt.KeyboardModifier.ControlModifier
CtrlShift = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
DAY = timedelta(days=1)


class Agreeing(Asker):
    """Says yes to everything and keeps what was asked."""

    def __init__(self):
        self.asked = []

    def confirm(self, parent, message):
        self.asked.append(message)
        return True

    def approve(self, parent, office, wish):
        self.asked.append(str(wish))
        return office.word(BOSS, wish)


@pytest.fixture
def asker(monkeypatch):
    """Somebody who agrees."""
    made = Agreeing()
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


@pytest.fixture
def bookings(qtbot, desk):
    """Three arrivals of today, one of the day after tomorrow, one cancelled."""
    lines = {
        name: desk.book(name, phone=phone)
        for name, phone in (("Chen Zhiyuan", "13800138001"), ("Li Jianguo", "13900138002"))
    }
    lines["Wang Yaqin"] = desk.book("Wang Yaqin", "TWN", room_id=desk.room_id("201"), state="guaranteed")
    lines["Zhao Min"] = desk.book("Zhao Min", "TWN", start=TODAY + 2 * DAY)
    lines["Zhou Jie"] = desk.book("Zhou Jie", "TWN")
    desk.do(service.cancel, line_id=lines["Zhou Jie"], reason="flight cancelled")
    made = shown(qtbot, desk, BookingsScreen)
    made.lines = lines
    return made


def names(screen):
    return [r.guest_name for r in screen.table.rows.rows()]


def state(desk, line_id):
    return desk.ask(queries.line, line_id=line_id).state


# ------------------------------------------------------------------ the list
def test_arrivals_of_today_come_first_and_chips_carry_their_counts(bookings):
    assert names(bookings) == ["Chen Zhiyuan", "Li Jianguo", "Wang Yaqin"]
    assert {which: made.count for which, made in bookings.tabs.chips.items()} == {
        "today": "3",
        "soon": "1",
        "open": "4",
        "cancelled": "1",
        "no_show": "0",
    }
    bookings.tabs.choose("cancelled")
    assert names(bookings) == ["Zhou Jie"]
    assert bookings.table.row().reason == "flight cancelled"


def test_typing_in_the_list_finds_by_name_phone_and_number_in_every_state(qtbot, bookings, desk):
    qtbot.keyClicks(bookings.table, "zho")
    assert bookings.finder.line.hasFocus()
    qtbot.waitUntil(lambda: names(bookings) == ["Zhou Jie"])
    bookings.finder.line.setText("8002")
    assert names(bookings) == ["Li Jianguo"]
    number = desk.ask(queries.line, line_id=bookings.lines["Zhao Min"]).number
    bookings.finder.line.setText(f"R-{number}")
    assert names(bookings) == ["Zhao Min"]
    assert bookings.step_back()
    assert len(names(bookings)) == 3
    assert not bookings.step_back()


def test_pinyin_finds_a_chinese_name(qtbot, desk):
    desk.book("王雅琴")
    screen = shown(qtbot, desk, BookingsScreen)
    for typed in ("wangya", "wyq", "雅琴"):
        screen.finder.line.setText(typed)
        assert names(screen) == ["王雅琴"]
    screen.finder.line.setText("zhang")
    assert names(screen) == []


def test_check_in_new_and_change_go_where_they_say(qtbot, bookings):
    bookings.table.pick(bookings.lines["Li Jianguo"])
    qtbot.keyClick(bookings.table, Key.Key_I, Ctrl)
    qtbot.keyClick(bookings.table, Key.Key_N, Ctrl)
    qtbot.keyClick(bookings.table, Key.Key_E, Qt.KeyboardModifier.AltModifier)
    line = bookings.lines["Li Jianguo"]
    assert bookings.gone == [("check_in", {"line_id": line}), ("booking", {}), ("booking", {"line_id": line})]


def test_a_booking_of_another_day_is_not_checked_in_and_says_so(qtbot, bookings):
    bookings.open(line_id=bookings.lines["Zhao Min"])
    assert bookings.table.row().guest_name == "Zhao Min"
    qtbot.keyClick(bookings.table, Key.Key_I, Ctrl)
    assert "22 Nov" in bookings.notes.text
    assert bookings.gone == []


def test_cancelling_asks_for_a_reason_first(qtbot, bookings, desk):
    line = bookings.lines["Chen Zhiyuan"]
    bookings.table.pick(line)
    qtbot.keyClick(bookings.table, Key.Key_Delete, Ctrl)
    assert bookings.panel.page == "cancel"
    qtbot.keyClick(bookings, Key.Key_F12)
    assert "Reason is missing" in bookings.notes.text
    assert state(desk, line) == "confirmed"
    qtbot.keyClicks(bookings.reason_form["reason"].line, "plans changed")
    qtbot.keyClick(bookings.reason_form["reason"].line, Key.Key_Return)
    assert state(desk, line) == "cancelled"
    assert bookings.panel.page == bookings.HOME
    assert "is cancelled" in bookings.notes.text
    assert names(bookings) == ["Li Jianguo", "Wang Yaqin"]


def test_esc_leaves_the_reason_with_nothing_done(qtbot, bookings, desk):
    bookings.table.pick(bookings.lines["Chen Zhiyuan"])
    bookings.acts["cancel"].press()
    assert bookings.step_back()
    assert bookings.panel.page == bookings.HOME
    assert state(desk, bookings.lines["Chen Zhiyuan"]) == "confirmed"


def test_a_cancelled_booking_stands_again_by_one_key(qtbot, bookings, desk):
    bookings.tabs.choose("cancelled")
    qtbot.keyClick(bookings.table, Key.Key_B, Ctrl)
    assert state(desk, bookings.lines["Zhou Jie"]) == "confirmed"
    assert bookings.notes.tone == "good"


def test_a_no_show_is_marked_and_leaves_the_arrivals(qtbot, bookings, desk):
    line = bookings.lines["Li Jianguo"]
    bookings.table.pick(line)
    bookings.acts["no_show"].press()
    qtbot.keyClick(bookings, Key.Key_F12)
    assert state(desk, line) == "no_show"
    assert bookings.tabs.chips["no_show"].count == "1"


def test_a_room_is_given_and_a_wrong_number_refused_in_place(qtbot, bookings, desk):
    line = bookings.lines["Chen Zhiyuan"]
    bookings.table.pick(line)
    qtbot.keyClick(bookings.table, Key.Key_A, CtrlShift)
    field = bookings.room_form["room"].line
    qtbot.keyClicks(field, "999")
    qtbot.keyClick(field, Key.Key_Return)
    assert "There is no room 999" in bookings.notes.text
    field.setText("201")
    qtbot.keyClick(field, Key.Key_Return)
    assert "another type" in bookings.notes.text
    field.setText("302")
    qtbot.keyClick(field, Key.Key_Return)
    assert desk.ask(queries.line, line_id=line).room == "302"


def test_confirming_makes_it_guaranteed(qtbot, bookings, desk):
    bookings.table.pick(bookings.lines["Chen Zhiyuan"])
    bookings.acts["confirm"].press()
    assert state(desk, bookings.lines["Chen Zhiyuan"]) == "guaranteed"
    qtbot.wait(BOUNCE_MS + 50)
    bookings.acts["confirm"].press()
    assert "guaranteed already" in bookings.notes.text


def test_overbooking_late_and_roomless_bookings_are_marked(qtbot, desk):
    allow_overbooking(desk)
    for n in range(5):
        desk.book(f"Guest {n}", hold_until="13:00" if n == 4 else None)
    screen = shown(qtbot, desk, BookingsScreen)
    rows = {r.guest_name: r for r in screen.table.rows.rows()}
    assert "Overbooked 20 Nov" in screen._watch(rows["Guest 0"])
    assert "Held until 13:00 only" in screen._watch(rows["Guest 4"])
    assert screen._room(rows["Guest 0"]) == "none"


def test_a_booking_made_elsewhere_appears_and_the_row_in_hand_stays(bookings, desk):
    bookings.table.pick(bookings.lines["Li Jianguo"])
    desk.book("Aa First")
    assert names(bookings)[0] == "Aa First"
    assert bookings.table.row().guest_name == "Li Jianguo"


def test_a_clerk_without_the_right_is_told_so(qtbot, bookings, desk):
    desk.clerk = Clerk(1, "Mei", "attendant", ROLES["attendant"][1])
    bookings.clerk_changed()
    qtbot.keyClick(bookings.table, Key.Key_N, Ctrl)
    assert "your role may not do this" in bookings.notes.text
    assert bookings.gone == []


def allow_overbooking(desk, code="BIG", rooms_more=2):
    kind = next(t for t in desk.ask(room_queries.types) if t.code == code)
    desk.do(rooms.edit_type, type_id=kind.id, name=kind.name, beds=kind.beds, overbook=rooms_more)


# ------------------------------------------------------------------ the form
def press_save(qtbot, form):
    form.look()
    qtbot.keyClick(form, Key.Key_F12)


def test_a_booking_takes_a_name_and_f12(qtbot, desk):
    form = shown(qtbot, desk, BookingForm)
    qtbot.keyClicks(form.name.line, "Chen Zhiyuan")
    qtbot.keyClick(form, Key.Key_F12)
    [row] = desk.ask(queries.arrivals, business_date=TODAY)
    assert (row.guest_name, row.nights, row.type_code, row.state) == ("Chen Zhiyuan", 1, "TWN", "confirmed")
    assert form.gone == [("reservations", {"line_id": row.line_id, "said": f"R-{row.number} is booked."})]


def test_an_empty_name_is_asked_for_and_the_field_has_the_keys(qtbot, desk):
    form = shown(qtbot, desk, BookingForm)
    form.phone.setFocus()
    qtbot.keyClick(form, Key.Key_F12)
    assert "Guest is missing" in form.notes.text
    assert form.name.line.hasFocus()
    assert desk.ask(queries.arrivals, business_date=TODAY) == []


def test_dates_nights_availability_and_total_follow_each_other(qtbot, desk):
    form = shown(qtbot, desk, BookingForm, arrival=TODAY + DAY, type_id=desk.type_id("BIG"))
    form.nights.line.setText("3")
    assert form.departure.value() == TODAY + 4 * DAY
    form.departure.line.setText("23")
    assert form.nights.value() == 2
    qtbot.waitUntil(lambda: form.total.text() == "566.00")  # Saturday 298, Sunday 268
    assert form.lines[0].left.text() == "4 left"
    assert form.lines[0].rule.text() == "298.00 + 268.00"


def test_several_types_and_rooms_make_one_booking(qtbot, desk):
    form = shown(qtbot, desk, BookingForm)
    form.name.line.setText("Huanan Electronics")
    form.lines[0].rooms.line.setText("2")
    qtbot.keyClick(form, Key.Key_T, Ctrl)
    assert form.lines[1].type.value() == desk.type_id("BIG")
    form.state.set_value("guaranteed")
    press_save(qtbot, form)
    rows = desk.ask(queries.arrivals, business_date=TODAY)
    assert sorted(r.type_code for r in rows) == ["BIG", "TWN", "TWN"]
    assert {r.number for r in rows} == {rows[0].number}
    assert {r.state for r in rows} == {"guaranteed"}


def test_a_sold_out_type_is_shown_before_and_refused_after(qtbot, desk):
    for n in range(4):
        desk.book(f"Guest {n}")
    form = shown(qtbot, desk, BookingForm, type_id=desk.type_id("BIG"))
    assert form.lines[0].left.text() == "Sold out"
    form.name.line.setText("One too many")
    press_save(qtbot, form)
    assert "is sold out in the night of" in form.notes.text
    assert form.gone == []


def test_overbooking_by_a_clerk_needs_a_second_person(qtbot, desk, asker):
    allow_overbooking(desk)
    for n in range(4):
        desk.book(f"Guest {n}")
    desk.clerk = person(desk, "clerk")
    form = shown(qtbot, desk, BookingForm, type_id=desk.type_id("BIG"), guest="Zhao Min")
    assert "needs authority" in form.lines[0].left.text()
    press_save(qtbot, form)
    assert len(asker.asked) == 1
    assert "overbooking" in asker.asked[0]
    assert len(desk.ask(queries.arrivals, business_date=TODAY)) == 5


def with_rights(context, rights):
    """Return the office's context with the rights of another role."""
    return lambda session, clerk, **more: (
        context(session, clerk, **more)[0],
        replace(clerk, permissions=rights),
    )


def test_a_price_by_hand_and_a_room_are_kept(qtbot, desk):
    form = shown(qtbot, desk, BookingForm, room_id=desk.room_id("302"), guest="Zhao Min")
    form.lines[0].price.line.setText("250")
    press_save(qtbot, form)
    [row] = desk.ask(queries.arrivals, business_date=TODAY)
    assert (row.room, row.total) == ("302", 25000)


def test_an_advance_deposit_is_taken_once_with_the_booking(qtbot, desk):
    form = shown(qtbot, desk, BookingForm, guest="Zhao Min")
    form.advance.line.setText("200")
    form.method.set_value("BANK")
    press_save(qtbot, form)
    [row] = desk.ask(queries.arrivals, business_date=TODAY)
    assert desk.ask(queries.advance_held, line_id=row.line_id) == 20000


def test_a_refused_deposit_leaves_the_booking_and_books_no_second_one(qtbot, desk, monkeypatch):
    form = shown(qtbot, desk, BookingForm, guest="Zhao Min")
    form.state.set_value("waiting")
    form.advance.line.setText("200")
    press_save(qtbot, form)
    assert "is booked, its advance deposit is not taken" in form.notes.text
    press_save(qtbot, form)
    assert len(desk.ask(queries.coming, start=TODAY, end=TODAY)) == 1
    assert form.gone == []


def test_a_change_keeps_number_and_price_and_gives_nights_back(qtbot, desk):
    line = desk.book("Li Jianguo", nights=3, prices=(20000, 20000, 20000), phone="13900138002", source="ota")
    form = shown(qtbot, desk, BookingForm, line_id=line)
    assert form.title.text() == "Change R-1"
    assert form.lines[0].price.value() == 20000
    assert form.lines[0].left.text() == "4 left"  # its own nights count as free for itself
    form.nights.line.setText("1")
    form.name.line.setText("Li Jianguo Sr")
    press_save(qtbot, form)
    row = desk.ask(queries.line, line_id=line)
    assert (row.guest_name, row.nights, row.total, row.source) == ("Li Jianguo Sr", 1, 20000, "ota")
    [left] = desk.ask(
        room_queries.left, type_ids=[desk.type_id("BIG")], start=TODAY + DAY, end=TODAY + 2 * DAY
    )
    assert left.sold == 0


def test_a_known_guest_is_taken_from_the_list_by_keys(qtbot, desk):
    desk.do(guests.register, name="Chen Zhiyuan", phone="13800138001")
    form = shown(qtbot, desk, BookingForm)
    qtbot.keyClicks(form.name.line, "chen")
    qtbot.waitUntil(form.name.suggesting, timeout=3000)
    qtbot.keyClick(form.name.line, Key.Key_Down)
    qtbot.keyClick(form.name.line, Key.Key_Return)
    assert (form.name.value(), form.phone.value()) == ("Chen Zhiyuan", "13800138001")
    assert form.arrival.line.hasFocus()
    assert not form.name.suggesting()


def test_enter_goes_from_field_to_field(qtbot, desk):
    form = shown(qtbot, desk, BookingForm)
    assert form.name.line.hasFocus()
    qtbot.keyClick(form.name.line, Key.Key_Return)
    assert form.phone.line.hasFocus()


def test_what_is_typed_stays_when_another_workstation_books(qtbot, desk):
    form = shown(qtbot, desk, BookingForm, type_id=desk.type_id("BIG"))
    form.name.line.setText("Zhao Min")
    desk.book("Somebody else")
    assert form.name.value() == "Zhao Min"
    assert form.lines[0].left.text() == "3 left"


@pytest.mark.parametrize(
    ("free", "more", "wanted", "tone"),
    [(3, 5, 1, "good"), (3, 5, 4, "warn"), (0, 0, 1, "bad"), (2, 2, 3, "bad"), (None, None, 1, "muted")],
)
def test_what_is_left_is_said_in_words_and_tone(free, more, wanted, tone):
    assert left_words(free, more, wanted)[1] == tone


def test_rooms_that_nobody_can_be_given_are_told_apart():
    assert left_words(3, 3, 1, 1) == ("3 left, 1 blocked", "good")
    assert left_words(1, 1, 1, 1) == ("1 left, 1 blocked", "warn")
    assert left_words(None, None, 1) == ("not on sale", "muted")
    assert [short_left(*x) for x in ((3, 4, 2), (3, 4), (0, 1), (0, 0, 1))] == [
        "3, 2 blocked",
        "3",
        "0, 1 to overbook",
        "Sold out",
    ]


def test_the_form_says_what_a_promise_by_day_leaves(qtbot, desk):
    for n in range(3):
        desk.book(f"Over {n}", start=TODAY, nights=2)
    desk.book("By day", start=TODAY + DAY, nights=0)
    form = shown(qtbot, desk, BookingForm, type_id=desk.type_id("BIG"))
    assert form.lines[0].left.text() == "1 left"
    form.nights.line.setText("2")
    form.look()
    assert form.lines[0].left.text() == "Sold out"
    assert {t.code: short_left(x.free, x.more) for t, x, _price in form.types.rows.rows()}[
        "BIG"
    ] == "Sold out"
    form.name.line.setText("One too many")
    press_save(qtbot, form)
    assert "is promised by day on" in form.notes.text
    form.arrival.set_value(TODAY + DAY)
    form.departure.set_value(TODAY + DAY)
    form.look()
    assert form.lines[0].left.text() == "Sold out"


@pytest.mark.parametrize("text", ["25:00", "1800", "9:00", "ab:cd"])
def test_a_hold_time_is_checked(qtbot, desk, text):
    form = shown(qtbot, desk, BookingForm, guest="Zhao Min")
    form.hold.line.setText(text)
    press_save(qtbot, form)
    assert "Type a time such as 18:00" in form.notes.text


# ------------------------------------------------------------------ looks
@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("theme", ["light", "contrast"])
def test_both_pages_hold_to_the_rules(qtbot, desk, language, theme):
    line = desk.book("Chen Zhiyuan", phone="13800138001", remarks="quiet room")
    dress(Look(language, theme, 100))
    for kind, what in ((BookingsScreen, {}), (BookingForm, {}), (BookingForm, {"line_id": line})):
        made = kind(desk, ChangeSignal(desk.changes))
        qtbot.addWidget(made)
        made.resize(1206, 716)
        made.show()
        made.open(**what)
        qtbot.wait(10)
        check_screen(made)
        assert all(b.words for b in made.findChildren(Button) if b.kind == "primary")
    dress(Look("en", "light", 100))
