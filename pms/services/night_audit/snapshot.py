"""What the close writes down of the night as it is: its rooms, the day's counts by type, bookings lost."""

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Date,
    Insert,
    and_,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import BindParameter, ColumnElement
from sqlalchemy.sql.selectable import ScalarSelect, Subquery

from pms.db.base import table_of
from pms.db.work import Work
from pms.services.folios import tax
from pms.services.folios.models import Account, Transfer
from pms.services.rates.models import RatePlan, RatePrice
from pms.services.reservations.models import BookedRoom, NightRate, Reservation
from pms.services.rooms.models import Block, Room, RoomNight, RoomType
from pms.services.stays.models import Segment, Stay

from .closing import DAY, PARTS, PRICE, TODAY, left_after, tonight
from .models import NightFigure, NightLoss, NightPart, NightStay

_BEFORE: BindParameter[date] = bindparam("before", type_=Date)


@cache
def _night_stays(
    room: tax.Rule, who: Callable[[BindParameter[date]], tuple[ColumnElement[bool], ...]]
) -> Insert:
    price = case((Stay.kind == "", func.coalesce(NightRate.price, 0)), else_=0)
    columns = {
        "business_date": TODAY,
        "stay_id": Stay.id,
        "room_id": Segment.room_id,
        "type_id": Segment.type_id,
        "kind": Stay.kind,
        "price": price,
        "net": tax.net_of(price, room),
        "heads": Stay.adults + Stay.children,
        "source": Reservation.source,
        "room": Room.number,
        "guest": Stay.guest_name,
        "departure": Stay.departure,
        "segment": func.coalesce(RatePlan.kind, literal_column("'manual'")),
    }
    return insert(table_of(NightStay)).from_select(
        list(columns),
        (
            select(*columns.values())
            .select_from(Stay)
            .join(Segment, Segment.stay_id == Stay.id)
            .join(BookedRoom, BookedRoom.id == Stay.line_id)
            .join(Reservation, Reservation.id == BookedRoom.reservation_id)
            .join(Room, Room.id == Segment.room_id)
            .outerjoin(RatePlan, RatePlan.id == BookedRoom.plan_id)
            .outerjoin(NightRate, PRICE)
            .where(*who(TODAY))
            .order_by(Stay.room_id)
        ),
    )


def _rack() -> ScalarSelect[Any]:
    """Return the rack rate of a type tonight: of the price list's lines that hold for the day, the one made
    last."""
    plan = (
        select(RatePlan.id)
        .where(RatePlan.kind == "rack", RatePlan.base_id.is_(None))
        .order_by(RatePlan.id)
        .limit(1)
    ).scalar_subquery()
    return (
        select(RatePrice.price)
        .where(
            RatePrice.plan_id == plan,
            RatePrice.type_id == RoomType.id,
            RatePrice.start <= TODAY,
            RatePrice.end >= TODAY,
            RatePrice.weekdays.op("&")(bindparam("weekday", type_=BigInteger)) != 0,
        )
        .order_by(RatePrice.id.desc())
        .limit(1)
        .correlate(RoomType)
        .scalar_subquery()
    )


def _per_type(type_id: Any, join: Any, *where: Any) -> Subquery:
    return (
        select(type_id.label("type_id"), func.count().label("n"))
        .select_from(join)
        .where(*where)
        .group_by(type_id)
        .subquery()
    )


@cache
def _night_parts(rules: tuple[tuple[str, tax.Rule], ...]) -> Insert:
    """The parts of a day charged today, and a night charged after its close, by stay: the line and what was
    taken back of it the same day together."""
    t, undone, into = Transfer, aliased(Transfer), aliased(Account)
    sign: Any = case((into.ledger == "revenue", 1), else_=-1)
    used = func.sum(sign * t.quantity * case((t.code.in_(("HALF", "EARLY")), 1), else_=2))
    net = case(*((t.code == code, tax.net_of(t.amount, of_code)) for code, of_code in rules), else_=t.amount)
    brought = func.sum(sign * net)
    columns = {
        "business_date": TODAY,
        "stay_id": Stay.id,
        "room_id": Stay.room_id,
        "type_id": Room.type_id,
        "halves": case((used > 2, 2), else_=used),
        "revenue": brought,
        "source": Reservation.source,
        "segment": func.coalesce(RatePlan.kind, literal_column("'manual'")),
        "room": Room.number,
        "guest": Stay.guest_name,
    }
    return insert(table_of(NightPart)).from_select(
        list(columns),
        (
            select(*columns.values())
            .select_from(t)
            .join(into, into.id == t.credit_id)
            .join(Stay, Stay.id == t.stay_id)
            .join(Room, Room.id == Stay.room_id)
            .join(BookedRoom, BookedRoom.id == Stay.line_id)
            .join(Reservation, Reservation.id == BookedRoom.reservation_id)
            .outerjoin(RatePlan, RatePlan.id == BookedRoom.plan_id)
            .outerjoin(undone, undone.id == t.reverses)
            .where(
                t.business_date == TODAY,
                or_(t.code.in_(PARTS), and_(t.code == "ROOM", func.coalesce(undone.night, t.night) < TODAY)),
                or_(t.reverses.is_(None), undone.business_date == TODAY),
            )
            .group_by(Stay.id, Room.type_id, Room.number, Stay.guest_name, Reservation.source, RatePlan.kind)
            .having(or_(used != 0, brought != 0))
            .order_by(Stay.id)
        ),
    )


def _night_figures() -> Insert:
    n, of_room = NightStay, table_of(Room).join(table_of(Stay), Stay.room_id == Room.id)
    sold = (
        select(
            n.type_id,
            *(
                func.sum(case((n.kind == kind, 1), else_=0)).label(name)
                for kind, name in (("", "sold"), ("comp", "complimentary"))
            ),
            func.sum(n.net).label("revenue"),
        )
        .where(n.business_date == TODAY)
        .group_by(n.type_id)
        .subquery()
    )
    parts = (
        select(
            NightPart.type_id,
            func.sum(NightPart.halves).label("halves"),
            func.sum(NightPart.revenue).label("revenue"),
        )
        .where(NightPart.business_date == TODAY)
        .group_by(NightPart.type_id)
        .subquery()
    )
    out = exists().where(
        RoomNight.room_id == Room.id,
        RoomNight.night == TODAY,
        Block.id == RoomNight.block_id,
        Block.kind == "OOO",
    )
    rooms = _per_type(Room.type_id, Room, Room.active)
    own = _per_type(Room.type_id, Room, Room.active, Room.house_use)
    broken = _per_type(Room.type_id, Room, out, ~Room.house_use)  # the house's own are deducted already
    came = _per_type(
        Room.type_id,
        of_room,
        Stay.arrival.in_((TODAY, _BEFORE)),
        func.coalesce(Stay.let_in_on, Stay.arrival) == TODAY,
        Stay.state != "undone",
    )
    left = _per_type(Room.type_id, of_room, Stay.departed_on == TODAY, Stay.state == "departed")
    missing = _per_type(
        BookedRoom.counted_type_id, BookedRoom, BookedRoom.arrival == TODAY, BookedRoom.state == "no_show"
    )
    columns = {
        "business_date": TODAY,
        "type_id": RoomType.id,
        "rooms": rooms.c.n,
        "out_of_order": broken.c.n,
        "arrivals": came.c.n,
        "departures": left.c.n,
        "no_shows": missing.c.n,
        "sold": sold.c.sold,
        "complimentary": sold.c.complimentary,
        "house_use": own.c.n,
        "revenue": func.coalesce(sold.c.revenue, 0) + func.coalesce(parts.c.revenue, 0),
        "rack": _rack(),
        "halves": parts.c.halves,
    }
    question = select(
        *(c if name in ("business_date", "type_id") else func.coalesce(c, 0) for name, c in columns.items())
    ).select_from(RoomType)
    for counted in (rooms, own, broken, came, left, missing, sold, parts):
        question = question.outerjoin(counted, counted.c.type_id == RoomType.id)
    return insert(table_of(NightFigure)).from_select(list(columns), question.order_by(RoomType.id))


def _undone(line_id: Any) -> ColumnElement[bool]:
    """A booking made by a walk-in whose check-in was taken back is no booking lost."""
    return exists().where(Stay.line_id == line_id, Stay.state == "undone", Reservation.source == "walk_in")


def _night_losses() -> Insert:
    b, r = BookedRoom, Reservation
    columns = {
        "business_date": TODAY,
        "line_id": b.id,
        "number": r.number,
        "guest": r.guest_name,
        "type_code": RoomType.code,
        "arrival": b.arrival,
        "departure": b.departure,
        "state": b.state,
        "reason": b.reason,
    }
    return insert(table_of(NightLoss)).from_select(
        list(columns),
        (
            select(*columns.values())
            .select_from(b)
            .join(r, r.id == b.reservation_id)
            .join(RoomType, RoomType.id == b.type_id)
            .where(b.arrival == TODAY, b.state.in_(("cancelled", "no_show")), ~_undone(b.id))
            .order_by(b.id)
        ),
    )


_NIGHT_FIGURES, _NIGHT_LOSSES = _night_figures(), _night_losses()


def snapshot(work: Work, business_date: date) -> None:
    """Write down tonight's rooms as they are, the day's counts per type and the bookings lost; every later
    figure comes from here."""
    rules = tuple((code, tax.rule(work.setting.options, code)) for code in ("ROOM", *PARTS))
    for who in (tonight, left_after):
        work.insert_from(NightStay, _night_stays(rules[0][1], who), {"today": business_date})
    work.insert_from(NightPart, _night_parts(rules), {"today": business_date})
    of_day = {"today": business_date, "before": business_date - DAY, "weekday": 1 << business_date.weekday()}
    work.insert_from(NightFigure, _NIGHT_FIGURES, of_day)
    work.insert_from(NightLoss, _NIGHT_LOSSES, {"today": business_date})
