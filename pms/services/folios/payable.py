"""What of a stay's charges the guest has paid: what an invoice may be written about."""

from collections.abc import Collection

from sqlalchemy import case, or_, select
from sqlalchemy.orm import Session, aliased

from pms.core.money import Money
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.types import summed

from .models import Account, Transfer

CHARGES, PAYMENTS = ("revenue", "tax"), ("payment", "deposit")
"""The ledgers on the other side of what was charged, and of what was paid: money, and a deposit once it is
used. What was left unsettled, or came from a channel, is paid by nobody at the desk."""


@query(Permission.FOLIOS_READ)
def payables(session: Session, *, stay_ids: Collection[int]) -> dict[int, Money]:
    """Return how much of each stay is both charged and paid, never below nothing."""
    own, other, t = aliased(Account, name="own"), aliased(Account, name="other"), Transfer
    rows = session.execute(
        select(own.stay_id, other.ledger, summed(case((t.debit_id == own.id, t.amount), else_=-t.amount)))
        .select_from(own)
        .join(t, or_(t.debit_id == own.id, t.credit_id == own.id))
        .join(other, other.id == case((t.debit_id == own.id, t.credit_id), else_=t.debit_id))
        .where(own.stay_id.in_(stay_ids), own.ledger == "guest")
        .group_by(own.stay_id, other.ledger)
    )
    sums = dict[int, dict[str, int]]()
    for stay_id, ledger, amount in rows:
        sums.setdefault(stay_id or 0, {})[ledger] = int(amount)
    return {stay_id: _of(sums.get(stay_id, {})) for stay_id in stay_ids}


def _of(by_ledger: dict[str, int]) -> Money:
    charged = sum(by_ledger.get(ledger, 0) for ledger in CHARGES)
    paid = -sum(by_ledger.get(ledger, 0) for ledger in PAYMENTS)
    return Money(max(min(charged, paid), 0))


@query(Permission.FOLIOS_READ)
def payable(session: Session, *, stay_id: int) -> Money:
    """Return how much of one stay is both charged and paid."""
    return payables(session, stay_ids=[stay_id])[stay_id]
