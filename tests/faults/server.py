"""A PostgreSQL server of a test's own, whose processes it may stop and kill."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import URL, create_engine, text

LEAST = (
    "port={port}\nlisten_addresses='127.0.0.1'\nunix_socket_directories=''\nfsync=off\nmax_connections=40\n"
)


def why_not() -> str:
    """Say why no server of one's own can be started here; nothing where one can."""
    if _programs() is None:
        return "no PostgreSQL server here: installer/test says which package holds it"
    if os.getuid() == 0 and not _is_there("postgres"):
        return "root may not run a PostgreSQL server, and there is no user postgres to run it"
    return ""


def _is_there(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def _programs() -> Path | None:
    given = os.environ.get("PMS_POSTGRES_BIN")
    found = [Path(given)] if given else sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in found if (folder / "initdb").exists()), None)


class Server:
    """A running server: its address, and the processes that it has started."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data = folder, folder / "data"
        with socket.socket() as line:
            line.bind(("127.0.0.1", 0))
            self.port = int(line.getsockname()[1])

    @property
    def url(self) -> URL:
        """Return the administrator's address."""
        return URL.create("postgresql+psycopg", "postgres", None, "127.0.0.1", self.port, "postgres")

    def start(self) -> None:
        """Make the cluster and start it; returns when it takes connections."""
        self.make_cluster()
        self.run_cluster()

    def make_cluster(self) -> None:
        """Make the cluster."""
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres")
        self._run("initdb", "-D", str(self.data), "-U", "postgres", "-A", "trust", "-N", "--locale=C.UTF-8")
        with (self.data / "postgresql.conf").open("a") as settings:
            settings.write(LEAST.format(port=self.port))

    def use_certificate(self, certificate: Path, key: Path) -> None:
        """Let it encrypt and show a certificate."""
        for source, name in ((certificate, "server.crt"), (key, "server.key")):
            made = self.data / name
            made.write_bytes(source.read_bytes())
            made.chmod(0o600)
            if os.getuid() == 0:
                shutil.chown(made, "postgres")
        with (self.data / "postgresql.conf").open("a") as settings:
            settings.write("ssl=on\n")

    def ask_password_of(self, role: str) -> None:
        """Let a role in by its password alone; everybody else needs none."""
        file = self.data / "pg_hba.conf"
        lines = [f"host {what} {role} 127.0.0.1/32 scram-sha-256\n" for what in ("all", "replication")]
        file.write_text("".join(lines) + file.read_text())

    def run_cluster(self) -> None:
        """Start it; returns when it takes connections."""
        self._run("pg_ctl", "-D", str(self.data), "-w", "-l", str(self.folder / "log"), "start")

    def stop(self) -> None:
        """End it at once, stopped processes too."""
        for pid in self.processes():
            with suppress(ProcessLookupError):  # one of its workers may have ended by itself
                os.kill(pid, signal.SIGCONT)
        self._run("pg_ctl", "-D", str(self.data), "-w", "-m", "immediate", "stop")

    def kill(self) -> None:
        """Kill it with all its processes, as a machine that loses its power does."""
        killed = self.processes()
        for pid in killed:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        until = time.monotonic() + 10
        while time.monotonic() < until and any(Path(f"/proc/{pid}").exists() for pid in killed):
            time.sleep(0.01)

    def _run(self, program: str, *words: str) -> None:
        before: Sequence[str] = ("runuser", "-u", "postgres", "--") if os.getuid() == 0 else ()
        command = [*before, str((_programs() or Path()) / program), *words]
        subprocess.run(command, check=True, cwd="/", timeout=90, stdout=subprocess.DEVNULL)

    def processes(self) -> list[int]:
        """Return the server's first process and all that it has started; none where it was killed."""
        first = int((self.data / "postmaster.pid").read_text().splitlines()[0])
        try:
            children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        except OSError:
            return []
        return [first, *map(int, children)]

    def tell(self, words: str) -> None:
        """Tell it something as its administrator."""
        engine = create_engine(self.url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(words)
        engine.dispose()

    def backends(self, database: str, kind: str = "client backend") -> list[int]:
        """Return the processes that serve a database's connections now, or those of another kind."""
        engine = create_engine(self.url)
        question = text(
            "SELECT pid FROM pg_stat_activity WHERE coalesce(datname, '') = :name AND backend_type = :kind"
        )
        with engine.connect() as connection:
            given = {"name": database, "kind": kind}
            found = [int(pid) for pid in connection.execute(question, given).scalars()]
        engine.dispose()
        return found

    def make(self, database: str, template: str = "template1") -> URL:
        """Make a database and return its address."""
        self.tell(f"CREATE DATABASE {database} TEMPLATE {template}")
        return self.url.set(database=database)


@contextmanager
def frozen(pids: Sequence[int]) -> Iterator[None]:
    """Stop processes of one's own server, as a machine that hangs does; they go on afterwards."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            with suppress(ProcessLookupError):  # whoever lost its desk meanwhile ends by itself
                os.kill(pid, signal.SIGCONT)
