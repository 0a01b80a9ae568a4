"""How many people are in which room, for a fire: printed by whoever is at the screen, and written down."""

import json

import pytest
from sqlalchemy import select

from pms.db.base import PrintJob
from pms.db.office import NOBODY
from pms.printing.slip import Slip
from pms.services.guests.person import Person
from pms.services.reservations import service as reservations
from pms.services.reservations.queries import lines_of
from pms.services.reservations.service import Wish
from pms.services.staff import access, log
from pms.services.stays import evacuation
from pms.services.stays import service as stays
from tests.builders import DAY, TODAY


@pytest.fixture
def full(house):
    """Three people in 301, one of them a child, and one in 202 who has left."""
    wish = Wish(house.type_id("BIG"), TODAY, TODAY + DAY, plan_id=1, adults=2, children=1)
    number = house.do(reservations.book, guest_name="Wang Yaqin", phone="13800138000", rooms=[wish])
    house.do(
        stays.check_in,
        line_id=house.ask(lines_of, number=number)[0],
        room_id=house.room_id("301"),
        guests=[Person("Wang Yaqin"), Person("Zhou Yi")],
        intent="in",
    )
    gone = house.do(
        stays.walk_in,
        room_id=house.room_id("202"),
        departure=TODAY + DAY,
        guests=[Person("Hu Ming")],
        plan_id=1,
        intent="walk",
    )
    house.do(stays.check_out, stay_id=gone, unsettled="later", confirmed=Everything(), intent="out")
    return house


class Everything(frozenset):
    def __contains__(self, _token: object) -> bool:
        return True


def printed(house):
    return [
        Slip.from_dict(slip)
        for slip in house.ask(
            lambda s: s.scalars(select(PrintJob.slip).where(PrintJob.kind == "evacuation")).all()
        )
    ]


def test_a_locked_screen_prints_rooms_and_numbers_of_people_and_nothing_else_of_them(full):
    full.clerk = NOBODY
    assert full.do(evacuation.print_list, intent="fire") == 3
    [paper] = printed(full)
    told = json.dumps(paper.to_dict(), ensure_ascii=False)
    assert '"301"' in told
    assert '"202"' not in told
    for secret in ("Wang", "Yaqin", "Zhou", "13800138000", "Hu Ming"):
        assert secret not in told
    assert [line.cells for line in paper.blocks[2].rows] == [("301", "3", "1", "____")]


def test_it_is_written_down_who_printed_it_where(full):
    full.do(evacuation.print_list, intent="one")
    full.clerk = NOBODY
    full.station = "FD-2"
    full.do(evacuation.print_list, intent="two")
    rows = full.ask(log.entries, start=TODAY, end=TODAY)
    found = [(r.who, r.station, r.what) for r in rows if r.kind == access.Kind.EVACUATION]
    assert found == [("", "FD-2", "People: 3, rooms: 1"), ("Zhang Li", "desk-1", "People: 3, rooms: 1")]


def test_the_same_press_prints_once(full):
    full.do(evacuation.print_list, intent="fire")
    full.do(evacuation.print_list, intent="fire")
    assert len(printed(full)) == 1


def test_an_empty_house_prints_too(house):
    assert house.do(evacuation.print_list, intent="fire") == 0
    [paper] = printed(house)
    assert paper.blocks[2].rows == ()
