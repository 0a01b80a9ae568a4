"""The seal of a closed day: the close covers every row it leaves behind with a digest in the audit trail, and
``verify`` makes it again."""

import hashlib
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, String, bindparam, func, literal, select, union_all
from sqlalchemy.orm import Session

from pms.core.i18n import N_, _
from pms.db import written
from pms.db.base import AuditEntry, Base, table_of
from pms.db.work import Work
from pms.services.folios.models import AccountDay, LedgerDay, Transfer
from pms.services.property.models import Property

from .models import AuditRun, NightFigure, NightLoss, NightPart, NightStay

SEAL, BASE = "closed_day", "days_before"
"""What the trail's entries are named: the seal of one day, and that of all the days before the first one."""
TABLES: tuple[tuple[type[Base], str], ...] = (
    (Transfer, N_("postings")),
    (NightStay, N_("rooms sold")),
    (NightPart, N_("parts of days sold")),
    (NightFigure, N_("figures of the room types")),
    (NightLoss, N_("bookings lost")),
    (AccountDay, N_("accounts' balances")),
    (LedgerDay, N_("trial balance")),
)
DAY = timedelta(days=1)


def _rows(record: type[Base]) -> tuple[ColumnElement[date], ColumnElement[str]]:
    """Return a table's business date, and all its rows of it as one text: a line each, in no order."""
    table = table_of(record)
    return table.c.business_date, func.aggregate_strings(written.as_text(table.columns), "\n")


def _of_day() -> Select[Any]:
    """Return the question for every row of a day, of all tables in one round trip."""
    questions = []
    for record, _words in TABLES:
        day, lines = _rows(record)
        name = literal(record.__tablename__, String, literal_execute=True)
        questions.append(select(name.label("name"), lines.label("lines")).where(day == bindparam("day")))
    found = union_all(*questions).subquery()
    return select(found.c.name, found.c.lines)


_OF_DAY = _of_day()
_SEALS = (
    select(AuditEntry.record, AuditEntry.business_date, AuditEntry.changes)
    .where(AuditEntry.record.in_((SEAL, BASE)))
    .order_by(AuditEntry.id)
)


def seal(work: Work, day: date, *, unsealed: bool) -> None:
    """Cover what the close of a day leaves behind; ``unsealed``: the days before it too, as they stand,
    because an earlier release closed them."""
    if unsealed:
        before = {name: folded(days(work.session, record, day)) for record, name in _named()}
        work.note(BASE, {"until": (day - DAY).isoformat(), **before})
    found = work.session.execute(_OF_DAY, {"day": day})
    work.note(SEAL, {name: _told(lines) for name, lines in found})


def entry_of(session: Session, day: date) -> tuple[int, str] | None:
    """Return number and digest of the trail's entry that seals a closed day; None for a day without."""
    e = AuditEntry
    row = session.execute(
        select(e.id, e.digest).where(e.record == SEAL, e.business_date == day).order_by(e.id.desc()).limit(1)
    ).first()
    return (row.id, row.digest) if row else None


def _named() -> Iterator[tuple[type[Base], str]]:
    return ((record, str(record.__tablename__)) for record, _words in TABLES)


def _told(lines: str | None) -> list[Any]:
    """Return count and digest of a day's rows; sorted here, because no two servers sort texts alike."""
    rows = sorted(lines.split("\n")) if lines else []
    return [len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest()]


def days(session: Session, record: type[Base], until: date | None = None) -> Iterator[tuple[date, list[Any]]]:
    """Yield each business date of a table with the count and digest of its rows, the days before ``until``
    alone."""
    day, lines = _rows(record)
    question = select(day, lines).group_by(day).order_by(day).execution_options(yield_per=100)
    for of, text in session.execute(question if until is None else question.where(day < until)):
        yield of, _told(text)


def folded(days: Iterator[tuple[date, list[Any]]]) -> list[Any]:
    """Return count and digest of many days together."""
    count, found = 0, hashlib.sha256()
    for day, (rows, digest) in days:
        count += rows
        found.update(f"{day.isoformat()} {rows} {digest}\n".encode())
    return [count, found.hexdigest()]


def broken(session: Session) -> Iterator[str]:
    """Yield a sentence for every closed day that is not what its seal says, and for every seal without its
    day; nothing for days that were closed before there were seals and before the next close covers them."""
    sealed, until, base = _kept(session)
    if not sealed:
        return
    closed = _closed(session)
    for day in sorted(closed - sealed.keys()):
        if until is None or day > until:
            yield _("%(day)s is closed and has no seal in the trail.") % {"day": day}
    for record, words in TABLES:
        yield from _of_table(session, record, _(words), sealed, until, base)
    last, today = max(sealed), session.execute(select(Property.business_date)).scalar_one()
    if today != last + DAY:
        yield _("The business date is %(day)s, the last day that was closed is %(last)s.") % {
            "day": today,
            "last": last,
        }


def _kept(session: Session) -> tuple[dict[date, dict[str, Any]], date | None, dict[str, Any]]:
    sealed: dict[date, dict[str, Any]] = {}
    until, base = None, {}
    for record, day, changes in session.execute(_SEALS):
        if record == BASE:
            until, base = date.fromisoformat(changes["until"]), changes
        else:
            sealed[day] = changes
    return sealed, until, base


def _closed(session: Session) -> set[date]:
    r = AuditRun
    return set(session.scalars(select(r.business_date).where(r.closed_at.is_not(None))))


def _of_table(
    session: Session,
    record: type[Base],
    words: str,
    sealed: dict[date, dict[str, Any]],
    until: date | None,
    base: dict[str, Any],
) -> Iterator[str]:
    name, empty = str(record.__tablename__), _told("")
    found = dict(days(session, record))
    before = sorted(day for day in found if until is not None and day <= until)
    if base and folded((day, found[day]) for day in before) != base[name]:
        yield _("Until %(day)s: the %(rows)s are not what they were when they were sealed.") % {
            "day": until,
            "rows": words,
        }
    for day, seal_ in sealed.items():
        is_, was = found.get(day, empty), seal_[name]
        if is_ != was:
            yield _("%(day)s: the %(rows)s are not what the close wrote: %(is)s rows, %(was)s then.") % {
                "day": day,
                "rows": words,
                "is": is_[0],
                "was": was[0],
            }
    today = max(sealed)
    if record is not Transfer:
        for day in sorted(d for d in found if d > today):
            yield _("%(day)s: there are %(rows)s of a day that is not closed.") % {"day": day, "rows": words}


_HEADS = (
    select(AuditRun.business_date, AuditRun.trail_count)
    .outerjoin(
        AuditEntry, (AuditEntry.id == AuditRun.trail_count) & (AuditEntry.digest == AuditRun.trail_head)
    )
    .where(AuditRun.closed_at.is_not(None), AuditRun.trail_count > 0, AuditEntry.id.is_(None))
    .order_by(AuditRun.business_date)
)
_TYPED = (
    select(AuditEntry.business_date, AuditEntry.changes)
    .where(AuditEntry.record == "audit_run", AuditEntry.action == "night_audit:compare_signs")
    .order_by(AuditEntry.id)
)
_NOTED = select(AuditRun.business_date, AuditRun.paper_signs, AuditRun.paper_right)
_COUNTED = select(func.count(), func.coalesce(func.max(AuditEntry.id), 0)).select_from(AuditEntry)


def papers(session: Session) -> Iterator[str]:
    """Yield a sentence for every audit whose note of the signs typed from paper is not what the trail
    says."""
    told: dict[date, dict[str, Any]] = {}
    for day, changes in session.execute(_TYPED):
        told.setdefault(day, {}).update({name: both[-1] for name, both in changes.items()})
    for day, signs, right in session.execute(_NOTED):
        said = told.get(day, {})
        if (signs, right) != (said.get("paper_signs"), said.get("paper_right")):
            yield _("%(day)s: the check code of the paper is not noted as it was typed.") % {"day": day}


def heads(session: Session) -> Iterator[str]:
    """Yield a sentence for every close whose note of how far the trail went no longer fits the trail, and
    where entries are missing."""
    for day, count in session.execute(_HEADS):
        yield _(
            "The close of %(day)s noted the trail up to entry %(n)s; that entry is gone or another one."
        ) % {"day": day, "n": count}
    count, last = session.execute(_COUNTED).one()
    if count != last:
        yield _("The trail has %(count)s entries and ends with number %(last)s.") % {
            "count": count,
            "last": last,
        }
