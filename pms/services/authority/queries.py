"""Read the table of authority, and what was used of it."""

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.core.authority import Kind, Limit
from pms.core.money import Money
from pms.core.permissions import RANKS, Permission
from pms.core.reading import query
from pms.db.types import summed
from pms.services.staff.models import Role

from .duty import AUTHORITY_EDIT
from .models import AuthorityLimit, AuthorityUse


@dataclass(frozen=True)
class RoleLimits:
    """A role, whether it may approve what others do, and its limits by kind."""

    code: str
    name: str
    approves: bool
    limits: dict[Kind, Limit]


@dataclass(frozen=True)
class Use:
    """One act that needed authority, as it was written down."""

    id: int
    at: datetime
    kind: Kind
    what: str
    percent: Fraction | None
    amount: Money
    clerk_id: int | None
    by_id: int | None
    line_id: int | None
    stay_id: int | None


@query(Permission.APPROVE, AUTHORITY_EDIT)
def table(session: Session) -> list[RoleLimits]:
    """Return every role with its limits, the lowest rank first."""
    known = {str(kind) for kind in Kind}
    limits: dict[str, dict[Kind, Limit]] = {}
    a = AuthorityLimit
    for code, kind, percent, amount, until, month in session.execute(
        select(a.role_code, a.kind, a.percent, a.amount, a.until, a.month)
    ):
        if kind in known:
            limits.setdefault(code, {})[Kind(kind)] = Limit(percent, amount, until, month)
    found = [
        RoleLimits(code, name, Permission.APPROVE in rights, limits.get(code, {}))
        for code, name, rights in session.execute(select(Role.code, Role.name, Role.rights))
    ]
    ranks = list(RANKS)
    return sorted(found, key=lambda row: ranks.index(row.code) if row.code in ranks else len(ranks))


@query(Permission.APPROVE, AUTHORITY_EDIT)
def used(session: Session, *, by_id: int, kind: Kind, since: date) -> Money:
    """Return what was given away on a person's authority in one kind of act since a day."""
    u = AuthorityUse
    return Money(
        int(
            session.execute(
                select(summed(u.amount)).where(u.by_id == by_id, u.kind == kind, u.business_date >= since)
            ).scalar_one()
        )
    )


@query(Permission.APPROVE, AUTHORITY_EDIT)
def uses(session: Session, *, business_date: date) -> list[Use]:
    """Return what needed authority on a day, in its order."""
    u = AuthorityUse
    known = {str(kind) for kind in Kind}
    return [
        Use(
            row.id,
            row.at,
            Kind(row.kind),
            row.what,
            None if row.percent is None else Fraction(row.percent, 100),
            row.amount,
            row.clerk_id,
            row.by_id,
            row.line_id,
            row.stay_id,
        )
        for row in session.execute(
            select(
                u.id,
                u.at,
                u.kind,
                u.what,
                u.percent,
                u.amount,
                u.clerk_id,
                u.by_id,
                u.line_id,
                u.stay_id,
            )
            .where(u.business_date == business_date)
            .order_by(u.id)
        )
        if row.kind in known
    ]
