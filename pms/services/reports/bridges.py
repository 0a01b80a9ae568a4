"""What ties the room revenue of the figures to that of the books."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, case, cast, func, or_, select
from sqlalchemy.orm import Session, aliased

from pms.core.money import Money
from pms.db.types import summed
from pms.services.folios.corrections import REBATE
from pms.services.folios.ledger import ROOM_CODES
from pms.services.folios.models import Account, AccountDay, Transfer
from pms.services.night_audit.models import NightFigure


@dataclass(frozen=True)
class RoomBridge:
    """Room revenue as the closes counted it, what was given back or corrected besides, and what the books
    hold; net of tax."""

    sold: Money
    corrections: Money
    books: Money

    @property
    def rest(self) -> Money:
        """Return what neither explains: nothing, unless the books were opened with another history."""
        return Money(self.books - self.sold - self.corrections)


_ROOM = select(Account.id).where(Account.code.in_(ROOM_CODES), Account.ledger == "revenue")


def room_bridge(session: Session, *, start: date, end: date) -> RoomBridge:
    """Return the room revenue of the figures and of the books from ``start`` to ``end``, both in, and the
    corrections between them.

    A day that is closed never changes: a night that is given back or voided later is a correction of the day
    on which that was done.
    """
    f, d = NightFigure, AccountDay
    sold = session.execute(
        select(summed(f.revenue)).where(f.business_date >= start, f.business_date <= end)
    ).scalar_one()
    books = session.execute(
        select(summed(d.credit - d.debit)).where(
            d.business_date >= start, d.business_date <= end, d.account_id.in_(_ROOM)
        )
    ).scalar_one()
    corrected = _corrections(session, start, end)
    return RoomBridge(Money(int(sold)), Money(corrected), Money(int(books)))


def _corrections(session: Session, start: date, end: date) -> int:
    """Sum what moved the room revenue without being a night or a part of a day of its own date: rebates, what
    takes back a line of an earlier day, and the tax and service charge that go with them."""
    t, undone, charge = Transfer, aliased(Transfer), aliased(Transfer)
    slip = func.coalesce(undone.slip, t.slip)
    of: ColumnElement[Any] = case((slip.like("X%"), cast(func.substr(slip, 2), BigInteger)))
    sign: ColumnElement[Any] = case((t.credit_id.in_(_ROOM), 1), else_=-1)
    found = session.execute(
        select(summed(sign * t.amount))
        .select_from(t)
        .outerjoin(undone, undone.id == t.reverses)
        .outerjoin(charge, charge.id == of)
        .where(
            t.business_date >= start,
            t.business_date <= end,
            or_(t.credit_id.in_(_ROOM), t.debit_id.in_(_ROOM)),
            or_(
                func.coalesce(undone.code, t.code) == REBATE,
                and_(undone.id.is_not(None), undone.business_date < t.business_date),
                charge.code == REBATE,
            ),
        )
    ).scalar_one()
    return int(found)
