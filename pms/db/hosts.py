"""Several servers of one hotel, of which one takes what is typed: a desk knows all their addresses and finds
it.

A standby that was promoted begins a new timeline, PostgreSQL's own count of promotions. A desk never goes
back behind the highest timeline it has seen, now or in an earlier session: a server that comes back after
another was promoted in its place is refused, although it would take everything.
"""

import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import URL, Connection, Engine, event
from sqlalchemy.exc import InvalidatePoolError

from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.settings import write_private
from pms.db import patience

PORT = 5432
SURE = 15.0
"""Seconds for which what the servers said holds, for one connection more."""
ONLY_THE_FIRST = {"target_session_attrs": "read-write"}
"""What libpq asks of each of several servers: it passes over those that take nothing."""
NO_SERVER = "08001"
ASKED = """
SELECT (SELECT system_identifier FROM pg_control_system()),
CASE WHEN pg_is_in_recovery() THEN 0
ELSE ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int END,
NOT pg_is_in_recovery() AND current_setting('default_transaction_read_only') = 'off'
"""
"""Whose copy a server is, its timeline, and whether it takes what is typed."""


@dataclass(frozen=True)
class Address:
    """Where one server is."""

    host: str
    port: int = PORT

    def __str__(self) -> str:
        """Return it as it is typed."""
        return self.host if self.port == PORT else f"{self.host}:{self.port}"


def typed(words: str, port: int = PORT) -> list[Address]:
    """Return the addresses in what somebody typed: ``10.0.0.1, 10.0.0.2:5433``."""
    found = []
    for word in filter(None, (part.strip() for part in words.split(","))):
        host, colon, number = word.rpartition(":")
        one = bool(colon) and number.isdigit() and (":" not in host or host.endswith("]"))
        found.append(Address(host.strip("[]"), int(number)) if one else Address(word.strip("[]"), port))
    return found or [Address("", port)]


def addressed(url: URL, addresses: Sequence[Address]) -> URL:
    """Return a URL with other addresses."""
    query: dict[str, Any] = {k: v for k, v in url.query.items() if k not in ("host", "port", *ONLY_THE_FIRST)}
    if len(addresses) == 1:
        return url.set(host=addresses[0].host, port=addresses[0].port, query=query)
    several = {
        "host": ",".join(a.host for a in addresses),
        "port": ",".join(str(a.port) for a in addresses),
    }
    return url._replace(host=None, port=None).set(query=query | several | ONLY_THE_FIRST)


def addresses(url: URL) -> list[Address]:
    """Return the addresses of a URL, in their order; one without a host is this computer's."""
    _words, told = url.get_dialect()().create_connect_args(url)
    names = str(told.get("host") or "").split(",")
    ports = [int(p or PORT) for p in str(told.get("port") or PORT).split(",")]
    ports = ports if len(ports) == len(names) else ports[:1] * len(names)
    return [Address(name, port) for name, port in zip(names, ports, strict=True)]


@dataclass(frozen=True)
class Seen:
    """A server as it answered: whose copy it is, its timeline, whether it takes what is typed; or why it did
    not answer."""

    address: Address
    identifier: int = 0
    timeline: int = 0
    writes: bool = False
    why: str = ""

    @property
    def waits(self) -> bool:
        """Say whether it answers and takes nothing: a standby, or one that was put out of use."""
        return not self.why and not self.writes


class Newest:
    """The highest timeline seen of each set of copies, kept in a file where there is one."""

    def __init__(self, path: Path | None = None) -> None:
        self._path, self._known = path, dict[int, int]()
        with suppress(OSError, ValueError):
            for line in path.read_text("ascii").splitlines() if path else ():
                identifier, timeline = map(int, line.split())
                self._known[identifier] = timeline

    def of(self, identifier: int) -> int:
        """Return the highest timeline seen, 0 where none was."""
        return self._known.get(identifier, 0)

    def is_theirs(self, identifier: int) -> bool:
        """Say whether a server is of the set of copies that was worked on before."""
        return not self._known or identifier in self._known

    def note(self, seen: Iterable[Seen]) -> bool:
        """Remember what was seen; says whether a server was promoted since."""
        risen = False
        for one in seen:
            if one.writes and self.is_theirs(one.identifier) and one.timeline > self.of(one.identifier):
                risen = risen or bool(self.of(one.identifier))
                self._known[one.identifier] = one.timeline
                self._keep()
        return risen

    def _keep(self) -> None:
        if self._path is not None:
            lines = [f"{identifier} {timeline}\n" for identifier, timeline in self._known.items()]
            with suppress(Refused):  # a folder that cannot be written costs no act
                write_private(self._path, "".join(lines))


class Servers:
    """The servers of one engine: finds the one that takes what is typed, and never an older one.
    ``promotions``: how often another one has taken its place since."""

    def __init__(self, addresses: Sequence[Address], newest: Newest) -> None:
        self._addresses, self._newest = addresses, newest
        self._good: Address | None = None
        self._looked = float("-inf")
        self.promotions = 0
        self._wanted: dict[str, Any] | None = None

    def connect(self, wanted: dict[str, Any]) -> Any:
        """Connect to the server that takes what is typed: the one that did a moment ago, unless a line was
        lost since; else whichever it is, all of them asked."""
        self._wanted = wanted
        if self._good is not None and monotonic() - self._looked < SURE:
            with suppress(patience.driver().OperationalError):
                if (line := self._to(self._good)) is not None:
                    return line
        found = self.look()
        for one in self._fit(found):
            try:
                if (line := self._to(one.address)) is not None:
                    self._good = one.address
                    return line
            except patience.driver().OperationalError as error:  # it let the question in, and us no more
                found[found.index(one)] = replace(one, why=_reason(error))
        raise self._none(found)

    def _to(self, address: Address) -> Any:
        """Connect to a server; nothing where another was promoted in its place."""
        line = self._dial(address, self._wanted or {})
        good = False
        try:
            line.seen = seen = _ask(line, address)
            self._note([seen])
            good = seen.writes and self._newest.is_theirs(seen.identifier) and not self.is_old(line)
        finally:
            if not good:
                line.close()
        return line if good else None

    def _note(self, seen: Sequence[Seen]) -> None:
        self.promotions += self._newest.note(seen)

    @staticmethod
    def _dial(address: Address, wanted: dict[str, Any]) -> Any:
        line = patience.line().connect(**wanted | {"host": address.host, "port": address.port})
        line.autocommit = True
        return line

    def look(self, seconds: float = 2 * patience.CONNECT) -> list[Seen]:
        """Ask every server at once who it is; one that says nothing for so long does not answer."""
        wanted = {k: v for k, v in (self._wanted or {}).items() if k not in ONLY_THE_FIRST}
        found = [Seen(address, why=_("no answer")) for address in self._addresses]

        def ask(n: int) -> None:
            address = self._addresses[n]
            try:
                line = self._dial(address, wanted)
                line.limit = patience.CONNECT
                try:
                    found[n] = _ask(line, address)
                finally:
                    line.close()
            except patience.driver().Error as error:
                found[n] = Seen(address, why=_reason(error))

        each = [threading.Thread(target=ask, args=(n,), daemon=True) for n in range(len(found))]
        for thread in each:
            thread.start()
        for thread in each:
            thread.join(seconds)
        self._looked = monotonic()
        return list(found)

    def doubt(self) -> None:
        """Ask all of them before the next connection: a line was lost, and another may have been promoted."""
        self._looked = float("-inf")

    def _fit(self, found: Sequence[Seen]) -> list[Seen]:
        """Return the servers that may be written to, the one promoted last first."""
        self._note(found)
        fit = [
            one
            for one in found
            if one.writes
            and self._newest.is_theirs(one.identifier)
            and one.timeline >= self._newest.of(one.identifier)
        ]
        return sorted(fit, key=lambda one: -one.timeline)

    def look_around(self) -> list[str]:
        """Look whether a server was promoted meanwhile, so that connections to the old one are left, and
        return what people have to be told."""
        if self._wanted is None:
            return []
        found = self.look()
        fit = self._fit(found)
        if fit and self._good not in [one.address for one in fit]:
            self._good = fit[0].address
        return told(found, fit)

    def _none(self, found: Sequence[Seen]) -> Exception:
        """Return the error of a hotel none of whose servers takes what is typed."""
        error = patience.driver().OperationalError(
            "; ".join(f"{one.address}: {self._why_not(one)}" for one in found)
        )
        error.sqlstate = NO_SERVER
        return error  # type: ignore[no-any-return]

    def _why_not(self, one: Seen) -> str:
        if one.why:
            return one.why
        if not self._newest.is_theirs(one.identifier):
            return _("another hotel's, or made anew: run “pms standby address”")
        if one.writes:
            return _("stopped being the hotel's when another was promoted")
        return _("takes nothing: not promoted, or put out of use")

    def is_old(self, line: Any) -> bool:
        """Say whether another server was promoted since a connection was made."""
        seen: Seen | None = getattr(line, "seen", None)
        return seen is not None and seen.timeline < self._newest.of(seen.identifier)


def described(one: Seen) -> str:
    """Say of a server how it answered."""
    if one.why:
        words = one.why
    elif one.writes:
        words = _("takes what is typed")
    else:
        words = _("follows, ready to be promoted")
    return f"{one.address}: {words}"


def told(found: Sequence[Seen], fit: Sequence[Seen]) -> list[str]:
    """Return a sentence where more than one server takes what is typed."""
    others = [one for one in found if one.writes and one not in fit[:1]]
    if not fit or not others:
        return []
    return [
        _(
            "%(old)s takes what is typed although %(new)s was promoted in its place. No desk here writes to "
            "it. Stop it, then make it the standby: pms standby set-up."
        )
        % {"old": ", ".join(str(one.address) for one in others), "new": fit[0].address}
    ]


def _ask(line: Any, address: Address) -> Seen:
    identifier, timeline, writes = line.execute(ASKED).fetchone()
    return Seen(address, int(identifier), timeline, writes)


def _reason(error: Exception) -> str:
    first = (str(error).strip() or type(error).__name__).splitlines()[0]
    return first.rpartition("failed: ")[2].removeprefix("FATAL:").strip()


def of(engine: Engine) -> Servers | None:
    """Return an engine's servers, None where it knows one only."""
    return getattr(engine.dialect, "servers", None)


def left(connection: Connection) -> bool:
    """Say whether a connection is to a server that another one has taken the place of."""
    servers = of(connection.engine)
    return servers is not None and servers.is_old(connection.connection.driver_connection)


def several(engine: Engine, newest: Path | None = None) -> None:
    """Let an engine find the server that takes what is typed among those of its URL; where there is one only,
    nothing changes."""
    known = addresses(engine.url)
    if len(known) < 2:
        return
    servers = Servers(known, Newest(newest))
    engine.dialect.servers = servers  # type: ignore[attr-defined]

    @event.listens_for(engine, "do_connect")
    def _connect(_dialect: Any, _record: Any, _args: Any, wanted: Any) -> Any:
        return servers.connect(dict(wanted))

    @event.listens_for(engine, "invalidate")
    def _lost(*_any: Any) -> None:
        servers.doubt()

    @event.listens_for(engine, "checkout")
    def _out(line: Any, _record: Any, _proxy: Any) -> None:
        if servers.is_old(line):
            raise InvalidatePoolError


def look_at(url: URL, seconds: float = 2 * patience.CONNECT) -> list[Seen]:
    """Ask each server of a URL who it is, once."""
    _words, wanted = url.get_dialect()().create_connect_args(url)
    servers = Servers(addresses(url), Newest())
    servers._wanted = dict(wanted) | patience.settings()
    return servers.look(seconds)
