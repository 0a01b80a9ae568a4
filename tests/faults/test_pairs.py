"""The small form of ``pairs``, and that it is no rubber stamp."""

from collections.abc import Iterator

import pytest

from pms.db.work import Work
from tests.conftest import POSTGRES, WHY_NOT
from tests.faults import pairs
from tests.faults.desks import PLACES, WRITTEN
from tests.faults.store import Store


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("busy"))


@pytest.fixture(scope="module")
def server() -> Iterator[Store]:
    if not POSTGRES:
        pytest.skip(WHY_NOT)
    made = Store(None)
    yield made
    made.drop()


def test_two_desks_are_told_what_they_would_be_told_one_after_the_other(server, file):
    count = pairs.run(server, file, seconds=12)
    assert count.faults == []
    assert 2 < count.pairs <= count.of


@pytest.mark.parametrize("place", PLACES)
def test_a_lock_that_is_taken_away_is_missed(server, file, monkeypatch, place):
    """Without it a block is lifted twice, and the pair is called by its name."""
    monkeypatch.setattr(Work, "hold", lambda self, table, key: self.session.get_one(table, key))
    monkeypatch.setattr("tests.holding.NOT_HELD", {"block": "", "room": "", "property": ""})
    count = pairs.Count()
    pairs.pair(server, pairs.Orders(file), "rooms:unblock", "rooms:unblock", place, count)
    assert count.pairs == 1
    if place == WRITTEN:
        assert any("neither order" in fault or "not sound" in fault for fault in count.faults), count


def test_books_that_no_order_leaves_are_named(file):
    """What was told alone does not prove it: the books are compared table by table."""
    orders = pairs.Orders(file)
    before, _behind = orders.both("rooms:set_clean", "rooms:set_remarks")
    told = tuple(pairs.Outcome(done=True) for _desk in range(2))
    books = pairs.Books(before.books | {"room": "other"})
    [fault] = pairs.judge("rooms:set_clean", "rooms:set_remarks", told, books, orders)
    assert "unlike in ['room', 'room']" in fault
    assert list(pairs.judge("rooms:set_clean", "rooms:set_remarks", told, before.books, orders)) == []
