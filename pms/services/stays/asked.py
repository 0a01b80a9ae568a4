"""The question for stays with their money, that every list of stays goes by."""

from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, case, func, or_, select

from pms.db.types import summed
from pms.services.folios import channel_pays
from pms.services.folios.models import Account, Preauth, Transfer
from pms.services.guests.models import Guest
from pms.services.rates.models import RatePlan
from pms.services.reservations.models import BookedRoom, NightRate, Reservation
from pms.services.rooms.models import Room, RoomType, shown_name

from .models import Stay


def stays_asked() -> Select[*tuple[Any, ...]]:
    """Return the question for stays as ``StayRow`` shows them, on the business date ``today``."""
    s, b, r = Stay, BookedRoom, Reservation

    def standing(ledger: str) -> ColumnElement[int]:
        a, t = Account, Transfer
        return (
            select(summed(case((t.debit_id == a.id, t.amount), else_=-t.amount)))
            .select_from(a)
            .join(t, or_(t.debit_id == a.id, t.credit_id == a.id))
            .where(a.stay_id == s.id, a.ledger == ledger)
            .correlate(s)
            .scalar_subquery()
        )

    rate = (
        select(NightRate.price)
        .where(NightRate.line_id == s.line_id, NightRate.night <= bindparam("today"))
        .order_by(NightRate.night.desc())
        .limit(1)
        .correlate(s)
        .scalar_subquery()
    )
    p = Preauth
    guarantee = (
        select(summed(p.open))
        .where(p.stay_id == s.id, p.open > 0, p.valid_until >= bindparam("today"))
        .correlate(s)
        .scalar_subquery()
    )
    return (
        select(
            s.id,
            s.number,
            s.line_id,
            r.number,
            s.room_id,
            Room.number,
            Room.type_id,
            RoomType.code,
            shown_name(),
            s.guest_id,
            s.guest_name,
            Guest.phone,
            s.pending,
            Guest.do_not_disclose,
            Guest.vip,
            s.state,
            s.kind,
            s.arrival,
            s.departure,
            s.arrived_at,
            s.adults,
            s.children,
            r.company,
            func.coalesce(RatePlan.name, ""),
            func.coalesce(rate, 0),
            standing("guest") + _of_channel(s),
            -standing("deposit"),
            s.departed_at,
            s.departed_on,
            b.plan_id,
            s.payer,
            r.channel,
            s.free_until,
            r.company_number,
            guarantee,
            case((s.payer == "channel", channel_pays.pays(s.id, bindparam("today"))), else_=False),
            s.joined_to,
        )
        .join(b, b.id == s.line_id)
        .join(r, r.id == b.reservation_id)
        .join(Room, Room.id == s.room_id)
        .join(RoomType, RoomType.id == Room.type_id)
        .join(Guest, Guest.id == s.guest_id)
        .outerjoin(RatePlan, RatePlan.id == b.plan_id)
    )


def _of_channel(s: type[Stay]) -> ColumnElement[int]:
    """Return what of a stay's folio is its channel's; asked of those for whom one pays."""
    return case((s.payer == "channel", func.coalesce(channel_pays.rest(s.id), 0)), else_=0)
