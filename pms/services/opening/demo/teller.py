"""What every chapter of the story uses: who acts, when, in which language."""

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from pms.core import i18n
from pms.core.clock import local
from pms.core.errors import NeedsConfirmation
from pms.core.office import Clerk
from pms.core.operation import Call
from pms.core.options import Options
from pms.db.office import DatabaseOffice
from pms.services.property import queries as property_queries
from pms.services.rooms import queries as room_queries

DATA = Path(__file__).parents[4] / "resources" / "demo" / "hotel.json"
DAY = timedelta(days=1)
AGREEMENT = 3
"""The number of the plan that companies have."""
DAWN = 6
"""Before this hour the hotel's business date is still the day before."""
Progress = Callable[[int, int], None]
R = TypeVar("R")


@dataclass(frozen=True)
class Size:
    """How much of the demonstration to make: days behind and ahead, and which part of the floors."""

    past: int = 7
    ahead: int = 83
    floors: int = 12


@dataclass(frozen=True)
class Plan:
    """One booking that the story has in store."""

    made: date
    arrival: date
    nights: int
    type_code: str
    fate: str
    seed: int


@dataclass
class Teller:
    """Who tells of the hotel's days, one after the other up to the present moment."""

    office: DatabaseOffice
    now: datetime
    size: Size
    progress: Progress
    people: dict[str, Clerk] = field(default_factory=dict)
    coming: dict[date, list[Plan]] = field(default_factory=lambda: defaultdict(list))
    lines: dict[int, Plan] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.data: dict[str, Any] = json.loads(DATA.read_text("utf-8"))
        self.chance = Random(self.data["seed"])
        self.zone = ZoneInfo(self.data["zone"])
        here = local(self.now, self.data["zone"])
        self.today = here.date() - DAY if here.hour < DAWN else here.date()
        self.first = self.today - DAY * self.size.past
        self.moment = self.now

    def word(self, entry: dict[str, Any]) -> Any:
        """Return the entry in the language of the screens."""
        return entry[i18n.language()]

    def at(self, day: date, hour: float) -> None:
        """Set the clock, never later than the present."""
        wall = datetime.combine(day, time(), self.zone).astimezone(UTC) + timedelta(minutes=round(hour * 60))
        self.moment = min(wall, self.now)

    def do(self, who: str, call: Call[R], intent: str | None = None) -> R:
        """Have one of the staff do something."""
        self.office.clerk = self.people[who]
        try:
            return self.office.do(call, intent=intent)
        except NeedsConfirmation as asked:  # read again: it is right
            return self.office.do(call, intent=intent, confirmed=frozenset({asked.token}))

    def money(self, who: str, call: Call[R]) -> R:
        """Have one of the staff move money."""
        return self.do(who, call, intent=self.office.new_intent())

    @cached_property
    def type_ids(self) -> dict[str, int]:
        """Return the room types by code."""
        return {t.code: t.id for t in self.office.look(room_queries.types)}

    @cached_property
    def plan_ids(self) -> list[tuple[int, int]]:
        """Return rate plans with their weights; the rack rate takes the rest."""
        made = [(n + 2, p["weight"]) for n, p in enumerate(self.data["plans"])]
        return [(1, 100 - sum(w for _plan, w in made)), *made]

    @cached_property
    def rules(self) -> Options:
        """Return the hotel's rules."""
        rules: Options = self.office.look(property_queries.setting).options
        return rules
