"""What an invoice names: the kinds of supply behind a stay's charges, with code and rate, to the last coin.

An invoice is written over a sum, not over lines of a folio. Which kinds that sum is of follows from what the
stay was charged: its invoices take of it in the order in which they were wanted, lodging first.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import case, or_, select
from sqlalchemy.orm import Session, aliased

from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.money import Money
from pms.core.options import Options
from pms.services.folios import tax
from pms.services.folios.models import Account, Transfer
from pms.services.folios.payable import CHARGES

from .duty import ITEMS
from .models import Invoice
from .queries import DROPPED

REST = "*"
FOLLOWS = 4
"""How often a posting may stand on another: tax on a service charge of a part of a charge."""
_ITEM = re.compile(r"(\S+)\s+(\S+)\s+(\d{19})\s+(0(?:\.\d{1,4})?)", re.ASCII)


@dataclass(frozen=True)
class Item:
    """A kind of supply as an invoice names it: its words, the tax office's code of 19 figures, its rate as a
    part of one."""

    name: str
    code: str
    rate: str


def known(options: Options) -> dict[str, Item]:
    """Return the hotel's items by transaction code, ``*`` for the rest; refuses what cannot be read."""
    found = dict[str, Item]()
    for line in filter(None, (part.strip() for part in options[ITEMS].split(";"))):
        told = _ITEM.fullmatch(line)
        if told is None:
            raise Refused(
                _("Settings, invoice items: '%(line)s' is not a code, a name, 19 figures and a rate (0.06).")
                % {"line": line}
            )
        code = told[1].upper()
        points = tax.rule(options, code).tax.points if code != REST else options.tax_basis_points
        found[code] = Item(told[2], told[3], f"{points / 10000:g}" if points else told[4])
    if REST not in found:
        raise Refused(_("Settings, invoice items: the line that begins with * is missing."))
    return found


def of(
    session: Session, options: Options, invoices: Sequence[Invoice]
) -> dict[int, list[tuple[Item, Money]]]:
    """Return for each invoice, by its number in the database, its items with their sums, which come to it."""
    items, made = known(options), dict[int, list[tuple[Item, Money]]]()
    stays = {invoice.stay_id for invoice in invoices}
    charged, before = _charged(session, stays), _all_of(session, stays)
    for stay_id in stays:
        left = _grouped(items, charged.get(stay_id, {}))
        for number, amount in before.get(stay_id, ()):
            made[number] = _taken(left, items[REST], amount)
    return {invoice.id: made[invoice.id] for invoice in invoices}


def _charged(session: Session, stays: Collection[int]) -> dict[int, dict[str, int]]:
    """Return what each stay was charged, by transaction code; tax, service charge and rebate go with the
    charge that they stand on."""
    own, other, t = aliased(Account, name="own"), aliased(Account, name="other"), Transfer
    rows = session.execute(
        select(own.stay_id, t.id, t.code, t.slip, case((t.debit_id == own.id, t.amount), else_=-t.amount))
        .select_from(own)
        .join(t, or_(t.debit_id == own.id, t.credit_id == own.id))
        .join(other, other.id == case((t.debit_id == own.id, t.credit_id), else_=t.debit_id))
        .where(own.stay_id.in_(stays), own.ledger == "guest", other.ledger.in_(CHARGES))
        .order_by(t.id)
    ).all()
    codes = {number: (code, slip) for _stay, number, code, slip, _amount in rows}
    sums = dict[int, dict[str, int]]()
    for stay_id, number, _code, _slip, amount in rows:
        by_code = sums.setdefault(stay_id or 0, {})
        code = _root(codes, number)
        by_code[code] = by_code.get(code, 0) + int(amount)
    return sums


def _root(codes: Mapping[int, tuple[str, str]], number: int) -> str:
    """Return the code of the charge on which a posting stands."""
    code, slip = codes[number]
    for _n in range(FOLLOWS):
        if not re.fullmatch(r"X\d{1,18}", slip) or int(slip[1:]) not in codes:
            break
        code, slip = codes[int(slip[1:])]
    return code


def _grouped(items: Mapping[str, Item], by_code: Mapping[str, int]) -> dict[Item, int]:
    """Return the sums by item, the rest (lodging) first; what was given back beyond an item lessens the
    first."""
    sums = {items[REST]: 0}
    for code, amount in by_code.items():
        item = items.get(code, items[REST])
        sums[item] = sums.get(item, 0) + amount
    for item, amount in list(sums.items())[1:]:
        if amount < 0:
            sums[items[REST]] += sums.pop(item)
    return sums


def _all_of(session: Session, stays: Collection[int]) -> dict[int, list[tuple[int, int]]]:
    """Return every invoice of the stays that stands, in their order, with what red letters left of it."""
    i = Invoice
    found = dict[int, list[tuple[int, int]]]()
    asked = select(i.stay_id, i.id, i.amount - i.red).where(i.stay_id.in_(stays), i.state != DROPPED)
    for stay_id, number, amount in session.execute(asked.order_by(i.number)):
        found.setdefault(stay_id, []).append((number, int(amount)))
    return found


def _taken(left: dict[Item, int], rest: Item, amount: int) -> list[tuple[Item, Money]]:
    """Take an amount of what is left; what nothing is left for is lodging."""
    taken = dict[Item, int]()
    for item in left:
        part = max(min(left[item], amount), 0)
        left[item] -= part
        amount -= part
        if part:
            taken[item] = part
    if amount:
        taken[rest] = taken.get(rest, 0) + amount
    return [(item, Money(part)) for item, part in taken.items()]
