"""What a company owes: a bill for each guest who leaves to its account, what comes in on them, and what does
not."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from pms.core.money import Money
from pms.services.companies import service as companies
from pms.services.debts import queries, service
from pms.services.debts.billing import OnAccount
from tests.faults.twin.money import METHODS, ODD
from tests.faults.twin.part import Facts, Part, Step, act

RECENT = 20


@dataclass
class Bill:
    """What one guest left to the company, and what of it is open."""

    number: int
    stay: int
    amount: int
    left: int


class Debts(Part):
    """One company that may owe whatever is agreed to, and its signer."""

    def __init__(self, hotel) -> None:
        super().__init__(hotel)
        house = hotel.house
        self.company = house.do(companies.add, name="Twin & Co", credit_limit=Money(10**9))
        self.signer = house.do(companies.add_signer, number=self.company, name="Signer")
        self.account, self.bills = f"COMPANY:{self.company}", list[Bill]()

    @property
    def told(self) -> OnAccount:
        """Return who signs that the company pays."""
        return OnAccount(self.company, self.signer)

    def bill(self, stay: int, amount: int) -> None:
        """Write a bill down."""
        self.bills.append(Bill(len(self.bills) + 1, stay, amount, amount))

    def open(self) -> list[Bill]:
        """Return what is open, in the order in which it is paid."""
        return [bill for bill in self.bills if bill.left]

    def may_void(self, stay: int) -> bool:
        """Say whether the bills of a check-out can be taken back: nothing came in on them."""
        return all(bill.left in (bill.amount, 0) and bill.left for bill in self._of(stay))

    def void(self, stay: int) -> None:
        """Take the bills of a check-out back."""
        for bill in self._of(stay):
            bill.left, bill.stay = 0, 0

    def _of(self, stay: int) -> list[Bill]:
        return [bill for bill in self.bills if bill.stay == stay]

    # ------------------------------------------------------------------ what can be done
    @act(2)
    def receive(self) -> Step | None:
        """Take what the company pays: something, all, or a cent more."""
        owed, method, agreed = sum(b.left for b in self.bills), self.any(METHODS), self.chance(2)
        amount = self.hotel.lot.choice((0, 10_000, owed, owed + 1))
        asked = amount > ODD and amount != owed

        def then(_number: int) -> None:
            self.hotel.ledger.move(self.hotel.ledger.purse(method), self.account, amount, method)
            rest = amount
            for bill in self.open():
                part = min(rest, bill.left)
                bill.left, rest = bill.left - part, rest - part

        call = service.receive.of(number=self.company, method=method, amount=Money(amount))
        may = 0 < amount <= owed and self.hotel.shifts.is_open()
        return Step(call, may and (not asked or agreed), then, agreed)

    @act(1)
    def write_off(self) -> Step | None:
        """Give up what is owed on a bill, or more than that."""
        bill = self.any(self.bills[-RECENT:])
        if bill is None:
            return None
        amount = self.hotel.lot.choice((0, 100, bill.left, bill.left + 1))

        def then(_number: int) -> None:
            self.hotel.ledger.move("BADDEBT", self.account, amount, "BADDEBT")
            bill.left -= amount

        call = service.write_off.of(
            number=self.company, bill=bill.number, amount=Money(amount), reason="gone"
        )
        return Step(call, 0 < amount <= bill.left, then)

    # ------------------------------------------------------------------ compared
    def says(self) -> Facts:
        """Return what is open on each bill."""
        return {("bill", bill.number): bill.left for bill in self.open()}

    def shows(self, session: Session) -> Facts:
        """Return the same from the hotel's books."""
        return {("bill", row.number): row.left for row in queries.open_bills(session)}
