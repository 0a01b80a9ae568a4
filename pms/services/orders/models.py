"""Orders as they were taken in, and what a channel's words for a room mean here."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from pms.core.i18n import N_
from pms.core.money import Money
from pms.db.base import PRIVATE, Table
from pms.db.clashes import clash
from pms.db.sealed import Sealed

NEW, CHANGED, CANCELLED, CANCEL_REQUEST, REFUSED = "new", "changed", "cancelled", "cancel_request", "refused"
STATES = {
    NEW: N_("Booked"),
    CHANGED: N_("Changed"),
    CANCELLED: N_("Cancelled"),
    CANCEL_REQUEST: N_("Asked to cancel"),
    REFUSED: N_("Refused"),
}
_ASKED = text("state = 'cancel_request'")
_TOLD = text("text <> ''")


class ChannelOrder(Table):
    """An order of a channel by its number there, unique with the channel; ``text`` is what was pasted last,
    ``sell``, ``settle`` and ``commission`` are of the whole order. None where nothing is known."""

    __tablename__ = "channel_order"
    number: Mapped[int] = mapped_column(unique=True)
    channel_number: Mapped[int | None]
    reference: Mapped[str | None]
    site: Mapped[str] = mapped_column(String(20), default="")
    state: Mapped[str] = mapped_column(String(16))
    reservation_id: Mapped[int | None] = mapped_column(ForeignKey("reservation.id"), index=True)
    arrival: Mapped[date | None]
    departure: Mapped[date | None]
    rooms: Mapped[int | None]
    payment: Mapped[str] = mapped_column(String(24), default="")
    sell: Mapped[Money | None]
    settle: Mapped[Money | None]
    commission: Mapped[Money | None]
    reason: Mapped[str] = mapped_column(default="")
    text: Mapped[str] = mapped_column(Sealed("number"), default="", info=PRIVATE)
    taken_at: Mapped[datetime]
    taken_on: Mapped[date] = mapped_column(index=True)
    taken_by: Mapped[int | None]
    __table_args__ = (
        UniqueConstraint("channel_number", "reference"),
        Index("ix_channel_order_asked", "number", sqlite_where=_ASKED, postgresql_where=_ASKED),
        Index("ix_channel_order_told", "id", sqlite_where=_TOLD, postgresql_where=_TOLD),
    )


class ChannelRoom(Table):
    """Which room type a channel's words mean; said once by a person."""

    __tablename__ = "channel_room"
    channel_number: Mapped[int]
    words: Mapped[str] = mapped_column(String(200))
    type_id: Mapped[int] = mapped_column(ForeignKey("room_type.id"))
    __table_args__ = (UniqueConstraint("channel_number", "words"),)


for _mark in ("uq_channel_order_channel_number_reference", "channel_order.channel_number"):
    clash(_mark, N_("Another desk has just taken in this order. Look at the list of orders."))
for _mark in ("uq_channel_room_channel_number_words", "channel_room.channel_number"):
    clash(_mark, N_("Another desk has just said what these words mean. Take the order in once more."))
