"""Work out a price; each one explains itself."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from pms.core import dates
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.money import Money, scaled, show
from pms.db.work import Work
from pms.services.property.queries import setting

from .models import RatePlan, RatePrice

_BASE = aliased(RatePlan)
_LISTED = (
    select(RatePlan, _BASE, RatePrice.start, RatePrice.end, RatePrice.weekdays, RatePrice.price)
    .outerjoin(_BASE, _BASE.id == RatePlan.base_id)
    .outerjoin(
        RatePrice,
        and_(
            RatePrice.plan_id == func.coalesce(RatePlan.base_id, RatePlan.id),
            RatePrice.type_id == bindparam("type"),
            RatePrice.end >= bindparam("first"),
            RatePrice.start <= bindparam("last"),
        ),
    )
    .order_by(RatePrice.id.desc())
)
_OF_PLAN = _LISTED.where(RatePlan.id == bindparam("plan"))
_OWN = aliased(RatePlan)
_OF_RACK = _LISTED.where(
    RatePlan.id
    == select(_OWN.id)
    .where(_OWN.kind == "rack", _OWN.base_id.is_(None))
    .order_by(_OWN.id)
    .limit(1)
    .scalar_subquery()
)
"""The price list: the plan with prices of its own that was made first."""


@dataclass(frozen=True)
class NightPrice:
    """The price of one night and how it came about."""

    night: date
    price: Money
    rule: str


def quote(session: Session, *, plan_id: int, type_id: int, nights: list[date]) -> list[NightPrice]:
    """Return the price of each night under a plan; refuses, naming the night, where the plan has none."""
    return _quoted(session, _OF_PLAN, {"plan": plan_id, "type": type_id}, nights)


def _quoted(session: Session, wanted: Any, given: dict[str, int], nights: list[date]) -> list[NightPrice]:
    """Ask for a plan with its prices at once."""
    if not nights:
        return []
    rows = session.execute(wanted, {**given, "first": nights[0], "last": nights[-1]}).all()
    listed = _listed([row for row in rows if row.start is not None], nights)
    plan, base = rows[0][0], rows[0][1] or rows[0][0]
    digits = _digits(session)
    return [NightPrice(night, *_priced(plan, base, price, digits)) for night, price in listed]


def _digits(session: Session) -> int:
    """Return the decimals of the house's currency, which an action has read already."""
    work: Work | None = session.info.get("work")
    return (work.setting if work is not None else setting(session)).digits


def rack(session: Session, *, type_id: int, nights: list[date]) -> list[NightPrice]:
    """Return what the price list asks for each night, nothing where it lacks one of them."""
    with suppress(Refused):
        return _quoted(session, _OF_RACK, {"type": type_id}, nights)
    return []


def week(
    session: Session, *, plan_id: int, type_id: int, nights: list[date]
) -> dict[int, list[Money | None]]:
    """Return by weekday what a plan asks for each of the nights, None where it has no price."""
    given = {"plan": plan_id, "type": type_id, "first": nights[0], "last": nights[-1]}
    asked = session.execute(_OF_PLAN, given).all()
    plan, base, digits = asked[0][0], asked[0][1] or asked[0][0], _digits(session)
    rows = [row for row in asked if row.start is not None]
    found: dict[int, list[Money | None]] = {}
    for night in nights:
        listed = _winning(rows, night)
        price = None if listed is None else _priced(plan, base, listed, digits)[0]
        found.setdefault(night.weekday(), []).append(price)
    return found


def _winning(rows: Sequence[Any], night: date) -> Money | None:
    """Return the price that counts for a night: that of the row made last."""
    return next(
        (r.price for r in rows if r.start <= night <= r.end and r.weekdays >> night.weekday() & 1), None
    )


def _listed(rows: Sequence[Any], nights: list[date]) -> list[tuple[date, Money]]:
    found = []
    for night in nights:
        fits = _winning(rows, night)
        if fits is None:
            raise Refused(
                _("There is no price for %(night)s. Add one in Settings or give a manual rate.")
                % {"night": dates.day(night, year=True)}
            )
        found.append((night, fits))
    return found


def _priced(plan: RatePlan, base: RatePlan, price: Money, digits: int) -> tuple[Money, str]:
    listed = show(price, digits)
    if plan.base_id is None:
        return price, f"{plan.name} {listed}"
    if plan.amount_off:
        return Money(price - plan.amount_off), f"{base.name} {listed} \u2212 {show(plan.amount_off, digits)}"
    ratio = Decimal(plan.basis_points) / 10000
    made = scaled(price, ratio, plan.unit)
    exact = show(scaled(price, ratio), digits)
    rounded = "" if show(made, digits) == exact else " \u2248 " + show(made, digits)
    return made, f"{base.name} {listed} × {plan.name} {ratio.normalize():f} = {exact}{rounded}"
