"""Which calls are due, and what became of the others. No cost here grows with the hotel's history."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pms.core.clock import local
from pms.core.i18n import _
from pms.core.offers import Alarm, Badge, OpenItem
from pms.services.guests.models import Guest
from pms.services.property.queries import setting
from pms.services.rooms.models import Room
from pms.services.stays.models import Stay, listed_name

from .models import STATES, WAYS, WakeUp, WakeUpTry

__all__ = ["STATES", "WAYS", "WakeUpRow", "alarms", "badges", "done", "due", "handover"]

BEHIND = timedelta(days=2)


@dataclass(frozen=True)
class WakeUpRow:
    """A call in a list."""

    id: int
    stay_id: int
    room: str
    guest: str
    at: datetime
    way: str
    remark: str
    state: str
    tries: int
    last_try: datetime | None
    note: str


def _rows() -> object:
    w, t = WakeUp, WakeUpTry
    tries = select(func.count()).where(t.wake_up_id == w.id).correlate(w).scalar_subquery()
    last = select(func.max(t.at)).where(t.wake_up_id == w.id).correlate(w).scalar_subquery()
    note = (
        select(t.note)
        .where(t.wake_up_id == w.id)
        .order_by(t.id.desc())
        .limit(1)
        .correlate(w)
        .scalar_subquery()
    )
    return (
        select(
            w.id,
            w.stay_id,
            Room.number,
            listed_name(),
            w.at,
            w.way,
            w.remark,
            w.state,
            tries,
            last,
            func.coalesce(note, ""),
        )
        .join(Stay, Stay.id == w.stay_id)
        .join(Room, Room.id == Stay.room_id)
        .join(Guest, Guest.id == Stay.guest_id)
    )


def due(session: Session) -> list[WakeUpRow]:
    """Return the calls that are to be made, the next first; those of guests who have left fall away."""
    question = _rows().where(WakeUp.state == "due", Stay.state == "in_house").order_by(WakeUp.at, Room.number)  # type: ignore[attr-defined]
    return [WakeUpRow(*row) for row in session.execute(question)]


def done(session: Session, *, now: datetime) -> list[WakeUpRow]:
    """Return what became of the calls of the last two days, the latest first: the proof for a guest who slept
    on."""
    question = _rows().where(WakeUp.state != "due", WakeUp.at >= now - BEHIND).order_by(WakeUp.at.desc())  # type: ignore[attr-defined]
    return [WakeUpRow(*row) for row in session.execute(question)]


def badges(session: Session) -> list[Badge]:
    """Return how many calls are to be made."""
    return [Badge("wake_ups", len(due(session)))]


def alarms(session: Session, *, now: datetime) -> list[Alarm]:
    """Return the calls whose time has come."""
    return [
        Alarm(
            _("Wake %(room)s %(guest)s now.") % {"room": row.room, "guest": row.guest},
            "wake_ups",
            {"wake_up_id": row.id},
        )
        for row in due(session)
        if row.at <= now
    ]


def handover(session: Session) -> list[OpenItem]:
    """Return the calls that the next shift has to make."""
    zone = setting(session).zone
    return [
        OpenItem("wake_ups", row.room, f"{local(row.at, zone):%m-%d %H:%M} {row.guest}", row.at)
        for row in due(session)
    ]
