"""What is lent to whom, what is due, and what came back. No cost here grows with what came back before."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, func, literal_column, or_, select
from sqlalchemy.orm import Session

from pms.core import dates, typed
from pms.core.clock import local
from pms.core.i18n import N_, _, ngettext
from pms.core.money import Money
from pms.core.offers import AHEAD, MOST_DUE, Due, Hit, OpenItem, Reminder
from pms.core.reading import query
from pms.db.books import ask
from pms.services.guests.models import Guest
from pms.services.guests.search import fits
from pms.services.property.queries import setting
from pms.services.rooms.models import Room
from pms.services.staff.models import Staff
from pms.services.stays.models import IN_HOUSE, Stay, listed_name

from .duty import LEND
from .models import Rental, RentalItem, RentalReturn

OUT = Rental.pieces_out > literal_column("0")
"""Rentals with pieces out. The value is written out, so that the index of open rentals serves."""
GOOD, DAMAGED, LOST = "good", "damaged", "lost"
HOW = {GOOD: N_("In good order"), DAMAGED: N_("Damaged"), LOST: N_("Lost")}
_NUMBER = re.compile(r"\s*(?:L\s*-?\s*)?(\d{1,9})\s*", re.IGNORECASE)


def shown(number: int) -> str:
    """Return a rental's number as it is written on slip and screen."""
    return f"L-{number}"


def number_of(text: str) -> int | None:
    """Return the rental's number in what was typed (``L-12``, ``12``), None when there is none."""
    found = _NUMBER.fullmatch(typed.code(text))
    return int(found[1]) if found else None


@dataclass(frozen=True)
class ItemRow:
    """An item with how many of it are out."""

    id: int
    name: str
    pieces: int
    deposit: Money
    price: Money
    active: bool
    out: int

    @property
    def free(self) -> int:
        """Return how many can be lent."""
        return self.pieces - self.out if self.active else 0


@dataclass(frozen=True)
class RentalRow:
    """A rental as lists and papers show it; ``out`` of ``pieces`` are still with the guest."""

    id: int
    number: int
    stay_id: int
    room: str
    guest: str
    in_house: bool
    item: str
    pieces: int
    out: int
    deposit: Money
    method: str
    slip: str
    price: Money
    due_at: datetime
    out_at: datetime
    by: str

    @property
    def shown(self) -> str:
        """Return the number as it stands on the slip."""
        return shown(self.number)

    def overdue(self, now: datetime) -> bool:
        """Say whether pieces should have been back by now."""
        return self.out > 0 and (self.due_at < now or not self.in_house)


@dataclass(frozen=True)
class ReturnRow:
    """Pieces that came back, or never will."""

    pieces: int
    how: str
    charged: Money
    refunded: Money
    remark: str
    at: datetime
    by: str


@dataclass(frozen=True)
class Lodger:
    """Who is in a room now, and until when."""

    stay_id: int
    room: str
    guest: str
    departure: date


@query(LEND)
def items(session: Session) -> list[ItemRow]:
    """Return every item, those that are lent first, by name."""
    i = RentalItem
    out = (
        select(func.coalesce(func.sum(Rental.pieces_out), 0))
        .where(Rental.item_id == i.id, OUT)
        .correlate(i)
        .scalar_subquery()
    )
    rows = session.execute(
        select(i.id, i.name, i.pieces, i.deposit, i.price, i.active, out.label("out")).order_by(
            i.active.desc(), i.name
        )
    )
    return [ItemRow(**row) for row in rows.mappings()]


def _rentals() -> Select[*tuple[Any, ...]]:
    r = Rental
    return (
        select(
            r.id,
            r.number,
            r.stay_id,
            Room.number.label("room"),
            listed_name().label("guest"),
            IN_HOUSE.label("in_house"),
            RentalItem.name.label("item"),
            r.pieces,
            r.pieces_out.label("out"),
            r.deposit,
            r.method,
            r.slip,
            RentalItem.price,
            r.due_at,
            r.out_at,
            func.coalesce(Staff.name, "").label("by"),
        )
        .join(RentalItem, RentalItem.id == r.item_id)
        .join(Stay, Stay.id == r.stay_id)
        .join(Room, Room.id == Stay.room_id)
        .join(Guest, Guest.id == Stay.guest_id)
        .outerjoin(Staff, Staff.id == r.out_by)
    )


def _rows(session: Session, question: Select[*tuple[Any, ...]]) -> list[RentalRow]:
    return [RentalRow(**row) for row in ask(session, question).mappings()]


@query(LEND)
def out(session: Session) -> list[RentalRow]:
    """Return every rental with pieces out, the one due first at the top."""
    return _rows(session, _out())


@cache
def _out() -> Select[*tuple[Any, ...]]:
    return _rentals().where(OUT).order_by(Rental.due_at, Rental.number)


@query(LEND)
def returned_on(session: Session, *, business_date: date) -> list[RentalRow]:
    """Return the rentals of which pieces came back on a day, the latest first."""
    today = select(RentalReturn.rental_id).where(RentalReturn.business_date == business_date)
    return _rows(session, _rentals().where(Rental.id.in_(today)).order_by(Rental.number.desc()))


@query(LEND)
def rental(session: Session, *, number: int) -> RentalRow | None:
    """Return one rental, open or closed."""
    return next(iter(_rows(session, _rentals().where(Rental.number == number))), None)


@query(LEND)
def listed(session: Session, *, number: int) -> RentalRow:
    """Return a rental that is there, as its papers say it."""
    return _rows(session, _rentals().where(Rental.number == number))[0]


@query(LEND)
def returns(session: Session, *, rental_id: int) -> list[ReturnRow]:
    """Return what came back of one rental, in order."""
    t = RentalReturn
    rows = session.execute(
        select(
            t.pieces, t.how, t.charged, t.refunded, t.remark, t.at, func.coalesce(Staff.name, "").label("by")
        )
        .outerjoin(Staff, Staff.id == t.clerk_id)
        .where(t.rental_id == rental_id)
        .order_by(t.id)
    )
    return [ReturnRow(**row) for row in rows.mappings()]


@query(LEND)
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


# ------------------------------------------------------------------ what other duties ask for
@query(LEND)
def search(session: Session, *, text: str) -> list[Hit]:
    """Find rentals by number, and those still out by guest, pinyin, phone, room or item."""
    wanted = " ".join(text.casefold().split())
    if not wanted:
        return []
    near = or_(
        fits(session, Guest.search, text),
        Room.number == wanted.upper(),
        func.lower(RentalItem.name).contains(wanted, autoescape=True),
    )
    found = _rows(session, _rentals().where(OUT, near).order_by(Rental.due_at).limit(6))
    if (number := number_of(text)) is not None:
        exact = _rows(session, _rentals().where(Rental.number == number))
        found = [*exact, *(row for row in found if row.number != number)]
    return [
        Hit(f"{r.shown} {r.room} {r.guest}", still(r), "umbrella", "rental", {"number": r.number})
        for r in found
    ]


def still(row: RentalRow) -> str:
    """Say how much of which item is still out."""
    if not row.out:
        return _("%(item)s, returned") % {"item": row.item}
    return ngettext("%(item)s, %(n)s piece out", "%(item)s, %(n)s pieces out", row.out) % {
        "item": row.item,
        "n": row.out,
    }


@query(LEND)
def leaving(session: Session, *, stay_id: int) -> list[Reminder]:
    """Name what a guest still has, as a reminder before they leave."""
    found = _rows(session, _rentals().where(OUT, Rental.stay_id == stay_id).order_by(Rental.number))
    words = _("%(number)s: %(what)s.")
    return [
        Reminder(words % {"number": r.shown, "what": still(r)}, "rental", {"number": r.number}) for r in found
    ]


@query(LEND)
def handover(session: Session) -> list[OpenItem]:
    """Return every rental with pieces out, for the next shift, the one due first at the top."""
    zone = setting(session).zone
    due = _("due %(when)s")
    return [
        OpenItem(
            "rental",
            r.shown,
            _(", ").join(
                (f"{r.room} {r.guest}", still(r), due % {"when": dates.moment(local(r.due_at, zone))})
            ),
            r.out_at,
        )
        for r in out(session)
    ]


@query(LEND)
def waiting(session: Session, *, now: datetime) -> list[Due]:
    """Return the pieces that are to come back, the one due first at the top, with what the deposit is."""
    return [
        Due(
            _(", ").join((f"{r.room} {r.guest}", still(r))),
            "rental",
            r.due_at,
            1,
            {"number": r.number},
            r.deposit or None,
        )
        for r in out(session)
        if r.due_at <= now + AHEAD
    ][:MOST_DUE]
