"""Prove the books from the ground: every balance again from the ledger rows themselves, every closed day
against the day before."""

from collections.abc import Iterator

from sqlalchemy import Subquery, func, literal, select, union_all
from sqlalchemy.orm import Session

from pms.core.i18n import _
from pms.core.money import Money, show
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.types import summed
from pms.services.folios.models import LEDGERS, Account, LedgerDay, Transfer
from pms.services.folios.queries import LedgerRow
from pms.services.property.queries import setting
from pms.services.shop.models import ShopGood, ShopMove, ShopStock

from . import shares
from .checks import gaps


@query(Permission.AUDIT_RUN)
def standing(session: Session) -> list[LedgerRow]:
    """Return the trial balance as of now, the open day included, one line per ledger: all debits, all
    credits, what is left."""
    t, a = Transfer.__table__.c, Account.__table__.c
    moves = union_all(
        select(t.debit_id.label("id"), t.amount.label("debit"), literal(0).label("credit")),
        select(t.credit_id, literal(0), t.amount),
    ).subquery()
    rows = session.execute(
        select(a.ledger, summed(moves.c.debit), summed(moves.c.credit))
        .join(moves, moves.c.id == a.id)
        .group_by(a.ledger)
    ).all()
    found = {ledger: (int(debit), int(credit)) for ledger, debit, credit in rows}
    return [
        LedgerRow(name, Money(0), Money(d), Money(c), Money(d - c))
        for name in LEDGERS
        for d, c in [found.get(name, (0, 0))]
    ]


def faults(session: Session) -> Iterator[str]:
    """Yield a sentence for everything that does not prove; nothing when the books are sound."""
    yield from _accounts(session)
    yield from _days(session)
    yield from _ledgers(session)
    yield from _stock(session)
    yield from shares.wrong(session)
    for _name, letter, numbers, _page in gaps.missing(session, lately=None):
        if numbers:
            yield gaps.named(letter, numbers)


def _moved(session: Session) -> Subquery:
    """Return per account what all closed days moved."""
    t, today = Transfer.__table__.c, setting(session).business_date
    moves = union_all(
        select(t.debit_id.label("id"), t.amount.label("amount")).where(t.business_date < today),
        select(t.credit_id, -t.amount).where(t.business_date < today),
    ).subquery()
    return select(moves.c.id, summed(moves.c.amount).label("amount")).group_by(moves.c.id).subquery()


def _accounts(session: Session) -> Iterator[str]:
    a, moved, digits = Account.__table__.c, _moved(session), setting(session).digits
    rows = session.execute(
        select(a.id, a.name, a.balance, func.coalesce(moved.c.amount, 0))
        .outerjoin(moved, moved.c.id == a.id)
        .where(a.balance != func.coalesce(moved.c.amount, 0))
        .order_by(a.id)
    )
    for number, name, balance, amount in rows:
        yield _("Account %(number)s (%(name)s) carries %(balance)s, its postings make %(sum)s.") % {
            "number": number,
            "name": name,
            "balance": show(balance, digits),
            "sum": show(int(amount), digits),
        }


def _days(session: Session) -> Iterator[str]:
    d = LedgerDay
    before: dict[str, int] = {}
    for day, rows in _by_day(
        session,
        select(d.business_date, d.ledger, d.opening, d.debit, d.credit, d.closing).order_by(
            d.business_date, d.ledger
        ),
    ):
        for ledger, opening, debit, credit, closing in rows:
            if opening != before.get(ledger, 0) or opening + debit - credit != closing:
                yield _("The ledger “%(name)s” does not carry forward on %(day)s.") % {
                    "name": ledger,
                    "day": day,
                }
            before[ledger] = closing
        if sum(row[4] for row in rows):
            yield _("The trial balance of %(day)s does not close.") % {"day": day}


def _by_day(
    session: Session, question: object
) -> Iterator[tuple[object, list[tuple[str, int, int, int, int]]]]:
    found: dict[object, list[tuple[str, int, int, int, int]]] = {}
    for day, *row in session.execute(question):  # type: ignore[call-overload]
        found.setdefault(day, []).append(tuple(row))
    yield from found.items()


def _stock(session: Session) -> Iterator[str]:
    g, m, s = ShopGood, ShopMove, ShopStock
    moved = select(summed(m.quantity)).where(m.good_id == s.good_id).correlate(s).scalar_subquery()
    rows = session.execute(
        select(g.name, s.quantity, moved).join(g, g.id == s.good_id).where(s.quantity != moved)
    )
    for name, quantity, total in rows:
        yield _("The stock of %(good)s is carried as %(n)s, its moves make %(sum)s.") % {
            "good": name,
            "n": quantity,
            "sum": total,
        }


def _ledgers(session: Session) -> Iterator[str]:
    a, d, digits = Account.__table__.c, LedgerDay, setting(session).digits
    last = session.execute(select(func.max(d.business_date))).scalar()
    if last is None:
        return
    sums: dict[str, int] = dict(session.execute(select(a.ledger, summed(a.balance)).group_by(a.ledger)).all())
    for ledger, closing in session.execute(select(d.ledger, d.closing).where(d.business_date == last)):
        if int(sums.get(ledger, 0)) != closing:
            yield _("The ledger “%(name)s” closed at %(closing)s, its accounts make %(sum)s.") % {
                "name": ledger,
                "closing": show(closing, digits),
                "sum": show(int(sums.get(ledger, 0)), digits),
            }
