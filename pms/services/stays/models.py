"""Stays, who shares them and which room they had when."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, literal_column, text
from sqlalchemy.orm import Mapped, mapped_column

from pms.core.i18n import N_
from pms.db.base import Table, table_of
from pms.db.office import clash

OPEN = text("state = 'in_house'")


class Stay(Table):
    """One party in one room at a time; ``departure`` is planned until ``departed_on`` is set, ``settled_by``
    is the check-out's key.

    ``planned`` is the departure that one who left early had before, so that a mistaken check-out gives the
    nights back.
    """

    __tablename__ = "stay"
    number: Mapped[int] = mapped_column(unique=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("booked_room.id"), index=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"))
    guest_id: Mapped[int] = mapped_column(ForeignKey("guest.id"), index=True)
    state: Mapped[str] = mapped_column(String(10), default="in_house")
    kind: Mapped[str] = mapped_column(String(8), default="")
    arrival: Mapped[date]
    departure: Mapped[date]
    arrived_at: Mapped[datetime]
    departed_at: Mapped[datetime | None]
    departed_on: Mapped[date | None]
    planned: Mapped[date | None]
    adults: Mapped[int] = mapped_column(default=1)
    children: Mapped[int] = mapped_column(default=0)
    unsettled: Mapped[bool] = mapped_column(default=False)
    settled_by: Mapped[str] = mapped_column(default="")
    remark: Mapped[str] = mapped_column(default="")
    __table_args__ = (
        Index("ix_stay_open_room", "room_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_stay_open_departure", "departure", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_stay_departed_on", "departed_on"),
        Index("ix_stay_arrival", "arrival"),
    )


IN_HOUSE = table_of(Stay).c.state == literal_column("'in_house'")
"""An open stay. The value is written out: with a bound one the planner cannot use the indexes that hold open
stays only."""


class Sharer(Table):
    """A guest of a stay; the first one is the payer unless a folio says otherwise."""

    __tablename__ = "sharer"
    stay_id: Mapped[int] = mapped_column(ForeignKey("stay.id"), index=True)
    guest_id: Mapped[int] = mapped_column(ForeignKey("guest.id"), index=True)
    first: Mapped[bool] = mapped_column(default=False)
    left_on: Mapped[date | None]


class Segment(Table):
    """The nights [start, end) that a stay has in one room; nights sold are counted from these, never from
    postings."""

    __tablename__ = "segment"
    stay_id: Mapped[int] = mapped_column(ForeignKey("stay.id"), index=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"))
    type_id: Mapped[int] = mapped_column(ForeignKey("room_type.id"))
    start: Mapped[date]
    end: Mapped[date]
    reason: Mapped[str] = mapped_column(default="")


_OCCUPIED = N_("Somebody is in this room: check them out or choose another room.")
clash("stay.room_id", _OCCUPIED)
clash("ix_stay_open_room", _OCCUPIED)
