"""The bill: what it tells of the stay, its lines and kinds, its tax by rate, and where its columns stand."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.core.errors import Refused
from pms.core.money import Money
from pms.core.options import Levy
from pms.db.base import PrintJob
from pms.printing import receipt
from pms.printing.slip import Facts, Row, Slip, Table, Total
from pms.services.folios import queries, service
from pms.services.folios.duty import BILL_BY_KIND
from pms.services.stays import service as stays
from pms.services.stays.service import Paid
from tests.builders import House
from tests.printing.escpos import Printed, Reader
from tests.property.test_settings import set_options


def stay_in(house: House, **booked) -> int:
    line = house.book("Li Wei", nights=3, **booked)
    return house.do(stays.check_in, line_id=line, room_id=house.room_id("301"), intent="in")


def charge(house: House, stay: int, code: str, amount: int, quantity: int = 1, text: str = "") -> int:
    return house.do(
        service.charge,
        stay_id=stay,
        code=code,
        amount=Money(amount),
        quantity=quantity,
        text=text,
        intent=house.new_intent(),
    )


def bill(house: House, stay: int, **fields) -> Slip:
    return Slip.from_dict(house.do(service.preview_bill, stay_id=stay, **fields))


def tables(slip: Slip) -> list[Table]:
    return [block for block in slip.blocks if isinstance(block, Table)]


def told(slip: Slip) -> dict[str, str]:
    return {label: value for block in slip.blocks if isinstance(block, Facts) for label, value in block.pairs}


def filled(house: House) -> int:
    stay = stay_in(house, company="Huanan Trading")
    charge(house, stay, "MINIBAR", 800, 2, "cola")
    charge(house, stay, "LAUNDRY", 2500)
    charge(house, stay, "MINIBAR", 800, 1, "cola")
    house.do(service.pay, stay_id=stay, method="CASH", amount=Money(5000), intent="p")
    return stay


def test_a_bill_names_stay_nights_payer_and_company(house):
    stay = filled(house)
    facts = told(bill(house, stay))
    assert facts["Guest"] == "Li Wei"
    assert (facts["Departure"], facts["Stay no."], facts["Payer"]) == (
        "23 Nov 2026  3 nights",
        "S-1",
        "Li Wei",
    )
    assert facts["Company"] == "Huanan Trading"
    other = house.do(service.open_window, stay_id=stay, payer="Huanan Trading")
    facts = told(bill(house, stay, window=other))
    assert facts["Payer"] == "Huanan Trading"
    assert "Company" not in facts


def test_every_line_has_its_unit_price(house):
    charges, payments = tables(bill(house, filled(house)))
    assert [row.cells[1:] for row in charges.rows] == [
        ("Minibar, cola", "2", "8.00", "16.00"),
        ("Laundry", "1", "25.00", "25.00"),
        ("Minibar, cola", "1", "8.00", "8.00"),
    ]
    assert charges.totals[-1] == Total("Total charges", "49.00")
    assert payments.rows == (Row(("20 Nov", "Cash", "", "", "50.00")),)


def test_a_summary_has_one_line_a_kind_and_the_same_sum(house):
    stay = filled(house)
    charges, payments = tables(bill(house, stay, layout="summary"))
    assert [row.cells[1:] for row in charges.rows] == [
        ("Minibar", "3", "8.00", "24.00"),
        ("Laundry", "1", "25.00", "25.00"),
    ]
    detail = tables(bill(house, stay, layout="detail"))
    assert (charges.totals, payments.totals) == tuple(table.totals for table in detail)


def test_the_hotel_chooses_the_layout_that_nobody_asked_for(house):
    stay = filled(house)
    assert len(tables(bill(house, stay))[0].rows) == 3
    set_options(house, **{BILL_BY_KIND.name: True})
    assert len(tables(bill(house, stay))[0].rows) == 2
    with pytest.raises(Refused, match="not known here"):
        bill(house, stay, layout="poster")


@pytest.mark.parametrize("included", [True, False])
def test_the_tax_is_told_by_its_rate(house, included):
    levies = (Levy("LAUNDRY", 1300, included), Levy("MINIBAR", 600, included))
    set_options(house, levies=levies)
    totals = tables(bill(house, filled(house)))[0].totals
    rates = {total.label: total.value for total in totals}
    if included:
        assert rates == {"Total charges": "49.00", "of which tax 13 %": "2.88", "of which tax 6 %": "1.36"}
    else:
        assert rates == {
            "Before tax": "49.00",
            "Tax 13 %": "3.25",
            "Tax 6 %": "1.44",
            "Total charges": "53.69",
        }


@pytest.mark.parametrize("paper", ["80mm", "58mm"])
def test_amounts_of_charges_and_payments_stand_under_one_another(desk, paper):
    slip = replace(bill(desk, filled(desk)), paper=paper, copies=())
    lines = [item.text for item in Reader(receipt.render(slip)) if isinstance(item, Printed)]
    ends = {len(line.rstrip()) for line in lines if line.rstrip().endswith(("16.00", "50.00", "25.00"))}
    assert len(ends) == 1
    [payment] = [line for line in lines if line.startswith("20 Nov") and "Cash" in line]
    [laundry] = [line for line in lines if line.startswith("20 Nov") and "Laundry" in line]
    assert payment.index("Cash") == laundry.index("Laundry")


def test_a_reason_with_a_rate_in_it_is_no_rate(house):
    """The tax of a rebate bears the clerk's words: the bill then tells the tax in one sum."""
    set_options(house, levies=(Levy("LAUNDRY", 1300, included=False), Levy("MINIBAR", 600, included=False)))
    stay = filled(house)
    [line] = [x for x in house.ask(queries.folio_lines, stay_id=stay) if x.code == "LAUNDRY"]
    house.do(
        service.rebate, transfer_id=line.id, amount=Money(500), reason="20 % off for the stain", intent="r"
    )
    totals = {total.label: total.value for total in tables(bill(house, stay))[0].totals}
    assert totals == {"Before tax": "44.00", "Tax": "4.04", "Total charges": "48.04"}


def test_the_registration_card_tells_how_the_deposit_was_paid_and_the_company(house):
    line = house.book("Li Wei", company="Huanan Trading")
    paid = Paid("MOBILE", Money(30000))
    house.do(stays.check_in, line_id=line, room_id=house.room_id("301"), deposit=paid, intent="in")
    with Session(house.engine) as session:
        found = session.scalars(select(PrintJob.slip).where(PrintJob.kind == "registration_card")).one()
    facts = told(Slip.from_dict(found))
    assert (facts["Paid by"], facts["Company"]) == ("Mobile payment", "Huanan Trading")
    assert facts["Arrival"].startswith("Fri 20 Nov 2026")
    assert facts["Departure"].startswith("Sun 22 Nov 2026")
