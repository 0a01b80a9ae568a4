"""The audit's run and the snapshot that all figures come from."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from pms.core.money import Money
from pms.db.base import Base

STEPS = ("look", "rehearse", "close", "report", "backup", "done")


class AuditRun(Base):
    """How far the audit of one business date is; the row is the lock between two auditors.

    ``warned_…``: when and from which workstation the others were told that the close comes, and how many
    seconds it leaves them.
    ``budget_…``: the month's budget as it stood at the close.
    ``paper_…``: the entry of the trail whose signs stand on last night's audit record (empty where nobody is
    asked for them, 0 where the trail has no such entry), what was typed, whether it was right and at which
    try, by whom and when.
    """

    __tablename__ = "audit_run"
    business_date: Mapped[date] = mapped_column(primary_key=True)
    step: Mapped[str] = mapped_column(String(10), default="look")
    started_at: Mapped[datetime]
    started_by: Mapped[int | None]
    station: Mapped[str]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None]
    done_at: Mapped[datetime | None]
    postings: Mapped[int] = mapped_column(default=0)
    total: Mapped[Money] = mapped_column(default=Money(0))
    no_shows: Mapped[int] = mapped_column(default=0)
    marks: Mapped[dict[str, Any]] = mapped_column(default=dict)
    trail_count: Mapped[int] = mapped_column(default=0)
    trail_head: Mapped[str] = mapped_column(default="")
    warned_at: Mapped[datetime | None]
    warned_from: Mapped[str | None]
    warned_for: Mapped[int | None]
    budget_sold: Mapped[int | None]
    budget_revenue: Mapped[Money | None]
    paper_entry: Mapped[int | None]
    paper_signs: Mapped[str | None] = mapped_column(String(6))
    paper_right: Mapped[bool | None]
    paper_tries: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    paper_by: Mapped[int | None]
    paper_at: Mapped[datetime | None]


class NightStay(Base):
    """One room sold in one night, as it was at the close: the snapshot that nights and revenue are counted
    from.

    ``price`` is what the guest pays, ``net`` what the house has of it without the tax and service charge that
    it includes. The last five are empty in the nights that were closed before they were kept.
    """

    __tablename__ = "night_stay"
    audited = False
    business_date: Mapped[date] = mapped_column(primary_key=True)
    stay_id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int]
    type_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(8))
    price: Mapped[Money]
    heads: Mapped[int]
    source: Mapped[str] = mapped_column(String(32))
    room: Mapped[str | None]
    guest: Mapped[str | None]
    departure: Mapped[date | None]
    segment: Mapped[str | None] = mapped_column(String(16))
    net: Mapped[Money | None]
    __table_args__ = (Index("ix_night_stay_stay_id", "stay_id"), {"sqlite_with_rowid": False})


class NightPart(Base):
    """What one stay used of a room on a business date beside a night of its own: an early arrival, half
    and full days that were charged, or a night charged after its close.

    ``halves`` counts half days, at most two; ``revenue`` is room revenue, less what was taken back that day.
    """

    __tablename__ = "night_part"
    audited = False
    business_date: Mapped[date] = mapped_column(primary_key=True)
    stay_id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int]
    type_id: Mapped[int]
    halves: Mapped[int]
    revenue: Mapped[Money]
    source: Mapped[str] = mapped_column(String(32))
    segment: Mapped[str] = mapped_column(String(16))
    room: Mapped[str]
    guest: Mapped[str]
    __table_args__ = ({"sqlite_with_rowid": False},)


class NightFigure(Base):
    """The day's counts and sums of one room type, and its rack rate: 0 where the price list had none, empty
    before it was kept.

    ``halves`` are half days sold beside the nights, ``revenue`` is that of both.
    """

    __tablename__ = "night_figure"
    audited = False
    business_date: Mapped[date] = mapped_column(primary_key=True)
    type_id: Mapped[int] = mapped_column(ForeignKey("room_type.id"), primary_key=True)
    rooms: Mapped[int]
    out_of_order: Mapped[int]
    house_use: Mapped[int]
    sold: Mapped[int]
    complimentary: Mapped[int]
    revenue: Mapped[Money]
    arrivals: Mapped[int]
    departures: Mapped[int]
    no_shows: Mapped[int]
    rack: Mapped[Money | None]
    halves: Mapped[int | None]
    __table_args__ = ({"sqlite_with_rowid": False},)


class NightShare(Base):
    """What one source brought at one kind of price on a business date, nights and parts of days together:
    sums of the snapshot, written after the close."""

    __tablename__ = "night_share"
    audited = False
    business_date: Mapped[date] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(32), primary_key=True)
    segment: Mapped[str] = mapped_column(String(16), primary_key=True)
    sold: Mapped[int]
    halves: Mapped[int]
    revenue: Mapped[Money]
    __table_args__ = ({"sqlite_with_rowid": False},)


class NightLoss(Base):
    """A booking of the day that did not become a stay, as it was at the close; it may be reinstated
    afterwards."""

    __tablename__ = "night_loss"
    audited = False
    business_date: Mapped[date] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    guest: Mapped[str]
    type_code: Mapped[str]
    arrival: Mapped[date]
    departure: Mapped[date]
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str]
    __table_args__ = ({"sqlite_with_rowid": False},)
