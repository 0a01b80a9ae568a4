"""A second server that follows the hotel's and takes its place when it is lost: PostgreSQL's own streaming
replication, prepared, watched and promoted.

Who watches runs on the server's own machine: what ends it ends the server too, so it is there whenever it
is needed. It alone lets the server wait for the standby at each commit (the synchronous way), and takes that
back as soon as the standby no longer follows: the hotel never stands still because its standby died. Before
it does so it says "one copy" where every desk reads it.
"""

from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

from pms.core.errors import Refused
from pms.core.i18n import _
from pms.db import copies, hosts, patience, roles
from pms.db.copies import BOTH, ONE, TOPIC, UNWATCHED

NAME = "hotel_standby"
"""The role it signs in as, the slot that keeps for it what it has not read yet, and the name it goes by."""
OLDEST = 13
KEEPS = "8GB"
"""So much of its log the first server keeps for a standby that is away: beyond it the standby is made anew,
and no disk fills because nobody looked."""
STANDBY, REPLACED = "standby", "replaced"
EVERY = 0.5
"""Seconds between two looks."""
LATE = {True: 2.5, False: 15.0}
"""Seconds after which a standby that has not what was written is taken for lost, the synchronous way (before
a desk gives up a lock, or its server) and the other."""
EACH, ASKED_FOR = 10, 1.0
"""At each so many looks the other server is asked whether it was promoted; seconds for which it is waited for
then, while commits may wait."""


# ------------------------------------------------------------------ making ready
@dataclass(frozen=True)
class Facts:
    """What the standby's machine must know of the first server: its major release, the settings that may not
    be smaller there, and who may sign in."""

    version: int
    settings: dict[str, str]
    signing_in: str
    identities: str
    signing_in_file: str


_NO_SMALLER = (
    "max_connections",
    "max_worker_processes",
    "max_wal_senders",
    "max_prepared_transactions",
    "max_locks_per_transaction",
)


def prepare(admin: URL, database: str, password: str) -> Facts:
    """Give the first server the role its standby signs in as, and a limit to what it keeps for it."""
    with roles.connected(admin.set(database="postgres")) as server:
        version = int(_shown(server, "server_version_num")) // 10000
        if server.exec_driver_sql("SELECT pg_is_in_recovery()").scalar():
            raise Refused(_("That server is a standby itself. Name the one that the desks work on."))
        if version < OLDEST or _shown(server, "wal_level") == "minimal":
            raise Refused(
                _("A standby needs PostgreSQL %(n)s or newer and wal_level = replica on the first server.")
                % {"n": OLDEST}
            )
        _may_follow(server, password)
        server.exec_driver_sql(f"GRANT CONNECT ON DATABASE {roles.quoted(server, database)} TO {NAME}")
        if _shown(server, "max_slot_wal_keep_size") == "-1":
            server.exec_driver_sql(f"ALTER SYSTEM SET max_slot_wal_keep_size = '{KEEPS}'")
            server.exec_driver_sql("SELECT pg_reload_conf()")
        _free_slot(server)
        file = _shown(server, "hba_file")
        return Facts(
            version,
            {name: _shown(server, name) for name in _NO_SMALLER},
            _read(server, file),
            _read(server, _shown(server, "ident_file")),
            file,
        )


def _may_follow(server: Connection, password: str) -> None:
    """Make the role that may follow and nothing else; the server is told its password hashed."""
    hashed = roles.hashed(server, NAME, password)
    there = server.execute(text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": NAME}).scalar()
    plain = "LOGIN REPLICATION NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS"
    server.exec_driver_sql(f"{'ALTER' if there else 'CREATE'} ROLE {NAME} {plain} PASSWORD '{hashed}'")


def _free_slot(server: Connection) -> None:
    """Give up what was kept for an earlier standby; refuses while one follows."""
    slot = text("SELECT active FROM pg_replication_slots WHERE slot_name = :name")
    active = server.execute(slot, {"name": NAME}).scalar()
    if active:
        raise Refused(_("A standby follows this server already. Stop it first if you want another one."))
    if active is not None:
        server.execute(text("SELECT pg_drop_replication_slot(:name)"), {"name": NAME})


def _shown(server: Connection, setting: str) -> str:
    return str(server.exec_driver_sql(f"SHOW {setting}").scalar())


def _read(server: Connection, file: str) -> str:
    return str(server.execute(text("SELECT pg_read_file(:file)"), {"file": file}).scalar())


# ------------------------------------------------------------------ watching
_STANDING = text(
    "SELECT pg_is_in_recovery() AS recovering, CASE WHEN pg_is_in_recovery() THEN 0 ELSE "
    "pg_wal_lsn_diff(pg_current_wal_flush_lsn(), '0/0')::bigint END AS written, "
    "current_setting('default_transaction_read_only') = 'on' AS refuses"
)
_FOLLOWING = text(
    "SELECT pg_wal_lsn_diff(flush_lsn, '0/0')::bigint AS reached, sync_state = 'sync' AS waited_for "
    "FROM pg_stat_replication WHERE application_name = :name AND state = 'streaming' ORDER BY 1 DESC LIMIT 1"
)
_SAY = text(
    "INSERT INTO standby AS s (name, state, synchronous, since, seen_at) VALUES (:name, :state, "
    ":synchronous, clock_timestamp(), clock_timestamp()) ON CONFLICT (name) DO UPDATE SET state = "
    "excluded.state, synchronous = excluded.synchronous, seen_at = excluded.seen_at, since = CASE WHEN "
    "s.state = excluded.state THEN s.since ELSE excluded.since END"
)
_RAISE = text(
    "INSERT INTO topic AS t (name, version) VALUES (:name, 1) ON CONFLICT (name) DO UPDATE SET "
    "version = t.version + 1"
)


def administered(admin: URL) -> Engine:
    """Return an engine of an administrator's whose every statement stands for itself and waits for no
    standby."""
    wanted = patience.settings()
    wanted["options"] += " -c synchronous_commit=local"
    return create_engine(admin, isolation_level="AUTOCOMMIT", connect_args=wanted, pool_size=1)


@dataclass(frozen=True)
class Look:
    """What a watcher found, and in words: a state that stands in the table, or that this server is the
    standby, or was put out of use."""

    state: str
    words: str


class Watch:
    """Looks at one server and its standby, once each time; ``other``: where the standby is, to see whether it
    was promoted while this server was away."""

    def __init__(self, admin: URL, *, synchronous: bool = False, other: URL | None = None) -> None:
        self._engine, self._synchronous, self._other = administered(admin), synchronous, other
        self._marks: deque[tuple[float, int]] = deque()
        self._state, self._looked, self.unheard = "", 0, ""

    def look(self) -> Look:
        """Look once, say so where the desks read it, and let the server wait for the standby or not."""
        with self._engine.connect() as server:
            standing = server.execute(_STANDING).one()
            if standing.recovering:
                return Look(STANDBY, _("this is the standby; it follows until it is promoted"))
            row = server.execute(_FOLLOWING, {"name": NAME}).first()
            follows = self._follows(standing.written, row.reached if row else None)
            lost = self._state == BOTH and not follows
            if standing.refuses or self._is_replaced(server, at_once=lost):
                return Look(REPLACED, _("put out of use: another server was promoted in its place"))
            if follows and self._synchronous:
                self._wait_for(server, NAME)
            try:
                waited = not self._synchronous or (row is not None and row.waited_for)
                if self._state or not follows or waited:  # at first the server is only told to wait
                    self._say(server, BOTH if follows and waited else ONE)
            finally:
                if not (follows and self._synchronous):
                    self._wait_for(server, "")
        return Look(self._state, self._words())

    def _follows(self, written: int, reached: int | None) -> bool:
        """Say whether the standby has what was written some seconds ago."""
        now, late = monotonic(), LATE[self._synchronous]
        self._marks.append((now, written))
        while len(self._marks) > 1 and self._marks[1][0] <= now - late:
            self._marks.popleft()
        if reached is None:
            return False
        at, due = self._marks[0]
        is_sure = at <= now - late
        return reached >= due or (not is_sure and self._state == BOTH)

    def _say(self, server: Connection, state: str) -> None:
        """Write the state down, which is also a sign that somebody watches, and call the desks when it has
        changed."""
        server.execute(_SAY, {"name": NAME, "state": state, "synchronous": self._synchronous})
        if state != self._state:
            server.execute(_RAISE, {"name": TOPIC})
        self._state = state

    @staticmethod
    def _wait_for(server: Connection, name: str) -> None:
        """Let commits wait for a standby, or for nobody: those that wait go on at once."""
        if _shown(server, "synchronous_standby_names") != name:
            server.exec_driver_sql(f"ALTER SYSTEM SET synchronous_standby_names = '{name}'")
            server.exec_driver_sql("SELECT pg_reload_conf()")

    def _words(self) -> str:
        if self._state == BOTH:
            return copies.two(self._synchronous)
        if self._state == ONE:
            return _("ONE COPY ONLY: the standby does not follow")
        return _("the server is told to wait for the standby")

    def _is_replaced(self, server: Connection, *, at_once: bool) -> bool:
        """Put this server out of use where its standby was promoted while it was away or hung; asked before
        commits that wait are let go, so that none is confirmed here that the other does not have."""
        self._looked += 1
        if self._other is None or not (at_once or self._looked % EACH == 1):
            return False
        identifier, timeline, _writes = server.exec_driver_sql(hosts.ASKED).one()
        [theirs] = hosts.look_at(self._other, seconds=ASKED_FOR)
        self.unheard = theirs.why
        if not theirs.writes or theirs.identifier != identifier or theirs.timeline <= timeline:
            return False
        put_out_of_use(server)
        return True

    def end(self) -> None:
        """Let commits wait for nobody any more, and say that nobody watches."""
        with suppress(DBAPIError), self._engine.connect() as server:
            if not server.execute(_STANDING).one().recovering:
                self._say(server, UNWATCHED)
                self._wait_for(server, "")
        self._engine.dispose()


def put_out_of_use(server: Connection) -> None:
    """Let a server take nothing more, and send away whoever works on it."""
    server.exec_driver_sql("ALTER SYSTEM SET default_transaction_read_only = on")
    server.exec_driver_sql("SELECT pg_reload_conf()")
    server.exec_driver_sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND "
        "pid <> pg_backend_pid()"
    )


# ------------------------------------------------------------------ promoting
@dataclass(frozen=True)
class Promoted:
    """What came of a promotion: the moment of the last act it holds, the first server's address, and whether
    each act was confirmed by both when it was last seen."""

    up_to: datetime | None
    first: str
    synchronous: bool


_REACHED = text(
    "SELECT pg_is_in_recovery() AS recovering, pg_last_wal_receive_lsn() IS NULL OR "
    "pg_last_wal_replay_lsn() >= pg_last_wal_receive_lsn() AS through, "
    "CAST(pg_last_wal_replay_lsn() AS text) AS reached, pg_last_xact_replay_timestamp() AS at"
)
STILL = 5.0
"""Seconds without a step after which nothing more is replayed: what came last may be half a record."""
_LAST_SEEN = text("SELECT state, synchronous FROM standby WHERE name = :name")


def promote(admin: URL) -> Promoted:
    """Let a standby take the first server's place; refuses while that one answers, for then both would take
    what is typed."""
    engine = administered(admin)
    try:
        with engine.connect() as server:
            return _promote(server)
    except DBAPIError as error:
        raise roles.told(error) from error
    finally:
        engine.dispose()


def _promote(server: Connection) -> Promoted:
    if not server.execute(_REACHED).one().recovering:
        raise Refused(_("This server is no standby: it takes what is typed already."))
    first = patience.driver().conninfo.conninfo_to_dict(_shown(server, "primary_conninfo"))
    where = hosts.Address(str(first.get("host") or "localhost"), int(first.get("port") or hosts.PORT))
    if answers(where):
        raise Refused(
            _(
                "%(first)s still answers: two servers would take what is typed. Stop it there (pg_ctl stop, "
                "or cut it from the network) and try again."
            )
            % {"first": where}
        )
    seen = server.execute(_LAST_SEEN, {"name": NAME}).first()
    reached = _replayed(server)
    server.exec_driver_sql("SET statement_timeout = 0")
    if not server.exec_driver_sql("SELECT pg_promote(true, 60)").scalar():
        raise Refused(_("The server did not promote itself within a minute. Its own log says why."))
    Watch._wait_for(server, "")
    server.execute(_SAY, {"name": NAME, "state": ONE, "synchronous": False})
    server.execute(_RAISE, {"name": TOPIC})
    at = reached.at.astimezone(UTC) if reached.at else None
    return Promoted(at, str(where), bool(seen and seen.synchronous and seen.state == BOTH))


def _replayed(server: Connection) -> Any:
    """Wait until what came from the first server is replayed, and return how far that is."""
    last, since = "", monotonic()
    while not (reached := server.execute(_REACHED).one()).through and monotonic() - since < STILL:
        if reached.reached != last:
            last, since = reached.reached, monotonic()
        server.exec_driver_sql("SELECT pg_sleep(0.1)")
    return reached


def answers(address: hosts.Address) -> bool:
    """Say whether a server answers there, whatever it says."""
    pq = patience.driver().pq
    words = f"host={address.host} port={address.port} connect_timeout={patience.CONNECT}"
    return pq.PGconn.ping(words.encode()) in (pq.Ping.OK, pq.Ping.REJECT)
