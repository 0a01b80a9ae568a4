"""Payments that the payer calls done and that have not been seen: none is taken a second time unasked."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from pms.core import dates
from pms.core.clock import local
from pms.core.i18n import _
from pms.core.money import show
from pms.db.base import table_of
from pms.db.work import Work

from . import kinds
from .models import PaymentAttempt

UNKNOWN, ARRIVED, ABSENT = "unknown", "arrived", "absent"
MARK = "Q-"
"""So begins the number of a payment in question."""
Asked = Sequence[Any]
"""Number, kind, amount and moment of payments in question."""
_A = table_of(PaymentAttempt)
_OPEN = select(_A.c.number, _A.c.kind, _A.c.amount, _A.c.at).where(
    _A.c.stay_id == bindparam("stay"), _A.c.state == UNKNOWN
)


def shown(number: int) -> str:
    """Return the number of a payment in question as it is written."""
    return f"{MARK}{number}"


def open_of(session: Session, stay_id: int) -> Asked:
    """Return the payments of a stay that are in question, for ``ask``."""
    return session.execute(_OPEN, {"stay": stay_id}).all()


def ask_if_open(work: Work, stay_id: int, amounts: Iterable[int]) -> None:
    """Go on with payments of a stay only when the clerk knows that one of the same sum is in question: its
    payer may have paid already."""
    ask(work, open_of(work.session, stay_id), amounts)


def ask(work: Work, found: Asked, amounts: Iterable[int]) -> None:
    """Do the same with what was found in question."""
    sums = [int(amount) for amount in amounts]
    for number, kind, amount, at in found if sums else ():
        if int(amount) in (*sums, sum(sums)):
            _confirm(work, number, kind, int(amount), dates.moment(local(at, work.setting.zone)))


def _confirm(work: Work, number: int, kind: str, amount: int, when: str) -> None:
    told = {
        "number": shown(number),
        "sum": show(amount, work.setting.digits),
        "kind": kinds.words(work, kind),
        "time": when,
    }
    words = _(
        "%(number)s: %(sum)s by %(kind)s, %(time)s, is in question: the payer called it paid. Look first "
        "whether it has arrived. Take %(sum)s a second time?"
    )
    work.confirm(f"in_question:{number}", words % told)
