"""What the search finds of bookings: to come, lately lost, older ones, and any by its whole number."""

from datetime import date
from typing import Any

from sqlalchemy import Select, bindparam, delete, exists, false, insert, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from pms.core import dates
from pms.core.i18n import _
from pms.core.names import LONGEST
from pms.core.offers import LATELY, MOST_OLDER, Hit
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.base import table_of
from pms.db.types import days_before
from pms.db.wire import LATER
from pms.db.work import Work
from pms.services.guests.search import asked, fits, words
from pms.services.property.models import Property
from pms.services.property.queries import setting

from .models import OPEN, STATE_NAMES, BookedRoom, BookingWord, Reservation
from .queries import OPEN_STATES

LOST = ("cancelled", "no_show")
MOST_KNOWN = 200
"""So many bookings of one name are looked at for older ones."""
_AFTER = "\U0010ffff"
_WORD = table_of(BookingWord)
_KEEP = insert(_WORD).execution_options(**LATER)
_FORGET = delete(_WORD).where(_WORD.c.reservation_id == bindparam("booking")).execution_options(**LATER)
_NEAR = (
    select(BookingWord.reservation_id)
    .where(BookingWord.word >= bindparam("word"), BookingWord.word < bindparam("end"))
    .order_by(BookingWord.word, BookingWord.reservation_id)
    .limit(MOST_KNOWN)
)


def keep(work: Work, booking: Reservation) -> None:
    """Write down the words by which a booking is found that came to nothing, or whose guests bear other
    names, however long ago it was."""
    work.session.execute(_FORGET, {"booking": booking.id})
    told = words(work.session, booking.guest_name, booking.phone)
    work.session.execute(_KEEP, [{"word": word, "reservation_id": booking.id} for word in told])


def _ones() -> Select[*tuple[Any, ...]]:
    b, r = BookedRoom, Reservation
    columns = (b.id, r.number, r.guest_name, r.do_not_disclose, b.arrival, b.state)
    return select(*columns).join(r, r.id == b.reservation_id)


@query(Permission.GUESTS_READ)
def search(session: Session, *, text: str) -> list[Hit]:
    """Find bookings still to come and those lately lost by name, pinyin, phone or number, and one of any
    state by its whole number ``R-12``."""
    b, r, wanted = BookedRoom, Reservation, " ".join(text.casefold().split())
    digits = wanted.removeprefix("r-")
    number = r.number == int(digits) if digits.isdecimal() and len(digits) < 10 else false()
    if wanted != digits:  # R-12 means this one booking and no other
        rows = session.execute(_ones().where(number).order_by(b.arrival, b.id).limit(8)).all()
        return [_hit(*row, hidden=True) for row in rows]
    told = or_(number, fits(session, r.search, text))
    since = days_before(select(Property.business_date).scalar_subquery(), LATELY.days)
    parts = (  # each keeps to its own small index
        _ones().where(b.kept_until.is_not(None), told).limit(8),
        _ones().where(OPEN, told).order_by(b.arrival, b.id).limit(8),
        _ones()
        .where(b.arrival >= since, b.state.in_(LOST), b.kept_until.is_(None), told)
        .order_by(b.arrival.desc(), b.id)
        .limit(8),
    )
    rows = session.execute(union_all(*(select(part.subquery()) for part in parts))).all()
    return [_hit(*row, hidden=digits.isdecimal()) for row in rows[:12]]


@query(Permission.GUESTS_READ)
def older(session: Session, *, text: str) -> list[Hit]:
    """Find bookings that are longer over: lost ones, and those under another name than a guest's."""
    since, known = setting(session).business_date - LATELY, known_by(session, text)
    rows = session.execute(_ones().where(BookedRoom.reservation_id.in_(known))) if known else ()
    # sorted here: asked for in order, the database may read all bookings from the end
    over = sorted(
        (row for row in rows if row.arrival < since and row.state not in OPEN_STATES),
        key=lambda row: (-row.arrival.toordinal(), row.id),
    )
    return [_hit(*row, hidden=False) for row in over[:MOST_OLDER]]


@query(Permission.GUESTS_READ)
def known_by(session: Session, text: str) -> list[int]:
    """Return the bookings that came to nothing, or whose guests bear other names, which a text names."""
    ids: dict[int, None] = {}
    for way in asked(session, text):
        word = "".join(way)[:LONGEST]
        ids.update(dict.fromkeys(session.scalars(_NEAR, {"word": word, "end": word + _AFTER})))
        if len(way) > 1:
            ids.update(dict.fromkeys(session.scalars(_each_word(way))))
    return list(ids)


def _each_word(way: tuple[str, ...]) -> Select[tuple[int]]:
    """Each word begins some word: the order in which they were typed is no matter."""
    longest, *others = sorted(way, key=len, reverse=True)
    near = _NEAR.params(word=longest, end=longest + _AFTER).subquery()
    question = select(near.c.reservation_id).distinct()
    for word in others:
        w = aliased(BookingWord)
        fits_too = w.word >= word, w.word < word + _AFTER
        question = question.where(exists().where(w.reservation_id == near.c.reservation_id, *fits_too))
    return question


def _hit(line: int, number: int, guest: str, private: bool, day: date, state: str, *, hidden: bool) -> Hit:
    """A guest who is not to be disclosed is not named to whoever asks by number."""
    if private:
        title = f"R-{number} {_('Do not disclose')}" if hidden else f"{guest} R-{number}"
        told = _("Do not disclose: tell nobody that this guest comes")
        return Hit(title, told, "lock", "reservations", {"line_id": line})
    return Hit(f"{guest} R-{number}", _when(day, state), "calendar", "reservations", {"line_id": line})


def _when(day: date, state: str) -> str:
    told = _("arrives %(day)s") % {"day": dates.day(day)}
    return told if state in OPEN_STATES else f"{dates.day(day, year=True)} {_(STATE_NAMES[state])}"
