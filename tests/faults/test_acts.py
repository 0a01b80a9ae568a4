"""Every operation of the index is an act of the busy hotel, and each act asks the rule of held rows."""

import pytest
from sqlalchemy import make_url

from pms.db.engine import open_engine
from pms.services.rooms.models import Room
from tests import builders, test_house_rules
from tests.builders import House
from tests.conftest import POSTGRES
from tests.faults import acts, busy


def test_every_operation_is_an_act():
    names = {function.action for function in test_house_rules.OPERATIONS.values()}
    assert names - set(acts.ACTS) == acts.FOUNDING | set(acts.ELSEWHERE)
    assert set(acts.ACTS) <= names


@pytest.fixture(scope="module")
def hotel(busy_postgres: tuple[str, busy.Facts]) -> House:
    engine = open_engine(make_url(POSTGRES).set(database=busy_postgres[0]), builders.SECRET)
    made = builders.office(engine, found=False)
    yield made
    engine.dispose()


class Undone(Exception):
    """Takes an act back when all of it has been written."""


@pytest.mark.parametrize("name", acts.ACTS)
def test_what_an_operation_changes_it_has_held(hotel, busy_postgres, name):
    """The rule itself (``tests.holding``) is asked of every flush; the act is done, seen, and taken back."""
    facts, act = busy_postgres[1], acts.ACTS[name]
    hotel.clock.set(busy.NOW, 10)
    hotel.station = "desk-1"

    def do(work):
        work.action = name
        act.of(facts).operation(work, **act.of(facts).fields)
        work.session.flush()
        raise Undone

    with pytest.raises(Undone):
        acts.run(hotel, facts, act, do=do)


@pytest.mark.parametrize("held", [False, True])
def test_a_record_that_is_changed_without_being_held_breaks_the_rule(hotel, busy_postgres, held):
    def do(work):
        room_id = busy_postgres[1].rooms["310"]
        room = work.hold(Room, room_id) if held else work.session.get_one(Room, room_id)
        room.floor += 1
        work.session.flush()
        raise Undone

    with pytest.raises(Undone if held else AssertionError, match=None if held else "changes a room"):
        hotel.do(do)
