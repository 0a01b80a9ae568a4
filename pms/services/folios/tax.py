"""Tax and service charge: the one place that knows the rule of a transaction code and what follows a charge.

A price either includes them or they come on top. What is on top stands on the payer's folio as lines of its
own; what is included is one line on the folio and moves behind it from the revenue to the tax account. Every
such row carries the number of its charge (``X12``), so that it goes where the charge goes: moved, split,
voided or given back in part.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, case, exists, func, literal_column, select
from sqlalchemy.orm import aliased

from pms.core.i18n import _
from pms.core.money import Money, scaled, show
from pms.core.options import Levy, Options
from pms.db.work import Work

from . import ledger
from .models import Account, Transfer, on_slips

WHOLE = 10000
Whole = SQLColumnExpression[Any]
UNTAXED = ("TAX", "NOSHOW", "TRANSFER", "OPENING")
"""Codes that bear no tax unless the hotel says so: what nobody supplied, and what is no charge."""


@dataclass(frozen=True)
class Share:
    """A tax or a service charge: its part of a hundred per cent, and whether the price holds it already."""

    points: int
    included: bool

    @property
    def divisor(self) -> int:
        """Return what ``amount × points`` is divided by."""
        return WHOLE + self.points if self.included else WHOLE

    @property
    def words(self) -> str:
        """Return it as a folio line tells it."""
        rate = f"{self.points / 100:g} %"
        return _("%(rate)s within the price") % {"rate": rate} if self.included else rate

    def of(self, amount: int) -> Money:
        """Return its sum for an amount, rounded half up away from zero; a negative amount bears a negative
        one."""
        return scaled(amount, Decimal(self.points) / self.divisor)

    def within(self, amount: int) -> Money:
        """Return how much of an amount it is: nothing where it comes on top."""
        return self.of(amount) if self.included else Money(0)


NONE = Share(0, included=False)


@dataclass(frozen=True)
class Rule:
    """What a transaction code bears: tax, and a service charge that is taxed by its own code's rule."""

    tax: Share
    service: Share


@dataclass(frozen=True)
class Part:
    """One posting that follows a charge: an included part is taken out of the revenue of the code ``of``."""

    code: str
    of: str
    amount: Money
    on_top: bool
    rule: str
    share: str


def rule(options: Options, code: str) -> Rule:
    """Return the rule of a transaction code: its own where the hotel gave it one, the house's otherwise."""
    own = next((one for one in options.levies if one.code == code), Levy(code))
    house = 0 if code in UNTAXED else options.tax_basis_points
    return Rule(
        Share(house if own.tax is None else own.tax, _included(options, own)),
        Share(own.service, own.service_included),
    )


def _included(options: Options, own: Levy) -> bool:
    return options.tax_included if own.included is None else own.included


def of(options: Options, code: str, amount: int, digits: int = 2) -> tuple[Part, ...]:
    """Return every posting that follows a charge of ``amount``: its service charge, its tax, and the tax on
    the service charge."""
    return tuple(
        _part(part, base, share, taken_of, digits)
        for part, base, share, taken_of in _shares(options, code, amount)
        if share.of(taken_of)
    )


def _shares(options: Options, code: str, amount: int) -> Iterator[tuple[str, str, Share, int]]:
    of_code = rule(options, code)
    yield "SERVICE", code, of_code.service, amount
    yield "TAX", code, of_code.tax, amount - of_code.service.within(amount)
    if service := of_code.service.of(amount):
        yield "TAX", "SERVICE", rule(options, "SERVICE").tax, service


def _part(code: str, base: str, share: Share, amount: int, digits: int) -> Part:
    told = f"{show(amount, digits)} × {share.points / 100:g} %"
    words = _("%(rate)s within the price") % {"rate": told} if share.included else told
    return Part(code, base, share.of(amount), not share.included, words, share.words)


def on_top(options: Options, code: str, amount: int) -> Money:
    """Return what a charge costs the guest beyond its amount."""
    shares = _shares(options, code, amount)
    return Money(sum(share.of(taken_of) for _part, _base, share, taken_of in shares if not share.included))


def net(options: Options, code: str, amount: int) -> Money:
    """Return what is left of a charge for the house: without the tax and service charge that it includes."""
    of_code = rule(options, code)
    own = amount - of_code.service.within(amount)
    return Money(own - of_code.tax.within(own))


# ------------------------------------------------------------------ the same within the database
def share_of(amount: Whole, share: Share) -> ColumnElement[int]:
    """Return the sum of a share for an amount above 0, rounded half up in whole numbers."""
    twice: ColumnElement[int] = literal_column(str(2 * share.points))
    half: ColumnElement[int] = literal_column(str(share.divisor))
    return (amount * twice + half) // literal_column(str(2 * share.divisor))


def without(amount: Whole, share: Share) -> Whole:
    """Return an amount above 0 without a share that it includes."""
    return amount - share_of(amount, share) if share.included and share.points else amount


def net_of(price: Whole, of_code: Rule) -> ColumnElement[int]:
    """Return what is left of a price for the house, negative ones mirrored; the same as ``net``."""
    left = without(without(func.abs(price), of_code.service), of_code.tax)
    return case((price < literal_column("0"), -left), else_=left)


# ------------------------------------------------------------------ posting
def post(
    work: Work, made: int, parts: Sequence[Part], *, payer: int, stay_id: int | None = None, text: str = ""
) -> None:
    """Post parts of the charge numbered ``made``: those on top to ``payer``, others out of its revenue."""
    for part in parts:
        ledger.post(
            work,
            debit=payer if part.on_top else ledger.account(work, part.of),
            credit=ledger.account(work, part.code),
            amount=part.amount,
            code=part.code,
            text=text,
            rule=part.rule,
            stay_id=stay_id,
            slip=f"X{made}",
        )


def parts_of(work: Work, transfer_id: int) -> Sequence[Transfer]:
    """Return the rows that follow a posting and stand, in the order they were made."""
    undone = aliased(Transfer)
    return work.session.scalars(
        select(Transfer)
        .where(on_slips([f"X{transfer_id}"]), ~exists().where(undone.reverses == Transfer.id))
        .order_by(Transfer.id)
    ).all()


def portion(amount: int, whole: int, done: int) -> int:
    """Return what of ``amount`` belongs to ``done`` of ``whole``, rounded half up: all of it to the whole."""
    return (2 * amount * done + whole) // (2 * whole)


def back(work: Work, charge: Transfer, whole: int, before: int, after: int) -> tuple[Part, ...]:
    """Return what follows a charge as it was posted, negative, for the pieces from ``before`` to ``after`` of
    ``whole`` that come back."""
    return tuple(
        Part(
            row.code,
            str(work.session.get_one(Account, row.debit_id).code),
            Money(portion(row.amount, whole, before) - portion(row.amount, whole, after)),
            row.debit_id == charge.debit_id,
            row.rule,
            row.rule,
        )
        for row in parts_of(work, charge.id)
    )


def is_part(line: Transfer) -> bool:
    """Say whether a posting only follows a charge."""
    return line.slip.startswith("X") and line.code in ("TAX", "SERVICE")
