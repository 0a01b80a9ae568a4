"""Statements read into a hotel: once, the hotel's own, matched with its payments, cleared with a reason,
printed, and found by the night audit."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from pms.core.clock import local
from pms.core.errors import Conflict, NotPermitted, Refused
from pms.core.money import Money
from pms.db.base import PrintJob
from pms.services.folios import service as folios
from pms.services.night_audit.checks import Tonight
from pms.services.statements import checks, queries, service
from pms.services.statements.matching import CLEARED, DIFFERS, HERE, MATCHED, THERE
from tests.authority.people import person
from tests.builders import BOSS, TODAY, House
from tests.property.test_settings import set_options
from tests.rental.test_rental import guest_in, money

from .samples import bill

PAID, OTHER = "4200009990202609050000000101", "4200009990202609050000000102"
SPAN = {"first": TODAY - timedelta(6), "last": TODAY}


def read_in(house: House, *lines: tuple[str, str, str], name: str = "bill.csv", **more) -> int:
    """Read in a bill of today: transaction, order, amount each."""
    made = bill(*((f"{TODAY} 10:00:{n:02}", *line) for n, line in enumerate(lines)), **more)
    return money(house, service.read_in, file=name, data=made, **SPAN)


def pay(house: House, stay: int, number: str, amount: int) -> int:
    return money(house, folios.pay, stay_id=stay, method="WECHAT", amount=Money(amount), reference=number)


def states(house: House) -> list[tuple[str, str, int]]:
    found = house.ask(queries.compared, **SPAN)
    return [(p.state, p.number, p.difference) for p in found.pairs]


def test_lines_stand_against_the_payments_by_transaction_or_order(house):
    stay = guest_in(house)
    for number, amount in ((PAID, 26800), ("HT0002", 1250), ("4200003", 700), ("4200009", 900)):
        pay(house, stay, number, amount)
    read_in(
        house,
        (PAID, "HT1", "268.00"),
        (OTHER, "HT0002", "12.50"),
        ("4200003", "HT3", "7.50"),
        ("4200004", "HT4", "5.00"),
    )
    assert sorted(states(house)) == [
        (DIFFERS, "4200003", 50),
        (HERE, "HT4", 500),
        (MATCHED, PAID, 0),
        (MATCHED, "HT0002", 0),
        (THERE, "4200009", -900),
    ]


def test_what_is_posted_afterwards_matches_by_itself_and_a_void_opens_it_again(house):
    stay = guest_in(house)
    read_in(house, (PAID, "HT1", "268.00"))
    assert states(house) == [(HERE, "HT1", 26800)]
    made = pay(house, stay, PAID, 26800)
    assert states(house) == [(MATCHED, PAID, 0)]
    money(house, folios.void, transfer_id=made, reason="wrong")
    assert states(house) == [(HERE, "HT1", 26800)]


def test_the_same_file_is_known_and_the_same_lines_of_another_are_not_doubled(house):
    read_in(house, (PAID, "HT1", "268.00"))
    with pytest.raises(Conflict, match="was read in already: bill.csv"):
        read_in(house, (PAID, "HT1", "268.00"), name="again.csv")
    read_in(house, (PAID, "HT1", "268.00"), (OTHER, "HT0002", "5.00"), name="again.csv")
    assert len(states(house)) == 2
    newest = house.ask(queries.files, **SPAN)[0]
    assert (newest.lines, newest.known) == (2, 1)


def test_another_merchants_or_months_file_is_refused(house):
    read_in(house, (PAID, "HT1", "268.00"))
    with pytest.raises(Refused, match="of merchant 1900000111, this hotel's is 1900000999"):
        read_in(house, (OTHER, "HT0002", "1.00"), merchant="1900000111")
    set_options(house, statement_merchants="1900000111, 1900000999")
    read_in(house, (OTHER, "HT0002", "1.00"), merchant="1900000111")
    old = bill(("2026-08-05 10:00:00", "42009", "HT9", "1.00"))
    with pytest.raises(Refused, match="Set these days above the list first"):
        money(house, service.read_in, file="old.csv", data=old, **SPAN)
    coming = bill((f"{TODAY + timedelta(3)} 10:00:00", "42009", "HT9", "1.00"))
    with pytest.raises(Refused, match="still to come"):
        money(house, service.read_in, file="x.csv", data=coming, **SPAN)


def test_what_stays_open_is_cleared_once_with_a_reason(house):
    stay = guest_in(house)
    pay(house, stay, OTHER, 900)
    read_in(house, (PAID, "HT1", "268.00"))
    here, there = (p for p in house.ask(queries.compared, **SPAN).of(HERE, THERE))
    with pytest.raises(Refused, match="Say why"):
        house.do(service.clear, line_id=here.line.id, reason=" ")
    house.do(service.clear, line_id=here.line.id, reason="paid back by phone")
    house.do(service.clear, transfer_id=there.posting.transfer_id, reason="asked")
    with pytest.raises(Conflict, match="cleared already"):
        house.do(service.clear, line_id=here.line.id, reason="again")
    found = house.ask(queries.compared, **SPAN)
    assert [p.state for p in found.pairs] == [CLEARED, CLEARED]
    assert sorted(found.reasons.values()) == ["asked", "paid back by phone"]


def test_the_days_totals_stand_beside_and_print(house):
    stay = guest_in(house)
    pay(house, stay, PAID, 26800)
    read_in(house, (PAID, "HT1", "268.00"), (OTHER, "HT0002", "12.50"))
    [day] = house.ask(queries.compared, **SPAN).totals
    assert (day.there, day.here, day.difference, day.fee, day.open) == (28050, 26800, 1250, 120, 1)
    house.do(service.print_matched, **SPAN)
    jobs = house.look(
        lambda s: [j.slip for j in s.scalars(select(PrintJob).where(PrintJob.kind == "statement_match"))]
    )
    assert "HT0002" in str(jobs[0])
    assert "280.50" in str(jobs[0])


def test_the_audit_finds_what_is_open_with_its_sum(house):
    read_in(house, (PAID, "HT1", "268.00"))
    found = house.look(lambda session: list(checks.CHECK.find(Tonight(session, TODAY))))
    assert [(f.title, f.amount, f.by) for f in found] == [
        ("WeChat Pay HT1: Missing here", 26800, frozenset())
    ]
    pay(house, guest_in(house), PAID, 26700)
    found = house.look(lambda session: list(checks.CHECK.find(Tonight(session, TODAY))))
    assert [(f.amount, f.by) for f in found] == [(100, {BOSS.id})]  # whose posting it is does not approve it


def test_what_a_file_holds_is_kept_bounded(house):
    order = "HT" + "9" * 400
    data = bill((f"{TODAY} 10:00:00", PAID, order, "1.00")).replace("房费".encode(), "房\u202e费".encode())
    money(house, service.read_in, file="x" * 180 + ".csv", data=data, **SPAN)
    [pair] = house.ask(queries.compared, **SPAN).pairs
    assert (len(pair.line.order), pair.line.text) == (200, "房费，a,b")


def test_a_clerk_reads_nothing_in(house):
    house.clerk = person(house, "clerk")
    with pytest.raises(NotPermitted):
        read_in(house, (PAID, "HT1", "268.00"))


def test_ten_thousand_lines_are_matched_in_two_seconds(house):
    zone = house.house().zone
    day = local(house.now(), zone).date()
    lines = [
        (f"{day} {n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}", f"42{n:026}", f"HT{n}", "1.00")
        for n in range(10_000)
    ]
    money(house, service.read_in, file="big.csv", data=bill(*lines), **SPAN)
    began = time.perf_counter()
    found = house.ask(queries.compared, **SPAN)
    assert len(found.of(HERE)) == 10_000
    assert time.perf_counter() - began < 2 * 2  # a loaded machine; the bench holds the two seconds
