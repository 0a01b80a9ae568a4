"""Split a line: parts of it, by amount or by per cent, go to other folios, and what is left stays."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.money import Money, show
from pms.core.permissions import Permission
from pms.core.reading import query
from pms.db.work import Work, operation

from . import corrections, ledger, slips, tax
from .duty import FOLIOS_TRANSFER
from .models import Transfer

WHOLE, MOST = 10_000, 16
"""Hundredths of a per cent of the whole; more parts than this are a typing error."""


@dataclass(frozen=True)
class Part:
    """Where a part of a line goes, and how much of it: an amount, or ``points``, hundredths of a per cent.
    What goes to the folio that bears the line stays there."""

    stay_id: int
    window: str = "A"
    amount: Money = Money(0)
    points: int = 0


def shares(left: int, points: Sequence[int], whole: int = WHOLE) -> list[Money]:
    """Return what each of these parts of ``whole`` is of an amount, to the last coin: together they are what
    their sum is."""
    found, done = list[Money](), 0
    for one in points:
        before, done = done, done + one
        found.append(Money(tax.portion(left, whole, done) - tax.portion(left, whole, before)))
    return found


def equal(left: int, count: int) -> list[Money]:
    """Return an amount in ``count`` parts that differ by no more than the smallest coin."""
    return shares(left, [1] * count, count)


@query(Permission.FOLIOS_READ)
def left(session: Session, *, transfer_id: int) -> Money:
    """Return what of a charge can still be moved, split or given back."""
    line = session.get_one(Transfer, transfer_id)
    return Money(line.amount - corrections.gone(session, line))


@operation(FOLIOS_TRANSFER, money=True)
def split_line(work: Work, *, transfer_id: int, parts: Sequence[Part], reason: str) -> list[int]:
    """Move parts of a charge to other folios in one go, each with its part of the tax and its slip, and
    return the postings' numbers; the line itself stays as it was posted, and bears what is left."""
    line = corrections.reversible(work, transfer_id, reason)
    corrections.must_bear(work, line)
    corrections.must_be_the_payers(work, line)
    rest = corrections.left_of(work, line)
    amounts = _amounts(work, rest, parts)
    wanted = sorted({(part.stay_id, part.window) for part in parts})
    folios = {where: ledger.folio(work, *where) for where in wanted}  # in one order at every desk
    going = [
        (part, amount, folios[part.stay_id, part.window])
        for part, amount in zip(parts, amounts, strict=True)
        if folios[part.stay_id, part.window] != line.debit_id
    ]
    if not going:
        raise Refused(_("Every part would stay on this folio. Choose another folio."))
    made = [corrections.move(work, line, folio, sum_, part.stay_id, reason) for part, sum_, folio in going]
    for number in made:
        slips.of_transfer(work, number, reason)
    return made


def _amounts(work: Work, rest: int, parts: Sequence[Part]) -> list[Money]:
    """Return the amount of each part; refuses parts that are more than is left, or nothing."""
    digits = work.setting.digits
    if rest <= 0:
        raise Refused(_("Of this line %(left)s is left to transfer.") % {"left": show(rest, digits)})
    if not 0 < len(parts) <= MOST:
        raise Refused(_("A line is split into 1 to %(most)s parts beside what stays.") % {"most": MOST})
    by_rate = [part for part in parts if part.points]
    if (by_rate and len(by_rate) < len(parts)) or any(part.amount and part.points for part in parts):
        raise Refused(_("Split a line by amounts or by per cent, not by both."))
    if sum(part.points for part in parts) > WHOLE or any(part.points < 0 for part in parts):
        raise Refused(_("The parts are more than 100 %."))
    found = shares(rest, [p.points for p in parts]) if by_rate else [part.amount for part in parts]
    if any(amount <= 0 for amount in found):
        raise Refused(_("A part of this line would be nothing. Every part is more than 0."))
    if sum(found) > rest:
        raise Refused(
            _("Of this line %(left)s is left; the parts are %(sum)s.")
            % {"left": show(rest, digits), "sum": show(sum(found), digits)}
        )
    return found
