"""Kill every operation of the index everywhere: what was not committed was never there, what was is there,
and trying again with the same key gives the same once.

A process of its own does the act and is ended by SIGKILL before a statement, before its commit, or behind it;
on a server the line is also cut there, under an office that goes on. On SQLite every write call is disturbed
besides (``writes``): killed before and after, torn, an I/O error, a full disk, a failing fsync; so is a
restore. Then the books are those before the act or those of an undisturbed run; what a desk was told (done,
nothing saved, not certain) is true; and the same act with the same key ends in the books of that run.

    python -m tests.faults.kill [--short]

Without words: each operation at every statement and every write call, on both engines. ``--short``: a part of
them, always at the commit and behind it, and of every kind of fault.
"""

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event, text
from sqlalchemy.orm import Session

from pms.core.errors import StoreTrouble
from tests.builders import House
from tests.faults import acts, busy, shim
from tests.faults.hotel import in_a_process, watched
from tests.faults.store import Books, Store, books, on_both, sound

SHORT = 6.0
"""Seconds of each part in the short form."""
BEHIND = 0
"""The point just behind the commit."""
LEAST, LEAST_OF_WRITES = 6, 2
"""So many at least of each kind of fault, or the run proves nothing."""


@dataclass
class Count:
    """What became of one kind of fault."""

    kind: str = ""
    points: int = 0
    of: int = 0
    acts: set[str] = field(default_factory=set)
    undone: int = 0
    done: int = 0
    told: int = 0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """Return the line that is printed."""
        return (
            f"{self.kind}: {self.points} of {self.of} in {len(self.acts)} of {len(acts.ACTS)} operations, "
            f"{self.undone} left nothing, {self.done} left all, {self.told} told, {len(self.faults)} faults"
        )


@dataclass(frozen=True)
class Course:
    """An undisturbed run of an act: its statements, and the books before and after."""

    statements: list[str]
    before: Books
    after: Books


class Trial:
    """One act in one office at a copy of the hotel, as often as it is wanted."""

    def __init__(self, store: Store, house: House) -> None:
        self.store, self.house = store, house

    def ready(self, name: str) -> Callable[[], Any]:
        """Take a fresh copy and return the act on it, under its key; what must be signed has been."""
        self.house.engine.dispose()
        self.store.fresh()
        self.house.clock.set(busy.NOW, 10)
        self.house.station = "desk-1"
        go = acts.ready(self.house, self.store.facts, acts.ACTS[name], intent=f"kill-{name}")
        self.house.engine.dispose()  # a child is forked without our connections
        return go

    def books(self) -> Books:
        """Return the books as they stand."""
        return books(self.house, numbers=not self.store.server)

    def course(self, name: str) -> Course:
        """Run an act undisturbed."""
        statements: list[str] = []
        go = self.ready(name)
        before = self.books()
        with watched(self.house.engine, lambda _n, words: statements.append(words)):
            go()
        after = self.books()
        sound(self.house)
        self.house.engine.dispose()
        return Course(statements, before, after)

    def judge(self, where: str, name: str, found: Books, course: Course, told: str, count: Count) -> bool:
        """Say what is wrong with the books that a fault has left, for what was told; returns whether the act
        is done."""
        count.points += 1
        count.acts.add(name)
        count.told += bool(told) and told != "done"
        count.done += found == course.after
        count.undone += found != course.after
        if found not in (course.before, course.after):
            count.faults.append(f"{where}: half, in {found.unlike(course.before)}")
        if found != course.after and told == "done":
            count.faults.append(f"{where}: it was told that it is done, and it is not")
        if found == course.after != course.before and "othing was saved" in told:
            count.faults.append(f"{where}: it was told that nothing was saved, and it was")
        return found == course.after

    def again(
        self, where: str, name: str, go: Callable[[], Any], done: bool, course: Course, count: Count
    ) -> None:
        """Try again with the same key, where an act has one or is not done, and hold the end against the
        undisturbed run."""
        try:
            if not done or busy.keyed(acts.ACTS[name].of(self.store.facts).operation):
                go()
            if (found := self.books()) != course.after:
                count.faults.append(
                    f"{where}: tried again, it ends otherwise in {found.unlike(course.after)}"
                )
        except Exception as error:  # whatever it is, it is what is looked for
            count.faults.append(f"{where}: tried again: {type(error).__name__}: {str(error).splitlines()[0]}")


# ------------------------------------------------------------------ at the statements
def killed(trial: Trial, go: Callable[[], Any], point: int) -> str:
    """Do an act in a process of its own that is killed before a statement, or just behind the commit."""

    def run(_tell: Callable[[str], None]) -> None:
        def die(*_any: object) -> None:
            os.kill(os.getpid(), signal.SIGKILL)

        if point == BEHIND:
            event.listen(Session, "after_commit", die)
        with watched(trial.house.engine, lambda n, _words: die() if n == point else None):
            go()

    ended, lines = in_a_process(run)
    if ended != -signal.SIGKILL:
        raise AssertionError(f"the act ended by itself: {lines}")
    if trial.store.server:
        _alone(trial.store)
    return ""


def _alone(store: Store) -> None:
    """Wait until the server has noticed that the program is gone."""
    engine = create_engine(store.url, isolation_level="AUTOCOMMIT")
    asked = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with engine.connect() as connection:
        until = time.monotonic() + 20
        while connection.execute(asked).scalar_one() and time.monotonic() < until:
            time.sleep(0.005)
    engine.dispose()


def cut(trial: Trial, go: Callable[[], Any], point: int) -> str:
    """Do an act while the server ends the office's line before a statement; returns what is told."""
    admin = create_engine(trial.store.url, isolation_level="AUTOCOMMIT")
    ends = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )

    def at(n: int, _words: str) -> None:
        if n == point:
            with admin.connect() as connection:
                connection.execute(ends).all()

    try:
        with watched(trial.house.engine, at):
            go()
    except StoreTrouble as trouble:
        return str(trouble)
    finally:
        admin.dispose()
    return "done"


def at_statements(
    trial: Trial,
    name: str,
    how: Callable[..., str],
    count: Count,
    chosen: Callable[[Sequence[int]], list[int]],
) -> None:
    """Disturb an act at the chosen of its statements."""
    course = trial.course(name)
    last = len(course.statements) - course.statements[-2:].count("COMMIT") + 1  # told twice, done once
    points = [*range(1, last + 1), *([BEHIND] if how is killed else [])]
    count.of += len(points)
    for point in chosen(points):
        go = trial.ready(name)
        words = (
            "behind the commit" if point == BEHIND else " ".join(course.statements[point - 1].split())[:50]
        )
        where = f"{name} {how.__name__} at {point} ({words})"
        try:
            told = how(trial, go, point)
        except Exception as error:  # a desk would show it as a crash
            count.faults.append(f"{where}: not told in a sentence: {type(error).__name__}: {error}"[:300])
            told = ""
        done = trial.judge(where, name, trial.books(), course, told, count)
        if done != (point == BEHIND) and how is killed and course.before != course.after:
            count.faults.append(f"{where}: the commit is not where it is")
        trial.again(where, name, go, done, course, count)


def statements(store: Store, *, seconds: float = 0, seed: int = 0, least: int = 0) -> list[Count]:
    """Disturb the acts of the index at their statements, for so many seconds (0: all, everywhere)."""
    lot, found = random.Random(seed), []
    for how in (killed, cut) if store.server else (killed,):
        count = Count(f"{how.__name__} at a statement")
        with store.desk() as house:
            trial, until = Trial(store, house), time.monotonic() + seconds
            for name in mixed(lot, bool(seconds)):
                if seconds and time.monotonic() > until and count.points >= least:
                    break
                at_statements(trial, name, how, count, lambda points: some(lot, points, bool(seconds)))
        found.append(count)
    return found


def mixed(lot: random.Random, short: bool) -> list[str]:
    """Return the operations, in the short form in a random order."""
    return lot.sample(list(acts.ACTS), len(acts.ACTS)) if short else list(acts.ACTS)


def some(lot: random.Random, points: Sequence[int], short: bool) -> list[int]:
    """Return the points, in the short form one by lot and the last two: the commit, and behind it."""
    return sorted({lot.choice(points), *points[-2:]}) if short else list(points)


# ------------------------------------------------------------------ by hand
def told(where: str, counts: Iterable[Count], least: int) -> int:
    """Print a line for each kind of fault and each fault found; return how many there were."""
    faults = 0
    for count in counts:
        if count.points < least:
            count.faults.append(f"only {count.points} of {least}")
        print(f"{where}, {count}", flush=True)
        for fault in count.faults:
            print(f"  {fault}")
        faults += len(count.faults)
    return faults


def main() -> int:
    """Kill everything, print what became of it, and return 1 where one fault was found."""
    from tests.faults import writes

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--short", action="store_true", help="a part of the operations, within 50 s")
    short, faults = parser.parse_args().short, 0
    seconds = SHORT if short else 0
    with tempfile.TemporaryDirectory(prefix="pms-kill-") as folder:
        for engine, counts in on_both(Path(folder), lambda s: statements(s, seconds=seconds, least=LEAST)):
            faults += told(engine, counts, LEAST)
    if why := shim.why_not():
        print(f"SKIPPED: {why}")
        return 1 if faults or os.environ.get("CI") else 0
    faults += told("SQLite", writes.run(seconds=seconds), LEAST_OF_WRITES)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
