"""The shop's margin: what was sold at which cost, by article, day and month. On both engines."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from pms.core.errors import NotPermitted
from pms.core.money import Money
from pms.services.margin import queries, service
from pms.services.shop import service as shop
from pms.services.shop import shelf
from tests.authority.people import person
from tests.builders import TODAY
from tests.property.test_settings import set_options


@pytest.fixture
def water(house):
    good = house.do(shop.set_good, name="Water", price=Money(500), cost=Money(200), unit="bottle")
    house.do(shop.receive, lines=[shop.Delivered(good, 20)], reference="L-1")
    return good


def sell(house, good, pieces):
    return house.do(shop.sell, lines=[shop.Item(good, pieces)], method="CASH", intent=house.new_intent())


def told(house, first=TODAY, last=TODAY):
    return [
        (m.name, m.pieces, m.revenue, m.cost, m.margin, m.lost)
        for m in house.ask(queries.by_good, first=first, last=last)
    ]


def test_each_piece_is_reckoned_at_the_cost_at_which_it_went(house, water):
    sell(house, water, 3)
    house.do(shop.receive, lines=[shop.Delivered(water, 5, Money(300))], reference="L-2")
    sell(house, water, 2)
    assert told(house) == [("Water", 5, 2500, 3 * 200 + 2 * 300, 1300, 0)]
    [good] = house.ask(queries.by_good, first=TODAY, last=TODAY)
    assert (good.percent, good.now, good.since) == ("52.00 %", 300, TODAY)
    assert [(c.cost, c.reference) for c in house.ask(queries.costs, good_id=water)] == [
        (300, "L-2"),
        (200, ""),
    ]
    house.do(shop.receive, lines=[shop.Delivered(water, 5, Money(300))], reference="L-3")
    assert len(house.ask(queries.costs, good_id=water)) == 2  # nothing has changed


def test_what_was_given_away_or_lost_stands_at_cost_and_is_no_revenue(house, water):
    sell(house, water, 1)
    house.do(shop.issue, good_id=water, quantity=2, kind="loss", reason="broken")
    house.do(shop.count, counted=[shop.Counted(water, 16, "not found")])
    assert told(house) == [("Water", 1, 500, 200, 300, 3 * 200)]


def test_days_are_added_to_months(house, water):
    sell(house, water, 1)
    days = [
        queries.ByTime(2, Money(1000), Money(400), Money(0), TODAY.replace(day=1)),
        queries.ByTime(1, Money(500), Money(200), Money(200), TODAY.replace(day=2)),
        queries.ByTime(1, Money(500), Money(600), Money(0), (TODAY.replace(day=1) - timedelta(days=1))),
    ]
    first, second = queries.by_month(days)
    assert (first.id, first.pieces, first.margin, first.lost) == (TODAY.replace(day=1), 3, 900, 200)
    assert (second.margin, second.percent) == (-100, "\u221220.00 %")
    [day] = house.ask(queries.by_day, first=TODAY, last=TODAY)
    assert (day.id, day.margin) == (TODAY, 300)
    assert house.ask(queries.by_day, first=TODAY + timedelta(days=1), last=TODAY + timedelta(days=1)) == []


def test_revenue_is_without_the_tax_that_the_price_holds(house, water):
    set_options(house, tax_basis_points=600, tax_included=True)
    sell(house, water, 1)
    assert told(house)[0][2] == 472  # 5.00 / 1.06


def test_who_may_not_see_it_does_not(house, water):
    house.do(service.print_margin, first=TODAY, last=TODAY)
    house.clerk = person(house, "supervisor")
    with pytest.raises(NotPermitted):
        house.do(service.print_margin, first=TODAY, last=TODAY)


def test_the_sheet_tells_article_and_day(house, water):
    sell(house, water, 3)
    house.do(service.print_margin, first=TODAY, last=TODAY)
    with house.engine.begin() as books:
        slip = books.execute(text("SELECT slip FROM print_job WHERE kind = 'shop_margin'")).scalar()
    assert all(words in str(slip) for words in ("Water", "15.00", "60.00 %"))


def test_a_count_values_what_is_missing_at_cost():
    line = shelf.ShelfLine(1, "Water", "", Money(500), 3, 5, cost=Money(200))
    assert line.loss == 400
    assert shelf.ShelfLine(1, "Water", "", Money(500), 6, 5, cost=Money(200)).loss == 0
    old = {k: v for k, v in line.plain().items() if k != "cost"}  # as it was stored before
    assert shelf.ShelfLine(**old).loss == 0
