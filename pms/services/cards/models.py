"""Room cards."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from pms.db.base import Table


class Card(Table):
    """One card for one room, good from a moment to a moment."""

    __tablename__ = "card"
    stay_id: Mapped[int | None]
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"))
    station: Mapped[str] = mapped_column(default="")
    kind: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10), default="valid")
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime]
    uid: Mapped[str] = mapped_column(default="")
    trouble: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    issued_at: Mapped[datetime]
    issued_by: Mapped[int | None]
    ended_at: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_card_stay_id", "stay_id"),
        Index(
            "ix_card_live",
            "room_id",
            sqlite_where=text("state = 'valid'"),
            postgresql_where=text("state = 'valid'"),
        ),
    )
