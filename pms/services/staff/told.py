"""What the trail tells of one record: when a field of it was changed, by whom, from what to what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.base import AuditEntry

from .models import Staff

MOST = 60


@dataclass(frozen=True)
class Told:
    """One change of a record: ``fields`` are what it was and is by column; what is private is ``*``, what is
    new has no before."""

    record: str
    number: int
    at: datetime
    by: str
    fields: Mapping[str, Any]


@query(Permission.GUESTS_READ, Permission.STAFF_EDIT)
def told(session: Session, *, records: Mapping[str, Sequence[int]]) -> list[Told]:
    """Return the changes of records by table and number, the latest first, at most ``MOST``."""
    e = AuditEntry
    wanted = [
        and_(e.record == record, e.record_id.in_(numbers)) for record, numbers in records.items() if numbers
    ]
    if not wanted:
        return []
    rows = session.execute(
        select(e.record, e.record_id, e.at, func.coalesce(Staff.name, ""), e.changes)
        .outerjoin(Staff, Staff.id == e.clerk_id)
        .where(or_(*wanted))
        .order_by(e.id.desc())
        .limit(MOST)
    )
    return [Told(*row) for row in rows]
