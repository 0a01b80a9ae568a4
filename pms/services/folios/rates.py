"""The rates of the taxes on a folio as their postings told them: what held then, whatever the rule is now."""

import re
from collections.abc import Collection, Mapping

from pms.core.money import Money

_RATE = re.compile(r"(?:[\d.,]+ × )?(\d+(?:\.\d+)?) ?%")


def told(rule: str) -> str:
    """Return the rate that a tax line's rule names (``298.00 × 6 %``, ``6 %``); empty where it names none."""
    found = _RATE.match(rule)
    return f"{found[1]} %" if found else ""


def of_line(rule: str, slip: str, corrections: Collection[int]) -> str:
    """Return the rate of a tax line; empty where it follows a correction, whose rule is a clerk's reason."""
    return "" if int(slip[1:] or 0) in corrections else told(rule)


def by_rate(sums: Mapping[str, int]) -> dict[str, Money]:
    """Return the sums by their rates, or in one where a part of them names no rate."""
    if "" in sums:
        return {"": Money(sum(sums.values()))}
    return {rate: Money(amount) for rate, amount in sums.items()}
