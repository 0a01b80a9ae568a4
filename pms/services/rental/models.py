"""Items for rent, what is out, and what came back."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from pms.core.i18n import N_
from pms.core.money import Money
from pms.db.base import Table
from pms.db.clashes import clash

_OUT = text("pieces_out > 0")


class RentalItem(Table):
    """A kind of thing that is lent: how many the house has, its deposit and its price if one is lost."""

    __tablename__ = "rental_item"
    name: Mapped[str] = mapped_column(unique=True)
    pieces: Mapped[int]
    deposit: Mapped[Money]
    price: Mapped[Money]
    active: Mapped[bool] = mapped_column(default=True)
    __table_args__ = (
        CheckConstraint("pieces >= 0", name="pieces"),
        CheckConstraint("deposit >= 0 AND price >= 0", name="amounts"),
    )


class Rental(Table):
    """Pieces of an item lent to a stay; ``pieces_out`` are still there, ``deposit`` is what was taken for
    all, ``slip`` its number and ``method`` the way it came."""

    __tablename__ = "rental"
    number: Mapped[int] = mapped_column(unique=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("rental_item.id"), index=True)
    stay_id: Mapped[int] = mapped_column(ForeignKey("stay.id"), index=True)
    pieces: Mapped[int]
    pieces_out: Mapped[int]
    deposit: Mapped[Money]
    method: Mapped[str] = mapped_column(String(10), default="")
    slip: Mapped[str] = mapped_column(String(20), default="")
    due_at: Mapped[datetime]
    out_at: Mapped[datetime]
    out_on: Mapped[date]
    out_by: Mapped[int | None]
    __table_args__ = (
        CheckConstraint("pieces > 0", name="some"),
        CheckConstraint("pieces_out >= 0 AND pieces_out <= pieces", name="out"),
        Index("ix_rental_out", "due_at", sqlite_where=_OUT, postgresql_where=_OUT),
    )


class RentalReturn(Table):
    """Pieces that came back or never will: how, what was charged and given back; append-only in the database
    itself."""

    __tablename__ = "rental_return"
    rental_id: Mapped[int] = mapped_column(ForeignKey("rental.id"), index=True)
    pieces: Mapped[int]
    how: Mapped[str] = mapped_column(String(10))
    charged: Mapped[Money]
    refunded: Mapped[Money]
    remark: Mapped[str]
    at: Mapped[datetime]
    business_date: Mapped[date] = mapped_column(index=True)
    clerk_id: Mapped[int | None]
    station: Mapped[str]
    __table_args__ = (CheckConstraint("pieces > 0", name="some"),)


for _mark in ("uq_rental_item_name", "rental_item.name"):
    clash(_mark, N_("There is an item of this name already. Choose another name."))
clash("ck_rental_out", N_("These pieces came back already. Look at the rental again."))
