"""What the house has and what is left to sell. No cost here grows with the hotel's history."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from pms.core.offers import Hit
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.base import table_of

from .models import Block, Inventory, Room, RoomType, shown_name


@dataclass(frozen=True)
class TypeRow:
    """A room type."""

    id: int
    code: str
    name: str
    beds: int
    overbook: int
    active: bool
    own_name: str = ""
    name_zh: str = ""


@dataclass(frozen=True)
class RoomRow:
    """A room in Settings."""

    id: int
    number: str
    floor: int
    type_id: int
    type_code: str
    features: str
    lock_id: str
    clean: str
    active: bool
    joined: str = ""
    house_use: bool = False


@dataclass(frozen=True)
class BlockRow:
    """A block that is still to come or running."""

    id: int
    room_id: int
    number: str
    kind: str
    reason: str
    start: date
    end: date


class Left(NamedTuple):
    """What is left of a type in a night; ``overbook`` is the allowance beyond the rooms there are."""

    type_id: int
    night: date
    total: int
    sold: int
    overbook: int

    @property
    def free(self) -> int:
        """Return the rooms left without overbooking; negative when overbooked."""
        return self.total - self.sold


@query(Permission.ROOMS_STATUS, Permission.ROOMS_EDIT)
def types(session: Session) -> list[TypeRow]:
    """Return the room types in the house's order."""
    t = RoomType
    return [
        TypeRow(*row)
        for row in session.execute(
            select(
                t.id, t.code, shown_name(), t.beds, t.overbook, t.active, t.name.label("own"), t.name_zh
            ).order_by(t.position, t.id)
        )
    ]


@query(Permission.ROOMS_STATUS, Permission.ROOMS_EDIT)
def rooms(session: Session) -> list[RoomRow]:
    """Return every room by floor and number."""
    r, t = Room, RoomType
    found = session.execute(
        select(
            r.id,
            r.number,
            r.floor,
            r.type_id,
            t.code,
            r.features,
            r.lock_id,
            r.clean,
            r.active,
            r.joined,
            r.house_use,
        )
        .join(t, t.id == r.type_id)
        .order_by(r.floor, r.number)
    )
    return [RoomRow(*row) for row in found]


@query(Permission.ROOMS_STATUS, Permission.ROOMS_EDIT)
def blocks(session: Session, *, since: date) -> list[BlockRow]:
    """Return the blocks that are not over, by start."""
    b, r = Block, Room
    found = session.execute(
        select(b.id, b.room_id, r.number, b.kind, b.reason, b.start, b.end)
        .join(r, r.id == b.room_id)
        .where(b.lifted_at.is_(None), b.end > since)
        .order_by(b.start, r.number)
    )
    return [BlockRow(*row) for row in found]


_I = table_of(Inventory).c
_LEFT = (
    select(_I.type_id, _I.night, _I.total, _I.sold, _I.overbook)
    .where(
        _I.type_id.in_(bindparam("types", expanding=True)),
        _I.night >= bindparam("start"),
        _I.night < bindparam("end"),
    )
    .order_by(_I.type_id, _I.night)
)


@query(Permission.ROOMS_STATUS, Permission.ROOMS_EDIT)
def left(session: Session, *, type_ids: list[int], start: date, end: date) -> list[Left]:
    """Return what is left of each type in each night from ``start`` to ``end`` (not in)."""
    return [
        Left(*row) for row in session.execute(_LEFT, {"types": type_ids, "start": start, "end": end}).all()
    ]


@query(Permission.ROOMS_STATUS, Permission.ROOMS_EDIT)
def fewest_left(session: Session, *, type_ids: list[int], start: date, end: date) -> dict[int, int]:
    """Return per type how many rooms are free in every night of the stay, the allowance included."""
    rows = left(session, type_ids=type_ids, start=start, end=end)
    return {t: min((r.free + r.overbook for r in rows if r.type_id == t), default=0) for t in type_ids}


@query(Permission.ROOMS_STATUS, Permission.ROOMS_EDIT)
def search(session: Session, *, text: str) -> list[Hit]:
    """Find rooms whose number begins with the text."""
    if not text[:1].isalnum():
        return []
    r = Room
    rows = session.execute(
        select(r.id, r.number, shown_name(), r.floor)
        .join(RoomType, RoomType.id == r.type_id)
        .where(r.active, r.number.startswith(text, autoescape=True))
        .order_by(r.number)
        .limit(6)
    )
    return [Hit(row.number, f"{row.name}", "bed", "room_board", {"room_id": row.id}) for row in rows]
