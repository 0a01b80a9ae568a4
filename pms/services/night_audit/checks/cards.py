"""The three-way check: stays × housekeeping's sheet × cards valid tonight. Without a police link there is no
fourth way yet."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from pms.core.clock import at
from pms.core.i18n import N_, _
from pms.core.money import Money
from pms.services.cards.models import LIVE, Card
from pms.services.property.queries import setting
from pms.services.rooms.models import Room

from . import Check, Finding, Remedy, Tonight, folio, who

MIDNIGHT = "23:59"


@dataclass(frozen=True)
class RoomTonight:
    """One room three ways: who the desk has in it, what housekeeping saw (None: nothing), how many cards open
    it tonight."""

    room_id: int
    room: str
    type_id: int
    stay_id: int | None
    guest: str
    persons: int
    seen_persons: int | None
    seen_at: datetime | None
    cards: int
    agrees: bool


def three_ways(tonight: Tonight) -> list[RoomTonight]:
    """Return every room that anybody has anything about tonight, those that do not agree first."""
    inside = {s.room_id: s for s in tonight.staying}
    cut, used = _cards(tonight)
    r, found = Room, []
    for room_id, number, type_id, seen, seen_at in tonight.session.execute(
        select(r.id, r.number, r.type_id, r.seen_persons, r.seen_at)
        .where(r.active)
        .order_by(r.floor, r.number)
    ):
        stay, cards = inside.get(room_id), cut.get(room_id, 0)
        persons = stay.adults + stay.children if stay else 0
        if stay or seen or cards:
            agrees = (seen is None or seen == persons) and (not used or bool(cards) == bool(stay))
            found.append(
                RoomTonight(
                    room_id,
                    number,
                    type_id,
                    stay.stay_id if stay else None,
                    stay.listed if stay else "",
                    persons,
                    seen,
                    seen_at,
                    cards,
                    agrees,
                )
            )
    return sorted(found, key=lambda row: row.agrees)


def _cards(tonight: Tonight) -> tuple[dict[int, int], bool]:
    """Return how many cards open each room tonight, and whether this house cuts cards at all."""
    midnight = at(tonight.business_date, MIDNIGHT, setting(tonight.session).zone)
    c = Card
    rows = tonight.session.execute(
        select(c.room_id, func.count())
        .where(LIVE, c.state == "valid", c.valid_from <= midnight, c.valid_to > midnight)
        .group_by(c.room_id)
    )
    cut = {room_id: int(count) for room_id, count in rows}
    return cut, bool(cut)


def _find(tonight: Tonight) -> Iterator[Finding]:
    """Housekeeping's side has a check of its own; this one tells what only the cards give away."""
    _cut, used = _cards(tonight)
    rows = (
        [row for row in three_ways(tonight) if bool(row.cards) != (row.stay_id is not None)] if used else []
    )
    cut = who.cut(tonight, [row.room_id for row in rows])
    let_in = who.did(tonight, "stay", [row.stay_id for row in rows if row.stay_id], who.MOVED)
    for row in rows:
        if row.cards and row.stay_id is None:
            yield Finding(
                f"room{row.room_id}",
                _("%(room)s opens for a card without a stay") % {"room": row.room},
                _("cards valid tonight: %(n)s") % {"n": row.cards},
                tonight.rack(row.type_id),
                Remedy(_("Open the status sheet"), "housekeeping", {"room_id": row.room_id}),
                by=who.of(cut, row.room_id),
                about=row.room,
            )
        elif row.stay_id is not None and not row.cards:
            yield Finding(
                f"stay{row.stay_id}",
                _("%(room)s has no card for tonight") % {"room": row.room},
                row.guest,
                Money(0),
                folio(row.stay_id),
                row.stay_id,
                by=who.of(let_in, row.stay_id),
                about=row.room,
            )


CHECK = Check(
    "cards",
    N_("Three-way check"),
    N_(
        "A card that opens a room nobody is registered in: find who has it. A stay without a card: "
        "the room may have been changed, or "
        "the guest never moved in. The police link does not exist yet; the check is three-way until it does."
    ),
    "key-card",
    _find,
    register="rooms",
    acts="trail",
)
