"""What must be true of a hotel's money whatever was done, counted again from the rows themselves; and that no
row which is only added to has changed since it was last looked at."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import case, func, or_, select, text
from sqlalchemy.orm import Session, aliased

from pms import duties
from pms.db import schema
from pms.services.companies.models import Company
from pms.services.debts.models import CompanyAllocation, CompanyBill
from pms.services.folios import ledger, tax
from pms.services.folios.models import Account, PaymentReference, Preauth, PreauthMove, Transfer
from pms.services.invoices.models import Invoice, InvoicedStay, RedLetter
from pms.services.members.models import MemberPoints, MemberPointsRow, MemberPurse, MemberPurseRow
from pms.services.night_audit import proof
from pms.services.property.queries import setting
from pms.services.shifts.models import Shift
from pms.services.stays.models import Stay

ADDED_TO = ("transfer", *(table for duty in duties.DUTIES for table in duty.append_only))


def unsound(session: Session) -> Iterator[str]:
    """Yield a sentence for everything that is not so."""
    yield from proof.faults(session)
    at = _standing(session)
    if sum(at.values()):
        yield "debits and credits differ"
    for check in (_keys, _shifts, _preauths, _invoices, _taxes):
        yield from check(session)
    yield from _members(session, at)
    yield from _companies(session, at)


def _standing(session: Session) -> dict[int, int]:
    t, found = Transfer, Counter[int]()
    for side, sign in ((t.debit_id, 1), (t.credit_id, -1)):
        for account, amount in session.execute(select(side, func.sum(t.amount)).group_by(side)):
            found[account] += sign * int(amount)
    return found


def _code(session: Session, code: str) -> int:
    return session.scalar(select(Account.id).where(Account.code == code)) or 0


def _keys(session: Session) -> Iterator[str]:
    """No key posts twice, no number of a payment is here twice, nothing is reversed twice."""
    t, r = Transfer, PaymentReference
    for what, columns in (("key", (t.key,)), ("reversal", (t.reverses,)), ("number", (r.kind, r.number))):
        twice = select(*columns).where(columns[0].is_not(None)).group_by(*columns).having(func.count() > 1)
        for row in session.execute(twice):
            yield f"{what} {tuple(row)} is there twice"


def _shifts(session: Session) -> Iterator[str]:
    """What a closed shift's cash came to is what was counted, less or more what was over or short."""
    t, s = Transfer, Shift
    for shift in session.scalars(select(s).where(s.state == "closed")):
        counted, expected = shift.counted or 0, shift.expected or 0
        if counted - expected != shift.over_short:
            yield f"shift {shift.number}: {counted} counted, {expected} expected, over {shift.over_short}"
        drawer = case((t.debit_id == shift.account_id, t.amount), else_=-t.amount)
        until = select(func.sum(drawer)).where(
            or_(t.debit_id == shift.account_id, t.credit_id == shift.account_id), t.at <= shift.closed_at
        )
        if (session.scalar(until) or 0) != shift.left:
            yield f"shift {shift.number}: the drawer has {session.scalar(until)}, {shift.left} was left"


def _preauths(session: Session) -> Iterator[str]:
    """What is held is the sum of its steps, captured once at most, and the payment is what was captured."""
    t, undone = Transfer, aliased(Transfer)
    paid: dict[str, list[int]] = {}
    standing = ~select(undone.id).where(undone.reverses == t.id).exists()
    for slip, amount in session.execute(
        select(t.slip, t.amount).where(t.slip.startswith("PA-"), t.reverses.is_(None), standing)
    ):
        paid.setdefault(slip, []).append(amount)
    for one in session.scalars(select(Preauth)):
        if one.held != one.captured + one.released + one.open:
            yield f"pre-authorisation {one.number} does not add up"
        moved = paid.get(f"PA-{one.number}", [])
        if sum(moved) != one.captured:
            yield f"pre-authorisation {one.number} captured {one.captured}, paid {moved}"
        last = select(PreauthMove).where(PreauthMove.preauth_id == one.id).order_by(PreauthMove.step.desc())
        move = session.scalars(last).first()
        if move is None or (move.held, move.captured, move.released) != (
            one.held,
            one.captured,
            one.released,
        ):
            yield f"pre-authorisation {one.number} is not what its last step left"


def _invoices(session: Session) -> Iterator[str]:
    """What is invoiced of a stay is the sum of its invoices less their red letters, none too large."""
    i, s, r = Invoice, InvoicedStay, RedLetter
    sums = dict(
        session.execute(
            select(i.stay_id, func.sum(i.amount - i.red)).where(i.state != "dropped").group_by(i.stay_id)
        ).all()
    )
    kept = {row.stay_id: row for row in session.scalars(select(s))}
    for stay in sums.keys() | kept.keys():
        invoiced = kept[stay].invoiced if stay in kept else 0
        if int(sums.get(stay, 0)) != invoiced or (stay in kept and invoiced > kept[stay].payable):
            yield f"stay {stay}: {sums.get(stay)} of invoices, {invoiced} is kept"
    letters = dict(session.execute(select(r.invoice_id, func.sum(r.amount)).group_by(r.invoice_id)).all())
    for one in session.scalars(select(i)):
        if int(letters.get(one.id, 0)) != one.red:
            yield f"invoice {one.number}: red letters {letters.get(one.id)}, kept {one.red}"
    serials = Counter([*session.scalars(select(i.serial).where(i.serial.is_not(None)))])
    serials.update(session.scalars(select(r.serial)))
    yield from (f"invoice number {serial} is there {n} times" for serial, n in serials.items() if n > 1)


def _members(session: Session, at: dict[int, int]) -> Iterator[str]:
    """What the books owe members is the sum of what members have, and that the sum of its moves."""
    p, r = MemberPurse, MemberPurseRow
    for code, mine, moves in (("STORED", p.paid, r.paid), ("STOREDGIFT", p.gift, r.gift)):
        has, moved = session.scalar(select(func.sum(mine))) or 0, session.scalar(select(func.sum(moves))) or 0
        owed = -at.get(_code(session, code), 0)
        if not int(has) == int(moved) == owed:
            yield f"{code}: members have {has}, their moves make {moved}, the books owe {owed}"
    q, row = MemberPoints, MemberPointsRow
    sums = dict(session.execute(select(row.member_id, func.sum(row.points)).group_by(row.member_id)).all())
    for one in session.scalars(select(q)):
        if int(sums.get(one.member_id, 0)) != one.points or one.points < 0:
            yield f"member {one.member_id} has {one.points} points, the moves make {sums.get(one.member_id)}"
    value = {"spent": 1, "back": -1}
    asked = select(row.kind, func.sum(row.amount)).where(row.kind.in_(value)).group_by(row.kind)
    worth = sum(value[kind] * int(amount) for kind, amount in session.execute(asked))
    if worth != at.get(_code(session, "POINTS"), 0):
        yield f"points worth {worth} were spent, the books say {at.get(_code(session, 'POINTS'), 0)}"


def _companies(session: Session, at: dict[int, int]) -> Iterator[str]:
    """What a company owes in the books is what its bills have open, and that what receipts left of them."""
    b, c = CompanyBill, CompanyAllocation
    came = dict(session.execute(select(c.bill_id, func.sum(c.amount)).group_by(c.bill_id)).all())
    owed = Counter[int]()
    for bill in session.scalars(select(b)):
        owed[bill.company_id] += bill.left
        left = 0 if bill.voided_on is not None else bill.amount - int(came.get(bill.id, 0))
        if bill.left != left:
            yield f"bill {bill.number} has {bill.left} open, its receipts leave {left}"
    for company in session.scalars(select(Company)):
        there = at.get(_code(session, f"{ledger.OF_COMPANY}{company.number}"), 0)
        if there != owed[company.id]:
            yield f"company {company.number}: {owed[company.id]} on open bills, {there} in the books"
    unsettled = select(Account.id).where(Account.ledger == "city", Account.stay_id.is_not(None))
    for account in session.scalars(unsettled):
        stay = session.scalar(
            select(Stay.state).join(Account, Account.stay_id == Stay.id).where(Account.id == account)
        )
        if stay == "in_house" and at.get(account, 0):
            yield f"account {account} of a guest in house owes {at[account]} as left unsettled"


def _taxes(session: Session) -> Iterator[str]:
    """The tax that stands of each charge is that of its sum; whole, moved or split, nothing of it is lost."""
    t, a, undone = Transfer, Account, aliased(Transfer)
    options = setting(session).options
    if not options.tax_basis_points:
        return
    standing = ~select(undone.id).where(undone.reverses == t.id).exists()
    asked = select(t.id, t.code, t.amount, a.ledger).join(a, a.id == t.credit_id)
    charges = session.execute(asked.where(t.reverses.is_(None), standing, a.ledger == "revenue")).all()
    bears = select(t.slip, func.sum(t.amount)).where(t.code == "TAX", t.slip.startswith("X"), standing)
    own = {slip: int(n) for slip, n in session.execute(bears.where(t.reverses.is_(None)).group_by(t.slip))}
    whole = dict[int, tuple[int, int]]()
    for number, code, amount, _ledger in charges:
        if code in ("SERVICE", "TAX", "ADJUST"):
            continue
        due = sum(part.amount for part in tax.of(options, code, amount) if part.code == "TAX")
        whole[number] = (amount, due)
        if own.get(f"X{number}", 0) != due:
            yield f"charge {number} ({code}, {amount}) bears {own.get(f'X{number}', 0)} of tax, {due} is due"
    given, back = Counter[int](), Counter[int]()
    moved = select(t.id, t.slip, t.amount, t.code).where(
        t.code.in_(("ADJUST", "TRANSFER")), t.reverses.is_(None), standing
    )
    lines = {row.id: row for row in session.execute(moved)}
    for row in lines.values():
        if row.code == "ADJUST" and row.slip.startswith("A"):
            first = int(row.slip[1:])
            while first in lines:
                first = int(lines[first].slip[1:])
            given[first] += row.amount
            back[first] += own.get(f"X{row.id}", 0)
    for number, amount in given.items():
        charged, due = whole.get(number, (amount, back[number]))
        part = tax.portion(due, charged, amount)
        if abs(back[number] - part) > (amount != charged):
            yield f"of charge {number} {amount} went back with {back[number]} of tax, {part} is its part"


class Unchanged:
    """Holds that rows which are only added to stay: each table's digest up to the last row seen."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[int, str]] = {}

    def faults(self, session: Session) -> Iterator[str]:
        """Yield the tables of which a row changed or is gone."""
        tables = schema.metadata().tables
        for name in ADDED_TO:
            if "id" not in tables[name].columns:
                continue
            last, before = self._seen.get(name, (0, ""))
            if before and _digest(session, name, last) != before:
                yield f"a row of {name} has changed"
            newest = session.scalar(text(f"SELECT max(id) FROM {name}")) or 0
            self._seen[name] = (newest, _digest(session, name, newest))


def _digest(session: Session, name: str, until: int) -> str:
    rows: Any = session.execute(
        text(f"SELECT * FROM {name} WHERE id <= :until ORDER BY id"), {"until": until}
    )
    found = hashlib.sha256()
    for row in rows:
        found.update(repr(tuple(row)).encode())
    return found.hexdigest()
