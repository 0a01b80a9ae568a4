"""Weeks and months, and what was written about them."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pms.core.i18n import N_, _
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.services.night_audit.models import AuditRun
from pms.services.staff.models import Staff

from .models import PeriodReport

WEEK, MONTH = "week", "month"
NAMES = {WEEK: N_("Weekly report"), MONTH: N_("Monthly report")}
DAY = timedelta(days=1)


@dataclass(frozen=True)
class ReportRow:
    """A week or month with what is written about it; ``closed``: all its days are, so that it may be
    signed; ``days`` is how many there are figures of."""

    kind: str
    start: date
    end: date
    closed: bool
    days: int = 0
    text: str = ""
    plan: str = ""
    writer: str = ""
    number: int | None = None
    signed_by: str = ""
    signed_at: datetime | None = None

    @property
    def part(self) -> str:
        """Say how much of it there is, nothing where all of it is."""
        return part_of(self.kind, self.start, self.end, self.days)

    @property
    def key(self) -> tuple[str, date]:
        """Return what names it."""
        return self.kind, self.start


def span(kind: str, day: date) -> tuple[date, date]:
    """Return first and last day of the week (Monday to Sunday) or month that a day lies in."""
    if kind == WEEK:
        monday = day - DAY * day.weekday()
        return monday, monday + 6 * DAY
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])


def part_of(kind: str, start: date, end: date, days: int) -> str:
    """Say of a week or month that is not complete how many of its days have been closed."""
    whole = (end - start).days + 1
    if days >= whole:
        return ""
    words = (
        _("part of a week: %(n)s of %(whole)s days")
        if kind == WEEK
        else _("part of a month: %(n)s of %(whole)s days")
    )
    return words % {"n": days, "whole": whole}


def before(kind: str, start: date) -> tuple[date, date]:
    """Return the week or month before the one that begins on ``start``."""
    return span(kind, start - DAY)


def last_year(kind: str, start: date) -> tuple[date, date]:
    """Return the same month a year before, or the week of the same weekdays."""
    return span(kind, start - 364 * DAY) if kind == WEEK else span(kind, start.replace(year=start.year - 1))


@query(Permission.REPORTS_READ)
def reports(session: Session, *, kind: str, business_date: date, limit: int = 27) -> list[ReportRow]:
    """Return the weeks or months since the hotel's first closed day, the latest first, with what is written
    about them."""
    first = session.scalar(select(func.min(AuditRun.business_date)).where(AuditRun.closed_at.is_not(None)))
    if first is None:
        return []
    p = PeriodReport
    written = {
        row.start: row
        for row in session.execute(
            select(
                p.start,
                p.text,
                p.plan,
                func.coalesce(Staff.name, "").label("writer"),
                p.number,
                p.signed_by,
                p.signed_at,
            )
            .outerjoin(Staff, Staff.id == p.written_by)
            .where(p.kind == kind)
            .order_by(p.start.desc())
            .limit(limit)
        )
    }
    spans: list[tuple[date, date]] = []
    start, end = span(kind, business_date)
    while len(spans) < limit and end >= first:
        spans.append((start, end))
        start, end = before(kind, start)
    closed = _closed_days(session, spans[-1][0] if spans else business_date)
    return [
        _row(kind, a, b, b < business_date, sum(a <= day <= b for day in closed), written.get(a))
        for a, b in spans
    ]


def _closed_days(session: Session, since: date) -> list[date]:
    r = AuditRun
    rows = session.scalars(select(r.business_date).where(r.closed_at.is_not(None), r.business_date >= since))
    return list(rows)


def _row(kind: str, start: date, end: date, closed: bool, days: int, row: Any) -> ReportRow:
    if row is None:
        return ReportRow(kind, start, end, closed, days)
    return ReportRow(
        kind,
        start,
        end,
        closed,
        days,
        row.text,
        row.plan,
        row.writer,
        row.number,
        row.signed_by or "",
        row.signed_at,
    )


@query(Permission.REPORTS_READ)
def signed_paper(session: Session, *, kind: str, start: date) -> dict[str, Any] | None:
    """Return the document of a signed report as it was kept; None while it is not signed."""
    found: dict[str, Any] | None = session.scalar(
        select(PeriodReport.paper).where(PeriodReport.kind == kind, PeriodReport.start == start)
    )
    return found
