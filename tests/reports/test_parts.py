"""Half and full days are room revenue and count as half a night and a night, in every figure."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from pms.core.figures import Figures, written
from pms.core.money import Money
from pms.services.figures import queries as figures_queries
from pms.services.folios import queries as folio_queries
from pms.services.folios import service as folios
from pms.services.guests.person import Person
from pms.services.reports import printouts, queries
from pms.services.stays import queries as stay_queries
from pms.services.stays import service
from pms.services.stays.service import Paid
from tests import invariants
from tests.builders import TODAY, House
from tests.stays.test_leaving import leave

DAY = timedelta(days=1)


def come(house: House, room: str, nights: int = 1, **fields: object) -> int:
    stay: int = house.do(
        service.walk_in,
        room_id=house.room_id(room),
        departure=house.house().business_date + nights * DAY,
        guests=[Person(f"Guest {room}")],
        plan_id=1,
        intent=house.new_intent(),
        **fields,
    )
    return stay


def charge(house: House, stay: int, code: str, amount: int) -> int:
    made: int = house.do(
        folios.charge, stay_id=stay, code=code, amount=Money(amount), intent=house.new_intent()
    )
    return made


def figures(house: House, day: date) -> Figures:
    found: Figures = house.ask(queries.figures, start=day, end=day)
    return found


def ledger(house: House, day: date) -> int:
    """Return the day's room revenue in the books themselves."""
    return sum(
        s.amount for s in house.ask(queries.by_code, start=day, end=day) if s.name in ("ROOM", "HALF", "FULL")
    )


@pytest.fixture
def closed(house: House) -> House:
    """A night with two rooms sold, one of them for half a day more, one room used by day, one line voided."""
    come(house, "301")
    evening = come(house, "302", nights=2)
    day_guest = come(house, "201", nights=0)
    charge(house, day_guest, "HALF", 12900)
    house.do(
        service.check_out, stay_id=day_guest, payments=[Paid("CASH", Money(12900))], intent=house.new_intent()
    )
    charge(house, evening, "HALF", 14900)
    wrong = charge(house, evening, "FULL", 29800)
    house.do(folios.void, transfer_id=wrong, reason="mistyped", intent=house.new_intent())
    house.next_day()
    return house


def test_half_days_are_room_revenue_and_half_nights(closed):
    f = figures(closed, TODAY)
    assert (f.sold, f.halves, f.nights) == (2, 2, "3")
    assert f.revenue == 2 * 29800 + 12900 + 14900 == ledger(closed, TODAY)
    assert f.adr == (f.revenue * 2 + 3) // 6
    assert f.occupancy == 3 * 10000 // 8
    by_type = dict(closed.ask(queries.by_type, start=TODAY, end=TODAY))
    assert (by_type["TWN"].nights, by_type["TWN"].revenue) == ("0.5", 12900)
    assert (by_type["BIG"].nights, by_type["BIG"].revenue) == ("2.5", 2 * 29800 + 14900)
    closed.ask(invariants.check, today=TODAY + DAY)


@pytest.mark.parametrize("breakdown", [queries.by_source, queries.by_segment])
def test_breakdowns_add_up_to_nights_and_revenue(closed, breakdown):
    house, parts = figures(closed, TODAY), closed.ask(breakdown, start=TODAY, end=TODAY)
    assert sum(2 * s.number + s.halves for s in parts) == house.half_nights
    assert sum(s.amount for s in parts) == house.revenue


def test_the_rows_behind_a_source_are_all_there(closed):
    rows = closed.ask(figures_queries.nights_sold, start=TODAY, end=TODAY, source="walk_in")
    assert sorted((r.room, int(r.price)) for r in rows) == [
        ("201", 12900),
        ("301", 29800),
        ("302", 14900),
        ("302", 29800),
    ]


def test_occupancy_passes_one_hundred_per_cent(house):
    stays = [come(house, room) for room in ("201", "202", "203", "204", "301", "302", "303", "304")]
    charge(house, stays[0], "FULL", 29800)
    house.next_day()
    assert figures(house, TODAY).occupancy == 9 * 10000 // 8


def test_a_late_departure_counts_on_its_own_day(house):
    stay = come(house, "301")
    house.next_day()
    house.clock.set(TODAY + DAY, 19)
    leave(house, stay)
    house.next_day()
    assert [
        (figures(house, TODAY + n * DAY).nights, figures(house, TODAY + n * DAY).revenue) for n in (0, 1)
    ] == [
        ("1", 29800),
        ("1", 29800),
    ]


def test_a_correction_after_the_close_changes_no_day(closed):
    line = next(
        x
        for s in closed.ask(stay_queries.in_house, business_date=TODAY + DAY)
        for x in closed.ask(folio_queries.folio_lines, stay_id=s.stay_id)
        if x.code == "HALF"
    )
    before = figures(closed, TODAY)
    closed.do(folios.adjust, transfer_id=line.id, reason="agreed otherwise", intent=closed.new_intent())
    for stay in closed.ask(stay_queries.departures, business_date=TODAY + DAY):
        leave(closed, stay.stay_id)
    closed.next_day()
    assert figures(closed, TODAY) == before
    assert (figures(closed, TODAY + DAY).halves, figures(closed, TODAY + DAY).revenue) == (0, 29800)


def test_more_than_a_day_is_never_counted_in_one_day(house):
    stay = come(house, "301", nights=0)
    for _n in range(3):
        charge(house, stay, "FULL", 10000)
    house.do(service.check_out, stay_id=stay, payments=[Paid("CASH", Money(30000))], intent="out")
    house.next_day()
    assert (figures(house, TODAY).halves, figures(house, TODAY).revenue) == (2, 30000)


def test_paper_writes_half_nights(closed):
    charge(closed, closed.ask(stay_queries.in_house, business_date=TODAY + DAY)[1].stay_id, "HALF", 14900)
    for stay in closed.ask(stay_queries.departures, business_date=TODAY + DAY):
        leave(closed, stay.stay_id)
    closed.next_day()
    paper = closed.ask(printouts.report, word="manager", day=TODAY + DAY)
    assert "1.5" in str(paper.to_dict())
    assert figures(closed, TODAY + DAY).nights == "1.5"


@pytest.mark.parametrize("verb", ["UPDATE night_part SET revenue = 1", "DELETE FROM night_part"])
def test_parts_of_closed_days_are_never_changed(closed, verb):
    with pytest.raises(Exception, match="never changed"), closed.engine.begin() as connection:
        connection.execute(text(verb))


@given(st.integers(0, 5000), st.integers(0, 5000), st.integers(1, 5000), st.integers(0, 10**8))
def test_ratios_count_halves(sold, halves, rooms, revenue):
    f = Figures(rooms=rooms, sold=sold, halves=halves, revenue=Money(revenue))
    whole = Figures(rooms=2 * rooms, sold=2 * sold + halves, revenue=Money(2 * revenue))
    assert (f.occupancy, f.adr) == (whole.occupancy, whole.adr)
    assert float(written(f.half_nights)) == sold + halves / 2
