"""Pre-authorisations: what is held for each stay, what of it became a payment, and what went free."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.core.money import Money
from pms.services.folios.models import Preauth
from pms.services.preauth import service
from tests.faults.twin.money import Posting
from tests.faults.twin.part import DAY, Facts, Part, Step, act

RECENT = 30
VALID = 2
"""Days for which an amount is held here: some run out."""


@dataclass
class Hold:
    """What is held under one number; ``paid`` is the posting of its completion."""

    number: int
    stay: int
    held: int
    until: date
    captured: int = 0
    released: int = 0
    before: tuple[int, int] = (0, 0)
    paid: Posting | None = None

    @property
    def open(self) -> int:
        """Return what is held still, whether it has run out or not."""
        return self.held - self.captured - self.released


class Preauths(Part):
    """What guests' banks hold."""

    def __init__(self, hotel) -> None:
        super().__init__(hotel)
        self.all: list[Hold] = []

    def is_held(self, hold: Hold) -> bool:
        """Say whether something is held that has not run out."""
        return hold.open > 0 and hold.until >= self.hotel.today

    def stands_on(self, stay: int) -> bool:
        """Say whether something is held for a stay, or was completed."""
        return any(h.open or h.captured for h in self.all if h.stay == stay)

    def release_all(self, stay: int) -> None:
        """Let go of what is held for a guest who leaves."""
        for hold in self.all:
            if hold.stay == stay and self.is_held(hold):
                hold.released += hold.open

    # ------------------------------------------------------------------ what can be done
    @act(3)
    def take(self) -> Step | None:
        """Hold something on a card."""
        stay = self.hotel.stays.somebody()
        if stay is None:
            return None
        amount, until = self.hotel.lot.choice((0, 10_000, 50_000)), self.hotel.today + DAY * VALID
        call = service.take.of(
            stay_id=stay,
            method="BANK",
            amount=Money(amount),
            code=f"{self.hotel.steps:06}",
            last_four="1234",
            valid_until=until,
        )
        may = self.hotel.stays.is_here(stay) and amount > 0
        return Step(call, may, lambda n: self.all.append(Hold(n, stay, amount, until)))

    def _one(self) -> Hold | None:
        return self.mostly(self.is_held, self.all[-RECENT:])

    @act(2)
    def top_up(self) -> Step | None:
        """Hold more."""
        hold = self._one()
        if hold is None:
            return None
        amount = self.hotel.lot.choice((0, 5000))

        def then(_open: int) -> None:
            hold.held += amount

        call = service.top_up.of(number=hold.number, amount=Money(amount))
        return Step(call, self.is_held(hold) and amount > 0, then)

    @act(4)
    def capture(self) -> Step | None:
        """Complete one: a part, all, a cent more; on the folio, or on what a guest left unsettled."""
        hold = self._one()
        if hold is None:
            return None
        amount = self.hotel.lot.choice((0, 100, hold.open, hold.open + 1))
        here = self.hotel.stays.is_here(hold.stay)
        account = ("guest", hold.stay) if here else ("city", hold.stay)
        may = self.is_held(hold) and 0 < amount <= hold.open and self.hotel.shifts.is_open()
        fits = here or amount <= self.hotel.ledger.at[account]

        def then(_none: None) -> None:
            hold.before = (hold.captured, hold.released)
            hold.paid = self.hotel.ledger.move("BANK", account, amount, "BANK", hold.stay)
            hold.captured, hold.released = amount, hold.released + hold.open - amount

        call = service.capture.of(number=hold.number, amount=Money(amount))
        return Step(call, may and fits, then)

    @act(2)
    def release(self) -> Step | None:
        """Let go of one."""
        hold = self._one()
        if hold is None:
            return None

        def then(_none: None) -> None:
            hold.released += hold.open

        return Step(service.release.of(number=hold.number), self.is_held(hold), then)

    @act(2)
    def take_back(self) -> Step | None:
        """Undo a completion, of today or before."""
        hold = self.mostly(lambda h: h.captured > 0, self.all[-RECENT:])
        if hold is None:
            return None
        paid = hold.paid
        may = hold.captured > 0 and paid is not None
        may = may and (self.hotel.stays.is_here(hold.stay) or paid.credit[0] == "city")

        def then(_open: int) -> None:
            self.hotel.ledger.undo(paid)
            hold.captured, hold.released = hold.before

        call = service.take_back.of(number=hold.number, reason="wrong")
        return Step(call, may and paid.day == self.hotel.today, then)

    # ------------------------------------------------------------------ compared
    def says(self) -> Facts:
        """Return the sums of each."""
        return {("held", h.number): (h.held, h.captured, h.released) for h in self.all}

    def shows(self, session: Session) -> Facts:
        """Return the same from the hotel's books."""
        p = Preauth
        rows = session.execute(select(p.number, p.held, p.captured, p.released))
        return {("held", n): (held, captured, released) for n, held, captured, released in rows}
