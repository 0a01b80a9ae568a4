"""Room cards."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, literal_column, text
from sqlalchemy.orm import Mapped, mapped_column

from pms.db.base import Table, table_of

LIVE_STATES = ("pending", "failed", "valid")
_LIVE = text("state IN ('pending', 'failed', 'valid')")


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
            "state",
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
    )


LIVE = table_of(Card).c.state.in_([literal_column(f"'{state}'") for state in LIVE_STATES])
"""Cards that have not come back and have not ended. The values are written out, for the index of live cards.
"""
