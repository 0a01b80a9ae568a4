"""The counters behind every sale. Nights are always written in ascending order, so two writers never wait for
each other in a ring."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from sqlalchemy import Integer, bindparam, delete, func, literal_column, or_, select, update
from sqlalchemy.orm import Session

from pms.core import dates, offers
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.db.base import table_of
from pms.db.wire import LATER, finding
from pms.db.work import Work
from pms.services.property.models import Property

from . import clashes  # noqa: F401 - says what stands in the way of what is written here
from .models import Block, Inventory, Room, RoomNight, RoomType

DAY = timedelta(days=1)
AHEAD = 5 * 365 * DAY
"""Nothing is sold or blocked later than this: a later date is a typing error, and every night costs a row per
type."""
_INVENTORY, _NIGHT = table_of(Inventory), table_of(RoomNight)
_COUNT = (
    update(_INVENTORY)
    .where(
        _INVENTORY.c.type_id == bindparam("type"),
        _INVENTORY.c.night == bindparam("on"),
        or_(_INVENTORY.c.by_day.is_(False), bindparam("morning", type_=Integer) == literal_column("0")),
    )
    .values(sold=_INVENTORY.c.sold + bindparam("by"))
)
_RELEASE_LINE = (
    delete(_NIGHT)
    .where(_NIGHT.c.line_id == bindparam("owner"), _NIGHT.c.night >= bindparam("start"))
    .execution_options(**LATER)
)
_RELEASE_BLOCK = (
    delete(_NIGHT)
    .where(_NIGHT.c.block_id == bindparam("owner"), _NIGHT.c.night >= bindparam("start"))
    .execution_options(**LATER)
)


def nights(start: date, end: date) -> list[date]:
    """Return the nights of a stay, ``end`` being the day of departure."""
    return [start + DAY * n for n in range((end - start).days)]


def sell(
    work: Work, type_id: int, wanted: list[date], rooms: int = 1, *, arrival: date | None = None
) -> list[date]:
    """Count ``rooms`` more (or fewer) as sold in each night; the schema refuses what would oversell.

    Returns the days on which somebody was promised a room by day and a guest who came on ``arrival`` is there
    from the morning on: for those the rooms that are left are to be counted.
    """
    if not wanted:
        return []
    morning = [n for n in wanted if arrival is not None and n > arrival and rooms > 0]
    counted = _count(work, type_id, wanted, rooms, morning)
    if counted == len(wanted):
        return []
    if watched := _watched(work, type_id, morning):
        counted += _count(work, type_id, watched, rooms)
    if counted < len(wanted):
        until = work.session.execute(select(Property.inventory_until)).scalar_one()
        missing = [n for n in wanted if n >= until]
        extend(work, max(wanted) + DAY)
        if not missing or counted + _count(work, type_id, missing, rooms) < len(wanted):
            raise _not_sold()
    return watched


def _not_sold() -> Refused:
    return Refused(
        _("This room type is not sold on all of these nights. Choose other dates or another type.")
    )


def _count(work: Work, type_id: int, wanted: list[date], rooms: int, morning: Collection[date] = ()) -> int:
    """Count nights, but none of ``morning`` on which a room is promised by day; returns how many."""
    given = [{"type": type_id, "on": n, "by": rooms, "morning": int(n in morning)} for n in sorted(wanted)]
    made = work.session.connection().execute(
        _COUNT,
        given,
        execution_options=finding(len(wanted)) if rooms < 0 else None,  # what was sold has its night
    )
    return int(made.rowcount)


def _watched(work: Work, type_id: int, days: Collection[date]) -> list[date]:
    i = Inventory
    question = (
        select(i.night).where(i.type_id == type_id, i.night.in_(days), i.by_day).order_by(i.night)
    ).with_for_update()
    return list(work.session.scalars(question)) if days else []


def promise_by_day(work: Work, type_id: int, day: date) -> None:
    """Write down that a room of the type is promised by day; the type's count of that night is held until the
    end of the transaction."""
    i, connection = _INVENTORY.c, work.session.connection()
    told = update(_INVENTORY).where(i.type_id == type_id, i.night == day).values(by_day=True)
    if not connection.execute(told).rowcount:
        extend(work, day + DAY)
        if not connection.execute(told).rowcount:
            raise _not_sold()


def extend(work: Work, until: date) -> None:
    """Write inventory rows for every type up to ``until`` (not in), as many rooms as there are today."""
    extend_to(work, work.hold(Property, 1), until)


def extend_to(work: Work, house: Property, until: date) -> None:
    """Do the same with the hotel's row at hand, locked."""
    start = house.inventory_until
    if start >= until:
        return
    house.inventory_until = until
    work.insert_many(
        Inventory,
        [
            {"type_id": t, "night": n, "total": total, "overbook": overbook, "sold": 0}
            for t, total, overbook in capacities(work.session, allowance=work.setting.options.overbooking)
            for n in nights(start, until)
        ],
    )


def capacities(session: Session, *, allowance: bool) -> list[tuple[int, int, int]]:
    """Return type, number of rooms that are sold and overbooking allowance, by type."""
    sold = Room.active, ~Room.house_use
    rooms = select(Room.type_id, func.count().label("n")).where(*sold).group_by(Room.type_id).subquery()
    found = session.execute(
        select(RoomType.id, func.coalesce(rooms.c.n, 0), RoomType.overbook)
        .outerjoin(rooms, rooms.c.type_id == RoomType.id)
        .order_by(RoomType.id)
    )
    return [(t, n, over if allowance else 0) for t, n, over in found]


def sold_out(work: Work, type_id: int, wanted: list[date]) -> bool:
    """Say whether one of these nights has no room of the type left, the overbooking allowance included."""
    i = Inventory.__table__.c
    return (
        work.session.execute(
            select(i.night)
            .where(i.type_id == type_id, i.night.in_(wanted), i.sold >= i.total + i.overbook)
            .limit(1)
        ).first()
        is not None
    )


def add_rooms(work: Work, type_id: int, start: date, count: int, until: date | None = None) -> None:
    """Raise or lower a type's number of rooms from a night on; refused by the schema when more are sold, and
    while a guest by day would find none."""
    if until is None:  # also in the nights that another desk opens just now
        work.hold(Property, 1)
    i = Inventory.__table__.c
    where = [i.type_id == type_id, i.night >= start]
    if until is not None:
        where.append(i.night < until)
    work.update_many(Inventory, where, {"total": i.total + count})
    if count < 0:
        keep_promises(work, type_id, start, until)


def keep_promises_blocked(work: Work, room: Room, kind: str, start: date, end: date) -> None:
    """Refuse a room on hold, and ask before one goes out of service, while a guest by day would find none."""
    i = Inventory
    days = select(i.night).where(i.type_id == room.type_id, i.night >= start, i.night < end)
    work.lock(days.order_by(i.night).with_for_update())  # nobody is promised a room by day meanwhile
    keep_promises(work, room.type_id, start, end)
    if kind != "OOS":
        return
    asked = work.gather(offers.short_by_day, type_id=room.type_id, start=start, end=end, out_of_service=True)
    for sentence in asked[:1]:
        words = _("Take the room out of service all the same?")
        work.confirm(f"out_of_service:{room.id}", f"{sentence} {words}")


def keep_promises(work: Work, type_id: int, start: date, until: date | None = None) -> None:
    """Refuse fewer rooms than are promised by day."""
    for sentence in work.gather(offers.short_by_day, type_id=type_id, start=start, end=until or date.max):
        raise Refused(sentence)


def hold(
    work: Work, room_id: int, wanted: list[date], *, line_id: int | None = None, block_id: int | None = None
) -> None:
    """Take a room for these nights; the primary key refuses a night that is taken."""
    work.insert_many(
        RoomNight,
        [{"room_id": room_id, "night": n, "line_id": line_id, "block_id": block_id} for n in sorted(wanted)],
    )


def must_be_open(work: Work, room: Room, wanted: list[date], day: date | None = None) -> None:
    """Refuse a room that is closed for good or, for a guest without a night (which holds nothing), blocked on
    that day (None: now)."""
    day = day or work.business_date
    if not room.active:
        raise Refused(_("Room %(room)s is retired. Choose another room.") % {"room": room.number})
    if room.house_use:
        raise Refused(
            _("%(room)s is kept for house use. Under Rooms it can be returned to guest use.")
            % {"room": room.number}
        )
    if not wanted and any(line_id is None for _night, line_id in holders(work, room.id, [day])):
        raise _blocked(work, room, day)


def _blocked(work: Work, room: Room, day: date) -> Refused:
    b = Block
    now = work.session.execute(
        select(b.reason, b.end)
        .where(b.room_id == room.id, b.start <= day, b.end > day, b.lifted_at.is_(None))
        .order_by(b.start)
        .limit(1)
    ).one()
    return Refused(
        _(
            "Room %(room)s is blocked: %(reason)s, until %(end)s. Choose another room, or lift the block "
            "first."
        )
        % {"room": room.number, "reason": now.reason, "end": dates.day(now.end, year=True)}
    )


def free_for(work: Work, room: Room, type_id: int, wanted: list[date]) -> bool:
    """Say whether a room is in use, of this type, and held by nobody in these nights (none: now)."""
    if not room.active or room.type_id != type_id:
        return False
    return not holders(work, room.id, wanted or [work.business_date])


def release(work: Work, *, line_id: int | None = None, block_id: int | None = None, start: date) -> None:
    """Give a room's nights from ``start`` on back."""
    if line_id is not None:
        work.session.execute(_RELEASE_LINE, {"owner": line_id, "start": start})
    else:
        work.session.execute(_RELEASE_BLOCK, {"owner": block_id, "start": start})


def holders(work: Work, room_id: int, wanted: Iterable[date]) -> list[tuple[date, int | None]]:
    """Return who holds the room in these nights: night and booked room (None: a block)."""
    n = RoomNight
    found = work.session.execute(
        select(n.night, n.line_id).where(n.room_id == room_id, n.night.in_(list(wanted))).order_by(n.night)
    )
    return [(row.night, row.line_id) for row in found]
