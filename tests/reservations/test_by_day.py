"""A booking without a night holds its room for the day: it is promised to one guest, and to nobody who stays
over."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from pms.core.errors import Refused
from pms.services.reservations import queries, service
from pms.services.reservations.models import BookedRoom
from pms.services.reservations.service import Wish
from pms.services.rooms import service as rooms
from pms.services.stays import service as stays
from tests import invariants
from tests.builders import TODAY, House

DAY = timedelta(days=1)


def by_day(house: House, name: str = "Li Jianguo", room: str = "", day=TODAY + 2 * DAY) -> int:
    return house.book(name, nights=0, start=day, room_id=house.room_id(room) if room else None)


def test_a_room_is_promised_to_one_guest_by_day(house):
    by_day(house, room="301")
    with pytest.raises(Refused, match="301 is in use by day on 2026-11-22: R-1 Li Jianguo"):
        by_day(house, "Zhao Min", "301")
    by_day(house, "Zhao Min", "301", TODAY + 3 * DAY)
    line = by_day(house, "Zhao Min")
    with pytest.raises(Refused, match="R-1 Li Jianguo. Choose another room"):
        house.do(service.assign_room, line_id=line, room_id=house.room_id("301"))


def test_who_leaves_in_the_morning_and_who_comes_in_the_evening_have_the_same_room(house):
    house.book("Leaves", start=TODAY + DAY, nights=1, room_id=house.room_id("301"))
    house.book("Comes", start=TODAY + 2 * DAY, nights=1, room_id=house.room_id("301"))
    line = by_day(house, room="301")
    assert house.ask(queries.line, line_id=line).room == "301"
    house.ask(invariants.check, today=TODAY)


def test_who_stays_over_keeps_the_room_by_day(house):
    house.book("Stays over", start=TODAY + DAY, nights=2, room_id=house.room_id("301"))
    with pytest.raises(Refused, match="301 is in use by day on 2026-11-22: R-1 Stays over"):
        by_day(house, room="301")


def test_nobody_stays_over_a_day_on_which_the_room_is_promised(house):
    by_day(house, room="301")
    with pytest.raises(Refused, match="301 is in use by day on 2026-11-22: R-1 Li Jianguo"):
        house.book("Stays over", start=TODAY + DAY, nights=3, room_id=house.room_id("301"))
    house.book("Leaves", start=TODAY, nights=2, room_id=house.room_id("301"))


def test_a_block_of_that_day_refuses_the_room_and_not_one_of_today(house):
    block = {"kind": "OOS", "reason": "paint", "start": TODAY, "end": TODAY + DAY}
    house.do(rooms.block, room_id=house.room_id("301"), **block)
    by_day(house, room="301")
    later = {"kind": "OOS", "reason": "carpet", "start": TODAY + 2 * DAY, "end": TODAY + 4 * DAY}
    house.do(rooms.block, room_id=house.room_id("302"), **later)
    with pytest.raises(Refused, match="302 is blocked: carpet, until 2026-11-24"):
        by_day(house, "Zhao Min", "302")


def test_a_block_names_the_guest_by_day(house):
    by_day(house, room="301")
    with pytest.raises(Refused, match="301 is not free: R-1 Li Jianguo 11-22 – 11-22"):
        house.do(
            rooms.block,
            room_id=house.room_id("301"),
            kind="OOO",
            reason="water",
            start=TODAY + DAY,
            end=TODAY + 4 * DAY,
        )


def test_no_more_are_taken_by_day_than_rooms_are_empty(house):
    for n in range(3):
        house.book(f"Over {n}", start=TODAY + DAY, nights=2)
    by_day(house)
    with pytest.raises(Refused, match="no room empty by day on 2026-11-22: 3 stay over, 1 are taken by day"):
        by_day(house, "Zhao Min")
    by_day(house, "Zhao Min", day=TODAY + 3 * DAY)  # they leave that morning


def test_a_cancelled_one_by_day_frees_the_room_and_takes_it_again_if_free(house):
    line = by_day(house, room="301")
    house.do(service.cancel, line_id=line, reason="plans changed")
    other = by_day(house, "Zhao Min", "301")
    assert house.do(service.reinstate, line_id=line) is False
    house.do(service.cancel, line_id=other, reason="plans changed")
    house.do(service.cancel, line_id=line, reason="plans changed")


def test_an_amended_booking_is_asked_too(house):
    by_day(house, room="301")
    line = house.book("Zhao Min", start=TODAY + 4 * DAY, nights=1)
    wish = Wish(
        house.type_id("BIG"), TODAY + 2 * DAY, TODAY + 2 * DAY, plan_id=1, room_id=house.room_id("301")
    )
    with pytest.raises(Refused, match="in use by day"):
        house.do(service.amend, line_id=line, wish=wish, guest_name="Zhao Min")


def test_the_guest_by_day_is_checked_in_to_the_room(house):
    line = by_day(house, room="301", day=TODAY)
    house.do(stays.check_in, line_id=line, room_id=house.room_id("301"), intent="in")
    with pytest.raises(Refused, match="in use by day on 2026-11-20"):
        by_day(house, "Zhao Min", "301", TODAY)
    house.ask(invariants.check, today=TODAY)


@given(
    wishes=st.lists(
        st.tuples(st.sampled_from(["301", "302"]), st.integers(0, 4), st.integers(0, 3)), max_size=14
    )
)
@settings(deadline=None)
def test_no_room_has_two_guests_at_noon(fresh, wishes):
    with fresh() as house:
        for room, ahead, nights in wishes:
            try:
                start = TODAY + ahead * DAY
                house.book("Li", start=start, nights=nights, room_id=house.room_id(room))
            except Refused:
                continue
        lines = house.ask(
            lambda s: [
                (b.room_id, b.arrival, b.departure)
                for b in s.scalars(select(BookedRoom).where(BookedRoom.room_id.is_not(None)))
            ]
        )
        for day in (TODAY + n * DAY for n in range(9)):
            noon = [
                room
                for room, arrival, departure in lines
                if arrival < day < departure or arrival == day == departure
            ]
            assert len(noon) == len(set(noon)), f"two guests at noon of {day}"
        house.ask(invariants.check, today=TODAY)
