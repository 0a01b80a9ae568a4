"""Disturb what follows the close, the reports as files and the backup: no half file is taken for a whole one,
and resuming completes the set.

Runs in a process of its own that was started with the shim: ``run`` starts it, ``main`` is it.
"""

import errno
import io
import json
import os
import shutil
import signal
import sys
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

from pms.core.errors import Refused
from pms.core.settings import Home, Settings
from pms.db import backup, keys
from pms.db.engine import open_engine, sqlite_url
from pms.services.night_audit import queries, service
from pms.services.opening.after_close import AfterClose
from tests.builders import TODAY
from tests.faults import disk, shim
from tests.faults.disk import Kind, Outcome
from tests.faults.hotel import DAY, at_night, furnish, in_a_process
from tests.faults.shim import ALL, FAIL, GROW, KILL_AFTER, KILL_BEFORE, SYNC, TEAR, WRITE, Call, Fault

KEY = bytes(range(1, 33))
KINDS = (
    Kind("killed before the call", Fault(KILL_BEFORE)),
    Kind("killed after the call", Fault(KILL_AFTER)),
    Kind("write torn, then killed", Fault(TEAR, WRITE)),
    Kind("I/O error, the office goes on", Fault(FAIL, ALL, errno.EIO), goes_on=True),
    Kind(
        "disk full from then on, room is made, the office goes on",
        Fault(FAIL, WRITE | GROW, errno.ENOSPC, lasting=True),
        goes_on=True,
    ),
    Kind("fsync fails, the office goes on", Fault(FAIL, SYNC, errno.EIO), goes_on=True),
)


class Papers:
    """A hotel whose day is closed and whose reports and backup are wanted; both folders lie apart from the
    database."""

    def __init__(self, folder: Path, rooms: int) -> None:
        self.folder = folder.resolve()
        self.place = Home(self.folder / "config", self.folder / "data")
        settings = Settings(database=str(self.folder / "hotel.db"))
        keys.save(self.place, settings, KEY)
        self.keys = keys.derive(KEY)
        self.house = furnish(open_engine(sqlite_url(self.folder / "hotel.db"), self.keys), rooms)
        at_night(self.house).do(service.close.of(business_date=TODAY))
        self.after = self.house.after_close = AfterClose(self.house, self.place, settings)
        self.house.engine.dispose()
        shutil.copy(self.folder / "hotel.db", self.folder / "closed.db")
        self.fresh()

    def fresh(self) -> None:
        """Put the closed day back, with nothing written yet."""
        self.house.engine.dispose()
        shutil.rmtree(self.place.data, ignore_errors=True)
        self.place.data.mkdir()
        for side in backup.SIDES:
            (self.folder / f"hotel.db{side}").unlink(missing_ok=True)
        shutil.copy(self.folder / "closed.db", self.folder / "hotel.db")
        at_night(self.house)

    def finish(self) -> list[str]:
        """Do what the closed day waits for; returns the troubles."""
        return self.after.finish(lambda _sentence: None)

    def step(self) -> str:
        """Return the step that the closed day waits for."""
        return str(self.house.look(queries.run, business_date=TODAY).step)

    def reports(self) -> dict[str, bytes]:
        """Return what a person finds in the day's folder."""
        return {path.name: path.read_bytes() for path in sorted((self.place.reports / str(TODAY)).glob("*"))}

    def backups(self) -> list[Path]:
        """Return what a person takes for a backup."""
        return sorted(self.place.backups.glob("*.backup"))


# ------------------------------------------------------------------ outside
def run(rooms: int, *, points: int = 0) -> list[Outcome]:
    """Disturb the steps after the close of a hotel of so many rooms; see ``disk.run``."""
    return disk.started("tests.faults.papers", rooms, points, 0)


# ------------------------------------------------------------------ inside
def main(folder: str, rooms: str, points: str, _always: str) -> int:
    """Disturb reports and backup and print what became of each kind of fault, as a list of objects."""
    papers = Papers(Path(folder), int(rooms))
    with shim.counting(papers.place.data) as calls:
        troubles = papers.finish()
    assert (troubles, papers.step(), len(papers.backups())) == ([], "done", 1)
    whole = papers.reports()
    print(json.dumps([asdict(disturbed(papers, calls, whole, kind, int(points))) for kind in KINDS]))
    papers.house.engine.dispose()
    return 0


def disturbed(
    papers: Papers, calls: Sequence[Call], whole: dict[str, bytes], kind: Kind, points: int
) -> Outcome:
    """Write reports and backup under one kind of fault at each chosen call and judge what it left."""
    struck = [call for call in calls if call.of & kind.fault.classes]
    outcome = Outcome(kind=kind.name, of=len(struck))
    for at in _chosen(struck, points):
        papers.fresh()
        papers.house.engine.dispose()
        ending, lines = in_a_process(lambda tell, at=at: _life(papers, kind, at, tell))
        where = f"{kind.name}, call {at} ({struck[at - 1].name} {struck[at - 1].file})"
        disk.heard(outcome, kind, where, ending, lines)
        outcome.points += 1
        outcome.left_closed += papers.house.house().business_date == TODAY + DAY
        outcome.faults += [f"{where}: {fault}" for fault in _judged(papers, whole)]
    return outcome


def _chosen(struck: Sequence[Call], points: int) -> list[int]:
    """About so many (0: all) of the calls on the reports, and as many of those on the backup, which are far
    more."""
    found = []
    for folder in ("reports", "backups"):
        there = [at for at, call in enumerate(struck, 1) if call.file.startswith(folder)]
        every = max(len(there) // points, 1) if points else 1
        found += there[every // 2 :: every]
    return found


def _life(papers: Papers, kind: Kind, at: int, tell: Callable[[str], None]) -> None:
    shim.arm(papers.place.data, kind.fault, at)
    for trouble in papers.finish():
        tell(f"told {trouble}")
    if not kind.goes_on:
        os.kill(os.getpid(), signal.SIGKILL)
    tell(f"hits {shim.rest()}")
    papers.house.clock.now += timedelta(minutes=20)
    tell("resumed" if not papers.finish() else "not resumed")
    papers.house.engine.dispose()


def _judged(papers: Papers, whole: dict[str, bytes]) -> list[str]:
    """Say what is half after a fault, then resume an hour later and say what is missing."""
    faults = list(_half(papers, whole))
    step = papers.step()
    if step != "report" and not whole.keys() <= papers.reports().keys():
        faults.append("the reports are noted as written and are not all there")
    if step == "done" and not papers.backups():
        faults.append("the backup is noted as written and is not there")
    papers.house.clock.now += timedelta(hours=1)
    faults += papers.finish()
    if papers.step() != "done" or not papers.backups() or papers.reports().keys() != whole.keys():
        faults.append(f"resuming does not complete the set: {papers.step()}, {sorted(papers.reports())}")
    return [*faults, *_half(papers, whole)]


def _half(papers: Papers, whole: dict[str, bytes]) -> list[str]:
    found = [
        f"{name} is half"
        for name, content in papers.reports().items()
        if not (
            content == whole[name] if name.endswith(".pdf") else name.endswith(".part") or _sound(content)
        )
    ]
    for path in papers.backups():
        try:
            backup.verify(path, papers.keys.database)
        except Refused as refusal:
            found.append(str(refusal))
    return found


def _sound(content: bytes) -> bool:
    """A spreadsheet is written with the moment in it, so two of the same day differ."""
    file = io.BytesIO(content)
    return zipfile.is_zipfile(file) and zipfile.ZipFile(file).testzip() is None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
