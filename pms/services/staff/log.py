"""The access log of a span of days, and whether refusals come in a swarm."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from pms.core.offers import Badge
from pms.core.reading import query
from pms.db.books import ask
from pms.services.property.queries import setting

from .access import REFUSALS, Kind
from .duty import ACCESS_READ
from .models import Access, Staff

SWARM, WITHIN = 20, timedelta(minutes=10)
"""So many refusals in so short a time are somebody trying doors."""


@dataclass(frozen=True)
class AccessRow:
    """One line of the log; ``who`` is empty where nobody was signed in."""

    id: int
    at: datetime
    kind: str
    who: str
    station: str
    what: str


@query(ACCESS_READ)
def entries(session: Session, *, start: date, end: date, refusals: bool = False) -> list[AccessRow]:
    """Return the log of the business dates from ``start`` to ``end``, the newest first; ``refusals``: only
    what was refused."""
    a = Access
    kinds = [k.value for k in (REFUSALS if refusals else Kind)]
    rows = session.execute(
        select(a.id, a.at, a.kind, Staff.name, a.station, a.what)
        .outerjoin(Staff, Staff.id == a.clerk_id)
        .where(a.business_date >= start, a.business_date <= end, a.kind.in_(kinds))
        .order_by(a.id.desc())
    )
    return [AccessRow(n, at, kind, name or "", station, what) for n, at, kind, name, station, what in rows]


_REFUSED_TODAY = (
    select(Access.at)
    .where(Access.business_date == bindparam("today"), Access.kind.in_([k.value for k in REFUSALS]))
    .order_by(Access.at.desc())
)


@query(ACCESS_READ)
def badges(session: Session) -> list[Badge]:
    """Count today's refusals where so many came in so short a time that somebody should look."""
    today = setting(session).business_date
    moments = ask(session, _REFUSED_TODAY, today=today).scalars().all()
    swarm = any(late - early <= WITHIN for late, early in zip(moments, moments[SWARM - 1 :], strict=False))
    return [Badge("staff", len(moments) if swarm else 0, "bad" if swarm else "")]
