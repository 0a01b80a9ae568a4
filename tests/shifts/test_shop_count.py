"""The shop is counted in the same step as the drawer: blind, every good, each difference explained, and shown
on the handover sheet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from pms.core import i18n
from pms.core.errors import Conflict, NotPermitted, Refused
from pms.core.money import Money
from pms.printing import pdf, receipt
from pms.services.print_jobs import queries as print_queries
from pms.services.shifts import queries, service
from pms.services.shifts.models import ShelfCount
from pms.services.shop import queries as shop_queries
from pms.services.shop import service as shop
from pms.services.shop.service import Counted, Delivered, Item
from tests.builders import House
from tests.rooms.test_races import race
from tests.shifts.test_shifts import (
    FLOAT,
    clerk,
    everything,
    money,
    opened,
    pieces,
    second,
    stay_in,
    with_shifts,
    written,
)


def stocked(house: House, name: str, stock: int, price: int = 600, par: int = 0) -> int:
    good = house.do(shop.set_good, name=name, price=Money(price), unit="can", par=par)
    house.do(shop.receive, lines=[Delivered(good, stock)], reference="DN-1")
    return good


@pytest.fixture
def desk1(house: House) -> House:
    with_shifts(house)
    house.cola, house.water = stocked(house, "Cola", 10), stocked(house, "Water", 5, 500)
    return house


def stock(house: House, good: int) -> int:
    return house.ask(shop_queries.good, good_id=good).stock


def sell(house: House, good: int, n: int = 1, **fields) -> int:
    return money(house, shop.sell, lines=[Item(good, n)], method=fields.pop("method", "CASH"), **fields)


def count_drawer(house: House, shift: int, total: int = FLOAT):
    return house.do(service.count, shift_id=shift, pieces=pieces(total))


def close(house: House, shift: int, left: int = FLOAT, **fields) -> None:
    money(house, service.close, shift_id=shift, left=Money(left), **fields)


def test_a_shift_is_not_closed_before_the_shop_is_counted(desk1):
    shift = opened(desk1)
    with pytest.raises(Conflict, match="not been counted yet"):
        desk1.do(service.count_shop, shift_id=shift, counted={desk1.cola: 10, desk1.water: 5})
    count_drawer(desk1, shift)
    assert [
        g.name for g in desk1.ask(queries.shop_to_count, shift_id=shift, options=desk1.context_options())
    ] == ["Cola", "Water"]
    with pytest.raises(Refused, match="shop has not been counted"):
        close(desk1, shift)
    told = desk1.do(service.count_shop, shift_id=shift, counted={desk1.cola: 10, desk1.water: 5})
    assert [(x.name, x.counted, x.expected, x.gap) for x in told] == [("Cola", 10, 10, 0), ("Water", 5, 5, 0)]
    assert desk1.ask(queries.shop_to_count, shift_id=shift, options=desk1.context_options()) == []
    close(desk1, shift)
    assert desk1.ask(queries.shift, shift_id=shift).state == "closed"


@pytest.mark.parametrize(
    ("counted", "why"),
    [
        ({"cola": 10}, "Not counted yet: Water"),
        ({"cola": 10, "water": -1}, "Water: from 0 to 9999"),
        ({"cola": 10000, "water": 5}, "Cola: from 0 to 9999"),
        ({}, "Not counted yet: Cola, Water"),
    ],
)
def test_every_good_is_counted_and_what_cannot_be_is_named(desk1, counted, why):
    shift = opened(desk1)
    count_drawer(desk1, shift)
    with pytest.raises(Refused, match=why):
        desk1.do(
            service.count_shop,
            shift_id=shift,
            counted={getattr(desk1, name): n for name, n in counted.items()},
        )
    assert desk1.ask(queries.figures, shift_id=shift).shop == []


def test_each_difference_is_explained_booked_once_and_stands_on_the_handover_sheet(desk1):
    li = clerk(desk1, "li", "Li Na")
    shift = opened(desk1)
    sell(desk1, desk1.cola, 2)
    count_drawer(desk1, shift, FLOAT + 1200)
    desk1.do(service.count_shop, shift_id=shift, counted={desk1.cola: 7, desk1.water: 5})
    desk1.do(service.count_shop, shift_id=shift, counted={desk1.cola: 7, desk1.water: 6})
    with pytest.raises(Refused, match=r"Cola -1, Water \+1\. Say why for each"):
        close(desk1, shift, shop_reasons={desk1.cola: "  "})
    with pytest.raises(Refused, match=r"The shop differs: Water \+1"):
        close(desk1, shift, shop_reasons={desk1.cola: "broken can"})
    assert stock(desk1, desk1.cola) == 8
    key = desk1.new_intent()
    for _again in range(2):
        desk1.do(
            service.close,
            intent=key,
            shift_id=shift,
            left=Money(FLOAT),
            shop_reasons={desk1.cola: "broken can", desk1.water: "found behind"},
        )
    assert (stock(desk1, desk1.cola), stock(desk1, desk1.water)) == (7, 6)
    assert next(
        (m.kind, m.quantity, m.reason) for m in desk1.ask(shop_queries.moves, good_id=desk1.cola)
    ) == ("count", -1, "broken can")
    number = desk1.do(service.take_over, intent="t", approval=li, shift_id=shift, accepted=everything(desk1))
    before = desk1.ask(queries.handover, number=number)
    assert [(x.name, x.counted, x.expected, x.reason) for x in before.figures.shop] == [
        ("Cola", 7, 8, "broken can"),
        ("Water", 6, 5, "found behind"),
    ]
    assert before.figures.shop_counts == 2
    sell(desk1, desk1.cola, 3)
    desk1.do(shop.count, counted=[Counted(desk1.water, 1, "again")])
    assert desk1.ask(queries.handover, number=number) == before
    assert desk1.ask(queries.figures, shift_id=shift) == before.figures


def test_every_count_of_the_shop_is_kept_and_none_can_be_changed(desk1):
    shift = opened(desk1)
    count_drawer(desk1, shift)
    for n in (9, 10):
        desk1.do(service.count_shop, shift_id=shift, counted={desk1.cola: n, desk1.water: 5})
    assert desk1.ask(
        lambda s: [c.lines[0]["counted"] for c in s.scalars(select(ShelfCount).order_by(ShelfCount.id))]
    ) == [9, 10]


def test_what_is_sold_after_the_count_or_counted_by_another_makes_it_void(desk1, engine: Engine):
    shift = opened(desk1)
    count_drawer(desk1, shift)
    desk1.do(service.count_shop, shift_id=shift, counted={desk1.cola: 10, desk1.water: 5})
    desk1.do(service.go_on, shift_id=shift, reason="late guest")
    sell(desk1, desk1.cola)
    count_drawer(desk1, shift, FLOAT + 600)
    assert len(desk1.ask(queries.shop_to_count, shift_id=shift, options=desk1.context_options())) == 2
    with pytest.raises(Conflict, match="sold or counted since"):
        close(desk1, shift)
    desk1.do(service.count_shop, shift_id=shift, counted={desk1.cola: 8, desk1.water: 5})
    other = second(engine, desk1)
    opened(other)
    sell(other, desk1.water)  # another drawer's sale does not make this shift's count void
    assert desk1.ask(queries.shop_to_count, shift_id=shift, options=desk1.context_options()) == []
    other.do(shop.count, counted=[Counted(desk1.cola, 8, "by the other desk")])
    with pytest.raises(Conflict, match="sold or counted since"):
        close(desk1, shift, shop_reasons={desk1.cola: "gone"})
    desk1.do(service.count_shop, shift_id=shift, counted={desk1.cola: 8, desk1.water: 4})
    close(desk1, shift)
    assert (stock(desk1, desk1.cola), stock(desk1, desk1.water)) == (8, 4)


def test_a_house_without_a_shop_or_without_this_rule_is_asked_nothing(house):
    with_shifts(house)
    shift = opened(house)
    count_drawer(house, shift)
    close(house, shift)  # no goods
    assert house.ask(queries.figures, shift_id=shift).shop == []
    good = stocked(house, "Cola", 3)
    with_shifts(house, shop_count=False)
    again = opened(house)
    count_drawer(house, again)
    assert house.ask(queries.shop_to_count, shift_id=again, options=house.context_options()) == []
    close(house, again)
    with_shifts(house, shop_count=True)
    house.do(shop.set_good, good_id=good, name="Cola", price=Money(600), active=False)
    third = opened(house)
    count_drawer(house, third)
    close(house, third)  # nothing is on sale


def test_nothing_is_sold_or_taken_back_into_a_counted_or_closed_shift_not_even_to_a_room(desk1):
    shift, stay = opened(desk1), stay_in(desk1)
    number = sell(desk1, desk1.cola)
    line = desk1.ask(shop_queries.sold, sale_id=desk1.ask(shop_queries.sale, number=number).id)[0]
    count_drawer(desk1, shift, FLOAT + 600)
    for method, fields in (("CASH", {}), ("BANK", {}), ("ROOM", {"stay_id": stay})):
        with pytest.raises(Refused, match="is counted"):
            sell(desk1, desk1.cola, method=method, **fields)
    with pytest.raises(Refused, match="is counted"):
        money(desk1, shop.take_back, number=number, lines=[shop.Back(line.move_id, 1)], reason="warm")
    desk1.do(service.count_shop, shift_id=shift, counted={desk1.cola: 9, desk1.water: 5})
    close(desk1, shift)
    with pytest.raises(Refused, match="No shift is open"):
        sell(desk1, desk1.cola, method="ROOM", stay_id=stay)
    assert stock(desk1, desk1.cola) == 9


def test_only_who_works_a_shift_counts_for_it(desk1):
    shift = opened(desk1)
    count_drawer(desk1, shift)
    desk1.clerk = clerk(desk1, "mei", "Mei", "attendant")
    with pytest.raises(NotPermitted):
        desk1.do(service.count_shop, shift_id=shift, counted={desk1.cola: 10, desk1.water: 5})


def test_two_desks_that_close_at_once_book_a_difference_once(desk1, engine: Engine):
    other = second(engine, desk1)
    shifts = [opened(desk1), opened(other)]
    for desk, shift in zip((desk1, other), shifts, strict=True):
        count_drawer(desk, shift)
        desk.do(service.count_shop, shift_id=shift, counted={desk1.cola: 8, desk1.water: 5})
    won, lost = race(
        lambda: close(desk1, shifts[0], shop_reasons={desk1.cola: "gone"}),
        lambda: close(other, shifts[1], shop_reasons={desk1.cola: "gone"}),
    )
    assert (len(won), len(lost)) == (1, 1)
    assert stock(desk1, desk1.cola) == 8


@pytest.mark.parametrize("lang", ["en", "zh_CN"])
def test_the_handover_sheet_tells_the_shops_differences(desk1, lang):
    i18n.use(lang)
    li = clerk(desk1, "li", "Li Na")
    shift = opened(desk1)
    count_drawer(desk1, shift)
    desk1.do(service.count_shop, shift_id=shift, counted={desk1.cola: 8, desk1.water: 5})
    close(desk1, shift, shop_reasons={desk1.cola: "two cans broken"})
    desk1.do(service.take_over, intent="t", approval=li, shift_id=shift, accepted=everything(desk1))
    i18n.use("en")
    [job] = [j for j in desk1.ask(print_queries.jobs) if j.kind == "handover_sheet"]
    slip = desk1.ask(print_queries.stored, job_id=job.id)
    assert [w for w in ("two cans broken", "\u22122", "\u221212.00") if w not in written(slip)] == []
    assert ("Shop count" in written(slip)) == (lang == "en")
    assert pdf.render(slip).startswith(b"%PDF")
    assert receipt.render(slip)


STEP = st.tuples(
    st.sampled_from(["sell", "room", "receive", "count", "go_on", "shelf", "close", "open"]),
    st.integers(0, 1),
    st.integers(1, 4),
    st.booleans(),
)


@given(st.lists(STEP, min_size=8, max_size=24))
def test_the_stock_is_what_was_counted_and_moved_since_under_retries_refusals_and_two_clerks(fresh, steps):
    with fresh() as house:
        with_shifts(house)
        good, other = stocked(house, "Cola", 10), stocked(house, "Water", 10, 500)
        desks, stay = [house, second(house.engine, house)], stay_in(house)
        expected = 10
        for what, at, n, again in steps:
            desk, key = desks[at], house.new_intent()
            here = desk.ask(queries.current, station=desk.station)
            shift = here.id if here else 0
            operation, fields, moved = {
                "sell": (shop.sell, {"lines": [Item(good, n)], "method": "CASH"}, -n),
                "room": (shop.sell, {"lines": [Item(good, n)], "method": "ROOM", "stay_id": stay}, -n),
                "receive": (shop.receive, {"lines": [Delivered(good, n)], "reference": "DN"}, n),
                "count": (service.count, {"shift_id": shift, "pieces": pieces(FLOAT)}, 0),
                "go_on": (service.go_on, {"shift_id": shift, "reason": "late guest"}, 0),
                "shelf": (
                    service.count_shop,
                    {"shift_id": shift, "counted": {good: expected - n, other: 10}},
                    0,
                ),
                "close": (
                    service.close,
                    {"shift_id": shift, "left": Money(0), "reason": "x", "shop_reasons": {good: "gone"}},
                    None,
                ),
                "open": (service.open_shift, {"float_amount": Money(FLOAT)}, 0),
            }[what]
            done = False
            for _time in range(1 + again):  # a retry with the same key does nothing twice
                before = (
                    desk.ask(queries.figures, shift_id=shift).shop
                    if what == "close" and shift and not done
                    else []
                )
                try:
                    desk.do(
                        operation,
                        intent=key if operation.money or what == "receive" else None,
                        confirmed=_yes(desk, good, n),
                        **fields,
                    )
                except Refused:
                    continue
                if not done:
                    expected += sum(x.gap for x in before) if moved is None else moved
                done = True
            assert (
                stock(house, good)
                == expected
                == sum(m.quantity for m in house.ask(shop_queries.moves, good_id=good, limit=10**6))
            )
        assert stock(house, other) == 10


def _yes(desk: House, good: int, n: int) -> frozenset[str]:
    """Confirm that more is sold than the books hold: the goods are in the clerk's hand."""
    return frozenset({f"short:{good}:{stock(desk, good)}:{n}"})
