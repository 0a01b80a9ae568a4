"""The short form of ``failover``."""

import pytest

from tests.faults import failover
from tests.faults import server as servers


def test_four_desks_lose_nothing_that_was_confirmed_by_both_and_are_told_what_was_not():
    if why := servers.why_not():
        pytest.skip(why)
    count = failover.run(failover.SHORT)
    assert count.faults == []
    assert dict(count.ways) == {"synchronous": 1, "lagging": 1}
    assert count.confirmed > 4 * failover.DESKS
    assert count.tried_again
    assert count.lost, "the standby did not lag"
    assert count.slowest <= failover.BACK
