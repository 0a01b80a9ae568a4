"""Two desks at joined rooms: a room is in one party only, what is owed is paid and handed over once."""

import pytest

from pms.core.money import Money
from pms.services.folios import queries, service
from pms.services.stays import joined, joining
from pms.services.stays import service as stays
from pms.services.stays.joining import Due
from tests.faults.desks import PLACES
from tests.faults.test_forced import both, house, other, stay_in  # noqa: F401 - fixtures

pytestmark = pytest.mark.parametrize("place", PLACES)


@pytest.fixture
def rooms(house):  # noqa: F811
    """Two joined rooms, the first of which owes 100.00, and a third."""
    made = [stay_in(house, number) for number in ("301", "302", "303")]
    house.do(joining.join, stay_id=made[0], with_stay_id=made[1], intent="j")
    house.do(service.charge, stay_id=made[0], code="LAUNDRY", amount=Money(10000), intent="c")
    return made


def owed(desk, stay):
    return sum(int(f.balance) for f in desk.look(queries.folios, stay_id=stay) if f.ledger == "guest")


def test_a_room_is_joined_and_parted_one_after_the_other(house, other, place, rooms):  # noqa: F811
    join = joining.join.of(stay_id=rooms[2], with_stay_id=rooms[0])
    first, second = both(house, other, join, joining.part.of(stay_id=rooms[0]), place)
    assert (first.done, second.done) == (True, True)
    assert house.look(joined.beside, stay_id=rooms[0]) == []
    assert house.look(joined.beside, stay_id=rooms[1]) == ["303"]


def test_the_rest_is_handed_over_once(house, other, place, rooms):  # noqa: F811
    over = joining.hand_over.of(stay_id=rooms[0], to_stay_id=rooms[1])
    first, second = both(house, other, over, over, place)
    assert first.done
    assert not second.done
    assert (owed(house, rooms[0]), owed(house, rooms[1])) == (0, 10000)


def test_who_leaves_is_not_paid_for_any_more(house, other, place, rooms):  # noqa: F811
    house.do(joining.hand_over, stay_id=rooms[0], to_stay_id=rooms[1], intent="over")
    out = stays.check_out.of(stay_id=rooms[0], cards_back=0)
    pay = joining.pay_joined.of(parts=[Due(rooms[0], Money(500)), Due(rooms[1], Money(500))], method="CASH")
    first, second = both(house, other, out, pay, place)
    assert first.done
    assert not second.done
    assert (owed(house, rooms[0]), owed(house, rooms[1])) == (0, 10000)
