"""The room revenue of the figures and of the books: what lies between them is explained, to the cent."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pms.core.errors import Refused
from pms.core.money import Money
from pms.services.folios import queries as folio_queries
from pms.services.folios import service as folios
from pms.services.guests.person import Person
from pms.services.property import service as property_service
from pms.services.reports import printouts, queries, turnover
from pms.services.reports.bridges import RoomBridge, room_bridge
from pms.services.reports.page import Page
from pms.services.reports.rolls import ROLLS
from pms.services.stays import service as stays
from tests import invariants
from tests.builders import TODAY, House

DAY = timedelta(days=1)


def come(house: House, room: str = "301", nights: int = 3) -> int:
    made: int = house.do(
        stays.walk_in,
        room_id=house.room_id(room),
        departure=house.house().business_date + nights * DAY,
        guests=[Person(f"Guest {room}")],
        plan_id=1,
        intent=house.new_intent(),
    )
    return made


def lines(house: House, stay: int, code: str) -> list[int]:
    found = house.ask(folio_queries.folio_lines, stay_id=stay)
    return [x.id for x in found if x.code == code and x.reverses is None and not x.reversed]


def adjust(house: House, line: int) -> None:
    house.do(folios.adjust, transfer_id=line, reason="agreed otherwise", intent=house.new_intent())


def rebate(house: House, line: int, amount: int) -> int:
    made: int = house.do(
        folios.rebate, transfer_id=line, amount=Money(amount), reason="no water", intent=house.new_intent()
    )
    return made


def bridge(house: House, start, end=None) -> RoomBridge:
    found: RoomBridge = house.ask(room_bridge, start=start, end=end or start)
    return found


def test_a_night_taken_back_after_its_close_is_a_line_between_figures_and_books(house):
    stay = come(house)
    house.next_day()
    [night] = lines(house, stay, "ROOM")
    adjust(house, night)
    house.next_day()
    assert bridge(house, TODAY, TODAY + DAY) == RoomBridge(Money(59600), Money(-29800), Money(29800))
    assert bridge(house, TODAY) == RoomBridge(Money(29800), Money(0), Money(29800))
    assert bridge(house, TODAY + DAY) == RoomBridge(Money(29800), Money(-29800), Money(0))
    assert house.ask(queries.figures, start=TODAY, end=TODAY + DAY).revenue == 59600  # no closed day changes


def test_a_rebate_of_a_part_is_a_correction_net_of_its_tax(house):
    options = replace(house.context_options(), tax_basis_points=600, tax_included=True)
    house.do(property_service.edit, name="云栖酒店", options=options)
    stay = come(house)
    house.next_day()
    [night] = lines(house, stay, "ROOM")
    rebate(house, night, 10600)
    house.next_day()
    found = bridge(house, TODAY + DAY)
    assert (found.sold, found.corrections, found.rest) == (28113, -10000, 0)  # 298.00 / 1.06; 106.00 / 1.06
    assert found.books == 18113


def test_a_rebate_that_is_voided_the_same_day_corrects_nothing(house):
    stay = come(house)
    house.next_day()
    [night] = lines(house, stay, "ROOM")
    given_back = rebate(house, night, 5000)
    house.do(folios.void, transfer_id=given_back, reason="mistyped", intent=house.new_intent())
    house.next_day()
    assert bridge(house, TODAY + DAY) == RoomBridge(Money(29800), Money(0), Money(29800))


def test_a_void_on_the_same_day_is_no_correction(house):
    stay = come(house)
    made = house.do(folios.charge, stay_id=stay, code="HALF", amount=Money(14900), intent="half")
    house.do(folios.void, transfer_id=made, reason="mistyped", intent="void")
    house.next_day()
    assert bridge(house, TODAY) == RoomBridge(Money(29800), Money(0), Money(29800))


def test_an_early_arrival_is_room_revenue_and_half_a_night(house):
    house.clock.set(TODAY, 8)  # from 06:00 half a day is charged
    stay = come(house)
    [early] = lines(house, stay, "EARLY")
    house.next_day()
    found = house.ask(queries.figures, start=TODAY, end=TODAY)
    assert (found.sold, found.halves, found.nights, found.revenue) == (1, 1, "1.5", 29800 + 14900)
    assert bridge(house, TODAY) == RoomBridge(Money(44700), Money(0), Money(44700))
    adjust(house, early)
    house.next_day()
    assert bridge(house, TODAY, TODAY + DAY).corrections == -14900


def test_a_guest_let_in_after_the_close_and_taken_back_leaves_no_revenue(house):
    line = house.book(nights=2, state="guaranteed")
    house.next_day()
    house.clock.set(TODAY + DAY, 3)
    stay = house.do(stays.check_in, line_id=line, room_id=house.room_id("301"), intent="in")
    house.do(stays.undo_check_in, stay_id=stay, reason="wrong guest", intent="undo")
    house.next_day()
    found = bridge(house, TODAY + DAY)
    assert (found.sold, found.books, found.rest) == (0, 0, 0)


@pytest.mark.parametrize("build", [turnover.revenue, ROLLS["revenue"]])
def test_the_daily_revenue_shows_the_line(house, build):
    stay = come(house)
    house.next_day()
    adjust(house, lines(house, stay, "ROOM")[0])
    house.next_day()
    page = house.ask(lambda s: Page(s, TODAY + DAY, 2, "Asia/Shanghai"))
    blocks = house.ask(lambda s: build(replace(page, session=s)))
    rows = [r.cells for b in blocks for r in getattr(b, "rows", ()) if "corrections" in str(r.cells[0])]
    assert [cells[1:3] for cells in rows] == [("−298.00", "−298.00")]
    books = [r.cells for b in blocks for r in getattr(b, "rows", ()) if "= room revenue" in str(r.cells[0])]
    assert [cells[1:3] for cells in books] == [("0.00", "298.00")]


def test_the_sum_of_debits_is_not_called_turnover(house):
    come(house)
    house.next_day()
    slip = house.ask(printouts.report, word="audit_record", day=TODAY)
    assert "Sum of all debits" in str(slip.to_dict())
    assert "urnover" not in str(slip.to_dict())


STEP = st.tuples(
    st.sampled_from(["HALF", "FULL", "void", "adjust", "rebate", "unrebate", "early", "close"]),
    st.integers(0, 9),
)


@given(steps=st.lists(STEP, min_size=4, max_size=16), tax=st.sampled_from([0, 600]), included=st.booleans())
@settings(deadline=None)
def test_nothing_is_ever_left_unexplained(fresh, steps, tax, included):
    with fresh() as house:
        options = replace(house.context_options(), tax_basis_points=tax, tax_included=included)
        house.do(property_service.edit, name="云栖酒店", options=options)
        stay = come(house, nights=30)
        rooms = iter(("201", "202", "203", "204", "302", "303", "304"))
        for what, n in [*steps, ("close", 0)]:
            try:
                _step(house, stay, what, n, rooms)
            except Refused:
                continue
        today = house.house().business_date
        for day in range((today - TODAY).days):
            assert bridge(house, TODAY + day * DAY).rest == 0
        whole = bridge(house, TODAY, today - DAY)
        assert whole.books == whole.sold + whole.corrections
        house.ask(invariants.check, today=today)


def _step(house: House, stay: int, what: str, n: int, rooms) -> None:
    today = house.house().business_date
    if what in ("HALF", "FULL"):
        amount = Money(10000 + 777 * n)
        house.do(folios.charge, stay_id=stay, code=what, amount=amount, intent=house.new_intent())
    elif what == "close":
        house.next_day()
    elif what == "early":
        house.clock.set(today, 8)
        come(house, next(rooms, "301"), nights=20)
    else:
        found = [i for code in ("ROOM", "HALF", "FULL") for i in lines(house, stay, code)]
        if what == "unrebate":
            found = lines(house, stay, "ADJUST")
        if not found:
            return
        line = found[n % len(found)]
        if what == "rebate":
            rebate(house, line, 1000 + 333 * n)
        elif what == "adjust":
            adjust(house, line)
        else:
            house.do(folios.void, transfer_id=line, reason="mistyped", intent=house.new_intent())
