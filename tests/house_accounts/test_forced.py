"""Two desks at one house account at once: one act after the other, or one desk is told."""

import pytest
from sqlalchemy import Engine

from pms.core.money import Money
from pms.db.engine import open_engine
from pms.services.house_accounts import queries, service
from tests import builders
from tests.authority.people import person
from tests.builders import SECRET
from tests.faults.desks import PLACES, forced

from .test_house_accounts import charged, do, opened, paid


@pytest.fixture
def desks(postgres: Engine):
    """Two desks of one hotel with an account that owes 50.00 of at most 100.00."""
    one, engine = builders.office(postgres, found=False), open_engine(postgres.url, SECRET)
    two = builders.office(engine, found=False)
    opened(one, limit=Money(10_000))
    charged(one, 5_000)
    yield one, two
    engine.dispose()


def balance(house) -> int:
    return house.ask(queries.account, number=1).balance


@pytest.mark.parametrize("place", PLACES)
def test_what_is_owed_is_not_paid_twice(desks, place):
    one, two = desks
    first, second, _waited = forced(one, lambda: paid(one, 5_000), lambda: paid(two, 5_000), place)
    assert (first.defect, second.defect) == (None, None)
    assert first.done != second.done
    assert balance(one) == 0


@pytest.mark.parametrize("place", PLACES)
def test_two_charges_do_not_pass_the_limit_together(desks, place):
    one, two = desks
    one.clerk = two.clerk = person(one, "clerk")
    first, second, _waited = forced(one, lambda: charged(one, 4_000), lambda: charged(two, 4_000), place)
    assert (first.defect, second.defect) == (None, None)
    assert first.done != second.done
    assert balance(one) == 9_000


@pytest.mark.parametrize("place", PLACES)
def test_nothing_is_charged_behind_a_close(desks, place):
    one, two = desks
    paid(one, 5_000)
    first, second, _waited = forced(
        one, lambda: do(one, service.close, number=1), lambda: charged(two, 100), place
    )
    assert (first.defect, second.defect) == (None, None)
    row = one.ask(queries.account, number=1)
    assert first.done != second.done
    assert row.open == bool(row.balance)
