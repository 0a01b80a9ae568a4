"""How dates, times and amounts are written on a screen, in both languages."""

from datetime import datetime

from pms.core import clock, money
from pms.core.dates import MONTHS, WEEKDAYS, chinese, day, long_day, moment, month, weekday
from pms.core.i18n import commas

__all__ = [
    "MONTHS",
    "WEEKDAYS",
    "amount",
    "chinese",
    "commas",
    "day",
    "day_time",
    "long_day",
    "month",
    "time",
    "weekday",
]


def time(moment: datetime | None, zone: str) -> str:
    """Write the hotel's wall-clock time of a moment: ``14:20``."""
    if moment is None:
        return ""
    there = clock.local(moment, zone)
    return f"{there.hour:02}:{there.minute:02}"  # by hand: Qt looks into each import, and %H makes one


def day_time(at: datetime | None, zone: str) -> str:
    """Write the hotel's date and time of a moment: ``20 Nov 14:20``."""
    if at is None:
        return ""
    return moment(clock.local(at, zone))


def amount(value: int | None, digits: int = 2) -> str:
    """Write an amount: grouped, fixed decimals, true minus; nothing for no amount."""
    return "" if value is None else money.show(value, digits)


def signed(number: int) -> str:
    """Write a difference with its sign, the minus a true one."""
    return f"{number:+d}".replace("-", "\u2212")
