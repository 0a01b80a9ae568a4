"""Transaction numbers beside the ledger: what came by each, what went back on it, never more than came."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from pms.core import dates, offers
from pms.core.errors import Conflict, Refused
from pms.core.i18n import _
from pms.core.money import Money, show
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.base import table_of
from pms.db.types import summed
from pms.db.work import Work

from . import kinds
from .models import FIRST, Account, PaymentReference, PaymentShare, Transfer, on_slips

_R, _S = table_of(PaymentReference), table_of(PaymentShare)
_KNOWN = select(_R.c.id, _R.c.back, _R.c.business_date).where(
    _R.c.kind == bindparam("kind"), _R.c.number == bindparam("number")
)
_STANDING = select(summed(_S.c.amount)).where(_S.c.reference_id == bindparam("reference"))
_STAY_OF = (
    select(Transfer.stay_id)
    .join(_S, _S.c.transfer_id == Transfer.id)
    .where(_S.c.reference_id == bindparam("reference"), Transfer.stay_id.is_not(None))
    .order_by(Transfer.id.desc())
    .limit(1)
)
_OF_POSTING = select(_S.c.reference_id, _S.c.amount).where(_S.c.transfer_id == bindparam("transfer"))


def came(work: Work, transfer: int, method: str, amount: int, number: str) -> None:
    """Keep the number under which a posting's money came; refuses one that was posted already, unless all of
    that was taken back. One act may pay several folios with one number."""
    if not number:
        return
    here: dict[tuple[str, str], int] = work.session.info.setdefault("payment_numbers", {})
    reference = here.get((method, number))
    if reference is None:
        reference = here[method, number] = _free(work, method, number)
    work.insert_one(PaymentShare, reference_id=reference, transfer_id=transfer, amount=Money(amount))


def _free(work: Work, method: str, number: str) -> int:
    found = work.session.execute(_KNOWN, {"kind": method, "number": number}).first()
    if found is None:
        return _keep(work, method, number, back=False)
    work.hold_number(PaymentReference.__tablename__, found.id)
    if found.back or standing(work, found.id):
        raise Conflict(
            _("%(kind)s %(number)s was posted already: %(where)s. The same number is never posted twice.")
            % {"kind": kinds.words(work, method), "number": number, "where": _where(work, found)}
        )
    return int(found.id)


def _where(work: Work, found: Any) -> str:
    """Name the guest on whose folio a number stands, and the day."""
    stay = work.session.execute(_STAY_OF, {"reference": found.id}).scalar()
    who = work.ask_up(offers.stay_name, stay_id=stay) if stay is not None else None
    day = dates.day(found.business_date, year=True)
    return _(", ").join(filter(None, (f"{who.room} {who.guest}" if who else "", day)))


def _keep(work: Work, method: str, number: str, *, back: bool) -> int:
    return work.insert_one(
        PaymentReference,
        kind=method,
        number=number,
        back=back,
        business_date=work.business_date,
        at=work.now,
        clerk_id=work.clerk.id or None,
        station=work.station,
    )


def standing(work: Work, reference: int) -> Money:
    """Return what came by a number less what went back on it."""
    return Money(work.session.execute(_STANDING, {"reference": reference}).scalar_one())


def went_back(
    work: Work,
    transfer: int,
    method: str,
    amount: int,
    number: str,
    whose: Callable[[type[Account]], ColumnElement[bool]] | None = None,
    slip: str = "",
) -> None:
    """Note on which of the payer's numbers money went back, the one that was typed first, then the oldest:
    never more than came by each. What was typed and is no number of a payment is the refund's own."""
    if method == "CASH":
        return
    left, own = amount, number
    payments = _payments_of(work, method, whose, slip)
    for reference, _number in payments:
        work.hold_number(PaymentReference.__tablename__, reference)
    found = [(r, known, standing(work, r)) for r, known in payments]
    if any(known == number for _r, known, _left in found):
        found.sort(key=lambda one: one[1] != number)
        _fits(work, found[0][2], amount, number)
        own = ""
    for reference, _known, there in found:
        part = min(left, max(int(there), 0))
        if part:
            work.insert_one(PaymentShare, reference_id=reference, transfer_id=transfer, amount=Money(-part))
            left -= part
    if own:
        _own_number(work, transfer, method, amount, own)


def _fits(work: Work, there: int, amount: int, number: str) -> None:
    """Refuse more on a number that was typed than came by it and is left."""
    if amount > there:
        digits = work.setting.digits
        raise Refused(
            _("Of %(number)s %(left)s is left to give back.")
            % {"number": number, "left": show(there, digits)}
        )


def _own_number(work: Work, transfer: int, method: str, amount: int, number: str) -> None:
    here: dict[tuple[str, str], int] = work.session.info.setdefault("payment_numbers", {})
    reference = here.get((method, number))
    if reference is None:
        found = work.session.execute(_KNOWN, {"kind": method, "number": number}).first()
        if found is not None:
            raise Conflict(
                _("%(number)s is the number of another payment. Type that of this one, or of the refund.")
                % {"number": number}
            )
        reference = here[method, number] = _keep(work, method, number, back=True)
    work.insert_one(PaymentShare, reference_id=reference, transfer_id=transfer, amount=Money(-amount))


def _payments_of(
    work: Work, method: str, whose: Callable[[type[Account]], ColumnElement[bool]] | None, slip: str
) -> list[tuple[int, str]]:
    """Return the numbers by which a payer's money came, or that of a slip's sale, oldest first."""
    t = Transfer
    asked = (
        select(_R.c.id, _R.c.number)
        .join(_S, _S.c.reference_id == _R.c.id)
        .join(t, t.id == _S.c.transfer_id)
        .where(_R.c.kind == method, _R.c.back.is_(False))
        .group_by(_R.c.id, _R.c.number)
        .order_by(_R.c.id)
    )
    if whose is not None:
        mine = or_(Account.id == t.debit_id, Account.id == t.credit_id)
        asked = asked.join(Account, mine).where(whose(Account))
    else:
        asked = asked.where(on_slips([slip]))
    rows = work.session.execute(asked)
    return [(int(reference), str(number)) for reference, number in rows]


def taken_back(work: Work, line: int, reversal: int) -> None:
    """Note that a posting was reversed: what it moved on its numbers stands no more."""
    for reference, amount in work.session.execute(_OF_POSTING, {"transfer": line}).all():
        if amount > 0:
            _has_not_gone_back(work, reference, int(amount))
        work.insert_one(PaymentShare, reference_id=reference, transfer_id=reversal, amount=Money(-amount))


def _has_not_gone_back(work: Work, reference: int, amount: int) -> None:
    """Refuse to take a payment back of which money went back on its number already."""
    work.hold_number(PaymentReference.__tablename__, reference)
    gone = amount - standing(work, reference)
    if gone > 0:
        number = work.session.execute(select(_R.c.number).where(_R.c.id == reference)).scalar_one()
        raise Refused(
            _("Of %(number)s %(sum)s went back already. Take that refund back first.")
            % {"number": number, "sum": show(gone, work.setting.digits)}
        )


# ------------------------------------------------------------------ what pages and papers ask
@dataclass(frozen=True)
class Moved:
    """Money that came by a kind of payment, above 0, or went back, below: under which number, and on which
    payment's (``of``) it went back; ``transfer_id`` is its first posting."""

    transfer_id: int
    kind: str
    number: str
    of: str
    amount: Money
    at: datetime
    business_date: date
    stay_id: int | None
    shift_id: int | None
    clerk_id: int | None


@query(Permission.FOLIOS_READ)
def moved(session: Session, *, methods: list[str], start: datetime, end: datetime) -> list[Moved]:
    """Return what moved by these kinds from ``start`` to before ``end``, the oldest first; what was reversed
    is left out with its reversal. One number that paid several folios is one line."""
    return _lines(session.execute(_moved_between(), _span(methods, start, end)), methods)


@query(Permission.FOLIOS_READ)
def moved_in(session: Session, *, methods: list[str], shift_id: int) -> list[Moved]:
    """Return the same of one shift."""
    return _lines(session.execute(_moved_in(), {"methods": methods, "shift": shift_id}), methods)


def _lines(rows: Iterable[Row[Any]], methods: list[str]) -> list[Moved]:
    found: dict[object, Moved] = {}
    for row in rows:
        amount = int(row.amount) if row.into in methods else -int(row.amount)
        number = str(row.number or "")
        key = (row.reference, row.into) if number and not row.back and amount > 0 else row.id
        known = found.get(key)
        if known is None:
            kind = row.into if row.into in methods else row.out
            of, own = (number, "") if amount < 0 and not row.back else ("", number)
            found[key] = Moved(
                row.id,
                kind,
                own,
                of,
                Money(amount),
                row.at,
                row.business_date,
                row.stay_id,
                row.shift_id,
                row.clerk_id,
            )
        elif amount > 0:
            found[key] = replace(known, amount=Money(known.amount + amount))
        else:  # a second number of one posting: the refund's own, or another payment on which it went back
            found[key] = replace(
                known,
                number=known.number or (number if row.back else ""),
                of=known.of or ("" if row.back else number),
            )
    return list(found.values())


def _span(methods: list[str], start: datetime, end: datetime) -> dict[str, Any]:
    """Return the question's values; its days are wide enough for any house's day, for the index by day."""
    days = timedelta(days=3)
    return {
        "methods": methods,
        "start": start,
        "end": end,
        "first": start.date() - days,
        "last": end.date() + days,
    }


@cache
def _moved_between() -> Select[*tuple[Any, ...]]:
    t = table_of(Transfer)
    return _moved().where(
        t.c.at >= bindparam("start"),
        t.c.at < bindparam("end"),
        t.c.business_date.between(bindparam("first"), bindparam("last")),
    )


@cache
def _moved_in() -> Select[*tuple[Any, ...]]:
    t = table_of(Transfer)
    # that there is one is written out, for the index of those that have
    return _moved().where(t.c.shift_id == bindparam("shift"), t.c.shift_id.is_not(None))


def _moved() -> Select[*tuple[Any, ...]]:
    t, undone = table_of(Transfer), table_of(Transfer).alias("undone")
    into, out = table_of(Account).alias("into"), table_of(Account).alias("outof")
    methods: Any = bindparam("methods", expanding=True)
    return (
        select(
            t.c.id,
            t.c.at,
            t.c.amount,
            t.c.business_date,
            t.c.stay_id,
            t.c.shift_id,
            t.c.clerk_id,
            into.c.code.label("into"),
            out.c.code.label("out"),
            _R.c.id.label("reference"),
            _R.c.number,
            _R.c.back,
        )
        .join(into, into.c.id == t.c.debit_id)
        .join(out, out.c.id == t.c.credit_id)
        .outerjoin(_S, _S.c.transfer_id == t.c.id)
        .outerjoin(_R, _R.c.id == _S.c.reference_id)
        .where(
            or_(into.c.code.in_(methods), out.c.code.in_(methods)),
            FIRST,
            ~exists().where(undone.c.reverses == t.c.id),
        )
        .order_by(t.c.id, _R.c.back.desc(), _R.c.id)
    )


@query(Permission.FOLIOS_READ)
def of_postings(session: Session, *, transfers: list[int]) -> dict[int, str]:
    """Return the numbers of postings, several parted by a comma, by the posting."""
    found: dict[int, str] = {}
    rows = session.execute(
        select(_S.c.transfer_id, _R.c.number)
        .join(_R, _R.c.id == _S.c.reference_id)
        .where(_S.c.transfer_id.in_(transfers))
        .order_by(_R.c.id)
    )
    for transfer, number in rows:
        found[transfer] = ", ".join(filter(None, (found.get(transfer, ""), number)))
    return found
