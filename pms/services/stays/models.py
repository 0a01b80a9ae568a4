"""Stays, who shares them and which room they had when."""

import functools
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    String,
    case,
    exists,
    literal_column,
    text,
)
from sqlalchemy.orm import Mapped, aliased, mapped_column

from pms.core.i18n import N_
from pms.db.base import PRIVATE, Table, table_of
from pms.db.clashes import clash
from pms.db.sealed import Sealed, SealedDay, opened
from pms.services.guests.models import HIDDEN, Guest

OPEN = text("state = 'in_house'")


class Stay(Table):
    """One party in one room at a time; ``departure`` is planned until ``departed_on`` is set, ``settled_by``
    is the check-out's key.

    ``planned`` is the departure that one who left early had before, so that a mistaken check-out gives the
    nights back. ``guest_name`` is the first guest as registered; ``pending`` counts who of the party
    has shown no document. ``assigned_id`` is the room that the booking had before the check-in; ``let_in_on``
    is the business date of a check-in whose arrival was closed already.
    """

    __tablename__ = "stay"
    number: Mapped[int] = mapped_column(unique=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("booked_room.id"), index=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"))
    guest_id: Mapped[int] = mapped_column(ForeignKey("guest.id"), index=True)
    guest_name: Mapped[str] = mapped_column(default="", server_default="")
    state: Mapped[str] = mapped_column(String(10), default="in_house")
    kind: Mapped[str] = mapped_column(String(8), default="")
    payer: Mapped[str] = mapped_column(String(8), default="guest", server_default="guest")
    free_until: Mapped[str] = mapped_column(String(5), default="", server_default="")
    """The hour (HH:MM) until which the departure is free by an agreement; empty for the house's."""
    arrival: Mapped[date]
    departure: Mapped[date]
    arrived_at: Mapped[datetime]
    departed_at: Mapped[datetime | None]
    departed_on: Mapped[date | None]
    planned: Mapped[date | None]
    assigned_id: Mapped[int | None]
    let_in_on: Mapped[date | None]
    adults: Mapped[int] = mapped_column(default=1)
    children: Mapped[int] = mapped_column(default=0)
    pending: Mapped[int] = mapped_column(default=0, server_default="0")
    unsettled: Mapped[bool] = mapped_column(default=False)
    settled_by: Mapped[str] = mapped_column(default="")
    remark: Mapped[str] = mapped_column(default="")
    joined_to: Mapped[int | None]
    """The leading stay of the rooms that this one is joined with; its own number for the leading one."""
    __table_args__ = (
        Index(
            "ix_stay_joined_to",
            "joined_to",
            sqlite_where=text("joined_to IS NOT NULL"),
            postgresql_where=text("joined_to IS NOT NULL"),
        ),
        Index("ix_stay_open_room", "room_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_stay_open_departure", "departure", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_stay_departed_on", "departed_on"),
        Index("ix_stay_arrival", "arrival"),
    )


IN_HOUSE = table_of(Stay).c.state == literal_column("'in_house'")
"""An open stay. The value is written out: with a bound one the planner cannot use the indexes that hold open
stays only."""


class Sharer(Table):
    """A guest of a stay as registered: what a guest's own record says later does not change it.

    The first one is the payer unless a folio says otherwise; ``left_on`` is set where one leaves before the
    others. The document is sealed under the guest's key,
    birth, phone and address under the hotel's.
    """

    __tablename__ = "sharer"
    stay_id: Mapped[int] = mapped_column(ForeignKey("stay.id"), index=True)
    guest_id: Mapped[int] = mapped_column(ForeignKey("guest.id"), index=True)
    first: Mapped[bool] = mapped_column(default=False)
    came_at: Mapped[datetime | None]
    left_on: Mapped[date | None]
    left_at: Mapped[datetime | None]
    name: Mapped[str] = mapped_column(default="", server_default="")
    sex: Mapped[str] = mapped_column(String(1), default="", server_default="")
    birth: Mapped[date | None] = mapped_column(SealedDay, info=PRIVATE)
    nationality: Mapped[str] = mapped_column(String(3), default="", server_default="")
    ethnic: Mapped[str] = mapped_column(default="", server_default="", info=PRIVATE)
    phone: Mapped[str] = mapped_column(Sealed, default="", server_default="", info=PRIVATE)
    address: Mapped[str] = mapped_column(Sealed, default="", server_default="", info=PRIVATE)
    document_type: Mapped[str] = mapped_column(default="", server_default="")
    document_state: Mapped[str] = mapped_column(String(3), default="", server_default="")
    document: Mapped[str] = mapped_column(default="", server_default="", info=PRIVATE)
    document_shown: Mapped[str] = mapped_column(default="", server_default="", info=PRIVATE)
    document_until: Mapped[date | None] = mapped_column(info=PRIVATE)
    overseas: Mapped[str | None] = mapped_column(info=PRIVATE)
    identity: Mapped[str] = mapped_column(String(8), default="pending", server_default="pending")


def listed_name(name: Any = None) -> ColumnElement[str]:
    """Return the name of a stay's guest as lists and papers that others see show it: not the name of one who
    is not to be disclosed. The question joins ``Guest`` to the stay."""
    return case((Guest.do_not_disclose, HIDDEN), else_=Stay.guest_name if name is None else name)


def secret(stay_id: Any) -> ColumnElement[bool]:
    """Say whether the guest of the stay that a record belongs to is not to be disclosed."""
    s, g = _its_guest()
    return exists().where(s.id == stay_id, g.id == s.guest_id, g.do_not_disclose)


@functools.cache
def _its_guest() -> tuple[type[Stay], type[Guest]]:
    """Every search asks this a score of times, and an alias is dear to make."""
    return aliased(Stay), aliased(Guest)


def kept_name(name: Any, stay_id: Any) -> ColumnElement[str]:
    """Return a guest's name that another record keeps (a tag, a found thing, a night's snapshot) as lists and
    papers that others see show it, by the stay it belongs to."""
    return case((secret(stay_id), HIDDEN), else_=name)


def listed_phone() -> ColumnElement[str]:
    """Return the guest's phone likewise."""
    return case((Guest.do_not_disclose, literal_column("''")), else_=opened(Guest.phone))


REGISTERED = (
    "name",
    "sex",
    "birth",
    "nationality",
    "ethnic",
    "phone",
    "address",
    "document_type",
    "document_state",
    "document",
    "document_shown",
    "document_until",
    "overseas",
    "identity",
)
"""What is written down of a guest with a stay."""


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


class StayChange(Table):
    """How a stay in house stood before its room, its departure or its prices were changed, so that the change
    can be taken back on the same business date.

    ``nights`` are the prices from the business date on, ``cards`` how many were out, ``clean`` the state that
    the room had; ``new_room_id`` and ``new_departure`` say what it became.
    """

    __tablename__ = "stay_change"
    stay_id: Mapped[int] = mapped_column(ForeignKey("stay.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    business_date: Mapped[date] = mapped_column(index=True)
    at: Mapped[datetime]
    clerk_id: Mapped[int | None]
    reason: Mapped[str] = mapped_column(default="")
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"))
    new_room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"))
    departure: Mapped[date]
    new_departure: Mapped[date | None]
    type_id: Mapped[int] = mapped_column(ForeignKey("room_type.id"))
    clean: Mapped[str] = mapped_column(String(10))
    cards: Mapped[int] = mapped_column(default=0)
    nights: Mapped[list[Any]]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[int | None]
    undone_reason: Mapped[str] = mapped_column(default="")


_OCCUPIED = N_("Somebody is in this room: check them out or choose another room.")
clash("stay.room_id", _OCCUPIED)
clash("ix_stay_open_room", _OCCUPIED)
