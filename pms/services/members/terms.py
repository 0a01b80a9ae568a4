"""The level that nights and points within twelve months bring, raised at the close of the day on which a stay
ended, looked at again when its term is over."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from pms.core.i18n import _
from pms.db.types import summed
from pms.db.work import Work
from pms.services.folios.models import Transfer

from .models import Member, MemberLevel, MemberPointsRow, MemberStay
from .register import note, shown_level

YEAR = timedelta(days=365)


def later(start: date, months: int) -> date:
    """Return the day so many months later, the last of a month where it is shorter."""
    at = start.month - 1 + months
    year, month = start.year + at // 12, at % 12 + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def running_out(session: Session, business_date: date) -> Sequence[int]:
    """Return the members whose term of an earned level ends on a day."""
    v, m = MemberLevel, Member
    over = select(m.id).join(v, v.id == m.level_id)
    over = over.where(m.ended_on.is_(None), m.valid_until == business_date, _earned_level())
    return session.scalars(over.order_by(m.id)).all()


def settle(work: Work, business_date: date, stayed: set[int], ran_out: set[int]) -> None:
    """Raise those whose nights or points bring a higher level; at the end of a term that is earned, let it
    begin again, or lower the level to what the last twelve months bring."""
    v, m = MemberLevel, Member
    if not stayed and not ran_out:
        return
    levels = work.session.scalars(select(v).where(v.active).order_by(v.position, v.id)).all()
    if not any(one.nights_needed or one.points_needed for one in levels):
        return
    wanted = select(m).where(m.id.in_(stayed | ran_out), m.ended_on.is_(None), m.suspended == "")
    held = wanted.order_by(m.id).with_for_update(key_share=True).execution_options(populate_existing=True)
    for member in work.session.scalars(held).all():
        _settle(work, business_date, member, levels, ends=member.id in ran_out)


def _earned_level() -> ColumnElement[bool]:
    return or_(MemberLevel.nights_needed > 0, MemberLevel.points_needed > 0)


def _settle(
    work: Work, business_date: date, member: Member, levels: Iterable[MemberLevel], *, ends: bool
) -> None:
    now = work.session.get_one(MemberLevel, member.level_id)
    nights = _nights(work, member.id, business_date - YEAR)
    points = _points(work, member.id, business_date - YEAR)
    brought = [
        one
        for one in levels
        if (one.nights_needed and nights >= one.nights_needed)
        or (one.points_needed and points >= one.points_needed)
    ]
    free = [one for one in levels if not one.nights_needed and not one.points_needed]
    best = max(brought, key=lambda one: one.position, default=None)
    if best is not None and (best.position > now.position or (ends and best.id == now.id)):
        _give(work, business_date, member, now, best)
    elif ends:
        lower = [one for one in (*brought, *free) if one.position < now.position]
        if lower:
            _give(work, business_date, member, now, max(lower, key=lambda one: one.position))


def _give(work: Work, business_date: date, member: Member, now: MemberLevel, level: MemberLevel) -> None:
    """Give a level for a new term and write it down."""
    member.level_id = level.id
    member.valid_until = later(business_date, level.months_valid) if level.months_valid else None
    told = shown_level(level) if level.id == now.id else f"{shown_level(now)} → {shown_level(level)}"
    kind = "renewed" if level.id == now.id else "level"
    note(work, member.id, kind, _(", ").join((told, _("by the rule of the house"))))
    work.touch("members")


def _nights(work: Work, member_id: int, since: date) -> int:
    """Return how many nights a member has paid for since a day."""
    t, undone = Transfer, aliased(Transfer)
    return (
        work.session.scalar(
            select(func.count())
            .select_from(MemberStay)
            .join(t, t.stay_id == MemberStay.stay_id)
            .where(
                MemberStay.member_id == member_id,
                t.code == "ROOM",
                t.reverses.is_(None),
                t.business_date > since,
                ~exists().where(undone.reverses == t.id),
            )
        )
        or 0
    )


def _points(work: Work, member_id: int, since: date) -> int:
    """Return how many points a member has earned since a day."""
    r = MemberPointsRow
    mine = r.member_id == member_id, r.kind == "earned", r.business_date > since
    return int(work.session.scalar(select(summed(r.points)).where(*mine)) or 0)
