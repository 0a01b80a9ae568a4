"""The log of what guests who are chased were told, promised and paid."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from pms.core.i18n import N_
from pms.core.money import Money
from pms.db.base import Table

REACHED, NO_ANSWER, PROMISED, LEAVES, REFUSES = "reached", "no_answer", "promised", "leaves", "refuses"
NOTICE, PAID, ALLOWED = "notice", "paid", "allowed"
CALLS = {
    REACHED: N_("Reached"),
    NO_ANSWER: N_("Not reached"),
    PROMISED: N_("Promised to pay"),
    LEAVES: N_("Will leave"),
    REFUSES: N_("Refuses to pay"),
}
"""What a call may end with."""
RESULTS = {
    **CALLS,
    NOTICE: N_("Notice printed"),
    PAID: N_("Deposit taken"),
    ALLOWED: N_("Credit allowed"),
}
TIMED = (PROMISED, LEAVES)
"""Results that name a time."""
STANDING = (PROMISED, LEAVES, REFUSES, PAID, ALLOWED)
"""Results by which a guest stands until the next of them; a call that nobody answers changes nothing."""


class ChaseCall(Table):
    """One call, notice, payment or decision; ``amount`` is what was missing then, of a payment what was
    taken, ``until`` what was promised or allowed; append-only in the database itself."""

    __tablename__ = "chase_call"
    stay_id: Mapped[int] = mapped_column(ForeignKey("stay.id"), index=True)
    result: Mapped[str] = mapped_column(String(10))
    until: Mapped[datetime | None]
    amount: Mapped[Money]
    remark: Mapped[str]
    at: Mapped[datetime]
    business_date: Mapped[date] = mapped_column(index=True)
    clerk_id: Mapped[int | None]
    station: Mapped[str]
