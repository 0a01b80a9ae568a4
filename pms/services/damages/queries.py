"""The price list, what was damaged, and what nobody has seen yet. No cost here grows with what was seen."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.orm import Session, aliased

from pms.core import typed
from pms.core.i18n import _
from pms.core.money import Money
from pms.core.offers import MOST_DUE, Badge, Due, Hit, OpenItem
from pms.core.reading import query
from pms.db.books import ask, once
from pms.services.folios.models import Transfer
from pms.services.guests.models import Guest
from pms.services.staff.models import Staff
from pms.services.stays.models import Stay, listed_name

from .duty import CHARGE, EDIT, SEE
from .models import Damage, DamageItem

_NUMBER = re.compile(r"\s*(?:DM\s*-?\s*)?(\d{1,9})\s*", re.IGNORECASE)
LATEST = 500
"""So many damages a list shows, the latest ones; older ones are found by their number."""


def shown(number: int) -> str:
    """Return a damage's number as it is written on paper and screen."""
    return f"DM-{number}"


def number_of(text: str) -> int | None:
    """Return the damage's number in what was typed (``DM-12``, ``12``), None when there is none."""
    found = _NUMBER.fullmatch(typed.code(text))
    return int(found[1]) if found else None


@dataclass(frozen=True)
class ItemRow:
    """A line of the price list."""

    id: int
    name: str
    price: Money
    active: bool


@dataclass(frozen=True)
class DamageRow:
    """A damage as lists and papers show it; ``back``: its charge was taken back on the folio."""

    id: int
    number: int
    stay_id: int
    room: str
    guest: str
    what: str
    pieces: int
    whole: Money
    charged: Money
    reason: str
    at: datetime
    by: str
    by_id: int | None
    back: bool
    seen_at: datetime | None
    seen_by: str
    remark: str

    @property
    def shown(self) -> str:
        """Return the number as it stands on the paper."""
        return shown(self.number)

    @property
    def waived(self) -> Money:
        """Return how much of the price was not charged."""
        return Money(self.whole - self.charged)

    @property
    def told(self) -> str:
        """Say what was damaged, and how many of it."""
        return f"{self.what} × {self.pieces}" if self.pieces > 1 else self.what


@query(CHARGE, EDIT)
def items(session: Session) -> list[ItemRow]:
    """Return the price list by name, what is no longer charged last."""
    i = DamageItem
    rows = session.execute(select(i.id, i.name, i.price, i.active).order_by(i.active.desc(), i.name))
    return [ItemRow(**row) for row in rows.mappings()]


@cache
def _damages() -> Select[*tuple[Any, ...]]:
    d, seer, back = Damage, aliased(Staff), aliased(Transfer)
    return (
        select(
            d.id,
            d.number,
            d.stay_id,
            d.room,
            listed_name().label("guest"),
            d.what,
            d.pieces,
            d.whole,
            d.charged,
            d.reason,
            d.at,
            func.coalesce(Staff.name, "").label("by"),
            d.clerk_id.label("by_id"),
            case((back.id.is_not(None), True), else_=False).label("back"),
            d.seen_at,
            func.coalesce(seer.name, "").label("seen_by"),
            d.remark,
        )
        .join(Stay, Stay.id == d.stay_id)
        .join(Guest, Guest.id == Stay.guest_id)
        .outerjoin(Staff, Staff.id == d.clerk_id)
        .outerjoin(back, and_(d.transfer_id.is_not(None), back.reverses == d.transfer_id))
        .outerjoin(seer, seer.id == d.seen_by)
    )


@cache
def _unseen() -> Select[*tuple[Any, ...]]:
    return _damages().where(Damage.seen_at.is_(None)).order_by(Damage.number)


def _rows(session: Session, question: Select[*tuple[Any, ...]]) -> list[DamageRow]:
    return [DamageRow(**row) for row in ask(session, question).mappings()]


@query(CHARGE, SEE)
def of_day(session: Session, *, business_date: date) -> list[DamageRow]:
    """Return the damages of a business date, the latest first."""
    return _rows(session, _damages().where(Damage.business_date == business_date).order_by(Damage.id.desc()))


@query(CHARGE, SEE)
def unseen(session: Session) -> list[DamageRow]:
    """Return the damages that nobody who leads the desk has seen, the oldest first."""
    return once(session, "damages.unseen", lambda: _rows(session, _unseen()))


@query(CHARGE, SEE)
def latest(session: Session) -> list[DamageRow]:
    """Return the latest damages, the newest first."""
    return _rows(session, _damages().order_by(Damage.id.desc()).limit(LATEST))


@query(CHARGE, SEE)
def damage(session: Session, *, number: int) -> DamageRow | None:
    """Return one damage, None where there is none of this number."""
    return next(iter(_rows(session, _damages().where(Damage.number == number))), None)


@query(CHARGE)
def listed(session: Session, *, number: int) -> DamageRow:
    """Return a damage that is there, as its paper says it."""
    return _rows(session, _damages().where(Damage.number == number))[0]


# ------------------------------------------------------------------ what other duties ask for
@query(CHARGE, SEE)
def search(session: Session, *, text: str) -> list[Hit]:
    """Find a damage by its number (``DM-12``)."""
    number = number_of(text) if typed.code(text).startswith("DM") else None
    found = damage(session, number=number) if number is not None else None
    if found is None:
        return []
    about = f"{found.shown} {found.room} {found.guest}"
    return [Hit(about, found.told, "alert", "damages", {"number": found.number})]


@query(SEE)
def badges(session: Session) -> list[Badge]:
    """Count the damages that nobody who leads the desk has seen."""
    count = len(unseen(session))
    return [Badge("damages", count, "warn" if count else "")]


@query(SEE)
def waiting(session: Session, *, now: datetime) -> list[Due]:
    """Return the damages to be seen by one who leads the desk, the oldest first, with what was charged."""
    return [
        Due(
            _("%(room)s: %(what)s damaged") % {"room": r.room, "what": r.told},
            "damages",
            r.at,
            1,
            {"number": r.number},
            r.charged or None,
        )
        for r in unseen(session)
        if r.at <= now
    ][:MOST_DUE]


@query(CHARGE, SEE)
def handover(session: Session) -> list[OpenItem]:
    """Return for the next shift the damages that nobody who leads the desk has seen."""
    told = _("%(room)s %(guest)s: %(what)s")
    return [
        OpenItem("damages", r.shown, told % {"room": r.room, "guest": r.guest, "what": r.told}, r.at)
        for r in unseen(session)
    ]
