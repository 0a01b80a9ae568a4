"""Let all databases of one test process share the statements that SQLAlchemy has compiled.

The program opens one database and compiles each statement once; a test opens a database of its own, and would
compile every statement anew: two thirds of the time of an average test. What is shared is the text of a
statement and the way its values are read and written, between databases of the same kind and release only.
"""

from collections import defaultdict
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

from pms.db import sealed

KEPT = 5000
_TEXTS: dict[Any, Any] = defaultdict(lambda: LRUCache(KEPT))
_TYPES: dict[Any, Any] = defaultdict(WeakKeyDictionary)


def share() -> None:
    """Begin to share; every hotel opened from now on takes part."""
    for kind in (PGDialect_psycopg, SQLiteDialect_pysqlite):
        kind.__eq__ = _equal
        kind.__hash__ = _same_for_all
    opened = sealed.under

    def join(engine: Engine, key: bytes) -> None:
        opened(engine, key)
        _join(engine, key)

    sealed.under = join


def _join(engine: Engine, key: bytes) -> None:
    """How a sealed value is read hangs on the hotel's key: hotels of one key share."""
    kind = type(engine.dialect), key
    engine.dialect.key = key
    engine._compiled_cache = _TEXTS[kind]
    engine.dialect._type_memos = _TYPES[kind]


def _equal(one: DefaultDialect, other: object) -> bool:
    """A statement is found again by its dialect among other things: two of one kind that met the same release
    and open with the same key are the same to it. One that has not been connected yet equals only itself."""
    if one is other:
        return True
    release = getattr(one, "server_version_info", None)
    mine, others = (
        (type(each), getattr(each, "server_version_info", None), getattr(each, "key", None))
        for each in (one, other)
    )
    return release is not None and mine == others


def _same_for_all(one: DefaultDialect) -> int:
    return hash(type(one))
