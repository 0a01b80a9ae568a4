"""What a disk may do to a hotel in a file: the power fails, and bits flip.

**Power cuts.** A desk works while every call that changes its files is put on a tape. The tape is played to
any point and the power cut there: what was synced is on the disk; of what was only written, a part that is
drawn by lot, torn at a sector; a name that its folder was not synced for may be there or not. The hotel then
opens, whole, and every act that was acknowledged is there.

**Bit flips.** One bit of the database or of its log is turned. Reading all of it fails, or gives what was
written; or the trail no longer reaches the mark outside of the database, which is told at the start.

    python -m tests.faults.storage [--short] [--cuts N] [--flips N]

Without words 10,000 of each. Runs itself once more in a process with the shim.
"""

import argparse
import hashlib
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pms.core.money import Money
from pms.services.folios import service as folios
from pms.services.luggage import service as luggage
from pms.services.reservations import service as reservations
from pms.services.reservations.service import Wish
from pms.services.rooms import service as rooms
from tests import builders
from tests.builders import DAY
from tests.faults import busy, shim
from tests.faults.disk import ROOT
from tests.faults.hotel import scratch
from tests.faults.store import Store

CUTS, FLIPS, SHORT = 10_000, 10_000, 15.0
"""How many of each in the long form, seconds of each in the short one."""
ACTS, SECTOR = 60, 512
ACKNOWLEDGED = "acknowledged"
Files = dict[str, bytes]


@dataclass
class Count:
    """What became of one kind of damage."""

    kind: str
    tried: int = 0
    ends: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """Return the line that is printed."""
        ends = ", ".join(f"{n} {end}" for end, n in sorted(self.ends.items()))
        return f"{self.tried} {self.kind}: {ends}, {len(self.faults)} faults"

    def end(self, how: str) -> None:
        """Count one."""
        self.tried += 1
        self.ends[how] = self.ends.get(how, 0) + 1


# ------------------------------------------------------------------ a desk at work, on tape
@dataclass(frozen=True)
class Move:
    """One call that changed a file, or (``acknowledged``) an act that a desk was told is done."""

    name: str
    offset: int
    file: str
    data: bytes = b""


def work(store: Store, tape: int) -> list[str]:
    """Do acts at a desk, each acknowledged on the tape; leave and come back now and then, so that the log is
    written into the file. Returns their keys."""
    lot, keys = random.Random(1), []
    with store.desk() as house:
        facts = store.facts
        for n in range(ACTS):
            key, wish = (
                f"act-{n}",
                Wish(facts.big, busy.NOW + (9 + n) * DAY, busy.NOW + (10 + n) * DAY, plan_id=1),
            )
            call = lot.choice(
                (
                    folios.charge.of(stay_id=facts.stay, code="MINIBAR", amount=Money(900)),
                    folios.pay.of(stay_id=facts.stay, method="CASH", amount=Money(900)),
                    luggage.store.of(stay_id=facts.stay, pieces=2),
                    reservations.book.of(guest_name="Wang", rooms=[wish]),
                    rooms.set_clean.of(room_ids=[facts.rooms["310"]], clean=lot.choice(("dirty", "clean"))),
                )
            )
            house.do(call, intent=key)
            os.write(tape, f"{ACKNOWLEDGED} 0 0 {key}\n".encode())
            keys.append(key)
            if n % 12 == 11:
                house.engine.dispose()
    return keys


def moves(tape: int) -> Iterator[Move]:
    """Yield what is on a tape."""
    os.lseek(tape, 0, os.SEEK_SET)
    with os.fdopen(os.dup(tape), "rb") as file:
        while line := file.readline():
            name, offset, size, path = line.decode().rstrip("\n").split(" ", 3)
            yield Move(name, int(offset), path, file.read(int(size)))


class Disk:
    """What is on the disk for certain, and what was only written."""

    def __init__(self, files: Files) -> None:
        self.sure = {name: bytearray(data) for name, data in files.items()}
        self.written: dict[str, list[Move]] = {name: [] for name in files}
        self.names: dict[str, str] = {}

    def do(self, move: Move) -> None:
        """Do a call."""
        if move.file.endswith("-shm"):
            return  # is made anew by whoever opens the file first
        if move.name == "create":
            self.sure[move.file], self.written[move.file] = bytearray(), []
            self.names[move.file] = "create"
        elif move.name == "unlink":
            self.names[move.file] = "unlink"
        elif move.name in ("write", "ftruncate"):
            self.written[move.file].append(move)
        elif move.name in ("fsync", "fdatasync") and move.file:
            for done in self.written[move.file]:
                _onto(self.sure[move.file], done, None)
            self.written[move.file] = []
        elif move.name == "fsync":
            for name in [name for name, how in self.names.items() if how == "unlink"]:
                del self.sure[name], self.written[name]
            self.names.clear()

    def cut(self, lot: random.Random) -> Files:
        """Cut the power: return what is found afterwards."""
        found, often = {}, lot.choice((0, 1, 2, 3, 4))
        for name, sure in self.sure.items():
            if name in self.names and lot.random() < 0.5:
                continue
            data = bytearray(sure)
            for move in self.written[name]:
                if lot.randrange(4) < often:
                    _onto(data, move, lot if lot.randrange(6) == 0 else None)
            found[name] = bytes(data)
        return found


def _onto(data: bytearray, move: Move, lot: random.Random | None) -> None:
    """Write into a file's bytes; torn at a sector where ``lot`` says so."""
    if move.name == "ftruncate":
        del data[move.offset :]
        data.extend(bytes(move.offset - len(data)))
        return
    written = move.data if lot is None else move.data[: lot.randrange(len(move.data) // SECTOR + 1) * SECTOR]
    data.extend(bytes(max(move.offset - len(data), 0)))
    data[move.offset : move.offset + len(written)] = written


# ------------------------------------------------------------------ read again
def opened(folder: Path) -> Any:
    """Open the hotel's file with its key."""
    from sqlcipher3 import dbapi2

    connection = dbapi2.connect(str(folder / "copy.db"))
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute(f"PRAGMA key = \"x'{builders.SECRET.hex()}'\"")
    return connection


def put(folder: Path, files: Files) -> None:
    """Put files into an empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)


def all_of_it(connection: Any) -> str:
    """Return a digest of every row of every table."""
    found = hashlib.sha256()
    tables = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
    ).fetchall()
    for (name,) in tables:
        rows = sorted(map(repr, connection.execute(f'SELECT * FROM "{name}"')))
        found.update("\n".join((name, *rows)).encode())
    return found.hexdigest()


def taken(store: Store, place: Path) -> tuple[Files, list[Move], list[str]]:
    """Work on a fresh copy; returns the files before, what was done to them, and the acts' keys."""
    store.fresh()
    before = {"copy.db": store.file.read_bytes()}
    with shim.taped(place) as tape:
        keys = work(store, tape)
        tape_ = list(moves(tape))
    return before, [m for m in tape_ if m.name == ACKNOWLEDGED or "copy.db" in m.file or not m.file], keys


# ------------------------------------------------------------------ the power fails
def cuts(store: Store, place: Path, *, wanted: int, goes_on: Callable[[], bool], seed: int = 0) -> Count:
    """Cut the power at points by lot, all over the tape."""
    count, lot, folder = Count("power cuts"), random.Random(seed), place.parent / "after"
    before, tape, keys = taken(store, place)
    points = sorted(lot.randrange(len(tape)) for _n in range(wanted)) if wanted > len(tape) else []
    while count.tried < wanted and goes_on():
        disk, acknowledged = Disk(before), 0
        some = points or sorted(lot.sample(range(len(tape)), min(wanted, 150)))
        for n, move in enumerate(tape):
            for _again in range(some.count(n) if some[0] <= n <= some[-1] else 0):
                if count.tried < wanted and goes_on():
                    _cut(folder, disk.cut(lot), keys, acknowledged, f"after call {n} of the tape", count)
            acknowledged += move.name == ACKNOWLEDGED
            disk.do(move)
    return count


def _cut(folder: Path, files: Files, keys: list[str], acknowledged: int, where: str, count: Count) -> None:
    put(folder, files)
    try:
        with closing(opened(folder)) as connection:
            there = {key for (key,) in connection.execute("SELECT key FROM intent") if key in set(keys)}
            whole = [row[0] for row in connection.execute("PRAGMA integrity_check(3)")]
    except Exception as error:  # whatever it is, the hotel does not open
        count.end("do not open")
        count.faults.append(f"{where}: it does not open: {type(error).__name__}: {error}")
        return
    count.end("with an act more" if len(there) > acknowledged else "as acknowledged")
    if lost := set(keys[:acknowledged]) - there:
        count.faults.append(f"{where}: acknowledged and gone: {sorted(lost)}")
    if there - set(keys[: acknowledged + 1]) or whole != ["ok"]:
        count.faults.append(f"{where}: not whole: {whole}, {len(there)} acts for {acknowledged}")


# ------------------------------------------------------------------ bits flip
def flips(store: Store, place: Path, *, wanted: int, goes_on: Callable[[], bool], seed: int = 0) -> Count:
    """Turn bits by lot, in the database and in its log."""
    count, lot, folder = Count("bit flips"), random.Random(seed), place.parent / "flipped"
    before, tape, _keys = taken(store, place)
    disk = Disk(before)
    for move in tape[: len(tape) * 9 // 10]:
        disk.do(move)
    files = {name: bytes(data) for name, data in disk.sure.items()}
    put(folder, files)
    with closing(opened(folder)) as connection:
        good, mark = (
            all_of_it(connection),
            connection.execute("SELECT max(id) FROM audit_entry").fetchone()[0],
        )
    while count.tried < wanted and goes_on():
        name = lot.choice(list(files))
        at, turned = lot.randrange(len(files[name])), bytearray(files[name])
        turned[at] ^= 1 << lot.randrange(8)
        put(folder, {**files, name: bytes(turned)})
        count.end(how := _read(folder, good, mark))
        if how == SERVED:
            count.faults.append(f"{name}, byte {at}: served as good")
    return count


SERVED = "served as good"


def _read(folder: Path, good: str, mark: int) -> str:
    """Read everything; say how the flip was told."""
    from sqlcipher3 import dbapi2

    try:
        with closing(opened(folder)) as connection:
            found = all_of_it(connection)
            reached = connection.execute("SELECT max(id) FROM audit_entry").fetchone()[0]
    except dbapi2.Error:
        return "refused"
    if found == good:
        return "harmless"
    return "told by the mark outside" if reached < mark else SERVED


# ------------------------------------------------------------------ by hand
def inside(place: Path, *, wanted: tuple[int, int], seconds: float = 0) -> list[Count]:
    """Do both, in a process that was started with the shim; for so many seconds each (0: all)."""
    place.mkdir()
    store, found = Store(place.resolve()), []
    for run, many in zip((cuts, flips), wanted, strict=True):
        until = time.monotonic() + seconds if seconds else float("inf")
        found.append(
            run(store, place.resolve(), wanted=many, goes_on=lambda until=until: time.monotonic() < until)
        )
    return found


def main() -> int:
    """Damage everything, print what became of it, and return 1 where one fault was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--short", action="store_true", help="within 50 s")
    parser.add_argument("--cuts", type=int, default=CUTS, help="so many power cuts")
    parser.add_argument("--flips", type=int, default=FLIPS, help="so many bit flips")
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if why := shim.why_not():
        print(f"SKIPPED: {why}")
        return 1 if os.environ.get("CI") else 0
    if given.inside is None:
        with scratch() as folder:
            command = [sys.executable, "-m", "tests.faults.storage", *sys.argv[1:], "--inside", folder]
            return subprocess.run(
                command, cwd=ROOT, env=shim.around(shim.build(Path(folder))), check=False
            ).returncode
    faults = 0
    wanted = (given.cuts, given.flips)
    for count in inside(Path(given.inside) / "hotel", wanted=wanted, seconds=SHORT if given.short else 0):
        print(count, flush=True)
        for fault in count.faults[:20]:
            print(f"  {fault}")
        faults += len(count.faults)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
