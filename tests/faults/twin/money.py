"""Money: every account and what stands on it, each posting that can be taken back, given back or moved."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pms.core.money import Money
from pms.services.folios import service, splitting
from pms.services.folios.ledger import ROOM_CODES
from pms.services.folios.models import Account, Transfer
from pms.services.folios.splitting import Part as Share
from tests.faults.twin.part import Facts, Part, Step, act

METHODS = ("CASH", "BANK", "MOBILE", "WIRE")
WALLETS = ("WECHAT", "ALIPAY", "UNIONPAY")
"""Ways whose payments bear a number."""
TAX = 600
"""What a price includes, in basis points: it moves behind the folio, and only points feel it here."""
ODD = 100_000
"""Beyond it the clerk is asked."""
RECENT = 80
"""Of so many latest postings one is chosen to be put right."""
Name = str | tuple[str, int] | tuple[str, int, str]
"""An account: a code, or a ledger with the stay or the booked room that it is kept for, and of a stay's folio
its letter where it is not A."""


@dataclass(eq=False)
class Posting:
    """An amount from one account to another; ``number`` as the hotel calls it, 0 where it does not tell.

    ``of``: the line that it moves or gives back in part; ``undone``: it was taken back.
    """

    debit: Name
    credit: Name
    amount: int
    code: str
    day: date
    stay: int | None
    number: int = 0
    of: "Posting | None" = None
    reversal: bool = False
    undone: bool = False
    act: int = 0
    tax: int = 0


class Ledger(Part):
    """The books."""

    def __init__(self, hotel) -> None:
        super().__init__(hotel)
        self.at: Counter[Name] = Counter()
        self.lines: list[Posting] = []
        self.numbers: dict[tuple[str, str], Posting] = {}
        """What came by each number of a wallet; one that was taken back is free again."""

    def move(
        self, debit: Name, credit: Name, amount: int, code: str, stay: int | None = None, **more
    ) -> Posting:
        """Move an amount into ``debit``; the other way where it is below nothing."""
        if amount < 0:
            debit, credit, amount = credit, debit, -amount
        made = Posting(debit, credit, amount, code, self.hotel.today, stay, act=self.hotel.steps, **more)
        if credit in ROOM_CODES and not made.reversal:
            made.tax = (2 * amount * TAX + 10_000 + TAX) // (2 * (10_000 + TAX))
        if amount:
            self.at[debit] += amount
            self.at[credit] -= amount
            self.lines.append(made)
        return made

    def purse(self, method: str) -> Name:
        """Return the account of a way to pay at this desk."""
        return f"CASH:{self.hotel.station}" if method == "CASH" else method

    def undo(self, line: Posting, number: int = 0) -> None:
        """Move a line back."""
        line.undone = True
        self.move(
            line.credit,
            line.debit,
            line.amount,
            line.code,
            line.stay,
            number=number,
            reversal=True,
            tax=line.tax,
        )

    def without(self, lines: list[Posting], name: Name) -> int:
        """Return what would stand on an account if these lines were taken back."""
        into = sum(line.amount for line in lines if line.debit == name)
        return self.at[name] - into + sum(line.amount for line in lines if line.credit == name)

    def goods(self, stay: int) -> int:
        """Return what goods stand on a guest's folio today: they come back in the shop, not by the folio."""
        lines = [x for x in self.lines if x.stay == stay and x.code == "SHOP" and x.day == self.hotel.today]
        return sum(x.amount if x.credit == "SHOP" else -x.amount for x in lines)

    def shut(self, line: Posting) -> bool:
        """Say whether a line stands on the folio or deposit of a guest who has left."""
        return any(
            isinstance(name, tuple)
            and name[0] in ("guest", "deposit")
            and not self.hotel.windows.is_open(name[1], name[2] if len(name) > 2 else "A")
            for name in (line.debit, line.credit)
        )

    def drawers_open(self, *lines: Posting) -> bool:
        """Say whether each drawer that these lines moved is open: cash goes back into the same one."""
        names = [name for line in lines for name in (line.debit, line.credit)]
        cash = [n for n in names if isinstance(n, str) and n.startswith("CASH:")]
        return all(self.hotel.shifts.is_open(n.removeprefix("CASH:")) for n in cash)

    def parts(self, line: Posting, code: str = "") -> list[Posting]:
        """Return what was moved or given back of a line and stands."""
        return [x for x in self.lines if x.of is line and not x.undone and code in ("", x.code)]

    def rest(self, line: Posting) -> int:
        """Return what is left of a line: not moved, not given back."""
        return line.amount - sum(x.amount for x in self.parts(line))

    def root(self, line: Posting) -> Posting:
        """Return the charge that a line moved or gave back in part."""
        while line.code in ("TRANSFER", "ADJUST") and line.of:
            line = line.of
        return line

    # ------------------------------------------------------------------ what can be done
    @act(6)
    def charge(self) -> Step | None:
        """Charge something to a folio."""
        stay = self.hotel.stays.somebody()
        if stay is None:
            return None
        lot, code = self.hotel.lot, self.any(("MINIBAR", "LAUNDRY", "PHONE", "DAMAGE", "ROOM"))
        amount, quantity, agreed = (
            lot.choice((0, 900, 1250, 4800, 60_000)),
            lot.choice((1, 1, 2)),
            self.chance(2),
        )
        fields = {"code": code, "amount": Money(amount), "quantity": quantity}
        may = self.hotel.stays.is_here(stay) and amount > 0 and code != "ROOM"
        return Step(
            service.charge.of(stay_id=stay, **fields),
            may and (amount * quantity <= ODD or agreed),
            lambda n: self.hotel.routing.charge(stay, code, amount * quantity, number=n),
            agreed,
        )

    @act(4)
    def pay(self) -> Step | None:
        """Take a payment on a folio: something, or all that is owed."""
        stay = self.hotel.stays.somebody()
        if stay is None:
            return None
        lot, method, agreed = self.hotel.lot, self.any((*METHODS, "SHELLS")), self.chance(2)
        owed = self.at["guest", stay]
        amount = lot.choice((0, 5000, 20_000, 150_000, max(owed, 0)))
        may = self.hotel.stays.is_here(stay) and self.hotel.shifts.is_open() and method in METHODS
        return Step(
            service.pay.of(stay_id=stay, method=method, amount=Money(amount)),
            may
            and amount > 0
            and (agreed or amount <= ODD or amount == owed)
            and (agreed or not self.hotel.attempts.asks(stay, amount)),
            lambda n: self.move(self.purse(method), ("guest", stay), amount, method, stay, number=n),
            agreed,
        )

    @act(3)
    def pay_by_phone(self) -> Step | None:
        """Take a payment by a wallet under its number: a new one, none, one that was posted, or one that was
        taken back."""
        stay = self.hotel.stays.somebody()
        if stay is None:
            return None
        method, used = self.any(WALLETS), [number for _way, number in self.numbers]
        new = f"42{self.hotel.steps:026}"
        number = self.any(("", new, new, used[-1] if used else new, self.any(used) if used else new))
        known = self.numbers.get((method, number))
        may = self.hotel.stays.is_here(stay) and self.hotel.shifts.is_open() and number != ""
        amount = self.hotel.lot.choice((5000, 20_000))

        may = may and not self.hotel.attempts.asks(stay, amount)

        def done(n: int) -> Posting:
            made = self.move(method, ("guest", stay), amount, method, stay, number=n)
            self.numbers[method, number] = made
            return made

        return Step(
            service.pay.of(stay_id=stay, method=method, amount=Money(amount), reference=number),
            may and (known is None or known.undone),
            done,
        )

    @act(3)
    def take_deposit(self) -> Step | None:
        """Take a deposit."""
        stay, method = self.hotel.stays.somebody(), self.any(METHODS)
        if stay is None:
            return None
        amount = self.hotel.lot.choice((0, 10_000, 30_000))
        return Step(
            service.take_deposit.of(stay_id=stay, method=method, amount=Money(amount)),
            self.hotel.stays.is_here(stay)
            and self.hotel.shifts.is_open()
            and amount > 0
            and not self.hotel.attempts.asks(stay, amount),
            lambda _slip: self.move(self.purse(method), ("deposit", stay), amount, "DEPOSIT", stay),
        )

    @act(2)
    def refund_deposit(self) -> Step | None:
        """Give deposit back, at most what is held."""
        stays, method = list(self.hotel.stays.all)[-RECENT:], self.any(METHODS)
        stay = self.mostly(lambda n: self.at["deposit", n] < 0, stays)
        if stay is None:
            return None
        held = -self.at["deposit", stay]
        amount = self.hotel.lot.choice((0, 5000, held, held + 100))
        fields = {"method": method, "amount": Money(amount), "slip_back": self.chance(2)}
        return Step(
            service.refund_deposit.of(stay_id=stay, **fields),
            0 < amount <= held and self.hotel.shifts.is_open(),
            lambda n: self.move(("deposit", stay), self.purse(method), amount, "DEPOSIT", stay, number=n),
        )

    def _some(self, good: Callable[[Posting], bool]) -> Posting | None:
        return self.mostly(good, [line for line in self.lines[-RECENT:] if line.number])

    def some_charge(self) -> Posting | None:
        """Return a line, mostly a charge of which something is left."""
        return self._some(self.bears)

    def _may_be_undone(self, line: Posting) -> bool:
        if line.reversal or line.undone or self.shut(line) or self.parts(line):
            return False
        lender = isinstance(line.credit, tuple) and line.credit[0] in ("deposit", "advance")
        return self.drawers_open(line) and not (lender and -self.at[line.credit] < line.amount)

    @act(3)
    def void(self) -> Step | None:
        """Take a line of today back."""
        line = self._some(self._may_be_undone)
        return line and Step(
            service.void.of(transfer_id=line.number, reason="wrong"),
            self._may_be_undone(line) and line.day == self.hotel.today,
            lambda n: self.undo(line, n),
        )

    @act(1)
    def adjust(self) -> Step | None:
        """Take a line of any day back."""
        line = self._some(self._may_be_undone)
        return line and Step(
            service.adjust.of(transfer_id=line.number, reason="wrong"),
            self._may_be_undone(line),
            lambda n: self.undo(line, n),
        )

    def bears(self, line: Posting) -> bool:
        on_folio = isinstance(line.debit, tuple) and line.debit[0] == "guest"
        return on_folio and not (line.reversal or line.undone or self.shut(line))

    @act(2)
    def rebate(self) -> Step | None:
        """Give a part of a charge back, out of the revenue that it made."""
        line = self._some(self.bears)
        if line is None:
            return None
        rest, first = self.rest(line), self.root(line)
        amount = self.hotel.lot.choice((0, 100, max(rest, 0), rest + 1))

        def back(part: int) -> int:
            given = [x for x in self.lines if x.code == "ADJUST" and not x.undone and self.root(x) is first]
            done = sum(x.amount for x in given) + part
            due = (2 * first.tax * done + first.amount) // (2 * first.amount)
            return max(due - sum(x.tax for x in given), 0)

        return Step(
            service.rebate.of(transfer_id=line.number, amount=Money(amount), reason="cold"),
            self.bears(line) and 0 < amount <= rest,
            lambda n: self.move(
                first.credit, line.debit, amount, "ADJUST", line.stay, number=n, of=line, tax=back(amount)
            ),
        )

    @act(2)
    def transfer_line(self) -> Step | None:
        """Move a charge, or a part of it, to another folio."""
        line, stay = self._some(self.bears), self.hotel.stays.somebody()
        if line is None or stay is None:
            return None
        rest, to = self.rest(line), ("guest", stay)
        amount = self.hotel.lot.choice((None, 100, rest + 1))
        part = rest if amount is None else amount
        fields = {"to_stay_id": stay, "amount": amount if amount is None else Money(amount)}
        return Step(
            service.transfer_line.of(transfer_id=line.number, **fields),
            self.bears(line) and self.hotel.stays.is_here(stay) and to != line.debit and 0 < part <= rest,
            lambda n: self.move(to, line.debit, part, "TRANSFER", stay, number=n, of=line),
        )

    @act(2)
    def split_line(self) -> Step | None:
        """Move parts of a charge, by per cent, to two folios at once; one may be its own."""
        line, stays = self._some(self.bears), [self.hotel.stays.somebody() for _one in range(2)]
        if line is None or None in stays:
            return None
        rest, points = self.rest(line), self.hotel.lot.choice(((5000, 5000), (3333, 3334), (9000, 2000)))
        until = [(2 * rest * done + 10_000) // 20_000 for done in (0, points[0], sum(points))]
        sums = [until[1] - until[0], until[2] - until[1]]
        parts = [Share(stay, points=p) for stay, p in zip(stays, points, strict=True)]
        going = [(n, sum_) for n, sum_ in zip(stays, sums, strict=True) if ("guest", n) != line.debit]
        inside = all(self.hotel.stays.is_here(stay) for stay in stays)

        def done(numbers: list[int]) -> None:
            for number, (stay, sum_) in zip(numbers, going, strict=True):
                self.move(("guest", stay), line.debit, sum_, "TRANSFER", stay, number=number, of=line)

        return Step(
            splitting.split_line.of(transfer_id=line.number, parts=parts, reason="two pay"),
            self.bears(line) and inside and bool(going) and min(sums) > 0 and sum(points) <= 10_000,
            done,
        )

    # ------------------------------------------------------------------ compared
    def says(self) -> Facts:
        """Return what stands on each account."""
        return {("account", name): amount for name, amount in self.at.items() if amount}

    def shows(self, session: Session) -> Facts:
        """Return the same, added up from the hotel's postings but for the tax that prices include."""
        t, a, found = Transfer, Account, Counter()
        for column, sign in ((t.debit_id, 1), (t.credit_id, -1)):
            sums = session.execute(select(column, func.sum(t.amount)).where(t.code != "TAX").group_by(column))
            found.update({number: sign * int(amount) for number, amount in sums})
        names = {
            x.id: x.code or (x.ledger, x.line_id or x.stay_id, *x.window.replace("A", ""))
            for x in session.execute(select(a.id, a.code, a.ledger, a.stay_id, a.line_id, a.window))
        }
        return {("account", names[number]): amount for number, amount in found.items() if amount}
