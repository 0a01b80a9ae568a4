"""What of a stay's charges the guest has paid: what an invoice may be written about."""

from collections import Counter
from collections.abc import Collection, Mapping

from sqlalchemy import case, literal_column, or_, select
from sqlalchemy.orm import Session, aliased

from pms.core.money import Money
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.types import summed

from .models import Account, Transfer

CHARGES, PAYMENTS = ("revenue", "tax"), ("payment", "deposit")
"""The ledgers on the other side of what was charged, and of what was paid: money, and a deposit once it is
used. What was left unsettled, or came from a channel, is paid by nobody at the desk."""
_OF_CHANNEL = {"CHANNEL": "channel", **dict.fromkeys(("ROOM", "HALF", "FULL"), "room")}
"""What a channel has credited, and what uses it up: no charge of the guest's."""


@query(Permission.FOLIOS_READ)
def payables(session: Session, *, stay_ids: Collection[int]) -> dict[int, Money]:
    """Return how much of each stay is both charged and paid, never below nothing."""
    own, other, t = aliased(Account, name="own"), aliased(Account, name="other"), Transfer
    rows = session.execute(
        select(
            own.stay_id,
            other.ledger,
            case((t.code.in_(tuple(_OF_CHANNEL)), t.code), else_="").label("code"),
            summed(case((t.debit_id == own.id, t.amount), else_=-t.amount)),
        )
        .select_from(own)
        .join(t, or_(t.debit_id == own.id, t.credit_id == own.id))
        .join(other, other.id == case((t.debit_id == own.id, t.credit_id), else_=t.debit_id))
        .where(own.stay_id.in_(stay_ids), own.ledger == "guest")
        .group_by(own.stay_id, other.ledger, literal_column("3"))
    )
    sums = dict[int, Counter[str]]()
    for stay_id, ledger, code, amount in rows:
        known = sums.setdefault(stay_id or 0, Counter())
        known[ledger] += int(amount)
        known[_OF_CHANNEL.get(code, "")] += int(amount)
    return {stay_id: _of(sums.get(stay_id, Counter())) for stay_id in stay_ids}


def _of(by_ledger: Mapping[str, int]) -> Money:
    theirs = min(-by_ledger.get("channel", 0), by_ledger.get("room", 0))
    charged = sum(by_ledger.get(ledger, 0) for ledger in CHARGES) - max(theirs, 0)
    paid = -sum(by_ledger.get(ledger, 0) for ledger in PAYMENTS)
    return Money(max(min(charged, paid), 0))


@query(Permission.FOLIOS_READ)
def payable(session: Session, *, stay_id: int) -> Money:
    """Return how much of one stay is both charged and paid."""
    return payables(session, stay_ids=[stay_id])[stay_id]
