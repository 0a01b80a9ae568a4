"""Which plans there are and what they ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.money import Money
from pms.core.permissions import Permission
from pms.core.reading import query

from . import pricing
from .duty import RATES_EDIT
from .models import RatePlan, RatePrice
from .pricing import NightPrice


@dataclass(frozen=True)
class PlanRow:
    """A rate plan."""

    id: int
    code: str
    name: str
    kind: str
    base_id: int | None
    basis_points: int
    conditions: str
    active: bool


@dataclass(frozen=True)
class PriceRow:
    """A listed price."""

    id: int
    plan_id: int
    type_id: int
    start: date
    end: date
    weekdays: int
    price: Money


LONGEST = timedelta(days=1100)
"""The longest period of the list of the week."""


@dataclass(frozen=True)
class WeekCell:
    """What a type costs on one weekday (0 = Monday) of a period: its ``prices``, lowest first, several where
    they differ; ``lacks``: there are nights without one."""

    type_id: int
    weekday: int
    prices: tuple[Money, ...]
    lacks: bool


@query(Permission.RESERVATIONS_BOOK, RATES_EDIT)
def plans(session: Session) -> list[PlanRow]:
    """Return the rate plans in the order they were made."""
    p = RatePlan
    return [
        PlanRow(*row)
        for row in session.execute(
            select(p.id, p.code, p.name, p.kind, p.base_id, p.basis_points, p.conditions, p.active).order_by(
                p.id
            )
        )
    ]


@query(Permission.RESERVATIONS_BOOK, RATES_EDIT)
def prices(session: Session, *, plan_id: int) -> list[PriceRow]:
    """Return a plan's listed prices, the one that wins first."""
    p = RatePrice
    return [
        PriceRow(*row)
        for row in session.execute(
            select(p.id, p.plan_id, p.type_id, p.start, p.end, p.weekdays, p.price)
            .where(p.plan_id == plan_id)
            .order_by(p.id.desc())
        )
    ]


@query(Permission.RESERVATIONS_BOOK, RATES_EDIT)
def week(
    session: Session, *, plan_id: int, type_ids: Sequence[int], start: date, end: date
) -> list[WeekCell]:
    """Return for types and weekdays what the nights from ``start`` to ``end`` (in) cost; a weekday that does
    not come is missing."""
    if not start <= end <= start + LONGEST:
        raise Refused(_("The list of the week shows a period of at most %(n)s days.") % {"n": LONGEST.days})
    nights = [start + timedelta(days=n) for n in range((end - start).days + 1)]
    return [
        WeekCell(type_id, weekday, tuple(sorted({p for p in prices if p is not None})), None in prices)
        for type_id in type_ids
        for weekday, prices in pricing.week(session, plan_id=plan_id, type_id=type_id, nights=nights).items()
    ]


@query(Permission.RESERVATIONS_BOOK, RATES_EDIT)
def quote(session: Session, *, plan_id: int, type_id: int, start: date, end: date) -> list[NightPrice]:
    """Return the price of each night from ``start`` to ``end`` (not in) with its arithmetic in words."""
    nights = [start + timedelta(days=n) for n in range((end - start).days)]
    return pricing.quote(session, plan_id=plan_id, type_id=type_id, nights=nights)
