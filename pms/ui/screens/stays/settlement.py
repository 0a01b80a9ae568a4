"""What settling a stay asks for: the deposit covers the folios in order, what is left is paid, what is over goes back."""
from collections.abc import Sequence
from dataclasses import dataclass

from pms.core.money import Money
from pms.services.folios.queries import FolioRow
from pms.services.stays.service import Paid


@dataclass(frozen=True)
class Plan:
    """The settlement of a stay: what each folio still owes, how much goes back, and how much of that is deposit."""

    due: tuple[tuple[str, int], ...]
    back: Money
    of_deposit: Money

    @property
    def to_pay(self) -> Money:
        """Return what is to be paid in all."""
        return Money(sum(amount for _window, amount in self.due))


def plan(accounts: Sequence[FolioRow], late: int) -> Plan:
    """Work the settlement out as the check-out does; ``late`` is what the clock adds to folio A."""
    held = -sum(a.balance for a in accounts if a.ledger == "deposit")
    owed = {a.window: int(a.balance) + (late if a.window == "A" else 0) for a in accounts if a.ledger == "guest"}
    due, credit = [], 0
    for window, balance in sorted(owed.items()):
        used = min(held, max(balance, 0))
        held -= used
        if balance - used > 0:
            due.append((window, balance - used))
        credit += max(-balance, 0)
    return Plan(tuple(due), Money(held + credit), Money(held))


def payments(wanted: Plan, taken: Sequence[tuple[str, int]]) -> list[Paid]:
    """Spread what was taken (method and amount, in order) over the folios that owe."""
    left = [[method, amount] for method, amount in taken]
    made = []
    for window, amount in wanted.due:
        while amount and left:
            part = min(amount, int(left[0][1]))
            if part:
                made.append(Paid(str(left[0][0]), Money(part), window))
            amount, left[0][1] = amount - part, int(left[0][1]) - part
            if not left[0][1]:
                left.pop(0)
    return made
