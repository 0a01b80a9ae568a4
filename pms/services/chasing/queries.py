"""Who is to be chased, the worst first, and what was said to them. No cost here grows with the hotel's
history."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam
from sqlalchemy.orm import Session

from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.money import Money
from pms.core.reading import query
from pms.db.books import ask
from pms.db.work import Setting
from pms.services.property.queries import setting
from pms.services.stays import queries as stays
from pms.services.stays.lasting import Lasts, lasting
from pms.services.stays.queries import StayRow

from .duty import CHASE
from .log import ChaseRow, log
from .models import (
    ALLOWED,
    CALLS,
    LEAVES,
    NO_ANSWER,
    PROMISED,
    REACHED,
    REFUSES,
    RESULTS,
    STANDING,
    TIMED,
    ChaseCall,
)

__all__ = [
    "CALLS",
    "LEAVES",
    "NO_ANSWER",
    "PROMISED",
    "REACHED",
    "REFUSES",
    "RESULTS",
    "TIMED",
    "ChaseRow",
    "Chased",
    "calls",
    "chased",
    "listed",
    "of_stay",
]


@dataclass(frozen=True)
class Chased:
    """A guest who is to be chased: how long the deposit lasts, what is missing, and what was said.

    ``missing`` is what is owed now with ``to_come`` beyond deposit and credit: tonight's price, of one who
    leaves what a check-out at that hour adds.
    """

    stay: StayRow
    lasts: Lasts
    missing: Money
    leaves: bool
    to_come: Money = Money(0)
    calls: int = 0
    last: ChaseRow | None = None
    standing: ChaseRow | None = None

    @property
    def id(self) -> int:
        """Return the number of the stay."""
        return self.stay.stay_id

    def broken(self, now: datetime) -> bool:
        """Say whether a promised time is past, and neither was paid nor has the guest left."""
        said = self.standing
        if said is None or said.result not in TIMED or said.until is None or said.until > now:
            return False
        return self.missing > 0 or said.result == LEAVES

    def agreed(self, now: datetime) -> bool:
        """Say whether a time was promised or credit allowed that is still to come."""
        said = self.standing
        return said is not None and said.until is not None and said.until > now

    @property
    def refuses(self) -> bool:
        """Say whether the guest refused to pay and has not done so since."""
        return self.standing is not None and self.standing.result == REFUSES and self.missing > 0

    @property
    def allowed(self) -> bool:
        """Say whether the latest word is credit that was allowed."""
        return self.standing is not None and self.standing.result == ALLOWED

    def left(self, now: datetime) -> bool:
        """Say whether it is nobody's yet: money is missing, of one who leaves by now, and no time is agreed
        that is still to come."""
        hour = self.lasts.until
        by_now = not self.leaves or (hour is not None and hour <= now)
        return self.missing > 0 and by_now and not self.agreed(now)

    def place(self, now: datetime) -> tuple[object, ...]:
        """Return where the row stands, the worst first: a broken promise or a refusal, a deposit that is
        used up, one that will be, one with a time agreed, who leaves and owes nothing; who pays for
        themselves before whom another pays for."""
        hour = self.lasts.until
        if self.broken(now) or self.refuses:
            rank = 0
        elif self.agreed(now):
            rank = 4
        elif hour is not None:
            rank = 1 if hour <= now else 2
        else:
            rank = 5 if self.leaves else 3
        far = hour.timestamp() if hour is not None else 0
        return (rank, self.stay.payer != "guest", far, -self.missing, self.stay.room)


@query(CHASE)
def listed(session: Session, *, now: datetime) -> list[Chased]:
    """Return the guests in house who leave today, whose deposit and credit do not last, or who have no
    deposit; the worst first."""
    s = setting(session)
    rows = [row for row in stays.in_house(session, business_date=s.business_date) if not row.kind]
    lasts = lasting(session, rows=rows, now=now)
    wanted = [row for row in rows if _counts(row, lasts[row.stay_id], s.business_date)]
    said = _said(session, [row.stay_id for row in wanted])
    found = [_chased(s, row, lasts[row.stay_id], said[row.stay_id]) for row in wanted]
    return sorted(found, key=lambda one: one.place(now))


def _counts(row: StayRow, lasts: Lasts, today: date) -> bool:
    none = row.deposit <= 0 and row.balance >= 0 and row.payer == "guest"
    return row.departure <= today or lasts.until is not None or none


@query(CHASE)
def chased(session: Session, *, stay_id: int, now: datetime) -> Chased:
    """Return how it stands with one guest in house; refused of one who has left."""
    s = setting(session)
    row = stays.stay(session, stay_id=stay_id, business_date=s.business_date)
    if row.state != "in_house":
        raise Refused(_("This guest has left already."))
    lasts = lasting(session, rows=[row], now=now).get(stay_id, Lasts())
    return _chased(s, row, lasts, _said(session, [stay_id])[stay_id])


def _chased(s: Setting, row: StayRow, lasts: Lasts, said: Sequence[ChaseRow]) -> Chased:
    leaves = row.departure <= s.business_date
    to_come = lasts.charge if leaves or row.kind else Money(max(row.tonight, lasts.charge))
    missing = row.short(s.options) - row.tonight + to_come
    today = [one for one in said if one.result in CALLS]
    standing = [one for one in said if one.result in STANDING]
    return Chased(
        row,
        lasts,
        Money(max(missing, 0)),
        leaves,
        to_come,
        len(today),
        said[-1] if said else None,
        standing[-1] if standing else None,
    )


def _said(session: Session, stay_ids: Sequence[int]) -> Mapping[int, list[ChaseRow]]:
    found: dict[int, list[ChaseRow]] = defaultdict(list)
    if stay_ids:
        for row in ask(session, _of_many(), stays=list(stay_ids)):
            found[row[1]].append(ChaseRow(*row))
    return found


@cache
def _of_many() -> Select[*tuple[Any, ...]]:
    these = ChaseCall.stay_id.in_(bindparam("stays", expanding=True))
    return log().where(these).order_by(ChaseCall.id)


@query(CHASE)
def of_stay(session: Session, *, stay_id: int) -> list[ChaseRow]:
    """Return what was said to the guest of a stay, the latest first."""
    rows = session.execute(log().where(ChaseCall.stay_id == stay_id).order_by(ChaseCall.id.desc()))
    return [ChaseRow(*row) for row in rows]


@query(CHASE)
def calls(session: Session, *, business_date: date) -> list[ChaseRow]:
    """Return the log of a business date, the latest first."""
    day = log().where(ChaseCall.business_date == business_date).order_by(ChaseCall.id.desc())
    return [ChaseRow(*row) for row in session.execute(day)]
