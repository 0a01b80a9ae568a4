"""Disturb what every operation writes into a file, and what a restore does: each system call that changes the
database, its log or its index is killed, torn or fails.

Runs in a process of its own that was started with the shim: ``run`` starts it, ``main`` is it.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pms.core.errors import Refused, StoreTrouble
from pms.db import backup
from pms.db.engine import open_engine, sqlite_url
from pms.services.rooms import service as rooms
from tests import builders
from tests.faults import shim
from tests.faults.disk import KINDS, ROOT, Kind
from tests.faults.hotel import in_a_process, scratch
from tests.faults.kill import LEAST_OF_WRITES, Count, Course, Trial, mixed
from tests.faults.shim import FAIL, SYNC, Call
from tests.faults.store import Books, Store, books


# ------------------------------------------------------------------ outside
def run(*, seconds: float = 0, seed: int = 0) -> list[Count]:
    """Disturb the acts of the index at their write calls, for so many seconds (0: all, everywhere); then a
    restore."""
    with scratch() as folder:
        library = shim.build(Path(folder))
        ran = subprocess.run(
            [sys.executable, "-m", "tests.faults.writes", folder, str(seconds), str(seed)],
            cwd=ROOT,
            env=shim.around(library),
            capture_output=True,
            text=True,
            check=False,
        )
    if ran.returncode:
        raise AssertionError(ran.stderr.strip()[-3000:])
    return [Count(**{**found, "acts": set(found["acts"])}) for found in json.loads(ran.stdout)]


# ------------------------------------------------------------------ inside
def main(folder: str, seconds: str, seed: str) -> int:
    """Disturb everything and print what became of each kind of fault, as a list of objects."""
    lot, place, short = random.Random(int(seed)), Path(folder).resolve() / "hotel", float(seconds) > 0
    place.mkdir()
    store = Store(place)
    counts = [Count(kind.name) for kind in KINDS]
    until = time.monotonic() + float(seconds)
    with store.desk() as house:
        trial = Trial(store, house)
        for name in mixed(lot, short):
            if (
                short
                and time.monotonic() > until
                and min(count.points for count in counts) >= LEAST_OF_WRITES
            ):
                break
            _act(trial, place, name, counts, lambda calls: [lot.choice(calls)] if short else calls)
    counts.append(restored(store, Path(folder).resolve(), lot if short else None))
    print(json.dumps([{**asdict(count), "acts": sorted(count.acts)} for count in counts]))
    return 0


def _act(
    trial: Trial, place: Path, name: str, counts: Sequence[Count], chosen: Callable[[list[int]], list[int]]
) -> None:
    course, calls = trial.course(name), _calls(trial, place, name)
    for kind, count in zip(KINDS, counts, strict=True):
        struck = [call for call in calls if call.of & kind.fault.classes]
        count.of += len(struck)
        for at in chosen(list(range(1, len(struck) + 1))) if struck else ():
            call = struck[at - 1]
            where = f"{name}, {kind.name}, call {at} ({call.name} {call.file})"
            _disturbed(trial, place, name, kind, at, where, course, count)


def _calls(trial: Trial, place: Path, name: str) -> list[Call]:
    """Return the calls of an act that writes, without the opening of the file."""
    go = trial.ready(name)
    trial.house.house()
    with shim.counting(place) as calls:
        go()
    trial.house.engine.dispose()
    return calls


def _disturbed(
    trial: Trial, place: Path, name: str, kind: Kind, at: int, where: str, course: Course, count: Count
) -> None:
    go = trial.ready(name)
    ending, lines = in_a_process(lambda tell: _life(trial, place, go, kind, at, tell))
    said = {line.partition(" ")[0]: line.partition(" ")[2] for line in lines}
    if raw := said.get("raw"):
        count.faults.append(f"{where}: not told in a sentence: {raw}")
    if ending != (0 if kind.goes_on else -signal.SIGKILL):
        count.faults.append(f"{where}: the process ended with {ending}")
    told = "done" if "done" in said else said.get("told", "")
    if kind.fault.how == FAIL and kind.fault.classes == SYNC and not kind.goes_on and told == "done":
        count.faults.append(f"{where}: it is done without being on the disk")
    found = Books(json.loads(said["books"])) if "books" in said else trial.books()
    done = trial.judge(where, name, found, course, told, count)
    trial.again(where, name, go, done, course, count)


def _life(
    trial: Trial, place: Path, go: Callable[[], Any], kind: Kind, at: int, tell: Callable[[str], None]
) -> None:
    trial.house.house()  # the file is open
    shim.arm(place, kind.fault, at)
    try:
        go()
        tell("done")
    except StoreTrouble as trouble:
        tell(f"told {trouble}")
    if not kind.goes_on:
        os.kill(os.getpid(), signal.SIGKILL)
    shim.rest()
    tell(f"books {json.dumps(trial.books())}")
    trial.house.engine.dispose()


# ------------------------------------------------------------------ a restore
class Restore:
    """A hotel that has gone on since its backup was made, in a folder of its own."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.folder, self.target = folder / "front", folder / "front" / "hotel.db"
        self.source, self.present = folder / "hotel.backup", folder / "present.db"
        store.fresh()
        shutil.copy(store.file, self.source)
        with store.desk() as house:
            house.do(rooms.set_clean.of(room_ids=[1], clean="dirty"))
        shutil.copy(store.file, self.present)
        self.fresh()
        self.before = self.opened()
        self.do()
        self.after = self.opened()

    def fresh(self) -> None:
        """Put the hotel back as it was before the restore."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        shutil.copy(self.present, self.target)

    def do(self) -> None:
        """Put the backup in the hotel's place."""
        backup.restore(self.source, self.target, builders.SECRET, confirmed=True)

    def opened(self) -> Books:
        """Open the hotel as the program does at its start and return its books."""
        if not self.target.exists():
            raise FileNotFoundError("the hotel's database is gone")
        house = builders.office(open_engine(sqlite_url(self.target), builders.SECRET), found=False)
        try:
            return books(house)
        finally:
            house.engine.dispose()

    def life(self, kind: Kind, at: int, tell: Callable[[str], None]) -> None:
        """Restore under a fault."""
        shim.arm(self.folder, kind.fault, at)
        try:
            self.do()
            tell("done")
        except Refused as refusal:
            tell(f"told {refusal}")
        if not kind.goes_on:
            os.kill(os.getpid(), signal.SIGKILL)
        shim.rest()


def restored(store: Store, folder: Path, lot: random.Random | None) -> Count:
    """Disturb a restore at every call: whatever befalls it, the hotel opens, as it was or restored, and what
    was renamed is on the disk under its name."""
    count, hotel = Count("a restore"), Restore(store, folder)
    hotel.fresh()
    with shim.counting(hotel.folder) as calls:
        hotel.do()
    count.faults += [f"{name} is renamed, and its folder is not synced" for name in unsynced(calls)]
    for kind in KINDS:
        struck = [call for call in calls if call.of & kind.fault.classes]
        points = list(range(1, len(struck) + 1))
        count.of += len(points)
        for at in points if lot is None else lot.sample(points, min(2, len(points))):
            hotel.fresh()
            where = f"{kind.name}, call {at} ({struck[at - 1].name} {struck[at - 1].file})"
            _ending, lines = in_a_process(lambda tell, kind=kind, at=at: hotel.life(kind, at, tell))
            count.points += 1
            count.faults += [f"{where}: {fault}" for fault in _of_restore(hotel, lines, count)]
    return count


def unsynced(calls: Sequence[Call]) -> list[str]:
    """Return the files after whose renaming nobody waited for the folder."""
    return [
        call.file
        for n, call in enumerate(calls)
        if call.name == "rename" and not any(c.name == "fsync" and c.file == "" for c in calls[n:])
    ]


def _of_restore(hotel: Restore, lines: Sequence[str], count: Count) -> Iterator[str]:
    if raw := [line for line in lines if line.startswith("raw")]:
        yield f"not told in a sentence: {raw[0]}"
    count.told += any(line.startswith("told") for line in lines)
    try:
        found = hotel.opened()
        count.done += found == hotel.after
        count.undone += found == hotel.before
        if found not in (hotel.before, hotel.after) or ("done" in lines and found != hotel.after):
            yield f"the hotel is neither as it was nor restored: {found.unlike(hotel.after)}"
        hotel.do()
        if hotel.opened() != hotel.after:
            yield "restored again, it is another"
    except Exception as error:  # whatever stands in the way is what is looked for
        yield f"the hotel does not open: {type(error).__name__}: {str(error).splitlines()[0]}"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
