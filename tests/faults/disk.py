"""Disturb what the night audit writes: every system call that changes the database's file, its log or its
index.

Runs in a process of its own that was started with the shim: ``run`` starts it, ``main`` is it.
"""

import errno
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from pms.core.errors import StoreTrouble
from tests.builders import House
from tests.faults import shim
from tests.faults.hotel import (
    Count,
    Template,
    at_night,
    audit,
    books,
    ended,
    in_a_process,
    judge,
    left,
    scratch,
    template,
    transactions,
)
from tests.faults.shim import ALL, FAIL, GROW, KILL_AFTER, KILL_BEFORE, SYNC, TEAR, WRITE, Call, Fault

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Kind:
    """A kind of fault; after an error the same office goes on (``goes_on``), or its process is killed and the
    files are opened anew."""

    name: str
    fault: Fault
    goes_on: bool = False


KINDS = (
    Kind("killed before the call", Fault(KILL_BEFORE)),
    Kind("killed after the call", Fault(KILL_AFTER)),
    Kind("write torn, then killed", Fault(TEAR, WRITE)),
    Kind("I/O error, the office goes on", Fault(FAIL, ALL, errno.EIO), goes_on=True),
    Kind("I/O errors from then on, then killed", Fault(FAIL, ALL, errno.EIO, lasting=True)),
    Kind("disk full once, the office goes on", Fault(FAIL, WRITE | GROW, errno.ENOSPC), goes_on=True),
    Kind(
        "disk full from then on, room is made, the office goes on",
        Fault(FAIL, WRITE | GROW, errno.ENOSPC, lasting=True),
        goes_on=True,
    ),
    Kind("disk full from then on, then killed", Fault(FAIL, WRITE | GROW, errno.ENOSPC, lasting=True)),
    Kind("fsync fails, the office goes on", Fault(FAIL, SYNC, errno.EIO), goes_on=True),
    Kind("fsync fails from then on, then killed", Fault(FAIL, SYNC, errno.EIO, lasting=True)),
)


@dataclass
class Outcome(Count):
    """What became of one kind of fault: how often it was told in a sentence, how often it had been saved all
    the same, how often it did no harm."""

    told: int = 0
    saved: int = 0
    harmless: int = 0
    sentences: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """Return the line that is printed."""
        return super().__str__() + (
            (
                f"; {self.told} told in a sentence ({self.saved} of them saved all the same), "
                f"{self.harmless} harmless"
            )
            if self.told or self.harmless
            else ""
        )


# ------------------------------------------------------------------ outside
def run(rooms: int, *, points: int = 0, always: int = SYNC) -> list[Outcome]:
    """Disturb the audit of a hotel of so many rooms in every kind, at the calls that are ``chosen``."""
    return started("tests.faults.disk", rooms, points, always)


def started(module: str, rooms: int, points: int, always: int) -> list[Outcome]:
    """Run a module's ``main`` in a process with the shim and return what it printed."""
    with scratch() as folder:
        library = shim.build(Path(folder))
        ran = subprocess.run(
            [sys.executable, "-m", module, folder, *map(str, (rooms, points, always))],
            cwd=ROOT,
            env=shim.around(library),
            capture_output=True,
            text=True,
            check=False,
        )
    if ran.returncode:
        raise AssertionError(ran.stderr.strip()[-3000:])
    return [Outcome(**found) for found in json.loads(ran.stdout)]


# ------------------------------------------------------------------ inside
def main(folder: str, rooms: str, points: str, always: str) -> int:
    """Disturb the audit and print what became of each kind of fault, as a list of objects."""
    hotel = template(Path(folder), int(rooms))
    calls = calls_of(hotel, audit)
    print(
        json.dumps(
            [
                asdict(
                    disturbed(hotel, calls, kind, chosen(calls, kind.fault.classes, int(points), int(always)))
                )
                for kind in KINDS
            ]
        )
    )
    return 0


def calls_of(hotel: Template, life: Callable[[House], object]) -> list[Call]:
    """Return every call of an undisturbed life, from the opening of the file until it is closed."""
    hotel.fresh()
    with shim.counting(hotel.work) as calls:
        life(hotel.house)
        hotel.house.engine.dispose()
    for wanted in (WRITE, SYNC):
        if not any(call.of == wanted for call in calls):
            raise AssertionError("the shim sees nothing of what the database writes")
    return calls


def chosen(calls: Sequence[Call], classes: int, points: int, always: int) -> list[int]:
    """Return which of the calls of these classes to disturb: all (0), or about so many, and each of
    ``always`` with what stands beside it."""
    beside = {n + d for n, call in enumerate(calls) if call.of & always for d in (-1, 0, 1)}
    struck = [n for n, call in enumerate(calls) if call.of & classes]
    every = max(len(struck) // points, 1) if points else 1
    return [at for at, n in enumerate(struck, 1) if at % every == every // 2 or n in beside]


def disturbed(hotel: Template, calls: Sequence[Call], kind: Kind, points: Sequence[int]) -> Outcome:
    """Run the audit under one kind of fault at each chosen call and judge what it left."""
    struck = [call for call in calls if call.of & kind.fault.classes]
    outcome = Outcome(kind=kind.name, of=len(struck))
    for at in points:
        hotel.fresh()
        ending, lines = in_a_process(lambda tell, at=at: _life(hotel, kind, at, tell))
        where = f"{kind.name}, call {at} ({struck[at - 1].name} {struck[at - 1].file})"
        heard(outcome, kind, where, ending, lines)
        confirmed = lines.count("done")
        if kind.goes_on:
            done = left(_said(lines, "books"), hotel.course, where, outcome, confirmed)
            ended(hotel.house, hotel.course, where, outcome)
        else:
            done = judge(hotel.house, hotel.course, where, outcome, confirmed)
        told = _said(lines, "told")
        outcome.saved += bool(told) and done > confirmed
        if done > confirmed and "Nothing was saved" in told:
            outcome.faults.append(f"{where}: it was told that nothing was saved, and it was")
    hotel.house.engine.dispose()
    return outcome


def _life(hotel: Template, kind: Kind, at: int, tell: Callable[[str], None]) -> None:
    house = at_night(hotel.house)
    shim.arm(hotel.work, kind.fault, at)
    try:
        for go in transactions(house).values():
            go()
            tell("done")
        house.engine.dispose()
        tell("harmless")
    except StoreTrouble as trouble:
        tell(f"told {trouble}")
    if not kind.goes_on:
        tell(f"hits {shim.hits()}")
        os.kill(os.getpid(), signal.SIGKILL)
    tell(f"hits {shim.rest()}")
    tell(f"books {books(house)}")
    audit(house)
    house.engine.dispose()
    tell("resumed")


def _said(lines: Sequence[str], word: str) -> str:
    return next((line.partition(" ")[2] for line in lines if line.partition(" ")[0] == word), "")


def heard(outcome: Outcome, kind: Kind, where: str, ending: int, lines: Sequence[str]) -> None:
    """Count what a life told; a fault that struck nothing, and one that came out as anything but a sentence,
    is a fault of this run."""
    if sentence := _said(lines, "told"):
        outcome.told += 1
        outcome.sentences = sorted({*outcome.sentences, sentence})
    outcome.harmless += "harmless" in lines
    if raw := _said(lines, "raw"):
        outcome.faults.append(f"{where}: not told in a sentence: {raw}")
    elif kind.fault.how == FAIL and _said(lines, "hits") in ("", "0"):
        outcome.faults.append(f"{where}: the fault was never met")
    if kind.goes_on and "resumed" not in lines:
        outcome.faults.append(f"{where}: the office did not go on")
    if ending != (0 if kind.goes_on else -signal.SIGKILL):
        outcome.faults.append(f"{where}: the process ended with {ending}")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
