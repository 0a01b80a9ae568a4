"""Routing rules: whoever pays a kind of charge of a stay, all the time or for some days, up to a sum.

One place decides it, whatever posts: ``payer`` for what is charged at a desk, ``tonight`` for the close of
the day. A charge goes where its rule says and tells by which rule it went; what is over the rule's sum goes
back to the guest's own folio. A rule counts charges without the tax on top of them.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, exists, or_, select
from sqlalchemy.orm import Session, aliased

from pms.core.i18n import _
from pms.core.money import Money, show
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.types import summed
from pms.db.work import Work

from . import corrections, ledger, tax
from .models import Account, RoutedCharge, RoutingRule, Transfer

OWN = "A"
"""Rules are about what would be charged to the guest's own folio; another that is named is meant."""
EVERY = ""
"""The code of a rule for every charge that no rule of its own is for."""


@dataclass(frozen=True)
class Route:
    """A rule in force: the folio it leads to, and how much may still go there (None: no limit)."""

    rule: int
    stay_id: int
    code: str
    account_id: int
    window: str
    name: str
    of_stay: int
    closed: bool
    most: Money | None
    used: Money = Money(0)

    @property
    def left(self) -> int | None:
        """Return what of its sum is left."""
        return None if self.most is None else max(self.most - self.used, 0)

    @property
    def open(self) -> bool:
        """Say whether anything may still go there."""
        return not self.closed and self.left != 0

    def told(self, rule: str = "") -> str:
        """Return a posting's words with those of the rule it went by."""
        return "; ".join(filter(None, (rule, _("by routing rule %(n)s") % {"n": self.rule})))


def in_force(day: ColumnElement[date] | date) -> ColumnElement[bool]:
    """Return the condition under which a rule counts on a day."""
    r = RoutingRule
    return and_(
        r.ended_at.is_(None), or_(r.start.is_(None), r.start <= day), or_(r.end.is_(None), r.end >= day)
    )


_RULES = (
    select(
        RoutingRule.id,
        RoutingRule.stay_id,
        RoutingRule.code,
        Account.id,
        Account.window,
        Account.name,
        Account.stay_id,
        Account.closed,
        RoutingRule.most,
    )
    .join(Account, Account.id == RoutingRule.account_id)
    .order_by(RoutingRule.id)
)
_HELD = _RULES.where(RoutingRule.stay_id == bindparam("stay"), in_force(bindparam("today"))).with_for_update(
    of=RoutingRule
)


def _route(row: Any) -> Route:
    return Route(*row)


def used(session: Session, rules: Collection[int]) -> Mapping[int, int]:
    """Return what went by these rules and stands."""
    if not rules:
        return {}
    c, undone = RoutedCharge, aliased(Transfer)
    rows = session.execute(
        select(c.rule_id, summed(c.amount))
        .where(c.rule_id.in_(rules), ~exists().where(undone.reverses == c.transfer_id))
        .group_by(c.rule_id)
    )
    return {rule: int(amount) for rule, amount in rows}


def _counted(session: Session, routes: Sequence[Route]) -> list[Route]:
    """Return rules with what went by those that have a limit; asked after they are held."""
    sums = used(session, [route.rule for route in routes if route.most is not None])
    return [replace(route, used=Money(sums.get(route.rule, 0))) for route in routes]


@dataclass
class Payer:
    """Who pays what is charged in one act: an account that is held, and the rules that lead elsewhere."""

    work: Work
    folio: int
    routes: list[Route] = field(default_factory=list)

    def charge(
        self,
        *,
        code: str,
        credit: int,
        amount: int,
        text: str = "",
        rule: str = "",
        quantity: int = 1,
        stay_id: int | None = None,
        night: date | None = None,
        slip: str = "",
        parts: Sequence[tax.Part] | None = None,
    ) -> int:
        """Post a charge with its tax where its rule says, and return the posting's number. What is over the
        rule's sum is moved back to the guest."""
        at = self._at(code, amount)
        route = self.routes[at] if at is not None else None
        debit = route.account_id if route is not None else self.folio
        made = ledger.post(
            self.work,
            debit=debit,
            credit=credit,
            amount=amount,
            code=code,
            text=text,
            rule=route.told(rule) if route is not None else rule,
            quantity=quantity,
            stay_id=stay_id,
            night=night,
            slip=slip,
        )
        options, digits = self.work.setting.options, self.work.setting.digits
        found = tax.of(options, code, amount, digits) if parts is None else parts
        tax.post(self.work, made, found, payer=debit, stay_id=stay_id)
        if route is not None and at is not None:
            self.routes[at] = keep(self.work, route, made, amount, self.folio)
        return made

    def _at(self, code: str, amount: int) -> int | None:
        """Return which rule a charge goes by."""
        at = best(self.routes, code)
        return None if at is None or amount <= 0 or not self.routes[at].open else at


def best(routes: Sequence[Route], code: str) -> int | None:
    """Return the place of the rule for a code: its own before that for every charge."""
    for wanted in (code, EVERY):
        for at, route in enumerate(routes):
            if route.code == wanted:
                return at
    return None


def keep(work: Work, route: Route, made: int, amount: int, own: int) -> Route:
    """Write down that a charge went by a rule, move what is over its sum back to the guest's folio ``own``,
    and return the rule as it stands then."""
    work.session.add(RoutedCharge(transfer_id=made, rule_id=route.rule, amount=Money(amount)))
    over = 0 if route.left is None else amount - route.left
    if over > 0:
        words = _("over %(sum)s of routing rule %(n)s")
        told = words % {"sum": show(route.most or 0, work.setting.digits), "n": route.rule}
        line = work.session.get_one(Transfer, made)
        back = corrections.move(work, line, own, over, route.stay_id, told)
        work.session.add(RoutedCharge(transfer_id=back, rule_id=route.rule, amount=Money(-over)))
    work.session.flush()
    return replace(route, used=Money(route.used + amount - max(over, 0)))


def payer(work: Work, stay_id: int, window: str = OWN) -> Payer:
    """Return who pays what is charged to a folio now, with the rules that lead elsewhere, all held."""
    folio, routed = ledger.guest_folio(work, stay_id, window)
    if not routed or window != OWN:
        return Payer(work, folio)
    found = work.session.execute(_HELD, {"stay": stay_id, "today": work.business_date}).all()
    routes = _counted(work.session, [_route(row) for row in found])
    shut = ledger.hold_folios(work, {route.account_id for route in routes})
    return Payer(work, folio, [replace(one, closed=shut[one.account_id]) for one in routes])


def tonight(session: Session, day: date, *, hold: bool = False) -> dict[int, Route]:
    """Return the rule that each stay's room charge of a night goes by, by stay; all in one or two
    statements."""
    asked = _RULES.where(RoutingRule.code.in_(("ROOM", EVERY)), in_force(day))
    rows = session.execute(asked.with_for_update(of=RoutingRule) if hold else asked).all()
    found = dict[int, list[Route]]()
    for row in rows:
        found.setdefault(row.stay_id, []).append(_route(row))
    chosen = [some[at] for some in found.values() if (at := best(some, "ROOM")) is not None]
    return {route.stay_id: route for route in _counted(session, chosen) if route.open}


@query(Permission.FOLIOS_READ)
def where(session: Session, *, stay_id: int, code: str, amount: int, day: date) -> dict[str | None, int]:
    """Return how much of a charge would stand on which folio of a stay, by its letter; None for another
    stay's. What is over a rule's sum stands on the guest's own."""
    rows = session.execute(_RULES.where(RoutingRule.stay_id == stay_id, in_force(day))).all()
    routes = _counted(session, [_route(row) for row in rows])
    at = best(routes, code)
    route = routes[at] if at is not None else None
    if route is None or not route.open or amount <= 0:
        return {OWN: amount}
    fits = amount if route.left is None else min(route.left, amount)
    there = route.window if route.of_stay == stay_id else None
    return {there: fits, **({OWN: amount - fits} if fits < amount else {})}


@query(Permission.FOLIOS_READ, Permission.AUDIT_RUN)
def away(session: Session, *, nights: Mapping[int, Sequence[tuple[date, int]]]) -> dict[int, Money]:
    """Return what of these stays is not theirs to pay, by stay: of the prices of nights to come what their
    rules lead elsewhere, and what stands on their other folios that a rule leads to."""
    r, a = RoutingRule, Account
    asked = (
        select(r, a)
        .join(a, a.id == r.account_id)
        .where(r.ended_at.is_(None), r.stay_id.in_(list(nights)))
        .order_by(r.id)
    )
    rules = [(rule, account) for rule, account in session.execute(asked) if not account.closed]
    if not rules:
        return {}
    gone = used(session, [rule.id for rule, _account in rules if rule.most is not None])
    others = {a.id: rule.stay_id for rule, a in rules if a.stay_id == rule.stay_id}
    found = Counter[int]()
    for account_id, amount in _standing_on(session, others).items():
        found[others[account_id]] += amount
    for stay_id, prices in nights.items():
        mine = [rule for rule, _account in rules if rule.stay_id == stay_id]
        found[stay_id] += _nights_away(mine, dict(gone), prices)
    return {stay_id: Money(amount) for stay_id, amount in found.items() if amount}


def _standing_on(session: Session, accounts: Collection[int]) -> dict[int, int]:
    """Return what accounts stand at, debits less credits."""
    if not accounts:
        return {}
    t, a = Transfer, Account
    rows = session.execute(
        select(a.id, summed(case((t.debit_id == a.id, t.amount), else_=-t.amount)))
        .join(t, or_(t.debit_id == a.id, t.credit_id == a.id))
        .where(a.id.in_(accounts))
        .group_by(a.id)
    )
    return {account_id: int(amount) for account_id, amount in rows}


def _nights_away(
    rules: Sequence[RoutingRule], gone: dict[int, int], prices: Sequence[tuple[date, int]]
) -> int:
    """Return what of the prices of nights rules lead elsewhere, each up to its sum."""
    total = 0
    for night, price in prices:
        on = [r for r in rules if (r.start or night) <= night <= (r.end or night)]
        rule = next((r for wanted in ("ROOM", EVERY) for r in on if r.code == wanted), None)
        if rule is None:
            continue
        left = price if rule.most is None else max(rule.most - gone.get(rule.id, 0), 0)
        part = min(price, left)
        gone[rule.id] = gone.get(rule.id, 0) + part
        total += part
    return total
