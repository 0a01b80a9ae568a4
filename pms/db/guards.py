"""Triggers that make a table append-only in the database itself, on both engines, and the look whether all of
them are there.

Rebuilding a table drops its triggers (SQLite's batch migrations do): a migration that rebuilds one calls
``protect`` again, and a test tries UPDATE and DELETE at head.
"""

import functools
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

from pms.core.duty import Frozen, Summed
from pms.db.rows import rows


@functools.cache
def append_only() -> tuple[str, ...]:
    """Return the tables that are guarded at head; a migration names its own, because the ones it guards must
    not change with a later release."""
    return ("audit_entry", *(table for row in rows() for table in row.append_only))


@functools.cache
def frozen_rows() -> tuple[Frozen, ...]:
    """Return the tables whose rows are frozen from a moment on, as they stand at head."""
    return tuple(each for row in rows() for each in row.frozen)


@functools.cache
def summed_rows() -> tuple[Summed, ...]:
    """Return the tables whose rows never add up to less than nothing, as they stand at head."""
    return tuple(each for row in rows() for each in row.summed)


def protect(dialect: str, table: str) -> list[str]:
    """Return the statements that make the database refuse UPDATE and DELETE on the table."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} rows are never changed'); END"
            for verb in ("UPDATE", "DELETE")
        ]
    return [
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% rows are never changed', TG_TABLE_NAME; END $$",
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE "
        f"FUNCTION refuse_change()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE "
        f"FUNCTION refuse_change()",
    ]


def freeze(
    dialect: str, table: str, frozen: str, verbs: tuple[str, ...] = ("INSERT", "UPDATE", "DELETE")
) -> list[str]:
    """Return the statements that make the database refuse a change of the rows for which ``frozen`` holds.

    ``frozen`` is a condition over ``ROW`` that does not read what it guards: ``ROW.signed_at IS NOT NULL``.
    It is judged on the row as it was, and for a new row as it would be.
    """
    judged = {verb: frozen.replace("ROW.", "NEW." if verb == "INSERT" else "OLD.") for verb in verbs}
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_frozen_{verb.lower()} BEFORE {verb} ON {table} WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, '{table} rows are frozen'); END"
            for verb, when in judged.items()
        ]
    found = []
    for verb, when in judged.items():
        name = f"{table}_frozen_{verb.lower()}"
        found += [
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
            f"{when} THEN "
            f"RAISE EXCEPTION '% rows are frozen', TG_TABLE_NAME; END IF; RETURN "
            f"{'OLD' if verb == 'DELETE' else 'NEW'}; END $$",
            f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
        ]
    return found


BUCKETS = 64
"""Locks that a server needs at most for the sums of one transaction: a copied hotel brings many thousands."""


def never_below(dialect: str, of: Summed) -> list[str]:
    """Return the statements that make the database refuse a row by which a sum would fall below nothing. On a
    server two that would do it together are let in one after the other."""
    table, by, amount = of.table, of.by, of.amount
    name, words = f"{table}_never_below", f"{table} falls below nothing"
    total = f"(SELECT coalesce(sum({amount}), 0) FROM {table} WHERE {by} = NEW.{by})"
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {name} BEFORE INSERT ON {table} WHEN NEW.{amount} < 0 AND NOT ({of.unless}) "
            f"AND {total} + NEW.{amount} < 0 BEGIN SELECT RAISE(ABORT, '{words}'); END"
        ]
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF NEW.{amount} < 0 AND NOT ({of.unless}) THEN "
        f"PERFORM pg_advisory_xact_lock(hashtext('{table}'), (NEW.{by} % {BUCKETS})::int); "
        f"IF {total} + NEW.{amount} < 0 THEN RAISE EXCEPTION '{words}' USING ERRCODE = 'check_violation'; "
        f"END IF; END IF; RETURN NEW; END $$",
        f"CREATE TRIGGER {name} BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]


_EMBEDDED = "SELECT name, sql, tbl_name FROM sqlite_master WHERE type = 'trigger'"
_SERVER = """
SELECT t.tgname, t.tgtype, p.prosrc, t.tgenabled IN ('O', 'A') AND t.tgqual IS NULL, c.relname
FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid
WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace
"""
_ROW, _BEFORE, _OF = 1, 2, {"INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}


def lacking(connection: Connection) -> list[str]:
    """Return the tables whose rows the database does not guard as this release wants it: a trigger is gone,
    switched off or another one, or there is one that this release does not know."""
    wanted, found = _wanted(connection.dialect.name), _found(connection)
    known = {name for name, _table in wanted}
    foreign = {table for name, (_made, table) in found.items() if name not in known}
    return sorted(foreign | {table for (name, table), made in wanted.items() if _differs(found, name, made)})


def _differs(found: dict[str, tuple[Any, str]], name: str, made: Any) -> bool:
    return name not in found or found[name][0] != made


def _statements(dialect: str) -> Iterator[tuple[str, str]]:
    for table in append_only():
        yield from ((table, line) for line in protect(dialect, table))
    for table, when, verbs in frozen_rows():
        yield from ((table, line) for line in freeze(dialect, table, when, verbs))
    for of in summed_rows():
        yield from ((of.table, line) for line in never_below(dialect, of))


@functools.cache
def _wanted(dialect: str) -> dict[tuple[str, str], Any]:
    """Return what is known of each trigger by its name and table: its words, or a server's kind and body."""
    found: dict[tuple[str, str], Any] = {}
    bodies: dict[str, str] = {}
    for table, line in _statements(dialect):
        words = line.split()
        if words[1] == "TRIGGER":
            function = words[-1].removesuffix("()")
            kind = _kind(line) if dialect != "sqlite" else 0
            found[words[2], table] = _plain(line) if dialect == "sqlite" else (kind, bodies[function], table)
        else:
            bodies[words[4].removesuffix("()")] = _plain(line.split("$$")[1])
    return found


def _kind(line: str) -> int:
    """Return what PostgreSQL calls ``tgtype``."""
    when = line.partition(" BEFORE ")[2].partition(" ON ")[0]
    return _BEFORE + (_ROW if "FOR EACH ROW" in line else 0) + sum(_OF[verb] for verb in when.split(" OR "))


def _found(connection: Connection) -> dict[str, tuple[Any, str]]:
    """Return the same of the triggers that are there, each with its table."""
    if connection.dialect.name == "sqlite":
        return {name: (_plain(words), table) for name, words, table in connection.exec_driver_sql(_EMBEDDED)}
    return {
        name: ((kind, _plain(body), table) if on else None, table)
        for name, kind, body, on, table in connection.exec_driver_sql(_SERVER)
    }


def _plain(words: str) -> str:
    return " ".join(words.split())
