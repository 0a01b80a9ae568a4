"""Authority handed over for a period: never more than the giver has, ended with it, every use written down;
on both engines."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from pms.core.authority import Kind
from pms.core.errors import NeedsApproval, NotPermitted, Refused
from pms.core.money import Money
from pms.core.office import Clerk
from pms.core.permissions import Permission
from pms.duties import ROLES
from pms.services.approvals import queries as approvals
from pms.services.approvals.models import Agreement
from pms.services.authority import delegation
from pms.services.authority.delegation import give, withdraw
from pms.services.authority.duty import AUTHORITY_DELEGATE, AUTHORITY_EDIT
from pms.services.authority.models import AuthorityUse
from pms.services.folios import service as folios
from pms.services.rates.duty import RATES_EDIT
from pms.services.rooms import queries as rooms
from pms.services.staff import log
from pms.services.staff import service as staff
from pms.services.stays import service as stays
from pms.services.stays.duty import STAYS_UNDO
from tests import builders
from tests.builders import BOSS, PASSWORD, TODAY, House

from .people import person

HOUR = timedelta(hours=1)
UNDO = STAYS_UNDO


@pytest.fixture
def people(house):
    """The manager, a clerk and a supervisor, each with an own password."""
    found = {role: person(house, role) for role in ("manager", "clerk", "supervisor")}
    builders.settle(house)
    return found


def hand_over(house: House, giver: Clerk, taker: Clerk, **what) -> int:
    house.clerk = giver
    wanted = {"rights": [UNDO], "kinds": [Kind.REBATE], "reason": "On leave until Monday", "hours": 8} | what
    start = wanted.pop("start", house.now())
    until = start + wanted.pop("hours") * HOUR
    return house.do(give, taker_id=taker.id, start=start, until=until, **wanted)


def stay_of(house: House, room: str = "301") -> int:
    house.clerk = BOSS
    return house.do(
        stays.check_in, line_id=house.book(), room_id=house.room_id(room), intent=house.new_intent()
    )


def undo(house: House, stay: int, clerk: Clerk):
    house.clerk = clerk
    return house.do(stays.undo_check_in, stay_id=stay, reason="wrong guest", intent=house.new_intent())


def rebate(house: House, line: int, amount: int, clerk: Clerk, **how):
    house.clerk = clerk
    return house.do(
        folios.rebate,
        transfer_id=line,
        amount=Money(amount),
        reason="cold",
        intent=house.new_intent(),
        **how,
    )


def line_of(house: House, stay: int) -> int:
    house.clerk = BOSS
    return house.do(
        folios.charge, stay_id=stay, code="MINIBAR", amount=Money(100000), intent=house.new_intent()
    )


def uses(house):
    u = AuthorityUse
    return house.ask(
        lambda s: [
            tuple(row)
            for row in s.execute(
                select(u.kind, u.clerk_id, u.by_id, u.delegation_id, u.amount).order_by(u.id)
            )
        ]
    )


def test_a_right_is_lent_for_the_period_and_its_use_is_written_down(house, people):
    clerk, manager = people["clerk"], people["manager"]
    stay = stay_of(house)
    with pytest.raises(NotPermitted):
        undo(house, stay, clerk)
    number = hand_over(house, manager, clerk, start=house.now() + HOUR)
    with pytest.raises(NotPermitted):
        undo(house, stay, clerk)
    house.clock.now += HOUR
    undo(house, stay, clerk)
    assert ("right", clerk.id, manager.id, number, 0) in uses(house)
    other = stay_of(house, "302")
    house.clock.now += 8 * HOUR
    with pytest.raises(NotPermitted):
        undo(house, other, clerk)


def test_authority_is_lent_up_to_the_givers_limit_and_counts_as_the_givers(house, people):
    clerk, manager = people["clerk"], people["manager"]
    line = line_of(house, stay_of(house))
    with pytest.raises(NeedsApproval):
        rebate(house, line, 40000, clerk)
    number = hand_over(house, manager, clerk)
    rebate(house, line, 40000, clerk)
    assert uses(house)[-1] == ("rebate", clerk.id, manager.id, number, 40000)
    with pytest.raises(NeedsApproval):  # the manager's own limit is 500.00
        rebate(house, line, 50100, clerk)


def test_ones_own_authority_goes_before_what_is_lent(house, people):
    supervisor, manager = people["supervisor"], people["manager"]
    line = line_of(house, stay_of(house))
    hand_over(house, manager, supervisor)
    rebate(house, line, 10000, supervisor)
    assert uses(house)[-1] == ("rebate", supervisor.id, supervisor.id, None, 10000)


@pytest.mark.parametrize(
    "end",
    [
        lambda h, p, n: h.do(withdraw, delegation_id=n),
        lambda h, p, n: h.do(
            staff.edit, staff_id=p["manager"].id, name="M", role="clerk", active=True, approval=BOSS
        ),
        lambda h, p, n: h.do(
            staff.edit, staff_id=p["manager"].id, name="M", role="manager", active=False, approval=BOSS
        ),
        lambda h, p, n: h.do(
            staff.edit_role, code="manager", rights=[AUTHORITY_DELEGATE, Permission.STAFF_OWN]
        ),
        lambda h, p, n: h.do(staff.edit_role, code="manager", rights=sorted(ROLES["supervisor"][1] - {UNDO})),
    ],
    ids=["withdrawn", "another role", "dismissed", "rights cut", "this right cut"],
)
def test_it_ends_when_it_is_taken_back_or_the_giver_loses_it(house, people, end):
    number = hand_over(house, people["manager"], people["clerk"])
    stay = stay_of(house)
    end(house, people, number)
    with pytest.raises(NotPermitted):
        undo(house, stay, people["clerk"])


def test_nobody_hands_over_what_they_do_not_have(house, people):
    for rights, kinds in (
        ([RATES_EDIT], []),
        ([Permission.STAFF_EDIT], []),
        ([], [Kind.FREE]),
        ([UNDO, Permission.PROPERTY_EDIT], [Kind.REBATE]),
    ):
        with pytest.raises(Refused, match="cannot delegate this"):
            hand_over(house, people["supervisor"], people["clerk"], rights=rights, kinds=kinds)


@pytest.mark.parametrize("right", [Permission.STAFF_EDIT, AUTHORITY_EDIT, AUTHORITY_DELEGATE])
def test_who_may_do_what_is_handed_over_by_nobody(house, people, right):
    with pytest.raises(Refused, match="cannot delegate this"):
        hand_over(house, BOSS, people["clerk"], rights=[right])


def test_what_was_handed_over_is_not_handed_on(house, people):
    hand_over(house, people["manager"], people["supervisor"], rights=[RATES_EDIT])
    with pytest.raises(Refused, match="cannot delegate this"):
        hand_over(house, people["supervisor"], people["clerk"], rights=[RATES_EDIT], kinds=[])


def test_a_clerk_hands_nothing_over(house, people):
    with pytest.raises(NotPermitted, match="authority:delegate"):
        hand_over(house, people["clerk"], people["supervisor"], rights=[Permission.FOLIOS_PAY], kinds=[])


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"reason": " "}, "why the authority"),
        ({"rights": [], "kinds": []}, "what is delegated"),
        ({"hours": -1}, "ends before it begins"),
        ({"hours": 24 * 32}, "31 days at most"),
    ],
)
def test_a_delegation_that_makes_no_sense_is_refused(house, people, fields, why):
    with pytest.raises(Refused, match=why):
        hand_over(house, people["manager"], people["clerk"], **fields)


def test_nobody_hands_over_to_themselves_or_to_who_has_left(house, people):
    with pytest.raises(Refused, match="colleague"):
        hand_over(house, people["manager"], people["manager"])
    house.clerk = BOSS
    house.do(staff.edit, staff_id=people["clerk"].id, name="C", role="clerk", active=False)
    with pytest.raises(Refused, match="colleague"):
        hand_over(house, people["manager"], people["clerk"])


def test_only_the_giver_or_an_owner_takes_it_back(house, people):
    number = hand_over(house, people["manager"], people["clerk"])
    house.clerk = people["supervisor"]
    with pytest.raises(Refused, match="Only Manager or an owner"):
        house.do(withdraw, delegation_id=number)
    house.clerk = BOSS
    house.do(withdraw, delegation_id=number)
    with pytest.raises(Refused, match="over already"):
        house.do(withdraw, delegation_id=number)


def test_a_clock_put_back_after_the_close_brings_nothing_back(house, people):
    number = hand_over(house, people["manager"], people["clerk"], hours=4)
    ended = house.now()
    house.clerk = BOSS
    house.next_day()
    stay = stay_of(house)
    house.clock.now = ended
    with pytest.raises(NotPermitted):
        undo(house, stay, people["clerk"])
    rows = house.ask(delegation.delegations, now=house.now())
    assert [(r.id, r.state) for r in rows] == [(number, "over")]


def test_who_was_lent_the_right_approves_by_password_and_the_approval_names_it(house, people):
    """The duty manager's word, given by a clerk on whom it was conferred."""
    clerk, manager = people["clerk"], people["manager"]
    other = house.do(staff.take_on, login="bo", name="Bo", password=PASSWORD, role="clerk", approval=BOSS)
    builders.settle(house)
    line = line_of(house, stay_of(house))
    number = hand_over(house, manager, clerk, rights=[Permission.APPROVE])
    bo = Clerk(other, "Bo", "clerk", ROLES["clerk"][1])
    with pytest.raises(NeedsApproval) as asked:
        rebate(house, line, 30000, bo)
    word = house.approve("clerk", PASSWORD, asked.value)
    rebate(house, line, 30000, bo, approval=word)
    assert uses(house)[-1] == ("rebate", bo.id, manager.id, number, 30000)
    kept = house.ask(lambda s: s.scalars(select(Agreement.delegation_id)).all())
    assert kept == [number]
    [row] = house.ask(approvals.used, start=TODAY, end=TODAY)
    assert row.lender == "Manager"


def test_nobody_has_their_own_act_agreed_to_with_their_own_authority(house, people):
    """A manager lends the right to approve to a clerk and has the clerk approve what the manager asks."""
    clerk, manager = people["clerk"], people["manager"]
    line = line_of(house, stay_of(house))
    hand_over(house, manager, clerk, rights=[Permission.APPROVE])
    with pytest.raises(NeedsApproval) as asked:
        rebate(house, line, 60000, manager)
    with pytest.raises(Refused, match="may not approve"):
        house.approve("clerk", PASSWORD, asked.value)


def test_reading_follows_the_delegation(house, people, monkeypatch):
    monkeypatch.setattr("pms.db.office.RIGHTS_GOOD_FOR", 0.0)
    attendant = person(house, "attendant")
    house.clerk = attendant
    with pytest.raises(NotPermitted):
        house.asked(delegation.use_counts, start=TODAY, end=TODAY)
    hand_over(house, people["manager"], attendant, rights=[Permission.APPROVE], kinds=[])
    house.clerk = attendant
    house.asked(delegation.use_counts, start=TODAY, end=TODAY)
    house.clock.now += 9 * HOUR
    with pytest.raises(NotPermitted):
        house.asked(delegation.use_counts, start=TODAY, end=TODAY)
    house.asked(rooms.rooms)


def test_the_report_counts_by_person_and_kind(house, people):
    clerk, manager = people["clerk"], people["manager"]
    line = line_of(house, stay_of(house))
    hand_over(house, manager, clerk)
    for amount in (10000, 20000):
        rebate(house, line, amount, clerk)
    rebate(house, line, 5000, manager)
    found = {
        (c.by, c.done_by, c.kind, c.delegated): (c.number, c.amount)
        for c in house.ask(delegation.use_counts, start=TODAY, end=TODAY)
    }
    assert found["Manager", "Clerk", "rebate", True] == (2, 30000)
    assert found["Manager", "Manager", "rebate", False] == (1, 5000)


def test_it_is_written_into_the_access_log(house, people):
    number = hand_over(house, people["manager"], people["clerk"])
    house.do(withdraw, delegation_id=number)
    told = [r.what for r in house.ask(log.entries, start=TODAY, end=TODAY) if r.kind == "rights"]
    assert told[0] == f"Delegation {number} is withdrawn"
    assert told[1].startswith("Manager \u2192 Clerk")
    assert "stays:undo" in told[1]


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM delegation", "UPDATE delegation SET until = until", "DELETE FROM delegation WHERE id = 1"],
)
def test_a_withdrawn_delegation_never_changes(house, people, statement):
    number = hand_over(house, people["manager"], people["clerk"])
    house.do(withdraw, delegation_id=number)
    with pytest.raises(DBAPIError, match="frozen"), house.engine.begin() as connection:
        connection.execute(text(statement))


RIGHTS = sorted(ROLES["manager"][1] - delegation.NOT_HANDED_ON)


@given(
    lent=st.lists(st.sampled_from(RIGHTS), min_size=1, max_size=6),
    left=st.sets(st.sampled_from(RIGHTS), max_size=40),
    delegates=st.booleans(),
)
def test_whatever_is_lent_nobody_may_more_than_the_giver_beyond_their_own(fresh, lent, left, delegates):
    """The giver's role is cut to ``left`` afterwards."""
    with fresh() as house:
        manager, clerk = person(house, "manager"), person(house, "clerk")
        hand_over(house, manager, clerk, rights=lent)
        house.clerk = BOSS
        keeps = left | ({AUTHORITY_DELEGATE} if delegates else set())
        house.do(staff.edit_role, code="manager", rights=sorted(keeps))
        house.clerk = clerk
        held = house.renewed(clerk).permissions
        assert held == ROLES["clerk"][1] | (set(lent) & left if delegates else set())
