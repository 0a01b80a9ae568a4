"""Amounts in figures and in the capital words of Chinese money papers."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pms.core.currencies import CURRENCIES
from pms.core.errors import Refused
from pms.core.money import capital, parse, scaled, show
from pms.printing import slip
from tests.amounts import plain

# The first rows are the examples of the People's Bank's rules for writing amounts on bills, in fen.
WRITTEN = {
    140950: "壹仟肆佰零玖元伍角整",
    600714: "陆仟零柒元壹角肆分",
    168032: "壹仟陆佰捌拾元叁角贰分",
    10700053: "壹拾万柒仟元伍角叁分",
    1640902: "壹万陆仟肆佰零玖元零贰分",
    32504: "叁佰贰拾伍元零肆分",
    0: "零元整",
    1: "壹分",
    5: "伍分",
    10: "壹角整",
    50: "伍角整",
    55: "伍角伍分",
    100: "壹元整",
    101: "壹元零壹分",
    110: "壹元壹角整",
    1000: "壹拾元整",
    1050: "壹拾元伍角整",
    1005: "壹拾元零伍分",
    1100: "壹拾壹元整",
    10000: "壹佰元整",
    10100: "壹佰零壹元整",
    11000: "壹佰壹拾元整",
    50000: "伍佰元整",
    100000: "壹仟元整",
    100001: "壹仟元零壹分",
    100100: "壹仟零壹元整",
    1000000: "壹万元整",
    1000100: "壹万零壹元整",
    1001000: "壹万零壹拾元整",
    1010000: "壹万零壹佰元整",
    1100000: "壹万壹仟元整",
    10000000: "壹拾万元整",
    10000100: "壹拾万零壹元整",
    10010000: "壹拾万零壹佰元整",
    10100000: "壹拾万壹仟元整",
    100000100: "壹佰万零壹元整",
    1000010001: "壹仟万零壹佰元零壹分",
    1001000100: "壹仟零壹万零壹元整",
    10000000000: "壹亿元整",
    10000000100: "壹亿零壹元整",
    10001000000: "壹亿零壹万元整",
    10001000100: "壹亿零壹万零壹元整",
    100000000000: "壹拾亿元整",
    1000000000000: "壹佰亿元整",
    1000000000000000: "壹拾万亿元整",
    99999999999: "玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分",
    -5: "负伍分",
    -1050: "负壹拾元伍角整",
}
FIGURES = {word: value for value, word in enumerate("零壹贰叁肆伍陆柒捌玖")}
STEPS = {"拾": 10, "佰": 100, "仟": 1000}


@pytest.mark.parametrize(("fen", "words"), WRITTEN.items())
def test_capital_words_are_those_of_the_bank(fen, words):
    assert capital(fen) == words


def read(words: str) -> int:
    """Read capital words back, as a cashier would; returns fen."""
    sign = -1 if words.startswith("负") else 1
    yuan, _yuan, rest = words.removeprefix("负").removesuffix("整").rpartition("元")
    fen = 0
    for figure, unit in zip(rest.removeprefix("零")[::2], rest.removeprefix("零")[1::2], strict=True):
        fen += FIGURES[figure] * {"角": 10, "分": 1}[unit]
    return sign * (number(yuan) * 100 + fen)


def number(words: str) -> int:
    for step, word in ((10**8, "亿"), (10**4, "万")):
        if word in words:
            before, _word, after = words.rpartition(word)
            return number(before) * step + number(after)
    total = figure = 0
    for char in words:
        if char in STEPS:
            total, figure = total + figure * STEPS[char], 0
        else:
            figure = FIGURES[char]
    return total + figure


@given(
    st.one_of(
        st.integers(-(10**15), 10**15), st.integers(0, 10**7), st.integers(0, 10**9).map(lambda n: n * 100)
    )
)
def test_capital_words_read_back_to_the_same_amount(fen):
    words = capital(fen)
    assert read(words) == fen
    assert "零零" not in words
    assert not words.startswith(("零万", "拾", "佰"))
    assert words.endswith("分") == bool(fen % 10)


@pytest.mark.parametrize(
    ("amount", "digits", "shown"),
    [(123456789, 2, "1,234,567.89"), (-5, 2, "\u22120.05"), (1234, 0, "1,234"), (0, 2, "0.00")],
)
def test_amounts_are_shown_grouped_with_a_true_minus(amount, digits, shown):
    assert show(amount, digits) == shown


@given(st.integers(-(10**14), 10**14), st.sampled_from((0, 2, 3)))
def test_what_is_written_is_read_back(amount, digits):
    assert parse(show(amount, digits), digits) == amount
    if digits or abs(amount) < 10**11:
        assert parse(plain(amount, digits), digits) == amount


TYPED = {
    "12,50": 1250,
    "0,5": 50,
    ",5": 50,
    "12，50": 1250,
    "１２，５０": 1250,
    "1,234": 123400,
    "1,234.5": 123450,
    "1,234,567.89": 123456789,
    "−1,234.00": -123400,
    "¥ 298": 29800,
    "￥298.00": 29800,
    "-¥5": -500,
    "298。5": 29850,
    "+3": 300,
    "12,345,678": 1234567800,
    "9999999": 999999900,
}
REFUSED = (
    "", " ", "abc", "1.234", "12..3", "NaN", "Infinity", "1e400", "1,2,3", "1,23,456", "5002,000.00",
    "12,500,0", "0,500", "1,2345", "1.234,56", "1,234.567", "1¥2", "1 234", "--1", "+-5", "1\0", "١٢", "1_0",
)  # fmt: skip


@pytest.mark.parametrize(("typed", "amount"), TYPED.items())
def test_a_comma_groups_or_stands_for_the_point_and_never_multiplies(typed, amount):
    assert parse(typed) == amount


@pytest.mark.parametrize("typed", REFUSED)
def test_what_is_no_exact_amount_or_may_be_read_in_two_ways_is_refused(typed):
    with pytest.raises(Refused):
        parse(typed)


@pytest.mark.parametrize(
    ("typed", "digits", "amount"),
    [
        ("1,500", 0, 1500),
        ("1500", 0, 1500),
        ("12000000", 0, 12000000),
        ("1,500.000", 3, 1500000),
        ("1,234,567", 3, 1234567000),
        ("1500", 3, 1500000),
        ("1,5", 3, 1500),
        ("1.500", 3, 1500),
    ],
)
def test_currencies_of_other_decimals_are_read_by_their_own(typed, digits, amount):
    assert parse(typed, digits) == amount


@pytest.mark.parametrize(("typed", "digits"), [("1,5", 0), ("1.5", 0), ("0.1234", 3), ("1500.00", 0)])
def test_more_decimals_than_the_currency_has_are_refused_unless_they_are_zeros(typed, digits):
    if typed.endswith(".00"):
        assert parse(typed, digits) == 1500
    else:
        with pytest.raises(Refused):
            parse(typed, digits)


@pytest.mark.parametrize(
    "code", ["4909876543210", "6901234567892", "012345678905", "96385074", "13800138000", "11010119900307123"]
)
def test_a_barcode_or_a_number_is_no_amount(code):
    with pytest.raises(Refused, match="looks like a barcode"):
        parse(code)
    if len(code) >= 12:
        with pytest.raises(Refused, match="looks like a barcode"):
            parse(code, 0)


@given(st.integers(0, 10**9), st.sampled_from((0, 2, 3)), st.sampled_from(".,，。"))
def test_no_way_to_write_an_amount_makes_it_larger(amount, digits, point):
    whole, decimals = divmod(amount, 10**digits)
    text = f"{whole}{point}{decimals:0{digits}d}" if digits else str(whole)
    try:
        assert parse(text, digits) == amount
    except Refused:
        assert len(str(whole)) >= 8 or (digits == 3 and point in ",，")  # 0,500 may be read in two ways


def test_a_comma_before_three_figures_is_asked_where_the_currency_has_three_decimals():
    assert parse("1,500", 2) == 150000
    with pytest.raises(Refused, match="two ways. Type 1,234.560 or 1234"):
        parse("1,500", 3)


@given(st.sampled_from(sorted(CURRENCIES)), st.integers(0, 10**12))
def test_every_currency_is_written_and_read_back_by_its_own_decimals(code, amount):
    money = CURRENCIES[code]
    shown = show(amount, money.digits)
    assert len(shown.partition(".")[2]) == money.digits
    assert parse(shown, money.digits) == amount
    paper = slip.money(amount, code, money.digits)
    assert paper.startswith(money.sign)
    assert paper.endswith(shown)


def test_what_lies_in_a_drawer_makes_every_sum_of_the_smallest_piece():
    for money in CURRENCIES.values():
        assert list(money.pieces) == sorted(set(money.pieces), reverse=True), money.code
        assert money.step % money.pieces[-1] == 0, money.code


def test_a_long_text_is_not_said_back_whole():
    with pytest.raises(Refused) as said:
        parse("x" * 1_000_000)
    assert len(str(said.value)) < 120


@pytest.mark.parametrize(
    ("amount", "ratio", "unit", "result"),
    [
        (29800, "0.5", 100, 14900),
        (29850, "0.5", 100, 14900),
        (29900, "0.5", 100, 15000),
        (33333, "0.85", 1, 28333),
        (-105, "0.5", 1, -53),
    ],
)
def test_there_is_one_rounding_half_up(amount, ratio, unit, result):
    assert scaled(amount, Decimal(ratio), unit) == result
