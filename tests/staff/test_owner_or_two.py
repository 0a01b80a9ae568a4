"""What cannot be undone, or gives more rights, is done by an owner or by two; on both engines."""

from dataclasses import replace

import pytest

from pms.core.errors import NeedsApproval
from pms.core.office import Clerk
from pms.services.guests import queries as guests
from pms.services.property import service as property_
from pms.services.staff import service as staff
from pms.services.stays import erasing
from pms.services.stays import service as stays
from tests.authority.people import person
from tests.builders import BOSS, House


@pytest.fixture
def manager(house):
    return person(house, "manager")


def second(house: House) -> Clerk:
    """Another manager."""
    house.clerk = BOSS
    number = house.do(staff.take_on, login="two", name="Two", password="correct horse", role="manager")
    return Clerk(number, "Two", "manager", frozenset())


def guest_gone(house: House) -> int:
    house.clerk = BOSS
    stay = house.do(stays.check_in, line_id=house.book(), room_id=house.room_id("301"), intent="in")
    house.do(stays.check_out, stay_id=stay, unsettled="later", confirmed=Everything(), intent="out")
    return house.ask(guests.search, text="Wang")[0].what["guest_id"]


class Everything(frozenset):
    def __contains__(self, _token: object) -> bool:
        return True


def test_a_manager_erases_nobody_alone(house, manager):
    guest, other = guest_gone(house), second(house)
    house.clerk = manager
    erase = lambda **how: house.do(erasing.erase, guest_id=guest, reason="asked for", **how)  # noqa: E731
    for nobody in ({}, {"approval": manager}, {"approval": other}):
        with pytest.raises(NeedsApproval, match="Erase the personal data of Wang Yaqin"):
            erase(**nobody)
    erase(approval=BOSS)


def test_documents_are_erased_sooner_by_an_owner_or_two(house, manager):
    other = second(house)

    def keep(days, **how):
        options = replace(house.context_options(), identity_days=days)
        house.do(property_.edit, name="", options=options, **how)

    house.clerk = manager
    for days in (1, 30):
        with pytest.raises(NeedsApproval, match=f"Erasing documents {days} days"):
            keep(days)
    keep(30, approval=other)
    house.clerk = manager
    keep(60)  # longer erases less
    keep(0)
    house.clerk = BOSS
    keep(10)


def test_an_administrator_lets_nobody_in_again_who_may_more_than_a_clerk(house, manager):
    clerk, admin = person(house, "clerk"), person(house, "administrator")
    for who in (manager, clerk):
        house.do(staff.edit, staff_id=who.id, name=who.name, role=who.role, active=False)
    house.clerk = admin
    house.do(staff.edit, staff_id=clerk.id, name="Clerk", role="clerk", active=True)
    with pytest.raises(NeedsApproval, match="Manager, manager, becomes manager"):
        house.do(staff.edit, staff_id=manager.id, name="Manager", role="manager", active=True)
    house.do(staff.edit, staff_id=manager.id, name="Manager", role="manager", active=True, approval=BOSS)


def test_an_owner_who_was_demoted_while_signed_in_is_none(house):
    """What the screen believes does not count."""
    house.do(staff.take_on, login="two", name="Two", password="correct horse", role="owner")
    guest = guest_gone(house)
    house.do(staff.edit, staff_id=1, name="Zhang Li", role="manager", active=True)
    with pytest.raises(NeedsApproval):
        house.do(erasing.erase, guest_id=guest, reason="asked for")
