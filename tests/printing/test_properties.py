"""Whatever a guest is called and whatever a clerk types: nothing leaves the paper, nothing is lost, nothing
steers the printer."""

import unicodedata
from collections import Counter
from dataclasses import replace
from functools import partial
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pms.core.money import Money, show
from pms.printing import cells, pdf, raster, receipt, sheet, sheet_page, texts
from pms.printing.cells import CELLS, Line, lay_out
from pms.printing.receipt import Ability
from pms.printing.slip import (
    QR,
    Amount,
    Barcode,
    Big,
    Column,
    Facts,
    Heading,
    Row,
    Signatures,
    Slip,
    Table,
    Text,
    Total,
    left,
    right,
    row,
)

from .escpos import Drawn, Printed, Reader

RARE = (
    "欧阳䶮𠮷㐂々〇ー하이ไทยสวัสดีЖukёΩαŁłőřşğÅéüß\u0301\u0302\u0308\u200d\ufe0f"
    "👩🏽🚀🇨🇳￥¥€£−–—…·•“”‘’「」（）【】，。；：！？×÷°№\u200b\u202e\xa0\u3000\t\n\r\x1b\x1d\x10\x00\x7f{}"
)
letters = st.one_of(
    st.sampled_from(RARE), st.characters(codec="utf-8"), st.sampled_from("abc XYZ-/ 0123456789.,")
)
words = st.one_of(
    st.text(letters, max_size=60),
    st.text("ABCdef-/0123456789", min_size=40, max_size=90),
    st.text("欧阳修，。（）12", max_size=90),
)
short = st.text(letters, max_size=14)
amounts = st.integers(-(10**11), 10**11).map(lambda n: show(Money(n)))
aligned = st.sampled_from(("left", "center", "right"))


@st.composite
def tables(draw):
    columns = draw(st.lists(st.builds(Column, short, st.integers(1, 7), aligned), min_size=1, max_size=5))
    cell = st.one_of(words, amounts)
    rows = draw(
        st.lists(st.builds(Row, st.tuples(*(cell for _ in columns)), words, st.booleans()), max_size=4)
    )
    return Table(
        tuple(columns),
        tuple(rows),
        tuple(draw(st.lists(st.builds(Total, short, amounts, st.booleans()), max_size=3))),
        draw(st.booleans()),
    )


blocks = st.one_of(
    st.builds(Heading, words),
    st.builds(Text, words, st.sampled_from(("normal", "strong", "large", "small")), aligned),
    st.builds(
        Facts, st.lists(st.tuples(short, words), max_size=5).map(tuple), st.integers(1, 2), st.booleans()
    ),
    st.builds(Big, short, short),
    st.builds(Amount, short, amounts, words),
    tables(),
    st.builds(Barcode, st.text("AB-0123456789{}", min_size=1, max_size=30)),
    st.builds(QR, st.text(letters, min_size=1, max_size=40), short),
    st.builds(Signatures, st.lists(short, min_size=1, max_size=5).map(tuple)),
)
slips = st.builds(
    Slip,
    st.just("any"),
    words,
    st.lists(blocks, max_size=4).map(tuple),
    short,
    st.sampled_from(("80mm", "58mm")),
    st.lists(short, max_size=2).map(tuple),
    words,
    words,
    words,
    st.integers(0, 2),
    st.booleans(),
)
thorough = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def ink(text: str) -> Counter:
    """Count the signs of a text that make a mark on paper."""
    return Counter(char for char in texts.printable(text) if char != " ")


@thorough
@given(slips)
def test_no_line_is_wider_than_the_paper(slip):
    for label in slip.labels:
        for piece in lay_out(slip, label):
            if isinstance(piece, Line):
                assert texts.width(piece.text) * piece.wide <= CELLS[slip.paper], piece


@thorough
@given(slips)
def test_no_sign_is_lost_on_the_roll(slip):
    found = Counter("".join(piece.text for piece in lay_out(slip, slip.labels[0]) if isinstance(piece, Line)))
    for block in slip.blocks:
        for text in words_of(block):
            assert not ink(text) - found, text


def words_of(block) -> list[str]:
    """Return every text of a block that must be read on paper."""
    match block:
        case Heading(text) | Text(text):
            return [text]
        case Facts(pairs):
            return [text for pair in pairs for text in pair]
        case Table(columns, rows, totals):
            heads = [c.title for c in columns]
            return [
                *heads,
                *(text for r in rows for text in (*r.cells, r.note)),
                *(text for t in totals for text in (t.label, t.value)),
            ]
        case Big(text, caption):
            return [text, caption]
        case Amount(label, figures, spelt):
            return [label, figures, spelt]
        case Signatures(labels):
            return list(labels)
    return []


@thorough
@given(slips, st.sampled_from(("gb2312", "gbk", "gb18030", "raster")), st.booleans())
def test_the_printer_gets_nothing_but_commands_it_knows_and_lines_that_fit(slip, charset, drawer):
    for item in Reader(receipt.render(slip, Ability(charset, True, drawer))):
        if isinstance(item, Printed):
            assert item.cells <= CELLS[slip.paper], item
        if isinstance(item, Drawn):
            assert item.wide <= CELLS[slip.paper] * 12


def test_a_line_of_nothing_but_a_sign_without_width_is_drawn_as_an_empty_one():
    drawn = raster.picture(Line("\U000e0100"), 48)
    assert drawn.width == 48 * 12
    assert drawn.getbbox() is None


@thorough
@given(words, st.integers(2, 48))
def test_folding_keeps_every_sign_in_order_and_never_begins_with_a_combining_mark(text, room):
    clean = texts.printable(text)
    lines = texts.fold(clean, room)
    assert "".join(lines).replace(" ", "") == clean.replace(" ", "")
    assert all(texts.width(line) <= room for line in lines)
    for line in lines[1:]:
        assert not unicodedata.combining(line[0]) or texts.width(line[0])


HARD = {
    "one word": "x" * 500,
    "words": "Wang " * 100,
    "Chinese": "王小明，" * 125,
    "marks on one letter": "w" + "\u0301" * 499,
    "blanks": " " * 499 + "x",
    "hyphens": "ab-" * 166,
    "brackets": "（" * 500,
}


@pytest.mark.parametrize("told", HARD.values(), ids=HARD)
def test_a_text_twice_as_long_is_measured_no_more_than_twice_as_much(told):
    """Counted, not timed: each sign is measured a bounded number of times, however long its word is."""
    measured = [_signs_measured(told * times) for times in (8, 16, 32)]
    assert measured[1] <= 2.2 * measured[0]
    assert measured[2] <= 2.2 * measured[1]


def _signs_measured(text: str) -> int:
    counted = 0

    def measure(part: str) -> int:
        nonlocal counted
        counted += len(part)
        return texts.width(part)

    assert "".join(texts.fold(texts.clean(text), 48, measure)).split() or not text.split()
    return counted


@pytest.mark.parametrize(
    "draw", [pdf.render, partial(receipt.render, ability=Ability())], ids=["PDF", "roll"]
)
def test_a_paper_with_a_word_of_four_thousand_signs_takes_no_longer_than_its_length(draw):
    def taken(signs: int) -> float:
        slip = Slip("bill", "Bill", (Text("x" * signs), Facts((("Remark", "x" * signs),))), paper="80mm")
        before = process_time()
        draw(slip)
        return process_time() - before

    taken(10)
    short, long = (min(taken(signs) for _time in range(3)) for signs in (4000, 16000))
    assert long < 10 * max(short, 0.01)  # sixty-four times and more before
    assert short < 2


@thorough
@given(
    st.lists(st.tuples(words, amounts, st.integers(1, 99)), min_size=1, max_size=6),
    st.sampled_from(("80mm", "58mm")),
)
def test_amounts_stand_under_one_another_at_the_right_edge(lines, paper):
    table = Table(
        (left("Item", 5), right("Qty"), right("Amount", 2)),
        tuple(row(text, str(n), amount) for text, amount, n in lines),
    )
    cols = CELLS[paper]
    shown = [
        piece.text for piece in lay_out(Slip("any", "Bill", (table,), paper=paper)) if isinstance(piece, Line)
    ]
    for _text, amount, _n in lines:
        assert any(texts.width(line) == cols and line.endswith(texts.printable(amount)) for line in shown), (
            amount
        )


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(slips, st.sampled_from(("A4", "A5", "241x140", "241x93")))
def test_no_word_leaves_the_sheet(slip, paper):
    slip = replace(slip, paper=paper)
    made = sheet._set(slip, slip.labels[0])
    high = made.format.high * sheet.MM
    for page in made.pages:
        for mark in page:
            if isinstance(mark, sheet_page.Word):
                assert mark.x >= made.left - 1, mark
                assert (
                    mark.x + sheet_page.width_of(mark.text, mark.size, mark.strong) <= made.right + 1
                    or len(mark.text) == 1
                ), mark
                assert 0 < mark.y <= high, mark


@thorough
@given(words)
def test_clean_text_holds_nothing_that_steers(text):
    for char in texts.clean(text):
        assert unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp")


def test_widths_are_what_printers_print():
    for text, cells_wide in (
        ("abc", 3),
        ("房", 2),
        ("￥1", 3),
        ("é", 1),
        ("Ł", 1),
        ("e\u0301", 1),
        ("g\u0308", 1),
        ("👩", 2),
        ("䶮", 2),
        ("ー", 2),
        ("×", 2),
        ("", 0),
    ):
        assert texts.width(texts.printable(text)) == cells_wide, text
    assert cells.CELLS == {"80mm": 48, "58mm": 32}


@pytest.mark.parametrize(
    ("title", "room", "lines"),
    [
        ("Registration card 住宿登记单", 24, ["Registration card", "住宿登记单"]),
        ("住宿登记单", 10, ["住宿登记单"]),
        ("住宿登记单", 9, []),
        ("Night auditor's registration", 11, []),
        ("  Bill  of   fare ", 8, ["Bill of", "fare"]),
        ("", 12, []),
    ],
)
def test_a_title_breaks_between_words_or_is_drawn_smaller(title, room, lines):
    assert texts.whole_words(title, room) == lines
