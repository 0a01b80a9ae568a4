"""The board's tiles. Displayed status is derived here and nowhere else; the cost does not grow with
history."""

from collections.abc import Iterable
from datetime import date, timedelta
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Text, bindparam, case, func, or_, select, true, type_coerce
from sqlalchemy.orm import Session

from pms.core.figures import Figures
from pms.core.i18n import _
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.base import table_of
from pms.services.guests.models import Guest
from pms.services.members.models import MemberStay
from pms.services.property.models import Property
from pms.services.reservations.models import COMING, BookedRoom, NightRate, Reservation, listed_name
from pms.services.rooms.models import Block, Inventory, Room, RoomNight, RoomType, shown_name
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
    house_use: bool = False


class Tonight(NamedTuple):
    """A type on the business date: rooms there are for sale, rooms sold, guests still to arrive, and how many
    of these have no room yet."""

    type_id: int
    total: int
    sold: int
    coming: int
    roomless: int

    @property
    def free(self) -> int:
        """Return how many can be sold tonight; negative where more are sold than there are."""
        return self.total - self.sold


_T, _R, _S, _G, _P, _L, _B, _H, _N, _I, _M = map(
    table_of,
    (
        RoomType,
        Room,
        Stay,
        Guest,
        NightRate,
        BookedRoom,
        Block,
        Reservation,
        RoomNight,
        Inventory,
        MemberStay,
    ),
)
_TYPES = select(_T.c.id, _T.c.code, shown_name(), Property.business_date).join(
    Property, true()
)  # one question less at every change
_DND = type_coerce(_R.c.remarks, Text).contains('"dnd"')
_FLAGS = case(
    (
        or_(
            type_coerce(_R.c.remarks, Text) != "[]",
            _R.c.joined != "",
            _S.c.kind != "",
            _S.c.joined_to.is_not(None),
            _G.c.vip,
            _M.c.stay_id.is_not(None),
            _G.c.do_not_disclose,
            _S.c.pending > 0,
        ),
        case((_G.c.do_not_disclose, "lock "), else_="")
        + case((_S.c.pending > 0, "shield "), else_="")
        + case((_DND, "dnd "), else_="")
        + case((_G.c.vip, "star "), else_="")
        + case((_M.c.stay_id.is_not(None), "member "), else_="")
        + case((_S.c.kind == "house", "house "), (_S.c.kind != "", "free "), else_="")
        + case((_S.c.joined_to.is_not(None), "party "), else_="")
        + case((_R.c.joined != "", "joined"), else_=""),
    )
)
"""The tile's signs in one cell, NULL where there are none, as in most rooms: a thousand rooms cost by the
cell, not by the comparison."""
_ROOMS = (
    select(
        _R.c.id,
        _R.c.number,
        _R.c.floor,
        _R.c.type_id,
        _R.c.clean,
        _R.c.seen_persons,
        _R.c.features,
        _FLAGS,
        _S.c.id,
        _S.c.departure,
        _S.c.adults + _S.c.children,
        _S.c.guest_name,
        _P.c.price,
        _R.c.house_use,
    )
    .select_from(_R)
    .outerjoin(_S, (_S.c.room_id == _R.c.id) & IN_HOUSE)
    .outerjoin(_G, _G.c.id == _S.c.guest_id)
    .outerjoin(_M, _M.c.stay_id == _S.c.id)
    .outerjoin(_P, (_P.c.line_id == _S.c.line_id) & (_P.c.night == bindparam("today")))
    .where(_R.c.active)
)
_ARRIVALS = (
    select(_L.c.room_id, _L.c.id, listed_name(_H.c), _H.c.hold_until, _L.c.state)
    .join(_H, _H.c.id == _L.c.reservation_id)
    .where(_L.c.arrival <= bindparam("today"), COMING, _L.c.room_id.is_not(None))
)
_AWAITED = (
    select(
        _L.c.counted_type_id.label("type_id"),
        func.count().label("coming"),
        (func.count() - func.count(_L.c.room_id)).label("roomless"),
    )
    .where(_L.c.arrival <= bindparam("today"), COMING)
    .group_by(_L.c.counted_type_id)
    .subquery()
)
_TONIGHT = (
    select(
        _T.c.id,
        func.coalesce(_I.c.total, 0),
        func.coalesce(_I.c.sold, 0),
        func.coalesce(_AWAITED.c.coming, 0),
        func.coalesce(_AWAITED.c.roomless, 0),
    )
    .outerjoin(_I, (_I.c.type_id == _T.c.id) & (_I.c.night == bindparam("today")))
    .outerjoin(_AWAITED, _AWAITED.c.type_id == _T.c.id)
    .order_by(_T.c.position, _T.c.id)
)
_NOBODY, _FREE = ("", None, ""), ("", "", None)
_BLOCKS = select(_B.c.room_id, _B.c.kind, _B.c.reason, _B.c.id).where(
    _B.c.start <= bindparam("today"), _B.c.end > bindparam("today"), _B.c.lifted_at.is_(None)
)


def now(tiles: Iterable[Tile], *, less_out_of_order: bool) -> Figures:
    """Return the rooms as they are now, counted as the figures of a closed day are: occupied rooms that are
    paid for, of the rooms that are there for guests."""
    rooms = list(tiles)
    paid = [t for t in rooms if t.occupied and not {"house", "free"}.intersection(t.flags)]
    return Figures(
        rooms=len(rooms),
        house_use=sum(t.house_use for t in rooms),
        out_of_order=sum(t.block == "OOO" and not t.house_use for t in rooms),
        sold=len(paid),
        complimentary=sum(t.occupied and "free" in t.flags for t in rooms),
        local=less_out_of_order,
    )


@query(Permission.GUESTS_READ)
def board(session: Session) -> list[Tile]:
    """Return every room by floor and number with its derived status on the business date."""
    new: Any = tuple.__new__  # a tile made the customary way costs twice as much, and a house has a thousand
    kinds = session.execute(_TYPES).all()
    types, today = (
        {type_id: (code, name) for type_id, code, name, _today in kinds},
        kinds[0].business_date if kinds else date.min,
    )
    day = {"today": today}
    arrivals = {
        room_id: (guest, line_id, "" if state == "guaranteed" else hold_until)
        for room_id, line_id, guest, hold_until, state in session.execute(_ARRIVALS, day)
    }
    blocks = {
        room_id: (kind, reason, block_id) for room_id, kind, reason, block_id in session.execute(_BLOCKS, day)
    }
    tiles: list[Tile] = []
    for (
        room_id,
        number,
        floor,
        type_id,
        clean,
        seen,
        features,
        flags,
        stay_id,
        departure,
        heads,
        guest,
        price,
        house_use,
    ) in session.execute(_ROOMS, day).all():
        code, name = types[type_id]
        due_in, line_id, eta = arrivals.get(room_id, _NOBODY)
        block, reason, block_id = blocks.get(room_id, _FREE)
        occupied = stay_id is not None
        tiles.append(
            new(
                Tile,
                (
                    room_id,
                    number,
                    floor,
                    type_id,
                    code,
                    name,
                    occupied,
                    clean,
                    block,
                    reason,
                    _("Do not disclose") if flags and flags.startswith("lock") else guest or "",
                    heads or 0,
                    stay_id,
                    departure,
                    occupied and departure <= today,
                    due_in,
                    line_id,
                    eta,
                    odd(seen, heads) if seen is not None else "",
                    tuple(flags.split()) if flags else (),
                    price,
                    features,
                    block_id,
                    house_use,
                ),
            )
        )
    tiles.sort(key=itemgetter(1))
    tiles.sort(key=itemgetter(2))  # twice by one column is faster than once by two
    return tiles


@query(Permission.ROOMS_STATUS, Permission.ROOMS_EDIT)
def tonight(session: Session, *, business_date: date) -> list[Tonight]:
    """Return what is sold of each type tonight and who still arrives, in the house's order of types."""
    return [Tonight(*row) for row in session.execute(_TONIGHT, {"today": business_date}).all()]


def odd(seen: int | None, heads: int | None) -> str:
    """Compare what housekeeping saw with what the desk believes (None: not seen, nobody registered): sleep,
    skip, person or nothing."""
    if seen is None:
        return ""
    if heads is None:
        return "sleep" if seen else ""
    return "skip" if not seen else "person" if seen != heads else ""


class Bar(NamedTuple):
    """Nights [start, end) that a room is held, cut to the days asked for: by a booking or a stay
    (``line_id``) or by a block."""

    room_id: int
    start: date
    end: date
    line_id: int | None
    block_id: int | None
    label: str
    state: str


_HELD = (
    select(
        _R.c.id,
        _N.c.line_id,
        _N.c.block_id,
        func.min(_N.c.night).label("first"),
        func.max(_N.c.night).label("last"),
        func.count().label("nights"),
    )
    .outerjoin(
        _N, (_N.c.room_id == _R.c.id) & (_N.c.night >= bindparam("start")) & (_N.c.night < bindparam("end"))
    )  # outer: room by room
    .where(_R.c.active)
    .group_by(_R.c.id, _N.c.line_id, _N.c.block_id)
    .subquery()
)
_BARS = (
    select(_HELD, listed_name(_H.c), _L.c.state, _B.c.reason, _B.c.kind)
    .outerjoin(_L, _L.c.id == _HELD.c.line_id)
    .outerjoin(_H, _H.c.id == _L.c.reservation_id)
    .outerjoin(_B, _B.c.id == _HELD.c.block_id)
)
_ONE_BY_ONE = (
    select(_N.c.night)
    .where(
        _N.c.room_id == bindparam("room"),
        _N.c.line_id == bindparam("line"),
        _N.c.night >= bindparam("start"),
        _N.c.night < bindparam("end"),
    )
    .order_by(_N.c.night)
)
DAY = timedelta(days=1)


@query(Permission.ROOMS_STATUS, Permission.ROOMS_EDIT)
def rooms_only(session: Session) -> list[Tile]:
    """Return the board as who cleans may see it: which rooms are occupied and by how many, not by whom nor
    for how much."""
    return [
        t._replace(guest="", stay_id=None, due_in="\u2022" if t.due_in else "", due_in_line=None, rate=None)
        for t in board(session)
    ]


@query(Permission.GUESTS_READ)
def tape(session: Session, *, start: date, end: date) -> list[Bar]:
    """Return what every room is held for from ``start`` to ``end`` (not in), as bars by room; the cost does
    not grow with history."""
    bars: list[Bar] = []
    for room, line, block, first, last, nights, guest, state, reason, kind in session.execute(
        _BARS, {"start": start, "end": end}
    ).all():
        if first is None:
            continue
        spans = (
            [(first, last)] if last - first == DAY * (nights - 1) else _spans(session, room, line, start, end)
        )
        for begin, final in spans:
            bars.append(
                Bar(
                    room,
                    begin,
                    final + DAY,
                    line,
                    block,
                    reason if line is None else guest,
                    kind if line is None else state,
                )
            )
    return sorted(bars)


def _spans(session: Session, room: int, line: int | None, start: date, end: date) -> list[tuple[date, date]]:
    """A guest who moved away and came back holds the room twice."""
    spans: list[tuple[date, date]] = []
    for night in session.scalars(_ONE_BY_ONE, {"room": room, "line": line, "start": start, "end": end}):
        if spans and spans[-1][1] == night - DAY:
            spans[-1] = (spans[-1][0], night)
        else:
            spans.append((night, night))
    return spans
