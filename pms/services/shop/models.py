"""Goods, sales, every move of stock, and requests to buy."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from pms.core.i18n import N_
from pms.core.money import Money
from pms.db.base import Base, Table
from pms.db.clashes import clash

_OPEN = text("state = 'open'")


class ShopGood(Table):
    """Something the shop sells; ``price`` and ``cost`` are per unit, ``par`` is how many should be there."""

    __tablename__ = "shop_good"
    name: Mapped[str]
    search: Mapped[str] = mapped_column(default="")
    barcode: Mapped[str | None] = mapped_column(unique=True)
    unit: Mapped[str] = mapped_column(default="")
    price: Mapped[Money]
    cost: Mapped[Money] = mapped_column(default=Money(0))
    par: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)
    __table_args__ = (CheckConstraint("price >= 0 AND cost >= 0 AND par >= 0", name="not_negative"),)


class ShopCost(Table):
    """What one unit of a good costs the house from a moment on; append-only in the database itself."""

    __tablename__ = "shop_cost"
    good_id: Mapped[int] = mapped_column(ForeignKey("shop_good.id"))
    cost: Mapped[Money]
    reference: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    business_date: Mapped[date]
    clerk_id: Mapped[int | None]
    __table_args__ = (
        CheckConstraint("cost >= 0", name="not_negative"),
        Index("ix_shop_cost_good_id", "good_id", "id"),
    )


class ShopSale(Table):
    """One receipt: a sale, or a return that names the sale; append-only in the database itself. A return's
    ``total`` is negative."""

    __tablename__ = "shop_sale"
    number: Mapped[int] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(String(8))
    method: Mapped[str] = mapped_column(String(8))
    stay_id: Mapped[int | None] = mapped_column(ForeignKey("stay.id"), index=True)
    total: Mapped[Money]
    tax: Mapped[Money] = mapped_column(default=Money(0))
    of_sale_id: Mapped[int | None] = mapped_column(ForeignKey("shop_sale.id"), index=True)
    reason: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    business_date: Mapped[date] = mapped_column(index=True)
    clerk_id: Mapped[int | None]
    station: Mapped[str]


class ShopMove(Table):
    """Some of a good in (above 0) or out (below 0), at which price and cost, why; append-only in the database
    itself."""

    __tablename__ = "shop_move"
    good_id: Mapped[int] = mapped_column(ForeignKey("shop_good.id"))
    kind: Mapped[str] = mapped_column(String(8))
    quantity: Mapped[int]
    price: Mapped[Money] = mapped_column(default=Money(0))
    cost: Mapped[Money] = mapped_column(default=Money(0))
    sale_id: Mapped[int | None] = mapped_column(ForeignKey("shop_sale.id"), index=True)
    of_move_id: Mapped[int | None] = mapped_column(ForeignKey("shop_move.id"), index=True)
    reason: Mapped[str] = mapped_column(default="")
    reference: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    business_date: Mapped[date] = mapped_column(index=True)
    clerk_id: Mapped[int | None]
    station: Mapped[str]
    __table_args__ = (
        CheckConstraint("quantity <> 0", name="quantity"),
        Index("ix_shop_move_good_id", "good_id", "id"),
    )


class ShopStock(Base):
    """How many of a good there are: the sum of its moves, carried forward with each of them."""

    __tablename__ = "shop_stock"
    audited = False
    good_id: Mapped[int] = mapped_column(ForeignKey("shop_good.id"), primary_key=True)
    quantity: Mapped[int] = mapped_column(default=0)


class PurchaseRequest(Table):
    """A list of what should be bought."""

    __tablename__ = "purchase_request"
    number: Mapped[int] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(String(8), default="open")
    remark: Mapped[str] = mapped_column(default="")
    asked_at: Mapped[datetime]
    business_date: Mapped[date]
    asked_by: Mapped[int | None]
    closed_at: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_purchase_request_open", "number", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )


class PurchaseLine(Table):
    """How many of one good to buy, and how many there were when it was asked for."""

    __tablename__ = "purchase_line"
    request_id: Mapped[int] = mapped_column(ForeignKey("purchase_request.id"), index=True)
    good_id: Mapped[int] = mapped_column(ForeignKey("shop_good.id"))
    stock: Mapped[int]
    quantity: Mapped[int]
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity"),)


_KNOWN = N_("Another article has this barcode already.")
clash("shop_good.barcode", _KNOWN)
clash("uq_shop_good_barcode", _KNOWN)
