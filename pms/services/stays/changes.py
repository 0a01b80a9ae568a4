"""What was changed of a stay in house, with how it stood before: what the desk may take back on the same
business date."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from pms.core import dates
from pms.core.i18n import _
from pms.core.money import Money
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.work import Work
from pms.services.cards import queries as cards
from pms.services.rates.pricing import NightPrice
from pms.services.reservations.models import BookedRoom, NightRate
from pms.services.rooms.models import Room

from .models import Stay, StayChange

ROOM, DAYS, PRICE = "room", "days", "price"


@dataclass(frozen=True)
class LastChange:
    """The latest change of a stay that can be taken back."""

    id: int
    kind: str
    words: str


def remember(
    work: Work,
    stay: Stay,
    line: BookedRoom,
    room: Room,
    kind: str,
    *,
    reason: str = "",
    new_room_id: int | None = None,
    new_departure: date | None = None,
) -> None:
    """Write down how a stay stands before it is changed."""
    nights = work.session.execute(
        select(NightRate.night, NightRate.price, NightRate.rule)
        .where(NightRate.line_id == line.id, NightRate.night >= work.business_date)
        .order_by(NightRate.night)
    )
    work.insert_one(
        StayChange,
        stay_id=stay.id,
        kind=kind,
        business_date=work.business_date,
        at=work.now,
        clerk_id=work.clerk.id or None,
        reason=reason.strip(),
        room_id=room.id,
        new_room_id=new_room_id,
        departure=stay.departure,
        new_departure=new_departure,
        type_id=line.counted_type_id,
        clean=room.clean,
        cards=cards.live(work.session, stay_id=stay.id),
        nights=[[n.night.isoformat(), int(n.price), n.rule] for n in nights],
    )


def nights_before(change: StayChange) -> list[NightPrice]:
    """Return the nights from the change's business date on as they were before it."""
    return [NightPrice(date.fromisoformat(night), Money(price), rule) for night, price, rule in change.nights]


@query(Permission.GUESTS_READ)
def latest(session: Session, stay_id: int) -> StayChange | None:
    """Return the latest change of a stay that has not been taken back."""
    c = StayChange
    return session.scalars(
        select(c).where(c.stay_id == stay_id, c.undone_at.is_(None)).order_by(c.id.desc()).limit(1)
    ).first()


@query(Permission.GUESTS_READ)
def last_change(session: Session, *, stay_id: int, business_date: date) -> LastChange | None:
    """Return what can be taken back of a stay in house, None where nothing was changed on this business
    date."""
    c, old, new = StayChange, aliased(Room), aliased(Room)
    found = session.execute(
        select(c, old.number, new.number)
        .join(old, old.id == c.room_id)
        .outerjoin(new, new.id == c.new_room_id)
        .where(c.stay_id == stay_id, c.undone_at.is_(None))
        .order_by(c.id.desc())
        .limit(1)
    ).first()
    if found is None or found[0].business_date != business_date:
        return None
    change, room, new_room = found
    return LastChange(change.id, change.kind, words(change, room, new_room or ""))


def words(change: StayChange, room: str, new_room: str) -> str:
    """Say in a line what was changed."""
    values: dict[str, Any] = {"room": room, "new": new_room, "reason": change.reason}
    if change.kind == ROOM:
        return _("Room change %(room)s \u2192 %(new)s") % values
    if change.kind == PRICE:
        return _("Price change: %(reason)s") % values
    becomes = change.new_departure or change.departure
    values = {"was": dates.day(change.departure), "day": dates.day(becomes)}
    if becomes > change.departure:
        return _("Extension from %(was)s to %(day)s") % values
    return _("Shortening from %(was)s to %(day)s") % values
