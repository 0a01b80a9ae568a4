"""How dates, times and amounts are written on a screen, in both languages."""

from collections.abc import Iterable
from datetime import date, datetime

from pms.core import clock, money
from pms.core.dates import MONTHS, chinese, day
from pms.core.i18n import N_, _

__all__ = [
    "MONTHS",
    "WEEKDAYS",
    "amount",
    "chinese",
    "commas",
    "day",
    "day_time",
    "long_day",
    "short_day",
    "time",
    "weekday",
]

WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))


def weekday(day: date) -> str:
    """Write a day of the week: ``Fri``, ``周五``."""
    return _(WEEKDAYS[day.weekday()])


def long_day(value: date) -> str:
    """Write a date with its weekday: ``Fri 20 Nov``, ``11月20日 周五``."""
    if chinese():
        return f"{value.month}月{value.day}日 {weekday(value)}"
    return f"{weekday(value)} {day(value)}"


def time(moment: datetime | None, zone: str) -> str:
    """Write the hotel's wall-clock time of a moment: ``14:20``."""
    return f"{clock.local(moment, zone):%H:%M}" if moment else ""


def day_time(moment: datetime | None, zone: str) -> str:
    """Write the hotel's date and time of a moment: ``20 Nov 14:20``."""
    if moment is None:
        return ""
    here = clock.local(moment, zone)
    return f"{day(here.date())} {here:%H:%M}"


def amount(value: int | None, digits: int = 2) -> str:
    """Write an amount: grouped, fixed decimals, true minus; nothing for no amount."""
    return "" if value is None else money.show(value, digits)


def signed(number: int) -> str:
    """Write a difference with its sign, the minus a true one."""
    return f"{number:+d}".replace("-", "\u2212")


def commas(parts: Iterable[str]) -> str:
    """Write the parts that there are one after another, with the comma of the language."""
    return ("\uff0c" if chinese() else ", ").join(part for part in parts if part)


def short_day(value: date) -> str:
    """Write a date with its weekday where room is scarce: ``Fri 20 Nov``, ``11-20 周五``."""
    return f"{day(value)} {weekday(value)}" if chinese() else long_day(value)
