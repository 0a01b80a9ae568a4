"""Reports of a week or a month."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pms.core.i18n import N_
from pms.db.base import Table
from pms.db.clashes import clash


class PeriodReport(Table):
    """What was written about one week or month; ``paper`` is the whole document as it was signed."""

    __tablename__ = "period_report"
    kind: Mapped[str] = mapped_column(String(5))
    start: Mapped[date]
    text: Mapped[str] = mapped_column(default="")
    plan: Mapped[str] = mapped_column(default="")
    written_at: Mapped[datetime]
    written_by: Mapped[int | None]
    number: Mapped[int | None] = mapped_column(unique=True)
    paper: Mapped[dict[str, Any] | None]
    signed_by: Mapped[str | None]
    signed_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("kind", "start"),
        CheckConstraint("kind IN ('week', 'month')", name="kind"),
    )


for _mark in ("uq_period_report_kind_start", "period_report.kind"):
    clash(
        _mark, N_("Somebody else has just begun to write about this period. Open it again and go on there.")
    )
