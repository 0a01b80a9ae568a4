"""Width, case, prefixes and leading zeros fold to one word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pms.core import typed


@pytest.mark.parametrize(
    ("text", "code"),
    [("２０１", "201"), (" a1 ", "A1"), ("T－12", "T-12"), ("sh–1", "SH-1"), ("ｈ‐3", "H-3"), ("8楼", "8楼")],
)
def test_a_code_is_read_in_half_width_and_capitals(text, code):
    assert typed.code(text) == code


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("６９０１２３４５６７８９２", "6901234567892"),
        ("]E06901234567892", "6901234567892"),
        (" ab 12", "AB12"),
    ],
)
def test_a_scanners_prefix_and_spaces_are_no_part_of_a_barcode(text, stored):
    assert typed.barcode(text) == stored


def test_upc_a_is_ean_13_with_a_leading_zero_and_may_lose_its_own():
    ways = typed.same_article("012345678905")
    for scanned in ("12345678905", "012345678905", "0012345678905", "00012345678905", "]E00012345678905"):
        assert typed.same_article(scanned) == ways
        assert scanned.removeprefix("]E0") in ways


@pytest.mark.parametrize("short", ["7", "007", "01234565", "0000"])
def test_short_codes_keep_their_zeros(short):
    assert typed.same_article(short) == {short}


def test_a_scanner_with_the_capitals_the_wrong_way_round_finds_the_article():
    assert "ab-12" in typed.same_article("AB-12")
    assert "AB-12" in typed.same_article("ab-12")


@given(st.text())
def test_folding_twice_is_folding_once(text):
    assert typed.code(typed.code(text)) == typed.code(text)
    assert not typed.unprintable(typed.printable(text))
