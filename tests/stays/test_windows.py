"""One folio is settled while the others stay open, and opened again the same day."""

import pytest
from sqlalchemy import select

from pms.core.errors import Conflict, NeedsApproval, Refused
from pms.core.money import Money
from pms.db.base import PrintJob
from pms.services.companies import service as companies
from pms.services.debts.billing import OnAccount
from pms.services.debts.models import CompanyBill
from pms.services.folios import queries, service
from pms.services.stays import service as stays
from pms.services.stays.service import Paid
from tests.authority.people import person
from tests.builders import House
from tests.folios.test_ledger import charge
from tests.invariants import check_books


@pytest.fixture
def stay(house: House) -> int:
    """A guest who owes 15.00, and 80.00 on a folio of the firm's."""
    house.firm = house.do(companies.add, name="Huaan", credit_limit=Money(100_000))
    house.signer = house.do(companies.add_signer, number=house.firm, name="He Ping")
    line = house.book("Guest 301", company_number=house.firm)
    made = house.do(stays.check_in, line_id=line, room_id=house.room_id("301"), intent="in")
    house.do(service.open_window, stay_id=made, payer="Huaan")
    charge(house, made)
    charge(house, made, 8000, window="B")
    return made


def settle(house: House, stay: int, window: str = "B", amount: int = 8000, **how) -> None:
    house.do(
        stays.settle_window,
        stay_id=stay,
        window=window,
        amount=Money(amount),
        intent=house.new_intent(),
        **how,
    )


def shown(house: House, stay: int) -> dict[str, tuple[int, bool]]:
    found = house.ask(queries.folios, stay_id=stay)
    return {f.window: (int(f.balance), f.closed) for f in found if f.ledger == "guest"}


def bills(house: House) -> list[str]:
    wanted = select(PrintJob.slip).where(PrintJob.kind == "bill").order_by(PrintJob.id)
    return [str(slip) for slip in house.ask(lambda s: s.scalars(wanted).all())]


def test_one_folio_is_paid_closed_and_billed_while_the_other_stays_open(house, stay):
    settle(house, stay, method="BANK", reference="420199")
    assert shown(house, stay) == {"A": (1500, False), "B": (0, True)}
    [paper] = bills(house)
    assert "80.00" in paper
    assert "15.00" not in paper
    with pytest.raises(Refused, match="settled"):
        charge(house, stay, window="B")
    [line] = [x.id for x in house.ask(queries.folio_lines, stay_id=stay) if x.charge == 8000]
    with pytest.raises(Refused, match="settled"):
        house.do(service.void, transfer_id=line, reason="wrong", intent="v")
    charge(house, stay)
    house.do(stays.check_out, stay_id=stay, payments=[Paid("CASH", Money(3000))], intent="out")
    assert shown(house, stay) == {"A": (0, True), "B": (0, True)}
    house.ask(check_books)


def test_the_guests_own_folio_is_paid_but_stays_open_for_the_nights(house, stay):
    settle(house, stay, "A", 1500)
    assert shown(house, stay) == {"A": (0, False), "B": (8000, False)}
    house.next_day()
    assert shown(house, stay)["A"][0] > 0


def test_what_is_owed_otherwise_than_the_desk_knows_is_refused(house, stay):
    charge(house, stay, 100, window="B")
    with pytest.raises(Conflict, match=r"Folio B owes 81\.00 now"):
        settle(house, stay)
    assert bills(house) == []
    for window, amount, why in (("C", 0, "no folio C"), ("B", 8100, "no payment method")):
        with pytest.raises(Refused, match=why):
            settle(house, stay, window, amount, method="SHELLS")


def test_a_folio_in_credit_gives_back_and_one_without_a_line_just_closes(house, stay):
    house.do(service.pay, stay_id=stay, method="CASH", amount=Money(9000), window="B", intent="p")
    settle(house, stay, amount=-1000)
    assert shown(house, stay)["B"] == (0, True)
    house.do(service.open_window, stay_id=stay, payer="Aunt")
    settle(house, stay, "C", 0)
    assert shown(house, stay)["C"] == (0, True)
    house.ask(check_books)


def test_one_folio_goes_to_the_company_and_comes_back_when_it_is_opened_again(house, stay):
    firm = OnAccount(house.firm, house.signer)
    settle(house, stay, on_account=firm)
    assert shown(house, stay)["B"] == (0, True)
    left = select(CompanyBill.left, CompanyBill.voided_on)
    assert house.ask(lambda s: s.execute(left).all()) == [(8000, None)]
    house.do(stays.reopen_window, stay_id=stay, window="B", reason="private", intent="r")
    assert shown(house, stay)["B"] == (8000, False)
    assert house.ask(lambda s: s.scalars(select(CompanyBill.left)).all()) == [0]
    for window, reason, why in (("B", "x", "not settled"), ("B", " ", "why"), ("H", "x", "not settled")):
        with pytest.raises(Refused, match=why):
            house.do(stays.reopen_window, stay_id=stay, window=window, reason=reason, intent=why)
    house.ask(check_books)


def test_a_check_out_that_is_taken_back_leaves_the_bill_of_a_folio_that_was_settled_before(house, stay):
    settle(house, stay, on_account=OnAccount(house.firm, house.signer))
    house.do(stays.check_out, stay_id=stay, payments=[Paid("CASH", Money(1500))], intent="out")
    house.do(stays.undo_check_out, stay_id=stay, reason="stays", intent="back")
    assert house.ask(lambda s: s.scalars(select(CompanyBill.left)).all()) == [8000]
    house.ask(check_books)
    house.do(stays.undo_check_in, stay_id=stay, reason="never came", intent="undo")
    assert house.ask(lambda s: s.scalars(select(CompanyBill.left)).all()) == [0]
    house.ask(check_books)


def test_a_folio_of_a_closed_day_is_not_opened_again(house, stay):
    settle(house, stay)
    house.next_day()
    with pytest.raises(Refused, match="closed day"):
        house.do(stays.reopen_window, stay_id=stay, window="B", reason="wrong", intent="r")


def test_a_company_without_room_needs_a_person_who_may(house, stay):
    charge(house, stay, 99_000, window="B")
    house.clerk = person(house, "clerk")
    with pytest.raises(NeedsApproval):
        settle(house, stay, amount=107_000, on_account=OnAccount(house.firm, house.signer))
    assert shown(house, stay)["B"] == (107_000, False)
