"""Whoever leaves pays what today's clock says: late whatever departure was booked, and the night used."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pms.core import dates
from pms.core.clock import at
from pms.core.errors import NeedsApproval, NotPermitted, Refused
from pms.core.money import Money
from pms.core.office import Clerk
from pms.core.options import Options
from pms.duties import ROLES
from pms.services.folios import queries as folio_queries
from pms.services.folios import service as folios
from pms.services.guests.person import Person
from pms.services.night_audit import queries as audit_queries
from pms.services.night_audit.checks import nights as nights_check
from pms.services.reservations import queries as reservation_queries
from pms.services.rooms import queries as room_queries
from pms.services.rooms import service as rooms
from pms.services.staff import service as staff
from pms.services.stays import charges, queries, service
from pms.services.stays.service import Paid
from tests import invariants
from tests.builders import PASSWORD, TODAY, Clock, House

DAY = timedelta(days=1)
ZONE = "Asia/Shanghai"


def come(house: House, nights: int = 1, room: str = "301", **fields: object) -> int:
    line = house.book(nights=nights)
    stay: int = house.do(
        service.check_in, line_id=line, room_id=house.room_id(room), intent=house.new_intent(), **fields
    )
    return stay


def leaving(house: House, stay: int) -> queries.Leaving:
    found: queries.Leaving = house.ask(
        queries.leaving,
        stay_id=stay,
        business_date=house.house().business_date,
        now=house.now(),
        zone=ZONE,
        options=house.context_options(),
    )
    return found


@pytest.mark.parametrize("hour", [0, 5, 11.9, 12, 14, 17.9, 18, 23.9])
@pytest.mark.parametrize("arrived", [TODAY, TODAY - DAY])
@pytest.mark.parametrize("behind", [0, 1])
def test_whether_the_clock_asks_anything_needs_no_price(hour, arrived, behind):
    options, day = Options(), TODAY + behind * DAY
    clock = Clock()
    clock.set(TODAY, hour)
    charged = charges.at_check_out(options, ZONE, clock.now, day, arrived + behind * DAY, 29800, 2)
    assert charges.asks(options, ZONE, clock.now, day, arrived + behind * DAY) is (charged is not None)


def leave(house: House, stay: int, **fields: object) -> None:
    """Check out and pay what is asked."""
    due = leaving(house, stay).to_pay
    payments = [Paid("BANK", Money(due))] if due and "waive_late" not in fields else []
    house.do(
        service.check_out, stay_id=stay, **{"payments": payments, "intent": house.new_intent(), **fields}
    )


def work_as(house: House, role: str) -> None:
    house.clerk = Clerk(1, "Zhang Li", "owner", ROLES["owner"][1])
    number = house.do(staff.take_on, login=role, name=role.title(), password=PASSWORD, role=role)
    house.clerk = Clerk(number, role.title(), role, ROLES[role][1])


def charged(house: House, stay: int) -> list[tuple[str, int]]:
    return [
        (line.code, int(line.charge))
        for line in house.ask(folio_queries.folio_lines, stay_id=stay)
        if line.charge
    ]


def row(house: House, stay: int) -> queries.StayRow:
    found: queries.StayRow = house.ask(queries.stay, stay_id=stay, business_date=house.house().business_date)
    return found


def stands(house: House, stay: int) -> tuple[date, int, list[int], int, date]:
    """Return what a check-out that is taken back leaves as it was."""
    s = row(house, stay)
    line = house.ask(reservation_queries.line, line_id=s.line_id)
    return s.departure, int(s.balance), sold(house), int(line.total), line.departure


def sold(house: House, count: int = 3) -> list[int]:
    return [
        n.sold
        for n in house.ask(
            room_queries.left, type_ids=[house.type_id("BIG")], start=TODAY, end=TODAY + count * DAY
        )
    ]


def nights(house: House) -> list[tuple[date, int, int]]:
    return [
        (n.business_date, n.sold, int(n.revenue))
        for n in house.ask(audit_queries.night_counts, start=TODAY, end=TODAY + 9 * DAY)
    ]


# ------------------------------------------------------------------ late, whatever departure was booked
def test_an_extension_taken_and_dropped_the_same_day_does_not_dodge_the_charge(house):
    stay = come(house)
    house.next_day()
    house.clock.set(TODAY + DAY, 19)
    assert (leaving(house, stay).charge_code, leaving(house, stay).charge) == ("FULL", 29800)
    house.do(service.extend, stay_id=stay, departure=TODAY + 2 * DAY)
    left = leaving(house, stay)
    assert (left.charge_code, left.charge) == ("FULL", 29800)
    assert "19:00" in left.rule
    leave(house, stay)
    assert charged(house, stay) == [("ROOM", 29800), ("FULL", 29800)]


@pytest.mark.parametrize(
    ("hour", "code", "amount"), [(11.9, "", 0), (14.5, "HALF", 14900), (21, "FULL", 29800)]
)
def test_who_leaves_days_early_pays_by_the_clock(house, hour, code, amount):
    stay = come(house, nights=4)
    house.next_day()
    house.clock.set(TODAY + DAY, hour)
    left = leaving(house, stay)
    assert (left.charge_code, left.charge, left.had_night) == (code, amount, False)
    leave(house, stay)
    assert sold(house) == [1, 0, 0]
    house.next_day()
    assert nights(house) == [(TODAY, 1, 29800)]
    house.ask(invariants.check, today=TODAY + 2 * DAY)


def test_half_a_day_charged_by_hand_is_not_asked_again(house):
    stay = come(house)
    house.next_day()
    house.do(folios.charge, stay_id=stay, code="HALF", amount=Money(14900), intent="half")
    house.clock.set(TODAY + DAY, 15)
    assert leaving(house, stay).charge == 0
    house.clock.set(TODAY + DAY, 19)
    left = leaving(house, stay)
    assert (left.charge_code, left.charge) == ("HALF", 14900)  # the other half of the full day
    leave(house, stay)
    assert charged(house, stay) == [("ROOM", 29800), ("HALF", 14900), ("HALF", 14900)]


def test_a_day_charged_for_a_cent_leaves_the_rest_to_pay(house):
    stay = come(house)
    house.next_day()
    house.do(folios.charge, stay_id=stay, code="FULL", amount=Money(1), intent="cent")
    house.clock.set(TODAY + DAY, 19)
    assert leaving(house, stay).charge == 29799
    [line] = [x for x in house.ask(folio_queries.folio_lines, stay_id=stay) if x.code == "FULL"]
    house.do(folios.void, transfer_id=line.id, reason="mistyped", intent="void")
    assert leaving(house, stay).charge == 29800


def test_who_may_charge_posts_half_and_full_days(house):
    stay = come(house, nights=2)
    house.next_day()
    work_as(house, "clerk")
    assert {"HALF", "FULL"} <= {c.code for c in house.ask(folio_queries.codes)}
    house.do(folios.charge, stay_id=stay, code="FULL", amount=Money(29800), intent="full")
    work_as(house, "attendant")
    with pytest.raises(NotPermitted):
        house.do(folios.charge, stay_id=stay, code="HALF", amount=Money(14900), intent="half")


# ------------------------------------------------------------------ after midnight and before the close
def test_who_leaves_after_midnight_has_had_the_night(house):
    stay = come(house, nights=3)
    house.clock.set(TODAY + DAY, 1.5)
    left = leaving(house, stay)
    assert (left.charge_code, left.charge, left.had_night) == ("ROOM", 29800, True)
    assert "01:30" in left.rule
    assert dates.day(TODAY + DAY, year=True) in left.rule
    assert "23:59" not in left.rule
    with pytest.raises(Refused, match=r"short by 298\.00"):
        house.do(service.check_out, stay_id=stay, intent="early")
    leave(house, stay)
    assert charged(house, stay) == [("ROOM", 29800)]
    assert (row(house, stay).departure, row(house, stay).nights) == (TODAY + DAY, 1)
    assert sold(house) == [0, 0, 0]  # the room may be sold again, tonight too
    house.next_day()
    assert nights(house) == [(TODAY, 1, 29800)]
    house.ask(invariants.check, today=TODAY + DAY)


def test_who_should_have_left_and_stays_past_midnight_pays_that_night(house):
    stay = come(house)
    house.next_day()
    house.clock.set(TODAY + 2 * DAY, 0.5)
    assert (leaving(house, stay).charge_code, leaving(house, stay).charge) == ("ROOM", 29800)
    leave(house, stay)
    assert charged(house, stay) == [("ROOM", 29800), ("ROOM", 29800)]
    house.next_day()
    assert nights(house) == [(TODAY, 1, 29800), (TODAY + DAY, 1, 29800)]
    house.ask(invariants.check, today=TODAY + 2 * DAY)


def test_who_came_without_a_night_and_stays_past_midnight_pays_it(house):
    stay = come(house, nights=0)
    house.clock.set(TODAY + DAY, 2)
    leave(house, stay)
    assert charged(house, stay) == [("ROOM", 29800)]
    house.next_day()
    assert nights(house) == [(TODAY, 1, 29800)]


def test_the_room_is_sold_twice_in_one_night_and_occupancy_passes_one_hundred(house):
    for n, room in enumerate(("301", "302", "303", "304")):
        stay = come(house, room=room)
        if n == 0:
            first = stay
    house.clock.set(TODAY + DAY, 0.5)
    leave(house, first)
    house.do(rooms.set_clean, room_ids=[house.room_id("301")], clean="inspected")
    house.do(
        service.walk_in,
        room_id=house.room_id("301"),
        departure=TODAY + DAY,
        guests=[Person("Li Jianguo")],
        plan_id=1,
        intent="second",
    )
    house.next_day()
    assert nights(house) == [(TODAY, 5, 5 * 29800)]  # five nights in four rooms
    house.ask(invariants.check, today=TODAY + DAY)


def test_the_check_of_nights_finds_nothing_wrong_with_a_night_that_was_used(house):
    stay = come(house)
    house.next_day()
    house.clock.set(TODAY + 2 * DAY, 1)
    leave(house, stay)
    found = house.ask(
        audit_queries.findings, business_date=house.house().business_date, checks=(nights_check.CHECK,)
    )
    assert found == []


def test_a_free_night_that_was_used_is_counted_and_costs_nothing(house):
    stay = come(house, kind="comp")
    house.clock.set(TODAY + DAY, 1)
    assert (leaving(house, stay).charge, leaving(house, stay).had_night) == (0, True)
    leave(house, stay)
    assert row(house, stay).nights == 1
    house.next_day()
    assert charged(house, stay) == []


def test_the_night_is_waived_only_with_authority_and_is_then_no_night(house):
    stay = come(house, nights=2)
    house.clock.set(TODAY + DAY, 0.25)
    work_as(house, "clerk")
    with pytest.raises(NeedsApproval, match="night"):
        house.do(service.check_out, stay_id=stay, waive_late="left at 22:00", intent="w")
    house.clerk = Clerk(1, "Zhang Li", "owner", ROLES["owner"][1])
    leave(house, stay, waive_late="left at 22:00")
    assert charged(house, stay) == []
    house.next_day()
    assert nights(house) == []


@pytest.mark.parametrize("booked", [0, 1, 3])
@pytest.mark.parametrize("close_first", [False, True])
def test_a_check_out_after_midnight_is_taken_back_whole(house, booked, close_first):
    stay = come(house, nights=max(booked, 1) if close_first else booked)
    if close_first:
        house.next_day()
    today = house.house().business_date
    before = stands(house, stay)
    house.clock.set(today + DAY, 1)
    leave(house, stay)
    assert house.do(service.undo_check_out, stay_id=stay, reason="wrong room", intent="undo") is True
    assert stands(house, stay) == before
    house.ask(invariants.check, today=today)
    if before[0] > today:
        house.next_day()
        assert nights(house)[-1] == (today, 1, 29800)
        house.ask(invariants.check, today=today + DAY)


def test_a_night_sold_on_in_the_meantime_is_lost_to_one_who_comes_back(house):
    stay = come(house, nights=2)
    house.clock.set(TODAY + DAY, 1)
    leave(house, stay)
    house.book("Li Jianguo", start=TODAY, nights=1, room_id=house.room_id("301"))
    assert house.do(service.undo_check_out, stay_id=stay, reason="wrong room", intent="undo") is False
    assert row(house, stay).departure == TODAY
    house.ask(invariants.check, today=TODAY)


# ------------------------------------------------------------------ the rule itself
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    days=st.integers(0, 3),
    minute=st.integers(0, 24 * 60 - 1),
    arrived=st.integers(0, 3),
    price=st.integers(1, 10**6),
)
def test_exactly_one_rule_holds_at_any_minute(days, minute, arrived, price):
    """Past midnight the night; on the day of arrival the use by day; else late by the clock, and no departure
    date comes into it."""
    clock = at(TODAY + days * DAY, f"{minute // 60:02}:{minute % 60:02}", ZONE)
    found = charges.at_check_out(Options(), ZONE, clock, TODAY, TODAY - arrived * DAY, price, 2)
    if days:
        assert charges.had_night(ZONE, clock, TODAY)
        assert found is None
    elif not arrived:
        assert found is None or found.code == ("HALF" if minute < 18 * 60 else "FULL")
    else:
        wanted = "" if minute < 12 * 60 else "HALF" if minute < 18 * 60 else "FULL"
        assert (found.code if found else "") in (
            wanted,
            "",
        )  # a price below the rounding unit may cost nothing
