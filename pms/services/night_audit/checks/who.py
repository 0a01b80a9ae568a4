"""Who did it: what the audit trail says of a stay, a booking, a card or a number that a check finds."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, String, cast, exists, or_, select
from sqlalchemy.orm import Session

from pms.db.base import AuditEntry
from pms.services.cards.models import LIVE, Card
from pms.services.stays.models import IN_HOUSE, Stay

from . import Tonight, people

Told = Mapping[int, frozenset[int]]
LET_IN = ("stays:check_in", "stays:walk_in")
REGISTERED = (*LET_IN, "stays:add_sharer", "stays:take_back", "stays:identify")
MOVED = (*LET_IN, "stays:change_room", "stays:change_room_and_take")
STAYS_ON = (*LET_IN, "stays:extend", "stays:extend_and_take")
LET_OUT = ("stays:check_out",)
GAVE_UP = ("reservations:cancel", "reservations:mark_no_show")
SOLD = ("reservations:book", "reservations:add_rooms", "reservations:amend")
OF_STAYS = tuple(dict.fromkeys((*REGISTERED, *MOVED, *STAYS_ON, *LET_OUT)))
SAW = ("housekeeping:record", "rooms:report_seen")
CUT = ("cards:copy", "cards:again", "cards:replace_lost")
NUMBERED = ("shifts:open_shift", "shifts:take_over", "folios:take_deposit")
ELSEWHERE = (*GAVE_UP, *SOLD, *SAW, *CUT, *NUMBERED)
"""Acts that a finding may rest on beside those on a stay."""


def did(tonight: Tonight, record: str, numbers: Collection[int | None], actions: Iterable[str]) -> Told:
    """Return by record who did any of these acts on it."""
    e, found = AuditEntry, dict[int, frozenset[int]]()
    if not numbers:
        return found
    rows = tonight.session.execute(
        select(e.record_id, e.clerk_id)
        .where(e.record == record, e.record_id.in_(numbers), e.action.in_(tuple(actions)))
        .distinct()
    )
    for number, clerk in rows:
        found[number or 0] = found.get(number or 0, frozenset()) | people(clerk)
    return found


def of(told: Told, *numbers: int | None) -> frozenset[int]:
    """Return those who did it to any of these."""
    return frozenset[int]().union(*(told.get(number or 0, frozenset()) for number in numbers))


def cut(tonight: Tonight, rooms: Collection[int]) -> Told:
    """Return by room who cut the cards that open it."""
    c, found = Card, dict[int, frozenset[int]]()
    for room, clerk in tonight.session.execute(
        select(c.room_id, c.issued_by).where(LIVE, c.state == "valid", c.room_id.in_(rooms))
    ):
        found[room] = found.get(room, frozenset()) | people(clerk)
    return found


def took(
    session: Session, record: str, numbers: Collection[int], after: int, before: int | None = None
) -> frozenset[int]:
    """Return who made the records with these numbers (or slips) of their own, of which only the trail still
    tells: between two of its entries."""
    e, said = AuditEntry, cast(AuditEntry.changes, String)
    within = [e.id > after, *([e.id <= before] if before is not None else [])]
    named = [said.like(f'%"number":{n},%') | said.like(f'%"slip":"D-{n}"%') for n in numbers]
    rows = session.scalars(select(e.clerk_id).where(e.record == record, *within, or_(*named)).distinct())
    return people(*rows) if numbers else frozenset()


def at_work(clerk: ColumnElement[Any], since: ColumnElement[Any]) -> ColumnElement[bool]:
    """Somebody did anything that a finding may rest on: to anybody in house, or since an entry of the trail;
    else the whole house need not be looked through for it."""
    e = AuditEntry
    mine = e.clerk_id == clerk
    theirs = exists().where(e.record == "stay", e.record_id == Stay.id, e.action.in_(OF_STAYS), mine)
    of_stays = exists().where(IN_HOUSE, theirs.correlate(Stay))  # guest by guest, never the whole trail
    lately = exists().where(e.id > since, mine, e.action.in_((*OF_STAYS, *ELSEWHERE)))
    return or_(of_stays, lately)
