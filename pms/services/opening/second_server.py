"""Make this machine's PostgreSQL the standby of the server that the desks work on."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL, create_engine, text
from sqlalchemy.exc import DBAPIError

from pms.core import private
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.db import hosts, roles, standby

POSTGRES = "postgres"
AGREES = 30.0
"""Seconds within which a standby that was started follows."""


def programs() -> Path:
    """Return the folder of PostgreSQL's programs here; Debian keeps them out of PATH."""
    given = os.environ.get("PMS_POSTGRES_BIN")
    found = [Path(given)] if given else sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found += [Path(at).resolve().parent for at in [shutil.which("pg_basebackup")] if at]
    for folder in found:
        if (folder / "pg_basebackup").exists() and (folder / "pg_ctl").exists():
            return folder
    raise Refused(_("PostgreSQL is not installed here. On Debian or Ubuntu: sudo apt-get install postgresql"))


@dataclass(frozen=True)
class Standby:
    """Where a standby's data lie, where it answers, and the certificate and key that prove who it is."""

    data: Path
    port: int
    listen: str
    certificate: tuple[Path, Path] | None = None

    def _run(self, program: str, *words: str, secret: str = "") -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs as the login that may: it refuses root."""
        before: Sequence[str] = ("runuser", "-u", POSTGRES, "--") if os.getuid() == 0 else ()
        more = {"PGPASSWORD": secret} if secret else {}
        return subprocess.run(
            [*before, str(programs() / program), *words],
            cwd="/",
            env=os.environ | more,
            text=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=False,
        )

    @property
    def log(self) -> Path:
        """Return the file that it writes its troubles to."""
        return self.data / "standby.log"

    def make_room(self, now: datetime) -> Path | None:
        """Put what an earlier server left in the folder aside; refuses while one works there."""
        if self._run("pg_ctl", "-D", str(self.data), "status").returncode == 0:
            raise Refused(
                _("A server works in %(folder)s. Stop it first: pg_ctl -D %(folder)s -m fast stop")
                % {"folder": self.data}
            )
        if not self.data.parent.is_dir():
            raise Refused(_("There is no folder %(folder)s.") % {"folder": self.data.parent})
        aside = None
        if self.data.exists() and any(self.data.iterdir()):
            aside = self.data.with_name(f"{self.data.name}.before-{now:%Y%m%d-%H%M%S}")
            self.data.rename(aside)
        private.folder(self.data)
        self._give(self.data)
        return aside

    def copy(self, first: URL, facts: standby.Facts, password: str) -> None:
        """Copy the first server, which goes on working."""
        words = _words(first)
        done = self._run(
            "pg_basebackup",
            *("-D", str(self.data), "-d", words, "-R", "-X", "stream", "-c", "fast", "-w", "-C"),
            *("-S", standby.NAME),
            secret=password,
        )
        if done.returncode:
            raise Refused(_refused(done.stderr, first, facts))

    def fit(self, facts: standby.Facts) -> None:
        """Let the copy be a server of its own: what the first one is set to by hand does not hold here."""
        for name, content in (
            ("postgresql.conf", ""),
            ("pg_hba.conf", facts.signing_in),
            ("pg_ident.conf", facts.identities),
        ):
            if not (self.data / name).exists():
                self._write(name, content)
        own = facts.settings | {
            "port": str(self.port),
            "listen_addresses": self.listen,
            "hot_standby": "on",
            "synchronous_standby_names": "",
            "default_transaction_read_only": "off",
        }
        if self.certificate is not None:
            own |= dict(zip(("ssl_cert_file", "ssl_key_file"), map(str, self.certificate), strict=True))
            own["ssl"] = "on"
        file = self.data / "postgresql.auto.conf"
        kept = [line for line in file.read_text().splitlines() if line.split("=")[0].strip() not in own]
        lines = [f"{name} = '{value}'" for name, value in own.items()]
        self._write(file.name, "\n".join((*kept, *lines, "")))

    def _write(self, name: str, content: str) -> None:
        private.write(self.data / name, content.encode())
        self._give(self.data / name)

    @staticmethod
    def _give(path: Path) -> None:
        if os.getuid() == 0:
            shutil.chown(path, POSTGRES, POSTGRES)

    def start(self) -> None:
        """Start it."""
        done = self._run("pg_ctl", "-D", str(self.data), "-w", "-l", str(self.log), "start")
        if done.returncode:
            raise Refused(_("The standby does not start. %(file)s says why.") % {"file": self.log})


def _words(first: URL) -> str:
    """Return the first server's address as its standby asks for it."""
    [at] = hosts.addresses(first)
    words = {"host": at.host or "localhost", "port": at.port, "user": standby.NAME}
    words["application_name"] = standby.NAME
    words |= {k: str(v) for k, v in first.query.items() if k.startswith("ssl")}
    return " ".join(f"{name}={value}" for name, value in words.items())


def _refused(said: str, first: URL, facts: standby.Facts) -> str:
    lines = said.strip().splitlines() or ["?"]
    if found := re.search(r'no pg_hba.conf entry for replication connection from host "([^"]+)"', said):
        return _(
            "The first server lets nobody follow it from here. Add this line to its %(file)s, have it read "
            "again (SELECT pg_reload_conf()) and try again: hostssl replication %(role)s %(host)s "
            "scram-sha-256"
        ) % {"file": facts.signing_in_file, "role": standby.NAME, "host": f"{found[1]}/32"}
    return _("%(host)s cannot be copied: %(why)s") % {"host": hosts.addresses(first)[0], "why": lines[-1]}


def set_up(
    admin: URL,
    database: str,
    password: str,
    made: Standby,
    now: datetime,
    say: Callable[[str], None] = lambda sentence: None,
) -> None:
    """Make the standby: the role it signs in as, the copy, its own settings, and see it follow."""
    found = programs()
    version = int(found.parent.name) if found.parent.name.isdigit() else 0
    facts = standby.prepare(admin, database, password)
    if version and version != facts.version:
        words = _("The first server is PostgreSQL %(first)s, here is %(here)s. Both are of the same release.")
        raise Refused(words % {"first": facts.version, "here": version})
    if (aside := made.make_room(now)) is not None:
        say(_("What lay there is kept as %(folder)s.") % {"folder": aside})
    made.copy(admin, facts, password)
    made.fit(facts)
    made.start()
    _must_follow(admin, made)


def _must_follow(admin: URL, made: Standby) -> None:
    engine = create_engine(admin.set(database=POSTGRES), isolation_level="AUTOCOMMIT")
    asked = text("SELECT 1 FROM pg_stat_replication WHERE application_name = :name AND state = 'streaming'")
    until = time.monotonic() + AGREES
    try:
        with engine.connect() as server:
            while server.execute(asked, {"name": standby.NAME}).scalar() is None:
                if time.monotonic() > until:
                    raise Refused(
                        _("The standby was started and does not follow. %(file)s says why.")
                        % {"file": made.log}
                    )
                time.sleep(0.2)
    except DBAPIError as error:
        raise roles.told(error) from error
    finally:
        engine.dispose()
