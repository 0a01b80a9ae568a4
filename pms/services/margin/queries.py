"""What the goods sold brought and cost: by article, by day, by month. Read from the moves of the days asked
for, so no cost here grows with the years behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from pms.core.money import Money, show
from pms.core.options import Options
from pms.core.reading import query
from pms.db.types import summed
from pms.services.folios import tax
from pms.services.property.queries import setting
from pms.services.shop.models import ShopCost, ShopGood, ShopMove
from pms.services.staff.models import Staff

from .duty import SEE

SOLD, LOST = ("sale", "return"), ("loss", "gift", "own_use", "count")
CODE = "SHOP"
SHOWN = 30


@dataclass(frozen=True)
class Margin:
    """What pieces brought (without the tax that the price holds) and cost; ``lost`` is what went without
    being sold, at cost."""

    pieces: int
    revenue: Money
    cost: Money
    lost: Money

    @property
    def margin(self) -> Money:
        """Return what is left of the revenue when the cost is off."""
        return Money(self.revenue - self.cost)

    @property
    def share(self) -> int | None:
        """Return the margin in hundredths of a per cent of the revenue, rounded down; None where there is
        none."""
        return self.margin * 10_000 // self.revenue if self.revenue > 0 else None

    @property
    def percent(self) -> str:
        """Return the share as it is written."""
        return "" if self.share is None else f"{show(self.share, 2)} %"


@dataclass(frozen=True)
class ByGood(Margin):
    """The margin of one article, with its price and cost as they are now and since when it costs that."""

    id: int
    name: str
    unit: str
    price: Money
    now: Money
    since: date | None


@dataclass(frozen=True)
class ByTime(Margin):
    """The margin of a day, or of a month named by its first day."""

    id: date


@dataclass(frozen=True)
class CostRow:
    """What a good cost from a moment on."""

    cost: Money
    reference: str
    at: datetime
    by: str


def _sums() -> tuple[Any, ...]:
    m = ShopMove
    sold, lost = m.kind.in_(SOLD), m.kind.in_(LOST)
    return (
        summed(case((sold, -m.quantity), else_=0)),
        summed(case((sold, -m.quantity * m.price), else_=0)),
        summed(case((sold, -m.quantity * m.cost), else_=0)),
        summed(case((lost, -m.quantity * m.cost), else_=0)),
    )


def _net(options: Options, sums: Sequence[Any]) -> dict[str, Any]:
    """Return the sums as a margin's fields, the revenue without the tax that the shop's prices hold now."""
    pieces, gross, cost, lost = (int(value) for value in sums)
    sign = -1 if gross < 0 else 1
    revenue = Money(sign * tax.net(options, CODE, abs(gross)))
    return {"pieces": pieces, "revenue": revenue, "cost": Money(cost), "lost": Money(lost)}


@query(SEE)
def by_good(session: Session, *, first: date, last: date) -> list[ByGood]:
    """Return the margin of every article that moved from day to day, the one that earned most first."""
    g, m, c = ShopGood, ShopMove, ShopCost
    since = select(func.max(c.business_date)).where(c.good_id == g.id).scalar_subquery()
    rows = session.execute(
        select(g.id, g.name, g.unit, g.price, g.cost, since, *_sums())
        .join(m, m.good_id == g.id)
        .where(m.business_date.between(first, last), m.kind.in_((*SOLD, *LOST)))
        .group_by(g.id, g.name, g.unit, g.price, g.cost)
    )
    options = setting(session).options
    made = [
        ByGood(id=good_id, name=name, unit=unit, price=price, now=cost, since=day, **_net(options, sums))
        for good_id, name, unit, price, cost, day, *sums in rows
    ]
    return sorted(made, key=lambda one: (-one.margin, one.name))


@query(SEE)
def by_day(session: Session, *, first: date, last: date) -> list[ByTime]:
    """Return the margin of each day, the latest first."""
    m = ShopMove
    rows = session.execute(
        select(m.business_date, *_sums())
        .where(m.business_date.between(first, last), m.kind.in_((*SOLD, *LOST)))
        .group_by(m.business_date)
        .order_by(m.business_date.desc())
    )
    options = setting(session).options
    return [ByTime(id=day, **_net(options, sums)) for day, *sums in rows]


def by_month(days: Sequence[ByTime]) -> list[ByTime]:
    """Return the margins of days by their months, named by the first day."""
    months = dict[date, list[ByTime]]()
    for day in days:
        months.setdefault(day.id.replace(day=1), []).append(day)
    return [ByTime(id=first, **_added(found)) for first, found in months.items()]


def _added(found: Sequence[Margin]) -> dict[str, Any]:
    return {
        "pieces": sum(one.pieces for one in found),
        **{name: Money(sum(getattr(one, name) for one in found)) for name in ("revenue", "cost", "lost")},
    }


def total(found: Sequence[Margin]) -> Margin:
    """Return what all of them come to."""
    return Margin(**_added(found))


@query(SEE)
def costs(session: Session, *, good_id: int) -> list[CostRow]:
    """Return what a good cost from when on, the latest first."""
    c = ShopCost
    rows = session.execute(
        select(c.cost, c.reference, c.at, func.coalesce(Staff.name, ""))
        .outerjoin(Staff, Staff.id == c.clerk_id)
        .where(c.good_id == good_id)
        .order_by(c.id.desc())
        .limit(SHOWN)
    )
    return [CostRow(*row) for row in rows]
