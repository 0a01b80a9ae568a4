"""The six signs of last night's printed record: typed from the paper, held against the trail, told where they
differ, and never in the way of the night. On both engines."""

from dataclasses import replace
from random import Random

import pytest
from sqlalchemy import text

from pms import duties
from pms.core.errors import Refused
from pms.core.office import machine
from pms.core.options import Options
from pms.db import anchor
from pms.services.day_audit import queries as register
from pms.services.night_audit import queries, service
from pms.services.night_audit.checks import listed
from pms.services.night_audit.models import AuditRun
from pms.services.property import queries as property_queries
from pms.services.property import service as property_
from pms.services.reports import printouts as reports
from pms.services.reports import queries as report_queries
from tests.authority.people import person
from tests.builders import BOSS, DAY, TODAY, House
from tests.faults.tamper import Forger, honest

SECOND = TODAY + DAY
CHECKS = listed(duties.offered())


def asked(house: House, when: str = "always") -> None:
    options = replace(house.ask(property_queries.setting).options, signs_typed=when)
    house.do(property_.edit, name="Yunqi", options=options)


@pytest.fixture
def hotel(house):
    """A hotel whose first day is closed and printed, and whose second is over."""
    asked(house)
    house.next_day()
    house.clock.set(SECOND + DAY, 2)
    return house


def signs_of(house: House, day=TODAY) -> str:
    """Return the signs as they stand on the printed record."""
    slip = house.ask(reports.report, word="audit_record", day=day)
    facts = dict(pair for block in slip.blocks if hasattr(block, "pairs") for pair in block.pairs)
    return facts["Audit trail"].rpartition(" ")[2]


def typed(house: House, signs: str, day=SECOND) -> bool:
    return house.do(service.compare_signs, business_date=day, signs=signs)


def found(house: House, day=SECOND):
    told = house.ask(queries.findings, business_date=day, checks=CHECKS)
    return [(f.key, f.title, f.blocking) for f in told if f.kind == "on_paper"]


def run_of(house: House, day=SECOND) -> AuditRun:
    return house.look(lambda session: session.get(AuditRun, day))


def record(house: House, day=SECOND) -> str:
    slip = house.ask(reports.report, word="audit_record", day=day)
    facts = dict(pair for block in slip.blocks if hasattr(block, "pairs") for pair in block.pairs)
    return facts.get("Check code of the last paper", "")


def rewritten(house: House) -> None:
    """Change what the trail told of the closed day and chain all of it anew with the hotel's key."""
    with house.engine.begin() as connection:
        forger = Forger(connection, Random(1), house.secret)
        with forger.unguarded():
            forger.run("UPDATE audit_entry SET station = 'elsewhere' WHERE id = 1")
            forger.rechain()


def test_the_right_signs_are_a_proof_in_the_run_and_on_the_record(hotel):
    signs = signs_of(hotel)
    hotel.do(service.begin, business_date=SECOND)
    assert found(hotel)[0][0] == "on_paper:missing"
    assert typed(hotel, signs)
    assert found(hotel) == []
    run = run_of(hotel)
    assert (run.paper_signs, run.paper_right, run.paper_by, run.paper_tries) == (signs, True, BOSS.id, 1)
    hotel.do(service.close, business_date=SECOND)
    assert record(hotel) == f"{signs} is entry {run.paper_entry}, {BOSS.name} 02:00"


def test_a_trail_chained_anew_with_the_key_is_told_by_the_paper_and_by_nothing_else(hotel):
    signs = signs_of(hotel)
    rewritten(hotel)
    assert honest(hotel) == []  # verify cannot see it
    hotel.do(service.begin, business_date=SECOND)
    assert not typed(hotel, signs)
    ((key, title, blocking),) = found(hotel)
    assert (key, blocking) == ("on_paper:wrong", False)
    assert "the trail differs" in title
    hotel.do(service.close, business_date=SECOND)  # the night is not stopped
    assert title in {f.title for f in hotel.ask(register.still_open)}
    assert record(hotel).startswith(f"{signs} is NOT entry ")


def test_a_trail_that_was_cut_before_the_close_has_no_seal_and_says_so(hotel):
    signs = signs_of(hotel)
    with hotel.engine.begin() as connection:
        forger = Forger(connection, Random(1), hotel.secret)
        with forger.unguarded():
            forger.run("DELETE FROM audit_entry WHERE record = 'closed_day'")
            forger.rechain()
    hotel.do(service.begin, business_date=SECOND)
    assert "has no seal" in found(hotel)[0][1]
    assert not typed(hotel, signs)
    assert "has no seal" in found(hotel)[0][1]


def test_signs_that_are_missing_stop_no_night_and_reach_the_day_audit(hotel):
    auditor, second = person(hotel, "auditor"), person(hotel, "supervisor")
    hotel.clerk = auditor
    hotel.do(service.begin, business_date=SECOND)
    ((key, title, blocking),) = found(hotel)
    assert not blocking
    with pytest.raises(Refused, match="This is what Auditor did"):
        hotel.do(service.mark, business_date=SECOND, finding=key, state="approved", remark="no paper")
    hotel.clerk = second  # who began no audit, and closes it for him
    hotel.do(service.close, business_date=SECOND)
    told = {f.title: f for f in hotel.ask(register.still_open)}
    assert told[title].remark == "Nobody has approved it before the close."
    assert record(hotel) == "not typed"


def test_what_another_has_approved_is_not_passed_on(hotel):
    auditor, second = person(hotel, "auditor"), person(hotel, "supervisor")
    hotel.clerk = auditor
    hotel.do(service.begin, business_date=SECOND)
    ((key, title, _blocking),) = found(hotel)
    hotel.clerk = second
    hotel.do(service.mark, business_date=SECOND, finding=key, state="approved", remark="printer was broken")
    hotel.do(service.close, business_date=SECOND)
    assert title not in {f.title for f in hotel.ask(register.still_open)}


def test_wrong_signs_are_counted_and_put_right(hotel):
    signs = signs_of(hotel)
    hotel.do(service.begin, business_date=SECOND)
    other = "0" * 6 if signs != "0" * 6 else "1" * 6
    assert not typed(hotel, other)
    assert typed(hotel, signs)
    hotel.do(service.close, business_date=SECOND)
    assert record(hotel).endswith("at try 2")


def as_typed(signs: str, how: str) -> str:
    wide = "".join(chr(ord(c) + 0xFEE0) for c in signs)
    return {
        "small": signs.lower(),
        "parted": f" {signs[:3]} {signs[3:]} ",
        "hyphen": f"{signs[:3]}-{signs[3:]}",
        "wide": wide,
        "letters": signs.replace("0", "O").replace("1", "l"),
    }[how]


@pytest.mark.parametrize("how", ["small", "parted", "hyphen", "wide", "letters"])
def test_the_signs_may_be_typed_as_hands_type_them(hotel, how):
    hotel.do(service.begin, business_date=SECOND)
    assert typed(hotel, as_typed(signs_of(hotel), how))


@pytest.mark.parametrize("signs", ["", "12345", "1234567", "GHJKMN", "12 34", "%" * 6, "______", "12345\0"])
def test_what_cannot_be_six_signs_is_a_sentence_and_no_try(hotel, signs):
    hotel.do(service.begin, business_date=SECOND)
    with pytest.raises(Refused):
        typed(hotel, signs)
    assert run_of(hotel).paper_tries == 0


def test_the_signs_of_an_older_paper_are_told_as_such(hotel):
    older = signs_of(hotel)
    hotel.do(service.begin, business_date=SECOND)
    hotel.do(service.close, business_date=SECOND)
    third = SECOND + DAY
    hotel.clock.set(third + DAY, 2)
    hotel.do(service.begin, business_date=third)
    with pytest.raises(Refused, match="of the record of 20 Nov 2026. Type that of 21 Nov 2026"):
        typed(hotel, older, third)
    assert typed(hotel, signs_of(hotel, SECOND), third)


def test_nobody_is_asked_on_the_first_night_nor_where_the_hotel_does_not_ask(house):
    asked(house)
    house.at_night()
    house.do(service.begin, business_date=TODAY)
    assert found(house, TODAY) == []
    with pytest.raises(Refused, match="No check code is asked"):
        typed(house, "123456", TODAY)
    house.do(service.close, business_date=TODAY)
    asked(house, "never")
    house.clock.set(SECOND + DAY, 2)
    house.do(service.begin, business_date=SECOND)
    assert found(house) == []
    house.do(service.close, business_date=SECOND)
    assert record(house) == ""


def test_by_itself_a_hotel_in_a_file_asks_and_one_on_a_server_does_not(house):
    assert Options().signs_typed == "alone"
    house.next_day()
    house.clock.set(SECOND + DAY, 2)
    house.do(service.begin, business_date=SECOND)
    in_a_file = house.engine.dialect.name == "sqlite"
    assert bool(found(house)) == in_a_file


def test_signs_are_not_typed_before_the_audit_begins_nor_after_the_close(hotel):
    signs = signs_of(hotel)
    with pytest.raises(Refused, match="Begin the audit first"):
        typed(hotel, signs)
    hotel.do(service.begin, business_date=SECOND)
    hotel.do(service.close, business_date=SECOND)
    with pytest.raises(Refused, match="is closed"):
        typed(hotel, signs)


def test_where_the_machine_closes_the_day_audit_is_told(hotel):
    hotel.clerk = machine()
    hotel.do(service.begin, business_date=SECOND)
    ((_key, title, _blocking),) = found(hotel)
    hotel.do(service.close, business_date=SECOND)
    hotel.clerk = BOSS
    told = {f.title: f for f in hotel.ask(register.still_open)}
    assert (told[title].remark, told[title].staff_id) == ("Nobody has approved it before the close.", None)


def test_a_note_of_the_signs_that_was_forged_is_named_by_verify(hotel):
    hotel.do(service.begin, business_date=SECOND)
    typed(hotel, "0F0F0F")
    typed(hotel, signs_of(hotel))
    assert honest(hotel) == []
    with hotel.engine.begin() as connection:
        connection.execute(text("UPDATE audit_run SET paper_signs = '0F0F0F' WHERE paper_signs IS NOT NULL"))
    assert honest(hotel) == [f"{SECOND}: the check code of the paper is not noted as it was typed."]


def test_the_trail_keeps_what_was_typed(hotel):
    signs = signs_of(hotel)
    hotel.do(service.begin, business_date=SECOND)
    typed(hotel, signs)
    with hotel.engine.connect() as connection:
        rows = connection.execute(
            text("SELECT changes FROM audit_entry WHERE action LIKE '%compare_signs'")
        ).scalars()
        assert any(signs in str(row) for row in rows)


def test_the_signs_are_those_of_the_seal(hotel):
    entry, head = hotel.ask(report_queries.seal_of, day=TODAY)
    assert signs_of(hotel) == anchor.signs(head)
    hotel.do(service.begin, business_date=SECOND)
    assert run_of(hotel).paper_entry == entry
