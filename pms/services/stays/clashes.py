"""Who is in a room that was wanted."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.core import dates
from pms.core.i18n import _
from pms.core.offers import Offers
from pms.db.clashes import Rows, explained_by
from pms.services.guests.models import Guest
from pms.services.rooms.models import Room

from .models import IN_HOUSE, Stay, listed_name


@explained_by("stay.room_id", "ix_stay_open_room")
def occupied(session: Session, rows: Rows, _index: Offers) -> str:
    """Name the room and its guest."""
    room_id = rows[0].get("room_id")
    inside = session.execute(
        select(Room.number, listed_name().label("name"), Stay.departure)
        .join(Room, Room.id == Stay.room_id)
        .join(Guest, Guest.id == Stay.guest_id)
        .where(IN_HOUSE, Stay.room_id == room_id)
    ).first()
    if inside is None:
        return ""
    return _(
        "%(guest)s is in room %(room)s, due out on %(day)s: check them out first, or choose another room."
    ) % {"guest": inside.name, "room": inside.number, "day": dates.day(inside.departure, year=True)}
