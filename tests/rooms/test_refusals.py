"""A refusal names the room, the night, who holds it and what to do; on both engines."""

from datetime import timedelta

import pytest

from pms.core.errors import Conflict, Refused
from pms.services.reservations import service as reservations
from pms.services.reservations.service import Wish
from pms.services.rooms import service as rooms
from pms.services.stays import service as stays
from tests.builders import TODAY

DAY = timedelta(days=1)


def arrive(house, line, room="301"):
    return house.do(stays.check_in, line_id=line, room_id=house.room_id(room), intent=house.new_intent())


def test_a_room_that_another_booking_holds_is_named_with_the_night_and_the_booking(house):
    house.book("Chen Wei", start=TODAY + 2 * DAY, nights=3, room_id=house.room_id("301"))
    with pytest.raises(Conflict) as said:
        house.book("Wang Yaqin", start=TODAY, nights=4, room_id=house.room_id("301"))
    assert str(said.value) == (
        "Room 301 is not free in the night of 22 Nov 2026: R-1 Chen Wei 22 Nov – 25 Nov. Choose another room."
    )


def test_a_blocked_room_is_named_with_its_reason_and_its_end(house):
    room = house.room_id("301")
    house.do(
        rooms.block, room_id=room, kind="OOO", reason="burst pipe", start=TODAY + DAY, end=TODAY + 3 * DAY
    )
    with pytest.raises(
        Conflict, match="301 is blocked in the night of 21 Nov 2026: burst pipe, until 23 Nov 2026"
    ):
        house.book(nights=2, room_id=room)
    house.clock.set(TODAY, 15)
    house.next_day()
    with pytest.raises(Refused, match="Room 301 is blocked: burst pipe, until 23 Nov 2026"):
        arrive(house, house.book(nights=0))


def test_a_repair_that_the_sold_rooms_forbid_is_told_as_that(house):
    for n in range(4):
        house.book(f"Guest {n}", start=TODAY + DAY, nights=1)
    with pytest.raises(Conflict) as said:
        house.do(
            rooms.block,
            room_id=house.room_id("301"),
            kind="OOO",
            reason="burst pipe",
            start=TODAY,
            end=TODAY + 5 * DAY,
        )
    assert str(said.value) == (
        "4 rooms of Queen are sold in the night of 21 Nov 2026 and there are 4: none can be taken out of "
        "sale. Move a booking to another type, or choose other dates."
    )


def test_a_smaller_allowance_is_told_with_the_least_that_it_can_be(house):
    kind = house.type_id("BIG")
    house.do(rooms.edit_type, type_id=kind, name="", beds=1, overbook=3)
    for n in range(6):
        house.book(f"Guest {n}", start=TODAY + 2 * DAY, nights=1)
    with pytest.raises(
        Conflict, match=r"22 Nov 2026 and there are 4: the overbooking allowance cannot be less than 2"
    ):
        house.do(rooms.edit_type, type_id=kind, name="", beds=1, overbook=1)


def test_a_type_that_is_sold_out_is_named_with_its_night_and_numbers(house):
    for n in range(4):
        house.book(f"Guest {n}", start=TODAY + DAY, nights=1)
    with pytest.raises(Refused, match=r"Queen is sold out (in the night of|on) 21 Nov 2026"):
        house.book("One more", start=TODAY, nights=3)


def test_a_room_whose_guest_has_not_left_is_named_with_the_guest(house):
    arrive(house, house.book("Chen Wei", nights=1))
    house.next_day()
    house.do(rooms.set_clean, room_ids=[house.room_id("301")], clean="clean")
    with pytest.raises(
        Conflict, match="Chen Wei is in room 301, due out on 21 Nov 2026: check them out first"
    ):
        arrive(house, house.book("Wang Yaqin"))


@pytest.mark.parametrize(
    ("become", "said"),
    [
        ("in", "checked in already"),
        ("left", "was here and left on 20 Nov 2026"),
        ("waiting", "on the wait-list and holds no room"),
        ("cancelled", "was cancelled on 20 Nov 2026"),
        ("no_show", "became a no-show"),
    ],
)
def test_a_booking_that_is_not_to_come_says_what_became_of_it(house, become, said):
    line = house.book(nights=2, **({"state": "waiting"} if become == "waiting" else {}))
    if become in ("in", "left"):
        stay = arrive(house, line)
        if become == "left":
            house.do(stays.check_out, stay_id=stay, intent="out")
    if become == "cancelled":
        house.do(reservations.cancel, line_id=line, reason="no time")
    if become == "no_show":
        house.next_day()
    with pytest.raises(Refused, match=said):
        arrive(house, line, "302")


def test_dates_that_cannot_be_say_which_rule_they_break(house):
    def book(arrival, departure):
        house.do(
            reservations.book,
            guest_name="x",
            rooms=[Wish(house.type_id("BIG"), arrival, departure, plan_id=1)],
        )

    with pytest.raises(Refused, match="departure 20 Nov 2026 is before the arrival 22 Nov 2026"):
        book(TODAY + 2 * DAY, TODAY)
    with pytest.raises(Refused, match="are 400 nights. A stay lasts at most 366"):
        book(TODAY, TODAY + 400 * DAY)
