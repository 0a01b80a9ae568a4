"""The price list, what was damaged, and who has seen it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from pms.core.i18n import N_
from pms.core.money import Money
from pms.db.base import Table
from pms.db.clashes import clash

_UNSEEN = text("seen_at IS NULL")


class DamageItem(Table):
    """A line of the price list: what one piece costs the guest."""

    __tablename__ = "damage_item"
    name: Mapped[str] = mapped_column(unique=True)
    price: Mapped[Money]
    active: Mapped[bool] = mapped_column(default=True)
    __table_args__ = (CheckConstraint("price > 0", name="price"),)


class Damage(Table):
    """Something a guest damaged; nothing of it changes but, once, that one who leads the desk has seen it.

    ``whole`` is the price of all pieces, ``charged`` what the folio was charged by ``transfer_id``: less
    where somebody with authority agreed.
    """

    __tablename__ = "damage"
    number: Mapped[int] = mapped_column(unique=True)
    stay_id: Mapped[int] = mapped_column(ForeignKey("stay.id"), index=True)
    room: Mapped[str]
    item_id: Mapped[int | None] = mapped_column(ForeignKey("damage_item.id"), index=True)
    what: Mapped[str]
    pieces: Mapped[int]
    whole: Mapped[Money]
    charged: Mapped[Money]
    reason: Mapped[str]
    transfer_id: Mapped[int | None] = mapped_column(ForeignKey("transfer.id"), unique=True)
    business_date: Mapped[date] = mapped_column(index=True)
    at: Mapped[datetime]
    clerk_id: Mapped[int | None]
    station: Mapped[str]
    seen_at: Mapped[datetime | None]
    seen_by: Mapped[int | None]
    remark: Mapped[str] = mapped_column(default="")
    __table_args__ = (
        Index("ix_damage_unseen", "number", sqlite_where=_UNSEEN, postgresql_where=_UNSEEN),
        CheckConstraint("pieces > 0", name="some"),
        CheckConstraint("charged >= 0 AND charged <= whole", name="charged"),
    )


for _mark in ("uq_damage_item_name", "damage_item.name"):
    clash(_mark, N_("The price list has this item already. Choose another name."))
