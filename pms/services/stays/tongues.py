"""In which languages a guest's papers stand: the desk's, and beside it the guest's own."""

from collections.abc import Callable, Iterable

from pms.core.i18n import _, language, translated
from pms.services.guests.models import Guest

CHINESE = frozenset({"CHN", "HKG", "MAC", "TWN"})
"""Nationalities, and places that stand for one on a document, whose people read Chinese."""
Say = Callable[[str], str]


def tongue(guest: Guest) -> str:
    """Return the language a guest reads; empty where the desk knows nothing of it."""
    if guest.ethnic or guest.nationality in CHINESE:
        return "zh_CN"
    return "en" if guest.nationality else ""


def said_to(guests: Iterable[Guest]) -> Say:
    """Return how a paper for these guests says a label: in the desk's language, and in the other one behind
    it where one of them reads that."""
    here = language()
    other = next((read for read in map(tongue, guests) if read and read != here), "")
    if not other:
        return _
    return lambda text: " ".join(dict.fromkeys((_(text), translated(text, other))))
