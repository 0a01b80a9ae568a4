"""Four processes at one hotel, let go at once: the last room, one room, one folio, one deposit, one bag, the
last article, a series of numbers, a shift that is counted, a block, the close of the day. One wins where one
can, nothing is lost or there twice, nobody waits for ever, and whoever loses is told in a sentence.

Once more with the program's own checks and locks removed: then the schema alone keeps a room, a night and a
reversal from being given twice.

    python -m tests.faults.race [--short] [--rounds N]

Without words: 10,000 rounds on each engine, and as many with the schema alone. ``--short``: within 50 s.
"""

import argparse
import multiprocessing
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event, func, select

from pms.core.money import Money
from pms.core.operation import Call
from pms.db import schema
from pms.services.folios import queries as folio_queries
from pms.services.folios import service as folios
from pms.services.luggage import service as luggage
from pms.services.night_audit import service as night_audit
from pms.services.reservations import queries as reservation_queries
from pms.services.reservations import service as reservations
from pms.services.reservations.service import Wish
from pms.services.rooms import service as rooms
from pms.services.shifts import service as shifts
from pms.services.shifts.models import ShiftCount
from pms.services.shop import service as shop
from pms.services.shop.models import ShopStock
from pms.services.stays import service as stays
from tests import holding
from tests.builders import DAY, House
from tests.faults import busy
from tests.faults.desks import Outcome, tried
from tests.faults.pairs import SENTENCE
from tests.faults.store import Store, on_both, sound

PROCESSES = 4
ROUNDS, SHORT = 10_000, 10.0
"""How many rounds on each engine; seconds on each in the short form."""
REST = "rest"
LOCK = re.compile(r" FOR (?:NO KEY )?UPDATE(?: OF [\w, ]+)?")
NIGHT, DRAWER = "night", "desk-3"
EACH = 45
"""After so many rounds the day is closed, the whole hotel counted, and the next one taken."""
Round = tuple[list[Call[Any]], Callable[[Sequence[Outcome], Sequence[Any]], str]]


@dataclass
class Count:
    """What became of the rounds."""

    rounds: int = 0
    won: int = 0
    slowest: float = 0.0
    bare: bool = False
    by_kind: Counter[str] = field(default_factory=Counter)
    through: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """Return the line that is printed."""
        kinds = ", ".join(f"{kind} {n}" for kind, n in self.by_kind.items())
        through = ", ".join(f"{kind} {n}" for kind, n in self.through.items() if n)
        told = f"the schema lets through: {through or 'nothing'}, " if self.bare else ""
        return (
            f"{self.rounds} rounds of {PROCESSES} ({kinds}), {self.won} acts done, slowest "
            f"{self.slowest:.2f} s, {told}{len(self.faults)} faults"
        )


# ------------------------------------------------------------------ the four
def _work(store: Store, n: int, line: Connection, gate: Any, bare: bool) -> None:
    """Do what the pipe brings, when the gate opens; ends with the pipe."""
    if bare:
        _take_checks_away()
    with store.desk(f"desk-{n + 1}") as house:
        while (told := line.recv()) is not None:
            if told == REST:
                house.engine.dispose()
                line.send(REST)
                continue
            (module, name), fields, station = told
            house.station = station or f"desk-{n + 1}"
            house.clock.set(busy.NOW, 10)
            if station == NIGHT:
                house.clock.set(busy.NOW + DAY, 2)
                house.station = "desk-1"
            call = getattr(import_module(module), name).of(**fields)
            key = house.new_intent() if call.operation.keeps_result else None
            given: list[Any] = []
            gate.wait(30)
            begun = time.monotonic()
            outcome = tried(
                lambda call=call, key=key, given=given: given.append(
                    house.do(call, intent=key, confirmed=Asked(call))
                )
            )
            defect = outcome.defect and RuntimeError(f"{type(outcome.defect).__name__}: {outcome.defect}")
            line.send(
                (
                    Outcome(outcome.done, outcome.said, defect),
                    given[0] if given and key else None,
                    time.monotonic() - begun,
                )
            )


class Asked(frozenset[str]):
    """Agrees to whatever is asked of a stay, and to nothing in the shop: there the question is the answer."""

    def __new__(cls, call: Call[Any]) -> "Asked":
        made = super().__new__(cls)
        made.all = not call.operation.action.startswith("shop:")
        return made

    def __contains__(self, token: object) -> bool:
        return bool(self.all)


def _take_checks_away() -> None:
    """Let nothing but the schema stand between two desks."""
    from pms.db.work import Work
    from pms.services.folios import corrections
    from pms.services.folios.models import Transfer
    from pms.services.reservations import by_day
    from pms.services.rooms import inventory

    def nothing(*_any: object, **_more: object) -> None:
        return None

    holding.NOT_HELD.update(dict.fromkeys(schema.metadata().tables, "nothing is held here"))

    Work.hold = lambda self, table, key: self.session.get_one(table, key)  # type: ignore[method-assign]
    Work.lock = Work.confirm = nothing  # type: ignore[method-assign]
    event.listen(Engine, "before_cursor_execute", _unlocked, retval=True)
    for place, name in (
        (stays, "_may_arrive"),
        (inventory, "must_be_open"),
        (rooms, "_refuse_holders"),
        (rooms, "_must_be_unused"),
        (by_day, "must_be_free"),
    ):
        setattr(place, name, nothing)
    folios.deposit_held = lambda _work, _stay: Money(10**9)  # type: ignore[attr-defined]
    corrections.reversible = lambda work, number, _reason: work.session.get_one(Transfer, number)


def _unlocked(_connection: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> tuple[str, Any]:
    return LOCK.sub("", statement), values


class Crew:
    """Four processes that are let go together."""

    def __init__(self, store: Store, *, bare: bool = False) -> None:
        context = multiprocessing.get_context("fork")
        gate = context.Barrier(PROCESSES)
        self._lines, self._all = list[Connection](), []
        for n in range(PROCESSES):
            ours, theirs = context.Pipe()
            made = context.Process(target=_work, args=(store, n, theirs, gate, bare), daemon=True)
            made.start()
            theirs.close()
            self._lines.append(ours)
            self._all.append(made)

    def go(self, calls: Sequence[Call[Any]], station: str = "") -> list[tuple[Outcome, Any, float]]:
        """Do one call in each process, all at once."""
        for line, call in zip(self._lines, calls, strict=True):
            function = call.operation
            line.send(((function.__module__, function.__name__), call.fields, station))
        found = []
        for line in self._lines:
            if not line.poll(60):
                raise TimeoutError("a desk waits for ever")
            found.append(line.recv())
        return found

    def rest(self) -> None:
        """Let go of the hotel: another is put in its place."""
        for line in self._lines:
            line.send(REST)
        for line in self._lines:
            line.recv()

    def end(self) -> None:
        """Send them home."""
        for line in self._lines:
            line.send(None)
        for process in self._all:
            process.join(10)


# ------------------------------------------------------------------ what they race for
class Course:
    """Prepares each round and judges it; what a round used up is put right in the next."""

    def __init__(self, house: House, store: Store) -> None:
        self.house, self.facts = house, store.facts
        type_id = self.do(rooms.add_type, code="ONE", name="Only")
        [self.only] = self.do(rooms.add_rooms, type_id=type_id, numbers=["999"], floor=9)
        self.wish = Wish(type_id, busy.NOW + 5 * DAY, busy.NOW + 7 * DAY, prices=(20000, 20000))
        self.room = house.room_id("310")
        self.lines = [house.book(f"Racer {n}", nights=2) for n in range(PROCESSES)]
        self.good = self.do(shop.set_good, name="Last", price=Money(100))
        self.stay, self.shift = self.facts.stay, self.facts.shift_3

    def do(self, operation: Any, **fields: Any) -> Any:
        """Do one thing between the rounds."""
        call = operation.of(**fields)
        key = self.house.new_intent() if call.operation.keeps_result else None
        return self.house.do(call, intent=key, confirmed=busy.Everything())

    def last_room(self) -> Round:
        """Sell the only room of a type."""

        def judge(told: Sequence[Outcome], given: Sequence[Any]) -> str:
            for number in filter(None, given):
                for line in self.house.look(reservation_queries.lines_of, number=number):
                    self.do(reservations.cancel, line_id=line, reason="raced")
            return one(told)

        call = reservations.book.of(guest_name="Racer", rooms=[self.wish])
        return [call] * PROCESSES, judge

    def same_room(self) -> Round:
        """Check four bookings into one room."""
        return [stays.check_in.of(line_id=line, room_id=self.room) for line in self.lines], self._out_again

    def _out_again(self, told: Sequence[Outcome], given: Sequence[Any]) -> str:
        for stay in filter(None, given):
            self.do(stays.undo_check_in, stay_id=stay, reason="raced")
        return one(told)

    def block(self) -> Round:
        """Block a room that two bookings are checked into."""
        fields = {"room_id": self.room, "kind": "OOO", "reason": "raced"}
        block = rooms.block.of(**fields, start=busy.NOW, end=busy.NOW + DAY)
        calls = [stays.check_in.of(line_id=line, room_id=self.room) for line in self.lines[:2]]

        def judge(told: Sequence[Outcome], given: Sequence[Any]) -> str:
            for number in filter(None, given[2:]):
                self.do(rooms.unblock, block_id=number)
            self._out_again(told[:2], given[:2])
            return one(told)

        return [*calls, block, block], judge

    def folio(self) -> Round:
        """Charge one folio four times."""
        before = self._owed()

        def judge(told: Sequence[Outcome], _given: Sequence[Any]) -> str:
            moved = self._owed() - before
            return "" if moved == 900 * PROCESSES == 900 * done(told) else f"{moved} charged, {told}"

        call = folios.charge.of(stay_id=self.stay, code="MINIBAR", amount=Money(900))
        return [call] * PROCESSES, judge

    def _owed(self) -> int:
        found = self.house.look(folio_queries.folios, stay_id=self.stay)
        return int(next(f.balance for f in found if f.ledger == "guest" and f.window == "A"))

    def deposit(self) -> Round:
        """Give more of a deposit back than is there twice."""
        held = -next(
            f.balance
            for f in self.house.look(folio_queries.folios, stay_id=self.stay)
            if f.ledger == "deposit"
        )
        if held < 50000:
            self.do(folios.take_deposit, stay_id=self.stay, method="CASH", amount=Money(50000 - held))
        call = folios.refund_deposit.of(
            stay_id=self.stay, method="CASH", amount=Money(max(held, 50000) - 10000), slip_back=True
        )
        return [call] * PROCESSES, lambda told, _given: one(told)

    def bag(self) -> Round:
        """Hand a bag back."""
        number = self.do(luggage.store, stay_id=self.stay)
        return [luggage.claim.of(number=number)] * PROCESSES, lambda told, _given: one(told)

    def article(self) -> Round:
        """Sell the last article."""
        self.do(shop.receive, lines=[shop.Delivered(self.good, 1)], reference="raced")
        call = shop.sell.of(lines=[shop.Item(self.good, 1)], method="CASH")
        return [call] * PROCESSES, lambda told, _given: one(told)

    def numbers(self) -> Round:
        """Take numbers of one series."""

        def judge(told: Sequence[Outcome], given: Sequence[Any]) -> str:
            taken = sorted(given) if all(given) else []
            fits = taken == list(range(taken[0], taken[0] + PROCESSES)) if taken else False
            return "" if fits else f"numbers {given}, {told}"

        return [luggage.store.of(stay_id=self.stay)] * PROCESSES, judge

    def shift(self) -> Round:
        """Count a drawer into which money is being taken."""
        pay = folios.pay.of(stay_id=self.stay, method="CASH", amount=Money(900))
        count = shifts.count.of(shift_id=self.facts.shift_3, pieces={"10000": 2})

        def judge(told: Sequence[Outcome], _given: Sequence[Any]) -> str:
            drawer = f"CASH:{DRAWER}"
            counted = select(ShiftCount.expected).order_by(ShiftCount.id.desc()).limit(1)
            told_then = self.house.look(lambda s: s.scalars(counted).one())
            holds = self.house.look(_held, code=drawer)
            self.house.station = DRAWER
            self.do(shifts.go_on, shift_id=self.facts.shift_3, reason="raced")
            self.house.station = "desk-1"
            return "" if told[0].done and told_then == holds else f"{told_then} told, {holds} held, {told}"

        return [count, pay, pay, pay], judge

    def reversal(self) -> Round:
        """Take one charge back."""
        charge = self.do(folios.charge, stay_id=self.stay, code="MINIBAR", amount=Money(900))
        return [folios.void.of(transfer_id=charge, reason="raced")] * PROCESSES, lambda told, _given: one(
            told
        )

    def audit(self) -> Round:
        """Close the day while money is taken: it is in the day that is closed, or in the next."""
        pay = folios.pay.of(stay_id=self.stay, method="MOBILE", amount=Money(900))
        close = night_audit.close.of(business_date=busy.NOW)
        return [close, pay, pay, pay], lambda told, _given: "" if done(told) == PROCESSES else f"{told}"


def _held(session: Any, *, code: str) -> int:
    from pms.services.folios.models import Account, Transfer

    number = session.scalars(select(Account.id).where(Account.code == code)).one()
    into, out = (
        session.scalar(select(func.coalesce(func.sum(Transfer.amount), 0)).where(column == number))
        for column in (Transfer.debit_id, Transfer.credit_id)
    )
    return int(into - out)


def done(told: Sequence[Outcome]) -> int:
    """Return how many were done."""
    return sum(outcome.done for outcome in told)


def one(told: Sequence[Outcome]) -> str:
    """Return what is wrong where exactly one may be done."""
    return "" if done(told) == 1 else f"{done(told)} done: {[o.said for o in told]}"


KINDS = (
    Course.last_room,
    Course.same_room,
    Course.folio,
    Course.deposit,
    Course.bag,
    Course.article,
    Course.numbers,
    Course.shift,
    Course.block,
    Course.reversal,
)
BARE = (Course.last_room, Course.same_room, Course.block, Course.reversal)
"""What the schema keeps by itself; of the others it is told how often they came through."""


# ------------------------------------------------------------------ the race
def run(store: Store, *, rounds: int = ROUNDS, seconds: float = 0, bare: bool = False) -> Count:
    """Race so many rounds, or for so many seconds, in one fresh hotel after the other: some rounds, then one
    for the close of its day."""
    count = Count(bare=bare)
    until = time.monotonic() + seconds if seconds else float("inf")
    crew = Crew(store, bare=bare)
    try:
        while count.rounds < rounds and time.monotonic() < until:
            crew.rest()
            store.fresh()
            with store.desk() as house:
                _in_one_hotel(crew, Course(house, store), count, min(EACH, rounds - count.rounds), until)
    finally:
        crew.end()
    return count


def _in_one_hotel(crew: "Crew", course: Course, count: Count, rounds: int, until: float) -> None:
    for _n in range(rounds - 1):
        if time.monotonic() > until:
            break
        _round(crew, course, KINDS[count.rounds % len(KINDS)], count)
    _round(crew, course, Course.audit, count)
    if not count.bare:
        try:
            sound(course.house)
            course.house.look(_stock)
        except AssertionError as unsound:
            count.faults.append(f"after round {count.rounds}: {str(unsound).splitlines()[0]}")


def _stock(session: Any) -> None:
    assert not session.query(ShopStock).filter(ShopStock.quantity < 0).count(), "stock below nothing"


def _round(crew: Crew, course: Course, kind: Callable[[Course], Round], count: Count) -> None:
    calls, judge = kind(course)
    told = crew.go(calls, DRAWER if kind is Course.shift else NIGHT if kind is Course.audit else "")
    outcomes = [outcome for outcome, _given, _took in told]
    count.rounds += 1
    count.won += done(outcomes)
    count.by_kind[kind.__name__] += 1
    count.slowest = max(count.slowest, *(took for *_rest, took in told))
    faults = [str(o.defect) for o in outcomes if o.defect is not None]
    faults += [
        f"not told why: {o.said}" for o in outcomes if not o.done and not o.defect and len(o.said) < SENTENCE
    ]
    faults += filter(None, [judge(outcomes, [given for _outcome, given, _took in told])])
    if count.bare and kind not in BARE:
        count.through[kind.__name__] += bool(faults)
        return
    count.faults += [f"round {count.rounds} {kind.__name__}: {fault}" for fault in faults]


def both(store: Store, *, rounds: int = ROUNDS, seconds: float = 0) -> list[tuple[str, Count]]:
    """Race with the program's own checks, then with the schema alone."""
    return [
        ("", run(store, rounds=rounds, seconds=seconds)),
        (", the schema alone", run(store, rounds=rounds, seconds=seconds / 3, bare=True)),
    ]


def main() -> int:
    """Race on both engines, print what came of it, and return 1 where one fault was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--short", action="store_true", help="within 50 s")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="so many rounds on each engine")
    given, faults = parser.parse_args(), 0
    seconds = SHORT if given.short else 0
    with tempfile.TemporaryDirectory(prefix="pms-race-") as folder:
        for engine, counts in on_both(Path(folder), lambda s: both(s, rounds=given.rounds, seconds=seconds)):
            for how, count in counts:
                print(f"{engine}{how}: {count}", flush=True)
                for fault in count.faults:
                    print(f"  {fault}")
                faults += len(count.faults)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
