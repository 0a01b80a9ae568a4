"""Two operations on one kind of record at two desks, the first stopped where it has decided and where only
its commit is missing, the second let in: both are told what they would have been told one after the other, in
one order or the other, and the books are those of that order; or one is told that somebody was faster. Always
the hotel is sound.

Pairs are made from the index: two acts of the busy hotel belong together when the trail names a kind of
record that both change, or the ledger a guest whose money both move; each belongs to itself. What one after
the other would be told is found out in a file, which has one writer.

    python -m tests.faults.pairs [--short] [--only WORD]

``--short``: a part of the pairs, within 50 s; ``--only``: those of which an operation's name has the word.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from pathlib import Path

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from pms.db.base import AuditEntry
from pms.services.folios.models import Account, Transfer
from tests.builders import House
from tests.faults import acts
from tests.faults.desks import PLACES, Outcome, forced, tried
from tests.faults.store import Books, Store, books, sound

SHORT = 30.0
"""Seconds in the short form."""
SOME = 24
"""Of so many operations the short form makes its pairs."""
COMMON = {"confirmed", "approved", "signed", "authority_use", "account", "transfer"}
"""What the trail says of nearly every act."""
SENTENCE = 20
"""A refusal says what, which and what to do: it is not shorter."""
Told = tuple[bool, bool]


@dataclass
class Count:
    """What became of the pairs."""

    pairs: int = 0
    of: int = 0
    waited: int = 0
    refused: int = 0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """Return the line that is printed."""
        return (
            f"{self.pairs} of {self.of} pairs, {self.waited} waited, {self.refused} refused, "
            f"{len(self.faults)} faults"
        )


def kinds(file: Store, names: Iterable[str]) -> dict[str, set[str]]:
    """Return the kinds of record that each of these acts changes, by the trail, and whose folio or deposit it
    moves, by the ledger."""
    found = {}
    for name in names:
        file.fresh()
        with file.desk() as house:
            last, moved = house.look(_last, AuditEntry), house.look(_last, Transfer)
            outcome = tried(_ready(house, file, name))
            if outcome.defect is not None:
                raise outcome.defect
            entries = select(AuditEntry.record).where(AuditEntry.id > last)
            touched = set(house.look(lambda s, q=entries: s.scalars(q).all())) - COMMON
            found[name] = touched | house.look(_owners, moved)
    return found


def _last(session: Session, table: type[AuditEntry] | type[Transfer]) -> int:
    return session.scalar(select(func.max(table.id))) or 0


def _owners(session: Session, last: int) -> set[str]:
    """Name whose accounts were moved since a posting."""
    a, t = Account, Transfer
    rows = session.execute(
        select(a.stay_id, a.line_id)
        .join(t, or_(t.debit_id == a.id, t.credit_id == a.id))
        .where(t.id > last, or_(a.stay_id.is_not(None), a.line_id.is_not(None)))
    )
    return {f"money of stay {stay}" if stay else f"money of line {line}" for stay, line in rows}


def _ready(house: House, store: Store, name: str) -> Callable[[], object]:
    return acts.ready(house, store.facts, acts.ACTS[name])


def made(found: dict[str, set[str]]) -> Iterator[tuple[str, str]]:
    """Yield each pair of acts that change one kind of record, in either order, and each act with itself."""
    for one, two in product(found, repeat=2):
        if one == two or found[one] & found[two]:
            yield one, two


@dataclass(frozen=True)
class Order:
    """What two desks are told one after the other, the first of the pair first, and the books then."""

    told: Told
    said: tuple[str, str]
    books: Books


class Orders:
    """Two acts one after the other, each at its own desk, found out once in a file."""

    def __init__(self, file: Store) -> None:
        self._file = file
        self.both = cache(lambda one, two: [self._run(one, two, turned) for turned in (False, True)])

    def _run(self, one: str, two: str, turned: bool) -> Order:
        self._file.fresh()
        with self._file.desk("desk-1") as first, self._file.desk("desk-2") as second:
            todo = [_ready(first, self._file, one), _ready(second, self._file, two)]
            told = [tried(act) for act in (todo[::-1] if turned else todo)]
            a, b = told[::-1] if turned else told
            return Order((a.done, b.done), (a.said, b.said), books(first, numbers=False))


def judge(one: str, two: str, told: tuple[Outcome, Outcome], found: Books, orders: Orders) -> Iterator[str]:
    """Yield what is wrong with what two desks were told, and with the books they left."""
    for name, outcome in zip((one, two), told, strict=True):
        if outcome.defect is not None:
            yield f"{name} broke: {type(outcome.defect).__name__}: {str(outcome.defect).splitlines()[0]}"
        elif not outcome.done and len(outcome.said) < SENTENCE:
            yield f"{name} is refused and not told why: {outcome.said}"
    if any(outcome.defect for outcome in told):
        return
    done = tuple(outcome.done for outcome in told)
    serial = [order for order in orders.both(one, two) if order.told == done]
    if not serial:
        if not (sum(done) == 1 and any(outcome.faster for outcome in told)):
            yield f"neither order ends so: {done}, {[o.said for o in told]}, {orders.both(one, two)[0].said}"
    elif all(found != order.books for order in serial):
        unlike = [found.unlike(order.books) for order in serial]
        yield f"the books are those of neither order: {done}, unlike in {unlike}"


def pair(server: Store, orders: Orders, one: str, two: str, place: str, count: Count) -> None:
    """Force one pair and judge it."""
    server.fresh()
    with server.desk("desk-1") as first, server.desk("desk-2") as second:
        a, b, waited = forced(first, _ready(first, server, one), _ready(second, server, two), place)
        count.pairs += 1
        count.waited += waited
        count.refused += (not a.done) + (not b.done)
        faults = list(judge(one, two, (a, b), books(first, numbers=False), orders))
        try:
            sound(first)
        except AssertionError as unsound:
            faults.append(f"the hotel is not sound: {str(unsound).splitlines()[0]}")
    count.faults += [f"{one} {place}, {two} let in: {fault}" for fault in faults]


def run(server: Store, file: Store, *, seconds: float = 0, seed: int = 0, only: str = "") -> Count:
    """Force the pairs of the index, for so many seconds (0: all)."""
    count, lot = Count(), random.Random(seed)
    names = lot.sample(list(acts.ACTS), SOME) if seconds else list(acts.ACTS)
    names += [name for name in acts.ACTS if only and only in name and name not in names]
    wanted = [
        (one, two, place)
        for one, two in made(kinds(file, names))
        for place in PLACES
        if only in one or only in two
    ]
    count.of = len(wanted)
    if seconds:
        lot.shuffle(wanted)
    orders, until = Orders(file), time.monotonic() + seconds
    for one, two, place in wanted:
        if seconds and time.monotonic() > until:
            break
        pair(server, orders, one, two, place, count)
    return count


def told(counts: Iterable[Count]) -> int:
    """Print what became of the pairs and return how many faults there were."""
    faults = 0
    for count in counts:
        print(count, flush=True)
        for fault in count.faults:
            print(f"  {fault}")
        faults += len(count.faults)
    return faults


def main() -> int:
    """Force all pairs, print what became of them, and return 1 where one fault was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--short", action="store_true", help="a part of the pairs, within 50 s")
    parser.add_argument("--only", default="", help="the pairs of operations whose name has this word")
    given = parser.parse_args()
    if not os.environ.get("PMS_TEST_POSTGRES"):
        print("SKIPPED: PostgreSQL: PMS_TEST_POSTGRES is not set")
        return 1 if os.environ.get("CI") else 0
    with tempfile.TemporaryDirectory(prefix="pms-pairs-") as folder:
        server, file = Store(None), Store(Path(folder))
        try:
            count = run(server, file, seconds=SHORT if given.short else 0, only=given.only)
        finally:
            server.drop()
    return 1 if told([count]) else 0


if __name__ == "__main__":
    sys.exit(main())
