"""A hotel on two servers of a test's own, the second made by the command that a hotel uses; and who watches
them."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, create_engine, text

from pms.core.clock import system_clock
from pms.db import hosts, roles, schema, standby
from pms.db.engine import open_engine
from pms.services.opening import second_server
from tests import builders
from tests.faults.server import Server

ROOT = Path(__file__).parents[2]
PASSWORD, OWNER, DESK = "follows the first one", "owner of the tables", "desks of the hotel"
HOTEL = "hotel"
ROOM = 1 << 30


class Two:
    """The two servers, by whether they are the first or the second."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.first, self.second = (Server(self._folder(name)) for name in ("first", "second"))

    def _folder(self, name: str) -> Path:
        made = self.folder / name
        made.mkdir()
        return made

    def start_first(self) -> None:
        """Make the first server with the small hotel in it and the two roles."""
        self.first.make_cluster()
        self.first.ask_password_of(standby.NAME)
        self.first.run_cluster()
        engine = open_engine(self.first.make(HOTEL), builders.SECRET)
        schema.upgrade(engine)
        builders.office(engine)
        engine.dispose()
        roles.set_up(self.first.url, roles.Roles("hotel_owner", OWNER, "hotel_desk", DESK, HOTEL))

    def start_second(self) -> None:
        """Let the second follow the first."""
        follow(self.first, self.second)

    @property
    def url(self) -> URL:
        """Return what a desk knows: both addresses."""
        plain = self.first.url.set(username="hotel_desk", password=DESK, database=HOTEL)
        return hosts.addressed(plain, [hosts.Address("127.0.0.1", s.port) for s in (self.first, self.second)])

    def end(self) -> None:
        """Stop both."""
        for server in (self.first, self.second):
            if (server.data / "postmaster.pid").exists() and server.processes():
                server.stop()


def follow(first: Server, second: Server) -> None:
    """Make a server the standby of another."""
    if os.getuid() == 0:
        shutil.chown(second.folder, "postgres")
    made = second_server.Standby(second.data, second.port, "127.0.0.1")
    second_server.set_up(first.url, HOTEL, PASSWORD, made, system_clock())


@contextmanager
def two() -> Iterator[Two]:
    """Start the hotel on two servers in a folder that is thrown away."""
    memory = "/dev/shm"  # installer/test says why not TMPDIR
    place = memory if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM else "/tmp"
    with tempfile.TemporaryDirectory(prefix="pms-two-", dir=place) as folder:
        Path(folder).chmod(0o711)
        made = Two(Path(folder))
        try:
            made.start_first()
            made.start_second()
            yield made
        finally:
            made.end()


class Watching:
    """The command that watches a server, in a process of its own."""

    def __init__(self, server: Server, home: Path, *words: str) -> None:
        self._log = home / f"watch-{server.port}.log"
        home.mkdir(exist_ok=True)
        with self._log.open("a") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "pms", *command("watch", server), *words],
                cwd=ROOT,
                env=os.environ | {"PMS_HOME": str(home), "LC_ALL": "C", "PGPASSWORD": PASSWORD},
                stdout=out,
                stderr=out,
            )

    @property
    def said(self) -> str:
        """Return what it has said."""
        return self._log.read_text()

    def end(self, how: int = signal.SIGTERM) -> None:
        """End it."""
        self.process.send_signal(how)
        self.process.wait(10)


def command(step: str, server: Server) -> list[str]:
    """Return the words of a step at a server of this machine."""
    return ["standby", step, "--host", "127.0.0.1", "--port", str(server.port)]


def state(server: Server) -> str:
    """Return what stands in the table that desks read."""
    return str(asked(server, "SELECT coalesce(max(state), '') FROM standby", HOTEL))


def asked(server: Server, words: str, database: str = "postgres") -> object:
    """Ask a server one thing as its administrator."""
    engine = create_engine(server.url.set(database=database), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        found: object = connection.execute(text(words)).scalar()
    engine.dispose()
    return found


def wait_for(what: Callable[[], bool], seconds: float = 15.0) -> float:
    """Wait until something is so and return how long it took."""
    begun = time.monotonic()
    while not what():
        if time.monotonic() - begun > seconds:
            raise TimeoutError("it did not come about")
        time.sleep(0.02)
    return time.monotonic() - begun
