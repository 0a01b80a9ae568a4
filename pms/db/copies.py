"""How many copies of the books there are, as a desk sees it: what the watcher of the two servers wrote down,
and whether a server was promoted or has come back."""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from pms.core.clock import local
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.db import hosts
from pms.db.base import Standby, table_of
from pms.db.presence import moment

if TYPE_CHECKING:
    from pms.db.office import DatabaseOffice

BOTH, ONE, UNWATCHED = "both", "one", "unwatched"
TOPIC = "standby"
UNSEEN = 15.0
"""Seconds after which nobody watches any more."""
EVERY, UNWAITED, SELDOM = 5.0, 1.0, 15.0
"""Seconds between two looks; where acts may wait for a standby and nobody watches; and between two looks at
all servers then, for one that hangs is waited for."""
_LET_GO = text(
    "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND usename = "
    "current_user AND state_change < clock_timestamp() - interval '2 s'"
)
"""A commit that waits for a standby is done already; ended so, it says that it is."""
_S = table_of(Standby)


@dataclass(frozen=True)
class Copies:
    """What stands in the table: a state, whether each act is confirmed by both, since when, and whether
    somebody watches."""

    state: str
    synchronous: bool
    since: datetime
    watched: bool


def known(session: Session, *, now: datetime) -> Copies | None:
    """Return what is known of the standby; nothing where the hotel has none."""
    row: Any = session.execute(select(_S.c.state, _S.c.synchronous, _S.c.since, _S.c.seen_at)).first()
    if row is None:
        return None
    age = (moment(session, now) - row.seen_at).total_seconds()
    watched = row.state != UNWATCHED and age < UNSEEN
    return Copies(row.state, row.synchronous, row.since if watched else row.seen_at, watched)


def two(synchronous: bool) -> str:
    """Say how two copies are kept."""
    if synchronous:
        return _("two copies, each act is confirmed by both")
    return _("two copies, the standby a moment behind")


def told(found: Copies | None, zone: str) -> str:
    """Return what people have to be told; nothing while there are two copies, or never were."""
    if found is None or (found.watched and found.state == BOTH):
        return ""
    at = {"at": f"{local(found.since, zone):%Y-%m-%d %H:%M}"}
    if not found.watched:
        words = _(
            "Perhaps one copy only: nobody has watched the standby server since %(at)s. Work goes on. Have "
            "“pms standby watch” started on the server."
        )
        return words % at
    words = _(
        "One copy only: the standby server has not followed since %(at)s. Work goes on; what is saved is on "
        "one machine. Have the standby looked at."
    )
    return words % at


class Lookout:
    """Looks every ``seconds``, and when the watcher calls, and tells what a desk has to know, nothing once
    that is over. Where nobody watches any more it lets go on what waits for the standby."""

    def __init__(
        self, office: "DatabaseOffice", trouble: Callable[[str], None], *, seconds: float = EVERY
    ) -> None:
        self._office, self._trouble, self._seconds = office, trouble, seconds
        self._said, self._known, self._alone = "", set(self._lost()), False
        self._looked, self._told = monotonic(), list[str]()
        self._call, self._ending = threading.Event(), threading.Event()
        self._deaf: Callable[[], object] = lambda: None
        self._thread = threading.Thread(target=self._run, name="copies", daemon=True)

    def start(self) -> None:
        """Begin on a thread of its own; a hotel in a file has nothing to look at."""
        if self._office.engine.dialect.name == "postgresql":
            self._deaf = self._office.changes.listen(self._heard)
            self._thread.start()

    def stop(self) -> None:
        """End the thread; returns when it has ended."""
        self._deaf()
        self._ending.set()
        self._call.set()
        if self._thread.is_alive():
            self._thread.join(10)

    def look(self) -> None:
        """Look once."""
        office = self._office
        copies = office.look(known, now=office.now())
        self._alone = copies is not None and copies.synchronous and not copies.watched
        if self._alone:
            office.look(lambda session: session.scalar(_LET_GO))
        found = self._around()
        office.held_against_promoted()
        found += [sentence for sentence in self._lost() if sentence not in self._known]
        found.append(told(copies, office.house().zone))
        said = " ".join(filter(None, found))
        if said != self._said:
            self._said = said
            self._trouble(said)

    def _around(self) -> list[str]:
        servers = hosts.of(self._office.engine)
        if servers is not None and not (self._alone and monotonic() - self._looked < SELDOM):
            self._told = servers.look_around()
            self._looked = monotonic()
        return [*self._told]

    def _lost(self) -> list[str]:
        return self._office.anchor.told() if self._office.anchor is not None else []

    def _heard(self, topics: frozenset[str]) -> None:
        if TOPIC in topics:
            self._call.set()

    def _run(self) -> None:
        while not self._ending.is_set():
            self._call.clear()
            with suppress(Refused):  # the server is away, which another one tells
                self.look()
            self._call.wait(UNWAITED if self._alone else self._seconds)
