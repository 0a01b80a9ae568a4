"""Four workstations at a hotel on two servers; the first is killed with all its processes while they work,
the second promoted, the first started again beside it.

No act that was confirmed is lost where each is confirmed by both (synchronous); otherwise the promotion names
the moment up to which everything is there, and each desk that lost something is told so by its anchor. No act
is there twice, every desk works again within ten seconds, and nothing more reaches the old server.

    python -m tests.faults.failover [--short] [--rounds N]

Without words: 20 rounds, each way in turn, the two servers changing places. ``--short``: two, within 50 s.
"""

import argparse
import logging
import multiprocessing
import os
import shutil
import signal
import sys
import time
import uuid
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from pms.core.clock import system_clock
from pms.core.errors import Refused
from pms.core.money import Money
from pms.db import standby
from pms.db.anchor import Anchor
from pms.db.copies import BOTH
from pms.db.engine import open_engine
from pms.services.folios import service as folios
from pms.services.luggage import service as luggage
from pms.services.stays import service as stays
from tests import builders
from tests.builders import House
from tests.faults import server as servers
from tests.faults.two import HOTEL, Two, asked, follow, state, two, wait_for

logging.getLogger("psycopg").setLevel(logging.ERROR)  # it tells of a lost server, which is wanted
DESKS = 4
ROUNDS, SHORT = 20, 2
BACK = 10.0
"""Seconds after the promotion within which every desk has done something again."""
WORKS, LAGS, BESIDE = 2.0, {True: 1.0, False: 1.5}, 1.5
"""Seconds for which they work before the first is killed; for which it sends nothing before, where each act
is confirmed by both and where the second may lag; for which they work while the old runs beside the new."""
AWAY = "does not answer"


@dataclass
class Count:
    """What became of the rounds."""

    rounds: int = 0
    confirmed: int = 0
    tried_again: int = 0
    lost: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    ways: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """Return the line that is printed."""
        ways = ", ".join(f"{way} {n}" for way, n in self.ways.items())
        return (
            f"{self.rounds} rounds of {DESKS} desks ({ways}): {self.confirmed} acts confirmed, "
            f"{self.tried_again} times told that the server does not answer; {self.lost} lost, all in the "
            f"{self.seconds:.1f} s that were named while the standby lagged; none doubled; back at the "
            f"latest {self.slowest:.1f} s after the promotion; {len(self.faults)} faults"
        )


# ------------------------------------------------------------------ the desks
@dataclass
class Done:
    """What one desk did: the keys it was told to be done with the moment, and what else it was told."""

    confirmed: list[tuple[str, str, float]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    lost_told: bool = False


def _work(url: Any, n: int, stay: int, line: Connection, latest: Any, folder: Path) -> None:
    """Work until the pipe says that it is enough: charge, and store a bag, each with its key."""
    engine = open_engine(url, builders.SECRET, newest=folder / f"server-{n}")
    house = builders.office(engine, found=False)
    house.station, house.ids = f"desk-{n + 1}", lambda: str(uuid.uuid4())
    house.clock.set(builders.TODAY, 10)
    house.anchor = Anchor(folder / f"anchor-{n}", system_clock)
    calls = (
        folios.charge.of(stay_id=stay, code="MINIBAR", amount=Money(900)),
        luggage.store.of(stay_id=stay),
    )
    done = Done()
    while not line.poll():
        call, key = calls[len(done.confirmed) % len(calls)], house.new_intent()
        if _insist(house, call, key, done, line):
            done.confirmed.append((key, call.operation.action, time.time()))
            latest[n] = time.time()
    line.recv()
    done.lost_told = bool(house.anchor.told())
    engine.dispose()
    line.send(done)


def _insist(house: House, call: Any, key: str, done: Done, line: Connection) -> bool:
    """Try with the same key until it is done, as a clerk does who is told to try again."""
    while True:
        try:
            house.do(call, intent=key)
        except Refused as refusal:
            done.told.append(str(refusal))
            if AWAY not in str(refusal) or "try again" not in str(refusal):
                done.faults.append(f"told otherwise: {refusal}")
            if len(done.told) > 500:
                return False
            time.sleep(0.1)
        except Exception as defect:  # what a desk would show as a crash
            done.faults.append(f"{type(defect).__name__}: {defect}")
            return False
        else:
            return True


class Crew:
    """Four processes at work."""

    def __init__(self, url: Any, guests: Sequence[int], folder: Path) -> None:
        context = multiprocessing.get_context("fork")
        self.latest = context.Array("d", DESKS)
        self._lines, self._all = list[Connection](), []
        folder.mkdir()
        for n, stay in enumerate(guests):
            ours, theirs = context.Pipe()
            made = context.Process(
                target=_work, args=(url, n, stay, theirs, self.latest, folder), daemon=True
            )
            made.start()
            theirs.close()
            self._lines.append(ours)
            self._all.append(made)

    def all_after(self, moment: float) -> bool:
        """Say whether each has done something after a moment."""
        return all(at > moment for at in self.latest)

    def end(self) -> list[Done]:
        """Send them home and return what they did."""
        for line in self._lines:
            line.send(None)
        found = [line.recv() if line.poll(30) else Done(faults=["a desk hangs"]) for line in self._lines]
        for process in self._all:
            process.join(10)
        return found


# ------------------------------------------------------------------ one round
def _guests(pair: Two) -> list[int]:
    """Check a guest in for each desk."""
    engine = open_engine(pair.url, builders.SECRET)
    house = builders.office(engine, found=False)
    house.ids = lambda: str(uuid.uuid4())
    found = [
        house.do(stays.check_in, line_id=house.book(), room_id=house.room_id(room), intent=house.new_intent())
        for room in ("301", "302", "303", "304")
    ]
    engine.dispose()
    return found


def _round(pair: Two, guests: Sequence[int], count: Count, *, synchronous: bool) -> None:
    folder = pair.folder / f"round-{count.rounds}"
    folder.mkdir()
    watching, alone = _watching(pair, synchronous)
    wait_for(lambda: state(pair.first) == BOTH, 30)
    crew = Crew(pair.url, guests, folder / "desks")
    wait_for(lambda: crew.all_after(0), 30)
    time.sleep(WORKS)
    for pid in pair.first.backends("", "walsender"):
        os.kill(pid, signal.SIGSTOP)
    time.sleep(LAGS[synchronous])
    pair.first.kill()
    watching.kill()
    watching.join(10)
    promoted = standby.promote(pair.second.url.set(database=HOTEL))
    at = time.time()
    try:
        wait_for(lambda: crew.all_after(at), 3 * BACK)
        old = _beside(pair)
    except TimeoutError:
        count.faults.append(f"round {count.rounds}: a desk did not come back")
        old = 0
    done = crew.end()
    if alone.value:
        count.faults.append(f"round {count.rounds}: the watcher gave the standby up before the kill")
    _judge(pair, done, promoted, at, count, synchronous=synchronous)
    if old:
        count.faults.append(f"round {count.rounds}: {old} acts reached the old server")


def _watching(pair: Two, synchronous: bool) -> tuple[Any, Any]:
    """Watch the first server in a process of its own, as the command does; the second that is returned is 1
    once there was one copy only."""
    context = multiprocessing.get_context("fork")
    alone = context.Value("i", 0)

    def watch(url: Any) -> None:
        watcher, both = standby.Watch(url, synchronous=synchronous), False
        with suppress(DBAPIError):  # the server was killed
            while True:
                found = watcher.look().state
                both = both or found == BOTH
                alone.value = int(both and found != BOTH)
                time.sleep(standby.EVERY)

    made = context.Process(target=watch, args=(pair.first.url.set(database=HOTEL),), daemon=True)
    made.start()
    return made, alone


def _beside(pair: Two) -> int:
    """Let the old server work again beside the new one, and wait for no standby; cut the desks' lines so that
    each looks for a server anew, and return how many acts reached the old one."""
    pair.first.run_cluster()
    for words in ("ALTER SYSTEM SET synchronous_standby_names = ''", "SELECT pg_reload_conf()"):
        pair.first.tell(words)
    before = asked(pair.first, "SELECT count(*) FROM intent", HOTEL)
    asked(pair.second, _CUT)
    time.sleep(BESIDE)
    reached = int(str(asked(pair.first, "SELECT count(*) FROM intent", HOTEL))) - int(str(before))
    pair.first.stop()
    return reached


def _judge(
    pair: Two,
    done: Sequence[Done],
    promoted: standby.Promoted,
    at: float,
    count: Count,
    *,
    synchronous: bool,
) -> None:
    there, twice = _kept(pair)
    faults = [fault for desk in done for fault in desk.faults] + twice
    up_to = promoted.up_to.timestamp() if promoted.up_to else 0.0
    for n, desk in enumerate(done):
        lost = [moment for key, _action, moment in desk.confirmed if key not in there]
        count.confirmed += len(desk.confirmed)
        count.tried_again += len(desk.told)
        count.lost += len(lost)
        count.seconds = max(count.seconds, *(moment - up_to for moment in lost), 0.0)
        if lost and (synchronous or min(lost) < up_to):
            faults.append(
                f"desk {n + 1}: {len(lost)} confirmed acts are lost, up to {up_to - min(lost):.2f} s"
            )
        if desk.lost_told != bool(lost):
            faults.append(f"desk {n + 1}: {len(lost)} lost, told so: {desk.lost_told}")
        back = min((moment - at for _k, _a, moment in desk.confirmed if moment > at), default=BACK + 1)
        count.slowest = max(count.slowest, back)
        if back > BACK:
            faults.append(f"desk {n + 1}: back after {back:.1f} s")
    if synchronous is not promoted.synchronous:
        faults.append(f"the promotion says synchronous: {promoted.synchronous}")
    count.rounds += 1
    count.ways["synchronous" if synchronous else "lagging"] += 1
    count.faults += [f"round {count.rounds}: {fault}" for fault in faults]


_CUT = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'hotel_desk'"
_DONE = "SELECT key, action FROM intent"
_MADE = {
    "folios:charge": "SELECT count(*) FROM transfer WHERE code = 'MINIBAR'",
    "luggage:store": "SELECT count(*) FROM luggage_tag",
}


def _kept(pair: Two) -> tuple[set[str], list[str]]:
    """Return the keys of what is there, and a fault where something is there more or less often than that."""
    engine = create_engine(pair.second.url.set(database=HOTEL))
    with engine.connect() as connection:
        rows = connection.execute(text(_DONE)).all()
        by_kind = Counter(row.action for row in rows)
        made = {action: connection.execute(text(words)).scalar_one() for action, words in _MADE.items()}
    engine.dispose()
    faults = [
        f"{action}: {n} there, {by_kind[action]} keys" for action, n in made.items() if n != by_kind[action]
    ]
    return {row.key for row in rows}, faults


def run(rounds: int = ROUNDS) -> Count:
    """Play so many rounds, each way in turn; after each the old server is made the new one's standby."""
    count = Count()
    with two() as pair:
        guests = _guests(pair)
        for n in range(rounds):
            _round(pair, guests, count, synchronous=n % 2 == 0)
            pair.first, pair.second = pair.second, pair.first
            if n + 1 < rounds:
                shutil.rmtree(pair.second.data)
                follow(pair.first, pair.second)
    return count


def main() -> int:
    """Play, print what came of it, and return 1 where one fault was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--short", action="store_true", help="within 50 s")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    given = parser.parse_args()
    if why := servers.why_not():
        print(f"not played: {why}")
        return 1
    count = run(SHORT if given.short else given.rounds)
    print(count, flush=True)
    for fault in count.faults:
        print(f"  {fault}")
    return 1 if count.faults else 0


if __name__ == "__main__":
    sys.exit(main())
