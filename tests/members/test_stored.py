"""Stored value: charged up with a gift by rule, used on folios, given back; never below zero."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from pms.core import offers
from pms.core.errors import Conflict, NeedsApproval, NotPermitted, Refused
from pms.core.money import Money
from pms.db.engine import open_engine
from pms.services.folios import queries as folios
from pms.services.folios import service as folio_service
from pms.services.guests.person import Person
from pms.services.members import service, stored
from pms.services.night_audit import proof
from pms.services.night_audit.checks import Tonight, stored_value
from pms.services.reports import queries as reports
from pms.services.staff import service as staff
from pms.services.stays import service as stays
from tests import builders
from tests.authority.people import person
from tests.builders import SECRET, TODAY, House
from tests.faults.desks import PLACES, forced
from tests.property.test_settings import set_options

from .test_members import PHONE, SILVER, codes, guest_in, join, money, row

STORED = {"stored_value": True, "stored_gift_from": 100000, "stored_gift_percent": 10}


@pytest.fixture
def club(house) -> House:
    set_options(house, **STORED, odd_amount=0)
    house.number = join(house)
    return house


def up(house: House, amount: int = 100000, method: str = "CASH", **fields) -> int:
    return money(house, service.charge_up, number=house.number, amount=Money(amount), method=method, **fields)


def has(house: House, number: int | None = None) -> tuple[int, int]:
    member = row(house, number or house.number)
    found = house.ask(stored.purse, member_id=member.id)
    return found.paid, found.gift


def owing(house: House, amount: int = 30000, room: str = "301") -> int:
    stay = guest_in(house, Person("Wang Yaqin", phone=PHONE), room)
    money(house, folio_service.charge, stay_id=stay, code="MINIBAR", amount=Money(amount))
    return stay


def pay(house: House, stay: int, amount: int) -> int:
    return money(house, service.pay, number=house.number, stay_id=stay, amount=Money(amount))


def books(house: House) -> dict[str, int]:
    """What the books owe by each liability, now."""
    day = house.house().business_date
    return {one.code: one.owed for one in house.ask(stored.standing, business_date=day)}


def found(house: House) -> list[tuple[str, int]]:
    day = house.house().business_date
    return house.look(lambda s: [(f.title, f.amount) for f in stored_value._find(Tonight(s, day))])


# ------------------------------------------------------------------ charged up
def test_what_is_charged_up_brings_the_gift_of_the_rule_and_stands_in_the_books(club):
    up(club)
    up(club, 99999, "MOBILE")
    assert has(club) == (199999, 10000)
    assert books(club) == {"STORED": 199999, "STOREDGIFT": 10000}
    club.next_day()
    [line] = [x for x in club.ask(reports.trial_balance, day=TODAY) if x.ledger == "stored"]
    assert line.closing == -209999
    assert club.look(lambda s: list(proof.faults(s))) == []
    assert books(club) == {"STORED": 199999, "STOREDGIFT": 10000}


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"amount": 0}, "more than 0"),
        ({"method": "STORED"}, "no payment method"),
        ({"gift": Money(-1)}, "0 or more"),
        ({"gift": Money(100001)}, "never more than what is paid"),
        ({"gift": Money(10001)}, "Say why more"),
    ],
)
def test_what_cannot_be_charged_is_refused(club, fields, why):
    with pytest.raises(Refused, match=why):
        up(club, **fields)
    assert (has(club), books(club)) == ((0, 0), {"STORED": 0, "STOREDGIFT": 0})


def test_a_gift_beyond_the_rule_needs_authority_and_the_auditor_sees_it(club):
    boss, club.clerk = club.clerk, person(club, "clerk")
    asked = {"gift": Money(20000), "reason": "opening week"}
    with pytest.raises(NeedsApproval, match=r"Gift to M-1 Wang Yaqin: 100.00 beyond the rule on 1,?000.00"):
        up(club, **asked)
    club.clerk = boss
    up(club, **asked)
    assert has(club) == (100000, 20000)
    assert found(club) == [("M-1 Wang Yaqin: gift beyond the rule", 10000)]


def test_nothing_is_charged_where_it_is_switched_off_or_the_member_does_not_count(club):
    set_options(club, stored_value=False)
    with pytest.raises(Refused, match="switched off"):
        up(club)
    set_options(club, **STORED)
    club.do(service.suspend, number=club.number, reason="owes a bill")
    with pytest.raises(Refused, match="owes a bill"):
        up(club)


# ------------------------------------------------------------------ used
def test_a_folio_is_paid_the_paid_part_first_and_never_more_than_it_owes(club):
    up(club)
    stay = owing(club, 105000)
    with pytest.raises(Refused, match="The folio owes"):
        pay(club, stay, 105001)
    pay(club, stay, 30000)
    assert has(club) == (70000, 10000)
    pay(club, stay, 75000)
    assert has(club) == (0, 5000)
    lines = club.ask(folios.folio_lines, stay_id=stay)
    assert [(x.code, x.paid) for x in lines if x.code.startswith("STORED")] == [
        ("STORED", 30000),
        ("STORED", 70000),
        ("STOREDGIFT", 5000),
    ]
    money(club, folio_service.charge, stay_id=stay, code="MINIBAR", amount=Money(9000))
    with pytest.raises(Refused, match="M-1 has 50.00 of stored value"):
        pay(club, stay, 9000)
    assert books(club) == {"STORED": 0, "STOREDGIFT": 5000}


def test_half_by_stored_value_and_half_in_cash_checks_out_at_zero(club):
    up(club)
    stay = owing(club, 30000)
    pay(club, stay, 15000)
    money(club, stays.check_out, stay_id=stay, payments=[stays.Paid("CASH", Money(15000))])
    assert sum(sum_ for _code, sum_ in codes(club, stay)) == 30000
    with pytest.raises(Refused, match="settled"):
        money(club, service.take_back, row_id=2, reason="too late")


def test_a_payment_is_taken_back_once_and_only_here(club):
    up(club)
    stay = owing(club, 105000)
    made = pay(club, stay, 105000)
    line = next(x for x in club.ask(folios.folio_lines, stay_id=stay) if x.code == "STOREDGIFT")
    with pytest.raises(Refused, match="on the page Members"):
        money(club, folio_service.void, transfer_id=line.id, reason="wrong")
    money(club, service.take_back, row_id=made, reason="wrong guest")
    assert has(club) == (100000, 10000)
    with pytest.raises(Conflict, match="taken back already"):
        money(club, service.take_back, row_id=made, reason="again")
    with pytest.raises(Refused, match="Only a payment"):
        money(club, service.take_back, row_id=1, reason="no")
    assert sum(x.charge - x.paid for x in club.ask(folios.folio_lines, stay_id=stay)) == 105000
    assert found(club) == []


def test_a_check_in_is_not_taken_back_over_a_members_money(club):
    up(club)
    stay = owing(club)
    used = pay(club, stay, 1000)
    with pytest.raises(Refused, match=r"10\.00 of this folio was paid with stored value or points"):
        money(club, stays.undo_check_in, stay_id=stay, reason="wrong guest")
    assert (has(club), found(club)) == ((99000, 10000), [])
    money(club, service.take_back, row_id=used, reason="wrong guest")
    money(club, stays.undo_check_in, stay_id=stay, reason="wrong guest")
    assert (has(club), books(club), found(club)) == (
        (100000, 10000),
        {"STORED": 100000, "STOREDGIFT": 10000},
        [],
    )


def test_another_clerks_payment_is_taken_back_with_authority(club):
    up(club)
    made = pay(club, owing(club), 30000)
    club.clerk = person(club, "clerk")
    with pytest.raises(NeedsApproval, match="Taking back a payment with stored value of M-1"):
        money(club, service.take_back, row_id=made, reason="wrong")


# ------------------------------------------------------------------ given back
def test_the_paid_part_goes_back_the_way_it_came_and_takes_its_gift_along(club):
    up(club, 100000, "MOBILE")
    with pytest.raises(Refused, match="1,?000.00 was paid and can be given back"):
        give_back(club, 100001)
    with pytest.raises(Refused, match="Say why"):
        give_back(club, 1, reason=" ")
    give_back(club, 40000)
    assert has(club) == (60000, 6000)
    clerk, boss = person(club, "clerk"), club.clerk
    club.clerk = clerk
    with pytest.raises(NeedsApproval, match="another way"):
        give_back(club, 60000, "CASH")
    club.clerk = boss
    give_back(club, 60000)
    assert (has(club), books(club)) == ((0, 0), {"STORED": 0, "STOREDGIFT": 0})


def give_back(house: House, amount: int, method: str = "MOBILE", reason: str = "moves away") -> int:
    return money(
        house, service.refund, number=house.number, amount=Money(amount), method=method, reason=reason
    )


def test_a_membership_with_money_in_it_does_not_end_and_a_gift_left_goes_with_it(club):
    up(club)
    say = {"number": club.number, "confirmed": frozenset({f"end:{club.number}"})}
    with pytest.raises(Refused, match="has 1,?000.00 of stored value"):
        club.do(service.end, **say)
    pay(club, owing(club, 100000), 100000)
    club.do(service.end, **say)
    assert (has(club), books(club)) == ((0, 0), {"STORED": 0, "STOREDGIFT": 0})


def test_who_may_not_take_or_give_money_does_neither(club):
    up(club)
    clerk = person(club, "clerk")
    club.do(staff.edit_role, code="clerk", rights=["members:work", "guests:read"])
    club.clerk = clerk
    for call in (lambda: up(club), lambda: give_back(club, 1, "CASH")):
        with pytest.raises(NotPermitted):
            call()


# ------------------------------------------------------------------ papers
def test_the_statement_prints_on_roll_and_sheet(club):
    up(club)
    stay = owing(club, 30000)
    pay(club, stay, 30000)
    for sheet in (False, True):
        club.do(service.print_statement, number=club.number, sheet=sheet)
    kinds = club.ask(lambda s: list(s.scalars(text("SELECT kind FROM print_job ORDER BY id"))))
    assert kinds[-2:] == ["stored_slip", "stored_sheet"]
    assert kinds.count("stored_receipt") == 2
    told = [(r.kind, r.paid, r.gift) for r in club.ask(stored.rows, member_id=row(club, club.number).id)]
    assert told == [("charge", 100000, 10000), ("use", -30000, 0)]


# ------------------------------------------------------------------ the schema and the audit
@pytest.mark.parametrize("part", ["paid", "gift"])
def test_the_schema_itself_keeps_stored_value_from_falling_below_zero(club, part):
    up(club)
    with pytest.raises(Exception, match="never_below_zero"), club.engine.begin() as connection:
        connection.execute(text(f"UPDATE member_purse SET {part} = -1"))


def test_what_was_touched_past_the_program_is_found_with_its_sum(club):
    up(club)
    with club.engine.begin() as connection:
        connection.execute(text("UPDATE member_purse SET paid = paid + 700"))
    assert found(club) == [
        ("Stored value: members have 1,007.00, the books owe 1,000.00", 700),
        ("M-1 Wang Yaqin", 700),
    ]


@pytest.mark.parametrize("place", PLACES)
def test_two_desks_cannot_both_spend_the_last_hundred(postgres, place):
    """The second waits and is told that the money is gone, wherever the first one stops."""
    first = builders.office(postgres, found=False)
    second = builders.office(open_engine(postgres.url, SECRET), found=False)
    second.station, second.clock, second.ids = "desk-2", first.clock, lambda: "other-1"
    set_options(first, **STORED)
    first.number = join(first)
    up(first, 10000)
    stay, other = owing(first, 20000), owing(first, 20000, "302")
    wish = {"number": first.number, "amount": Money(10000)}
    one, two, waited = forced(
        first,
        lambda: first.do(service.pay, intent="one", stay_id=stay, **wish),
        lambda: second.do(service.pay, intent="two", stay_id=other, **wish),
        place,
    )
    second.engine.dispose()
    assert (one.defect, two.defect, one.done, two.done, waited) == (None, None, True, False, True)
    assert two.said == "M-1 has 0.00 of stored value."
    assert (has(first), books(first)["STORED"]) == ((0, 0), 0)


# ------------------------------------------------------------------ any order
ACTS = st.lists(
    st.tuples(st.sampled_from(["up", "pay", "refund", "back", "lose", "day"]), st.integers(1, 150000)),
    max_size=9,
)


@given(acts=ACTS)
def test_in_any_order_no_balance_is_negative_and_all_cards_make_the_liability(fresh, acts):
    with fresh() as house:
        set_options(house, **STORED, odd_amount=0)
        house.number = join(house, card="88001234", method="CASH")
        other = join(house, "Li Na", "13900139000", of=SILVER)
        stay, uses = guest_in(house, Person("Wang Yaqin", phone=PHONE), nights=9), []
        for n, (act, amount) in enumerate(acts):
            house.number = other if n % 3 == 2 else 1
            with suppress(Refused):
                _do(house, act, amount, stay, uses)
            every = [has(house, number) for number in (1, other)]
            assert all(part >= 0 for two in every for part in two)
            owed = books(house)
            assert (owed["STORED"], owed["STOREDGIFT"]) == tuple(map(sum, zip(*every, strict=True)))
        assert found(house) == []
        assert house.look(lambda s: list(proof.faults(s))) == []


def _do(house: House, act: str, amount: int, stay: int, uses: list[int]) -> None:
    if act == "up":
        up(house, amount)
    elif act == "pay":
        money(house, folio_service.charge, stay_id=stay, code="MINIBAR", amount=Money(amount))
        uses.append(pay(house, stay, amount))
    elif act == "refund":
        give_back(house, amount, "CASH")
    elif act == "back" and uses:
        money(house, service.take_back, row_id=uses[amount % len(uses)], reason="wrong")
    elif act == "lose":
        money(house, service.lose_card, number=house.number)
        money(house, service.replace_card, number=house.number, card=f"99{amount:06}", method="CASH")
    elif act == "day":
        house.next_day()


def test_who_leaves_with_a_balance_is_told_what_stored_value_can_pay(club):
    stay = owing(club, 30000)
    assert club.ask(stored.leaving, stay_id=stay) == []
    up(club, 20000)
    number = club.number
    assert [one.words for one in club.ask(stored.leaving, stay_id=stay)] == [
        f"Gold Wang Yaqin, M-{number}, has 200.00 of stored value: 200.00 can be paid by it."
    ]
    told = club.look(lambda s: club.offers.gather(offers.leaving, s, stay_id=stay))
    [one] = (one for one in told if "stored value" in one.words)
    assert (one.page, one.what) == ("members", {"number": number, "pays_for": stay})
    pay(club, stay, 20000)
    assert club.ask(stored.leaving, stay_id=stay) == []
    up(club, 50000)
    assert "has 500.00 of stored value: 100.00 can be paid" in club.ask(stored.leaving, stay_id=stay)[0].words
    pay(club, stay, 10000)
    assert club.ask(stored.leaving, stay_id=stay) == []
    money(club, folio_service.charge, stay_id=stay, code="MINIBAR", amount=Money(100))
    set_options(club, stored_value=False)
    assert club.ask(stored.leaving, stay_id=stay) == []
