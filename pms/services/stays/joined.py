"""Joined rooms as pages see them: who is joined with whom, how each stands, and their charges together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, aliased

from pms.core.i18n import _, ngettext
from pms.core.money import show
from pms.core.offers import Reminder
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.services.folios import queries as folio_queries
from pms.services.folios.queries import FolioLine
from pms.services.property.queries import setting
from pms.services.rooms.models import Room

from .asked import stays_asked
from .models import IN_HOUSE, Stay
from .queries import StayRow


@dataclass(frozen=True)
class JoinedLine:
    """A posting on a folio of one of the joined rooms."""

    stay_id: int
    room: str
    line: FolioLine

    @property
    def id(self) -> int:
        """Return a number of its own: a posting between two of them is two lines."""
        return -self.line.id if self.line.charge < 0 else self.line.id


_OWN = aliased(Stay, name="own")
_LEAD = select(_OWN.joined_to).where(_OWN.id == bindparam("stay")).scalar_subquery()
_HERE = (
    stays_asked()
    .where(IN_HOUSE, Stay.joined_to.is_not(None))
    .order_by(Stay.joined_to, Room.floor, Room.number)
)
_PARTY = (
    stays_asked()
    .where(Stay.joined_to.is_not(None), Stay.joined_to == _LEAD)
    .order_by(Stay.state.desc(), Room.floor, Room.number)
)
_BESIDE = (
    select(Room.number)
    .join(Stay, Stay.room_id == Room.id)
    .where(Stay.joined_to.is_not(None), Stay.joined_to == _LEAD, Stay.id != bindparam("stay"), IN_HOUSE)
    .order_by(Room.number)
)


@query(Permission.GUESTS_READ)
def joined_here(session: Session, *, business_date: date) -> list[StayRow]:
    """Return every room in house that is joined with another, those of one party behind each other."""
    return [StayRow(*row) for row in session.execute(_HERE, {"today": business_date})]


@query(Permission.GUESTS_READ)
def party(session: Session, *, stay_id: int, business_date: date) -> list[StayRow]:
    """Return the rooms that a stay is joined with, itself among them, who has left behind the others."""
    rows = session.execute(_PARTY, {"stay": stay_id, "today": business_date})
    return [StayRow(*row) for row in rows]


@query(Permission.GUESTS_READ)
def beside(session: Session, *, stay_id: int) -> list[str]:
    """Return the numbers of the rooms in house that a stay is joined with."""
    return list(session.scalars(_BESIDE, {"stay": stay_id}))


@query(Permission.FOLIOS_READ)
def lines(session: Session, *, stay_ids: Sequence[int]) -> list[JoinedLine]:
    """Return every posting on the folios and deposits of these stays, oldest first."""
    asked = select(Stay.id, Room.number).join(Room, Room.id == Stay.room_id).where(Stay.id.in_(stay_ids))
    rooms: dict[int, str] = {number: room for number, room in session.execute(asked)}
    found = folio_queries.lines_of(session, stay_ids=stay_ids)
    return [JoinedLine(stay_id, rooms[stay_id], line) for stay_id, line in found]


@query(Permission.GUESTS_READ)
def leaving(session: Session, *, stay_id: int) -> list[Reminder]:
    """Say at the check-out with whom a room is joined, and what those who stay owe."""
    if not (rooms := beside(session, stay_id=stay_id)):
        return []
    house = setting(session)
    others = [
        s for s in party(session, stay_id=stay_id, business_date=house.business_date) if s.stay_id != stay_id
    ]
    owed = sum(max(s.balance - s.deposit, 0) for s in others if s.state == "in_house")
    told = ngettext("Joined with %(rooms)s, which stays.", "Joined with %(rooms)s, which stay.", len(rooms))
    said = told % {"rooms": _(", ").join(rooms)}
    if owed:
        said = _("%(joined)s %(sum)s is to pay there.") % {"joined": said, "sum": show(owed, house.digits)}
    return [Reminder(said, "joined", {"stay_id": stay_id})]
