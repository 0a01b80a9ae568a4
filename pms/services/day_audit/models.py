"""The register of findings."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from pms.core.money import Money
from pms.db.base import Table


class DayFinding(Table):
    """One finding; ``mark`` is the key of the night audit's finding that it came from, empty for one added by
    day."""

    __tablename__ = "day_finding"
    number: Mapped[int] = mapped_column(unique=True)
    business_date: Mapped[date]
    kind: Mapped[str] = mapped_column(String(16))
    mark: Mapped[str] = mapped_column(default="")
    title: Mapped[str]
    remark: Mapped[str] = mapped_column(default="")
    amount: Mapped[Money] = mapped_column(default=Money(0))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    cause: Mapped[str] = mapped_column(String(12), default="")
    training: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(String(8), default="open")
    found_at: Mapped[datetime]
    found_by: Mapped[int | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None]
    __table_args__ = (
        CheckConstraint("state IN ('open', 'closed')", name="state"),
        CheckConstraint("amount >= 0", name="amount"),
        Index("ix_day_finding_business_date", "business_date"),
        Index(
            "ix_day_finding_open",
            "number",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )
