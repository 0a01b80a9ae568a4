"""The busy hotel on either engine, copied as often as it is needed, and its books in a word."""

import hashlib
import logging
import os
import re
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, Select, String, create_engine, make_url, select
from sqlalchemy.orm import Session

from pms.db import schema
from pms.db.engine import open_engine, sqlite_url
from pms.services.rooms.models import Room
from pms.services.staff.models import Staff
from pms.services.stays.models import Stay
from tests import builders, compiled
from tests.builders import House
from tests.faults import busy
from tests.invariants import check

compiled.share()
logging.getLogger("psycopg").setLevel(logging.ERROR)  # it tells of a refusal among others, which is wanted
POSTGRES = os.environ.get("PMS_TEST_POSTGRES", "")
BY_CHANCE = {
    "sealed",
    "digest",
    "salt",
    "password",
    "key",
    "arguments",
    "document",
    "overseas",
    "slip",
    "settled_by",
}
"""Columns that hold what is drawn by lot, or follows from it."""
_MARK = re.compile(r"\*[0-9a-f]{16}\b")
"""The mark of a hash in the trail: a password's is salted anew each time."""
NUMBERED = {
    "position",
    "record_id",
    "changes",
    "result",
    "marks",
    "reprint_of",
    "trail_count",
    "trail_head",
    "paper",
    "lines",
}
"""Columns that hold numbers of other records: a server's sequences do not give back what was taken."""


def _admin(*statements: str) -> None:
    engine = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


class Store:
    """A furnished hotel (the busy one, unless told otherwise) and its copy, which ``fresh`` makes anew."""

    def __init__(self, folder: Path | None, furnish: Callable[[Engine], House] | None = None) -> None:
        self._folder, self.name = folder, uuid.uuid4().hex[:10]
        if folder is None:
            _admin(f"CREATE DATABASE busy_{self.name}")
        engine = open_engine(self._url("busy"), builders.SECRET)
        house, self.facts = busy.furnish(engine) if furnish is None else (furnish(engine), busy.Facts())
        house.engine.dispose()

    def _url(self, which: str) -> URL:
        if self._folder is not None:
            return sqlite_url(self._folder / f"{which}.db")
        return make_url(POSTGRES).set(database=f"{which}_{self.name}")

    @property
    def url(self) -> URL:
        """Return where the copy is."""
        return self._url("copy")

    @property
    def file(self) -> Path:
        """Return the copy's file."""
        return Path(str(self.url.database))

    @property
    def server(self) -> bool:
        """Say whether the hotel is on a server."""
        return self._folder is None

    def fresh(self) -> None:
        """Copy the hotel; nobody may be at work in the copy before."""
        if self._folder is None:
            copy = f"copy_{self.name}"
            _admin(
                f"DROP DATABASE IF EXISTS {copy} WITH (FORCE)",
                f"CREATE DATABASE {copy} TEMPLATE busy_{self.name} STRATEGY FILE_COPY",
            )
            return
        for old in self._folder.glob("copy.db*"):
            old.unlink()
        shutil.copy(self._folder / "busy.db", self._folder / "copy.db")

    def drop(self) -> None:
        """Take hotel and copy away."""
        if self._folder is None:
            for which in ("copy", "busy"):
                _admin(f"DROP DATABASE IF EXISTS {which}_{self.name} WITH (FORCE)")

    @contextmanager
    def desk(self, station: str = "desk-1") -> Iterator[House]:
        """Open the copy at a workstation, at ten in the morning."""
        engine = open_engine(self.url, builders.SECRET)
        made = builders.office(engine, found=False)
        made.station, made.ids = station, lambda: str(uuid.uuid4())
        made.clock.set(busy.NOW, 10)
        try:
            yield made
        finally:
            engine.dispose()


def sound(house: House) -> None:
    """Assert what must be true of the hotel whatever was done: the books and rooms, somebody who may do all,
    and nobody in a room that is closed."""
    house.look(check, today=house.house().business_date)

    def rest(session: Session) -> None:
        owners = session.query(Staff).filter(Staff.role_code == "owner", Staff.active)
        assert owners.count(), "nobody is owner any more"
        closed = session.query(Stay).join(Room, Room.id == Stay.room_id)
        closed = closed.filter(Stay.state == "in_house", ~Room.active)
        assert not closed.count(), "a guest is in a room that is closed for good"

    house.look(rest)


class Books(dict[str, str]):
    """A digest of each table's rows."""

    def unlike(self, other: "Books") -> str:
        """Name the tables in which two differ."""
        return ", ".join(name for name in self if self[name] != other[name])


def books(house: House, *, numbers: bool = True) -> Books:
    """Return a digest of each table's rows, the same on either engine, but for what is drawn by lot; without
    ``numbers`` also for those that a server gives."""
    found = Books()

    def read(session: Session) -> None:
        for name, statement in _statements(numbers):
            told = (repr(tuple(row)) for row in session.connection().execute(statement))
            rows = sorted(_MARK.sub("*", row) for row in told)
            found[name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()

    house.look(read)
    return found


@cache
def _statements(numbers: bool) -> list[tuple[str, Select[Any]]]:
    """Return a question for each table; the trail's entries of one act stand in no order of their own."""
    found = []
    for table in schema.metadata().sorted_tables:
        columns = [
            column
            for column in table.columns
            if column.name not in BY_CHANCE
            and not column.info.get("private")
            and (numbers or not _numbered(column))
            and f"{table.name}.{column.name}" != "audit_entry.id"
        ]
        if columns:
            found.append((table.name, select(*columns)))
    return found


def _numbered(column: Any) -> bool:
    by_number = bool(column.foreign_keys) and not isinstance(column.type, String)
    return column.primary_key or by_number or column.name in NUMBERED or column.name.endswith("_id")


def on_both(
    folder: Path, run: Callable[[Store], Any], furnish: Callable[[Engine], House] | None = None
) -> Iterator[tuple[str, Any]]:
    """Run something on a hotel in a file, then, where there is one, on a server; yields the engine's name and
    what came of it."""
    for name, where in (("SQLite", folder), ("PostgreSQL", None)):
        if where is None and not POSTGRES:
            continue
        store = Store(where, furnish)
        try:
            yield name, run(store)
        finally:
            store.drop()
