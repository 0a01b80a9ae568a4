"""Wake-up calls and the tries made for them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from pms.core.i18n import N_
from pms.db.base import Table

WAYS = {"call": N_("Call"), "knock": N_("Knock")}
STATES = {
    "due": N_("Due"),
    "answered": N_("Answered"),
    "given_up": N_("No answer"),
    "cancelled": N_("Cancelled"),
}


class WakeUp(Table):
    """One guest to be woken at one moment."""

    __tablename__ = "wake_up"
    stay_id: Mapped[int] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    way: Mapped[str] = mapped_column(String(8), default="call")
    remark: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(String(10), default="due")
    taken_at: Mapped[datetime]
    taken_by: Mapped[int | None]
    __table_args__ = (
        Index(
            "ix_wake_up_due", "at", sqlite_where=text("state = 'due'"), postgresql_where=text("state = 'due'")
        ),
    )


class WakeUpTry(Table):
    """One try: when, by whom, and whether the guest answered."""

    __tablename__ = "wake_up_try"
    wake_up_id: Mapped[int] = mapped_column(ForeignKey("wake_up.id"), index=True)
    at: Mapped[datetime]
    by: Mapped[int | None]
    answered: Mapped[bool]
    note: Mapped[str] = mapped_column(default="")
