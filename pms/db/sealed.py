"""Columns that only the hotel's key opens, and keyed marks by which a phone number is found without being
read.

A seal is AES-256-GCM with a nonce of its own, so that one number never looks the same twice: a sealed column
is written and read, never compared. It is bound to its table, column and row: copied into another guest's
record it no longer opens there. What is looked for is its mark, which nobody makes without the key.
"""

import hmac
import os
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Dialect,
    Engine,
    Text,
    cast,
    event,
    func,
    literal_column,
    select,
    type_coerce,
)
from sqlalchemy import Table as SqlTable
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeDecorator

from pms.core.errors import StoreTrouble
from pms.core.i18n import _
from pms.core.names import phone_figures
from pms.db.keys import Keys

NONCE = 12
BROKEN = "\N{REPLACEMENT CHARACTER}"
"""Stands in the place of what was changed past the program: its seal no longer opens."""
LAST = 4
"""So many figures at the end of a phone number find it."""


class Seal:
    """Seals with one key."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._cipher: Any = None

    @property
    def cipher(self) -> Any:
        """Return the cipher, loaded when it is first used: the program starts without it."""
        if self._cipher is None:
            from cryptography.hazmat.primitives.ciphers.aead import AESGCM

            self._cipher = AESGCM(self._key)
        return self._cipher

    def close(self, text: str, of: str) -> str:
        """Return the text sealed for one place: what it is ``of`` opens it."""
        nonce = os.urandom(NONCE)
        return b64encode(nonce + self.cipher.encrypt(nonce, text.encode(), of.encode())).decode()

    def open(self, sealed: str, of: str) -> str:
        """Return what was sealed; ``BROKEN`` where it was changed, sealed with another key or for another
        place."""
        from cryptography.exceptions import InvalidTag

        try:
            raw = b64decode(sealed, validate=True)
            told: bytes = self.cipher.decrypt(raw[:NONCE], raw[NONCE:], of.encode())
        except (InvalidTag, ValueError):
            return BROKEN
        return told.decode()


class Box(Seal):
    """Seals and marks with the keys of one hotel."""

    def __init__(self, keys: Keys) -> None:
        super().__init__(keys.seal)
        self.keys = keys

    def whole_mark(self, kind: str, text: str) -> str:
        """Return the mark of a text; marks of two kinds have nothing in common."""
        return hmac.digest(self.keys.mark, f"{kind} {text}".encode(), "sha256").hex()

    def mark(self, kind: str, text: str) -> str:
        """Return as much of the mark as a word to be searched needs."""
        return self.whole_mark(kind, text)[:20]

    def phone_marks(self, phone: str) -> tuple[str, ...]:
        """Return the words by which a phone number is found: the whole of it, and its last four figures."""
        figures = phone_figures(phone)
        if not figures:
            return ()
        whole = f"#w{self.mark('whole', figures)}"
        return (whole, f"#l{self.mark('last', figures[-LAST:])}") if len(figures) >= LAST else (whole,)

    def asked_mark(self, figures: str) -> str:
        """Return the word that finds a phone number of which these figures were typed: four are its last
        ones, any others the whole of it."""
        return (
            f"#l{self.mark('last', figures)}" if len(figures) == LAST else f"#w{self.mark('whole', figures)}"
        )


class _Locked(Box):
    """Stands where the hotel's key is not known: an empty database needs none."""

    def __init__(self) -> None:
        pass

    @property
    def cipher(self) -> Any:
        """Refuse: guests are told of here."""
        raise StoreTrouble(
            _(
                "What the database tells of guests is sealed with the hotel's key, which is not here. Run "
                "this on a workstation of the hotel."
            )
        )

    def whole_mark(self, kind: str, text: str) -> str:
        """Refuse likewise."""
        return str(self.cipher)


def under(engine: Engine, keys: Keys | None) -> None:
    """Let a database's sealed columns be opened with a hotel's keys; None where they are not known."""
    engine.dialect.box = Box(keys) if keys else _Locked()  # type: ignore[attr-defined]


def box_of(session: Any) -> Box:
    """Return what seals and marks in the database of a session or a connection."""
    bound = session.get_bind() if hasattr(session, "get_bind") else session
    box: Box = bound.dialect.box
    return box


# ------------------------------------------------------------------ columns
class _Told(str):
    """A text on its way into its place."""

    __slots__ = ("of",)
    of: str


class _ToldDay(date):
    """A day likewise."""

    of: str


def place(table: str, column: str, row: object) -> str:
    """Return what a value that stands in a table is sealed for."""
    return f"{table}.{column}.{row}"


class Sealed(TypeDecorator[str]):
    """A text that is sealed in the database; nothing stays nothing. ``row`` is the column that tells one row
    from another, known before a row is written and never changed."""

    impl = Text
    cache_ok = True

    def __init__(self, row: str = "id") -> None:
        super().__init__()
        self.row = row

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return _closed(value, value, dialect) if value else value

    def column_expression(self, column: Any) -> Any:
        return opened(column)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return BROKEN if value else value  # asked for without its row


class SealedDay(TypeDecorator[date]):
    """A day that is sealed in the database; one whose seal no longer opens is not known."""

    impl = Text
    cache_ok = True

    def __init__(self, row: str = "id") -> None:
        super().__init__()
        self.row = row

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:
        return None if value is None else _closed(value, value.isoformat(), dialect)

    def column_expression(self, column: Any) -> Any:
        return opened(column)

    def process_result_value(self, value: str | None, dialect: Dialect) -> date | None:
        return None


def _closed(value: Any, text: str, dialect: Dialect) -> str:
    of = getattr(value, "of", None)
    if of is None:
        raise TypeError("what is sealed is written with its row: see told() in pms/db/sealed.py")
    box: Box = dialect.box  # type: ignore[attr-defined]
    return box.close(text, of)


class _Opened(TypeDecorator[str]):
    """A sealed text as it is read, with its place behind it."""

    impl = Text
    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        sealed, _at, of = (value or "").rpartition("@")
        return dialect.box.open(sealed, of) if sealed else "" if of else value  # type: ignore[attr-defined]


class _OpenedDay(TypeDecorator[date]):
    impl = Text
    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> date | None:
        sealed, _at, of = (value or "").rpartition("@")
        told = dialect.box.open(sealed, of) if sealed else BROKEN  # type: ignore[attr-defined]
        return None if told == BROKEN else date.fromisoformat(told)


def opened(column: Any) -> Any:
    """Return a sealed column as a question reads it: with its place, without which it does not open. A
    question that reads it through ``case`` or ``coalesce`` writes this itself."""
    [own] = column.base_columns
    row = column.table.c[_row(own)]
    at: ColumnElement[str] = literal_column(f"'@{own.table.name}.{own.name}.'")
    whole = type_coerce(column, Text).op("||")(at).op("||")(cast(row, Text))
    return type_coerce(whole, _OpenedDay() if isinstance(own.type, SealedDay) else _Opened())


@cache
def sealed_columns(table: SqlTable) -> tuple[Column[Any], ...]:
    """Return the columns of a table that are sealed."""
    return tuple(column for column in table.columns if isinstance(column.type, Sealed | SealedDay))


def _row(column: Column[Any]) -> str:
    """Return the name of the column that tells the rows of a sealed one apart."""
    return column.type.row  # type: ignore[attr-defined,no-any-return]


def told(table: SqlTable, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a whole row on its way into its place, for a statement that does not go through a record."""
    made = dict(row)
    for column in sealed_columns(table):
        if made.get(column.name):
            number = made.get(_row(column))
            if number is None:
                raise TypeError(f"{table.name}.{column.name} is sealed for its row: write it as a record")
            of = place(table.name, column.name, number)
            made[column.name] = _on_its_way(made[column.name], of)
    return made


def _on_its_way(value: Any, of: str) -> Any:
    if isinstance(value, date):
        day = _ToldDay(value.year, value.month, value.day)
        day.of = of
        return day
    text = _Told(value)
    text.of = of
    return text


@event.listens_for(Session, "before_flush")
def _send(session: Session, _context: Any, _instances: Any) -> None:
    """Give every record that holds something sealed its number before it is written, and say of each value
    where it goes."""
    new = [record for record in session.new if sealed_columns(record.__table__)]
    fresh = {record.__table__ for record in new if _needs_number(record)}
    _number(session, [r for r in new if r.__table__ in fresh and r._sa_instance_state.dict.get("id") is None])
    for record in (*new, *(r for r in session.dirty if sealed_columns(r.__table__))):
        state = record._sa_instance_state
        for column in sealed_columns(record.__table__):
            value = state.dict.get(column.name)
            if value and (state.key is None or column.name in state.committed_state):
                row = state.dict[_row(column)]
                state.dict[column.name] = _on_its_way(value, place(column.table.name, column.name, row))


def _needs_number(record: Any) -> bool:
    """Say whether a new record must be told its number before it is written; those of its table then are
    all, or two would get the same."""
    known = record._sa_instance_state.dict
    return known.get("id") is None and any(
        _row(column) == "id" and known.get(column.name) for column in sealed_columns(record.__table__)
    )


def _number(session: Session, records: Sequence[Any]) -> None:
    tables = {record.__table__: None for record in records}
    for table in tables:
        wanted = [record for record in records if record.__table__ is table]
        for record, number in zip(wanted, _next(session, table, len(wanted)), strict=True):
            record.id = number


def _next(session: Session, table: SqlTable, count: int) -> Iterable[int]:
    """Return the next numbers of a table, which are nobody else's: in a file one writes at a time."""
    if session.get_bind().dialect.name == "sqlite":
        last = session.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one()
        return range(last + 1, last + 1 + count)
    sequence: ColumnElement[str] = literal_column(f"pg_get_serial_sequence('{table.name}', 'id')")
    return session.scalars(select(func.nextval(sequence)).select_from(func.generate_series(1, count)))
