"""By which hour a guest's deposit and the house's credit are used up, by the very rule that a check-out
charges by."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from pms.core.clock import at, local
from pms.core.money import Money
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.books import ask
from pms.services.folios import tax
from pms.services.members import arrivals
from pms.services.property.queries import setting
from pms.services.rates.pricing import NightPrice
from pms.services.reservations.models import NightRate

from . import charges, departing
from .departing import Guest, House, Known
from .queries import StayRow

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Lasts:
    """From which moment on a check-out would owe more than deposit and credit, None where not on this day;
    what the clock charges then, by which rule and code; ``spent``: it does already without any charge of the
    clock."""

    until: datetime | None = None
    charge: Money = Money(0)
    rule: str = ""
    spent: bool = False
    code: str = ""


class Alike(dict[tuple[Any, ...], list[Lasts]]):
    """The charges of the day, reckoned once for all guests of one price and one hour."""


@query(Permission.GUESTS_READ)
def lasting(session: Session, *, rows: Sequence[StayRow], now: datetime) -> dict[int, Lasts]:
    """Return by stay until when the deposit of guests in house lasts on the business date; ``now``: after
    midnight and before the close, a night that was used is reckoned also of those who should have left."""
    paying = [row for row in rows if not row.kind]
    if not paying:
        return {}
    s = setting(session)
    house = House(s.options, s.zone, now, s.business_date, s.digits)
    known, alike = _known(session, house, paying), Alike()
    return {row.stay_id: _lasts(session, house, row, known[row.stay_id], alike) for row in paying}


def _known(session: Session, house: House, rows: Sequence[StayRow]) -> dict[int, Known]:
    """Ask once for all what ``departing.due`` asks for one."""
    stays = [row.stay_id for row in rows]
    agreed = _agreed(session, house, [row.line_id for row in rows])
    charged = departing.charged_by_hand(session, stays, house.business_date)
    later = arrivals.free_untils(session, stays)
    found = {}
    for row in rows:
        night = agreed.get(row.line_id) or departing.last(session, _guest(row), house.business_date)
        booked = night if row.line_id in agreed and night.night == house.business_date else None
        hours = charged.get(row.stay_id, (0, 0)), later.get(row.stay_id)
        found[row.stay_id] = Known(booked, night.price, *hours)
    return found


_LATEST = (
    select(NightRate.line_id, func.max(NightRate.night).label("night"))
    .where(NightRate.line_id.in_(bindparam("lines", expanding=True)), NightRate.night <= bindparam("today"))
    .group_by(NightRate.line_id)
    .subquery()
)
_AGREED = select(NightRate.line_id, NightRate.night, NightRate.price, NightRate.rule).join(
    _LATEST, (_LATEST.c.line_id == NightRate.line_id) & (_LATEST.c.night == NightRate.night)
)


def _agreed(session: Session, house: House, lines: Sequence[int]) -> dict[int, NightPrice]:
    """Return the latest agreed night of each booked room, the business date's at the latest."""
    rows = ask(session, _AGREED, lines=list(lines), today=house.business_date)
    return {line: NightPrice(night, price, rule) for line, night, price, rule in rows}


def _guest(row: StayRow) -> Guest:
    return Guest(row.stay_id, row.line_id, row.plan_id, row.type_id, row.arrival, row.kind, row.free_until)


def _lasts(session: Session, house: House, row: StayRow, known: Known, alike: Alike) -> Lasts:
    credit = row.deposit + row.guarantee + house.options.credit_limit
    if row.balance > credit:
        return Lasts(at(house.business_date, "00:00", house.zone), spent=True)
    guest = _guest(row)
    moments = _moments(house, row, known)
    if known.tonight is None and charges.had_night(house.zone, moments[-1], house.business_date):
        known = replace(known, tonight=departing.tonight(session, guest, house.business_date))
    kind = (guest.arrival == house.business_date, guest.free_until, moments, known)
    if kind not in alike:
        alike[kind] = list(_steps(house, guest, moments, known))
    own = (step for step in alike[kind] if not row.of_channel(step.code))
    return next((step for step in own if row.balance + step.charge > credit), Lasts())


def _steps(house: House, guest: Guest, moments: Sequence[datetime], known: Known) -> Iterator[Lasts]:
    """Return what a check-out at each of these moments charges, where it charges anything."""
    for moment in moments:
        extra = departing.reckoned(replace(house, now=moment), guest, known)
        if extra is not None:
            charge = extra.amount + tax.on_top(house.options, extra.code, extra.amount)
            yield Lasts(moment, Money(charge), extra.rule, code=extra.code)


def _moments(house: House, row: StayRow, known: Known) -> tuple[datetime, ...]:
    """Return, in order, the moments of the business date at which the clock's charge may change."""
    options, day = house.options, house.business_date
    bands = options.day_use_bands if day == row.arrival else options.late_bands
    hours = {"00:00", *(band.start for band in bands)}
    if known.later is not None:
        hours.add(known.later.free_until)
    found = {at(day, hour, house.zone) for hour in hours}
    if row.free_until:
        found.add(at(day, row.free_until, house.zone) + MINUTE)  # an agreed hour is free itself
    midnight = at(day + charges.DAY, "00:00", house.zone)
    if row.departure > day or local(house.now, house.zone).date() > day:
        found.add(midnight)
    return tuple(sorted(found))
