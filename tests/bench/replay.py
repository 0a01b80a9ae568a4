"""Replay a hotel's booking file day by day through the operations that the screens call, and compare with its
reference figures.

    python tests/bench/replay.py DATA REFERENCE [--months N] [--database URL]

DATA has the columns of "Hotel booking demand datasets" (Antonio, Almeida, Nunes, Data in Brief 22 (2019)
41-49, doi 10.1016/j.dib.2018.11.126, CC BY 4.0). Exits 1 on any difference and prints both figures.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pms.services.stays import vacancy

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).parents[2]))

from sqlalchemy import URL, Engine

from pms.core.errors import NeedsConfirmation
from pms.core.money import Money
from pms.core.options import Band, Options
from pms.db import keys, schema
from pms.db.engine import open_engine, sqlite_url
from pms.db.office import DatabaseOffice
from pms.duties import offered
from pms.services.approvals import door
from pms.services.business_day.queries import context
from pms.services.guests.person import Person
from pms.services.night_audit import queries as audit_queries
from pms.services.night_audit import service as night_audit
from pms.services.opening import service as opening
from pms.services.opening.service import FloorPlan, Hotel, TypePlan
from pms.services.reservations import demand
from pms.services.reservations import queries as reservation_queries
from pms.services.reservations import service as reservations
from pms.services.reservations.demand import Booking
from pms.services.reservations.service import Wish
from pms.services.rooms import queries as room_queries
from pms.services.rooms import service as rooms
from pms.services.stays import queries as stay_queries
from pms.services.stays import service as stays
from pms.services.stays.service import Paid
from tests.amounts import plain
from tests.bench.probe import Counts, Probe
from tests.builders import Direct

ZONE = "Europe/Lisbon"
DAY = timedelta(days=1)
OPERATIONS = ("audit", "book", "cancel", "check_in", "check_out", "clean")
OWNER = ("owner", "Owner", "replay only, twelve")
OPTIONS = Options(
    shifts=False,
    backups=False,
    reports=False,
    tax_basis_points=0,
    no_show_nights=0,
    odd_amount=100_001,
    day_use_bands=(Band("00:00", "0", "free"),),
)
"""The file's bookings without a night have no price and stand in none of its figures: their use is free here.
"""


@dataclass
class Capacity:
    """Rooms per type and the overbooking allowance, from a dry pass over the file."""

    rooms: Counter[str]
    overbook: Counter[str]


def dry_pass(bookings: list[Booking]) -> Capacity:
    """Count what the inventory would hold in the order of the replay; peaks of stays are the rooms, what is
    above them the allowance."""
    sold: Counter[tuple[str, date]] = Counter()
    by_day: Counter[tuple[str, date]] = Counter()
    peak: Counter[str] = Counter()

    def take(type_: str, b: Booking, by: int, start: date | None = None) -> None:
        nights = [(start or b.arrival) + DAY * n for n in range((b.departure - (start or b.arrival)).days)]
        for night in nights:
            sold[type_, night] += by
        if not b.nights:  # used by day: beside the guests who stay over
            by_day[type_, b.arrival] += by
        for day in nights or [b.arrival]:
            peak[type_] = max(peak[type_], sold[type_, day] + by_day[type_, day])

    days = timeline(bookings)
    for day in sorted(days):
        for b in days[day].made:
            take(b.reserved, b, 1)
        for b in days[day].cancelled:
            take(b.reserved, b, -1)
        for b in days[day].arrivals:
            if b.assigned != b.reserved:
                take(b.assigned, b, 1)
                take(b.reserved, b, -1)
        for b in days[day].no_shows:
            take(b.reserved, b, -1)
    needed = rooms_needed(bookings)
    return Capacity(needed, Counter({t: max(peak[t] - needed[t], 0) for t in {*peak, *needed}}))


def rooms_needed(bookings: list[Booking]) -> Counter[str]:
    """Return the peak of stays by assigned type, departures before arrivals; day use needs a room that is
    free at that moment."""
    moves: dict[str, Counter[date]] = defaultdict(Counter)
    for b in bookings:
        if b.state == "departed" and b.nights:
            moves[b.assigned][b.arrival] += 1
            moves[b.assigned][b.departure] -= 1
    needed: Counter[str] = Counter({b.assigned: 1 for b in bookings if b.state == "departed"})
    for type_, change in moves.items():
        level = 0
        for day in sorted(change):
            level += change[day]
            needed[type_] = max(needed[type_], level)
    return needed


@dataclass
class Today:
    """What happens on one day."""

    made: list[Booking] = field(default_factory=list)
    cancelled: list[Booking] = field(default_factory=list)
    departures: list[Booking] = field(default_factory=list)
    day_use: list[Booking] = field(default_factory=list)
    arrivals: list[Booking] = field(default_factory=list)
    no_shows: list[Booking] = field(default_factory=list)


def timeline(bookings: list[Booking]) -> dict[date, Today]:
    """Return the events by day; a stay ends on arrival + nights, a cancellation is made between booking and
    arrival."""
    days: dict[date, Today] = defaultdict(Today)
    for b in bookings:
        days[b.made].made.append(b)
        if b.state == "cancelled":
            days[min(max(b.closed, b.made), b.arrival)].cancelled.append(b)
        elif b.state == "no_show":
            days[b.arrival].no_shows.append(b)
        elif b.nights:
            days[b.arrival].arrivals.append(b)
            days[b.departure].departures.append(b)
        else:
            days[b.arrival].day_use.append(b)
    return days


@dataclass
class Season:
    """What was counted in one span of days, per kind of operation."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    counts: dict[str, list[Counts]] = field(default_factory=lambda: defaultdict(list))
    posted: int = 0

    def median(self, name: str, figure: str) -> float:
        """Return the median statements or steps of a kind of operation."""
        return float(statistics.median(getattr(c, figure) for c in self.counts[name]))

    def steps_per_night(self) -> float:
        """Return the audits' virtual-machine steps per posted night."""
        return sum(c.steps for c in self.counts["audit"]) / max(self.posted, 1)


class Meter:
    """CPU time per kind of operation, and exact counts in the seasons that are compared."""

    def __init__(self, engine: Engine | None = None, seasons: Sequence[tuple[date, date]] = ()) -> None:
        self.times: dict[str, list[float]] = defaultdict(list)
        self.seasons = {span: Season() for span in seasons}
        self._probe = Probe(engine) if engine is not None else None
        self._season: Season | None = None

    def begin(self, day: date) -> None:
        """Say which day it is."""
        self._season = next(
            (season for (start, end), season in self.seasons.items() if start <= day <= end), None
        )

    def __call__(self, name: str, call: Callable[[], Any]) -> Any:
        start = time.process_time()
        if self._season is None or self._probe is None:
            result = call()
        else:
            with self._probe.counting() as counts:
                result = call()
            self._season.counts[name].append(counts)
            self._season.times[name].append(time.process_time() - start)
            self._season.posted += result if name == "audit" else 0
        self.times[name].append(time.process_time() - start)
        return result


class Replay:
    """A hotel that lives through its file."""

    def __init__(
        self, office: DatabaseOffice, bookings: list[Booking], clock: list[datetime], meter: Any = None
    ) -> None:
        self.office, self.bookings, self.clock = office, bookings, clock
        self.days = timeline(bookings)
        self.line: dict[str, int] = {}
        self.stay: dict[str, int] = {}
        self.room: dict[str, int] = {}
        self.types = {t.code: t.id for t in office.ask(room_queries.types)}
        self.meter = meter or Meter()
        self.odd: Counter[str] = Counter()

    def live(self, start: date, end: date, progress: Callable[[date], None]) -> None:
        """Live through the days from ``start`` to ``end`` (in), an audit each night."""
        day = start
        while day <= end:
            self.meter.begin(day)
            self.one(day, self.days.get(day, Today()))
            progress(day)
            day += DAY

    def one(self, day: date, today: Today) -> None:
        self.set(day, 9)
        for b in today.made:
            self.book(b)
        for b in today.cancelled:
            self.do("cancel", reservations.cancel, line_id=self.line[b.key], reason="cancelled by the guest")
        self.set(day, 11)
        for b in today.departures:
            self.leave(b)
        for b in today.departures:
            self.clean(self.room.pop(b.key))
        self.set(day, 15)
        self.arrive(day, today.day_use, leave=True)
        self.arrive(day, today.arrivals)
        self.set(day + DAY, 2)
        self.do("audit", night_audit.close, business_date=day)
        if not self.office.ask(audit_queries.proof, business_date=day):
            raise SystemExit(f"the trial balance of {day} does not close")

    def set(self, day: date, hour: int) -> None:
        self.clock[0] = datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(ZONE)).astimezone(UTC)

    def do(self, name: str, operation: Callable[..., Any], **fields: Any) -> Any:
        intent = self.office.new_intent() if getattr(operation, "money", False) else None
        act = partial(self.office.do, operation, intent=intent, **fields)
        try:
            return self.meter(name, act)
        except NeedsConfirmation as question:  # the file says nothing of beds, and the guests did stay
            if not question.token.startswith("beds:"):
                raise
            self.odd["more adults than the beds sleep"] += 1
            return self.meter(name, partial(act, confirmed={question.token}))

    def book(self, b: Booking) -> None:
        if not b.adults or b.adults > 10:
            self.odd["no adult" if not b.adults else "a party of more than ten"] += 1
        wish = Wish(
            self.types[b.reserved],
            b.arrival,
            b.departure,
            b.adults,
            b.children,
            prices=(b.price,) * b.nights,
            price_reason="as booked",
        )
        number = self.do(
            "book",
            reservations.book,
            guest_name=f"Guest {b.line}",
            rooms=[wish],
            source=b.source,
            channel=b.channel,
            company=b.company,
        )
        [self.line[b.key]] = self.office.ask(reservation_queries.lines_of, number=number)

    def leave(self, b: Booking) -> None:
        stay_id = self.stay.pop(b.key)
        house = self.office.house()
        bill = self.meter(
            "bill",
            lambda: self.office.ask(
                stay_queries.leaving,
                stay_id=stay_id,
                business_date=house.business_date,
                now=self.office.now(),
                zone=ZONE,
                options=OPTIONS,
            ),
        )
        self.do(
            "check_out",
            stays.check_out,
            stay_id=stay_id,
            payments=[Paid("BANK", bill.to_pay)] if bill.to_pay else (),
            refund=Paid("CASH", bill.to_refund) if bill.to_refund else None,
        )

    def clean(self, room_id: int) -> None:
        self.do("clean", rooms.set_clean, room_ids=[room_id], clean="clean")

    def arrive(self, day: date, arrivals: list[Booking], leave: bool = False) -> None:
        ready: dict[tuple[str, date], list[int]] = {}
        taken: set[int] = set()
        for b in sorted(arrivals, key=lambda b: (-b.nights, b.line)):
            key = (b.assigned, b.departure)
            if key not in ready:
                question = partial(
                    self.office.ask,
                    vacancy.free_rooms,
                    start=day,
                    end=b.departure,
                    type_id=self.types[b.assigned],
                )
                ready[key] = [r.room_id for r in self.meter("free rooms", question)]
            room = next((r for r in ready[key] if r not in taken), None)
            if room is None:
                raise SystemExit(f"{day}: no room of type {b.assigned} for line {b.line}")
            self.stay[b.key] = self.do(
                "check_in",
                stays.check_in,
                line_id=self.line[b.key],
                room_id=room,
                guests=[Person(f"Guest {b.line}")],
            )
            if leave:
                self.room[b.key] = room
                self.leave(b)
                self.clean(self.room.pop(b.key))
            else:
                self.room[b.key] = room
                taken.add(room)


def open_hotel(
    url: str | URL, key: bytes, bookings: list[Booking], capacity: Capacity, clock: list[datetime]
) -> DatabaseOffice:
    """Found the hotel on the earliest booking date and sign its owner in."""
    engine = open_engine(url, keys.derive(key))
    schema.upgrade(engine)
    start = min(b.made for b in bookings)
    clock[0] = datetime(start.year, start.month, start.day, 8, tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
    office = Direct(engine, key, context, lambda: clock[0], offers=offered(), door=door)
    types = sorted({b.reserved for b in bookings} | {b.assigned for b in bookings})
    floors = tuple(
        FloorPlan(10 + n, t, 1, capacity.rooms[t]) for n, t in enumerate(types) if capacity.rooms[t]
    )
    office.do(
        opening.found,
        hotel=Hotel(
            "Replay",
            ZONE,
            start,
            tuple(TypePlan(t, t, 10000, overbook=capacity.overbook[t]) for t in types),
            floors,
            *OWNER,
            currency="EUR",
            options=OPTIONS,
        ),
    )
    office.sign_in(OWNER[0], OWNER[2])
    return office


def last_month(bookings: list[Booking], months: int | None) -> tuple[date, list[str]]:
    """Return the last day to live and the arrival months to compare (``YYYY-MM``)."""
    named = sorted({f"{b.arrival:%Y-%m}" for b in bookings})
    if months is None or months >= len(named):
        return max(b.departure for b in bookings if b.state == "departed"), named
    year, month = map(int, named[months].split("-"))
    return date(year, month, 1) - DAY, named[:months]


class Comparison:
    """Figures side by side; counts the differences."""

    def __init__(self) -> None:
        self.differences = 0
        self.compared = 0

    def same(self, name: str, found: Any, wanted: Any) -> None:
        self.compared += 1
        if found != wanted:
            self.differences += 1
        mark = "equal " if found == wanted else "DIFFERS"
        print(f"  {mark} {name}: replay {found}  reference {wanted}")

    def each(self, name: str, found: dict[str, Any], wanted: dict[str, Any]) -> None:
        wrong = [k for k in sorted({*found, *wanted}) if found.get(k) != wanted.get(k)]
        self.compared += len({*found, *wanted})
        self.differences += len(wrong)
        print(
            f"  {'DIFFERS' if wrong else 'equal '} {name}: {len({*found, *wanted}) - len(wrong)} of "
            f"{len({*found, *wanted})} equal"
        )
        for k in wrong[:20]:
            print(f"          {k}: replay {found.get(k)}  reference {wanted.get(k)}")


def compare(
    office: DatabaseOffice, reference: dict[str, Any], months: list[str], last: date, whole: bool
) -> int:
    """Print both figures of everything that is compared; returns the number of differences."""
    hotel, out = reference["hotel"], Comparison()
    nights = office.ask(audit_queries.night_counts, start=date.min, end=date.max)
    by_month: Counter[str] = Counter()
    money: Counter[str] = Counter()
    for n in nights:
        by_month[f"{n.business_date:%Y-%m}"] += n.sold
        money[f"{n.business_date:%Y-%m}"] += n.revenue
    counts = _counts(office.ask(reservation_queries.counts_by_arrival))
    wanted_months = {m: v for m, v in hotel["bookings_by_arrival_month"].items() if m in months}
    out.each("bookings_by_arrival_month", {m: counts.get(m, {}) for m in wanted_months}, wanted_months)

    def keep(month: str) -> bool:
        return whole or month in months

    out.each(
        "room_nights_sold.by_month_of_night",
        {m: n for m, n in by_month.items() if keep(m)},
        {m: n for m, n in hotel["room_nights_sold"]["by_month_of_night"].items() if keep(m)},
    )
    out.each(
        "adr_revenue_stayed.by_month_of_night",
        {m: plain(n) for m, n in money.items() if keep(m)},
        {m: n for m, n in hotel["adr_revenue_stayed"]["by_month_of_night"].items() if keep(m)},
    )
    occupied = {f"{n.business_date}": n.sold for n in nights}
    wanted = {d: n for d, n in hotel["occupied_rooms_on"].items() if date.fromisoformat(d) <= last}
    out.each("occupied_rooms_on", {d: occupied.get(d, 0) for d in wanted}, wanted)
    if whole:
        _totals(out, hotel, counts, by_month, money, nights)
    else:
        print("  not compared with --months: totals, sums by arrival month, peak_occupied_rooms")
    print(f"  {out.compared} figures compared, {out.differences} differ")
    return out.differences


def _counts(rows: Iterable[tuple[date, str, int]]) -> dict[str, dict[str, int]]:
    """Return counts by arrival month; a guest still in house counts as checked out."""
    names = {
        "departed": "checked_out",
        "in_house": "checked_out",
        "cancelled": "cancelled",
        "no_show": "no_show",
    }
    found: dict[str, dict[str, int]] = defaultdict(
        lambda: {"all": 0, "checked_out": 0, "cancelled": 0, "no_show": 0}
    )
    for day, state, n in rows:
        month = found[f"{day:%Y-%m}"]
        month["all"] += n
        if state in names:
            month[names[state]] += n
    return dict(found)


def _totals(
    out: Comparison,
    hotel: dict[str, Any],
    counts: dict[str, dict[str, int]],
    by_month: Counter[str],
    money: Counter[str],
    nights: list[Any],
) -> None:
    for name in ("checked_out", "cancelled", "no_show"):
        out.same(name, sum(m[name] for m in counts.values()), hotel[name])
    out.same("bookings", sum(m["all"] for m in counts.values()), hotel["bookings"])
    out.same("room_nights_sold.total", sum(by_month.values()), hotel["room_nights_sold"]["total"])
    out.same(
        "adr_revenue_stayed.total", plain(Money(sum(money.values()))), hotel["adr_revenue_stayed"]["total"]
    )
    peak = max(n.sold for n in nights)
    first = min(n.business_date for n in nights if n.sold == peak)
    out.same(
        "peak_occupied_rooms.stayed",
        {"rooms": peak, "first_reached": f"{first}"},
        hotel["peak_occupied_rooms"]["stayed"],
    )


@dataclass
class Outcome:
    """How a replay went: differences from the reference, CPU and wall seconds, and what the meter saw."""

    differences: int
    cpu: float
    wall: float
    meter: Meter


def summers(bookings: list[Booking]) -> list[tuple[date, date]]:
    """Return June to August of the last year that has a whole one, and of the year before."""
    last = max(b.arrival for b in bookings)
    year = last.year if last >= date(last.year, 8, 31) else last.year - 1
    return [(date(y, 6, 1), date(y, 8, 31)) for y in (year - 1, year)]


def replay(data: Path, reference: Path, *, months: int | None = None, database: str | None = None) -> Outcome:
    """Live through the file, print what it took and compare with the reference."""
    bookings = []
    for row in demand.read(data):
        if isinstance(row, demand.Fault):
            raise SystemExit(f"line {row.line}: {row.reason}")
        bookings.append(row)
    capacity, clock = dry_pass(bookings), [datetime(2000, 1, 1, tzinfo=UTC)]
    last, named = last_month(bookings, months)
    whole = len(named) == len({f"{b.arrival:%Y-%m}" for b in bookings})
    with tempfile.TemporaryDirectory() as folder:
        office = open_hotel(
            database or sqlite_url(Path(folder) / "hotel.db"), bytes(32), bookings, capacity, clock
        )
        print(
            f"{len(bookings)} bookings, {sum(capacity.rooms.values())} rooms, allowance "
            f"{sum(capacity.overbook.values())}, to {last}"
        )
        meter = Meter(office.engine, summers(bookings))
        lived = Replay(office, bookings, clock, meter)
        wall, cpu = time.monotonic(), time.process_time()
        lived.live(min(b.made for b in bookings), last, _tell)
        wall, cpu = time.monotonic() - wall, time.process_time() - cpu
        _report(meter, cpu, wall, lived.odd)
        found = compare(office, json.loads(reference.read_text("utf-8")), named, last, whole)
        office.engine.dispose()
    return Outcome(found, cpu, wall, meter)


def _report(meter: Meter, cpu: float, wall: float, odd: Counter[str]) -> None:
    print(
        f"\nCPU {cpu:.1f} s, wall {wall:.1f} s, {sum(map(len, meter.times.values()))} operations and "
        f"questions"
    )
    for name, times in sorted(meter.times.items()):
        print(
            f"  {name:10} {len(times):6}  {sum(times):7.1f} s CPU  "
            f"{1000 * sum(times) / len(times):6.2f} ms each"
        )
    for (start, end), season in meter.seasons.items():
        if not season.posted:
            continue
        print(
            f"  {start:%Y-%m} to {end:%Y-%m}: {season.posted} posted nights, "
            f"{season.steps_per_night():.0f} VM steps each; medians:"
        )
        for name, counts in sorted(season.counts.items()):
            statements, steps = season.median(name, "statements"), season.median(name, "steps")
            print(
                f"    {name:10} {len(counts):6}  {statements:5.1f} statements  {steps:8.0f} VM steps  "
                f"{1000 * statistics.median(season.times[name]):6.2f} ms CPU"
            )
    for what, n in odd.items():
        print(f"  warning: {n} bookings with {what}; identity pending")


def main() -> int:
    """Run the replay from the command line."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("data", type=Path)
    ask.add_argument("reference", type=Path)
    ask.add_argument("--months", type=int)
    ask.add_argument("--database", help="URL; a SQLite file in a temporary folder when not given")
    given = ask.parse_args()
    return (
        1
        if replay(given.data, given.reference, months=given.months, database=given.database).differences
        else 0
    )


def _tell(day: date) -> None:
    if day.day == 1 and sys.stderr.isatty():
        print(f"\r{day}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
