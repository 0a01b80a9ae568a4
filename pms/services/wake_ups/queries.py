"""Which calls are due, and what became of the others. No cost here grows with the hotel's history."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pms.core import dates, typed
from pms.core.clock import at, local
from pms.core.i18n import _
from pms.core.offers import AHEAD, MOST_DUE, Alarm, Badge, Due, OpenItem
from pms.core.reading import query
from pms.db.books import ask, once
from pms.services.guests.models import Guest
from pms.services.property.queries import setting
from pms.services.rooms.models import Room
from pms.services.staff.models import Staff
from pms.services.stays.models import IN_HOUSE, Stay, listed_name

from .duty import WAKE_UPS
from .models import STATES, WAYS, WakeUp, WakeUpTry

__all__ = [
    "STATES",
    "WAYS",
    "TryRow",
    "WakeUpRow",
    "alarms",
    "badges",
    "checked",
    "done",
    "due",
    "handover",
    "lodger",
    "next_day",
    "of_stay",
    "tries",
]

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


checked = typed.clock_time


def next_day(hhmm: str, now: datetime, zone: str) -> date:
    """Return the day on which it is next that time by the hotel's clock."""
    today = local(now, zone).date()
    return today if at(today, hhmm, zone) > now else today + timedelta(days=1)


@dataclass(frozen=True)
class Lodger:
    """Who is in a room."""

    stay_id: int
    room: str
    guest: str


@query(WAKE_UPS)
def lodger(session: Session, *, room: str) -> Lodger | None:
    """Return who is in a room now, None when nobody is."""
    row = session.execute(
        select(Stay.id, Room.number, listed_name())
        .join(Room, Room.id == Stay.room_id)
        .join(Guest, Guest.id == Stay.guest_id)
        .where(IN_HOUSE, func.upper(Room.number) == typed.code(room))
    ).first()
    return Lodger(*row) if row else None


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


@query(WAKE_UPS)
def due(session: Session) -> list[WakeUpRow]:
    """Return the calls that are to be made, the next first; those of guests who have left fall away."""
    return once(session, "wake_ups.due", lambda: [WakeUpRow(*row) for row in ask(session, _due())])


@cache
def _due() -> Any:
    return _rows().where(WakeUp.state == "due", Stay.state == "in_house").order_by(WakeUp.at, Room.number)  # type: ignore[attr-defined]


@query(WAKE_UPS)
def done(session: Session, *, now: datetime) -> list[WakeUpRow]:
    """Return what became of the calls of the last two days, the latest first: the proof for a guest who slept
    on."""
    question = _rows().where(WakeUp.state != "due", WakeUp.at >= now - BEHIND).order_by(WakeUp.at.desc())  # type: ignore[attr-defined]
    return [WakeUpRow(*row) for row in session.execute(question)]


@query(WAKE_UPS)
def of_stay(session: Session, *, stay_id: int) -> list[WakeUpRow]:
    """Return the calls of a stay, the next first."""
    question = _rows().where(WakeUp.stay_id == stay_id).order_by(WakeUp.at)  # type: ignore[attr-defined]
    return [WakeUpRow(*row) for row in session.execute(question)]


@dataclass(frozen=True)
class TryRow:
    """One try to wake a guest, or the end of a call that nobody answered."""

    at: datetime
    by: str
    answered: bool
    note: str


@query(WAKE_UPS)
def tries(session: Session, *, wake_up_id: int) -> list[TryRow]:
    """Return the tries of one call, the latest first."""
    t = WakeUpTry
    question = (
        select(t.at, func.coalesce(Staff.name, ""), t.answered, t.note)
        .outerjoin(Staff, Staff.id == t.by)
        .where(t.wake_up_id == wake_up_id)
        .order_by(t.id.desc())
    )
    return [TryRow(*row) for row in session.execute(question)]


@query(WAKE_UPS)
def badges(session: Session) -> list[Badge]:
    """Return how many calls are to be made."""
    return [Badge("wake_ups", len(due(session)))]


@query(WAKE_UPS)
def alarms(session: Session, *, now: datetime) -> list[Alarm]:
    """Return the calls whose time has come."""
    return [
        Alarm(
            _("Wake %(room)s %(guest)s now.") % {"room": row.room, "guest": row.guest},
            "wake_ups",
            {"wake_up_id": row.id},
            row.room,
        )
        for row in due(session)
        if row.at <= now
    ]


@query(WAKE_UPS)
def handover(session: Session) -> list[OpenItem]:
    """Return the calls that the next shift has to make."""
    zone = setting(session).zone
    return [
        OpenItem("wake_ups", row.room, f"{dates.moment(local(row.at, zone))} {row.guest}", row.at)
        for row in due(session)
    ]


@query(WAKE_UPS)
def waiting(session: Session, *, now: datetime) -> list[Due]:
    """Return the calls to be made, the next first."""
    return [
        Due(
            _("Wake %(room)s %(guest)s") % {"room": row.room, "guest": row.guest},
            "wake_ups",
            row.at,
            0,
            {"wake_up_id": row.id},
        )
        for row in due(session)
        if row.at <= now + AHEAD
    ][:MOST_DUE]
