"""What the other duties and the navigation ask of the stays."""

from datetime import date, datetime

from sqlalchemy import (
    bindparam,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import Session

from pms.core import dates
from pms.core.clock import at
from pms.core.i18n import _
from pms.core.offers import MOST_DUE, Badge, Due, OpenItem, OpenStay, StayName
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.books import ask
from pms.services.guests.models import Guest
from pms.services.members import arrivals
from pms.services.property.queries import setting
from pms.services.reservations.models import BookedRoom, Reservation
from pms.services.rooms.models import Room

from .charges import leaves_by
from .models import IN_HOUSE, Stay, listed_name

_NAMES = (
    select(
        Stay.guest_name,
        Room.number,
        Stay.arrival,
        Stay.departure,
        Stay.number.label("no"),
        Reservation.company,
        (Stay.payer == "channel").label("by_channel"),
        arrivals.member_of(Stay.id).label("member"),
    )
    .select_from(Stay)
    .join(BookedRoom, BookedRoom.id == Stay.line_id)
    .join(Reservation, Reservation.id == BookedRoom.reservation_id)
    .join(Guest, Guest.id == Stay.guest_id)
    .join(Room, Room.id == Stay.room_id)
    .where(Stay.id == bindparam("stay"))
)


_LEAVING = (
    select(
        Stay.id,
        Room.number,
        listed_name().label("name"),
        Stay.departure,
        Stay.free_until,
        arrivals.free_hour(Stay.id).label("hour"),
    )
    .select_from(Stay)
    .join(Room, Room.id == Stay.room_id)
    .join(Guest, Guest.id == Stay.guest_id)
    .where(IN_HOUSE, Stay.departure <= bindparam("today"))
    .order_by(Stay.departure, Room.number)
)
_LISTED = _NAMES.with_only_columns(Room.number, listed_name().label("name"))


@query(Permission.GUESTS_READ)
def stay_name(session: Session, *, stay_id: int) -> StayName | None:
    """Return a stay's guest, room, arrival and departure, for the papers of other duties."""
    row = session.execute(_NAMES, {"stay": stay_id}).first()
    if row is None:
        return None
    return StayName(*row[:6], channel_pays=bool(row.by_channel), member=row.member)


@query(Permission.GUESTS_READ)
def open_stay(session: Session, *, stay_id: int) -> OpenStay | None:
    """Return an open stay's room and the moment its cards end, for the card desk; within an operation, that
    the guest does not leave meanwhile."""
    from pms.services.property.queries import setting

    hour = arrivals.free_hour(Stay.id).label("hour")
    held = select(Stay.room_id, Stay.departure, Stay.free_until, hour).where(Stay.id == stay_id, IN_HOUSE)
    row = session.execute(held.with_for_update(key_share=True)).first()
    if row is None:
        return None
    house = setting(session)
    ends = leaves_by(house.options, max(row.free_until, row.hour))
    return OpenStay(row.room_id, at(row.departure, ends, house.zone))


@query(Permission.GUESTS_READ)
def room_users(session: Session, *, room_id: int, start: date, end: date) -> list[str]:
    """Name the guest who is in a room in these nights, for whoever wants to block it; one overdue is in it
    today."""
    today = setting(session).business_date
    in_it = or_(Stay.departure > start, literal(start <= today))
    rows = session.execute(
        select(listed_name().label("name"), Stay.departure)
        .join(Guest, Guest.id == Stay.guest_id)
        .where(Stay.room_id == room_id, IN_HOUSE, in_it)
    )
    return [f"{row.name} – {dates.day(row.departure)}" for row in rows]


@query(Permission.GUESTS_READ)
def open_items(session: Session) -> list[OpenItem]:
    """Return for the handover who should have left, and who left today with a balance unsettled."""
    today, r, s = setting(session).business_date, Room, Stay
    late = session.execute(
        select(r.number, listed_name(), s.departure)
        .select_from(s)
        .join(r, r.id == s.room_id)
        .join(Guest, Guest.id == s.guest_id)
        .where(IN_HOUSE, s.departure <= today)
        .order_by(r.number)
    )
    unsettled = session.execute(
        select(s.number, r.number, listed_name(), s.departed_at)
        .select_from(s)
        .join(r, r.id == s.room_id)
        .join(Guest, Guest.id == s.guest_id)
        .where(s.departed_on == today, s.unsettled)
        .order_by(s.number)
    )
    return [
        *(
            OpenItem("stays", room, _("%(guest)s leaves today and is not out.") % {"guest": name}, None)
            for room, name, _day in late
        ),
        *(
            OpenItem(
                "stays",
                f"S-{number}",
                _("%(guest)s left %(room)s unsettled.") % {"guest": name, "room": room},
                at,
            )
            for number, room, name, at in unsettled
        ),
    ]


_TO_LEAVE = select(func.count()).select_from(Stay).where(IN_HOUSE, Stay.departure <= bindparam("today"))


@query(Permission.GUESTS_READ)
def badges(session: Session) -> list[Badge]:
    """Return how many guests leave today or should have left."""
    today = setting(session).business_date
    due = ask(session, _TO_LEAVE, today=today).scalar_one()
    return [Badge("stays", due, "warn" if due else "")]


@query(Permission.GUESTS_READ)
def waiting(session: Session, *, now: datetime) -> list[Due]:
    """Return the guests who should have left by the check-out time, the longest over first."""
    house = setting(session)
    late = ask(session, _LEAVING, today=house.business_date)
    found = [
        Due(
            _("%(room)s %(guest)s: should be out") % {"room": row.number, "guest": row.name},
            "stays",
            at(row.departure, leaves_by(house.options, max(row.free_until, row.hour)), house.zone),
            0,
            {"stay_id": row.id},
        )
        for row in late
    ]
    return [each for each in found if each.at <= now][:MOST_DUE]
