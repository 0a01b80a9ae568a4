"""Rows written down as one line each, alike on both engines, so that a digest over them says whether any was
changed since."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, ColumnElement, Date, Integer, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from pms.db.types import Moment


class _Row(FunctionElement[str]):
    """A row as one JSON list: numbers as they are, dates and moments in ISO form, texts quoted."""

    type = Text()
    name = "row_as_text"
    inherit_cache = True


@compiles(_Row)
def _embedded(element: _Row, compiler: SQLCompiler, **more: Any) -> str:
    return f"json_array({compiler.process(element.clauses, **more)})"


@compiles(_Row, "postgresql")
def _server(element: _Row, compiler: SQLCompiler, **more: Any) -> str:
    """A server's own list has other spaces, and shows dates in the form that it is set to."""
    parts = (f"coalesce({_told(c, compiler.process(c, **more))}, 'null')" for c in element.clauses)
    return "'[' || " + " || ',' || ".join(parts) + " || ']'"


def _told(column: ColumnElement[Any], words: str) -> str:
    if isinstance(column.type, Date | Moment):
        form = "YYYY-MM-DD" if isinstance(column.type, Date) else "YYYY-MM-DD HH24:MI:SS.US"
        return f"'\"' || to_char({words}, '{form}') || '\"'"
    return f"{words}::text" if isinstance(column.type, Integer) else f"to_json({words})::text"


def as_text(columns: Iterable[Column[Any]]) -> ColumnElement[str]:
    """Return the expression that writes a row's columns down as one line; no two rows give the same."""
    return _Row(*columns)
