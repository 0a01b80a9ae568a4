"""The routing rules of a stay: agree one, end one, and see how they stand."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from pms.core.errors import Conflict, Refused
from pms.core.i18n import _
from pms.core.money import Money
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.work import Work, operation

from . import ledger, routing
from .duty import FOLIOS_TRANSFER
from .models import Account, RoutingRule, TransactionCode


@dataclass(frozen=True)
class RuleRow:
    """A routing rule of a stay: the charge (empty: every one), where it goes, from and until when, up to
    which sum, and what went by it; ``ended``: it counts no more."""

    id: int
    code: str
    to_stay: int
    window: str
    payer: str
    start: date | None
    end: date | None
    most: Money | None
    used: Money
    ended: bool


@query(Permission.FOLIOS_READ)
def rules_of(session: Session, *, stay_id: int) -> list[RuleRow]:
    """Return a stay's rules, those in force first."""
    r, a = RoutingRule, Account
    rows = session.execute(
        select(r, a.stay_id, a.window, a.name)
        .join(a, a.id == r.account_id)
        .where(r.stay_id == stay_id)
        .order_by(r.ended_at.is_not(None), r.id)
    ).all()
    used = routing.used(session, [row[0].id for row in rows])
    return [
        RuleRow(
            rule.id,
            rule.code,
            to_stay or 0,
            window,
            name,
            rule.start,
            rule.end,
            rule.most,
            Money(used.get(rule.id, 0)),
            rule.ended_at is not None,
        )
        for rule, to_stay, window, name in rows
    ]


@operation(FOLIOS_TRANSFER)
def add_rule(
    work: Work,
    *,
    stay_id: int,
    code: str = routing.EVERY,
    to_stay_id: int,
    to_window: str = "A",
    payer: str = "",
    start: date | None = None,
    end: date | None = None,
    most: Money | None = None,
) -> int:
    """Let a kind of charge of a stay go to another folio from now on, and return the rule's number.

    ``code`` empty: every charge; ``payer``: a folio is opened for them (a company, say) in place of
    ``to_window``; ``start`` and ``end`` are the first and last day, ``most`` the sum that goes there at most.
    """
    own = ledger.folio(work, stay_id)
    _fits(work, code, start, end, most)
    if payer.strip():
        to_stay_id, to_window = stay_id, ledger.next_window(work, stay_id, payer.strip())
    target = ledger.folio(work, to_stay_id, to_window)
    if target == own:
        raise Refused(_("These charges stand on this folio already. Choose another one."))
    _alone(work, stay_id, code, start, end)
    rule = RoutingRule(
        stay_id=stay_id,
        code=code,
        account_id=target,
        start=start,
        end=end,
        most=most,
        made_at=work.now,
        made_by=work.clerk.id or None,
    )
    work.session.add(rule)
    work.session.flush()
    work.touch("folios")
    return rule.id


def _fits(work: Work, code: str, start: date | None, end: date | None, most: Money | None) -> None:
    kind = work.session.get(TransactionCode, code) if code else None
    if code and (kind is None or kind.kind != "charge" or code in ("TAX", "SERVICE", "ADJUST", "NOSHOW")):
        raise Refused(_("“%(code)s” is no charge that a rule could lead elsewhere.") % {"code": code})
    if start is not None and end is not None and end < start:
        raise Refused(_("The last day is before the first. Change one of them."))
    if end is not None and end < work.business_date:
        raise Refused(_("The last day is over. A rule counts from today on."))
    if most is not None and most <= 0:
        raise Refused(_("A limit is more than 0; leave it empty for none."))


def _alone(work: Work, stay_id: int, code: str, start: date | None, end: date | None) -> None:
    """Refuse a second rule for the same charge on the same days; the guest's own folio is held."""
    r = RoutingRule
    same = (r.stay_id == stay_id, r.code == code, r.ended_at.is_(None))
    later = () if end is None else (or_(r.start.is_(None), r.start <= end),)
    sooner = () if start is None else (or_(r.end.is_(None), r.end >= start),)
    other = work.session.scalars(select(r.id).where(*same, *later, *sooner)).first()
    if other is not None:
        raise Refused(
            _("Rule %(n)s leads this charge elsewhere on these days already. End it first.") % {"n": other}
        )


@operation(FOLIOS_TRANSFER)
def end_rule(work: Work, *, rule_id: int) -> None:
    """End a rule: what is charged from now on stays with the guest; what went by it stays where it is."""
    rule = work.hold(RoutingRule, rule_id)
    if rule.ended_at is not None:
        raise Conflict(_("This rule is ended already."))
    rule.ended_at, rule.ended_by = work.now, work.clerk.id or None
    work.touch("folios")
