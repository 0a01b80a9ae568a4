"""Two desks at one company's account: its limit is not passed twice, no bill is paid twice, on a server."""

import pytest

from pms.core.money import Money
from pms.db.engine import open_engine
from pms.services.companies import queries as company_queries
from pms.services.companies import service as companies
from pms.services.debts import queries, service
from pms.services.debts.billing import OnAccount
from pms.services.stays import service as stays
from tests import builders
from tests.authority.people import person
from tests.builders import SECRET
from tests.faults.desks import PLACES, forced
from tests.invariants import check

from .test_debts import booked, leave, lodge

pytestmark = pytest.mark.parametrize("place", PLACES)


@pytest.fixture
def firm(postgres):
    """A company that may owe 400.00, two guests who owe 300.00 each, and a clerk at each of two desks."""
    house = builders.office(postgres, found=False)
    house.firm = house.do(companies.add, name="Huaan", credit_limit=Money(40_000))
    house.signer = house.do(companies.add_signer, number=house.firm, name="He Ping")
    house.stays = [lodge(house, room, 30_000, room) for room in ("301", "302")]
    house.clerk = person(house, "clerk")
    return house


@pytest.fixture
def other(firm):
    engine = open_engine(firm.engine.url, SECRET)
    made = builders.office(engine, found=False)
    made.station, made.clock, made.clerk = "desk-2", firm.clock, firm.clerk
    numbers = iter(range(10**6))
    made.ids = lambda: f"other-{next(numbers)}"
    yield made
    engine.dispose()


def both(firm, other, one, two, place):
    first, second, _waited = forced(
        firm, lambda: firm.do(one, intent="intent-1"), lambda: other.do(two, intent="intent-2"), place
    )
    for outcome in (first, second):
        if outcome.defect is not None:
            raise outcome.defect
    firm.look(check, today=firm.house().business_date)
    assert firm.look(queries.owed, number=firm.firm) == booked(firm)
    assert firm.look(queries.faults) == []
    return first, second


def out(firm, stay):
    told = OnAccount(firm.firm, firm.signer)
    return stays.check_out.of(stay_id=stay, on_account=told, print_bill=False)


def test_the_limit_is_passed_by_neither_or_told_to_one(firm, other, place):
    first, second = both(firm, other, *(out(firm, stay) for stay in firm.stays), place)
    assert [first.done, second.done].count(True) == 1
    assert "limit 400.00" in (first.said or second.said)
    assert booked(firm) == 30_000


def test_a_bill_is_paid_once(firm, other, place):
    leave(firm, firm.stays[0])
    pay = [
        service.receive.of(number=firm.firm, method=method, amount=Money(30_000))
        for method in ("WIRE", "BANK")
    ]
    first, second = both(firm, other, *pay, place)
    assert [first.done, second.done].count(True) == 1
    assert "owes 0.00" in (first.said or second.said)
    assert booked(firm) == 0


def test_a_payment_and_a_check_out_taken_back_do_not_cross(firm, other, place):
    leave(firm, firm.stays[0])
    other.clerk = builders.BOSS
    first, second = both(
        firm,
        other,
        service.receive.of(number=firm.firm, method="WIRE", amount=Money(10_000)),
        stays.undo_check_out.of(stay_id=firm.stays[0], reason="wrong"),
        place,
    )
    assert (first.done, second.done) in ((True, False), (False, True))
    assert booked(firm) == (20_000 if first.done else 0)


def test_a_limit_lowered_meanwhile_counts(firm, other, place):
    other.clerk = builders.BOSS
    lower = companies.edit.of(number=firm.firm, name="Huaan", credit_limit=Money(100))
    first, second = both(firm, other, out(firm, firm.stays[0]), lower, place)
    assert first.done or "limit 1.00" in first.said
    assert second.done
    assert firm.ask(company_queries.company, number=firm.firm).credit_limit == 100
