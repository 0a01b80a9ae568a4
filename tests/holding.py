"""The rule that whoever changes a record has held it since it was read, asked of every operation that any
test runs on a server: of two desks that both read before either writes, one would undo the other.

It is exact for a record that was read FOR UPDATE itself. Rows that are held by a statement of their own,
whose answer nobody reads (``Work.lock``), count by table: which rows those were is known to the server only.
"""

import re
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import QueryContext, Session

from pms.db.base import Base

HANGS_ON = {
    "segment": "stay",
    "sharer": "stay",
    "stay_change": "stay",
    "status_row": "room",
    "guest_key": "guest",
}
"""Records that are read and changed with the one held that they hang on."""
NOT_HELD: dict[str, str] = {}
"""Tables of which a record may be changed that was not held, with the reason."""
_LOCKS = re.compile(r"\bFOR (?:NO KEY )?UPDATE\b(?: OF (?P<of>[\w, ]+))?")
_TABLES = re.compile(r"\b(?:FROM|JOIN) (\w+)")


class _Held:
    """What one transaction holds: records by their identity, tables of which rows are held by a statement of
    their own, or (``alone``) the hotel's row itself, which keeps every other writer out."""

    def __init__(self) -> None:
        self.alone = False
        self.now: set[str] = set()
        self.tables: set[str] = set()
        self.records: set[Any] = set()
        self.names: set[str] = set()
        self.read: set[Any] = set()


_BY_CONNECTION: WeakKeyDictionary[Connection, _Held] = WeakKeyDictionary()


def _of(connection: Connection) -> _Held:
    return _BY_CONNECTION.setdefault(connection, _Held())


def _said(
    connection: Connection, _cursor: Any, statement: str, _values: Any, context: Any, _many: bool
) -> None:
    """Note which tables' rows a statement holds: those that it reads, or, where nobody reads them, all."""
    if connection.dialect.name != "postgresql":
        return
    held, found = _of(connection), _LOCKS.search(statement)
    named = set[str]()
    if found is not None:
        named.update(found["of"].split(", ") if found["of"] else _TABLES.findall(statement))
    held.now = named
    held.names |= named
    if "property" in named and "NO KEY" not in statement:
        held.alone = True
    if context is not None and context.execution_options.get("later"):
        held.tables |= named


def _loaded(record: Any, context: QueryContext, _attributes: Any = None) -> None:
    """Note whether a record was held before its values were read."""
    session = context.session
    if "work" not in session.info or session.get_bind().dialect.name != "postgresql":
        return
    held, state = _of(session.connection()), record._sa_instance_state
    table = record.__tablename__
    if table in held.tables | held.now:
        held.records.add(state.key)
    elif state.key not in held.records:
        held.read.add(state.key)


def _writing(session: Session, _context: Any, _objects: Any) -> None:
    if "work" not in session.info or session.get_bind().dialect.name != "postgresql":
        return
    held = _of(session.connection())
    if held.alone:
        return
    for record in (*session.dirty, *session.deleted):
        key = record._sa_instance_state.key
        changed = record in session.deleted or session.is_modified(record)
        table = record.__tablename__
        if not changed or key not in held.read - held.records or table in NOT_HELD:
            continue
        if HANGS_ON.get(table) not in held.names:
            action = session.info["work"].action
            raise AssertionError(f"{action} changes a {table} that it read without holding it: Work.hold")


def watch() -> None:
    """Ask the rule of every transaction from now on."""
    event.listen(Engine, "before_cursor_execute", _said)
    event.listen(Base, "load", _loaded, propagate=True)
    event.listen(Base, "refresh", _loaded, propagate=True)
    event.listen(Session, "before_flush", _writing)
