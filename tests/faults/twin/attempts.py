"""Payments in question: noted, and settled once: posted, or known to have never come."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.core.money import Money
from pms.services.attempts import service
from pms.services.folios.models import PaymentAttempt
from tests.faults.twin.part import Facts, Part, Step, act

RECENT = 20


@dataclass
class Attempt:
    """What one payer called paid."""

    number: int
    stay: int
    amount: int
    state: str = "unknown"


class Attempts(Part):
    """What is in question."""

    def __init__(self, hotel) -> None:
        super().__init__(hotel)
        self.all: list[Attempt] = []

    def asks(self, stay: int, amount: int) -> bool:
        """Say whether a payment of this sum is asked about: one of it is in question at this stay."""
        return any(a.stay == stay and a.amount == amount and a.state == "unknown" for a in self.all)

    @act(2)
    def note(self) -> Step | None:
        """Note one, of a sum that others pay too or of its own."""
        stay = self.hotel.stays.somebody()
        if stay is None:
            return None
        amount, agreed = self.hotel.lot.choice((0, 5000, 20_000, 7770)), self.chance(2)
        call = service.note.of(stay_id=stay, method="WECHAT", amount=Money(amount), told="paid")
        may = self.hotel.stays.is_here(stay) and amount > 0
        asked = self.asks(stay, amount)
        return Step(
            call,
            may and (agreed or not asked),
            lambda n: self.all.append(Attempt(n, stay, amount)),
            agreed,
        )

    def _one(self) -> Attempt | None:
        return self.mostly(lambda a: a.state == "unknown", self.all[-RECENT:])

    @act(2)
    def arrived(self) -> Step | None:
        """Post one, under a number of its own, or none; of who has left, on what was left unsettled."""
        one = self._one()
        if one is None:
            return None
        number = self.any(("", f"43{self.hotel.steps:026}", f"43{self.hotel.steps:026}"))
        here = self.hotel.stays.is_here(one.stay)
        account = ("guest", one.stay) if here else ("city", one.stay)
        fits = here or one.amount <= self.hotel.ledger.at[account]

        def then(_none: None) -> None:
            made = self.hotel.ledger.move("WECHAT", account, one.amount, "WECHAT", one.stay)
            self.hotel.ledger.numbers["WECHAT", number] = made
            one.state = "arrived"

        may = one.state == "unknown" and number != "" and self.hotel.shifts.is_open()
        return Step(service.arrived.of(number=one.number, reference=number), may and fits, then)

    @act(1)
    def did_not_arrive(self) -> Step | None:
        """Note that one never came."""
        one = self._one()
        if one is None:
            return None
        reason = self.any(("", "seen", "seen"))

        def then(_none: None) -> None:
            one.state = "absent"

        call = service.did_not_arrive.of(number=one.number, reason=reason)
        return Step(call, one.state == "unknown" and reason != "", then)

    # ------------------------------------------------------------------ compared
    def says(self) -> Facts:
        """Return the state of each."""
        return {("attempt", a.number): a.state for a in self.all}

    def shows(self, session: Session) -> Facts:
        """Return the same from the hotel's books."""
        p = PaymentAttempt
        return {("attempt", n): state for n, state in session.execute(select(p.number, p.state))}
