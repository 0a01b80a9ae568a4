"""The small form of ``kill`` and ``writes``, and that the judge is no rubber stamp."""

from collections.abc import Iterator

import pytest

from tests.conftest import POSTGRES, WHY_NOT
from tests.faults import acts, disk, kill, writes
from tests.faults.shim import Call
from tests.faults.store import Store

pytestmark = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # psycopg drops the cursor of a connection that is gone


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("busy"))


@pytest.fixture(scope="module", params=["file", "server"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    if request.param == "file":
        yield request.getfixturevalue("file")
        return
    if not POSTGRES:
        pytest.skip(WHY_NOT)
    made = Store(None)
    yield made
    made.drop()


def test_a_killed_operation_leaves_all_or_nothing_and_is_done_once(store):
    counts = kill.statements(store, seconds=3, least=6)
    assert [fault for count in counts for fault in count.faults] == []
    assert all(6 <= count.points < count.of for count in counts)
    assert counts[0].undone > 0
    assert counts[0].done > 0
    assert all(count.told > 0 for count in counts[1:])


def test_whatever_befalls_a_write_it_is_told_truly_and_done_once(shimmed):
    counts = writes.run(seconds=3)
    assert [fault for count in counts for fault in count.faults] == []
    assert [count.kind for count in counts] == [*(kind.name for kind in disk.KINDS), "a restore"]
    assert all(kill.LEAST_OF_WRITES <= count.points <= count.of for count in counts)
    assert all(count.told > 0 for count in counts if "goes on" in count.kind)
    assert counts[-1].done > 0
    assert counts[-1].undone > 0


def test_a_charge_that_is_done_twice_is_a_fault(file, monkeypatch):
    ready, keys = acts.ready, iter(range(10**6))

    def anew(house, facts, act, *, intent):
        return lambda: ready(house, facts, act, intent=f"{intent}-{next(keys)}")()

    monkeypatch.setattr(kill.acts, "ready", anew)
    count = kill.Count()
    with file.desk() as house:
        trial = kill.Trial(file, house)
        kill.at_statements(trial, "folios:charge", kill.killed, count, lambda _points: [kill.BEHIND])
    assert any("tried again, it ends otherwise in" in fault for fault in count.faults)


@pytest.mark.parametrize(
    ("found", "told", "fault"),
    [
        ({"a": "half"}, "", "half, in a"),
        ({"a": "before"}, "done", "it was told that it is done, and it is not"),
        ({"a": "after"}, "Nothing was saved.", "it was told that nothing was saved, and it was"),
        ({"a": "after"}, "It is not certain whether it was saved.", ""),
        ({"a": "before"}, "Nothing was saved.", ""),
    ],
)
def test_a_word_that_is_not_true_is_a_fault(file, found, told, fault):
    count = kill.Count()
    course = kill.Course([], kill.Books({"a": "before"}), kill.Books({"a": "after"}))
    with file.desk() as house:
        kill.Trial(file, house).judge("here", "x", kill.Books(found), course, told, count)
    assert [said.removeprefix("here: ") for said in count.faults[:1]] == ([fault] if fault else [])


def test_a_name_that_is_not_on_the_disk_is_a_fault():
    renamed, synced = Call(4, "rename", 0, "hotel.db"), Call(2, "fsync", 0, "")
    assert writes.unsynced([synced, renamed]) == ["hotel.db"]
    assert writes.unsynced([renamed, synced]) == []
