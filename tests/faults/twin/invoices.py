"""Invoices: what is wanted, issued, taken back by red letters or called off, never more than what was charged
and paid."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.core.money import Money
from pms.services.invoices import service
from pms.services.invoices.models import Invoice, InvoicedStay
from tests.faults.twin.part import DAY, Facts, Part, Step, act

RECENT = 25
BUYERS = (
    ("Twin & Co", "91350211M000100Y46", False),
    ("Guest", "", True),
    ("Twin & Co", "", False),
    ("Guest", "91350211M000100Y46", True),
    ("", "", True),
)
"""Who wants one: its name, its tax number, whether it is a person; the last three are refused."""
GOOD = 2


@dataclass
class Letter:
    """An invoice of a stay: its sum, what red letters took back, how it stands."""

    number: int
    stay: int
    amount: int
    state: str = "wanted"
    red: int = 0


class Invoices(Part):
    """What is invoiced."""

    def __init__(self, hotel) -> None:
        super().__init__(hotel)
        self.all: list[Letter] = []
        self.serials: list[str] = []

    def invoiced(self, stay: int) -> int:
        """Return what is invoiced of a stay and stands."""
        return sum(x.amount - x.red for x in self.all if x.stay == stay and x.state != "dropped")

    def payable(self, stay: int) -> int:
        """Return what was both charged and paid on the folios of a stay."""
        charged = paid = 0
        kinds = self.hotel.kinds
        for line in self.hotel.ledger.lines:
            for mine, other, sign in ((line.debit, line.credit, 1), (line.credit, line.debit, -1)):
                if not (isinstance(mine, tuple) and mine[:2] == ("guest", stay)):
                    continue
                kind = other[0] if isinstance(other, tuple) else kinds(other)
                charged += sign * line.amount * (kind in ("revenue", "tax"))
                paid -= sign * line.amount * (kind in ("payment", "deposit"))
        return max(min(charged, paid), 0)

    def _serial(self) -> str:
        new = f"{self.hotel.steps:020}"
        return self.any((new, new, new, new[1:], self.serials[-1] if self.serials else new))

    def _fits(self, serial: str) -> bool:
        return len(serial) == 20 and serial not in self.serials

    def _one(self, state: str) -> Letter | None:
        return self.mostly(lambda x: x.state == state, self.all[-RECENT:])

    def _day(self) -> date:
        return self.hotel.today + DAY * self.hotel.lot.choice((0, 0, 0, 1))

    # ------------------------------------------------------------------ what can be done
    @act(5)
    def want(self) -> Step | None:
        """Take a wish: of a part, of all that is left, of a cent more."""
        stay = self.any(list(self.hotel.stays.all)[-RECENT:])
        if stay is None:
            return None
        buyer, number, person = who = BUYERS[self.hotel.lot.choice((0, 0, 1, 1, 2, 3, 4))]
        left = self.payable(stay) - self.invoiced(stay)
        amount = self.hotel.lot.choice((0, 100, max(left, 0), max(left, 0), max(left, 0) + 1))
        call = service.want.of(
            stay_id=stay, buyer=buyer, amount=Money(amount), tax_number=number, individual=person
        )
        may = 0 < amount <= left and BUYERS.index(who) < GOOD
        return Step(call, may, lambda n: self.all.append(Letter(n, stay, amount)))

    @act(2)
    def drop(self) -> Step | None:
        """Call one off."""
        one, why = self._one("wanted"), self.any(("no need", "no need", ""))
        if one is None:
            return None
        call = service.drop.of(number=one.number, reason=why)
        return Step(call, one.state == "wanted" and bool(why), lambda _n: setattr(one, "state", "dropped"))

    @act(4)
    def issue(self) -> Step | None:
        """Note the number of one: its own, a short one, one that is here already, or of a day to come."""
        one, serial, day = self._one("wanted"), self._serial(), self._day()
        if one is None:
            return None

        def then(_none: None) -> None:
            one.state = "issued"
            self.serials.append(serial)

        call = service.issue.of(number=one.number, serial=serial, issued_on=day)
        may = one.state == "wanted" and self._fits(serial) and day <= self.hotel.today
        return Step(call, may, then)

    @act(3)
    def take_back(self) -> Step | None:
        """Enter a red letter: for a part, the rest, or a cent more than that."""
        one, serial, day = self._one("issued"), self._serial(), self._day()
        if one is None:
            return None
        rest = one.amount - one.red
        amount = self.hotel.lot.choice((0, 50, rest, rest + 1))

        def then(_none: None) -> None:
            one.red += amount
            self.serials.append(serial)

        call = service.take_back.of(
            number=one.number, serial=serial, amount=Money(amount), reason="error", issued_on=day
        )
        may = one.state == "issued" and 0 < amount <= rest and self._fits(serial)
        return Step(call, may and day <= self.hotel.today, then)

    # ------------------------------------------------------------------ compared
    def says(self) -> Facts:
        """Return how each stands, and what is invoiced of each stay."""
        told: Facts = {("invoice", x.number): (x.state, x.amount, x.red) for x in self.all}
        return told | {("invoiced", n): s for n in {x.stay for x in self.all} if (s := self.invoiced(n))}

    def shows(self, session: Session) -> Facts:
        """Return the same from the hotel's books."""
        i, s = Invoice, InvoicedStay
        rows = session.execute(select(i.number, i.state, i.amount, i.red))
        sums = session.execute(select(s.stay_id, s.invoiced).where(s.invoiced != 0))
        told: Facts = {("invoice", number): (state, amount, red) for number, state, amount, red in rows}
        return told | {("invoiced", stay): amount for stay, amount in sums}
