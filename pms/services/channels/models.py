"""Channels through which rooms are sold."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from pms.core.i18n import N_
from pms.db.base import PRIVATE, Table
from pms.db.clashes import clash
from pms.db.sealed import Sealed

PREPAID, AT_HOTEL, CREDIT = "prepaid", "hotel", "credit"
SETTLES = {
    PREPAID: N_("Prepaid to the channel"),
    AT_HOTEL: N_("Paid at the hotel"),
    CREDIT: N_("On the channel's credit"),
}
"""How a channel's orders are paid unless one says otherwise."""
PERIODS = {"week": N_("Weekly"), "half": N_("Half-monthly"), "month": N_("Monthly")}
"""For which period a channel writes its statement."""


class Channel(Table):
    """A channel by its two names; ``commission`` is in basis points of the price; ``ended_on`` the day from
    which nothing is sold through it any more."""

    __tablename__ = "channel"
    number: Mapped[int] = mapped_column(unique=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    search: Mapped[str] = mapped_column(default="", info=PRIVATE)
    settles: Mapped[str] = mapped_column(String(8), default=AT_HOTEL)
    commission: Mapped[int] = mapped_column(default=0)
    period: Mapped[str] = mapped_column(String(8), default="month")
    contact: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(Sealed("number"), default="", info=PRIVATE)
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("rate_plan.id"))
    ended_on: Mapped[date | None]
    __table_args__ = (CheckConstraint("commission >= 0 AND commission <= 10000", name="commission"),)


for _mark in ("uq_channel_code", "channel.code"):
    clash(_mark, N_("Another channel has this code already. Choose another code."))
