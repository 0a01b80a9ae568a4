"""Bookings of guests who are not to be disclosed: marked when booked, when the guest is marked, and when one
comes."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import or_, select

from pms.core.names import may_be_same, same_name
from pms.db.work import Work
from pms.services.guests import queries as guests
from pms.services.guests.models import Guest
from pms.services.guests.search import fits

from . import found
from .models import OPEN, BookedRoom, Reservation

BEHIND = timedelta(days=30)
"""Bookings of a month ago still stand in the lists of cancelled ones and no-shows."""


def wanted(work: Work, name: str, phone: str) -> bool:
    """Say whether a booking under this name is for a guest who is not to be disclosed."""
    return guests.undisclosed(work.session, name=name, phone=phone)


def follow(work: Work, guest: Guest) -> None:
    """Let the bookings under a guest's name say what the guest's record says now: those to come, in house, of
    the last month, and those that came to nothing."""
    b, r = BookedRoom, Reservation
    recent = b.arrival >= work.business_date - BEHIND
    lines = select(b.reservation_id).where(or_(OPEN, recent, b.state == "in_house"))
    over = r.id.in_(found.known_by(work.session, guest.name))
    named = or_(r.id.in_(lines) & fits(work.session, r.search, guest.name), over)
    near = select(r).where(named).order_by(r.id).with_for_update()
    for booking in work.session.scalars(near).all():
        if may_be_same(booking.guest_name, booking.phone, guest.name, guest.phone):
            booking.do_not_disclose = guest.do_not_disclose
    work.touch("reservations")


def carry(work: Work, booking: Reservation, party: Sequence[Guest]) -> None:
    """Let nobody who moves into a room be disclosed whose booking is not to be: a companion's name tells
    where the guest is. Who is not to be disclosed and bears the booking's name marks the booking."""
    if booking.do_not_disclose:
        for guest in party:
            guest.do_not_disclose = True
    elif any(g.do_not_disclose and same_name(g.name, booking.guest_name) for g in party):
        work.hold(Reservation, booking.id).do_not_disclose = True


def carry_to(work: Work, line_id: int, guest: Guest) -> None:
    """Do the same with somebody who joins a guest in house, by the booked room."""
    ours = select(Reservation).join(BookedRoom, BookedRoom.reservation_id == Reservation.id)
    carry(work, work.session.scalars(ours.where(BookedRoom.id == line_id)).one(), [guest])
