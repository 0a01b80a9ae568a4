"""Exact counts of what a piece of work asks of the database: statements, transactions, on SQLite
virtual-machine steps, and how often a server is waited for."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

from sqlalchemy import Engine, event


@dataclass
class Counts:
    """What was asked of the database; ``steps`` stays 0 on PostgreSQL. BEGIN and COMMIT are not among the
    statements."""

    statements: int = 0
    commits: int = 0
    steps: int = 0


class Probe:
    """Counts on one engine (and its reading twin, which shares the pool) while ``counting``."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._now = Counts()
        self._steps: list[None] = []
        self._handler = partial(
            self._steps.append, None
        )  # runs without Python's interpreter and returns None: go on
        self.texts: dict[str, Any] = {}
        self._on = False
        event.listen(engine, "before_cursor_execute", self._statement)
        event.listen(engine, "commit", self._commit)
        event.listen(engine, "checkout", self._checkout)

    @contextmanager
    def counting(self) -> Iterator[Counts]:
        """Count what happens inside; the numbers are there when it ends."""
        self._now, self._on = Counts(), True
        self._steps.clear()
        try:
            yield self._now
        finally:
            self._on = False
            self._now.steps = len(self._steps)
            self._steps.clear()

    def _statement(
        self,
        _connection: Any,
        _cursor: Any,
        statement: str,
        parameters: Any,
        _context: Any,
        executemany: bool,
    ) -> None:
        if self._on and not statement.startswith(("BEGIN", "COMMIT")):
            self._now.statements += 1
            self.texts.setdefault(statement, parameters[0] if executemany else parameters)

    def _commit(self, _connection: Any) -> None:
        self._now.commits += self._on

    def _checkout(self, connection: Any, _record: Any, _proxy: Any) -> None:
        if self._engine.dialect.name == "sqlite":
            connection.set_progress_handler(self._handler if self._on else None, 1)


_LINE = re.compile(r"[\d\- :.]*\t?([FB])\t")
"""A message in the driver's trace: from the front end, or from the back end."""


def trips(engine: Engine, act: Callable[[], object]) -> int:
    """Return how often an answer of the server was waited for, by the driver's own protocol trace."""
    with tempfile.TemporaryFile("w+b") as trace:

        def begin(connection: Any, _record: Any, _proxy: Any) -> None:
            connection.pgconn.trace(trace.fileno())

        def end(connection: Any, _record: Any) -> None:
            connection.pgconn.untrace()

        event.listen(engine, "checkout", begin, insert=True)
        event.listen(engine, "checkin", end)
        try:
            act()
        finally:
            event.remove(engine, "checkout", begin)
            event.remove(engine, "checkin", end)
        trace.seek(0)
        lines = trace.read().decode("utf-8", "replace").splitlines()
    said = [found[1] for line in lines if (found := _LINE.match(line))]
    return sum(pair == ("F", "B") for pair in pairwise(said))
