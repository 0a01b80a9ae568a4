"""House accounts: folios without a stay, charged, paid, moved to and from a guest's, closed at nothing."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.core.money import Money
from pms.services.folios.ledger import CODES, OF_HOUSE
from pms.services.house_accounts import service
from pms.services.house_accounts.models import HouseAccount
from tests.faults.twin.money import METHODS, ODD, Posting
from tests.faults.twin.part import Facts, Part, Step, act

RECENT = 12
MOVABLE = {code for code, _name, kind, *_more in CODES if kind in ("charge", "transfer", "opening")}


@dataclass
class House:
    """One account, with its lines by their numbers."""

    number: int
    name: str
    limit: int
    closed_on: date | None = None
    lines: dict[int, Posting] = field(default_factory=dict)

    @property
    def at(self) -> str:
        """Return its account in the books."""
        return f"{OF_HOUSE}{self.number}"


class HouseAccounts(Part):
    """What is charged to no guest. Who works here may let an account go beyond its limit."""

    def __init__(self, hotel) -> None:
        super().__init__(hotel)
        self.all: list[House] = []

    def shut(self, lines: list[Posting]) -> bool:
        """Say whether any of these lines moved an account that is closed."""
        closed = {one.at for one in self.all if one.closed_on}
        return any(name in closed for line in lines for name in (line.debit, line.credit))

    def _some(self) -> House | None:
        return self.mostly(lambda one: one.closed_on is None, self.all[-RECENT:])

    def _owed(self, one: House) -> int:
        return self.hotel.ledger.at[one.at]

    def _taken(self, name: str) -> bool:
        return any(one.name == name and one.closed_on is None for one in self.all)

    # ------------------------------------------------------------------ what can be done
    @act(1)
    def open(self) -> Step | None:
        """Open one; two of a name are never open at once."""
        name, limit = self.any(("Meeting", "Meals", "Keys", " ")), self.any((0, 5_000, 90_000))
        told = {"name": name, "responsible": "Li Na", "reason": "guests", "limit": Money(limit)}
        may = bool(name.strip()) and limit > 0 and not self._taken(name)
        return Step(service.open_account.of(**told), may, lambda n: self.all.append(House(n, name, limit)))

    @act(3)
    def charge(self) -> Step | None:
        """Charge one."""
        one = self._some()
        if one is None:
            return None
        code, agreed = self.any(("MISC", "BUSINESS", "ROOM")), self.chance(2)
        amount = self.hotel.lot.choice((0, 900, 4_800, 150_000))

        def then(n: int) -> None:
            one.lines[n] = self.hotel.ledger.move(one.at, code, amount, code)

        may = one.closed_on is None and amount > 0 and code != "ROOM" and (amount <= ODD or agreed)
        call = service.charge.of(number=one.number, code=code, amount=Money(amount))
        return Step(call, may, then, agreed)

    @act(2)
    def pay(self) -> Step | None:
        """Take a payment, at most what is owed."""
        one, method = self._some(), self.any((*METHODS, "SHELLS"))
        if one is None:
            return None
        owed, agreed = self._owed(one), self.chance(2)
        amount = self.hotel.lot.choice((0, 500, max(owed, 0), max(owed, 0) + 1))

        def then(n: int) -> None:
            purse = self.hotel.ledger.purse(method)
            one.lines[n] = self.hotel.ledger.move(purse, one.at, amount, method)

        may = one.closed_on is None and 0 < amount <= owed and method in METHODS
        may = may and (amount <= ODD or amount == owed or agreed) and self.hotel.shifts.is_open()
        call = service.pay.of(number=one.number, method=method, amount=Money(amount))
        return Step(call, may, then, agreed)

    @act(2)
    def take_over(self) -> Step | None:
        """Move a charge, or a part of it, from a guest's folio here."""
        one, ledger = self._some(), self.hotel.ledger
        line = ledger.some_charge()
        if one is None or line is None:
            return None
        rest = ledger.rest(line)
        amount = self.any((None, 100, rest + 1))
        part = rest if amount is None else amount

        def then(n: int) -> None:
            one.lines[n] = ledger.move(one.at, line.debit, part, "TRANSFER", of=line)

        may = one.closed_on is None and ledger.bears(line) and line.code in MOVABLE and 0 < part <= rest
        fields = {"number": one.number, "transfer_id": line.number, "reason": "host"}
        call = service.take_over.of(**fields, amount=amount if amount is None else Money(amount))
        return Step(call, may, then)

    def _bears(self, one: House, line: Posting) -> bool:
        return line.debit == one.at and not (line.reversal or line.undone or self.hotel.ledger.shut(line))

    def _line(self, one: House) -> tuple[int, Posting] | None:
        latest = list(one.lines.items())[-RECENT:]
        return self.mostly(lambda pair: not pair[1].undone, latest)

    @act(2)
    def hand_over(self) -> Step | None:
        """Move a charge, or a part of it, from here to a guest's folio."""
        one, stay, ledger = self._some(), self.hotel.stays.somebody(), self.hotel.ledger
        found = one and self._line(one)
        if one is None or not found or stay is None:
            return None
        number, line = found
        rest = ledger.rest(line)
        amount = self.any((None, 100, rest + 1))
        part = rest if amount is None else amount

        def then(n: int) -> None:
            one.lines[n] = ledger.move(("guest", stay), one.at, part, "TRANSFER", stay, of=line)

        may = one.closed_on is None and self._bears(one, line) and line.code in MOVABLE
        may = may and self.hotel.stays.is_here(stay) and 0 < part <= rest and part <= self._owed(one)
        fields = {"number": one.number, "transfer_id": number, "stay_id": stay, "reason": "his"}
        call = service.hand_over.of(**fields, amount=amount if amount is None else Money(amount))
        return Step(call, may, then)

    @act(2)
    def void(self) -> Step | None:
        """Take a line of today back, as long as the account does not fall below nothing."""
        one, ledger = self._some(), self.hotel.ledger
        found = one and self._line(one)
        if one is None or not found:
            return None
        number, line = found
        may = one.closed_on is None and line.day == self.hotel.today
        may = may and not (line.reversal or line.undone or ledger.shut(line) or ledger.parts(line))
        may = may and ledger.drawers_open(line)
        may = may and (line.debit != one.at or line.amount <= self._owed(one))
        call = service.void.of(number=one.number, transfer_id=number, reason="wrong")
        return Step(call, may, lambda _n: ledger.undo(line))

    @act(2)
    def close(self) -> Step | None:
        """Close one that owes nothing."""
        one = self.mostly(lambda x: x.closed_on is None and not self._owed(x), self.all[-RECENT:])
        if one is None:
            return None

        def then(_none: None) -> None:
            one.closed_on = self.hotel.today

        return Step(service.close.of(number=one.number), one.closed_on is None and not self._owed(one), then)

    @act(1)
    def reopen(self) -> Step | None:
        """Open one again on the day it was closed."""
        one = self.mostly(lambda x: x.closed_on == self.hotel.today, self.all[-RECENT:])
        if one is None:
            return None

        def then(_none: None) -> None:
            one.closed_on = None

        may = one.closed_on == self.hotel.today and not self._taken(one.name)
        return Step(service.reopen.of(number=one.number, reason="more"), may, then)

    # ------------------------------------------------------------------ compared
    def says(self) -> Facts:
        """Return the limit of each, and when it was closed."""
        return {("house account", one.number): (one.limit, one.closed_on) for one in self.all}

    def shows(self, session: Session) -> Facts:
        """Return the same from the hotel's books."""
        h = HouseAccount
        rows = session.execute(select(h.number, h.credit_limit, h.closed_on))
        return {("house account", number): (limit, closed) for number, limit, closed in rows}
