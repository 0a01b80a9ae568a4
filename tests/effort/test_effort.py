"""No task costs the hand more than it may."""

import pytest

from tests.effort import run
from tests.ui.checks import dress


@pytest.mark.parametrize("task", run.TASKS, ids=lambda task: task[0].split(",")[0])
def test_a_task_is_done_within_its_keys(qapp, task):
    try:
        row = run.measure(task)
    finally:
        dress(run.LOOK)
    assert row.holds, row
