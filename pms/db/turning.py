"""Put another key in the place of the hotel's: everything that is sealed or marked is made anew in one
transaction, the trail goes on under the new key, and what needs a key of before keeps it, sealed.

A file is changed as a copy, which takes its place in one step: whatever ends the program, there is a whole
hotel under the one key or under the other.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select, update

from pms.core import private
from pms.core.errors import StoreTrouble
from pms.core.i18n import _
from pms.db import audit, backup, past, reseal, schema
from pms.db.base import PastKey, table_of
from pms.db.keys import Keys
from pms.db.reseal import Sheet, Words
from pms.db.sealed import Box, sealed_columns

WORDS = (
    Words("guest_word", "guest", "guest_id"),
    Words("booking_word", "reservation", "reservation_id", "number"),
    Words("member_word", "member", "member_id", "number"),
)
_P = table_of(PastKey)
Reveal = Callable[[bytes, str, str], str]


@dataclass(frozen=True)
class By:
    """Who changes the key: the first of them acts, all agreed; when and where."""

    clerk: int
    names: tuple[str, ...]
    station: str
    at: datetime


def sheets() -> list[Sheet]:
    """Return every table that has sealed columns."""
    found = []
    for table in schema.metadata().sorted_tables:
        if columns := sealed_columns(table):
            names = tuple(column.name for column in columns)
            row = columns[0].type.row  # type: ignore[attr-defined]
            found.append(Sheet(table.name, names, row, "search" in table.c and "phone" in names))
    return found


def sign_of(connection: Connection) -> str:
    """Return the sign of the key that opens the books since it was changed, empty where it never was; held
    until the end of the transaction, so that nobody else writes."""
    p = schema.metadata().tables["property"].c
    return str(connection.execute(select(p.key_sign).with_for_update()).scalar_one())


def is_of(connection: Connection, sign: str) -> bool:
    """Say whether the books have gone over to the key of a sign."""
    p = schema.metadata().tables["property"].c
    return bool(connection.execute(select(p.key_sign)).scalar() == sign)


def turn(connection: Connection, old: Keys, new: Keys, by: By, reveal: Reveal) -> None:
    """Put the new keys in the place of the old ones in a database, within the transaction at hand."""
    sign_of(connection)
    was, now = Box(old), Box(new)
    for sheet in sheets():
        reseal.sheet(connection, sheet, was.open, now)
    for words in WORDS:
        reseal.words(connection, words, now)
    reseal.documents(connection, was.open, now, reveal)
    reseal.drafts(connection, was.open, now)
    _keep_past(connection, was, now)
    _write(connection, new, by, old.sign)
    properties = schema.metadata().tables["property"]
    connection.execute(update(properties).values(key_sign=new.sign))


def _keep_past(connection: Connection, was: Box, now: Box) -> None:
    """Seal the keys of before under the new one, and add the old one to them."""
    last = reseal.last_entry(connection)
    waiting = reseal.words_wait(connection)
    held = [
        (row.kind, row.until, past.opened(was, row.kind, row.until, row.sealed))
        for row in connection.execute(select(_P)).all()
    ]
    connection.execute(_P.delete())
    held.append((past.CHAIN, last, was.keys.chain))
    held.append((past.MARK, last, was.keys.mark))
    for kind, until, key in held:
        if kind == past.CHAIN or waiting:
            past.keep(connection, now, kind, until, key)


def _write(connection: Connection, new: Keys, by: By, before: str) -> None:
    """Write into the trail, as the first entry under the new key, by whose word it was changed."""
    audit.append(
        connection,
        new.chain,
        at=by.at,
        business_date=connection.execute(
            select(schema.metadata().tables["property"].c.business_date)
        ).scalar_one(),
        clerk_id=by.clerk or None,
        station=by.station,
        action="opening:change_key",
        record="hotel_key",
        changes={"how": "change-key", "by": list(by.names), "sign": [before, new.sign]},
    )


# ------------------------------------------------------------------ a file
@contextmanager
def held(file: Path, key: bytes) -> Iterator[Any]:
    """Keep everybody else out of a hotel's file, and its log empty, until the end; refuses where it is in
    use."""
    from sqlcipher3 import dbapi2

    with closing(dbapi2.connect(str(file), timeout=0.5, isolation_level=None)) as connection:
        try:
            backup.unlock(connection, key)
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("COMMIT")
        except dbapi2.Error as error:
            if "locked" not in str(error):
                raise
            raise StoreTrouble(
                _(
                    "The hotel's program is still open. Close it on this computer and try again; "
                    "nothing was changed."
                )
            ) from error
        yield connection


def copied(holding: Any, part: Path, old: bytes, new: bytes) -> None:
    """Copy a file that is held, and let the new key open the copy."""
    from sqlcipher3 import dbapi2

    drop(part)
    private.touch(part)
    holding.execute("VACUUM INTO ?", (str(part),))
    with closing(dbapi2.connect(str(part), isolation_level=None)) as connection:
        backup.unlock(connection, old)
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute(f"PRAGMA rekey = \"x'{new.hex()}'\"")
    backup.reach(part, new)


def put_in_place(part: Path, target: Path, key: bytes) -> None:
    """Let a copy that is whole take the file's place, in one step."""
    from sqlcipher3 import dbapi2

    with closing(dbapi2.connect(str(part), isolation_level=None)) as connection:
        backup.unlock(connection, key)
        connection.execute("PRAGMA journal_mode = DELETE")
    backup.settle(part, target)


def drop(part: Path) -> None:
    """Delete a copy with what an engine has put beside it."""
    for side in (*backup.SIDES, "-journal"):
        part.with_name(part.name + side).unlink(missing_ok=True)


def opens(file: Path, keys: Sequence[bytes]) -> list[bool]:
    """Say of each key whether it opens a file."""
    found = []
    for key in keys:
        try:
            backup.reach(file, key)
            found.append(True)
        except StoreTrouble:
            found.append(False)
    return found
