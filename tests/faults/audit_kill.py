"""Disturb the night audit everywhere: the day is open or closed, never half, and resuming ends in the books
of an undisturbed run.

On SQLite a process of its own is ended by SIGKILL before every SQL statement and every commit, and at every
system call that changes the database's files it is killed before and after, the write is torn, or the call
fails (``disk``); the reports and the backup after the close likewise (``papers``). On PostgreSQL
(``PMS_TEST_POSTGRES``) the server ends the connection before every statement.

    python -m tests.faults.audit_kill [--rooms N] [--short]

Without words: a hotel of 30 rooms, at every statement and every system call of the audit, and one of 1,000,
at every statement on SQLite and a part of all else; each line says at how many points of how many.
``--short``: the hotel of 30 rooms, at a part of the points, always the commits and the fsyncs; three minutes
at most.
"""

import argparse
import os
import signal
import sys
import time
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Engine, create_engine, make_url, text

from pms.core.errors import Refused
from pms.db.engine import open_engine
from tests import builders
from tests.builders import House
from tests.faults import disk, papers, shim
from tests.faults.hotel import (
    Count,
    Course,
    at_night,
    furnish,
    in_a_process,
    judge,
    scratch,
    template,
    transactions,
    undisturbed,
    watched,
)

SIZES, SMALL, MANY = (30, 1000), 30, 100


class Much(NamedTuple):
    """How much is tried: one of so many statements on either engine; about so many calls of each kind (0:
    all), and which of them always."""

    sqlite: int
    postgres: int
    calls: int
    always: int
    papers: int


SHORT, WHOLE, PART = Much(4, 4, 3, shim.SYNC, 1), Much(1, 1, 0, shim.SYNC, 12), Much(1, 8, 8, 0, 2)
"""``PART`` is for hotels of more than ``MANY`` rooms, where each fault takes seconds."""
POSTGRES = os.environ.get("PMS_TEST_POSTGRES", "")


# ------------------------------------------------------------------ SQLite: the process is killed
def kill_process(house: House, point: int) -> None:
    """Run the audit in a process of its own that is killed before a statement."""

    def run(_tell: Callable[[str], None]) -> None:
        def die(n: int, _words: str) -> None:
            if n == point:
                os.kill(os.getpid(), signal.SIGKILL)

        with watched(house.engine, die):
            for go in transactions(at_night(house)).values():
                go()
        os.kill(os.getpid(), signal.SIGKILL)  # after the last commit

    ended, told = in_a_process(run)
    if ended != -signal.SIGKILL:
        raise AssertionError(f"the audit ended by itself before statement {point}: {told}")


def on_sqlite(folder: Path, rooms: int, every: int = 1) -> Count:
    """Kill the audit of a hotel on SQLite before every statement, or every so many."""
    hotel = template(folder, rooms)
    count = Count("killed before the statement", of=len(hotel.course.statements) + 1)
    for point in _points(hotel.course, every):
        hotel.fresh()
        kill_process(hotel.house, point)
        judge(hotel.house, hotel.course, _words(hotel.course, point), count)
    hotel.house.engine.dispose()
    return count


def _words(course: Course, point: int) -> str:
    words = (
        " ".join(course.statements[point - 1].split())[:60]
        if point <= len(course.statements)
        else "after the end"
    )
    return f"{point} ({words})"


def _points(course: Course, every: int) -> list[int]:
    """Return the statements to kill at: every one, or each so many, always the commits and the end."""
    last = len(course.statements) + 1
    return [
        n for n in range(1, last + 1) if n == last or n % every == 0 or course.statements[n - 1] == "COMMIT"
    ]


# ------------------------------------------------------------------ PostgreSQL: the connection is cut
def _admin(*statements: str) -> None:
    engine = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def _server(name: str) -> Engine:
    return open_engine(make_url(POSTGRES).set(database=name), builders.SECRET)


def cut_connection(house: House, name: str, point: int) -> None:
    """Run the audit while the server ends its connection before a statement; what the office says then is its
    own affair."""

    def cut(n: int, _words: str) -> None:
        if n == point:
            _admin(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")

    with watched(house.engine, cut), suppress(Refused):
        for go in transactions(at_night(house)).values():
            go()


def on_postgres(rooms: int, every: int = 1) -> Count:
    """Cut the audit's connection before every statement on PostgreSQL, or every so many."""
    template, name = (f"kill_{uuid.uuid4().hex[:10]}" for _ in range(2))
    count = Count("connection cut before the statement")
    try:
        _admin(f"CREATE DATABASE {template}")
        house = furnish(_server(template), rooms)
        house.engine.dispose()
        points, course = [0], Course()
        while points:
            point = points.pop(0)
            _admin(
                f"DROP DATABASE IF EXISTS {name} WITH (FORCE)",
                f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY",
            )
            house = builders.office(_server(name), found=False)
            if point == 0:
                course = undisturbed(house)
                count.of = len(course.statements) + 1
                points = _points(course, every)
            else:
                cut_connection(house, name, point)
                judge(house, course, _words(course, point), count)
            house.engine.dispose()
    finally:
        _admin(*(f"DROP DATABASE IF EXISTS {each} WITH (FORCE)" for each in (name, template)))
    return count


# ------------------------------------------------------------------ by hand
def main() -> int:
    """Disturb everything, print what became of it, and return 1 where a fault was found or a part could not
    be tried in CI."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rooms", type=int, help="one hotel of so many rooms instead of 30 and 1,000")
    parser.add_argument(
        "--short",
        action="store_true",
        help="the hotel of 30 rooms only, at a part of the points, in three minutes at most",
    )
    args = parser.parse_args()
    faults = 0
    for rooms in (args.rooms,) if args.rooms else (SMALL,) if args.short else SIZES:
        much = SHORT if args.short else WHOLE if rooms <= MANY else PART
        faults += _statements(rooms, much)
        if not shim.why_not():
            faults += _told(
                f"SQLite, {rooms} rooms",
                lambda rooms=rooms, much=much: disk.run(rooms, points=much.calls, always=much.always),
            )
            faults += _told(
                f"Reports and backup, {rooms} rooms",
                lambda rooms=rooms, much=much: papers.run(rooms, points=much.papers),
            )
    return 1 if faults or _left_out() else 0


def _statements(rooms: int, much: Much) -> int:
    with scratch() as folder:
        faults = _told(f"SQLite, {rooms} rooms", lambda: [on_sqlite(Path(folder), rooms, much.sqlite)])
    if POSTGRES:
        faults += _told(f"PostgreSQL, {rooms} rooms", lambda: [on_postgres(rooms, much.postgres)])
    return faults


def _told(where: str, run: Callable[[], Sequence[Count]]) -> int:
    """Print a line for each kind of fault, each fault found, and how long all took; return how many were
    found."""
    begun, faults = time.perf_counter(), 0
    for count in run():
        print(f"{where}: {count}", flush=True)
        for fault in count.faults:
            print(f"  {fault}")
        faults += len(count.faults)
    print(f"  {time.perf_counter() - begun:.0f} s", flush=True)
    return faults


def _left_out() -> bool:
    """Say what could not be tried here; in CI nothing may be left out."""
    reasons = [
        *([] if POSTGRES else ["PostgreSQL: not tried, PMS_TEST_POSTGRES is not set"]),
        *filter(None, [shim.why_not()]),
    ]
    for reason in reasons:
        print(f"SKIPPED: {reason}")
    return bool(reasons) and bool(os.environ.get("CI"))


if __name__ == "__main__":
    sys.exit(main())
