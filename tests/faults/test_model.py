"""The small form of ``model``, and that it is no rubber stamp."""

from collections.abc import Iterator

import pytest

from tests.conftest import POSTGRES, WHY_NOT
from tests.faults import model, money
from tests.faults.store import Store
from tests.faults.twin.bookings import Bookings
from tests.faults.twin.hotel import Hotel, found
from tests.night_audit.test_planted import past_the_guards


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


def test_its_money_adds_up_whatever_is_done_and_whenever_the_power_goes(store):
    count = model.run(store, steps=400, seconds=15, of_money=True)
    assert count.faults == []
    assert count.steps > 100
    assert count.crashed > 0
    assert count.retried > 0


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


FORGED = {
    "UPDATE transfer SET amount = amount + 1 WHERE id = 1": "a row of transfer has changed",
    "DELETE FROM company_allocation": "a row of company_allocation has changed",
    "UPDATE member_purse SET paid = paid + 7": "STORED: members have",
    "UPDATE member_points SET points = points + 7": "points, the moves make",
    'UPDATE company_bill SET "left" = "left" - 1': "open, its receipts leave",
    "UPDATE invoiced_stay SET invoiced = invoiced - 1": "of invoices, ",
    "UPDATE preauth SET captured = captured + 1, released = released - 1 WHERE captured > 0": "2001, paid",
    "UPDATE shift SET over_short = over_short + 1 WHERE state = 'closed'": "expected, over 1",
}


@pytest.mark.parametrize("forged", FORGED)
def test_money_that_does_not_add_up_is_named(tmp_path, forged):
    unchanged, store = money.Unchanged(), Store(tmp_path)
    store.fresh()
    with store.desk() as house:

        def told() -> list[str]:
            return house.look(lambda s: [*money.unsound(s), *unchanged.faults(s)])

        assert told() == []
        with past_the_guards(house) as connection:
            assert connection.exec_driver_sql(forged).rowcount > 0
        assert any(FORGED[forged] in fault for fault in told())
