"""What is held, since when and until when. No cost here grows with what is over."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, literal_column, select
from sqlalchemy.orm import Session

from pms.core import clock, dates, typed
from pms.core.i18n import N_, _, ngettext
from pms.core.money import Money, show
from pms.core.offers import MOST_DUE, Due, Hit, OpenItem, Reminder
from pms.core.options import PREAUTH_DAYS
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.books import ask
from pms.services.folios import holds, kinds
from pms.services.folios.models import Preauth, PreauthMove
from pms.services.guests.models import Guest
from pms.services.guests.search import fits
from pms.services.property.queries import setting
from pms.services.rooms.models import Room
from pms.services.staff.models import Staff
from pms.services.stays.models import IN_HOUSE, Stay, listed_name

from .duty import WARN

OPEN = Preauth.open > literal_column("0")
"""What is held. The value is written out, so that the index of what is open serves."""
PAST = timedelta(days=90)
"""What ran out is listed so long."""
STEPS = {
    holds.TAKEN: N_("Amount put on hold"),
    holds.TOPPED: N_("Topped up"),
    holds.CAPTURED: N_("Pre-authorisation completed"),
    holds.RELEASED: N_("Pre-authorisation released"),
    holds.BACK: N_("Completion undone"),
}
_FOUR = re.compile(r"\d{4}")
_NUMBER = re.compile(r"\s*(?:PA\s*-?\s*)?(\d{1,9})\s*", re.IGNORECASE)


@dataclass(frozen=True)
class PreauthRow:
    """A pre-authorisation as lists and papers show it; ``open`` is held still, unless it has run out."""

    number: int
    stay_id: int
    room: str
    guest: str
    in_house: bool
    kind: str
    words: str
    code: str
    last_four: str
    trace: str
    held: Money
    captured: Money
    released: Money
    open: Money
    valid_until: date
    taken_on: date
    ended_on: date | None

    @property
    def shown(self) -> str:
        """Return the number as it stands on the slip."""
        return holds.shown(self.number)

    @property
    def card(self) -> str:
        """Return the kind with the card's last figures."""
        return holds.card(self.words, self.last_four)

    def ran_out(self, today: date) -> bool:
        """Say whether the bank holds it no more."""
        return self.open > 0 and self.valid_until < today

    def age(self, today: date) -> int:
        """Return for how many days it is held."""
        return (today - self.taken_on).days


@dataclass(frozen=True)
class StepRow:
    """What was done with a pre-authorisation."""

    kind: str
    amount: Money
    code: str
    reason: str
    at: datetime
    business_date: date
    by: str


@dataclass(frozen=True)
class Lodger:
    """Who is in a room now, until when, and what the stay owes beyond its deposit."""

    stay_id: int
    room: str
    guest: str
    departure: date


@cache
def _asked() -> Select[*tuple[Any, ...]]:
    p = Preauth
    return (
        select(
            p.number,
            p.stay_id,
            Room.number.label("room"),
            listed_name().label("guest"),
            IN_HOUSE.label("in_house"),
            p.kind,
            p.code,
            p.last_four,
            p.trace,
            p.held,
            p.captured,
            p.released,
            p.open,
            p.valid_until,
            p.taken_on,
            p.ended_on,
        )
        .join(Stay, Stay.id == p.stay_id)
        .join(Room, Room.id == Stay.room_id)
        .join(Guest, Guest.id == Stay.guest_id)
    )


def _rows(session: Session, question: Select[*tuple[Any, ...]], **values: Any) -> list[PreauthRow]:
    rows = ask(session, question, **values).mappings().all()
    names = {way.code: way.words for way in kinds.ways(session)} if rows else {}
    return [PreauthRow(words=names.get(row["kind"], row["kind"]), **row) for row in rows]


@query(Permission.PREAUTH, Permission.AUDIT_RUN)
def held(session: Session, *, business_date: date) -> list[PreauthRow]:
    """Return what is held now, the oldest first."""
    return _rows(session, _held(), today=business_date)


@cache
def _held() -> Select[*tuple[Any, ...]]:
    held = _asked().where(OPEN, Preauth.valid_until >= bindparam("today"))
    return held.order_by(Preauth.taken_on, Preauth.number)


@query(Permission.PREAUTH, Permission.AUDIT_RUN)
def run_out(session: Session, *, business_date: date) -> list[PreauthRow]:
    """Return what ran out within the last 90 days without being taken or released, the latest first."""
    asked = _asked().where(
        OPEN, Preauth.valid_until < business_date, Preauth.valid_until >= business_date - PAST
    )
    return _rows(session, asked.order_by(Preauth.valid_until.desc(), Preauth.number))


@query(Permission.PREAUTH)
def ended_on(session: Session, *, business_date: date) -> list[PreauthRow]:
    """Return what was completed or released on a day, the latest first."""
    asked = _asked().where(Preauth.ended_on == business_date)
    return _rows(session, asked.order_by(Preauth.number.desc()))


@query(Permission.PREAUTH)
def preauth(session: Session, *, number: int) -> PreauthRow | None:
    """Return one pre-authorisation, open or over; None where there is none of this number."""
    return next(iter(_rows(session, _asked().where(Preauth.number == number))), None)


@query(Permission.PREAUTH)
def of_stay(session: Session, *, stay_id: int) -> list[PreauthRow]:
    """Return every pre-authorisation of a stay, the latest first."""
    return _rows(session, _asked().where(Preauth.stay_id == stay_id).order_by(Preauth.number.desc()))


@query(Permission.PREAUTH)
def steps(session: Session, *, number: int) -> list[StepRow]:
    """Return what was done with a pre-authorisation, the latest first."""
    m = PreauthMove
    rows = session.execute(
        select(m.kind, m.amount, m.code, m.reason, m.at, m.business_date, func.coalesce(Staff.name, ""))
        .join(Preauth, Preauth.id == m.preauth_id)
        .outerjoin(Staff, Staff.id == m.clerk_id)
        .where(Preauth.number == number)
        .order_by(m.step.desc())
    )
    return [StepRow(*row) for row in rows]


@query(Permission.PREAUTH)
def lodger(session: Session, *, room: str) -> Lodger | None:
    """Return who is in a room now, None when nobody is."""
    row = session.execute(
        select(
            Stay.id.label("stay_id"), Room.number.label("room"), listed_name().label("guest"), Stay.departure
        )
        .join(Room, Room.id == Stay.room_id)
        .join(Guest, Guest.id == Stay.guest_id)
        .where(IN_HOUSE, func.upper(Room.number) == typed.code(room))
    ).first()
    return Lodger(**row._mapping) if row else None


@query(Permission.PREAUTH)
def held_kinds(session: Session) -> list[kinds.Way]:
    """Return the kinds of payment of which an amount may be held."""
    return [way for way in kinds.offered(session) if way.holds]


@query(Permission.PREAUTH)
def usual_end(session: Session) -> date:
    """Return the day until which what is held today is valid, by the house's rule."""
    s = setting(session)
    return s.business_date + timedelta(days=s.options[PREAUTH_DAYS])


# ------------------------------------------------------------------ what other duties ask for
@query(Permission.PREAUTH)
def search(session: Session, *, text: str) -> list[Hit]:
    """Find pre-authorisations by number, and those still held by guest, pinyin, phone, or the card's last
    four figures."""
    wanted = " ".join(text.casefold().split())
    if not wanted:
        return []
    near = fits(session, Guest.search, text)
    if _FOUR.fullmatch(wanted):
        near = near | (Preauth.last_four == wanted)
    found = _rows(session, _asked().where(OPEN, near).order_by(Preauth.number).limit(6))
    if (number := number_of(text)) is not None:
        exact = _rows(session, _asked().where(Preauth.number == number))
        found = [*exact, *(row for row in found if row.number != number)]
    digits = setting(session).digits
    return [
        Hit(
            f"{r.shown} {r.room} {r.guest}",
            f"{r.card} {show(r.open or r.held, digits)}",
            "lock",
            "preauth",
            {"number": r.number},
        )
        for r in found
    ]


def number_of(text: str) -> int | None:
    """Return the number in what was typed (``PA-12``), None when there is none."""
    found = _NUMBER.fullmatch(typed.code(text))
    return int(found[1]) if found and typed.code(text).startswith("PA") else None


def told(row: PreauthRow, digits: int) -> str:
    """Say what is held on which card, and until when."""
    words = _("%(number)s: %(sum)s held on %(card)s, valid until %(day)s")
    return words % {
        "number": row.shown,
        "sum": show(row.open, digits),
        "card": row.card,
        "day": dates.day(row.valid_until),
    }


@query(Permission.PREAUTH)
def leaving(session: Session, *, stay_id: int) -> list[Reminder]:
    """Name what is held for a guest, as a reminder before they leave."""
    s = setting(session)
    found = _rows(
        session, _asked().where(OPEN, Preauth.stay_id == stay_id, Preauth.valid_until >= s.business_date)
    )
    words = _("%(what)s.")
    return [
        Reminder(words % {"what": told(row, s.digits)}, "preauth", {"number": row.number}) for row in found
    ]


def _pressing(session: Session, business_date: date, days: int) -> list[PreauthRow]:
    """Return what must be seen to: held for a guest who has left, or about to run out within ``days``."""
    last = business_date + timedelta(days=days)
    return [r for r in held(session, business_date=business_date) if not r.in_house or r.valid_until <= last]


@query(Permission.PREAUTH)
def handover(session: Session) -> list[OpenItem]:
    """Return for the next shift what is held in all, and each that must be seen to."""
    s = setting(session)
    found = held(session, business_date=s.business_date)
    if not found:
        return []
    in_all = ngettext(
        "%(n)s pre-authorisation is held: %(sum)s.", "%(n)s pre-authorisations are held: %(sum)s.", len(found)
    )
    total = show(sum(r.open for r in found), s.digits)
    items = [OpenItem("preauth", str(len(found)), in_all % {"n": len(found), "sum": total}, None)]
    for r in _pressing(session, s.business_date, s.options[WARN]):
        gone = "" if r.in_house else _("the guest has left")
        items.append(
            OpenItem(
                "preauth",
                r.shown,
                _(", ").join(filter(None, (f"{r.room} {r.guest}", told(r, s.digits), gone))),
                None,
            )
        )
    return items


@query(Permission.PREAUTH)
def waiting(session: Session, *, now: datetime) -> list[Due]:
    """Return what is about to run out, or is held for a guest who has left, the first to run out at the
    top."""
    s = setting(session)
    found = sorted(
        _pressing(session, s.business_date, s.options[WARN]), key=lambda r: (r.valid_until, r.number)
    )
    return [
        Due(
            _(", ").join((f"{r.room} {r.guest}", told(r, s.digits))),
            "preauth",
            min(now, clock.at(r.valid_until, "09:00", s.zone)),
            1,
            {"number": r.number},
            r.open,
        )
        for r in found
    ][:MOST_DUE]
