"""Whatever is done with house accounts, in whatever order: the books balance, none owes less than nothing."""

import random
from contextlib import suppress

import pytest

from pms.core.errors import Refused
from pms.core.money import Money
from pms.services.folios import service as folios
from pms.services.house_accounts import queries, service
from pms.services.night_audit import proof
from tests.night_audit.test_checks import stay_in
from tests.property.test_settings import set_options

from .test_house_accounts import charged, do, opened, owed, paid

STEPS = 40


def step(house, lot: random.Random, stay: int, number: int) -> None:
    """Do one thing at random; what is refused changes nothing."""
    found = [x.id for x in house.ask(queries.lines, number=number)]
    amount = Money(lot.choice((1, 99, 333, 5_000)))
    line = lot.choice(found) if found else 0
    here = {"number": number, "transfer_id": line}
    acts = (
        lambda: charged(house, amount, number, quantity=lot.choice((1, 3))),
        lambda: paid(house, amount, number),
        lambda: do(house, service.void, **here, reason="wrong"),
        lambda: do(house, service.hand_over, **here, stay_id=stay, amount=lot.choice((None, amount))),
        lambda: taken_over(house, stay, number, amount),
        lambda: do(house, service.close, number=number),
        lambda: do(house, service.reopen, number=number, reason="more"),
    )
    with suppress(Refused):
        lot.choice(acts)()


def taken_over(house, stay: int, number: int, amount: Money) -> None:
    line = do(house, folios.charge, stay_id=stay, code="LAUNDRY", amount=Money(5_000))
    do(house, service.take_over, number=number, transfer_id=line, amount=amount, reason="host")


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("included", [True, False])
def test_the_money_balances_whatever_is_done(house, seed, included):
    set_options(house, tax_basis_points=600, tax_included=included)
    lot, stay = random.Random(seed), stay_in(house, "301", deposit=None)
    numbers = [opened(house, name=name) for name in ("Meeting", "Meals")]
    for _step in range(STEPS):
        step(house, lot, stay, lot.choice(numbers))
        rows = [house.ask(queries.account, number=number) for number in numbers]
        assert all(row.balance >= 0 for row in rows)
        assert all(row.open or not row.balance for row in rows)
    lines = [x for number in numbers for x in house.ask(queries.lines, number=number)]
    assert sum(row.balance for row in rows) == sum(x.charge - x.paid for x in lines)
    assert owed(house, stay) >= 0
    assert house.look(lambda s: list(proof.faults(s))) == []
    assert sum(row.closing for row in house.look(proof.standing)) == 0
    house.next_day()
    assert house.look(lambda s: list(proof.faults(s))) == []
    assert [house.ask(queries.account, number=n).balance for n in numbers] == [row.balance for row in rows]
