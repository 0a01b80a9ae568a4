"""Kinds of payment are data, and every electronic payment keeps its number: once, and never more goes back on
it than came by it."""

import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from pms.core.errors import Conflict, NeedsApproval, NotPermitted, Refused
from pms.core.money import Money
from pms.core.payments import FREE, SLIP, TRADE, number
from pms.db.base import PrintJob
from pms.services.folios import kinds, numbers
from pms.services.folios import queries as folio_queries
from pms.services.folios import service as folios
from pms.services.folios.models import PaymentReference, PaymentShare
from pms.services.payments import service
from pms.services.receivables import service as receivables
from pms.services.reports import queries as report_queries
from pms.services.reservations import service as reservations
from pms.services.shifts import queries as shift_queries
from pms.services.shifts.printouts import handover_sheet
from pms.services.shop import service as shop
from pms.services.stays import service as stays
from pms.services.stays.service import Paid
from tests import builders
from tests.authority.people import person
from tests.builders import House
from tests.rental.test_rental import guest_in, money
from tests.shifts.test_shifts import opened, with_shifts

PAID = "4200009990202609050000000101"
OTHER = "4200009990202609050000000102"


def shares(house: House) -> list[tuple[str, str, int]]:
    def of(session):
        r, s = PaymentReference, PaymentShare
        rows = session.execute(
            select(r.kind, r.number, func.sum(s.amount))
            .join(s, s.reference_id == r.id)
            .group_by(r.kind, r.number)
        )
        return sorted((kind, number, int(sum_)) for kind, number, sum_ in rows)

    return house.look(of)


def pay(
    house: House, stay: int, amount: int = 26800, method: str = "WECHAT", reference: str = PAID, **more
) -> int:
    return money(
        house, folios.pay, stay_id=stay, method=method, amount=Money(amount), reference=reference, **more
    )


# ------------------------------------------------------------------ the number
@pytest.mark.parametrize(
    ("given", "shape", "kept"),
    [
        (" 4200 0099 9020 2609 0500 0000 0101 ", TRADE, PAID),
        ("ｈｔ２６０９０５００１０１", TRADE, "HT26090500101"),
        ("2026090522001400000000000001", TRADE, "2026090522001400000000000001"),
        ("202609050915000001011", TRADE, "202609050915000001011"),
        ("112233000345", SLIP, "112233000345"),
        ("Voucher 7/2026", FREE, "VOUCHER 7/2026"),
        ("", TRADE, ""),
    ],
)
def test_a_number_is_kept_as_the_house_writes_it(given, shape, kept):
    assert number(given, shape) == kept


@pytest.mark.parametrize(
    "code", ["134567890123456789", "101234567890123456", "281234567890123456", "6212345678901234567"]
)
def test_what_the_payers_phone_shows_to_be_scanned_is_no_transaction_number(code):
    with pytest.raises(Refused, match="code on the payer's phone"):
        number(code, TRADE)


@pytest.mark.parametrize(
    ("given", "shape"), [("12", TRADE), ("房费一二三四五", TRADE), ("12/34-567", SLIP), ("x" * 65, FREE)]
)
def test_a_number_of_another_shape_is_refused(given, shape):
    with pytest.raises(Refused):
        number(given, shape)


# ------------------------------------------------------------------ taken
def test_an_electronic_payment_keeps_its_number_and_the_receipt_shows_it(house):
    stay = guest_in(house)
    pay(house, stay)
    assert shares(house) == [("WECHAT", PAID, 26800)]

    def papers(session):
        return [str(job.slip) for job in session.scalars(select(PrintJob).where(PrintJob.kind == "receipt"))]

    assert f"WeChat Pay {PAID}" in house.look(papers)[0]


def test_an_electronic_payment_without_its_number_is_refused_and_cash_asks_for_none(house):
    stay = guest_in(house)
    with pytest.raises(Refused, match="transaction number is missing"):
        pay(house, stay, reference="")
    pay(house, stay, method="CASH", reference="")
    pay(house, stay, method="BANK", reference="")
    assert shares(house) == []


def test_one_number_is_posted_once_whatever_the_folio_but_may_be_anothers_kind(house):
    stay = guest_in(house)
    pay(house, stay)
    with pytest.raises(Conflict, match="was posted already: 301 Wang Yaqin"):
        pay(house, stay)
    with pytest.raises(Conflict, match="was posted already"):
        money(
            house,
            folios.take_deposit,
            stay_id=stay,
            method="WECHAT",
            amount=Money(100),
            reference=PAID.lower(),
        )
    pay(house, stay, method="ALIPAY")
    assert shares(house) == [("ALIPAY", PAID, 26800), ("WECHAT", PAID, 26800)]


def test_a_payment_that_was_voided_is_posted_again_on_the_right_folio(house):
    stay, right = guest_in(house), guest_in(house, "302")
    made = pay(house, stay)
    money(house, folios.void, transfer_id=made, reason="wrong room")
    assert shares(house) == [("WECHAT", PAID, 0)]
    pay(house, right)
    assert shares(house) == [("WECHAT", PAID, 26800)]
    with pytest.raises(Conflict):
        pay(house, stay)


def test_a_kind_that_is_not_offered_is_refused_and_what_was_mobile_before_is_taken(house):
    stay = guest_in(house)
    with pytest.raises(Refused, match="Voucher is not taken here now"):
        pay(house, stay, method="VOUCHER", reference="V-1")
    with pytest.raises(Refused, match="no payment method"):
        pay(house, stay, method="SHELLS")
    pay(house, stay, method="MOBILE", reference="")
    assert "MOBILE" not in [way.code for way in house.ask(kinds.offered)]


def test_one_number_pays_two_folios_in_one_check_out(house):
    stay = guest_in(house)
    money(house, folios.open_window, stay_id=stay, payer="Firm")
    for window in "AB":
        money(house, folios.charge, stay_id=stay, code="MINIBAR", amount=Money(1000), window=window)
    due = {a.window: int(a.balance) for a in house.ask(folio_queries.folios, stay_id=stay) if a.balance > 0}
    paid = [Paid("WECHAT", Money(sum_), window, PAID) for window, sum_ in due.items()]
    money(house, stays.check_out, stay_id=stay, payments=paid, waive_late=True)
    assert shares(house) == [("WECHAT", PAID, sum(due.values()))]


# ------------------------------------------------------------------ given back
def test_money_goes_back_on_the_number_it_came_by_and_never_more_than_came(house):
    stay = guest_in(house)
    for reference, sum_ in ((PAID, 20000), (OTHER, 10000)):
        money(
            house, folios.take_deposit, stay_id=stay, method="WECHAT", amount=Money(sum_), reference=reference
        )
    back = {"stay_id": stay, "method": "WECHAT", "slip_back": True}
    with pytest.raises(Refused, match=r"Of 4200\d+102 100.00 is left"):
        money(house, folios.refund_deposit, amount=Money(10001), reference=OTHER, **back)
    money(house, folios.refund_deposit, amount=Money(4000), reference=OTHER, **back)
    assert shares(house) == [("WECHAT", PAID, 20000), ("WECHAT", OTHER, 6000)]
    money(house, folios.refund_deposit, amount=Money(21000), **back)
    assert shares(house) == [("WECHAT", PAID, 0), ("WECHAT", OTHER, 5000)]


def test_a_refund_keeps_a_number_of_its_own_beside_the_payments(house):
    stay = guest_in(house)
    money(house, folios.take_deposit, stay_id=stay, method="WECHAT", amount=Money(20000), reference=PAID)
    back = {"stay_id": stay, "method": "WECHAT", "slip_back": True, "amount": Money(5000)}
    money(house, folios.refund_deposit, reference="RF26090500001", **back)
    assert shares(house) == [("WECHAT", PAID, 15000), ("WECHAT", "RF26090500001", -5000)]
    with pytest.raises(Conflict, match="number of another payment"):
        money(house, folios.refund_deposit, reference="RF26090500001", **back)
    with pytest.raises(Conflict, match="was posted already"):
        pay(house, stay, reference="RF26090500001")


def test_money_that_came_by_phone_goes_out_in_cash_with_authority_only(house):
    stay = guest_in(house)
    money(house, folios.take_deposit, stay_id=stay, method="WECHAT", amount=Money(90000), reference=PAID)
    clerk = person(house, "clerk")
    house.clerk = clerk
    with pytest.raises(NeedsApproval):
        money(house, folios.refund_deposit, stay_id=stay, method="CASH", amount=Money(90000), slip_back=True)


# what the program allows stands on the schema, which holds whoever writes
_SHARE = (
    "INSERT INTO payment_share (id, reference_id, transfer_id, amount) "
    "SELECT {id}, id, {at}, {n} FROM payment_reference"
)


def _write(house: House, *amounts: int) -> None:
    def last(session):
        return session.scalar(select(func.max(PaymentShare.id))), session.scalar(
            select(func.max(PaymentShare.transfer_id))
        )

    latest, at = house.look(last)
    with house.engine.begin() as connection:
        for n, amount in enumerate(amounts, 1):
            connection.execute(text(_SHARE.format(id=latest + n, at=at, n=amount)))


@pytest.mark.parametrize("amounts", [(-26801,), (-20000, -6801), (-26800, -1), (100, -26901)])
def test_the_schema_lets_no_more_back_on_a_number_than_came(house, amounts):
    pay(house, guest_in(house))
    with pytest.raises(IntegrityError, match="falls below nothing"):
        _write(house, *amounts)
    assert shares(house) == [("WECHAT", PAID, 26800)]


def test_the_schema_lets_back_what_came(house):
    pay(house, guest_in(house))
    _write(house, -20000, -6800)
    assert shares(house) == [("WECHAT", PAID, 0)]
    with pytest.raises(IntegrityError):
        _write(house, -1)


def test_two_desks_give_back_no_more_than_came_whatever_the_program_does(postgres):
    house = builders.office(postgres, found=False)
    pay(house, guest_in(house))
    waiting = threading.Event()
    told: list[str] = []

    def second() -> None:
        waiting.wait(5)
        try:
            _write_at(house, 900, -20000)
            told.append("done")
        except IntegrityError as error:
            told.append(str(error))

    other = threading.Thread(target=second)
    other.start()
    with house.engine.begin() as connection:
        connection.execute(text(_SHARE.format(id=800, at=_last_transfer(house), n=-20000)))
        waiting.set()
        time.sleep(0.3)  # the other one stands at the number now
    other.join(10)
    assert len(told) == 1
    assert "falls below nothing" in told[0]
    assert shares(house) == [("WECHAT", PAID, 6800)]


def _last_transfer(house: House) -> int:
    return house.look(lambda s: s.scalar(select(func.max(PaymentShare.transfer_id))))


def _write_at(house: House, number: int, amount: int) -> None:
    at = _last_transfer(house)
    with house.engine.begin() as connection:
        connection.execute(text(_SHARE.format(id=number, at=at, n=amount)))


def test_a_payment_is_not_taken_back_after_money_went_back_on_it(house):
    stay = guest_in(house)
    line = pay(house, stay, 10000)
    money(house, folios.take_deposit, stay_id=stay, method="WECHAT", amount=Money(20000), reference=OTHER)
    back = {"stay_id": stay, "method": "WECHAT", "slip_back": True}
    money(house, folios.refund_deposit, amount=Money(15000), **back)  # 100.00 of it on the first number
    with pytest.raises(Refused, match=f"Of {PAID} 100.00 went back already"):
        money(house, folios.void, transfer_id=line, reason="wrong")


def test_a_voucher_is_never_given_back(house):
    service_change(house, "VOUCHER", offered=True, number="needed", refunds="not")
    stay = guest_in(house)
    money(house, folios.take_deposit, stay_id=stay, method="VOUCHER", amount=Money(20000), reference="V 77")
    money(house, folios.take_deposit, stay_id=stay, method="CASH", amount=Money(5000))
    with pytest.raises(Refused, match="Nothing goes back by Voucher"):
        money(house, folios.refund_deposit, stay_id=stay, method="VOUCHER", amount=Money(100), slip_back=True)
    with pytest.raises(Refused, match=r"At most 50.00 goes out"):
        money(house, folios.refund_deposit, stay_id=stay, method="CASH", amount=Money(5001), slip_back=True)
    money(house, folios.refund_deposit, stay_id=stay, method="CASH", amount=Money(5000), slip_back=True)


def test_an_advance_keeps_its_number_and_goes_back_on_it(house):
    line = house.book()
    money(
        house, reservations.take_advance, line_id=line, method="ALIPAY", amount=Money(20000), reference=PAID
    )
    house.do(reservations.cancel, line_id=line, reason="ill")
    money(house, receivables.give_back, line_id=line, method="ALIPAY", amount=Money(20000))
    assert shares(house) == [("ALIPAY", PAID, 0)]


def test_what_moved_by_a_kind_is_told_line_by_line(house):
    stay = guest_in(house)
    money(house, folios.take_deposit, stay_id=stay, method="WECHAT", amount=Money(20000), reference=PAID)
    back = {"stay_id": stay, "method": "WECHAT", "slip_back": True}
    money(house, folios.refund_deposit, amount=Money(5000), reference="RF26090500001", **back)
    wrong = pay(house, stay, 700, reference=OTHER)
    money(house, folios.void, transfer_id=wrong, reason="wrong")
    pay(house, stay, 900, method="BANK", reference="")
    now = house.now()
    found = house.ask(
        numbers.moved, methods=["WECHAT", "BANK"], start=now - timedelta(1), end=now + timedelta(1)
    )
    assert [(m.kind, m.number, m.of, m.amount) for m in found] == [
        ("WECHAT", PAID, "", 20000),
        ("WECHAT", "RF26090500001", PAID, -5000),
        ("BANK", "", "", 900),
    ]


# ------------------------------------------------------------------ settings
def service_change(house: House, code: str, **more) -> None:
    way = next(w for w in house.ask(kinds.ways) if w.code == code)
    fields = {
        "name": way.name,
        "name_zh": way.name_zh,
        "offered": way.offered,
        "position": way.position,
        "number": way.number,
        "drawer": way.drawer,
        "refunds": way.back,
    }
    house.do(service.change, code=code, **{**fields, **more})


def test_the_house_renames_orders_and_switches_off(house):
    service_change(house, "WECHAT", name="Weixin", position=9)
    service_change(house, "UNIONPAY", offered=False)
    assert [way.words for way in house.ask(kinds.offered)] == [
        "Cash",
        "Alipay",
        "Bank card",
        "Bank transfer",
        "Weixin",
    ]


@pytest.mark.parametrize(
    ("code", "change", "why"),
    [
        ("CASH", {"offered": False}, "Cash is always taken"),
        ("MOBILE", {"offered": True}, "told apart now"),
        ("ALIPAY", {"name": "wechat pay"}, "Another kind"),
        ("ALIPAY", {"position": 100}, "from 0 to 99"),
        ("ALIPAY", {"refunds": "never"}, "Choose from the list"),
    ],
)
def test_what_makes_no_sense_is_refused(house, code, change, why):
    with pytest.raises(Refused, match=why):
        service_change(house, code, **change)


def test_a_clerk_changes_no_kind(house):
    house.clerk = person(house, "clerk")
    with pytest.raises(NotPermitted):
        house.do(service.change, code="WECHAT")


# ------------------------------------------------------------------ the house's own names
def own_name(house: House) -> None:
    house.do(
        service.change,
        code="WECHAT",
        name="Weixin",
        name_zh="微信",
        offered=True,
        position=2,
        number="needed",
    )


def test_the_houses_own_name_stands_in_reports_and_on_the_shops_receipt(house):
    own_name(house)
    assert house.ask(kinds.called)["WECHAT"] == "Weixin"
    assert house.ask(report_queries.names)["WECHAT"] == "Weixin"
    good = house.do(shop.set_good, name="Water", price=Money(300))
    house.do(shop.receive, lines=[shop.Delivered(good, 5)], reference="L1")
    money(house, shop.sell, lines=[shop.Item(good, 1)], method="WECHAT", reference=PAID)

    def receipt(session):
        return [
            str(job.slip) for job in session.scalars(select(PrintJob).where(PrintJob.kind == "shop_receipt"))
        ]

    [paper] = house.look(receipt)
    assert "Weixin" in paper


def test_a_shift_lists_its_electronic_payments_one_by_one(house):
    own_name(house)
    with_shifts(house)
    shift = opened(house)
    stay = guest_in(house)
    line = pay(house, stay, 10000)
    pay(house, stay, 20000, reference=OTHER)
    money(house, folios.pay, stay_id=stay, method="CASH", amount=Money(700))
    money(house, folios.void, transfer_id=line, reason="wrong")
    found = house.ask(shift_queries.electronic, shift_id=shift)
    assert [(e.method, e.number, e.amount) for e in found] == [("WECHAT", OTHER, 20000)]
    figures = house.ask(shift_queries.figures, shift_id=shift)
    again = shift_queries.Figures.read(figures.plain())
    assert [(n["number"], n["amount"]) for n in again.numbers] == [(OTHER, "20000")]
    told = {"number": 1, "station": "desk-1", "given_by": "A", "taken_by": "B", "items": []}
    sheet = house.do(lambda work: handover_sheet(work, opened_at=house.now(), figures=again, **told))
    assert OTHER in str(sheet)
    assert "Weixin" in str(sheet)
    old = {k: v for k, v in figures.plain().items() if k != "numbers"}
    assert shift_queries.Figures.read(old).numbers == [], "a handover of an earlier release"
