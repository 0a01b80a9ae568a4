"""Payments in question, and the lines of statements by which one has arrived after all."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session

from pms.core import typed
from pms.core.i18n import N_, _
from pms.core.money import Money, show
from pms.core.offers import MOST_DUE, Due, Hit, OpenItem, Reminder
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.books import ask
from pms.services.folios import attempts, kinds
from pms.services.folios.attempts import ABSENT, ARRIVED, UNKNOWN
from pms.services.folios.models import PaymentAttempt, PaymentReference
from pms.services.guests.models import Guest
from pms.services.property.queries import setting
from pms.services.rooms.models import Room
from pms.services.staff.models import Staff
from pms.services.statements.formats import parts
from pms.services.statements.matching import NEAR, SOURCE_OF
from pms.services.statements.models import StatementLine
from pms.services.stays.models import Stay, listed_name

from .duty import AGAIN

STATES = {UNKNOWN: N_("In question"), ARRIVED: N_("Arrived"), ABSENT: N_("Did not arrive")}
DAY = timedelta(days=1)
_NUMBER = re.compile(r"Q-?(\d{1,9})")


@dataclass(frozen=True)
class AttemptRow:
    """A payment in question as lists show it. ``proposed`` is the transaction number of the only line of a
    statement that may be it, posted nowhere yet."""

    number: int
    stay_id: int
    room: str
    guest: str
    window: str
    kind: str
    words: str
    amount: Money
    reference: str
    told: str
    state: str
    reason: str
    at: datetime
    asked_at: datetime
    by: str
    settled_at: datetime | None
    settled_by: str
    proposed: str = ""

    @property
    def shown(self) -> str:
        """Return the number as it is written."""
        return attempts.shown(self.number)


@cache
def _asked() -> Select[*tuple[Any, ...]]:
    p, settler = PaymentAttempt, Staff.__table__.alias("settler")
    return (
        select(
            p.number,
            p.stay_id,
            Room.number.label("room"),
            listed_name().label("guest"),
            p.window,
            p.kind,
            p.amount,
            p.reference,
            p.told,
            p.state,
            p.reason,
            p.at,
            p.asked_at,
            func.coalesce(Staff.name, "").label("by"),
            p.settled_at,
            func.coalesce(settler.c.name, "").label("settled_by"),
        )
        .join(Stay, Stay.id == p.stay_id)
        .join(Room, Room.id == Stay.room_id)
        .join(Guest, Guest.id == Stay.guest_id)
        .outerjoin(Staff, Staff.id == p.clerk_id)
        .outerjoin(settler, settler.c.id == p.settled_by)
    )


def _rows(session: Session, question: Select[*tuple[Any, ...]]) -> list[AttemptRow]:
    rows = ask(session, question).mappings().all()
    names = {way.code: way.words for way in kinds.ways(session)} if rows else {}
    return [AttemptRow(words=names.get(row["kind"], row["kind"]), **row) for row in rows]


@query(Permission.FOLIOS_PAY, Permission.AUDIT_RUN)
def still_open(session: Session) -> list[AttemptRow]:
    """Return what is in question, the oldest first, each with what a statement proposes."""
    return _proposed(session, _rows(session, _open()))


@cache
def _open() -> Select[*tuple[Any, ...]]:
    return _asked().where(PaymentAttempt.state == UNKNOWN).order_by(PaymentAttempt.number)


@query(Permission.FOLIOS_PAY)
def settled_on(session: Session, *, business_date: date) -> list[AttemptRow]:
    """Return what was settled on a day, the latest first."""
    asked = _asked().where(PaymentAttempt.settled_on == business_date)
    return _rows(session, asked.order_by(PaymentAttempt.settled_at.desc()))


@query(Permission.FOLIOS_PAY)
def attempt(session: Session, *, number: int) -> AttemptRow | None:
    """Return one, open or settled; None where there is none of this number."""
    found = _rows(session, _asked().where(PaymentAttempt.number == number))
    return next(iter(_proposed(session, found)), None)


def _proposed(session: Session, found: Sequence[AttemptRow]) -> list[AttemptRow]:
    wanted = [r for r in found if r.state == UNKNOWN and r.kind in SOURCE_OF]
    if not wanted:
        return list(found)
    lines = _lines(session, wanted)
    taken: dict[int, str] = {}
    for r in wanted:
        near = [line for line in lines if _may_be(line, r)]
        own = [line for line in near if r.reference and r.reference in (line.trade, line.order_number)]
        only = own or near
        if len(only) == 1:
            taken[r.number] = only[0].trade or only[0].order_number
    counts = Counter(taken.values())
    once = {number: line for number, line in taken.items() if counts[line] == 1}
    return [replace(r, proposed=once.get(r.number, "")) for r in found]


def _lines(session: Session, wanted: Sequence[AttemptRow]) -> list[Any]:
    """Return the payments of statements that no posting bears, of the sums and days in question."""
    x, r = StatementLine, PaymentReference
    posted = exists().where(or_(r.number == x.trade, r.number == x.order_number))
    sums = sorted({int(w.amount) for w in wanted})
    asked = select(x.source, x.at, x.gross, x.amount, x.trade, x.order_number).where(
        x.kind == parts.PAYMENT,
        x.sort != parts.FUND,
        x.day >= min(w.at for w in wanted).date() - DAY,
        or_(x.gross.in_(sums), x.amount.in_(sums)),
        ~posted,
    )
    return list(session.execute(asked))


def _may_be(line: Any, r: AttemptRow) -> bool:
    """Say whether a line is of the kind, the sum and about the time of a payment in question."""
    same = line.source == SOURCE_OF[r.kind] and r.amount in (line.gross, line.amount)
    if r.reference and r.reference in (line.trade, line.order_number):
        return same
    return same and abs(line.at - r.at) <= NEAR


# ------------------------------------------------------------------ what other duties ask for
def told(row: AttemptRow, digits: int) -> str:
    """Say which payment is in question."""
    words = _("%(sum)s by %(kind)s in question")
    return words % {"sum": show(row.amount, digits), "kind": row.words}


@query(Permission.FOLIOS_PAY)
def search(session: Session, *, text: str) -> list[Hit]:
    """Find a payment in question by its number."""
    named = _NUMBER.fullmatch(typed.code(text))
    found = attempt(session, number=int(named[1])) if named else None
    if found is None:
        return []
    words = f"{_(STATES[found.state])} {found.words} {show(found.amount, setting(session).digits)}"
    title = f"{found.shown} {found.room} {found.guest}"
    return [Hit(title, words, "alert", "attempts", {"number": found.number})]


@query(Permission.FOLIOS_PAY)
def leaving(session: Session, *, stay_id: int) -> list[Reminder]:
    """Name what is in question, as a reminder before a guest leaves."""
    p, digits = PaymentAttempt, setting(session).digits
    found = _rows(session, _asked().where(p.state == UNKNOWN, p.stay_id == stay_id).order_by(p.number))
    words = _("%(number)s: %(what)s. Look whether it has arrived.")
    return [
        Reminder(words % {"number": r.shown, "what": told(r, digits)}, "attempts", {"number": r.number})
        for r in found
    ]


@query(Permission.FOLIOS_PAY)
def handover(session: Session) -> list[OpenItem]:
    """Return every payment in question, for the next shift."""
    digits = setting(session).digits
    return [
        OpenItem("attempts", r.shown, _(", ").join((f"{r.room} {r.guest}", told(r, digits))), r.at)
        for r in still_open(session)
    ]


@query(Permission.FOLIOS_PAY)
def waiting(session: Session, *, now: datetime) -> list[Due]:
    """Return what is to be looked for again; one that a statement shows at once."""
    s = setting(session)
    again = timedelta(minutes=s.options[AGAIN])
    return [
        Due(
            _(", ").join(
                filter(
                    None,
                    (f"{r.room} {r.guest}", told(r, s.digits), _("on the statement") if r.proposed else ""),
                )
            ),
            "attempts",
            r.at if r.proposed else r.asked_at + again,
            1,
            {"number": r.number},
            r.amount,
        )
        for r in still_open(session)
    ][:MOST_DUE]
