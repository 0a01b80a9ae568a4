"""Routing rules: whoever posts, a charge goes where its rule says, up to its sum, and says by which rule."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, event, select

from pms.core.errors import Conflict, Refused
from pms.core.money import Money
from pms.services.folios import queries, routing, rules, service
from pms.services.folios.models import RoutedCharge, Transfer
from pms.services.night_audit import queries as audit_queries
from pms.services.shop import service as shop
from pms.services.stays import queries as stay_queries
from pms.services.stays import service as stays
from pms.services.stays.service import Paid
from tests.builders import TODAY, House
from tests.folios.test_tax import charge, owed, stay_in, void
from tests.folios.test_tax import rules as taxes
from tests.invariants import check_books

DAY = timedelta(days=1)


@pytest.fixture
def stay(house: House) -> int:
    """A guest for three nights of 298.00 whose firm may pay."""
    made = stay_in(house, prices=(29800,) * 3, nights=3)
    house.do(service.open_window, stay_id=made, payer="Firm")
    return made


def add(house: House, stay: int, code: str = "", window: str = "B", **fields) -> int:
    made: int = house.do(
        rules.add_rule, **{"stay_id": stay, "code": code, "to_stay_id": stay, "to_window": window, **fields}
    )
    return made


def windows(house: House, stay: int) -> dict[str, int]:
    found = house.ask(queries.folios, stay_id=stay)
    return {f.window: int(f.balance) for f in found if f.ledger == "guest"}


def used(house: House, stay: int) -> list[int]:
    return [int(rule.used) for rule in house.ask(rules.rules_of, stay_id=stay)]


def lines(house: House, stay: int, code: str) -> list[tuple[str, int, str]]:
    found = house.ask(queries.folio_lines, stay_id=stay)
    return [(x.window, int(x.charge), x.rule) for x in found if x.code == code]


def test_a_charge_goes_by_the_rule_of_its_code_and_says_so(house, stay):
    rule = add(house, stay, "MINIBAR")
    charge(house, stay, 1500)
    charge(house, stay, 900, "LAUNDRY")
    assert windows(house, stay) == {"A": 900, "B": 1500}
    assert lines(house, stay, "MINIBAR") == [("B", 1500, f"by routing rule {rule}")]
    assert used(house, stay) == [1500]
    house.ask(check_books)


def test_a_rule_of_its_own_comes_before_that_for_every_charge_and_a_named_folio_is_meant(house, stay):
    house.do(service.open_window, stay_id=stay, payer="Aunt")
    add(house, stay)
    add(house, stay, "LAUNDRY", "C")
    charge(house, stay, 100)
    charge(house, stay, 20, "LAUNDRY")
    house.do(service.charge, stay_id=stay, code="LAUNDRY", amount=Money(3), window="B", intent="named")
    house.do(service.charge, stay_id=stay, code="PHONE", amount=Money(7), routed=False, intent="own")
    assert windows(house, stay) == {"A": 7, "B": 103, "C": 20}


@pytest.mark.parametrize("included", [True, False])
def test_what_is_over_the_limit_goes_back_to_the_guest_with_its_tax(house, stay, included):
    taxes(house, 600, included)
    add(house, stay, "MINIBAR", most=Money(2000))
    charge(house, stay, 1500)
    made = charge(house, stay, 1500)
    charge(house, stay, 1500)
    whole = 0 if included else 120
    assert windows(house, stay) == {"A": 2500 + (0 if included else 150), "B": 2000 + whole}
    assert used(house, stay) == [2000]
    told = [rule for _w, _sum, rule in lines(house, stay, "TRANSFER")]
    assert all("over 20.00 of routing rule" in rule for rule in told)
    [back] = house.ask(lambda s: s.scalars(select(Transfer.id).where(Transfer.code == "TRANSFER")).all())
    void(house, back)
    void(house, made)
    assert used(house, stay) == [1500]
    charge(house, stay, 500)
    assert used(house, stay) == [2000]
    house.ask(check_books)


def test_a_rule_counts_on_its_days_and_until_it_is_ended(house, stay):
    rule = add(house, stay, "MINIBAR", start=TODAY + DAY, end=TODAY + DAY)
    charge(house, stay, 100)
    assert windows(house, stay)["B"] == 0
    house.next_day()
    charge(house, stay, 100)
    assert windows(house, stay)["B"] == 100
    house.do(rules.end_rule, rule_id=rule)
    charge(house, stay, 100)
    assert windows(house, stay)["B"] == 100
    with pytest.raises(Conflict, match="ended already"):
        house.do(rules.end_rule, rule_id=rule)
    assert [row.ended for row in house.ask(rules.rules_of, stay_id=stay)] == [True]


def test_what_no_rule_is_is_refused(house, stay):
    add(house, stay, "MINIBAR", end=TODAY + DAY)
    for fields, why in (
        ({"code": "CASH"}, "no charge"),
        ({"code": "TAX"}, "no charge"),
        ({"code": "NONE"}, "no charge"),
        ({"code": "PHONE", "window": "A"}, "already"),
        ({"code": "PHONE", "window": "H"}, "no folio H"),
        ({"code": "PHONE", "start": TODAY + DAY, "end": TODAY}, "before the first"),
        ({"code": "PHONE", "end": TODAY - DAY}, "is over"),
        ({"code": "PHONE", "most": Money(0)}, "more than 0"),
        ({"code": "MINIBAR"}, "End it first"),
        ({"code": "MINIBAR", "start": TODAY + DAY}, "End it first"),
    ):
        with pytest.raises(Refused, match=why):
            add(house, stay, **fields)
    add(house, stay, "MINIBAR", start=TODAY + 2 * DAY)
    assert len(house.ask(rules.rules_of, stay_id=stay)) == 2


def test_a_company_gets_a_folio_of_its_own_once(house, stay):
    add(house, stay, "PHONE", payer="Huaan")
    add(house, stay, "LAUNDRY", payer="Huaan")
    charge(house, stay, 100, "PHONE")
    charge(house, stay, 50, "LAUNDRY")
    assert windows(house, stay) == {"A": 0, "B": 0, "C": 150}


def test_another_stay_pays_until_it_has_left(house, stay):
    other = stay_in(house, "302")
    add(house, stay, "MINIBAR", "A", to_stay_id=other)
    charge(house, stay, 100)
    assert (owed(house, stay), owed(house, other)) == (0, 100)
    house.do(stays.check_out, stay_id=other, payments=[Paid("CASH", Money(100))], intent="out")
    charge(house, stay, 100)
    assert windows(house, stay)["A"] == 100


@pytest.mark.parametrize("included", [True, False])
def test_the_night_audit_posts_by_the_rules_and_its_rehearsal_says_so(house, stay, included):
    taxes(house, 600, included)
    other, free = stay_in(house, "302", prices=(10000,) * 3, nights=3), stay_in(house, "303", nights=3)
    rule = add(house, stay, "ROOM", most=Money(40000))
    add(house, other, "", "A", to_stay_id=stay)
    told = {
        c.room: c.rule
        for c in house.ask(audit_queries.rehearsal, business_date=TODAY)
        if c.text == "Room charge"
    }
    assert f"by routing rule {rule} to folio B Firm" in told["301"]
    assert "routing rule" not in told["303"]
    house.next_day()
    top = 0 if included else 6
    part = [n + n * top // 100 for n in (29800, 10000)]
    assert windows(house, stay) == {"A": part[1], "B": part[0]}
    assert owed(house, other) == 0
    assert lines(house, stay, "ROOM")[0][2].endswith(f"by routing rule {rule}")
    assert used(house, stay) == [29800]
    shown = [c.rule for c in house.ask(audit_queries.rehearsal, business_date=TODAY + DAY) if c.room == "301"]
    assert "196.00 over its limit stays with the guest" in shown[0]
    house.next_day()
    assert used(house, stay) == [40000]
    over = 19600 + 19600 * top // 100
    assert windows(house, stay) == {"A": 2 * part[1] + over, "B": 40000 + 40000 * top // 100}
    house.next_day()
    assert used(house, stay) == [40000]
    assert owed(house, free) > 0
    house.ask(check_books)


def test_goods_go_by_the_rule_and_come_back_to_whoever_bore_them(house, stay):
    good = house.do(shop.set_good, name="Tea", price=Money(900))
    house.do(shop.receive, lines=[shop.Delivered(good, 5)], reference="L1")
    add(house, stay, "SHOP")
    number = house.do(shop.sell, lines=[shop.Item(good, 2)], method="ROOM", stay_id=stay, intent="s")
    assert windows(house, stay) == {"A": 0, "B": 1800}
    [sold] = house.ask(shop.queries.sold, sale_id=1)
    house.do(shop.take_back, number=number, lines=[shop.Back(sold.move_id, 1)], reason="cold", intent="b")
    assert windows(house, stay) == {"A": 0, "B": 900}
    house.ask(check_books)


def test_a_charge_is_told_before_it_is_posted_by_the_folios_that_bear_it(house, stay):
    def where(of: int, code: str) -> dict[str | None, int]:
        return house.ask(routing.where, stay_id=of, code=code, amount=100, day=TODAY)

    add(house, stay, "HALF")
    assert where(stay, "HALF") == {"B": 100}
    assert where(stay, "ROOM") == {"A": 100}
    other = stay_in(house, "302")
    add(house, other, "HALF", "A", to_stay_id=stay)
    assert where(other, "HALF") == {None: 100}
    add(house, stay, "FULL", most=Money(99))
    assert where(stay, "FULL") == {"B": 99, "A": 1}


@pytest.mark.parametrize("points", [0, 600, 1300])
@pytest.mark.parametrize("included", [True, False])
def test_a_late_departure_over_the_limit_is_split_and_the_check_out_knows_it(house, points, included):
    stay = stay_in(house, prices=(29800,), nights=1)
    house.do(service.open_window, stay_id=stay, payer="Firm")
    taxes(house, points, included)
    add(house, stay, "HALF", most=Money(9999))
    house.next_day()
    house.clock.set(TODAY + DAY, 14.5)
    before = windows(house, stay)
    left = house.ask(
        stay_queries.leaving,
        stay_id=stay,
        business_date=TODAY + DAY,
        now=house.now(),
        zone=house.house().zone,
        options=house.context_options(),
    )
    assert sum(left.parts.values()) == left.charge
    paid = [
        Paid("CASH", Money(amount), window)
        for window in ("A", "B")
        if (amount := before[window] + left.parts[window])
    ]
    house.do(stays.check_out, stay_id=stay, payments=paid, cards_back=0, intent="out")
    half = [x for x in house.ask(queries.folio_lines, stay_id=stay) if x.window == "B"]
    assert sum(int(x.charge) for x in half if x.code != "TAX") == 9999
    assert windows(house, stay) == {"A": 0, "B": 0}
    house.ask(check_books)


def test_a_night_that_another_pays_is_not_the_guests_in_the_credit_check(house, stay):
    def away(nights: int = 1) -> int:
        prices = [(TODAY + DAY * n, 29800) for n in range(nights)]
        return int(house.ask(routing.away, nights={stay: prices}).get(stay, 0))

    assert away() == 0
    rule = add(house, stay, "ROOM", most=Money(40000))
    assert (away(), away(2)) == (29800, 40000)
    house.next_day()
    assert away() == 29800 + 10200  # what stands on the firm's folio, and what is left of its sum
    house.do(rules.end_rule, rule_id=rule)
    assert away() == 0


def test_a_charge_without_rules_asks_no_more_than_before(house, stay):
    plain = house.do(lambda work: routing.payer(work, stay))
    assert plain.routes == []
    asked: list[str] = []
    rule = add(house, stay, "PHONE")

    def act(work):
        found = routing.payer(work, stay)
        asked.extend(str(route.rule) for route in found.routes)

    house.do(act)
    assert asked == [str(rule)]


def test_the_books_refuse_a_change_of_what_went_by_a_rule(house, stay):
    add(house, stay, "MINIBAR")
    charge(house, stay, 100)
    with pytest.raises(Exception, match="routed_charge|append|never|changed"):
        house.do(lambda work: work.session.execute(delete(RoutedCharge)))


def test_a_line_that_is_routed_is_voided_and_its_sum_is_free_again(house, stay):
    add(house, stay, "MINIBAR", most=Money(1000))
    void(house, charge(house, stay, 900))
    assert used(house, stay) == [0]
    charge(house, stay, 900)
    assert windows(house, stay)["B"] == 900


def test_a_close_reads_the_rules_once_however_many_there_are(house):
    asked = []
    stays_ = [stay_in(house, room, nights=5) for room in ("301", "302", "303", "304")]

    def close() -> int:
        asked.clear()
        house.next_day()
        return len(asked)

    event.listen(house.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    close()
    counts = []
    for some in (stays_[:1], stays_[1:]):
        for stay in some:
            house.do(service.open_window, stay_id=stay, payer="Firm")
            add(house, stay, "ROOM", most=Money(10**6))
        counts.append(close())
    assert counts[0] == counts[1]
    assert sum("routing_rule" in str(one) for one in asked) <= 4
    assert all(windows(house, stay)["B"] > 0 for stay in stays_)


def test_nobody_charges_past_the_door():
    """What is charged bears its tax, and only the door and the close's own statements post that."""
    services = Path(routing.__file__).parents[1]
    found = {p.name for p in services.rglob("*.py") if re.search(r"\btax\.post\(", p.read_text("utf-8"))}
    assert found == {"routing.py"}


def test_half_a_day_charged_by_hand_is_whose_it_is_not_of_who_pays_it(house):
    late, payer = (stay_in(house, room, prices=(20000,), nights=1) for room in ("301", "302"))
    house.next_day()
    add(house, late, "HALF", "A", to_stay_id=payer)
    house.clock.set(TODAY + DAY, 15)
    charge(house, late, 10000, "HALF")
    assert (owed(house, late), owed(house, payer)) == (20000, 30000)

    def leave(stay: int, amount: int) -> None:
        paid = [Paid("CASH", Money(amount))]
        house.do(stays.check_out, stay_id=stay, payments=paid, print_bill=False, intent=house.new_intent())

    leave(late, 20000)
    assert owed(house, payer) == 30000  # the half day was charged already, though another pays it
    with pytest.raises(Refused, match=r"Folio A is short by 100\.00"):
        leave(payer, 30000)  # their own half day is not
    leave(payer, 40000)
