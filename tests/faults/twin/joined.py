"""Joined rooms: who is joined with whom, one payment for several folios, the rest of one handed over."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.core.money import Money
from pms.services.stays import joining
from pms.services.stays.joining import MOST, Due
from pms.services.stays.models import Stay
from tests.faults.twin.money import METHODS, Posting
from tests.faults.twin.part import Facts, Part, Step, act

NO_CHARGE = (*METHODS, "WECHAT", "ALIPAY", "UNIONPAY", "DEPOSIT", "APPLY", "CITY", "COMPANY")
NO_CHARGE += ("STORED", "STOREDGIFT", "POINTS")
"""Codes of what stands on a folio and is no charge: money that went out, say."""


class Joined(Part):
    """Which rooms are joined, and what they pay for one another."""

    def __init__(self, hotel) -> None:
        super().__init__(hotel)
        self.parties: list[set[int]] = []

    def party(self, stay: int) -> set[int]:
        """Return the rooms that a stay is joined with, itself among them; none but itself where it is not."""
        self._sweep()
        return next((one for one in self.parties if stay in one), {stay})

    def _sweep(self) -> None:
        """Let those go whose check-in was taken back; one that is left alone is joined with nobody."""
        undone = {n for n, guest in self.hotel.stays.all.items() if guest.state == "undone"}
        for party in self.parties:
            party -= undone
        self.parties = [party for party in self.parties if len(party) > 1]

    def _two(self) -> tuple[int, int] | None:
        """Return two rooms, mostly joined ones."""
        one, other = self.hotel.stays.somebody(), self.hotel.stays.somebody()
        if one is None or other is None:
            return None
        beside = sorted(self.party(one) - {one})
        return one, (self.any(beside) or other) if beside and not self.chance(4) else other

    def _may(self, *stays: int) -> bool:
        """Say whether these rooms are in house and joined with one another."""
        inside = all(self.hotel.stays.is_here(stay) for stay in stays)
        return inside and len(self.party(stays[0])) > 1 and set(stays) <= self.party(stays[0])

    @act(2)
    def join(self) -> Step | None:
        """Join two rooms with all that they are joined with already."""
        one, other = self.hotel.stays.somebody(), self.hotel.stays.somebody()
        if one is None or other is None:
            return None
        mine, theirs = self.party(one), self.party(other)
        inside = self.hotel.stays.is_here(one) and self.hotel.stays.is_here(other)
        may = inside and one != other and other not in mine and len(mine) + len(theirs) <= MOST

        def then(_none: None) -> None:
            self.parties = [p for p in self.parties if p is not mine and p is not theirs]
            self.parties.append(mine | theirs)

        return Step(joining.join.of(stay_id=one, with_stay_id=other), may, then)

    @act(1)
    def part(self) -> Step | None:
        """Part a room from the others."""
        stay = self.mostly(lambda n: len(self.party(n)) > 1, list(self.hotel.stays.all)[-40:])
        if stay is None:
            return None
        party = self.party(stay)

        def then(_none: None) -> None:
            party.discard(stay)
            self._sweep()

        return Step(joining.part.of(stay_id=stay), len(party) > 1, then)

    @act(2)
    def pay(self) -> Step | None:
        """Take one payment for two folios."""
        two, method = self._two(), self.any((*METHODS, "SHELLS"))
        if two is None:
            return None
        sums = [self.hotel.lot.choice((0, 700, 5000, 60_000)) for _one in two]
        parts = [Due(stay, Money(amount)) for stay, amount in zip(two, sums, strict=True)]
        open_ = self.hotel.shifts.is_open() and method in METHODS
        may = open_ and min(sums) > 0 and two[0] != two[1] and self._may(*two)

        def then(_none: None) -> None:
            move, purse = self.hotel.ledger.move, self.hotel.ledger.purse(method)
            for due in parts:
                move(purse, ("guest", due.stay_id), int(due.amount), method, due.stay_id)

        return Step(joining.pay_joined.of(parts=parts, method=method), may, then, agreed=True)

    @act(2)
    def hand_over(self) -> Step | None:
        """Let what one owes beyond the deposit go to another, the latest charge first."""
        two, ledger = self._two(), self.hotel.ledger
        if two is None:
            return None
        stay, to = two
        going = self._going(stay, ledger.at["guest", stay] + ledger.at["deposit", stay])
        may = stay != to and self._may(stay, to) and bool(going)

        def then(sum_: int) -> None:
            assert sum_ == sum(part for _line, part in going)
            for line, part in going:
                ledger.move(("guest", to), ("guest", stay), part, "TRANSFER", to, of=line)

        return Step(joining.hand_over.of(stay_id=stay, to_stay_id=to), may, then)

    def _going(self, stay: int, owed: int) -> list[tuple[Posting, int]]:
        """Return which charges go, and how much of each."""
        ledger, found = self.hotel.ledger, list[tuple[Posting, int]]()
        for line in reversed(ledger.lines):
            mine = line.debit == ("guest", stay) and line.code not in NO_CHARGE
            part = min(ledger.rest(line), owed) if mine and not (line.reversal or line.undone) else 0
            if part > 0:
                found.append((line, part))
                owed -= part
        return found

    def says(self) -> Facts:
        """Return the parties."""
        self._sweep()
        return {("joined", min(party)): sorted(party) for party in self.parties}

    def shows(self, session: Session) -> Facts:
        """Return the same by the hotel's books."""
        rows = session.execute(select(Stay.joined_to, Stay.id).where(Stay.joined_to.is_not(None)))
        found: dict[int, list[int]] = {}
        for lead, stay in rows:
            found.setdefault(lead, []).append(stay)
        return {("joined", min(party)): sorted(party) for party in found.values()}
