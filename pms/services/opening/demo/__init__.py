"""Found the demonstration hotel: a house in full swing, made by the very operations that a desk uses.

Everything is decided by one seed, so the same moment gives the same hotel. The data are in
``resources/demo``.
"""

import json
from datetime import datetime
from itertools import count

from pms.db.office import NOBODY, DatabaseOffice

from .story import Story
from .teller import DATA, Progress, Size

__all__ = ["Size", "found", "owner"]


def owner() -> tuple[str, str]:
    """Return the sign-in name of the owner and the password of everybody."""
    data = json.loads(DATA.read_text("utf-8"))
    return data["owner"]["login"], data["password"]


def found(
    office: DatabaseOffice,
    now: datetime,
    *,
    size: Size = Size(),
    progress: Progress = lambda done, days: None,
) -> None:
    """Found the hotel in an empty database as it would stand at ``now``; takes some seconds. Nobody is signed
    in afterwards."""
    kept = office.clock, office.ids, office.station
    numbers = count(1)
    office.ids = lambda: f"demo-{next(numbers)}"
    try:
        Story(office, now, size, progress).tell()
    finally:
        office.clock, office.ids, office.station = kept
        office.clerk = NOBODY
