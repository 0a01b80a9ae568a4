"""What a stay left unsettled is collected later, and an advance of a booking that will not come is given
back or kept; nothing is stuck."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from pms.core.errors import NeedsApproval, NotPermitted, Refused
from pms.core.money import Money
from pms.core.office import Clerk
from pms.db.base import PrintJob
from pms.duties import ROLES
from pms.services.folios import ledger
from pms.services.folios import service as folios
from pms.services.folios.models import Account
from pms.services.receivables import queries, service
from pms.services.reservations import service as reservations
from pms.services.staff import service as staff
from pms.services.stays import service as stays
from pms.services.stays.service import Paid
from tests.builders import PASSWORD, TODAY, House
from tests.invariants import balances, check_books

DAY = timedelta(days=1)


def left_owing(house: House, amount: int = 5000, room: str = "301") -> int:
    """Check a guest in and out again who leaves owing; return the stay."""
    stay = house.do(
        stays.check_in,
        line_id=house.book(f"Guest {room}"),
        room_id=house.room_id(room),
        intent=house.new_intent(),
    )
    house.do(folios.charge, stay_id=stay, code="DAMAGE", amount=Money(amount), intent=house.new_intent())
    house.do(stays.check_out, stay_id=stay, unsettled="later", intent=house.new_intent())
    return int(stay)


def with_advance(house: House, end: str, amount: int = 20000) -> int:
    line = house.book("Li Na")
    house.do(
        reservations.take_advance,
        line_id=line,
        method="BANK",
        amount=Money(amount),
        intent=house.new_intent(),
    )
    if end == "cancelled":
        house.do(reservations.cancel, line_id=line, reason="ill")
    else:
        house.next_day()
    return line


def waiting(house: House) -> list[tuple[str, int, int]]:
    return [(x.kind, x.amount, x.days) for x in house.ask(queries.waiting)]


def papers(house: House) -> list[tuple[str, str]]:
    return [
        (row.kind, str(row.slip))
        for row in house.ask(
            lambda s: s.execute(select(PrintJob.kind, PrintJob.slip).order_by(PrintJob.id)).all()
        )
    ]


def receive(house: House, stay: int, amount: int) -> int:
    made: int = house.do(
        service.receive, stay_id=stay, method="CASH", amount=Money(amount), intent=house.new_intent()
    )
    return made


def test_what_is_left_unsettled_is_the_stays_own_grows_old_and_is_paid_later_in_parts(house):
    stay = left_owing(house)
    other = left_owing(house, 700, "302")
    assert waiting(house) == [("unsettled", 5000, 0), ("unsettled", 700, 0)]
    house.next_day()
    house.next_day()
    assert waiting(house) == [("unsettled", 5000, 2), ("unsettled", 700, 2)]
    receive(house, stay, 2000)
    kind, told = papers(house)[-1]
    assert kind == "receipt"
    assert "20.00" in told
    assert "30.00" in told  # what is still owed
    with pytest.raises(Refused, match=r"owes 30\.00"):
        receive(house, stay, 3001)
    receive(house, stay, 3000)
    house.next_day()
    assert waiting(house) == [("unsettled", 700, 3)]
    receive(house, other, 700)
    assert waiting(house) == []
    house.ask(check_books)


def test_the_same_press_takes_a_payment_once(house):
    stay = left_owing(house)
    fields = {"stay_id": stay, "method": "CASH", "amount": Money(1000), "intent": "k"}
    assert house.do(service.receive, **fields) == house.do(service.receive, **fields)
    assert waiting(house) == [("unsettled", 4000, 0)]


def test_an_undone_check_out_takes_the_receivable_back_and_not_behind_a_payment(house):
    stay = left_owing(house)
    paid = receive(house, stay, 1000)
    with pytest.raises(Refused, match="left unsettled"):
        house.do(stays.undo_check_out, stay_id=stay, reason="still here", intent="u")
    house.do(folios.void, transfer_id=paid, reason="wrong guest", intent="v")
    assert waiting(house) == [("unsettled", 5000, 0)]
    house.do(stays.undo_check_out, stay_id=stay, reason="still here", intent="u2")
    assert waiting(house) == []
    house.do(stays.check_out, stay_id=stay, payments=[Paid("CASH", Money(5000))], intent="o")
    house.ask(check_books)


def test_what_stood_on_the_one_account_of_former_times_is_collected_too(house):
    stay = left_owing(house)

    def as_before(work):
        own = work.session.scalars(
            select(Account.id).where(Account.stay_id == stay, Account.ledger == "city")
        ).one()
        common = ledger.account(work, "CITY")
        ledger.post(work, debit=common, credit=own, amount=5000, code="CITY", stay_id=stay)

    house.do(as_before)
    house.next_day()
    assert waiting(house) == [("unsettled", 5000, 1)]
    receive(house, stay, 1500)
    assert waiting(house) == [("unsettled", 3500, 1)]
    house.next_day()
    assert waiting(house) == [("unsettled", 3500, 2)]
    house.ask(check_books)


@pytest.mark.parametrize("end", ["cancelled", "no_show"])
def test_an_advance_of_a_booking_that_will_not_come_is_given_back_on_paper(house, end):
    line = with_advance(house, end)
    assert [(kind, amount) for kind, amount, _days in waiting(house)] == [("advance", 20000)]
    with pytest.raises(Refused, match=r"holds 200\.00"):
        house.do(service.give_back, line_id=line, method="CASH", amount=Money(20001), intent="x")
    house.do(service.give_back, line_id=line, method="CASH", amount=Money(20000), intent="g")
    kind, told = papers(house)[-1]
    assert kind == "advance_returned"
    assert "200.00" in told
    assert waiting(house) == []
    house.ask(check_books)


def test_an_advance_is_kept_with_reason_and_authority_and_is_income(house):
    line = with_advance(house, "cancelled")
    for amount, reason, why in ((20000, " ", "why"), (20001, "late", r"200\.00"), (0, "late", r"200\.00")):
        with pytest.raises(Refused, match=why):
            house.do(
                service.keep, line_id=line, amount=Money(amount), reason=reason, intent=house.new_intent()
            )
    number = house.do(staff.take_on, login="ann", name="Ann", password=PASSWORD, role="clerk")
    house.clerk = Clerk(number, "Ann", "clerk", ROLES["clerk"][1])
    with pytest.raises((NeedsApproval, NotPermitted)):
        house.do(service.keep, line_id=line, amount=Money(15000), reason="cancelled late", intent="c")
    house.clerk = Clerk(1, "Zhang Li", "owner", ROLES["owner"][1])
    house.do(service.keep, line_id=line, amount=Money(15000), reason="cancelled late", intent="k")
    kind, told = papers(house)[-1]
    assert kind == "advance_kept"
    assert "cancelled late" in told
    assert [(kind, amount) for kind, amount, _days in waiting(house)] == [("advance", 5000)]
    fee = house.ask(lambda s: s.scalars(select(Account.id).where(Account.code == "NOSHOW")).one())
    assert house.ask(balances)[fee] == -15000
    house.ask(check_books)


def test_a_booking_that_is_still_to_come_keeps_its_advance(house):
    line = house.book()
    house.do(reservations.take_advance, line_id=line, method="BANK", amount=Money(100), intent="a")
    assert waiting(house) == []
    for operation, fields in ((service.give_back, {"method": "CASH"}), (service.keep, {"reason": "x"})):
        with pytest.raises(Refused, match="still to come"):
            house.do(operation, line_id=line, amount=Money(100), intent=house.new_intent(), **fields)


def test_both_are_told_at_the_handover(house):
    left_owing(house)
    with_advance(house, "cancelled")
    assert [(i.number, i.text) for i in house.ask(queries.open_items)] == [
        ("1", "1 stay left unsettled: 50.00."),
        ("1", "1 advance of a booking that will not come: 200.00."),
    ]


def test_an_advance_and_a_payment_print_their_receipt(house):
    line = house.book("Li Na")
    house.do(reservations.take_advance, line_id=line, method="CASH", amount=Money(20000), intent="a")
    kind, told = papers(house)[-1]
    assert (kind, "Li Na" in told, "200.00" in told, "P-1" in told) == ("receipt", True, True, True)
    stay = house.do(stays.check_in, line_id=line, room_id=house.room_id("301"), intent=house.new_intent())
    house.do(folios.pay, stay_id=stay, method="BANK", amount=Money(1234), intent="p")
    kind, told = papers(house)[-1]
    assert (kind, "301" in told, "12.34" in told, "P-2" in told) == ("receipt", True, True, True)


def test_the_list_does_not_grow_dear_with_what_was_paid(sqlite):
    """Settled receivables cost nothing: the accounts that stand at nothing are not looked at."""
    from tests.builders import office

    house = office(sqlite, found=False)
    for turn in range(3):
        receive(house, left_owing(house, 1000 + turn, f"30{turn + 1}"), 1000 + turn)
        house.next_day()
    plan = house.ask(
        lambda s: [
            str(row)
            for row in s.connection().exec_driver_sql(
                "EXPLAIN QUERY PLAN SELECT id FROM account WHERE ledger = 'city' AND balance <> 0"
            )
        ]
    )
    assert any("ix_account_standing" in line for line in plan)
    assert waiting(house) == []
    assert house.house().business_date == TODAY + 3 * DAY
