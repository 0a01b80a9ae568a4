"""Guests who are chased: what is noted of a call, and the deposit that is taken with more nights or none."""

from collections import Counter, defaultdict

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pms.core.money import Money
from pms.services.chasing import service
from pms.services.chasing.models import ChaseCall
from pms.services.stays.service import Paid
from tests.faults.twin.money import METHODS
from tests.faults.twin.part import DAY, Facts, Part, Step, act

NOON = 12.0


class Chasing(Part):
    """How many lines the log has of each guest, by what came of them, and what was taken."""

    def __init__(self, hotel) -> None:
        super().__init__(hotel)
        self.lines: dict[int, Counter[str]] = defaultdict(Counter)
        self.taken: Counter[int] = Counter()

    @act(2)
    def call(self) -> Step | None:
        """Note a call; a promise names a time, which may be past or missing."""
        stay = self.hotel.stays.somebody()
        if stay is None:
            return None
        result = self.any(("reached", "no_answer", "promised", "leaves", "refuses", "paid"))
        time = self.any(("", "12:00", "23:59"))
        may = self.hotel.stays.is_here(stay) and result != "paid"
        if result in ("promised", "leaves"):
            may = may and time != "" and (time == "23:59" or self.hotel.hour < NOON)

        def then(_none: None) -> None:
            self.lines[stay][result] += 1

        return Step(service.call.of(stay_id=stay, result=result, time=time), may, then)

    @act(3)
    def extend_and_take(self) -> Step | None:
        """Take a deposit with some nights more, none, or fewer, which is refused."""
        stay, method = self.hotel.stays.somebody(), self.any(METHODS)
        if stay is None:
            return None
        stays, ledger = self.hotel.stays, self.hotel.ledger
        end = stays.all[stay].departure + DAY * self.hotel.lot.choice((-1, 0, 0, 1, 2))
        amount, held = self.hotel.lot.choice((0, 10_000, 30_000)), -ledger.at["deposit", stay]
        seen = self.any((None, held, held, held + 100))
        longer = end != stays.all[stay].departure
        may = stays.is_here(stay) and self.hotel.shifts.is_open() and amount > 0 and seen in (None, held)
        may = may and (not longer or (end > stays.all[stay].departure and stays.may_be_moved(stay, end)))

        def then(_none: None) -> None:
            if longer:
                stays.moved(stay, end)
            ledger.move(ledger.purse(method), ("deposit", stay), amount, "DEPOSIT", stay)
            self.lines[stay]["paid"] += 1
            self.taken[stay] += amount

        fields = {"departure": end, "seen": None if seen is None else Money(seen)}
        paid = Paid(method, Money(amount))
        return Step(service.extend_and_take.of(stay_id=stay, deposit=paid, **fields), may, then)

    def says(self) -> Facts:
        """Return how often each came of it, and what was taken."""
        counts = {
            ("chased", stay, word): n for stay, words in self.lines.items() for word, n in words.items()
        }
        return {**counts, **{("chased", stay, "sum"): n for stay, n in self.taken.items()}}

    def shows(self, session: Session) -> Facts:
        """Return the same of the log."""
        c = ChaseCall
        asked = select(c.stay_id, c.result, func.count(), func.sum(c.amount)).group_by(c.stay_id, c.result)
        found: Facts = {}
        for stay, result, n, amount in session.execute(asked):
            found["chased", stay, result] = n
            if result == "paid":
                found["chased", stay, "sum"] = int(amount)
        return found
