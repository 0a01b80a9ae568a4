"""Whether the amounts of an order agree: nights against rooms against totals. What does not agree is not
taken."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from .proposal import LESS_COMMISSION, STATED, Night, Open, Proposal


@dataclass(frozen=True)
class Told:
    """The amounts as they stand in the text, in minor units: per night of one room (with breakfasts), without
    tax, the tax, and for how many room nights the settle total is."""

    nights: Sequence[Night] = ()
    net: Sequence[int] = ()
    tax: int | None = None
    rooms: int | None = None
    room_nights: int | None = None
    sell_by_nights: bool = False
    broken: bool = False


def weighed(found: Proposal, told: Told) -> Proposal:
    """Return a proposal with the amounts that agree, and an open point for each that does not; ``nights`` of
    what is told hold their price under ``sell``."""
    opened: list[Open] = []
    made = _totals(found, told, opened)
    made = _nightly(made, told, opened)
    if made.sell is not None and made.settle is not None and made.settle > made.sell:
        opened.append(Open("below", "settle"))
    if made.hours is None and made.sell is None and made.settle is None and not made.nightly:
        opened.append(Open("no_price", "price"))
    elif made.settle is None and made.sell is not None:
        opened.append(Open("no_settle", "settle"))
    return replace(made, open=(*made.open, *opened))


def _totals(found: Proposal, told: Told, opened: list[Open]) -> Proposal:
    sell, settle, commission = found.sell, found.settle, found.commission
    if sell is not None and commission is not None and settle is not None and sell - commission != settle:
        opened.append(Open("sums", "settle", f"{shown(sell)} - {shown(commission)} ≠ {shown(settle)}"))
    if settle is not None:
        return replace(found, settle_basis=STATED)
    if sell is not None and commission is not None:
        return replace(found, settle=sell - commission, settle_basis=LESS_COMMISSION)
    return found


def _nightly(found: Proposal, told: Told, opened: list[Open]) -> Proposal:
    if told.net:
        return _net(found, told, opened)
    if not told.nights and not told.broken:
        if found.sell is not None or found.settle is not None:
            opened.append(Open("unproved", "sell") if not _proved(found) else Open("no_nights", "price"))
        return found
    if told.rooms is not None and found.rooms is not None and told.rooms != found.rooms:
        opened.append(Open("rooms_differ", "rooms", str(told.rooms)))
        return found
    if told.broken or not _covers(found, told.nights):
        opened.append(Open("nights_missing", "price"))
        return found
    return _whose(found, told, opened)


def _whose(found: Proposal, told: Told, opened: list[Open]) -> Proposal:
    """Say whether the prices per night are those that are sold or those that are settled."""
    total = sum(n.sell or 0 for n in told.nights) * (found.rooms or 0)
    nights = tuple(sorted(told.nights, key=lambda n: n.night))
    if found.sell is None and told.sell_by_nights and (found.settle is None or total > found.settle):
        made = replace(found, sell=total, nightly=nights)
        return _settled_by_nights(made, told)
    if total == found.sell:
        return replace(found, nightly=nights)
    if total == found.settle:
        if found.sell is not None:
            opened.append(Open("nights_are_settle", "price"))
        return replace(found, nightly=tuple(replace(n, sell=None, settle=n.sell) for n in nights))
    opened.append(Open("nights_disagree", "price", shown(total)))
    return found


def _settled_by_nights(found: Proposal, told: Told) -> Proposal:
    count = told.room_nights
    if found.settle is None or found.nights != 1 or count != found.rooms or not count or found.settle % count:
        return found
    return replace(found, nightly=tuple(replace(n, settle=found.settle // count) for n in found.nightly))


def _net(found: Proposal, told: Told, opened: list[Open]) -> Proposal:
    total, tax = sum(told.net), told.tax
    if tax is not None and total * (found.rooms or 1) + tax == found.sell:
        opened.append(Open("net", "price", f"{shown(total)} + {shown(tax)} = {shown(found.sell)}"))
        if len(told.net) == found.nights:
            return replace(found, shares=tuple(told.net))
    else:
        opened.append(Open("nights_disagree", "price", shown(total + (tax or 0))))
    return found


def _proved(found: Proposal) -> bool:
    whole = found.sell is not None and found.commission is not None and found.settle is not None
    return whole and found.settle_basis == STATED


def _covers(found: Proposal, nights: Sequence[Night]) -> bool:
    if found.arrival is None or not found.nights or found.rooms is None:
        return False
    wanted = [found.arrival + timedelta(days=n) for n in range(found.nights)]
    return sorted(n.night for n in nights) == wanted


def shown(amount: int) -> str:
    """Return an amount of hundredths for a sentence."""
    return f"{amount // 100:,}.{amount % 100:02}"
