"""The files that were read in, and how their lines stand against the books."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.core import progress
from pms.core.money import Money
from pms.core.reading import query
from pms.db.base import table_of
from pms.services.folios import numbers
from pms.services.folios.models import Transfer
from pms.services.guests.models import Guest
from pms.services.property.queries import setting
from pms.services.rooms.models import Room
from pms.services.shifts.models import Shift
from pms.services.staff.models import Staff
from pms.services.stays.models import Stay, listed_name

from . import matching
from .duty import MATCH
from .matching import CLEARED, DAY, OPEN, SETTLE_DAYS, SOURCE_OF, WAITING, WIRE_DAYS, Fact, Pair
from .models import StatementClearing, StatementFile, StatementLine

_L = table_of(StatementLine)


@dataclass(frozen=True)
class FileRow:
    """A file that was read in."""

    id: int
    source: str
    sort: str
    merchant: str
    file: str
    first: date
    last: date
    lines: int
    known: int
    doubled: tuple[str, ...]
    closing: Money | None
    at: datetime
    by: str


@dataclass(frozen=True)
class TotalRow:
    """A day of a source: what the statement has, its fees, what the books have, by shift; how many lines are
    open, and how many postings have no statement yet."""

    source: str
    day: date
    there: Money
    fee: Money
    here: Money
    open: int
    waiting: int
    shifts: tuple[tuple[int, Money], ...]

    @property
    def id(self) -> str:
        """Return what the row is known by."""
        return f"{self.source}{self.day.isoformat()}"

    @property
    def difference(self) -> Money:
        """Return what the statement has more than the books."""
        return Money(self.there - self.here)


@dataclass(frozen=True)
class Compared:
    """How some days stand: every pair, the reason of what was cleared by its pair, and the days' totals."""

    pairs: tuple[Pair, ...]
    reasons: dict[str, str]
    totals: tuple[TotalRow, ...]

    def of(self, *states: str) -> list[Pair]:
        """Return the pairs in these states."""
        return [pair for pair in self.pairs if pair.state in states]


def moment_of(wall: datetime, zone: str) -> datetime:
    """Return the moment at which a wall clock shows this time, in UTC."""
    return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))


@query(MATCH)
def files(session: Session, *, first: date, last: date) -> list[FileRow]:
    """Return the files with days of a span, the newest first."""
    f = StatementFile
    rows = session.execute(
        select(f, Staff.name)
        .outerjoin(Staff, Staff.id == f.clerk_id)
        .where(f.last >= first, f.first <= last)
        .order_by(f.id.desc())
    )
    return [
        FileRow(
            x.id,
            x.source,
            x.sort,
            x.merchant,
            x.file,
            x.first,
            x.last,
            x.lines,
            x.known,
            tuple(x.doubled),
            x.closing,
            x.at,
            name or "",
        )
        for x, name in rows
    ]


@query(MATCH)
def compared(session: Session, *, first: date, last: date) -> Compared:
    """Return how the days from ``first`` to ``last`` stand, statements against books; days are those of the
    providers, from midnight to midnight."""
    zone = ZoneInfo(setting(session).zone)
    lines = _lines(session, zone, first - DAY * (SETTLE_DAYS + 1), last + DAY)
    start = datetime.combine(first - DAY * WIRE_DAYS, datetime.min.time(), zone)
    end = datetime.combine(last + DAY * (WIRE_DAYS + 1), datetime.min.time(), zone)
    postings = numbers.moved(session, methods=list(SOURCE_OF), start=start, end=end)
    covered = _covered(session, first - DAY, last + DAY * WIRE_DAYS)
    with progress.between(500, 900):
        found = matching.match(lines, postings, covered, lambda at: at.astimezone(zone))
    pairs, reasons = _with_reasons(session, [p for p in found if first <= p.day <= last])
    pairs.sort(key=lambda p: (p.day, p.source, p.id))
    return Compared(tuple(pairs), reasons, tuple(_totals(pairs)))


def _lines(session: Session, zone: ZoneInfo, first: date, last: date) -> list[Fact]:
    c = _L.c
    wanted = (c.id, c.source, c.sort, c.kind, c.day, c.at, c.amount, c.gross, c.fee)
    more = (c.order_number, c.trade, c.refund, c.refund_trade, c.text, c.state, c.party)
    rows = session.execute(select(*wanted, *more).where(c.day.between(first, last))).all()
    with progress.between(0, 500):
        return [_fact(row, zone) for row in progress.through(rows)]


def _fact(row: Any, zone: ZoneInfo) -> Fact:
    return Fact(
        row.id,
        row.source,
        row.sort,
        row.kind,
        row.day,
        row.at.astimezone(zone).replace(tzinfo=None),
        int(row.amount),
        int(row.gross),
        int(row.fee),
        row.order_number,
        row.trade,
        row.refund,
        row.refund_trade,
        row.text,
        row.state,
        row.party,
    )


def _covered(session: Session, first: date, last: date) -> frozenset[tuple[str, str, date]]:
    """Return the days of which statements are here."""
    f = StatementFile
    rows = session.execute(select(f.source, f.sort, f.first, f.last).where(f.last >= first, f.first <= last))
    return frozenset(
        (source, sort, begins + n * DAY)
        for source, sort, begins, ends in rows
        for n in range((ends - begins).days + 1)
    )


def _with_reasons(session: Session, pairs: Sequence[Pair]) -> tuple[list[Pair], dict[str, str]]:
    c = StatementClearing
    rows = session.execute(
        select(c.line_id, c.transfer_id, c.reason)
        .outerjoin(StatementLine, StatementLine.id == c.line_id)
        .where(
            (c.transfer_id.is_not(None))
            | StatementLine.day.between(
                min((p.day for p in pairs), default=date.min), max((p.day for p in pairs), default=date.min)
            )
        )
    )
    told = {f"L{line}" if line is not None else f"T{transfer}": reason for line, transfer, reason in rows}
    made = [replace(p, state=CLEARED) if p.state in OPEN and p.id in told else p for p in pairs]
    return made, {p.id: told[p.id] for p in made if p.state == CLEARED}


def _totals(pairs: Sequence[Pair]) -> list[TotalRow]:
    days: dict[tuple[date, str], list[Pair]] = defaultdict(list)
    for pair in pairs:
        days[pair.day, pair.source].append(pair)
    made = []
    for (day, source), some in sorted(days.items(), reverse=True):
        shifts: dict[int, int] = defaultdict(int)
        for pair in some:
            if pair.posting is not None:
                shifts[pair.posting.shift_id or 0] += pair.posting.amount
        standing = [p.line for p in some if p.line is not None and matching.VOIDED not in p.notes]
        there = sum(line.gross or line.amount for line in standing)
        made.append(
            TotalRow(
                source,
                day,
                Money(there),
                Money(sum(p.line.fee for p in some if p.line is not None)),
                Money(sum(p.posting.amount for p in some if p.posting is not None)),
                sum(p.state in OPEN for p in some),
                sum(p.state == WAITING for p in some),
                tuple((shift, Money(sum_)) for shift, sum_ in sorted(shifts.items())),
            )
        )
    return made


@query(MATCH)
def span(session: Session, *, statement_id: int) -> tuple[date, date] | None:
    """Return the days of a file."""
    found = session.get(StatementFile, statement_id)
    return (found.first, found.last) if found is not None else None


@dataclass(frozen=True)
class Posted:
    """Whose money a posting moved, who posted it, and in which shift."""

    room: str
    guest: str
    by: str
    shift: int | None


@query(MATCH)
def posted(session: Session, *, transfer_id: int) -> Posted:
    """Return whose money a posting moved."""
    t = Transfer
    row = session.execute(
        select(Room.number, listed_name(), Staff.name, Shift.number)
        .select_from(t)
        .outerjoin(Stay, Stay.id == t.stay_id)
        .outerjoin(Room, Room.id == Stay.room_id)
        .outerjoin(Guest, Guest.id == Stay.guest_id)
        .outerjoin(Staff, Staff.id == t.clerk_id)
        .outerjoin(Shift, Shift.id == t.shift_id)
        .where(t.id == transfer_id)
    ).one()
    return Posted(row[0] or "", row[1] or "" if row[0] else "", row[2] or "", row[3])


WEEK = timedelta(days=7)


@query(MATCH)
def lately_open(session: Session, *, business_date: date) -> list[Pair]:
    """Return what is open of the last seven days; asks nothing where no statement was ever read in."""
    newest = select(StatementFile.id).where(StatementFile.last >= business_date - WEEK).limit(1)
    if session.scalars(newest).first() is None:
        return []
    return compared(session, first=business_date - WEEK, last=business_date).of(*OPEN)
