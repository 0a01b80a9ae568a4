"""An amount above the hotel's limit is asked about once, unless the program itself asked for it."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from pms.core.errors import NeedsConfirmation
from pms.core.money import Money
from pms.services.folios import queries as folio_queries
from pms.services.folios import service as folios
from pms.services.property import service as property_
from pms.services.reservations import service as reservations
from pms.services.reservations.models import NightRate
from pms.services.shifts import service as shifts
from pms.services.shop import service as shop
from pms.services.shop.service import Delivered, Item
from pms.services.stays import charges
from pms.services.stays import service as stays
from pms.services.stays.service import Paid
from tests.builders import TODAY

ODD = 100001


@pytest.fixture
def stay(house):
    return house.do(
        stays.check_in, line_id=house.book(nights=9), room_id=house.room_id("301"), intent=house.new_intent()
    )


def asked(house, operation, odd, **fields):
    """Do it: it asks about the amount, goes on asking when another was confirmed, and is done with this
    one."""
    intent = house.new_intent()
    for word in ((), (f"odd_amount:{odd - 1}",)):
        with pytest.raises(NeedsConfirmation, match=r"is more than 1,000\.00") as question:
            house.do(operation, intent=intent, confirmed=frozenset(word), **fields)
    assert question.value.token == f"odd_amount:{odd}"
    return house.do(operation, intent=intent, confirmed=frozenset({question.value.token}), **fields)


def owed(house, stay):
    return next(f.balance for f in house.ask(folio_queries.folios, stay_id=stay) if f.ledger == "guest")


def test_a_charge_and_a_deposit_above_the_limit_ask_once(house, stay):
    asked(house, folios.charge, ODD, stay_id=stay, code="MISC", amount=Money(ODD))
    asked(house, folios.charge, 150000, stay_id=stay, code="MISC", amount=Money(50000), quantity=3)
    asked(house, folios.take_deposit, ODD, stay_id=stay, method="CASH", amount=Money(ODD))
    house.do(folios.charge, stay_id=stay, code="MISC", amount=Money(100000), intent="at the limit")
    assert owed(house, stay) >= 100000


def test_a_payment_of_what_is_owed_is_not_asked_about_and_another_is(house, stay):
    for n in range(3):
        house.do(folios.charge, stay_id=stay, code="MISC", amount=Money(90000), intent=f"c{n}")
    asked(house, folios.pay, 150000, stay_id=stay, method="CASH", amount=Money(150000))
    assert owed(house, stay) == 120000
    house.do(folios.pay, stay_id=stay, method="CASH", amount=Money(120000), intent="whole")


def test_the_deposit_that_the_program_asks_for_is_not_asked_about_and_another_is(house):
    line = house.book(nights=9)
    prices = house.ask(lambda s: s.scalars(select(NightRate.price).where(NightRate.line_id == line)).all())
    wanted = charges.deposit_wanted(house.context_options(), sum(prices), len(prices))
    assert wanted > 100000
    fields = {"line_id": line, "room_id": house.room_id("302"), "intent": "in"}
    with pytest.raises(NeedsConfirmation):
        house.do(stays.check_in, deposit=Paid("CASH", Money(wanted + 1)), **fields)
    house.do(stays.check_in, deposit=Paid("CASH", wanted), **fields)


def test_an_advance_deposit_a_float_and_cash_far_above_the_bill_ask(house):
    line = house.book(start=TODAY)
    asked(house, reservations.take_advance, ODD, line_id=line, method="CASH", amount=Money(ODD))
    good = house.do(shop.set_good, name="Cola", price=Money(800), unit="can")
    house.do(shop.receive, lines=[Delivered(good, 5)], reference="DN-1")
    fields = {"lines": [Item(good, 1)], "method": "CASH"}
    asked(house, shop.sell, 500000 - 800, tendered=Money(500000), **fields)
    house.do(shop.sell, tendered=Money(10000), intent="a note", **fields)
    house.do(property_.edit, name="", options=replace(house.context_options(), shifts=True))
    asked(house, shifts.open_shift, 500200000, float_amount=Money(500200000))


def test_the_usual_float_is_not_asked_about(house):
    house.do(property_.edit, name="", options=replace(house.context_options(), shifts=True))
    assert house.do(shifts.open_shift, float_amount=Money(200000), intent="usual")


def test_a_hotel_without_a_limit_is_never_asked(house, stay):
    house.do(property_.edit, name="", options=replace(house.context_options(), odd_amount=0))
    house.do(folios.charge, stay_id=stay, code="MISC", amount=Money(10**9), intent="huge")
    assert owed(house, stay) == 10**9
