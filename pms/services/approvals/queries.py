"""What was agreed to, by whom and how; what is open; and how often each person agreed to each kind of act."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, literal_column, select
from sqlalchemy.orm import Session, aliased

from pms.core.i18n import _
from pms.core.money import Money
from pms.core.offers import MOST_DUE, Badge, Due
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.books import once
from pms.services.authority.models import Delegation
from pms.services.staff.models import Staff

from .models import Agreement

OPEN = (
    Agreement.how == literal_column("'phone'"),
    Agreement.seen_at.is_(None),
    Agreement.used_at.is_not(None),
)
"""Agreed to by phone and not signed for; the value is written out, so that the index of open ones serves."""


@dataclass(frozen=True)
class ApprovalRow:
    """One person's word, as lists show it; ``whats`` and ``amounts`` go together."""

    id: int
    business_date: date
    at: datetime
    by_id: int
    by: str
    clerk: str
    station: str
    action: str
    how: str
    note: str
    whats: tuple[str, ...]
    amounts: tuple[int | None, ...]
    seen_at: datetime | None
    lender: str = ""
    """On whose authority, where the right to agree was handed over."""
    clerk_id: int | None = None

    @property
    def amount(self) -> Money:
        """Return the money it is about in all."""
        return Money(sum(abs(amount or 0) for amount in self.amounts))

    @property
    def open(self) -> bool:
        """Say whether it was agreed to by phone and not signed for yet."""
        return self.how == "phone" and self.seen_at is None


@query(Permission.APPROVE)
def used(session: Session, *, start: date, end: date) -> list[ApprovalRow]:
    """Return what was agreed to and done on the days from ``start`` to ``end``, the newest first."""
    a = Agreement
    return list(_rows(session, a.used_at.is_not(None), a.business_date >= start, a.business_date <= end))


@query(Permission.APPROVE)
def unsigned(session: Session) -> list[ApprovalRow]:
    """Return what was agreed to by phone and is not signed for, the oldest first."""
    return once(session, "approvals.unsigned", lambda: list(_rows(session, *OPEN))[::-1])


@cache
def _question() -> Select[*tuple[Any, ...]]:
    a, clerk, lender = Agreement, aliased(Staff), aliased(Staff)
    return (
        select(a, Staff.name, clerk.name, lender.name)
        .join(Staff, Staff.id == a.staff_id)
        .outerjoin(clerk, clerk.id == a.clerk_id)
        .outerjoin(Delegation, Delegation.id == a.delegation_id)
        .outerjoin(lender, lender.id == Delegation.giver_id)
    )


def _rows(session: Session, *where: object) -> Iterator[ApprovalRow]:
    rows = session.execute(_question().where(*where)).all()  # type: ignore[arg-type]
    # put in order here: asked for in order, every approval there ever was would be walked through
    for given, by, asked, lent in sorted(rows, key=lambda row: -row[0].id):
        yield ApprovalRow(
            given.id,
            given.business_date,
            given.at,
            given.staff_id,
            by,
            asked or "",
            given.station,
            given.action,
            given.how,
            given.note,
            tuple(what for _right, what, _amount in given.reasons),
            tuple(amount for _right, _what, amount in given.reasons),
            given.seen_at,
            lent or "",
            given.clerk_id,
        )


@query(Permission.APPROVE)
def badges(session: Session) -> list[Badge]:
    """Count what was agreed to by phone and waits to be signed for."""
    waiting = unsigned(session)
    return [Badge("approvals", len(waiting), "warn" if waiting else "")]


@query(Permission.APPROVE)
def waiting(session: Session, *, now: datetime) -> list[Due]:
    """Return what was agreed to by phone and is to be signed for, the oldest first, with its sum."""
    return [
        Due(
            _("Sign for %(who)s: %(what)s") % {"who": r.by, "what": r.whats[0] if r.whats else r.action},
            "approvals",
            r.at,
            1,
            {"approval_id": r.id},
            r.amount or None,
        )
        for r in unsigned(session)
        if r.at <= now
    ][:MOST_DUE]
