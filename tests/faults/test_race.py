"""The small form of ``race``, and that the four really race."""

from collections.abc import Iterator

import pytest

from tests.conftest import POSTGRES, WHY_NOT
from tests.faults import race
from tests.faults.store import Store


@pytest.fixture(scope="module", params=["file", "server"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    if request.param == "server" and not POSTGRES:
        pytest.skip(WHY_NOT)
    made = Store(None if request.param == "server" else tmp_path_factory.mktemp("busy"))
    yield made
    made.drop()


def test_four_processes_race_and_one_wins(store):
    count = race.run(store, rounds=len(race.KINDS) + 1)
    assert count.faults == []
    assert dict(count.by_kind) == dict.fromkeys([kind.__name__ for kind in race.KINDS] + ["audit"], 1)
    assert count.won > count.rounds


def test_four_processes_race_and_the_schema_alone_lets_one_win(store):
    """Without the program's checks and locks more is given back than is held, and the last article is sold
    four times: the rounds are real."""
    count = race.run(store, rounds=len(race.KINDS) + 1, bare=True)
    assert count.faults == []
    assert {kind.__name__ for kind in race.BARE} <= set(count.by_kind)
    assert count.through["deposit"] == count.through["article"] == 1
