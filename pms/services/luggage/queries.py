"""Which bags are here, whose they are, and what was handed back. No cost here grows with what was handed back
before."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, case, func, literal_column, or_, select
from sqlalchemy.orm import Session

from pms.core import dates, typed
from pms.core.clock import at, local
from pms.core.i18n import _, ngettext
from pms.core.offers import MOST_DUE, Due, Hit, OpenItem, Reminder
from pms.core.reading import query
from pms.db.books import ask
from pms.services.guests.models import Guest
from pms.services.guests.search import fits
from pms.services.property.queries import setting
from pms.services.rooms.models import Room
from pms.services.staff.models import Staff
from pms.services.stays.models import IN_HOUSE, Stay, kept_name, listed_name, listed_phone, secret

from .duty import CLAIM, DAYS, PLACES, STORE
from .models import LuggageClaim, LuggageTag

HERE = LuggageTag.pieces_left > literal_column("0")
"""Tags with bags in the room. The value is written out, so that the index of open tags serves."""
_NUMBER = re.compile(r"\s*(?:T\s*-?\s*)?(\d{1,9})\s*", re.IGNORECASE)
_SCANNED = re.compile(r"\s*T\s*-\s*(\d{1,9})\s*", re.IGNORECASE)


@dataclass(frozen=True)
class TagRow:
    """A tag as lists show it; ``left`` of ``pieces`` are here, ``overnight`` since an earlier business date,
    ``overdue`` longer than agreed."""

    id: int
    number: int
    stay_id: int | None
    source: str
    guest: str
    private: bool
    phone: str
    room: str
    pieces: int
    left: int
    marks: str
    place: str
    with_word: bool
    until: date | None
    stored_at: datetime
    stored_on: date
    stored_by: str
    overnight: bool
    overdue: bool
    claimed_at: datetime | None = None

    @property
    def tag(self) -> str:
        """Return the number as it stands on the tag."""
        return shown(self.number)


@dataclass(frozen=True)
class ClaimRow:
    """Pieces handed back."""

    id: int
    pieces: int
    proof: str
    name: str
    document_shown: str
    reason: str
    at: datetime
    by: str


@dataclass(frozen=True)
class Owner:
    """Somebody who may leave bags: a guest in house or one who has left."""

    stay_id: int
    room: str
    guest: str
    phone: str
    state: str
    departure: date


def shown(number: int) -> str:
    """Return a tag's number as it is written on tag and screen."""
    return f"T-{number}"


def number_of(text: str, *, scanned: bool = False) -> int | None:
    """Return the tag's number in what was typed (``T-12``, ``12``), None when there is none; ``scanned`` asks
    for the letter too."""
    found = (_SCANNED if scanned else _NUMBER).fullmatch(typed.code(text))
    return int(found[1]) if found else None


def _tags() -> Select[*tuple[Any, ...]]:
    t = LuggageTag
    last = select(func.max(LuggageClaim.at)).where(LuggageClaim.tag_id == t.id).correlate(t).scalar_subquery()
    return select(
        t.id,
        t.number,
        t.stay_id,
        t.source,
        kept_name(t.guest_name, t.stay_id),
        secret(t.stay_id),
        t.phone,
        t.room,
        t.pieces,
        t.pieces_left,
        t.marks,
        t.place,
        (t.word != "").label("with_word"),
        t.until,
        t.stored_at,
        t.stored_on,
        func.coalesce(Staff.name, ""),
        last,
    ).outerjoin(Staff, Staff.id == t.stored_by)


_STORED = _tags().where(HERE).order_by(LuggageTag.stored_on.desc(), LuggageTag.number.desc())
_ONE = _tags().where(LuggageTag.number == bindparam("number"))


def _rows(session: Session, question: Select[*tuple[Any, ...]], **values: Any) -> list[TagRow]:
    house = setting(session)
    today, days = house.business_date, timedelta(days=house.options[DAYS])
    return [
        _row(row, today, (row.until or row.stored_on + days) < today)
        for row in ask(session, question, **values)
    ]


def _row(row: Any, today: date, late: bool) -> TagRow:
    return TagRow(*(*row[:17], row.stored_on < today, bool(row.pieces_left) and late, row[17]))


@query(STORE, CLAIM)
def stored(session: Session) -> list[TagRow]:
    """Return every tag with bags still here, the latest first."""
    return _rows(session, _STORED)


@query(STORE, CLAIM)
def tag(session: Session, *, number: int) -> TagRow | None:
    """Return one tag, claimed or not."""
    return next(iter(_rows(session, _ONE, number=number)), None)


@query(STORE, CLAIM)
def listed_guest(session: Session, *, tag_id: int) -> str:
    """Return whose bags they are, as the tag that hangs on them says it."""
    t = LuggageTag
    return session.execute(select(kept_name(t.guest_name, t.stay_id)).where(t.id == tag_id)).scalar_one()


@query(STORE, CLAIM)
def claimed_on(session: Session, *, business_date: date) -> list[TagRow]:
    """Return the tags on which pieces were handed back that day, the latest first."""
    today = select(LuggageClaim.tag_id).where(LuggageClaim.business_date == business_date)
    return sorted(
        _rows(session, _tags().where(LuggageTag.id.in_(today))), key=lambda t: str(t.claimed_at), reverse=True
    )


@query(STORE, CLAIM)
def claims(session: Session, *, tag_id: int) -> list[ClaimRow]:
    """Return what was handed back on one tag, in order."""
    c = LuggageClaim
    rows = session.execute(
        select(
            c.id, c.pieces, c.proof, c.name, c.document_shown, c.reason, c.at, func.coalesce(Staff.name, "")
        )
        .outerjoin(Staff, Staff.id == c.clerk_id)
        .where(c.tag_id == tag_id)
        .order_by(c.id)
    )
    return [ClaimRow(*row) for row in rows]


def _owners() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Stay.id,
            Room.number,
            listed_name(),
            listed_phone(),
            Stay.state,
            func.coalesce(Stay.departed_on, Stay.departure),
        )
        .join(Guest, Guest.id == Stay.guest_id)
        .join(Room, Room.id == Stay.room_id)
    )


@query(STORE, CLAIM)
def owners(session: Session, *, text: str, limit: int = 6) -> list[Owner]:
    """Return guests in house, then those who left yesterday or today, by room, name, pinyin or phone."""
    wanted = " ".join(typed.half_width(text).casefold().split())
    if not wanted:
        return []
    since = setting(session).business_date - timedelta(days=1)
    number = func.upper(Room.number)
    found = or_(number.startswith(wanted.upper(), autoescape=True), fits(session, Guest.search, text))
    exact = case((number == wanted.upper(), 0), else_=1)
    inside = session.execute(_owners().where(IN_HOUSE, found).order_by(exact, Room.number).limit(limit)).all()
    gone = session.execute(
        _owners()
        .where(Stay.departed_on >= since, Stay.state == "departed", found)
        .order_by(exact, Stay.departed_at.desc())
        .limit(limit)
    ).all()
    return [Owner(*row) for row in (*inside, *gone)][:limit]


@query(STORE, CLAIM)
def owner_of_room(session: Session, *, room: str) -> Owner | None:
    """Return who is in the room of this number, else who left it last, today or yesterday."""
    return next((o for o in owners(session, text=room) if o.room == room.strip()), None)


@query(STORE, CLAIM)
def free_place(session: Session) -> str:
    """Return the first of the house's places that holds no bag, else the one that holds the fewest; nothing
    when no places are set."""
    places = setting(session).options[PLACES].replace(",", " ").replace("，", " ").split()
    used = dict(
        session.execute(select(LuggageTag.place, func.count()).where(HERE).group_by(LuggageTag.place)).all()
    )
    return min(places, key=lambda p: used.get(p, 0), default="")


# ------------------------------------------------------------------ what other duties ask for
@query(STORE, CLAIM)
def search(session: Session, *, text: str) -> list[Hit]:
    """Find bags by tag number, and those still here by guest, pinyin, phone or room."""
    wanted, t = " ".join(text.casefold().split()), LuggageTag
    if not wanted:
        return []
    near, listed = or_(fits(session, t.search, text), t.room == wanted), kept_name(t.guest_name, t.stay_id)
    found = session.execute(
        select(t.number, listed.label("guest_name"), t.pieces_left, t.place)
        .where(HERE, near)
        .order_by(t.stored_on.desc())
        .limit(6)
    ).all()
    if (number := number_of(text)) is not None:
        found = [
            *session.execute(
                select(t.number, listed.label("guest_name"), t.pieces_left, t.place).where(t.number == number)
            ),
            *(row for row in found if row.number != number),
        ]
    return [
        Hit(
            f"{shown(row.number)} {row.guest_name}",
            _here(row.pieces_left, row.place),
            "suitcase",
            "luggage",
            {"number": row.number},
        )
        for row in found
    ]


def _here(left: int, place: str) -> str:
    if not left:
        return _("bags collected")
    return " ".join(
        filter(None, (ngettext("%(n)s bag stored", "%(n)s bags stored", left) % {"n": left}, place))
    )


@query(STORE, CLAIM)
def leaving(session: Session, *, stay_id: int) -> list[Reminder]:
    """Name the bags of a guest that are still here, as a reminder before they leave."""
    t = LuggageTag
    rows = session.execute(
        select(t.number, t.pieces_left, t.place).where(HERE, t.stay_id == stay_id).order_by(t.number)
    )
    words = _("%(tag)s: %(bags)s.")
    return [
        Reminder(
            words % {"tag": shown(row.number), "bags": _here(row.pieces_left, row.place)},
            "luggage",
            {"number": row.number},
        )
        for row in rows
    ]


@query(STORE, CLAIM)
def handover(session: Session) -> list[OpenItem]:
    """Return every tag with bags here, for the next shift, the oldest first."""
    zone = setting(session).zone
    return [
        OpenItem(
            "luggage",
            r.tag,
            _(", ").join(
                filter(None, (f"{r.room} {r.guest}".strip(), _here(r.left, r.place), _overdue(r, zone)))
            ),
            r.stored_at,
        )
        for r in reversed(stored(session))
    ]


def _overdue(row: TagRow, zone: str) -> str:
    return (
        _("overdue since %(day)s") % {"day": dates.day(row.until or local(row.stored_at, zone))}
        if row.overdue
        else ""
    )


@query(STORE, CLAIM)
def waiting(session: Session, *, now: datetime) -> list[Due]:
    """Return the bags that are here longer than agreed, the longest first."""
    late = sorted((r for r in stored(session) if r.overdue), key=lambda r: r.until or r.stored_on)
    zone = setting(session).zone
    return [
        Due(
            _("Bags %(tag)s %(guest)s not collected") % {"tag": r.tag, "guest": r.guest},
            "luggage",
            at(r.until, "23:59", zone) if r.until else r.stored_at,
            2,
            {"number": r.number},
        )
        for r in late
        if r.stored_at <= now
    ][:MOST_DUE]
