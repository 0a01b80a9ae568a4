"""Seal anew what stands sealed in a database, and mark anew what it is found by: for its place, or with other
keys. Plain statements on the tables that are named, a thousand rows at a time; they stand in the transaction
of who calls them."""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from pms.db.sealed import BROKEN, Box, place

PART = 1000
_MARKS = re.compile(r" #[wl][0-9a-f]{20}")
_NONCE = 12
Open = Callable[[str, str], str]
"""Opens what was sealed, for its place; ``BROKEN`` where it does not open."""


@dataclass(frozen=True)
class Sheet:
    """A table with sealed columns: what tells its rows, and whether a phone's marks stand in ``search``."""

    table: str
    columns: tuple[str, ...]
    row: str = "id"
    search: bool = False


@dataclass(frozen=True)
class Words:
    """A table of words by which records are found, a phone's marks among them."""

    table: str
    owner: str
    key: str
    row: str = "id"


def sheet(connection: Connection, it: Sheet, old: Open, new: Box) -> None:
    """Seal a table's columns anew; what does not open stays as it is, and is told of as before."""
    wanted = dict.fromkeys(("id", it.row, *it.columns, *(("search",) if it.search else ())))
    where = " OR ".join(f"{name} <> ''" for name in it.columns)
    for rows in _parts(connection, f"SELECT {', '.join(wanted)} FROM {it.table} WHERE ({where})"):
        changed = [dict(row._mapping) for row in rows]
        for row in changed:
            told = {}
            for name in it.columns:
                of = place(it.table, name, row[it.row])
                told[name] = old(row[name], of) if row[name] else ""
                if told[name] not in ("", BROKEN):
                    row[name] = new.close(told[name], of)
            if it.search and told["phone"] not in ("", BROKEN):
                marks = "".join(f" {mark}" for mark in new.phone_marks(told["phone"]))
                row["search"] = _MARKS.sub("", row["search"]) + marks
        sets = ", ".join(f"{name} = :{name}" for name in wanted if name not in ("id", it.row))
        connection.execute(text(f"UPDATE {it.table} SET {sets} WHERE id = :id"), changed)


def words(connection: Connection, it: Words, new: Box) -> None:
    """Make the marks among the words anew, from phones that are sealed with the new keys already; who had
    none gets none."""
    marked = f"SELECT DISTINCT {it.key} FROM {it.table} WHERE word LIKE '#%'"
    known = set(connection.execute(text(marked)).scalars())
    connection.execute(text(f"DELETE FROM {it.table} WHERE word LIKE '#%'"))
    wanted = ", ".join(dict.fromkeys(("id", it.row, "phone")))
    for rows in _parts(connection, f"SELECT {wanted} FROM {it.owner} WHERE phone <> ''"):
        made = [
            {"word": word, "id": row.id}
            for row in rows
            if row.id in known
            for word in _marks(new, row.phone, place(it.owner, "phone", row._mapping[it.row]))
        ]
        if made:
            insert = f"INSERT INTO {it.table} (word, {it.key}) VALUES (:word, :id)"
            connection.execute(text(insert), made)


def _marks(new: Box, sealed: str, of: str) -> Sequence[str]:
    told = new.open(sealed, of)
    return new.phone_marks(told) if told != BROKEN else ()


def documents(connection: Connection, old: Open, new: Box, reveal: Callable[[bytes, str, str], str]) -> None:
    """Give every guest a new key and seal the documents under it, the record's and those of the stays; mark
    the number anew. What does not open stays as it is."""
    keys = "SELECT guest_id AS id, sealed FROM guest_key WHERE (1 = 1)"
    for rows in _parts(connection, keys, key="guest_id"):
        made = []
        for row in rows:
            told = old(row.sealed, place("guest_key", "sealed", row.id))
            if told != BROKEN:
                made.append((row.id, bytes.fromhex(told), os.urandom(32)))
        known = {guest: (before, after) for guest, before, after in made}
        span = {"first": rows[0].id, "last": rows[-1].id}
        _papers(connection, "guest", "id", span, known, new, reveal)
        _papers(connection, "sharer", "guest_id", span, known, None, reveal)
        changed = [
            {"id": guest, "sealed": new.close(after.hex(), place("guest_key", "sealed", guest))}
            for guest, _before, after in made
        ]
        if changed:
            connection.execute(text("UPDATE guest_key SET sealed = :sealed WHERE guest_id = :id"), changed)


def _papers(
    connection: Connection,
    table: str,
    guest: str,
    span: dict[str, int],
    known: dict[int, tuple[bytes, bytes]],
    marks: Box | None,
    reveal: Callable[[bytes, str, str], str],
) -> None:
    mark = ", document_mark" if marks else ""
    found = connection.execute(
        text(
            f"SELECT id, {guest} AS guest, document, overseas{mark} FROM {table} "
            f"WHERE {guest} BETWEEN :first AND :last AND (document <> '' OR overseas <> '')"
        ),
        span,
    ).all()
    changed = []
    for row in found:
        if row.guest not in known:
            continue
        before, after = known[row.guest]
        made = {"id": row.id, "document": row.document, "overseas": row.overseas}
        if marks:
            made["document_mark"] = row.document_mark
        for name in ("document", "overseas"):
            told = reveal(before, made[name], name) if made[name] else ""
            if told not in ("", BROKEN):
                made[name] = _closed(after, told, name)
                if marks and name == "document":
                    made["document_mark"] = marks.whole_mark("document", told.upper())
        changed.append(made)
    if changed:
        sets = ", ".join(f"{name} = :{name}" for name in changed[0] if name != "id")
        connection.execute(text(f"UPDATE {table} SET {sets} WHERE id = :id"), changed)


def drafts(connection: Connection, old: Open, new: Box) -> None:
    """Seal anew what is being typed."""
    changed = []
    for row in connection.execute(text("SELECT station, page, sealed FROM draft")).all():
        of = place("draft", "sealed", f"{row.station}/{row.page}")
        if (told := old(row.sealed, of)) != BROKEN:
            changed.append({"station": row.station, "page": row.page, "sealed": new.close(told, of)})
    if changed:
        statement = "UPDATE draft SET sealed = :sealed WHERE station = :station AND page = :page"
        connection.execute(text(statement), changed)


def words_wait(connection: Connection) -> bool:
    """Say whether bags with a pass-word are still here, whose mark only the key of its time makes."""
    asked = "SELECT 1 FROM luggage_tag WHERE word <> '' AND pieces_left > 0 LIMIT 1"
    return connection.execute(text(asked)).first() is not None


def last_entry(connection: Connection) -> int:
    """Return the number of the trail's last entry."""
    return int(connection.execute(text("SELECT coalesce(max(id), 0) FROM audit_entry")).scalar_one())


def _parts(connection: Connection, question: str, *, key: str = "id") -> Iterator[Sequence[Any]]:
    """Read a question a thousand rows at a time, so that a big hotel fits into memory."""
    last = -1
    while True:
        whole = f"{question} AND {key} > :last ORDER BY {key} LIMIT :part"
        rows = connection.execute(text(whole), {"last": last, "part": PART}).all()
        if not rows:
            return
        yield rows
        last = rows[-1].id


def _closed(key: bytes, told: str, what: str) -> str:
    from base64 import b64encode

    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(_NONCE)
    return b64encode(nonce + AESGCM(key).encrypt(nonce, told.encode(), what.encode())).decode()
