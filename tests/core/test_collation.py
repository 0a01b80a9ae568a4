"""The order of words in a list: by sound, by number, by letters."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pms.core.collation import order, sounds


@pytest.mark.parametrize(
    "right",
    [
        ["李娜", "宋江", "孙丽", "唐伟", "曾敏", "张伟", "朱明"],
        ["单雄信", "上官婉", "王雅琴"],  # the surname Shan, not dan
        ["Chen Zhiyuan", "陈志远", "Li Na", "李娜", "Müller", "王雅琴", "Zhou"],
        ["8", "12", "102", "1002"],
        ["T-2", "T-10", "T-100"],
        ["吕布", "陆逊"][::-1],  # lu before lü
    ],
)
def test_words_are_in_the_order_a_clerk_looks_them_up_in(right):
    mixed = right[::-1]
    assert sorted(mixed, key=order) == right


@given(st.lists(st.text(max_size=20), max_size=20))
def test_any_two_texts_can_be_ordered_and_only_the_same_are_alike(texts):
    found = sorted(texts, key=order)
    assert sorted(found) == sorted(texts)
    assert all(order(one) != order(other) for one, other in pairwise(found) if one != other)


def test_a_chinese_word_is_found_by_its_letters():
    assert sounds("王雅琴") == "wangyaqin wyq"
    assert sounds("Wang") == ""
    assert sounds("蓝色雨伞 2") == "lanseyusan2 lsys2"
