"""A booking takes further rooms later and gives one up before arrival; all rules of the inventory hold."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from pms.core.errors import Conflict, NeedsApproval, Refused
from pms.core.office import Clerk
from pms.duties import ROLES
from pms.services.reservations import queries, service
from pms.services.reservations.service import Wish
from pms.services.rooms import queries as room_queries
from pms.services.staff import service as staff
from pms.services.stays import service as stays
from pms.ui.screens.reservations.form import BookingForm
from pms.ui.screens.reservations.screen import BookingsScreen
from tests import invariants
from tests.builders import PASSWORD, TODAY
from tests.reservations.test_screens import shown
from tests.ui.checks import check_screen

Key, Ctrl = Qt.Key, Qt.KeyboardModifier.ControlModifier
DAY = timedelta(days=1)


def wish(house, code="BIG", start=TODAY, nights=2, **fields):
    return Wish(house.type_id(code), start, start + nights * DAY, plan_id=1, **fields)


def sold(house, code="BIG"):
    return house.ask(room_queries.left, type_ids=[house.type_id(code)], start=TODAY, end=TODAY + DAY)[0].sold


def number_of(house, line):
    return house.ask(queries.line, line_id=line).number


def test_further_rooms_are_counted_held_and_priced_like_the_first(house):
    line = house.book()
    room = house.room_id("203")
    made = house.do(
        service.add_rooms,
        number=number_of(house, line),
        rooms=[wish(house), wish(house, "TWN", room_id=room)],
    )
    assert sorted(house.ask(queries.lines_of, number=number_of(house, line))) == sorted([line, *made])
    assert (sold(house), sold(house, "TWN")) == (2, 1)
    rows = [house.ask(queries.line, line_id=n) for n in made]
    assert {r.guest_name for r in rows} == {"Wang Yaqin"}
    assert [n.price for n in house.ask(queries.nights, line_id=made[0])] == [29800, 29800]
    with pytest.raises((Refused, Conflict)):
        house.book("Li Jianguo", "TWN", room_id=room)
    house.ask(invariants.check, today=TODAY)


def test_a_sold_out_type_refuses_the_whole_step(house):
    line = house.book()
    for n in range(2):
        house.book(f"Guest {n}")
    with pytest.raises(Refused, match="is sold out in the night of"):
        house.do(
            service.add_rooms,
            number=number_of(house, line),
            rooms=[wish(house, "TWN"), wish(house), wish(house)],
        )
    assert (sold(house), sold(house, "TWN")) == (3, 0)
    assert house.ask(queries.lines_of, number=number_of(house, line)) == [line]


def test_a_change_and_a_further_room_are_one_step(house):
    line = house.book(nights=1)
    for n in range(3):
        house.book(f"Guest {n}", nights=1)
    with pytest.raises(Refused, match="is sold out in the night of"):
        house.do(
            service.amend,
            line_id=line,
            wish=wish(house, nights=1),
            more=[wish(house, nights=1)],
            guest_name="Changed Name",
        )
    assert house.ask(queries.line, line_id=line).guest_name == "Wang Yaqin"
    house.do(
        service.amend,
        line_id=line,
        wish=wish(house, "TWN", nights=1),
        more=[wish(house, nights=1)],
        guest_name="Changed Name",
    )
    assert (sold(house), sold(house, "TWN")) == (4, 1)
    house.ask(invariants.check, today=TODAY)


def test_a_guest_in_house_takes_a_further_room_and_one_who_has_left_does_not(house):
    line = house.book(nights=1)
    stay = house.do(stays.check_in, line_id=line, room_id=house.room_id("301"), intent="in")
    assert len(house.do(service.add_rooms, number=number_of(house, line), rooms=[wish(house)])) == 1
    other = house.book("Li Jianguo", nights=1)
    house.do(service.cancel, line_id=other, reason="plans changed")
    with pytest.raises(Refused, match="is over"):
        house.do(service.add_rooms, number=number_of(house, other), rooms=[wish(house)])
    assert stay


def test_pressing_twice_adds_one_room(house):
    line = house.book()
    for _press in range(2):
        house.do(service.add_rooms, number=number_of(house, line), rooms=[wish(house)], intent="once")
    assert sold(house) == 2


def test_a_waiting_further_room_holds_nothing(house):
    line = house.book()
    house.do(service.add_rooms, number=number_of(house, line), rooms=[wish(house)], state="waiting")
    assert sold(house) == 1


@pytest.mark.parametrize(
    ("start", "nights"), [(TODAY - DAY, 1), (TODAY + DAY, -1), (TODAY, 500), (TODAY + 3000 * DAY, 1)]
)
def test_impossible_dates_are_refused_in_words(house, start, nights):
    line = house.book()
    with pytest.raises(Refused):
        house.do(
            service.add_rooms, number=number_of(house, line), rooms=[wish(house, start=start, nights=nights)]
        )
    assert sold(house) == 1


def test_overbooking_by_a_further_room_needs_authority(house):
    from pms.services.rooms import service as rooms

    kind = next(t for t in house.ask(room_queries.types) if t.code == "BIG")
    house.do(rooms.edit_type, type_id=kind.id, name=kind.name, beds=kind.beds, overbook=1)
    line = house.book()
    for n in range(3):
        house.book(f"Guest {n}")
    number = house.do(staff.take_on, login="ann", name="Ann", password=PASSWORD, role="clerk")
    house.clerk = Clerk(number, "Ann", "clerk", ROLES["clerk"][1])
    with pytest.raises(NeedsApproval, match="overbooking"):
        house.do(service.add_rooms, number=number_of(house, line), rooms=[wish(house)])
    assert sold(house) == 4


# ------------------------------------------------------------------ by keys
def test_a_room_is_added_to_a_booking_by_keys(qtbot, desk):
    line = desk.book(start=TODAY + DAY)
    listed = shown(qtbot, desk, BookingsScreen)
    listed.open(line_id=line)
    qtbot.keyClick(listed, Key.Key_T, Ctrl)
    assert listed.gone == [("booking", {"line_id": line, "another": True})]
    listed.close()
    form = shown(qtbot, desk, BookingForm, line_id=line, another=True)
    qtbot.wait(20)
    check_screen(form)
    assert len(form.lines) == 2
    assert form.title.text() == f"Change R-{number_of(desk, line)}"
    form.lines[1].type.set_value(desk.type_id("TWN"))
    form.lines[1].rooms.set_value("2")
    qtbot.keyClick(form, Key.Key_F12)
    lines = desk.ask(queries.lines_of, number=number_of(desk, line))
    assert len(lines) == 3
    assert form.gone[-1][0] == "reservations"
    assert {desk.ask(queries.line, line_id=n).arrival for n in lines} == {TODAY + DAY}


def test_a_guest_in_house_gets_another_room_on_the_form(qtbot, desk):
    line = desk.book(nights=2)
    desk.do(stays.check_in, line_id=line, room_id=desk.room_id("301"), intent="in")
    form = shown(qtbot, desk, BookingForm, line_id=line, another=True)
    qtbot.wait(20)
    check_screen(form)
    assert (form.name.line.isReadOnly(), len(form.lines)) == (True, 1)
    qtbot.keyClick(form, Key.Key_F12)
    assert len(desk.ask(queries.lines_of, number=number_of(desk, line))) == 2
    assert form.gone[-1][1]["said"] == f"R-{number_of(desk, line)} has a room more."


def test_one_room_of_several_is_given_up_from_the_form(qtbot, desk):
    line = desk.book(start=TODAY + DAY)
    [more] = desk.do(service.add_rooms, number=number_of(desk, line), rooms=[wish(desk, start=TODAY + DAY)])
    form = shown(qtbot, desk, BookingForm, line_id=more)
    qtbot.keyClick(form, Key.Key_Delete, Ctrl)
    assert form.gone == [("reservations", {"line_id": more, "cancel": True})]
    form.close()
    listed = shown(qtbot, desk, BookingsScreen)
    listed.open(line_id=more, cancel=True)
    assert listed.panel.page == "cancel"
    listed.reason_form["reason"].set_value("one guest fewer")
    listed.reason_form.button.click()
    assert [desk.ask(queries.line, line_id=n).state for n in (line, more)] == ["confirmed", "cancelled"]
