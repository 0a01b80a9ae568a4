"""A check-in that is taken back, a booking that stands again: with its room if free, and no no-show of it."""

from datetime import timedelta

import pytest

from pms.services.guests.person import Person
from pms.services.reports import behind
from pms.services.reports import queries as reports
from pms.services.reservations import queries as reservation_queries
from pms.services.reservations import service as reservations
from pms.services.rooms import service as rooms
from pms.services.stays import service
from tests import invariants
from tests.builders import TODAY, House
from tests.stays.test_leaving import sold

DAY = timedelta(days=1)


def check_in(house: House, line: int, room: str) -> int:
    made: int = house.do(
        service.check_in, line_id=line, room_id=house.room_id(room), intent=house.new_intent()
    )
    return made


def room_of(house: House, line: int) -> str:
    return str(house.ask(reservation_queries.line, line_id=line).room)


def undo(house: House, stay: int) -> None:
    house.do(service.undo_check_in, stay_id=stay, reason="wrong guest", intent=house.new_intent())


def walk_in(house: House) -> int:
    made: int = house.do(
        service.walk_in,
        room_id=house.room_id("301"),
        departure=TODAY + DAY,
        guests=[Person("Li Jianguo")],
        plan_id=1,
        intent=house.new_intent(),
    )
    return made


def test_an_undone_walk_in_is_no_no_show_and_no_booking_lost(house):
    undo(house, walk_in(house))
    assert house.ask(reservation_queries.arrivals, business_date=TODAY) == []
    assert sold(house) == [0, 0, 0]
    house.next_day()
    assert house.ask(reports.figures, start=TODAY, end=TODAY).no_shows == 0
    assert house.ask(behind.lost, day=TODAY) == []
    house.ask(invariants.check, today=TODAY + DAY)


def test_an_undone_walk_in_of_another_type_gives_its_nights_back(house):
    stay = walk_in(house)
    house.do(rooms.set_clean, room_ids=[house.room_id("201")], clean="inspected")
    house.do(service.change_room, stay_id=stay, room_id=house.room_id("201"), reason="noise")
    undo(house, stay)
    house.ask(invariants.check, today=TODAY)


def test_a_guest_whose_check_in_was_taken_back_and_who_never_comes_is_a_no_show(house):
    undo(house, check_in(house, house.book(nights=1), "301"))
    house.next_day()
    assert house.ask(reports.figures, start=TODAY, end=TODAY).no_shows == 1


@pytest.mark.parametrize("into", ["302", "304", "201"])
def test_an_undone_check_in_leaves_the_booking_its_room(house, into):
    line = house.book(nights=2, room_id=house.room_id("302"), state="guaranteed")
    undo(house, check_in(house, line, into))
    assert room_of(house, line) == "302"
    assert house.ask(reservation_queries.line, line_id=line).state == "guaranteed"
    assert sold(house) == [1, 1, 0]
    house.ask(invariants.check, today=TODAY)


def test_a_room_given_to_another_in_the_meantime_is_not_taken_back(house):
    line = house.book(nights=2, room_id=house.room_id("302"))
    stay = check_in(house, line, "304")
    house.book("Li Jianguo", nights=1, room_id=house.room_id("302"))
    undo(house, stay)
    assert room_of(house, line) == ""
    house.ask(invariants.check, today=TODAY)


def test_a_booking_without_a_room_gets_none(house):
    line = house.book(nights=2)
    undo(house, check_in(house, line, "301"))
    assert room_of(house, line) == ""


@pytest.mark.parametrize("lost", ["cancelled", "no_show"])
@pytest.mark.parametrize("state", ["tentative", "confirmed", "guaranteed"])
def test_a_reinstated_booking_stands_as_before_with_its_room(house, lost, state):
    line = house.book(nights=2, room_id=house.room_id("302"), state=state)
    if lost == "cancelled":
        house.do(reservations.cancel, line_id=line, reason="plans changed")
    else:
        house.do(reservations.mark_no_show, line_id=line)
    assert sold(house) == [0, 0, 0]
    assert house.do(reservations.reinstate, line_id=line) is True
    assert (room_of(house, line), house.ask(reservation_queries.line, line_id=line).state) == ("302", state)
    house.ask(invariants.check, today=TODAY)


@pytest.mark.parametrize("why", ["held", "blocked", "closed"])
def test_a_reinstated_booking_whose_room_is_gone_says_so(house, why):
    line = house.book(nights=2, room_id=house.room_id("302"))
    house.do(reservations.cancel, line_id=line, reason="plans changed")
    if why == "held":
        house.book("Li Jianguo", start=TODAY + DAY, nights=1, room_id=house.room_id("302"))
    elif why == "blocked":
        house.do(
            rooms.block,
            room_id=house.room_id("302"),
            kind="OOS",
            reason="paint",
            start=TODAY,
            end=TODAY + DAY,
        )
    else:
        house.do(rooms.close_room, room_id=house.room_id("302"))
    assert house.do(reservations.reinstate, line_id=line) is False
    assert room_of(house, line) == ""
    house.ask(invariants.check, today=TODAY)
