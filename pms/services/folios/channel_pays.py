"""What a channel pays of a stay: the nights of its order, and how far what it has credited is used up.

What it credits at the check-in stands on the guest's folio beside the room charges that use it up; neither is
the guest's. What a guest owes is the folio's balance with the channel's rest taken off.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, case, exists, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from pms.core.money import Money
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.base import table_of
from pms.db.types import summed

from .models import Account, ChannelBill, Transfer

ROOM, COMMISSION, OTHER = "room", "commission", "other"
PARTS = ("HALF", "FULL")
"""What the use of a room by day is charged as: of an order without a night it is the channel's."""
_ADDED = ("TAX", "SERVICE")


def _day(t: Any) -> ColumnElement[date]:
    return func.coalesce(t.night, t.business_date)


def _standing(t: Any) -> ColumnElement[bool]:
    undone = aliased(Transfer)
    return and_(func.coalesce(t.reverses, 0) == 0, ~exists().where(undone.reverses == t.id))


def _of_order(t: Any, b: Any) -> ColumnElement[bool]:
    """Return the condition under which a posting charges for a night of an order, or for its use by day."""
    night = and_(t.code == "ROOM", _day(t) >= b.arrival, _day(t) < b.departure)
    by_day = and_(b.arrival == b.departure, _day(t) == b.arrival, t.code.in_(("ROOM", *PARTS)))
    return or_(night, by_day)


def _charged(t: Any, b: Any) -> ColumnElement[bool]:
    """Return the condition under which a posting is one of these charges or stands beside one as its tax."""
    room = aliased(Transfer)
    charges = select(literal("X") + func.cast(room.id, _TEXT)).where(
        room.stay_id == b.stay_id, _of_order(room, b)
    )
    return or_(_of_order(t, b), and_(t.code.in_(_ADDED), t.slip.in_(charges)))


_TEXT = Transfer.text.type


def _lines(b: Any) -> tuple[Any, Any, ColumnElement[bool], ColumnElement[bool]]:
    """Return the account and the postings of a bill's charges on the guest's own folio, and how they join."""
    a, t = aliased(Account), aliased(Transfer)
    own = and_(a.stay_id == b.stay_id, a.ledger == "guest", a.window == "A")
    moved = and_(or_(t.debit_id == a.id, t.credit_id == a.id), _charged(t, b), _standing(t))
    return a, t, own, moved


def rest(stay_id: Any) -> ScalarSelect[int]:
    """Return what a stay's folio holds for its channel: above 0 what goes back to it, below 0 what it still
    has to take over; empty where no channel pays."""
    b = aliased(ChannelBill)
    a, t, own, moved = _lines(b)
    left = b.amount - summed(case((t.debit_id == a.id, t.amount), else_=-t.amount))
    return (
        select(case((or_(b.on_credit, left > 0), left), else_=0))
        .select_from(b)
        .outerjoin(a, own)
        .outerjoin(t, moved)
        .where(b.stay_id == stay_id, b.what == ROOM, b.voided_on.is_(None))
        .group_by(b.id, b.amount, b.on_credit)
        .correlate_except(b, a, t)
        .scalar_subquery()
    )


def pays(stay_id: Any, night: Any) -> ColumnElement[bool]:
    """Return the condition under which a channel pays a night of a stay, or its use of the room by day."""
    b = table_of(ChannelBill).alias()
    return exists().where(
        b.c.stay_id == stay_id,
        b.c.what == ROOM,
        b.c.voided_on.is_(None),
        b.c.arrival <= night,
        or_(b.c.departure > night, b.c.arrival == b.c.departure),
    )


@dataclass(frozen=True)
class OfChannel:
    """One bill of a stay's channel, and what was charged of its nights: on the guest's folio for the room, in
    the hotel's books for the commission."""

    id: int
    what: str
    on_credit: bool
    arrival: date
    departure: date
    amount: Money
    points: int
    charged: Money

    def covers(self, code: str, day: date) -> bool:
        """Say whether a charge of a day is one of the order's nights, or its use of the room by day."""
        if self.arrival == self.departure == day:
            return code in ("ROOM", *PARTS)
        return code == "ROOM" and self.arrival <= day < self.departure

    @property
    def rest(self) -> Money:
        """Return what goes back to the channel, or below 0 what it takes over."""
        left = self.amount - self.charged
        return Money(left if self.on_credit else max(left, 0))

    @property
    def excess(self) -> Money:
        """Return what the room was charged beyond what the channel pays: the guest's."""
        return Money(0 if self.on_credit else max(self.charged - self.amount, 0))


@query(Permission.FOLIOS_READ)
def of_stay(session: Session, *, stay_id: int) -> list[OfChannel]:
    """Return a stay's bills of its channel with what was charged of their nights."""
    b = aliased(ChannelBill)
    a, t, own, moved = _lines(b)
    on_folio = (
        select(summed(case((t.debit_id == a.id, t.amount), else_=-t.amount)))
        .select_from(a)
        .join(t, moved)
        .where(own)
        .correlate(b)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            b.id,
            b.what,
            b.on_credit,
            b.arrival,
            b.departure,
            b.amount,
            b.points,
            case((b.what == ROOM, on_folio), else_=_in_books(b)).label("charged"),
        )
        .where(b.stay_id == stay_id, b.voided_on.is_(None))
        .order_by(b.id)
    )
    return [OfChannel(**{**row._mapping, "charged": Money(int(row.charged))}) for row in rows]


def _in_books(b: Any) -> ScalarSelect[int]:
    """Return what the house has charged for an order's nights, whoever pays, less what it gave back."""
    t, books = aliased(Transfer), aliased(Account)
    day = or_(_of_order(t, b), t.code == "ADJUST")
    return (
        select(summed(case((t.credit_id == books.id, t.amount), else_=-t.amount)))
        .select_from(t)
        .join(books, or_(books.id == t.debit_id, books.id == t.credit_id))
        .where(t.stay_id == b.stay_id, books.code.in_(("ROOM", *PARTS)), day, _standing(t))
        .correlate(b)
        .scalar_subquery()
    )


def paid_lines(found: "OfChannel", lines: Collection[Any]) -> set[int]:
    """Return the postings of a folio that the channel pays: the charges of its nights, and their tax."""
    nights = {x.id for x in lines if found.covers(x.code, x.day)}
    return nights | {x.id for x in lines if x.code in _ADDED and x.slip[1:] in map(str, nights)}
