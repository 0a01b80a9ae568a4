"""The status sheet, its rows, and how differences were cleared."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from pms.core.i18n import N_
from pms.db.base import Table
from pms.db.clashes import clash

PARTS = ("AM", "PM")
_OPEN = text("signed_at IS NULL")


class StatusSheet(Table):
    """One of a day's two sheets; frozen once it is signed."""

    __tablename__ = "status_sheet"
    business_date: Mapped[date]
    part: Mapped[str] = mapped_column(String(2))
    opened_at: Mapped[datetime]
    opened_by: Mapped[int | None]
    signed_at: Mapped[datetime | None]
    signed_by: Mapped[int | None]
    __table_args__ = (
        UniqueConstraint("business_date", "part", name="uq_status_sheet_day"),
        CheckConstraint("part IN ('AM', 'PM')", name="part"),
        Index(
            "ix_status_sheet_unsigned", "business_date", "part", sqlite_where=_OPEN, postgresql_where=_OPEN
        ),
    )


class StatusRow(Table):
    """One room of a sheet: what was seen, what the desk had at that moment, whether it was ``taken`` from the
    desk by one key (None: older than this was kept), and how the room stood before (for undo)."""

    __tablename__ = "status_row"
    sheet_id: Mapped[int] = mapped_column(ForeignKey("status_sheet.id"))
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"))
    number: Mapped[str]
    floor: Mapped[int]
    type_code: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    desk_persons: Mapped[int | None]
    desk_clean: Mapped[str] = mapped_column(String(10))
    desk_block: Mapped[str] = mapped_column(String(4), default="")
    persons: Mapped[int]
    clean: Mapped[str] = mapped_column(String(10))
    remarks: Mapped[list[Any]] = mapped_column(default=list)
    odd: Mapped[str] = mapped_column(String(6), default="")
    taken: Mapped[bool | None]
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime]
    by: Mapped[int | None]
    __table_args__ = (
        UniqueConstraint("sheet_id", "room_id", name="uq_status_row_room"),
        CheckConstraint("persons >= 0", name="persons"),
    )


class Clearing(Table):
    """A difference that was looked into and explained, without the desk having had to change anything;
    append-only."""

    __tablename__ = "clearing"
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"))
    kind: Mapped[str] = mapped_column(String(6))
    desk_persons: Mapped[int | None]
    seen_persons: Mapped[int]
    seen_at: Mapped[datetime | None]
    seen_by: Mapped[int | None]
    action: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str]
    business_date: Mapped[date]
    at: Mapped[datetime]
    by: Mapped[int | None]
    __table_args__ = (Index("ix_clearing_business_date", "business_date"),)


_OPENED = N_("Somebody else has just opened this sheet. Go on in it: it is the same one.")
_TYPED = N_("Somebody else has just recorded this room. Look at the row and type again what differs.")
clash("uq_status_sheet_day", _OPENED)
clash("status_sheet.business_date", _OPENED)
clash("uq_status_row_room", _TYPED)
clash("status_row.sheet_id", _TYPED)
