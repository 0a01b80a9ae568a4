"""A PIN opens the lock of the person's own session at this workstation, and nothing else; on both engines."""

from contextlib import nullcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from pms.core.errors import NeedsApproval, Refused
from pms.db.audit import mark_of
from pms.db.base import AuditEntry
from pms.db.office import NOBODY
from pms.services.staff import passwords, proof, service
from pms.services.staff.models import Access, Staff
from tests import builders
from tests.builders import BOSS, PASSWORD

PIN = "4071"


@pytest.fixture
def door(house):
    """The owner, signed in by password, with a PIN."""
    house.do(service.take_on, login="ann", name="Ann", password=f"ann {PASSWORD}", role="clerk")
    builders.settle(house)
    house.sign_in("boss", PASSWORD)
    house.set_pin(PASSWORD, PIN)
    return house


def test_a_pin_opens_the_lock_of_the_own_session(door):
    assert door.pin_opens()
    assert door.unlock(PIN) == door.clerk
    assert door.clerk.name == "Zhang Li"


def test_three_wrong_pins_ask_for_the_password(door):
    for _ in range(3):
        assert door.pin_opens()
        with pytest.raises(Refused, match="PIN is wrong"):
            door.unlock("9152")
    assert not door.pin_opens()
    with pytest.raises(Refused, match="with the password"):
        door.unlock(PIN)
    door.sign_in("boss", PASSWORD)
    door.unlock(PIN)
    refused = door.ask(lambda s: s.scalars(select(Access.what).where(Access.kind == "password")).all())
    assert refused == ["PIN: Zhang Li"] * 3


def test_a_right_pin_begins_the_count_afresh(door):
    for _ in range(4):
        for _wrong in range(2):
            with pytest.raises(Refused):
                door.unlock("9152")
        door.unlock(PIN)


def test_a_pin_signs_nobody_in(door):
    door.sign_out()
    assert not door.pin_opens()
    with pytest.raises(Refused, match="with the password"):
        door.unlock(PIN)
    with pytest.raises(Refused, match="wrong"):
        door.sign_in("boss", PIN)


def test_a_pin_opens_no_session_of_another_person(door):
    door.sign_in("ann", f"ann {PASSWORD}")
    assert not door.pin_opens()
    with pytest.raises(Refused):
        door.unlock(PIN)


def test_a_pin_approves_and_signs_nothing(door):
    with pytest.raises(NeedsApproval) as asked:
        door.do(service.change_own_password, new="a word of my own")
    with pytest.raises(Refused, match="wrong"):
        door.approve("boss", PIN, asked.value)


def test_a_pin_is_over_with_the_session_the_password_or_the_person(door):
    other = builders.office(door.engine, found=False)
    other.clock = door.clock
    other.sign_in("boss", PASSWORD)
    other.change_password(PASSWORD, "a word of my own")
    assert not door.pin_opens()
    with pytest.raises(Refused):
        door.unlock(PIN)
    door.sign_in("boss", "a word of my own")
    door.unlock(PIN)  # one's own new password leaves one's PIN


def test_a_password_set_by_somebody_else_takes_the_pin_away(door):
    door.sign_in("ann", f"ann {PASSWORD}")
    door.set_pin(f"ann {PASSWORD}", "7302")
    door.clerk = BOSS
    door.do(service.set_password, staff_id=2, password="given anew")
    assert door.ask(lambda s: s.scalar(select(Staff.pin).where(Staff.id == 2))) is None


def test_a_pin_is_set_and_dropped_with_the_password_only(door):
    with pytest.raises(Refused, match="wrong"):
        door.set_pin("guess", "9152")
    with pytest.raises(NeedsApproval):
        door.do(service.set_own_pin, pin="9152")
    with pytest.raises(Refused, match="Only Zhang Li"):
        door.do(service.set_own_pin, pin="9152", approval=builders.replace(BOSS, id=2))
    door.set_pin(PASSWORD, "")
    assert not door.pin_opens()


def test_a_pin_is_hashed_and_told_to_nobody(door):
    stored = door.ask(lambda s: s.scalar(select(Staff.pin).where(Staff.id == 1)))
    assert stored.startswith("$argon2id$")
    told = str(door.ask(lambda s: s.scalars(select(AuditEntry.changes)).all()))
    assert PIN not in told
    assert mark_of(door.secret, stored) in told


def test_a_pin_put_in_past_the_program_is_named(door):
    def faults():
        return door.ask(lambda s: list(proof.faults(s, door.secret)))

    assert faults() == []
    with door.engine.begin() as connection:
        connection.execute(update(Staff).where(Staff.id == 2).values(pin=passwords.hashed("7302")))
    assert "PIN" in faults()[0]


@pytest.mark.parametrize(
    "pin",
    ["123", "123456789", "12a4", "１２３４", " 4071", "", "0000", "1111", "88888888", "1234", "4321", "7890"]
    + ["0987", "2468", "1212", "123123", "1985", "2026", "0415", "1504", "3112", "850415", "150485"]
    + ["041585", "19850415", "15041985", "198504", "1314", "5201314", "2580", "147258"],
)
def test_a_pin_that_anybody_would_try_is_none(desk, pin):
    assert passwords.weak_pin(pin) != ""
    desk.sign_in("boss", PASSWORD)
    with pytest.raises(Refused) if pin else nullcontext():
        desk.set_pin(PASSWORD, pin)


@given(st.text("0123456789", min_size=4, max_size=8))
def test_most_pins_will_do_and_a_reason_is_always_given(pin):
    why = passwords.weak_pin(pin)
    assert why == "" or why.endswith(".")


def test_nine_of_ten_four_figure_pins_are_left():
    left = sum(not passwords.weak_pin(f"{n:04}") for n in range(10000))
    assert left > 9000


def test_nobody_has_no_pin(door):
    door.clerk = NOBODY
    assert not door.pin_opens()
