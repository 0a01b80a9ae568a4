"""A plan needs proof that the guest is entitled to it, and every booking and stay says who pays; on both
engines."""

from datetime import timedelta

import pytest

from pms.core.authority import Kind
from pms.core.errors import NeedsApproval, NeedsConfirmation, Refused
from pms.services.authority import queries as authority_queries
from pms.services.guests.person import Person
from pms.services.rates import service as rates
from pms.services.reservations import queries
from pms.services.reservations import service as reservations
from pms.services.reservations.service import Wish
from pms.services.stays import queries as stay_queries
from pms.services.stays import service as stays
from tests.authority.people import person
from tests.builders import TODAY, House
from tests.night_audit.test_checks import find

DAY = timedelta(days=1)


def plan(house: House, kind: str, percent: int = 70, conditions: str = "") -> int:
    return house.do(
        rates.add_plan,
        code=kind[:3],
        name=kind.title(),
        kind=kind,
        base_id=1,
        basis_points=percent * 100,
        conditions=conditions,
    )


def wish(house: House, plan_id: int, **fields) -> Wish:
    return Wish(house.type_id("BIG"), TODAY, TODAY + DAY, plan_id=plan_id, **fields)


def walk_in(house: House, plan_id: int, room: str = "301", **fields) -> int:
    return house.do(
        stays.walk_in,
        room_id=house.room_id(room),
        departure=TODAY + DAY,
        guests=[Person("Wang Yaqin")],
        plan_id=plan_id,
        intent=house.new_intent(),
        **fields,
    )


@pytest.mark.parametrize("kind", ["agreement", "member"])
def test_a_plan_without_proof_needs_authority_wherever_it_is_sold(house, kind):
    cheap = plan(house, kind)
    boss = person(house, "supervisor")
    line = house.book(nights=1)
    number = house.ask(queries.line, line_id=line).number
    house.clerk = person(house, "clerk")
    words = rf"{kind.title()} for .* without proof, 89.00 below list price. Clerk may not do this alone"
    ways = (
        lambda **f: walk_in(house, cheap, **f),
        lambda **f: house.do(reservations.book, guest_name="Li", rooms=[wish(house, cheap)], **f),
        lambda **f: house.do(reservations.add_rooms, number=number, rooms=[wish(house, cheap)], **f),
        lambda **f: house.do(reservations.amend, line_id=line, wish=wish(house, cheap), guest_name="Li", **f),
    )
    for way in ways:
        with pytest.raises(NeedsApproval, match=words):
            way()
    for n, way in enumerate(ways, 1):
        way(approval=boss)
        used = house.ask(authority_queries.uses, business_date=TODAY)
        assert [(u.kind, u.amount, u.by_id) for u in used] == [(Kind.PLAN, 8900, boss.id)] * n
        assert used[-1].line_id is not None


def test_a_change_that_keeps_the_plan_asks_nothing_anew(house):
    cheap = plan(house, "agreement")
    number = house.do(reservations.book, guest_name="Li", rooms=[wish(house, cheap)])
    [line] = house.ask(queries.lines_of, number=number)
    house.clerk = person(house, "clerk")
    house.do(reservations.amend, line_id=line, wish=wish(house, cheap, adults=2), guest_name="Li Na")
    assert house.ask(queries.line, line_id=line).adults == 2


def test_the_condition_of_a_plan_is_read_out_once_while_selling(house):
    early = plan(house, "promotion", 90, "Paid now, not given back")
    house.clerk = person(house, "clerk")
    with pytest.raises(NeedsConfirmation, match="Read out to the guest: Paid now, not given back") as asked:
        walk_in(house, early)
    walk_in(house, early, confirmed=frozenset({asked.value.token}))
    assert "plans" not in find(house)


def test_a_channels_plan_is_proven_by_the_order(house):
    ota = plan(house, "channel", 80)
    house.clerk = person(house, "clerk")
    book = {"guest_name": "Li", "rooms": [wish(house, ota)]}
    for missing in ({}, {"channel": "Ctrip"}, {"reference": "11223"}):
        with pytest.raises(NeedsApproval, match="without proof"):
            house.do(reservations.book, **book, **missing)
    house.do(reservations.book, channel="Ctrip", reference="11223", payer="channel", **book)


def test_the_audit_tells_who_arrived_on_a_plan_without_proof(house):
    cheap, ota = plan(house, "agreement"), plan(house, "channel", 80)
    stay = walk_in(house, cheap)
    walk_in(house, 1, "302")
    number = house.do(
        reservations.book, guest_name="Li", rooms=[wish(house, ota)], channel="Ctrip", reference="11223"
    )
    [line] = house.ask(queries.lines_of, number=number)
    house.do(stays.check_in, line_id=line, room_id=house.room_id("303"), intent="in")
    [found] = find(house)["plans"]
    assert (found.stay_id, found.amount, found.title) == (
        stay,
        8900,
        "301 is sold as Agreement without proof",
    )


# ------------------------------------------------------------------ who pays
@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Guest"),
        ({"payer": "channel", "channel": "Ctrip", "reference": "1"}, "Channel: Ctrip"),
        ({"payer": "company", "company": "Acme"}, "Company: Acme"),
    ],
)
def test_a_booking_and_its_stay_say_who_pays(house, fields, words):
    line = house.book(**fields)
    assert house.ask(queries.line, line_id=line).payer_words == words
    stay = house.do(stays.check_in, line_id=line, room_id=house.room_id("301"), intent="in")
    assert house.ask(stay_queries.stay, stay_id=stay, business_date=TODAY).payer_words == words


def test_who_pays_has_a_name_and_changes_with_the_booking(house):
    line = house.book(nights=1)
    for payer, words in (
        ("channel", "channel pays"),
        ("company", "company pays"),
        ("aunt", "The guest, the"),
    ):
        with pytest.raises(Refused, match=words):
            house.book(payer=payer)
        with pytest.raises(Refused, match=words):
            house.do(reservations.amend, line_id=line, wish=wish(house, 1), guest_name="Li", payer=payer)
    house.do(
        reservations.amend,
        line_id=line,
        wish=wish(house, 1),
        guest_name="Li",
        payer="company",
        company="Acme",
    )
    assert house.ask(queries.line, line_id=line).payer == "company"
    with pytest.raises(Refused, match="company pays"):  # the payer's name is not taken away
        house.do(reservations.amend, line_id=line, wish=wish(house, 1), guest_name="Li", company="")


def test_who_walks_in_pays(house):
    stay = walk_in(house, 1)
    assert house.ask(stay_queries.stay, stay_id=stay, business_date=TODAY).payer_words == "Guest"
