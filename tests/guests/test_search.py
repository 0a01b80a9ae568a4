"""A returning guest is found whatever accents, apostrophes, ü, spaces, width, hyphens and prefixes are typed;
the cost does not grow with the guests of the past. On both engines."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert

from pms.core.names import phone_figures, same_name, search_text
from pms.core.names import words as name_words
from pms.db.base import table_of
from pms.services.guests import queries, service
from pms.services.guests.models import Guest, GuestWord
from pms.services.guests.search import words
from tests.bench.probe import Probe

FOUND = {
    "Müller": ("muller", "mueller", "MULLER", "Müller", "mull", "ｍｕｌｌｅｒ"),
    "MUELLER": ("Müller", "muller", "mueller"),
    "José Núñez": ("jose", "José", "nunez", "jose nunez", "nunez jose"),
    "NGUYỄN VĂN AN": ("nguyen", "nguyễn", "van an", "an nguyen"),
    "Zoë Łukasiewicz": ("zoe", "lukasiewicz", "zoë l"),
    "O'Brien": ("o’brien", "obrien", "O'BRIEN", "o`brien"),
    "D’Angelo": ("dangelo", "d'angelo"),
    "DANGELO": ("D’Angelo",),
    "吕小明": ("lyu", "lu", "lü", "lv", "吕", "小明", "xiaoming", "lxm"),
    "LYU XIN": ("lü xin", "lv", "lu", "lyuxin"),
    "女真": ("nu", "nv", "nü", "nyu"),
    "王 小明": ("王小明", "wxm", "wang", "王 小", "wangxiaoming", "wang xiaoming"),
    "ＡＢＣ": ("abc", "ＡＢ"),
    "Jean-Luc Picard": ("jean luc", "jeanluc", "picard", "picard jean", "jean-luc", "Jean‑Luc"),
    "迪丽热巴·迪力木拉提": ("迪丽热巴", "迪丽热巴迪力", "dilireba"),
    "Smith John": ("john smith", "SMITH", "smith,john"),
}
PHONES = {
    "+86 138 0013 8000": (
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "+8613800138000",
        "008613800138000",
        "１３８００１３８０００",
        "8000",
    ),
    "138-0013-8001": ("13800138001", "138 0013 8001", "+86 138 0013 8001", "8613800138001"),
    "(010) 6505 1234": ("01065051234", "010-6505 1234", "(010)65051234", "1234"),
    "0086 13900139000": ("13900139000", "139 0013 9000", "9000"),
    "+44 20 7946 0958": ("442079460958", "+44 20 7946 0958", "0044 2079460958", "0958"),
}


@pytest.mark.parametrize(("name", "typed"), [(n, t) for n, all_ in FOUND.items() for t in all_])
def test_a_name_is_found_however_it_is_written(desk, name, typed):
    made = desk.do(service.register, name=name)
    desk.do(service.register, name="Quentin Xylander")
    assert [g.id for g in desk.ask(queries.find, text=typed)] == [made]


@pytest.mark.parametrize(("phone", "typed"), [(p, t) for p, all_ in PHONES.items() for t in all_])
def test_a_phone_is_found_however_it_is_written(desk, phone, typed):
    made = desk.do(service.register, name="Wang Wei", phone=phone)
    desk.do(service.register, name="Li Na", phone="19912345678")
    assert [g.id for g in desk.ask(queries.find, text=typed)] == [made]


def test_both_engines_find_the_same(house):
    made = {name: house.do(service.register, name=name) for name in FOUND}
    for name, all_ in FOUND.items():
        for typed in all_:
            found = [g.id for g in house.ask(queries.find, text=typed, limit=50)]
            assert made[name] in found, (name, typed)
    for typed in ("%", "_", "\\", "'", "", "   ", "\U0010ffff", "²", "x" * 500):
        assert house.ask(queries.find, text=typed) == []


def test_the_exact_name_comes_first_and_of_those_the_latest(house):
    first, second = (house.do(service.register, name="Wang Wei") for _ in range(2))
    house.do(service.register, name="Wang Weiguo")
    assert [g.id for g in house.ask(queries.find, text="wang wei")][:2] == [second, first]
    assert len(house.ask(queries.find, text="wang wei")) == 3


def test_a_name_put_right_is_found_by_the_new_one_only(house):
    made = house.do(service.register, name="Wang Wie", document_type="id_card", document="11010519491231002X")
    said = frozenset({f"name:{made}:Zhao Min"})
    house.do(
        service.register,
        name="Zhao Min",
        document_type="id_card",
        document="11010519491231002X",
        confirmed=said,
    )
    assert house.ask(queries.find, text="wang") == []
    assert [g.id for g in house.ask(queries.find, text="zhao")] == [made]


NAMES = st.text(st.sampled_from("abeouüöäßéñ'’-· ｗＡ王吕明单女"), min_size=1, max_size=12)


@given(NAMES)
def test_a_name_is_always_the_same_as_itself_and_found_by_itself(name):
    if name.strip(" '’-·"):
        assert same_name(name, name.upper())
        assert same_name(name, f" {name} ")
    assert "%" not in search_text(name)
    assert all(word == word.strip() and word for word in name_words(name))


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.sampled_from(["", "+86 ", "0086", "86", "+86-"]))
def test_a_chinese_number_has_one_form(number, before):
    spaced = f"{before}{number[:3]} {number[3:7]}-{number[7:]}"
    assert phone_figures(spaced) == number


def test_two_people_are_not_one_by_their_spelling():
    assert not same_name("王伟", "王卫")
    assert not same_name("Wang Wei", "Wang Wen")
    assert not same_name("王伟", "Wang Wei")


def test_finding_costs_the_same_among_fifty_times_as_many_guests(sqlite):
    from tests import builders

    house = builders.office(sqlite, found=False)
    probe = Probe(sqlite)
    costs = []
    for count in (200, 10_000):
        _fill(house, count)
        with probe.counting() as counts:
            for typed in ("wang", "guest 17", "w", "13800130017", "0017", "luc jean"):
                house.ask(queries.find, text=typed)
        costs.append(counts.steps)
    assert costs[1] <= costs[0] * 1.1, costs


def _fill(house, count):
    session = SimpleNamespace(get_bind=lambda: house.engine)
    with house.engine.begin() as connection:
        known = connection.exec_driver_sql("SELECT coalesce(max(id), 0) FROM guest").scalar()
        for at in range(known + 1, known + count + 1):
            name = ("Wang Wei {}", "Guest {}", "Jean Luc {}")[at % 3].format(at)
            connection.execute(insert(table_of(Guest)), {"id": at, "name": name, "search": search_text(name)})
            connection.execute(
                insert(table_of(GuestWord)),
                [{"word": w, "guest_id": at} for w in words(session, name, f"138001{at:05}")],
            )
