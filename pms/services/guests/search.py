"""How a person is found in the database: names by any spelling, a phone by the marks of the whole number and
of its last four figures, for the number itself is sealed."""

from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_

from pms.core import names
from pms.core.names import PHONE
from pms.db.sealed import box_of


def search_text(session: Any, text: str, phone: str = "") -> str:
    """Return what a record is searched in: every spelling, the initials, the marks of the phone; a blank
    before each word."""
    return names.search_text(text) + "".join(f" {mark}" for mark in box_of(session).phone_marks(phone))


def words(session: Any, name: str, phone: str) -> list[str]:
    """Return the words that a person is found by when one begins to type any of them, in order."""
    return sorted({*names.words(name), *box_of(session).phone_marks(phone)})


def asked(session: Any, text: str) -> list[tuple[str, ...]]:
    """Return what is looked for when a clerk types this: one or more ways, each with words that must all be
    found."""
    box = box_of(session)
    return [
        (box.asked_mark(way[0].removeprefix(PHONE)),) if way[0].startswith(PHONE) else way
        for way in names.asked(text)
    ]


def fits(session: Any, column: Any, text: str) -> ColumnElement[bool]:
    """Return the condition that a search text (``search_text``) holds what a clerk typed: the whole of it in
    any spelling, the beginning of each of its words, a phone number or its last four figures.

    Figures begin a word: a room's number is not found in the midst of a phone's.
    """
    found: list[ColumnElement[bool]] = []
    for way in asked(session, text):
        whole = "".join(way)
        found.append(column.contains(f" {whole}" if whole.isdecimal() else whole, autoescape=True))
        if len(way) > 1:
            found.append(and_(*(column.contains(f" {word}", autoescape=True) for word in way)))
    return or_(false(), *found)
