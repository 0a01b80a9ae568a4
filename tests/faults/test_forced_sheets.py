"""Two desks at one status sheet at once: there is one sheet; who came second is told and goes on in it."""

import pytest
from sqlalchemy import func, select

from pms.core.errors import Conflict
from pms.db.engine import open_engine
from pms.services.housekeeping import service as housekeeping
from pms.services.housekeeping.models import StatusRow, StatusSheet
from pms.services.housekeeping.service import Seen
from tests import builders
from tests.builders import SECRET, TODAY, House
from tests.faults.desks import PLACES, WRITTEN, forced

pytestmark = pytest.mark.parametrize("place", PLACES)


@pytest.fixture
def house(postgres):
    return builders.office(postgres, found=False)


@pytest.fixture
def other(house):
    engine = open_engine(house.engine.url, SECRET)
    made = builders.office(engine, found=False)
    made.station, made.clock = "desk-2", house.clock
    yield made
    engine.dispose()


def opened(desk: House, part: str = "AM", told: list | None = None) -> int:
    sheet = desk.do(housekeeping.open_sheet, business_date=TODAY, part=part)
    if told is not None:
        told.append(sheet)
    return sheet


def sheets(house: House) -> list[int]:
    return house.look(lambda s: list(s.scalars(select(StatusSheet.id))))


def test_two_desks_open_one_sheet(house, other, place):
    numbers: list[int] = []
    first, second, waited = forced(
        house, lambda: opened(house, told=numbers), lambda: opened(other, told=numbers), place
    )
    assert [one.defect for one in (first, second)] == [None, None]
    assert len(sheets(house)) == 1
    losers = [one for one in (first, second) if not one.done]
    assert len(losers) == 1  # both asked before either had written
    assert losers[0].said == "Somebody else has just opened this sheet. Go on in it: it is the same one."
    assert losers[0].faster
    assert numbers == sheets(house)
    if place == WRITTEN:
        assert waited  # for the commit of the first, and not for ever
    assert [opened(house), opened(other)] == sheets(house) * 2  # trying again goes on in it


def test_the_morning_and_the_evening_sheet_do_not_meet(house, other, place):
    first, second, _waited = forced(house, lambda: opened(house), lambda: opened(other, "PM"), place)
    assert (first.done, second.done) == (True, True)
    assert len(sheets(house)) == 2


def test_what_the_second_desk_saw_is_in_the_one_sheet(house, other, place):
    """As the page does it: told that somebody was faster, it opens once more and records there."""

    def record(desk: House, room: str) -> None:
        try:
            sheet = opened(desk)
        except Conflict:
            sheet = opened(desk)
        seen = Seen(house.room_id(room), 0, 0, "clean", ())
        [answer] = desk.do(housekeeping.record, sheet_id=sheet, rooms=[seen])
        assert not answer.refused

    first, second, _waited = forced(house, lambda: record(house, "301"), lambda: record(other, "302"), place)
    assert (first.done, second.done) == (True, True), (first, second)
    assert len(sheets(house)) == 1
    rows = house.look(lambda s: s.scalar(select(func.count()).select_from(StatusRow)))
    assert rows == 2
