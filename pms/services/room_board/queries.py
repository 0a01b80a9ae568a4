"""The board's tiles. Displayed status is derived here and nowhere else; the cost does not grow with history."""
from dataclasses import dataclass
from datetime import date, timedelta
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import Text, bindparam, func, select, type_coerce
from sqlalchemy.orm import Session

from pms.services.guests.models import Guest
from pms.services.property.queries import setting
from pms.services.reservations.models import COMING, BookedRoom, NightRate, Reservation
from pms.services.rooms.models import Block, Room, RoomNight, RoomType
from pms.services.stays.models import IN_HOUSE, Stay


class Tile(NamedTuple):
    """One room as the board shows it now; a plain tuple, for a thousand of them are made at every look."""

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


_TYPES = select(RoomType.id, RoomType.code, RoomType.name)
_ROOMS = (select(Room.id, Room.number, Room.floor, Room.type_id, Room.clean, Room.seen_persons, type_coerce(Room.remarks, Text), Room.features,
                 Room.joined).where(Room.active).order_by(Room.floor, Room.number))
_STAYS = (select(Stay.room_id, Stay.id, Stay.departure, Stay.adults + Stay.children, Stay.kind, Guest.name, Guest.vip, Guest.identity, NightRate.price)
          .join(Guest, Guest.id == Stay.guest_id)
          .outerjoin(NightRate, (NightRate.line_id == Stay.line_id) & (NightRate.night == bindparam("today"))).where(IN_HOUSE))
_ARRIVALS = (select(BookedRoom.room_id, BookedRoom.id, Reservation.guest_name, Reservation.hold_until, BookedRoom.state)
             .join(Reservation, Reservation.id == BookedRoom.reservation_id)
             .where(BookedRoom.arrival <= bindparam("today"), COMING, BookedRoom.room_id.is_not(None)))
_BLOCKS = (select(Block.room_id, Block.kind, Block.reason, Block.id)
           .where(Block.start <= bindparam("today"), Block.end > bindparam("today"), Block.lifted_at.is_(None)))
_VACANT = (0, None, None, None, "", "", False, "", None)
_NOBODY = (0, None, "", "", "")
_FREE = (0, "", "", None)


def board(session: Session) -> list[Tile]:
    """Return every room by floor and number with its derived status on the business date."""
    today = setting(session).business_date
    types = {row[0]: (row[1], row[2]) for row in session.execute(_TYPES)}
    stays, arrivals, blocks = ({row[0]: row for row in session.execute(question, {"today": today}).all()}
                               for question in (_STAYS, _ARRIVALS, _BLOCKS))
    return [_tile(row, types[row[3]], stays.get(row[0], _VACANT), arrivals.get(row[0], _NOBODY), blocks.get(row[0], _FREE), today)
            for row in session.execute(_ROOMS).all()]


def _tile(room: Any, type_: tuple[str, str], stay: Any, due: Any, block: Any, today: date) -> Tile:
    room_id, number, floor, type_id, clean, seen, remarks, features, joined = room
    _room, stay_id, departure, heads, kind, guest, vip, identity, price = stay
    _room, line_id, due_in, hold_until, state = due
    _room, block_kind, reason, block_id = block
    flags = _flags(identity, remarks, vip, kind, joined) if vip or kind or joined or remarks != "[]" or identity == "pending" else ()
    return Tile(
        room_id, number, floor, type_id, type_[0], type_[1], stay_id is not None, clean, block_kind, reason, guest, heads or 0, stay_id, departure,
        departure is not None and departure <= today, due_in, line_id, "" if state == "guaranteed" else hold_until,
        odd(seen, heads) if seen is not None else "", flags, price, features, block_id)


def odd(seen: int | None, heads: int | None) -> str:
    """Compare what housekeeping saw with what the desk believes (None: not seen, nobody registered): sleep, skip, person or nothing."""
    if seen is None:
        return ""
    if heads is None:
        return "sleep" if seen else ""
    return "skip" if not seen else "person" if seen != heads else ""


def _flags(identity: str, remarks: str, vip: bool, kind: str, joined: str) -> tuple[str, ...]:
    shown = {"shield": identity == "pending", "dnd": '"dnd"' in remarks, "star": vip, "house": kind == "house",
             "free": kind not in ("", "house"), "joined": joined}
    return tuple(name for name, holds in shown.items() if holds)


@dataclass(frozen=True, slots=True)
class Bar:
    """Nights [start, end) that a room is held, cut to the days asked for: by a booking or a stay (``line_id``) or by a block."""

    room_id: int
    start: date
    end: date
    line_id: int | None
    block_id: int | None
    label: str
    state: str


_N = RoomNight
_HELD = (select(_N.room_id, _N.line_id, _N.block_id, func.min(_N.night).label("first"), func.max(_N.night).label("last"), func.count().label("nights"))
         .select_from(Room).join(_N, (_N.room_id == Room.id) & (_N.night >= bindparam("start")) & (_N.night < bindparam("end")))
         .where(Room.active).group_by(_N.room_id, _N.line_id, _N.block_id).subquery())
_BARS = (select(_HELD, Reservation.guest_name, BookedRoom.state, Block.reason, Block.kind)
         .outerjoin(BookedRoom, BookedRoom.id == _HELD.c.line_id).outerjoin(Reservation, Reservation.id == BookedRoom.reservation_id)
         .outerjoin(Block, Block.id == _HELD.c.block_id))
_ONE_BY_ONE = (select(_N.night).where(_N.room_id == bindparam("room"), _N.line_id == bindparam("line"), _N.night >= bindparam("start"),
                                      _N.night < bindparam("end")).order_by(_N.night))
DAY = timedelta(days=1)


def tape(session: Session, *, start: date, end: date) -> list[Bar]:
    """Return what every room is held for from ``start`` to ``end`` (not in), as bars by room; the cost does not grow with history."""
    bars: list[Bar] = []
    for room, line, block, first, last, nights, guest, state, reason, kind in session.execute(_BARS, {"start": start, "end": end}).all():
        spans = [(first, last)] if last - first == DAY * (nights - 1) else _spans(session, room, line, start, end)
        for begin, final in spans:
            bars.append(Bar(room, begin, final + DAY, line, block, reason if line is None else guest, kind if line is None else state))
    return sorted(bars, key=attrgetter("room_id", "start"))


def _spans(session: Session, room: int, line: int | None, start: date, end: date) -> list[tuple[date, date]]:
    """A guest who moved away and came back holds the room twice."""
    spans: list[tuple[date, date]] = []
    for night in session.scalars(_ONE_BY_ONE, {"room": room, "line": line, "start": start, "end": end}):
        if spans and spans[-1][1] == night - DAY:
            spans[-1] = (spans[-1][0], night)
        else:
            spans.append((night, night))
    return spans
