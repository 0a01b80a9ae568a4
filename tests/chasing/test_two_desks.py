"""Two desks at one guest who is chased, on a server: nothing is taken twice, nobody is extended twice, each
call stands."""

import pytest

from pms.core.money import Money
from pms.db.engine import open_engine
from pms.services.chasing import queries, service
from pms.services.stays import queries as stay_queries
from pms.services.stays import service as stays
from pms.services.stays.service import Paid
from tests import builders
from tests.builders import DAY, SECRET, TODAY
from tests.faults.desks import PLACES, forced

from .test_chasing import TOMORROW, guest

pytestmark = pytest.mark.parametrize("place", PLACES)
UNTIL = TODAY + 2 * DAY


@pytest.fixture
def chased(postgres):
    """A guest who leaves today with a deposit of 300.00, and one who stays without any."""
    house = builders.office(postgres, found=False)
    house.stay = guest(house, "301", 30000, nights=1)
    house.none = guest(house, "302", nights=3, name="Qian None")
    house.next_day()
    house.clock.set(TOMORROW, 10.5)
    return house


@pytest.fixture
def other(chased):
    engine = open_engine(chased.engine.url, SECRET)
    made = builders.office(engine, found=False)
    made.station, made.clock, made.clerk = "desk-2", chased.clock, chased.clerk
    numbers = iter(range(10**6))
    made.ids = lambda: f"other-{next(numbers)}"
    yield made
    engine.dispose()


def both(chased, other, one, two, place):
    first, second, _waited = forced(
        chased, lambda: chased.do(one, intent="intent-1"), lambda: other.do(two, intent="intent-2"), place
    )
    for outcome in (first, second):
        if outcome.defect is not None:
            raise outcome.defect
    return [first.done, second.done].count(True), first.said or second.said


def take(stay, **fields):
    return service.extend_and_take.of(stay_id=stay, deposit=Paid("CASH", Money(40000)), **fields)


def stands(house, stay):
    row = house.ask(stay_queries.stay, stay_id=stay, business_date=TOMORROW)
    return row.state, row.departure, row.deposit


def log(house, stay):
    return [row.result for row in house.ask(queries.of_stay, stay_id=stay)]


def test_the_deposit_is_taken_and_the_stay_extended_once(chased, other, place):
    call = take(chased.stay, departure=UNTIL, seen=Money(30000))
    done, said = both(chased, other, call, call, place)
    assert done == 1
    assert "700.00 is held by now" in said
    assert stands(chased, chased.stay) == ("in_house", UNTIL, 70000)
    assert log(chased, chased.stay) == ["paid"]


def test_who_is_checked_out_is_not_extended_and_who_is_extended_pays_or_leaves(chased, other, place):
    leaving = stays.check_out.of(stay_id=chased.stay, refund=Paid("CASH", Money(200)))
    done, said = both(chased, other, leaving, take(chased.stay, departure=UNTIL), place)
    assert done == 1
    assert said
    state, _day, deposit = stands(chased, chased.stay)
    assert (state, deposit) in (("departed", 0), ("in_house", 70000))


def test_both_calls_stand_and_a_payment_beside_them(chased, other, place):
    first = service.call.of(stay_id=chased.none, result="promised", time="14:00")
    done, _said = both(chased, other, first, service.call.of(stay_id=chased.none, result="reached"), place)
    assert done == 2
    assert sorted(log(chased, chased.none)) == ["promised", "reached"]


def test_a_call_beside_a_check_out_is_noted_before_it_or_refused(chased, other, place):
    leaving = stays.check_out.of(stay_id=chased.stay, refund=Paid("CASH", Money(200)))
    done, said = both(
        chased, other, leaving, service.call.of(stay_id=chased.stay, result="leaves", time="11:00"), place
    )
    assert done == 2 or "has left already" in said
    assert stands(chased, chased.stay)[0] == "departed"


def test_notices_of_two_desks_have_numbers_of_their_own(chased, other, place):
    both_of_them = (chased.none, chased.stay)
    done, _said = both(
        chased,
        other,
        service.notify.of(stay_ids=both_of_them),
        service.notify.of(stay_ids=both_of_them[::-1], sheet=True),
        place,
    )
    assert done == 2
    numbers = [row.remark for s in both_of_them for row in chased.ask(queries.of_stay, stay_id=s)]
    assert sorted(numbers) == ["N-1", "N-2", "N-3", "N-4"]
