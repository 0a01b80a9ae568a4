"""The hotel that faults befall: a night with something of everything, its books in a word, and the judge of
what a fault left behind."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from itertools import count as numbers
from pathlib import Path

from sqlalchemy import Connection, Engine, event, select
from sqlalchemy.orm import Session

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
PER_FLOOR = 50
UNORDERED = frozenset({"audit_entry.id", "audit_entry.digest"})
NUMBERED = frozenset(
    {
        "transfer.id",
        "transfer.key",
        "transfer.slip",
        "day_finding.id",
        "audit_run.trail_count",
        "audit_run.trail_head",
        "audit_entry.changes",
        "audit_entry.record_id",
    }
)
"""What a second attempt numbers anew: on PostgreSQL the same office goes on, and sequences do not give back
what a failed transaction took."""
STEPS = ("report", "backup")


def furnish(engine: Engine, rooms: int) -> House:
    """Found a hotel and fill four rooms in five: some given away, some gone today, some who never came, one
    of them with an advance."""
    schema.upgrade(engine)
    floors = tuple(
        FloorPlan(n + 1, "BIG", 1, min(PER_FLOOR, rooms - n * PER_FLOOR))
        for n in range(-(-rooms // PER_FLOOR))
    )
    house = builders.office(
        engine,
        replace(
            builders.SMALL,
            floors=floors,
            options=Options(inventory_days=60, shifts=False, tax_basis_points=600, no_show_nights=1),
        ),
    )
    numbers = [f"{f.floor}{n:02d}" for f in floors for n in range(f.first, f.last + 1)]
    for n, number in enumerate(numbers[: rooms * 4 // 5]):
        line = house.book(f"Guest {number}", nights=1 + n % 3)
        stay = house.do(
            stays.check_in.of(
                line_id=line,
                room_id=house.room_id(number),
                kind="comp" if n % 10 == 4 else "",
                deposit=Paid("CASH", Money(50000)) if n % 2 else None,
            ),
            intent=house.new_intent(),
        )
        if n % 7 == 3:
            house.do(
                folios.charge.of(stay_id=stay, code="MINIBAR", amount=Money(1200)), intent=house.new_intent()
            )
            house.do(
                folios.pay.of(stay_id=stay, method="CASH", amount=Money(1200)), intent=house.new_intent()
            )
    for n in range(max(rooms // 15, 1)):
        line = house.book(f"Nobody {n}", nights=2)
        if n == 0:
            house.do(
                reservations.take_advance.of(line_id=line, method="CASH", amount=Money(40000)),
                intent=house.new_intent(),
            )
    return house


def transactions(house: House) -> dict[str, Callable[[], object]]:
    """Return the audit's transactions in their order."""
    return {
        "begin": lambda: house.do(service.begin.of(business_date=TODAY)),
        "close": lambda: house.do(service.close.of(business_date=TODAY)),
        **{
            step: lambda step=step: house.do(service.step_done.of(business_date=TODAY, step=step))
            for step in STEPS
        },
    }


def at_night(house: House) -> House:
    """Return an office as it is opened anew at two in the morning: its keys count from one."""
    keys = numbers(1)
    house.ids = lambda: f"key-{next(keys)}"
    house.clock.set(TODAY + DAY, 2)
    return house


def audit(house: House) -> None:
    """Run the audit to its end from wherever it was left."""
    over = at_night(house).house().business_date != TODAY
    for word, run in transactions(house).items():
        if word in STEPS or not over:
            run()


def books(house: House) -> str:
    """Return a digest of every row of every table; the trail's entries of one action stand in no order of
    their own."""
    found = hashlib.sha256()

    def read(session: Session) -> None:
        for statement in _statements(house.engine.dialect.name):
            rows = sorted(repr(tuple(row)) for row in session.connection().exec_driver_sql(statement))
            found.update("\n".join((statement, *rows)).encode())

    house.look(read)
    return found.hexdigest()


@cache
def _statements(engine: str) -> tuple[str, ...]:
    left_out = UNORDERED if engine == "sqlite" else UNORDERED | NUMBERED
    return tuple(
        f"SELECT {', '.join(names)} FROM {table.name}"
        for table in schema.metadata().sorted_tables
        if (names := [f'"{c.name}"' for c in table.columns if f"{table.name}.{c.name}" not in left_out])
    )


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
    """An undisturbed run: its statements, and the books before it and after each transaction."""

    statements: list[str] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    closed_at: int = 2
    """From which of the books on the day is closed: after ``begin`` and ``close``."""

    @property
    def end(self) -> str:
        """Return the books when all is done."""
        return self.states[-1]


def undisturbed(house: House) -> Course:
    """Run the audit whole and note its statements, and the books at every point where a transaction stands
    between two others."""
    course = Course(states=[books(house)])
    for go in transactions(at_night(house)).values():
        with watched(house.engine, lambda _n, words: course.statements.append(words)):
            go()
        course.states.append(books(house))
    return course


@dataclass
class Count:
    """What became of the faults: at how many points of how many, how the day stood after them, and what was
    wrong."""

    kind: str = ""
    points: int = 0
    of: int = 0
    left_open: int = 0
    left_closed: int = 0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """Return the line that is printed."""
        return (
            f"{self.kind}: at {self.points} of {self.of}, {self.left_open} left the day open, "
            f"{self.left_closed} closed, {len(self.faults)} faults"
        )


def judge(house: House, course: Course, where: str, count: Count, confirmed: int = 0) -> int:
    """Look at what a fault left behind, resume, and compare; returns how many transactions it had left done,
    of which ``confirmed`` had been told."""
    done = left(books(house), course, where, count, confirmed)
    day = house.house().business_date
    closed = bool(
        house.look(
            lambda s: s.scalars(select(AuditRun.closed_at).where(AuditRun.business_date == TODAY)).first()
        )
    )
    if closed != (day == TODAY + DAY):
        count.faults.append(f"{where}: the date and the audit's record differ")
    try:
        audit(house)
    except Exception as error:  # whatever stands in the way of the audit is what is looked for
        count.faults.append(
            f"{where}: it cannot be resumed: {type(error).__name__}: {str(error).splitlines()[0]}"
        )
    else:
        ended(house, course, where, count)
    return done


def left(found: str, course: Course, where: str, count: Count, confirmed: int) -> int:
    """Count what a fault left behind: the books before or after one of the transactions, and none that was
    confirmed undone; returns how many."""
    count.points += 1
    if found not in course.states:
        count.faults.append(f"{where}: the day is half")
        return -1
    done = course.states.index(found)
    if done < confirmed:
        count.faults.append(f"{where}: what was said to be done is lost")
    if done < course.closed_at:
        count.left_open += 1
    else:
        count.left_closed += 1
    return done


def ended(house: House, course: Course, where: str, count: Count) -> None:
    """Hold the books in the end against those of the undisturbed run, and against themselves."""
    if books(house) != course.end:
        count.faults.append(f"{where}: resuming ends in other books")
    count.faults += [f"{where}: {fault}" for fault in house.look(lambda s: list(proof.faults(s)))]
    count.faults += [
        f"{where}: trail broken at {n}"
        for n in house.look(lambda s: list(trail.broken_links(s, house.secret)))
    ]


def scratch() -> "tempfile.TemporaryDirectory[str]":
    """Return a folder in memory where there is one: the faults are in the calls, and a real disk's fsyncs
    would only take time."""
    return tempfile.TemporaryDirectory(
        prefix="pms-faults-", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    )


# ------------------------------------------------------------------ on SQLite: a file that every fault gets a
# fresh copy of
@dataclass
class Template:
    """A hotel's file in a folder, and an office for the copy that stands in ``work`` below it; one office,
    because a new one starts slowly."""

    file: Path
    house: House
    course: Course = field(default_factory=Course)

    def fresh(self) -> None:
        """Put a copy in place of what the last fault left behind; the office holds no connection then."""
        self.house.engine.dispose()
        shutil.rmtree(self.work)
        self.work.mkdir()
        shutil.copy(self.file, self.work / self.file.name)

    @property
    def work(self) -> Path:
        """Return the folder with the database's files and nothing else."""
        return self.file.parent / "work"


def template(folder: Path, rooms: int) -> Template:
    """Furnish a hotel in a file and run its audit undisturbed."""
    file = folder.resolve() / "hotel.db"
    furnish(
        open_engine(sqlite_url(file), builders.SECRET), rooms
    ).engine.dispose()  # the last one to leave writes the log into the file
    assert not file.with_name("hotel.db-wal").exists()
    (file.parent / "work").mkdir()
    made = Template(
        file,
        builders.office(
            open_engine(sqlite_url(file.parent / "work" / file.name), builders.SECRET), found=False
        ),
    )
    made.fresh()
    made.course = undisturbed(made.house)
    return made


def in_a_process(run: Callable[[Callable[[str], None]], None]) -> tuple[int, list[str]]:
    """Run in a process of its own that tells in lines how far it came; returns how it ended (-9 killed, 0
    well) and the lines."""
    out, into = os.pipe()

    def tell(line: str) -> None:
        os.write(into, (" ".join(line.split()) + "\n").encode())

    child = os.fork()
    if child == 0:
        try:
            run(tell)
            os._exit(0)
        except BaseException as error:  # a fork that came back would run the caller's tests a second time
            tell(f"raw {type(error).__name__}: {error}")
        finally:
            os._exit(7)
    os.close(into)
    with os.fdopen(out, encoding="utf-8") as lines:
        told = lines.read().splitlines()
    _pid, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), told
