"""Folios B to H of a stay: opened for other payers, charged, moved to, paid, and settled one by one."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.core.money import Money
from pms.services.folios import service as folios
from pms.services.folios.models import Account
from pms.services.stays import service as stays
from tests.faults.twin.money import METHODS, ODD, Name
from tests.faults.twin.part import Facts, Part, Step, act

OWN, LETTERS = "A", "BCDEFGH"
RECENT = 40


class Windows(Part):
    """Which folios each stay has beside its own, and which of them are open."""

    def __init__(self, hotel) -> None:
        super().__init__(hotel)
        self.all: dict[int, dict[str, bool]] = {}

    def name(self, stay: int, window: str) -> Name:
        """Return the account of a folio."""
        return ("guest", stay) if window == OWN else ("guest", stay, window)

    def names(self, stay: int) -> dict[str, Name]:
        """Return every folio of a stay by its letter, in their order."""
        return {w: self.name(stay, w) for w in (OWN, *sorted(self.all.get(stay, ())))}

    def is_open(self, stay: int, window: str) -> bool:
        """Say whether a folio can be charged and paid."""
        return self.hotel.stays.is_here(stay) and (window == OWN or self.all.get(stay, {}).get(window, False))

    def opened(self, stay: int) -> None:
        """Open every folio of a stay whose check-out is taken back."""
        for window in self.all.get(stay, ()):
            self.all[stay][window] = True

    def _some(self) -> tuple[int, str] | None:
        """Return a stay and a folio, mostly one that is open."""
        all_ = [(n, w) for n in list(self.hotel.stays.all)[-RECENT:] for w in self.names(n) if w != OWN]
        some = self.mostly(lambda at: self.is_open(*at), all_)
        if self.chance(4) or some is None:
            stay = self.hotel.stays.somebody()
            return None if stay is None else (stay, self.any((OWN, "B", "H")))
        return some

    # ------------------------------------------------------------------ what can be done
    @act(3)
    def open(self) -> Step | None:
        """Open a folio for another payer; the ninth is refused, and one of nobody."""
        stay = self.hotel.stays.somebody()
        if stay is None:
            return None
        payer, mine = self.any(("Firm", "Firm", "Friend", " ")), self.all.get(stay, {})
        may = self.hotel.stays.is_here(stay) and len(mine) < len(LETTERS) and bool(payer.strip())

        def then(window: str) -> None:
            assert window == LETTERS[len(mine)], "opened another folio"
            self.all.setdefault(stay, {})[window] = True

        return Step(folios.open_window.of(stay_id=stay, payer=payer), may, then)

    @act(3)
    def charge(self) -> Step | None:
        """Charge a folio that is named: no rule leads elsewhere from B to H."""
        at = self._some()
        if at is None or at[1] == OWN:
            return None
        (stay, window), amount = at, self.hotel.lot.choice((0, 1, 333, 4800))
        code, ledger = self.any(("MINIBAR", "LAUNDRY", "PHONE")), self.hotel.ledger
        call = folios.charge.of(stay_id=stay, code=code, amount=Money(amount), window=window)
        name = self.name(stay, window)
        return Step(
            call,
            self.is_open(stay, window) and amount > 0,
            lambda n: ledger.move(name, code, amount, code, stay, number=n),
        )

    @act(2)
    def pay(self) -> Step | None:
        """Pay a folio that is named, more than it owes too: it stands in credit then."""
        at = self._some()
        if at is None or at[1] == OWN:
            return None
        (stay, window), method, ledger = at, self.any(METHODS), self.hotel.ledger
        name, agreed = self.name(stay, window), self.chance(2)
        amount = self.hotel.lot.choice((0, 100, 5000, max(ledger.at[name], 0)))
        may = self.is_open(stay, window) and self.hotel.shifts.is_open() and amount > 0
        odd = amount > ODD and amount != ledger.at[name]
        may = may and (agreed or not (odd or self.hotel.attempts.asks(stay, amount)))
        call = folios.pay.of(stay_id=stay, method=method, amount=Money(amount), window=window)
        return Step(
            call,
            may,
            lambda n: ledger.move(ledger.purse(method), name, amount, method, stay, number=n),
            agreed,
        )

    @act(3)
    def transfer(self) -> Step | None:
        """Move a charge, or a part of it, to a folio that is named."""
        ledger, at = self.hotel.ledger, self._some()
        line = ledger.some_charge()
        if at is None or line is None:
            return None
        (stay, window), rest = at, ledger.rest(line)
        to, part = self.name(stay, window), self.hotel.lot.choice((rest, rest, 1, (rest + 1) // 3, rest + 1))
        may = ledger.bears(line) and self.is_open(stay, window) and to != line.debit and 0 < part <= rest
        call = folios.transfer_line.of(
            transfer_id=line.number, to_stay_id=stay, to_window=window, amount=Money(part)
        )
        return Step(
            call, may, lambda n: ledger.move(to, line.debit, part, "TRANSFER", stay, number=n, of=line)
        )

    @act(4)
    def settle(self) -> Step | None:
        """Settle one folio alone: paid, given back, to the company, or by a sum that is not so any more."""
        at = self._some()
        if at is None:
            return None
        (stay, window), ledger, way = at, self.hotel.ledger, self.any(METHODS)
        name, company = self.name(stay, window), self.chance(3)
        owed = ledger.at[name]
        said = self.hotel.lot.choice((owed, owed, owed, owed + 1))
        may = self.is_open(stay, window) and said == owed
        may = may and not (company and owed < 0)
        may = may and (not owed or (company and owed > 0) or self.hotel.shifts.is_open())

        def then(_none: None) -> None:
            if company and owed:
                self.hotel.debts.bill(stay, owed)
                ledger.move(self.hotel.debts.account, name, owed, "COMPANY", stay)
            else:
                ledger.move(ledger.purse(way), name, owed, way, stay)
            if window != OWN:
                self.all[stay][window] = False

        told = self.hotel.debts.told if company else None
        call = stays.settle_window.of(
            stay_id=stay, window=window, amount=Money(said), method=way, on_account=told
        )
        return Step(call, may, then)

    # ------------------------------------------------------------------ compared
    def says(self) -> Facts:
        """Return which folios of guests in house are open."""
        return {
            ("folio", stay, window): self.is_open(stay, window)
            for stay in self.all
            if self.hotel.stays.is_here(stay)
            for window in self.all[stay]
        }

    def shows(self, session: Session) -> Facts:
        """Return the same from the hotel's books."""
        a, here = Account, [n for n in self.all if self.hotel.stays.is_here(n)]
        rows = session.execute(
            select(a.stay_id, a.window, a.closed).where(
                a.ledger == "guest", a.window != OWN, a.stay_id.in_(here)
            )
        )
        return {("folio", stay, window): not closed for stay, window, closed in rows}
