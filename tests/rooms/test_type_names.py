"""A room type has a name in each language: screens show it in theirs, papers in the one they are made in."""

from contextlib import contextmanager

from pms.core import i18n
from pms.services.reservations import queries as bookings
from pms.services.room_board import queries as board
from pms.services.rooms import queries, service
from pms.services.stays import queries as stays
from tests.builders import TODAY
from tests.reservations.test_by_day import in_house


@contextmanager
def speaking(language):
    """Speak a language for a while."""
    i18n.use(language)
    try:
        yield
    finally:
        i18n.use("en")


def names(house):
    return [kind.name for kind in house.ask(queries.types)]


def test_each_language_reads_its_own_name_without_asking_anew_how(house):
    kind = house.type_id("BIG")
    house.do(service.edit_type, type_id=kind, name="King", name_zh="豪华大床", beds=2, overbook=0)
    house.do(service.add_type, code="FAM", name="Family")
    assert {"King", "Family"} <= set(names(house))
    with speaking("zh_CN"):
        assert {"豪华大床", "Family"} <= set(names(house)), "without a Chinese name the other is shown"
    assert {"King", "Family"} <= set(names(house)), "the same statement again, in English"


def test_bookings_stays_board_and_search_show_the_name(house):
    kind = house.type_id("BIG")
    house.do(service.edit_type, type_id=kind, name="King", name_zh="豪华大床", beds=2, overbook=0)
    stay = in_house(house, "Wang Yaqin", "301")
    house.book()
    seen = lambda: (  # noqa: E731
        house.ask(stays.stay, stay_id=stay, business_date=TODAY).type_name,
        {row.type_name for row in house.ask(bookings.listed, which="open", business_date=TODAY)},
        [hit.sub for hit in house.ask(queries.search, text="301")],
        {tile.type_name for tile in house.ask(board.board) if tile.number == "301"},
    )
    assert seen() == ("King", {"King"}, ["King"], {"King"})
    with speaking("zh_CN"):
        assert seen() == ("豪华大床", {"豪华大床"}, ["豪华大床"], {"豪华大床"})


def test_a_name_that_the_program_knows_is_chinese_by_itself_and_can_be_taken_away(house):
    made = house.do(service.add_type, code="SUI", name="Suite")
    with speaking("zh_CN"):
        assert "套房" in names(house)
    house.do(service.edit_type, type_id=made, name="Suite", name_zh="", beds=1, overbook=0)
    with speaking("zh_CN"):
        assert "Suite" in names(house)
