"""Item rental: lent against a deposit, back once, damaged and lost at a price; and what other duties ask."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pms import duties
from pms.core import offers
from pms.core.clock import at
from pms.core.errors import Conflict, NeedsApproval, NotPermitted, Refused
from pms.core.money import Money
from pms.services.folios import queries as folios
from pms.services.folios import service as folio_service
from pms.services.night_audit.checks import Tonight
from pms.services.rental import checks, kept, queries, service
from pms.services.stays import service as stays
from tests.authority.people import person
from tests.builders import DAY, TODAY, House
from tests.property.test_settings import set_options

WHEELCHAIR = {"name": "Wheelchair", "pieces": 2, "deposit": Money(50000), "price": Money(80000)}
CHARGER = {"name": "Charger", "pieces": 5, "deposit": Money(0), "price": Money(6000)}


def guest_in(house: House, room: str = "301", nights: int = 2) -> int:
    line = house.book(nights=nights)
    return house.do(stays.check_in, line_id=line, room_id=house.room_id(room), intent=house.new_intent())


def money(house: House, operation, **fields):
    return house.do(operation, intent=house.new_intent(), **fields)


def lend(house: House, item: dict = WHEELCHAIR, stay: int | None = None, **fields) -> int:
    """Lend an item, which is set up where it is not there yet, to a guest, who is checked in likewise."""
    found = [i.id for i in house.ask(queries.items) if i.name == item["name"]]
    item_id = found[0] if found else house.do(service.add_item, **item)
    stay = guest_in(house) if stay is None else stay
    return money(house, service.lend, stay_id=stay, item_id=item_id, method="CASH", **fields)


def held(house: House, stay: int) -> Money:
    return house.do(lambda work: folio_service.deposit_held(work, stay))


def lines(house: House, stay: int) -> list[tuple[str, int]]:
    return [(line.code, line.charge) for line in house.ask(folios.folio_lines, stay_id=stay)]


def out(house: House) -> list[tuple[str, int]]:
    return [(r.item, r.out) for r in house.ask(queries.out)]


def kinds(house: House) -> list[str]:
    from sqlalchemy import select

    from pms.db.base import PrintJob

    return house.look(lambda s: list(s.scalars(select(PrintJob.kind).order_by(PrintJob.id))))


# ------------------------------------------------------------------ lending
def test_an_item_is_lent_against_its_deposit_with_a_slip(house):
    stay = guest_in(house)
    number = lend(house, stay=stay, pieces=2)
    [row] = house.ask(queries.out)
    assert (row.shown, row.room, row.guest, row.item, row.out) == (
        "L-1",
        "301",
        "Wang Yaqin",
        "Wheelchair",
        2,
    )
    assert (row.deposit, row.slip[:2], held(house, stay)) == (100000, "D-", 100000)
    assert row.due_at == house.now() + timedelta(hours=24)
    assert (number, kinds(house)[-2:]) == (1, ["deposit_receipt", "rental_slip"])


def test_it_is_due_by_check_out_at_the_latest(house):
    set_options(house, rental_hours=100)
    lend(house)
    [row] = house.ask(queries.out)
    assert row.due_at == at(TODAY + 2 * DAY, "12:00", "Asia/Shanghai")
    set_options(house, rental_hours=5)
    lend(house, stay=row.stay_id)
    assert min(r.due_at for r in house.ask(queries.out)) == house.now() + timedelta(hours=5)


def test_an_item_without_deposit_takes_no_money(house):
    stay = guest_in(house)
    lend(house, CHARGER, stay)
    assert (held(house, stay), house.ask(queries.out)[0].slip) == (0, "")


def test_no_more_is_lent_than_is_here(house):
    lend(house, pieces=2)
    with pytest.raises(Refused, match="Of Wheelchair, 0 of 2 are here"):
        lend(house, stay=guest_in(house, "302"))


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"pieces": 0}, "one piece or more"),
        ({"due_at": -1}, "before now"),
        ({"stay_id": 99}, "in house only"),
    ],
)
def test_what_cannot_be_is_refused(house, fields, why):
    if "due_at" in fields:
        fields = {"due_at": house.now() - timedelta(minutes=1)}
    item = house.do(service.add_item, **WHEELCHAIR)
    asked = {"stay_id": guest_in(house), "item_id": item, "method": "CASH"} | fields
    with pytest.raises(Refused, match=why):
        money(house, service.lend, **asked)
    assert out(house) == []


def test_a_guest_keeps_it_longer(house):
    number = lend(house)
    later = house.now() + timedelta(hours=30)
    house.do(service.extend, number=number, due_at=later)
    assert house.ask(queries.rental, number=number).due_at == later
    with pytest.raises(Refused, match="before now"):
        house.do(service.extend, number=number, due_at=house.now())


# ------------------------------------------------------------------ coming back
def test_the_last_piece_brings_the_deposit_back_the_way_it_came(house):
    stay = guest_in(house)
    number = lend(house, stay=stay, pieces=2)
    assert money(house, service.take_back, number=number, pieces=1, seen=2) == 1
    assert held(house, stay) == 100000
    assert money(house, service.take_back, number=number, seen=1) == 0
    assert (held(house, stay), out(house)) == (0, [])
    row = house.ask(queries.rental, number=number)
    told = [(r.pieces, r.how, r.refunded) for r in house.ask(queries.returns, rental_id=row.id)]
    assert told == [(1, "good", 0), (1, "good", 100000)]
    assert [r.number for r in house.ask(queries.returned_on, business_date=TODAY)] == [number]


def test_without_the_slip_a_declaration_is_printed(house):
    money(house, service.take_back, number=lend(house), slip_back=False)
    assert kinds(house)[-1] == "loss_declaration"


def test_nothing_comes_back_twice(house):
    number = lend(house)
    money(house, service.take_back, number=number)
    with pytest.raises(Conflict, match=r"L-1 came back already, 20 Nov 14:30"):
        money(house, service.take_back, number=number)
    with pytest.raises(Refused, match="no rental L-9"):
        money(house, service.take_back, number=9)


def test_another_desk_that_was_faster_is_told(house):
    number = lend(house, pieces=2)
    money(house, service.take_back, number=number, pieces=1)
    with pytest.raises(Conflict, match="1 are out"):
        money(house, service.take_back, number=number, pieces=1, seen=2)
    with pytest.raises(Refused, match="at most so many"):
        money(house, service.take_back, number=number, pieces=2, seen=1)


def test_a_damaged_piece_is_charged_and_keeps_the_deposit_for_the_check_out(house):
    stay = guest_in(house)
    number = lend(house, stay=stay)
    money(house, service.take_back_damaged, number=number, charge=Money(12000), remark="wheel bent")
    assert ("DAMAGE", 12000) in lines(house, stay)
    assert (held(house, stay), out(house), kinds(house)[-1]) == (50000, [], "rental_charge")


@pytest.mark.parametrize(
    ("charge", "remark", "why"),
    [(0, "bent", "at most the price, 800.00"), (80001, "bent", "at most the price"), (1, " ", "Say what")],
)
def test_a_damage_has_a_reason_and_a_price_within_the_items(house, charge, remark, why):
    number = lend(house)
    with pytest.raises(Refused, match=why):
        money(house, service.take_back_damaged, number=number, charge=Money(charge), remark=remark)


def test_what_is_lost_is_charged_at_its_price_and_is_the_houses_no_more(house):
    stay = guest_in(house)
    number = lend(house, stay=stay, pieces=2)
    assert money(house, service.write_off, number=number, pieces=1) == 1
    assert ("DAMAGE", 80000) in lines(house, stay)
    [item] = house.ask(queries.items)
    assert (item.pieces, item.out, item.free) == (1, 1, 0)


def test_less_than_the_price_needs_a_reason_and_authority(house):
    number = lend(house)
    with pytest.raises(Refused, match="Say why less"):
        money(house, service.write_off, number=number, charge=Money(0))
    boss = house.clerk
    house.clerk = person(house, "clerk")
    with pytest.raises(NeedsApproval, match="Wheelchair lost, L-1: 800.00 not charged"):
        money(house, service.write_off, number=number, charge=Money(0), remark="fire alarm")
    house.clerk = boss
    money(house, service.write_off, number=number, charge=Money(0), remark="fire alarm")
    assert out(house) == []


@given(taken=st.lists(st.tuples(st.integers(1, 3), st.sampled_from(["good", "damaged", "lost"])), max_size=4))
def test_no_piece_is_lost_count_of(fresh, taken):
    """Out and here are always all the house has, and the deposit goes back at most once."""
    with fresh() as house:
        _take(house, taken)


def _take(house: House, taken: list[tuple[int, str]]) -> None:
    stay = guest_in(house)
    number = lend(house, {**CHARGER, "deposit": Money(1000)}, stay, pieces=4)
    left, lost, bad = 4, 0, False
    for pieces, how in taken:
        if pieces > left:
            continue
        if how == "good":
            money(house, service.take_back, number=number, pieces=pieces)
        elif how == "damaged":
            money(house, service.take_back_damaged, number=number, pieces=pieces, charge=Money(1), remark="x")
        else:
            money(house, service.write_off, number=number, pieces=pieces)
        left, lost, bad = left - pieces, lost + pieces * (how == "lost"), bad or how != "good"
        [item] = house.ask(queries.items)
        assert (item.out, item.pieces) == (left, 5 - lost)
        assert held(house, stay) == (0 if not left and not bad else 4000)


# ------------------------------------------------------------------ items
def test_an_item_is_changed_but_not_below_what_is_out(house):
    lend(house, pieces=2)
    [item] = house.ask(queries.items)
    fields = WHEELCHAIR | {"item_id": item.id, "active": False}
    with pytest.raises(Refused, match="2 of Wheelchair are out"):
        house.do(service.edit_item, **fields | {"pieces": 1})
    house.do(service.edit_item, **fields | {"pieces": 3})
    assert house.ask(queries.items)[0].free == 0
    with pytest.raises(Refused, match="no longer for loan"):
        lend(house, stay=guest_in(house, "302"))


@pytest.mark.parametrize(
    ("changed", "why"),
    [({"name": " "}, "a name"), ({"pieces": 100}, "0 to 99"), ({"price": Money(-1)}, "0 or more")],
)
def test_an_item_has_a_name_pieces_and_sums(house, changed, why):
    with pytest.raises(Refused, match=why):
        house.do(service.add_item, **WHEELCHAIR | changed)


def test_two_items_have_two_names(house):
    house.do(service.add_item, **WHEELCHAIR)
    with pytest.raises(Conflict, match="item of this name"):
        house.do(service.add_item, **WHEELCHAIR)


def test_only_who_leads_changes_items_and_an_attendant_lends_nothing(house):
    number, attendant = lend(house), person(house, "attendant")
    house.clerk = person(house, "clerk")
    with pytest.raises(NotPermitted):
        house.do(service.add_item, **CHARGER)
    house.clerk = attendant
    with pytest.raises(NotPermitted):
        money(house, service.take_back, number=number)


# ------------------------------------------------------------------ what others ask
def test_the_guest_is_reminded_the_shift_hands_it_over_and_the_search_finds_it(house):
    stay = guest_in(house)
    number = lend(house, stay=stay)
    assert [one.words for one in house.ask(queries.leaving, stay_id=stay)] == [
        "L-1: Wheelchair, 1 piece out."
    ]
    [item] = house.ask(queries.handover)
    assert (item.word, item.number) == ("rental", "L-1")
    assert item.text == "301 Wang Yaqin, Wheelchair, 1 piece out, due 21 Nov 14:30"
    for text in ("L-1", "wheel", "301", "wang yaqin"):
        [hit] = house.ask(queries.search, text=text)
        assert (hit.word, hit.what) == ("rental", {"number": number})
    money(house, service.take_back, number=number)
    assert house.ask(queries.leaving, stay_id=stay) == house.ask(queries.handover) == []
    assert [h.sub for h in house.ask(queries.search, text="L-1")] == ["Wheelchair, returned"]
    assert house.ask(queries.search, text="wheel") == []


def test_a_rental_waits_from_two_hours_before_it_is_due(house):
    number = lend(house)
    [rental] = house.ask(queries.out)
    assert house.ask(queries.waiting, now=rental.due_at - timedelta(hours=2, minutes=1)) == []
    [due] = house.ask(queries.waiting, now=rental.due_at - timedelta(hours=2))
    assert (due.word, due.what, due.at) == ("rental", {"number": number}, rental.due_at)
    assert due.amount == (rental.deposit or None)


def test_the_audit_finds_what_is_overdue_with_its_price(house):
    number = lend(house)
    assert checks.CHECK in duties.offered().of(offers.audit_check)
    assert house.look(lambda s: list(checks._find(Tonight(s, TODAY)))) == []
    [found] = house.look(lambda s: list(checks._find(Tonight(s, TODAY + DAY))))
    assert (found.title, found.amount) == ("301: Wheelchair, 1 piece out", 80000)
    assert found.detail == "Wang Yaqin, due 21 Nov 14:30"
    assert (found.remedy.page, found.remedy.what) == ("rental", {"number": number})


def test_what_is_kept_of_a_guest_names_the_rental_and_who_has_one_is_still_needed(house):
    stay = guest_in(house)
    number = lend(house, stay=stay)
    [told] = house.ask(kept.kept_of, stay_ids=[stay], line_ids=[], phone="")
    assert [(r["Number"], r["Item on loan"], r["Out"]) for r in told.rows] == [("L-1", "Wheelchair", 1)]
    assert [(s.stay_id, "L-1" in s.why) for s in house.ask(kept.still_needed, stay_ids=[stay])] == [
        (stay, True)
    ]
    money(house, service.take_back, number=number)
    assert house.ask(kept.still_needed, stay_ids=[stay]) == []
