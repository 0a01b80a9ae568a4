"""Two desks at people, passwords and what is handed over, on a server: the first held where it has decided or
where only its commit is missing; and guesses from many desks at once."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from pms.core.errors import Refused
from pms.db.engine import open_engine
from pms.db.office import NOBODY
from pms.services.authority.delegation import give, withdraw
from pms.services.authority.models import Delegation
from pms.services.staff import service as staff
from pms.services.staff.tries import FREE_TRIES
from tests import builders
from tests.authority.people import person
from tests.builders import BOSS, SECRET
from tests.faults.desks import PLACES, forced

HOURS = timedelta(hours=8)


@pytest.fixture
def house(postgres):
    return builders.office(postgres, found=False)


def desk(house, station="desk-2"):
    made = builders.office(open_engine(house.engine.url, SECRET), found=False)
    made.station, made.clock = station, house.clock
    numbers = iter(range(10**6))
    made.ids = lambda: f"{station}-{next(numbers)}"
    return made


@pytest.fixture
def other(house):
    made = desk(house)
    yield made
    made.engine.dispose()


def lend(house, taker_id, **more):
    fields = {"rights": ["stays:undo"], "kinds": [], "reason": "On leave"} | more
    return give.of(taker_id=taker_id, start=house.now(), until=house.now() + HOURS, **fields)


def ends(outcomes):
    """Return what was done and what was said, once nothing was a defect."""
    for outcome in outcomes:
        if outcome.defect is not None:
            raise outcome.defect
    return [outcome.done for outcome in outcomes], " ".join(outcome.said for outcome in outcomes)


@pytest.mark.parametrize("place", PLACES)
def test_a_delegation_is_taken_back_once(house, other, place):
    number = house.do(lend(house, person(house, "clerk").id))
    calls = [
        lambda: house.do(withdraw, delegation_id=number),
        lambda: other.do(withdraw, delegation_id=number),
    ]
    done, said = ends(forced(house, *calls, place)[:2])
    assert sorted(done) == [False, True]
    assert "over already" in said


@pytest.mark.parametrize("place", PLACES)
def test_nothing_is_handed_over_to_who_is_being_dismissed(house, other, place):
    clerk = person(house, "clerk")
    other.clerk = BOSS
    dismiss = staff.edit.of(staff_id=clerk.id, name="", role="clerk", active=False)
    done, said = ends(
        forced(house, lambda: house.do(dismiss), lambda: other.do(lend(house, clerk.id)), place)[:2]
    )
    assert done == [True, False]
    assert "colleague" in said
    assert house.look(lambda s: s.scalar(select(func.count()).select_from(Delegation))) == 0


def test_guesses_from_many_desks_at_once_are_all_counted(house):
    """Each desk has a name of its own; together they have no more free tries than one."""
    desks = [desk(house, f"desk-{n}") for n in range(8)]
    start, said = threading.Barrier(len(desks)), []

    def guess(at):
        at.clerk = NOBODY
        start.wait()
        try:
            at.sign_in("boss", "guess")
        except Refused as refusal:
            said.append(str(refusal))

    threads = [threading.Thread(target=guess, args=(at,)) for at in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for at in desks:
        at.engine.dispose()
    assert len(said) == len(desks)
    assert sum("Too many" not in words for words in said) == FREE_TRIES
