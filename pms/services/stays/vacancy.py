"""Which rooms and nights a guest may take: for a check-in, a longer stay, another room."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    BindParameter,
    Select,
    bindparam,
    case,
    exists,
    or_,
    select,
)
from sqlalchemy.orm import Session

from pms.core.errors import Refused
from pms.core.money import Money
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.types import summed
from pms.services.guests.models import Guest
from pms.services.rates import pricing
from pms.services.rates.pricing import NightPrice
from pms.services.reservations import by_day
from pms.services.reservations.models import BookedRoom, NightRate, Reservation
from pms.services.reservations.models import listed_name as booked_name
from pms.services.rooms.models import Block, Room, RoomNight, RoomType, shown_name

from .models import IN_HOUSE, Stay, listed_name


@dataclass(frozen=True)
class FreeRoom:
    """A room that a guest can be given for some nights."""

    room_id: int
    number: str
    floor: int
    type_id: int
    type_code: str
    type_name: str
    clean: str
    features: str


@dataclass(frozen=True)
class Move:
    """A room that a guest in house can move to: the prices of its type for the nights left, and how much more
    that is in all."""

    room: FreeRoom
    nights: tuple[NightPrice, ...] | None
    difference: Money | None


@dataclass(frozen=True)
class Obstacle:
    """Why a room cannot be given for some nights: ``occupied``, ``blocked`` or ``held``; by whom or why, and
    until when."""

    kind: str
    who: str
    until: date


def _free_rooms() -> Select[*tuple[Any, ...]]:
    r, n = Room, RoomNight
    start: BindParameter[date] = bindparam("start")
    held = exists().where(
        n.room_id == r.id,
        n.night >= start,
        n.night < bindparam("end"),
        or_(n.line_id.is_(None), n.line_id != bindparam("line")),
    )
    blocked = exists().where(n.room_id == r.id, n.night == start, n.block_id.is_not(None))
    occupied = exists().where(Stay.room_id == r.id, IN_HOUSE)
    promised = by_day.promised(r.id, start, bindparam("end"), bindparam("line"))
    return (
        select(r.id, r.number, r.floor, r.type_id, RoomType.code, shown_name(), r.clean, r.features)
        .join(RoomType, RoomType.id == r.type_id)
        .where(r.active, ~r.house_use, ~held, ~blocked, ~occupied, ~promised)
        .order_by(case((r.clean == "dirty", 1), else_=0), r.floor, r.number)
    )


_FREE = _free_rooms()


_FREE_OF_TYPE = _FREE.where(Room.type_id == bindparam("type"))


@query(Permission.GUESTS_READ)
def free_rooms(
    session: Session, *, start: date, end: date, type_id: int | None = None, line_id: int | None = None
) -> list[FreeRoom]:
    """Return rooms that nobody is in and nobody holds in these nights (``line_id``: may hold it), the clean
    ones first, by number."""
    nights = {"start": start, "end": end, "line": line_id or 0}
    if type_id is None:
        return [FreeRoom(*row) for row in session.execute(_FREE, nights)]
    return [FreeRoom(*row) for row in session.execute(_FREE_OF_TYPE, {**nights, "type": type_id})]


@query(Permission.GUESTS_READ)
def obstacle(
    session: Session, *, room_id: int, start: date, end: date, line_id: int | None = None
) -> Obstacle | None:
    """Return what keeps a room from being given in these nights, None when it can be taken."""
    inside = session.execute(
        select(listed_name().label("name"), Stay.departure)
        .join(Guest, Guest.id == Stay.guest_id)
        .where(Stay.room_id == room_id, IN_HOUSE)
    ).first()
    if inside is not None:
        return Obstacle("occupied", inside.name, inside.departure)
    n = RoomNight
    taken = session.execute(
        select(n.line_id, Block.reason, Block.end, booked_name().label("guest"), BookedRoom.departure)
        .outerjoin(Block, Block.id == n.block_id)
        .outerjoin(BookedRoom, BookedRoom.id == n.line_id)
        .outerjoin(Reservation, Reservation.id == BookedRoom.reservation_id)
        .where(
            n.room_id == room_id,
            n.night >= start,
            n.night < max(end, start + timedelta(days=1)),
            or_(n.line_id.is_(None), n.line_id != (line_id or 0)),
        )
        .order_by(n.night)
        .limit(1)
    ).first()
    if taken is None:
        return None
    return (
        Obstacle("blocked", taken.reason, taken.end)
        if taken.line_id is None
        else Obstacle("held", taken.guest, taken.departure)
    )


@query(Permission.GUESTS_READ)
def more_nights(session: Session, *, stay_id: int, departure: date) -> list[NightPrice]:
    """Return the nights that staying until ``departure`` would add, each with its price: by the plan, else as
    the last night."""
    row = session.execute(
        select(Stay.departure, Stay.line_id, BookedRoom.plan_id, Room.type_id)
        .join(BookedRoom, BookedRoom.id == Stay.line_id)
        .join(Room, Room.id == Stay.room_id)
        .where(Stay.id == stay_id)
    ).one()
    wanted = _nights(row.departure, departure)
    if row.plan_id is not None:
        return pricing.quote(session, plan_id=row.plan_id, type_id=row.type_id, nights=wanted)
    n = NightRate
    last = session.execute(
        select(n.price, n.rule).where(n.line_id == row.line_id).order_by(n.night.desc()).limit(1)
    ).first()
    return [NightPrice(night, last.price, last.rule) for night in wanted] if last else []


def _nights(start: date, end: date) -> list[date]:
    return [start + timedelta(days=n) for n in range((end - start).days)]


@query(Permission.GUESTS_READ)
def in_the_way(session: Session, *, stay_id: int, departure: date) -> list[tuple[date, str]]:
    """Return who holds the stay's room in the nights that staying until ``departure`` would add: each night
    with the booking or block."""
    n, b, r = RoomNight, BookedRoom, Reservation
    rows = session.execute(
        select(n.night, r.number, booked_name().label("guest"), Block.kind, Block.reason)
        .select_from(Stay)
        .join(n, n.room_id == Stay.room_id)
        .outerjoin(b, b.id == n.line_id)
        .outerjoin(r, r.id == b.reservation_id)
        .outerjoin(Block, Block.id == n.block_id)
        .where(Stay.id == stay_id, n.night >= Stay.departure, n.night < departure)
        .order_by(n.night)
    )
    return [
        (row.night, f"R-{row.number} {row.guest}" if row.number else f"{row.kind} {row.reason}")
        for row in rows
    ]


@query(Permission.GUESTS_READ)
def moves(session: Session, *, stay_id: int, business_date: date) -> list[Move]:
    """Return the rooms a guest can move to for the nights left, with what each would cost by the guest's rate
    plan."""
    row = session.execute(
        select(Stay.departure, Stay.line_id, BookedRoom.plan_id)
        .join(BookedRoom, BookedRoom.id == Stay.line_id)
        .where(Stay.id == stay_id)
    ).one()
    wanted = _nights(business_date, row.departure)
    now = session.execute(
        select(summed(NightRate.price)).where(
            NightRate.line_id == row.line_id, NightRate.night >= business_date
        )
    ).scalar_one()
    rooms = free_rooms(session, start=business_date, end=row.departure, line_id=row.line_id)
    listed = {
        type_id: _listed(session, row.plan_id, type_id, wanted) for type_id in {r.type_id for r in rooms}
    }
    return [_move(room, listed[room.type_id], int(now)) for room in rooms]


def _listed(
    session: Session, plan_id: int | None, type_id: int, nights: list[date]
) -> tuple[NightPrice, ...] | None:
    if plan_id is None:
        return None
    try:
        return tuple(pricing.quote(session, plan_id=plan_id, type_id=type_id, nights=nights))
    except Refused:  # the plan has no price for this type: the guest's price can only stay
        return None


def _move(room: FreeRoom, nights: tuple[NightPrice, ...] | None, now: int) -> Move:
    return Move(room, nights, None if nights is None else Money(sum(n.price for n in nights) - now))
