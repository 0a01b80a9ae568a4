"""Kill the night audit at every statement: the day is open or closed, never half, and resuming ends in the books of an undisturbed run.

On SQLite a process of its own is ended by SIGKILL before every SQL statement and every commit; on PostgreSQL (``PMS_TEST_POSTGRES``)
the server ends the connection there. Run: ``python -m tests.faults.audit_kill [--rooms N] [--short]``.
"""
import argparse
import hashlib
import os
import shutil
import signal
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, make_url, select, text

from pms.core.errors import Refused
from pms.core.money import Money
from pms.core.options import Options
from pms.db import audit as trail
from pms.db import schema
from pms.db.engine import open_engine, sqlite_url
from pms.services.folios import service as folios
from pms.services.night_audit import proof, service
from pms.services.night_audit.models import AuditRun
from pms.services.opening.service import FloorPlan
from pms.services.reservations import service as reservations
from pms.services.stays import service as stays
from pms.services.stays.service import Paid
from tests import builders
from tests.builders import TODAY, House

DAY = timedelta(days=1)
SIZES, SMALL = (30, 1000), 30
PER_FLOOR = 50
UNORDERED = frozenset({"audit_entry.id", "audit_entry.digest"})
NUMBERED = frozenset({"transfer.id", "transfer.key", "transfer.slip", "audit_run.trail_count", "audit_run.trail_head", "audit_entry.changes",
                      "audit_entry.record_id"})
"""What a second attempt numbers anew: on PostgreSQL the same office goes on, and sequences do not give back what a failed transaction took."""
POSTGRES = os.environ.get("PMS_TEST_POSTGRES", "")


# ------------------------------------------------------------------ the hotel
def furnish(engine: Engine, rooms: int) -> House:
    """Found a hotel and fill four rooms in five: some given away, some gone today, some who never came, one of them with an advance."""
    schema.upgrade(engine)
    floors = tuple(FloorPlan(n + 1, "BIG", 1, min(PER_FLOOR, rooms - n * PER_FLOOR)) for n in range(-(-rooms // PER_FLOOR)))
    house = builders.office(engine, replace(builders.SMALL, floors=floors, options=Options(
        inventory_days=60, shifts=False, tax_basis_points=600, no_show_nights=1)))
    numbers = [f"{f.floor}{n:02d}" for f in floors for n in range(f.first, f.last + 1)]
    for n, number in enumerate(numbers[:rooms * 4 // 5]):
        line = house.book(f"Guest {number}", nights=1 + n % 3)
        stay = house.do(stays.check_in, line_id=line, room_id=house.room_id(number), kind="comp" if n % 10 == 4 else "", intent=house.new_intent(),
                        deposit=Paid("CASH", Money(50000)) if n % 2 else None)
        if n % 7 == 3:
            house.do(folios.charge, stay_id=stay, code="MINIBAR", amount=Money(1200), intent=house.new_intent())
            house.do(folios.pay, stay_id=stay, method="CASH", amount=Money(1200), intent=house.new_intent())
    for n in range(max(rooms // 15, 1)):
        line = house.book(f"Nobody {n}", nights=2)
        if n == 0:
            house.do(reservations.take_advance, line_id=line, method="CASH", amount=Money(40000), intent=house.new_intent())
    return house


def audit(house: House) -> None:
    """Run the audit to its end from wherever it was left."""
    house.clock.set(TODAY + DAY, 2)
    if house.house().business_date == TODAY:
        house.do(service.begin, business_date=TODAY)
        house.do(service.close, business_date=TODAY)
    for step in ("report", "backup"):
        house.do(service.step_done, business_date=TODAY, step=step)


def books(house: House) -> str:
    """Return a digest of every row of every table; the trail's entries of one action stand in no order of their own."""
    found = hashlib.sha256()
    left_out = UNORDERED if house.engine.dialect.name == "sqlite" else UNORDERED | NUMBERED

    def read(session: object) -> None:
        for table in schema.metadata().sorted_tables:
            columns = [c for c in table.columns if f"{table.name}.{c.name}" not in left_out]
            rows = sorted(repr(tuple(row)) for row in session.execute(select(*columns)))  # type: ignore[attr-defined]
            found.update("\n".join((table.name, *rows)).encode())

    house.ask(read)
    return found.hexdigest()


# ------------------------------------------------------------------ statements, counted
@contextmanager
def watched(engine: Engine, at: Callable[[int, str], None]) -> Iterator[None]:
    """Call ``at`` before each statement and each commit with its number and its words."""
    count = 0

    def passed(words: str) -> None:
        nonlocal count
        count += 1
        at(count, words)

    def statement(_connection: object, _cursor: object, words: str, *_more: object) -> None:
        passed(words)

    def commit(_connection: Connection) -> None:
        passed("COMMIT")

    event.listen(engine, "before_cursor_execute", statement)
    event.listen(engine, "commit", commit)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", statement)
        event.remove(engine, "commit", commit)


@dataclass
class Course:
    """An undisturbed run: its statements, and the books after each transaction."""

    statements: list[str] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    end: str = ""


def undisturbed(house: House) -> Course:
    """Run the audit whole and note the books at every point where a transaction stands between two others."""
    course = Course(states=[books(house)])
    house.clock.set(TODAY + DAY, 2)
    with watched(house.engine, lambda _n, words: course.statements.append(words)):
        house.do(service.begin, business_date=TODAY)
    course.states.append(books(house))
    for go in (lambda: house.do(service.close, business_date=TODAY),
               *(lambda step=step: house.do(service.step_done, business_date=TODAY, step=step) for step in ("report", "backup"))):
        with watched(house.engine, lambda _n, words: course.statements.append(words)):
            go()
        course.states.append(books(house))
    course.end = course.states[-1]
    return course


@dataclass
class Count:
    """What became of the kills."""

    points: int = 0
    left_open: int = 0
    left_closed: int = 0
    faults: list[str] = field(default_factory=list)


def judge(house: House, course: Course, point: int, count: Count) -> None:
    """Look at what a kill left behind, resume, and compare."""
    count.points += 1
    words = " ".join(course.statements[point - 1].split())[:60] if point <= len(course.statements) else "after the end"
    if books(house) not in course.states:
        count.faults.append(f"{point} ({words}): the day is half")
    day = house.house().business_date
    closed = bool(house.ask(lambda s: s.scalars(select(AuditRun.closed_at).where(AuditRun.business_date == TODAY)).first()))
    if closed != (day == TODAY + DAY):
        count.faults.append(f"{point} ({words}): the date and the audit's record differ")
    if closed:
        count.left_closed += 1
    else:
        count.left_open += 1
    audit(house)
    if books(house) != course.end:
        count.faults.append(f"{point} ({words}): resuming ends in other books")
    count.faults += [f"{point} ({words}): {fault}" for fault in house.ask(lambda s: list(proof.faults(s)))]
    count.faults += [f"{point} ({words}): trail broken at {n}" for n in house.ask(lambda s: list(trail.broken_links(s, house.secret)))]


# ------------------------------------------------------------------ SQLite: the process is killed
def opened(path: Path) -> House:
    """Open a copy of the hotel."""
    return builders.office(open_engine(sqlite_url(path), builders.SECRET), found=False)


def copied(template: Path, folder: Path) -> Path:
    """Return a copy of the hotel's file with its log."""
    for suffix in ("-wal", "-shm"):
        (folder / f"hotel.db{suffix}").unlink(missing_ok=True)
    return Path(shutil.copy(template, folder / "hotel.db"))


def kill_process(path: Path, point: int) -> None:
    """Run the audit in a process of its own that is killed before a statement."""
    child = os.fork()
    if child == 0:
        try:
            house = opened(path)

            def die(n: int, _words: str) -> None:
                if n == point:
                    os.kill(os.getpid(), signal.SIGKILL)

            house.clock.set(TODAY + DAY, 2)
            with watched(house.engine, die):
                audit(house)
            os.kill(os.getpid(), signal.SIGKILL)  # after the last commit
        finally:
            os._exit(7)
    _pid, status = os.waitpid(child, 0)
    if os.waitstatus_to_exitcode(status) != -signal.SIGKILL:
        raise AssertionError(f"the audit ended by itself before statement {point}")


def on_sqlite(folder: Path, rooms: int, every: int = 1) -> Count:
    """Kill the audit of a hotel on SQLite before every statement, or every so many."""
    template = folder / "template.db"
    house = furnish(open_engine(sqlite_url(template), builders.SECRET), rooms)
    house.engine.dispose()  # the last one to leave writes the log into the file
    assert not template.with_name("template.db-wal").exists()
    house = opened(copied(template, folder))
    course = undisturbed(house)
    house.engine.dispose()
    count = Count()
    for point in _points(course, every):
        path = copied(template, folder)
        kill_process(path, point)
        house = opened(path)
        judge(house, course, point, count)
        house.engine.dispose()
    return count


def _points(course: Course, every: int) -> list[int]:
    """Return the statements to kill at: every one, or each so many, always the commits and the end."""
    last = len(course.statements) + 1
    return [n for n in range(1, last + 1) if n == last or n % every == 0 or course.statements[n - 1] == "COMMIT"]


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
    """Run the audit while the server ends its connection before a statement; what the office says then is its own affair."""
    def cut(n: int, _words: str) -> None:
        if n == point:
            _admin(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")

    with watched(house.engine, cut), suppress(Refused):
        audit(house)


def on_postgres(rooms: int, every: int = 1) -> Count:
    """Cut the audit's connection before every statement on PostgreSQL, or every so many."""
    template, name = (f"kill_{uuid.uuid4().hex[:10]}" for _ in range(2))
    count = Count()
    try:
        _admin(f"CREATE DATABASE {template}")
        house = furnish(_server(template), rooms)
        house.engine.dispose()
        points, course = [0], Course()
        while points:
            point = points.pop(0)
            _admin(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
            house = builders.office(_server(name), found=False)
            if point == 0:
                course = undisturbed(house)
                points = _points(course, every)
            else:
                cut_connection(house, name, point)
                judge(house, course, point, count)
            house.engine.dispose()
    finally:
        _admin(*(f"DROP DATABASE IF EXISTS {each} WITH (FORCE)" for each in (name, template)))
    return count


# ------------------------------------------------------------------ by hand
def main() -> int:
    """Run every kill, print what became of them, and return 1 where a fault was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rooms", type=int, help="one hotel of so many rooms instead of 30 and 1,000")
    parser.add_argument("--short", action="store_true", help="the hotel of 30 rooms only, in three minutes at most")
    args = parser.parse_args()
    sizes = (args.rooms,) if args.rooms else (SMALL,) if args.short else SIZES
    faults = 0
    for rooms in sizes:
        with tempfile.TemporaryDirectory(prefix="pms-kill-") as folder:
            faults += _told("SQLite", rooms, lambda rooms=rooms, folder=folder: on_sqlite(Path(folder), rooms))
        if POSTGRES:
            faults += _told("PostgreSQL", rooms, lambda rooms=rooms: on_postgres(rooms))
    if not POSTGRES:
        print("PostgreSQL: not tried, PMS_TEST_POSTGRES is not set")
    return 1 if faults else 0


def _told(engine: str, rooms: int, run: Callable[[], Count]) -> int:
    begun = time.perf_counter()
    count = run()
    print(f"{engine}, {rooms} rooms: killed at {count.points} points, {count.left_open} left the day open, {count.left_closed} closed, "
          f"{len(count.faults)} faults, {time.perf_counter() - begun:.0f} s", flush=True)
    for fault in count.faults:
        print(f"  {fault}")
    return len(count.faults)


if __name__ == "__main__":
    sys.exit(main())
