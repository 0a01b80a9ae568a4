"""What every duty has about whom a finding is: each as far as the person may read it. On both engines."""

from datetime import timedelta

import pytest

from pms.core import offers
from pms.core.money import Money
from pms.services.cards import queries as card_queries
from pms.services.cards import service as cards
from pms.services.folios import service as folios
from pms.services.messages import service as messages
from pms.services.night_audit import evidence, queries
from pms.services.night_audit.checks import Finding, Remedy, listed
from pms.services.rooms import service as rooms
from pms.services.stays import service as stays
from pms.services.stays.service import Paid
from pms.services.wake_ups import service as wake_ups
from tests.authority.people import person
from tests.builders import TODAY

DAY = timedelta(days=1)


def told(house, finding):
    """Return what is told about a finding: source, text and tone of how things stand, and what happened."""
    found = house.gather(offers.evidence, about=house.ask(evidence.about, finding=finding))
    stands = [(e.source, e.text, e.tone) for e in sorted(found, key=lambda e: e.place) if not e.past]
    return stands, [(e.source, e.text) for e in sorted(found, key=lambda e: str(e.at)) if e.past]


def finding(house, kind, about=""):
    day = house.house().business_date
    found = house.ask(queries.findings, business_date=day, checks=listed(house.offers))
    return next(f for f in found if f.kind == kind and about in (f.about, ""))


@pytest.fixture
def overstays(house):
    """A guest who was to leave today: moved, with a deposit, minibar, a card, a call and a note."""
    line = house.book("Guo Na", nights=1, phone="13800138000")
    stay = house.do(
        stays.check_in,
        line_id=line,
        room_id=house.room_id("301"),
        deposit=Paid("CASH", Money(40000)),
        intent=house.new_intent(),
    )
    house.do(stays.change_room, stay_id=stay, room_id=house.room_id("302"), reason="noise")
    for card in house.ask(card_queries.to_cut, station=house.station):
        house.do(cards.encoded, card_id=card.id, seen=card.valid_to, uid=f"04{card.id:02}")
    house.do(wake_ups.take, stay_id=stay, day=TODAY + DAY, time="06:30")
    house.do(messages.write, text="asks for an invoice", stay_id=stay)
    house.next_day()
    house.do(folios.charge, stay_id=stay, code="MINIBAR", amount=Money(1200), intent=house.new_intent())
    house.do(rooms.report_seen, room_id=house.room_id("302"), persons=0)
    return stay


def test_what_the_duties_have_of_a_guest_who_overstays(house, overstays):
    stands, past = told(house, finding(house, "departures"))
    assert stands == [
        ("Desk", "in house until 21 Nov, 1 person", "bad"),
        ("Housekeeping", "saw it empty, dirty", "bad"),
        ("Cards", "1 card opens the room until 21 Nov 12:00", ""),
        ("Folio", "owes 310.00", ""),
        ("Deposit", "400.00 held (D-1)", ""),
        ("Phone", "13800138000", ""),
        ("Wake-up calls", "due 21 Nov 06:30", ""),
        ("Handover book", "asks for an invoice", ""),
    ]
    assert ("Desk", "Checked in, 301") in past
    assert ("Desk", "Room change 301 → 302") in past
    assert ("Folio", "Minibar 12.00") in past


def test_a_folio_that_its_deposit_does_not_cover_is_marked(house, overstays):
    house.do(folios.charge, stay_id=overstays, code="MINIBAR", amount=Money(10000), intent=house.new_intent())
    stands, _past = told(house, finding(house, "departures"))
    assert ("Folio", "owes 410.00", "bad") in stands


def test_what_the_bookings_have_of_a_guest_who_has_not_come(house):
    house.book("Late", nights=2, phone="13900139000", remarks="comes by train")
    stands, past = told(house, finding(house, "arrivals"))
    assert [(source, text) for source, text, _tone in stands] == [
        ("Booking", "R-1, Confirmed, 20 Nov to 22 Nov, Queen, held until 18:00"),
        ("Booking", "comes by train"),
        ("Phone", "13900139000"),
    ]
    assert past == [("Booking", "Booked, Confirmed")]


def test_a_room_slept_in_without_a_stay_is_told_by_its_room(house):
    house.do(rooms.report_seen, room_id=house.room_id("304"), persons=2)
    stands, past = told(house, finding(house, "discrepancies"))
    assert stands == [
        ("Desk", "nobody in house", ""),
        ("Housekeeping", "saw 2 persons, clean", "bad"),
        ("Cards", "no card opens the room", ""),
    ]
    assert past == [("Room", "Added to the house")]


def test_nobody_is_told_what_the_role_may_not_read(house, overstays):
    about = house.ask(evidence.about, finding=finding(house, "departures"))
    assert (about.stay_id, about.room_id) == (overstays, house.room_id("302"))
    house.clerk = person(house, "housekeeping")
    found = house.gather(offers.evidence, about=about)
    assert {e.source for e in found} == {"Housekeeping", "Handover book"}


def test_of_the_whole_house_there_is_nobody_to_tell_of(house):
    house.book("Before it")
    shift = Finding("gaps:1", "Numbers are missing", "", Money(0), Remedy("Open", "shifts"))
    assert not house.ask(evidence.about, finding=shift).anybody


def test_who_did_it_is_named(house):
    auditor = person(house, "auditor")
    assert house.ask(evidence.names, numbers=[auditor.id, 999]) == {auditor.id: "Auditor"}
