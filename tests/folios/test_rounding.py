"""The sums that rounding loses elsewhere: a hundred in three, a third by per cent, tax in the smallest coin,
in money with no decimals, two and three."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pms.core.money import parse, show
from pms.core.options import Options
from pms.services.folios import service, splitting, tax
from pms.services.folios.splitting import Part
from pms.services.night_audit import proof
from tests.builders import House
from tests.folios.test_splitting import hotel_in, of_window, split
from tests.folios.test_tax import books, charge, move, owed, rebate, rules, stay_in, void, within

DIGITS = {"JPY": 0, "CNY": 2, "KWD": 3}
ANY = st.integers(1, 10**9)


@dataclass
class Abroad:
    """A hotel, how many decimals its money has, a guest with two folios more, and another guest."""

    house: House
    digits: int
    stay: int
    other: int


@pytest.fixture(scope="module", params=DIGITS)
def abroad(request, tmp_path_factory) -> Iterator[Abroad]:
    """A hotel of each kind of money, with prices that include six per cent."""
    with hotel_in(request.param, tmp_path_factory.mktemp("coins")) as house:
        rules(house, 600, True)
        made = Abroad(house, DIGITS[request.param], stay_in(house), stay_in(house, "302"))
        for payer in ("Firm", "Friend"):
            house.do(service.open_window, stay_id=made.stay, payer=payer)
        yield made


def leave(house: House, *lines: int) -> None:
    for line in reversed(lines):
        void(house, line)


def test_a_hundred_in_three_has_every_coin_and_its_tax(abroad):
    house, digits, stay = abroad.house, abroad.digits, abroad.stay
    whole = parse("100", digits)
    line = charge(house, stay, whole)
    taxed = within(house, stay)
    thirds = [splitting.equal(whole, 3)[n] for n in (1, 2)]
    made = split(house, line, *(Part(stay, w, amount=a) for w, a in zip("BC", thirds, strict=True)))
    stands = [of_window(house, stay, window) for window in "ABC"]
    assert sum(stands) == whole
    assert {show(sum_, digits) for sum_ in stands} == {
        0: {"33", "34"},
        2: {"33.33", "33.34"},
        3: {"33.333", "33.334"},
    }[digits]
    assert within(house, stay) == taxed == tax.Share(600, included=True).of(whole)
    leave(house, line, *made)
    assert [of_window(house, stay, window) for window in "ABC"] == [0, 0, 0]


def test_six_per_cent_in_the_smallest_coins_are_whole_coins_and_the_books_close(abroad):
    house, stay = abroad.house, abroad.stay
    before, earned = owed(house, stay), books(house, "MINIBAR", "TAX")
    lines = [charge(house, stay, coins) for coins in (1, 8, 9, 17, 26)]
    # 6/106 of a coin is 0.06, of 8 coins 0.45, of 9 are 0.51, of 17 are 0.96, of 26 are 1.47
    assert [now - then for now, then in zip(books(house, "MINIBAR", "TAX"), earned, strict=True)] == [58, 3]
    assert owed(house, stay) - before == 61
    back = rebate(house, lines[4], 13)
    rest = rebate(house, lines[4], 13)
    assert [now - then for now, then in zip(books(house, "MINIBAR", "TAX"), earned, strict=True)] == [33, 2]
    leave(house, *lines[:4])
    leave(house, back, rest)
    void(house, lines[4])
    assert (owed(house, stay), books(house, "MINIBAR", "TAX")) == (before, earned)
    assert list(house.look(proof.faults)) == []


@given(amount=ANY, digits=st.sampled_from([0, 2, 3]))
def test_a_third_by_per_cent_of_anything_leaves_what_is_not_a_third(amount, digits):
    parts = splitting.shares(amount, [3333, 3333, 3333])
    assert sum(parts) == tax.portion(amount, 10_000, 9999) <= amount
    assert max(parts) - min(parts) <= 1
    assert sum(parse(show(part, digits), digits) for part in parts) == sum(parts)  # as it is read and typed
    assert sum(splitting.shares(amount, [3333, 3333, 3334])) == amount


@given(amount=ANY, rate=st.integers(1, 3000), included=st.booleans(), cuts=st.lists(ANY, max_size=8))
def test_the_tax_of_any_parts_is_the_tax_of_the_whole(amount, rate, included, cuts):
    share = tax.Share(rate, included=included)
    whole = share.of(amount)
    at = sorted({cut % amount for cut in cuts} | {0, amount})
    done = [tax.portion(whole, amount, cut) for cut in at]
    parts = [later - before for before, later in itertools.pairwise(done)]
    assert sum(parts) == whole
    assert all(part >= 0 for part in parts)
    assert abs(whole * share.divisor - amount * rate) * 2 <= share.divisor  # half a coin at most


@given(amount=ANY)
def test_what_a_price_includes_and_its_net_are_the_price(amount):
    options = Options(tax_basis_points=600, tax_included=True)
    [of_tax] = tax.of(options, "MINIBAR", amount) or [None]
    assert tax.net(options, "MINIBAR", amount) + (of_tax.amount if of_tax else 0) == amount
    assert tax.on_top(options, "MINIBAR", amount) == 0


def test_moved_on_and_on_a_coin_keeps_its_tax(abroad):
    house, first, second = abroad.house, abroad.stay, abroad.other
    line = charge(house, first, 9)
    told = within(house, first) + within(house, second)
    moved = [move(house, line, second, part) for part in (4, 5)]
    assert within(house, first) + within(house, second) == told
    assert (owed(house, first), owed(house, second)) == (0, 9)
    leave(house, line, *moved)
