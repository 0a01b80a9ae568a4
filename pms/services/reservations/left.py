"""How many rooms of a type may still be sold for a stay: in each of its nights, and on each of its days on
which a guest is promised a room by day. What a sale would be refused for is said here before."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.base import table_of
from pms.services.property.models import Property
from pms.services.property.queries import setting
from pms.services.rooms import inventory
from pms.services.rooms.models import Block, Inventory, Room

from . import by_day
from .models import HOLDING, BookedRoom


@dataclass(frozen=True)
class Left:
    """What is left of a type for a stay: ``free`` without overbooking, negative when more are sold, and
    ``more`` with the allowance; None where the type is not sold on all of these nights.

    ``blocked`` are rooms out of service or on hold in one of the nights. They stay in the inventory and are
    counted here, and nobody can be given one.
    """

    type_id: int
    free: int | None
    more: int | None
    blocked: int


class _Night(NamedTuple):
    """A type's counts of one night."""

    type_id: int
    night: date
    total: int
    overbook: int
    sold: int
    by_day: bool


_I, _B, _R = (table_of(table) for table in (Inventory, Block, Room))
_NIGHTS = select(_I.c.type_id, _I.c.night, _I.c.total, _I.c.overbook, _I.c.sold, _I.c.by_day).where(
    _I.c.type_id.in_(bindparam("types", expanding=True)),
    _I.c.night >= bindparam("first"),
    _I.c.night <= bindparam("last"),
)
_BLOCKED = (
    select(_R.c.type_id, func.count(_R.c.id.distinct()))
    .join(_B, _B.c.room_id == _R.c.id)
    .where(
        _B.c.kind != "OOO",
        _B.c.lifted_at.is_(None),
        _B.c.end > bindparam("first"),
        _B.c.start <= bindparam("last"),
    )
    .group_by(_R.c.type_id)
)


@query(Permission.GUESTS_READ)
def left(
    session: Session,
    *,
    type_ids: Sequence[int],
    arrival: date,
    departure: date,
    first: date | None = None,
    line_id: int = 0,
) -> list[Left]:
    """Return for each type what is left from ``arrival`` to ``departure``, by day where they are one.

    ``first``: the first night that is wanted, where the guest is in house before. ``line_id``: a booked room
    whose own nights are nobody else's.
    """
    first = first or arrival
    span = {"first": first, "last": max(departure - inventory.DAY, first)}
    wanted = inventory.nights(first, departure)
    rows = [_Night(*row) for row in session.execute(_NIGHTS, {"types": list(type_ids), **span})]
    rows += _unopened(session, type_ids, [first] if arrival == departure else wanted, rows)
    mornings = {r.night for r in rows if r.by_day and r.night > arrival}
    days = by_day.counted(session, type_ids, mornings if wanted else [arrival], besides=line_id)
    blocked = {row[0]: row[1] for row in session.execute(_BLOCKED, span)}
    own = _own(session, line_id)
    return [
        _left(type_id, wanted, [r for r in rows if r.type_id == type_id], days, own, blocked.get(type_id, 0))
        for type_id in type_ids
    ]


def _left(
    type_id: int,
    wanted: list[date],
    rows: list[_Night],
    days: dict[tuple[int, date], by_day.Count],
    own: set[tuple[int, date]],
    blocked: int,
) -> Left:
    counts = [c for (of, _day), c in days.items() if of == type_id]
    found = [(c.free, c.more) for c in counts]
    if wanted:
        spare = [(r.total - r.sold + ((type_id, r.night) in own), r.overbook) for r in rows]
        found += [(free, free + over) for free, over in spare]
    elif not counts:  # a day that is not opened yet has nobody
        found += [(r.total, r.total + r.overbook) for r in rows]
    if len(rows) < len(wanted) or not found:
        return Left(type_id, None, None, blocked)
    return Left(type_id, min(free for free, _more in found), min(more for _free, more in found), blocked)


def _own(session: Session, line_id: int) -> set[tuple[int, date]]:
    """Return the nights that a booked room holds already."""
    if not line_id:
        return set()
    b: Any = BookedRoom
    holds = or_(b.state.in_((*HOLDING, "in_house")), b.kept_until.is_not(None))
    mine = session.execute(
        select(b.counted_type_id, b.arrival, b.departure).where(b.id == line_id, holds)
    ).first()
    if mine is None:
        return set()
    start = max(mine.arrival, setting(session).business_date)
    return {(mine.counted_type_id, night) for night in inventory.nights(start, mine.departure)}


def _unopened(
    session: Session, type_ids: Sequence[int], wanted: Collection[date], rows: list[_Night]
) -> list[_Night]:
    """Return the nights that are opened only when somebody books them: all rooms of the house are free."""
    there = {(r.type_id, r.night) for r in rows}
    if all((type_id, night) in there for type_id in type_ids for night in wanted):
        return []
    until = session.execute(select(Property.inventory_until)).scalar_one()
    rooms = inventory.capacities(session, allowance=setting(session).options.overbooking)
    return [
        _Night(type_id, night, total, overbook, 0, False)
        for type_id, total, overbook in rooms
        for night in wanted
        if type_id in type_ids and night >= until
    ]
