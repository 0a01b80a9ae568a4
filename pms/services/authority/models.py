"""The limits of each role, and what was given away under them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from pms.core.money import Money
from pms.db.base import Base, Table


class AuthorityLimit(Base):
    """How far a role may go alone in one kind of act; no row: not at all, an empty column: without bound."""

    __tablename__ = "authority_limit"
    audited = False  # the operation notes the whole table of a kind, before and after
    role_code: Mapped[str] = mapped_column(ForeignKey("role.code"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    percent: Mapped[int | None]
    amount: Mapped[Money | None]
    until: Mapped[str] = mapped_column(String(5), default="")
    month: Mapped[Money | None]
    __table_args__ = (CheckConstraint("percent BETWEEN 0 AND 100", name="percent"),)


class AuthorityUse(Table):
    """One act that needed authority: who did it, on whose authority, how much; append-only.

    ``delegation_id``: the authority was handed over, by the person that ``by_id`` names. ``percent`` is
    hundredths of a per cent, rounded up.
    """

    __tablename__ = "authority_use"
    business_date: Mapped[date]
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(16))
    what: Mapped[str]
    percent: Mapped[int | None]
    amount: Mapped[Money]
    clerk_id: Mapped[int | None]
    by_id: Mapped[int | None]
    action: Mapped[str]
    line_id: Mapped[int | None]
    stay_id: Mapped[int | None]
    delegation_id: Mapped[int | None]
    __table_args__ = (
        Index("ix_authority_use_business_date", "business_date"),
        Index("ix_authority_use_by_id", "by_id", "kind", "business_date"),
        Index("ix_authority_use_stay_id", "stay_id"),
        Index("ix_authority_use_line_id", "line_id"),
    )


_LIVE = text("withdrawn_at IS NULL")


class Delegation(Table):
    """What one person hands over to another for a period: rights, and kinds of acts up to the limits of the
    giver's role; it adds to what the taker may do, and never to what the giver's role holds.

    ``last_day`` is the day on which it ends, held against the business date. A delegation changes only by
    being withdrawn, once.
    """

    __tablename__ = "delegation"
    business_date: Mapped[date]
    at: Mapped[datetime]
    giver_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    taker_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    start: Mapped[datetime]
    until: Mapped[datetime]
    last_day: Mapped[date]
    rights: Mapped[list[Any]]
    kinds: Mapped[list[Any]]
    reason: Mapped[str]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None]
    __table_args__ = (Index("ix_delegation_live", "taker_id", sqlite_where=_LIVE, postgresql_where=_LIVE),)
