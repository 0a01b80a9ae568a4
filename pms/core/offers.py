"""What one duty asks of all others: the shapes of the answers. The index of duties lists who answers."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pms.core.money import Money


@dataclass(frozen=True)
class Hit:
    """Something the search found: words to show, and which screen opens it with what."""

    title: str
    sub: str
    icon: str
    word: str
    what: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Badge:
    """How many open things wait at a duty, for the navigation; ``tone`` is a colour role, empty for plain."""

    word: str
    count: int
    tone: str = ""


@dataclass(frozen=True)
class Alarm:
    """Something whose time has come, shown above whatever page is open until it is dealt with."""

    text: str
    word: str
    what: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class OpenItem:
    """Something a shift leaves to the next: at which duty (its word), the number of the thing, what it is,
    and since when."""

    word: str
    number: str
    text: str
    since: datetime | None


@dataclass(frozen=True)
class Tally:
    """What a register counts in a period, for the weekly and monthly reports: a marked text, how many, and
    how much money if any."""

    words: str
    number: int
    amount: Money | None = None


@dataclass(frozen=True)
class Countdown:
    """Something that begins soon and is told above any page: the sentence with ``%(n)s`` seconds, and the one
    that follows it.

    ``seconds`` are those still to go; ``stays`` is how long the second sentence is shown at most, should
    nobody take it away.
    """

    before: str
    after: str
    seconds: int
    stays: int
