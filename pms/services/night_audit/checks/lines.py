"""Lines of the open day that several checks tell of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, or_, select
from sqlalchemy.orm import aliased

from pms.core.i18n import _
from pms.core.money import Money
from pms.services.folios.models import Account, TransactionCode, Transfer
from pms.services.rooms.models import Room
from pms.services.staff.models import Staff
from pms.services.stays.models import Stay

from . import Remedy, Tonight, folio, people

POSTED = exists().where(Transfer.business_date == bindparam("today"), Transfer.clerk_id == bindparam("clerk"))
"""Whether somebody posted anything today."""


@dataclass(frozen=True)
class Line:
    """One posting of today, where it stands and who made it; ``reversed_day`` is the business date of the
    line it takes back."""

    id: int
    code: str
    item: str
    text: str
    amount: Money
    reason: str
    clerk: str
    stay_id: int | None
    room: str
    line_id: int | None
    reversed_day: date | None
    by: frozenset[int] = frozenset()

    @property
    def place(self) -> str:
        """Return the room, or what the line belongs to where it has none."""
        return self.room or _("No room")


def _lines() -> Select[*tuple[Any, ...]]:
    t, undone, into, out = Transfer, aliased(Transfer, name="undone"), aliased(Account), aliased(Account)
    return (
        select(
            t.id,
            t.code,
            TransactionCode.name,
            t.text,
            t.amount,
            t.rule,
            Staff.name,
            t.stay_id,
            Room.number,
            into.line_id,
            out.line_id,
            undone.business_date,
            t.clerk_id,
        )
        .join(into, into.id == t.debit_id)
        .join(out, out.id == t.credit_id)
        .outerjoin(undone, undone.id == t.reverses)
        .outerjoin(TransactionCode, TransactionCode.code == t.code)
        .outerjoin(Staff, Staff.id == t.clerk_id)
        .outerjoin(Stay, Stay.id == t.stay_id)
        .outerjoin(Room, Room.id == Stay.room_id)
        .order_by(t.id)
    )


_LINES = _lines()


def lines(tonight: Tonight, *where_: ColumnElement[bool]) -> Sequence[Line]:
    """Return today's postings that fulfil the conditions, oldest first."""
    today = Transfer.business_date == tonight.business_date
    rows: Any = tonight.session.execute(_LINES.where(today, *where_))
    return [
        Line(
            n,
            code,
            _(name) if name else code,
            text,
            amount,
            rule,
            clerk or "",
            stay,
            room or "",
            into_line or out_line,
            day,
            people(clerk_id),
        )
        for n, code, name, text, amount, rule, clerk, stay, room, into_line, out_line, day, clerk_id in rows
    ]


def reversals(tonight: Tonight) -> Sequence[Line]:
    """Return today's lines that take another back, and today's adjustments; the tax goes with its charge."""
    return lines(
        tonight, or_(Transfer.reverses.is_not(None), Transfer.code == "ADJUST"), Transfer.code != "TAX"
    )


def where(line: Line) -> Remedy:
    """Return the page where a line is looked at."""
    if line.stay_id is not None:
        return folio(line.stay_id)
    if line.line_id is not None:
        return Remedy(_("Open the booking"), "reservations", {"line_id": line.line_id})
    return (
        Remedy(_("Open the shop"), "shop") if line.code == "SHOP" else Remedy(_("Open the shift"), "shifts")
    )
