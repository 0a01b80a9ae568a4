"""A password that somebody else knows is changed first, a session ends with its password, and the own one is
changed by who knows the old one; on both engines."""

import pytest
from sqlalchemy import select

from pms.core.errors import NeedsApproval, NotPermitted, Refused, SessionOver
from pms.core.office import Clerk
from pms.core.permissions import Permission
from pms.db.base import Intent
from pms.db.office import NOBODY
from pms.duties import ALL, ROLES
from pms.services.approvals import door as doors
from pms.services.folios import service as folios
from pms.services.reservations import service as reservations
from pms.services.rooms import queries as rooms
from pms.services.staff import queries, service
from pms.services.staff.models import Access, Staff
from tests import builders
from tests.builders import BOSS, PASSWORD

FIRST, OWN = f"ann {PASSWORD}", "a word of my own"


@pytest.fixture
def door(house):
    """The small hotel; Ann has just been taken on, and nobody is signed in."""
    house.do(service.take_on, login="ann", name="Ann", password=FIRST, role="clerk")
    house.clerk = NOBODY
    return house


def other_desk(house):
    made = builders.office(house.engine, found=False)
    made.station, made.clock, made.door = "desk-2", house.clock, doors
    return made


def must_change(house, login="ann"):
    return house.ask(lambda s: s.scalar(select(Staff.must_change).where(Staff.login == login)))


def test_a_password_of_somebody_else_opens_nothing_until_an_own_one_is_set(door):
    clerk = door.sign_in("ann", FIRST)
    assert clerk.must_change
    assert clerk.permissions == {Permission.STAFF_OWN}
    with pytest.raises(NotPermitted, match="reservations:book"):
        door.book()
    with pytest.raises(NotPermitted):
        door.asked(rooms.rooms)
    clerk = door.change_password(FIRST, OWN)
    assert not clerk.must_change
    assert clerk.permissions == ROLES["clerk"][1]
    door.book()
    assert not door.sign_in("ann", OWN).must_change


def test_the_first_password_is_not_kept_as_the_own_one(door):
    door.sign_in("ann", FIRST)
    with pytest.raises(Refused, match="is the old one"):
        door.change_password(FIRST, FIRST)
    with pytest.raises(Refused, match="at least 8"):
        door.change_password(FIRST, "short")
    with pytest.raises(Refused, match="at most 128"):
        door.change_password(FIRST, "x" * 129)
    assert must_change(door)


def test_the_owner_of_the_set_up_has_an_own_password(door):
    assert not door.sign_in("boss", PASSWORD).must_change


def test_a_password_given_anew_is_changed_at_the_next_sign_in(door):
    door.sign_in("ann", FIRST)
    door.change_password(FIRST, OWN)
    door.clerk = BOSS
    door.do(service.set_password, staff_id=2, password="given anew")
    assert door.sign_in("ann", "given anew").must_change


def test_who_has_set_a_password_cannot_agree_in_its_owners_name(door):
    """An administrator sets the manager's password and approves with it."""
    door.clerk = BOSS
    door.do(service.take_on, login="sue", name="Sue", password="known to admin", role="manager")
    stay = stay_with_posting(door)
    with pytest.raises(NeedsApproval) as asked:
        door.do(folios.void, transfer_id=stay, reason="wrong", intent="v")
    with pytest.raises(Refused, match="Somebody else has set"):
        door.approve("sue", "known to admin", asked.value)
    asked.value.own = True  # a paper is not signed so either
    with pytest.raises(Refused, match="Somebody else has set"):
        door.approve("sue", "known to admin", asked.value)


def stay_with_posting(house):
    from pms.core.money import Money
    from pms.services.stays import service as stays

    stay = house.do(
        stays.check_in, line_id=house.book(), room_id=house.room_id("301"), intent=house.new_intent()
    )
    made = house.do(folios.charge, stay_id=stay, code="MINIBAR", amount=Money(500), intent="c")
    house.sign_in("ann", FIRST)
    house.change_password(FIRST, OWN)
    return made


def test_nobody_changes_a_password_without_the_old_one(door):
    door.sign_in("ann", FIRST)
    with pytest.raises(NeedsApproval):
        door.do(service.change_own_password, new=OWN)
    with pytest.raises(Refused, match="Only Ann"):
        door.do(service.change_own_password, new=OWN, approval=BOSS)
    with pytest.raises(Refused, match="wrong"):
        door.change_password("guess", OWN)
    assert door.sign_in("ann", FIRST).must_change


def test_ones_own_password_is_not_set_like_anothers(door):
    door.sign_in("boss", PASSWORD)
    with pytest.raises(Refused, match="with the old one"):
        door.do(service.set_password, staff_id=1, password=OWN)


def test_a_password_change_ends_the_sessions_at_other_workstations(door, monkeypatch):
    other = other_desk(door)
    monkeypatch.setattr("pms.db.office.RIGHTS_GOOD_FOR", 0.0)
    for office in (door, other):
        office.sign_in("boss", PASSWORD)
        office.asked(rooms.rooms)
    door.change_password(PASSWORD, OWN)
    with pytest.raises(SessionOver, match="The password of Zhang Li has been changed"):
        other.do(reservations.cancel, line_id=1, reason="x")
    with pytest.raises(SessionOver, match="Sign in with the new one"):
        other.asked(rooms.rooms)
    assert other.ended(other.clerk)
    assert not door.ended(door.clerk)
    door.book()
    other.sign_in("boss", OWN)
    other.asked(rooms.rooms)


def test_a_password_set_by_another_ends_all_sessions(door, monkeypatch):
    monkeypatch.setattr("pms.db.office.RIGHTS_GOOD_FOR", 0.0)
    door.sign_in("ann", FIRST)
    door.change_password(FIRST, OWN)
    other_desk(door).do(service.set_password, staff_id=2, password="given anew")
    with pytest.raises(SessionOver):
        door.book()
    assert refusals(door) == []  # the end of a session is no try at a door


def refusals(house):
    return house.ask(lambda s: s.scalars(select(Access.what).where(Access.kind == "right")).all())


def test_a_dismissed_person_is_told_so(door):
    door.sign_in("ann", FIRST)
    other_desk(door).do(service.edit, staff_id=2, name="Ann", role="clerk", active=False)
    with pytest.raises(SessionOver, match="Ann may no longer sign in"):
        door.book()


def test_no_seal_lets_a_password_be_guessed_fast(house):
    """Whoever has the key tries each word as slowly as with its hash: no plain digest of it is kept."""
    import hmac
    import json

    fields = {"login": "x", "name": "X", "password": PASSWORD, "role": "clerk", "language": "zh_CN"}
    house.do(service.take_on, intent="key", **fields)
    kept = house.ask(lambda s: s.scalar(select(Intent.arguments).where(Intent.key == "key")))
    told = json.dumps(["staff:take_on", fields], sort_keys=True)
    assert kept != hmac.new(house.secret, told.encode(), "sha256").hexdigest()
    assert house.do(service.take_on, intent="key", **fields) == 2  # and the key still says what was done


def test_every_operation_names_its_secret_fields():
    from tests.test_house_rules import OPERATIONS

    words = {"password", "new", "old", "pin"}
    for name, operation in OPERATIONS.items():
        import inspect

        taken = set(inspect.signature(operation).parameters)
        assert taken & words <= set(operation.secrets), name


def test_the_pages_may_still_be_asked_by_who_acts_without_a_password(house):
    """Set-up and the command line act in a person's name."""
    house.clerk = Clerk(1, "Zhang Li", "owner", ALL)
    house.asked(queries.all_staff)
