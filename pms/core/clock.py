"""The one place that asks the machine for the time."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]
"""Returns the moment now, aware, in UTC."""


def system_clock() -> datetime:
    """Return the moment now, aware, in UTC."""
    return datetime.now(UTC)


def local(moment: datetime, zone: str) -> datetime:
    """Return the moment on the property's wall clock."""
    return moment.astimezone(ZoneInfo(zone))


@lru_cache(maxsize=512)
def at(day: date, hhmm: str, zone: str) -> datetime:
    """Return the UTC moment of a wall-clock time ``HH:MM`` on a day of the property."""
    hour, minute = hhmm.split(":")
    return datetime(day.year, day.month, day.day, int(hour), int(minute), tzinfo=ZoneInfo(zone)).astimezone(
        UTC
    )
