"""Numbers that are missing: every series runs without a gap, because a number is taken in the transaction
that uses it."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pms.core.i18n import N_, _
from pms.core.money import Money
from pms.db.base import AuditEntry, NumberSeries
from pms.services.folios.models import FIRST, Transfer
from pms.services.night_audit.models import AuditRun
from pms.services.reservations.models import Reservation
from pms.services.shifts.models import Handover, Shift
from pms.services.stays.models import Stay

from . import Check, Finding, Remedy, Tonight, who

SERIES: tuple[tuple[str, str, Any, str], ...] = (
    ("reservation", "R-", Reservation.number, "reservations"),
    ("stay", "S-", Stay.number, "stays"),
    ("shift", "X-", Shift.number, "shifts"),
    ("handover", "H-", Handover.number, "shifts"),
)
NAMED = 5
"""So many missing numbers are named; of more it tells the first ones."""


LATELY = 1000
"""So many numbers of a series are looked at each night, many nights' worth; ``verify`` looks at all."""


def missing(session: Session, *, lately: int | None = LATELY) -> Iterator[tuple[str, str, list[int], str]]:
    """Yield series, letter, missing numbers and page of each series with a gap among the latest numbers
    (None: among all)."""
    latest = {name: n for name, n in session.execute(select(NumberSeries.name, NumberSeries.latest))}
    for name, letter, column, page in SERIES:
        since = latest.get(name, 0) - lately if lately is not None else -1
        count, first, last = session.execute(
            select(func.count(), func.min(column), func.max(column)).where(column > since)
        ).one()
        if count and (count != last - first + 1 or last != latest.get(name, last)):
            numbers = [
                *session.scalars(select(column).where(column > since).order_by(column)),
                latest.get(name, last) + 1,
            ]
            yield name, letter, _between(numbers), page


def _find(tonight: Tonight) -> Iterator[Finding]:
    for name, letter, gone, page in missing(tonight.session):
        yield _told(name, letter, gone, page, _makers(tonight.session, name, gone))
    t = Transfer
    slips = tonight.session.scalars(
        select(t.slip).where(t.business_date == tonight.business_date, t.slip.startswith("D-"), FIRST)
    )
    if gone := _between(sorted({int(slip[2:]) for slip in slips if slip[2:].isdecimal()})):
        makers = who.took(tonight.session, "transfer", gone, _since(tonight))
        yield _told("deposit", "D-", gone, "shifts", makers)


def _since(tonight: Tonight) -> int:
    """Return how far the trail went at the last close: what is made today comes after it."""
    r = AuditRun
    last = select(r.trail_count).where(r.business_date < tonight.business_date)
    return tonight.session.scalar(last.order_by(r.business_date.desc()).limit(1)) or 0


def _makers(session: Session, name: str, gone: list[int]) -> frozenset[int]:
    """Return who made the records whose numbers are missing: the trail tells of them between those of the
    numbers before and behind."""
    column = next(column for series, _letter, column, _page in SERIES if series == name)
    first = session.scalar(select(func.max(column)).where(column < gone[0])) if gone else None
    last = session.scalar(select(func.min(column)).where(column > gone[-1])) if gone else None
    made = {number: _entry(session, name, column, number) for number in (first, last) if number is not None}
    return who.took(session, name, gone[:NAMED], made.get(first or 0) or 0, made.get(last or 0))


def _entry(session: Session, name: str, column: Any, number: int) -> int | None:
    """Return the first entry of the trail about the record with a number."""
    e = AuditEntry
    record = select(column.class_.id).where(column == number).scalar_subquery()
    return session.scalar(select(func.min(e.id)).where(e.record == name, e.record_id == record))


def _between(numbers: list[int]) -> list[int]:
    return [missing for one, next_ in pairwise(numbers) for missing in range(one + 1, next_)]


def named(letter: str, numbers: list[int]) -> str:
    """Return missing numbers as a sentence tells them."""
    words = ", ".join(f"{letter}{n}" for n in numbers[:NAMED]) + (" …" if len(numbers) > NAMED else "")
    return _("Numbers are missing: %(numbers)s") % {"numbers": words}


def _told(name: str, letter: str, numbers: list[int], page: str, makers: frozenset[int]) -> Finding:
    return Finding(
        f"{name}{numbers[0] if numbers else 0}",
        named(letter, numbers),
        _("missing: %(n)s") % {"n": len(numbers)},
        Money(0),
        Remedy(_("Open the list"), page),
        by=makers,
    )


CHECK = Check(
    "gaps",
    N_("Number gaps"),
    N_("A numbered paper or record is gone, which the program never does itself. Call for help."),
    "tape",
    _find,
    register="papers",
    acts="trail",
)
