"""What stood in the way of a room or of a sale: which room, which night, who has it, what to do."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.core import dates, offers
from pms.core.i18n import N_, _
from pms.db.clashes import Rows, explained_by

from .models import Block, Inventory, Room, RoomNight, RoomType, shown_name

DAY = timedelta(days=1)


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])


@explained_by("room_night.room_id", "pk_room_night")
def room_taken(session: Session, rows: Rows, index: offers.Offers) -> str:
    """Name the room, the first night that is taken, and who has it."""
    number, n = rows[0]["room_id"], RoomNight
    taken = session.execute(
        select(n.night, Room.number, Block.reason, Block.end)
        .join(Room, Room.id == n.room_id)
        .outerjoin(Block, Block.id == n.block_id)
        .where(n.room_id == number, n.night.in_([_day(row["night"]) for row in rows]))
        .order_by(n.night)
        .limit(1)
    ).first()
    if taken is None:
        return ""
    values = {"room": taken.number, "night": dates.day(taken.night, year=True)}
    if taken.reason is not None:
        return _(
            "Room %(room)s is blocked in the night of %(night)s: %(reason)s, until %(end)s. Choose another "
            "room, or lift the block first."
        ) % {**values, "reason": taken.reason, "end": dates.day(taken.end, year=True)}
    who = index.gather(offers.room_users, session, room_id=number, start=taken.night, end=taken.night + DAY)
    return _("Room %(room)s is not free in the night of %(night)s: %(who)s. Choose another room.") % {
        **values,
        "who": who[0] if who else _("another booking has it"),
    }


@explained_by("ck_inventory_oversold")
def type_full(session: Session, rows: Rows, _index: offers.Offers) -> str:
    """Name the type, the night and the numbers; a sale, a room taken out of sale and a smaller allowance are
    each told as what they are."""
    row, i = rows[0], Inventory
    type_id = row.get("type_id", row.get("type"))
    fits = [i.type_id == type_id]
    if "sold" in row or "on" in row:
        fits.append(i.night.in_([_day(one.get("night", one.get("on"))) for one in rows]))
    else:
        fits.append(i.night >= _day(row.get("night", row.get("night_1"))))
    spare = i.total + i.overbook - i.sold
    tight = session.execute(
        select(i.night, i.total, i.overbook, i.sold, shown_name())
        .join(RoomType, RoomType.id == i.type_id)
        .where(*fits)
        .order_by(spare, i.night)
        .limit(1)
    ).first()
    if tight is None:
        return ""
    values = {
        "type": tight.name,
        "night": dates.day(tight.night, year=True),
        "total": tight.total,
        "over": tight.overbook,
        "sold": tight.sold,
    }
    return _(_sentence(row)) % {**values, "least": max(tight.sold - tight.total, 0)}


def _sentence(row: Mapping[str, Any]) -> str:
    if "overbook" in row:
        return N_(
            "%(sold)s rooms of %(type)s are sold in the night of %(night)s and there are %(total)s: the "
            "overbooking allowance cannot be less than %(least)s."
        )
    if "total" in row:
        return N_(
            "%(sold)s rooms of %(type)s are sold in the night of %(night)s and there are %(total)s: none can "
            "be taken out of sale. Move a booking to another type, or choose other dates."
        )
    return N_(
        "%(type)s is sold out in the night of %(night)s: %(sold)s sold, %(total)s rooms, overbooking "
        "by %(over)s allowed. Choose another type or other dates."
    )
