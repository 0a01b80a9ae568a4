"""Two desks at once at a channel's account: a stay is credited once, a bill is paid once, on a server."""

import pytest

from pms.core.money import Money
from pms.db.engine import open_engine
from pms.services.settlements import queries, service
from pms.services.stays import service as stays
from tests import builders
from tests.builders import SECRET
from tests.faults.desks import PLACES, forced
from tests.invariants import check

from .made import PRICE, guest_in, leave, number_of, owed, told

pytestmark = pytest.mark.parametrize("place", PLACES)


@pytest.fixture
def inn(postgres):
    """A hotel on a server."""
    return builders.office(postgres, found=False)


@pytest.fixture
def other(inn):
    engine = open_engine(inn.engine.url, SECRET)
    made = builders.office(engine, found=False)
    made.station, made.clock, made.clerk = "desk-2", inn.clock, inn.clerk
    numbers = iter(range(10**6))
    made.ids = lambda: f"other-{next(numbers)}"
    yield made
    engine.dispose()


def both(inn, other, one, two, place):
    first, second, _waited = forced(
        inn, lambda: inn.do(one, intent="intent-1"), lambda: other.do(two, intent="intent-2"), place
    )
    for outcome in (first, second):
        if outcome.defect is not None:
            raise outcome.defect
    inn.look(check, today=inn.house().business_date)
    assert inn.look(queries.faults) == []
    owed(inn)
    return first, second


def pays(inn, amount):
    return service.receive.of(number=number_of(inn), method="WIRE", amount=Money(amount))


def out(stay):
    return stays.check_out.of(stay_id=stay, print_bill=False)


def test_a_bill_is_paid_once(inn, other, place):
    guest_in(inn)
    first, second = both(inn, other, pays(inn, 2 * PRICE), pays(inn, 2 * PRICE), place)
    assert [first.done, second.done].count(True) == 1
    assert owed(inn) == 0


def test_the_first_two_guests_of_a_channel_open_one_account(inn, other, place):
    lines = [inn.book(name, prices=(PRICE, PRICE), **told(inn, reference=name)) for name in ("one", "two")]
    calls = [
        stays.check_in.of(line_id=line, room_id=inn.room_id(room))
        for line, room in zip(lines, ("301", "302"), strict=True)
    ]
    first, second = both(inn, other, *calls, place)
    assert first.done
    assert second.done
    assert owed(inn) == 4 * PRICE


def test_a_check_out_while_the_channel_pays(inn, other, place):
    stay = guest_in(inn, nights=3)
    inn.next_day()
    first, second = both(inn, other, out(stay), pays(inn, PRICE), place)
    assert first.done
    assert second.done
    assert owed(inn) == 0


def test_a_rest_goes_back_once(inn, other, place):
    stay = guest_in(inn, nights=3)
    inn.next_day()
    first, second = both(inn, other, out(stay), out(stay), place)
    assert [first.done, second.done].count(True) == 1
    assert owed(inn) == PRICE


def test_a_guest_is_credited_once(inn, other, place):
    from sqlalchemy import update

    from pms.services.stays.models import Stay

    stay = guest_in(inn, payer="guest")
    with inn.engine.begin() as connection:
        connection.execute(update(Stay).where(Stay.id == stay).values(payer="channel"))
    call = stays.credit_order.of(stay_id=stay)
    first, second = both(inn, other, call, call, place)
    assert [first.done, second.done].count(True) == 1
    assert owed(inn) == 2 * PRICE
    leave(inn, stay)
