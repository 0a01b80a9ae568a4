"""The lines of the log as pages and papers show them, and the two hours of a day of chasing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from pms.core import clock
from pms.core.money import Money
from pms.db.work import Setting
from pms.services.guests.models import Guest
from pms.services.rooms.models import Room
from pms.services.staff.models import Staff
from pms.services.stays.models import Stay, listed_name

from .duty import FROM, MANAGER
from .models import ChaseCall


@dataclass(frozen=True)
class ChaseRow:
    """A line of the log; ``by`` is who wrote it."""

    id: int
    stay_id: int
    room: str
    guest: str
    result: str
    until: datetime | None
    amount: Money
    remark: str
    at: datetime
    by: str
    clerk_id: int | None


def begins(s: Setting) -> datetime:
    """Return from when debts are chased on the business date."""
    return clock.at(s.business_date, f"{s.options[FROM]:02}:00", s.zone)


def managers(s: Setting) -> datetime:
    """Return when what is left of the business date goes to the duty manager."""
    return clock.at(s.business_date, f"{s.options[MANAGER]:02}:00", s.zone)


def log() -> Select[*tuple[Any, ...]]:
    """Return the question for lines of the log as ``ChaseRow`` has them."""
    c = ChaseCall
    return (
        select(
            c.id,
            c.stay_id,
            Room.number,
            listed_name(),
            c.result,
            c.until,
            c.amount,
            c.remark,
            c.at,
            func.coalesce(Staff.name, ""),
            c.clerk_id,
        )
        .join(Stay, Stay.id == c.stay_id)
        .join(Room, Room.id == Stay.room_id)
        .join(Guest, Guest.id == Stay.guest_id)
        .outerjoin(Staff, Staff.id == c.clerk_id)
    )
