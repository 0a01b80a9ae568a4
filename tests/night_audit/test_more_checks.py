"""What the audit tells of authority, money and registration: each is planted and found with its money, and is
silent where nothing is wrong; on both engines."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from pms.core.authority import Kind, Limit
from pms.core.errors import NeedsApproval, NeedsConfirmation
from pms.core.money import Money
from pms.db.base import table_of
from pms.services.authority import service as authority
from pms.services.authority.models import AuthorityUse
from pms.services.cards import service as cards
from pms.services.cards.models import Card
from pms.services.folios import service as folios
from pms.services.guests.person import Person
from pms.services.property import service as property_
from pms.services.reservations import service as reservations
from pms.services.shifts import service as shifts
from pms.services.shop import queries as shop_queries
from pms.services.shop import service as shop
from pms.services.shop.service import Back, Delivered, Item
from pms.services.stays import service as stays
from pms.services.stays.service import Paid
from tests.authority.people import person
from tests.builders import TODAY, House
from tests.night_audit.test_checks import CHECKS, DAY, find, plant, stay_in

ID_A = "11010519491231002X"
CASH, MOBILE = "CASH", "MOBILE"
NEW = (
    "extended",
    "authority",
    "other_way",
    "same_document",
    "cards_out",
    "advances",
    "over_short",
    "odd_amounts",
)


def told(house: House, kind: str) -> list[tuple[int | None, int]]:
    return [(f.stay_id, f.amount) for f in find(house).get(kind, [])]


def pay(house: House, operation, **fields):
    """Do what moves money; the clerk has read a large amount again."""
    amount = fields.get("amount", fields.get("float_amount", 0))
    fields["confirmed"] = fields.get("confirmed", frozenset()) | {f"odd_amount:{amount}"}
    return house.do(operation, intent=house.new_intent(), **fields)


def test_a_night_in_order_says_nothing_of_these(house):
    stay = stay_in(house, "301", deposit=Paid(CASH, Money(40000)))
    gone = stay_in(house, "302", nights=1, deposit=Paid(MOBILE, Money(10000)))
    pay(house, folios.charge, stay_id=stay, code="MINIBAR", amount=Money(1200))
    pay(house, stays.check_out, stay_id=gone, refund=Paid(MOBILE, Money(10000)))
    found = find(house)
    assert [kind for kind in NEW if kind in found] == []
    assert set(NEW) <= {check.kind for check in CHECKS}


def test_who_was_extended_and_left_the_same_day_is_told_with_who_did_it(house):
    stay = stay_in(house, "301", nights=1, deposit=None)
    kept = stay_in(house, "302", nights=2)
    house.next_day()
    house.clock.set(TODAY + DAY, 11)
    house.do(stays.extend, stay_id=stay, departure=TODAY + 2 * DAY)
    house.do(stays.extend, stay_id=kept, departure=TODAY + 3 * DAY)
    assert told(house, "extended") == []  # nobody has left yet
    pay(house, stays.check_out, stay_id=stay, payments=[Paid(CASH, Money(29800))])
    [found] = find(house)["extended"]
    assert (found.stay_id, found.amount, found.detail) == (
        stay,
        29800,
        "Zhang Li extended from 21 Nov to 22 Nov",
    )


def test_what_is_beyond_the_limit_and_what_is_on_nobodys_authority(house):
    free = stay_in(house, "301", kind="comp")
    assert told(house, "authority") == []
    house.do(authority.set_limit, kind="free", role="owner", limit=Limit(amount=Money(10000)))
    assert told(house, "authority") == [(free, 29800 * 2)]
    house.do(authority.set_limit, kind="free", role="owner", limit=Limit())
    smuggled = stay_in(house, "302")
    plant(house, f"UPDATE stay SET kind = 'house' WHERE id = {smuggled}")
    assert told(house, "authority") == [(smuggled, 29800)]
    house.do(_plant_use, by_id=person(house, "clerk").id, stay_id=smuggled)
    assert (smuggled, 14900) in told(house, "authority")


def _plant_use(work, *, by_id, stay_id):
    work.session.execute(
        insert(table_of(AuthorityUse)),
        {
            "business_date": work.business_date,
            "at": work.now,
            "kind": Kind.WAIVER.value,
            "what": "x",
            "percent": 5000,
            "amount": 14900,
            "clerk_id": by_id,
            "by_id": by_id,
            "action": "stays:check_out",
            "stay_id": stay_id,
        },
    )


# ------------------------------------------------------------------ money back
def test_money_goes_back_the_way_it_came_and_otherwise_only_with_authority(house):
    stay = stay_in(house, "301", nights=0, deposit=Paid(MOBILE, Money(30000)))
    owner, house.clerk = house.clerk, person(house, "clerk")
    with pytest.raises(NeedsApproval, match="300.00 back as Cash, of which 300.00 came another way"):
        pay(house, stays.check_out, stay_id=stay, refund=Paid(CASH, Money(30000)))
    with pytest.raises(NeedsApproval, match="100.00 back as Cash"):
        pay(house, folios.refund_deposit, stay_id=stay, method=CASH, amount=Money(10000), slip_back=True)
    pay(house, folios.refund_deposit, stay_id=stay, method=MOBILE, amount=Money(10000), slip_back=True)
    assert told(house, "other_way") == []
    pay(
        house,
        stays.check_out,
        stay_id=stay,
        refund=Paid(CASH, Money(20000)),
        approval=owner,
    )
    assert told(house, "other_way") == [(stay, 20000)]


def test_an_advance_goes_back_the_way_it_came_before_and_after_the_check_in(house):
    line, other = house.book(), house.book(nights=0)
    pay(house, reservations.take_advance, line_id=line, method="WIRE", amount=Money(50000))
    pay(house, reservations.take_advance, line_id=other, method="WIRE", amount=Money(20000))
    stay = pay(house, stays.check_in, line_id=other, room_id=house.room_id("302"))
    owner, house.clerk = house.clerk, person(house, "clerk")
    with pytest.raises(NeedsApproval, match="500.00 back as Cash"):
        pay(house, reservations.return_advance, line_id=line, method=CASH, amount=Money(50000))
    with pytest.raises(NeedsApproval, match="200.00 back as Cash"):
        pay(house, stays.check_out, stay_id=stay, refund=Paid(CASH, Money(20000)))
    pay(house, stays.check_out, stay_id=stay, refund=Paid("WIRE", Money(20000)))
    assert told(house, "other_way") == []
    pay(
        house,
        reservations.return_advance,
        line_id=line,
        method=CASH,
        amount=Money(50000),
        approval=owner,
    )
    [found] = find(house)["other_way"]
    assert (found.amount, found.title[:2], found.remedy.page) == (50000, "R-", "reservations")


def test_goods_are_paid_back_as_they_were_paid(house):
    cola = house.do(shop.set_good, name="Cola", price=Money(800))
    house.do(shop.receive, lines=[Delivered(cola, 50)], reference="DN-1")
    number = pay(house, shop.sell, lines=[Item(cola, 2)], method=MOBILE)
    [line] = house.ask(shop_queries.sold, sale_id=house.ask(shop_queries.sale, number=number).id)
    house.clerk = person(house, "clerk")
    back = {"number": number, "lines": [Back(line.move_id, 1)], "reason": "warm"}
    with pytest.raises(NeedsApproval, match="8.00 back as Cash"):
        pay(house, shop.take_back, method=CASH, **back)
    pay(house, shop.take_back, **back)


def test_money_taken_over_from_the_books_before_may_go_back_by_any_way(house):
    stay = stay_in(house, "301", nights=0, deposit=None)
    pay(house, folios.opening_balance, stay_id=stay, amount=Money(0), deposit_held=Money(20000))
    house.clerk = person(house, "clerk")
    pay(house, stays.check_out, stay_id=stay, refund=Paid(CASH, Money(20000)))
    assert told(house, "other_way") == []


# ------------------------------------------------------------------ who is registered
def test_the_second_guests_document_is_looked_at_too(house):
    line = house.book()
    guests = [Person("Li Na", document_type="id_card", document=ID_A), Person("Wang Min")]
    stay = pay(house, stays.check_in, line_id=line, room_id=house.room_id("301"), guests=guests)
    [found] = find(house)["identity"]
    assert (found.stay_id, found.title) == (stay, "301: 1 guest without a document")


def test_one_document_in_two_rooms_is_told_once_with_both_rooms(house):
    def come(room: str, **more) -> int:
        guest = [Person("Li Na", document_type="id_card", document=ID_A)]
        return pay(
            house, stays.check_in, line_id=house.book(), room_id=house.room_id(room), guests=guest, **more
        )

    come("301")
    with pytest.raises(NeedsConfirmation) as asked:
        come("302")
    assert "same_document" not in find(house)
    stay = come("302", confirmed=frozenset({asked.value.token}))
    assert [f.title for f in find(house)["same_document"]] == ["One document in 301, 302"]
    pay(house, stays.check_out, stay_id=stay)
    assert "same_document" not in find(house)


@pytest.mark.parametrize(
    ("leaving", "found"),
    [
        ({"cards_back": 2}, 0),
        ({"cards_back": 0, "payments": [Paid(CASH, Money(4000))]}, 0),  # charged
        ({"cards_back": 1, "waive_cards": "a regular"}, 2000),
        ({}, 4000),  # nobody counted
    ],
)
def test_cards_that_did_not_come_back_are_told_until_they_are_paid(house, leaving, found):
    stay = stay_in(house, "301", nights=0, cards_wanted=2, deposit=None)
    for card in house.ask(lambda s: s.scalars(select(Card.id)).all()):
        house.do(cards.encoded, card_id=card, uid=f"u{card}")
    pay(house, stays.check_out, stay_id=stay, **leaving)
    assert told(house, "cards_out") == ([(stay, found)] if found else [])


def test_a_card_exchanged_in_a_room_change_is_not_missed(house):
    stay = stay_in(house, "301", nights=0, deposit=None, cards_wanted=1)

    def cut() -> None:
        for card in house.ask(lambda s: s.scalars(select(Card.id).where(Card.state == "pending")).all()):
            house.do(cards.encoded, card_id=card, uid=f"u{card}")

    cut()
    assert house.ask(lambda s: s.scalars(select(Card.uid)).all()) == ["u1"]
    house.do(stays.change_room, stay_id=stay, room_id=house.room_id("303"), reason="noise")
    house.clock.now += timedelta(minutes=30)
    cut()
    pay(house, stays.check_out, stay_id=stay, cards_back=1)
    assert "cards_out" not in find(house)


# ------------------------------------------------------------------ money held and missing
def test_an_advance_of_a_lost_booking_is_told_until_it_is_gone(house):
    line, noshow, kept = house.book(), house.book(), house.book(start=TODAY + 5 * DAY)
    for one, amount in ((line, 50000), (noshow, 30000), (kept, 20000)):
        pay(house, reservations.take_advance, line_id=one, method=CASH, amount=Money(amount))
    house.do(reservations.cancel, line_id=line, reason="ill")
    assert told(house, "advances") == [(None, 50000)]
    house.next_day()
    assert sorted(amount for _stay, amount in told(house, "advances")) == [30000, 50000]
    pay(house, reservations.return_advance, line_id=line, method=CASH, amount=Money(50000))
    assert told(house, "advances") == [(None, 30000)]


@pytest.mark.parametrize(("over_short", "found"), [(5000, []), (5100, [5100]), (-5100, [5100])])
def test_a_drawer_over_or_short_beyond_the_limit_is_told(house, over_short, found):
    house.do(
        property_.edit, name="x", options=replace(house.context_options(), shifts=True, shop_count=False)
    )
    shift = pay(house, shifts.open_shift, float_amount=Money(100000))
    notes, rest = divmod(100000 + over_short, 10000)
    house.do(shifts.count, shift_id=shift, pieces={"10000": notes, "100": rest // 100})
    pay(house, shifts.close, shift_id=shift, left=Money(0), reason="counted twice")
    assert [f.amount for f in find(house).get("over_short", [])] == found
    assert "odd_amounts" not in find(house)


def test_a_float_of_millions_is_out_of_proportion(house):
    house.do(
        property_.edit, name="x", options=replace(house.context_options(), shifts=True, shop_count=False)
    )
    pay(house, shifts.open_shift, float_amount=Money(500200000))
    assert told(house, "odd_amounts") == [(None, 500200000)]


@pytest.mark.parametrize(("amount", "found"), [(100000, False), (100001, True)])
def test_an_amount_above_the_houses_bound_is_odd_without_any_history(house, amount, found):
    stay = stay_in(house, "301")
    pay(house, folios.charge, stay_id=stay, code="MISC", amount=Money(amount))
    assert told(house, "odd_amounts") == ([(stay, amount)] if found else [])


@pytest.mark.parametrize(("amount", "found"), [(12000, False), (12001, True)])
def test_ten_times_the_largest_of_its_kind_is_odd(house, amount, found):
    stay = stay_in(house, "301", nights=5)
    for one in (1200, 800):
        pay(house, folios.charge, stay_id=stay, code="MINIBAR", amount=Money(one))
    house.next_day()
    pay(house, folios.charge, stay_id=stay, code="LAUNDRY", amount=Money(90000))  # nothing to compare with
    pay(house, folios.charge, stay_id=stay, code="MINIBAR", amount=Money(amount))
    assert told(house, "odd_amounts") == ([(stay, amount)] if found else [])


def test_what_is_older_than_ninety_days_is_no_measure(house):
    stay = stay_in(house, "301", nights=5)
    pay(house, folios.charge, stay_id=stay, code="MINIBAR", amount=Money(1200))
    house.next_day()
    pay(house, folios.charge, stay_id=stay, code="MINIBAR", amount=Money(50000))
    assert told(house, "odd_amounts") == [(stay, 50000)]
    far = (TODAY + timedelta(days=92)).isoformat()
    plant(house, f"UPDATE property SET business_date = '{far}'")
    pay(house, folios.charge, stay_id=stay, code="MINIBAR", amount=Money(60000))
    assert told(house, "odd_amounts") == []
