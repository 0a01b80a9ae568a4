"""What is said to be left of a type is what a booking would get: by night, by day, and past the days that are
opened; on both engines."""

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pms.core.errors import Conflict, NeedsApproval, NeedsConfirmation, Refused
from pms.services.reservations import left
from pms.services.rooms import queries as room_queries
from pms.services.rooms import service as rooms
from tests import invariants
from tests.authority.people import person
from tests.builders import TODAY, House
from tests.reservations.test_by_day import _do, by_day, in_house

DAY = timedelta(days=1)


def said(house: House, start: int, nights: int, *, code: str = "BIG", **fields) -> tuple:
    day = TODAY + start * DAY
    of = [house.type_id(code)]
    [found] = house.ask(left.left, type_ids=of, arrival=day, departure=day + nights * DAY, **fields)
    return found.free, found.more, found.blocked


def allow(house: House, code: str = "BIG", rooms_more: int = 1) -> None:
    kind = next(t for t in house.ask(room_queries.types) if t.code == code)
    house.do(rooms.edit_type, type_id=kind.id, name=kind.name, beds=kind.beds, overbook=rooms_more)


def block(house: House, room: str, kind: str, start: int, nights: int, **more) -> int:
    first = TODAY + start * DAY
    span = {"start": first, "end": first + nights * DAY}
    return house.do(rooms.block, room_id=house.room_id(room), kind=kind, reason="paint", **span, **more)


def test_a_room_promised_by_day_is_not_left_to_who_stays_over(house):
    by_day(house)
    for n in range(2):
        house.book(f"Over {n}", start=TODAY + DAY, nights=2)
    assert said(house, 1, 2)[:2] == (1, 1), "four rooms, two stay over, one is promised by day"
    assert said(house, 1, 1)[:2] == (2, 2), "who leaves that morning may have any"
    assert said(house, 2, 1)[:2] == (2, 2), "who comes that evening too"
    house.book("Over 2", start=TODAY + DAY, nights=2)
    assert said(house, 1, 2)[:2] == (0, 0)
    with pytest.raises(Refused, match="is promised by day on 22 Nov 2026"):
        house.book("Over 3", start=TODAY + DAY, nights=2)
    house.ask(invariants.check, today=TODAY)


def test_by_day_those_are_left_that_nobody_has_between_morning_and_evening(house):
    for n in range(3):
        house.book(f"Over {n}", start=TODAY + DAY, nights=2)
    for n in range(1):
        house.book(f"Leaves {n}", start=TODAY + DAY, nights=1)
    assert said(house, 2, 0)[:2] == (1, 1)
    by_day(house)
    assert said(house, 2, 0)[:2] == (0, 0)
    with pytest.raises(Refused, match="no room empty by day"):
        by_day(house, "Zhao Min")


def test_a_guest_in_house_stays_over_too(house):
    in_house(house, "Stays", "301", nights=3)
    assert said(house, 1, 0)[:2] == (3, 3)
    assert said(house, 3, 0)[:2] == (4, 4), "leaves that morning"


def test_a_bookings_own_nights_and_day_count_as_free_for_itself(house):
    line = house.book("Own", start=TODAY + DAY, nights=3)
    used = by_day(house, day=TODAY + 2 * DAY)
    assert said(house, 1, 3, line_id=line)[:2] == (3, 3)
    assert said(house, 1, 3)[:2] == (2, 2)
    assert said(house, 2, 0, line_id=used)[:2] == (3, 3)
    waiting = house.book("Waits", start=TODAY + DAY, nights=3, state="waiting")
    assert said(house, 1, 3, line_id=waiting)[:2] == (2, 2), "who is wait-listed holds no night"


def test_nights_that_are_not_opened_yet_are_free(house):
    assert said(house, 4 * 365, 2)[:2] == (4, 4)
    assert said(house, 4 * 365, 0)[:2] == (4, 4)
    assert said(house, -3, 1)[:2] == (None, None), "the days before are not sold"


def test_more_by_day_than_there_are_rooms_is_overbooking(house):
    allow(house)
    for n in range(3):
        house.book(f"Over {n}", start=TODAY + DAY, nights=2)
    by_day(house)
    assert said(house, 2, 0)[:2] == (0, 1)
    assert said(house, 1, 2)[:2] == (0, 1)
    owner, house.clerk = house.clerk, person(house, "clerk")
    with pytest.raises(NeedsApproval, match="no room left by day on 22 Nov 2026"):
        by_day(house, "Zhao Min")
    with pytest.raises(NeedsApproval, match="no room left by day on 22 Nov 2026"):
        house.book("Over 3", start=TODAY + DAY, nights=2)
    house.clerk = owner
    by_day(house, "Zhao Min")
    assert said(house, 2, 0)[:2] == (-1, 0)


# ------------------------------------------------------------------ rooms on hold and out of service
def test_a_room_on_hold_is_not_promised_by_day(house):
    block(house, "304", "HOLD", 1, 3)
    for n in range(2):
        house.book(f"Over {n}", start=TODAY + DAY, nights=2)
    assert said(house, 2, 0) == (1, 1, 1)
    by_day(house)
    assert said(house, 2, 0) == (0, 0, 1)
    with pytest.raises(
        Refused, match=r"2 stay over, 1 are taken by day, there are 3\..* 1 more is on hold\."
    ):
        by_day(house, "Zhao Min")
    with pytest.raises(Refused, match=r"there are 3 rooms.* 1 more is on hold\."):
        house.book("Over 2", start=TODAY + DAY, nights=2)
    by_day(house, "Zhao Min", day=TODAY + 4 * DAY)  # the hold ends that morning
    house.ask(invariants.check, today=TODAY)


def test_a_room_is_held_back_only_while_each_guest_by_day_finds_one(house):
    by_day(house)
    for n in range(3):
        house.book(f"Over {n}", start=TODAY + DAY, nights=2)
    with pytest.raises(Refused, match="is promised by day on 22 Nov 2026 to 1 guests"):
        block(house, "304", "HOLD", 1, 3)
    block(house, "304", "HOLD", 3, 3)
    house.ask(invariants.check, today=TODAY)


def test_the_last_room_by_day_is_promised_out_of_service_only_when_that_was_read(house):
    block(house, "304", "OOS", 2, 2)
    for n in range(3):
        house.book(f"Over {n}", start=TODAY + DAY, nights=2)
    assert said(house, 2, 0) == (1, 1, 1)
    with pytest.raises(NeedsConfirmation, match="left by day on 22 Nov 2026 is out of service") as asked:
        by_day(house)
    token = frozenset({asked.value.token})
    house.book("Li Jianguo", start=TODAY + 2 * DAY, nights=0, confirmed=token)
    assert said(house, 2, 0) == (0, 0, 1)


def test_a_room_that_somebody_needs_by_day_goes_out_of_service_only_when_that_was_read(house):
    by_day(house)
    for n in range(3):
        house.book(f"Over {n}", start=TODAY + DAY, nights=2)
    with pytest.raises(
        NeedsConfirmation, match="promised by day on 22 Nov 2026.*out of service all the same"
    ):
        block(house, "304", "OOS", 1, 3)
    block(house, "304", "OOS", 1, 3, confirmed=frozenset({f"out_of_service:{house.room_id('304')}"}))
    house.ask(invariants.check, today=TODAY)


def test_a_block_that_is_lifted_or_leaves_the_inventory_is_not_counted_twice(house):
    block(house, "304", "OOO", 1, 3)
    held = block(house, "303", "HOLD", 1, 3)
    assert said(house, 2, 0) == (2, 2, 1)
    assert said(house, 1, 2) == (3, 3, 1), "a hold stays in the inventory of the nights"
    house.do(rooms.unblock, block_id=held)
    assert said(house, 2, 0) == (3, 3, 0)


# ------------------------------------------------------------------ whatever has happened
WISH = st.tuples(st.integers(0, 4), st.integers(0, 3))
ACTS = ("book", "by_day", "by_day", "check_in", "extend", "move", "shorten", "cancel", "block", "out", "back")


@given(
    acts=st.lists(
        st.tuples(st.sampled_from(ACTS), st.integers(0, 3), st.integers(0, 3), st.integers(0, 7)), max_size=14
    ),
    wish=WISH,
    code=st.sampled_from(["TWN", "BIG"]),
    over=st.integers(0, 1),
)
@settings(deadline=None)
def test_what_is_left_is_what_a_booking_gets(fresh, acts, wish, code, over):
    with fresh() as house:
        allow(house, code, over)
        for act in acts:
            with suppress(Refused, NeedsConfirmation, Conflict):
                _do(house, *act)
        start, nights = wish
        free, more, _blocked = said(house, start, nights, code=code)
        for n in range(more):
            _book(house, code, start, nights)
            assert said(house, start, nights, code=code)[:2] == (free - n - 1, more - n - 1)
        with pytest.raises(Refused):
            _book(house, code, start, nights)


def _book(house: House, code: str, start: int, nights: int) -> None:
    try:
        house.book("Li", type_code=code, start=TODAY + start * DAY, nights=nights)
    except NeedsConfirmation as asked:
        token = frozenset({asked.token})
        house.book("Li", type_code=code, start=TODAY + start * DAY, nights=nights, confirmed=token)
