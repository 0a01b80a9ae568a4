"""Two desks at one stay's invoices: no more is invoiced than was paid, none is issued twice, on a server."""

import pytest

from pms.core.money import Money
from pms.db.engine import open_engine
from pms.services.folios import service as folios
from pms.services.invoices import queries, service
from pms.services.stays import service as stays
from tests import builders
from tests.builders import SECRET, TODAY
from tests.faults.desks import PLACES, forced
from tests.invoices.test_invoices import BLUE, BUYER, OTHER, RED

pytestmark = pytest.mark.parametrize("place", PLACES)


@pytest.fixture
def paid(postgres):
    """A guest who was charged 594.00 and paid it, and an invoice over 100.00 that is wanted."""
    house = builders.office(postgres, found=False)
    house.stay = house.do(
        stays.check_in, line_id=house.book("Guo Na"), room_id=house.room_id("301"), intent=house.new_intent()
    )
    money = {"stay_id": house.stay, "amount": Money(59400)}
    house.do(folios.charge, code="MINIBAR", intent=house.new_intent(), **money)
    house.do(folios.pay, method="CASH", intent=house.new_intent(), **money)
    return house


@pytest.fixture
def other(paid):
    engine = open_engine(paid.engine.url, SECRET)
    made = builders.office(engine, found=False)
    made.station, made.clock, made.clerk = "desk-2", paid.clock, paid.clerk
    numbers = iter(range(10**6))
    made.ids = lambda: f"other-{next(numbers)}"
    yield made
    engine.dispose()


def both(paid, other, one, two, place):
    first, second, _waited = forced(
        paid, lambda: paid.do(one, intent="intent-1"), lambda: other.do(two, intent="intent-2"), place
    )
    for outcome in (first, second):
        if outcome.defect is not None:
            raise outcome.defect
    return [first.done, second.done].count(True), first.said or second.said


def left(paid):
    return paid.ask(queries.whose, text="", stay_id=paid.stay).left


def want(paid, amount):
    return service.want.of(stay_id=paid.stay, amount=Money(amount), **BUYER)


def test_the_rest_is_invoiced_once(paid, other, place):
    done, said = both(paid, other, want(paid, 59400), want(paid, 59400), place)
    assert done == 1
    assert "0.00 of this stay can be invoiced" in said
    assert left(paid) == 0


def test_one_that_is_wanted_is_issued_or_called_off(paid, other, place):
    number = paid.do(want(paid, 59400), intent="a")
    issued = service.issue.of(number=number, serial=BLUE, issued_on=TODAY)
    done, said = both(paid, other, issued, service.drop.of(number=number, reason="no"), place)
    assert done == 1
    assert "I-1" in said
    stands = paid.ask(queries.invoice, number=number).state == "issued"
    assert left(paid) == (0 if stands else 59400)


def test_it_is_taken_back_once(paid, other, place):
    number = paid.do(want(paid, 59400), intent="a")
    paid.do(service.issue, number=number, serial=BLUE, issued_on=TODAY)
    red = {"number": number, "amount": Money(59400), "reason": "error", "issued_on": TODAY}
    acts = [service.take_back.of(serial=serial, **red) for serial in (OTHER, RED)]
    done, said = both(paid, other, *acts, place)
    assert done == 1
    assert "0.00 of I-1 is left" in said
    assert left(paid) == 59400
