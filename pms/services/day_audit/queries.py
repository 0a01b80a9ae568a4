"""The register and its statistics."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from pms.core import typed
from pms.core.i18n import N_
from pms.core.money import Money
from pms.core.offers import Badge, Hit, Tally
from pms.core.reading import query
from pms.db.books import ask
from pms.services.staff.models import Staff

from .duty import DAY_AUDIT_NOTE, DAY_AUDIT_WORK
from .models import DayFinding

KINDS = {
    "prices": N_("Prices and discounts"),
    "money": N_("Charges and balances"),
    "corrections": N_("Voids and corrections"),
    "registration": N_("Registration and bookings"),
    "rooms": N_("Rooms and cards"),
    "cash": N_("Cash and shift"),
    "papers": N_("Slips, papers, signatures"),
    "service": N_("Service"),
    "other": N_("Other"),
}
CAUSES = {
    "unknown": N_("Did not know the rule"),
    "care": N_("Carelessness"),
    "rush": N_("Too busy"),
    "rule": N_("Rule unclear"),
    "system": N_("Program or device"),
    "guest": N_("Guest's wish"),
    "intent": N_("On purpose"),
}


@dataclass(frozen=True)
class FindingRow:
    """A finding as it is shown."""

    id: int
    number: int
    business_date: date
    kind: str
    title: str
    remark: str
    amount: Money
    staff_id: int | None
    person: str
    cause: str
    training: str
    state: str
    found_at: datetime
    finder: str
    closed_at: datetime | None
    closer: str
    by_night: bool


@dataclass(frozen=True)
class Count:
    """How many findings fall on a person, a kind or a cause, how many of them are open, and how much money
    hung on them."""

    word: str
    number: int
    open: int
    amount: Money


def shown(number: int) -> str:
    """Return a finding's number as it is written."""
    return f"A-{number}"


def _rows() -> Any:
    f, person, finder, closer = DayFinding, aliased(Staff), aliased(Staff), aliased(Staff)
    names = [func.coalesce(who.name, "") for who in (person, finder, closer)]
    return (
        select(
            f.id,
            f.number,
            f.business_date,
            f.kind,
            f.title,
            f.remark,
            f.amount,
            f.staff_id,
            names[0],
            f.cause,
            f.training,
            f.state,
            f.found_at,
            names[1],
            f.closed_at,
            names[2],
            f.mark != "",
        )
        .select_from(f)
        .outerjoin(person, person.id == f.staff_id)
        .outerjoin(finder, finder.id == f.found_by)
        .outerjoin(closer, closer.id == f.closed_by)
    )


@query(DAY_AUDIT_NOTE, DAY_AUDIT_WORK)
def still_open(session: Session) -> list[FindingRow]:
    """Return what nobody has closed yet, the oldest first."""
    return [
        FindingRow(*row)
        for row in session.execute(_rows().where(DayFinding.state == "open").order_by(DayFinding.number))
    ]


@query(DAY_AUDIT_NOTE, DAY_AUDIT_WORK)
def findings(session: Session, *, start: date, end: date, state: str = "") -> list[FindingRow]:
    """Return the findings of business dates from ``start`` to ``end``, both in, the latest first."""
    question = _rows().where(DayFinding.business_date >= start, DayFinding.business_date <= end)
    if state:
        question = question.where(DayFinding.state == state)
    return [FindingRow(*row) for row in session.execute(question.order_by(DayFinding.number.desc()))]


def counted(found: Sequence[FindingRow], by: Callable[[FindingRow], str]) -> list[Count]:
    """Count findings by something, the most first; what has none yet comes last under an empty word."""
    groups: dict[str, list[FindingRow]] = {}
    for one in found:
        groups.setdefault(by(one), []).append(one)
    counts = [
        Count(word, len(some), sum(f.state == "open" for f in some), Money(sum(f.amount for f in some)))
        for word, some in groups.items()
    ]
    return sorted(counts, key=lambda c: (not c.word, -c.number, -c.amount, c.word))


_OPEN = select(func.count()).select_from(DayFinding).where(DayFinding.state == "open")


@query(DAY_AUDIT_NOTE, DAY_AUDIT_WORK)
def badges(session: Session) -> list[Badge]:
    """Return how many findings are open."""
    return [Badge("day_audit", ask(session, _OPEN).scalar_one())]


@query(DAY_AUDIT_NOTE, DAY_AUDIT_WORK)
def search(session: Session, *, text: str) -> list[Hit]:
    """Return the finding with this number (``A-12``)."""
    number = typed.code(text).removeprefix("A-")
    if not number.isdecimal() or not typed.code(text).startswith("A-") or len(number) > 12:
        return []
    return [
        Hit(f"{shown(row.number)} {row.title}", row.person, "shield", "day_audit", {"finding_id": row.id})
        for row in (
            FindingRow(*found) for found in session.execute(_rows().where(DayFinding.number == int(number)))
        )
    ]


@query(DAY_AUDIT_NOTE, DAY_AUDIT_WORK)
def tallies(session: Session, *, start: date, end: date) -> list[Tally]:
    """Return what a weekly or monthly report says of the register."""
    found = findings(session, start=start, end=end)
    return [
        Tally(N_("Findings of the audits"), len(found), Money(sum(f.amount for f in found))),
        Tally(N_("of these still open"), sum(f.state == "open" for f in found), None),
    ]
