"""Postings out of proportion: above what the house calls odd, or ten times the largest of their kind in
ninety days."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.orm import aliased

from pms.core.i18n import N_, _
from pms.services.folios.models import FIRST, Account, Transfer

from . import Check, Finding, Tonight
from .lines import POSTED, lines, where

TIMES = 10
LOOKED_BACK = timedelta(days=90)
ITSELF = ("APPLY", "CITY", "COMPANY", "CHANNEL", "COMMISSION", "OPENING", "OVERSHORT", "TRANSFER")
"""Moved by other postings, or told by a check of its own."""
HOUSE = ("FLOAT", "DROP")
"""Between drawer and safe: a float is never odd for being above the amount of a guest's posting."""
_OWN = aliased(Account)


def _find(tonight: Tonight) -> Iterator[Finding]:
    for (code, account, side), most in _largest_today(tonight).items():
        bound = _bound(tonight, code, account, side, most)
        if most <= bound:
            continue
        mine = Transfer.credit_id if side == "credit" else Transfer.debit_id
        for line in lines(
            tonight,
            Transfer.code == code,
            mine == account,
            FIRST,
            Transfer.amount > bound,
        ):
            yield Finding(
                str(line.id),
                _("%(where)s: %(item)s of %(sum)s")
                % {"where": line.place, "item": line.item, "sum": tonight.show(line.amount)},
                _("%(clerk)s, unusual above %(bound)s") % {"clerk": line.clerk, "bound": tonight.show(bound)},
                line.amount,
                where(line),
                line.stay_id,
                by=line.by,
                about=line.room,
            )


def _largest_today(tonight: Tonight) -> dict[tuple[str, int, str], int]:
    """Return the largest posting of today by code, the house's account in it, and which side that is on."""
    t, own = Transfer, _OWN
    sides = (
        select(literal(side), t.code, column, func.max(t.amount))
        .join(own, own.id == column)
        .where(
            t.business_date == tonight.business_date,
            FIRST,
            t.code.not_in(ITSELF),
            own.code.is_not(None),
            own.code != "SAFE",
            own.ledger != "tax",
        )
        .group_by(t.code, column)
        for side, column in (("credit", t.credit_id), ("debit", t.debit_id))
    )
    rows: Any = tonight.session.execute(union_all(*sides))
    return {(code, account, side): int(most) for side, code, account, most in rows}


def _bound(tonight: Tonight, code: str, account: int, side: str, most: int) -> int:
    """Return above which amount a posting of this kind is odd; ``most`` is the largest of today."""
    t, odd = Transfer, tonight.options.odd_amount
    before = (
        (t.credit_id if side == "credit" else t.debit_id) == account,
        t.business_date >= tonight.business_date - LOOKED_BACK,
        t.business_date < tonight.business_date,
        t.code == code,
    )
    usual = select(t.id).where(*before, t.amount * TIMES >= most).limit(1)
    if most <= odd and tonight.session.scalar(usual) is not None:
        return most  # the largest itself is looked for only where none is within a tenth of today's
    largest = tonight.session.scalar(select(func.max(t.amount)).where(*before))
    if code in HOUSE:
        return TIMES * int(largest or tonight.options.float_amount)
    return odd if largest is None else min(odd, TIMES * int(largest))


CHECK = Check(
    "odd_amounts",
    N_("Unusual amount"),
    N_("A typing slip, or worth a question: compare with the paper, and reverse what is wrong."),
    "tape",
    _find,
    register="money",
    acts="done",
    did=POSTED,
)
