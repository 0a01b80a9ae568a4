"""Entries of the handover book."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from pms.db.base import Table


class Message(Table):
    """One entry; without a person it is for whoever works next."""

    __tablename__ = "message"
    text: Mapped[str]
    for_staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    stay_id: Mapped[int | None]
    written_at: Mapped[datetime]
    written_by: Mapped[int | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None]
    answer: Mapped[str] = mapped_column(default="")
    __table_args__ = (
        Index(
            "ix_message_open",
            "id",
            sqlite_where=sql("closed_at IS NULL"),
            postgresql_where=sql("closed_at IS NULL"),
        ),
        Index(
            "ix_message_closed_at",
            "closed_at",
            sqlite_where=sql("closed_at IS NOT NULL"),
            postgresql_where=sql("closed_at IS NOT NULL"),
        ),
    )
