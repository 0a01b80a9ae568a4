"""The shelf: a good's stock and moves, and a count of all goods that is compared first and booked, with its
reasons, later."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from pms.core.authority import Kind
from pms.core.errors import Conflict, Refused
from pms.core.i18n import _
from pms.core.money import Money, show
from pms.db.base import table_of
from pms.db.work import Work
from pms.services.authority import service as authority

from . import queries
from .models import ShopCost, ShopGood, ShopMove, ShopStock
from .queries import GoodRow

MOST = 9999
Missing = tuple[str, int, Money]
"""A good's name, how many more (above 0) or fewer than in the books were counted, and its price."""
NAMED = 6
"""So many goods are named in a sentence; of more it tells the number."""


_S = table_of(ShopStock)
_STOCK = (
    select(_S.c.good_id, _S.c.quantity)
    .where(_S.c.good_id.in_(bindparam("goods", expanding=True)))
    .order_by(_S.c.good_id)
    .with_for_update()
)
_CARRY = (
    update(_S).where(_S.c.good_id == bindparam("good")).values(quantity=_S.c.quantity + bindparam("moved"))
)


@dataclass(frozen=True)
class ShelfLine:
    """One good as it was counted beside what the books held at that moment; ``reason`` explains a
    difference."""

    good_id: int
    name: str
    unit: str
    price: Money
    counted: int
    expected: int
    reason: str = ""
    cost: Money = Money(0)

    @property
    def loss(self) -> Money:
        """Return what the missing ones cost the house."""
        return Money(max(-self.gap, 0) * self.cost)

    @property
    def gap(self) -> int:
        """Return how many are over (above 0) or missing (below 0)."""
        return self.counted - self.expected

    def plain(self) -> dict[str, Any]:
        """Return plain data for the database."""
        return asdict(self)


def good(work: Work, good_id: int) -> ShopGood:
    """Return a good that is on sale."""
    found = work.session.get(ShopGood, good_id)
    if found is None or not found.active:
        raise Refused(_("This article is not on sale any more."))
    return found


def stock(work: Work, good_ids: Collection[int]) -> dict[int, int]:
    """Return how many of each good the books hold, held in the goods' order until the end of the
    transaction."""
    rows = work.session.execute(_STOCK, {"goods": list(good_ids)})
    return {good_id: int(quantity) for good_id, quantity in rows}


def move(work: Work, good: ShopGood, kind: str, quantity: int, **more: object) -> ShopMove:
    """Add a move of a good and carry its stock forward, relative to what it is then: two desks may sell at
    once."""
    work.session.connection().execute(_CARRY, {"good": good.id, "moved": quantity})
    made = ShopMove(
        **{
            "good_id": good.id,
            "kind": kind,
            "quantity": quantity,
            "price": good.price,
            "cost": good.cost,
            "at": work.now,
            "business_date": work.business_date,
            "clerk_id": work.clerk.id or None,
            "station": work.station,
            **more,
        }
    )
    work.session.add(made)
    return made


def costs(work: Work, good: ShopGood, cost: Money, reference: str = "") -> None:
    """Note what a good costs from now on, where that changes."""
    known = good.cost if good.id is not None else 0
    good.cost = cost
    if cost == known:
        return
    work.session.add(good)
    work.session.flush()
    work.insert_one(
        ShopCost,
        good_id=good.id,
        cost=cost,
        reference=reference,
        at=work.now,
        business_date=work.business_date,
        clerk_id=work.clerk.id or None,
    )


# ------------------------------------------------------------------ a count in two steps
def on_sale(session: Session) -> list[GoodRow]:
    """Return the goods that a count of the shelf is about."""
    return [g for g in queries.goods(session) if g.active]


def last_move(session: Session) -> int:
    """Return the number of the latest move, 0 when there is none."""
    return session.execute(select(func.max(ShopMove.id))).scalar() or 0


def hold(work: Work) -> None:
    """Hold the stock of every good until the end of the transaction: two counts are booked one after the
    other, and nothing is sold between a count and its booking."""
    work.session.execute(select(_S.c.good_id).order_by(_S.c.good_id).with_for_update()).all()


def compare(work: Work, counted: Mapping[int, int]) -> list[ShelfLine]:
    """Return every good on sale with what was counted and what the books hold; refuses a good left out and a
    number that is none."""
    hold(work)
    goods = on_sale(work.session)
    if left_out := [g.name for g in goods if g.id not in counted]:
        raise Refused(
            _("Not counted yet: %(goods)s. Give the number of each article; 0 for none.")
            % {"goods": named(left_out)}
        )
    if wrong := [g.name for g in goods if not 0 <= counted[g.id] <= MOST]:
        raise Refused(
            _("%(goods)s: from %(least)s to %(most)s.") % {"goods": named(wrong), "least": 0, "most": MOST}
        )
    return [ShelfLine(g.id, g.name, g.unit, g.price, counted[g.id], g.stock, cost=g.cost) for g in goods]


def named(names: Sequence[str]) -> str:
    """Return names as a sentence tells them."""
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (_(" and %(n)s more") % {"n": more} if more > 0 else "")


def stale(session: Session, *, since: int, station: str) -> bool:
    """Say whether a count is out of date: this workstation has moved goods after move ``since``, or somebody
    has booked another count."""
    m = ShopMove
    return (
        session.execute(
            select(m.id).where(m.id > since, or_(m.station == station, m.kind == "count")).limit(1)
        ).first()
        is not None
    )


def explained(lines: Sequence[ShelfLine], reasons: Mapping[int, str]) -> list[ShelfLine]:
    """Return the lines with the reason of each difference; refuses a difference without one."""
    open_ones = [f"{x.name} {x.gap:+d}" for x in lines if x.gap and not reasons.get(x.good_id, "").strip()]
    if open_ones:
        raise Refused(
            _("The shop differs: %(goods)s. Say why for each; it is printed on the handover sheet.")
            % {"goods": named(open_ones)}
        )
    return [ShelfLine(**{**x.plain(), "reason": reasons[x.good_id].strip() if x.gap else ""}) for x in lines]


def may_be_missing(work: Work, gaps: Sequence[Missing]) -> None:
    """Ask for authority to book what a count did not find, for what it would have been sold at."""
    short = [(name, gap, -gap * price) for name, gap, price in gaps if gap < 0]
    if short:
        worth = sum(lost for _name, _gap, lost in short)
        goods = named([f"{name} {gap:+d}" for name, gap, _lost in short])
        what = _("Goods worth %(sum)s are missing: %(goods)s")
        authority.authorise(
            work,
            Kind.OVER_SHORT,
            what % {"sum": show(worth, work.setting.digits), "goods": goods},
            amount=worth,
        )


def book(work: Work, lines: Sequence[ShelfLine], *, since: int) -> None:
    """Book each difference of a count as a move; refuses when the count is out of date."""
    hold(work)
    if stale(work.session, since=since, station=work.station):
        raise Conflict(_("Goods were sold or counted since the shop was counted. Count the shop again."))
    may_be_missing(work, [(line.name, line.gap, line.price) for line in lines])
    for line in lines:
        if line.gap:
            move(work, work.session.get_one(ShopGood, line.good_id), "count", line.gap, reason=line.reason)
    work.note(
        "stocktake",
        {
            "counted": {line.good_id: line.counted for line in lines},
            "differ": sum(bool(line.gap) for line in lines),
        },
    )
    work.touch("shop")
