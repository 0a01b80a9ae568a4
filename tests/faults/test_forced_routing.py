"""Two desks at one routing rule, one line and one folio: the rule's sum is never passed, nothing is moved
twice, a folio that is settled gets nothing more."""

import pytest
from sqlalchemy import func, select

from pms.core.money import Money
from pms.services.folios import queries, rules, service, splitting
from pms.services.folios.models import RoutedCharge, Transfer
from pms.services.folios.splitting import Part
from pms.services.stays import service as stays
from tests.faults.desks import PLACES
from tests.faults.test_forced import both, house, other, stay_in  # noqa: F401 - fixtures

pytestmark = pytest.mark.parametrize("place", PLACES)


@pytest.fixture
def stay(house):  # noqa: F811
    """A guest with a folio of the firm's and a charge of 100.00."""
    made = stay_in(house)
    house.do(service.open_window, stay_id=made, payer="Firm")
    house.line = house.do(service.charge, stay_id=made, code="LAUNDRY", amount=Money(10000), intent="c")
    return made


def minibar(stay, amount=3000):
    return service.charge.of(stay_id=stay, code="MINIBAR", amount=Money(amount))


def windows(desk, stay):
    found = desk.look(queries.folios, stay_id=stay)
    return {f.window: int(f.balance) for f in found if f.ledger == "guest"}


def test_two_charges_never_pass_the_sum_of_a_rule(house, other, place, stay):  # noqa: F811
    there = {"stay_id": stay, "to_stay_id": stay, "to_window": "B"}
    house.do(rules.add_rule, code="MINIBAR", most=Money(4000), **there)
    first, second = both(house, other, minibar(stay), minibar(stay), place)
    assert first.done
    assert second.done
    assert windows(house, stay) == {"A": 12000, "B": 4000}
    assert house.look(lambda s: s.scalar(select(func.sum(RoutedCharge.amount)))) == 4000


def test_two_stays_that_one_rule_each_leads_to_one_folio(house, other, place, stay):  # noqa: F811
    two = stay_in(house, "302")
    house.do(rules.add_rule, stay_id=two, code="MINIBAR", to_stay_id=stay, to_window="B", most=Money(4000))
    house.do(rules.add_rule, stay_id=stay, code="MINIBAR", to_stay_id=stay, to_window="B")
    first, second = both(house, other, minibar(two), minibar(stay), place)
    assert (first.done, second.done) == (True, True)
    assert windows(house, stay)["B"] == 6000


def test_a_charge_beside_the_end_of_its_rule_goes_one_way_or_the_other(house, other, place, stay):  # noqa: F811
    there = {"stay_id": stay, "to_stay_id": stay, "to_window": "B"}
    rule = house.do(rules.add_rule, code="MINIBAR", **there)
    first, second = both(house, other, rules.end_rule.of(rule_id=rule), minibar(stay), place)
    assert (first.done, second.done) == (True, True)
    assert windows(house, stay) == {"A": 13000, "B": 0}


def test_two_rules_for_one_charge_are_never_agreed_at_two_desks(house, other, place, stay):  # noqa: F811
    call = rules.add_rule.of(stay_id=stay, code="MINIBAR", to_stay_id=stay, to_window="B")
    first, second = both(house, other, call, call, place)
    assert first.done != second.done


def test_a_folio_that_is_settled_meanwhile_gets_nothing_more(house, other, place, stay):  # noqa: F811
    there = {"stay_id": stay, "to_stay_id": stay, "to_window": "B"}
    house.do(rules.add_rule, code="MINIBAR", **there)
    settle = stays.settle_window.of(stay_id=stay, window="B", amount=Money(0))
    first, second = both(house, other, settle, minibar(stay), place)
    assert (first.done, second.done) == (True, True)
    assert windows(house, stay) == {"A": 13000, "B": 0}
    found = house.look(queries.folios, stay_id=stay)
    assert [f.closed for f in found if f.window == "B"] == [True]


def test_a_line_is_split_by_one_of_two_desks(house, other, place, stay):  # noqa: F811
    call = splitting.split_line.of(
        transfer_id=house.line, parts=[Part(stay, "B", amount=Money(6000))], reason="firm"
    )
    first, second = both(house, other, call, call, place)
    assert first.done != second.done
    assert windows(house, stay) == {"A": 4000, "B": 6000}
    moved = select(func.count()).where(Transfer.code == "TRANSFER")
    assert house.look(lambda s: s.scalar(moved)) == 1


def test_a_folio_is_paid_once_at_two_desks(house, other, place, stay):  # noqa: F811
    house.do(service.charge, stay_id=stay, code="PHONE", amount=Money(700), window="B", intent="p")
    call = stays.settle_window.of(stay_id=stay, window="B", amount=Money(700))
    first, second = both(house, other, call, call, place)
    assert first.done != second.done
    assert windows(house, stay)["B"] == 0
