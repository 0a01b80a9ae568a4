"""The audit's checks: one file each, listed by the index as ``audit_check``. CONTRIBUTING.md says how to add
one.

A check reads the night at hand and yields findings: what is wrong, where, how much money hangs on it, and the
page that clears it.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from pms.core import offers
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.money import Money, show
from pms.core.offers import Offers
from pms.core.options import Options
from pms.db.work import Setting
from pms.services.authority.models import AuthorityUse
from pms.services.property.queries import setting
from pms.services.rates.models import RatePlan
from pms.services.rates.pricing import quote
from pms.services.reservations.models import COMING, BookedRoom, NightRate
from pms.services.stays import queries as stays
from pms.services.stays.queries import StayRow


@dataclass(frozen=True)
class Remedy:
    """The act that clears a finding: its word on the button, the page, and what to open there."""

    words: str
    page: str
    what: dict[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Finding:
    """Something that is wrong tonight: what, where, how much money; its check says of which kind it is and
    whether it blocks the close. ``by`` are the people whose own act it is: they do not approve it; ``about``
    is what it is called in two words (a room, a guest, a booking), empty where it is of the whole house."""

    key: str
    title: str
    detail: str
    amount: Money
    remedy: Remedy
    stay_id: int | None = None
    kind: str = ""
    blocking: bool = False
    by: frozenset[int] = frozenset()
    about: str = ""


@dataclass(frozen=True)
class Sold:
    """What a booked room has for the night under audit: its plan, the types booked and counted, price and
    rule."""

    plan_id: int | None
    type_id: int
    counted_type_id: int
    price: Money
    rule: str


@dataclass
class Tonight:
    """The night under audit, and what several checks read of it, read once."""

    session: Session
    business_date: date
    station: str = ""
    offers: Offers = field(default_factory=Offers)
    """Who answers what other duties know: given by the index with the checks."""

    @cached_property
    def house(self) -> Setting:
        """Return the hotel's facts and rules."""
        return setting(self.session)

    @property
    def options(self) -> Options:
        """Return the hotel's rules."""
        return self.house.options

    def show(self, amount: int) -> str:
        """Write an amount with the decimals of the house's currency."""
        return show(amount, self.house.digits)

    @cached_property
    def in_house(self) -> list[StayRow]:
        """Return everybody in house, by room."""
        return stays.in_house(self.session, business_date=self.business_date)

    @cached_property
    def staying(self) -> list[StayRow]:
        """Return who is in house and has this night to pay, by room."""
        return [s for s in self.in_house if s.departure > self.business_date]

    @cached_property
    def left(self) -> list[StayRow]:
        """Return who has left today."""
        return stays.departed(self.session, business_date=self.business_date)

    @cached_property
    def _rack(self) -> int | None:
        return self.session.scalar(
            select(RatePlan.id)
            .where(RatePlan.kind == "rack", RatePlan.base_id.is_(None))
            .order_by(RatePlan.id)
            .limit(1)
        )

    @cached_property
    def sold(self) -> dict[int, Sold]:
        """Return by booked room what those who stay have for this night."""
        b, n = BookedRoom, NightRate
        rows = self.session.execute(
            select(b.id, b.plan_id, b.type_id, b.counted_type_id, n.price, n.rule)
            .join(n, n.line_id == b.id)
            .where(b.id.in_([s.line_id for s in self.staying]), n.night == self.business_date)
        )
        return {row[0]: Sold(*row[1:]) for row in rows}

    @cached_property
    def due_in(self) -> dict[int, Money]:
        """Return by booked room what this night brings of those who are still to come."""
        b, n = BookedRoom, NightRate
        rows = self.session.execute(
            select(b.id, n.price)
            .join(n, n.line_id == b.id)
            .where(b.arrival <= self.business_date, COMING, n.night == self.business_date)
        )
        return {line_id: price for line_id, price in rows}

    def rack(self, type_id: int) -> Money:
        """Return the price list's price of a room type for this night, 0 where it has none."""
        return self.price(self._rack, type_id) or Money(0)

    def price(self, plan_id: int | None, type_id: int) -> Money | None:
        """Return what a plan asks for a room type this night, None where it says nothing."""
        if (plan_id, type_id) not in self._prices:
            self._prices[plan_id, type_id] = None
            if plan_id is not None:
                with suppress(Refused):
                    self._prices[plan_id, type_id] = quote(
                        self.session, plan_id=plan_id, type_id=type_id, nights=[self.business_date]
                    )[0].price
        return self._prices[plan_id, type_id]

    @cached_property
    def _gave(self) -> dict[tuple[str, int], frozenset[int]]:
        """Return by stay and by booked room who used authority for those in house and those who left today,
        and on whose it rested."""
        u, known = AuthorityUse, [*self.in_house, *self.left]
        found: dict[tuple[str, int], frozenset[int]] = {}
        for word, column, numbers in (
            ("stay", u.stay_id, [s.stay_id for s in known]),
            ("line", u.line_id, [s.line_id for s in known]),
        ):
            for number, clerk, by in self.session.execute(
                select(column, u.clerk_id, u.by_id).where(column.in_(numbers))
            ):
                place = (word, number or 0)
                found[place] = found.get(place, frozenset()) | people(clerk, by)
        return found

    def gave(self, stay: StayRow) -> frozenset[int]:
        """Return who gave this guest something on authority, or allowed it."""
        return self._gave.get(("stay", stay.stay_id), frozenset()) | self._gave.get(
            ("line", stay.line_id), frozenset()
        )

    @cached_property
    def _prices(self) -> dict[tuple[int | None, int], Money | None]:
        return {}


@dataclass(frozen=True)
class Check:
    """One kind of finding: its word, title, icon, what the auditor is told to do, and the function that
    looks.

    A ``blocking`` kind must be cleared before the day closes; the others are approved or queried, and what is
    queried comes under
    ``register`` in the day audit. ``acts``: it tells of what one of the staff did themselves (``done``),
    gave a guest on authority (``given``), or did as the trail says (``trail``); ``always``: the day audit
    gets it from the close even where nobody has marked it. ``did``: a condition in SQL without which
    ``:clerk`` did nothing by ``:today`` that it could tell of.
    """

    kind: str
    title: str
    advice: str
    icon: str
    find: Callable[[Tonight], Iterable[Finding]]
    blocking: bool = False
    register: str = "other"
    acts: str = ""
    did: ColumnElement[bool] | None = field(default=None, compare=False)
    offers: Offers | None = field(default=None, compare=False, repr=False)

    def __call__(self, tonight: Tonight) -> list[Finding]:
        """Look, and return what was found under this check's word."""
        if self.offers is not None:
            tonight.offers = self.offers
        return [
            replace(f, key=f"{self.kind}:{f.key}", kind=self.kind, blocking=self.blocking)
            for f in self.find(tonight)
        ]


def listed(offered: Offers) -> tuple[Check, ...]:
    """Return the audit's checks in the index's order."""
    return tuple(
        replace(check, offers=offered) for check in offered.of(offers.audit_check) if isinstance(check, Check)
    )


def people(*numbers: int | None) -> frozenset[int]:
    """Return those of the numbers that name somebody."""
    return frozenset(number for number in numbers if number)


def folio(stay_id: int) -> Remedy:
    """Return the remedy that most findings have: the stay's folio."""
    return Remedy(_("Open the folio"), "folios", {"stay_id": stay_id})
