"""Rate plans and their prices."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from pms.core.i18n import N_
from pms.core.money import Money
from pms.db.base import Table
from pms.db.clashes import clash


class RatePlan(Table):
    """A way to price; a derived plan is a per cent or an amount off its base plan."""

    __tablename__ = "rate_plan"
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(String(16))
    base_id: Mapped[int | None] = mapped_column(ForeignKey("rate_plan.id"))
    basis_points: Mapped[int] = mapped_column(default=10000)
    amount_off: Mapped[Money] = mapped_column(default=Money(0))
    unit: Mapped[int] = mapped_column(default=100)
    conditions: Mapped[str] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(default=True)


class RatePrice(Table):
    """What a plan asks for one type from a date to a date (both in) on some weekdays; the row made last
    wins."""

    __tablename__ = "rate_price"
    plan_id: Mapped[int] = mapped_column(ForeignKey("rate_plan.id"))
    type_id: Mapped[int] = mapped_column(ForeignKey("room_type.id"))
    start: Mapped[date]
    end: Mapped[date]
    weekdays: Mapped[int] = mapped_column(default=127)
    price: Mapped[Money]
    __table_args__ = (
        Index("ix_rate_price_plan_id_type_id", "plan_id", "type_id", "end"),
        CheckConstraint('"start" <= "end"', name="period"),
    )


for _mark in ("uq_rate_plan_code", "rate_plan.code"):
    clash(_mark, N_("The rate plan %(code)s is there already."), code="code")
