"""About whom a finding is, so that every duty can be asked what it has of them."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.core.offers import About
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.services.property.queries import setting
from pms.services.reservations.models import BookedRoom
from pms.services.staff.models import Staff
from pms.services.stays.models import IN_HOUSE, Stay

from .checks import Finding


@query(Permission.AUDIT_RUN)
def about(session: Session, *, finding: Finding) -> About:
    """Return whom a finding is about: its stay, else the room or booked room that its remedy opens."""
    house, what = setting(session), finding.remedy.what
    it = About(house.business_date, house.zone, house.digits)
    stays = select(Stay.id.label("stay_id"), Stay.room_id, Stay.line_id)
    stay_id, line_id = finding.stay_id or what.get("stay_id"), what.get("line_id")
    if stay_id is not None:
        row = session.execute(stays.where(Stay.id == stay_id)).first()
        return replace(it, **row._mapping) if row else it
    if (room_id := what.get("room_id")) is not None:
        row = session.execute(stays.where(Stay.room_id == room_id, IN_HOUSE)).first()
        return replace(it, **row._mapping) if row else replace(it, room_id=room_id)
    if line_id is not None:
        room = session.scalar(select(BookedRoom.room_id).where(BookedRoom.id == line_id))
        return replace(it, room_id=room, line_id=line_id)
    return it


@query(Permission.AUDIT_RUN)
def names(session: Session, *, numbers: Sequence[int]) -> dict[int, str]:
    """Return the names of the people who did what is told."""
    rows = session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(numbers)))
    return {number: name for number, name in rows}
