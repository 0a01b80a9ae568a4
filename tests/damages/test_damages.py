"""Damages: charged at the list's price and signed for, less by authority, seen by one who leads the desk."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from pms.core.errors import Conflict, NeedsApproval, NotPermitted, Refused
from pms.core.money import Money
from pms.db.base import PrintJob
from pms.services.damages import kept, queries, service
from pms.services.folios import service as folios
from pms.services.stays import service as stays
from tests.authority.people import person
from tests.builders import House
from tests.rental.test_rental import guest_in, lines, money

TOWEL = {"name": "Bath towel", "price": Money(6000)}


def priced(house: House, **item) -> int:
    return house.do(service.add_item, **TOWEL | item)


def charge(house: House, **fields) -> int:
    """Charge a towel to a guest in 301, where nothing else is said."""
    found = {i.name: i.id for i in house.ask(queries.items)}
    if not fields.keys() & {"item_id", "what"}:
        fields["item_id"] = found.get("Bath towel") or priced(house)
    if "stay_id" not in fields:
        fields["stay_id"] = guest_in(house)
    return money(house, service.charge, **fields)


def papers(house: House) -> list[PrintJob]:
    return house.look(lambda s: list(s.scalars(select(PrintJob).where(PrintJob.kind == "damage"))))


# ------------------------------------------------------------------ charging
def test_a_damage_is_charged_at_the_lists_price_and_signed_for_in_four_parts(house):
    stay = guest_in(house)
    number = charge(house, stay_id=stay, pieces=2, reason="burnt")
    [row] = house.ask(queries.unseen)
    assert (row.number, row.shown, row.room, row.guest) == (number, "DM-1", "301", "Wang Yaqin")
    assert (row.told, row.whole, row.charged, row.waived) == ("Bath towel × 2", 12000, 12000, 0)
    assert lines(house, stay) == [("DAMAGE", 12000)]
    [job] = papers(house)
    assert job.number == "DM-1"
    words = str(job.slip)
    for said in ("Bath towel", "burnt", "120.00", "Guest's signature", "Housekeeping copy"):
        assert said in words


def test_what_stands_on_no_list_has_its_words_and_its_price(house):
    stay = guest_in(house)
    charge(house, stay_id=stay, what=" painting ", price=Money(30000))
    assert [(r.what, r.charged) for r in house.ask(queries.unseen)] == [("painting", 30000)]
    with pytest.raises(Refused, match="Say what was damaged"):
        charge(house, stay_id=stay, what="  ", price=Money(1))
    for price in (None, Money(0), Money(-5)):
        with pytest.raises(Refused, match="price of one piece"):
            charge(house, stay_id=stay, what="door", price=price)


def test_less_than_the_price_needs_a_reason_and_authority(house):
    stay, item, owner = guest_in(house), priced(house), person(house, "owner")
    house.clerk = person(house, "clerk")
    fields = {"stay_id": stay, "item_id": item, "pieces": 3}
    with pytest.raises(Refused, match="Say why less"):
        charge(house, **fields, charged=Money(9000))
    with pytest.raises(NeedsApproval, match=r"DM-1 Bath towel: 90\.00 not charged"):
        charge(house, **fields, charged=Money(9000), reason="regular guest")
    assert lines(house, stay) == []
    assert papers(house) == []
    house.clerk = owner
    charge(house, **fields, charged=Money(0), reason="ours")
    [row] = house.ask(queries.unseen)
    assert (row.charged, row.waived, lines(house, stay)) == (0, 18000, [])
    assert "Not charged" in str(papers(house)[0].slip)


def test_more_than_the_price_is_never_charged(house):
    for wrong in (Money(6001), Money(-1)):
        with pytest.raises(Refused, match=r"At most the price is charged, 60\.00"):
            charge(house, stay_id=guest_in(house, "302" if wrong < 0 else "301"), charged=wrong)
    for pieces in (0, 100):
        with pytest.raises(Refused, match="1 to 99"):
            charge(house, stay_id=1, pieces=pieces)


def test_who_has_left_is_not_charged(house):
    stay = guest_in(house)
    money(house, stays.check_out, stay_id=stay, unsettled="later")
    with pytest.raises(Refused, match="guests in house"):
        charge(house, stay_id=stay)


def test_a_charge_taken_back_on_the_folio_is_taken_back_here(house):
    stay = guest_in(house)
    number = charge(house, stay_id=stay)
    posted = house.look(lambda s: s.scalars(text("SELECT transfer_id FROM damage")).one())
    money(house, folios.void, transfer_id=posted, reason="not this guest")
    found = house.ask(queries.damage, number=number)
    assert (found.back, found.charged) == (True, 6000)


@given(pieces=st.integers(1, 99), price=st.integers(1, 10**7), part=st.integers(0, 100))
def test_price_is_what_is_charged_and_what_is_not(pieces, price, part):
    whole = pieces * price
    row = queries.DamageRow(
        *(1, 1, 1, "301", "A", "cup", pieces, Money(whole), Money(whole * part // 100), "", None, "", None),
        *(False, None, "", ""),
    )
    assert row.charged + row.waived == whole


# ------------------------------------------------------------------ seen
def test_one_who_leads_the_desk_is_told_at_once_until_they_have_seen_it(house):
    stay, clerk, leader = guest_in(house), person(house, "clerk"), person(house, "supervisor")
    house.clerk = clerk
    with pytest.raises(NotPermitted):
        priced(house)
    house.clerk = leader
    item = priced(house)
    house.clerk = clerk
    number = charge(house, stay_id=stay, item_id=item)
    with pytest.raises(NotPermitted):
        house.do(service.see, number=number)
    house.clerk = leader
    [due] = house.ask(queries.waiting, now=house.now())
    assert (due.text, due.what, due.amount) == ("301: Bath towel damaged", {"number": number}, 6000)
    assert [(b.count, b.tone) for b in house.ask(queries.badges)] == [(1, "warn")]
    [item] = house.ask(queries.handover)
    assert (item.number, item.text) == ("DM-1", "301 Wang Yaqin: Bath towel")
    house.do(service.see, number=number, remark=" order new ones ")
    found = house.ask(queries.damage, number=number)
    assert (found.seen_by, found.remark) == ("Supervisor", "order new ones")
    assert house.ask(queries.waiting, now=house.now()) == house.ask(queries.handover) == []
    assert [b.count for b in house.ask(queries.badges)] == [0]
    with pytest.raises(Conflict, match="Somebody has seen"):
        house.do(service.see, number=number)


def test_nobody_sees_what_they_charged_themselves(house):
    house.clerk = person(house, "manager")
    number = charge(house)
    with pytest.raises(Refused, match="another leader"):
        house.do(service.see, number=number)
    with pytest.raises(Refused, match="no damage DM-9"):
        house.do(service.see, number=9)


def test_the_database_keeps_a_damage_as_it_was_seen(house):
    number = charge(house)
    house.clerk = person(house, "manager")
    house.do(service.see, number=number)
    for change in ("UPDATE damage SET charged = 1", "DELETE FROM damage"):
        with pytest.raises(DBAPIError, match="frozen"), house.engine.begin() as connection:
            connection.execute(text(change))


# ------------------------------------------------------------------ the price list
def test_the_price_list_is_changed_and_what_was_charged_stays(house):
    number, [item] = charge(house), house.ask(queries.items)
    house.do(service.edit_item, item_id=item.id, name="Towel", price=Money(100), active=False)
    assert house.ask(queries.damage, number=number).what == "Bath towel"
    with pytest.raises(Refused, match="no longer on the price list"):
        charge(house, stay_id=guest_in(house, "302"), item_id=item.id)
    with pytest.raises(Refused, match="a name"):
        house.do(service.add_item, name=" ", price=Money(1))
    with pytest.raises(Refused, match="more than 0"):
        house.do(service.add_item, name="Cup", price=Money(0))
    priced(house)
    with pytest.raises(Conflict, match="this item already"):
        priced(house)


# ------------------------------------------------------------------ what others ask
def test_a_damage_is_found_by_its_number_and_told_in_the_guests_file(house):
    stay = guest_in(house)
    number = charge(house, stay_id=stay)
    [hit] = house.ask(queries.search, text="dm-1")
    assert (hit.title, hit.what) == ("DM-1 301 Wang Yaqin", {"number": number})
    assert house.ask(queries.search, text="DM-2") == house.ask(queries.search, text="1") == []
    [told] = house.ask(kept.kept_of, stay_ids=[stay], line_ids=[], phone="")
    assert [(r["Number"], r["Damaged"], r["Sum charged"]) for r in told.rows] == [
        ("DM-1", "Bath towel", 6000)
    ]
    assert [r.number for r in house.ask(queries.latest)] == [number]
    house.next_day()
    assert house.ask(queries.of_day, business_date=house.house().business_date) == []
