"""Make rate plans and set their prices."""

from datetime import date

from sqlalchemy import select

from pms.core import currencies
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.money import Money
from pms.core.permissions import Permission
from pms.db.work import Work, operation

from .models import RatePlan, RatePrice

EVERY_DAY = 127


@operation(Permission.RATES_EDIT)
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


@operation(Permission.RATES_EDIT)
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


@operation(Permission.RATES_EDIT)
def set_price(
    work: Work, *, plan_id: int, type_id: int, start: date, end: date, price: Money, weekdays: int = EVERY_DAY
) -> None:
    """Set what a plan asks for a type from ``start`` to ``end`` (in) on weekdays (bit 0 = Monday); later rows
    win over earlier."""
    if end < start:
        raise Refused(_("The period ends before it begins."))
    if price < 0:
        raise Refused(_("A list price is not negative."))
    if not 0 < weekdays <= EVERY_DAY:
        raise Refused(_("Choose at least one weekday."))
    work.session.add(
        RatePrice(plan_id=plan_id, type_id=type_id, start=start, end=end, weekdays=weekdays, price=price)
    )
    work.touch("rates")
