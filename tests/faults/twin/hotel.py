"""The whole twin: its parts, its clock, and the course of its days."""

import random
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from pms.core.office import Clerk
from pms.db import schema
from pms.services.folios.models import Account
from pms.services.night_audit import service as night_audit
from pms.services.staff import service as staff
from tests import builders
from tests.builders import House
from tests.faults.twin.attempts import Attempts
from tests.faults.twin.bookings import Bookings
from tests.faults.twin.cards import Cards
from tests.faults.twin.channels import Channels
from tests.faults.twin.chasing import Chasing
from tests.faults.twin.debts import Debts
from tests.faults.twin.house_accounts import HouseAccounts
from tests.faults.twin.invoices import Invoices
from tests.faults.twin.joined import Joined
from tests.faults.twin.members import Members, switched_on
from tests.faults.twin.money import TAX, Ledger
from tests.faults.twin.part import DAY, Facts, Part, Step
from tests.faults.twin.preauths import Preauths
from tests.faults.twin.rooms import Rooms
from tests.faults.twin.routing import Routing
from tests.faults.twin.shifts import Shifts
from tests.faults.twin.shop import Shop
from tests.faults.twin.statements import Statements
from tests.faults.twin.stays import Stays
from tests.faults.twin.unsettled import Unsettled
from tests.faults.twin.windows import Windows

STATIONS = ("desk-1", "desk-2")
MORE = 3
"""How many times more often money moves in a life that is about it."""
MORNING, EVENING, NIGHT = 7.0, 23.5, 26.0
"""Hours of a day: the first step, the last, and the close."""


def found(engine: Engine) -> House:
    """Found the hotel whose twin this is: eight rooms of two types, shifts that do not count the shop, prices
    that include their tax."""
    schema.upgrade(engine)
    options = replace(
        builders.SMALL.options, shifts=True, shop_count=False, tax_basis_points=TAX, tax_included=True
    )
    return builders.office(engine, replace(builders.SMALL, options=switched_on(options)))


class Hotel:
    """A hotel in plain Python beside the real one."""

    stations = STATIONS

    def __init__(self, house: House, seed: int, per_day: int, *, of_money: bool = False) -> None:
        self.house, self.lot, self.per_day = house, random.Random(seed), per_day
        self.of_money, self.clerks = of_money, self._clerks()
        self.today, self.steps, self.station = house.house().business_date, 0, STATIONS[0]
        self.prices = {
            house.type_id(plan.code): (plan.price, plan.weekend or plan.price)
            for plan in builders.SMALL.types
        }
        self.set_clock(MORNING)
        self.rooms, self.bookings, self.stays = Rooms(self), Bookings(self), Stays(self)
        self.ledger, self.shop, self.shifts = Ledger(self), Shop(self), Shifts(self)
        self.members, self.routing = Members(self), Routing(self)
        self.debts, self.channels = Debts(self), Channels(self)
        self.joined = Joined(self)
        self.chasing = Chasing(self)
        self.preauths, self.attempts = Preauths(self), Attempts(self)
        self.windows, self.cards = Windows(self), Cards(self)
        self.invoices, self.statements = Invoices(self), Statements(self)
        self.unsettled, self.house_accounts = Unsettled(self), HouseAccounts(self)

    def _clerks(self) -> tuple[Clerk, Clerk]:
        """Return who works here: the owner, and a second person who may do as much."""
        first, fields = self.house.clerk, {"login": "li", "name": "Li Na", "password": builders.PASSWORD}
        number = self.house.do(staff.take_on.of(**fields, role="owner"))
        return first, replace(first, id=number, name="Li Na")

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """Return the parts in the order in which a close changes them."""
        money = (self.ledger, self.shop, self.shifts, self.debts, self.members, self.routing)
        money = (*money, self.channels)
        guests = (self.joined, self.chasing, self.preauths, self.attempts)
        youngest = (self.windows, self.cards, self.invoices, self.statements, self.unsettled)
        youngest = (*youngest, self.house_accounts)
        return self.stays, self.bookings, self.rooms, *money, *guests, *youngest

    def kinds(self, code: str) -> str:
        """Return which ledger an account of the house is of."""
        return self._kinds.get(code, "payment" if code.startswith("CASH:") else "city")

    @cached_property
    def _kinds(self) -> dict[str, str]:
        asked = select(Account.code, Account.ledger).where(Account.code.is_not(None))
        return self.house.look(lambda s: {code: ledger for code, ledger in s.execute(asked)})

    def set_clock(self, hour: float) -> None:
        """Let it be an hour of the business date; after 24 it is the next morning."""
        self.hour = hour
        self.house.clock.set(self.today, hour)

    def draw(self) -> Step:
        """Draw what is done next, where and when."""
        self.steps += 1
        of_the_day = self.steps % self.per_day / self.per_day
        self.set_clock(MORNING + (EVENING - MORNING) * of_the_day)
        self.house.station = self.station = self.lot.choice(STATIONS)
        self.house.clerk = self.lot.choice(self.clerks)
        if self.of_money and not self.lot.randrange(2):
            for step in self.shifts.made_open():
                return step
        acts = {
            act: often * (MORE if self.of_money and part not in (self.rooms, self.bookings) else 1)
            for part in self.parts
            for act, often in part.acts().items()
        }
        while True:
            [act] = self.lot.choices(list(acts), list(acts.values()))
            step = act()
            if step is not None and (step.may or not self.of_money or not self.lot.randrange(3)):
                return step

    def close(self) -> Iterator[Step]:
        """Yield what closes the day: refused while somebody should have left, who then leaves."""
        late = [
            n
            for n, guest in self.stays.all.items()
            if guest.state == "in_house" and guest.departure <= self.today
        ]
        self.set_clock(NIGHT)
        yield Step(night_audit.close.of(business_date=self.today), not late, self._closed)
        if not late:
            return
        self.set_clock(EVENING)
        for stay in late:
            self.steps += 1
            yield from self.shifts.made_open()
            yield self.stays.leave(stay, "even")
        self.set_clock(NIGHT)
        yield Step(night_audit.close.of(business_date=self.today), True, self._closed)

    def _closed(self, _postings: int) -> None:
        for part in self.parts:
            part.night()
        self.today += DAY

    def differences(self) -> list[str]:
        """Name what the twin says and the hotel shows differently."""
        said: Facts = {k: v for part in self.parts for k, v in part.says().items()}

        def shown(session: Session) -> Facts:
            return {k: v for part in self.parts for k, v in part.shows(session).items()}

        real = self.house.look(shown)
        return [
            f"{name}: {said.get(name)} by the rules, {real.get(name)} in the hotel"
            for name in {**said, **real}
            if said.get(name) != real.get(name)
        ]
