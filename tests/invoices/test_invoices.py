"""Invoices: never more than was paid, whichever way it is tried. On both engines."""

import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from pms.core.errors import Conflict, NotPermitted, Refused
from pms.core.money import Money
from pms.services.folios import service as folios
from pms.services.folios.payable import payable
from pms.services.invoices import files, queries, service, titles
from pms.services.night_audit import queries as audit
from pms.services.night_audit.checks import listed
from pms.services.stays import service as stays
from pms.services.stays.service import Paid
from tests.authority.people import person
from tests.builders import TODAY
from tests.faults.busy import Everything

DATA = Path(__file__).parents[3] / "shared" / "data" / "samples" / "formats"
given_data = pytest.mark.skipif(not DATA.exists(), reason="no invoice files here: samples of the shared data")
BUYER = {"buyer": "虚构贸易有限公司", "tax_number": "91330199MAXXXXX15F"}
BLUE, OTHER, RED = (f"2633200000000000{n:04}" for n in (123, 124, 456))


@pytest.fixture
def paid(house):
    """A guest who had minibar for 594.00 and paid 600.00 of it in cash, with a deposit on top."""
    stay = house.do(
        stays.check_in,
        line_id=house.book("Guo Na"),
        room_id=house.room_id("301"),
        deposit=Paid("CASH", Money(30000)),
        intent=house.new_intent(),
    )
    house.do(folios.charge, stay_id=stay, code="MINIBAR", amount=Money(59400), intent=house.new_intent())
    house.do(folios.pay, stay_id=stay, method="CASH", amount=Money(60000), intent=house.new_intent())
    return stay


def want(house, stay, amount, **more):
    return house.do(service.want, stay_id=stay, amount=Money(amount), **{**BUYER, **more})


def left(house, stay):
    return house.ask(queries.whose, text="", stay_id=stay).left


def test_what_was_charged_and_paid_can_be_invoiced_and_no_deposit(house, paid):
    assert house.ask(payable, stay_id=paid) == 59400  # not the 600.00, nor the deposit
    with pytest.raises(Refused, match=r"594\.00 of this stay can be invoiced"):
        want(house, paid, 59401)
    number = want(house, paid, 50000)
    assert (number, left(house, paid)) == (1, 9400)
    with pytest.raises(Refused, match=r"94\.00 of this stay"):
        want(house, paid, 9401)
    want(house, paid, 9400)
    assert left(house, paid) == 0


def test_an_invoice_is_wanted_issued_and_taken_back(house, paid):
    number = want(house, paid, 59400)
    [row] = house.ask(queries.wanted)
    assert (row.shown, row.room, row.guest, row.amount, row.state) == (
        "I-1",
        "301",
        "Guo Na",
        59400,
        "wanted",
    )
    house.do(service.issue, number=number, serial=f" {BLUE[:10]} {BLUE[10:]} ", issued_on=TODAY)
    [row] = house.ask(queries.closed, state="issued")
    assert (row.serial, row.issued_on, row.closed_by) == (BLUE, TODAY, "Zhang Li")
    red = {"number": number, "reason": "rebate", "issued_on": TODAY}
    house.do(service.take_back, serial=RED, amount=Money(9400), **red)
    assert left(house, paid) == 9400
    with pytest.raises(Refused, match=r"500\.00 of I-1 is left"):
        house.do(service.take_back, serial=OTHER, amount=Money(50001), **red)
    house.do(service.take_back, serial=OTHER, amount=Money(50000), **red)
    assert (left(house, paid), house.ask(queries.invoice, number=number).left) == (59400, 0)
    assert [(r.serial, r.amount) for r in house.ask(queries.red_letters, invoice_id=row.id)] == [
        (OTHER, 50000),
        (RED, 9400),
    ]
    assert house.ask(queries.by_serial, serial=RED).number == number


def test_one_called_off_gives_its_sum_back(house, paid):
    number = want(house, paid, 59400)
    with pytest.raises(Refused, match="Give the reason"):
        house.do(service.drop, number=number, reason=" ")
    house.do(service.drop, number=number, reason="not needed")
    assert left(house, paid) == 59400
    for again in (
        lambda: house.do(service.drop, number=number, reason="twice"),
        lambda: house.do(service.issue, number=number, serial=BLUE, issued_on=TODAY),
    ):
        with pytest.raises(Refused, match="I-1 was called off"):
            again()


def test_a_number_stands_once_and_has_twenty_figures(house, paid):
    first, second = want(house, paid, 100), want(house, paid, 200)
    house.do(service.issue, number=first, serial=BLUE, issued_on=TODAY)
    with pytest.raises(Conflict, match="here already"):
        house.do(service.issue, number=second, serial=BLUE, issued_on=TODAY)
    house.do(service.take_back, number=first, serial=RED, amount=Money(50), reason="error", issued_on=TODAY)
    with pytest.raises(Conflict, match="here already"):  # the platform numbers red letters with the others
        house.do(service.issue, number=second, serial=RED, issued_on=TODAY)
    for serial in (BLUE, RED):
        with pytest.raises(Conflict, match="here already"):
            house.do(
                service.take_back,
                number=first,
                serial=serial,
                amount=Money(1),
                reason="error",
                issued_on=TODAY,
            )
    with pytest.raises(Refused, match="20 figures; this one has 19"):
        house.do(service.issue, number=second, serial=BLUE[1:], issued_on=TODAY)
    with pytest.raises(Refused, match="still to come"):
        house.do(service.issue, number=second, serial=OTHER, issued_on=TODAY + timedelta(days=1))
    with pytest.raises(Refused, match="is issued already"):
        house.do(service.issue, number=first, serial=OTHER, issued_on=TODAY)


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        ({"buyer": " "}, "who the invoice is for"),
        ({"buyer": "长" * 101}, "at most 100"),
        ({"tax_number": ""}, "needs its tax number"),
        ({"tax_number": "91330199MAXXXXX15G"}, "check sign"),
        ({"individual": True}, "A person has no tax number"),
        ({"individual": True, "tax_number": "", "special": True}, "ordinary invoice"),
        ({"individual": True, "tax_number": "", "bank": "1"}, "neither address nor bank"),
    ],
)
def test_a_buyer_that_cannot_be_is_refused(house, paid, wish, why):
    with pytest.raises(Refused, match=why):
        want(house, paid, 100, **wish)
    assert left(house, paid) == 59400


def test_a_person_needs_no_tax_number(house, paid):
    number = want(house, paid, 100, buyer="郭娜", tax_number="", individual=True)
    assert house.ask(queries.invoice, number=number).individual


@pytest.mark.parametrize("amount", [0, -100])
def test_nothing_is_not_invoiced(house, paid, amount):
    with pytest.raises(Refused, match="above zero"):
        want(house, paid, amount)


def test_only_who_leads_a_shift_enters_a_red_letter(house, paid):
    number = want(house, paid, 100)
    house.do(service.issue, number=number, serial=BLUE, issued_on=TODAY)
    house.clerk = person(house, "clerk")
    with pytest.raises(NotPermitted):
        house.do(
            service.take_back, number=number, serial=RED, amount=Money(100), reason="error", issued_on=TODAY
        )


def test_the_schema_refuses_more_than_was_paid(house, paid):
    want(house, paid, 59400)
    with pytest.raises(Exception, match="never_more"), house.engine.begin() as books:
        books.execute(text("UPDATE invoiced_stay SET invoiced = payable + 1"))


def test_money_that_goes_back_after_the_invoice_is_found_by_the_audit(house, paid):
    number = want(house, paid, 59400)
    house.do(service.issue, number=number, serial=BLUE, issued_on=TODAY)

    def found():
        day = house.house().business_date
        every = house.ask(audit.findings, business_date=day, checks=listed(house.offers))
        return [(f.title, f.amount) for f in every if f.kind == "invoices"]

    assert found() == []
    line = next(x for x in _lines(house, paid) if x.code == "MINIBAR")
    house.do(folios.void, transfer_id=line.id, reason="not taken", intent=house.new_intent())
    assert found() == [("301: more is invoiced than paid", 59400)]


def _lines(house, stay):
    from pms.services.folios import queries as folio_queries

    return house.ask(folio_queries.folio_lines, stay_id=stay)


def test_a_wish_is_told_at_check_out_at_handover_and_found(house, paid):
    want(house, paid, 59400)
    assert [one.words for one in house.ask(queries.leaving, stay_id=paid)] == [
        "I-1: the invoice for 虚构贸易有限公司, 594.00, is not issued yet."
    ]
    [item] = house.ask(queries.handover)
    assert (item.word, item.number) == ("invoices", "I-1")
    assert [hit.what for hit in house.ask(queries.search, text="i-1")] == [{"number": 1}]
    house.do(service.issue, number=1, serial=BLUE, issued_on=TODAY)
    assert [hit.what for hit in house.ask(queries.search, text=BLUE)] == [{"number": 1}]
    assert house.ask(queries.leaving, stay_id=paid) == house.ask(queries.handover) == []


def test_by_its_room_a_guest_is_found_who_left_just_now_until_another_is_in_it(house, paid):
    def found():
        named = house.ask(queries.whose, text="301")
        return named.stay_id if named else None

    refund = Paid("CASH", Money(30600))
    house.do(stays.check_out, stay_id=paid, refund=refund, intent=house.new_intent())
    assert found() == paid
    house.next_day()
    assert found() == paid
    other = house.do(
        stays.check_in,
        line_id=house.book("Li Na"),
        room_id=house.room_id("301"),
        confirmed=Everything(),
        intent=house.new_intent(),
    )
    assert found() == other


def test_who_left_the_day_before_yesterday_is_found_by_the_stay_alone(house, paid):
    refund = Paid("CASH", Money(30600))
    house.do(stays.check_out, stay_id=paid, refund=refund, intent=house.new_intent())
    house.next_day()
    house.next_day()
    assert house.ask(queries.whose, text="301") is None
    assert house.ask(queries.whose, text="S-1").stay_id == paid


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(acts=st.lists(st.tuples(st.sampled_from("widr"), st.integers(1, 40000)), max_size=14))
def test_in_any_order_the_sum_of_invoices_is_what_stands(desk_paid, acts):
    house, stay = desk_paid
    serial = iter(range(10**6))
    model = {}
    begun = house.ask(queries.whose, text="", stay_id=stay)
    before = begun.payable - begun.left
    for act, amount in acts:
        numbers = list(model)
        try:
            if act == "w":
                model[want(house, stay, amount)] = ["wanted", amount]
            elif not numbers:
                continue
            else:
                number = numbers[amount % len(numbers)]
                state, stands = model[number]
                mine = f"{house.now():%Y%m%d}{number:06}{next(serial):06}"
                if act == "i":
                    house.do(service.issue, number=number, serial=mine, issued_on=TODAY)
                    model[number][0] = "issued"
                elif act == "d":
                    house.do(service.drop, number=number, reason="no")
                    model[number] = ["dropped", 0]
                else:
                    house.do(
                        service.take_back,
                        number=number,
                        serial=mine,
                        amount=Money(amount),
                        reason="error",
                        issued_on=TODAY,
                    )
                    assert state == "issued"
                    model[number][1] = stands - amount
        except (Refused, Conflict):
            continue
    now = house.ask(queries.whose, text="", stay_id=stay)
    assert now.payable - now.left - before == sum(amount for _state, amount in model.values())
    assert now.left >= 0
    assert all(amount >= 0 for _state, amount in model.values())


@pytest.fixture
def desk_paid(desk):
    stay = desk.do(
        stays.check_in, line_id=desk.book("Guo Na"), room_id=desk.room_id("301"), intent=desk.new_intent()
    )
    desk.do(folios.charge, stay_id=stay, code="MINIBAR", amount=Money(59400), intent=desk.new_intent())
    desk.do(folios.pay, stay_id=stay, method="CASH", amount=Money(59400), intent=desk.new_intent())
    return desk, stay


# ------------------------------------------------------------------ the buyer's code and the platform's file
def expected():
    return json.loads((DATA / "EXPECTED.json").read_text("utf-8"))


@given_data
@pytest.mark.parametrize("name", ["title_qr_1.txt", "title_qr_2.txt"])
def test_a_buyers_code_is_read_as_the_samples_say(name):
    told, wanted = titles.read((DATA / name).read_text("utf-8")), expected()[name]
    assert (told.name, told.tax_number, told.whole) == (wanted["name"], wanted["code"], wanted["crc_ok"])


@given_data
def test_a_code_with_address_and_bank_is_read_whole():
    told = titles.read((DATA / "title_qr_1.txt").read_text("utf-8"))
    assert (told.address, told.bank) == ("虚构市虚构路1号 0571-00000000", "虚构银行虚构支行 999000000000001")


def test_a_code_without_base64_is_read_and_one_that_is_cut_off_refused():
    told = titles.read("$01虚构贸易有限公司</>91330199MAXXXXX15F</></></>0000$")
    assert (told.name, told.tax_number, told.whole) == (*BUYER.values(), False)
    for wrong in ("", "abc", "$01", "$01!!!$", "$015Y+q$", "$01只有名字</>$"):
        with pytest.raises(Refused):
            titles.read(wrong)


def test_the_check_is_the_one_of_the_rule():
    assert titles.check_of(b"123456789") == 0xFEE8


@given_data
@pytest.mark.parametrize("name", ["dzfp_26332000000000000123.xml", "dzfp_26332000000000000456.xml"])
def test_an_invoice_file_is_read_as_the_samples_say(name):
    told, wanted = files.read((DATA / name).read_bytes()), expected()[name]
    assert (told.serial, bool(told.red_of)) == (wanted["number"], not wanted["blue"])
    assert told.total == Decimal(wanted["total"])
    assert told.red_of == wanted.get("red_of", "")
    assert told.confirmation == wanted.get("confirmation", "")
    if wanted["blue"]:
        assert (told.net, told.tax, told.lines) == (Decimal(wanted["net"]), Decimal(wanted["tax"]), 2)


@given_data
def test_a_files_invoice_is_issued_and_its_red_letter_takes_it_back(house, paid):
    blue, red = ((DATA / f"dzfp_{n}.xml").read_bytes() for n in (BLUE, RED))
    with pytest.raises(Refused, match="Nobody wants an invoice"):
        house.do(service.read_in, content=blue)
    with pytest.raises(Refused, match="is not here"):
        house.do(service.read_in, content=red)
    number = want(house, paid, 59400)
    house.clock.set(TODAY, 20)
    assert house.do(service.read_in, content=blue) == number
    assert house.ask(queries.invoice, number=number).serial == BLUE
    with pytest.raises(Refused, match="Nobody wants"):
        house.do(service.read_in, content=blue)
    assert house.do(service.read_in, content=red) == number
    assert left(house, paid) == 59400
    with pytest.raises(Refused, match=r"0\.00 of I-1 is left"):
        house.do(service.read_in, content=red)


@given_data
def test_a_file_that_is_cut_off_swollen_or_of_another_seller_is_refused(house, paid):
    whole = (DATA / f"dzfp_{BLUE}.xml").read_bytes()
    want(house, paid, 59400)
    bad = {
        "cut off": whole[: len(whole) // 2],
        "no invoice file": b"<a/>",
        "no invoice file of": b"<!DOCTYPE a [<!ENTITY b 'c'>]><EInvoice/>",
        "too large": b" " * (files.MOST + 1),
        "do not agree": whole.replace(b">33.62<", b">33.63<"),
        "twenty figures": whole.replace(BLUE.encode(), b"123"),
    }
    for why, content in bad.items():
        with pytest.raises(Refused, match=why):
            house.do(service.read_in, content=content)
    assert files.read(whole.decode().encode("utf-16")).serial == BLUE
