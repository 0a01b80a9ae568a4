"""What somebody agreed to, and what became of it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from pms.db.base import Table

_UNSEEN = text("how = 'phone' AND seen_at IS NULL AND used_at IS NOT NULL")


class Agreement(Table):
    """One person's word for one act of another: used once, by that act; or their signature (``how``:
    ``password``, ``phone``, ``signature``).

    ``act`` is the seal of the operation and its fields. What was agreed to by phone is open until the person
    has signed for it (``seen_at``). ``delegation_id``: a right to agree was handed over.
    """

    __tablename__ = "approval"
    business_date: Mapped[date]
    at: Mapped[datetime]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    clerk_id: Mapped[int | None]
    station: Mapped[str]
    action: Mapped[str]
    act: Mapped[str] = mapped_column(String(64))
    reasons: Mapped[list[Any]]
    how: Mapped[str] = mapped_column(String(9))
    note: Mapped[str] = mapped_column(default="")
    used_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    delegation_id: Mapped[int | None]
    __table_args__ = (
        Index("ix_approval_business_date", "business_date"),
        Index(
            "ix_approval_unseen",
            "staff_id",
            sqlite_where=_UNSEEN,
            postgresql_where=_UNSEEN,
        ),
    )
