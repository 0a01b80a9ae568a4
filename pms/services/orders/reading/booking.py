"""What a booking needs of an order: the price of each night of one room, the words beside it, and where a
changed order differs from what is booked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pms.core import dates
from pms.core.i18n import _

from . import proposal as p
from .proposal import Name, Night, Open, Proposal
from .reader import House
from .sums import shown

BY_CHANNEL = frozenset({p.PREPAID, p.CREDIT})
"""Payments that come from the channel, at the settle price."""


def per_night(order: Proposal) -> tuple[int, ...] | None:
    """Return the price of each night of one room as it is booked, in hundredths; one price for an hour room;
    None where it does not follow from the order.

    Of what the channel pays it is the settle price where that is known, else the sell price; a total
    alone is divided, the last night takes the rest.
    """
    if not order.rooms:
        return None
    by_channel = order.payment in BY_CHANNEL
    names = ("settle", "sell") if by_channel else ("sell",)
    for name in names:
        told = [getattr(n, name) for n in order.nightly]
        total = getattr(order, name)
        if told and None not in told:
            return tuple(told)
        if total is not None:
            return _divided(total, order.rooms, order.shares or (1,) * max(order.nights or 0, 1))
    return None


def _divided(total: int, rooms: int, shares: Sequence[int]) -> tuple[int, ...] | None:
    """Divide a total by rooms and by the shares of the nights; what cannot be divided by the rooms is not
    guessed."""
    if total % rooms:
        return None
    room, whole = total // rooms, sum(shares)
    even = len(set(shares)) == 1
    first = [room * n // whole if even else (2 * room * n + whole) // (2 * whole) for n in shares[:-1]]
    return (*first, room - sum(first))


def beside(order: Proposal) -> str:
    """Return what the desk must know beside the fields of a booking; nothing of what it settles for."""
    told = [", ".join(one.name for one in order.guests[1:])]
    if order.hours is not None:
        told.append(_("Hour room %(start)s – %(end)s") % {"start": order.hours.start, "end": order.hours.end})
    if max(order.arrives_from, order.arrives_until) >= "24:00":
        late = order.arrives_from if order.arrives_from >= "24:00" else order.arrives_until
        told.append(_("Arrives after midnight: %(time)s") % {"time": f"{int(late[:2]) - 24:02}{late[2:]}"})
    elif order.arrives_from:
        told.append(_("Arrives from %(time)s") % {"time": order.arrives_from})
    meals = [n.breakfasts for n in order.nightly]
    if len(set(meals)) > 1:
        each = (f"{dates.day(n.night)}: {n.breakfasts or 0}" for n in order.nightly)
        told.append(_("Breakfasts %(each)s") % {"each": ", ".join(each)})
    told += order.requests
    told += [_("Promised: %(what)s") % {"what": extra} for extra in order.extras]
    return "\n".join(filter(None, told))


def breakfasts(order: Proposal) -> int:
    """Return how many breakfasts a room has a night: the most of any."""
    return max((n.breakfasts or 0 for n in order.nightly), default=0)


def party(order: Proposal) -> list[tuple[int, int]]:
    """Return adults and children of each room: the first take what cannot be shared out evenly."""
    rooms = order.rooms or 1
    adults = max(order.adults or len(order.guests) or rooms, rooms)
    children = order.children or 0
    return [
        (adults // rooms + (n < adults % rooms), children // rooms + (n < children % rooms))
        for n in range(rooms)
    ]


def as_usual(order: Proposal, house: House) -> Proposal:
    """Return a new order that does not say how it is paid as the channel's orders are paid, which stays to be
    looked at."""
    usual = house.settles.get(order.channel, "")
    if order.payment or not usual or order.action != p.NEW or order.opened("payment"):
        return order
    made = _closed(replace(order, payment=usual), "payment")
    return replace(made, open=(*made.open, Open("as_usual", "payment")))


# ------------------------------------------------------------------ what a person says
def completed(
    order: Proposal,
    *,
    guest: str | None = None,
    arrival: date | None = None,
    departure: date | None = None,
    rooms: int | None = None,
    type_id: int | None = None,
    payment: str | None = None,
    reference: str | None = None,
    action: str | None = None,
    prices: Sequence[int] | None = None,
) -> Proposal:
    """Return an order with what a person has decided; each decision closes what was open of its field.

    ``prices`` are those of one room per night, in hundredths, as they are booked; what is not the channel's
    own price any more is marked ``by_hand``.
    """
    made = order
    if guest is not None and guest.strip():
        made = replace(made, guests=(Name(guest.strip()), *made.guests[1:]))
        made = _closed(made, "guests")
    if arrival is not None and departure is not None:
        made = replace(made, arrival=arrival, departure=departure)
        made = _closed(made, "arrival", "departure")
        if departure < arrival or (departure == arrival and made.hours is None):
            made = replace(made, open=(*made.open, Open("order_of_days", "departure")))
    if rooms is not None:
        made = _closed(replace(made, rooms=rooms), "rooms")
    if type_id is not None:
        made = _closed(replace(made, type_id=type_id), "room")
    if payment is not None and payment:
        made = _closed(replace(made, payment=payment), "payment")
    if reference is not None and reference.strip():
        made = _closed(replace(made, reference=reference.strip()), "reference")
    if action is not None and action:
        made = _closed(replace(made, action=action), "action")
    by_hand = order.by_hand or (_overruled(order, made) and per_night(made) != per_night(order))
    if prices is not None:
        by_hand = by_hand or tuple(prices) != per_night(made)
        made = _priced(made, tuple(prices))
    return replace(made, by_hand=by_hand)


def _overruled(order: Proposal, made: Proposal) -> bool:
    """Say whether a person says otherwise than the order does what its prices rest on."""
    told = (
        (getattr(order, name), getattr(made, name)) for name in ("arrival", "departure", "rooms", "payment")
    )
    return any(was and was != now for was, now in told)


def _closed(made: Proposal, *fields: str) -> Proposal:
    still = tuple(
        o for o in made.open if o.field not in fields or (o.code == "past" and o.field == "arrival")
    )
    return replace(made, open=still)


def _priced(made: Proposal, prices: tuple[int, ...]) -> Proposal:
    """Take a person's prices; the total that they contradict is that of the order no more."""
    by_settle = made.payment in BY_CHANNEL and made.settle is not None
    total = sum(prices) * (made.rooms or 1)
    before = {n.night: n for n in made.nightly}
    days = [(made.arrival or date.min) + timedelta(days=n) for n in range(made.nights or 0)]
    nights: list[Night] = []
    if len(prices) == len(days):
        for night, price in zip(days, prices, strict=True):
            told = before.get(night, Night(night))
            nights.append(replace(told, settle=price) if by_settle else replace(told, sell=price))
    made = replace(made, nightly=tuple(nights))
    made = replace(made, settle=total) if by_settle else replace(made, sell=total)
    return _closed(made, "price", "sell", "settle", "currency", "hours", "commission")


@dataclass(frozen=True)
class Difference:
    """A field of a changed order that is otherwise than it is booked."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Booked:
    """What is booked for an order: its days, rooms, type's name, the first guest and the price of all
    nights."""

    arrival: date
    departure: date
    rooms: int
    type_id: int
    guest: str
    total: int


def differences(order: Proposal, booked: Booked, types: dict[int, str]) -> list[Difference]:
    """Return where an order is otherwise than it is booked; what it does not mention stays as it is."""
    prices = per_night(order)
    pairs = (
        ("arrival", _day(booked.arrival), _day(order.arrival)),
        ("departure", _day(booked.departure), _day(order.departure)),
        ("rooms", str(booked.rooms), str(order.rooms or "")),
        ("room", types.get(booked.type_id, ""), types.get(order.type_id or 0, "")),
        ("guests", booked.guest, order.guests[0].name if order.guests else ""),
        ("price", shown(booked.total), shown(sum(prices) * (order.rooms or 1)) if prices else ""),
    )
    return [Difference(name, before, after) for name, before, after in pairs if after and before != after]


def _day(day: date | None) -> str:
    return dates.day(day, year=True) if day else ""


def agree(order: Proposal) -> bool:
    """Say whether the prices of the nights, over all rooms, come to the total they are of."""
    prices = per_night(order)
    total = order.settle if order.payment in BY_CHANNEL and order.settle is not None else order.sell
    return prices is not None and total is not None and sum(prices) * (order.rooms or 0) == total
