"""No bank card's number, no sign that cannot be stored, no text without an end reaches an operation."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pms.core import limits
from pms.core.errors import Refused
from pms.core.limits import card_in

CARDS = (
    "4111111111111111",
    "5500000000000004",
    "378282246310005",
    "36148900647913",
    "4222222222222",
    "6222020200112233446",
    "6212345678901232",
)
"""Test numbers of every length and beginning, with the right check figure."""
WAYS = (str, lambda n: n.translate(FULL), lambda n: n.translate(ARABIC))
FULL = {ord(str(n)): chr(0xFF10 + n) for n in range(10)}
ARABIC = {ord(str(n)): chr(0x0660 + n) for n in range(10)}


def reckoned(body: str) -> str:
    """Return a number with its check figure, reckoned another way: by trying each."""
    return next(
        body + str(last)
        for last in range(10)
        if sum(sum(divmod(int(f) * (1 + n % 2), 10)) for n, f in enumerate(reversed(f"{body}{last}"))) % 10
        == 0
    )


@st.composite
def cards(draw):
    start = draw(st.sampled_from(["3", "4", "5", "62"]))
    length = draw(st.integers(13, 19))
    return reckoned(
        start
        + draw(st.text("0123456789", min_size=length - 1 - len(start), max_size=length - 1 - len(start)))
    )


@st.composite
def written(draw):
    """A card's number as somebody types it: parted anywhere, in any width."""
    number = draw(cards())
    between = st.sampled_from(["", "", " ", "-", "  ", " - ", "\u3000", "－", "\u2011", "\xa0"])
    parted = "".join(sign + (draw(between) if n < len(number) - 1 else "") for n, sign in enumerate(number))
    return draw(st.sampled_from(WAYS))(parted)


@pytest.mark.parametrize("number", CARDS)
@pytest.mark.parametrize("way", WAYS)
def test_a_cards_number_is_seen(number, way):
    for told in (
        number,
        f"Visa {number[:4]} {number[4:8]}-{number[8:12]} {number[12:]}, 12/28",
        f"卡号{number}到期12/28",
        f"{number} 123",
        " ".join(number),
    ):
        assert card_in(way(told)), told


@given(written(), st.text("王 ab，.:/", max_size=9), st.text("王 ab，.:/", max_size=9))
@example("6\u200b2" + CARDS[5][2:], "", "")
def test_a_cards_number_is_seen_however_it_is_parted(number, before, after):
    assert card_in(before + number + after)
    with pytest.raises(Refused, match="bank card"):
        limits.check("messages:write", {"text": before + number + after})


@given(cards(), st.integers(0, 18), st.integers(1, 9))
def test_one_wrong_figure_is_no_card(number, at, more):
    at %= len(number)
    wrong = number[:at] + str((int(number[at]) + more) % 10) + number[at + 1 :]
    assert not card_in(wrong) or limits._adds_up(wrong) is False


@pytest.mark.parametrize(
    "told",
    [
        "",
        "4111 1111 1111",
        "4111111111111112",
        "2223003122003222",
        "6011000990139424",
        "9" * 16,
        "1" + CARDS[0],
        CARDS[0] + "0000",
        "301 13812345678",
        "502 18612345679 / 503 13712345671",
        "call 138 1234 5678 about 4111",
        "from 2026-11-29 to 2026-12-03, 4 nights",
        "A4111-1111B1111-1111",
    ],
)
def test_what_is_no_card_is_let_through(told):
    assert not card_in(told)
    limits.check("messages:write", {"text": told})


def test_numbers_of_others_may_look_like_a_cards():
    for name in sorted(limits.REFERENCES):
        limits.check("anything:done", {name: CARDS[0]})
    for action in sorted(limits.STORED):
        limits.check(action, {"remark": CARDS[0]})


def test_a_phone_number_is_no_card_and_a_card_no_phone_number():
    limits.check("guests:register", {"phone": "62 812 3456 7897"})
    with pytest.raises(Refused, match="bank card"):
        limits.check("guests:register", {"phone": CARDS[0]})


def test_a_draft_is_kept_without_the_number():
    typed = {"form": {"name": "Wang", "remarks": f"card {CARDS[0]}"}, "lines": [["x", CARDS[1]], 3]}
    assert limits.without_cards(typed) == {"form": {"name": "Wang", "remarks": ""}, "lines": [["x", ""], 3]}


@given(st.text(st.characters(), max_size=400))
def test_what_is_asked_is_bounded_and_can_be_stored(text):
    kept = limits.bounded(text)
    assert len(kept) <= limits.LINE
    assert "\0" not in kept
    kept.encode("utf-8")
    assert limits.seen(kept) == kept


SCRIPTS = (
    "محمد عبد الله",
    "محمد\u200f (305)",
    "می\u200cخواهم",
    "דוד בן־גוריון",
    "דוד\u200e 12",
    "\u0915\u094d\u200d\u0937",
    "👩🏽\u200d🚀",
    "王雅琴",
    "Zoë Müller",
)
"""Names as they are written, with what their scripts need and invisible."""
HIDDEN = (
    "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_real_name_of_any_script_is_kept_as_it_is(name):
    assert limits.seen(name) == name
    limits.check("guests:register", {"name": name})


@pytest.mark.parametrize("sign", HIDDEN, ids=lambda sign: f"U+{ord(sign):04X}")
def test_signs_that_turn_or_part_the_others_are_refused_at_the_door(sign):
    """“Wang 1\u202e00.851” reads as another amount, and two names that look alike would be two."""
    for name in (f"Wang{sign}Wei", f"{sign}王雅琴", f"Wang Wei{sign}"):
        with pytest.raises(Refused, match="invisible") as refused:
            limits.check("guests:register", {"name": name})
        assert sign not in str(refused.value)
        assert limits.seen(name) in ("WangWei", "王雅琴", "Wang Wei")
        with pytest.raises(Refused):
            limits.check("reservations:book", {"rooms": [{"remarks": name}]})


@pytest.mark.parametrize("sign", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b")
def test_no_script_excuses_what_turns_the_others(sign):
    with pytest.raises(Refused, match="invisible"):
        limits.check("guests:register", {"name": f"محمد {sign}305"})


@given(st.text())
def test_what_is_seen_is_seen_twice(text):
    assert limits.seen(limits.seen(text)) == limits.seen(text)
