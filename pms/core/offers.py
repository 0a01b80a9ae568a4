"""What one duty asks of all others: the shapes of the answers. The index of duties lists who answers."""
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


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
    """Something a shift leaves to the next: at which duty (its word), the number of the thing, what it is, and since when."""

    word: str
    number: str
    text: str
    since: datetime | None
