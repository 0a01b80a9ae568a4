"""When a business date may be closed, and whether the clock that says so can be believed."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pms.core import dates
from pms.core.clock import at, local
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.offers import AHEAD, Due
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db import presence
from pms.db.base import AuditEntry, Workplace
from pms.db.work import Setting, Work
from pms.services.property.queries import setting

from .models import AuditRun

DAY = timedelta(days=1)
MISSED = "missed_days"
"""The token by which a person says that more than one day is to be closed."""
BACK = timedelta(hours=1)
"""Workstations' own clocks differ by less."""
SILENT = timedelta(hours=12)
"""A hotel that wrote nothing for so long has stood still, or its clock has jumped."""


def opens_at(business_date: date, rules: Setting) -> datetime:
    """Return the moment from which a business date may be closed."""
    return at(business_date + DAY, rules.options.close_from, rules.zone)


def days_over(business_date: date, now: datetime, rules: Setting) -> int:
    """Return how many business dates are over and wait to be closed."""
    days = (local(now, rules.zone).date() - business_date).days
    return max(days if now >= opens_at(business_date + DAY * (days - 1), rules) else days - 1, 0)


@query(Permission.AUDIT_RUN)
def opening(session: Session, *, business_date: date, now: datetime) -> tuple[datetime, int]:
    """Return from when a business date may be closed, and how many are over from it on."""
    rules = setting(session)
    return opens_at(business_date, rules), days_over(business_date, now, rules)


def hold_to_clock(work: Work, business_date: date) -> None:
    """Refuse to begin or to close a business date that is not over by the hotel's clock."""
    opens = opens_at(business_date, work.setting)
    if work.now < opens:
        raise Refused(
            _(
                "%(day)s is not over: its audit begins on %(from)s, and it is %(now)s by this computer's "
                "clock."
            )
            % {
                "day": dates.day(business_date, year=True),
                "from": _moment(opens, work.setting.zone),
                "now": _moment(work.now, work.setting.zone),
            }
        )


def ask_missed(work: Work, business_date: date) -> None:
    """Go on with several days over only by a person's word: a wrong clock must not close a month."""
    days = days_over(business_date, work.now, work.setting)
    if days > 1:
        work.confirm(
            MISSED,
            _(
                "%(n)s days wait to be closed, for it is %(now)s by this computer's clock. Is the clock "
                "right? Then begin with %(day)s; they are closed one by one."
            )
            % {
                "n": days,
                "now": _moment(work.now, work.setting.zone),
                "day": dates.day(business_date, year=True),
            },
        )


def _moment(moment: datetime, zone: str) -> str:
    return dates.moment(local(moment, zone), year=True)


# ------------------------------------------------------------------ without a person
@query(Permission.AUDIT_RUN)
def why_not_alone(session: Session, *, now: datetime) -> str:
    """Return why no day may be closed without a person, empty where it may: the clock is not believed, or
    more than one day waits."""
    return _doubt(session, now, setting(session).zone) or several(session, now=now)


@query(Permission.AUDIT_RUN)
def several(session: Session, *, now: datetime) -> str:
    """Return what to do where more than one day waits, empty where none or one does."""
    rules = setting(session)
    days = days_over(rules.business_date, now, rules)
    if days <= 1:
        return ""
    return _(
        "%(n)s days wait to be closed by this computer's clock (%(now)s). More than one is closed only by a "
        "person: check the clock, then close them on the night audit's page, or with "
        "“pms audit --days %(n)s”."
    ) % {"n": days, "now": _moment(now, rules.zone)}


def _doubt(session: Session, now: datetime, zone: str) -> str:
    """Hold the clock against what was written since the last close, in the order it was written, against the
    programs at work and against the server."""
    server = presence.moment(session, now)
    if abs(server - now) > BACK:
        return _(
            "This computer's clock says %(now)s, the database server's says %(other)s. Set them right."
        ) % {
            "now": _moment(now, zone),
            "other": _moment(server, zone),
        }
    before: datetime | None = None
    for moment in _written(session, now):
        if before is not None and moment < before - BACK:
            return _("This computer's clock went back, from %(before)s to %(now)s. Set it right.") % {
                "before": _moment(before, zone),
                "now": _moment(moment, zone),
            }
        if before is not None and moment > before + SILENT:
            return _(
                "Nothing was written between %(before)s and %(now)s: this computer's clock has jumped, or "
                "the hotel stood still. Check the clock."
            ) % {"before": _moment(before, zone), "now": _moment(moment, zone)}
        before = moment
    return ""


def _written(session: Session, now: datetime) -> Iterator[datetime]:
    """Yield the moments since the last close as they were written, the last sign of a program at work, and
    now."""
    last = session.execute(
        select(AuditRun.closed_at, AuditRun.trail_count)
        .where(AuditRun.closed_at.is_not(None))
        .order_by(AuditRun.business_date.desc())
        .limit(1)
    ).first()
    if last is not None:
        yield last.closed_at
    latest = last.closed_at if last else None
    for latest in session.scalars(
        select(AuditEntry.at).where(AuditEntry.id > (last.trail_count if last else 0)).order_by(AuditEntry.id)
    ):
        yield latest
    seen = session.execute(select(func.max(Workplace.seen_at))).scalar()
    if seen is not None and (latest is None or seen > latest):  # an older one is of a program that died
        yield seen
    yield now


@query(Permission.AUDIT_RUN)
def waiting(session: Session, *, now: datetime) -> list[Due]:
    """Return the close of the day, from the moment that it may be begun."""
    rules = setting(session)
    opens = opens_at(rules.business_date, rules)
    if opens > now + AHEAD:
        return []
    return [
        Due(
            _("Night audit of %(day)s") % {"day": dates.day(rules.business_date)},
            "night_audit",
            opens,
            0,
        )
    ]
