"""What every report of a closed day is written with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from pms.core.money import show
from pms.printing.slip import Block, Row, Table, Text

NONE = "\u2014"


@dataclass(frozen=True)
class Page:
    """What a report is written with: the database, the day, how many digits the currency has, the hotel's
    time zone."""

    session: Session
    day: date
    digits: int
    zone: str

    def money(self, amount: int | None) -> str:
        """Write an amount, or a dash where there is none."""
        return NONE if amount is None else show(amount, self.digits)


def share(points: int | None) -> str:
    """Write a part of all in per cent."""
    return NONE if points is None else f"{points / 100:.2f}%"


def or_empty(rows: Sequence[Row], table: Callable[[tuple[Row, ...]], Table], why: str) -> Block:
    """Return the table, or one line that says why there is nothing in it: an empty report is printed as
    empty."""
    return table(tuple(rows)) if rows else Text(why, "small")
