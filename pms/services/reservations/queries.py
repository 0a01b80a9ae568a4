"""Bookings as lists and forms show them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, false, func, or_, select
from sqlalchemy.orm import Session

from pms.core import dates
from pms.core.clock import at
from pms.core.i18n import N_, _
from pms.core.money import Money
from pms.core.offers import AHEAD, MOST_DUE, Alarm, Badge, Due
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.books import ask
from pms.db.types import summed
from pms.services.guests.search import fits
from pms.services.property.queries import setting
from pms.services.rates.models import RatePlan
from pms.services.rooms.models import Room, RoomNight, RoomType, shown_name

from .duty import RESERVATIONS_IMPORT
from .models import (
    COMING,
    HOLDING,
    OPEN,
    PAYERS,
    STATE_NAMES,
    BookedRoom,
    NightRate,
    Reservation,
    listed_name,
    payer_words,
)

OPEN_STATES = (*HOLDING, "waiting")
PHONE_LEAST = 3
"""Fewer figures than these are a booking's number only, not the beginning of a phone number."""
SOON, BEHIND = timedelta(days=7), timedelta(days=30)
SOURCE_NAMES = {
    "phone": N_("Phone"),
    "walk_in": N_("Walk-in"),
    "web": N_("Web"),
    "ota": N_("Travel site"),
    "company": N_("Agreement company"),
    "member": N_("Member"),
    "group": N_("Group"),
    "mail": N_("Fax or e-mail"),
    "channel": N_("Online channel"),
}
PAYER_NAMES = PAYERS
LISTS = ("today", "soon", "open", "cancelled", "no_show")
"""The lists of the booking desk: arriving today, within a week, all to come, cancelled and not shown up since
a month."""


@dataclass(frozen=True)
class LineRow:
    """One booked room in a list."""

    line_id: int
    number: int
    guest_name: str
    phone: str
    type_id: int
    type_code: str
    type_name: str
    room_id: int | None
    room: str
    arrival: date
    departure: date
    adults: int
    children: int
    state: str
    source: str
    company: str
    hold_until: str
    plan_id: int | None
    plan_name: str
    total: Money
    remarks: str
    breakfast: int
    channel: str
    reference: str
    reason: str
    kept_until: datetime | None = None
    payer: str = "guest"
    private: bool = False
    member_number: int | None = None
    company_number: int | None = None
    channel_number: int | None = None

    @property
    def listed(self) -> str:
        """Return the guest's name as a list shows it: not of one who is not to be disclosed."""
        return _("Do not disclose") if self.private else self.guest_name

    @property
    def listed_phone(self) -> str:
        """Return the phone likewise."""
        return "" if self.private else self.phone

    @property
    def awaited(self) -> bool:
        """Say whether a guaranteed guest did not come by the close and may still be let in."""
        return self.state == "no_show" and self.kept_until is not None

    @property
    def payer_words(self) -> str:
        """Say who pays."""
        return payer_words(self.payer, self.channel, self.company)

    @property
    def nights(self) -> int:
        """Return the number of nights."""
        return (self.departure - self.arrival).days

    @property
    def open(self) -> bool:
        """Say whether the room is still to come."""
        return self.state in OPEN_STATES

    @property
    def state_name(self) -> str:
        """Return the state in the trade's word."""
        return _(STATE_NAMES[self.state])


@dataclass(frozen=True)
class NightRow:
    """One night's price."""

    night: date
    price: Money
    rule: str


def _lines() -> Select[*tuple[Any, ...]]:
    b, r, t = BookedRoom, Reservation, RoomType
    total = (
        select(summed(NightRate.price))
        .where(NightRate.line_id == b.id, NightRate.night < b.departure)
        .correlate(b)
        .scalar_subquery()
    )
    return (
        select(
            b.id,
            r.number,
            r.guest_name,
            r.phone,
            b.type_id,
            t.code,
            shown_name(),
            b.room_id,
            func.coalesce(Room.number, ""),
            b.arrival,
            b.departure,
            b.adults,
            b.children,
            b.state,
            r.source,
            r.company,
            r.hold_until,
            b.plan_id,
            func.coalesce(RatePlan.name, ""),
            total,
            r.remarks,
            b.breakfast,
            r.channel,
            r.reference,
            b.reason,
            b.kept_until,
            r.payer,
            r.do_not_disclose,
            r.member_number,
            r.company_number,
            r.channel_number,
        )
        .join(r, r.id == b.reservation_id)
        .join(t, t.id == b.type_id)
        .outerjoin(Room, Room.id == b.room_id)
        .outerjoin(RatePlan, RatePlan.id == b.plan_id)
    )


@query(Permission.GUESTS_READ)
def arrivals(session: Session, *, business_date: date) -> list[LineRow]:
    """Return who is still to come today, those overdue first."""
    b = BookedRoom
    rows = session.execute(
        _lines().where(b.arrival <= business_date, COMING).order_by(b.arrival, Reservation.hold_until, b.id)
    )
    return [LineRow(*row) for row in rows]


@query(Permission.GUESTS_READ)
def awaited(session: Session) -> list[LineRow]:
    """Return the guaranteed guests who did not come by the last close and whose nights are held."""
    return [LineRow(*row) for row in ask(session, _awaited())]


@cache
def _awaited() -> Select[*tuple[Any, ...]]:
    b = BookedRoom
    return _lines().where(b.kept_until.is_not(None)).order_by(Reservation.guest_name, b.id)


@query(Permission.GUESTS_READ)
def alarms(session: Session, *, now: datetime) -> list[Alarm]:
    """Tell of guaranteed guests who did not come by the check-out time: their nights are to be released."""
    return [
        Alarm(
            _("R-%(number)s %(guest)s did not come. Release its nights, or keep them.")
            % {"number": r.number, "guest": r.listed},
            "reservations",
            {"line_id": r.line_id},
        )
        for r in awaited(session)
        if r.kept_until is not None and r.kept_until <= now and r.departure > r.arrival + timedelta(days=1)
    ]


@query(Permission.GUESTS_READ)
def coming(
    session: Session, *, start: date, end: date, state: str = "", text: str = "", limit: int = 2000
) -> list[LineRow]:
    """Return bookings that arrive from ``start`` to ``end`` (in), of one state or all, whose guest, phone or
    number fits the text."""
    b, r = BookedRoom, Reservation
    question = _lines().where(b.arrival >= start, b.arrival <= end)
    if state:
        question = question.where(b.state == state)
    wanted = text.casefold().strip()
    figures = wanted.removeprefix("r-")
    if figures.isdecimal() and len(figures) < 10:
        by_phone = (
            fits(session, r.search, text) & (b.arrival >= start) & (b.arrival <= end)
            if len(wanted) >= PHONE_LEAST
            else false()
        )
        question = _lines().where((r.number == int(figures)) | by_phone)
    elif wanted:
        question = question.where(fits(session, r.search, text))
    return [LineRow(*row) for row in session.execute(question.order_by(b.arrival, b.id).limit(limit))]


def _listed(which: str, business_date: date) -> Any:
    b, recent = BookedRoom, BookedRoom.arrival >= business_date - BEHIND
    return {
        "today": (b.arrival <= business_date) & COMING,
        "soon": (b.arrival > business_date) & (b.arrival <= business_date + SOON) & OPEN,
        "open": recent & OPEN,
        "cancelled": recent & (b.state == "cancelled"),
        "no_show": recent & (b.state == "no_show"),
    }[which]


@query(Permission.GUESTS_READ)
def listed(session: Session, *, which: str, business_date: date) -> list[LineRow]:
    """Return one of the ``LISTS`` of the booking desk by arrival."""
    question = _lines().where(_listed(which, business_date))
    return [
        LineRow(*row)
        for row in session.execute(
            question.order_by(BookedRoom.arrival, Reservation.guest_name, BookedRoom.id).limit(2000)
        )
    ]


@query(Permission.GUESTS_READ)
def tally(session: Session, *, business_date: date) -> dict[str, int]:
    """Return how many booked rooms each of the ``LISTS`` holds."""
    counts = [summed(case((_listed(which, business_date), 1), else_=0)) for which in LISTS]
    row = session.execute(select(*counts).where(BookedRoom.arrival >= business_date - BEHIND)).one()
    return {which: int(count) for which, count in zip(LISTS, row, strict=True)}


@query(Permission.GUESTS_READ)
def line(session: Session, *, line_id: int) -> LineRow:
    """Return one booked room."""
    return LineRow(*session.execute(_lines().where(BookedRoom.id == line_id)).one())


@query(Permission.GUESTS_READ)
def nights(session: Session, *, line_id: int) -> list[NightRow]:
    """Return the price of each night of a booked room; nights that were given up are not among them."""
    n, b = NightRate, BookedRoom
    rows = session.execute(
        select(n.night, n.price, n.rule)
        .join(b, b.id == n.line_id)
        .where(n.line_id == line_id, n.night < b.departure)
        .order_by(n.night)
    )
    return [NightRow(*row) for row in rows]


@query(Permission.GUESTS_READ)
def release_list(session: Session, *, business_date: date, clock: str) -> list[LineRow]:
    """Return unguaranteed arrivals whose hold time has passed: to be released by hand, never silently."""
    return [
        row
        for row in arrivals(session, business_date=business_date)
        if row.state != "guaranteed" and (row.arrival < business_date or row.hold_until <= clock)
    ]


@query(Permission.GUESTS_READ)
def advance_held(session: Session, *, line_id: int) -> Money:
    """Return the advance deposit that the house holds for a booked room."""
    from sqlalchemy import or_

    from pms.services.folios.models import Account, Transfer

    a, t = Account, Transfer
    return Money(
        int(
            session.execute(
                select(summed(case((t.credit_id == a.id, t.amount), else_=-t.amount)))
                .join(a, or_(a.id == t.debit_id, a.id == t.credit_id))
                .where(a.line_id == line_id)
            ).scalar_one()
        )
    )


@query(Permission.GUESTS_READ)
def room_users(session: Session, *, room_id: int, start: date, end: date) -> list[str]:
    """Name the bookings that hold a room in these nights or use it by day, for whoever wants to block it."""
    n, b, r = RoomNight, BookedRoom, Reservation
    held = select(n.line_id).where(n.room_id == room_id, n.night >= start, n.night < end)
    by_day = and_(
        b.room_id == room_id,
        b.arrival == b.departure,
        b.arrival >= start,
        b.arrival < end,
        b.state.in_(HOLDING),
    )
    rows = session.execute(
        select(r.number, listed_name().label("guest"), b.arrival, b.departure)
        .join(r, r.id == b.reservation_id)
        .where(or_(b.id.in_(held), by_day))
        .order_by(b.arrival, r.number)
    )
    return [
        f"R-{row.number} {row.guest} {dates.day(row.arrival)} – {dates.day(row.departure)}" for row in rows
    ]


@query(Permission.GUESTS_READ, RESERVATIONS_IMPORT)
def counts_by_arrival(session: Session) -> list[tuple[date, str, int]]:
    """Return how many booked rooms arrive on each day in each state."""
    b = BookedRoom
    return [
        (row[0], row[1], row[2])
        for row in session.execute(select(b.arrival, b.state, func.count()).group_by(b.arrival, b.state))
    ]


_LINES_OF = (
    select(BookedRoom.id)
    .join(Reservation, Reservation.id == BookedRoom.reservation_id)
    .where(Reservation.number == bindparam("number"))
    .order_by(BookedRoom.id)
)


@query(Permission.GUESTS_READ)
def lines_of(session: Session, *, number: int) -> list[int]:
    """Return the booked rooms of a booking's number."""
    return list(session.scalars(_LINES_OF, {"number": number}))


_EXPECTED = (
    select(func.count()).select_from(BookedRoom).where(COMING, BookedRoom.arrival <= bindparam("today"))
)


@query(Permission.GUESTS_READ)
def badges(session: Session) -> list[Badge]:
    """Return how many bookings are still expected today."""
    today = setting(session).business_date
    due = ask(session, _EXPECTED, today=today).scalar_one()
    return [Badge("reservations", due)]


_HELD = (
    select(
        BookedRoom.id,
        Reservation.number,
        listed_name().label("guest"),
        BookedRoom.arrival,
        Reservation.hold_until,
    )
    .join(Reservation, Reservation.id == BookedRoom.reservation_id)
    .where(COMING, BookedRoom.state != "guaranteed", BookedRoom.arrival <= bindparam("today"))
    .order_by(BookedRoom.arrival, Reservation.hold_until, BookedRoom.id)
    .limit(MOST_DUE)
)


@query(Permission.GUESTS_READ)
def waiting(session: Session, *, now: datetime) -> list[Due]:
    """Return what is held until a moment that is near or past: the nights of guests who did not come, and
    the rooms of those who are expected and gave no guarantee."""
    held = (r for r in awaited(session) if r.kept_until is not None and r.kept_until <= now + AHEAD)
    nights = [
        Due(
            _("R-%(number)s %(guest)s: nights held") % {"number": r.number, "guest": r.listed},
            "reservations",
            r.kept_until or now,
            1,
            {"line_id": r.line_id},
        )
        for r in sorted(held, key=lambda r: r.kept_until or now)
    ]
    return [*nights, *_held(session, now)][:MOST_DUE]


def _held(session: Session, now: datetime) -> list[Due]:
    house = setting(session)
    told = _("R-%(number)s %(guest)s: held until %(time)s")
    return [
        Due(
            told % {"number": row.number, "guest": row.guest, "time": row.hold_until},
            "reservations",
            until,
            2,
            {"line_id": row.id},
        )
        for row in ask(session, _HELD, today=house.business_date)
        if (until := at(row.arrival, row.hold_until, house.zone)) <= now + AHEAD
    ]
