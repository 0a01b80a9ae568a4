"""What is open in the handover book, and what was closed lately."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from pms.core.offers import Hit, OpenItem
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.services.guests.models import Guest
from pms.services.rooms.models import Room
from pms.services.staff.models import Staff
from pms.services.stays.models import Stay, listed_name

from .models import Message

BEHIND = timedelta(days=14)


@dataclass(frozen=True)
class MessageRow:
    """An entry as it is shown; ``to`` is empty when it is for whoever works next."""

    id: int
    text: str
    to: str
    room: str
    guest: str
    written_at: datetime
    writer: str
    closed_at: datetime | None
    closer: str
    answer: str


def _rows() -> Select[*tuple[Any, ...]]:
    m, to, writer, closer = Message, aliased(Staff), aliased(Staff), aliased(Staff)
    names = [func.coalesce(person.name, "") for person in (to, writer, closer)]
    return (
        select(
            m.id,
            m.text,
            names[0],
            func.coalesce(Room.number, ""),
            func.coalesce(listed_name(), ""),
            m.written_at,
            names[1],
            m.closed_at,
            names[2],
            m.answer,
        )
        .select_from(m)
        .outerjoin(to, to.id == m.for_staff_id)
        .outerjoin(writer, writer.id == m.written_by)
        .outerjoin(closer, closer.id == m.closed_by)
        .outerjoin(Stay, Stay.id == m.stay_id)
        .outerjoin(Room, Room.id == Stay.room_id)
        .outerjoin(Guest, Guest.id == Stay.guest_id)
    )


_ROWS = _rows()
_OPEN = _ROWS.where(Message.closed_at.is_(None)).order_by(Message.id)


@query(Permission.MESSAGES)
def still_open(session: Session) -> list[MessageRow]:
    """Return what is open, the oldest first."""
    return [MessageRow(*row) for row in session.execute(_OPEN)]


@query(Permission.MESSAGES)
def closed(session: Session, *, now: datetime) -> list[MessageRow]:
    """Return what was closed in the last two weeks, the latest first."""
    return [
        MessageRow(*row)
        for row in session.execute(
            _rows()
            .where(Message.closed_at.is_not(None), Message.closed_at >= now - BEHIND)
            .order_by(Message.closed_at.desc())
        )
    ]


@query(Permission.MESSAGES)
def handover(session: Session) -> list[OpenItem]:
    """Return the entries that the next shift takes over."""
    return [
        OpenItem("messages", str(row.id), f"{row.text} ({row.writer})", row.written_at)
        for row in still_open(session)
    ]


@query(Permission.MESSAGES)
def search(session: Session, *, text: str) -> list[Hit]:
    """Find open entries by their words."""
    wanted = text.casefold()
    return [
        Hit(row.text, row.writer, "handover", "messages", {"message_id": row.id})
        for row in still_open(session)
        if wanted in row.text.casefold()
    ][:5]
