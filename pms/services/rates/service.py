"""Make rate plans and set their prices."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from pms.core import currencies
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.money import Money
from pms.db.work import Work, operation

from .duty import RATES_EDIT
from .models import RatePlan, RatePrice

EVERY_DAY = 127


@dataclass(frozen=True)
class WeekPrice:
    """What a room type is to cost on weekdays (bit 0 = Monday)."""

    type_id: int
    weekdays: int
    price: Money


@operation(RATES_EDIT)
def add_plan(
    work: Work,
    *,
    code: str,
    name: str,
    kind: str = "rack",
    base_id: int | None = None,
    basis_points: int = 10000,
    amount_off: Money = Money(0),
    unit: int | None = None,
    conditions: str = "",
) -> int:
    """Add a rate plan and return its number; with ``base_id`` its price is a part (10000 = all) of the base
    plan's, rounded to ``unit``, or as the currency is."""
    code = code.strip().upper()
    if not code or not name.strip():
        raise Refused(_("Give the rate plan a code and a name."))
    if work.session.scalars(select(RatePlan.id).where(RatePlan.code == code)).first() is not None:
        raise Refused(_("The rate plan %(code)s is there already.") % {"code": code})
    if base_id is not None and work.session.get_one(RatePlan, base_id).base_id is not None:
        raise Refused(_("A plan is derived from a plan with prices of its own."))
    plan = RatePlan(
        code=code,
        name=name.strip(),
        kind=kind,
        base_id=base_id,
        basis_points=basis_points,
        amount_off=amount_off,
        unit=currencies.of(work.setting.currency).step if unit is None else unit,
        conditions=conditions,
    )
    work.session.add(plan)
    work.session.flush()
    work.touch("rates")
    return plan.id


@operation(RATES_EDIT)
def edit_plan(
    work: Work, *, plan_id: int, name: str, basis_points: int, conditions: str, active: bool
) -> None:
    """Change a rate plan; bookings keep the prices they were made with."""
    plan = work.hold(RatePlan, plan_id)
    plan.name, plan.basis_points, plan.conditions, plan.active = (
        name.strip() or plan.name,
        basis_points,
        conditions,
        active,
    )
    work.touch("rates")


@operation(RATES_EDIT)
def set_price(
    work: Work, *, plan_id: int, type_id: int, start: date, end: date, price: Money, weekdays: int = EVERY_DAY
) -> None:
    """Set what a plan asks for a type from ``start`` to ``end`` (in) on weekdays (bit 0 = Monday); later rows
    win over earlier."""
    _list(work, plan_id, start, end, [WeekPrice(type_id, weekdays, price)])


@operation(RATES_EDIT)
def set_week(work: Work, *, plan_id: int, start: date, end: date, prices: Sequence[WeekPrice]) -> None:
    """Set what a plan asks from ``start`` to ``end`` (in) for types and weekdays, all in one act; what is not
    named stays as it is."""
    if not prices:
        raise Refused(_("No price was changed. Type one into the list of the week."))
    _list(work, plan_id, start, end, prices)


def _list(work: Work, plan_id: int, start: date, end: date, prices: Sequence[WeekPrice]) -> None:
    """Write prices into a plan's list; they win over what was listed before."""
    if end < start:
        raise Refused(_("The period ends before it begins."))
    plan = work.hold(RatePlan, plan_id)
    if plan.base_id is not None:  # a price of its own would never be asked
        raise Refused(_("%(plan)s follows another plan; set the price there.") % {"plan": plan.name})
    if any(each.price < 0 for each in prices):
        raise Refused(_("A list price is not negative."))
    if not all(0 < each.weekdays <= EVERY_DAY for each in prices):
        raise Refused(_("Choose at least one weekday."))
    for each in prices:
        work.session.add(
            RatePrice(
                plan_id=plan_id,
                type_id=each.type_id,
                start=start,
                end=end,
                weekdays=each.weekdays,
                price=each.price,
            )
        )
    work.touch("rates")
