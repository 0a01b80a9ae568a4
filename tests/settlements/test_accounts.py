"""Channel accounts: commission owed, receipts over bookings, the month, what the night audit finds, and that
an account costs the same after twenty years."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from pms.core.errors import Conflict, Refused
from pms.core.money import Money
from pms.services.channels import service as channels
from pms.services.folios import queries as folio_queries
from pms.services.folios import service as folios
from pms.services.folios.models import ChannelBill, LedgerDay
from pms.services.night_audit.checks import Tonight, channel_accounts
from pms.services.settlements import printouts, queries, service
from pms.services.stays import service as stays
from pms.services.stays.models import Stay
from pms.services.stays.service import Paid
from tests.bench.probe import Probe
from tests.builders import TODAY

from .made import PRICE, balance, guest_in, leave, number_of, owed, row

DAY = timedelta(days=1)


@pytest.fixture
def pays_here(house):
    """Booking.com takes 15 % of what its guests pay at the hotel."""
    house.do(
        channels.edit,
        number=number_of(house, "BOOKING"),
        code="BOOKING",
        name="Booking.com",
        name_en="Booking.com",
        commission=1500,
    )
    return house


def paying(house, room="301", **how):
    return guest_in(house, room, code="BOOKING", payer="guest", price=26_800, **how)


def receive(house, amount, **more):
    return house.do(
        service.receive,
        number=number_of(house),
        method="WIRE",
        amount=Money(amount),
        intent=house.new_intent(),
        **more,
    )


def found(house):
    day = house.house().business_date
    return house.look(lambda s: [(f.key, f.amount) for f in channel_accounts._find(Tonight(s, day))])


def test_the_commission_is_of_what_was_charged_for_the_room(pays_here):
    house = pays_here
    stay = paying(house, nights=3)
    house.do(folios.charge, stay_id=stay, code="MINIBAR", amount=Money(5_000), intent="m")
    house.next_day()
    assert owed(house, "BOOKING") == 0
    leave(house, stay, payments=[Paid("CASH", Money(31_800))])
    assert owed(house, "BOOKING") == -4_020
    assert balance(house, "COMMISSION") == 4_020
    house.do(stays.undo_check_out, stay_id=stay, reason="wrong", intent="u")
    assert owed(house, "BOOKING") == 0
    house.next_day()
    leave(house, stay, payments=[Paid("CASH", Money(58_600))])
    assert owed(house, "BOOKING") == -8_040


def test_a_voided_or_rebated_night_brings_no_commission(pays_here):
    house = pays_here
    stay = paying(house, nights=2)
    house.next_day()
    house.next_day()
    first, second = (x for x in house.look(folio_queries.folio_lines, stay_id=stay) if x.code == "ROOM")
    house.do(folios.adjust, transfer_id=first.id, reason="no water", intent="a")
    house.do(folios.rebate, transfer_id=second.id, amount=Money(6_800), reason="noise", intent="r")
    leave(house, stay, payments=[Paid("CASH", Money(20_000))])
    assert owed(house, "BOOKING") == -3_000


def test_nights_beyond_the_order_bring_no_commission(pays_here):
    house = pays_here
    stay = paying(house, nights=1)
    house.do(
        stays.extend, stay_id=stay, departure=TODAY + 2 * DAY, prices=(50_000,), price_reason="x", intent="e"
    )
    house.next_day()
    house.next_day()
    leave(house, stay, payments=[Paid("CASH", Money(76_800))])
    assert owed(house, "BOOKING") == -4_020


def test_a_commission_is_paid_and_never_more(pays_here):
    house = pays_here
    stay = paying(house)
    house.next_day()
    leave(house, stay, payments=[Paid("CASH", Money(26_800))])
    number = number_of(house, "BOOKING")
    with pytest.raises(Refused, match=r"40\.20 is owed to Booking"):
        house.do(service.pay, number=number, method="WIRE", amount=Money(4_021), intent="a")
    with pytest.raises(Refused, match="owes 0.00"):
        house.do(service.receive, number=number, method="WIRE", amount=Money(1), intent="b")
    made = house.do(service.pay, number=number, method="WIRE", amount=Money(4_020), intent="c")
    assert owed(house, "BOOKING") == 0
    house.do(service.take_back, receipt=made, reason="wrong", intent="d")
    assert owed(house, "BOOKING") == -4_020


def test_one_transfer_of_the_channel_is_spread_over_its_bookings(house):
    for n, room in enumerate(("301", "302", "303")):
        guest_in(house, room, nights=n + 1, reference=str(n))
    fine = house.do(service.put_on, number=number_of(house), amount=Money(-5_000), reason="fine", intent="f")
    assert owed(house) == 6 * PRICE - 5_000
    receive(house, 4 * PRICE - 5_000, bills=[1, 3, fine])
    left = {b.number: b.left for b in house.ask(queries.open_bills)}
    assert left == {2: 2 * PRICE}
    assert house.ask(queries.faults) == []
    with pytest.raises(Refused, match=r"owes 482\.40"):
        receive(house, 2 * PRICE + 1)
    with pytest.raises(Refused, match="Nothing is open on bill 1"):
        receive(house, 1, bills=[1])
    receive(house, PRICE)
    assert owed(house) == PRICE


def test_what_a_channel_will_not_pay_is_written_off_once(house):
    guest_in(house)
    with pytest.raises(Refused, match=r"482\.40 is open on bill 1"):
        house.do(service.write_off, bill=1, amount=Money(2 * PRICE + 1), reason="x", intent="a")
    house.do(service.write_off, bill=1, amount=Money(697), reason="payment fee", intent="b")
    assert (owed(house), balance(house, "BADDEBT")) == (2 * PRICE - 697, 697)
    with pytest.raises(Refused, match="Say why"):
        house.do(service.write_off, bill=1, amount=Money(1), reason=" ", intent="c")


def test_money_on_an_order_keeps_its_check_in(house):
    stay = guest_in(house)
    made = receive(house, PRICE)
    with pytest.raises(Refused, match="Money of the channel came in on bill 1"):
        house.do(stays.undo_check_in, stay_id=stay, reason="wrong", intent="u")
    house.do(service.take_back, receipt=made, reason="another's", intent="t")
    house.do(stays.undo_check_in, stay_id=stay, reason="wrong", intent="v")
    assert owed(house) == 0


def test_a_rest_after_the_channel_has_paid_is_its_credit(house):
    stay = guest_in(house, nights=3)
    receive(house, 3 * PRICE)
    house.next_day()
    leave(house, stay)
    assert owed(house) == -2 * PRICE
    house.do(service.pay, number=number_of(house), method="WIRE", amount=Money(2 * PRICE), intent="p")
    assert owed(house) == 0


def test_the_month_says_what_was_before_and_after(house):
    guest_in(house)
    receive(house, PRICE)
    told = house.look(queries.month, number=number_of(house), start=TODAY)
    assert (told.opening, told.closing, len(told.bills), len(told.receipts)) == (0, PRICE, 1, 1)
    paper = house.look(printouts.month, number=number_of(house), start=TODAY)
    assert paper.number.startswith(f"HS-{number_of(house)}-")
    [account] = house.ask(queries.accounts)
    assert account.ages == (PRICE, 0, 0, 0)
    house.do(service.print_month, number=number_of(house), start=TODAY, intent="m")


def test_it_is_in_the_trial_balance(house):
    guest_in(house)
    day = house.house().business_date
    house.next_day()
    closing = house.look(
        lambda s: s.scalars(
            select(LedgerDay.closing).where(LedgerDay.business_date == day, LedgerDay.ledger == "city")
        ).one()
    )
    assert closing == 2 * PRICE


def test_the_night_audit_finds_an_order_that_was_not_credited(house):
    stay = guest_in(house)
    assert found(house) == []
    with house.engine.begin() as connection:
        connection.execute(update(ChannelBill).values(voided_on=TODAY, left=0))
    assert any(key == str(stay) for key, _sum in found(house))
    assert any(key.startswith("account-") for key, _sum in found(house))


def test_a_guest_of_before_is_credited_once(house):
    stay = guest_in(house, payer="guest", code="CTRIP")
    with house.engine.begin() as connection:
        connection.execute(update(Stay).where(Stay.id == stay).values(payer="channel"))
    assert [key for key, _sum in found(house)] == [str(stay)]
    house.do(stays.credit_order, stay_id=stay, intent="a")
    assert found(house) == []
    assert owed(house) == 2 * PRICE
    with pytest.raises(Conflict, match="credited already"):
        house.do(stays.credit_order, stay_id=stay, intent="b")
    other = guest_in(house, "302", payer="guest", reference="2")
    with pytest.raises(Refused, match="No channel pays"):
        house.do(stays.credit_order, stay_id=other, intent="c")


def test_the_night_audit_finds_a_rest_that_was_not_given_back(house):
    stay = guest_in(house, nights=3)
    house.next_day()
    leave(house, stay)
    assert found(house) == []
    with house.engine.begin() as connection:
        connection.execute(update(ChannelBill).values(amount=3 * PRICE, left=3 * PRICE))
    assert (f"rest-{stay}", 2 * PRICE) in found(house)


def test_an_account_costs_the_same_after_twenty_years(desk):
    """Accounts, bills, month, payment and folio take at most 1.1 times the steps of the database's machine,
    whatever is behind."""
    stay = guest_in(desk)
    years_behind(desk, 1, 50)
    young = steps(desk, stay)
    years_behind(desk, 20, 1000)
    old = steps(desk, stay)
    assert young.keys() == old.keys()
    dearer = {name: (young[name], old[name]) for name in old if old[name] > 1.1 * young[name]}
    assert not dearer


def steps(house, stay):
    """Count what each question and a payment costs."""
    probe, found = Probe(house.engine), {}
    asked = {
        "accounts": lambda: house.ask(queries.accounts),
        "bills": lambda: house.ask(queries.open_bills),
        "month": lambda: house.look(queries.month, number=number_of(house, "BOOKING"), start=TODAY),
        "folio": lambda: house.look(folio_queries.folios, stay_id=stay),
        "stay": lambda: row(house, stay),
        "checks": lambda: house.look(queries.beside_books),
        "receive": lambda: receive(house, 100),
    }
    for name, ask in asked.items():
        ask()
        with probe.counting() as counts:
            ask()
        found[name] = counts.steps
    return found


def years_behind(house, years, each):
    """Put so many years of paid bills behind two channels, ``each`` a year."""
    first = TODAY - 40 * DAY
    rows = [
        {
            "number": years * 1_000_000 + n,
            "channel_id": 1 if n % 2 else 5,
            "what": "room",
            "on_credit": False,
            "stay_id": 1_000_000 * years + n,
            "reference": f"x{years}-{n}",
            "guest": "Old",
            "room": "301",
            "arrival": first - n * 365 // each * DAY,
            "departure": first - n * 365 // each * DAY + DAY,
            "points": 0,
            "amount": PRICE,
            "left": 0,
            "billed_on": first - n * 365 // each * DAY,
        }
        for n in range(years * each)
    ]
    with house.engine.begin() as connection:
        connection.execute(insert(ChannelBill), rows)
