"""Members' cards and points: sold, lost, found, replaced; earned by a stay that is paid, spent on a folio,
given back."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.core.money import Money
from pms.services.folios.ledger import ROOM_CODES
from pms.services.members import service
from pms.services.members.models import Member, MemberCard, MemberPoints
from tests.faults.twin.members import CARD, MULTIPLE
from tests.faults.twin.money import METHODS, Posting
from tests.faults.twin.part import Facts, Part, Step, act

RECENT = 20
CODE, SPENT = "MEMBERCARD", "POINTS"


@dataclass
class Spent:
    """Points that one member spent on a stay, and the posting that they made."""

    member: int
    stay: int
    points: int
    posting: Posting
    undone: bool = False


class Cards(Part):
    """What each member has of both, and the stays that count for them."""

    def __init__(self, hotel) -> None:
        super().__init__(hotel)
        self.valid: dict[int, str] = {}
        self.lost: dict[int, list[str]] = {n: [] for n in hotel.members.has}
        self.given: list[str] = []
        self.points = dict.fromkeys(hotel.members.has, 0)
        self.stays: dict[int, int] = {}
        self.spent: dict[int, Spent] = {}
        self.earned: set[int] = set()

    def paid(self, stay: int) -> int:
        """Return how much of a stay was paid with points."""
        return sum(one.points for one in self.spent.values() if one.stay == stay and not one.undone)

    def _somebody(self) -> int:
        return self.any(list(self.points))

    # ------------------------------------------------------------------ cards
    def _paid(self) -> tuple[str, int | None]:
        """Return how a card is paid: a way, one that there is not, or the folio of a stay."""
        stay = self.hotel.stays.somebody() if self.chance(2) else None
        return ("", stay) if stay is not None else (self.any((*METHODS, "SHELLS", "")), None)

    def _new(self) -> str:
        new = f"T{self.hotel.steps:06}"
        return self.any((new, new, new, "A1", self.any(self.given) if self.given else new))

    def _may_be_sold(self, card: str, method: str, stay: int | None, charge: int | None, why: str) -> bool:
        free = len(card) > 3 and card not in self.given
        paid = not (price := CARD if charge is None else charge) or self.hotel.shifts.is_open()
        way = not price or (self.hotel.stays.is_here(stay) if stay is not None else method in METHODS)
        return free and paid and way and (charge is None or charge == CARD or (charge < CARD and bool(why)))

    def _sell(self, member: int, card: str, method: str, stay: int | None, charge: int | None) -> None:
        self.valid[member] = card
        self.given.append(card)
        price, move = CARD if charge is None else charge, self.hotel.ledger.move
        if stay is not None:
            self.hotel.routing.charge(stay, CODE, price)
            return
        move("COUNTER", CODE, price, CODE)
        move(self.hotel.ledger.purse(method), "COUNTER", price, method)

    @act(3)
    def sell_card(self) -> Step:
        """Sell a card: at its price, for less with a reason, for more, which is refused."""
        return self._selling(service.sell_card, lambda member: member not in self.valid)

    @act(2)
    def replace_card(self) -> Step:
        """Give a new card for a lost one."""
        return self._selling(
            service.replace_card,
            lambda n: bool(self.lost[n]) and n not in self.valid,
            lambda n: self.lost[n].pop(),
        )

    def _selling(self, operation, may, before=lambda _member: None) -> Step:
        member, card, (method, stay) = self._somebody(), self._new(), self._paid()
        charge, why = self.hotel.lot.choice((None, None, 0, 5000, CARD, CARD + 1)), self.any(("", "regular"))

        def then(_card: str) -> None:
            before(member)
            self._sell(member, card, method, stay, charge)

        fields = {"method": method, "stay_id": stay, "reason": why}
        fields["charge"] = charge if charge is None else Money(charge)
        good = may(member) and self._may_be_sold(card, method, stay, charge, why)
        return Step(operation.of(number=member, card=card, **fields), good, then)

    @act(2)
    def lose_card(self) -> Step:
        """Report a card lost."""
        member = self._somebody()
        call = service.lose_card.of(number=member)
        return Step(call, member in self.valid, lambda _c: self.lost[member].append(self.valid.pop(member)))

    @act(1)
    def found_again(self) -> Step:
        """Find a card that was lost and not replaced: the latest is valid again."""
        member = self._somebody()

        def then(_card: str) -> None:
            self.valid[member] = self.lost[member].pop()

        may = bool(self.lost[member]) and member not in self.valid
        return Step(service.found_again.of(number=member), may, then)

    # ------------------------------------------------------------------ points
    @act(4)
    def count_stay(self) -> Step | None:
        """Let a stay count for a member, once."""
        stay, member = self.hotel.stays.somebody(), self._somebody()
        if stay is None:
            return None
        may = self.hotel.stays.is_here(stay) and stay not in self.stays
        call = service.count_stay.of(number=member, stay_id=stay)
        return Step(call, may, lambda _none: self.stays.update({stay: member}))

    @act(4)
    def spend(self) -> Step | None:
        """Spend points on a folio, at most what there are and what is owed: a hundred are worth one."""
        stay = self.hotel.stays.somebody()
        member = self.mostly(lambda n: self.points[n] > 0, list(self.points))
        if stay is None:
            return None
        has, owed = self.points[member], self.hotel.ledger.at["guest", stay]
        points = self.hotel.lot.choice((0, min(has, 100), max(min(has, owed), 0), has + 1))

        def then(row: int) -> None:
            made = self.hotel.ledger.move(SPENT, ("guest", stay), points, SPENT, stay)
            self.points[member] -= points
            self.spent[row] = Spent(member, stay, points, made)

        call = service.spend_points.of(number=member, stay_id=stay, points=points)
        return Step(call, self.hotel.stays.is_here(stay) and 0 < points <= min(has, owed), then)

    @act(2)
    def give_back(self) -> Step | None:
        """Take points that were spent back from a folio that is open, once."""
        number = self.any(list(self.spent)[-RECENT:])
        if number is None:
            return None
        one = self.spent[number]

        def then(_row: int) -> None:
            self.hotel.ledger.undo(one.posting)
            self.points[one.member] += one.points
            one.undone = True

        may = not one.undone and self.hotel.stays.is_here(one.stay)
        return Step(service.give_points_back.of(row_id=number, reason="wrong guest"), may, then)

    def night(self) -> None:
        """Whoever left today with all settled earns what the room brought, without what a gift paid."""
        ledger, stays, gifts = self.hotel.ledger, self.hotel.stays, self.hotel.members.gifts
        for stay, member in self.stays.items():
            guest = stays.all[stay]
            if guest.state != "departed" or guest.left_on != self.hotel.today or guest.unsettled:
                continue
            rooms = sum(
                (x.amount - x.tax) * ((x.credit in ROOM_CODES) - (x.debit in ROOM_CODES))
                for x in ledger.lines
                if x.stay == stay
            )
            base = max(rooms - gifts(stay), 0)
            self.points[member] += base * MULTIPLE // 10_000

    # ------------------------------------------------------------------ compared
    def says(self) -> Facts:
        """Return the points and the card of each."""
        cards = {("card", member): card for member, card in self.valid.items()}
        return cards | {("points", member): n for member, n in self.points.items()}

    def shows(self, session: Session) -> Facts:
        """Return the same from the hotel's books."""
        m, c, p = Member, MemberCard, MemberPoints
        cards = session.execute(
            select(m.number, c.card).join(c, c.member_id == m.id).where(c.state == "valid")
        )
        points = session.execute(select(m.number, p.points).outerjoin(p, p.member_id == m.id))
        told: Facts = {("card", number): card for number, card in cards}
        return told | {("points", number): n or 0 for number, n in points}
