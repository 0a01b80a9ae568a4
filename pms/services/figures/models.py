"""The budget."""

from datetime import date

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pms.core.money import Money
from pms.db.base import Base


class Budget(Base):
    """What a month is meant to bring; ``month`` is its first day."""

    __tablename__ = "budget"
    month: Mapped[date] = mapped_column(primary_key=True)
    sold: Mapped[int]
    revenue: Mapped[Money]
    __table_args__ = (CheckConstraint("sold >= 0 AND revenue >= 0", name="positive"),)
