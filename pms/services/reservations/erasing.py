"""What goes from the bookings when a guest's data are erased: the phone; the name stays. And who is still to
come, whose data are needed."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Exists, Select, delete, exists, or_, select

from pms.core.names import may_be_same, phone_figures
from pms.db.sealed import LAST
from pms.db.work import Work
from pms.services.guests.models import Guest
from pms.services.guests.search import search_text

from . import found
from .models import OPEN, PHONED, BookedRoom, BookingWord, Reservation

AT_ONCE = 200


class Coming(NamedTuple):
    """A booking whose guest is still to come; ``sure`` where the phone is the guest's too."""

    number: int
    arrival: date
    sure: bool


class ToCome:
    """The bookings still to come, by the words of their names; read once for many guests."""

    def __init__(self, work: Work) -> None:
        b, r = BookedRoom, Reservation
        rows = work.session.execute(
            select(r.number, r.guest_name, r.phone, r.search, b.arrival)
            .join(b, b.reservation_id == r.id)
            .where(or_(OPEN, b.kept_until.is_not(None)))
        )
        self._by_word: dict[str, list[tuple[int, str, str, date]]] = {}
        for number, name, phone, words, arrival in rows:
            for word in dict.fromkeys(words.split()):
                self._by_word.setdefault(word, []).append((number, name, phone, arrival))

    def of(self, guest: Guest) -> Coming | None:
        """Return a booking that may be this guest's, one with the same phone before others."""
        figures = phone_figures(guest.phone)
        near = {one for word in guest.search.split() for one in self._by_word.get(word, ())}
        fitting = [
            Coming(number, arrival, bool(figures) and phone_figures(phone) == figures)
            for number, name, phone, arrival in sorted(near)
            if may_be_same(name, phone, guest.name, guest.phone)
        ]
        return max(fitting, key=lambda one: one.sure, default=None)


def erase_with(work: Work, line_ids: Sequence[int], guests: Iterable[Guest]) -> list[int]:
    """Erase the phones of the bookings that these rooms were booked with, and of the lost ones that say these
    guests' phone."""
    phones = {guest.phone for guest in guests if len(phone_figures(guest.phone)) > LAST}
    known = [number for phone in sorted(phones) for number in found.known_by(work.session, phone)]
    theirs = select(BookedRoom.reservation_id).where(BookedRoom.id.in_(line_ids))
    wanted = or_(Reservation.id.in_(theirs), Reservation.id.in_(known))
    return _erase(work, select(Reservation).where(wanted, ~_running()).order_by(Reservation.id))


def erase_old(work: Work, *, before: date) -> list[int]:
    """Erase the phones of bookings of which every room was left, given up or missed before a day."""
    b, r = BookedRoom, Reservation
    later = exists().where(b.reservation_id == r.id, b.departure >= before)
    return _erase(work, select(r).where(PHONED, ~_running(), ~later).order_by(r.id).limit(AT_ONCE))


def _running() -> Exists:
    b = BookedRoom
    lasting = or_(OPEN, b.state == "in_house", b.kept_until.is_not(None))
    return exists().where(b.reservation_id == Reservation.id, lasting)


def _erase(work: Work, wanted: Select[Reservation]) -> list[int]:
    numbers = []
    for booking in work.session.scalars(wanted.with_for_update(key_share=True)).all():
        booking.phone, booking.search = "", search_text(work.session, booking.guest_name)
        w = BookingWord
        marks = w.reservation_id == booking.id, w.word >= "#", w.word < "$"
        work.session.execute(delete(w).where(*marks).execution_options(synchronize_session=False))
        numbers.append(booking.id)
    return numbers
