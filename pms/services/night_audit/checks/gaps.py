"""Numbers that are missing: every series runs without a gap, because a number is taken in the transaction
that uses it."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from sqlalchemy import func, select

from pms.core.i18n import N_, _
from pms.core.money import Money
from pms.db.base import NumberSeries
from pms.services.folios.models import Transfer
from pms.services.reservations.models import Reservation
from pms.services.shifts.models import Handover, Shift
from pms.services.stays.models import Stay

from . import Check, Finding, Remedy, Tonight

SERIES: tuple[tuple[str, str, Any, str], ...] = (
    ("reservation", "R-", Reservation.number, "reservations"),
    ("stay", "S-", Stay.number, "stays"),
    ("shift", "X-", Shift.number, "shifts"),
    ("handover", "H-", Handover.number, "shifts"),
)
NAMED = 5
"""So many missing numbers are named; of more it tells the first ones."""


def _find(tonight: Tonight) -> Iterator[Finding]:
    latest = {name: n for name, n in tonight.session.execute(select(NumberSeries.name, NumberSeries.latest))}
    for name, letter, column, page in SERIES:
        count, first, last = tonight.session.execute(
            select(func.count(), func.min(column), func.max(column))
        ).one()
        if count and (count != last - first + 1 or last != latest.get(name, last)):
            numbers = [*tonight.session.scalars(select(column).order_by(column)), latest.get(name, last) + 1]
            yield _told(name, letter, _between(numbers), page)
    t = Transfer
    slips = tonight.session.scalars(
        select(t.slip).where(
            t.business_date == tonight.business_date, t.slip.startswith("D-"), t.reverses.is_(None)
        )
    )
    if missing := _between(sorted({int(slip[2:]) for slip in slips if slip[2:].isdecimal()})):
        yield _told("deposit", "D-", missing, "shifts")


def _between(numbers: list[int]) -> list[int]:
    return [missing for one, next_ in pairwise(numbers) for missing in range(one + 1, next_)]


def _told(name: str, letter: str, missing: list[int], page: str) -> Finding:
    words = ", ".join(f"{letter}{n}" for n in missing[:NAMED]) + (" …" if len(missing) > NAMED else "")
    return Finding(
        f"{name}{missing[0] if missing else 0}",
        _("Numbers are missing: %(numbers)s") % {"numbers": words},
        _("missing: %(n)s") % {"n": len(missing)},
        Money(0),
        Remedy(_("Open the list"), page),
    )


CHECK = Check(
    "gaps",
    N_("Number gaps"),
    N_("A numbered paper or record is gone, which the program never does itself. Call for help."),
    "tape",
    _find,
    register="papers",
)
