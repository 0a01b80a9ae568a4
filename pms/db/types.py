"""Column types that mean the same on SQLite and on PostgreSQL."""

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, DateTime, Dialect, Integer, Text, cast, func
from sqlalchemy.types import TypeDecorator

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
