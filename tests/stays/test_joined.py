"""Joined rooms: joined at check-in or by hand, paid together, left one by one, and never a coin lost."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from pms.core.errors import Conflict, Refused
from pms.core.money import Money
from pms.db.base import PrintJob
from pms.services.folios import queries as folios
from pms.services.folios import rules, service
from pms.services.room_board import queries as board
from pms.services.stays import joined, joining
from pms.services.stays import queries as stay_queries
from pms.services.stays import service as stays
from pms.services.stays.joining import Due
from pms.services.stays.service import Paid
from tests.builders import TODAY, House
from tests.folios.test_tax import charge, stay_in
from tests.folios.test_tax import rules as taxes
from tests.invariants import check_books

PAID = "4200001234202611301234567890"


def room_of(house: House, number: str, **fields) -> int:
    line = house.book(f"Guest {number}", nights=2)
    made: int = house.do(
        stays.check_in, line_id=line, room_id=house.room_id(number), intent=f"in{number}", **fields
    )
    return made


@pytest.fixture
def three(house: House) -> list[int]:
    """Three rooms; the first two are joined."""
    made = [room_of(house, number) for number in ("301", "302", "303")]
    house.do(joining.join, stay_id=made[0], with_stay_id=made[1])
    return made


def party(house: House, stay: int) -> list[str]:
    return [row.room for row in house.ask(joined.party, stay_id=stay, business_date=TODAY)]


def owed(house: House, stay: int) -> int:
    return sum(int(f.balance) for f in house.ask(folios.folios, stay_id=stay) if f.ledger == "guest")


def slips(house: House, kind: str) -> list[dict]:
    asked = select(PrintJob.slip).where(PrintJob.kind == kind).order_by(PrintJob.id)
    return house.ask(lambda session: list(session.scalars(asked)))


def test_rooms_are_joined_with_all_that_are_joined_already_and_parted_one_by_one(house, three):
    first, second, third = three
    assert party(house, first) == ["301", "302"]
    house.do(joining.join, stay_id=third, with_stay_id=second)
    assert party(house, third) == ["301", "302", "303"]
    with pytest.raises(Conflict, match="joined already"):
        house.do(joining.join, stay_id=first, with_stay_id=third, intent="again")
    house.do(joining.part, stay_id=first)  # it led: the next one does
    assert (party(house, first), party(house, second)) == ([], ["302", "303"])
    house.do(joining.part, stay_id=third, intent="last")
    assert party(house, second) == []
    with pytest.raises(Conflict, match="no other"):
        house.do(joining.part, stay_id=second, intent="none")
    with pytest.raises(Refused, match="other room"):
        house.do(joining.join, stay_id=first, with_stay_id=first, intent="self")


def test_two_parties_become_one(house, three):
    fourth = room_of(house, "304")
    house.do(joining.join, stay_id=three[2], with_stay_id=fourth)
    house.do(joining.join, stay_id=fourth, with_stay_id=three[0])
    assert party(house, three[1]) == ["301", "302", "303", "304"]


def test_rooms_of_one_booking_are_joined_as_they_come(house):
    from pms.services.reservations import queries as bookings
    from pms.services.reservations import service as reservations
    from pms.services.reservations.service import Wish

    room = house.ask(lambda s: s.execute(select_type("301")).one())
    wish = Wish(room.type_id, TODAY, TODAY + timedelta(days=2), plan_id=1)
    number = house.do(reservations.book, guest_name="Family", rooms=[wish, wish])
    lines = house.ask(bookings.lines_of, number=number)
    made = [
        house.do(stays.check_in, line_id=line, room_id=house.room_id(where), intent=where)
        for line, where in zip(lines, ("301", "302"), strict=True)
    ]
    assert party(house, made[0]) == ["301", "302"]
    tiles = {t.number: t.flags for t in house.ask(board.board)}
    assert "party" in tiles["301"]
    assert "party" in tiles["302"]
    house.do(stays.undo_check_in, stay_id=made[0], reason="wrong room", intent="undo")
    assert party(house, made[1]) == []
    assert [r.room for r in house.ask(stay_queries.in_house, business_date=TODAY)] == ["302"]


def select_type(number: str):
    from pms.services.rooms.models import Room

    return select(Room.type_id).where(Room.number == number)


def test_one_payment_is_taken_for_all_with_one_number_and_one_receipt(house, three):
    first, second, _third = three
    charge(house, first, 1500)
    charge(house, second, 2500)
    parts = [Due(first, Money(1500)), Due(second, Money(2500))]
    house.do(joining.pay_joined, parts=parts, method="WECHAT", reference=PAID, intent="pay")
    assert (owed(house, first), owed(house, second)) == (0, 0)
    [receipt] = slips(house, "receipt")
    assert "301 A 15.00, 302 A 25.00" in str(receipt)
    assert "40.00" in str(receipt)
    lines = house.ask(joined.lines, stay_ids=[first, second])
    assert {x.line.number for x in lines if x.line.paid} == {PAID}
    house.ask(check_books)


def test_only_joined_rooms_are_paid_together(house, three):
    first, second, third = three
    for parts, why in (
        ([Due(first, Money(10)), Due(third, Money(10))], "not joined"),
        ([Due(third, Money(10))], "not joined"),
        ([Due(first, Money(0))], "more than 0"),
        ([], "more than 0"),
        ([Due(first, Money(10)), Due(first, Money(10))], "named twice"),
        ([Due(first, Money(10), "B")], "no folio B"),
    ):
        with pytest.raises(Refused, match=why):
            house.do(joining.pay_joined, parts=parts, method="CASH", intent=f"{parts}")
    assert (owed(house, first), owed(house, second)) == (0, 0)


def test_who_leaves_first_hands_the_rest_over_and_goes_with_nothing_to_pay(house, three):
    first, second, _third = three
    house.do(service.take_deposit, stay_id=first, method="CASH", amount=Money(1000), intent="dep")
    charge(house, first, 1500)
    charge(house, first, 900, "LAUNDRY")
    moved = house.do(joining.hand_over, stay_id=first, to_stay_id=second, intent="over")
    assert moved == 1400
    assert (owed(house, first), owed(house, second)) == (1000, 1400)
    [slip] = slips(house, "transfer_slip")
    assert "Laundry" in str(slip)
    assert "14.00" in str(slip)
    with pytest.raises(Refused, match="owes nothing"):
        house.do(joining.hand_over, stay_id=first, to_stay_id=second, intent="again")
    house.do(stays.check_out, stay_id=first, waive_late="", intent="out")
    assert party(house, second) == ["302", "301"]  # who stays first, who has left behind
    assert house.ask(joined.beside, stay_id=second) == []
    with pytest.raises(Conflict, match="has left"):
        house.do(joining.hand_over, stay_id=second, to_stay_id=first, intent="gone")
    house.ask(check_books)


def test_the_check_out_is_told_who_stays_and_what_is_to_pay_there(house, three):
    first, second, _third = three
    charge(house, second, 2500)
    assert [one.words for one in house.ask(joined.leaving, stay_id=first)] == [
        "Joined with 302, which stays. 25.00 is to pay there."
    ]
    assert house.ask(joined.leaving, stay_id=three[2]) == []


@given(
    amounts=st.lists(st.integers(1, 9000), min_size=1, max_size=5),
    paid=st.integers(0, 6000),
    deposit=st.integers(0, 3000),
    points=st.sampled_from((0, 300, 600, 1300)),
    included=st.booleans(),
)
def test_no_coin_is_lost_or_made_when_the_rest_goes_over(fresh, amounts, paid, deposit, points, included):
    with fresh() as house:
        if points:
            taxes(house, points, included)
        first, second = stay_in(house), stay_in(house, "302")
        house.do(joining.join, stay_id=first, with_stay_id=second)
        for amount in amounts:
            charge(house, first, amount)
        if paid:
            house.do(service.pay, stay_id=first, method="CASH", amount=Money(paid), intent="paid")
        if deposit:
            house.do(service.take_deposit, stay_id=first, method="CASH", amount=Money(deposit), intent="dep")
        before = owed(house, first)
        tax = tax_of(house, first)
        due = before - deposit
        if due <= 0:
            with pytest.raises(Refused):
                house.do(joining.hand_over, stay_id=first, to_stay_id=second, intent="over")
            return
        moved = house.do(joining.hand_over, stay_id=first, to_stay_id=second, intent="over")
        assert owed(house, first) + owed(house, second) == before
        assert owed(house, second) == moved
        assert due - len(amounts) <= moved <= due
        if included or not points:
            assert moved == due
        assert tax_of(house, first) + tax_of(house, second) == tax
        house.ask(check_books)


def tax_of(house: House, stay: int) -> int:
    """Return the tax of a stay's charges, included or on top."""
    lines = house.ask(folios.folio_lines, stay_id=stay)
    on_top = sum(int(x.charge) for x in lines if x.code == "TAX")
    return on_top + int(house.ask(folios.tax_within, lines=lines))


def test_a_deposit_paid_at_check_in_stays_with_its_room(house, three):
    fourth = room_of(house, "304", deposit=Paid("CASH", Money(50000)))
    house.do(joining.join, stay_id=fourth, with_stay_id=three[0])
    rows = house.ask(joined.joined_here, business_date=TODAY)
    assert [int(r.deposit) for r in rows if r.stay_id == fourth] == [50000]


def test_one_room_pays_the_nights_of_all_that_are_joined(house, three):
    first, second, third = three
    house.do(joining.join, stay_id=third, with_stay_id=first, intent="third")
    house.do(rules.add_rule, stay_id=third, code="ROOM", to_stay_id=second, intent="own")
    assert house.do(joining.route_to, to_stay_id=first, intent="route") == 1  # the third keeps its rule
    house.next_day()
    assert [owed(house, stay) for stay in three] == [2 * 29800, 29800, 0]
    with pytest.raises(Refused, match="has a rule"):
        house.do(joining.route_to, to_stay_id=first, intent="again")
    house.do(joining.part, stay_id=second, intent="part")
    with pytest.raises(Refused, match="not joined"):
        house.do(joining.route_to, to_stay_id=second, intent="alone")
    house.ask(check_books)
