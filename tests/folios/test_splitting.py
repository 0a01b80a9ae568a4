"""A line is split by amount or per cent: the parts are the whole, and so is their tax."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from pms.core.errors import Conflict, Refused
from pms.core.money import Money
from pms.db import schema
from pms.db.base import NumberSeries, PrintJob
from pms.db.engine import open_engine, sqlite_url
from pms.services.folios import queries, service, splitting
from pms.services.folios.models import Transfer
from pms.services.folios.splitting import Part
from pms.services.opening import series
from pms.services.print_jobs import queries as paper_queries
from tests.builders import SECRET, SMALL, House, office
from tests.folios.test_tax import RULE, books, charge, move, owed, rebate, rules, stay_in, void, within
from tests.invariants import check_books


def split(house: House, line: int, *parts: Part, reason: str = "two pay") -> list[int]:
    made: list[int] = house.do(
        splitting.split_line, transfer_id=line, parts=parts, reason=reason, intent=house.new_intent()
    )
    return made


def of_window(house: House, stay: int, window: str) -> int:
    found = house.ask(queries.folios, stay_id=stay)
    return next(int(f.balance) for f in found if f.ledger == "guest" and f.window == window)


@pytest.fixture
def stay(house: House) -> int:
    """A guest with a folio of the firm's beside the own."""
    made = stay_in(house)
    house.do(service.open_window, stay_id=made, payer="Firm")
    return made


def test_a_hundred_in_three_is_a_hundred(house, stay):
    third = stay_in(house, "302")
    line = charge(house, stay, 10000)
    one, two, three = splitting.equal(10000, 3)
    assert (one, two, three) == (3333, 3334, 3333)
    split(house, line, Part(stay, "B", amount=two), Part(third, amount=three))
    assert [of_window(house, stay, "A"), of_window(house, stay, "B"), owed(house, third)] == [
        3333,
        3334,
        3333,
    ]
    assert house.ask(splitting.left, transfer_id=line) == 3333
    shown = [x for x in house.ask(queries.folio_lines, stay_id=stay) if x.code == "TRANSFER"]
    assert [(x.window, x.charge, x.rule) for x in shown] == [
        ("A", -3334, "two pay"),
        ("B", 3334, "two pay"),
        ("A", -3333, "two pay"),
    ]
    house.ask(check_books)


def test_a_split_by_per_cent_is_of_what_is_left_and_leaves_the_line_as_it_was(house, stay):
    line = charge(house, stay, 20000)
    rebate(house, line, 10000)
    first, second = split(house, line, Part(stay, "B", points=3333), Part(stay, "B", points=6667))
    assert [house.look(lambda s, n=n: s.get(Transfer, n).amount) for n in (first, second)] == [3333, 6667]
    assert (of_window(house, stay, "A"), of_window(house, stay, "B")) == (0, 10000)
    assert house.look(lambda s: s.get(Transfer, line).amount) == 20000
    with pytest.raises(Refused, match="left"):
        split(house, line, Part(stay, "B", amount=Money(1)))
    void(house, second)
    assert house.ask(splitting.left, transfer_id=line) == 6667


def test_what_no_split_is_is_refused_with_its_reason(house, stay):
    line = charge(house, stay, 1000)
    before = house.ask(lambda s: len(s.scalars(select(Transfer.id)).all()))
    for parts, why in (
        ((), "1 to 16"),
        ((Part(stay, "B", amount=Money(1001)),), "10.00 is left"),
        ((Part(stay, "B", points=10001),), "100 %"),
        ((Part(stay, "B", points=20000), Part(stay, points=-10000)), "100 %"),
        ((Part(stay, "B", amount=Money(5), points=5),), "not by both"),
        ((Part(stay, "B", amount=Money(5)), Part(stay, "B", points=5)), "not by both"),
        ((Part(stay, "B"),), "nothing"),
        ((Part(stay, "B", amount=Money(-5)),), "nothing"),
        ((Part(stay, "B", points=1), Part(stay, "B", points=1)), "nothing"),
        ((Part(stay, "A", amount=Money(500)),), "stay on this folio"),
        ((Part(stay, "C", amount=Money(500)),), "no folio C"),
        ((Part(stay + 999, "A", amount=Money(500)),), "no folio A"),
    ):
        with pytest.raises(Refused, match=why):
            split(house, line, *parts)
    with pytest.raises(Refused, match="why"):
        split(house, line, Part(stay, "B", amount=Money(1)), reason=" ")
    void(house, line)
    with pytest.raises(Conflict, match="already"):
        split(house, line, Part(stay, "B", amount=Money(1)))
    assert house.ask(lambda s: len(s.scalars(select(Transfer.id)).all())) == before + 1
    assert of_window(house, stay, "B") == 0


@pytest.mark.parametrize("included", [True, False])
def test_the_tax_of_three_thirds_is_the_tax_of_the_whole(house, included):
    rules(house, 600, included)
    stays = [stay_in(house, room) for room in ("301", "302", "303", "304")]
    line = charge(house, stays[0], 10000)
    split(house, line, *(Part(n, points=p) for n, p in zip(stays[1:], (3333, 3333, 3334), strict=True)))
    if included:  # of 5.66
        assert [within(house, stay) for stay in stays] == [0, 189, 188, 189]
        assert [owed(house, stay) for stay in stays] == [0, 3333, 3333, 3334]
    else:
        assert [owed(house, stay) for stay in stays] == [0, 3533, 3533, 3534]
    assert books(house, "TAX") == [566 if included else 600]


@contextmanager
def hotel_in(currency: str, folder: Path) -> Iterator[House]:
    """A new hotel whose money has 0, 2 or 3 decimals."""
    engine = open_engine(sqlite_url(folder / f"{currency}.db"), SECRET)
    schema.upgrade(engine)
    try:
        options = replace(SMALL.options, odd_amount=10**9)
        yield office(engine, replace(SMALL, currency=currency, options=options))
    finally:
        engine.dispose()


@pytest.fixture(scope="module", params=["JPY", "CNY", "KWD"])
def abroad(request, tmp_path_factory) -> Iterator[tuple[House, list[int]]]:
    """A hotel of each kind of currency with four guests."""
    with hotel_in(request.param, tmp_path_factory.mktemp("money")) as house:
        yield house, [stay_in(house, room) for room in ("301", "302", "303", "304")]


POINTS = st.lists(st.integers(1, 6000), min_size=1, max_size=6).filter(lambda p: sum(p) <= 10_000)
SPLITS = st.lists(st.tuples(st.integers(0, 30), POINTS, st.integers(0, 3)), min_size=1, max_size=4)


@given(rule=RULE, amount=st.integers(1, 10**7), splits=SPLITS)
def test_whatever_is_split_the_parts_and_their_tax_are_the_whole(abroad, rule, amount, splits):
    house, stays = abroad
    rules(house, *rule)
    before, earned = [owed(house, n) for n in stays], books(house, "MINIBAR", "SERVICE", "TAX")
    told = sum(within(house, n) for n in stays)
    lines = [charge(house, stays[0], amount)]
    once = [owed(house, n) - b for n, b in zip(stays, before, strict=True)]
    tax_of_it = within(house, stays[0]) - (told - sum(within(house, n) for n in stays[1:]))
    for which, points, to in splits:
        line = lines[which % len(lines)]
        parts = [Part(stays[(to + at) % 4], points=p) for at, p in enumerate(points)]
        try:
            lines += split(house, line, *parts)
        except Refused:
            continue
    after = [owed(house, n) - b for n, b in zip(stays, before, strict=True)]
    assert sum(after) == sum(once)
    assert all(one >= 0 for one in after)
    assert sum(within(house, n) for n in stays) == told + tax_of_it
    gained = [now - then for now, then in zip(books(house, "MINIBAR", "SERVICE", "TAX"), earned, strict=True)]
    assert sum(gained) == sum(once)
    for line in reversed(lines):
        void(house, line)
    assert [owed(house, n) for n in stays] == before
    assert books(house, "MINIBAR", "SERVICE", "TAX") == earned


@given(left=st.integers(1, 10**12), points=POINTS)
def test_parts_are_what_their_sum_is_and_no_part_is_off_by_a_coin(left, points):
    found = splitting.shares(left, points)
    assert sum(found) == splitting.shares(left, [sum(points)])[0]
    assert all(abs(one * 10_000 - left * p) < 10_000 for one, p in zip(found, points, strict=True))


@given(left=st.integers(0, 10**12), count=st.integers(1, 16))
def test_equal_parts_differ_by_one_coin_at_most(left, count):
    found = splitting.equal(left, count)
    assert sum(found) == left
    assert max(found) - min(found) <= 1


def test_a_part_that_was_moved_is_split_again(house, stay):
    line = charge(house, stay, 10000)
    moved = move(house, line, stay_in(house, "302"), 9999)
    [part] = split(house, moved, Part(stay, "B", points=3333))
    assert house.look(lambda s: s.get(Transfer, part).amount) == 3333
    with pytest.raises(Refused, match="Void the transfer first"):
        void(house, moved)


def papers(house: House) -> list[tuple[str, str]]:
    """Return the number and the whole text of each transfer slip."""
    wanted = (
        select(PrintJob.number, PrintJob.slip).where(PrintJob.kind == "transfer_slip").order_by(PrintJob.id)
    )
    return [(number, str(slip)) for number, slip in house.ask(lambda s: s.execute(wanted).all())]


def test_each_part_has_its_slip_with_number_from_to_lines_who_and_why(house, stay):
    rules(house, 600, included=False)
    line = charge(house, stay, 10000)
    other = stay_in(house, "302")
    made = split(house, line, Part(stay, "B", points=5000), Part(other, points=2500), reason="firm pays half")
    one, two = papers(house)
    assert [one[0], two[0]] == ["TS-1", "TS-2"]
    for told in ("301 A Guest 301", "301 B Firm (Guest 301)", "Minibar", "50.00", "Tax", "3.00", "53.00"):
        assert told in one[1], told
    for told in ("302 A Guest 302", "25.00", "1.50", "26.50", "firm pays half", "Zhang Li"):
        assert told in two[1], told
    kept = house.ask(paper_queries.of_record, record="transfer", record_id=made[1])
    assert [paper.number for paper in kept] == ["TS-2"]
    assert [hit.title for hit in house.ask(paper_queries.search, text="TS-2")]
    move(house, line, other)
    assert papers(house)[2][0] == "TS-3"
    with pytest.raises(Refused, match="left"):  # what is refused prints nothing and uses no number
        split(house, line, Part(other, points=100))
    assert len(papers(house)) == 3


def test_a_series_that_stands_below_a_slip_is_told(house, stay):
    split(house, charge(house, stay, 1000), Part(stay, "B", points=5000))
    assert list(house.ask(series.faults)) == []
    house.do(lambda work: work.session.execute(update(NumberSeries).values(latest=0)))
    assert any("transfer_slip" in told and "number 1 is used" in told for told in house.ask(series.faults))
