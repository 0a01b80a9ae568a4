"""A booking without a night holds its room for the day: it is promised to one guest, and to nobody who stays
over."""

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from pms.core.errors import Conflict, NeedsConfirmation, Refused
from pms.services.reservations import queries, service
from pms.services.reservations.models import BookedRoom
from pms.services.reservations.service import Wish
from pms.services.rooms import service as rooms
from pms.services.stays import changes, taken_back, vacancy
from pms.services.stays import service as stays
from pms.services.stays.models import Stay
from tests import invariants
from tests.builders import TODAY, House

DAY = timedelta(days=1)


def by_day(house: House, name: str = "Li Jianguo", room: str = "", day=TODAY + 2 * DAY) -> int:
    return house.book(name, nights=0, start=day, room_id=house.room_id(room) if room else None)


def test_a_room_is_promised_to_one_guest_by_day(house):
    by_day(house, room="301")
    with pytest.raises(Refused, match="301 is in use by day on 22 Nov 2026: R-1 Li Jianguo"):
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
    with pytest.raises(Refused, match="301 is in use by day on 22 Nov 2026: R-1 Stays over"):
        by_day(house, room="301")


def test_nobody_stays_over_a_day_on_which_the_room_is_promised(house):
    by_day(house, room="301")
    with pytest.raises(Refused, match="301 is in use by day on 22 Nov 2026: R-1 Li Jianguo"):
        house.book("Stays over", start=TODAY + DAY, nights=3, room_id=house.room_id("301"))
    house.book("Leaves", start=TODAY, nights=2, room_id=house.room_id("301"))


def test_a_block_of_that_day_refuses_the_room_and_not_one_of_today(house):
    block = {"kind": "OOS", "reason": "paint", "start": TODAY, "end": TODAY + DAY}
    house.do(rooms.block, room_id=house.room_id("301"), **block)
    by_day(house, room="301")
    later = {"kind": "OOS", "reason": "carpet", "start": TODAY + 2 * DAY, "end": TODAY + 4 * DAY}
    house.do(rooms.block, room_id=house.room_id("302"), **later)
    with pytest.raises(Refused, match="302 is blocked: carpet, until 24 Nov 2026"):
        by_day(house, "Zhao Min", "302")


def test_a_block_names_the_guest_by_day(house):
    by_day(house, room="301")
    with pytest.raises(Refused, match="301 is not free: R-1 Li Jianguo 22 Nov – 22 Nov"):
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
    with pytest.raises(Refused, match="no room empty by day on 22 Nov 2026: 3 stay over, 1 are taken by day"):
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
    with pytest.raises(Refused, match="in use by day on 20 Nov 2026"):
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


# ------------------------------------------------------------------ nobody takes a promised room away
def in_house(house: House, name: str, room: str, nights: int = 1) -> int:
    line = house.book(name, type_code="BIG" if room[0] == "3" else "TWN", nights=nights)
    stay: int = house.do(stays.check_in, line_id=line, room_id=house.room_id(room), intent=house.new_intent())
    return stay


def test_nights_are_sold_only_while_each_guest_by_day_finds_a_room(house):
    by_day(house)
    for n in range(3):
        house.book(f"Over {n}", start=TODAY + DAY, nights=2)
    with pytest.raises(
        Refused, match="Queen is promised by day on 22 Nov 2026 to 1 guests, 3 others stay over"
    ):
        house.book("Over 3", start=TODAY + DAY, nights=2)
    house.book("Leaves", start=TODAY + DAY, nights=1)
    house.book("Comes", start=TODAY + 2 * DAY, nights=1)
    house.ask(invariants.check, today=TODAY)


def test_an_amended_and_a_reinstated_booking_leave_the_room_too(house):
    lost = house.book("Over 0", start=TODAY + DAY, nights=2)
    house.do(service.cancel, line_id=lost, reason="ill")
    for n in range(1, 4):
        house.book(f"Over {n}", start=TODAY + DAY, nights=2)
    other = house.book("Later", start=TODAY + 6 * DAY, nights=2)
    by_day(house)
    with pytest.raises(Refused, match="is promised by day on 22 Nov 2026"):
        house.do(service.reinstate, line_id=lost)
    wish = Wish(house.type_id("BIG"), TODAY + DAY, TODAY + 3 * DAY, plan_id=1)
    with pytest.raises(Refused, match="is promised by day on 22 Nov 2026"):
        house.do(service.amend, line_id=other, wish=wish, guest_name="Later")


def test_a_stay_is_not_extended_into_the_last_room_promised_by_day(house):
    by_day(house, day=TODAY + DAY)
    for n in range(3):
        house.book(f"Over {n}", nights=2)
    stay = in_house(house, "Stays", "301")
    with pytest.raises(
        Refused, match="Queen is promised by day on 21 Nov 2026 to 1 guests, 3 others stay over"
    ):
        house.do(stays.extend, stay_id=stay, departure=TODAY + 2 * DAY)


def test_a_stay_is_not_extended_in_the_very_room_that_is_promised(house):
    by_day(house, room="301", day=TODAY + DAY)
    stay = in_house(house, "Stays", "301")
    assert house.ask(queries.line, line_id=2).room == "301", "who leaves that morning has the room"
    with pytest.raises(Refused, match="301 is promised by day on 21 Nov 2026: R-1 Li Jianguo"):
        house.do(stays.extend, stay_id=stay, departure=TODAY + 2 * DAY)


def test_nobody_is_moved_or_checked_in_into_a_room_promised_for_today_or_in_the_stay(house):
    by_day(house, room="301", day=TODAY)
    by_day(house, "Zhao Min", room="302", day=TODAY + DAY)
    line = house.book("Comes", nights=2)
    for room, day in (("301", "20 Nov 2026"), ("302", "21 Nov 2026")):
        with pytest.raises(Refused, match=f"{room} is promised by day on {day}"):
            house.do(stays.check_in, line_id=line, room_id=house.room_id(room), intent=house.new_intent())
    free = house.ask(vacancy.free_rooms, start=TODAY, end=TODAY + 2 * DAY, type_id=house.type_id("BIG"))
    assert [r.number for r in free] == ["303", "304"]
    stay = house.do(stays.check_in, line_id=line, room_id=house.room_id("303"), intent=house.new_intent())
    for room in ("301", "302"):
        with pytest.raises(Refused, match=f"{room} is promised by day"):
            house.do(
                stays.change_room,
                stay_id=stay,
                room_id=house.room_id(room),
                reason="noise",
                confirmed=frozenset({f"dirty:{house.room_id(room)}"}),
            )


def test_another_type_at_check_in_or_in_house_leaves_its_promised_room(house):
    by_day(house, day=TODAY + DAY)
    for n in range(3):
        house.book(f"Over {n}", nights=2)
    line = house.book("Twin", type_code="TWN", nights=2)
    with pytest.raises(Refused, match="is promised by day on 21 Nov 2026"):
        house.do(stays.check_in, line_id=line, room_id=house.room_id("304"), intent=house.new_intent())
    stay = house.do(stays.check_in, line_id=line, room_id=house.room_id("201"), intent=house.new_intent())
    with pytest.raises(Refused, match="is promised by day on 21 Nov 2026"):
        house.do(stays.change_room, stay_id=stay, room_id=house.room_id("304"), reason="noise")


def test_a_room_goes_out_of_sale_only_while_each_guest_by_day_finds_one(house):
    by_day(house)
    for n in range(3):
        house.book(f"Over {n}", start=TODAY + DAY, nights=2)
    told = "Queen is promised by day on 22 Nov 2026 to 1 guests, 3 others stay over and there are 3 rooms"
    room = house.room_id("304")
    with pytest.raises(Refused, match=told):
        house.do(rooms.block, room_id=room, kind="OOO", reason="water", start=TODAY, end=TODAY + 4 * DAY)
    with pytest.raises(Refused, match=told):
        house.do(rooms.close_room, room_id=room)
    house.do(rooms.block, room_id=room, kind="OOO", reason="water", start=TODAY, end=TODAY + 2 * DAY)


def test_who_did_not_leave_after_all_comes_back_without_the_nights_promised_by_day_since(house):
    stay = in_house(house, "Stays", "301", nights=3)
    house.do(stays.check_out, stay_id=stay, unsettled="later", intent=house.new_intent())
    by_day(house, room="301", day=TODAY + DAY)
    assert house.do(stays.undo_check_out, stay_id=stay, reason="wrong", intent=house.new_intent()) is False
    house.ask(invariants.check, today=TODAY)


def test_a_room_change_is_not_taken_back_into_a_room_promised_meanwhile(house):
    stay = in_house(house, "Stays", "301", nights=3)
    house.do(stays.change_room, stay_id=stay, room_id=house.room_id("303"), reason="noise")
    by_day(house, room="301", day=TODAY + DAY)
    change = house.ask(changes.latest, stay_id=stay)
    with pytest.raises(Refused, match="301 is promised by day on 21 Nov 2026"):
        house.do(taken_back.undo_change, stay_id=stay, change_id=change.id, reason="wrong")


ACTS = ("book", "by_day", "check_in", "extend", "move", "shorten", "cancel", "block", "out", "back")


@given(
    acts=st.lists(
        st.tuples(st.sampled_from(ACTS), st.integers(0, 3), st.integers(0, 3), st.integers(0, 7)), max_size=18
    )
)
@settings(deadline=None)
def test_whatever_the_desk_does_a_guest_by_day_finds_a_room(fresh, acts):
    with fresh() as house:
        for act in acts:
            with suppress(Refused, NeedsConfirmation, Conflict):
                _do(house, *act)
        house.ask(invariants.check, today=TODAY)


def _do(house: House, act: str, first: int, second: int, which: int) -> None:
    room = house.room_id(f"{2 + which // 4}0{1 + which % 4}")
    kind = "TWN" if which < 4 else "BIG"
    lines = house.ask(lambda s: list(s.scalars(select(BookedRoom.id).order_by(BookedRoom.id))))
    here = house.ask(lambda s: list(s.execute(select(Stay.id, Stay.departure, Stay.state).order_by(Stay.id))))
    line = lines[which % len(lines)] if lines else 0
    stay = here[which % len(here)] if here else None
    intent = house.new_intent()
    start, reason = TODAY + first * DAY, "noise"
    if act == "book":
        house.book(
            "Over", type_code=kind, start=start, nights=1 + second, room_id=room if second == 1 else None
        )
    elif act == "by_day":
        house.book("By day", type_code=kind, start=start, nights=0, room_id=room if second else None)
    elif act == "check_in" and line:
        house.do(stays.check_in, line_id=line, room_id=room, intent=intent)
    elif act == "cancel" and line:
        house.do(service.cancel, line_id=line, reason=reason)
    elif act == "block":
        kind = ("OOO", "OOS", "HOLD")[which % 3]
        house.do(
            rooms.block, room_id=room, kind=kind, reason=reason, start=start, end=start + (1 + second) * DAY
        )
    elif stay is None:
        return
    elif act == "move":
        house.do(stays.change_room, stay_id=stay.id, room_id=room, reason=reason)
    elif act in ("extend", "shorten"):
        days = 1 + first if act == "extend" else -1 - first
        house.do(stays.extend, stay_id=stay.id, departure=stay.departure + days * DAY)
    elif act == "out":
        house.do(stays.check_out, stay_id=stay.id, unsettled="later", intent=intent)
    elif act == "back":
        undo = stays.undo_check_out if stay.state == "departed" else stays.undo_check_in
        house.do(undo, stay_id=stay.id, reason=reason, intent=intent)
