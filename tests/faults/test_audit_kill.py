"""The small form of ``audit_kill``: eight rooms, disturbed at some of the points, always at every commit and
every fsync."""

import errno

import pytest

from tests.faults import audit_kill, disk, hotel, papers, shim
from tests.faults.shim import FAIL, GROW, SYNC, WRITE, Call, Fault


def test_a_killed_audit_leaves_the_day_open_or_closed_and_resumes_to_the_same_books(tmp_path):
    count = audit_kill.on_sqlite(tmp_path, 8, every=8)
    assert count.faults == []
    assert 8 < count.points < count.of
    assert count.left_open > 0
    assert count.left_closed > 0


@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # psycopg drops the cursor of a connection that is gone
def test_a_cut_connection_leaves_the_day_open_or_closed_and_resumes_to_the_same_books(founded_postgres):
    count = audit_kill.on_postgres(6, every=12)
    assert count.faults == []
    assert count.left_open > 0
    assert count.left_closed > 0


def test_whatever_befalls_a_write_the_day_is_open_or_closed_and_the_office_says_so(shimmed):
    outcomes = disk.run(8, points=4, always=0)
    assert [fault for outcome in outcomes for fault in outcome.faults] == []
    assert [outcome.kind for outcome in outcomes] == [kind.name for kind in disk.KINDS]
    assert all(
        outcome.points > 0 and outcome.left_open > 0 and outcome.left_closed > 0 for outcome in outcomes
    )
    said = {
        kind.name: outcome
        for kind, outcome in zip(disk.KINDS, outcomes, strict=True)
        if kind.fault.how == FAIL
    }
    assert all(outcome.told > 0 for outcome in said.values())
    assert all(
        "not certain" in " ".join(outcome.sentences) for name, outcome in said.items() if "fsync" in name
    )
    assert all(
        "disk is full" in " ".join(outcome.sentences) for name, outcome in said.items() if "full" in name
    )


def test_reports_and_backup_are_written_whole_or_not_at_all(shimmed):
    outcomes = papers.run(4, points=1)
    assert [fault for outcome in outcomes for fault in outcome.faults] == []
    assert all(
        2 <= outcome.points < outcome.of and outcome.left_closed == outcome.points for outcome in outcomes
    )


def test_each_fsync_is_always_among_the_calls_that_are_disturbed_and_what_stands_beside_it():
    calls = [Call(of, "call", 0, "file") for of in (GROW, *[WRITE] * 20, SYNC, WRITE)]
    assert disk.chosen(calls, shim.ALL, 1, SYNC) == [11, 21, 22, 23]
    assert disk.chosen(calls, WRITE, 1, SYNC) == [10, 20, 21]
    assert disk.chosen(calls, SYNC, 1, 0) == [1]
    assert disk.chosen(calls, shim.ALL, 0, SYNC) == list(range(1, 24))


@pytest.mark.parametrize(
    ("kind", "ending", "lines", "fault"),
    [
        (Fault(FAIL, SYNC, errno.EIO), -9, ["told The disk failed."], "the fault was never met"),
        (Fault(FAIL, SYNC, errno.EIO), -9, ["hits 0"], "the fault was never met"),
        (
            Fault(FAIL, SYNC, errno.EIO),
            7,
            ["raw OSError: oh", "hits 1"],
            "not told in a sentence: OSError: oh",
        ),
        (Fault(shim.KILL_BEFORE), -9, [], ""),
        (Fault(shim.KILL_BEFORE), 0, ["harmless"], "the process ended with 0"),
    ],
)
def test_a_fault_that_strikes_nothing_and_one_that_is_not_told_are_faults_of_the_run(
    kind, ending, lines, fault
):
    outcome = disk.Outcome()
    disk.heard(outcome, disk.Kind("kind", kind), "here", ending, lines)
    assert [found.removeprefix("here: ") for found in outcome.faults][:1] == ([fault] if fault else [])


def test_a_day_that_is_half_is_called_so(tmp_path):
    """The judge is no rubber stamp: a posting too many is a fault at once, and after the resuming."""
    house = hotel.furnish(
        hotel.open_engine(hotel.sqlite_url(tmp_path / "hotel.db"), hotel.builders.SECRET), 4
    )
    count = hotel.Count()
    hotel.judge(house, hotel.Course(states=["other"]), "here", count)
    house.engine.dispose()
    assert [fault.partition(": ")[2] for fault in count.faults] == [
        "the day is half",
        "resuming ends in other books",
    ]


def test_an_audit_that_cannot_be_resumed_is_a_fault_and_does_not_end_the_run(tmp_path):
    house = hotel.furnish(
        hotel.open_engine(hotel.sqlite_url(tmp_path / "hotel.db"), hotel.builders.SECRET), 4
    )
    with house.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE account SET balance = 1 WHERE code = 'ROOM'")
    count = hotel.Count()
    hotel.judge(house, hotel.Course(states=[hotel.books(house)]), "here", count)
    house.engine.dispose()
    [fault] = count.faults
    assert fault.startswith("here: it cannot be resumed: Refused: The ledger")


def test_a_transaction_that_was_confirmed_and_is_gone_is_called_lost():
    count = hotel.Count()
    hotel.left("before", hotel.Course(states=["before", "begun", "closed"]), "here", count, 1)
    assert (count.faults, count.left_open) == (["here: what was said to be done is lost"], 1)
