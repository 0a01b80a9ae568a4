"""Two desks at one database, one of which is let in between the other's steps: the first is held where it has
decided, or where only its commit is missing, until the second has ended or waits for it."""

import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text

from pms.core.errors import Conflict, NeedsApproval, NeedsConfirmation, Refused
from pms.db.office import DatabaseOffice

DECIDED, WRITTEN = "before it writes", "before it commits"
PLACES = (DECIDED, WRITTEN)
PATIENCE = 20.0
"""Seconds after which a desk that has neither ended nor waits for the other is a fault."""


@dataclass(frozen=True)
class Outcome:
    """What a desk was told: that it is done, or in a sentence why not (``faster``: somebody else was);
    a defect has neither."""

    done: bool = False
    said: str = ""
    defect: BaseException | None = None
    faster: bool = False


def tried(act: Callable[[], Any]) -> Outcome:
    """Do something as a desk does and return what it is told."""
    try:
        act()
    except (Refused, NeedsConfirmation, NeedsApproval) as refusal:
        return Outcome(said=str(refusal), faster=isinstance(refusal, Conflict))
    except Exception as defect:  # what a desk would show as a crash
        return Outcome(defect=defect)
    return Outcome(done=True)


class Waiting:
    """Says whether a database's connection waits for a lock of another."""

    def __init__(self, engine: Engine) -> None:
        self._watch = create_engine(engine.url, isolation_level="AUTOCOMMIT", pool_size=1)
        self._asked = text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND "
            "wait_event_type = 'Lock'"
        )

    def __enter__(self) -> "Waiting":
        self._connection = self._watch.connect()
        return self

    def __exit__(self, *_error: object) -> None:
        self._connection.close()
        self._watch.dispose()

    def somebody(self) -> bool:
        """Return whether anybody waits now."""
        return bool(self._connection.execute(self._asked).scalar_one())


@contextmanager
def held(office: DatabaseOffice, place: str, reached: threading.Event, go_on: threading.Event):
    """Hold a desk's next transaction at a place until it may go on."""
    engine, once = office.engine, [True]

    def stop() -> None:
        if once and once.pop():
            reached.set()
            go_on.wait(PATIENCE)

    def before_commit(connection: Connection) -> None:
        if once:
            connection.exec_driver_sql("SELECT 1")  # with it goes what was still to be said
            stop()

    def before_execute(connection: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
        if place == WRITTEN and statement == "COMMIT":  # said together with what waits to be said
            before_commit(connection)
        elif place == DECIDED and statement.startswith(("INSERT", "UPDATE", "DELETE")):
            stop()

    event.listen(engine, "before_cursor_execute", before_execute)
    if place == WRITTEN:
        event.listen(engine, "commit", before_commit)  # where nothing waited
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", before_execute)
        if place == WRITTEN:
            event.remove(engine, "commit", before_commit)
        go_on.set()


def forced(
    first: DatabaseOffice, act: Callable[[], Any], other: Callable[[], Any], place: str
) -> tuple[Outcome, Outcome, bool]:
    """Run ``act`` at the first desk, held at a place, and ``other`` at the second; returns what both were
    told, and whether the second had to wait."""
    reached, go_on, told = threading.Event(), threading.Event(), {}
    waited = False
    with held(first, place, reached, go_on), Waiting(first.engine) as waiting:
        one = threading.Thread(target=lambda: told.update(one=tried(act)), daemon=True)
        two = threading.Thread(target=lambda: told.update(two=tried(other)), daemon=True)
        one.start()
        until = time.monotonic() + PATIENCE
        while not reached.is_set() and one.is_alive() and time.monotonic() < until:
            reached.wait(0.002)
        two.start()
        while two.is_alive() and time.monotonic() < until:
            if waiting.somebody():
                waited = True
                break
            two.join(0.004)
        go_on.set()
        one.join(PATIENCE)
        two.join(PATIENCE)
    stuck = Outcome(defect=TimeoutError("the two desks wait for each other for ever"))
    return told.get("one", stuck), told.get("two", stuck), waited
