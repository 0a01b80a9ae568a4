"""A guest who leaves on the day of arrival: charged by the bands, waived with authority, or taken back as a
mistake."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pms.core.clock import at
from pms.core.errors import NeedsApproval, Refused
from pms.core.money import Money
from pms.core.office import Clerk
from pms.core.options import Options
from pms.db import schema
from pms.db.engine import open_engine, sqlite_url
from pms.duties import ROLES
from pms.services.folios import queries as folio_queries
from pms.services.guests.person import Person
from pms.services.night_audit import queries as audit_queries
from pms.services.property import service as property_service
from pms.services.rates import queries as rate_queries
from pms.services.rates import service as rates
from pms.services.reservations import queries as reservation_queries
from pms.services.reservations import service as reservation_service
from pms.services.rooms import queries as room_queries
from pms.services.rooms import service as rooms
from pms.services.staff import service as staff
from pms.services.stays import charges, queries, service
from pms.services.stays.service import Paid
from tests import invariants
from tests.builders import PASSWORD, SECRET, SMALL, TODAY, House, office

DAY = timedelta(days=1)
ZONE = "Asia/Shanghai"


@pytest.fixture
def house(house: House) -> House:
    """The small hotel with the bands that a hotel starts with."""
    house.do(
        property_service.edit,
        name="云栖酒店",
        options=replace(house.context_options(), day_use_bands=Options().day_use_bands),
    )
    return house


def come(house: House, nights: int = 2, room: str = "301", **fields: object) -> int:
    line = house.book(nights=nights)
    stay: int = house.do(
        service.check_in, line_id=line, room_id=house.room_id(room), intent=house.new_intent(), **fields
    )
    return stay


def work_as(house: House, role: str) -> None:
    house.clerk = Clerk(1, "Zhang Li", "owner", ROLES["owner"][1])
    number = house.do(staff.take_on, login=role, name=role.title(), password=PASSWORD, role=role)
    house.clerk = Clerk(number, role.title(), role, ROLES[role][1])


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


def line_of(house: House, stay: int) -> int:
    line: int = house.ask(queries.stay, stay_id=stay, business_date=house.house().business_date).line_id
    return line


def codes(house: House, stay: int) -> list[str]:
    return [line.code for line in house.ask(folio_queries.folio_lines, stay_id=stay)]


def sold(house: House) -> list[int]:
    return [
        n.sold
        for n in house.ask(
            room_queries.left, type_ids=[house.type_id("BIG")], start=TODAY, end=TODAY + 3 * DAY
        )
    ]


@pytest.mark.parametrize(
    ("day", "hhmm", "code", "part"),
    [
        (0, "11:00", "HALF", 14900),
        (0, "17:59", "HALF", 14900),
        (0, "18:00", "FULL", 29800),
        (-1, "23:00", "HALF", 14900),
    ],
)
def test_the_use_by_day_by_the_bands(day, hhmm, code, part):
    extra = charges.at_check_out(Options(), ZONE, at(TODAY + day * DAY, hhmm, ZONE), TODAY, TODAY, 29800, 2)
    assert extra is not None
    assert (extra.code, extra.amount) == (code, part)
    assert "day of arrival" in extra.rule


def test_who_leaves_on_the_day_of_arrival_pays_half_a_day_and_sees_why(house):
    stay = come(house, deposit=Paid("CASH", Money(30000)))
    house.clock.set(TODAY, 17)
    left = leaving(house, stay)
    assert (left.charge, left.charge_code, left.to_refund) == (14900, "HALF", 30000 - 14900)
    assert "0.5 × 298.00" in left.rule
    house.do(service.check_out, stay_id=stay, refund=Paid("CASH", Money(15100)), intent="out")
    assert codes(house, stay).count("HALF") == 1
    assert sold(house) == [0, 0, 0]
    house.next_day()
    assert house.ask(audit_queries.night_counts, start=TODAY, end=TODAY + DAY) == []  # no night is counted
    house.ask(invariants.check, today=TODAY + DAY)


def test_a_booking_without_a_night_pays_by_the_bands_of_its_plan(house):
    stay = come(house, nights=0)
    assert house.ask(reservation_queries.nights, line_id=line_of(house, stay)) == []  # a price, and no night
    house.clock.set(TODAY, 17)
    assert leaving(house, stay).charge == 14900
    house.clock.set(TODAY, 20)
    assert (leaving(house, stay).charge, leaving(house, stay).charge_code) == (29800, "FULL")
    house.do(service.check_out, stay_id=stay, payments=[Paid("CASH", Money(29800))], intent="out")
    assert codes(house, stay).count("FULL") == 1


def test_the_use_by_day_at_a_price_by_hand_is_a_part_of_that_price(house):
    line = house.book(nights=0, prices=(20000,))
    stay = house.do(service.check_in, line_id=line, room_id=house.room_id("301"), intent="in")
    house.clock.set(TODAY, 17)
    assert leaving(house, stay).charge == 10000


def test_an_hour_guest_pays_half_a_day_and_no_early_arrival(house):
    house.next_day()
    house.clock.set(TODAY + DAY, 4)
    stay = come(house, nights=0)
    assert codes(house, stay) == []
    house.clock.set(TODAY + DAY, 11.5)
    assert leaving(house, stay).charge == 14900


def test_house_use_and_complimentary_stays_pay_nothing(house):
    stay = come(house, kind="comp", room="302")
    assert leaving(house, stay).charge == 0
    house.do(service.check_out, stay_id=stay, intent="out")


def test_the_charge_is_waived_only_with_authority(house):
    stay = come(house)
    work_as(house, "clerk")
    with pytest.raises(NeedsApproval, match="use by day"):
        house.do(service.check_out, stay_id=stay, waive_late="left for an emergency", intent="w")
    work_as(house, "supervisor")
    with pytest.raises(NeedsApproval, match="149.00 for the use by day is not charged"):
        house.do(service.check_out, stay_id=stay, waive_late="left for an emergency", intent="w2")
    work_as(house, "manager")
    house.do(service.check_out, stay_id=stay, waive_late="left for an emergency", intent="w3")
    assert "HALF" not in codes(house, stay)


def test_the_way_around_by_a_shorter_stay_is_closed(house):
    stay = come(house)
    with pytest.raises(Refused, match="day of arrival"):
        house.do(service.extend, stay_id=stay, departure=TODAY)
    assert sold(house) == [1, 1, 0]


def test_a_mistaken_early_check_out_gives_the_nights_and_prices_back(house):
    stay = come(house)
    house.do(service.check_out, stay_id=stay, payments=[Paid("BANK", Money(14900))], intent="out")
    assert sold(house) == [0, 0, 0]
    line = house.ask(queries.stay, stay_id=stay, business_date=TODAY).line_id
    assert house.ask(reservation_queries.line, line_id=line).total == 0
    assert house.do(service.undo_check_out, stay_id=stay, reason="wrong room", intent="undo") is True
    row = house.ask(queries.stay, stay_id=stay, business_date=TODAY)
    assert (row.state, row.departure, row.balance) == ("in_house", TODAY + 2 * DAY, 0)
    assert sold(house) == [1, 1, 0]
    assert [n.price for n in house.ask(reservation_queries.nights, line_id=line)] == [29800, 29800]
    house.next_day()
    assert house.ask(queries.stay, stay_id=stay, business_date=TODAY).balance == 29800
    house.ask(invariants.check, today=TODAY + DAY)


def test_nights_sold_in_the_meantime_stay_sold_and_the_charge_stays_right(house):
    stay = come(house)
    house.do(service.check_out, stay_id=stay, payments=[Paid("BANK", Money(14900))], intent="out")
    other = house.book("Li Jianguo", start=TODAY + DAY, nights=1, room_id=house.room_id("301"))
    assert house.do(service.undo_check_out, stay_id=stay, reason="wrong room", intent="undo") is False
    assert house.ask(queries.stay, stay_id=stay, business_date=TODAY).departure == TODAY
    assert leaving(house, stay).charge == 14900
    house.do(rooms.set_clean, room_ids=[house.room_id("302")], clean="inspected")
    house.do(reservation_service.assign_room, line_id=other, room_id=house.room_id("302"))
    house.do(service.extend, stay_id=stay, departure=TODAY + DAY)
    house.next_day()
    assert house.ask(queries.stay, stay_id=stay, business_date=TODAY).balance == 29800
    house.ask(invariants.check, today=TODAY + DAY)


def test_a_full_type_is_not_oversold_by_an_undone_check_out(house):
    stay = come(house)
    house.do(service.check_out, stay_id=stay, payments=[Paid("BANK", Money(14900))], intent="out")
    for n in range(4):
        house.book(f"Guest {n}", start=TODAY + DAY, nights=1)
    assert house.do(service.undo_check_out, stay_id=stay, reason="wrong room", intent="undo") is False
    assert sold(house)[1] == 4


def test_a_sharer_and_a_walk_in_pay_once(house):
    stay = house.do(
        service.walk_in,
        room_id=house.room_id("302"),
        departure=TODAY + DAY,
        guests=[Person("Ann Smith"), Person("Bob Smith")],
        plan_id=1,
        intent=house.new_intent(),
    )
    house.clock.set(TODAY, 18.5)
    house.do(service.check_out, stay_id=stay, payments=[Paid("CASH", Money(29800))], intent="out")
    assert codes(house, stay).count("FULL") == 1


def test_a_currency_without_minor_units_shows_none_in_any_rule(engine_of_yen):
    house = engine_of_yen
    stay = come(house, nights=1)
    house.do(rates.add_plan, code="MEM", name="Member", base_id=1, basis_points=9000, unit=1)
    house.next_day()
    house.clock.set(TODAY + DAY, 13)
    assert leaving(house, stay).rule.endswith("0.5 × 12,000")
    with pytest.raises(Refused, match="short by 18,000[.]$"):
        house.do(service.check_out, stay_id=stay, intent="out")
    quotes = [
        house.ask(
            rate_queries.quote, plan_id=plan, type_id=house.type_id("BIG"), start=TODAY, end=TODAY + DAY
        )
        for plan in (1, 2)
    ]
    assert [quote[0].rule for quote in quotes] == ["Rack 12,000", "Rack 12,000 × Member 0.9 = 10,800"]
    assert not [
        line.rule for line in house.ask(folio_queries.folio_lines, stay_id=stay) if ".00" in line.rule
    ]


@pytest.fixture
def engine_of_yen(tmp_path):
    """A hotel whose currency has no minor unit."""
    engine = open_engine(sqlite_url(tmp_path / "yen.db"), SECRET)
    schema.upgrade(engine)
    types = tuple(replace(t, price=12000, weekend=None) for t in SMALL.types)
    yield office(engine, replace(SMALL, currency="JPY", types=types))
    engine.dispose()
