"""The board's tiles. Displayed status is derived here and nowhere else; the cost does not grow with history."""
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.services.guests.models import Guest
from pms.services.property.queries import setting
from pms.services.reservations.models import COMING, BookedRoom, NightRate, Reservation
from pms.services.rooms.models import Block, Room, RoomType
from pms.services.stays.models import IN_HOUSE, Stay


@dataclass(frozen=True, slots=True)
class Tile:
    """One room as the board shows it now."""

    room_id: int
    number: str
    floor: int
    type_id: int
    type_code: str
    type_name: str
    occupied: bool
    clean: str
    block: str
    block_reason: str
    guest: str
    heads: int
    stay_id: int | None
    departure: date | None
    due_out: bool
    due_in: str
    due_in_line: int | None
    eta: str
    odd: str
    flags: tuple[str, ...]
    rate: int | None
    features: str
    block_id: int | None = None


def board(session: Session) -> list[Tile]:
    """Return every room by floor and number with its derived status on the business date."""
    today = setting(session).business_date
    stays, arrivals, blocks = _stays(session, today), _arrivals(session, today), _blocks(session, today)
    r, t = Room.__table__.c, RoomType.__table__.c
    rooms = session.execute(select(r.id, r.number, r.floor, r.type_id, t.code, t.name, r.clean, r.seen_persons, r.remarks, r.features,
                                   r.joined).join(RoomType.__table__, t.id == r.type_id).where(r.active).order_by(r.floor, r.number))
    return [_tile(row, stays.get(row[0]), arrivals.get(row[0]), blocks.get(row[0]), today) for row in rooms]


def _stays(session: Session, today: date) -> dict[int, Any]:
    s, g, n = Stay.__table__.c, Guest.__table__.c, NightRate.__table__.c
    rows = session.execute(
        select(s.room_id, s.id, s.departure, s.adults, s.children, s.kind, g.name, g.vip, g.identity, n.price)
        .join(Guest.__table__, g.id == s.guest_id).outerjoin(NightRate.__table__, (n.line_id == s.line_id) & (n.night == today))
        .where(IN_HOUSE))
    return {row[0]: row for row in rows}


def _arrivals(session: Session, today: date) -> dict[int | None, Any]:
    b, r = BookedRoom, Reservation
    rows = session.execute(select(b.room_id, b.id, r.guest_name, r.hold_until, b.state).join(r, r.id == b.reservation_id)
                           .where(b.arrival <= today, COMING, b.room_id.is_not(None)))
    return {row[0]: row for row in rows}


def _blocks(session: Session, today: date) -> dict[int, Any]:
    b = Block
    rows = session.execute(select(b.room_id, b.kind, b.reason, b.id).where(b.start <= today, b.end > today, b.lifted_at.is_(None)))
    return {row[0]: row for row in rows}


def _tile(row: Any, stay: Any, due: Any, block: Any, today: date) -> Tile:
    room_id, number, floor, type_id, code, name, clean, seen, remarks, features, joined = row
    heads = stay.adults + stay.children if stay else 0
    return Tile(
        room_id, number, floor, type_id, code, name, stay is not None, clean, block.kind if block else "", block.reason if block else "",
        stay.name if stay else "", heads, stay.id if stay else None, stay.departure if stay else None, bool(stay and stay.departure <= today),
        due.guest_name if due else "", due.id if due else None, due.hold_until if due and due.state != "guaranteed" else "",
        _odd(seen, heads if stay else None), _flags(stay, remarks, joined), stay.price if stay else None, features, block.id if block else None)


def _odd(seen: int | None, heads: int | None) -> str:
    """Compare what housekeeping saw with what the desk believes."""
    if seen is None:
        return ""
    if heads is None:
        return "sleep" if seen else ""
    return "skip" if not seen else "person" if seen != heads else ""


def _flags(stay: Any, remarks: list[str], joined: str) -> tuple[str, ...]:
    found = []
    if stay and stay.identity == "pending":
        found.append("shield")
    if "dnd" in (remarks or ()):
        found.append("dnd")
    if stay and stay.vip:
        found.append("star")
    if stay and stay.kind:
        found.append("house" if stay.kind == "house" else "free")
    if joined:
        found.append("joined")
    return tuple(found)

