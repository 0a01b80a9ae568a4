"""Guessing a password takes longer and longer, wherever it is tried and whatever is told of the place; and
nobody who guesses keeps the manager out. On both engines."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from pms.core.errors import Refused
from pms.db import presence
from pms.db.office import NOBODY
from pms.services.staff import service, tries
from pms.services.staff.models import SignInTry, Staff
from tests import builders
from tests.builders import PASSWORD, TODAY, House


@pytest.fixture
def door(house):
    """The small hotel with a clerk, nobody signed in."""
    house.do(service.take_on, login="ann", name="Ann", password=f"ann {PASSWORD}", role="clerk")
    builders.settle(house)
    house.clerk = NOBODY
    return house


@pytest.fixture
def at(monkeypatch):
    """Sit down at a machine: the address that the server sees is the outer edge."""
    return lambda machine: monkeypatch.setattr(tries, "source_of", lambda _session: machine)


def later(house: House, seconds: float) -> None:
    house.clock.now += timedelta(seconds=seconds)


def wait(house: House, login: str = "boss", password: str = "guess") -> int:
    """Try to come in, and return the seconds to wait: 0 where the password was looked at."""
    with pytest.raises(Refused) as refusal:
        house.sign_in(login, password)
    said = str(refusal.value)
    return int(said.split("Wait ")[1].split()[0]) if "Wait" in said else 0


def test_wrong_passwords_wait_longer_and_longer_and_a_right_one_ends_it(door):
    assert [wait(door) for _ in range(3)] == [0, 0, 0]
    waits = []
    for _ in range(8):
        waits.append(wait(door))
        later(door, waits[-1] - 0.5)
        assert wait(door) == 1
        later(door, 0.5)
        assert wait(door) == 0
    assert waits == [2, 4, 8, 16, 32, 60, 60, 60]
    later(door, 60)
    door.sign_in("boss", PASSWORD)
    assert [wait(door) for _ in range(3)] == [0, 0, 0]


def test_during_the_wait_even_the_right_password_waits(door):
    for _ in range(3):
        wait(door)
    with pytest.raises(Refused, match="Wait 2 s"):
        door.sign_in("boss", PASSWORD)
    later(door, 2.1)
    assert door.sign_in("boss", PASSWORD).role == "owner"


def test_no_name_of_a_workstation_begins_afresh(door):
    """The name is a line in the settings; the machine is what the database sees."""
    looked_at = 0
    for n in range(60):
        door.station = f"desk-{n}"
        looked_at += wait(door) == 0
    assert looked_at == 3


def test_a_guesser_with_many_machines_waits_too(door, at):
    looked_at = 0
    for n in range(60):
        at(f"10.0.0.{n}")
        looked_at += wait(door) == 0
    assert looked_at == tries.FREE_TRIES_TOGETHER


def test_who_tries_one_person_after_another_waits_too(door):
    looked_at = sum(wait(door, login) == 0 for login in (f"name{n}" for n in range(60)))
    assert looked_at == tries.FREE_TRIES_TOGETHER


def test_the_own_right_password_forgives_only_what_one_had_wrong_oneself(door):
    """A clerk who guesses the manager's password signs in as herself between two tries."""
    looked_at = 0
    for _ in range(20):
        looked_at += wait(door) == 0
        later(door, 1)
        try:
            door.sign_in("ann", f"ann {PASSWORD}")
        except Refused:
            later(door, 2)
    assert looked_at < 8


def test_nobody_locks_the_manager_out(door, at):
    """Not from another machine, not with any number of them, and not for more than a minute at the same."""
    at("office")
    door.sign_in("boss", PASSWORD)
    for n in range(200):
        at(f"10.0.0.{n % 7}")
        wait(door)
        later(door, 3)
    at("office")
    assert door.sign_in("boss", PASSWORD).role == "owner"
    at("10.0.0.1")
    later(door, 61)
    assert door.sign_in("boss", PASSWORD).role == "owner"


def test_a_machine_that_was_quiet_is_trusted_again_but_for_the_person(door):
    for n in range(60):
        wait(door, f"name{n % 12}")
    assert wait(door, "fresh") > 0
    later(door, tries.FORGIVEN / 1000)
    assert wait(door, "fresh") == 0
    assert [wait(door) for _ in range(4)] == [0, 0, 0, 2]
    later(door, tries.FORGIVEN / 1000)
    assert wait(door) == 0
    assert wait(door) == 4


@pytest.mark.parametrize("ahead", [2, 60, 901, 86400, 86400 * 40, 86400 * 365 * 9])
def test_a_clock_that_was_put_forward_shortens_no_wait(door, ahead):
    """By the real count: a server's moment, or the time since the computer was started."""
    door.ticks = presence.ticks
    for _ in range(9):  # the last ones wait
        wait(door)
    before = wait(door)
    assert before in (1, 2)
    later(door, ahead)
    assert wait(door) in (before - 1, before)
    with pytest.raises(Refused, match="Wait"):
        door.sign_in("boss", PASSWORD)


def test_a_clock_put_forward_gives_a_machine_and_a_name_no_new_tries(door):
    """Not even with a right password of one's own in between, at which old counts are dropped."""
    ticks = 1_000_000
    door.ticks = lambda _session: ticks
    for n in range(40):
        wait(door, f"name{n % 12}")
    for _ in range(6):
        wait(door, "ann")
    later(door, 86400 * 40)
    assert wait(door, "fresh") > 0
    ticks += 61_000
    door.sign_in("ann", f"ann {PASSWORD}")
    door.sign_out()
    assert door.ask(lambda s: s.scalar(select(func.count()).select_from(SignInTry))) > 12


def test_a_computer_started_anew_lets_the_wait_begin_anew(door):
    ticks = 9_000_000
    door.ticks = lambda _session: ticks
    for _ in range(5):
        wait(door)
    left = wait(door)
    ticks = 4_000  # four seconds after the start
    assert wait(door) == left
    ticks += left * 1000
    assert door.sign_in("boss", PASSWORD).role == "owner"


@pytest.mark.parametrize("back", [1, 60, 3600, 86400, 86400 * 365 * 9])
def test_a_clock_that_was_put_back_cancels_no_wait_and_locks_nobody_out(door, back):
    for _ in range(3):
        wait(door)
    later(door, 2)
    assert wait(door) == 0
    later(door, -back)
    assert [wait(door) for _ in range(5)] == [4] * 5
    later(door, 4)
    assert door.sign_in("boss", PASSWORD).role == "owner"


def test_unknown_names_leave_nothing_behind_for_ever(door):
    for n in range(30):
        wait(door, f"name{n}")
        later(door, 61)
    later(door, tries.FORGOTTEN.total_seconds() * 2)
    with door.engine.begin() as connection:  # a clock alone makes nobody forget
        day = TODAY + 2 * tries.FORGOTTEN
        connection.execute(text("UPDATE property SET business_date = :day"), {"day": day.isoformat()})
    door.sign_in("boss", PASSWORD)
    assert door.ask(lambda s: s.scalar(select(func.count()).select_from(SignInTry))) <= 3


def test_the_old_password_is_counted_as_at_the_door(door):
    door.sign_in("ann", f"ann {PASSWORD}")
    said = []
    for _ in range(5):
        with pytest.raises(Refused) as refusal:
            door.change_password("guess", "a new password")
        said.append("Too many" in str(refusal.value))
    assert said == [False, False, False, True, True]
    later(door, 10)
    door.change_password(f"ann {PASSWORD}", "a new password")
    assert door.sign_in("ann", "a new password").name == "Ann"


@given(steps=st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 70), st.booleans()), max_size=25))
def test_whatever_is_tried_a_wait_is_never_longer_than_a_minute_and_a_known_desk_opens_after_it(fresh, steps):
    with fresh() as house, pytest.MonkeyPatch.context() as patch:
        patch.setattr(tries, "source_of", lambda _session: "office")
        house.sign_in("boss", PASSWORD)
        for machine, pause, known in steps:
            patch.setattr(tries, "source_of", lambda _session, machine=machine: machine)
            assert wait(house, "boss" if known else "someone") <= 60
            later(house, pause)
        patch.setattr(tries, "source_of", lambda _session: "office")
        assert house.sign_in("boss", PASSWORD).role == "owner"


def test_nobody_is_told_whether_a_name_is_known(door):
    assert door.ask(lambda s: s.scalar(select(func.count()).select_from(Staff))) == 2
    assert [wait(door, "nobody") for _ in range(4)] == [wait(door, "ann") for _ in range(4)]
