"""Reading has rights as writing has: every role against every query, and nobody against all of them."""

import importlib
import inspect
import pkgutil
from dataclasses import replace
from functools import partial

import pytest

import pms.services
from pms.core import offers
from pms.core.errors import NotPermitted, Refused
from pms.core.operation import Operation
from pms.core.permissions import Permission
from pms.core.reading import rights_of
from pms.db import office as office_module
from pms.db.office import NOBODY
from pms.duties import ROLES
from pms.services.reservations import queries as reservations
from pms.services.room_board import queries as board
from pms.services.staff import log
from pms.services.staff import queries as staff_queries
from pms.services.staff import service as staff
from pms.services.stays import queries as stay_queries
from pms.services.stays import service as stays
from tests import builders
from tests.authority.people import person
from tests.builders import BOSS, TODAY

MODULES = [
    importlib.import_module(found.name)
    for found in pkgutil.walk_packages(pms.services.__path__, "pms.services.")
    if not found.ispkg
]
QUERIES = {
    f"{module.__name__.removeprefix('pms.services.')}.{name}": function
    for module in MODULES
    for name, function in vars(module).items()
    if inspect.isfunction(function) and hasattr(function, "rights") and function.__module__ == module.__name__
}
OPERATIONS = {
    value.action: value
    for module in MODULES
    for value in vars(module).values()
    if isinstance(value, Operation)
}
IN_HOUSE = partial(stay_queries.in_house, business_date=TODAY)
TO_ANYBODY = {
    "property.queries.exists",
    "property.queries.setting",
    "staff.queries.names",
    "stays.evacuation.lodged",
    "print_jobs.queries.waiting",
    "print_jobs.queries.routes_at",
    "cards.queries.to_cut",
}
"""What the sign-in page shows, how many people are in which room, for a fire, and what the printer and the
encoder ask for themselves."""


def refused(house, query) -> bool:
    """Say whether a query is refused; one that is not comes as far as its missing fields."""
    try:
        house.asked(query)
    except NotPermitted:
        return True
    except TypeError:
        return False
    return False


def test_only_what_the_door_and_the_machines_need_is_open_to_nobody(desk):
    assert len(QUERIES) > 190
    desk.clerk = NOBODY
    assert {name for name, query in QUERIES.items() if not refused(desk, query)} == TO_ANYBODY


@pytest.mark.parametrize("role", ROLES)
def test_each_role_reads_what_its_rights_say_and_nothing_else(desk, role):
    who = person(desk, role) if role != "owner" else BOSS
    desk.clerk = who
    rights = ROLES[role][1]
    wrong = {
        name
        for name, query in QUERIES.items()
        if refused(desk, query) == (not rights_of(query) or bool(rights_of(query) & rights))
    }
    assert wrong == set()


@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_do_what_its_rights_say_and_nothing_else(desk, role):
    """An operation that is permitted comes as far as its missing fields."""
    who = person(desk, role) if role != "owner" else BOSS
    desk.clerk = who
    wrong = set()
    for action, operation in OPERATIONS.items():
        if operation.permission is None:
            continue
        try:
            desk.do(operation, intent=desk.new_intent())
        except NotPermitted:
            permitted = False
        except (TypeError, Refused):
            permitted = True
        else:
            permitted = True
        if permitted != (operation.permission in ROLES[role][1]):
            wrong.add(action)
    assert len(OPERATIONS) > 120
    assert wrong == set()


def test_an_attendant_sees_rooms_and_no_guest(house):
    stay = house.do(
        stays.check_in, line_id=house.book("Wang Yaqin"), room_id=house.room_id("301"), intent="in"
    )
    assert stay
    house.clerk = person(house, "attendant")
    for query in (
        board.board,
        IN_HOUSE,
        partial(reservations.arrivals, business_date=TODAY),
        staff_queries.all_staff,
    ):
        with pytest.raises(NotPermitted, match="may not see"):
            house.asked(query)
    tiles = {t.number: t for t in house.ask(board.rooms_only)}
    assert (tiles["301"].occupied, tiles["301"].heads, tiles["301"].guest, tiles["301"].rate) == (
        True,
        1,
        "",
        None,
    )
    assert [hit for hit in house.gather(offers.search, text="Wang") if "Wang" in hit.title] == []
    assert {badge.word for badge in house.gather(offers.badges)} <= {"housekeeping"}
    house.clerk = BOSS
    assert [hit for hit in house.gather(offers.search, text="Wang") if "Wang" in hit.title] != []
    assert {
        (row.kind, row.what) for row in house.ask(log.entries, start=TODAY, end=TODAY, refusals=True)
    } >= {
        ("right", "read:room_board.board: guests:read"),
        ("right", "read:staff.all_staff: staff:read"),
    }


def test_who_is_sent_away_reads_nothing_more(house, engine, monkeypatch):
    clerk = person(house, "clerk")
    other = builders.office(engine, found=False)
    other.clock, other.clerk = house.clock, clerk
    other.asked(IN_HOUSE)
    house.do(staff.edit, staff_id=clerk.id, name="Clerk", role="clerk", active=False)
    monkeypatch.setattr(office_module, "RIGHTS_GOOD_FOR", 0.0)
    with pytest.raises(NotPermitted):
        other.asked(IN_HOUSE)
    assert list(other.gather(offers.badges)) == []


def test_a_changed_role_reads_otherwise_at_once_at_the_same_workstation(house):
    clerk = person(house, "clerk")
    house.clerk = clerk
    house.asked(IN_HOUSE)
    house.clerk = BOSS
    rights = sorted(ROLES["clerk"][1] - {Permission.GUESTS_READ})
    house.do(staff.edit_role, code="clerk", rights=rights)
    house.clerk = clerk
    with pytest.raises(NotPermitted):
        house.asked(IN_HOUSE)


def test_a_query_has_read_when_it_answers():
    """One that went on reading afterwards would hold a connection that nobody gives back."""
    assert [name for name, query in QUERIES.items() if inspect.isgeneratorfunction(query)] == []


def test_a_screen_cannot_ask_what_is_no_query(desk):
    with pytest.raises(TypeError, match="at_door is no query"):
        desk.asked(staff_queries.at_door, login="boss")
    with pytest.raises(TypeError, match="is no query"):
        desk.asked(lambda session: session)


def test_rights_claimed_at_the_screen_count_for_nothing(house):
    """What a clerk may is what the database says, not what the screen was told at sign-in."""
    attendant = person(house, "attendant")
    house.clerk = replace(attendant, permissions=ROLES["owner"][1], role="owner")
    with pytest.raises(NotPermitted):
        house.asked(IN_HOUSE)
