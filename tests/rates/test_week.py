"""Prices by type and weekday: set in one act, and what the list of the week shows is what a night is charged
with; on both engines."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pms.core.errors import NotPermitted, Refused
from pms.core.money import Money
from pms.services.folios import queries as folio_queries
from pms.services.guests.person import Person
from pms.services.rates import pricing, queries, service
from pms.services.rates.service import WeekPrice
from pms.services.stays import queries as stay_queries
from pms.services.stays import service as stays
from tests.authority.people import person
from tests.builders import TODAY

DAY = timedelta(days=1)
YEAR = 364 * DAY


def shown(house, start=TODAY, end=TODAY + YEAR, plan_id=1):
    """Return the list of the week by code and weekday."""
    codes = {house.type_id(code): code for code in ("BIG", "TWN")}
    found = house.ask(queries.week, plan_id=plan_id, type_ids=list(codes), start=start, end=end)
    return {(codes[x.type_id], x.weekday): x for x in found}


def test_a_week_of_prices_is_set_in_one_act(house):
    big, twin = house.type_id("BIG"), house.type_id("TWN")
    wanted = [WeekPrice(big, 0b0001111, Money(27800)), WeekPrice(twin, 0b1100000, Money(33300))]
    house.do(service.set_week, plan_id=1, start=TODAY, end=TODAY + YEAR, prices=wanted)
    week = shown(house)
    assert [week[("BIG", n)].prices for n in range(7)] == [(27800,)] * 4 + [(29800,)] * 2 + [(26800,)]
    assert [week[("TWN", n)].prices for n in range(7)] == [(25800,)] * 4 + [(29800,)] + [(33300,)] * 2
    assert not any(x.lacks for x in week.values())


def test_a_price_that_cannot_be_leaves_the_whole_week_as_it_was(house):
    big = house.type_id("BIG")
    before = shown(house)
    gold = house.do(service.add_plan, code="GOLD", name="Gold", base_id=1, basis_points=9000)
    good = WeekPrice(big, 1, Money(10000))
    for wrong, words in (
        ({"prices": [good, WeekPrice(big, 2, Money(-1))]}, "not negative"),
        ({"prices": [good, WeekPrice(big, 0, Money(1))]}, "at least one weekday"),
        ({"prices": [good], "end": TODAY - DAY}, "ends before it begins"),
        ({"prices": []}, "No price was changed"),
        ({"prices": [good], "plan_id": gold}, "follows another plan"),
    ):
        with pytest.raises(Refused, match=words):
            house.do(service.set_week, **{"plan_id": 1, "start": TODAY, "end": TODAY + YEAR, **wrong})
    assert shown(house) == before
    house.clerk = person(house, "clerk")
    with pytest.raises(NotPermitted):
        house.do(service.set_week, plan_id=1, start=TODAY, end=TODAY + YEAR, prices=[good])


def test_a_period_too_long_to_show_is_refused_in_words(house):
    with pytest.raises(Refused, match="at most 1100 days"):
        shown(house, end=TODAY + 1101 * DAY)


def test_a_night_is_charged_with_what_the_week_shows(house):
    """The price list, the stay and the folio after the close say one and the same of the same night."""
    big = house.type_id("BIG")
    tonight = 1 << TODAY.weekday()
    house.do(
        service.set_week,
        plan_id=1,
        start=TODAY,
        end=TODAY + 30 * DAY,
        prices=[WeekPrice(big, tonight, Money(31500)), WeekPrice(big, 127 & ~tonight, Money(27700))],
    )
    stay = house.do(
        stays.walk_in,
        room_id=house.room_id("301"),
        departure=TODAY + 3 * DAY,
        guests=[Person("Chen Zhiyuan")],
        plan_id=1,
        intent=house.new_intent(),
    )
    week = shown(house, end=TODAY + 30 * DAY)
    listed = [week[("BIG", (TODAY + n * DAY).weekday())].prices for n in range(3)]
    assert listed == [(31500,), (27700,), (27700,)]
    nights = house.ask(stay_queries.nights_to_come, stay_id=stay, business_date=TODAY)
    assert [(n.price,) for n in nights] == listed
    house.next_day()
    charged = house.ask(folio_queries.folio_lines, stay_id=stay)
    assert [x.charge for x in charged if x.business_date == TODAY] == [31500]


_CODES = st.sampled_from(["BIG", "TWN"])
_PRICES = st.integers(0, 99999).map(Money)
_WEEKS = st.lists(
    st.tuples(
        st.integers(0, 60),
        st.integers(0, 60),
        st.lists(
            st.tuples(st.sampled_from(["BIG", "TWN"]), st.integers(1, 127), _PRICES), min_size=1, max_size=4
        ),
    ),
    min_size=1,
    max_size=5,
)


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # each example reads what stands before it
)
@given(weeks=_WEEKS)
def test_whatever_was_set_last_for_a_night_is_what_it_costs(house, weeks):
    numbers = {code: house.type_id(code) for code in ("BIG", "TWN")}
    expected = {(code, n): price for code in numbers for n, price in enumerate(priced(house, numbers[code]))}
    for first, last, prices in weeks:
        first, last = min(first, last), max(first, last)
        house.do(
            service.set_week,
            plan_id=1,
            start=TODAY + first * DAY,
            end=TODAY + last * DAY,
            prices=[WeekPrice(numbers[code], bits, price) for code, bits, price in prices],
        )
        for code, bits, price in prices:
            for n in range(first, last + 1):
                if bits >> (TODAY + n * DAY).weekday() & 1:
                    expected[(code, n)] = price
    found = shown(house, end=TODAY + 60 * DAY)
    for code, type_id in numbers.items():
        assert priced(house, type_id) == [expected[(code, n)] for n in range(61)]
    for (code, weekday), cell in found.items():
        days = [n for n in range(61) if (TODAY + n * DAY).weekday() == weekday]
        assert set(cell.prices) == {expected[(code, n)] for n in days}


def priced(house, type_id):
    """Return what the charge takes for each of the nights."""
    nights = [TODAY + n * DAY for n in range(61)]
    return house.look(
        lambda session: [n.price for n in pricing.quote(session, plan_id=1, type_id=type_id, nights=nights)]
    )
