"""How the house writes dates, on screens and on paper, in both languages."""

from datetime import date

from pms.core import i18n

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


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
