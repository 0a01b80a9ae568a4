"""Read a date as a clerk types it: ``20``, ``11-20``, ``1120``, ``20 Nov``, ``2026-11-20``, ``+1``."""

import re
from datetime import date, timedelta

from pms.ui.kit.formats import MONTHS

NUMBERS = {name.lower(): n for n, name in enumerate(MONTHS, 1)}
BACK = timedelta(days=180)


def read(text: str, today: date) -> date | None:
    """Return the date that was meant, seen from the business date ``today``; None when it cannot be read."""
    plain = (
        text.strip()
        .lower()
        .replace("月", "-")
        .replace("日", "")
        .replace("/", "-")
        .replace(".", "-")
        .replace("\u2212", "-")
    )
    if match := re.fullmatch(r"([+-])\s*(\d{1,3})", plain):
        return today + timedelta(days=int(match[1] + match[2]))
    try:
        return _written(plain, today)
    except ValueError:
        return None


def _written(plain: str, today: date) -> date | None:
    if match := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", plain) or re.fullmatch(
        r"(\d{4})(\d\d)(\d\d)", plain
    ):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if match := re.fullmatch(r"(\d{1,2})-(\d{1,2})", plain) or re.fullmatch(r"(\d\d)(\d\d)", plain):
        return _near(int(match[1]), int(match[2]), today)
    if match := re.fullmatch(r"(\d{1,2})\s*([a-z]{3})[a-z]*(?:\s+(\d{4}))?", plain):
        month = NUMBERS.get(match[2], 0)
        return date(int(match[3]), month, int(match[1])) if match[3] else _near(month, int(match[1]), today)
    if match := re.fullmatch(r"\d{1,2}", plain):
        return _next(int(match[0]), today)
    return None


def _near(month: int, day: int, today: date) -> date:
    """Return that day of this year, or of the next when it lies more than half a year back."""
    for year in (today.year, today.year + 1):
        try:
            found = date(year, month, day)
        except ValueError:
            if (month, day) != (2, 29) or year > today.year:
                raise
            continue
        if found >= today - BACK:
            return found
    return date(today.year + 1, month, day)


def _next(day: int, today: date) -> date:
    """Return the next day with this number."""
    at = today
    for _step in range(62):
        if at.day == day:
            return at
        at += timedelta(days=1)
    raise ValueError(day)
