"""Counters per kind of record: how one workstation learns what another one changed."""

import threading
from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

from sqlalchemy import Engine, Executable, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from pms.core.changes import Changes
from pms.db.base import Topic, table_of
from pms.db.engine import single
from pms.db.wire import LATER

_TOPIC = table_of(Topic)
_LOOK = select(_TOPIC.c.name, _TOPIC.c.version)


@cache
def _raise(dialect: str) -> Executable:
    """Return what counts a topic's version up, and begins to count where nobody has touched it yet; only the
    engine in use is loaded."""
    insert: Any = import_module(f"sqlalchemy.dialects.{dialect}").insert
    raised = insert(_TOPIC).on_conflict_do_update(
        index_elements=[_TOPIC.c.name], set_={"version": _TOPIC.c.version + 1}
    )
    made: Executable = raised.execution_options(**LATER)
    return made


def advance(session: Session, topics: set[str]) -> None:
    """Raise each topic's counter, in sorted order so that two writers never wait for each other in a ring."""
    if not topics:
        return
    counted_up = _raise(session.get_bind().dialect.name)
    session.connection().execute(counted_up, [{"name": name, "version": 1} for name in sorted(topics)])


class Watcher:
    """Reads the counters every ``seconds`` and announces those that differ; a lost server is told once, and
    once when it is back."""

    def __init__(
        self,
        engine: Engine,
        changes: Changes,
        *,
        seconds: float = 2.0,
        trouble: Callable[[str], None] = lambda sentence: None,
    ) -> None:
        self._engine, self._changes, self._seconds, self._trouble = single(engine), changes, seconds, trouble
        self._seen: dict[str, int] | None = None
        self._stop = threading.Event()
        self._lost = False
        self._thread = threading.Thread(target=self._run, name="topics", daemon=True)

    def start(self) -> None:
        """Begin to watch on a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; returns when it has ended."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(5)

    def look(self) -> None:
        """Read the counters once and announce what differs."""
        with self._engine.connect() as connection:
            found = {name: version for name, version in connection.execute(_LOOK)}
        before, self._seen = self._seen, found
        if before is not None:
            self._changes.announce(name for name, version in found.items() if before.get(name) != version)

    def _run(self) -> None:
        while not self._stop.wait(self._seconds):
            try:
                self.look()
            except DBAPIError as error:
                if not self._lost:
                    self._lost = True
                    self._trouble(str(error.orig).splitlines()[0] if error.orig else str(error))
            else:
                if self._lost:
                    self._lost = False
                    self._trouble("")
