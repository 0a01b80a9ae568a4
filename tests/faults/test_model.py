"""The small form of ``model``, and that it is no rubber stamp."""

from collections.abc import Iterator

import pytest

from tests.conftest import POSTGRES, WHY_NOT
from tests.faults import model
from tests.faults.store import Store
from tests.faults.twin.bookings import Bookings
from tests.faults.twin.hotel import Hotel, found


@pytest.fixture(params=["file", "server"])
def store(request: pytest.FixtureRequest, tmp_path) -> Iterator[Store]:
    if request.param == "server" and not POSTGRES:
        pytest.skip(WHY_NOT)
    made = Store(None if request.param == "server" else tmp_path, found)
    yield made
    made.drop()


def test_a_hotel_does_what_its_twin_says(store):
    count = model.run(store, steps=600, seconds=12)
    assert count.faults == []
    assert count.steps > 50
    assert count.refused > 10
    assert sum(count.done.values()) > 10
    assert count.compared > 2


@pytest.fixture
def hotel(tmp_path) -> Iterator[Hotel]:
    made = Store(tmp_path, found)
    made.fresh()
    with made.desk() as house:
        yield Hotel(house, 1, model.PER_DAY)


@pytest.mark.parametrize(
    ("forged", "name"),
    [
        ("UPDATE room SET clean = 'dirty' WHERE id = 3", "('tile', 3)"),
        ("UPDATE shop_stock SET quantity = 1", "('stock', 1)"),
        ("INSERT INTO member_purse (member_id, paid, gift) VALUES (1, 7, 0)", "('stored', 1)"),
        ("UPDATE inventory SET total = 3 WHERE type_id = 1", "('sold of', 1,"),
    ],
)
def test_what_is_otherwise_in_the_hotel_is_named(hotel, forged, name):
    assert hotel.differences() == []
    with hotel.house.engine.begin() as connection:
        connection.exec_driver_sql(forged)
    assert any(name in difference for difference in hotel.differences())


def test_a_rule_that_the_hotel_does_not_keep_is_a_fault_that_ends_the_life(tmp_path, monkeypatch):
    monkeypatch.setattr(Bookings, "price", lambda _self, _type, _night: 12345)
    count = model.run(Store(tmp_path, found), steps=1500, seconds=30)
    assert any("'account'" in fault and "by the rules" in fault for fault in count.faults)


def test_a_life_is_the_same_again(tmp_path):
    store = Store(tmp_path, found)
    one, two = (model.run(store, steps=150) for _n in range(2))
    assert one.done == two.done
    assert one.refused == two.refused
