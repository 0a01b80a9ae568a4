"""Which programs are at work on this database now, one for each workstation's name, so that they can be told
what is about to happen."""

import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from time import monotonic

from sqlalchemy import Connection, Engine, delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from pms.core.clock import Clock
from pms.db import hosts
from pms.db.base import Workplace, table_of

EVERY = 60.0
SEEN_WITHIN = timedelta(seconds=150)
"""A program that has not said for so long that it is there has ended or died."""
_W = table_of(Workplace)


def moment(connection: Connection | Session, own: datetime) -> datetime:
    """Return the moment by which workstations compare: the server's, because their own clocks differ; in a
    file the computer's ``own``."""
    at_connection = connection.connection() if isinstance(connection, Session) else connection
    if at_connection.dialect.name == "sqlite":
        return own
    found: datetime = at_connection.execute(select(func.clock_timestamp())).scalar_one()
    return found.astimezone(UTC)


def ticks(session: Session) -> int:
    """Return a count of milliseconds that no workstation's clock moves: the server's moment; in a file the
    time since the computer was started, which begins anew with it."""
    if session.get_bind().dialect.name == "sqlite":
        return int(monotonic() * 1000)
    found: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
    return int(found.timestamp() * 1000)


def others(session: Session, station: str, now: datetime) -> list[str]:
    """Return the other workstations whose program is at work, by name."""
    since = moment(session, now) - SEEN_WITHIN
    return list(
        session.scalars(
            select(_W.c.station).where(_W.c.seen_at > since, _W.c.station != station).order_by(_W.c.station)
        )
    )


def is_at_work(session: Session, station: str, now: datetime) -> bool:
    """Say whether a program of this workstation's name is at work."""
    since = moment(session, now) - SEEN_WITHIN
    found = session.execute(select(_W.c.station).where(_W.c.seen_at > since, _W.c.station == station))
    return found.first() is not None


_TAKE = text("SELECT pg_try_advisory_lock(:space, hashtext(:station))")
_SPACE = 0x504D53
"""Where the locks of workstations' names lie among others."""


class Presence:
    """Says every minute that this workstation's program is at work, and takes it back when it ends.

    On a server the name is held by a connection of its own: a program that dies lets go of it by itself. In a
    file there is one workstation, which holds its folder (``pms.core.alone``).
    """

    def __init__(self, engine: Engine, station: str, clock: Clock, *, seconds: float = EVERY) -> None:
        self._engine, self._station, self._clock, self._seconds = engine, station, clock, seconds
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="presence", daemon=True)
        self._line: Connection | None = None

    def take(self) -> bool:
        """Say whether the name is this program's now; false when another one works under it."""
        if self._engine.dialect.name == "sqlite" or self._line is not None:
            return True
        line = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            taken = bool(line.execute(_TAKE, {"space": _SPACE, "station": self._station}).scalar_one())
        except DBAPIError:
            line.close()
            raise
        if taken:
            self._line = line
        else:
            line.close()
        return taken

    def start(self) -> None:
        """Begin on a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread and take the word back."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(5)
        with suppress(DBAPIError):
            if self.take():  # else it is another program's word by now
                with self._engine.begin() as connection:
                    connection.execute(delete(_W).where(_W.c.station == self._station))
        self._let_go()

    def _let_go(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.invalidate()  # the lock ends with its connection
            line.close()

    def say(self) -> None:
        """Say once that the program is at work."""
        try:
            if self._line is not None and hosts.left(self._line):
                self._let_go()
            if self._line is not None:
                self._line.execute(select(1))
        except DBAPIError:  # the server was away: take the name again
            self._let_go()
        if not self.take():
            return
        with self._engine.begin() as connection:
            now = moment(connection, self._clock())
            if not connection.execute(
                update(_W).where(_W.c.station == self._station).values(seen_at=now)
            ).rowcount:
                connection.execute(insert(_W).values(station=self._station, seen_at=now))

    def _run(self) -> None:
        while True:
            with suppress(
                DBAPIError
            ):  # a lost server is told by the watcher; two programs of one name say the same
                self.say()
            if self._stop.wait(self._seconds):
                return
