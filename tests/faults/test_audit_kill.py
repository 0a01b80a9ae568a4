"""The small form of ``audit_kill``: eight rooms, killed at some of the statements and at every commit."""
import pytest

from tests.faults import audit_kill


def test_a_killed_audit_leaves_the_day_open_or_closed_and_resumes_to_the_same_books(tmp_path):
    count = audit_kill.on_sqlite(tmp_path, 8, every=8)
    assert count.faults == []
    assert count.points > 8
    assert count.left_open > 0
    assert count.left_closed > 0


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # psycopg drops the cursor of a connection that is gone
def test_a_cut_connection_leaves_the_day_open_or_closed_and_resumes_to_the_same_books(founded_postgres):
    count = audit_kill.on_postgres(6, every=12)
    assert count.faults == []
    assert count.left_open > 0
    assert count.left_closed > 0


def test_a_day_that_is_half_is_called_so(tmp_path):
    """The judge is no rubber stamp: a posting too many is a fault at once, and after the resuming."""
    house = audit_kill.furnish(audit_kill.open_engine(audit_kill.sqlite_url(tmp_path / "hotel.db"), audit_kill.builders.SECRET), 4)
    count, course = audit_kill.Count(), audit_kill.Course(states=["other"], end="other")
    audit_kill.judge(house, course, 1, count)
    house.engine.dispose()
    assert [fault.partition(": ")[2] for fault in count.faults] == ["the day is half", "resuming ends in other books"]
