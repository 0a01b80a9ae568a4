"""The eleven places of the program, in the order of their keys, and which pages stand in each.

A duty's row says where its page stands (``at=Spot(ROOMS, 20)``); the navigation, the tabs and the palette
follow from that. A duty that comes later adds its tab by its row alone.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol, TypeVar

from pms.core.i18n import N_


class Place(NamedTuple):
    """One entry of the navigation; ``key`` opens it whatever the role's order."""

    word: str
    title: str
    icon: str
    key: str


class Spot(NamedTuple):
    """Where a duty's page stands: its place, and the number its tab is sorted by; no tab for a duty whose
    pages are reached from others only."""

    place: Place
    tab: int = 0


BOARD = Place("board", N_("Board"), "board", "Alt+1")
BOOKINGS = Place("bookings", N_("Bookings"), "calendar", "Alt+2")
GUESTS = Place("guests", N_("Guests"), "users", "Alt+3")
SERVICES = Place("services", N_("Services"), "suitcase", "Alt+4")
SHOP = Place("shop", N_("Shop"), "shop-bag", "Alt+5")
ROOMS = Place("rooms", N_("Rooms"), "bed", "Alt+6")
HANDOVER = Place("handover", N_("Handover"), "handover", "Alt+7")
CASH = Place("cash", N_("Cashier"), "cash", "Alt+8")
AUDIT = Place("audit", N_("Audit"), "moon", "Alt+9")
REPORTS = Place("reports", N_("Reports"), "chart", "Alt+0")
SETTINGS = Place("settings", N_("Settings"), "gear", "Ctrl+,")
PLACES = (BOARD, BOOKINGS, GUESTS, SERVICES, SHOP, ROOMS, HANDOVER, CASH, AUDIT, REPORTS, SETTINGS)
FIRST = {"auditor": AUDIT, "housekeeping": ROOMS}
"""The place a role begins at; everybody else begins at the board."""


class Standing(Protocol):
    """What the places need of a duty's row."""

    @property
    def word(self) -> str: ...
    @property
    def screen(self) -> str | None: ...
    @property
    def pages(self) -> tuple[tuple[str, str], ...]: ...
    @property
    def at(self) -> Spot | None: ...


S = TypeVar("S", bound=Standing)


def in_order(role: str) -> list[Place]:
    """Return the places as a role sees them: its own first."""
    first = FIRST.get(role, BOARD)
    return [first, *(place for place in PLACES if place != first)]


def tabs(rows: Iterable[S]) -> dict[str, list[S]]:
    """Return the rows that have a tab in each place, in the tabs' order."""
    found: dict[str, list[S]] = {place.word: [] for place in PLACES}
    for row in sorted((row for row in rows if row.at and row.screen), key=_tab):
        if row.at is not None:
            found[row.at.place.word].append(row)
    return found


def _tab(row: Standing) -> int:
    return row.at.tab if row.at else 0


def place_of(rows: Iterable[Standing], word: str) -> Place | None:
    """Return the place a page stands in, one that is reached from others only too."""
    for row in rows:
        if row.at is not None and (word == row.word or word in dict(row.pages)):
            return row.at.place
    return None


def home(rows: Sequence[Standing], role: str, may: Callable[[str], bool]) -> str:
    """Return the page a role begins at: the first it may open, in its own order."""
    there = tabs(rows)
    words = [row.word for place in in_order(role) for row in there[place.word]]
    return next((word for word in words if may(word)), words[0] if words else "")


def faults(rows: Sequence[Standing]) -> Iterator[str]:
    """Name each page that has no place or no tab, or the same tab as another."""
    taken: dict[tuple[str, int], list[str]] = defaultdict(list)
    for row in rows:
        if (row.screen or row.pages) and row.at is None:
            yield f"the page {row.word} stands in no place"
        if row.at is None:
            continue
        if row.at.place not in PLACES:
            yield f"the page {row.word} stands in {row.at.place.word}, which is no place"
        if row.screen and row.at.tab <= 0:
            yield f"the page {row.word} has no tab in {row.at.place.word}"
        if row.screen:
            taken[row.at.place.word, row.at.tab].append(row.word)
    for (place, tab), words in taken.items():
        if len(words) > 1:
            yield f"{' and '.join(words)} are both tab {tab} of {place}"
