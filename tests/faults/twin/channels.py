"""What stands on a channel's account without a stay: put on either way, paid either way, written off."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from pms.core.money import Money
from pms.services.settlements import queries, service
from tests.faults.twin.money import METHODS, ODD
from tests.faults.twin.part import Facts, Part, Step, act

RECENT = 20
NUMBER = 1
"""The channel that a new hotel knows first."""


@dataclass
class Bill:
    """A sum on the account, below 0 owed to the channel, and what of it is open."""

    number: int
    left: int


class Channels(Part):
    """The account of one channel."""

    def __init__(self, hotel) -> None:
        super().__init__(hotel)
        self.account, self.bills = f"CHANNEL:{NUMBER}", list[Bill]()

    def _spread(self, amount: int) -> None:
        """Spread an amount over the bills of its side, the oldest first."""
        sign = 1 if amount > 0 else -1
        for bill in self.bills:
            part = min(abs(amount), max(bill.left * sign, 0)) * sign
            bill.left, amount = bill.left - part, amount - part

    # ------------------------------------------------------------------ what can be done
    @act(1)
    def put_on(self) -> Step:
        """Put a fee or a fine on the account, or nothing."""
        amount, agreed = self.hotel.lot.choice((0, 12_345, -6_789, 250_000)), self.chance(2)

        def then(number: int) -> None:
            self.hotel.ledger.move(self.account, "NOSHOW" if amount > 0 else "COMMISSION", amount, "CHANNEL")
            self.bills.append(Bill(number, amount))

        call = service.put_on.of(number=NUMBER, amount=Money(amount), reason="told")
        return Step(call, amount != 0 and (abs(amount) <= ODD or agreed), then, agreed)

    @act(1)
    def receive(self) -> Step:
        """Take what the channel pays: something, all, or a cent more."""
        return self._money(1)

    @act(1)
    def pay(self) -> Step:
        """Pay what the channel is owed likewise."""
        return self._money(-1)

    def _money(self, sign: int) -> Step:
        open_ = sum(max(b.left * sign, 0) for b in self.bills)
        method, agreed = self.any(METHODS), self.chance(2)
        amount = self.hotel.lot.choice((0, 5_000, open_, open_ + 1))

        def then(_number: int) -> None:
            self.hotel.ledger.move(self.hotel.ledger.purse(method), self.account, amount * sign, method)
            self._spread(amount * sign)

        verb = service.receive if sign > 0 else service.pay
        call = verb.of(number=NUMBER, method=method, amount=Money(amount))
        usual = amount <= ODD or amount == open_ or agreed
        return Step(call, 0 < amount <= open_ and self.hotel.shifts.is_open() and usual, then, agreed)

    @act(1)
    def write_off(self) -> Step | None:
        """Give up what is open on a bill, or more than that."""
        bill = self.any(self.bills[-RECENT:])
        if bill is None:
            return None
        amount, sign = self.hotel.lot.choice((0, 100, abs(bill.left), abs(bill.left) + 1)), bill.left

        def then(_number: int) -> None:
            part = amount if sign > 0 else -amount
            code = "BADDEBT" if sign > 0 else "COMMISSION"
            self.hotel.ledger.move(code, self.account, part, code)
            bill.left -= part

        call = service.write_off.of(bill=bill.number, amount=Money(amount), reason="gone")
        return Step(call, 0 < amount <= abs(bill.left), then)

    # ------------------------------------------------------------------ compared
    def says(self) -> Facts:
        """Return what is open on each bill."""
        return {("channel", bill.number): bill.left for bill in self.bills if bill.left}

    def shows(self, session: Session) -> Facts:
        """Return the same from the hotel's books."""
        return {("channel", row.number): row.left for row in queries.open_bills(session)}
