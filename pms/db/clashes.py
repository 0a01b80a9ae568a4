"""What two people run into at once: the sentence for each constraint, and who stood in the way."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pms.core.i18n import N_, _
from pms.core.offers import Offers

Rows = Sequence[Mapping[str, Any]]
Explain = Callable[[Session, Rows, Offers], str]
"""Says, after the transaction was taken back, what stood in the way of these rows; empty when it is gone."""
_SENTENCES: list[tuple[str, str]] = []
_EXPLAINED: dict[str, Explain] = {}
GONE = N_("Something that this needs is not there any more. Open the page again and choose from the list.")
"""Said where a number names a record that is not there."""
_NOT_THERE = "23503"
"""How a server calls a row that hangs on one that is not there."""
_COPY = re.compile(r"(\w+?)__\d+")
"""How a value is called that stands for one of several rows of a statement."""
_INSERT = re.compile(r"INSERT INTO \w+ \(([^)]*)\)")
_BOUND = re.compile(r"(\w+)\s*(?:=|>=|<=|<|>|\+|-)\s*(?:\?|%\((\w+)\)s)")


def clash(mark: str, sentence: str, **columns: str) -> None:
    """Register the sentence for a constraint that two people can run into at once; ``sentence`` is a marked
    text, and ``columns`` say of which column's values it names which word."""
    if (mark, sentence) not in _SENTENCES:
        _SENTENCES.append((mark, sentence))
    if columns:
        _EXPLAINED[mark] = lambda _session, rows, _offers: (
            _(sentence) % {word: ", ".join(values(rows, column)) for word, column in columns.items()}
        )


def values(rows: Rows, column: str) -> list[str]:
    """Return what was to be written into a column, of every row once."""
    found = {
        str(value): None
        for row in rows
        for name, value in row.items()
        if name == column or ((copy := _COPY.fullmatch(name)) is not None and copy[1] == column)
    }
    return sorted(found)


def is_told(mark: str) -> bool:
    """Say whether a constraint has its sentence."""
    return any(known in mark for known, _sentence in _SENTENCES)


def explained_by(*marks: str) -> Callable[[Explain], Explain]:
    """Register who says what stood in the way of a constraint: asked only when something did."""

    def register(function: Explain) -> Explain:
        for mark in marks:
            _EXPLAINED[mark] = function
        return function

    return register


def found(error: IntegrityError) -> tuple[str, Explain | None] | None:
    """Return the sentence for the constraint that refused, and who explains it; None for an unknown one."""
    text = str(error.orig)
    if getattr(error.orig, "sqlstate", "") == _NOT_THERE or "FOREIGN KEY constraint failed" in text:
        return GONE, None
    for mark, sentence in _SENTENCES:
        if mark in text:
            return sentence, _EXPLAINED.get(mark)
    return None


def rows(error: IntegrityError) -> Rows:
    """Return what was written when it was refused, by column; the first of two bounds of one column."""
    params = error.params if isinstance(error.params, list) else [error.params]
    return [_by_column(error.statement or "", one) for one in params if one]


def _by_column(statement: str, params: Any) -> dict[str, Any]:
    if isinstance(params, Mapping):
        named: dict[str, Any] = dict(params)
        for column, key in _BOUND.findall(statement):
            if key in params:
                named.setdefault(column, params[key])
        return named
    insert = _INSERT.match(statement)
    columns = insert[1].split(", ") if insert else [column for column, _key in _BOUND.findall(statement)]
    by_column: dict[str, Any] = {}
    for column, value in zip(columns, params, strict=False):
        by_column.setdefault(column, value)
    return by_column
