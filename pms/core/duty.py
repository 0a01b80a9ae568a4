"""A duty's row: everything of a duty that the rest of the program has to know of. It stands in the duty's own
package (``pms/services/<word>/duty.py``); ``pms.duties`` is the index of all rows."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

from pms.core import places
from pms.core.i18n import N_
from pms.core.offers import Offer
from pms.core.options import Option, Options
from pms.core.permissions import OWNER, RANKS, Permission, Right
from pms.core.places import PLACES, Spot

BOOKINGS, MONEY, ROOM_RIGHTS = N_("Bookings and stays"), N_("Money"), N_("Rooms and cards")
SERVICES, GUESTS, SETTINGS = N_("Services"), N_("Guests and papers"), N_("Settings and authority")
"""The groups of the rights."""
RIGHT_GROUPS = (BOOKINGS, MONEY, ROOM_RIGHTS, SERVICES, GUESTS, SETTINGS)
CHANGED = ("UPDATE", "DELETE")
SLIPS, SHEETS = "rolls", "sheets"
"""The printers of a kind of paper where a hotel has chosen none for it: all slips, all sheets."""


class Grant(NamedTuple):
    """A right with what Settings calls it, the group it is shown in, and the roles that start with it beside
    the owner."""

    right: Right
    words: str
    group: str
    roles: frozenset[str]


class Paper(NamedTuple):
    """A kind of print-out, its name, by which a printer is chosen for it, and the printers it goes to where
    none is chosen: those for slips or those for sheets."""

    kind: str
    title: str
    printer: str


class Frozen(NamedTuple):
    """A table whose rows are never changed from a moment on: the condition over ``ROW``, and the verbs that
    are refused then."""

    table: str
    when: str
    verbs: tuple[str, ...] = CHANGED


class Summed(NamedTuple):
    """A table whose rows of one ``by`` never add up to less than nothing in ``amount``; ``unless`` is a
    condition over ``NEW`` under which they may."""

    table: str
    by: str
    amount: str
    unless: str


@dataclass(frozen=True)
class Duty:
    """One duty: its word, title, icon, screen (dotted, None where it has none), and
    which lines of the handbook it serves whole, alone or with others.

    ``offers`` are functions that other duties ask for by kind: ``offers.room_users.by(
    "pms.services.stays.answers:room_users")``.
    ``at`` is the place and the tab at which its page stands.
    ``reads`` are the rights of which one opens the pages; anybody may open those without.
    ``pages`` are screens reached from other screens only, each with its own word: ``("check_in",
    "pms.ui...:CheckInScreen")``.
    ``found_by`` are other words that a clerk would look for it by, parted by commas; Ctrl+K finds it by them
    in every language.
    ``key`` opens the screen from anywhere; these are Alt with a letter, which no screen uses.
    ``rights``, ``papers`` and ``options`` are the duty's own, with their words; Settings shows them.
    ``append_only``, ``frozen`` and ``summed`` name the tables that the database guards.
    ``topics`` are the kinds of record that it keeps and announces when one changes (``work.touch``), its own
    word where nothing else is said.
    """

    word: str
    title: str
    at: Spot | None = None
    icon: str = ""
    screen: str | None = None
    handbook: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = ()
    reads: tuple[Right, ...] = ()
    pages: tuple[tuple[str, str], ...] = ()
    key: str = ""
    found_by: str = ""
    rights: tuple[Grant, ...] = ()
    papers: tuple[Paper, ...] = ()
    options: tuple[Option[Any], ...] = ()
    append_only: tuple[str, ...] = ()
    frozen: tuple[Frozen, ...] = ()
    summed: tuple[Summed, ...] = ()
    topics: tuple[str, ...] = ()

    @property
    def announces(self) -> frozenset[str]:
        """Return the kinds of record that this duty keeps."""
        return frozenset(self.topics or (self.word,))


# ------------------------------------------------------------------ what follows from all rows
def every_right(rows: Iterable[Duty]) -> frozenset[Right]:
    """Return the rights of this release."""
    return frozenset(grant.right for row in rows for grant in row.rights)


def starting_rights(rows: Sequence[Duty]) -> dict[str, frozenset[Right]]:
    """Return the rights each role starts with."""
    found: dict[str, set[Right]] = {role: set() for role in RANKS}
    for row in rows:
        for grant in row.rights:
            for role in {OWNER, *grant.roles}:
                found[role].add(grant.right)
    return {role: frozenset(rights) for role, rights in found.items()}


def right_words(rows: Iterable[Duty]) -> dict[str, list[tuple[str, str]]]:
    """Return every right with its words, by the group it is shown in."""
    found: dict[str, list[tuple[str, str]]] = {group: [] for group in RIGHT_GROUPS}
    for row in rows:
        for grant in row.rights:
            found[grant.group].append((grant.right, grant.words))
    return found


def paper_titles(rows: Iterable[Duty]) -> dict[str, str]:
    """Return every kind of paper with its name."""
    return {paper.kind: paper.title for row in rows for paper in row.papers}


# ------------------------------------------------------------------ faults
def faults(rows: Sequence[Duty]) -> list[str]:
    """Return what is declared twice, missing or unlisted, each with its name."""
    return [*_twice(rows), *_unlisted(rows), *places.faults(rows)]


def _twice(rows: Sequence[Duty]) -> Iterator[str]:
    declared: Mapping[str, list[str]] = {
        "word": [word for row in rows for word in (row.word, *(page for page, _dotted in row.pages))],
        "key": [row.key for row in rows if row.key] + [place.key for place in PLACES],
        "offer": [f"{offer.kind.name} {offer.dotted}" for row in rows for offer in row.offers],
        "right": [str(grant.right) for row in rows for grant in row.rights],
        "topic": [topic for row in rows for topic in row.announces],
        "paper": [paper.kind for row in rows for paper in row.papers],
        "option": [each.name for row in rows for each in row.options]
        + [each.name for each in fields(Options)],
        "append-only table": [table for row in rows for table in row.append_only],
    }
    for what, names in declared.items():
        pages = {row.word for row in rows for page, _dotted in row.pages if page == row.word}
        for name, times in Counter(names).items():
            if times > 1 and not (what == "word" and name in pages and times == 2):
                yield f"the {what} {name} is declared twice"


def _unlisted(rows: Sequence[Duty]) -> Iterator[str]:
    known = every_right(rows)
    for right in sorted({str(each) for each in Permission} - known):
        yield f"the right {right} is in no duty's row"
    for row in rows:
        if row.screen and not row.found_by:
            yield f"the page {row.word} is found by no word beside its title"
        for grant in row.rights:
            if not re.fullmatch(r"[a-z_]+:[a-z_]+", grant.right):
                yield f"the right {grant.right} of {row.word} is no noun:verb"
            if not grant.words or grant.group not in RIGHT_GROUPS:
                yield f"the right {grant.right} of {row.word} has no words or no group"
            for role in sorted(grant.roles - set(RANKS)):
                yield f"the right {grant.right} of {row.word} is given to {role}, which is no role"
        for right in sorted(set(row.reads) - known):
            yield f"{row.word} is opened by the right {right}, which is in no duty's row"
        for paper in row.papers:
            if not paper.title:
                yield f"the paper {paper.kind} of {row.word} has no name"
            if paper.printer not in (SLIPS, SHEETS):
                yield f"the paper {paper.kind} of {row.word} goes to no printer"
        for each in row.options:
            if not each.words or not each.card:
                yield f"the option {each.name} of {row.word} has no words or no card"
        for number in row.handbook:
            if not re.fullmatch(r"[A-Z]\d\d", number):
                yield f"{number} of {row.word} is no line of the handbook"
