"""Shifts, their counts and their handovers."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, literal_column
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from pms.core.i18n import N_
from pms.core.money import Money
from pms.db.base import Table, table_of
from pms.db.clashes import clash

_LIVE = sql("state <> 'closed'")
_DIFFERS = sql("over_short <> 0")


class Shift(Table):
    """One person at one drawer; ``left`` is what stays in the drawer as the next float, ``shop`` the count of
    the shelf as it was explained.

    Frozen once it is closed.
    """

    __tablename__ = "shift"
    number: Mapped[int] = mapped_column(unique=True)
    station: Mapped[str]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    clerk_id: Mapped[int]
    state: Mapped[str] = mapped_column(String(8), default="open")
    business_date: Mapped[date]
    opened_at: Mapped[datetime]
    float_amount: Mapped[Money]
    expected: Mapped[Money | None]
    counted: Mapped[Money | None]
    over_short: Mapped[Money] = mapped_column(default=Money(0))
    reason: Mapped[str] = mapped_column(default="")
    left: Mapped[Money] = mapped_column(default=Money(0))
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None]
    shop: Mapped[list[Any] | None] = mapped_column(default=None)
    __table_args__ = (
        CheckConstraint("state IN ('open', 'counted', 'closed')", name="state"),
        CheckConstraint("float_amount >= 0", name="float_amount"),
        Index("ix_shift_live", "station", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("ix_shift_station", "station", "number"),
        Index("ix_shift_over_short", "business_date", sqlite_where=_DIFFERS, postgresql_where=_DIFFERS),
    )


LIVE = table_of(Shift).c.state != literal_column("'closed'")
"""Shifts that are not closed. The value is written out, for the index of live shifts."""
OVER_OR_SHORT = table_of(Shift).c.over_short != literal_column("0")
"""Shifts whose drawer differed; written out likewise."""


class ShiftCount(Table):
    """One blind count by denomination, with what the books said at that moment; every one is kept,
    append-only."""

    __tablename__ = "shift_count"
    shift_id: Mapped[int] = mapped_column(ForeignKey("shift.id"), index=True)
    pieces: Mapped[dict[str, Any]]
    total: Mapped[Money]
    expected: Mapped[Money]
    at: Mapped[datetime]
    by: Mapped[int | None]


class ShelfCount(Table):
    """One blind count of the shop for a shift, with what the books held and the latest move at that moment;
    every one is kept, append-only."""

    __tablename__ = "shelf_count"
    shift_id: Mapped[int] = mapped_column(ForeignKey("shift.id"), index=True)
    lines: Mapped[list[Any]]
    last_move: Mapped[int]
    at: Mapped[datetime]
    by: Mapped[int | None]


class DrawerOpening(Table):
    """A drawer opened although no money came in or went out: why, when, by whom; append-only."""

    __tablename__ = "drawer_opening"
    shift_id: Mapped[int] = mapped_column(ForeignKey("shift.id"), index=True)
    reason: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[int | None]


class Handover(Table):
    """What one person handed to the next, as it was accepted: figures and open items; append-only."""

    __tablename__ = "handover"
    number: Mapped[int] = mapped_column(unique=True)
    shift_id: Mapped[int] = mapped_column(ForeignKey("shift.id"), unique=True)
    next_shift_id: Mapped[int] = mapped_column(ForeignKey("shift.id"))
    business_date: Mapped[date]
    at: Mapped[datetime]
    given_by: Mapped[str]
    taken_by: Mapped[str]
    figures: Mapped[dict[str, Any]]
    items: Mapped[list[Any]]


_OPENED = N_("A shift is open at this workstation already. Close it before the next one begins.")
_TAKEN = N_("Somebody else has just taken this shift over.")
clash("ix_shift_live", _OPENED)
clash("shift.station", _OPENED)
clash("handover.shift_id", _TAKEN)
clash("uq_handover_shift_id", _TAKEN)
