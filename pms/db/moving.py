"""Copy a hotel from its file to a server, table by table: it may be killed at any point and run again.

Each table is copied in the order of its key, so many rows in one transaction: what is there is always the
beginning of the table, and the next run goes on behind it. A mark on the target database says whose hotel it
is and how far its trail went, so nothing is mixed; at the end rows and a digest of each table are compared.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Table,
    func,
    insert,
    literal,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.exc import DataError

from pms.core.errors import Refused
from pms.core.i18n import _
from pms.db import anchor, guards, schema
from pms.db.base import AuditEntry, table_of
from pms.db.engine import reading
from pms.db.guards import append_only, frozen_rows
from pms.db.patience import patient
from pms.db.sealed import told

BATCH = 2000
_SAYS = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Mark:
    """Whose hotel a server's database takes up: the sign of its key, the last entry of its trail, by whose
    word, and whether all of it is there and was proven."""

    hotel: str
    entry: int
    head: str
    clerk: int
    by: tuple[str, ...]
    done: bool = False


@dataclass(frozen=True)
class Sum:
    """What a table holds: its rows, and a digest of them in the order of its key."""

    rows: int
    digest: str


# ------------------------------------------------------------------ the mark
def read_mark(connection: Connection) -> Mark | None:
    """Return the mark of a database, None where it has none."""
    try:
        told = json.loads(connection.exec_driver_sql(_SAYS).scalar() or "null")
        return Mark(**{**told, "by": tuple(told["by"])}) if told else None
    except (ValueError, TypeError, KeyError):
        return None


def write_mark(connection: Connection, mark: Mark) -> None:
    """Put the mark on a database."""
    name = connection.dialect.identifier_preparer.quote_identifier(str(connection.engine.url.database))
    words = json.dumps(asdict(mark), ensure_ascii=True).replace("'", "''")
    connection.exec_driver_sql(f"COMMENT ON DATABASE {name} IS '{words}'".replace("%", "%%"))


def end_of(connection: Connection) -> tuple[int, str]:
    """Return number and digest of the last entry of a trail."""
    e = table_of(AuditEntry)
    row = connection.execute(select(e.c.id, e.c.digest).order_by(e.c.id.desc()).limit(1)).first()
    return (row.id, row.digest) if row else (0, "")


def must_fit(target: Connection, mark: Mark | None, hotel: str, end: tuple[int, str]) -> None:
    """Refuse a target that is another hotel's, that holds anything of its own, or that began with an earlier
    state of this one."""
    if mark is None:
        if held := [t.name for t in tables() if target.execute(select(literal(1)).select_from(t)).first()]:
            raise Refused(
                _("The database on the server is not empty (%(tables)s). Choose another one.")
                % {"tables": ", ".join(held[:5])}
            )
        return
    if mark.hotel != hotel:
        raise Refused(_("The database on the server is another hotel's. Choose another one."))
    if (mark.entry, mark.head) != end:
        raise Refused(
            _(
                "The move began when the trail ended with %(begun)s; it ends with %(now)s now. Have the "
                "database on the server dropped, make it again with “pms server”, and move once more."
            )
            % {"begun": anchor.words(mark.entry, mark.head), "now": anchor.words(*end)}
        )


# ------------------------------------------------------------------ copying
def tables() -> list[Table]:
    """Return every table, those that others name before them."""
    return schema.metadata().sorted_tables


def copy(source: Engine, target: Engine, progress: Progress, *, batch: int = BATCH) -> None:
    """Bring over what is not there yet, so many rows in one transaction; each is followed by ``progress``."""
    with reading(source).connect() as old:
        whole = {t.name: int(old.execute(select(func.count()).select_from(t)).scalar_one()) for t in tables()}
        done, total = 0, sum(whole.values())
        for table in tables():
            with patient(target).begin() as new:
                have = int(new.execute(select(func.count()).select_from(table)).scalar_one())
                last = _last(new, table) if have else None
            done += have
            progress(done, total)
            for rows in _behind(old, table, last, batch):
                with patient(target).begin() as new:
                    _add(new, table, rows)
                done += len(rows)
                progress(done, total)
            with patient(target).begin() as new:
                _fill_in(old, new, table)
                _count_on(new, table)


def _key(table: Table, server: bool) -> list[Any]:
    """Return a table's key in an order that both engines have: texts by their bytes."""
    return [c.collate("C") if server and c.type.python_type is str else c for c in table.primary_key.columns]


def _last(new: Connection, table: Table) -> tuple[Any, ...] | None:
    key = _key(table, server=True)
    row = new.execute(select(*table.primary_key.columns).order_by(*[c.desc() for c in key]).limit(1)).first()
    return tuple(row) if row else None


def _behind(
    old: Connection, table: Table, last: tuple[Any, ...] | None, batch: int
) -> Iterator[list[dict[str, Any]]]:
    """Yield a table's rows behind a key, so many at once, as the engine holds them."""
    key = list(table.primary_key.columns)
    while True:
        statement = select(table).order_by(*key).limit(batch)
        if last is not None:
            places = [literal(value, c.type) for value, c in zip(last, key, strict=True)]
            statement = statement.where(tuple_(*key) > tuple_(*places))
        rows = [dict(row) for row in old.execute(statement).mappings()]
        if not rows:
            return
        yield rows
        last = tuple(rows[-1][c.name] for c in key)


def _own(table: Table) -> list[Column[Any]]:
    """Return the columns that name another row of the same table and may name a later one."""
    if table.name in append_only():  # what is only added to names what was there before
        return []
    return [fk.parent for fk in table.foreign_keys if fk.column.table is table]


def _add(new: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Add rows; the guard that keeps signed sheets from getting more is lifted for this one transaction,
    which no other sees."""
    guarded = [
        f"{name}_frozen_insert"
        for name, _when, verbs in frozen_rows()
        if name == table.name and "INSERT" in verbs
    ]
    for trigger in guarded:
        new.exec_driver_sql(f"ALTER TABLE {table.name} DISABLE TRIGGER {trigger}")
    later = {column.name: None for column in _own(table)}
    try:
        new.execute(insert(table), [told(table, {**row, **later}) for row in rows])
    except DataError as error:
        raise Refused(
            _("“%(table)s” holds something that the server does not keep: %(why)s")
            % {"table": table.name, "why": str(error.orig).splitlines()[0]}
        ) from error
    for trigger in guarded:
        new.exec_driver_sql(f"ALTER TABLE {table.name} ENABLE TRIGGER {trigger}")


def _fill_in(old: Connection, new: Connection, table: Table) -> None:
    """Name the other rows of the same table, all of which are there now."""
    [key] = list(table.primary_key.columns)[:1]
    for column in _own(table):
        for number, other in old.execute(select(key, column).where(column.is_not(None))).all():
            new.execute(update(table).where(key == number).values({column.name: other}))


def _count_on(new: Connection, table: Table) -> None:
    """Let the server number the next row behind the last one."""
    if "id" not in table.columns:
        return
    sequence = new.execute(text("SELECT pg_get_serial_sequence(:name, 'id')"), {"name": table.name}).scalar()
    if sequence:
        most = new.execute(select(func.max(table.c.id))).scalar()
        new.execute(
            text("SELECT setval(CAST(:sequence AS regclass), :most, :used)"),
            {"sequence": sequence, "most": most or 1, "used": most is not None},
        )


# ------------------------------------------------------------------ proving
def sums(engine: Engine) -> dict[str, Sum]:
    """Return what each table holds, from one snapshot."""
    server = engine.dialect.name != "sqlite"
    with reading(patient(engine)).connect() as connection:
        return {table.name: _sum(connection, table, server) for table in tables()}


def _sum(connection: Connection, table: Table, server: bool) -> Sum:
    made, count = hashlib.sha256(), 0
    statement = select(table).order_by(*_key(table, server)).execution_options(yield_per=BATCH)
    for row in connection.execute(statement):
        made.update(repr(tuple(row)).encode("utf-8", "surrogatepass"))
        count += 1
    return Sum(count, made.hexdigest())


def differences(source: dict[str, Sum], target: dict[str, Sum]) -> list[str]:
    """Return a sentence for each table that is not the same on both sides."""
    return [
        _("%(table)s: %(old)s rows here, %(new)s on the server, or of other content.")
        % {"table": name, "old": held.rows, "new": target[name].rows}
        for name, held in source.items()
        if target[name] != held
    ]


def unguarded(engine: Engine) -> list[str]:
    """Return the tables whose guard is missing on the server."""
    with engine.connect() as connection:
        return guards.lacking(connection)
