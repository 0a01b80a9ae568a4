"""What lies on the counter: the lines of the sale that is being made."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pms.core.money import Money
from pms.services.shop.queries import GoodRow
from pms.services.shop.service import Item


@dataclass(frozen=True)
class Line:
    """So many of one good."""

    good: GoodRow
    quantity: int

    @property
    def amount(self) -> Money:
        """Return what the line costs."""
        return Money(self.good.price * self.quantity)


class Basket:
    """The lines in the order they came; the same good again adds to its line."""

    def __init__(self) -> None:
        self.lines: list[Line] = []

    def add(self, good: GoodRow, quantity: int = 1) -> None:
        """Put more of a good on the counter, or take some away; a line without any left goes."""
        at = next((n for n, line in enumerate(self.lines) if line.good.id == good.id), None)
        if at is None:
            self.lines.append(Line(good, quantity))
        else:
            self.lines[at] = replace(self.lines[at], quantity=self.lines[at].quantity + quantity)
        self.lines = [line for line in self.lines if line.quantity > 0]

    def drop(self, good_id: int) -> None:
        """Take a good off the counter."""
        self.lines = [line for line in self.lines if line.good.id != good_id]

    def clear(self) -> None:
        """Begin a new sale."""
        self.lines = []

    @property
    def total(self) -> Money:
        """Return what all lines cost, before tax that the house adds."""
        return Money(sum(line.amount for line in self.lines))

    def items(self) -> Sequence[Item]:
        """Return the lines as the service takes them."""
        return [Item(line.good.id, line.quantity) for line in self.lines]
