"""Column types that mean the same on SQLite and on PostgreSQL."""

import json
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    DateTime,
    Dialect,
    Integer,
    String,
    Text,
    cast,
    func,
    literal_column,
)
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement
from sqlalchemy.types import TypeDecorator

from pms.core.errors import Refused
from pms.core.i18n import _

BigId = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows only in a column of the exact type INTEGER."""


class Moment(TypeDecorator[datetime]):
    """An aware moment, stored as UTC without an offset."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC).replace(tzinfo=None) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value is not None else None


class TooLong(Refused, DontWrapMixin):
    """A text is longer than its column: both engines say so in a sentence, not only the one that counts."""


class Short(TypeDecorator[str]):
    """Text of at most ``length`` signs; what is longer is refused before it reaches the database."""

    impl = String
    cache_ok = True

    def __init__(self, length: int, *, private: bool = False) -> None:
        super().__init__(length)
        self.length, self.private = length, private

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is not None and len(value) > self.length:
            shown = "" if self.private else value[:20]
            raise TooLong(
                _("“%(begun)s…” is too long: at most %(most)s characters.")
                % {"begun": shown, "most": self.length}
            )
        return value


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


class Json(TypeDecorator[Any]):
    """Plain data as compact JSON text; text on both engines, so that a digest over it is the same."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else _encode(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


def summed(expression: Any) -> ColumnElement[int]:
    """Return a SUM that is 0 for no rows and an integer on both engines (PostgreSQL sums BIGINT to
    NUMERIC)."""
    return cast(func.coalesce(func.sum(expression), 0), BigInteger)


class days_before(FunctionElement[date]):
    """A day so many days before another that the database itself knows: ``days_before(column, 90)``."""

    inherit_cache = True
    name = "days_before"
    type = Date()

    def __init__(self, day: Any, days: int) -> None:
        super().__init__(day, literal_column(str(days)))


@compiles(days_before)
def _subtracted(element: days_before, compiler: Any, **kw: Any) -> str:
    day, days = element.clauses
    return f"({compiler.process(day, **kw)} - {compiler.process(days, **kw)})"


@compiles(days_before, "sqlite")
def _subtracted_by_name(element: days_before, compiler: Any, **kw: Any) -> str:
    day, days = element.clauses
    return f"date({compiler.process(day, **kw)}, '-{compiler.process(days, **kw)} days')"
