"""What settling a stay asks for: the deposit covers the folios in order, what is left is paid, what is over
goes back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pms.core.money import Money
from pms.services.folios.queries import FolioRow
from pms.services.stays.service import Paid


@dataclass(frozen=True)
class Settled:
    """How a check-out was settled at the desk: what came in by which way, the cash that was counted, what was
    given back, and what was left to the city ledger. The ledger keeps the sums, only the desk sees the
    change."""

    taken: tuple[tuple[str, int], ...] = ()
    received: int = 0
    change: int = 0
    back: tuple[str, int] = ("", 0)
    left: int = 0
    bill: bool = False


@dataclass(frozen=True)
class Plan:
    """The settlement of a stay: what each folio still owes, how much goes back, and how much of that is
    deposit."""

    due: tuple[tuple[str, int], ...]
    back: Money
    of_deposit: Money

    @property
    def to_pay(self) -> Money:
        """Return what is to be paid in all."""
        return Money(sum(amount for _window, amount in self.due))


def plan(
    accounts: Sequence[FolioRow],
    late: int,
    *,
    elsewhere: Mapping[str, int] | None = None,
    on_account: bool = False,
) -> Plan:
    """Work the settlement out as the check-out does; ``late`` is what is added to folio A now, ``elsewhere``
    what goes by a routing rule to the stay's other folios. ``on_account``: a company pays, and the guest's
    deposit goes back whole."""
    held = -sum(a.balance for a in accounts if a.ledger == "deposit")
    owed = {
        a.window: int(a.own) + (late if a.window == "A" else 0) + (elsewhere or {}).get(a.window, 0)
        for a in accounts
        if a.ledger == "guest"
    }
    due, credit = [], 0
    for window, balance in sorted(owed.items()):
        used = 0 if on_account else min(held, max(balance, 0))
        held -= used
        if balance - used > 0:
            due.append((window, balance - used))
        credit += max(-balance, 0)
    return Plan(tuple(due), Money(held + credit), Money(held))


def payments(wanted: Plan, taken: Sequence[tuple[str, int, str]]) -> list[Paid]:
    """Spread what was taken (method, amount and transaction number, in order) over the folios that owe."""
    left, made = [one for one in taken if one[1] > 0], []
    for window, amount in wanted.due:
        while amount and left:
            method, held, number = left.pop(0)
            part = min(amount, held)
            made.append(Paid(method, Money(part), window, number))
            amount -= part
            if held > part:
                left.insert(0, (method, held - part, number))
    return made
