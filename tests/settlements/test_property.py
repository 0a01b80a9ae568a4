"""Whatever is done with a prepaid guest in whatever order: the channel owes what its nights were charged, the
guest owes the rest, and the books balance."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from pms.core.money import Money
from pms.services.folios import queries as folio_queries
from pms.services.folios import service as folios
from pms.services.settlements import queries, service
from pms.services.stays import prices
from pms.services.stays import service as stays
from pms.services.stays.service import Paid
from tests.invariants import check

from .made import guest_in, leave, number_of, owed, row

DAY = timedelta(days=1)
STEPS = st.lists(
    st.sampled_from(
        ("night", "charge", "pay", "longer", "shorter", "dearer", "void", "out_and_in", "channel_pays")
    ),
    min_size=1,
    max_size=9,
)


class Guest:
    """One guest of a channel, and what the twin in plain Python says that the guest owes."""

    def __init__(self, house, nights, price) -> None:
        self.house, self.nights = house, nights
        self.stay = guest_in(house, nights=nights, price=price)
        self.first = house.house().business_date
        self.total, self.owes, self.ours = nights * price, 0, {}
        self.prices = {self.first + n * DAY: price for n in range(nights)}

    @property
    def today(self):
        return self.house.house().business_date

    def do(self, operation, **fields):
        return self.house.do(operation, intent=self.house.new_intent(), **fields)

    def step(self, name) -> None:
        getattr(self, name)()
        charged = sum(self.ours.values())
        beyond = max(charged - self.total, 0)
        assert row(self.house, self.stay).balance == self.owes + beyond
        owed(self.house)

    def night(self) -> None:
        if row(self.house, self.stay).departure <= self.today:
            return
        night = self.today
        self.house.next_day()
        price = self.prices[night]
        if night < self.first + self.nights * DAY:
            self.ours[night] = price
        else:
            self.owes += price

    def charge(self) -> None:
        self.do(folios.charge, stay_id=self.stay, code="MISC", amount=Money(1_234))
        self.owes += 1_234

    def pay(self) -> None:
        self.do(folios.pay, stay_id=self.stay, method="CASH", amount=Money(777))
        self.owes -= 777

    def longer(self) -> None:
        end = row(self.house, self.stay).departure
        self.do(stays.extend, stay_id=self.stay, departure=end + DAY, prices=(30_001,), price_reason="x")
        self.prices[end] = 30_001

    def shorter(self) -> None:
        here = row(self.house, self.stay)
        end = here.departure - DAY
        if end > here.arrival and end >= self.today:
            self.do(stays.extend, stay_id=self.stay, departure=end)
            self.prices.pop(end)

    def dearer(self) -> None:
        if self.today in self.prices and row(self.house, self.stay).departure > self.today:
            self.prices[self.today] += 5_003
            told = ((self.today, self.prices[self.today]),)
            self.do(prices.change_price, stay_id=self.stay, prices=told, reason="x")

    def void(self) -> None:
        lines = self.house.look(folio_queries.folio_lines, stay_id=self.stay)
        for line in lines:
            if line.code == "ROOM" and not line.reversed and line.reverses is None:
                self.do(folios.adjust, transfer_id=line.id, reason="no water")
                if self.ours.pop(line.day, None) is None:
                    self.owes -= line.charge
                return

    def channel_pays(self) -> None:
        number = number_of(self.house)
        left = self.house.look(queries.owed, number=number)
        if left > 100:
            self.do(service.receive, number=number, method="WIRE", amount=Money(left // 3))

    def out_and_in(self) -> None:
        self.out()
        self.do(stays.undo_check_out, stay_id=self.stay, reason="wrong")

    def out(self) -> None:
        owes = self.owes + max(sum(self.ours.values()) - self.total, 0)
        money = {
            "payments": [Paid("CASH", Money(owes))] if owes > 0 else [],
            "refund": Paid("CASH", Money(-owes)) if owes < 0 else None,
        }
        leave(self.house, self.stay, **money)


@given(steps=STEPS, nights=st.integers(1, 3), price=st.integers(10_000, 40_000))
def test_money_balances(fresh, steps, nights, price):
    with fresh() as house:
        guest = Guest(house, nights, price)
        paid = 0
        for name in steps:
            before = house.look(queries.owed, number=number_of(house))
            guest.step(name)
            if name == "channel_pays":
                paid += before - house.look(queries.owed, number=number_of(house))
        guest.out()
        assert owed(house) == min(sum(guest.ours.values()), guest.total) - paid
        assert house.look(queries.faults) == []
        house.look(check, today=house.house().business_date)
