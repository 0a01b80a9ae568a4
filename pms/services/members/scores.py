"""How many points a member has, and how they came and went."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session

from pms.core.i18n import N_, _
from pms.core.money import Money
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.types import summed
from pms.services.staff.models import Staff

from .duty import WORK
from .models import Member, MemberPoints, MemberPointsRow

EARN, SPEND, EXPIRE, BACK = "earned", "spent", "expired", "back"
KINDS = {
    EARN: N_("Points earned"),
    SPEND: N_("Points spent"),
    EXPIRE: N_("Points expired"),
    BACK: N_("Points given back"),
}


@dataclass(frozen=True)
class PointsRow:
    """Points that came or went."""

    id: int
    kind: str
    points: int
    amount: Money
    expires_on: date | None
    reason: str
    at: datetime
    by: str

    @property
    def words(self) -> str:
        """Return what happened, in words."""
        return _(KINDS[self.kind])


@query(WORK)
def points(session: Session, *, member_id: int) -> int:
    """Return how many points a member has."""
    return session.scalar(select(MemberPoints.points).where(MemberPoints.member_id == member_id)) or 0


@query(WORK)
def moves(session: Session, *, member_id: int) -> list[PointsRow]:
    """Return how a member's points came and went, the latest first."""
    r = MemberPointsRow
    by = func.coalesce(Staff.name, "").label("by")
    found = session.execute(
        select(r.id, r.kind, r.points, r.amount, r.expires_on, r.reason, r.at, by)
        .outerjoin(Staff, Staff.id == r.clerk_id)
        .where(r.member_id == member_id)
        .order_by(r.id.desc())
        .limit(100)
    )
    return [PointsRow(**row) for row in found.mappings()]


@query(WORK)
def spent(session: Session, *, member_id: int) -> list[PointsRow]:
    """Return the points that were spent and not given back, the latest first."""
    r = MemberPointsRow
    back = select(r.key).where(r.member_id == member_id, r.kind == BACK)
    returned = {int(key.partition(":")[2]) for key in session.scalars(back)}
    return [
        row for row in moves(session, member_id=member_id) if row.kind == SPEND and row.id not in returned
    ]


@query(Permission.AUDIT_RUN)
def beside_rows(session: Session) -> Sequence[tuple[int, str, int, int]]:
    """Return the members whose points are not the sum of their moves: number, name, what they have, what the
    moves make."""
    p, r, m = MemberPoints, MemberPointsRow, Member
    sums = select(r.member_id, summed(r.points).label("made")).group_by(r.member_id).subquery()
    made = func.coalesce(sums.c.made, 0)
    wrong = session.execute(
        select(m.number, m.name, p.points, made)
        .select_from(p)
        .join(m, m.id == p.member_id)
        .outerjoin(sums, sums.c.member_id == p.member_id)
        .where(p.points != made)
        .order_by(m.number)
    )
    return [(number, name, has, int(total)) for number, name, has, total in wrong]


@query(Permission.AUDIT_RUN)
def earned_twice(session: Session) -> Sequence[tuple[int, str, int]]:
    """Return the members for whom one stay earned more than once: number, name, how many points too many."""
    r, m = MemberPointsRow, Member
    rows = session.execute(
        select(m.number, m.name, summed(r.points) - func.max(r.points))
        .join(m, m.id == r.member_id)
        .where(r.kind == EARN, r.stay_id.is_not(None))
        .group_by(m.number, m.name, r.stay_id)
        .having(func.count() > literal(1))
        .order_by(m.number)
    )
    return [(number, name, int(over)) for number, name, over in rows]
