"""House accounts, what they owe, and what stands on them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, case, func, or_, select
from sqlalchemy.orm import Session

from pms.core import typed
from pms.core.i18n import N_, _
from pms.core.money import Money, show
from pms.core.offers import MOST_DUE, Due, Hit, OpenItem
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.types import summed
from pms.services.folios import queries as folios
from pms.services.folios.models import Account, Transfer
from pms.services.folios.queries import FolioLine
from pms.services.guests.models import Guest
from pms.services.property.queries import setting
from pms.services.rooms.models import Room
from pms.services.staff.models import Staff
from pms.services.stays.models import IN_HOUSE, Stay, listed_name

from .duty import DAYS
from .models import HouseAccount, HouseAccountEvent

OPENED, LIMIT, CLOSED, REOPENED = "opened", "limit", "closed", "reopened"
EVENTS = {
    OPENED: N_("Account opened"),
    LIMIT: N_("Limit changed"),
    CLOSED: N_("Account closed"),
    REOPENED: N_("Opened again"),
}
MARK = "HA-"
_NUMBER = re.compile(r"HA-?(\d{1,9})")


def shown(number: int) -> str:
    """Return the number of a house account as it is written."""
    return f"{MARK}{number}"


@dataclass(frozen=True)
class HouseRow:
    """A house account with what it owes."""

    number: int
    account_id: int
    name: str
    reason: str
    responsible: str
    limit: Money
    opened_at: datetime
    opened_on: date
    closed_at: datetime | None
    closed_on: date | None
    balance: Money
    by: str

    @property
    def shown(self) -> str:
        """Return the number as it is written."""
        return shown(self.number)

    @property
    def open(self) -> bool:
        """Say whether anything may be posted on it."""
        return self.closed_on is None

    @property
    def over(self) -> bool:
        """Say whether it owes more than its limit."""
        return self.balance > self.limit

    def age(self, today: date) -> int:
        """Return for how many days it is open."""
        return (today - self.opened_on).days


@dataclass(frozen=True)
class EventRow:
    """What happened to a house account."""

    what: str
    amount: Money
    reason: str
    at: datetime
    by: str


@cache
def _asked() -> Select[*tuple[Any, ...]]:
    """Return the question: what was carried at the last close, and what moved since, cost the same in every
    year."""
    h, a, t = HouseAccount, Account, Transfer
    moved = (
        select(summed(case((t.debit_id == a.id, t.amount), else_=-t.amount)))
        .where(or_(t.debit_id == a.id, t.credit_id == a.id), t.business_date >= bindparam("today"))
        .correlate(a)
        .scalar_subquery()
    )
    return (
        select(
            h.number,
            h.account_id,
            h.name,
            h.reason,
            h.responsible,
            h.credit_limit,
            h.opened_at,
            h.opened_on,
            h.closed_at,
            h.closed_on,
            (a.balance + moved).label("balance"),
            func.coalesce(Staff.name, "").label("by"),
        )
        .join(a, a.id == h.account_id)
        .outerjoin(Staff, Staff.id == h.opened_by)
    )


def _rows(session: Session, question: Select[*tuple[Any, ...]]) -> list[HouseRow]:
    rows = session.execute(question, {"today": setting(session).business_date})
    return [HouseRow(*row) for row in rows]


@query(Permission.FOLIOS_READ, Permission.AUDIT_RUN)
def still_open(session: Session) -> list[HouseRow]:
    """Return the open house accounts, the oldest first."""
    return _rows(session, _asked().where(HouseAccount.closed_on.is_(None)).order_by(HouseAccount.number))


@query(Permission.FOLIOS_READ)
def closed_since(session: Session, *, start: date) -> list[HouseRow]:
    """Return those closed since a day, the latest first."""
    asked = _asked().where(HouseAccount.closed_on >= start)
    return _rows(session, asked.order_by(HouseAccount.closed_at.desc(), HouseAccount.number))


@query(Permission.FOLIOS_READ)
def account(session: Session, *, number: int) -> HouseRow | None:
    """Return one, open or closed; None where there is none of this number."""
    return next(iter(_rows(session, _asked().where(HouseAccount.number == number))), None)


@query(Permission.AUDIT_RUN)
def closed_owing(session: Session) -> list[HouseRow]:
    """Return those that are closed and do not stand at nothing."""
    a, t, today = Account, Transfer, setting(session).business_date
    into = select(t.debit_id).where(t.business_date >= today)
    moved = into.union(select(t.credit_id).where(t.business_date >= today))
    asked = _asked().where(HouseAccount.closed_on.is_not(None), or_(a.balance != 0, a.id.in_(moved)))
    return [row for row in _rows(session, asked.order_by(HouseAccount.number)) if row.balance]


@query(Permission.FOLIOS_READ)
def lines(session: Session, *, number: int) -> list[FolioLine]:
    """Return every posting of a house account, the oldest first."""
    found = session.scalar(select(HouseAccount.account_id).where(HouseAccount.number == number))
    return [] if found is None else folios.account_lines(session, account_id=found)


@query(Permission.FOLIOS_READ)
def events(session: Session, *, number: int) -> list[EventRow]:
    """Return what happened to a house account, the latest first."""
    e, h = HouseAccountEvent, HouseAccount
    rows = session.execute(
        select(e.what, e.amount, e.reason, e.at, func.coalesce(Staff.name, ""))
        .join(h, h.id == e.house_id)
        .outerjoin(Staff, Staff.id == e.clerk_id)
        .where(h.number == number)
        .order_by(e.id.desc())
    )
    return [EventRow(*row) for row in rows]


@dataclass(frozen=True)
class Lodger:
    """Who is in a room, and the charges on the folios there."""

    stay_id: int
    guest: str
    lines: list[FolioLine]


@query(Permission.FOLIOS_READ)
def lodger(session: Session, *, room: str) -> Lodger | None:
    """Return who is in a room now with the charges that may be moved, None when nobody is."""
    row = session.execute(
        select(Stay.id, listed_name())
        .join(Room, Room.id == Stay.room_id)
        .join(Guest, Guest.id == Stay.guest_id)
        .where(IN_HOUSE, func.upper(Room.number) == typed.code(room))
    ).first()
    if row is None:
        return None
    return Lodger(row[0], row[1], movable(folios.folio_lines(session, stay_id=row[0])))


def movable(found: Sequence[FolioLine]) -> list[FolioLine]:
    """Return which of these postings are charges that stand, the latest first; tax goes with its charge."""
    return [
        x
        for x in reversed(found)
        if x.charge > 0 and not x.reversed and x.reverses is None and not x.slip.startswith("X")
    ]


def told(row: HouseRow, digits: int) -> str:
    """Return what a house account owes, in words."""
    return _("%(name)s: %(sum)s") % {"name": row.name, "sum": show(row.balance, digits)}


# ------------------------------------------------------------------ what other duties ask for
@query(Permission.FOLIOS_READ)
def search(session: Session, *, text: str) -> list[Hit]:
    """Find a house account by its number (``HA-12``)."""
    named = _NUMBER.fullmatch(typed.code(text))
    found = account(session, number=int(named[1])) if named else None
    if found is None:
        return []
    state = _("open") if found.open else _("closed")
    words = f"{show(found.balance, setting(session).digits)} {state}"
    return [Hit(f"{found.shown} {found.name}", words, "party", "house_accounts", {"number": found.number})]


@query(Permission.FOLIOS_READ)
def handover(session: Session) -> list[OpenItem]:
    """Return for the next shift the house accounts on which something is owed."""
    digits = setting(session).digits
    return [
        OpenItem("house_accounts", r.shown, told(r, digits), r.opened_at)
        for r in still_open(session)
        if r.balance
    ]


@query(Permission.FOLIOS_READ)
def waiting(session: Session, *, now: datetime) -> list[Due]:
    """Return the house accounts that are beyond their limit, or open for longer than the house allows."""
    s = setting(session)
    days = timedelta(days=s.options[DAYS])
    late = [r for r in still_open(session) if r.over or s.business_date - r.opened_on > days]
    return [
        Due(
            f"{r.shown} {told(r, s.digits)}",
            "house_accounts",
            min(r.opened_at + days, now),
            1 if r.over else 2,
            {"number": r.number},
            r.balance or None,
        )
        for r in late
    ][:MOST_DUE]
