"""Payments in question: noted, asked again, settled once; never taken twice unasked; proposed by a
statement."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from pms.core import offers
from pms.core.errors import Conflict, NeedsConfirmation, NotPermitted, Refused
from pms.core.money import Money
from pms.services.attempts import checks, queries, service
from pms.services.folios import queries as folio_queries
from pms.services.folios import service as folios
from pms.services.night_audit.checks import Tonight
from pms.services.statements import service as statements
from pms.services.stays import service as stays
from pms.services.stays.service import Paid
from tests.authority.people import person
from tests.builders import DAY, TODAY, House
from tests.rental.test_rental import guest_in, money
from tests.statements.samples import bill

PAID = "4200009990202609050000000101"


def note(house: House, stay: int, amount: int = 32800, **more) -> int:
    fields = {"method": "WECHAT", "told": "the phone said paid"} | more
    return house.do(service.note, stay_id=stay, amount=Money(amount), **fields)


def owing(house: House, amount: int = 32800, room: str = "301") -> int:
    stay = guest_in(house, room, nights=9)
    money(house, folios.charge, stay_id=stay, code="MINIBAR", amount=Money(amount))
    return stay


def owed(house: House, stay: int) -> int:
    return sum(int(a.balance) for a in house.ask(folio_queries.folios, stay_id=stay))


def state(house: House, number: int) -> str:
    return house.ask(queries.attempt, number=number).state


# ------------------------------------------------------------------ noted and settled
def test_nothing_is_posted_until_it_has_arrived_and_then_once(house):
    stay = owing(house)
    number = note(house, stay)
    assert (state(house, number), owed(house, stay)) == ("unknown", 32800)
    with pytest.raises(Refused, match="transaction number is missing"):
        money(house, service.arrived, number=number)
    money(house, service.arrived, number=number, reference=PAID)
    assert (state(house, number), owed(house, stay)) == ("arrived", 0)
    [line] = [x for x in house.ask(folio_queries.folio_lines, stay_id=stay) if x.paid]
    assert (line.code, line.paid, line.number, line.text) == ("WECHAT", 32800, PAID, "Q-1")
    for again in (
        service.arrived.of(number=number, reference=PAID[:-1] + "2"),
        service.did_not_arrive.of(number=number, reason="x"),
        service.ask_again.of(number=number),
    ):
        with pytest.raises(Conflict, match="has arrived already"):
            house.do(again, intent=house.new_intent() if again.operation.money else None)
    assert owed(house, stay) == 0


def test_the_number_is_unique(house):
    stay = owing(house)
    number = note(house, stay)
    money(house, folios.pay, stay_id=stay, method="WECHAT", amount=Money(100), reference=PAID)
    with pytest.raises(Conflict, match="posted already"):
        money(house, service.arrived, number=number, reference=PAID)
    with pytest.raises(Conflict, match="it has arrived"):
        note(house, stay, 200, reference=PAID)
    assert state(house, number) == "unknown"


def test_it_did_not_arrive(house):
    stay = owing(house)
    number = note(house, stay)
    with pytest.raises(Refused, match="Say how"):
        house.do(service.did_not_arrive, number=number, reason=" ")
    house.do(service.did_not_arrive, number=number, reason="not in the list at 16:00")
    assert (state(house, number), owed(house, stay)) == ("absent", 32800)
    with pytest.raises(Conflict, match="settled already"):
        money(house, service.arrived, number=number, reference=PAID)
    money(house, folios.pay, stay_id=stay, method="CASH", amount=Money(32800))


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"method": "CASH"}, "never in question"),
        ({"method": "SHELLS"}, "no payment method"),
        ({"reference": "12"}, "no transaction number"),
        ({"window": "H"}, "no folio H"),
    ],
)
def test_what_is_no_payment_in_question_is_refused(house, told, why):
    stay = owing(house)
    with pytest.raises(Refused, match=why):
        note(house, stay, **told)
    with pytest.raises(Refused, match="more than 0"):
        note(house, stay, 0)
    with pytest.raises(Refused, match="not in house"):
        note(house, 999)
    with pytest.raises(Refused, match="no payment in question Q-77"):
        money(house, service.arrived, number=77)


def test_only_who_takes_payments_may(house):
    stay = owing(house)
    house.clerk = person(house, "housekeeping")
    with pytest.raises(NotPermitted):
        note(house, stay)


# ------------------------------------------------------------------ never paid twice
def test_a_second_payment_of_the_same_sum_is_asked_about(house):
    stay = owing(house)
    number = note(house, stay)
    for call in (
        folios.pay.of(stay_id=stay, method="CASH", amount=Money(32800)),
        folios.take_deposit.of(stay_id=stay, method="CASH", amount=Money(32800)),
        stays.check_out.of(stay_id=stay, payments=[Paid("CASH", Money(32800))]),
        stays.check_out.of(stay_id=stay, payments=[Paid("CASH", Money(800)), Paid("BANK", Money(32000))]),
    ):
        with pytest.raises(NeedsConfirmation, match="Q-1: 328.00 by WeChat Pay"):
            money(house, call.operation, **call.fields)
    with pytest.raises(NeedsConfirmation):
        note(house, stay)
    money(house, folios.pay, stay_id=stay, method="CASH", amount=Money(100))
    money(
        house,
        folios.pay,
        stay_id=stay,
        method="CASH",
        amount=Money(32800),
        confirmed=frozenset({f"in_question:{number}"}),
    )


def test_another_guests_payment_is_not_asked_about(house):
    note(house, owing(house))
    other = owing(house, room="302")
    money(house, folios.pay, stay_id=other, method="CASH", amount=Money(32800))
    assert owed(house, other) == 0


def test_a_guest_who_left_unsettled_has_it_posted_on_what_is_owed_and_never_more(house):
    stay, other = owing(house), owing(house, room="302")
    number, second = note(house, stay), note(house, other)
    money(house, stays.check_out, stay_id=stay, unsettled="later")
    money(house, service.arrived, number=number, reference=PAID)
    assert owed(house, stay) == 0
    paid = {"confirmed": frozenset({f"in_question:{second}"})}
    money(house, stays.check_out, stay_id=other, payments=[Paid("CASH", Money(32800))], **paid)
    with pytest.raises(Refused, match="Send 328.00 back"):
        money(house, service.arrived, number=second, reference=PAID[:-1] + "2")
    house.do(service.did_not_arrive, number=second, reason="refunded on the provider's page")


# ------------------------------------------------------------------ asked again
def test_it_is_asked_again_and_handed_over(house):
    stay = owing(house)
    number = note(house, stay)

    def due():
        return [d.at for d in house.gather(offers.waiting, now=house.now()) if d.word == "attempts"]

    assert due() == [house.now() + timedelta(minutes=10)]
    house.clock.now += timedelta(minutes=30)
    house.do(service.ask_again, number=number)
    assert due() == [house.now() + timedelta(minutes=10)]
    assert [i.number for i in house.gather(offers.handover) if i.word == "attempts"] == ["Q-1"]
    assert [s for s in house.gather(offers.leaving, stay_id=stay) if s.words.startswith("Q-1: 328.00")]
    assert house.look(lambda s: [f.title for f in checks._find(Tonight(s, TODAY))]) == ["301: Q-1"]
    house.do(service.did_not_arrive, number=number, reason="seen")
    assert due() == []
    assert house.look(lambda s: list(checks._find(Tonight(s, TODAY)))) == []


# ------------------------------------------------------------------ the statement
def read(house: House, *lines) -> None:
    house.do(statements.read_in, file="bill.csv", data=bill(*lines), first=TODAY - DAY, last=TODAY + DAY)


def at(minutes: int, house: House) -> str:
    when = house.now() + timedelta(hours=8, minutes=minutes)
    return f"{when:%Y-%m-%d %H:%M:%S}"


def proposed(house: House) -> list[str]:
    return [r.proposed for r in house.ask(queries.still_open)]


def test_a_line_of_the_statement_proposes_itself_and_posts_nothing(house):
    stay = owing(house)
    note(house, stay)
    assert proposed(house) == [""]
    read(house, (at(1, house), PAID, "HT1", "328.00"), (at(1, house), PAID[:-1] + "2", "HT2", "300.00"))
    assert proposed(house) == [PAID]
    assert owed(house, stay) == 32800, "a proposal, no posting"
    money(house, service.arrived, number=1, reference=PAID)
    assert proposed(house) == []


def test_two_lines_that_may_be_it_propose_nothing(house):
    note(house, owing(house))
    read(house, (at(1, house), PAID, "HT1", "328.00"), (at(5, house), PAID[:-1] + "2", "HT2", "328.00"))
    assert proposed(house) == [""]


def test_a_number_that_was_noted_decides_between_two_lines(house):
    note(house, owing(house), reference=PAID)
    read(house, (at(1, house), PAID, "HT1", "328.00"), (at(5, house), PAID[:-1] + "2", "HT2", "328.00"))
    assert proposed(house) == [PAID]


def test_a_line_that_is_posted_or_of_another_hour_proposes_nothing(house):
    stay = owing(house)
    money(house, folios.pay, stay_id=stay, method="WECHAT", amount=Money(32800), reference=PAID)
    note(house, stay)
    read(house, (at(1, house), PAID, "HT1", "328.00"), (at(90, house), PAID[:-1] + "2", "HT2", "328.00"))
    assert proposed(house) == [""]


def test_one_line_is_proposed_to_one_payment_only(house):
    note(house, owing(house))
    note(house, owing(house, room="302"))
    read(house, (at(1, house), PAID, "HT1", "328.00"))
    assert proposed(house) == ["", ""]


# ------------------------------------------------------------------ the schema
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE payment_attempt SET state = 'arrived', settled_on = '2026-09-05'",
        "UPDATE payment_attempt SET state = 'absent'",
        "UPDATE payment_attempt SET amount = 0",
        "UPDATE payment_attempt SET transfer_id = 1",
    ],
)
def test_the_schema_refuses_an_arrival_without_its_posting(house, statement):
    note(house, owing(house))
    with pytest.raises(DBAPIError), house.engine.begin() as connection:
        connection.execute(text(statement))
