"""Members' stored value: what each has, paid and given apart, and the payments that can be taken back."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.core.money import Money
from pms.core.options import Options
from pms.services.members import service
from pms.services.members.duty import GIFT_FROM, GIFT_PERCENT, LAST, POINTS, STORED
from pms.services.members.models import Member, MemberPurse
from tests.faults.twin.money import METHODS, ODD
from tests.faults.twin.part import Facts, Part, Step, act

PERCENT, FROM = 10, 20_000
CARD, MULTIPLE = 9800, 150
"""What a card costs, and how many times the points the level earns, in per cent."""


def switched_on(options: Options) -> Options:
    """Return the hotel's rules with stored value, a gift of ten per cent, and points that stay."""
    on = options.changing(STORED, True).changing(POINTS, True).changing(LAST, 0)
    return on.changing(GIFT_PERCENT, PERCENT).changing(GIFT_FROM, FROM)


@dataclass
class Use:
    """A payment with stored value: whose, on which stay, its two parts."""

    member: int
    stay: int
    paid: int
    gift: int
    undone: bool = False


class Members(Part):
    """Three members, known before the first day."""

    def __init__(self, hotel) -> None:
        super().__init__(hotel)
        do = hotel.house.do
        level = do(service.add_level.of(name="Gold", card_price=Money(CARD), multiple=MULTIPLE))
        self.has: dict[int, list[int]] = {}
        self.uses: dict[int, Use] = {}
        for name, phone in (("Wu Lan", "13600001111"), ("Hu Yi", "13600002222"), ("Ma Li", "13600003333")):
            joined = service.join.of(name=name, phone=phone, level_id=level)
            self.has[do(joined, intent=f"member-{phone}")] = [0, 0]

    def gifts(self, stay: int) -> int:
        """Return how much of a stay was paid with gifts."""
        return sum(use.gift for use in self.uses.values() if use.stay == stay and not use.undone)

    def paid(self, stay: int) -> int:
        """Return how much of a stay was paid with stored value."""
        mine = [use for use in self.uses.values() if use.stay == stay and not use.undone]
        return sum(use.paid + use.gift for use in mine)

    def _move(self, member: int, paid: int, gift: int) -> None:
        self.has[member][0] += paid
        self.has[member][1] += gift

    @act(3)
    def charge_up(self) -> Step:
        """Charge stored value up, with the gift of the rule."""
        member, method = self.any(list(self.has)), self.any((*METHODS, "SHELLS"))
        amount, agreed = self.hotel.lot.choice((0, 5000, 19_999, 20_000, 60_050, 150_000)), self.chance(2)
        gift = amount * PERCENT // 100 if amount >= FROM else 0

        def then(_row: int) -> None:
            ledger = self.hotel.ledger
            ledger.move(ledger.purse(method), "STORED", amount, "STORED")
            ledger.move("GIFT", "STOREDGIFT", gift, "STOREDGIFT")
            self._move(member, amount, gift)

        return Step(
            service.charge_up.of(number=member, amount=Money(amount), method=method),
            method in METHODS and amount > 0 and self.hotel.shifts.is_open() and (amount <= ODD or agreed),
            then,
            agreed,
        )

    @act(4)
    def pay(self) -> Step | None:
        """Pay a folio with stored value, the paid part first."""
        stay, member = self.hotel.stays.somebody(), self.any(list(self.has))
        if stay is None:
            return None
        owed, (paid, gift) = max(self.hotel.ledger.at["guest", stay], 0), self.has[member]
        most = min(owed, paid + gift)
        amount = self.hotel.lot.choice((0, 3000, most, most, most + 1))
        first = min(paid, amount)

        def then(row: int) -> None:
            for code, part in (("STORED", first), ("STOREDGIFT", amount - first)):
                self.hotel.ledger.move(code, ("guest", stay), part, code, stay)
            self._move(member, -first, first - amount)
            self.uses[row] = Use(member, stay, first, amount - first)

        return Step(
            service.pay.of(number=member, stay_id=stay, amount=Money(amount)),
            self.hotel.stays.is_here(stay) and 0 < amount <= most,
            then,
        )

    @act(2)
    def refund(self) -> Step:
        """Give back of the paid part; its gift goes along."""
        member, method = self.any(list(self.has)), self.any(METHODS)
        paid, gift = self.has[member]
        amount = self.hotel.lot.choice((0, 1000, paid, paid + 1))
        gone = gift * amount // paid if paid else 0

        def then(_row: int) -> None:
            ledger = self.hotel.ledger
            ledger.move("STORED", ledger.purse(method), amount, "STORED")
            ledger.move("STOREDGIFT", "GIFT", gone, "STOREDGIFT")
            self._move(member, -amount, -gone)

        return Step(
            service.refund.of(number=member, amount=Money(amount), method=method, reason="moves away"),
            0 < amount <= paid and self.hotel.shifts.is_open(),
            then,
        )

    @act(2)
    def take_back(self) -> Step | None:
        """Take a payment back from a folio that is open."""
        number = self.any(list(self.uses)[-20:])
        if number is None:
            return None
        use = self.uses[number]

        def then(_row: int) -> None:
            for code, part in (("STORED", use.paid), ("STOREDGIFT", use.gift)):
                self.hotel.ledger.move(("guest", use.stay), code, part, code, use.stay)
            self._move(use.member, use.paid, use.gift)
            use.undone = True

        return Step(
            service.take_back.of(row_id=number, reason="wrong guest"),
            not use.undone and self.hotel.stays.is_here(use.stay),
            then,
        )

    def says(self) -> Facts:
        """Return what each member has."""
        return {("stored", number): tuple(parts) for number, parts in self.has.items()}

    def shows(self, session: Session) -> Facts:
        """Return the same from the hotel's books."""
        p = MemberPurse
        found = session.execute(select(Member.number, p.paid, p.gift).outerjoin(p, p.member_id == Member.id))
        return {("stored", row.number): (row.paid or 0, row.gift or 0) for row in found}
