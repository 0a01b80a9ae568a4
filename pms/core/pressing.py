"""The order of what waits: what is past its time before what comes, the graver before the lighter."""

from collections.abc import Iterable
from datetime import datetime

from pms.core.offers import AHEAD, MOST_DUE, Due


def worst(found: Iterable[Due], now: datetime) -> list[Due]:
    """Return what is due by ``now`` or soon after, the worst first, no more than are shown."""
    near = [due for due in found if due.at <= now + AHEAD]
    return sorted(near, key=lambda due: (due.at > now, due.grave, due.at))[:MOST_DUE]
