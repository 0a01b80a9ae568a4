"""Books that do not prove: a folio whose carried balance is not the sum of its postings, a settled one that
owes, a ledger that differs."""

from collections.abc import Iterator

from sqlalchemy import case, func, or_, select

from pms.core.i18n import N_, _
from pms.core.money import Money
from pms.db.types import summed
from pms.services.folios.models import Account, LedgerDay, Transfer

from . import Check, Finding, Remedy, Tonight, folio


def _find(tonight: Tonight) -> Iterator[Finding]:
    yield from _folios(tonight)
    yield from _ledgers(tonight)


def _folios(tonight: Tonight) -> Iterator[Finding]:
    """The folios of those in house and of those who left today; the ledgers' sums watch all others."""
    people = {s.stay_id: s for s in (*tonight.in_house, *tonight.left)}
    a, t = Account, Transfer
    moved = case((t.debit_id == a.id, t.amount), else_=-t.amount)
    before = case((t.business_date < tonight.business_date, moved), else_=0)
    rows = (
        tonight.session.execute(
            select(a.id, a.stay_id, a.balance, a.closed, summed(before), summed(moved))
            .outerjoin(t, or_(t.debit_id == a.id, t.credit_id == a.id))
            .where(a.stay_id.in_(people))
            .group_by(a.id, a.stay_id, a.balance, a.closed)
            .order_by(a.id)
        ).all()
        if people
        else []
    )
    for account, owner, carried, closed, closing, standing in rows:
        stay = people[owner or 0].stay_id
        if carried != closing:
            yield Finding(
                f"account{account}",
                _("%(room)s: the folio is out of balance") % {"room": people[stay].room},
                _("it carries %(carried)s, its lines make %(sum)s")
                % {"carried": tonight.show(carried), "sum": tonight.show(int(closing))},
                Money(abs(carried - int(closing))),
                folio(stay),
                stay,
                about=people[stay].room,
            )
        if closed and standing:
            yield Finding(
                f"settled{account}",
                _("%(room)s is settled and does not stand at 0") % {"room": people[stay].room},
                people[stay].listed,
                Money(abs(int(standing))),
                folio(stay),
                stay,
                about=people[stay].room,
            )


def _ledgers(tonight: Tonight) -> Iterator[Finding]:
    a, d = Account, LedgerDay
    last = tonight.session.scalar(select(func.max(d.business_date)))
    sums = {
        name: int(amount)
        for name, amount in tonight.session.execute(
            select(a.ledger, summed(a.balance)).where(a.balance != 0).group_by(a.ledger)
        )
    }
    closed = {
        name: int(closing)
        for name, closing in tonight.session.execute(
            select(d.ledger, d.closing).where(d.business_date == last)
        )
    }
    for name in sorted(sums.keys() | closed.keys()):
        if sums.get(name, 0) != closed.get(name, 0):
            yield Finding(
                f"ledger-{name}",
                _("The ledger “%(name)s” is out of balance") % {"name": name},
                _("it closed at %(closing)s, its accounts make %(sum)s")
                % {"closing": tonight.show(closed.get(name, 0)), "sum": tonight.show(sums.get(name, 0))},
                Money(abs(sums.get(name, 0) - closed.get(name, 0))),
                Remedy(_("Open the trial balance"), "reports", {"report": "trial_balance"}),
            )


CHECK = Check(
    "balance",
    N_("Out of balance"),
    N_(
        "The books were touched outside the program. Keep the database as it is and call for help; "
        "the day does not close with it."
    ),
    "alert",
    _find,
    blocking=True,
    register="money",
)
