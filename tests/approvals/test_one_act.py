"""An approval is one act: this operation with these fields, once, for a minute, at this workstation; attacked
from every side, on both engines."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from pms.core.errors import NeedsApproval, NotPermitted, Refused
from pms.core.money import Money
from pms.core.office import Approval
from pms.core.permissions import Permission
from pms.db.base import AuditEntry
from pms.duties import ALL, ROLES
from pms.services.approvals import queries, service
from pms.services.approvals.models import Agreement
from pms.services.folios import service as folios
from pms.services.night_audit import queries as audit
from pms.services.night_audit.checks import by_phone
from pms.services.staff import service as staff
from pms.services.stays import service as stays
from pms.services.stays.service import Paid
from tests import builders
from tests.authority.people import person
from tests.builders import BOSS, TODAY


@pytest.fixture
def lines(house):
    """Two charges of the owner on one stay, and a clerk at the desk who may void neither alone."""
    stay = house.do(
        stays.check_in, line_id=house.book(), room_id=house.room_id("301"), intent=house.new_intent()
    )
    made = [
        house.do(folios.charge, stay_id=stay, code="MINIBAR", amount=Money(amount), intent=f"c{amount}")
        for amount in (1000, 99900)
    ]
    house.clerk = person(house, "clerk")
    return made


def void(house, line, reason="wrong room", **how):
    return house.do(folios.void, transfer_id=line, reason=reason, intent=f"v{line}", **how)


def wish(house, line, **how) -> NeedsApproval:
    with pytest.raises(NeedsApproval) as asked:
        void(house, line, **how)
    return asked.value


def test_it_names_act_object_and_sum(house, lines):
    [reason] = wish(house, lines[1]).reasons
    assert reason.amount == 99900
    assert reason.what == "Voiding Minibar of another clerk, 301 Wang Yaqin: wrong room"


def test_one_approval_does_one_act_and_no_second(house, lines):
    small, large = lines
    word = house.word(BOSS, wish(house, small))
    with pytest.raises(NeedsApproval):  # another line
        void(house, large, approval=word)
    with pytest.raises(NeedsApproval):  # the same line, another field
        void(house, small, reason="for fun", approval=word)
    with pytest.raises(NeedsApproval):  # another operation
        house.do(folios.adjust, transfer_id=small, reason="wrong room", intent="a", approval=word)
    void(house, small, approval=word)
    with pytest.raises(NeedsApproval):
        void(house, large, approval=word)
    [used] = house.ask(queries.used, start=TODAY, end=TODAY)
    assert (used.by, used.clerk, used.amount, used.how) == ("Zhang Li", "Clerk", 1000, "password")


def test_a_used_one_is_used_even_for_the_same_fields(house, lines):
    word = house.word(BOSS, wish(house, lines[0]))
    first = void(house, lines[0], approval=word)
    assert void(house, lines[0], approval=word) == first  # the same press twice is the same act
    used = house.ask(lambda s: s.scalars(select(Agreement.used_at)).all())
    assert used == [house.now()]


def test_it_dies_with_the_minute_the_right_the_person_and_the_desk(house, lines):
    asked = wish(house, lines[0])
    word, clerk = house.word(BOSS, asked), house.clerk
    house.clock.now += timedelta(seconds=61)
    with pytest.raises(NeedsApproval):
        void(house, lines[0], approval=word)
    house.clock.now -= timedelta(seconds=62)  # a clock put back does not revive it
    with pytest.raises(NeedsApproval):
        void(house, lines[0], approval=word)
    house.clock.now += timedelta(seconds=62)
    house.clerk = BOSS
    manager = person(house, "manager")
    house.clerk = clerk
    word = house.word(manager, asked)
    house.station = "desk-2"
    with pytest.raises(NeedsApproval):
        void(house, lines[0], approval=word)
    house.station = "desk-1"
    other, house.clerk = house.clerk, replace(house.clerk, id=BOSS.id + 90)
    with pytest.raises(NotPermitted):
        void(house, lines[0], approval=word)
    house.clerk = BOSS
    house.do(staff.edit, staff_id=manager.id, name="Manager", role="clerk", active=True)
    house.clerk = other
    with pytest.raises(NeedsApproval):
        void(house, lines[0], approval=word)


def test_a_forged_number_and_forged_rights_open_nothing(house, lines):
    for number in (0, 1, 999):
        with pytest.raises(NeedsApproval):
            void(house, lines[0], approval=Approval(number, 1, "Zhang Li", ALL))
    own = house.word(house.clerk, wish(house, lines[0]))
    with pytest.raises(NeedsApproval):  # one's own word, under another's name
        void(house, lines[0], approval=replace(own, staff_id=1, permissions=ALL))


def test_everything_in_one_act_is_asked_at_once_and_each_is_shown(house):
    """An approval for waiving one thing does not let another thing through in the same act."""
    stay = house.do(
        stays.check_in,
        line_id=house.book(nights=1),
        room_id=house.room_id("301"),
        intent=house.new_intent(),
    )
    house.do(folios.charge, stay_id=stay, code="MINIBAR", amount=Money(50000), intent="c")
    house.next_day()
    house.clock.set(TODAY + builders.DAY, 19)
    house.clerk = person(house, "clerk")
    leave = {"stay_id": stay, "unsettled": "later", "waive_late": "regular guest", "intent": "out"}
    with pytest.raises(NeedsApproval) as asked:
        house.do(stays.check_out, **leave)
    whats = [(r.what, r.amount) for r in asked.value.reasons]
    assert [amount for _what, amount in whats] == [29800, 79800]
    assert "late departure" in whats[0][0]
    assert whats[1][0] == "Checking out with folio A not settled, room 301, Wang Yaqin"
    only_one = house.word(BOSS, only(asked.value, 0))
    with pytest.raises(NeedsApproval) as again:
        house.do(stays.check_out, approval=only_one, **leave)
    assert [r.amount for r in again.value.reasons] == [29800, 79800]
    house.do(stays.check_out, approval=BOSS, **leave)


def only(asked: NeedsApproval, place: int) -> NeedsApproval:
    """Return the same wish with one of its reasons only."""
    made = NeedsApproval(asked.reasons[place])
    made.act, made.action = asked.act, asked.action
    return made


def test_the_trail_names_an_approver_only_where_one_was_needed(house, lines):
    word = house.word(BOSS, wish(house, lines[0]))
    void(house, lines[0], approval=word)
    charge = {"stay_id": 1, "code": "MINIBAR", "amount": Money(100), "intent": "x"}
    house.do(folios.charge, approval=word, **charge)
    trail = house.ask(
        lambda s: s.execute(
            select(AuditEntry.action, AuditEntry.clerk_id, AuditEntry.approved_by).where(
                AuditEntry.clerk_id == house.clerk.id
            )
        ).all()
    )
    assert {(a, by) for a, _clerk, by in trail if a.startswith("folios")} == {
        ("folios:void", 1),
        ("folios:charge", None),
    }


# ------------------------------------------------------------------ by phone
def test_by_phone_it_is_open_until_that_person_has_signed(house, lines):
    clerk = house.clerk
    asked = wish(house, lines[0])
    with pytest.raises(Refused, match="Write down"):
        house.approve_by_phone("boss", " ", asked)
    word = house.approve_by_phone("boss", "called 138, said yes", asked)
    void(house, lines[0], approval=word)
    [open_] = house.ask(queries.unsigned)
    [due] = house.ask(queries.waiting, now=house.now())
    assert (due.what, due.amount) == ({"approval_id": open_.id}, open_.amount or None)
    assert (open_.by, open_.clerk, open_.note, open_.amount) == (
        "Zhang Li",
        "Clerk",
        "called 138, said yes",
        1000,
    )
    house.clerk = BOSS
    sue = person(house, "supervisor")
    house.clerk = clerk
    with pytest.raises(NeedsApproval) as signing:
        house.do(service.countersign, approval_id=open_.id)
    assert signing.value.own
    with pytest.raises(Refused, match="Only Zhang Li"):
        house.do(service.countersign, approval_id=open_.id, approval=sue)
    house.do(service.countersign, approval_id=open_.id, approval=BOSS)
    assert house.ask(queries.unsigned) == []
    with pytest.raises(Refused, match="signed already"):
        house.do(service.countersign, approval_id=open_.id, approval=BOSS)


def test_by_phone_only_who_may_and_only_by_whom_it_is_allowed(house, lines):
    asked = wish(house, lines[0])
    for login in ("clerk", "nobody"):
        with pytest.raises(Refused, match="may not approve"):
            house.approve_by_phone(login, "said yes", asked)
    signing = NeedsApproval(*asked.reasons, own=True)
    with pytest.raises(Refused, match="at the desk"):
        house.approve_by_phone("boss", "said yes", signing)
    clerk, house.clerk = house.clerk, BOSS
    rights = sorted(ROLES["clerk"][1] - {Permission.APPROVE_BY_PHONE})
    house.do(staff.edit_role, code="clerk", rights=rights)
    house.clerk = clerk
    with pytest.raises(NotPermitted, match="authority:phone"):
        house.approve_by_phone("boss", "said yes", asked)


def test_the_night_audit_finds_what_nobody_signed_for(house, lines):
    void(house, lines[0], approval=house.approve_by_phone("boss", "said yes", wish(house, lines[0])))
    found = house.ask(audit.findings, business_date=TODAY, checks=[by_phone.CHECK])
    assert [(f.title, f.amount) for f in found] == [
        ("Voiding Minibar of another clerk, 301 Wang Yaqin: wrong room", 1000)
    ]
    house.do(service.countersign, approval_id=house.ask(queries.unsigned)[0].id, approval=BOSS)
    assert house.ask(audit.findings, business_date=TODAY, checks=[by_phone.CHECK]) == []


@pytest.mark.parametrize("statement", ["UPDATE approval SET act = 'x'", "DELETE FROM approval"])
def test_the_database_keeps_what_was_used(house, lines, statement):
    void(house, lines[0], approval=BOSS)
    with pytest.raises(DBAPIError, match="frozen"), house.engine.begin() as connection:
        connection.execute(text(statement))


# ------------------------------------------------------------------ what an act does within another
def test_an_act_asks_for_the_rights_of_everything_it_does(house):
    line, room = house.book(), house.room_id("301")
    stay = house.do(stays.check_in, line_id=line, room_id=room, intent="in")
    house.do(folios.take_deposit, stay_id=stay, method="CASH", amount=Money(90000), intent="d")
    person(house, "clerk")
    for missing in (Permission.FOLIOS_REFUND, Permission.FOLIOS_PAY):
        house.clerk = BOSS
        house.do(staff.edit_role, code="clerk", rights=sorted(ROLES["clerk"][1] - {missing}))
        house.clerk = replace(BOSS, id=2, name="Clerk")
        pays = [Paid("CASH", Money(29800))] if missing is Permission.FOLIOS_PAY else []
        back = Paid("CASH", Money(90000)) if missing is Permission.FOLIOS_REFUND else None
        with pytest.raises(NotPermitted, match=missing):
            house.do(
                stays.check_out, stay_id=stay, payments=pays, refund=back, slip_back=True, intent=missing
            )


def test_a_deposit_at_check_in_asks_for_the_right_to_take_money(house):
    clerk = person(house, "clerk")
    house.do(staff.edit_role, code="clerk", rights=sorted(ROLES["clerk"][1] - {Permission.FOLIOS_PAY}))
    house.clerk = clerk
    come = {"line_id": house.book(), "room_id": house.room_id("302"), "intent": "in"}
    with pytest.raises(NotPermitted, match="folios:pay"):
        house.do(stays.check_in, deposit=Paid("CASH", Money(100)), **come)
    house.do(stays.check_in, **come)
