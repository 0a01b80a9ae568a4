"""How the house writes dates, on screens and on paper, one form for each language; nothing else writes one
for people to read."""

from datetime import date, datetime

from pms.core import i18n
from pms.core.i18n import N_

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))


def chinese() -> bool:
    """Say whether texts are in Chinese now."""
    return i18n.language().startswith("zh")


def day(value: date | None, *, year: bool = False) -> str:
    """Write a date: ``20 Nov``, ``11-20``; with the year where it matters."""
    if value is None:
        return ""
    if chinese():
        return f"{value:%Y-%m-%d}" if year else f"{value:%m-%d}"
    short = f"{value.day} {MONTHS[value.month - 1]}"
    return f"{short} {value.year}" if year else short


def moment(value: datetime, *, year: bool = False) -> str:
    """Write a date with its time: ``20 Nov 14:30``, ``11-20 14:30``; ``value`` is the hotel's wall clock."""
    return f"{day(value, year=year)} {value:%H:%M}"


def weekday(value: date) -> str:
    """Write a day of the week: ``Fri``, ``周五``."""
    return i18n._(WEEKDAYS[value.weekday()])


def long_day(value: date, *, year: bool = False) -> str:
    """Write a date with its weekday: ``Fri 20 Nov``, ``11-20 周五``."""
    written = (day(value, year=year), weekday(value))
    return " ".join(written if chinese() else reversed(written))


def span(first: date, last: date, *, year: bool = False) -> str:
    """Write a period: ``20 Nov – 22 Nov``; one day where both are the same."""
    if first == last:
        return day(first, year=year)
    return f"{day(first, year=year)} \u2013 {day(last, year=year)}"


def month(value: date) -> str:
    """Write a month: ``Nov 2026``, ``2026-11``."""
    return f"{value:%Y-%m}" if chinese() else f"{MONTHS[value.month - 1]} {value.year}"
