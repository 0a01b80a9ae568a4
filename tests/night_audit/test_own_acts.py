"""What the auditor did is not approved by the auditor, stops no night, and reaches the day audit; what is not
there is approved by nobody. On both engines."""

import pytest
from sqlalchemy import func, select

from pms import duties
from pms.core.errors import NotPermitted, Refused
from pms.core.money import Money
from pms.core.office import Clerk
from pms.db.base import AuditEntry
from pms.services.day_audit import queries as register
from pms.services.day_audit import service as day_audit
from pms.services.folios import service as folios
from pms.services.night_audit import own_acts, queries, service
from pms.services.night_audit.checks import Tonight, listed
from pms.services.stays import service as stays
from tests.authority.people import person
from tests.builders import BOSS, DAY, TODAY, House
from tests.night_audit.test_checks import plant_a_bad_night

CHECKS = listed(duties.offered())


@pytest.fixture
def people(house):
    return {role: person(house, role) for role in ("auditor", "supervisor", "clerk")}


def void_by(house: House, who: Clerk, room: str = "301", amount: int = 500) -> None:
    """Let somebody post a charge and take it back."""
    house.clerk = BOSS
    stay = house.do(
        stays.check_in, line_id=house.book(), room_id=house.room_id(room), intent=house.new_intent()
    )
    house.clerk = who
    line = house.do(
        folios.charge, stay_id=stay, code="MINIBAR", amount=Money(amount), intent=house.new_intent()
    )
    house.do(folios.void, transfer_id=line, reason="wrong room", intent=house.new_intent())


def begun(house: House, who: Clerk) -> dict[str, str]:
    """Begin the audit, and return what is found by title."""
    house.clerk = who
    house.at_night()
    house.do(service.begin, business_date=TODAY)
    found = house.ask(queries.findings, business_date=TODAY, checks=CHECKS)
    return {f.key: f.title for f in found}


def mark(house, key, state="approved", who=None):
    if who is not None:
        house.clerk = who
    house.do(service.mark, business_date=TODAY, finding=key, state=state, remark="seen")


def key_of(found: dict[str, str], kind: str) -> str:
    return next(key for key in found if key.startswith(f"{kind}:"))


def closed(house: House):
    house.do(service.close, business_date=TODAY)
    house.clock.set(TODAY + DAY, 10)
    return {f.title: f for f in house.ask(register.still_open)}


def test_the_auditor_approves_no_finding_about_the_own_act(house, people):
    void_by(house, people["auditor"])
    key = key_of(begun(house, people["auditor"]), "voids")
    with pytest.raises(Refused, match="This is what Auditor did"):
        mark(house, key)
    mark(house, key, "queried")
    mark(house, key, "approved", people["supervisor"])
    assert house.ask(queries.marks, business_date=TODAY)[key]["by"] == "Supervisor"


def test_the_own_act_stops_no_night_and_reaches_the_day_audit_unapproved(house, people):
    void_by(house, people["auditor"])
    found = begun(house, people["auditor"])
    told = closed(house)
    title = found[key_of(found, "voids")]
    assert told[title].remark == "Not approved: it is what Auditor did, who closed the day."
    assert told[title].staff_id == people["auditor"].id


def test_what_another_has_approved_is_not_told_again(house, people):
    void_by(house, people["auditor"])
    found = begun(house, people["supervisor"])
    key = key_of(found, "voids")
    mark(house, key)
    house.clerk = people["auditor"]
    assert found[key] not in closed(house)


def test_what_others_did_is_approved_as_before(house, people):
    void_by(house, people["clerk"])
    found = begun(house, people["auditor"])
    mark(house, key_of(found, "voids"))
    assert closed(house) == {}


def test_a_price_by_hand_is_the_act_of_who_gave_it_and_of_who_allowed_it(house, people):
    house.clerk = people["clerk"]
    line = house.book(prices=(27000, 27000), approval=people["supervisor"])
    house.clerk = BOSS
    house.do(stays.check_in, line_id=line, room_id=house.room_id("301"), intent="in")
    found = begun(house, people["supervisor"])
    with pytest.raises(Refused, match="This is what Supervisor did"):
        mark(house, key_of(found, "rates"))
    with pytest.raises(Refused, match="This is what Clerk did"):
        house.do(authority_of_clerk(house, people), business_date=TODAY)


def authority_of_clerk(house, people):
    """Let the clerk run the audit, as an owner may allow."""
    from pms.services.staff import service as staff

    house.clerk = BOSS
    house.do(staff.edit_role, code="clerk", rights=["night_audit:run", "staff:own"])
    key = key_of(
        {f.key: f.title for f in house.ask(queries.findings, business_date=TODAY, checks=CHECKS)}, "rates"
    )
    house.clerk = people["clerk"]
    return lambda work, business_date: service.mark(
        work, business_date=business_date, finding=key, state="approved", remark="fine"
    )


@pytest.mark.parametrize("key", ["voids:999", "nothing:1", "", "voids", "credit:", "voids:1 OR 1=1"])
def test_a_finding_that_is_not_there_is_approved_by_nobody(house, people, key):
    begun(house, people["auditor"])
    for state in ("approved", "queried"):
        with pytest.raises(Refused, match="not found tonight"):
            mark(house, key, state)
    assert house.ask(queries.marks, business_date=TODAY) == {}


def test_what_must_be_cleared_is_approved_by_nobody(house, people):
    house.clerk = BOSS
    house.do(stays.check_in, line_id=house.book(nights=1), room_id=house.room_id("301"), intent="in")
    house.next_day()
    house.clerk = people["auditor"]
    house.clock.set(TODAY + 2 * DAY, 2)
    house.do(service.begin, business_date=TODAY + DAY)
    found = house.ask(queries.findings, business_date=TODAY + DAY, checks=CHECKS)
    blocking = [f.key for f in found if f.blocking]
    assert blocking
    for key in blocking:
        with pytest.raises(Refused, match="must be cleared"):
            house.do(service.mark, business_date=TODAY + DAY, finding=key, state="approved", remark="seen")


def test_title_and_money_come_from_the_finding_and_not_from_who_marks_it(house, people):
    void_by(house, people["clerk"], amount=98765)
    found = begun(house, people["auditor"])
    key = key_of(found, "voids")
    mark(house, key, "queried")
    stored = house.ask(queries.marks, business_date=TODAY)[key]
    assert (stored["title"], stored["amount"]) == (found[key], 98765)
    assert stored["register"] == next(check.register for check in CHECKS if check.kind == "voids")


def test_nobody_but_an_owner_settles_a_finding_about_themselves_by_day(house, people):
    void_by(house, people["supervisor"])
    begun(house, people["supervisor"])
    [told] = closed(house).values()
    fields = {"kind": "cash", "staff_id": None, "cause": "", "training": "", "remark": ""}
    for act in (
        lambda: house.do(day_audit.look_into, finding_id=told.id, **fields),
        lambda: house.do(day_audit.close, finding_id=told.id),
    ):
        with pytest.raises(Refused, match="about you"):
            act()
    house.clerk = BOSS
    house.do(day_audit.look_into, finding_id=told.id, **(fields | {"kind": told.kind}))


def test_every_check_that_names_people_is_asked_at_the_close():
    """A check whose findings are somebody's act says so, or the close would pass it over."""
    import inspect
    import re
    import sys

    for check in CHECKS:
        assert (check.acts == "done") == (check.did is not None), check.kind
        source = inspect.getsource(sys.modules[check.find.__module__])
        assert bool(check.acts) == ("by=" in source or "told(line)" in source), check.kind
        assert (check.acts == "trail") == bool(re.search(r"^from \..*\bwho\b", source, re.M)), check.kind
        if check.acts != "trail":
            assert (check.acts == "given") == ("by=tonight.gave" in source), check.kind
    assert own_acts


def test_who_did_something_tonight_is_asked_about_it(house):
    """What decides whether a check is made at the close is true of everybody whom a finding names."""
    house.clerk = person(house, "owner")
    plant_a_bad_night(house)
    today, named = house.house().business_date, set()
    for check in CHECKS:
        if check.did is None:
            continue
        for finding in house.ask(lambda s, check=check: check(Tonight(s, today, house.station))):
            for clerk in finding.by:
                me = {"clerk": clerk, "today": today}
                did = house.ask(lambda s, did=check.did, me=me: s.execute(select(did), me).scalar())
                assert did, check.kind
                named.add(check.kind)
    assert {"voids", "transfers", "adjustments"} <= named
    nobody = {"clerk": 10**6, "today": TODAY}
    asked = own_acts._asked(CHECKS)
    assert not any(house.ask(lambda s: s.execute(select(*asked), nobody).one()))


class TestSeveralAtOnce:
    """One remark for many findings: all of them or none, each in the trail, rights as of a single one."""

    @pytest.fixture
    def found(self, house, people):
        for n in range(3):
            house.book(f"Late {n}")
        void_by(house, people["supervisor"])
        return begun(house, people["auditor"])

    @staticmethod
    def mark_all(house, keys, state="approved", **how):
        return house.do(
            service.mark_all, business_date=TODAY, findings=list(keys), state=state, remark=" called ", **how
        )

    def test_all_are_marked_and_each_stands_in_the_trail(self, house, found):
        keys = [key for key in found if key.startswith("arrivals:")]
        assert self.mark_all(house, [*keys, keys[0]]) == 3
        stored = house.ask(queries.marks, business_date=TODAY)
        assert {(k, m["state"], m["remark"], m["title"]) for k, m in stored.items()} == {
            (key, "approved", "called", found[key]) for key in keys
        }
        noted = house.look(
            lambda s: s.scalars(
                select(AuditEntry.changes).where(
                    AuditEntry.action == "night_audit:mark_all", AuditEntry.record == "audit_mark"
                )
            ).all()
        )
        assert [n["finding"] for n in noted] == keys
        assert all((n["state"], n["remark"]) == ("approved", "called") for n in noted)

    def test_one_that_is_gone_leaves_all_unmarked(self, house, found):
        keys = [key for key in found if key.startswith("arrivals:")]
        with pytest.raises(Refused, match="1 of them is not found any more, and none is marked"):
            self.mark_all(house, [*keys, "arrivals:999"])
        assert house.ask(queries.marks, business_date=TODAY) == {}

    def test_the_own_act_among_them_is_named_and_leaves_all_unmarked(self, house, people, found):
        house.clerk = people["supervisor"]
        own = key_of(found, "voids")
        arrival = key_of(found, "arrivals")
        with pytest.raises(Refused, match=f"{found[own]}: This is what Supervisor did"):
            self.mark_all(house, [arrival, own])
        assert house.ask(queries.marks, business_date=TODAY) == {}
        assert self.mark_all(house, [arrival, own], "queried") == 2

    def test_the_same_intent_marks_once(self, house, found):
        keys = [key for key in found if key.startswith("arrivals:")]
        assert self.mark_all(house, keys, intent="one") == self.mark_all(house, keys, intent="one") == 3
        entries = select(func.count()).where(AuditEntry.record == "audit_mark")
        assert house.look(lambda s: s.scalar(entries)) == 3

    @pytest.mark.parametrize(
        ("fields", "why"),
        [
            ({"findings": []}, "Choose a finding"),
            ({"remark": " "}, "say why"),
            ({"state": "cleared"}, "say why"),
        ],
    )
    def test_nothing_is_marked_without_findings_a_word_and_a_state(self, house, found, fields, why):
        given = {"findings": list(found), "state": "queried", "remark": "seen"} | fields
        with pytest.raises(Refused, match=why):
            house.do(service.mark_all, business_date=TODAY, **given)
        assert house.ask(queries.marks, business_date=TODAY) == {}

    def test_who_may_not_run_the_audit_marks_nothing(self, house, people, found):
        house.clerk = people["clerk"]
        with pytest.raises(NotPermitted):
            self.mark_all(house, found, "queried")
