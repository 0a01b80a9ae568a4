"""What is still owed by guests who have left, and what is still held of bookings that will not come."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import case, func, literal_column, or_, select, union_all
from sqlalchemy.orm import Session

from pms.core.i18n import N_, _
from pms.core.money import Money, show
from pms.core.offers import OpenItem
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.types import summed
from pms.services.folios.models import Account, Transfer
from pms.services.property.queries import setting
from pms.services.reservations.models import BookedRoom, Reservation
from pms.services.rooms.models import Room
from pms.services.stays.models import Stay

UNSETTLED, ADVANCE = "unsettled", "advance"
KINDS = {UNSETTLED: N_("Left unsettled"), ADVANCE: N_("Advance held")}
GONE = ("cancelled", "no_show")


@dataclass(frozen=True)
class OpenMoney:
    """One sum that waits: what a stay owes (``stay_id``), or what is held of a booking (``line_id``)."""

    id: str
    kind: str
    stay_id: int | None
    line_id: int | None
    number: int
    guest: str
    room: str
    since: date
    days: int
    amount: Money
    why: str


@query(Permission.FOLIOS_READ)
def waiting(session: Session) -> list[OpenMoney]:
    """Return every sum that waits, the oldest first."""
    day = setting(session).business_date
    found = [*_unsettled(session, day), *_advances(session, day)]
    return sorted(found, key=lambda x: (x.since, x.id))


def _standing(ledger: str, day: date) -> Any:
    """Return the accounts of a ledger that stood at something at the last close or moved since, and at what;
    the cost is that of the open ones."""
    a, t, later = Account, Transfer, Transfer.__table__.alias()
    open_ = union_all(
        select(a.id).where(a.ledger == ledger, a.balance != literal_column("0")),
        select(t.debit_id).where(t.business_date >= day),
        select(t.credit_id).where(t.business_date >= day),
    )
    moved = (
        select(summed(case((later.c.debit_id == a.id, later.c.amount), else_=-later.c.amount)))
        .where(or_(later.c.debit_id == a.id, later.c.credit_id == a.id), later.c.business_date >= day)
        .correlate(a)
        .scalar_subquery()
    )
    return (
        select(a.id, a.stay_id, a.line_id, (a.balance + moved).label("balance"))
        .where(a.ledger == ledger, a.id.in_(open_))
        .subquery()
    )


def _unsettled(session: Session, day: date) -> Iterable[OpenMoney]:
    owed = _standing("city", day)
    rows = session.execute(
        select(Stay.id, Stay.number, Stay.guest_name, Room.number, Stay.departed_on, owed.c.balance)
        .join(owed, owed.c.stay_id == Stay.id)
        .join(Room, Room.id == Stay.room_id)
        .where(owed.c.balance != literal_column("0"))
    ).all()
    found: dict[int, tuple[Any, int]] = {}
    for row in (*rows, *_before(session)):
        stay_id, amount = row[0], int(row[5])
        found[stay_id] = (row, amount + (found[stay_id][1] if stay_id in found else 0))
    why = _reasons(session, list(found))
    for stay_id, (row, amount) in found.items():
        if amount:
            yield _owed(stay_id, row, amount, day, why.get(stay_id, ""))


def _reasons(session: Session, stay_ids: Sequence[int]) -> dict[int, str]:
    """Return why each of these stays was left unsettled, as it was said last."""
    a, t = Account, Transfer
    rows = session.execute(
        select(a.stay_id, t.text)
        .join(t, t.debit_id == a.id)
        .where(a.stay_id.in_(stay_ids), a.ledger == "city", t.code == "CITY", t.text != "")
        .order_by(t.id)
    )
    return {int(stay): why for stay, why in rows if stay is not None}


def _owed(stay_id: int, row: Any, amount: int, day: date, why: str) -> OpenMoney:
    _id, number, guest, room, left, _amount = row
    since = left or day
    return OpenMoney(
        f"s{stay_id}",
        UNSETTLED,
        stay_id,
        None,
        number,
        guest,
        room,
        since,
        (day - since).days,
        Money(amount),
        why,
    )


def _before(session: Session) -> list[Any]:
    """Return what stays left unsettled while all of them had one account together."""
    common = session.execute(
        select(Account.id, Account.balance).where(
            Account.code == "CITY", Account.balance != literal_column("0")
        )
    ).first()
    if common is None:
        return []
    t = Transfer
    owed = func.sum(case((t.debit_id == common.id, t.amount), else_=-t.amount))
    return list(
        session.execute(
            select(Stay.id, Stay.number, Stay.guest_name, Room.number, Stay.departed_on, owed)
            .select_from(t)
            .join(Stay, Stay.id == t.stay_id)
            .join(Room, Room.id == Stay.room_id)
            .where(or_(t.debit_id == common.id, t.credit_id == common.id))
            .group_by(Stay.id, Stay.number, Stay.guest_name, Room.number, Stay.departed_on)
            .having(owed != 0)
        )
    )


def _advances(session: Session, day: date) -> Iterable[OpenMoney]:
    held, b, r = _standing("advance", day), BookedRoom, Reservation
    rows = session.execute(
        select(b.id, r.number, r.guest_name, b.arrival, b.state, b.reason, -held.c.balance)
        .join(held, held.c.line_id == b.id)
        .join(r, r.id == b.reservation_id)
        .where(b.state.in_(GONE), held.c.balance < literal_column("0"))
    )
    for line_id, number, guest, arrival, state, reason, amount in rows:
        told = _("cancelled") if state == "cancelled" else _("no-show")
        since = min(arrival, day)
        yield OpenMoney(
            f"l{line_id}",
            ADVANCE,
            None,
            line_id,
            number,
            guest,
            "",
            since,
            (day - since).days,
            Money(amount),
            f"{told}: {reason}" if reason else told,
        )


@query(Permission.FOLIOS_READ)
def open_items(session: Session) -> list[OpenItem]:
    """Return for the handover what is owed by guests who left, and what is held of bookings that will not
    come."""
    digits, found = setting(session).digits, waiting(session)
    items = []
    for kind, told in (
        (UNSETTLED, N_("%(n)s stay left unsettled: %(sum)s.")),
        (ADVANCE, N_("%(n)s advance of a booking that will not come: %(sum)s.")),
    ):
        some = [x for x in found if x.kind == kind]
        if some:
            total = show(sum(x.amount for x in some), digits)
            items.append(
                OpenItem("receivables", str(len(some)), _(told) % {"n": len(some), "sum": total}, None)
            )
    return items
