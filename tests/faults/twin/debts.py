"""What a company owes: a bill for each guest who leaves to its account, what comes in on them, and what does
not."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from pms.core.money import Money
from pms.services.companies import service as companies
from pms.services.debts import queries, service
from pms.services.debts.billing import OnAccount
from tests.faults.twin.money import METHODS, ODD, Posting
from tests.faults.twin.part import Facts, Part, Step, act

RECENT = 20


@dataclass
class Bill:
    """What one guest left to the company, and what of it is open."""

    number: int
    stay: int
    amount: int
    left: int
    act: int = 0
    voided: bool = False


@dataclass
class Receipt:
    """What came in, or was given up: of which bills, by which posting."""

    parts: list[tuple[Bill, int]]
    posting: Posting
    undone: bool = False


class Debts(Part):
    """One company that may owe whatever is agreed to, and its signer."""

    def __init__(self, hotel) -> None:
        super().__init__(hotel)
        house = hotel.house
        self.company = house.do(companies.add, name="Twin & Co", credit_limit=Money(10**9))
        self.signer = house.do(companies.add_signer, number=self.company, name="Signer")
        self.account, self.bills = f"COMPANY:{self.company}", list[Bill]()
        self.receipts: dict[int, Receipt] = {}

    @property
    def told(self) -> OnAccount:
        """Return who signs that the company pays."""
        return OnAccount(self.company, self.signer)

    def bill(self, stay: int, amount: int) -> None:
        """Write a bill down."""
        self.bills.append(Bill(len(self.bills) + 1, stay, amount, amount, self.hotel.steps))

    def open(self) -> list[Bill]:
        """Return what is open, in the order in which it is paid."""
        return [bill for bill in self.bills if bill.left]

    def may_void(self, stay: int, by: int | None = None) -> bool:
        """Say whether the bills of a stay, or of one act, can be taken back: nothing came in on them."""
        return all(bill.left == bill.amount for bill in self._of(stay, by))

    def void(self, stay: int, by: int | None = None) -> None:
        """Take these bills back."""
        for bill in self._of(stay, by):
            bill.left, bill.voided = 0, True

    def _of(self, stay: int, by: int | None) -> list[Bill]:
        return [b for b in self.bills if b.stay == stay and not b.voided and by in (None, b.act)]

    # ------------------------------------------------------------------ what can be done
    @act(2)
    def receive(self) -> Step | None:
        """Take what the company pays: something, all, or a cent more."""
        owed, method, agreed = sum(b.left for b in self.bills), self.any(METHODS), self.chance(2)
        amount = self.hotel.lot.choice((0, 10_000, owed, owed + 1))
        asked = amount > ODD and amount != owed

        def then(number: int) -> None:
            purse = self.hotel.ledger.purse(method)
            made = Receipt([], self.hotel.ledger.move(purse, self.account, amount, method))
            rest, self.receipts[number] = amount, made
            for bill in self.open():
                part = min(rest, bill.left)
                bill.left, rest = bill.left - part, rest - part
                made.parts.append((bill, part))

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

        def then(number: int) -> None:
            made = self.hotel.ledger.move("BADDEBT", self.account, amount, "BADDEBT")
            self.receipts[number] = Receipt([(bill, amount)], made)
            bill.left -= amount

        call = service.write_off.of(
            number=self.company, bill=bill.number, amount=Money(amount), reason="gone"
        )
        return Step(call, 0 < amount <= bill.left, then)

    @act(2)
    def take_back(self) -> Step | None:
        """Take a receipt or what was given up back, once and on its day: its bills are owed again."""
        number = self.mostly(
            lambda n: self.receipts[n].posting.day == self.hotel.today, list(self.receipts)[-RECENT:]
        )
        if number is None:
            return None
        one, why = self.receipts[number], self.any(("typed wrong", "typed wrong", ""))

        def then(_number: int) -> None:
            self.hotel.ledger.undo(one.posting)
            one.undone = True
            for bill, part in one.parts:
                bill.left += part

        may = bool(why) and not one.undone and one.posting.day == self.hotel.today
        may = may and self.hotel.ledger.drawers_open(one.posting)
        return Step(service.take_back.of(receipt=number, reason=why), may, then)

    # ------------------------------------------------------------------ compared
    def says(self) -> Facts:
        """Return what is open on each bill."""
        return {("bill", bill.number): bill.left for bill in self.open()}

    def shows(self, session: Session) -> Facts:
        """Return the same from the hotel's books."""
        return {("bill", row.number): row.left for row in queries.open_bills(session)}
