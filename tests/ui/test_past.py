"""What happened to a booking, a guest in house or a room, told beside the row in hand. On both engines where
it is asked, in the window where it is shown."""

from datetime import timedelta

import pytest

from pms.core.money import Money
from pms.core.offers import About
from pms.services.folios import service as folios
from pms.services.guests.person import Person
from pms.services.reservations import queries as bookings
from pms.services.reservations import service as reservations
from pms.services.rooms import service as rooms
from pms.services.stays import queries as stay_queries
from pms.services.stays import service as stays
from pms.ui.kit import past
from pms.ui.kit.refresh import ChangeSignal
from pms.ui.screens.reservations.screen import BookingsScreen
from pms.ui.screens.rooms.screen import RoomsScreen
from pms.ui.screens.stays.screen import InHouseScreen
from tests.builders import TODAY

DAY = timedelta(days=1)


def later(house):
    house.clock.now += timedelta(minutes=1)


def steps(house, **whose):
    """Return what is told of whom, the first first: words and by whom."""
    found = past.told(house, About(TODAY, "Asia/Shanghai", 2, **whose))
    return [(one.what, one.by) for one in reversed(found)]


@pytest.fixture
def changed(house):
    """A booking that was made a day longer, given a room and cancelled."""
    line = house.book("Wang Yaqin")
    booked = house.ask(bookings.line, line_id=line)
    wish = reservations.Wish(
        type_id=booked.type_id,
        arrival=booked.arrival,
        departure=booked.departure + DAY,
        plan_id=booked.plan_id,
    )
    later(house)
    house.do(reservations.amend, line_id=line, wish=wish, guest_name="Wang Yaqian", remarks="late")
    later(house)
    house.do(reservations.assign_room, line_id=line, room_id=house.room_id("301"))
    later(house)
    house.do(reservations.cancel, line_id=line, reason="ill")
    return line


def test_each_act_on_a_booking_is_told_and_no_name(house, changed):
    booked = house.ask(bookings.line, line_id=changed)
    assert steps(house, line_id=changed) == [
        ("Booked, Confirmed", "Zhang Li"),
        ("Departure 22 Nov \u2192 23 Nov, Remarks late, Guest changed", "Zhang Li"),
        ("Room 301", "Zhang Li"),
        ("Cancelled, ill", "Zhang Li"),
    ]
    assert booked.guest_name == "Wang Yaqian"


def test_a_room_tells_how_clean_it_was_and_when_it_was_out_of_sale(house):
    room = house.room_id("302")
    house.do(rooms.set_clean, room_ids=[room], clean="dirty")
    later(house)
    block = house.do(
        rooms.block, room_id=room, kind="OOO", reason="tap", start=TODAY, end=TODAY + DAY, returns_to="dirty"
    )
    later(house)
    house.do(rooms.unblock, block_id=block)
    told = [what for what, _by in steps(house, room_id=room)]
    assert told[0] == "Added to the house"
    assert "clean \u2192 dirty" in told
    assert told[-2:] == ["Out of sale 20 Nov \u2013 21 Nov, tap", "Back on sale, tap"]
    assert [what for what, _by in steps(house, room_id=house.room_id("303"))] == ["Added to the house"]


def test_a_stay_tells_its_booking_too_and_what_was_paid(house):
    line = house.book("Guo Na")
    later(house)
    stay = house.do(stays.check_in, line_id=line, room_id=house.room_id("301"), intent=house.new_intent())
    house.do(folios.charge, stay_id=stay, code="MINIBAR", amount=Money(1200), intent=house.new_intent())
    told = [what for what, _by in steps(house, stay_id=stay, line_id=line, room_id=house.room_id("301"))]
    assert told[0] == "Booked, Confirmed"
    assert any("Checked in" in words for words in told)
    assert any("Minibar" in words for words in told)


def test_a_walk_in_tells_when_it_came_and_what_was_changed_since(house):
    stay = house.do(
        stays.walk_in,
        room_id=house.room_id("301"),
        departure=TODAY + DAY,
        guests=[Person("Sun Bo")],
        plan_id=1,
        intent=house.new_intent(),
    )
    found = house.ask(stay_queries.stay, stay_id=stay, business_date=TODAY)
    told = [what for what, _by in steps(house, stay_id=stay, line_id=found.line_id)]
    assert "Checked in, 301" in told


def shown(page):
    """Return what stands in the panel's history."""
    return [step.what for step in page.pages[page.listed].history.rows.rows()]


def test_the_panel_shows_what_happened_to_the_row_in_hand(desk, qtbot):
    first, other = desk.book("Wang Yaqin"), desk.book("Guo Na")
    later(desk)
    desk.do(reservations.assign_room, line_id=other, room_id=desk.room_id("302"))
    page = BookingsScreen(desk, ChangeSignal(desk.changes))
    qtbot.addWidget(page)
    page.show()
    page.open(line_id=first)
    qtbot.waitUntil(lambda: shown(page) == ["Booked, Confirmed"])
    page.open(line_id=other)
    assert shown(page) == []  # never another row's
    qtbot.waitUntil(lambda: shown(page) == ["Room 302", "Booked, Confirmed"])
    later(desk)
    desk.do(reservations.assign_room, line_id=other, room_id=desk.room_id("303"))
    page.refresh()
    assert "Booked, Confirmed" in shown(page)  # what was told stays until the new answer
    qtbot.waitUntil(lambda: shown(page)[:1] == ["Room 302 \u2192 303"])


def test_rooms_and_guests_in_house_tell_it_too(desk, qtbot):
    line = desk.book("Guo Na")
    stay = desk.do(stays.check_in, line_id=line, room_id=desk.room_id("301"), intent=desk.new_intent())
    inside = InHouseScreen(desk, ChangeSignal(desk.changes))
    qtbot.addWidget(inside)
    inside.show()
    inside.open(stay_id=stay)
    qtbot.waitUntil(lambda: any("Checked in" in words for words in shown(inside)))
    page = RoomsScreen(desk, ChangeSignal(desk.changes))
    qtbot.addWidget(page)
    page.show()
    page.open(room_id=desk.room_id("304"))
    qtbot.waitUntil(lambda: shown(page) == ["Added to the house"])
    page.rooms.selectAll()
    assert shown(page) == []  # of many rooms nothing is told
