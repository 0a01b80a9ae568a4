"""Money that does not add up beside the folios: a reversal that is not its line, more taken of a line than it
had, a payment and its number, what a card held and what was taken of it, a drawer and its count, a charge and
its tax."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import and_, case, exists, func, literal_column, or_, select
from sqlalchemy.orm import aliased

from pms.core.i18n import N_, _
from pms.core.money import Money
from pms.core.payments import NEEDED
from pms.db.types import summed
from pms.services.folios import corrections, kinds, tax
from pms.services.folios.models import (
    FIRST,
    Account,
    PaymentAttempt,
    PaymentKind,
    PaymentReference,
    PaymentShare,
    Preauth,
    PreauthMove,
    Transfer,
    on_slips,
)
from pms.services.folios.printouts import code_name
from pms.services.shifts.models import Shift

from . import Check, Finding, Remedy, Tonight, folio

LATEST = 60
"""So many shifts are more than two days have."""
DAY = timedelta(days=1)
"""The night's own postings come after the audit has looked: they are looked at the night after."""


def _find(tonight: Tonight) -> Iterator[Finding]:
    for look in (_reversals, _gone, _numbers, _attempts, _preauths, _deposits, _drawers, _taxes):
        yield from look(tonight)


def _wrong(
    tonight: Tonight, key: str, title: str, there: int, due: int, stay_id: int | None = None
) -> Finding:
    """Return the finding that something stands at a sum and should at another."""
    sums = {"there": tonight.show(there), "due": tonight.show(due)}
    remedy = folio(stay_id) if stay_id is not None else _books()
    detail = _("it says %(there)s, the books make %(due)s") % sums
    return Finding(key, title, detail, Money(abs(there - due)), remedy, stay_id)


def _books() -> Remedy:
    return Remedy(_("Open the trial balance"), "reports", {"report": "trial_balance"})


def _since(tonight: Tonight) -> date:
    return tonight.business_date - DAY


def _reversals(tonight: Tonight) -> Iterator[Finding]:
    """What was taken back lately went back whole, and between the same two accounts."""
    t, line = Transfer, aliased(Transfer)
    same = and_(t.amount == line.amount, t.debit_id == line.credit_id, t.credit_id == line.debit_id)
    rows = tonight.session.execute(
        select(t.id, t.code, t.amount, line.amount, t.stay_id)
        .join(line, line.id == t.reverses)
        .where(t.business_date >= _since(tonight), ~same)
    )
    for number, code, amount, due, stay_id in rows:
        title = _("A reversal of %(item)s is not the line that it takes back") % {"item": code_name(code)}
        yield _wrong(tonight, f"reversal{number}", title, amount, due, stay_id)


def _gone(tonight: Tonight) -> Iterator[Finding]:
    """Of no line more was moved and given back than it had."""
    t, marks = Transfer, tuple(corrections.MARKS.values())
    slips = select(t.slip).where(t.business_date >= _since(tonight), t.code.in_(corrections.MARKS), FIRST)
    lines = {int(s[1:]) for s in tonight.session.scalars(slips) if s[:1] in marks and s[1:].isdecimal()}
    if not lines:
        return
    gone = Counter[int]()
    for code in corrections.MARKS:
        for row in corrections.standing(tonight.session, code, sorted(lines)):
            gone[int(row.slip[1:])] += row.amount
    asked = select(t.id, t.code, t.amount, t.stay_id).where(t.id.in_(lines))
    for number, code, amount, stay_id in tonight.session.execute(asked):
        if gone[number] > amount:
            title = _("More went of a line (%(item)s) than it had") % {"item": code_name(code)}
            yield _wrong(tonight, f"gone{number}", title, gone[number], amount, stay_id)


def _numbers(tonight: Tonight) -> Iterator[Finding]:
    """A payment of a kind that bears a number bears it with its whole sum; none gave back more than came."""
    t, s, k, a, r = Transfer, PaymentShare, PaymentKind, Account, PaymentReference
    lately = t.business_date >= _since(tonight)
    share = func.coalesce(select(summed(s.amount)).where(s.transfer_id == t.id).scalar_subquery(), 0)
    rows = tonight.session.execute(
        select(t.id, k.code, t.amount, share, t.stay_id)
        .join(a, a.id == t.debit_id)
        .join(k, k.code == a.code)
        .where(lately, FIRST, k.number == NEEDED, share != t.amount)
    )
    for number, kind, amount, shared, stay_id in rows:
        title = _("A payment by %(kind)s and its number differ") % {"kind": _(kinds.NAMES[kind])}
        yield _wrong(tonight, f"share{number}", title, int(shared), amount, stay_id)
    touched = select(s.reference_id).join(t, t.id == s.transfer_id).where(lately, s.amount < 0)
    total = summed(s.amount)
    over = (
        select(r.number, total)
        .join(s, s.reference_id == r.id)
        .where(r.id.in_(touched), r.back.is_(False))
        .group_by(r.id, r.number)
        .having(total < 0)
    )
    for paid, rest in tonight.session.execute(over):
        title = _("More went back on %(number)s than came by it") % {"number": paid}
        yield _wrong(tonight, f"back{paid}", title, -int(rest), 0)


def _attempts(tonight: Tonight) -> Iterator[Finding]:
    """A payment in question that arrived was posted with its sum."""
    p, t = PaymentAttempt, Transfer
    rows = tonight.session.execute(
        select(p.number, p.amount, t.amount, p.stay_id)
        .join(t, t.id == p.transfer_id)
        .where(p.settled_on >= _since(tonight), t.amount != p.amount)
    )
    for number, amount, posted, stay_id in rows:
        title = _("Payment in question %(n)s was posted with another sum") % {"n": number}
        yield _wrong(tonight, f"attempt{number}", title, amount, posted, stay_id)


def _preauths(tonight: Tonight) -> Iterator[Finding]:
    """What was taken of a pre-authorisation is one payment of this sum, and what its last step left."""
    p, m, t, undone = Preauth, PreauthMove, Transfer, aliased(Transfer)
    lately = or_(p.open > 0, p.ended_on >= _since(tonight))
    latest = aliased(PreauthMove)
    last = select(func.max(latest.step)).where(latest.preauth_id == p.id).scalar_subquery()
    asked = select(p.number, p.captured, p.stay_id, m.captured).outerjoin(
        m, and_(m.preauth_id == p.id, m.step == last)
    )
    rows = tonight.session.execute(asked.where(lately)).all()
    slips = {f"PA-{number}": number for number, *_rest in rows}
    paid = Counter[int]()
    standing = ~exists().where(undone.reverses == t.id)
    for slip, amount in tonight.session.execute(
        select(t.slip, t.amount).where(on_slips(slips), FIRST, standing)
    ):
        paid[slips[slip]] += amount
    for number, captured, stay_id, stepped in rows:
        due = paid[number] if paid[number] != captured else stepped or 0
        if due != captured:
            title = _("Of pre-authorisation %(n)s another sum was taken than it says") % {"n": f"PA-{number}"}
            yield _wrong(tonight, f"preauth{number}", title, captured, due, stay_id)


def _deposits(tonight: Tonight) -> Iterator[Finding]:
    """No guest's deposit or advance gave back more than is held."""
    a, t = Account, Transfer
    today = t.business_date >= tonight.business_date
    moved = [
        select(side.label("id"), (t.amount * sign).label("amount")).where(today)
        for side, sign in ((t.debit_id, 1), (t.credit_id, -1))
    ]
    moves = moved[0].union_all(moved[1]).subquery()
    total = a.balance + func.sum(moves.c.amount)
    rows = tonight.session.execute(
        select(a.id, a.stay_id, total)
        .join(moves, moves.c.id == a.id)
        .where(a.ledger.in_(("deposit", "advance")))
        .group_by(a.id, a.stay_id, a.balance)
        .having(total > 0)
    )
    for number, stay_id, over in rows:
        title = _("More deposit went back than was held")
        yield _wrong(tonight, f"deposit{number}", title, int(over), 0, stay_id)


def _drawers(tonight: Tonight) -> Iterator[Finding]:
    """A closed drawer was over or short by what its count differed, and holds what was left in it."""
    s, t = Shift, Transfer
    newest = tonight.session.scalars(select(s).order_by(s.id.desc()).limit(LATEST)).all()
    lately = [one for one in newest if one.business_date >= _since(tonight)]
    shifts = sorted((one for one in lately if one.state == "closed"), key=lambda one: one.number)
    remedy = Remedy(_("Open the shift"), "shifts")
    latest = {shift.station: shift for shift in shifts}
    for shift in shifts:
        differs = (shift.counted or 0) - (shift.expected or 0)
        title = _("Shift %(n)s at %(station)s") % {"n": f"X-{shift.number}", "station": shift.station}
        if differs != shift.over_short:
            yield _of_shift(tonight, shift.id, title, shift.over_short, differs, remedy)
    for shift in latest.values() if tonight.options.shifts else ():
        live = exists().where(s.station == shift.station, s.number > shift.number)
        if tonight.session.scalar(select(live)):
            continue
        moved = case((t.debit_id == shift.account_id, t.amount), else_=-t.amount)
        mine = or_(t.debit_id == shift.account_id, t.credit_id == shift.account_id)
        today = select(summed(moved)).where(mine, t.business_date >= tonight.business_date)
        held = tonight.session.get_one(Account, shift.account_id).balance
        there = held + int(tonight.session.scalar(today) or 0)
        if there != shift.left:
            title = _("The drawer at %(station)s is not what was left in it") % {"station": shift.station}
            yield _of_shift(tonight, -shift.id, title, shift.left, there, remedy)


def _of_shift(tonight: Tonight, key: int, title: str, there: int, due: int, remedy: Remedy) -> Finding:
    sums = {"there": tonight.show(there), "due": tonight.show(due)}
    detail = _("it says %(there)s, the books make %(due)s") % sums
    return Finding(f"shift{key}", title, detail, Money(abs(there - due)), remedy)


def _taxes(tonight: Tonight) -> Iterator[Finding]:
    """Each charge bears the tax of its code; of several that do not only where most do: a rule that changed
    today differs from all that went before."""
    t, a, part = Transfer, Account, aliased(Transfer)
    undone = aliased(Transfer)
    standing = ~exists().where(undone.reverses == t.id)
    bears = select(summed(part.amount)).where(
        part.slip == func.concat("X", t.id),
        part.slip != literal_column("''"),
        part.code == "TAX",
        func.coalesce(part.reverses, 0)
        == 0,  # as FIRST has it: else the plan goes by all that reverse nothing
    )
    rows = tonight.session.execute(
        select(t.id, t.code, t.amount, t.stay_id, func.coalesce(bears.scalar_subquery(), 0))
        .join(a, a.id == t.credit_id)
        .where(t.business_date >= _since(tonight), a.ledger == "revenue", FIRST, standing)
        .where(t.code.not_in(("SERVICE", corrections.REBATE)))
    )
    wrong, right = defaultdict[str, list[Finding]](list), Counter[str]()
    for number, code, amount, stay_id, has in rows:
        due = sum(one.amount for one in tax.of(tonight.options, code, amount) if one.code == "TAX")
        if int(has) == due:
            right[code] += 1
            continue
        title = _("A charge (%(item)s) does not bear its tax") % {"item": code_name(code)}
        wrong[code].append(_wrong(tonight, f"tax{number}", title, int(has), due, stay_id))
    for code, found in wrong.items():
        if len(found) == 1 or right[code] >= len(found):
            yield from found


CHECK = Check(
    "proofs",
    N_("Money that does not add up"),
    N_("The books were touched outside the program, or a fault did it. Call for help before you approve it."),
    "alert",
    _find,
    register="money",
)
