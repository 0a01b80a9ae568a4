"""Look for people in a column that holds their search text."""

from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_

from pms.core.names import asked, search_text

__all__ = ["fits", "search_text"]


def fits(column: Any, text: str) -> ColumnElement[bool]:
    """Return the condition that a search text (``search_text``) holds what a clerk typed: the whole of it in
    any spelling, the beginning of each of its words, or a phone number that begins so.

    Figures begin a word: a room's number is not found in the midst of a phone's.
    """
    found: list[ColumnElement[bool]] = []
    for way in asked(text):
        whole = "".join(way)
        found.append(column.contains(f" {whole}" if whole.isdecimal() else whole, autoescape=True))
        if len(way) > 1:
            found.append(and_(*(column.contains(f" {word}", autoescape=True) for word in way)))
    return or_(false(), *found)
