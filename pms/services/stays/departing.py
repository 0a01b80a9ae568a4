"""What a stay is charged when its guest leaves now: the night that was used, a late departure or the use by
day."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, case, or_, select
from sqlalchemy.orm import Session

from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.money import Money
from pms.core.options import Options
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db import wire
from pms.db.books import ask
from pms.db.types import summed
from pms.services.folios.models import Account, Transfer
from pms.services.members import arrivals
from pms.services.rates import pricing
from pms.services.rates.models import RatePlan
from pms.services.rates.pricing import NightPrice
from pms.services.reservations.models import NightRate

from . import charges
from .charges import Extra


@dataclass(frozen=True)
class House:
    """What the hotel's clock and rules say now."""

    options: Options
    zone: str
    now: datetime
    business_date: date
    digits: int


@dataclass(frozen=True)
class Guest:
    """What the charge depends on: the stay, its booked room with its plan, and the type of its room."""

    stay_id: int
    line_id: int
    plan_id: int | None
    type_id: int
    arrival: date
    kind: str
    free_until: str = ""
    """The hour (HH:MM) until which the departure is free by an agreement."""


@dataclass(frozen=True)
class Known:
    """What the charge is reckoned from beside the clock: the price of the business date's night, the one that
    a part of a day is reckoned from, the half days and the sum charged by hand today, and the member's
    hour."""

    tonight: NightPrice | None = None
    last: Money = Money(0)
    charged: tuple[int, int] = (0, 0)
    later: arrivals.Later | None = None


@query(Permission.GUESTS_READ)
def due(session: Session, house: House, guest: Guest) -> Extra | None:
    """Return what a check-out now charges beside what is posted already; nothing for a room that is given
    away."""
    return reckoned(house, guest, _known(session, house, guest))


def _known(session: Session, house: House, guest: Guest) -> Known:
    """Ask for what the clock of now makes necessary, and for nothing else."""
    if guest.kind:
        return Known()
    if charges.had_night(house.zone, house.now, house.business_date):
        return Known(tonight=tonight(session, guest, house.business_date))
    if not _asks(house, guest):
        return Known()
    questions: list[Callable[[Any], Any]] = [
        lambda session: last(session, guest, house.business_date).price,
        lambda session: _charged_by_hand(session, guest.stay_id, house.business_date),
        lambda session: arrivals.free_until(session, stay_id=guest.stay_id),
    ]
    price, charged, later = wire.ask_all(session, questions)
    return Known(None, price, charged, later)


def _asks(house: House, guest: Guest) -> bool:
    return charges.asks(
        house.options, house.zone, house.now, house.business_date, guest.arrival, guest.free_until
    )


def reckoned(house: House, guest: Guest, known: Known) -> Extra | None:
    """Return what a check-out at ``house.now`` charges, by what is known: the one rule of every page."""
    if guest.kind:
        return None
    if charges.had_night(house.zone, house.now, house.business_date):
        price = known.tonight or NightPrice(house.business_date, known.last, "")
        return charges.night(house.zone, house.now, house.business_date, price.price, price.rule)
    if not _asks(house, guest):
        return None
    extra = _by_clock(house, guest, known.last, known.later)
    return None if extra is None else charges.less_charged(extra, *known.charged)


def _by_clock(house: House, guest: Guest, price: Money, later: arrivals.Later | None) -> Extra | None:
    """Reckon by the later of the two hours: the agreement's, or the member's level's."""
    level = later if later is not None and later.free_until > guest.free_until else None
    options = house.options if level is None else charges.free_until(house.options, level.free_until)
    extra = charges.at_check_out(
        options, house.zone, house.now, house.business_date, guest.arrival, price, house.digits
    )
    if extra is None or house.business_date == guest.arrival:
        return extra
    if level is not None:
        words = _("%(rule)s (%(level)s: free until %(hour)s)")
        told = {"rule": extra.rule, "level": level.level, "hour": level.free_until}
        return replace(extra, rule=words % told)
    if guest.free_until:
        agreed = _("%(rule)s; free until %(time)s by agreement")
        return replace(extra, rule=agreed % {"rule": extra.rule, "time": guest.free_until})
    return extra


@query(Permission.GUESTS_READ)
def tonight(session: Session, guest: Guest, night: date) -> NightPrice:
    """Return the price of the business date's night: as agreed, else by the guest's plan, else as the last
    night."""
    agreed = _agreed(session, guest, night)
    if agreed is not None and agreed.night == night:
        return agreed
    listed = _listed(session, guest.plan_id, guest.type_id, night)
    return listed or last(session, guest, night)


@query(Permission.GUESTS_READ)
def last(session: Session, guest: Guest, night: date) -> NightPrice:
    """Return the price that a part of a day is reckoned from: tonight's or the last night's, else the rack
    rate."""
    agreed = _agreed(session, guest, night)
    if agreed is not None:
        return NightPrice(night, agreed.price, agreed.rule)
    return _listed(session, _rack(session), guest.type_id, night) or NightPrice(
        night, Money(0), _("no price")
    )


def _agreed(session: Session, guest: Guest, night: date) -> NightPrice | None:
    n = NightRate
    found = session.execute(
        select(n.night, n.price, n.rule)
        .where(n.line_id == guest.line_id, n.night <= night)
        .order_by(n.night.desc())
        .limit(1)
    ).first()
    return NightPrice(*found) if found is not None else None


def _rack(session: Session) -> int | None:
    return session.scalar(
        select(RatePlan.id)
        .where(RatePlan.kind == "rack", RatePlan.base_id.is_(None))
        .order_by(RatePlan.id)
        .limit(1)
    )


def _listed(session: Session, plan_id: int | None, type_id: int, night: date) -> NightPrice | None:
    if plan_id is not None:
        with suppress(Refused):
            return pricing.quote(session, plan_id=plan_id, type_id=type_id, nights=[night])[0]
    return None


def _charged_by_hand(session: Session, stay_id: int, business_date: date) -> tuple[int, int]:
    """Return how many half days a stay was charged today, and for how much, less what was taken back."""
    return charged_by_hand(session, [stay_id], business_date).get(stay_id, (0, 0))


def charged_by_hand(
    session: Session, stay_ids: Sequence[int], business_date: date
) -> dict[int, tuple[int, int]]:
    """Return the half days charged today and their sum, less what was taken back, of each of these stays that
    was charged any, on whichever folio a routing rule put them."""
    rows = ask(session, _by_hand(), stays=list(stay_ids), today=business_date)
    return {int(stay): (int(n), int(amount)) for stay, n, amount in rows if stay is not None}


@cache
def _by_hand() -> Select[*tuple[Any, ...]]:
    t, a = Transfer, Account
    sign: Any = case((t.debit_id == a.id, 1), else_=-1)
    halves = summed(sign * t.quantity * case((t.code == "FULL", 2), else_=1))
    return (
        select(t.stay_id, halves, summed(sign * t.amount))
        .select_from(a)
        .join(t, or_(t.debit_id == a.id, t.credit_id == a.id))
        .where(
            t.stay_id.in_(bindparam("stays", expanding=True)),
            a.ledger == "guest",
            t.business_date == bindparam("today"),
            t.code.in_(("HALF", "FULL")),
        )
        .group_by(t.stay_id)
    )
