"""An error of each kind in the money, planted past the program as a defect or a hand in the database would:
the night audit finds it, under its kind, with its sum; and finds nothing in the hotel before."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from pms.core.money import Money
from pms.services.attempts import service as attempts
from pms.services.companies import service as companies
from pms.services.debts import service as debts
from pms.services.debts.billing import OnAccount
from pms.services.folios import service as folios
from pms.services.invoices import service as invoices
from pms.services.members import points
from pms.services.members import service as members
from pms.services.members.models import Member
from pms.services.preauth import service as preauth
from pms.services.shifts import service as shifts
from pms.services.statements import service as statements
from pms.services.stays import service as stays
from tests.builders import TODAY, House
from tests.members.test_members import join
from tests.property.test_settings import set_options
from tests.statements.samples import bill

from .test_checks import find, stay_in

DAY = timedelta(days=1)
TOMORROW = TODAY + DAY
NUMBER, OTHER = (f"42{n:026}" for n in (1, 2))


@dataclass
class Books:
    """A hotel on its second day with something of every kind of money, all of it right."""

    house: House
    guest: int
    gone: int
    lines: dict[str, int]


def _do(house: House, operation, **fields):
    return house.do(operation, intent=house.new_intent(), **fields)


@pytest.fixture
def books(house) -> Books:
    set_options(
        house,
        shifts=True,
        shop_count=False,
        tax_basis_points=600,
        tax_included=True,
        stored_value=True,
        stored_gift_from=0,
        stored_gift_percent=5,
        member_points=True,
        odd_amount=0,
    )
    _do(house, shifts.open_shift, float_amount=Money(50000))
    guest, lines = stay_in(house, "301", nights=3), dict[str, int]()
    house.next_day()
    for code, amount in (("MINIBAR", 10600), ("LAUNDRY", 5300), ("PHONE", 700)):
        lines[code] = _do(house, folios.charge, stay_id=guest, code=code, amount=Money(amount))
    _do(house, folios.rebate, transfer_id=lines["LAUNDRY"], amount=Money(5000), reason="stain")
    lines["void"] = _do(house, folios.void, transfer_id=lines["PHONE"], reason="typed wrong")
    lines["cash"] = _do(house, folios.pay, stay_id=guest, method="CASH", amount=Money(8000))
    wechat = {"method": "WECHAT", "amount": Money(3000), "reference": NUMBER}
    lines["wechat"] = _do(house, folios.pay, stay_id=guest, **wechat)
    _do(house, folios.take_deposit, stay_id=guest, method="CASH", amount=Money(2000))
    _do(house, invoices.want, stay_id=guest, buyer="Guo Na", amount=Money(9000), individual=True)
    _do(house, invoices.issue, number=1, serial=f"{7:020}", issued_on=TOMORROW)
    _of_members(house, guest)
    _of_cards(house, guest)
    gone = _of_company(house)
    there = ((NUMBER, "30.00"), (OTHER, "15.00"))
    paid = bill(*((f"{TOMORROW} 10:00:00", number, f"HT{sum_}", sum_) for number, sum_ in there))
    _do(house, statements.read_in, file="bill.csv", data=paid, first=TODAY, last=TOMORROW)
    shift = house.look(lambda s: s.execute(text("SELECT max(id) FROM shift")).scalar_one())
    told = house.do(shifts.count, shift_id=shift, pieces={"10000": 9, "1000": 2})
    _do(house, shifts.close, shift_id=shift, left=Money(told.counted), reason="counted")
    return Books(house, guest, gone, lines)


def _of_members(house: House, guest: int) -> None:
    number = join(house)
    _do(house, members.charge_up, number=number, amount=Money(20000), method="CASH")
    _do(house, members.pay, number=number, stay_id=guest, amount=Money(500))
    row = house.look(lambda s: s.scalars(select(Member.id)).one())
    house.do(lambda work: points._move(work, row, "earned", 50, "earned:1", stay_id=guest))


def _of_cards(house: House, guest: int) -> None:
    held = {"method": "BANK", "code": "123456", "last_four": "1234", "valid_until": TOMORROW + 9 * DAY}
    _do(house, preauth.take, stay_id=guest, amount=Money(9000), **held)
    _do(house, preauth.capture, number=1, amount=Money(4000))
    _do(house, attempts.note, stay_id=guest, method="WECHAT", amount=Money(1500), told="paid")
    _do(house, attempts.arrived, number=1, reference=OTHER)


def _of_company(house: House) -> int:
    firm = house.do(companies.add, name="Huaan", credit_limit=Money(10**7))
    signer = house.do(companies.add_signer, number=firm, name="He Ping")
    gone = stay_in(house, "302", deposit=None)
    _do(house, folios.charge, stay_id=gone, code="MISC", amount=Money(30000))
    told = {"on_account": OnAccount(firm, signer), "print_bill": False}
    _do(house, stays.check_out, stay_id=gone, refund=None, **told)
    _do(house, debts.receive, number=firm, method="CASH", amount=Money(12000))
    return gone


@contextlib.contextmanager
def past_the_guards(house: House):
    """Let a hand write what the database refuses to everybody: the guards are taken off and put back."""
    with house.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            yield connection
            return
        asked = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        guards = connection.execute(text(asked)).all()
        for name, _sql in guards:
            connection.execute(text(f"DROP TRIGGER {name}"))
        yield connection
        for _name, sql in guards:
            connection.execute(text(sql))


POST = (
    "INSERT INTO transfer (business_date, at, debit_id, credit_id, amount, code, text, rule, quantity, key, "
    "slip, stay_id, station, reverses, night, clerk_id, shift_id) SELECT {day}, at, {debit}, {credit}, "
    "{amount}, code, text, rule, quantity, 'planted', slip, stay_id, station, NULL, NULL, clerk_id, shift_id "
    "FROM transfer WHERE {which}"
)


def posting(which: str, amount: int, *, day: str = "business_date", turned: bool = False) -> str:
    """Return the statement that posts something like another posting once more."""
    debit, credit = ("credit_id", "debit_id") if turned else ("debit_id", "credit_id")
    return POST.format(which=which, amount=amount, day=day, debit=debit, credit=credit)


Plant = Callable[[Books], str]
KINDS: dict[str, tuple[Plant, str, str, int]] = {
    "a folio carries another sum": (
        lambda b: (
            f"UPDATE account SET balance = balance + 700 WHERE stay_id = {b.guest} AND ledger = 'guest'"
        ),
        "balance",
        "301: the folio is out of balance",
        700,
    ),
    "a line slipped into a closed day": (
        lambda b: posting("code = 'ROOM'", 1300, day=f"'{TODAY}'"),
        "balance",
        "301: the folio is out of balance",
        1300,
    ),
    "a line of a closed day altered": (
        lambda b: "UPDATE transfer SET amount = amount + 250 WHERE code = 'ROOM'",
        "balance",
        "301: the folio is out of balance",
        250,
    ),
    "a line of a closed day rubbed out": (
        lambda b: "DELETE FROM transfer WHERE code = 'ROOM'",
        "balance",
        "301: the folio is out of balance",
        29800,
    ),
    "a settled folio owes": (
        lambda b: posting(f"code = 'MISC' AND stay_id = {b.gone}", 450),
        "balance",
        "302 is settled and does not stand at 0",
        450,
    ),
    "a ledger closed at another sum": (
        lambda b: "UPDATE ledger_day SET closing = closing + 90 WHERE ledger = 'revenue'",
        "balance",
        "The ledger “revenue” is out of balance",
        90,
    ),
    "a night charged twice": (
        lambda b: posting("code = 'ROOM'", 29800, day=f"'{TOMORROW}'"),
        "nights",
        "301: room charges are not its nights",
        29800,
    ),
    "stored value that nobody paid": (
        lambda b: "UPDATE member_purse SET paid = paid + 5000",
        "stored_value",
        "Stored value: members have 245.00, the books owe 195.00",
        5000,
    ),
    "a gift that nobody gave": (
        lambda b: "UPDATE member_purse SET gift = gift + 30",
        "stored_value",
        "Stored value, gift part: members have 10.30, the books owe 10.00",
        30,
    ),
    "a move of stored value rubbed out": (
        lambda b: "DELETE FROM member_purse_row WHERE kind = 'use'",
        "stored_value",
        "M-1 ",
        500,
    ),
    "points from nowhere": (
        lambda b: "UPDATE member_points SET points = points + 40",
        "stored_value",
        "M-1 Wang Yaqin: points",
        0,
    ),
    "an invoice beyond what is paid": (
        lambda b: f"DELETE FROM transfer WHERE id = {b.lines['cash']}",
        "invoices",
        "301: more is invoiced than paid",
        500,
    ),
    "an invoice that counts for less": (
        lambda b: "UPDATE invoiced_stay SET invoiced = invoiced - 4000",
        "invoices",
        "301: what is invoiced is not the sum of the invoices",
        4000,
    ),
    "a red letter rubbed on": (
        lambda b: "UPDATE invoice SET red = 100",
        "invoices",
        "301: what is invoiced is not the sum of the invoices",
        100,
    ),
    "a bill that is open for less": (
        lambda b: 'UPDATE company_bill SET "left" = "left" - 600',
        "company_debts",
        "Company account 1",
        600,
    ),
    "a receipt taken off its bill": (
        lambda b: "DELETE FROM company_allocation",
        "company_debts",
        "Bill 1 of company 1",
        12000,
    ),
    "a receipt that nobody posted": (
        lambda b: "UPDATE company_receipt SET amount = amount + 100",
        "company_debts",
        "Receipt 1 of company 1",
        100,
    ),
    "a card captured twice": (
        lambda b: posting("slip = 'PA-1'", 4000),
        "proofs",
        "Of pre-authorisation PA-1 another sum was taken than it says",
        4000,
    ),
    "a capture that nobody posted": (
        lambda b: "UPDATE preauth SET captured = captured + 800, released = released - 800",
        "proofs",
        "Of pre-authorisation PA-1 another sum was taken than it says",
        800,
    ),
    "a payment whose number has less": (
        lambda b: f"UPDATE payment_share SET amount = amount - 1000 WHERE transfer_id = {b.lines['wechat']}",
        "proofs",
        "A payment by WeChat Pay and its number differ",
        1000,
    ),
    "more gone back on a number than came": (
        lambda b: (
            "INSERT INTO payment_share (reference_id, transfer_id, amount) SELECT reference_id, "
            f"{b.lines['cash']}, -7000 FROM payment_share WHERE transfer_id = {b.lines['wechat']}"
        ),
        "proofs",
        f"More went back on {NUMBER} than came by it",
        4000,
    ),
    "a payment in question of another sum": (
        lambda b: "UPDATE payment_attempt SET amount = 1400",
        "proofs",
        "Payment in question 1 was posted with another sum",
        100,
    ),
    "a reversal of another sum": (
        lambda b: f"UPDATE transfer SET amount = 600 WHERE id = {b.lines['void']}",
        "proofs",
        "A reversal of Telephone is not the line that it takes back",
        100,
    ),
    "more given back than a charge had": (
        lambda b: "UPDATE transfer SET amount = 5900 WHERE code = 'ADJUST'",
        "proofs",
        "More went of a line (Laundry) than it had",
        600,
    ),
    "more deposit given back than held": (
        lambda b: posting("code = 'DEPOSIT' AND text = 'CASH'", 95000, turned=True),
        "proofs",
        "More deposit went back than was held",
        3000,
    ),
    "a drawer over by what was not counted": (
        lambda b: "UPDATE shift SET over_short = over_short + 200",
        "proofs",
        "Shift X-1 at desk-1",
        200,
    ),
    "cash moved in a closed drawer": (
        lambda b: posting(f"id = {b.lines['cash']}", 350),
        "proofs",
        "The drawer at desk-1 is not what was left in it",
        350,
    ),
    "a charge without its tax": (
        lambda b: f"DELETE FROM transfer WHERE slip = 'X{b.lines['MINIBAR']}'",
        "proofs",
        "A charge (Minibar) does not bear its tax",
        600,
    ),
    "a slip's number gone": (
        lambda b: "UPDATE number_series SET latest = latest + 1 WHERE name = 'stay'",
        "gaps",
        "S-3",
        0,
    ),
    "a payment that the statement has otherwise": (
        lambda b: "UPDATE statement_line SET amount = amount + 500, gross = 0",
        "statements",
        f"WeChat Pay {NUMBER}: Differing",
        500,
    ),
}


def told(house: House) -> set[tuple[str, str, int]]:
    return {(kind, one.title, one.amount) for kind, some in find(house).items() for one in some}


@pytest.mark.parametrize("name", KINDS)
def test_a_planted_error_is_found_by_name_and_with_its_sum(books, name):
    plant, kind, title, amount = KINDS[name]
    before = told(books.house)
    assert not {(k, t) for k, t, _sum in before if k in {row[1] for row in KINDS.values()}}, (
        "found in right books"
    )
    with past_the_guards(books.house) as connection:
        assert connection.execute(text(plant(books))).rowcount > 0
    new = told(books.house) - before
    assert any((k, a) == (kind, amount) and title in t for k, t, a in new), new
