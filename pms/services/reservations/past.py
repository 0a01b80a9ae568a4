"""What happened to a booked room since it was booked, as the trail has it."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.core import dates
from pms.core.i18n import N_, _, commas
from pms.core.offers import Evidence
from pms.db.base import AuditEntry
from pms.db.trail import Told, told_of
from pms.services.rooms.models import Room, RoomType, shown_name

from .models import STATE_NAMES, BookedRoom

BOOKING = N_("Booking")
DAYS = {"arrival": N_("Arrival"), "departure": N_("Departure")}
COUNTS = {"adults": N_("Adults"), "children": N_("Children"), "breakfast": N_("Breakfast")}
WORDS = {
    "hold_until": N_("Held until"),
    "reference": N_("Reference"),
    "channel": N_("Channel"),
    "company": N_("Company"),
    "remarks": N_("Remarks"),
}
STAYS = "stays:"
"""What is done with a guest in house, the stays tell themselves."""
SILENT = {
    "guest_name": N_("Guest"),
    "phone": N_("Phone"),
    "plan_id": N_("Rate plan"),
    "payer": N_("Who pays"),
    "do_not_disclose": N_("Do not disclose"),
}
"""Said to have changed, not into what: a name may be nobody's business, a plan's number tells nothing."""


def past(session: Session, line_id: int) -> list[Evidence]:
    """Return each act on a booked room and its booking, as one sentence."""
    booking = select(BookedRoom.reservation_id).where(BookedRoom.id == line_id).scalar_subquery()
    found = [
        *told_of(session, "booked_room", [line_id]),
        *told_of(session, "reservation", AuditEntry.record_id == booking, but="reservations:book"),
    ]
    rooms, types = _named(session, found)
    acts = dict[tuple[datetime, int | None, str], list[str]]()
    for one in found:  # what one act changed of the room and of its booking is one sentence
        if one.action.startswith(STAYS):
            continue
        acts.setdefault((one.at, one.by, one.action), []).extend(_said(one.changes, rooms, types))
    return [
        Evidence(BOOKING, commas(words), at, by, past=True)
        for (at, by, _act), words in acts.items()
        if any(words)
    ]


def _named(session: Session, found: Iterable[Told]) -> tuple[dict[int, str], dict[int, str]]:
    """Return the numbers of the rooms and the names of the types that are spoken of."""
    rooms, types = set[int](), set[int]()
    for one in found:
        rooms.update(filter(None, _pair(one.changes, "room_id")))
        types.update(filter(None, _pair(one.changes, "type_id")))
    numbers = session.execute(select(Room.id, Room.number).where(Room.id.in_(rooms))) if rooms else ()
    names = session.execute(select(RoomType.id, shown_name()).where(RoomType.id.in_(types))) if types else ()
    return {number: name for number, name in numbers}, {number: _(name) for number, name in names}


def _pair(changes: Mapping[str, Any], field: str) -> list[Any]:
    """Return what a field was and became; nothing where it did not change, or the record was made then."""
    value = changes.get(field)
    return value if isinstance(value, list) else []


def _said(changes: Mapping[str, Any], rooms: Mapping[int, str], types: Mapping[int, str]) -> Iterator[str]:
    """Say what one act changed, the state first."""
    state = changes.get("state")
    if isinstance(state, str):
        yield _("Booked, %(state)s") % {"state": _(STATE_NAMES[state])}
        return
    if state:
        reason = _pair(changes, "reason") or ["", ""]
        yield commas(filter(None, (_(STATE_NAMES[state[1]]), reason[1])))
    for field, words in DAYS.items():
        if before_after := _pair(changes, field):
            yield _from_to(words, *(dates.day(date.fromisoformat(day)) for day in before_after))
    for field, words, names in (("type_id", N_("Type"), types), ("room_id", N_("Room"), rooms)):
        if before_after := _pair(changes, field):
            yield _from_to(words, *(names.get(number, "") for number in before_after))
    for field, words in (COUNTS | WORDS).items():
        if before_after := _pair(changes, field):
            yield _from_to(words, *(str(value) for value in before_after))
    for field, words in SILENT.items():
        if _pair(changes, field):
            yield _("%(what)s changed") % {"what": _(words)}


def _from_to(words: str, before: str, after: str) -> str:
    then = after or "\u2014"
    return f"{_(words)} {before} \u2192 {then}" if before else f"{_(words)} {then}"
