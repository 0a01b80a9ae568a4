"""Orders as the page shows them, and what the reader has to know of the house."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from pms.core.i18n import _, language
from pms.core.money import Money
from pms.core.offers import Hit, OpenItem
from pms.core.reading import query
from pms.db.types import summed
from pms.services.channels.models import AT_HOTEL, CREDIT, PREPAID, Channel
from pms.services.property.queries import setting
from pms.services.reservations.models import HOLDING, BookedRoom, NightRate, Reservation, listed_name
from pms.services.rooms.models import RoomType, shown_name
from pms.services.staff.models import Staff

from .duty import NAMES, WORK
from .models import CANCEL_REQUEST, CANCELLED, REFUSED, STATES, ChannelOrder, ChannelRoom
from .reading import proposal as p
from .reading.booking import Booked
from .reading.reader import House
from .reading.types import TypeNames

__all__ = ["CANCELLED", "CANCEL_REQUEST", "REFUSED", "STATES"]
MOST = 1000
USUAL = {PREPAID: p.PREPAID, AT_HOTEL: p.AT_HOTEL, CREDIT: p.CREDIT}
"""How an order is paid by how its channel settles."""


@dataclass(frozen=True)
class OrderRow:
    """An order as lists show it; ``booking`` is the number of what it became, 0 where it became none."""

    number: int
    channel: str
    reference: str
    state: str
    booking: int
    line_id: int
    guest: str
    arrival: date | None
    departure: date | None
    rooms: int
    payment: str
    sell: Money | None
    settle: Money | None
    commission: Money | None
    reason: str
    taken_at: datetime
    by: str

    @property
    def shown(self) -> str:
        """Return the number at the channel, or the one here where none is known."""
        return self.reference or f"#{self.number}"

    @property
    def state_name(self) -> str:
        """Return the state in the trade's word."""
        return _(STATES[self.state])


@query(WORK)
def names_of(session: Session) -> tuple[str, ...]:
    """Return the names by which channels know this hotel."""
    here = setting(session)
    told = f"{here.name},{here.options[NAMES]}".replace("，", ",")
    return tuple(filter(None, (part.strip() for part in told.split(","))))


@query(WORK)
def house(session: Session) -> House:
    """Return what the reader has to know: the hotel's names, its types, what channels' words mean, the
    currency."""
    here = setting(session)
    names = names_of(session)
    t = RoomType
    rows = session.execute(select(t.id, t.name, t.name_zh).where(t.active).order_by(t.position, t.id))
    known: dict[str, dict[str, int]] = {}
    words = select(Channel.code, ChannelRoom.words, ChannelRoom.type_id).join(
        Channel, Channel.number == ChannelRoom.channel_number
    )
    for code, told, type_id in session.execute(words):
        known.setdefault(code, {})[told] = type_id
    c = Channel
    channels = session.execute(select(c.code, c.settles, c.name, c.name_en)).all()
    return House(
        names,
        tuple(TypeNames(type_id, (name, zh)) for type_id, name, zh in rows),
        known,
        here.currency,
        {code: USUAL[settles] for code, settles, _zh, _en in channels},
        {code: (zh if language() == "zh_CN" else en) or zh for code, _settles, zh, en in channels},
    )


@dataclass(frozen=True)
class MeantRow:
    """What a channel's words for a room mean here."""

    id: int
    code: str
    channel: str
    words: str
    type_id: int
    type_name: str


@query(WORK)
def meant(session: Session) -> list[MeantRow]:
    """Return what channels' words for rooms mean, by channel and words."""
    r = ChannelRoom
    name = Channel.name if language() == "zh_CN" else Channel.name_en
    rows = session.execute(
        select(r.id, Channel.code, name, r.words, r.type_id, shown_name())
        .join(Channel, Channel.number == r.channel_number)
        .join(RoomType, RoomType.id == r.type_id)
        .order_by(Channel.number, r.words)
    )
    return [MeantRow(*row) for row in rows]


@query(WORK)
def type_names(session: Session) -> dict[int, str]:
    """Return the room types that are sold, by the name in the language of the screen."""
    t = RoomType
    rows = session.execute(select(t.id, t.name, t.name_zh).where(t.active).order_by(t.position, t.id))
    return {type_id: (zh if language() == "zh_CN" else "") or name for type_id, name, zh in rows}


def _orders() -> Select[*tuple[Any, ...]]:
    o, b = ChannelOrder, BookedRoom
    first = select(func.min(b.id)).where(b.reservation_id == o.reservation_id).correlate(o).scalar_subquery()
    name = Channel.name if language() == "zh_CN" else Channel.name_en
    return (
        select(
            o.number,
            func.coalesce(name, ""),
            func.coalesce(o.reference, ""),
            o.state,
            func.coalesce(Reservation.number, 0),
            func.coalesce(first, 0),
            func.coalesce(listed_name(), ""),
            o.arrival,
            o.departure,
            func.coalesce(o.rooms, 0),
            o.payment,
            o.sell,
            o.settle,
            o.commission,
            o.reason,
            o.taken_at,
            func.coalesce(Staff.name, ""),
        )
        .outerjoin(Channel, Channel.number == o.channel_number)
        .outerjoin(Reservation, Reservation.id == o.reservation_id)
        .outerjoin(Staff, Staff.id == o.taken_by)
    )


@query(WORK)
def orders(session: Session) -> list[OrderRow]:
    """Return the orders that were taken in, the latest first."""
    rows = session.execute(
        _orders().order_by(ChannelOrder.taken_at.desc(), ChannelOrder.number.desc()).limit(MOST)
    )
    return [OrderRow(*row) for row in rows]


@query(WORK)
def order(session: Session, *, number: int) -> OrderRow | None:
    """Return an order by its number here, None when there is none."""
    row = session.execute(_orders().where(ChannelOrder.number == number)).first()
    return OrderRow(*row) if row else None


@query(WORK)
def known(session: Session, *, channel: str, reference: str) -> OrderRow | None:
    """Return the order that has this number at a channel, None when there is none."""
    o = ChannelOrder
    row = session.execute(_orders().where(Channel.code == channel, o.reference == reference)).first()
    return OrderRow(*row) if row else None


@query(WORK)
def known_numbers(session: Session, *, channel: str, references: Sequence[str]) -> dict[str, str]:
    """Return which of these numbers of a channel are here already, with their state."""
    o = ChannelOrder
    rows = session.execute(
        select(o.reference, o.state)
        .join(Channel, Channel.number == o.channel_number)
        .where(Channel.code == channel, o.reference.in_(references))
    )
    return {reference: state for reference, state in rows if reference}


@query(WORK)
def text_of(session: Session, *, number: int) -> str:
    """Return the text of an order as it was pasted last; empty where there is none any more, or where it
    would tell of a guest who is not to be disclosed."""
    o, r = ChannelOrder, Reservation
    found = session.execute(
        select(o.text, r.do_not_disclose).outerjoin(r, r.id == o.reservation_id).where(o.number == number)
    ).first()
    return found[0] if found and not found[1] else ""


@query(WORK)
def booked(session: Session, *, number: int) -> Booked | None:
    """Return what is booked for an order and still to come, None where nothing is."""
    o, b, r = ChannelOrder, BookedRoom, Reservation
    total = summed(
        select(summed(NightRate.price))
        .where(NightRate.line_id == b.id, NightRate.night < b.departure)
        .correlate(b)
        .scalar_subquery()
    )
    row = session.execute(
        select(
            func.min(b.arrival),
            func.max(b.departure),
            func.count(),
            func.min(b.type_id),
            listed_name(),
            total,
        )
        .join(r, r.id == b.reservation_id)
        .join(o, o.reservation_id == r.id)
        .where(o.number == number, b.state.in_((*HOLDING, "waiting")))
        .group_by(r.id)
    ).first()
    return Booked(row[0], row[1], row[2], row[3], row[4], int(row[5] or 0)) if row else None


# ------------------------------------------------------------------ what other duties ask for
@query(WORK)
def search(session: Session, *, text: str) -> list[Hit]:
    """Find orders by their number at the channel, or its end of at least four characters."""
    typed = text.strip().upper()
    if len(typed) < 4 or not typed.isalnum():
        return []
    o = ChannelOrder
    fitting = or_(o.reference == typed, o.reference.endswith(typed, autoescape=True))
    rows = session.execute(_orders().where(fitting).order_by(o.number.desc()).limit(6))
    return [
        Hit(
            " ".join(filter(None, (row[2], row[6]))),
            " ".join((_("Channel order"), row[1], _(STATES[row[3]]))),
            "receipt",
            "orders",
            {"number": row[0]},
        )
        for row in rows
    ]


@query(WORK)
def handover(session: Session) -> list[OpenItem]:
    """Return which orders the channels ask to cancel, for the next shift."""
    rows = session.execute(
        _orders().where(ChannelOrder.state == CANCEL_REQUEST).order_by(ChannelOrder.number)
    )
    told = (OrderRow(*row) for row in rows)
    return [
        OpenItem(
            "orders",
            row.shown,
            _("%(channel)s asks to cancel R-%(number)s") % {"channel": row.channel, "number": row.booking},
            row.taken_at,
        )
        for row in told
    ]
