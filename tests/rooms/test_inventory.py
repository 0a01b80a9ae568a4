"""The counters of what is left to sell equal the bookings, rooms and blocks behind them, whatever the desk
does; on both engines."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from pms.core.errors import Conflict, NeedsConfirmation, Refused
from pms.core.money import Money
from pms.services.folios import queries as folio_queries
from pms.services.reservations import service as reservations
from pms.services.reservations.service import Wish
from pms.services.rooms import queries, service
from pms.services.rooms.models import RoomNight
from pms.services.stays import queries as stay_queries
from pms.services.stays import service as stays
from pms.services.stays.service import Paid
from tests.builders import TODAY, House
from tests.invariants import check

DAY = timedelta(days=1)
ROOMS = ("201", "202", "203", "204", "301", "302", "303", "304")

STEP = st.tuples(
    st.sampled_from(
        ["book"] * 4
        + ["check_in"] * 4
        + [
            "cancel",
            "no_show",
            "reinstate",
            "confirm",
            "amend",
            "assign",
            "extend",
            "extend",
            "move",
            "move",
            "reinstate",
            "out",
            "out",
            "undo_in",
            "undo_out",
            "block",
            "block",
            "unblock",
            "close_room",
            "next_day",
        ]
    ),
    st.integers(0, 40),
    st.integers(0, 7),
    st.integers(-1, 4),
    st.integers(0, 4),
)


class Desk:
    """A clerk who does anything with rooms, right or wrong."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.lines: list[int] = []
        self.stays: list[int] = []
        self.blocks: list[int] = []
        self.rooms = [house.room_id(number) for number in ROOMS]
        self.types = [house.type_id("TWN"), house.type_id("BIG")]

    def pick(self, found: list[int], which: int) -> int:
        return found[which % len(found)] if found else 10**6

    def step(self, verb: str, which: int, room: int, start: int, nights: int) -> None:
        with suppress(Refused, NeedsConfirmation):
            getattr(self, "do_" + verb)(
                which, self.rooms[room], self.house.house().business_date + DAY * start, nights
            )

    def wish(self, which: int, room: int, start: date, nights: int) -> Wish:
        return Wish(
            self.types[which % 2],
            start,
            start + DAY * nights,
            plan_id=1,
            room_id=room if which % 3 == 0 else None,
        )

    def do_book(self, which, room, start, nights):
        self.house.do(
            reservations.book,
            guest_name="Guest",
            rooms=[self.wish(which + n, room, start, nights) for n in range(1 + which % 2)],
            state=("confirmed", "tentative", "guaranteed", "waiting")[which % 4],
        )
        from pms.services.reservations.models import BookedRoom

        self.lines = self.house.ask(lambda s: [x.id for x in s.query(BookedRoom).order_by(BookedRoom.id)])

    def do_check_in(self, which, room, start, nights):
        self.stays.append(
            self.house.do(
                stays.check_in,
                line_id=self.pick(self.lines, which),
                room_id=room,
                print_registration=False,
                confirmed=frozenset({f"dirty:{room}"}),
                intent=self.house.new_intent(),
            )
        )

    def do_cancel(self, which, room, start, nights):
        self.house.do(reservations.cancel, line_id=self.pick(self.lines, which), reason="changed")

    def do_no_show(self, which, room, start, nights):
        self.house.do(reservations.mark_no_show, line_id=self.pick(self.lines, which))

    def do_reinstate(self, which, room, start, nights):
        self.house.do(reservations.reinstate, line_id=self.pick(self.lines, which))

    def do_confirm(self, which, room, start, nights):
        self.house.do(
            reservations.set_state,
            line_id=self.pick(self.lines, which),
            state=("confirmed", "guaranteed", "tentative")[room % 3],
        )

    def do_amend(self, which, room, start, nights):
        self.house.do(
            reservations.amend,
            line_id=self.pick(self.lines, which),
            wish=self.wish(which, room, start, nights),
            guest_name="Guest",
        )

    def do_assign(self, which, room, start, nights):
        self.house.do(
            reservations.assign_room, line_id=self.pick(self.lines, which), room_id=room if nights else None
        )

    def do_extend(self, which, room, start, nights):
        self.house.do(stays.extend, stay_id=self.pick(self.stays, which), departure=start)

    def do_move(self, which, room, start, nights):
        self.house.do(
            stays.change_room,
            stay_id=self.pick(self.stays, which),
            room_id=room,
            reason="noise",
            confirmed=frozenset({f"dirty:{room}"}),
        )

    def do_out(self, which, room, start, nights):
        stay = self.pick(self.stays, which)
        owed = sum(f.balance for f in self.house.ask(folio_queries.folios, stay_id=stay))
        self.house.do(
            stays.check_out,
            stay_id=stay,
            payments=[Paid("CASH", Money(owed))] if owed else [],
            waive_late="test",
            print_bill=False,
            intent=self.house.new_intent(),
        )

    def do_undo_in(self, which, room, start, nights):
        self.house.do(
            stays.undo_check_in,
            stay_id=self.pick(self.stays, which),
            reason="wrong",
            intent=self.house.new_intent(),
        )

    def do_undo_out(self, which, room, start, nights):
        self.house.do(
            stays.undo_check_out,
            stay_id=self.pick(self.stays, which),
            reason="wrong",
            intent=self.house.new_intent(),
        )

    def do_block(self, which, room, start, nights):
        self.blocks.append(
            self.house.do(
                service.block,
                room_id=room,
                kind=("OOO", "OOS", "HOLD")[which % 3],
                reason="leak",
                start=start,
                end=start + DAY * nights,
            )
        )

    def do_unblock(self, which, room, start, nights):
        if self.blocks:
            self.house.do(service.unblock, block_id=self.pick(self.blocks, which))

    def do_close_room(self, which, room, start, nights):
        self.house.do(service.close_room, room_id=room)

    def do_next_day(self, which, room, start, nights):
        today = self.house.house().business_date
        for stay in self.house.ask(stay_queries.departures, business_date=today):
            self.house.do(stays.extend, stay_id=stay.stay_id, departure=today + DAY)
        self.house.next_day()


@given(steps=st.lists(STEP, min_size=10, max_size=45))
def test_the_counters_equal_the_bookings_after_anything(fresh, steps):
    with fresh() as house:
        desk = Desk(house)
        for number, step in enumerate(steps):
            desk.step(*step)
            if number % 6 == 5 or number == len(steps) - 1:
                house.ask(check, today=house.house().business_date)


def free(house: House, code: str, night: date = TODAY) -> tuple[int, int]:
    [row] = house.ask(queries.left, type_ids=[house.type_id(code)], start=night, end=night + DAY)
    return row.total, row.sold


@pytest.mark.parametrize("owner", ["line", "block", "none", "both"])
def test_the_schema_knows_one_owner_per_room_and_night(house, owner):
    line = house.book(room_id=house.room_id("301"))
    block = house.do(
        service.block, room_id=house.room_id("302"), kind="OOS", reason="paint", start=TODAY, end=TODAY + DAY
    )
    row = {
        "room_id": house.room_id("301" if owner == "line" else "302"),
        "night": TODAY if owner in ("line", "block") else TODAY + 40 * DAY,
        "line_id": line if owner in ("line", "both") else None,
        "block_id": block if owner in ("block", "both") else None,
    }
    with pytest.raises(DBAPIError), Session(house.engine) as session, session.begin():
        session.execute(insert(RoomNight.__table__), row)


def test_an_assigned_room_is_not_assigned_again(house):
    house.book("First", room_id=house.room_id("301"))
    second = house.book("Second")
    with pytest.raises(Conflict, match="is not free in the night of"):
        house.do(reservations.assign_room, line_id=second, room_id=house.room_id("301"))
    with pytest.raises(Refused, match="another type"):
        house.do(reservations.assign_room, line_id=second, room_id=house.room_id("201"))
    house.ask(check, today=TODAY)


def test_the_allowance_is_sold_and_not_one_room_more(house):
    house.do(service.edit_type, type_id=house.type_id("BIG"), name="Queen", beds=1, overbook=2)
    for n in range(6):
        house.book(f"Guest {n}", nights=1)
    with pytest.raises(Conflict, match="is sold out in the night of"):
        house.book("One too many", nights=1)
    assert free(house, "BIG") == (4, 6)
    with pytest.raises(Refused, match="sold"):
        house.do(service.edit_type, type_id=house.type_id("BIG"), name="Queen", beds=1, overbook=1)
    with pytest.raises(Refused, match="sold"):
        house.do(
            service.block,
            room_id=house.room_id("301"),
            kind="OOO",
            reason="leak",
            start=TODAY,
            end=TODAY + DAY,
        )
    house.ask(check, today=TODAY)


def test_beyond_the_horizon_the_inventory_grows(house):
    far = TODAY + 200 * DAY
    house.book(start=far, nights=3)
    assert [free(house, code, far + DAY) for code in ("BIG", "TWN")] == [(4, 1), (4, 0)]
    house.ask(check, today=TODAY)


@pytest.mark.parametrize(
    ("arrival", "nights", "why"),
    [
        (TODAY - DAY, 2, "is over"),
        (TODAY, -1, "is before the arrival"),
        (TODAY, 367, "at most 366"),
        (date(2199, 1, 1), 1, "years ahead"),
        (date(9999, 12, 30), 1, "years ahead"),
    ],
)
def test_dates_that_cannot_be_meant_are_refused(house, arrival, nights, why):
    with pytest.raises(Refused, match=why):
        house.do(
            reservations.book,
            guest_name="Guest",
            rooms=[Wish(house.type_id("BIG"), arrival, arrival + DAY * nights, plan_id=1)],
        )
    house.ask(check, today=TODAY)


@pytest.mark.parametrize(
    ("start", "end", "why"),
    [
        (TODAY - DAY, TODAY + DAY, "today or later"),
        (TODAY, TODAY, "at least one night"),
        (TODAY, date(9999, 12, 31), "years"),
    ],
)
def test_a_block_has_dates_that_can_be_meant(house, start, end, why):
    with pytest.raises(Refused, match=why):
        house.do(service.block, room_id=house.room_id("301"), kind="OOO", reason="leak", start=start, end=end)


def test_an_extension_has_an_end_that_can_be_meant(house):
    stay = house.do(
        stays.check_in, line_id=house.book(), room_id=house.room_id("301"), intent=house.new_intent()
    )
    with pytest.raises(Refused, match="at most 366"):
        house.do(stays.extend, stay_id=stay, departure=TODAY + 400 * DAY)
    house.ask(check, today=TODAY)


def test_a_block_comes_back_as_agreed_and_only_once(house):
    block = house.do(
        service.block,
        room_id=house.room_id("301"),
        kind="OOO",
        reason="leak",
        start=TODAY,
        end=TODAY + 3 * DAY,
        returns_to="clean",
    )
    with pytest.raises(Refused, match="301 is blocked in the night of 21 Nov 2026: leak"):
        house.do(
            service.block,
            room_id=house.room_id("301"),
            kind="OOS",
            reason="leak",
            start=TODAY + DAY,
            end=TODAY + 2 * DAY,
        )
    house.next_day()
    assert free(house, "BIG", TODAY + DAY) == (3, 0)
    house.do(service.unblock, block_id=block)
    assert free(house, "BIG", TODAY + DAY) == (4, 0)
    with pytest.raises(Refused, match="over already"):
        house.do(service.unblock, block_id=block)
    assert next(r.clean for r in house.ask(queries.rooms) if r.number == "301") == "clean"


def test_a_blocked_room_is_not_closed_and_a_closed_one_not_again(house):
    block = house.do(
        service.block,
        room_id=house.room_id("301"),
        kind="OOO",
        reason="leak",
        start=TODAY,
        end=TODAY + 3 * DAY,
    )
    with pytest.raises(Refused, match="blocked"):
        house.do(service.close_room, room_id=house.room_id("301"))
    house.do(service.unblock, block_id=block)
    house.do(service.close_room, room_id=house.room_id("301"))
    with pytest.raises(Refused, match="retired"):
        house.do(service.close_room, room_id=house.room_id("301"))
    assert free(house, "BIG") == (3, 0)


def test_nobody_is_put_into_a_closed_room(house):
    house.do(service.close_room, room_id=house.room_id("301"))
    with pytest.raises(Refused, match="retired"):
        house.book(room_id=house.room_id("301"))
    with pytest.raises(Refused, match="retired"):
        house.do(
            service.block,
            room_id=house.room_id("301"),
            kind="OOS",
            reason="leak",
            start=TODAY,
            end=TODAY + DAY,
        )
    line = house.book()
    with pytest.raises(Refused, match="retired"):
        house.do(stays.check_in, line_id=line, room_id=house.room_id("301"), intent=house.new_intent())
    stay = house.do(stays.check_in, line_id=line, room_id=house.room_id("302"), intent=house.new_intent())
    with pytest.raises(Refused, match="retired"):
        house.do(stays.change_room, stay_id=stay, room_id=house.room_id("301"), reason="noise")
    house.ask(check, today=TODAY)


def test_a_guest_without_a_night_is_not_put_into_a_blocked_room(house):
    house.do(
        service.block,
        room_id=house.room_id("301"),
        kind="OOO",
        reason="leak",
        start=TODAY,
        end=TODAY + 9 * DAY,
    )
    with pytest.raises(Refused, match="blocked"):
        house.do(
            stays.check_in,
            line_id=house.book(nights=0),
            room_id=house.room_id("301"),
            intent=house.new_intent(),
        )
    stay = house.do(
        stays.check_in, line_id=house.book(nights=1), room_id=house.room_id("302"), intent=house.new_intent()
    )
    house.next_day()
    with pytest.raises(Refused, match="blocked"):
        house.do(stays.change_room, stay_id=stay, room_id=house.room_id("301"), reason="noise")


def test_rooms_by_pattern_leave_out_what_nobody_wants():
    assert service.numbers_by_pattern(3, 1, 14, skip="4") == [
        "301",
        "302",
        "303",
        *(f"3{n:02d}" for n in range(5, 14)),
    ]
    assert service.numbers_by_pattern(12, 9, 10) == ["1209", "1210"]


def test_rooms_and_types_are_added_once(house):
    assert house.do(service.add_rooms, type_id=house.type_id("BIG"), numbers=["401", " 402"], floor=4)
    assert free(house, "BIG") == (6, 0)
    for numbers, why in (
        (["401"], "there already"),
        (["403", "403"], "given twice"),
        (["404", " "], "empty"),
    ):
        with pytest.raises(Refused, match=why):
            house.do(service.add_rooms, type_id=house.type_id("BIG"), numbers=numbers, floor=4)
    made = house.do(service.add_type, code="fam", name="Family")
    house.do(service.add_rooms, type_id=made, numbers=["501"], floor=5)
    assert free(house, "FAM", TODAY + 30 * DAY) == (1, 0)
    with pytest.raises(Refused, match="there already"):
        house.do(service.add_type, code="FAM", name="Family")
    house.ask(check, today=TODAY)


def test_a_room_is_blocked_for_days_after_its_guest_has_left(house):
    stay_in_301 = house.do(
        stays.check_in, line_id=house.book(nights=2), room_id=house.room_id("301"), intent=house.new_intent()
    )
    assert stay_in_301
    with pytest.raises(Refused, match="not free"):
        house.do(
            service.block,
            room_id=house.room_id("301"),
            kind="OOO",
            reason="paint",
            start=TODAY + DAY,
            end=TODAY + 3 * DAY,
        )
    house.do(
        service.block,
        room_id=house.room_id("301"),
        kind="OOO",
        reason="paint",
        start=TODAY + 2 * DAY,
        end=TODAY + 3 * DAY,
    )


def test_a_block_on_a_room_that_is_assigned_names_the_booking_and_the_freed_room_is_blocked(house):
    line = house.book("Guest Wu", start=TODAY + DAY, nights=2, room_id=house.room_id("301"))
    with pytest.raises(Refused, match=r"301 is not free: .*Guest Wu.*Give that booking another room first"):
        house.do(
            service.block,
            room_id=house.room_id("301"),
            kind="OOO",
            reason="paint",
            start=TODAY,
            end=TODAY + 2 * DAY,
        )
    house.do(
        service.block, room_id=house.room_id("301"), kind="OOO", reason="paint", start=TODAY, end=TODAY + DAY
    )  # it ends as she comes
    house.do(reservations.assign_room, line_id=line, room_id=house.room_id("302"))
    house.do(
        service.block,
        room_id=house.room_id("301"),
        kind="OOO",
        reason="paint",
        start=TODAY + DAY,
        end=TODAY + 2 * DAY,
    )
    house.ask(check, today=TODAY)
