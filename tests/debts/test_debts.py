"""Company accounts: what a signer signs for is owed until it is paid, within the limit, and the books say the
same as the bills."""

from datetime import timedelta

import pytest
from sqlalchemy import case, or_, select

from pms.core.errors import NeedsApproval, Refused
from pms.core.money import Money
from pms.db.types import summed
from pms.services.companies import service as companies
from pms.services.debts import printouts, queries, service
from pms.services.debts.billing import OnAccount
from pms.services.debts.models import CompanyBill
from pms.services.folios import queries as folio_queries
from pms.services.folios import service as folios
from pms.services.folios.models import Account, Transfer
from pms.services.guests.person import Person
from pms.services.stays import queries as stay_queries
from pms.services.stays import service as stays
from pms.services.stays.service import Paid
from tests.authority.people import person
from tests.builders import BOSS, TODAY

DAY = timedelta(days=1)


@pytest.fixture
def firm(house):
    """A company that may owe 1,000.00, with a signer, and a clerk at the desk."""
    house.firm = house.do(
        companies.add,
        name="Huaan",
        tax_number="91350100M000100Y43",
        credit_limit=Money(100_000),
        days_to_pay=30,
    )
    house.signer = house.do(companies.add_signer, number=house.firm, name="He Ping")
    house.clerk = person(house, "clerk")
    return house


def lodge(house, room="301", charge=30_000, name="Wang Yaqin"):
    """A guest of the company, in house by day, who owes a sum."""
    stay = house.do(
        stays.walk_in,
        room_id=house.room_id(room),
        departure=TODAY + DAY,
        guests=[Person(name)],
        plan_id=1,
        company_number=house.firm,
        intent=house.new_intent(),
    )
    house.do(folios.charge, stay_id=stay, code="MISC", amount=Money(charge), intent=house.new_intent())
    return stay


def leave(house, stay, **more):
    told = {"on_account": OnAccount(house.firm, house.signer), "print_bill": False, **more}
    house.do(stays.check_out, stay_id=stay, intent=house.new_intent(), **told)


def owed(house):
    return house.look(queries.owed, number=house.firm)


def booked(house):
    """What the books say that companies owe: the city ledger's accounts of companies."""
    t, a = Transfer, Account
    asked = (
        select(summed(case((t.debit_id == a.id, t.amount), else_=-t.amount)))
        .select_from(a)
        .join(t, or_(t.debit_id == a.id, t.credit_id == a.id))
        .where(a.code == f"COMPANY:{house.firm}")
    )
    return int(house.look(lambda s: s.execute(asked).scalar_one()))


def receive(house, amount, **more):
    return house.do(
        service.receive,
        number=house.firm,
        method="WIRE",
        amount=Money(amount),
        intent=house.new_intent(),
        **more,
    )


def test_what_a_signer_signs_for_is_owed_by_the_company(firm):
    stay = lodge(firm)
    leave(firm, stay)
    [bill] = firm.ask(queries.open_bills)
    assert (bill.company_name, bill.guest, bill.room, bill.signer) == (
        "Huaan",
        "Wang Yaqin",
        "301",
        "He Ping",
    )
    assert (bill.amount, bill.left, bill.due_on) == (30_000, 30_000, TODAY + 30 * DAY)
    assert owed(firm) == booked(firm) == 30_000
    row = firm.ask(stay_queries.stay, stay_id=stay, business_date=TODAY)
    assert (row.state, row.balance) == ("departed", 0)
    lines = firm.look(folio_queries.folio_lines, stay_id=stay)
    assert [(x.code, x.text) for x in lines][-1] == ("COMPANY", "Huaan")


def test_what_the_guest_pays_is_not_the_companys(firm):
    stay = lodge(firm)
    leave(firm, stay, payments=[Paid("CASH", Money(10_000))])
    assert owed(firm) == booked(firm) == 20_000


def test_the_deposit_of_the_guest_goes_back_whole(firm):
    firm.clerk = BOSS
    stay = lodge(firm)
    firm.do(folios.take_deposit, stay_id=stay, method="CASH", amount=Money(50_000), intent="d")
    with pytest.raises(Refused, match=r"500.00 of the deposit is still held"):
        leave(firm, stay)
    leave(firm, stay, refund=Paid("CASH", Money(50_000)))
    assert owed(firm) == booked(firm) == 30_000


def test_beyond_the_limit_somebody_must_agree_and_the_sum_is_told(firm):
    leave(firm, lodge(firm, charge=80_000))
    stay = lodge(firm, "302", 30_000)
    with pytest.raises(NeedsApproval, match=r"1,100.00 owed with it, limit 1,000.00"):
        leave(firm, stay)
    assert owed(firm) == booked(firm) == 80_000
    receive(firm, 10_000)
    leave(firm, stay)
    assert owed(firm) == booked(firm) == 100_000


def test_who_may_not_sign_does_not(firm):
    stay = lodge(firm)
    firm.clerk, clerk = BOSS, firm.clerk
    other = firm.do(companies.add, name="Other", credit_limit=Money(10**7))
    theirs = firm.do(companies.add_signer, number=other, name="Theirs")
    gone = firm.do(companies.add_signer, number=firm.firm, name="Gone")
    firm.do(companies.end_signer, signer_id=gone)
    firm.clerk = clerk
    for signer, why in ((theirs, "Choose who signs"), (999, "Choose who signs"), (gone, "not sign any more")):
        with pytest.raises(Refused, match=why):
            leave(firm, stay, on_account=OnAccount(firm.firm, signer))
    with pytest.raises(Refused, match="no company 77"):
        leave(firm, stay, on_account=OnAccount(77, firm.signer))
    assert owed(firm) == 0


def test_a_suspended_company_owes_only_with_a_second_person(firm):
    stay = lodge(firm)
    firm.clerk, clerk = BOSS, firm.clerk
    firm.do(companies.suspend, number=firm.firm, reason="does not pay")
    firm.clerk = clerk
    with pytest.raises(NeedsApproval, match="does not pay"):
        leave(firm, stay)


def test_payments_go_to_what_is_due_first_or_to_one_bill(firm):
    for room, sum_ in (("301", 10_000), ("302", 20_000), ("303", 30_000)):
        leave(firm, lodge(firm, room, sum_))
    receive(firm, 15_000)
    assert [(b.number, b.left) for b in firm.ask(queries.open_bills)] == [(2, 15_000), (3, 30_000)]
    receive(firm, 30_000, bill=3)
    assert [(b.number, b.left) for b in firm.ask(queries.open_bills)] == [(2, 15_000)]
    for amount, more, why in (
        (15_001, {}, "Huaan owes 150.00"),
        (1, {"bill": 3}, "0.00 is open on bill 3"),
        (0, {}, "above 0"),
    ):
        with pytest.raises(Refused, match=why):
            receive(firm, amount, **more)
    assert owed(firm) == booked(firm) == 15_000
    assert firm.look(queries.faults) == []


def test_a_debt_is_written_off_by_who_may_with_reason(firm):
    leave(firm, lodge(firm))
    given = {"number": firm.firm, "bill": 1, "amount": Money(12_000)}
    with pytest.raises(Refused, match="Say why"):
        firm.do(service.write_off, reason=" ", intent="a", **given)
    with pytest.raises(NeedsApproval, match="Writing off 120.00 of bill 1, Huaan: bankrupt"):
        firm.do(service.write_off, reason="bankrupt", intent="b", **given)
    firm.clerk = BOSS
    firm.do(service.write_off, reason="bankrupt", intent="c", **given)
    assert owed(firm) == booked(firm) == 18_000
    with pytest.raises(Refused, match="180.00 is open"):
        firm.do(service.write_off, number=firm.firm, bill=1, amount=Money(18_001), reason="x", intent="d")


def test_a_payment_is_taken_back_once_and_on_its_day_only(firm):
    leave(firm, lodge(firm))
    paid = receive(firm, 12_000)
    firm.clerk = BOSS
    firm.do(service.take_back, receipt=paid, reason="another company's", intent="a")
    assert owed(firm) == booked(firm) == 30_000
    with pytest.raises(Refused, match="taken back already"):
        firm.do(service.take_back, receipt=paid, reason="again", intent="b")
    again = receive(firm, 10_000)
    firm.next_day()
    with pytest.raises(Refused, match="closed day"):
        firm.do(service.take_back, receipt=again, reason="late", intent="c")
    assert firm.look(queries.faults) == []


def test_no_line_of_an_account_is_taken_back_past_its_bills(firm):
    firm.clerk = BOSS
    leave(firm, lodge(firm))
    receive(firm, 10_000)
    firm.do(service.write_off, number=firm.firm, bill=1, amount=Money(5_000), reason="x", intent="w")
    moved = firm.look(lambda s: s.scalars(select(Transfer.id).where(Transfer.text == "Huaan")).all())
    assert len(moved) == 3
    for transfer_id in moved:
        for undo in (folios.void, folios.adjust):
            with pytest.raises(Refused, match="company's account"):
                firm.do(undo, transfer_id=transfer_id, reason="wrong", intent=firm.new_intent())
    assert owed(firm) == booked(firm) == 15_000


def test_a_check_out_taken_back_takes_the_bill_along_unless_money_came(firm):
    stay = lodge(firm)
    leave(firm, stay)
    firm.clerk = BOSS
    firm.do(stays.undo_check_out, stay_id=stay, reason="wrong room", intent="a")
    assert owed(firm) == booked(firm) == 0
    assert firm.ask(queries.open_bills) == []
    leave(firm, stay)
    receive(firm, 1_000)
    with pytest.raises(Refused, match="Money came in on bill 2"):
        firm.do(stays.undo_check_out, stay_id=stay, reason="again", intent="b")
    assert owed(firm) == booked(firm) == 29_000


def test_debts_are_told_by_age(firm):
    firm.clerk = BOSS
    leave(firm, lodge(firm))
    for days, at in ((30, 0), (31, 1), (60, 1), (61, 2), (90, 2), (91, 3)):
        then = {"billed_on": TODAY - days * DAY, "due_on": TODAY - days * DAY + 30 * DAY}
        firm.do(lambda work, then=then: _dated(work, then))
        [row] = firm.ask(queries.debtors)
        assert [bool(a) for a in row.ages] == [n == at for n in range(4)]
        assert (row.owed, row.overdue) == (30_000, 30_000 if days > 30 else 0)


def _dated(work, then):
    work.update_many(CompanyBill, [CompanyBill.number == 1], then)


def test_the_statement_of_a_month_adds_up(firm):
    firm.clerk = BOSS
    leave(firm, lodge(firm, charge=40_000))
    then = {"billed_on": TODAY - 40 * DAY, "due_on": TODAY - 10 * DAY}
    firm.do(lambda work: _dated(work, then))
    leave(firm, lodge(firm, "302", 20_000, "Li Na"))
    receive(firm, 5_000)
    now = firm.ask(queries.statement, number=firm.firm, start=TODAY)
    assert (now.opening, now.closing) == (40_000, 55_000)
    assert ([b.guest for b in now.bills], [r.amount for r in now.receipts]) == (["Li Na"], [5_000])
    last = firm.ask(queries.statement, number=firm.firm, start=TODAY - 40 * DAY)
    assert (last.opening, last.closing, len(last.bills), last.receipts) == (0, 40_000, 1, ())
    slip = firm.ask(printouts.statement, number=firm.firm, start=TODAY)
    assert slip.number == f"CS-{firm.firm}-202611"
    assert "550.00" in str(slip.to_dict())
    firm.do(service.print_statement, number=firm.firm, start=TODAY)
    with pytest.raises(Refused, match="no company 99"):
        firm.ask(queries.statement, number=99, start=TODAY)


def test_company_accounts_stand_in_the_trial_balance(firm):
    firm.clerk = BOSS
    leave(firm, lodge(firm))
    receive(firm, 10_000)
    firm.next_day()
    ledgers = {r.ledger: r for r in firm.ask(folio_queries.trial_balance, business_date=TODAY)}
    assert ledgers["city"].closing == 20_000
