"""The rest of a folio goes to another one: charge by charge, each with its tax, the latest first, until what
its payer owes is moved."""

from collections.abc import Sequence

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from pms.core import dates
from pms.core.money import Money
from pms.db.work import Work

from . import corrections, ledger, printouts, slips, tax
from .models import FIRST, Transfer

BESIDE = ("TAX", "SERVICE")
"""What stands beside a charge and goes with it."""


def move(work: Work, account: int, target: int, to_stay_id: int, owed: int, reason: str) -> list[int]:
    """Move charges of a folio for ``owed`` in all to another folio, both held, and return the postings'
    numbers. Where tax stands on top, a few of the smallest coins may be left that no part comes out at."""
    made, left = list[int](), owed
    for line in _charges(work, account):
        if left <= 0:
            break
        part = _part(work, line, left)
        if part > 0:
            left -= corrections.with_tax(work, line, part)
            made.append(corrections.move(work, line, target, part, to_stay_id, reason))
            work.session.flush()
    return made


def _charges(work: Work, account: int) -> Sequence[Transfer]:
    """Return the charges that stand on a folio, the latest first."""
    t, undone = Transfer, aliased(Transfer)
    asked = (
        select(t)
        .where(t.debit_id == account, FIRST, t.code.not_in(BESIDE), ~exists().where(undone.reverses == t.id))
        .order_by(t.id.desc())
    )
    found = work.session.scalars(asked).all()
    kinds = corrections.may_move(work, found)
    return [line for line in found if line.id in kinds]


def _part(work: Work, line: Transfer, left: int) -> Money:
    """Return how much of a charge fits with its tax into what is left to move."""
    whole = corrections.left_of(work, line)
    if whole <= 0 or corrections.with_tax(work, line, whole) <= left:
        return whole
    low, high = 0, int(min(whole, left))
    while low < high:
        middle = (low + high + 1) // 2
        fits = corrections.with_tax(work, line, middle) <= left
        low, high = (middle, high) if fits else (low, middle - 1)
    return Money(low)


def print_slip(work: Work, made: Sequence[int], reason: str) -> None:
    """Print one slip of all that was moved: from whom, to whom, each charge with its tax."""
    first = work.session.get_one(Transfer, made[0])
    lines = list[tuple[str, int]]()
    for number in made:
        line = work.session.get_one(Transfer, number)
        charge = corrections.root(work, line)
        item = f"{dates.day(charge.business_date)} {printouts.code_name(charge.code)}"
        lines.append((item, int(line.amount)))
        beside = [part for part in tax.parts_of(work, number) if part.debit_id == line.debit_id]
        lines.extend((printouts.code_name(part.code), int(part.amount)) for part in beside)
    told = printouts.Moved(
        slips.folio_words(work, first.credit_id),
        slips.folio_words(work, first.debit_id),
        "",
        work.business_date,
        tuple(lines),
        reason.strip(),
    )
    work.print(printouts.transfer_slip(work, told), record="transfer", record_id=first.id)


def owed_beyond_deposit(accounts: Sequence[ledger.Owed]) -> dict[str, int]:
    """Return what each open folio of a stay owes once its deposit is used, by window, as a check-out uses
    it."""
    held = -sum(int(a.balance) for a in accounts if a.ledger == "deposit")
    found = dict[str, int]()
    for one in sorted((a for a in accounts if a.ledger == "guest" and not a.closed), key=lambda a: a.window):
        used = min(held, max(int(one.balance), 0))
        held -= used
        if one.balance - used > 0:
            found[one.window] = int(one.balance) - used
    return found
