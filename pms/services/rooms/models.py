"""Room types, rooms, who holds which room in which night, blocks, and the counters that make overselling
impossible."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, and_, bindparam, case, false, text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.elements import ColumnElement

from pms.core import i18n
from pms.core.i18n import N_
from pms.db.base import Base, Table
from pms.db.clashes import clash

CLEAN = ("dirty", "clean", "inspected")
BLOCKS = ("OOO", "OOS", "HOLD")
_NOT_LIFTED = text("lifted_at IS NULL")
REMARKS = ("dnd", "make_up", "refused", "double_lock", "light_luggage", "no_luggage", "slept_out")


class RoomType(Table):
    """What is sold; ``overbook`` is how many more than there are may be sold, per night, from now on.

    Screens and papers read ``shown_name``: ``name_zh`` in Chinese where there is one, else ``name``."""

    __tablename__ = "room_type"
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_zh: Mapped[str] = mapped_column(default="", server_default="")
    beds: Mapped[int] = mapped_column(default=1)
    overbook: Mapped[int] = mapped_column(default=0)
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)


def shown_name() -> ColumnElement[str]:
    """Return a room type's name in the language in use when the statement is executed."""
    spoken = bindparam(None, callable_=i18n.language, type_=String(8))
    return case(
        (and_(spoken == "zh_CN", RoomType.name_zh != ""), RoomType.name_zh), else_=RoomType.name
    ).label("name")


class Room(Table):
    """A physical room, how clean it is and what housekeeping last saw in it."""

    __tablename__ = "room"
    number: Mapped[str] = mapped_column(unique=True)
    floor: Mapped[int]
    type_id: Mapped[int] = mapped_column(ForeignKey("room_type.id"), index=True)
    features: Mapped[str] = mapped_column(default="")
    lock_id: Mapped[str] = mapped_column(default="")
    joined: Mapped[str] = mapped_column(default="")
    house_use: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    clean: Mapped[str] = mapped_column(String(10), default="clean")
    seen_persons: Mapped[int | None]
    seen_at: Mapped[datetime | None]
    seen_by: Mapped[int | None]
    remarks: Mapped[list[Any]] = mapped_column(default=list)
    __table_args__ = (CheckConstraint("clean IN ('dirty', 'clean', 'inspected')", name="clean"),)


class RoomNight(Base):
    """Who holds a room in one night: a booked room or a block. The primary key is why no room is ever sold
    twice."""

    __tablename__ = "room_night"
    audited = False
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"), primary_key=True)
    night: Mapped[date] = mapped_column(primary_key=True)
    line_id: Mapped[int | None]
    block_id: Mapped[int | None] = mapped_column(ForeignKey("block.id"))
    __table_args__ = (
        CheckConstraint("(line_id IS NULL) <> (block_id IS NULL)", name="one_owner"),
        Index("ix_room_night_line_id", "line_id"),
        {"sqlite_with_rowid": False},
    )


class Block(Table):
    """A room that is not offered for a time, with the reason and the cleanliness it comes back with."""

    __tablename__ = "block"
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"))
    kind: Mapped[str] = mapped_column(String(4))
    reason: Mapped[str]
    start: Mapped[date]
    end: Mapped[date]
    returns_to: Mapped[str] = mapped_column(String(10), default="dirty")
    by: Mapped[int | None]
    lifted_at: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_block_room_id", "room_id", "end", sqlite_where=_NOT_LIFTED, postgresql_where=_NOT_LIFTED),
        Index("ix_block_end", "end", sqlite_where=_NOT_LIFTED, postgresql_where=_NOT_LIFTED),
    )


class Inventory(Base):
    """How many rooms of a type there are and how many are sold in one night; the CHECK is why no type is ever
    oversold.

    ``by_day``: somebody was promised a room for this day without a night. Whoever sells a night to a guest
    who is there that morning too counts both then; the mark stays, it only says where to look.
    """

    __tablename__ = "inventory"
    audited = False
    type_id: Mapped[int] = mapped_column(ForeignKey("room_type.id"), primary_key=True)
    night: Mapped[date] = mapped_column(primary_key=True)
    total: Mapped[int]
    overbook: Mapped[int]
    sold: Mapped[int] = mapped_column(default=0)
    by_day: Mapped[bool] = mapped_column(default=False, server_default=false())
    __table_args__ = (
        CheckConstraint("sold >= 0", name="sold"),
        CheckConstraint("sold <= total + overbook", name="oversold"),
        {"sqlite_with_rowid": False},
    )


_ROOM_TAKEN = N_("The room was taken for one of these nights in the same moment. Look again.")
_TYPE_FULL = N_("The rooms of this type changed for one of these nights in the same moment. Look again.")
clash("room_night.room_id", _ROOM_TAKEN)
clash("pk_room_night", _ROOM_TAKEN)
clash("ck_inventory_oversold", _TYPE_FULL)
for _mark in ("uq_room_number", "room.number"):
    clash(_mark, N_("Room %(numbers)s is there already."), numbers="number")
for _mark in ("uq_room_type_code", "room_type.code"):
    clash(_mark, N_("The room type %(code)s is there already."), code="code")
