"""What goes wrong with money at a desk, typed, scanned or read in: what the clerk is told, to the word, and
that the books, the papers and whatever else was kept are those of before."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from pms.core.errors import Conflict, NeedsApproval, Refused
from pms.core.money import Money
from pms.db.base import PrintJob
from pms.printing.printers import Doubtful
from pms.services.companies import service as companies
from pms.services.debts import service as debts
from pms.services.debts.billing import OnAccount
from pms.services.folios import service as folios
from pms.services.invoices import service as invoices
from pms.services.invoices import titles
from pms.services.members import service as members
from pms.services.print_jobs import service as print_jobs
from pms.services.receivables import service as receivables
from pms.services.shop import service as shop
from pms.services.statements import queries
from pms.services.statements import service as statements
from pms.services.stays import service as stays
from pms.services.stays.service import Paid
from tests.authority.people import person
from tests.builders import TODAY, House
from tests.faults.store import books
from tests.members.test_members import join
from tests.print_jobs.test_print_jobs import Room, check_in, job_of, room  # noqa: F401
from tests.property.test_settings import set_options
from tests.statements.samples import bill

DAY = timedelta(days=1)
NUMBER, OTHER = (f"42{n:026}" for n in (1, 2))
SPAN = {"first": TODAY - 6 * DAY, "last": TODAY}
Act = Callable[["Desk"], object]


class Desk:
    """A hotel with a guest who owes 300.00 and left a deposit of 500.00, one who left owing, a company that
    may owe 200.00, a member with stored value, and a statement that is read in."""

    def __init__(self, house: House) -> None:
        self.house = house
        set_options(house, stored_value=True, stored_gift_from=0, stored_gift_percent=10, odd_amount=0)
        self.stay = check_in(house)
        self.do(folios.charge, stay_id=self.stay, code="MISC", amount=Money(30000))
        self.gone = check_in(house, "302", "BANK")
        self.do(folios.charge, stay_id=self.gone, code="MISC", amount=Money(60000))
        self.do(stays.check_out, stay_id=self.gone, unsettled="later")
        self.firm = house.do(companies.add, name="Huaan", credit_limit=Money(20000))
        self.signer = house.do(companies.add_signer, number=self.firm, name="He Ping")
        self.removed = house.do(companies.add_signer, number=self.firm, name="Gone")
        house.do(companies.end_signer, signer_id=self.removed)
        self.member = join(house)
        self.do(members.charge_up, number=self.member, amount=Money(10000), method="CASH")
        self.read(bill((f"{TODAY} 10:00:00", NUMBER, "HT1", "30.00")))

    def do(self, operation, **fields):
        return self.house.do(operation, intent=self.house.new_intent(), **fields)

    def read(self, data: bytes, name: str = "bill.csv"):
        return self.do(statements.read_in, file=name, data=data, **SPAN)

    def leave(self, **more):
        return self.do(stays.check_out, stay_id=self.stay, print_bill=False, **more)

    def on_account(self, signer: int):
        return self.leave(on_account=OnAccount(self.firm, signer), refund=Paid("CASH", Money(50000)))


@pytest.fixture
def desk_of(house) -> Desk:
    return Desk(house)


HALF = bill(*((f"{TODAY} 11:00:{n:02}", f"43{n:026}", f"HX{n}", "1.00") for n in range(9)))
BAD: dict[str, tuple[Act, type[Exception], str]] = {
    "a payment beyond the balance at the check-out": (
        lambda d: d.leave(payments=[Paid("CASH", Money(30000))]),
        Refused,
        "200.00 of the deposit is still held. Give it back in the same step.",
    ),
    "a payment beyond what is left of it after the deposit": (
        lambda d: d.leave(payments=[Paid("CASH", Money(100))], refund=Paid("CASH", Money(20000))),
        Refused,
        "Folio A has 1.00 in credit to give back.",
    ),
    "a payment beyond what one who left owes": (
        lambda d: d.do(receivables.receive, stay_id=d.gone, method="CASH", amount=Money(10001)),
        Refused,
        "Stay 2 owes 100.00.",
    ),
    "a payment beyond what a company owes": (
        lambda d: d.do(debts.receive, number=d.firm, method="CASH", amount=Money(1)),
        Refused,
        "Huaan owes 0.00.",
    ),
    "stored value beyond what a folio owes": (
        lambda d: d.do(members.pay, number=d.member, stay_id=d.stay, amount=Money(30001)),
        Refused,
        "The folio owes 300.00; no more is paid with stored value.",
    ),
    "a deposit given back beyond what was paid": (
        lambda d: d.do(
            folios.refund_deposit, stay_id=d.stay, method="CASH", amount=Money(50001), slip_back=True
        ),
        Refused,
        "The house holds 500.00 of this guest's deposit; no more can be given back.",
    ),
    "a check-out that gives back more than there is": (
        lambda d: d.leave(refund=Paid("CASH", Money(20001))),
        Refused,
        "Only 200.00 can be given back: the deposit held and what the folio has in credit.",
    ),
    "a gift given back for money": (
        lambda d: d.do(members.refund, number=d.member, amount=Money(10001), method="CASH", reason="x"),
        Refused,
        "Of the stored value, 100.00 was paid and can be given back; a gift cannot.",
    ),
    "a company over its limit": (
        lambda d: d.on_account(d.signer),
        NeedsApproval,
        "301 王雅琴 to the account of Huaan: 300.00 owed with it, limit 200.00",
    ),
    "a signer who is not on the list": (
        lambda d: d.on_account(999),
        Refused,
        "Choose who signs for Huaan.",
    ),
    "a signer who was taken off the list": (
        lambda d: d.on_account(d.removed),
        Refused,
        "Gone may not sign any more. Choose another signer.",
    ),
    "a title code of garbage": (
        lambda d: titles.read("https://example.cn/?x=1"),
        Refused,
        "This is no invoice title code. Type the buyer's name and tax number.",
    ),
    "a title code that is cut off": (
        lambda d: titles.read("$015Y+q$"),
        Refused,
        "The invoice title code is cut off. Scan it again, or type the buyer's name.",
    ),
    "a buyer's tax number with a wrong sign": (
        lambda d: d.do(
            invoices.want, stay_id=d.stay, buyer="Firm", tax_number="91330199MAXXXXX15G", amount=Money(1)
        ),
        Refused,
        "The check sign of the tax number 91330199MAXXXXX15G is wrong. Read it again.",
    ),
    "a statement that is cut off": (
        lambda d: d.read(HALF[: len(HALF) * 2 // 3]),
        Refused,
        "The file is cut off or changed: its summary is missing. Fetch it anew.",
    ),
    "a statement that is empty": (
        lambda d: d.read(b""),
        Refused,
        "The file is cut off or changed: it is empty. Fetch it anew.",
    ),
    "a statement read in twice": (
        lambda d: d.read(bill((f"{TODAY} 10:00:00", NUMBER, "HT1", "30.00")), "again.csv"),
        Conflict,
        "This file was read in already: bill.csv, ",
    ),
    "a statement of another merchant": (
        lambda d: d.read(bill((f"{TODAY} 10:00:00", OTHER, "HT2", "1.00"), merchant="1900000111")),
        Refused,
        "This file is of merchant 1900000111, this hotel's is 1900000999. Choose the hotel's own file, or "
        "add the number in Settings.",
    ),
    "a statement of another month": (
        lambda d: d.read(bill(("2026-07-05 10:00:00", OTHER, "HT2", "1.00"))),
        Refused,
        "Set these days above the list first, or choose another file.",
    ),
    "a gift larger than what is paid": (
        lambda d: d.do(
            members.charge_up, number=d.member, amount=Money(10000), method="CASH", gift=Money(10001)
        ),
        Refused,
        "A gift is 0 or more, and never more than what is paid.",
    ),
    "a gift larger than the rule without a word why": (
        lambda d: d.do(
            members.charge_up, number=d.member, amount=Money(10000), method="CASH", gift=Money(1001)
        ),
        Refused,
        "Say why more is given than the rule says.",
    ),
    "a gift larger than the rule, by a clerk": (
        lambda d: d.do(
            members.charge_up,
            number=d.member,
            amount=Money(10000),
            method="CASH",
            gift=Money(9000),
            reason="regular",
        ),
        NeedsApproval,
        "80.00 beyond the rule on 100.00",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_is_told_to_the_word_and_nothing_is_lost(desk_of, name):
    act, kind, words = BAD[name]
    if kind is NeedsApproval:
        desk_of.house.clerk = person(desk_of.house, "clerk")
    before = books(desk_of.house)
    with pytest.raises(kind) as told:
        act(desk_of)
    assert words in str(told.value)
    assert before.unlike(books(desk_of.house)) == ""


def test_what_is_paid_beyond_a_folio_stands_in_credit_and_goes_back_at_the_check_out(desk_of):
    desk_of.do(folios.pay, stay_id=desk_of.stay, method="CASH", amount=Money(31000))
    with pytest.raises(Refused, match=r"Folio A has 10\.00 in credit to give back\."):
        desk_of.leave(refund=Paid("CASH", Money(50000)))
    desk_of.leave(refund=Paid("CASH", Money(51000)))


def test_money_goes_back_once(desk_of):
    back = {"stay_id": desk_of.stay, "method": "CASH", "amount": Money(50000), "slip_back": True}
    key = desk_of.house.new_intent()
    made = [desk_of.house.do(folios.refund_deposit, intent=key, **back) for _try in range(2)]
    assert made[0] == made[1]  # the same press, tried again
    before = books(desk_of.house)
    with pytest.raises(Refused, match=r"The house holds 0\.00 of this guest's deposit"):
        desk_of.do(folios.refund_deposit, **back)
    assert before.unlike(books(desk_of.house)) == ""


def test_a_line_that_stands_twice_in_a_bill_counts_once_and_is_named(desk_of):
    one = (f"{TODAY} 11:00:00", OTHER, "HT2", "5.00")
    with pytest.raises(Refused, match="The file is cut off or changed"):  # its end promises another sum
        desk_of.read(bill(one, one), "wrong.csv")
    once = bill(one, one, count=1).replace(b"`10.00,", b"`5.00,").replace(b"`1.2,", b"`0.6,")
    desk_of.read(once, "twice.csv")
    [newest, _first] = desk_of.house.ask(queries.files, **SPAN)
    assert (newest.lines, newest.doubled) == (1, ("HT2",))


def test_a_printer_that_goes_off_in_mid_receipt_loses_neither_payment_nor_paper(house, room):  # noqa: F811
    stay, key = check_in(house), house.new_intent()
    room.look()
    paying = {"stay_id": stay, "method": "CASH", "amount": Money(5000), "intent": key}
    paid = house.do(folios.pay, **paying)
    room.paper.faults = [Doubtful("the cable was pulled")]
    assert room.look() == ["receipt"]
    receipt = job_of(house, "receipt")
    assert (receipt.state, "the cable was pulled" in receipt.trouble) == ("incomplete", True)
    assert house.do(folios.pay, **paying) == paid  # paid once, whatever is pressed again
    assert house.look(lambda s: s.query(PrintJob).filter_by(kind="receipt").count()) == 1
    house.do(print_jobs.reprint, job_id=receipt.id, reason="torn")
    room.seconds += 100
    assert room.look() == ["receipt"]
    assert house.do(shop.set_good, name="Tea", price=Money(300))  # and the desk goes on
