"""No task costs the hand more than it may."""
from tests.effort import run
from tests.ui.checks import dress


def test_every_task_is_done_within_its_keys(qapp):
    try:
        rows = run.measure()
    finally:
        dress(run.LOOK)
    assert [row for row in rows if not row.holds] == []
    assert len(rows) == len(run.TASKS)
