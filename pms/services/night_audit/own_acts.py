"""Findings about what the auditor did: they do not stop the night, the auditor does not approve them, and the
day audit gets them as they are."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache, partial
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from pms.core.errors import Refused
from pms.core.i18n import _, ngettext
from pms.db import wire
from pms.db.work import Work
from pms.services.authority.models import AuthorityUse
from pms.services.stays.models import IN_HOUSE, Stay

from .checks import Check, Finding, Tonight, listed, who
from .models import AuditRun


def found(work: Work, business_date: date, keys: Sequence[str]) -> list[Finding]:
    """Return findings as their checks find them now, each check asked once; refuses where one is not
    there."""
    tonight, there = Tonight(work.session, business_date, work.station), dict[str, Finding]()
    for check in {_check(work, key) for key in keys}:
        if check is not None:
            there |= {one.key: one for one in check(tonight)}
    gone = [key for key in keys if key not in there]
    if gone and len(keys) > 1:
        raise Refused(
            ngettext(
                "%(n)s of them is not found any more, and none is marked. Look at the findings again.",
                "%(n)s of them are not found any more, and none is marked. Look at the findings again.",
                len(gone),
            )
            % {"n": len(gone)}
        )
    if gone:
        raise Refused(_("This is not found tonight, or not any more. Look at the findings again."))
    return [there[key] for key in keys]


def must_be_approvable(work: Work, chosen: Sequence[Finding]) -> None:
    """Refuse what must be cleared, and what the person at work did; of several the first is named."""
    for one in chosen:
        if one.blocking:
            raise _refused(one, _("This must be cleared; it cannot be approved."), chosen)
        if work.clerk.id in one.by:
            raise _refused(one, own(work.clerk.name), chosen)


def _refused(one: Finding, why: str, chosen: Sequence[Finding]) -> Refused:
    """Return why nothing is marked; of several findings it names the one."""
    return Refused(why if len(chosen) == 1 else f"{one.title}: {why}")


def own(name: str) -> str:
    """Say why somebody cannot approve a finding."""
    return _(
        "This is what %(name)s did. Another auditor approves it; without, it goes to the day audit as it is."
    ) % {"name": name}


def mark_of(work: Work, finding: Finding, state: str, remark: str) -> dict[str, Any]:
    """Return what is stored of a mark."""
    check = _check(work, finding.key)
    return {
        "state": state,
        "title": finding.title,
        "remark": remark,
        "by": work.clerk.name,
        "by_id": work.clerk.id,
        "at": work.now.isoformat(),
        "amount": int(finding.amount),
        "register": check.register if check else "other",
    }


def passed_on(work: Work, business_date: date, marks: Mapping[str, Any]) -> dict[str, Any]:
    """Return the marks at the close, with what the auditor did and nobody else has approved as queried, and
    what the day audit gets in any case."""
    passed = {
        finding.key: _queried(work, finding)
        for finding in _passed(work, business_date)
        if (mark := marks.get(finding.key)) is None
        or (mark["state"] == "approved" and mark.get("by_id") in finding.by)
    }
    return {**marks, **passed}


def _queried(work: Work, finding: Finding) -> dict[str, Any]:
    """Return the mark of what nobody else has approved; it names the auditor where it is what they did."""
    if work.clerk.id not in finding.by:
        return mark_of(work, finding, "queried", _("Nobody has approved it before the close."))
    remark = _("Not approved: it is what %(name)s did, who closed the day.") % {"name": work.clerk.name}
    return mark_of(work, finding, "queried", remark) | {"about": work.clerk.id}


def _passed(work: Work, business_date: date) -> Iterator[Finding]:
    """Yield what the auditor did, and what is passed on whoever did it. Only the checks are made that may
    tell of it; they are asked together, for the close waits for them."""
    work.session.flush()
    checks = [check for check in listed(work.offers) if check.acts]
    asked = _asked(checks)
    me = {"clerk": work.clerk.id, "today": business_date}
    answers = work.session.execute(_question(asked), me).one()
    did = {condition for condition, answer in zip(asked, answers, strict=True) if answer}
    looked = partial(_looked, business_date=business_date, station=work.station)
    done = [c for c in checks if c.acts == "always" or (c.acts == "done" and c.did in did)]
    found = wire.ask_all(work.session, [partial(looked, check) for check in done])
    tonight = Tonight(work.session, business_date, work.station)
    rest = ["given"] * (_GAVE in did) + ["trail"] * (_GAVE in did or _AT_WORK in did)
    for check in checks:
        if check.acts in rest:
            done.append(check)
            found.append(check(tonight))
    for check, each in zip(done, found, strict=True):
        always = check.acts == "always"
        yield from (one for one in each if not one.blocking and (always or work.clerk.id in one.by))


def _looked(check: Check, session: Session, *, business_date: date, station: str) -> list[Finding]:
    return list(check(Tonight(session, business_date, station)))


def _asked(checks: Sequence[Check]) -> tuple[ColumnElement[bool], ...]:
    """Return each condition once, under which one of the checks may tell of somebody's acts."""
    return (_GAVE, _AT_WORK, *dict.fromkeys(check.did for check in checks if check.did is not None))


@cache
def _question(asked: tuple[ColumnElement[bool], ...]) -> Select[*tuple[Any, ...]]:
    """Return the question for all of them, made once."""
    columns: Sequence[Any] = asked
    return select(*columns)


def _gave() -> ColumnElement[bool]:
    """Somebody gave something on authority today, or to anybody who is in house: else the prices of a whole
    house need not be held against the list."""
    u = AuthorityUse
    of_them = or_(u.stay_id == Stay.id, u.line_id == Stay.line_id)
    mine = or_(u.clerk_id == bindparam("clerk"), u.by_id == bindparam("clerk"))
    today = exists().where(u.business_date == bindparam("today"), mine)
    return or_(today, exists().where(of_them, IN_HOUSE, mine))


_GAVE = _gave()


def _at_work() -> ColumnElement[bool]:
    """Somebody worked at the desk for anybody who is here, or since the last close."""
    count, day = AuditRun.trail_count, AuditRun.business_date
    last = select(count).where(day < bindparam("today")).order_by(day.desc()).limit(1).scalar_subquery()
    return who.at_work(bindparam("clerk"), func.coalesce(last, 0))


_AT_WORK = _at_work()


def _check(work: Work, key: str) -> Check | None:
    kind = key.partition(":")[0]
    return next((check for check in listed(work.offers) if check.kind == kind), None)
