"""Files that were read in, their lines, and what was cleared with a reason."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pms.core.i18n import N_
from pms.core.money import Money
from pms.db.base import Table
from pms.db.clashes import clash


class StatementFile(Table):
    """A file that was read in: whose it is, of which days, what stood in it twice; append-only in the
    database itself. ``digest`` is that of its bytes, ``known`` counts lines that another file had."""

    __tablename__ = "statement"
    source: Mapped[str] = mapped_column(String(10))
    sort: Mapped[str] = mapped_column(String(10))
    merchant: Mapped[str]
    file: Mapped[str]
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    first: Mapped[date]
    last: Mapped[date] = mapped_column(index=True)
    lines: Mapped[int]
    known: Mapped[int]
    doubled: Mapped[list[Any]]
    closing: Mapped[Money | None]
    at: Mapped[datetime]
    business_date: Mapped[date]
    clerk_id: Mapped[int | None]
    station: Mapped[str]
    __table_args__ = (CheckConstraint("first <= last", name="days"),)


class StatementLine(Table):
    """One line of a statement in fen, above 0 into the account; append-only in the database itself. ``key``
    tells it from every other line of its source, so that no file brings it twice."""

    __tablename__ = "statement_line"
    audited = False
    statement_id: Mapped[int] = mapped_column(ForeignKey("statement.id"), index=True)
    source: Mapped[str] = mapped_column(String(10))
    sort: Mapped[str] = mapped_column(String(10))
    key: Mapped[str]
    row: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    day: Mapped[date] = mapped_column(index=True)
    at: Mapped[datetime]
    amount: Mapped[Money]
    gross: Mapped[Money]
    fee: Mapped[Money]
    order_number: Mapped[str]
    trade: Mapped[str]
    refund: Mapped[str]
    refund_trade: Mapped[str]
    text: Mapped[str]
    state: Mapped[str]
    party: Mapped[str]
    __table_args__ = (UniqueConstraint("source", "sort", "key"),)


class StatementClearing(Table):
    """A line of a statement, or a posting, that is left as it is, with the reason; append-only in the
    database itself."""

    __tablename__ = "statement_clearing"
    line_id: Mapped[int | None] = mapped_column(ForeignKey("statement_line.id"), unique=True)
    transfer_id: Mapped[int | None] = mapped_column(ForeignKey("transfer.id"), unique=True)
    reason: Mapped[str]
    at: Mapped[datetime]
    business_date: Mapped[date]
    clerk_id: Mapped[int | None]
    station: Mapped[str]
    __table_args__ = (CheckConstraint("(line_id IS NULL) <> (transfer_id IS NULL)", name="one"),)


class ChannelFile(Table):
    """A channel's statement that was read in: which sort, of which days, what was paid out by which number,
    and what stood in it twice; append-only in the database itself."""

    __tablename__ = "channel_statement"
    channel_number: Mapped[int] = mapped_column(index=True)
    sort: Mapped[str] = mapped_column(String(10))
    file: Mapped[str]
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    first: Mapped[date]
    last: Mapped[date]
    lines: Mapped[int]
    known: Mapped[int]
    total: Mapped[Money]
    paid: Mapped[list[Any]]
    doubled: Mapped[list[Any]]
    at: Mapped[datetime]
    business_date: Mapped[date]
    clerk_id: Mapped[int | None]
    station: Mapped[str]
    __table_args__ = (CheckConstraint("first <= last", name="days"),)


class ChannelFileLine(Table):
    """One line of a channel's statement in fen; append-only in the database itself. ``key`` tells it from
    every other line of its channel, so that no file brings it twice."""

    __tablename__ = "channel_statement_line"
    audited = False
    file_id: Mapped[int] = mapped_column(ForeignKey("channel_statement.id"), index=True)
    channel_number: Mapped[int]
    key: Mapped[str]
    row: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))
    reference: Mapped[str] = mapped_column(index=True)
    amount: Mapped[Money]
    fee: Mapped[Money]
    arrival: Mapped[date | None]
    departure: Mapped[date | None]
    room_nights: Mapped[int]
    guest: Mapped[str]
    text: Mapped[str]
    damaged: Mapped[bool]
    __table_args__ = (UniqueConstraint("channel_number", "key"),)


class ChannelClearing(Table):
    """A line of a channel's statement, or a bill, that is left as it is, with the reason; append-only in the
    database itself."""

    __tablename__ = "channel_clearing"
    line_id: Mapped[int | None] = mapped_column(ForeignKey("channel_statement_line.id"), unique=True)
    bill_id: Mapped[int | None] = mapped_column(ForeignKey("channel_bill.id"), unique=True)
    reason: Mapped[str]
    at: Mapped[datetime]
    business_date: Mapped[date]
    clerk_id: Mapped[int | None]
    station: Mapped[str]
    __table_args__ = (CheckConstraint("(line_id IS NULL) <> (bill_id IS NULL)", name="one"),)


for _mark in ("uq_channel_statement_digest", "channel_statement.digest"):
    clash(_mark, N_("This file has just been read in by another desk. Look at the list of files."))
for _mark in ("uq_channel_statement_line_channel_number_key", "channel_statement_line.channel_number"):
    clash(_mark, N_("Another desk has just read in the same lines. Look at the list of files."))
for _mark in (
    "uq_channel_clearing_line_id",
    "channel_clearing.line_id",
    "uq_channel_clearing_bill_id",
    "channel_clearing.bill_id",
):
    clash(_mark, N_("This line is cleared already. Look at the list again."))
for _mark in ("uq_statement_digest", "statement.digest"):
    clash(_mark, N_("This file has just been read in by another desk. Look at the list of files."))
for _mark in ("uq_statement_line_source_sort_key", "statement_line.source"):
    clash(_mark, N_("Another desk has just read in the same lines. Look at the list of files."))
for _mark in (
    "uq_statement_clearing_line_id",
    "statement_clearing.line_id",
    "uq_statement_clearing_transfer_id",
    "statement_clearing.transfer_id",
):
    clash(_mark, N_("This line is cleared already. Look at the list again."))
