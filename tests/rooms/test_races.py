"""Two desks at once: real transactions on two connections. One wins, the other gets a sentence, and nothing
is half done."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from pms.core.errors import NeedsConfirmation, Refused
from pms.core.money import Money
from pms.services.folios import queries as folio_queries
from pms.services.folios import service as folios
from pms.services.guests.person import Person
from pms.services.night_audit import queries as audit_queries
from pms.services.night_audit import service as night_audit
from pms.services.reservations import service as reservations
from pms.services.rooms import service as rooms
from pms.services.stays import service as stays
from pms.services.stays.service import Paid
from tests import builders
from tests.builders import TODAY, House
from tests.invariants import check

DAY = timedelta(days=1)


@pytest.fixture
def other(engine: Engine, house: House) -> House:
    """A second desk on the same database."""
    made = builders.office(engine, found=False)
    made.station, made.ids, made.clock = "desk-2", lambda: f"other-{id(object())}", house.clock
    return made


def race(*calls: Callable[[], Any]) -> tuple[list[Any], list[Exception]]:
    """Run all calls at once, each in a thread of its own; returns results and refusals. A defect is
    raised."""
    barrier, won, lost, broken = threading.Barrier(len(calls)), [], [], []

    def run(call: Callable[[], Any]) -> None:
        barrier.wait(10)
        try:
            won.append(call())
        except (Refused, NeedsConfirmation) as refusal:
            lost.append(refusal)
        except Exception as defect:
            broken.append(defect)

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads), "the two desks wait for each other for ever"
    if broken:
        raise broken[0]
    assert all(str(refusal) for refusal in lost)
    return won, lost


def stay_in(house: House, room: str = "301", nights: int = 2) -> int:
    return house.do(
        stays.check_in,
        line_id=house.book(nights=nights),
        room_id=house.room_id(room),
        intent=house.new_intent(),
    )


def owed(house: House, stay: int) -> dict[str, int]:
    return {f.ledger + f.window: f.balance for f in house.ask(folio_queries.folios, stay_id=stay)}


@pytest.mark.parametrize("turn", range(3))
def test_the_last_room_of_a_type_is_sold_to_one(house, other, turn):
    for n in range(3):
        house.book(f"Guest {n}")
    won, lost = race(lambda: house.book("One"), lambda: other.book("Two"))
    assert (len(won), len(lost)) == (1, 1)
    assert "is sold out in the night of" in str(lost[0])
    house.ask(check, today=TODAY)


@pytest.mark.parametrize("turn", range(3))
def test_one_room_is_given_to_one_guest(house, other, turn):
    lines, room = [house.book("One"), house.book("Two")], house.room_id("301")
    won, lost = race(
        lambda: house.do(stays.check_in, line_id=lines[0], room_id=room, intent=house.new_intent()),
        lambda: other.do(stays.check_in, line_id=lines[1], room_id=room, intent=other.new_intent()),
    )
    assert (len(won), len(lost)) == (1, 1)
    house.ask(check, today=TODAY)


@pytest.mark.parametrize("turn", range(3))
def test_one_booking_is_checked_in_once(house, other, turn):
    line = house.book()
    won, lost = race(
        lambda: house.do(
            stays.check_in, line_id=line, room_id=house.room_id("301"), intent=house.new_intent()
        ),
        lambda: other.do(
            stays.check_in, line_id=line, room_id=other.room_id("302"), intent=other.new_intent()
        ),
    )
    assert (len(won), len(lost)) == (1, 1)
    assert "already" in str(lost[0])
    house.ask(check, today=TODAY)


def test_a_walk_in_and_a_booking_race_for_a_room(house, other):
    line, room = house.book(), house.room_id("301")
    won, lost = race(
        lambda: house.do(
            stays.walk_in,
            room_id=room,
            departure=TODAY + DAY,
            guests=[Person("Walker")],
            plan_id=1,
            intent=house.new_intent(),
        ),
        lambda: other.do(reservations.assign_room, line_id=line, room_id=room),
    )
    assert (len(won), len(lost)) == (1, 1)
    house.ask(check, today=TODAY)


def test_a_block_and_a_booking_race_for_a_room(house, other):
    line, room = house.book(), house.room_id("301")
    won, lost = race(
        lambda: house.do(rooms.block, room_id=room, kind="OOO", reason="leak", start=TODAY, end=TODAY + DAY),
        lambda: other.do(stays.check_in, line_id=line, room_id=room, intent=other.new_intent()),
    )
    assert (len(won), len(lost)) == (1, 1)
    house.ask(check, today=TODAY)


@pytest.mark.parametrize("turn", range(3))
def test_a_deposit_is_given_back_once(house, other, turn):
    stay = stay_in(house)
    house.do(folios.take_deposit, stay_id=stay, method="CASH", amount=Money(30000), intent="d")
    won, lost = race(
        *(
            lambda desk=desk: desk.do(
                folios.refund_deposit,
                stay_id=stay,
                method="BANK",
                amount=Money(20000),
                slip_back=True,
                intent=f"refund {desk.station}",
            )
            for desk in (house, other)
        )
    )
    assert (len(won), len(lost)) == (1, 1)
    assert "no more can be given back" in str(lost[0])
    assert owed(house, stay)["deposit"] == -10000


@pytest.mark.parametrize("turn", range(3))
def test_nothing_is_charged_behind_a_check_out(house, other, turn):
    stay = stay_in(house)
    won, lost = race(
        lambda: house.do(stays.check_out, stay_id=stay, intent="out"),
        lambda: other.do(folios.charge, stay_id=stay, code="MINIBAR", amount=Money(900), intent="charge"),
    )
    assert (len(won), len(lost)) == (1, 1)
    assert any(word in str(lost[0]) for word in ("settled", "short by"))
    house.ask(check, today=TODAY)


def test_a_line_is_transferred_once(house, other):
    one, two = stay_in(house, "301"), stay_in(house, "302")
    line = house.do(folios.charge, stay_id=one, code="MINIBAR", amount=Money(900), intent="c")
    won, lost = race(
        *(
            lambda desk=desk: desk.do(
                folios.transfer_line, transfer_id=line, to_stay_id=two, intent=f"t {desk.station}"
            )
            for desk in (house, other)
        )
    )
    assert (len(won), len(lost)) == (1, 1)
    assert (owed(house, one)["guestA"], owed(house, two)["guestA"]) == (0, 900)


def test_the_same_key_at_two_desks_posts_once(house, other):
    stay = stay_in(house)
    won, lost = race(
        *(
            lambda desk=desk: desk.do(
                folios.charge, stay_id=stay, code="MINIBAR", amount=Money(900), intent="same"
            )
            for desk in (house, other)
        )
    )
    assert len(set(won)) == 1
    assert not lost
    assert owed(house, stay)["guestA"] == 900


def test_the_same_line_is_voided_once(house, other):
    stay = stay_in(house)
    line = house.do(folios.charge, stay_id=stay, code="MINIBAR", amount=Money(900), intent="c")
    won, lost = race(
        *(
            lambda desk=desk: desk.do(
                folios.void, transfer_id=line, reason="wrong", intent=f"v {desk.station}"
            )
            for desk in (house, other)
        )
    )
    assert (len(won), len(lost)) == (1, 1)
    assert owed(house, stay)["guestA"] == 0


def test_two_folios_opened_at_once_have_two_letters(house, other):
    stay = stay_in(house)
    won, lost = race(
        *(
            lambda desk=desk: desk.do(folios.open_window, stay_id=stay, payer=desk.station)
            for desk in (house, other)
        )
    )
    assert (sorted(won), lost) == (["B", "C"], [])


def test_two_auditors_close_one_day_once(house, other):
    stay_in(house)
    house.clock.set(TODAY + DAY, 2)
    won, lost = race(
        *(lambda desk=desk: desk.do(night_audit.close, business_date=TODAY) for desk in (house, other))
    )
    assert (won, len(lost)) == ([1], 1)
    assert "closed already" in str(lost[0])
    assert house.house().business_date == TODAY + DAY


@pytest.mark.parametrize("turn", range(3))
def test_a_posting_is_in_the_day_that_the_audit_closes_or_in_the_next(house, other, turn):
    stay = stay_in(house)
    house.clock.set(TODAY + DAY, 2)
    won, lost = race(
        lambda: house.do(night_audit.close, business_date=TODAY),
        *(
            lambda n=n: other.do(
                folios.charge, stay_id=stay, code="MINIBAR", amount=Money(900), intent=f"c{n}"
            )
            for n in range(3)
        ),
    )
    assert (len(won), lost) == (4, [])
    house.next_day()
    assert house.ask(audit_queries.proof, business_date=TODAY)
    moved = sum(
        r.debit
        for day in (TODAY, TODAY + DAY)
        for r in house.ask(folio_queries.trial_balance, business_date=day)
        if r.ledger == "guest"
    )
    assert moved == 29800 * 2 + 3 * 900


def test_an_action_that_began_before_the_close_ends_before_it(house, other):
    stay, begun, go_on = stay_in(house), threading.Event(), threading.Event()
    house.clock.set(TODAY + DAY, 2)

    def slow_charge(work, **fields):
        begun.set()
        go_on.wait(10)
        return folios.charge(work, **fields)

    def close():
        begun.wait(10)
        threading.Timer(0.4, go_on.set).start()
        return house.do(night_audit.close, business_date=TODAY)

    won, lost = race(
        close, lambda: other.do(slow_charge, stay_id=stay, code="MINIBAR", amount=Money(900), intent="c")
    )
    assert (len(won), lost) == (2, [])
    house.ask(check, today=TODAY + DAY)


def test_many_desks_write_one_unbroken_trail_and_one_run_of_numbers(house, other):
    from pms.db import audit

    third = builders.office(house.engine, found=False)
    third.station, third.ids = "desk-3", lambda: f"third-{id(object())}"
    numbers, lost = race(
        *(
            lambda desk=desk, n=n: desk.do(
                reservations.book,
                guest_name=f"Guest {n}",
                rooms=[
                    reservations.Wish(
                        desk.type_id(("BIG", "TWN")[n % 2]),
                        TODAY + n * 3 * DAY,
                        TODAY + (n * 3 + 2) * DAY,
                        plan_id=1,
                    )
                ],
            )
            for n, desk in enumerate((house, other, third, house, other, third))
        )
    )
    assert (sorted(numbers), lost) == ([1, 2, 3, 4, 5, 6], [])
    assert house.ask(lambda s: list(audit.broken_links(s, house.secret))) == []
    house.ask(check, today=TODAY)


def test_a_guest_leaves_once(house, other):
    stay = stay_in(house)
    house.next_day()
    won, lost = race(
        *(
            lambda desk=desk: desk.do(
                stays.check_out,
                stay_id=stay,
                payments=[Paid("CASH", Money(29800))],
                intent=f"out {desk.station}",
            )
            for desk in (house, other)
        )
    )
    assert (len(won), len(lost)) == (1, 1)
    assert "left already" in str(lost[0])
    house.ask(check, today=TODAY + DAY)
