"""What came in from channels or went out to them, and which bill it went to; the bills themselves stand with
the folios."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, literal_column
from sqlalchemy.orm import Mapped, mapped_column

from pms.core.i18n import N_
from pms.core.money import Money
from pms.db.base import Table
from pms.db.clashes import clash
from pms.services.channels.models import Channel
from pms.services.debts.book import Book
from pms.services.folios.models import ChannelBill


class ChannelReceipt(Table):
    """What came in from a channel (``method``), below 0 what was paid to it, what was written off, or what
    takes one of them back (``reverses``); append-only in the database itself."""

    __tablename__ = "channel_receipt"
    number: Mapped[int] = mapped_column(unique=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    kind: Mapped[str] = mapped_column(String(10))
    amount: Mapped[Money]
    method: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str]
    transfer_id: Mapped[int] = mapped_column(ForeignKey("transfer.id"), unique=True)
    reverses: Mapped[int | None] = mapped_column(ForeignKey("channel_receipt.id"), unique=True)
    business_date: Mapped[date]
    at: Mapped[datetime]
    clerk_id: Mapped[int | None]
    station: Mapped[str]
    __table_args__ = (
        CheckConstraint("amount <> 0", name="some"),
        Index("ix_channel_receipt_on", "channel_id", "business_date"),
    )


class ChannelAllocation(Table):
    """How much of a receipt went to a bill; append-only in the database itself."""

    __tablename__ = "channel_allocation"
    receipt_id: Mapped[int] = mapped_column(ForeignKey("channel_receipt.id"), index=True)
    bill_id: Mapped[int] = mapped_column(ForeignKey("channel_bill.id"), index=True)
    amount: Mapped[Money]
    __table_args__ = (CheckConstraint("amount <> 0", name="some"),)


OPEN = ChannelBill.left != literal_column("0")
"""Bills of which something is open either way. The value is written out, so that the index serves."""
BOOK = Book(
    ChannelBill,
    ChannelReceipt,
    ChannelAllocation,
    Channel,
    "channel_id",
    "channel_receipt",
    "settlements",
    OPEN,
    (ChannelBill.billed_on, ChannelBill.number),
)

for _mark in ("uq_channel_receipt_reverses", "channel_receipt.reverses"):
    clash(_mark, N_("This receipt was taken back already. Look at the account again."))
