"""How far each role may go alone: kinds of acts that give something away, and their limits."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

from pms.core.clock import local
from pms.core.i18n import N_
from pms.core.money import Money


class Kind(StrEnum):
    """One kind of act that needs authority; a new one is a line here, its name and its default rows."""

    PRICE = "price"
    PLAN = "plan"
    FREE = "free"
    WAIVER = "waiver"
    REBATE = "rebate"
    REFUND = "refund"
    OVER_SHORT = "over_short"
    WRITE_OFF = "write_off"


NAMES: dict[Kind, str] = {
    Kind.PRICE: N_("Below list price"),
    Kind.PLAN: N_("Rate plan without proof"),
    Kind.FREE: N_("Free and house-use room"),
    Kind.WAIVER: N_("Charge waived"),
    Kind.REBATE: N_("Rebate"),
    Kind.REFUND: N_("Refund another way"),
    Kind.OVER_SHORT: N_("Over or short"),
    Kind.WRITE_OFF: N_("Goods written off"),
}


@dataclass(frozen=True)
class Limit:
    """How far one role may go alone in one kind of act; what is None or empty has no bound.

    ``percent`` and ``amount`` bind one act, ``until`` is the latest hour of the business date (``HH:MM``),
    ``month`` what one person may give in a calendar month.
    """

    percent: int | None = None
    amount: Money | None = None
    until: str = ""
    month: Money | None = None

    def covers(self, percent: Fraction | None, amount: int) -> bool:
        """Say whether one act of this size lies within the limit."""
        return (self.percent is None or percent is None or percent <= self.percent) and (
            self.amount is None or amount <= self.amount
        )

    def too_late(self, now: datetime, zone: str, business_date: date) -> bool:
        """Say whether the hour until which the limit holds is over; after midnight it is."""
        clock = local(now, zone)
        day = clock.date()
        return bool(self.until) and (
            day > business_date or (day == business_date and f"{clock:%H:%M}" > self.until)
        )


DEFAULTS: tuple[tuple[str, Kind, Limit], ...] = (
    ("clerk", Kind.PRICE, Limit(percent=5)),
    ("clerk", Kind.OVER_SHORT, Limit(amount=Money(5000))),
    ("auditor", Kind.PRICE, Limit(percent=5)),
    ("auditor", Kind.PLAN, Limit()),
    ("auditor", Kind.REBATE, Limit(amount=Money(10000))),
    ("auditor", Kind.REFUND, Limit(amount=Money(50000))),
    ("auditor", Kind.OVER_SHORT, Limit(amount=Money(5000))),
    ("supervisor", Kind.PRICE, Limit(percent=10)),
    ("supervisor", Kind.PLAN, Limit()),
    ("supervisor", Kind.WAIVER, Limit(amount=Money(5000))),
    ("supervisor", Kind.REBATE, Limit(amount=Money(10000))),
    ("supervisor", Kind.REFUND, Limit(amount=Money(50000))),
    ("supervisor", Kind.OVER_SHORT, Limit(amount=Money(20000))),
    ("supervisor", Kind.WRITE_OFF, Limit(amount=Money(10000))),
    ("manager", Kind.PRICE, Limit(percent=15)),
    ("manager", Kind.PLAN, Limit()),
    ("manager", Kind.WAIVER, Limit(percent=50)),
    ("manager", Kind.REBATE, Limit(amount=Money(50000))),
    ("manager", Kind.REFUND, Limit(amount=Money(500000))),
    ("manager", Kind.OVER_SHORT, Limit(amount=Money(100000))),
    ("manager", Kind.WRITE_OFF, Limit(amount=Money(50000))),
    *(("owner", kind, Limit()) for kind in Kind),
)
"""What a hotel starts with: clerk 5 %, supervisor 10 %, manager 15 % and free half days, owner free rooms.
A role without a row may not do it at all."""


def percent_off(part: int, whole: int) -> Fraction:
    """Return which part of a sum is given away, in per cent, exactly; all of it where the sum is nothing."""
    return Fraction(part * 100, whole) if whole > 0 else Fraction(100)
