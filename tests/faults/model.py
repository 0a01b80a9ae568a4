"""A whole hotel beside its twin in plain Python (``twin``): random steps through the real operations, of
which the twin says what must be done and what refused; every few steps rooms, nights, bookings, stays,
accounts, stock and shifts are compared. A life is a new hotel of some weeks; its number gives it again.

Two clerks take turns at two desks. Some steps are disturbed: the power goes before one of their statements,
or the answer is lost, and the desk tries again with the same key; it is done once, and told the same.

    python -m tests.faults.model [--money] [--short] [--steps N] [--life N] [--first N]

Without words: 1,000,000 steps, on both engines in turn. ``--money``: 200,000 in which money moves more often,
and at every close all that must be true of money is counted again (``money.py``). ``--short``: within 50 s.
``--life``: that one life; ``--first``: the number of the first.
"""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import event

from pms.core.operation import Operation
from tests.builders import House
from tests.faults import busy, money
from tests.faults.desks import tried
from tests.faults.store import Store, on_both, sound
from tests.faults.twin.hotel import Hotel, found
from tests.faults.twin.part import Step

STEPS, OF_MONEY, SHORT = 1_000_000, 200_000, 20.0
"""Steps in all, those of the money alone, and seconds on each engine in the short form."""
CRASHED, RETRIED, DEEPEST = 15, 10, 25
"""Of so many steps one crashes, of so many one is tried again; before which statement at the latest."""
LIFE, PER_DAY, EVERY = 2000, 70, 20
"""Steps of a life and of one of its days; after so many the two are compared."""
MOST = 20
"""After so many faults a run ends: one gives the next."""


@dataclass
class Count:
    """What became of the steps."""

    steps: int = 0
    lives: int = 0
    refused: int = 0
    days: int = 0
    compared: int = 0
    crashed: int = 0
    retried: int = 0
    seconds: float = 0.0
    done: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    @property
    def pace(self) -> float:
        """Return how many steps a second were gone."""
        return self.steps / max(self.seconds, 0.001)

    def __str__(self) -> str:
        """Return the line that is printed."""
        return (
            f"{self.steps} steps in {self.lives} lives ({self.pace:.0f} a second), "
            f"{len(self.done)} operations, {self.refused} refused as they must be, {self.crashed} crashed, "
            f"{self.retried} tried again, {self.days} days closed, "
            f"compared {self.compared} times, {len(self.faults)} faults"
        )


@cache
def _keyed(operation: Operation[..., Any]) -> bool:
    return busy.keyed(operation)


class PowerCutError(BaseException):
    """The machine stops here; nothing of the program may catch it."""


@contextmanager
def crashing(house: House, at: int) -> Iterator[None]:
    """Let the power go before the statement of this number, if there are so many."""
    left = [at]

    def before(*_args: Any) -> None:
        left[0] -= 1
        if not left[0]:
            raise PowerCutError

    event.listen(house.engine, "before_cursor_execute", before)
    try:
        yield
    finally:
        event.remove(house.engine, "before_cursor_execute", before)


class Life:
    """One hotel from its founding on; ``of_money``: its money is counted again at every close."""

    def __init__(self, house: House, number: int, count: Count, *, of_money: bool = False) -> None:
        self.house, self.number, self.count = house, number, count
        self.hotel = Hotel(house, number, PER_DAY, of_money=of_money)
        self.lot, self.unchanged, self.of_money = random.Random(-number), money.Unchanged(), of_money

    def live(self, steps: int, until: float = float("inf")) -> None:
        """Go so many steps, or until a moment, or to the first fault: after it the two are two hotels."""
        for n in range(1, steps + 1):
            if time.monotonic() > until:
                break
            faults = list(self._step(self.hotel.draw()))
            if n % PER_DAY == 0:
                for step in self.hotel.close():
                    faults = faults or list(self._step(step))
                self.count.days += 1
            if not faults and (n % EVERY == 0 or n % PER_DAY == 0 or n == steps):
                faults = self.hotel.differences()
                self.count.compared += 1
            if self.of_money and not faults and (n % PER_DAY == 0 or n == steps):
                faults = [*self.house.look(lambda s: [*money.unsound(s), *self.unchanged.faults(s)])]
            if faults:
                self.count.faults += [f"life {self.number}, step {n}: {fault}" for fault in faults[:5]]
                return
        try:
            sound(self.house)
        except AssertionError as unsound:
            self.count.faults.append(f"life {self.number}: {str(unsound).splitlines()[0]}")

    def _step(self, step: Step) -> Iterator[str]:
        """Do a step and yield what was not as it must be."""
        answer: list[Any] = []
        key = self.house.new_intent() if _keyed(step.call.operation) else None
        agreed = busy.Everything() if step.agreed else frozenset[str]()

        def do() -> None:
            answer.append(self.house.do(step.call, intent=key, confirmed=agreed))

        if key is not None and not self.lot.randrange(CRASHED):
            self._crash(do)
        outcome = tried(do)
        name = f"{step.call.operation.action} {step.call.fields}"
        self.count.steps += 1
        if outcome.defect is not None:
            yield f"{name} broke: {type(outcome.defect).__name__}: {outcome.defect}"
        elif outcome.done != step.may:
            yield f"{name} was {'done' if outcome.done else f'refused: {outcome.said}'}"
        elif outcome.done:
            self.count.done[step.call.operation.action] += 1
            if key is not None and not self.lot.randrange(RETRIED):
                do()
                self.count.retried += 1
            if any(one != answer[0] for one in answer):
                yield f"{name} tried again was told {answer}"
            try:
                step.then(answer[0])
            except AssertionError as wrong:
                yield f"{name}: {wrong}"
        else:
            self.count.refused += 1

    def _crash(self, do: Callable[[], None]) -> None:
        """Let the power go in the midst of a step; where it has fewer statements it is done, and unheard."""
        try:
            with crashing(self.house, self.lot.randint(1, DEEPEST)):
                tried(do)
        except PowerCutError:
            self.count.crashed += 1
        self.house.engine.dispose()


def run(
    store: Store, *, steps: int = STEPS, seconds: float = 0, first: int = 1, of_money: bool = False
) -> Count:
    """Live one life after the other, for so many steps or seconds."""
    count, begun = Count(), time.monotonic()
    until = begun + seconds if seconds else float("inf")
    while count.steps < steps and len(count.faults) < MOST and time.monotonic() < until:
        store.fresh()
        with store.desk() as house:
            life = Life(house, first + count.lives, count, of_money=of_money)
            life.live(min(LIFE, steps - count.steps), until)
        count.lives += 1
    count.seconds = time.monotonic() - begun
    return count


def main() -> int:
    """Live on both engines, print what became of it, and return 1 where one fault was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--short", action="store_true", help="within 50 s")
    parser.add_argument("--money", action="store_true", help="money moves more often, and is proved")
    parser.add_argument("--steps", type=int, default=0, help="so many steps in all")
    parser.add_argument("--first", type=int, default=1, help="the number of the first life")
    parser.add_argument("--life", type=int, default=0, help="this life only")
    given, faults = parser.parse_args(), 0
    steps = given.steps or (OF_MONEY if given.money else STEPS)
    how: dict[str, Any] = {"steps": LIFE if given.life else steps // 2, "first": given.life or given.first}
    how["of_money"] = given.money
    if given.short:
        how["seconds"] = SHORT
    with tempfile.TemporaryDirectory(prefix="pms-model-") as folder:
        for engine, count in on_both(Path(folder), lambda s: run(s, **how), furnish=found):
            print(f"{engine}: {count}", flush=True)
            for fault in count.faults:
                print(f"  {fault}")
            faults += len(count.faults)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
