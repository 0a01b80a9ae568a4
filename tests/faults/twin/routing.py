"""Routing rules: a kind of charge of one guest goes to another's folio, up to a sum."""

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from pms.core.money import Money
from pms.services.folios import routing, rules
from tests.faults.twin.money import Posting
from tests.faults.twin.part import Facts, Part, Step, act

CODES = ("MINIBAR", "LAUNDRY", "ROOM", "SHOP", "", "CASH")


@dataclass
class Rule:
    """Whose charges of which code ("": every one) go to whose folio, up to which sum; what went by it."""

    stay: int
    code: str
    to: int
    most: int | None
    ended: bool = False
    went: list[tuple[Posting, int]] = field(default_factory=list)

    def left(self) -> int | None:
        """Return what of the sum is left; what was taken back does not count."""
        if self.most is None:
            return None
        return max(self.most - sum(amount for line, amount in self.went if not line.undone), 0)


class Routing(Part):
    """Which rules are agreed, and what they do to a charge."""

    def __init__(self, hotel) -> None:
        super().__init__(hotel)
        self.all: dict[int, Rule] = {}

    def rule_for(self, stay: int, code: str, amount: int) -> Rule | None:
        """Return the rule that a charge goes by."""
        mine = [rule for rule in self.all.values() if rule.stay == stay and not rule.ended]
        rule = next((rule for wanted in (code, "") for rule in mine if rule.code == wanted), None)
        if rule is None or amount <= 0 or not self.hotel.stays.is_here(rule.to):
            return None
        return None if rule.left() == 0 else rule

    def charge(self, stay: int, code: str, amount: int, *, number: int = 0) -> Posting:
        """Charge a guest: whoever pays by the rules, and the guest what is over."""
        move, rule = self.hotel.ledger.move, self.rule_for(stay, code, amount)
        if rule is None:
            return move(("guest", stay), code, amount, code, stay, number=number)
        left, payer = rule.left(), ("guest", rule.to)
        made = move(payer, code, amount, code, stay, number=number)
        rule.went.append((made, amount))
        over = 0 if left is None else amount - left
        if over > 0:
            rule.went.append((move(("guest", stay), payer, over, "TRANSFER", stay, of=made), -over))
        return made

    @act(2)
    def add_rule(self) -> Step | None:
        """Agree a rule; for what is no charge, to the own folio or twice for the same it is refused."""
        stays = self.hotel.stays
        stay, to, code = stays.somebody(), stays.somebody(), self.any(CODES)
        if stay is None or to is None:
            return None
        most = self.hotel.lot.choice((None, None, 2000, 40_000))
        twice = any(r.stay == stay and r.code == code and not r.ended for r in self.all.values())
        may = stays.is_here(stay) and stays.is_here(to) and stay != to and code != "CASH" and not twice
        limit = most if most is None else Money(most)

        def then(number: int) -> None:
            self.all[number] = Rule(stay, code, to, most)

        return Step(rules.add_rule.of(stay_id=stay, code=code, to_stay_id=to, most=limit), may, then)

    @act(1)
    def end_rule(self) -> Step | None:
        """End a rule; what went by it stays where it is."""
        number = self.mostly(lambda n: not self.all[n].ended, list(self.all)[-20:])
        if number is None:
            return None
        rule = self.all[number]
        return Step(
            rules.end_rule.of(rule_id=number), not rule.ended, lambda _none: setattr(rule, "ended", True)
        )

    def says(self) -> Facts:
        """Return what went by each rule and stands."""
        return {
            ("routed", number): sum(amount for line, amount in rule.went if not line.undone)
            for number, rule in list(self.all.items())[-40:]
        }

    def shows(self, session: Session) -> Facts:
        """Return the same by the hotel's books."""
        numbers = list(self.all)[-40:]
        found = routing.used(session, numbers)
        return {("routed", number): found.get(number, 0) for number in numbers}
