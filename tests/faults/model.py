"""A whole hotel beside its twin in plain Python (``twin``): random steps through the real operations, of
which the twin says what must be done and what refused; every few steps rooms, nights, bookings, stays,
accounts, stock and shifts are compared. A life is a new hotel of some weeks; its number gives it again.

    python -m tests.faults.model [--short] [--steps N] [--life N]

Without words: 1,000,000 steps, on both engines in turn. ``--short``: within 50 s. ``--life``: that one life.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from pms.core.operation import Operation
from tests.builders import House
from tests.faults import busy
from tests.faults.desks import tried
from tests.faults.store import Store, on_both, sound
from tests.faults.twin.hotel import Hotel, found
from tests.faults.twin.part import Step

STEPS, SHORT = 1_000_000, 20.0
"""Steps in all, and seconds on each engine in the short form."""
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
            f"{len(self.done)} operations, {self.refused} refused as they must be, {self.days} days closed, "
            f"compared {self.compared} times, {len(self.faults)} faults"
        )


@cache
def _keyed(operation: Operation[..., Any]) -> bool:
    return busy.keyed(operation)


class Life:
    """One hotel from its founding on."""

    def __init__(self, house: House, number: int, count: Count) -> None:
        self.house, self.number, self.count = house, number, count
        self.hotel = Hotel(house, number, PER_DAY)

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
        outcome = tried(lambda: answer.append(self.house.do(step.call, intent=key, confirmed=agreed)))
        name = f"{step.call.operation.action} {step.call.fields}"
        self.count.steps += 1
        if outcome.defect is not None:
            yield f"{name} broke: {type(outcome.defect).__name__}: {outcome.defect}"
        elif outcome.done != step.may:
            yield f"{name} was {'done' if outcome.done else f'refused: {outcome.said}'}"
        elif outcome.done:
            self.count.done[step.call.operation.action] += 1
            try:
                step.then(answer[0])
            except AssertionError as wrong:
                yield f"{name}: {wrong}"
        else:
            self.count.refused += 1


def run(store: Store, *, steps: int = STEPS, seconds: float = 0, first: int = 1) -> Count:
    """Live one life after the other, for so many steps or seconds."""
    count, begun = Count(), time.monotonic()
    until = begun + seconds if seconds else float("inf")
    while count.steps < steps and len(count.faults) < MOST and time.monotonic() < until:
        store.fresh()
        with store.desk() as house:
            Life(house, first + count.lives, count).live(min(LIFE, steps - count.steps), until)
        count.lives += 1
    count.seconds = time.monotonic() - begun
    return count


def main() -> int:
    """Live on both engines, print what became of it, and return 1 where one fault was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--short", action="store_true", help="within 50 s")
    parser.add_argument("--steps", type=int, default=STEPS, help="so many steps in all")
    parser.add_argument("--life", type=int, default=0, help="this life only")
    given, faults = parser.parse_args(), 0
    how = {"steps": LIFE if given.life else given.steps // 2, "first": given.life or 1}
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
