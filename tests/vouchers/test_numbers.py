"""Which numbers the papers were given: a gap, a double and a voided one are told. On both engines."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from pms.core.errors import Refused
from pms.core.money import Money
from pms.services.folios import queries as folio_queries
from pms.services.folios import service as folios
from pms.services.opening import series
from pms.services.stays import service as stays
from pms.services.vouchers import numbers, service
from tests.builders import TODAY
from tests.invoices.test_invoices import BUYER
from tests.vouchers.test_vouchers import findings


@pytest.fixture
def stay(house):
    made = house.do(
        stays.check_in, line_id=house.book("Guo Na"), room_id=house.room_id("301"), intent=house.new_intent()
    )
    for _n in range(5):
        deposit(house, made)
    return made


def deposit(house, stay):
    given = {"stay_id": stay, "method": "CASH", "amount": Money(10000)}
    return house.do(folios.take_deposit, **given, intent=house.new_intent())


def told(house, word="deposit", first=TODAY, last=TODAY):
    found = house.ask(numbers.given, first=first, last=last)
    one = next((one for one in found if one.series.word == word), None)
    return one and (one.first, one.last, one.count, one.missing, one.doubled, one.voided)


def change(house, *statements):
    """Change the print-outs as nobody may: their table has no guard."""
    with house.engine.begin() as books:
        for statement in statements:
            books.execute(text(statement))


def test_a_series_without_a_fault_is_whole(house, stay):
    assert told(house) == (1, 5, 5, (), (), ())
    assert findings(house) == []


def test_a_number_that_no_paper_holds_is_missing_wherever_it_stands(house, stay):
    change(house, "DELETE FROM print_job WHERE number = 'D-3'")
    assert told(house) == (1, 5, 4, (3,), (), ())
    change(house, "DELETE FROM print_job WHERE number IN ('D-1', 'D-5')")
    assert told(house) == (2, 4, 2, (1, 3, 5), (), ())
    assert findings(house) == ["D-1 is missing", "D-3 is missing", "D-5 is missing"]
    change(house, "DELETE FROM print_job WHERE number LIKE 'D-%'")
    assert told(house)[3] == (1, 2, 3, 4, 5)


def test_a_number_that_two_papers_hold_is_told_and_a_duplicate_is_none(house, stay):
    change(house, "UPDATE print_job SET number = 'D-2' WHERE number = 'D-3'")
    assert told(house)[3:5] == ((3,), (2,))
    assert findings(house) == ["D-3 is missing", "D-2 was given twice"]
    change(house, "UPDATE print_job SET reprint_of = 1, number = 'D-2' WHERE number = 'D-4'")
    assert told(house)[3:5] == ((3, 4), (2,))


def test_a_deposit_that_was_taken_back_is_voided_and_not_missing(house, stay):
    line = next(x for x in house.ask(folio_queries.folio_lines, stay_id=stay) if x.slip == "D-2")
    house.do(folios.void, transfer_id=line.id, reason="typed twice", intent=house.new_intent())
    assert told(house) == (1, 5, 5, (), (), (2,))
    found = house.ask(numbers.given, first=TODAY, last=TODAY)
    assert [(f.number, f.how) for f in numbers.faults(found)] == [("D-2", "voided")]
    assert findings(house) == []


def test_the_first_number_of_a_day_is_held_against_the_one_before(house, stay):
    later = house.now() + timedelta(days=2)
    house.clock.now = later
    deposit(house, stay)
    deposit(house, stay)
    day = later.date()
    assert told(house, first=day, last=day) == (6, 7, 2, (), (), ())
    change(house, "DELETE FROM print_job WHERE number = 'D-6'")
    assert told(house, first=day, last=day) == (7, 7, 1, (6,), (), ())
    assert told(house, first=TODAY, last=day) == (1, 7, 6, (6,), (), ())
    # what is given after midnight belongs to the day that runs
    assert told(house) == (1, 7, 6, (6,), (), ())


def test_records_have_their_numbers_too(house, stay):
    from pms.services.invoices import service as invoices

    house.do(folios.charge, stay_id=stay, code="MINIBAR", amount=Money(900), intent=house.new_intent())
    house.do(folios.pay, stay_id=stay, method="CASH", amount=Money(900), intent=house.new_intent())
    made = [house.do(invoices.want, stay_id=stay, amount=Money(100), **BUYER) for _n in range(3)]
    house.do(invoices.drop, number=made[1], reason="not needed")
    assert told(house, "invoice") == (1, 3, 3, (), (), (2,))
    change(house, "DELETE FROM invoice WHERE number = 3")
    assert told(house, "invoice") == (1, 2, 2, (3,), (), (2,))


def test_at_most_two_months_are_looked_at_and_the_sheet_prints(house, stay):
    with pytest.raises(Refused, match="at most 62 days"):
        house.ask(numbers.given, first=TODAY - timedelta(days=62), last=TODAY)
    change(house, "DELETE FROM print_job WHERE number = 'D-3'")
    house.do(service.receive, form="收据", first="A1", last="A9")
    house.do(service.print_numbers, first=TODAY, last=TODAY)
    with house.engine.begin() as books:
        slip = books.execute(text("SELECT slip FROM print_job WHERE kind = 'serial_numbers'")).scalar()
    assert all(words in str(slip) for words in ("D-3", "A1", "FB-1"))


def test_gaps_are_counted_and_not_listed_without_end():
    assert numbers.gaps({5, 6}, {4}, 0) == ()
    assert numbers.gaps({5, 9}, {3, 4}, 10) == (6, 7, 8, 10)
    assert numbers.gaps({30}, set(), 0) == tuple(range(5, 30))
    assert len(numbers.gaps({1, 10**6}, {0}, 0)) == numbers.MOST


NO_MONEY = {
    *("reservation", "stay", "shift", "luggage", "payment_attempt", "member", "company", "channel"),
    *("channel_order", "day_finding", "purchase_request", "found_item", "loss_report", "period_report"),
    *("form_book", "debt_notice", "house_account"),
}
"""Series whose papers take or give no money."""


def test_every_series_that_is_given_on_a_money_paper_is_held_against_gaps():
    known = {word for word, _what in (*series.NUMBERED, *series.PAPERS)}
    assert known - {one.word for one in numbers.EVERY} == NO_MONEY
